use proptest::prelude::*;

use super::*;
use crate::lang::random::Random;
use crate::scoreboard::testing::World;

const TARGET: &str = r#"
[[definition]]
id = "settled"
records = "dossier"
is = "outcome in ('granted', 'refused')"

[[target]]
id = "on-time"
clause = "1"
name = "Đúng hạn"
records = "dossier"
counted = "finished_at in period and settled"
met = "day(finished_at) <= day(first_due_at)"
goal = ">= 95 %"
force = "at least"
judged = "each unit, and all units together"
"#;

fn digests(target: &str) -> (String, String) {
    let world = World::new("", target, "");
    let bundle = &world.bundle;
    let target = target_digest(bundle, &bundle.agreement.targets[0], &bundle.calendars);
    (target, agreement_digest(bundle, &bundle.calendars))
}

/// What may change without changing what is signed.
#[test]
fn how_it_is_written_does_not_count() {
    let (target, agreement) = digests(TARGET);
    assert_eq!(target.len(), 64);
    for (from, to) in [
        ("finished_at in period and settled", "  finished_at   in period\\n and (settled)"),
        ("finished_at in period and settled", "finished_at in period and outcome in ('granted', 'refused')"),
        ("counted = ", "# một lời ghi\ncounted   =   "),
        (">= 95 %", ">=95%"),
        (">= 95 %", "≥ 95.0 %"),
        ("force = \"at least\"\n", "unknown = \"not met\"\nforce = \"at least\"\n"),
        ("force = \"at least\"\n", ""),
        ("name = \"Đúng hạn\"\nrecords = \"dossier\"", "records = \"dossier\"\nname = \"Đúng hạn\""),
    ] {
        let written = TARGET.replace(from, to);
        assert_ne!(written, TARGET, "{from}");
        assert_eq!(digests(&written), (target.clone(), agreement.clone()), "{to}");
    }
}

/// Any change of meaning changes both digests.
#[test]
fn any_change_of_meaning_counts() {
    let (target, agreement) = digests(TARGET);
    for (from, to) in [
        ("<=", "<"),
        ("first_due_at", "due_at"),
        ("('granted', 'refused')", "('granted')"),
        ("('granted', 'refused')", "('granted', 'withdrawn')"),
        ("in period and", "in period or"),
        (">= 95 %", ">= 95.1 %"),
        (">= 95 %", "> 95 %"),
        (">= 95 %", ">= 95 % each quarter"),
        ("\"at least\"", "\"strive for\""),
        ("each unit, and all units together", "each unit"),
        ("judged =", "units_goal = \">= 100 %\"\njudged ="),
        ("judged =", "min_cases = 30\njudged ="),
        ("judged =", "unknown = \"exclude\"\njudged ="),
        ("judged =", "units = [\"U1\"]\njudged ="),
        ("judged =", "period = \"2020S1\"\njudged ="),
        ("day(finished_at)", "day(finished_at, 'UTC')"),
        (
            "together\"\n",
            "together\"\n[[target.lens]]\nid = \"a\"\nname = \"A\"\nmet = \"outcome = 'granted'\"\n",
        ),
        (
            "together\"\n",
            "together\"\n[[amendment]]\nid = \"pl-01\"\nsigned = 2020-06-20\nfrom = 2020-07-01\ntarget = \"on-time\"\nreason = \"x\"\ngoal = \">= 80 %\"\n",
        ),
    ] {
        let changed = TARGET.replace(from, to);
        assert_ne!(changed, TARGET, "{from}");
        let (other_target, other_agreement) = digests(&changed);
        assert_ne!(other_target, target, "{to}");
        assert_ne!(other_agreement, agreement, "{to}");
    }
    // The text around the targets is the agreement's.
    for (from, to) in [
        ("Đúng hạn", "Đúng hẹn"),
        ("judged =", "legal = \"61/2018/NĐ-CP\"\njudged ="),
        ("together\"\n", "together\"\n[[exemption]]\nunit = \"U1\"\ntarget = \"on-time\"\nreason = \"x\"\n"),
    ] {
        let (other_target, other_agreement) = digests(&TARGET.replace(from, to));
        assert_eq!(other_target, target, "{to}");
        assert_ne!(other_agreement, agreement, "{to}");
    }
}

