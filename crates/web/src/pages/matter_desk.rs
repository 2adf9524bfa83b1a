//! What of the year's work waits at a unit's desk.

use giaouoc_store::matters::{self as kept, State as Standing};
use giaouoc_year::sort::Part;

use super::matter_others::{asks_reports, asks_units};
use super::work::today;
use crate::access::Doing;
use crate::error::Failed;
use crate::matters;
use crate::state::State;
use crate::when;
use crate::who::Who;

/// What waits at a unit's desk: who is to do what, by when.
pub(crate) async fn at_desk(
    state: &State,
    who: &Who,
    slug: &str,
    unit: &str,
) -> Result<Vec<(String, String)>, Failed> {
    let all = matters::list(
        &state.store,
        &kept::Filter { cluster: Some(slug.to_owned()), ..kept::Filter::default() },
    )
    .await?;
    let today = today(state)?;
    let say = |vi: String, en: String| if who.lang == giaouoc_agreement::text::Lang::Vi { vi } else { en };
    let mut todo = Vec::new();
    for full in all.iter().filter(|full| asks_reports(full)) {
        let papers = kept::papers(state.store.read(), full.row.id).await?;
        if !papers.iter().any(|paper| paper.unit == unit && paper.sent_at.is_some()) {
            let until = full
                .matter
                .fields
                .get("reports_until")
                .map(|day| when::day_shown(day, who.lang))
                .unwrap_or_default();
            let title = full.matter.title(full.sort);
            let text = say(
                format!("Báo cáo ngắn gửi trước {until}: {title}"),
                format!("A short report due by {until}: {title}"),
            );
            todo.push((
                text,
                format!(
                    "{}report/{}",
                    super::desk::address(slug, unit),
                    crate::html::encoded(&full.row.code)
                ),
            ));
        }
    }
    let reviews: Vec<i64> =
        all.iter().filter(|full| full.sort.has(Part::Points)).map(|full| full.row.id).collect();
    for point in kept::points(state.store.read(), &reviews).await? {
        if point.unit == unit && point.done.is_none() {
            let Some(full) = all.iter().find(|full| full.row.id == point.matter) else { continue };
            let (due, text) =
                (when::day_shown(&point.due, who.lang), point.text.chars().take(80).collect::<String>());
            let text =
                say(format!("Việc phải làm, hạn {due}: {text}"), format!("To be mended by {due}: {text}"));
            todo.push((text, format!("{}#points", full.address())));
        }
    }
    for full in &all {
        let title = full.matter.title(full.sort);
        let href = full.address();
        if full.row.unit == unit {
            let unread = full.questions.iter().filter(|one| one.state == Standing::Waiting).count();
            if unread > 0 {
                let text = say(
                    format!("{unread} câu hỏi của người dân chưa đọc: {title}"),
                    format!("{unread} residents' questions to read: {title}"),
                );
                todo.push((text, format!("{href}#questions")));
            }
            let due = full.questions.iter().filter(|one| one.reply.is_none() && one.state == Standing::Shown);
            let late = due.filter(|one| {
                one.due
                    .as_ref()
                    .and_then(|due| due.parse().ok())
                    .is_some_and(|due: giaouoc_worktime::Day| due < today)
            });
            let late = late.count();
            if late > 0 {
                let text = say(
                    format!("{late} câu hỏi đã quá hạn trả lời: {title}"),
                    format!("{late} answers are over their day: {title}"),
                );
                todo.push((text, format!("{href}#questions")));
            }
            if let Some(days) = full.matter.days_over(full.sort, today) {
                let when = full
                    .matter
                    .when(full.sort)
                    .map(|day| when::day_shown(&day.to_string(), who.lang))
                    .unwrap_or_default();
                let text = say(
                    format!("{}: {title} – ngày {when}, đã qua {days} ngày", full.sort.name.vi),
                    format!("{}: {title} – {when}, {days} days ago", full.sort.name.en),
                );
                todo.push((text, href.clone()));
            }
            if full.matter.state(full.sort) == "propose" && who.may(Doing::Bring, slug, unit) {
                let text = say(
                    format!("{} được đề xuất: {title}", full.sort.name.vi),
                    format!("{} proposed: {title}", full.sort.name.en),
                );
                todo.push((text, href));
            }
            continue;
        }
        let silent = !full.joined.iter().any(|one| one.cluster == slug && one.unit == unit);
        if asks_units(full) && silent {
            let text =
                say(format!("Lời mời chờ trả lời: {title}"), format!("An invitation to answer: {title}"));
            todo.push((text, format!("{href}#joined")));
        }
    }
    Ok(todo)
}
