//! Changes of how a cluster is set up, by form: the text is changed, the bundle's own check looks at it before anything is written,
//! then the file and the journal's entry follow. Like the command line: what breaks the bundle is refused in the same words.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use giaouoc_agreement::problem::Severity;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_web::digest;
use giaouoc_web::registry::{Change, DayChange, Refused};
use giaouoc_worktime::time::Day;
use giaouoc_worktime::{Calendar, CalendarSet};
use giaouoc_year::drafting::Words;
use giaouoc_year::registering::{self, MemberForm, UnitForm};

use crate::bundle;
use crate::fault::Fault;
use crate::journal::commands::writable;
use crate::journal::{adopt, signed};
use crate::progress::Progress;
use crate::serve::nil::replace;
use crate::serve::work::{Worker, said};

/// The file that says who is in a cluster, and the one of its working days.
pub(super) const CLUSTER: &str = "cluster.toml";
pub(super) const CALENDAR: &str = "calendar.toml";

/// More days than these are not listed one by one.
const MOST: usize = 400;

/// SHA-256 of the texts that a change begins from.
pub(super) fn seen(texts: &BTreeMap<String, Vec<u8>>) -> String {
    let of = |file: &str| texts.get(file).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    digest(&format!("{}\n{}", of(CLUSTER).unwrap_or_default(), of(CALENDAR).unwrap_or_default()))
}

/// What the command line's check says of a bundle with another text in it; nothing wrong, and it may be written.
fn checked(dir: &Path, file: &str, text: &str) -> Result<bundle::Read, Refused> {
    let read = bundle::read_as(dir, file, text).map_err(|fault| failed(&fault))?;
    let wrong = read.problems.iter().filter(|problem| problem.severity == Severity::Error);
    let wrong: Vec<(String, Text)> =
        wrong.map(|problem| (problem.code.to_owned(), problem.message.clone())).collect();
    if wrong.is_empty() { Ok(read) } else { Err(Refused::Wrong(wrong)) }
}

fn failed(fault: &Fault) -> Refused {
    match fault {
        Fault::System(text) => Refused::Failed(text.en.clone()),
        fault => Refused::Wrong(vec![("bundle".to_owned(), said(fault))]),
    }
}

/// Makes a change. The file is written whole or not at all; what the journal does not take is taken out again.
pub(super) fn change(
    dir: &Path,
    change: &Change,
    seen_before: &str,
    by: &str,
    why: &str,
) -> Result<(), Refused> {
    let now = bundle::read(dir).map_err(|fault| failed(&fault))?;
    if seen(&now.opened.texts) != seen_before {
        return Err(Refused::Changed);
    }
    let file = if matches!(change, Change::Calendar { .. }) { CALENDAR } else { CLUSTER };
    let path = dir.join(file);
    let before = fs::read_to_string(&path).map_err(|error| Refused::Failed(error.to_string()))?;
    let after = changed(&before, change).map_err(|text| Refused::Wrong(vec![("form".to_owned(), text)]))?;
    if after == before {
        return Ok(());
    }
    checked(dir, file, &after)?;
    replace(&path, &after).map_err(|fault| failed(&fault))?;
    let recorded = writable(dir).and_then(|loaded| {
        let signed = signed(Some(by), Some(why));
        let screen = Worker::screen(Lang::Vi);
        adopt::bring_up(&loaded, dir, None, &signed, false, &Progress::new(&screen), &mut |_, _| Ok(()))
    });
    if let Err(fault) = recorded {
        replace(&path, &before).map_err(|fault| failed(&fault))?;
        return Err(failed(&fault));
    }
    Ok(())
}

fn changed(before: &str, change: &Change) -> Result<String, Text> {
    let words = |text: &Text| Words::new(text.vi.clone(), text.en.clone());
    match change {
        Change::Succession { unit, into, on } => registering::set_succession(before, unit, into, on),
        Change::Membership { unit, at, role, from, to } => {
            let form =
                MemberForm { unit: unit.clone(), role: role.clone(), from: from.clone(), to: to.clone() };
            registering::set_membership(before, *at, &form)
        }
        Change::Aliases { unit, names } => registering::set_aliases(before, unit, names),
        Change::Unit { code, name, short, from } => {
            let form =
                UnitForm { code: code.clone(), name: words(name), short: words(short), from: from.clone() };
            registering::add_unit(before, &form)
        }
        Change::Calendar { text } => Ok(text.clone()),
    }
}

/// The days that another `calendar.toml` sees differently, everybody's first.
pub(super) fn days(dir: &Path, text: &str) -> Result<Vec<DayChange>, Refused> {
    let then = checked(dir, CALENDAR, text)?;
    let now = bundle::read(dir).map_err(|fault| failed(&fault))?;
    let (Some((_, now)), Some((_, then))) = (now.bundle, then.bundle) else {
        return Err(Refused::Failed("a bundle that cannot be read".to_owned()));
    };
    Ok(differences(&now, &then))
}

fn differences(now: &CalendarSet, then: &CalendarSet) -> Vec<DayChange> {
    let mut found = between(None, &now.default, &then.default);
    let units: std::collections::BTreeSet<&String> = now.by_unit.keys().chain(then.by_unit.keys()).collect();
    for unit in units {
        found.extend(between(Some(unit), now.unit(unit), then.unit(unit)));
    }
    found.truncate(MOST);
    found
}

