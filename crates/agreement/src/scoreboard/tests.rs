use super::testing::{World, figure};
use super::*;

const ON_TIME: &str = r#"
[[target]]
id = "on-time"
clause = "1"
name = "Đúng hạn"
records = "dossier"
counted = "finished_at in period and outcome in ('granted', 'refused')"
met = "day(finished_at) <= day(first_due_at)"
goal = ">= 95 %"
force = "at least"
judged = "each unit, and all units together"
"#;

const DIALOGUE: &str = r#"
[[target]]
id = "dialogue"
clause = "1"
name = "Đối thoại"
records = "dialogue"
measure = "count"
counted = "held_on in period"
goal = ">= 2"
units_goal = ">= 100 %"
force = "at least"
judged = "each unit"
"#;

fn verdicts(board: &Scoreboard, target: &str) -> Vec<Verdict> {
    let line = board.targets.iter().find(|line| line.target == target).unwrap();
    line.figures.iter().flatten().map(|figure| figure.verdict).collect()
}

fn notes(figure: &Figure) -> String {
    figure.notes.iter().map(|note| note.vi.as_str()).collect::<Vec<_>>().join(" | ")
}

/// T2: shares, the line at exactly 95 %, a unit without records, the figure of all together.
#[test]
fn shares_of_units_and_of_all_together() {
    let mut world = World::new("", ON_TIME, "");
    world.dossiers("U1", "2020-03-05", 19, 1);
    world.dossiers("U2", "2020-03-05", 94, 6);
    world.dossiers("U3", "2021-03-05", 5, 0);
    let board = world.score("2020", "2020-12-31");
    assert_eq!(
        verdicts(&board, "on-time"),
        [Verdict::Met, Verdict::NotMet, Verdict::NoData, Verdict::NoData]
    );
    assert_eq!(figure(&board, "on-time", 0).amount, Some(Amount::Share { met: 19, of: 20 }));
    assert_eq!(figure(&board, "on-time", 0).grade, Grade::Records);
    assert!(notes(figure(&board, "on-time", 2)).contains("không bản ghi nào được tính trong kỳ"));
    assert_eq!(figure(&board, "on-time", 3).notes, []);
    let all = board.targets[0].together.as_ref().unwrap();
    assert_eq!(
        (all.amount.clone(), all.verdict),
        (Some(Amount::Share { met: 113, of: 120 }), Verdict::NotMet)
    );
    assert_eq!(all.shown.vi, "94,17 %");
    assert!(notes(all).contains("chưa gồm Đơn vị 3 | chưa gồm Đơn vị 4"), "{}", notes(all));
}

/// Two units of 100 % and 90 % are not 95 % together when one is a hundred times the other.
#[test]
fn the_cluster_is_not_a_mean_of_means() {
    let mut world = World::new("", ON_TIME, "");
    world.dossiers("U1", "2020-03-05", 1, 0);
    world.dossiers("U2", "2020-03-05", 90, 10);
    let board = world.score("2020", "2020-12-31");
    let all = board.targets[0].together.as_ref().unwrap();
    assert_eq!(
        (all.amount.clone(), all.verdict),
        (Some(Amount::Share { met: 91, of: 101 }), Verdict::NotMet)
    );
}

/// T1, T6: a count and the share of units that reach it. No data counts as not met by default.
#[test]
fn counts_and_the_share_of_units() {
    let mut world = World::new("", DIALOGUE, "");
    for day in ["2020-03-01", "2020-09-01"] {
        world.add("dialogue", "U1", &[("held_on", day)]);
    }
    world.add("dialogue", "U2", &[("held_on", "2020-03-01")]);
    world.add("dialogue", "U3", &[("held_on", "2019-03-01")]);
    let board = world.score("2020", "2020-12-31");
    assert_eq!(
        verdicts(&board, "dialogue"),
        [Verdict::Met, Verdict::NotMet, Verdict::NotMet, Verdict::NoData]
    );
    // U3 held none in 2020, and is known to report: a real 0. U4 is silent.
    assert_eq!(figure(&board, "dialogue", 2).amount, Some(Amount::Count(0)));
    assert_eq!(figure(&board, "dialogue", 3).amount, None);
    let share = board.targets[0].units_share.as_ref().unwrap();
    assert_eq!((share.met, share.of, share.left_out, share.verdict), (1, 4, 0, Verdict::NotMet));
    assert!(share.notes[0].vi.contains("1 đơn vị chưa có số liệu: tính là chưa đạt"));
    assert!(board.targets[0].together.is_none());
}

