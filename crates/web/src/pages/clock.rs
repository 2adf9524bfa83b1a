//! The dossier clock: when something is due and why, for anyone.

use askama::Template;
use axum::extract::{Query, State as With};
use giaouoc_agreement::text::Lang;
use giaouoc_worktime::{Calendar, DEFAULT_CALENDAR, Limit, ReceiptRule};
use serde::Deserialize;

use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::state::State;
use crate::who::Who;

#[derive(Template)]
#[template(path = "pages/clock.html")]
struct Clock {
    base: Base,
    received: String,
    limit: String,
    unit: String,
    answer: Option<Reckoned>,
    wrong: Option<String>,
}

struct Reckoned {
    due: String,
    lines: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    received: String,
    #[serde(default)]
    limit: String,
    #[serde(default)]
    unit: String,
}

/// The form, with the answer below it. What is asked stands in the address, so that it can be sent to somebody.
pub(crate) async fn get(With(state): With<State>, who: Who, Query(asked): Query<Asked>) -> Answer {
    let calendar = Calendar::builtin(DEFAULT_CALENDAR).map_err(|error| Failed::Internal(error.en()))?;
    let title = who.say("Tính hạn trả kết quả", "When is it due?").to_owned();
    let mut page = Clock {
        base: Base::new(&state, &who, title),
        answer: None,
        wrong: None,
        received: asked.received.clone(),
        limit: asked.limit.clone(),
        unit: asked.unit.clone(),
    };
    if !asked.received.is_empty() {
        match reckon(&calendar, &asked, who.lang) {
            Ok(answer) => page.answer = Some(answer),
            Err(wrong) => page.wrong = Some(wrong),
        }
    }
    shown(&page)
}

fn reckon(calendar: &Calendar, asked: &Asked, lang: Lang) -> Result<Reckoned, String> {
    let say = |vi: &str, en: &str| if lang == Lang::Vi { vi.to_owned() } else { en.to_owned() };
    let received = calendar.zone().parse_moment(asked.received.trim()).map_err(|_| {
        say(
            "Ngày nhận chưa đúng; ghi ví dụ 2020-03-02T09:30.",
            "The time of receipt is not right; write for example 2020-03-02T09:30.",
        )
    })?;
    let count: i32 =
        asked.limit.trim().parse().ok().filter(|count| (0..=3_650).contains(count)).ok_or_else(|| {
            say("Thời hạn là một số từ 0 đến 3650.", "The limit is a number from 0 to 3650.")
        })?;
    let limit = match asked.unit.as_str() {
        "days" => Limit::CalendarDays(count),
        "months" => Limit::Months(count),
        "hours" => Limit::WorkingSeconds(i64::from(count) * 3_600),
        _ => Limit::WorkingDays(count),
    };
    let explained = calendar.explain(received, limit, ReceiptRule::default(), &[]);
    let explained = explained.map_err(|error| if lang == Lang::Vi { error.vi() } else { error.en() })?;
    let text = if lang == Lang::Vi { explained.vi() } else { explained.en() };
    let day = explained.due.day;
    let due = match lang {
        Lang::Vi => format!("{} {}", day.weekday().vi(), day.dmy()),
        Lang::En => format!("{} {day}", day.weekday().en()),
    };
    Ok(Reckoned { due, lines: text.lines().map(str::to_owned).collect() })
}
