//! Drafts without bundles, for tests of pages: clauses and names of targets are read, nothing else is checked.

use giaouoc_agreement::text::Text;
use giaouoc_web::drafting::{Checked, Drafting, Mistake, Opened};
use giaouoc_year::paper::{Clause, Line, Paper, Signer};

/// Reads drafts of a cluster of two units.
pub struct InMemory;

/// The agreement as it stands.
pub const TEXT: &str = "format = 1\nid = \"six-2020\"\nyear = 2020\ntitle = \"Giao ước\"\nstatus = \"draft\"\n\n[[clause]]\nnumber = \"1\"\ntext = \"Thi đua\"\nreport = true\n";

impl Drafting for InMemory {
    fn text(&self, _: &str) -> Result<String, Text> {
        Ok(TEXT.to_owned())
    }

    fn check(&self, _: &str, text: &str) -> Result<Checked, Text> {
        let Ok(table) = toml::from_str::<toml::Table>(text) else {
            let mistake = Mistake {
                grave: true,
                severity: "error".into(),
                code: "syntax".into(),
                file: "agreement.toml".into(),
                line: 3,
                column: 7,
                message: Text::new("viết sai", "mistaken"),
                help: None,
            };
            return Ok(Checked { problems: vec![mistake], ..Checked::default() });
        };
        let clauses = table.get("clause").and_then(|clauses| clauses.as_array()).cloned().unwrap_or_default();
        let said = |clause: &toml::Value, key: &str| {
            clause.get(key).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
        };
        let clauses: Vec<Clause> = clauses
            .iter()
            .map(|clause| Clause {
                number: said(clause, "number"),
                text: Text::same(said(clause, "text")),
                report: clause.get("report").and_then(toml::Value::as_bool).unwrap_or(false),
            })
            .collect();
        let targets = table.get("target").and_then(|targets| targets.as_array()).cloned().unwrap_or_default();
        let targets = targets.iter().map(|target| Line {
            id: said(target, "id"),
            clause: said(target, "clause"),
            name: Text::same(said(target, "name")),
            ..Line::default()
        });
        let unit = |code: &str, name: &str| Signer {
            code: code.into(),
            name: Text::same(name),
            short: Text::same(name),
        };
        let paper = Paper {
            title: Text::same(table["title"].as_str().unwrap_or_default()),
            digest: super::digest(text),
            targets: targets.collect(),
            clauses,
            units: vec![unit("one", "Đơn vị một"), unit("two", "Đơn vị hai")],
            ..Paper::default()
        };
        Ok(Checked { paper: Some(paper), ..Checked::default() })
    }

    fn open_year(&self, _: &str, _: Option<String>) -> Result<Opened, Text> {
        Ok(Opened {
            slug: "six-2021".into(),
            name: Text::new("Cụm sáu", "Cluster six"),
            year: 2021,
            text: TEXT.into(),
        })
    }
}
