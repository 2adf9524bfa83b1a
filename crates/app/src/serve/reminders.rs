//! What is looked at every day for those who are told of it: what comes near its day or is late, and who holds a role since today
//! or no longer.

use giaouoc_store::{Result, Store, notices};
use giaouoc_web::notices::Now;
use giaouoc_web::{day_of, late};
use giaouoc_worktime::zone::Zone;

/// Looks, once a day; `done` is the day on which it was done last. Done twice, it tells nobody twice.
pub async fn look(store: &Store, zone: &Zone, mail: bool, now: i64, done: &mut String) -> Result<()> {
    let today = day_of(now, zone);
    if *done == today {
        return Ok(());
    }
    let write = store.write().await?;
    // First who holds a role: what was raised before them comes without a letter.
    notices::follow_roles(write.on(), None, &today, now).await?;
    late::look(&write, &Now { at: now, today: today.clone(), mail }).await?;
    write.commit().await?;
    *done = today;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use giaouoc_store::file_url;
    use giaouoc_store::matters::{self, Join, NewStep, Paper, Point, Reply};
    use giaouoc_store::people::{self, Role};

    use super::*;

    /// Noon of 1 July 2020 in Hà Nội, and a day.
    const NOW: i64 = 1_593_579_600_000_000;
    const DAY: i64 = 24 * 3_600 * 1_000_000;

    struct Year {
        store: Store,
        zone: Zone,
        _folder: tempfile::TempDir,
    }

    impl Year {
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open(&file_url(&folder.path().join("x.sqlite"))).await.unwrap();
            Self { store, zone: Zone::get(super::super::ZONE).unwrap(), _folder: folder }
        }

        async fn person(&self, name: &str, role: Role, unit: &str) -> i64 {
            let on = self.store.read();
            let id = people::add(on, &format!("{name}@x.vn"), name, "vi", NOW).await.unwrap().id;
            people::give(on, id, role, Some("six"), Some(unit), "2020-01-01").await.unwrap();
            id
        }

        async fn matter(&self, sort: &str, fields: &[(&str, &str)], steps: &[&str], person: i64) -> i64 {
            let fields: BTreeMap<String, String> =
                fields.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect();
            let new = matters::New {
                cluster: "six".into(),
                unit: "one".into(),
                sort: sort.into(),
                prefix: format!("{sort}-"),
                fields,
                person,
                ..matters::New::default()
            };
            let (id, _) = matters::begin(self.store.read(), new, NOW).await.unwrap();
            for step in steps {
                self.step(id, step, person).await;
            }
            id
        }

        async fn step(&self, matter: i64, step: &str, person: i64) {
            let step = NewStep {
                matter,
                step: step.into(),
                day: "2020-06-01".into(),
                person,
                on_behalf: None,
                note: None,
            };
            matters::take(self.store.read(), step, NOW).await.unwrap();
        }

        /// Looks on a day, as a program does that was just started, and gives what stands open before somebody.
        async fn open(&self, days: i64, person: i64) -> Vec<String> {
            let at = NOW + days * DAY;
            look(&self.store, &self.zone, false, at, &mut String::new()).await.unwrap();
            let open = notices::open(self.store.read(), person, 50).await.unwrap();
            open.iter()
                .map(|one| {
                    format!("{} {}: {}", one.kind.word(), one.due.clone().unwrap_or_default(), one.about_vi)
                })
                .collect()
        }
    }

    #[tokio::test]
    async fn a_task_is_told_when_it_comes_near_and_when_it_is_late_and_no_longer_when_it_is_done() {
        let year = Year::new().await;
        let officer = year.person("lan", Role::Officer, "one").await;
        let other = year.person("hoa", Role::Officer, "two").await;
        let task = [("content", "Kê khai"), ("due_on", "2020-07-15")];
        let id = year.matter("task", &task, &["assign"], officer).await;
        assert!(year.open(0, officer).await.is_empty(), "two weeks are far");
        let near = ["task 2020-07-15: Kê khai"];
        assert_eq!(year.open(7, officer).await, near);
        // Asked again, also by a program that knows of nothing, it is the same notice.
        assert_eq!(year.open(7, officer).await, near);
        assert_eq!(year.open(14, officer).await, near);
        assert_eq!(year.open(15, officer).await, ["task 2020-07-15: Kê khai, đã quá ngày"]);
        assert!(year.open(15, other).await.is_empty(), "it is another unit's");
        // Its day is moved: near again on the other day.
        let row = matters::by_id(year.store.read(), id).await.unwrap().unwrap();
        let mut fields = row.fields.clone();
        fields.insert("due_on".into(), "2020-07-20".into());
        let change = matters::Change {
            version: row.version,
            fields,
            state: row.state.clone(),
            person: officer,
            ..matters::Change::default()
        };
        assert!(matters::change(year.store.read(), &row, change, NOW).await.unwrap());
        assert_eq!(year.open(16, officer).await, ["task 2020-07-20: Kê khai"]);
        year.step(id, "done", officer).await;
        assert!(year.open(30, officer).await.is_empty());
    }

    #[tokio::test]
    async fn what_has_no_day_is_told_to_nobody() {
        let year = Year::new().await;
        let officer = year.person("lan", Role::Officer, "one").await;
        year.matter("task", &[("content", "x")], &["assign"], officer).await;
        year.matter("task", &[("content", "x"), ("due_on", "2020-07-01")], &[], officer).await;
        // A model that was taken up, and no day was said until which a report comes.
        let model = year.matter("model", &[("name", "x"), ("since", "2020-01-01")], &["show"], officer).await;
        let join = Join {
            matter: model,
            cluster: "six".into(),
            unit: "two".into(),
            yes: true,
            day: "2020-01-01".into(),
            person: officer,
            ..Join::default()
        };
        matters::join(year.store.read(), join, NOW).await.unwrap();
        let other = year.person("hoa", Role::Officer, "two").await;
        assert!(year.open(90, officer).await.is_empty() && year.open(90, other).await.is_empty());
    }

    #[tokio::test]
    async fn who_takes_a_model_up_is_reminded_of_the_report_that_it_promised() {
        let year = Year::new().await;
        let officer = year.person("lan", Role::Officer, "one").await;
        let other = year.person("hoa", Role::Officer, "two").await;
        let on = year.store.read();
        let model = year.matter("model", &[("name", "Phiếu hẹn")], &["show"], officer).await;
        let join = |report_by: &str| Join {
            matter: model,
            cluster: "six".into(),
            unit: "two".into(),
            yes: true,
            day: "2020-06-01".into(),
            report_by: Some(report_by.into()),
            person: other,
            ..Join::default()
        };
        matters::join(on, join("2020-07-20"), NOW).await.unwrap();
        assert!(year.open(5, other).await.is_empty());
        assert_eq!(year.open(16, other).await, ["follow-up 2020-07-20: Phiếu hẹn"]);
        assert!(year.open(16, officer).await.is_empty(), "it is the taker's to report");
        // It moves its day; then it reports.
        matters::join(on, join("2020-07-25"), NOW).await.unwrap();
        assert!(year.open(16, other).await.is_empty());
        assert_eq!(year.open(27, other).await, ["follow-up 2020-07-25: Phiếu hẹn, đã quá ngày"]);
        assert!(
            matters::report(on, model, ("six", "two"), ("Bớt 9 phút", "2020-07-28"), None).await.unwrap()
        );
        assert!(year.open(27, other).await.is_empty());
    }

    #[tokio::test]
    async fn promised_answers_points_and_missing_minutes_are_told() {
        let year = Year::new().await;
        let officer = year.person("lan", Role::Officer, "one").await;
        let other = year.person("hoa", Role::Officer, "two").await;
        let on = year.store.read();
        let fields = [("topic", "Hộ tịch"), ("planned_on", "2020-06-20")];
        let dialogue = year.matter("dialogue", &fields, &["announce"], officer).await;
        let question = matters::ask(on, dialogue, "Bao giờ có kết quả?", Some(officer), NOW).await.unwrap();
        let reply = |text: &str| Reply {
            text: text.into(),
            owner: "Phòng Hộ tịch".into(),
            due: "2020-07-05".into(),
            person: officer,
            on_behalf: None,
        };
        assert!(matters::reply(on, dialogue, question, reply(""), NOW).await.unwrap());
        let outcome = "outcome 2020-06-20: Hộ tịch, đã quá ngày";
        assert_eq!(year.open(0, officer).await, [outcome]);
        let promised = "follow-up 2020-07-05: Hộ tịch – Phòng Hộ tịch";
        assert_eq!(year.open(1, officer).await, [outcome, promised]);
        year.step(dialogue, "hold", officer).await;
        year.step(dialogue, "minutes", officer).await;
        assert_eq!(year.open(5, officer).await, [format!("{promised}, đã quá ngày")]);
        assert!(matters::reply(on, dialogue, question, reply("Ngày 10/7."), NOW).await.unwrap());
        assert!(year.open(5, officer).await.is_empty());
        let review =
            year.matter("review", &[("name", "Sơ kết")], &["invite", "hold", "conclude"], officer).await;
        let point = Point {
            matter: review,
            text: "Sửa quy trình".into(),
            unit: "two".into(),
            due: "2020-07-10".into(),
            ..Point::default()
        };
        let point = matters::add_point(on, point, officer, NOW).await.unwrap();
        assert!(year.open(1, other).await.is_empty());
        assert_eq!(year.open(2, other).await, ["point 2020-07-10: Sửa quy trình"]);
        assert_eq!(year.open(10, other).await, ["point 2020-07-10: Sửa quy trình, đã quá ngày"]);
        assert!(year.open(10, officer).await.is_empty(), "the point is the other unit's");
        let done = ("2020-07-11", "Đã sửa");
        assert!(matters::mend(on, review, (point, "two"), done, NOW).await.unwrap());
        assert!(year.open(10, other).await.is_empty());
    }

    #[tokio::test]
    async fn who_is_invited_is_told_until_it_answers_or_nobody_is_asked_any_more() {
        let year = Year::new().await;
        let officer = year.person("lan", Role::Officer, "one").await;
        let other = year.person("hoa", Role::Officer, "two").await;
        let third = year.person("mai", Role::Officer, "three").await;
        let leader = year.person("binh", Role::Leader, "two").await;
        let fields = [("activity", "Hội thao"), ("planned_on", "2020-07-20")];
        let exchange = year.matter("exchange", &fields, &["invite"], officer).await;
        let invited = ["invitation 2020-07-20: Hội thao"];
        assert_eq!(year.open(0, other).await, invited);
        assert_eq!(year.open(0, third).await, invited);
        assert!(year.open(0, officer).await.is_empty(), "it invites");
        assert!(year.open(0, leader).await.is_empty(), "the officer answers");
        // A no is an answer too.
        let join = Join {
            matter: exchange,
            cluster: "six".into(),
            unit: "two".into(),
            day: "2020-06-02".into(),
            person: other,
            ..Join::default()
        };
        matters::join(year.store.read(), join, NOW).await.unwrap();
        assert!(year.open(0, other).await.is_empty());
        assert_eq!(year.open(0, third).await, invited);
        year.step(exchange, "cancel", officer).await;
        assert!(year.open(0, third).await.is_empty());
        // Whoever takes a model up does so unasked, and a movement of one unit asks no other.
        year.matter("model", &[("name", "x")], &["show"], officer).await;
        year.matter("movement", &[("name", "x")], &["launch"], officer).await;
        assert!(year.open(0, third).await.is_empty());
    }

    #[tokio::test]
    async fn a_review_asks_each_unit_for_its_report_by_the_day_that_holds() {
        let year = Year::new().await;
        let officer = year.person("lan", Role::Officer, "one").await;
        let other = year.person("hoa", Role::Officer, "two").await;
        let leader = year.person("binh", Role::Leader, "two").await;
        let on = year.store.read();
        let fields = [("name", "Sơ kết"), ("reports_until", "2020-07-20")];
        let review = year.matter("review", &fields, &["invite"], officer).await;
        let asked = ["review 2020-07-20: Sơ kết"];
        for person in [officer, other, leader] {
            assert_eq!(year.open(0, person).await, asked);
        }
        // Its day is moved.
        let row = matters::by_id(on, review).await.unwrap().unwrap();
        let mut fields = row.fields.clone();
        fields.insert("reports_until".into(), "2020-07-25".into());
        let change = matters::Change {
            version: row.version,
            fields,
            state: row.state.clone(),
            person: officer,
            ..matters::Change::default()
        };
        assert!(matters::change(on, &row, change, NOW).await.unwrap());
        let asked = ["review 2020-07-25: Sơ kết"];
        assert_eq!(year.open(0, other).await, asked);
        // Kept is not sent.
        let paper = |version, sent_at| Paper {
            matter: review,
            unit: "two".into(),
            body: "{}".into(),
            version,
            sent_at,
            person: other,
            ..Paper::default()
        };
        assert!(matters::write_paper(on, paper(0, None), NOW).await.unwrap());
        assert_eq!(year.open(0, other).await, asked);
        assert!(matters::write_paper(on, paper(1, Some(NOW)), NOW).await.unwrap());
        assert!(year.open(0, other).await.is_empty() && year.open(0, leader).await.is_empty());
        assert_eq!(year.open(0, officer).await, asked);
        // The invitation is taken back.
        let steps = matters::all_steps(on, &[review]).await.unwrap();
        assert!(matters::take_back(on, steps[0].id, (officer, "Nhầm"), NOW).await.unwrap());
        assert!(year.open(0, officer).await.is_empty());
    }

    #[tokio::test]
    async fn who_was_silent_on_a_draft_until_its_day_is_not_asked_any_more() {
        let year = Year::new().await;
        let officer = year.person("lan", Role::Officer, "one").await;
        let draft = notices::New {
            kind: notices::Kind::Comment,
            cluster: Some("six".into()),
            unit: Some("one".into()),
            path: "/c/six/agreement/drafts/1/units/one".into(),
            about_vi: "Giao ước".into(),
            about_en: "Agreement".into(),
            due: Some("2020-07-02".into()),
        };
        let wish = notices::Wish::usual(draft.kind);
        let once = "draft six 1 asks one";
        notices::raise(year.store.read(), officer, once, &draft, wish, NOW).await.unwrap();
        assert_eq!(
            year.open(1, officer).await,
            ["comment 2020-07-02: Giao ước"],
            "the last day is the unit's"
        );
        assert!(year.open(2, officer).await.is_empty());
    }

    #[tokio::test]
    async fn what_staff_propose_is_told_to_who_decides_until_they_do() {
        let year = Year::new().await;
        let officer = year.person("lan", Role::Officer, "one").await;
        let staff = year.person("an", Role::Staff, "one").await;
        let other = year.person("hoa", Role::Officer, "two").await;
        // What the officer proposes waits for nobody else.
        year.matter("initiative", &[("title", "Phiếu hẹn")], &["propose"], officer).await;
        assert!(year.open(0, officer).await.is_empty());
        let case = year.matter("exemplar", &[("headline", "Trả hồ sơ tận nhà")], &["propose"], staff).await;
        let proposed = ["proposal : Trả hồ sơ tận nhà"];
        assert_eq!(year.open(0, officer).await, proposed);
        assert!(year.open(0, staff).await.is_empty() && year.open(0, other).await.is_empty());
        year.step(case, "consent", officer).await;
        assert_eq!(year.open(0, officer).await, proposed, "consent is not yet a word on the deed");
        year.step(case, "verify", officer).await;
        assert!(year.open(0, officer).await.is_empty());
    }

    #[tokio::test]
    async fn who_is_appointed_later_is_told_and_who_left_is_not() {
        let year = Year::new().await;
        let first = year.person("lan", Role::Officer, "one").await;
        year.matter("task", &[("content", "x"), ("due_on", "2020-07-02")], &["assign"], first).await;
        assert_eq!(year.open(0, first).await.len(), 1);
        let on = year.store.read();
        let second = people::add(on, "mai@x.vn", "Mai", "vi", NOW).await.unwrap().id;
        people::give(on, second, Role::Officer, Some("six"), Some("one"), "2020-07-02").await.unwrap();
        let held = people::roles(on, first).await.unwrap();
        people::end(on, held[0].id, "2020-07-01").await.unwrap();
        assert!(year.open(0, second).await.is_empty(), "not before the role begins");
        assert_eq!(year.open(1, second).await.len(), 1);
        assert!(year.open(1, first).await.is_empty());
    }
}