#[test]
fn the_agreement_says_how_silence_counts() {
    let mut world = World::new("", &format!("[share_of_units]\nno_data = \"left out\"\n{DIALOGUE}"), "");
    for day in ["2020-03-01", "2020-09-01"] {
        world.add("dialogue", "U1", &[("held_on", day)]);
    }
    let board = world.score("2020", "2020-12-31");
    let share = board.targets[0].units_share.as_ref().unwrap();
    assert_eq!((share.met, share.of, share.left_out, share.verdict), (1, 1, 3, Verdict::Met));
    // Nobody judged: no share at all, rather than 0 of 4 or 4 of 4.
    let silent = World::new("", DIALOGUE, "").score("2020", "2020-12-31");
    assert_eq!(silent.targets[0].units_share.as_ref().unwrap().verdict, Verdict::NoData);
}

/// A legitimate 0 can be reported (bug B5 of a system in use): a confirmed nil report is a count of 0, which is
/// judged; for a share it is "no cases". Unconfirmed, it changes nothing.
#[test]
fn nil_reports() {
    let nil = |unit: &str, confirmed: bool| {
        let confirmed =
            if confirmed { "confirmed_by = \"Giám đốc\"\nconfirmed_on = 2021-01-05" } else { "" };
        ["dialogue", "dossier"]
            .map(|kind| {
                format!("[[nil]]\nunit = \"{unit}\"\nkind = \"{kind}\"\nperiod = \"2020\"\n{confirmed}\n")
            })
            .join("")
    };
    let mut world = World::new(
        "",
        &format!("{ON_TIME}{DIALOGUE}"),
        &(nil("U1", true) + &nil("U2", false) + &nil("U3", true)),
    );
    world.dossiers("U3", "2020-03-05", 1, 0);
    let board = world.score("2020", "2020-12-31");
    assert_eq!(
        verdicts(&board, "on-time"),
        [Verdict::NoCases, Verdict::NoData, Verdict::Met, Verdict::NoData]
    );
    assert_eq!(
        verdicts(&board, "dialogue"),
        [Verdict::NotMet, Verdict::NoData, Verdict::NotMet, Verdict::NoData]
    );
    let zero = figure(&board, "dialogue", 0);
    assert_eq!((zero.amount.clone(), zero.grade), (Some(Amount::Count(0)), Grade::NilReport));
    assert!(notes(figure(&board, "on-time", 0)).contains("Giám đốc xác nhận ngày 05/01/2021"));
    assert!(notes(figure(&board, "on-time", 1)).contains("chưa được lãnh đạo đơn vị xác nhận"));
    // Records win over a nil report, and the contradiction is said.
    assert_eq!(figure(&board, "on-time", 2).grade, Grade::Records);
    assert!(notes(figure(&board, "on-time", 2)).contains("đề nghị đối chiếu"));
    // The year's nil report answers for every period within the year, and for no other.
    assert_eq!(verdicts(&world.score("2020Q2", "2020-12-31"), "on-time")[0], Verdict::NoCases);
    assert_eq!(verdicts(&world.score("2020-06-01..2021-05-31", "2021-05-31"), "on-time")[0], Verdict::NoData);
}

