//! The records that follow from a matter: what the journal is to hold of it. Nobody enters them a second time.

use std::collections::BTreeMap;

use giaouoc_agreement::text::Text;

use crate::matter::{Joined, Matter};
use crate::sort::{Part, Rec, Sort};

/// A record, in the text forms of its kind's columns; a column that is blank is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its key.
    pub key: String,
    /// The unit in whose figures it counts.
    pub unit: String,
    /// Its columns but key and unit.
    pub columns: BTreeMap<String, String>,
}

/// The records of a matter: none before the step from which on there is one, and none of a matter that was withdrawn.
/// `event` gives the name of a day of the calendar.
pub fn rows(sort: &Sort, matter: &Matter, event: &dyn Fn(&str) -> Option<Text>) -> Vec<Row> {
    let Some(record) = &sort.record else { return Vec::new() };
    if matter.gone || !reached(sort, matter, record) {
        return Vec::new();
    }
    let row = |key: String, unit: &str, joined: Option<&Joined>| {
        let columns = record.columns.iter();
        let columns =
            columns.map(|(column, source)| (column.clone(), value(sort, matter, source, joined, event)));
        Row { key, unit: unit.to_owned(), columns: columns.collect() }
    };
    if record.each.is_none() {
        return vec![row(matter.code.clone(), &matter.unit, None)];
    }
    // Units of other clusters have journals of their own; here only the cluster's.
    let own = matter.with().filter(|joined| joined.cluster.is_none());
    let mut rows = vec![row(key(matter, &matter.unit), &matter.unit, None)];
    rows.extend(own.map(|joined| row(key(matter, &joined.unit), &joined.unit, Some(joined))));
    rows
}

/// The keys of all records that a matter may ever have had: those that are not among its rows any more are to be withdrawn.
pub fn keys(sort: &Sort, matter: &Matter) -> Vec<String> {
    match sort.record.as_ref().map(|record| record.each) {
        None => Vec::new(),
        Some(None) => vec![matter.code.clone()],
        Some(Some(_)) => {
            let own = matter.joined.iter().filter(|joined| joined.cluster.is_none());
            let units = own.map(|joined| joined.unit.as_str());
            std::iter::once(matter.unit.as_str()).chain(units).map(|unit| key(matter, unit)).collect()
        }
    }
}

/// The key of one unit's record of a matter with several.
fn key(matter: &Matter, unit: &str) -> String {
    let short = unit.rsplit('.').next().unwrap_or(unit);
    format!("{}-{short}", matter.code)
}

fn reached(sort: &Sort, matter: &Matter, record: &Rec) -> bool {
    // Steps stand in the order in which they follow: a later one says that the earlier ones happened or were not needed.
    let place = |id: &str| sort.steps.iter().position(|step| step.id == id);
    let from = place(&record.from);
    let on_the_way =
        |step: &str| sort.step(step).is_some_and(|step| !(step.aside || step.closes && step.note));
    matter.taken.iter().any(|taken| on_the_way(&taken.step) && place(&taken.step) >= from)
}