/// The same words under another calendar are another target.
#[test]
fn kind_calendar_and_language_are_covered() {
    let world = World::new("", TARGET, "");
    let (bundle, calendars) = (&world.bundle, &world.bundle.calendars);
    let target = &bundle.agreement.targets[0];
    let digest = target_digest(bundle, target, calendars);
    let other = CalendarSet::of(giaouoc_worktime::Calendar::builtin("europe-amsterdam").unwrap());
    assert_ne!(target_digest(bundle, target, &other), digest);
    let mut local = calendars.clone();
    local.by_unit.insert("U1".into(), other.default.clone());
    assert_ne!(target_digest(bundle, target, &local), digest);
    let form = target_form(bundle, target, calendars);
    assert_eq!(form["kinds"]["dossier"], crate::kinds::find("dossier").unwrap().digest.as_str());
    assert_eq!(form["language"], lang::VERSION);
    assert_eq!(hash(&form), digest);
}

/// The tree without the places of its parts.
fn bare(tree: &Typed) -> String {
    let mut text = format!("{tree:?}");
    while let Some(at) = text.find(", span: ") {
        let end = text[at..].find(" }").map_or(text.len(), |end| at + end);
        text.replace_range(at..end, "");
    }
    text
}

proptest! {
    /// Two random rules have one digest exactly when they are one rule.
    #[test]
    fn rules_that_differ_have_forms_that_differ(one in 0_u64..400, other in 0_u64..400) {
        let kind = crate::kinds::find("dossier").unwrap();
        let draw = |seed: u64| {
            let mut state = seed;
            let mut choose = move |below: u64| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) % below.max(1)
            };
            Random::new(&mut choose).rule(kind, 1)
        };
        let (a, b) = (draw(one), draw(other));
        let same = bare(&a.counted) == bare(&b.counted) && measure_bare(&a) == measure_bare(&b);
        prop_assert_eq!(hash(&rule(&a)) == hash(&rule(&b)), same);
    }
}

fn measure_bare(rule: &Rule) -> String {
    let inner = match &rule.measure {
        Measure::Share { met } => format!("share {}", bare(met)),
        Measure::Count => "count".into(),
        Measure::Sum { value } => format!("sum {}", bare(value)),
        Measure::Mean { value } => format!("mean {}", bare(value)),
        Measure::Percentile { value, percent } => format!("percentile {percent} {}", bare(value)),
        Measure::Distinct { value } => format!("distinct {}", bare(value)),
    };
    format!("{inner} {:?}", rule.unknown)
}

/// What stands beside the clauses and targets is signed with them, and changes no target.
#[test]
fn the_score_table_and_the_regulation_are_signed_too() {
    let (target, before) = digests(TARGET);
    let mut seen = vec![before];
    for more in [
        "[score]\nno_data = \"none\"\n",
        "[score]\nno_data = \"full\"\n",
        "[[score.line]]\ntarget = \"on-time\"\npoints = 20\n",
        "[[score.line]]\ntarget = \"on-time\"\npoints = \"20.5\"\n",
        "[[score.line]]\ntarget = \"on-time\"\npoints = 20\nway = \"in proportion\"\n",
        "[[score.bonus]]\nname = \"Sáng kiến\"\npoints = 5\n",
        "[[score.deduction]]\nname = \"Sáng kiến\"\npoints = 5\n",
        "[[regulation]]\nnumber = \"1\"\ntext = \"Cụm họp mỗi quý.\"\n",
        "[[event]]\nname = \"Ngày Giải phóng Thủ đô\"\non = 2020-10-10\n",
    ] {
        let (same, agreement) = digests(&format!("{TARGET}\n{more}"));
        assert_eq!(same, target, "{more}");
        assert!(!seen.contains(&agreement), "{more}");
        seen.push(agreement);
    }
}