/// "No cases in 2020" said in June is not yet known: a nil report speaks once its own period is over.
#[test]
fn a_nil_report_speaks_once_its_period_is_over() {
    let nil = |unit: &str, kind: &str, period: &str, confirmed: &str| {
        format!(
            "[[nil]]\nunit = \"{unit}\"\nkind = \"{kind}\"\nperiod = \"{period}\"\nconfirmed_by = \"Giám đốc\"\nconfirmed_on = {confirmed}\n"
        )
    };
    let reports = nil("U1", "dossier", "2020", "2020-02-01")
        + &nil("U1", "dialogue", "2020", "2020-02-01")
        + &nil("U2", "dossier", "2020", "2021-01-05")
        + &nil("U2", "dossier", "2020S1", "2020-07-05");
    let mut world = World::new("", &format!("{ON_TIME}{DIALOGUE}"), &reports);
    let june = world.score("2020", "2020-06-30");
    let first = figure(&june, "on-time", 0);
    assert_eq!((first.verdict, first.grade), (Verdict::NoData, Grade::Nothing));
    assert!(notes(first).contains("kỳ năm 2020 chỉ được tính khi kỳ đó đã hết"), "{}", notes(first));
    let count = figure(&june, "dialogue", 0);
    assert_eq!((count.amount.clone(), count.verdict), (None, Verdict::NoData));
    // Nor for the half-year that is over, unless it has a report of its own.
    let half = world.score("2020S1", "2020-06-30");
    assert_eq!(verdicts(&half, "on-time")[..2], [Verdict::NoData, Verdict::NoCases]);
    let day_before = world.score("2020", "2020-12-30");
    assert_eq!(verdicts(&day_before, "on-time")[..2], [Verdict::NoData, Verdict::NoData]);
    let final_day = world.score("2020", "2020-12-31");
    assert_eq!(verdicts(&final_day, "on-time")[..2], [Verdict::NoCases, Verdict::NoCases]);
    assert_eq!(verdicts(&final_day, "dialogue")[0], Verdict::NotMet);
    // What is known without the report stays known: a count by the usual rules.
    world.add("dialogue", "U1", &[("held_on", "2019-05-05")]);
    let known = world.score("2020", "2020-06-30");
    let zero = figure(&known, "dialogue", 0);
    assert_eq!(
        (zero.amount.clone(), zero.grade, zero.verdict),
        (Some(Amount::Count(0)), Grade::Records, Verdict::NotYetDue)
    );
}

/// When another unit supplies the kind for everybody, a unit that is not in it has none.
#[test]
fn a_supplier_of_all_knows_who_has_none() {
    let supplier = "[[supplier]]\nunit = \"U1\"\nkind = \"dialogue\"\n";
    let mut world = World::with_cluster(supplier, "", DIALOGUE, "");
    assert_eq!(verdicts(&world.score("2020", "2020-12-31"), "dialogue")[1], Verdict::NoData);
    world.add("dialogue", "U3", &[("held_on", "2020-03-01")]);
    let board = world.score("2020", "2020-12-31");
    assert_eq!(
        verdicts(&board, "dialogue"),
        [Verdict::NoData, Verdict::NotMet, Verdict::NotMet, Verdict::NotMet]
    );
    // That the supplier has supplied something is enough, be it of a unit that the target leaves out.
    let of_two = DIALOGUE.replace("[[target]]", "[[target]]\nunits = [\"U1\", \"U2\"]");
    let mut world = World::with_cluster(supplier, "", &of_two, "");
    world.add("dialogue", "U3", &[("held_on", "2020-03-01")]);
    let board = world.score("2020", "2020-12-31");
    assert_eq!(verdicts(&board, "dialogue"), [Verdict::NoData, Verdict::NotMet]);
}

/// Said only where figures count from before the signature.
#[test]
fn figures_from_before_the_signature_are_said() {
    for (head, said) in [
        ("signed = 2020-03-07\ncounts_from = 2020-01-01", 1),
        ("signed = 2020-03-07\ncounts_from = 2020-03-06", 1),
        ("signed = 2020-03-07\ncounts_from = 2020-03-07", 0),
        ("signed = 2020-01-01\ncounts_from = 2020-02-01", 0),
        ("signed = 2020-03-07", 0),
        ("", 0),
    ] {
        assert_eq!(World::new(head, ON_TIME, "").score("2020", "2020-12-31").notes.len(), said, "{head}");
    }
}

#[test]
fn a_stated_value_is_judged_and_shown_as_stated() {
    let stated = |unit: &str| {
        format!(
            "[[stated]]\nunit = \"{unit}\"\ntarget = \"on-time\"\nperiod = \"2020\"\nvalue = \"17/20\"\nconfirmed_by = \"Giám đốc\"\nconfirmed_on = 2021-01-05\nsource = \"BC 12\"\n"
        )
    };
    let mut world = World::new("", ON_TIME, &(stated("U1") + &stated("U2")));
    world.dossiers("U2", "2020-03-05", 20, 0);
    let board = world.score("2020", "2020-12-31");
    let first = figure(&board, "on-time", 0);
    assert_eq!((first.amount.clone(), first.grade), (Some(Amount::Share { met: 17, of: 20 }), Grade::Stated));
    assert_eq!(first.verdict, Verdict::NotMet);
    assert!(notes(first).contains("BC 12"));
    let second = figure(&board, "on-time", 1);
    assert_eq!((second.grade, second.verdict), (Grade::Records, Verdict::Met));
    assert!(notes(second).contains("đơn vị nêu 17/20, tính từ bản ghi là 20/20"), "{}", notes(second));
    // Stated values do not enter the figure of all together.
    let all = board.targets[0].together.as_ref().unwrap();
    assert_eq!(all.amount, Some(Amount::Share { met: 20, of: 20 }));
    assert!(notes(all).contains("chưa gồm Đơn vị 1"));
    // A statement about the year says nothing about its first half.
    assert_eq!(figure(&world.score("2020S1", "2020-06-30"), "on-time", 0).verdict, Verdict::NoData);
}

