//! Rows that name a unit nobody knows. Intake rejects them; here they are gathered by the name they give.

use std::collections::BTreeMap;

use giaouoc_agreement::cluster::Cluster;
use giaouoc_agreement::text::Text;
use giaouoc_intake::Reject;

use super::finding::{Example, Finding, Tally};

/// Different names that are kept; a column that was mapped wrongly must not fill the memory.
const KEPT: usize = 1000;

/// Names by kind, each with the file it was first seen in and how often.
#[derive(Clone, Debug, Default)]
pub struct Strangers {
    names: BTreeMap<String, BTreeMap<String, (String, u64)>>,
    /// Rows of names beyond those kept.
    more: BTreeMap<String, u64>,
}

impl Strangers {
    /// Looks at a rejected row.
    pub fn reject(&mut self, kind: &str, file: &str, reject: &Reject) {
        for cell in reject.cells.iter().filter(|cell| cell.reason.code == "unknown-unit") {
            let names = self.names.entry(kind.to_owned()).or_default();
            if names.len() >= KEPT && !names.contains_key(&cell.value) {
                *self.more.entry(kind.to_owned()).or_default() += 1;
                continue;
            }
            names.entry(cell.value.clone()).or_insert_with(|| (file.to_owned(), 0)).1 += 1;
        }
    }

    /// What is to be asked.
    pub fn findings(self, examples: usize, cluster: &Cluster) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (kind, names) in self.names {
            let mut tally = Tally::default();
            let mut names: Vec<_> = names.into_iter().collect();
            // The most frequent first.
            names.sort_by_key(|(_, (_, count))| std::cmp::Reverse(*count));
            for (name, (file, count)) in names {
                tally.add(None, count);
                let evidence = vec![Text::new(
                    format!("{count} dòng, trước hết trong {file}"),
                    format!("{count} rows, first in {file}"),
                )];
                let name: String = name.chars().filter(|character| !character.is_control()).collect();
                let example = Example { key: Some(name), evidence, sides: None };
                tally.example_for(None, examples, example, count);
            }
            tally.add(None, self.more.get(&kind).copied().unwrap_or(0));
            let question = Text::new(
                "Dòng nêu đơn vị không có trong cluster.toml. Đơn vị nào, tên khác của ai?",
                "Rows name a unit that is not in cluster.toml. Which unit is it, whose other name?",
            );
            findings.extend(tally.finding("unknown-unit", Some(&kind), question, cluster).map(|found| {
                found.help(
                    "Thêm [[alias]] cho tên khác, hoặc values trong tệp ánh xạ, rồi nạp lại các dòng bị từ chối.",
                    "Add an [[alias]] for another name, or values in the mapping, and load the rejected rows again.",
                )
            }));
        }
        findings
    }
}
