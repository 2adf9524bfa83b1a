use super::*;

fn said(id: i64, unit: &str, stance: Stance, reply: bool) -> Said {
    Said {
        id,
        unit: unit.into(),
        place: "clause:1".into(),
        opinion: Opinion { stance, text: "vì".into(), wording: String::new(), version: 1 },
        reply: reply.then(|| Reply { to: id, taken: false, text: "đã rõ".into() }),
    }
}

#[test]
fn silence_counts_as_agreement_after_the_day_and_not_on_it() {
    let none: &[Said] = &[];
    let cases = [
        (None, "2021-03-01", Standing::Silent),
        (Some("2021-03-01"), "2021-02-28", Standing::Silent),
        (Some("2021-03-01"), "2021-03-01", Standing::Silent),
        (Some("2021-03-01"), "2021-03-02", Standing::SilentAgrees),
    ];
    for (by, today, expected) in cases {
        assert_eq!(standing("a", none, by, today), expected, "{by:?} {today}");
    }
    let spoke = [said(1, "a", Stance::Agree, false), said(2, "b", Stance::Object, true)];
    assert_eq!(standing("a", &spoke, Some("2021-03-01"), "2021-03-09"), Standing::Agrees);
    // An objection that was answered is still one: only the unit takes it back.
    assert_eq!(standing("b", &spoke, Some("2021-03-01"), "2021-03-09"), Standing::Objects);
    assert_eq!(standing("c", &spoke, Some("2021-03-01"), "2021-03-09"), Standing::SilentAgrees);
}

#[test]
fn every_blocker_blocks_and_without_them_nothing_does() {
    let units = ["a".to_owned(), "b".to_owned()];
    let answered = [said(1, "a", Stance::Object, true), said(2, "b", Stance::Agree, false)];
    let good = Ready {
        clauses: 3,
        units: &units,
        said: &answered,
        respond_by: Some("2021-03-01"),
        today: "2021-02-01",
        ..Ready::default()
    };
    assert_eq!(blockers(&good), []);
    let failing = ["on-time".to_owned()];
    let open = [said(1, "a", Stance::Remark, false), said(2, "b", Stance::Agree, false)];
    let cases = [
        (Ready { errors: 2, ..good.clone() }, Blocker::Errors(2)),
        (Ready { clauses: 0, ..good.clone() }, Blocker::Empty),
        (Ready { failing: &failing, ..good.clone() }, Blocker::Example("on-time".into())),
        (Ready { measuring: true, ..good.clone() }, Blocker::Measuring),
        (Ready { respond_by: None, ..good.clone() }, Blocker::NotCirculated),
        (Ready { said: &answered[..1], ..good.clone() }, Blocker::Silent(vec!["b".into()])),
        (Ready { said: &open, ..good.clone() }, Blocker::Open("a".into(), "clause:1".into())),
    ];
    for (ready, blocker) in cases {
        assert_eq!(blockers(&ready), [blocker]);
    }
    // After the day nobody's silence stands in the way.
    assert_eq!(blockers(&Ready { said: &answered[..1], today: "2021-03-02", ..good }), []);
}

#[test]
fn an_objection_has_its_reason_and_a_wording_its_clause() {
    let opinion = |stance, text: &str, wording: &str| Opinion {
        stance,
        text: text.into(),
        wording: wording.into(),
        version: 1,
    };
    let cases = [
        (opinion(Stance::Agree, "", ""), "all", false),
        (opinion(Stance::Object, " ", ""), "clause:1", true),
        (opinion(Stance::Object, "quá cao", ""), "target:x", false),
        (opinion(Stance::Remark, "", ""), "clause:1", true),
        (opinion(Stance::Remark, "", "lời mới"), "clause:1", false),
        (opinion(Stance::Remark, "", "lời mới"), "target:x", true),
        (opinion(Stance::Remark, &"a".repeat(LONGEST + 1), ""), "clause:1", true),
    ];
    for (opinion, place, wrong) in cases {
        assert_eq!(opinion.wrong(place).is_some(), wrong, "{opinion:?}");
    }
}