/// A unit with a paper register gives its report II.06; the figure has a lower grade and enters the whole.
#[test]
fn signed_totals_stand_for_records() {
    let totals = "[target.totals]\nrecords = \"totals\"\ncounted = \"settled_total\"\nmet = \"settled_early + settled_on_time\"\n";
    let mut world = World::new("", &format!("{ON_TIME}{totals}"), "");
    world.dossiers("U1", "2020-03-05", 90, 10);
    let row = |from, to, source, total, early, on_time| {
        [
            ("from", from),
            ("to", to),
            ("source", source),
            ("settled_total", total),
            ("settled_early", early),
            ("settled_on_time", on_time),
        ]
    };
    world.add("totals", "U1", &row("2020-01-01", "2020-12-31", "signed", "9999", "1", "1"));
    world.add("totals", "U2", &row("2020-01-01", "2020-06-30", "signed", "200", "100", "98"));
    world.add("totals", "U3", &row("2020-01-01", "2020-12-31", "published", "0", "0", "0"));
    world.add("totals", "U4", &row("2020-01-01", "2020-06-30", "signed", "10", "5", "5"));
    world.add("totals", "U4", &row("2020-06-01", "2020-12-31", "signed", "10", "5", "5"));
    let board = world.score("2020", "2020-12-31");
    assert_eq!(
        verdicts(&board, "on-time"),
        [Verdict::NotMet, Verdict::Met, Verdict::NoCases, Verdict::NoData]
    );
    let half = figure(&board, "on-time", 1);
    assert_eq!(
        (half.amount.clone(), half.grade),
        (Some(Amount::Share { met: 198, of: 200 }), Grade::SignedTotals)
    );
    assert!(notes(half).contains("số tổng hợp thay cho 01/01/2020–30/06/2020"), "{}", notes(half));
    assert_eq!(half.coverage[0].code, "2020S1");
    let none = figure(&board, "on-time", 2);
    assert_eq!(none.grade, Grade::PublishedTotals);
    assert!(notes(none).contains("không phát sinh theo số tổng hợp đã công bố"));
    assert!(notes(figure(&board, "on-time", 3)).contains("chồng lên nhau"));
    let all = board.targets[0].together.as_ref().unwrap();
    assert_eq!(
        (all.amount.clone(), all.grade),
        (Some(Amount::Share { met: 288, of: 300 }), Grade::SignedTotals)
    );
    assert!(notes(all).contains("Đơn vị 2: theo số tổng hợp đã ký | chưa gồm Đơn vị 4"), "{}", notes(all));
}

#[test]
fn exempt_and_not_applicable_are_two_things() {
    let exemption = "[[exemption]]\nunit = \"U2\"\ntarget = \"on-time\"\nreason = \"không có TTHC\"\n";
    let of_some = ON_TIME.replace("[[target]]", "[[target]]\nunits = [\"U1\", \"U2\"]");
    let mut world = World::new("", &format!("{of_some}{DIALOGUE}{exemption}"), "");
    world.dossiers("U1", "2020-03-05", 1, 0);
    world.dossiers("U2", "2020-03-05", 0, 9);
    world.dossiers("U3", "2020-03-05", 0, 9);
    let board = world.score("2020", "2020-12-31");
    let line = &board.targets[0];
    assert_eq!(line.figures.iter().map(Option::is_some).collect::<Vec<_>>(), [true, true, false, false]);
    assert_eq!(figure(&board, "on-time", 1).verdict, Verdict::Exempt);
    assert_eq!(notes(figure(&board, "on-time", 1)), "miễn: không có TTHC");
    // Neither the exempt unit's records nor those of units without the target are in the whole.
    assert_eq!(line.together.as_ref().unwrap().amount, Some(Amount::Share { met: 1, of: 1 }));
}