fn between(unit: Option<&String>, now: &Calendar, then: &Calendar) -> Vec<DayChange> {
    let covers = [now.coverage(), then.coverage()].into_iter().flatten();
    let (first, last) =
        covers.fold((Day::MAX, Day::MIN), |(first, last), (from, to)| (first.min(from), last.max(to)));
    let mut found = Vec::new();
    let mut day = first;
    while day <= last {
        let (one, other) = (told(now, day), told(then, day));
        if one != other {
            found.push(DayChange { unit: unit.cloned(), day: day.to_string(), now: one, then: other });
        }
        let Ok(next) = day.add_days(1) else { break };
        day = next;
    }
    found
}

/// What a calendar says of a day: its hours, and why it is not as its weekday.
fn told(calendar: &Calendar, day: Day) -> Text {
    let Ok(hours) = calendar.hours(day) else {
        return Text::new("chưa có trong lịch", "not in the calendar");
    };
    let hours = hours.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let (vi, en) = if hours.is_empty() { ("nghỉ", "off") } else { ("làm việc", "working") };
    let name = calendar.note(day).map(|note| (note.name.vi.clone(), note.name.en.clone()));
    let line = |word: &str, name: Option<&String>| {
        let parts = [Some(word.to_owned()), Some(hours.clone()), name.cloned()];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    };
    Text::new(line(vi, name.as_ref().map(|name| &name.0)), line(en, name.as_ref().map(|name| &name.1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/ha-noi-cum-vi-2020");
        for file in ["cluster.toml", "agreement.toml", "calendar.toml", "reports.toml"] {
            if from.join(file).exists() {
                fs::copy(from.join(file), dir.path().join(file)).unwrap();
            }
        }
        // Without its records: what is looked at here is the set-up.
        let path = dir.path().join(CLUSTER);
        let text = fs::read_to_string(&path).unwrap();
        let text = text.split("[[file]]").next().unwrap().to_owned();
        fs::write(path, text).unwrap();
        dir
    }

    fn looked(dir: &Path) -> String {
        seen(&bundle::read(dir).unwrap().opened.texts)
    }

    #[test]
    fn a_change_is_checked_written_and_recorded_or_nothing_is() {
        let dir = bundle();
        let path = dir.path().join(CLUSTER);
        let before = fs::read_to_string(&path).unwrap();
        let first = looked(dir.path());
        let merge = |into: &str| Change::Succession {
            unit: "H26.VD3".into(),
            into: into.into(),
            on: "2020-10-01".into(),
        };
        // What breaks the bundle is refused in the words of its check, and the file stays.
        let refused = change(dir.path(), &merge("H26.XX"), &first, "Bà Ban", "QĐ 1").unwrap_err();
        let Refused::Wrong(why) = refused else { panic!("{refused:?}") };
        assert!(why.iter().any(|(_, text)| text.vi.contains("H26.XX")), "{why:?}");
        let itself = change(dir.path(), &merge("H26.VD3"), &first, "Bà Ban", "QĐ 1").unwrap_err();
        assert!(matches!(itself, Refused::Wrong(why) if why[0].0 == "successor-loop"));
        assert_eq!(fs::read_to_string(&path).unwrap(), before);
        change(dir.path(), &merge("H26.VD2"), &first, "Bà Ban", "QĐ 1").unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.contains("successor = \"H26.VD2\"") && text.contains("# Thứ tự đơn vị như bài báo liệt kê.")
        );
        let loaded = bundle::load(dir.path()).unwrap();
        let journal = loaded.journal.expect("the change is in the journal").journal;
        assert!(journal.head() > 0);
        // Whoever looked before somebody else's change looks again.
        let late = change(dir.path(), &merge("H26.VD1"), &first, "Ông Ban", "QĐ 2").unwrap_err();
        assert_eq!(late, Refused::Changed);
        // A membership on days on which the unit is no more, and the same role twice.
        for (from, to, code) in [
            ("2020-11-01", "2020-12-01", "unit-not-existing"),
            ("2020-02-01", "2020-03-01", "overlapping-membership"),
        ] {
            let member = Change::Membership {
                unit: "H26.VD3".into(),
                at: None,
                role: "member".into(),
                from: from.into(),
                to: to.into(),
            };
            let refused = change(dir.path(), &member, &looked(dir.path()), "Bà Ban", "x").unwrap_err();
            assert!(
                matches!(&refused, Refused::Wrong(why) if why.iter().any(|(found, _)| found == code)),
                "{refused:?}"
            );
        }
        let alias = Change::Aliases { unit: "H26.VD1".into(), names: vec!["Thanh tra TP".into()] };
        let refused = change(dir.path(), &alias, &looked(dir.path()), "Bà Ban", "x").unwrap_err();
        assert!(matches!(&refused, Refused::Wrong(why) if why[0].0 == "ambiguous-name"), "{refused:?}");
    }

    #[test]
    fn days_that_another_calendar_sees_differently() {
        let dir = bundle();
        let now = fs::read_to_string(dir.path().join(CALENDAR)).unwrap();
        assert_eq!(days(dir.path(), &now).unwrap(), []);
        let more = format!(
            "{now}\n[[local.exception]]\ndate = 2020-07-20\nworked = false\nreason = {{ vi = \"Họp cụm\", en = \"Meeting\" }}\nsource = \"QĐ 1\"\n"
        );
        match days(dir.path(), &more) {
            Ok(found) => {
                assert_eq!((found.len(), found[0].day.as_str()), (1, "2020-07-20"));
                assert!(
                    found[0].now.vi.starts_with("làm việc") && found[0].then.vi.starts_with("nghỉ"),
                    "{found:?}"
                );
            }
            Err(refused) => panic!("{refused:?}"),
        }
        assert!(matches!(days(dir.path(), "format = 1\nx = 2\n"), Err(Refused::Wrong(_))));
    }
}
