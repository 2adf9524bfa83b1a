//! Two texts beside each other: what was taken out, what was put in (*so sánh hai bản dự thảo*), by clause and by rule.

use giaouoc_agreement::agreement_file::charter::points_shown;
use giaouoc_agreement::text::{Lang, Text};
use similar::{ChangeTag, TextDiff};

use crate::paper::{Line, Paper};

/// A piece of a text against another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only in the earlier one.
    Out(String),
    /// Only in the later one.
    In(String),
}

/// What became of a clause or a target from one draft to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stands as it was.
    Same,
    /// It says something else.
    Changed,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
}

/// A clause, a target or another part against itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where: `clause:2.2`, `target:on-time`, `frame`.
    pub place: String,
    /// What it is called.
    pub name: Text,
    /// What became of it.
    pub fate: Fate,
    /// Each of its texts that differs: what it is, and the pieces.
    pub parts: Vec<(Text, Vec<Piece>)>,
}

/// The pieces of two texts, word by word.
pub fn pieces(before: &str, after: &str) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::new();
    let changes = TextDiff::from_words(before, after);
    for change in changes.iter_all_changes() {
        let text = change.value();
        match (change.tag(), all.last_mut()) {
            (ChangeTag::Equal, Some(Piece::Same(last)))
            | (ChangeTag::Delete, Some(Piece::Out(last)))
            | (ChangeTag::Insert, Some(Piece::In(last))) => last.push_str(text),
            (ChangeTag::Equal, _) => all.push(Piece::Same(text.to_owned())),
            (ChangeTag::Delete, _) => all.push(Piece::Out(text.to_owned())),
            (ChangeTag::Insert, _) => all.push(Piece::In(text.to_owned())),
        }
    }
    all
}

/// Two drafts against each other, in the order of the later one; what is gone stands where its clause stood, at the end.
pub fn compare(before: &Paper, after: &Paper, lang: Lang) -> Vec<Row> {
    let mut rows = vec![row(
        "frame".to_owned(),
        Text::new("Phần chung", "The frame"),
        frame(before, lang),
        frame(after, lang),
    )];
    for clause in &after.clauses {
        let of = |paper: &Paper| paper.clause(&clause.number).map(|clause| clause_texts(clause, lang));
        let name = Text::new(format!("Khoản {}", clause.number), format!("Clause {}", clause.number));
        rows.push(fated(format!("clause:{}", clause.number), name, of(before), of(after)));
        for line in after.of_clause(&clause.number) {
            let of = |paper: &Paper| paper.target(&line.id).map(|line| rule_texts(line, lang));
            rows.push(fated(format!("target:{}", line.id), line.name.clone(), of(before), of(after)));
        }
    }
    let gone = before.clauses.iter().filter(|clause| after.clause(&clause.number).is_none());
    for clause in gone {
        let name = Text::new(format!("Khoản {}", clause.number), format!("Clause {}", clause.number));
        rows.push(fated(format!("clause:{}", clause.number), name, Some(clause_texts(clause, lang)), None));
    }
    for line in before.targets.iter().filter(|line| after.target(&line.id).is_none()) {
        rows.push(fated(
            format!("target:{}", line.id),
            line.name.clone(),
            Some(rule_texts(line, lang)),
            None,
        ));
    }
    rows
}

type Texts = Vec<(Text, String)>;

fn fated(place: String, name: Text, before: Option<Texts>, after: Option<Texts>) -> Row {
    match (before, after) {
        (Some(before), Some(after)) => row(place, name, before, after),
        (None, Some(after)) => Row { fate: Fate::Added, ..row(place, name, Vec::new(), after) },
        (Some(before), None) => Row { fate: Fate::Removed, ..row(place, name, before, Vec::new()) },
        (None, None) => Row { place, name, fate: Fate::Same, parts: Vec::new() },
    }
}