#[test]
fn membership_is_dated() {
    let later = "[[unit]]\ncode = \"U0\"\nname = \"Đơn vị 0\"\n[[membership]]\nunit = \"U0\"\nrole = \"member\"\nfrom = 2020-07-01\n";
    let codes = |head: &str, period: &str, as_of: &str| -> Vec<String> {
        let world = World::with_cluster(later, head, ON_TIME, "");
        world.score(period, as_of).units.into_iter().map(|row| row.code).collect()
    };
    assert_eq!(codes("", "2020S1", "2020-06-30"), ["U1", "U2", "U3", "U4"]);
    // File order is the order of the city's decision: the newcomer stands where the file has it.
    assert_eq!(codes("", "2020", "2020-12-31"), ["U1", "U2", "U3", "U4", "U0"]);
    assert_eq!(codes("membership_on = 2020-03-07", "2020", "2020-12-31").len(), 4);
}

#[test]
fn few_cases_are_not_judged_and_the_number_is_shown() {
    let target = ON_TIME.replace("goal =", "min_cases = 30\ngoal =");
    let mut world = World::new("", &target, "");
    world.dossiers("U1", "2020-03-05", 1, 28);
    let board = world.score("2020", "2020-12-31");
    let first = figure(&board, "on-time", 0);
    assert_eq!((first.verdict, first.below_min_cases), (Verdict::NotJudged, Some(30)));
    assert_eq!(first.amount, Some(Amount::Share { met: 1, of: 29 }));
    assert_eq!(board.targets[0].together.as_ref().unwrap().verdict, Verdict::NotMet);
}

/// Before the period's end a count that only has to grow is not yet due, and the unit is told what it takes.
#[test]
fn while_the_year_is_running() {
    let mut world = World::new("", &format!("{ON_TIME}{DIALOGUE}"), "");
    world.add("dialogue", "U1", &[("held_on", "2020-03-01")]);
    world.dossiers("U1", "2020-03-05", 18, 2);
    let board = world.score_with("2020", "2020-06-30", &[("on-time", 0, 100)]);
    let dialogue = figure(&board, "dialogue", 0);
    assert_eq!(dialogue.verdict, Verdict::NotYetDue);
    assert_eq!(dialogue.need_words.as_ref().unwrap().vi, "cần thêm ít nhất 1");
    assert_eq!(board.targets[1].units_share.as_ref().unwrap().verdict, Verdict::NotYetDue);
    let share = figure(&board, "on-time", 0);
    assert_eq!(share.verdict, Verdict::NotMet);
    assert_eq!(
        share.need_words.as_ref().unwrap().vi,
        "cần ít nhất 96 hồ sơ TTHC đạt yêu cầu trong 100 còn lại"
    );
    assert!(!board.targets[0].ended);
    let ended = world.score("2020", "2020-12-31");
    assert_eq!(figure(&ended, "dialogue", 0).verdict, Verdict::NotMet);
    assert_eq!(figure(&ended, "on-time", 0).need, None, "nothing can be done any more");
    // Known later than as_of is not known: the second dialogue lies after it.
    world.add("dialogue", "U1", &[("held_on", "2020-09-01")]);
    let june = world.score("2020", "2020-06-30");
    assert_eq!(figure(&june, "dialogue", 0).amount, Some(Amount::Count(1)));
}

/// Procedures are a state: what can be put right is named, never so many "in a row".
#[test]
fn what_a_state_still_needs() {
    let target = ON_TIME
        .replace("\"on-time\"", "\"one-stop\"")
        .replace("\"dossier\"", "\"procedure\"")
        .replace("finished_at in period and outcome in ('granted', 'refused')", "in_force_from <= as_of")
        .replace("day(finished_at) <= day(first_due_at)", "routed_through = 'one-stop'");
    let mut world = World::new("", &target, "");
    for n in 0..20 {
        let through = if n < 16 { "one-stop" } else { "inter-agency-one-stop" };
        world.add("procedure", "U1", &[("in_force_from", "2019-03-01"), ("routed_through", through)]);
    }
    let board = world.score_with("2020", "2020-06-30", &[("one-stop", 0, 100)]);
    let first = figure(&board, "one-stop", 0);
    assert_eq!(first.amount, Some(Amount::Share { met: 16, of: 20 }));
    assert_eq!(first.need, Some(Need::OfUnmet { least: 3, unmet: 4 }));
    let json = serde_json::to_value(first.need).unwrap();
    assert_eq!(json, serde_json::json!({ "is": "of-unmet", "least": 3, "unmet": 4 }));
    assert!(board.targets[0].together.as_ref().unwrap().need_words.as_ref().unwrap().vi.contains("chưa đạt"));
}

