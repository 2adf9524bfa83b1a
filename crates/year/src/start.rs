//! What a draft begins as: the article's agreement as a template, or an empty page.

use giaouoc_agreement::text::Text;
use toml_edit::{Item, Value, value};

use crate::drafting::{Changed, Words, parse};
use crate::next_year;

/// The agreement of Hà Nội's Cluster VI of 2020, as the example has it; the template takes its words, not its records.
const ARTICLE: &str = include_str!("../../../examples/ha-noi-cum-vi-2020/agreement.toml");
/// Its year.
const ARTICLE_YEAR: i64 = 2020;

/// The article's clauses and seven targets as a draft of a cluster and a year. Who is exempt there is not taken over.
///
/// # Errors
/// When the template that comes with the program cannot be read.
pub fn article(id: &str, cluster: &Text, year: i64) -> Changed {
    let text = next_year::agreement(ARTICLE, ARTICLE_YEAR, year)?;
    let mut document = parse(&text)?;
    document.insert("id", value(id));
    document.insert("title", Item::Value(title(cluster, year).item()));
    document.remove("exemption");
    Ok(document.to_string())
}

/// An empty page.
pub fn empty(id: &str, cluster: &Text, year: i64) -> String {
    format!(
        "format      = 1\nid          = {}\nyear        = {year}\ntitle       = {}\nstatus      = \"draft\"\ncounts_from = {year:04}-01-01\n",
        Value::from(id),
        title(cluster, year).value(),
    )
}

fn title(cluster: &Text, year: i64) -> Words {
    Words::new(
        format!("Giao ước thi đua năm {year}, {}", cluster.vi),
        format!("Emulation agreement {year}, {}", cluster.en),
    )
}