fn row(place: String, name: Text, before: Texts, after: Texts) -> Row {
    let mut names: Vec<&Text> = after.iter().map(|(name, _)| name).collect();
    names.extend(
        before.iter().map(|(name, _)| name).filter(|name| !after.iter().any(|(other, _)| other == *name)),
    );
    let of = |texts: &Texts, name: &Text| {
        texts.iter().find(|(found, _)| found == name).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let parts: Vec<(Text, Vec<Piece>)> = names
        .into_iter()
        .map(|name| (name, of(&before, name), of(&after, name)))
        .filter(|(_, before, after)| before != after)
        .map(|(name, before, after)| (name.clone(), pieces(&before, &after)))
        .collect();
    let fate = if parts.is_empty() { Fate::Same } else { Fate::Changed };
    Row { place, name, fate, parts }
}

fn clause_texts(clause: &crate::paper::Clause, lang: Lang) -> Texts {
    let report = if clause.report {
        Text::new("trả lời bằng báo cáo ngắn", "answered by a short report")
    } else {
        Text::default()
    };
    vec![
        (Text::new("lời văn", "words"), clause.text.get(lang).to_owned()),
        (Text::new("cách trả lời", "how it is answered"), report.get(lang).to_owned()),
    ]
}

fn rule_texts(line: &Line, lang: Lang) -> Texts {
    let maybe = |text: &Option<Text>| text.as_ref().map(|text| text.get(lang).to_owned()).unwrap_or_default();
    let mut texts = vec![
        (Text::new("tên", "name"), line.name.get(lang).to_owned()),
        (Text::new("mục tiêu", "goal"), line.goal.get(lang).to_owned()),
        (Text::new("tỷ lệ đơn vị", "share of units"), maybe(&line.units_goal)),
        (Text::new("đánh giá", "judged"), line.judged.get(lang).to_owned()),
        (Text::new("đơn vị áp dụng", "units"), line.units.join(", ")),
        (Text::new("ghi chú", "remark"), maybe(&line.note)),
    ];
    texts.extend(line.rule.iter().cloned());
    for (day, goal, rule) in &line.later {
        texts.push((Text::new(format!("từ {day}"), format!("from {day}")), goal.get(lang).to_owned()));
        texts.extend(rule.iter().map(|(name, text)| {
            (Text::new(format!("từ {day}: {}", name.vi), format!("from {day}: {}", name.en)), text.clone())
        }));
    }
    texts
}

fn frame(paper: &Paper, lang: Lang) -> Texts {
    let lines =
        |texts: &[Text]| texts.iter().map(|text| text.get(lang).to_owned()).collect::<Vec<_>>().join("\n");
    let events = paper.events.iter().map(|(name, day)| format!("{day}: {}", name.get(lang)));
    let score = paper.score.iter().flat_map(|score| {
        let lines = score.lines.iter().map(|(about, points, way)| {
            format!("{about}: {} · {}", points_shown(*points, lang), way.get(lang))
        });
        let extras = |sign: &'static str, list: &[(Text, i64)]| {
            list.iter()
                .map(|(name, points)| format!("{sign}{} {}", points_shown(*points, lang), name.get(lang)))
                .collect::<Vec<_>>()
        };
        lines.chain(extras("+", &score.bonuses)).chain(extras("-", &score.deductions)).collect::<Vec<_>>()
    });
    let exempt =
        paper.exemptions.iter().map(|(unit, target, why)| format!("{unit} {target}: {}", why.get(lang)));
    let regulation = paper.regulation.iter().map(|(number, text)| format!("{number}. {}", text.get(lang)));
    vec![
        (Text::new("tên giao ước", "title"), paper.title.get(lang).to_owned()),
        (
            Text::new("chủ đề", "theme"),
            paper.theme.as_ref().map(|text| text.get(lang).to_owned()).unwrap_or_default(),
        ),
        (Text::new("bối cảnh", "context"), lines(&paper.context)),
        (Text::new("căn cứ", "legal bases"), lines(&paper.bases)),
        (Text::new("sự kiện", "events"), events.collect::<Vec<_>>().join("\n")),
        (Text::new("tính từ ngày", "counts from"), paper.counts_from.clone().unwrap_or_default()),
        (Text::new("miễn", "exemptions"), exempt.collect::<Vec<_>>().join("\n")),
        (Text::new("bảng điểm", "score table"), score.collect::<Vec<_>>().join("\n")),
        (Text::new("quy chế", "regulation"), regulation.collect::<Vec<_>>().join("\n")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::Clause;

    #[test]
    fn the_pieces_make_up_both_texts_again() {
        let cases = [
            ("Tối thiểu 95% hồ sơ đúng hạn.", "Tối thiểu 97% hồ sơ đúng hạn và trước hạn."),
            ("", "mới"),
            ("cũ", ""),
            ("như nhau", "như nhau"),
            ("a  b\nc", "a b\nc d"),
        ];
        for (before, after) in cases {
            let pieces = pieces(before, after);
            let keep = |drop: fn(&Piece) -> bool| {
                let kept = pieces.iter().filter(|piece| !drop(piece)).map(|piece| match piece {
                    Piece::Same(text) | Piece::Out(text) | Piece::In(text) => text.as_str(),
                });
                kept.collect::<String>()
            };
            assert_eq!(keep(|piece| matches!(piece, Piece::In(_))), before);
            assert_eq!(keep(|piece| matches!(piece, Piece::Out(_))), after);
        }
        assert!(matches!(&pieces("như nhau", "như nhau")[..], [Piece::Same(_)]));
    }

    #[test]
    fn clauses_and_rules_are_told_apart_and_what_is_gone_is_shown() {
        let clause = |number: &str, text: &str| Clause {
            number: number.into(),
            text: Text::same(text),
            report: false,
        };
        let line = |id: &str, goal: &str, rule: &str| Line {
            id: id.into(),
            clause: "1".into(),
            goal: Text::same(goal),
            rule: vec![(Text::same("counted"), rule.into())],
            ..Line::default()
        };
        let before = Paper {
            clauses: vec![clause("1", "một"), clause("2", "hai")],
            targets: vec![line("a", ">= 95 %", "x in period"), line("b", ">= 1", "y")],
            ..Paper::default()
        };
        let after = Paper {
            clauses: vec![clause("1", "một"), clause("3", "ba")],
            targets: vec![line("a", ">= 97 %", "x in period and z"), line("c", ">= 1", "y")],
            ..Paper::default()
        };
        let rows = compare(&before, &after, Lang::Vi);
        let fates: Vec<(&str, Fate)> = rows.iter().map(|row| (row.place.as_str(), row.fate)).collect();
        assert_eq!(
            fates,
            [
                ("frame", Fate::Same),
                ("clause:1", Fate::Same),
                ("target:a", Fate::Changed),
                ("target:c", Fate::Added),
                ("clause:3", Fate::Added),
                ("clause:2", Fate::Removed),
                ("target:b", Fate::Removed),
            ]
        );
        assert_eq!(rows[2].parts.len(), 2, "the goal and the rule, and nothing that stayed");
        assert_eq!(compare(&after, &after, Lang::En).iter().filter(|row| row.fate != Fate::Same).count(), 0);
    }
}