/// From 2026 the city asks for one dialogue in each half-year, not just two a year.
#[test]
fn each_part_of_the_period_must_be_met() {
    let each = DIALOGUE.replace(">= 2", ">= 1 each half-year");
    let mut world = World::new("", &each, "");
    for day in ["2020-07-01", "2020-09-01"] {
        world.add("dialogue", "U1", &[("held_on", day)]);
    }
    for day in ["2020-06-30", "2020-12-31"] {
        world.add("dialogue", "U2", &[("held_on", day)]);
    }
    world.add("dialogue", "U3", &[("held_on", "2020-06-30")]);
    let board = world.score("2020", "2020-12-31");
    assert_eq!(
        verdicts(&board, "dialogue"),
        [Verdict::NotMet, Verdict::Met, Verdict::NotMet, Verdict::NoData]
    );
    let first = figure(&board, "dialogue", 0);
    assert_eq!(first.amount, Some(Amount::Count(2)));
    let parts: Vec<(&str, Option<Amount>, Verdict)> = first
        .parts
        .iter()
        .map(|part| (part.period.code.as_str(), part.amount.clone(), part.verdict))
        .collect();
    assert_eq!(
        parts,
        [
            ("2020S1", Some(Amount::Count(0)), Verdict::NotMet),
            ("2020S2", Some(Amount::Count(2)), Verdict::Met)
        ]
    );
    let june = world.score("2020", "2020-06-30");
    assert_eq!(verdicts(&june, "dialogue")[..3], [Verdict::NotMet, Verdict::NotYetDue, Verdict::NotYetDue]);
    let may = world.score("2020", "2020-05-31");
    assert_eq!(figure(&may, "dialogue", 0).parts[0].verdict, Verdict::NotYetDue);
    assert_eq!(figure(&may, "dialogue", 0).parts[0].need_words.as_ref().unwrap().vi, "cần thêm ít nhất 1");
}

/// Two dialogues a year ask nothing of the half-year, nor of another year: the count is shown, not judged.
#[test]
fn a_count_is_judged_in_the_targets_own_period_only() {
    let lens = "[[target.lens]]\nid = \"one\"\nname = \"Một\"\ngoal = \">= 1\"\n";
    let mut world = World::new("", &format!("{ON_TIME}{DIALOGUE}{lens}"), "");
    for day in ["2020-03-01", "2020-04-01", "2021-03-01"] {
        world.add("dialogue", "U1", &[("held_on", day)]);
    }
    world.dossiers("U1", "2020-03-05", 19, 1);
    let note = "mức này đặt cho kỳ năm 2020, không cho kỳ đang xem";
    for (period, as_of, count) in [
        ("2020S1", "2020-06-30", 2),
        ("2020S1", "2020-05-31", 2),
        ("2021", "2021-12-31", 1),
        ("2020S2", "2020-06-30", 0),
    ] {
        let board = world.score(period, as_of);
        let first = figure(&board, "dialogue", 0);
        assert_eq!((first.amount.clone(), first.verdict), (Some(Amount::Count(count)), Verdict::NotJudged));
        assert_eq!((notes(first).as_str(), first.need), (note, None), "{period} {as_of}");
        assert_eq!(first.notes[0].en, "this goal was set for 2020, not for the period shown");
        assert_eq!((first.lenses[0].would_be, first.lenses[0].flips), (Verdict::NotJudged, false));
        // Silence stays silence, and is not explained by the period.
        let silent = figure(&board, "dialogue", 1);
        assert_eq!((silent.verdict, silent.notes.len()), (Verdict::NoData, 0), "{period} {as_of}");
        let share = board.targets[1].units_share.as_ref().unwrap();
        assert_eq!((share.verdict, share.left_out), (Verdict::NoData, 1));
        assert_eq!(share.notes[0].vi, note);
    }
    // A share is as good for the half-year as for the year, and the year in other words is the year.
    assert_eq!(verdicts(&world.score("2020S1", "2020-06-30"), "on-time")[0], Verdict::Met);
    let board = world.score("2020-01-01..2020-12-31", "2020-12-31");
    assert_eq!(
        (figure(&board, "dialogue", 0).verdict, notes(figure(&board, "dialogue", 0)).as_str()),
        (Verdict::Met, "")
    );
}