fn value(
    sort: &Sort,
    matter: &Matter,
    source: &str,
    joined: Option<&Joined>,
    event: &dyn Fn(&str) -> Option<Text>,
) -> String {
    let (what, id) = source.split_once(':').unwrap_or((source, ""));
    let held = || matter.fields.get(id).cloned().unwrap_or_default();
    let adopters = sort.record.as_ref().and_then(|record| record.each) == Some(Part::Adopters);
    match what {
        // A text of several lines is one line in a record.
        "field" => held().split_whitespace().collect::<Vec<_>>().join(" "),
        "event" => event(&held()).map(|name| name.vi).unwrap_or_default(),
        "day" => matter.day_of(id).unwrap_or_default().to_owned(),
        "word" => id.to_owned(),
        "count" => match id {
            "questions" => matter.questions.to_string(),
            "answered" => matter.answered.to_string(),
            _ => matter.with().count().to_string(),
        },
        "role" => match joined {
            None => "host",
            Some(_) if adopters => "adopter",
            Some(_) => "guest",
        }
        .to_owned(),
        "number" => match joined {
            None => matter.fields.get("participants").cloned().unwrap_or_default(),
            Some(joined) => joined.number.map(|number| number.to_string()).unwrap_or_default(),
        },
        "adopted" => joined.map(|joined| joined.day.clone()).unwrap_or_default(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matter::Taken;
    use crate::sort::find;

    fn matter(steps: &[(&str, &str)], fields: &[(&str, &str)]) -> Matter {
        Matter {
            code: "X-1".into(),
            unit: "H26.VD1".into(),
            fields: fields.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect(),
            taken: steps
                .iter()
                .map(|(step, day)| Taken { step: (*step).into(), day: (*day).into() })
                .collect(),
            ..Matter::default()
        }
    }

    fn none(_: &str) -> Option<Text> {
        None
    }

    #[test]
    fn a_dialogue_has_a_record_from_its_notice_on() {
        let sort = find("dialogue").unwrap();
        let mut dialogue = matter(&[], &[("place", "Hội trường"), ("attendees", "64")]);
        assert_eq!(rows(sort, &dialogue, &none), []);
        dialogue = matter(&[("announce", "2020-07-01")], &[("place", "Hội trường")]);
        let found = &rows(sort, &dialogue, &none)[0];
        assert_eq!((found.key.as_str(), found.unit.as_str()), ("X-1", "H26.VD1"));
        assert_eq!(
            (found.columns["notice_on"].as_str(), found.columns["held_on"].as_str()),
            ("2020-07-01", "")
        );
        dialogue.taken.push(Taken { step: "hold".into(), day: "2020-07-15".into() });
        (dialogue.questions, dialogue.answered) = (3, 1);
        let found = &rows(sort, &dialogue, &none)[0].columns;
        assert_eq!(
            (found["held_on"].as_str(), found["questions"].as_str(), found["answered"].as_str()),
            ("2020-07-15", "3", "1")
        );
        // One that was called off keeps the notice that was given, and was not held.
        let called_off = matter(&[("announce", "2020-07-01"), ("cancel", "2020-07-10")], &[]);
        assert_eq!(rows(sort, &called_off, &none)[0].columns["held_on"], "");
        dialogue.gone = true;
        assert_eq!(rows(sort, &dialogue, &none), []);
    }

    #[test]
    fn an_exchange_has_one_record_for_each_unit_that_said_yes() {
        let sort = find("exchange").unwrap();
        let mut exchange = matter(
            &[("invite", "2020-08-01")],
            &[("activity", "Hội thao"), ("subject", "sport"), ("participants", "20")],
        );
        let joined = |unit: &str, yes, number| Joined {
            unit: unit.into(),
            yes,
            number,
            day: "2020-08-05".into(),
            ..Joined::default()
        };
        exchange.joined = vec![joined("H26.VD5", true, Some(15)), joined("H26.VD6", false, None)];
        assert_eq!(rows(sort, &exchange, &none), []);
        exchange.taken.push(Taken { step: "hold".into(), day: "2020-09-19".into() });
        let found = rows(sort, &exchange, &none);
        assert_eq!(keys(sort, &exchange), ["X-1-VD1", "X-1-VD5", "X-1-VD6"]);
        let said = |row: &Row| {
            (
                row.key.clone(),
                row.unit.clone(),
                row.columns["role"].clone(),
                row.columns["participants"].clone(),
            )
        };
        let text = |one: &str, two: &str, three: &str, four: &str| {
            (one.to_owned(), two.to_owned(), three.to_owned(), four.to_owned())
        };
        assert_eq!(
            found.iter().map(said).collect::<Vec<_>>(),
            [text("X-1-VD1", "H26.VD1", "host", "20"), text("X-1-VD5", "H26.VD5", "guest", "15")]
        );
    }

    #[test]
    fn a_model_names_who_took_it_up_and_when_but_not_those_of_other_clusters() {
        let sort = find("model").unwrap();
        let mut model = matter(&[("show", "2020-10-06")], &[("name", "Phiếu hẹn điện tử")]);
        model.joined = vec![
            Joined { unit: "H26.VD3".into(), yes: true, day: "2020-11-02".into(), ..Joined::default() },
            Joined { unit: "X".into(), cluster: Some("cum-vii".into()), yes: true, ..Joined::default() },
        ];
        let found = rows(sort, &model, &none);
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[1].columns["role"].as_str(), found[1].columns["adopted_on"].as_str()),
            ("adopter", "2020-11-02")
        );
        assert_eq!(
            (found[0].columns["role"].as_str(), found[0].columns["subject"].as_str()),
            ("host", "model")
        );
    }

    #[test]
    fn an_initiative_that_was_not_registered_has_no_record() {
        let sort = find("initiative").unwrap();
        let declined = matter(&[("propose", "2020-02-01"), ("decline", "2020-03-01")], &[("title", "A")]);
        assert_eq!(rows(sort, &declined, &none), []);
        let registered = matter(&[("propose", "2020-02-01"), ("register", "2020-03-01")], &[("title", "A")]);
        assert_eq!(rows(sort, &registered, &none).len(), 1);
    }

    #[test]
    fn a_task_names_the_day_that_it_honours() {
        let sort = find("task").unwrap();
        let task = matter(
            &[("assign", "2020-07-01")],
            &[("in_honour_of", "thu-do"), ("content", "Số hóa\n 5.000 hồ sơ")],
        );
        let event = |id: &str| (id == "thu-do").then(|| Text::new("Ngày giải phóng Thủ đô", "x"));
        let found = &rows(sort, &task, &event)[0].columns;
        assert_eq!(found["in_honour_of"], "Ngày giải phóng Thủ đô");
        assert_eq!(found["content"], "Số hóa 5.000 hồ sơ");
    }
}