/// A goal "each half-year" is one of half-years, whichever are asked for; of a quarter it says nothing.
#[test]
fn a_count_of_each_part_is_judged_in_such_parts() {
    let each = DIALOGUE.replace(">= 2", ">= 1 each half-year");
    let mut world = World::new("", &each, "");
    world.add("dialogue", "U1", &[("held_on", "2020-03-01")]);
    for (period, as_of, verdict) in [
        ("2020S1", "2020-06-30", Verdict::Met),
        ("2020S2", "2020-12-31", Verdict::NotMet),
        ("2021", "2021-12-31", Verdict::NotMet),
        ("2020Q1", "2020-03-31", Verdict::NotJudged),
        ("2020-02-01..2020-07-31", "2020-07-31", Verdict::NotJudged),
    ] {
        let board = world.score(period, as_of);
        let first = figure(&board, "dialogue", 0);
        assert_eq!(first.verdict, verdict, "{period}");
        assert_eq!(notes(first).contains("mức này đặt cho kỳ"), verdict == Verdict::NotJudged, "{period}");
        assert!(
            first
                .parts
                .iter()
                .all(|part| (part.verdict == Verdict::NotJudged) == (verdict == Verdict::NotJudged))
        );
    }
}

/// The days of an amendment's words are a period of their own: the goal was set for them.
#[test]
fn a_count_of_an_amended_half_is_judged_in_that_half() {
    let amendment = "[[amendment]]\nid = \"pl-01\"\nsigned = 2020-06-20\nfrom = 2020-07-01\ntarget = \"dialogue\"\nreason = \"dịch bệnh\"\ngoal = \">= 1\"\n";
    let mut world = World::new("", &format!("{DIALOGUE}{amendment}"), "");
    world.add("dialogue", "U1", &[("held_on", "2020-09-01")]);
    let verdict = |period: &str, as_of: &str| verdicts(&world.score(period, as_of), "dialogue")[0];
    assert_eq!(verdict("2020S2", "2020-12-31"), Verdict::Met);
    assert_eq!(verdict("2020S1", "2020-06-30"), Verdict::NotMet);
    assert_eq!(verdict("2020Q3", "2020-09-30"), Verdict::NotJudged);
    let two_years = world.score("2020-01-01..2021-12-31", "2021-12-31");
    let parts = &figure(&two_years, "dialogue", 0).parts;
    assert_eq!(parts.iter().map(|part| part.verdict).collect::<Vec<_>>(), [Verdict::NotJudged; 2]);
}

/// An amendment of July splits the year: each half by its own words, met when both are.
#[test]
fn an_amendment_splits_the_period() {
    let amended = |change: &str| {
        format!(
            "{ON_TIME}[[amendment]]\nid = \"pl-01\"\nsigned = 2020-06-20\nfrom = 2020-07-01\ntarget = \"on-time\"\nreason = \"dịch bệnh\"\n{change}\n"
        )
    };
    let mut world = World::new("", &amended("goal = \">= 80 %\""), "");
    world.dossiers("U1", "2020-03-05", 95, 5);
    world.dossiers("U1", "2020-09-05", 80, 20);
    world.dossiers("U2", "2020-03-05", 94, 6);
    world.dossiers("U2", "2020-09-05", 100, 0);
    world.dossiers("U3", "2020-09-05", 100, 0);
    let board = world.score("2020", "2020-12-31");
    assert_eq!(
        verdicts(&board, "on-time"),
        [Verdict::Met, Verdict::NotMet, Verdict::NoData, Verdict::NoData]
    );
    let first = figure(&board, "on-time", 0);
    // Only the goal changed: the year has a figure of its own above its halves.
    assert_eq!(first.amount, Some(Amount::Share { met: 175, of: 200 }));
    let goal = &board.targets[0].goal;
    assert_eq!(goal.words.vi, "01/01/2020–30/06/2020: tối thiểu 95 %; 01/07/2020–31/12/2020: tối thiểu 80 %");
    assert_eq!(
        goal.words.en,
        "2020-01-01 to 2020-06-30: at least 95 %; 2020-07-01 to 2020-12-31: at least 80 %"
    );
    assert_eq!(goal.goal.text, ">= 80 %");
    assert_eq!(first.parts[0].goal.words.vi, "tối thiểu 95 %");
    assert_eq!(
        (first.parts[1].goal.words.vi.as_str(), first.parts[1].amendment.as_deref()),
        ("tối thiểu 80 %", Some("pl-01"))
    );
    // A half alone is judged by its own words.
    assert_eq!(world.score("2020S2", "2020-12-31").targets[0].goal.words.vi, "tối thiểu 80 %");
    assert_eq!(figure(&world.score("2020S2", "2020-12-31"), "on-time", 0).parts, []);
    assert_eq!(verdicts(&world.score("2020S2", "2020-12-31"), "on-time")[0], Verdict::Met);
    let mut world = World::new("", &amended("met = \"outcome = 'granted'\""), "");
    world.dossiers("U1", "2020-03-05", 95, 5);
    world.dossiers("U1", "2020-09-05", 1, 99);
    let board = world.score("2020", "2020-12-31");
    let first = figure(&board, "on-time", 0);
    // One goal for both halves is said once.
    assert_eq!(board.targets[0].goal.words.vi, "tối thiểu 95 %");
    // What is counted changed: two rules make no common figure.
    assert_eq!((first.amount.clone(), first.verdict), (None, Verdict::Met));
    assert_eq!(first.parts[1].amount, Some(Amount::Share { met: 100, of: 100 }));
}

/// A lens is shown beside the figure, says whether it would turn the verdict, and is never judged.
#[test]
fn lenses_flip_or_do_not() {
    let lens = "[[target.lens]]\nid = \"all-granted\"\nname = \"Mọi hồ sơ\"\nmet = \"outcome = 'granted'\"\n[[target.lens]]\nid = \"strict\"\nname = \"Chặt\"\ngoal = \">= 99 %\"\n";
    let mut world = World::new("", &format!("{ON_TIME}{lens}"), "");
    world.dossiers("U1", "2020-03-05", 90, 10);
    world.dossiers("U2", "2020-03-05", 96, 4);
    let board = world.score("2020", "2020-12-31");
    let seen = |unit: usize| -> Vec<(Verdict, bool)> {
        figure(&board, "on-time", unit).lenses.iter().map(|lens| (lens.would_be, lens.flips)).collect()
    };
    assert_eq!(seen(0), [(Verdict::Met, true), (Verdict::NotMet, false)]);
    assert_eq!(seen(1), [(Verdict::Met, false), (Verdict::NotMet, true)]);
    assert_eq!(seen(3), [(Verdict::NoData, false), (Verdict::NoData, false)]);
    assert_eq!(
        board.targets[0].together.as_ref().unwrap().lenses[0].amount,
        Amount::Share { met: 200, of: 200 }
    );
}

#[test]
fn lower_is_better_targets_say_nothing_that_reads_as_a_licence() {
    let late = DIALOGUE.replace("goal = \">= 2\"", "goal = \"<= 1\"");
    let mut world = World::new("", &late, "");
    for _ in 0..2 {
        world.add("dialogue", "U1", &[("held_on", "2020-03-01")]);
    }
    world.add("dialogue", "U2", &[("held_on", "2020-03-01")]);
    let board = world.score("2020", "2020-06-30");
    assert_eq!(verdicts(&board, "dialogue")[..2], [Verdict::NotMet, Verdict::Met]);
    assert!(board.targets[0].figures.iter().flatten().all(|figure| figure.need.is_none()));
}

#[test]
fn the_json_is_stable_and_whole_numbers() {
    let mut world = World::new("signed = 2020-03-07\ncounts_from = 2020-01-01", ON_TIME, "");
    world.dossiers("U1", "2020-03-05", 2, 1);
    world.add("dossier", "U1", &[("finished_at", "2020-03-06"), ("outcome", "granted")]);
    let board = world.score("2020", "2020-12-31");
    assert_eq!(board.notes[0].vi, "Giao ước ký ngày 07/03/2020, số liệu tính từ 01/01/2020.");
    let mut json = serde_json::to_value(&board).unwrap();
    let line = &mut json["targets"][0];
    let figure = &mut line["figures"][0];
    assert_eq!(figure["digest"].as_str().unwrap().len(), 64);
    assert_eq!(figure["calendar"]["id"], "vn-public");
    // Both are long and change with data/calendars: a snapshot of them would say nothing.
    figure["digest"] = "…".into();
    figure["calendar"] = "…".into();
    let mut numbers = figure.clone();
    numbers["shown"] = "…".into();
    assert!(!numbers.to_string().contains('.'), "a number with a point: {numbers}");
    let line = serde_json::json!({ "line": { "goal": line["goal"], "period": line["period"] }, "figure": line["figures"][0] });
    insta::assert_json_snapshot!(line);
}
