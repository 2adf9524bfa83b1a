//! A due date's working as a small calendar: what each day from receipt to the end was.

use giaouoc_agreement::text::Lang;
use giaouoc_worktime::time::{Day, Moment};
use giaouoc_worktime::{Calendar, Explanation, Limit, SkipReason};

use crate::render::grid::{paragraph, width};
use crate::screen::Screen;

/// Longer stretches are no picture any more.
const MOST_WEEKS: i32 = 16;
/// A day: its number and what it was.
const CELL: usize = 7;

/// The calendar, or nothing where the stretch is too long to be looked at.
pub fn render(
    explanation: &Explanation,
    calendar: &Calendar,
    dues: &[Day],
    finished: Option<Day>,
    screen: &Screen,
) -> String {
    let local = |moment: &Moment| match moment {
        Moment::Day(day) => *day,
        Moment::Instant(at) => calendar.zone().day_of(*at),
    };
    let (received, due) = (local(&explanation.received), explanation.due.day);
    let marked = dues.iter().copied().chain(finished).filter(|day| *day >= received);
    let last = marked.fold(due, Day::max);
    let monday = |day: Day| Day(day.0 - day.weekday().index() as i32);
    let weeks = (monday(last).0 - monday(received).0) / 7 + 1;
    if weeks > MOST_WEEKS {
        return String::new();
    }
    let paused = |day: Day| {
        explanation.pauses.iter().any(|line| {
            let of = |at| calendar.zone().day_of(at);
            of(line.pause.from) < day && day <= of(line.pause.to)
        })
    };
    // Numbers say which day of the limit it was; with pauses in between they would say too much.
    let numbered = matches!(explanation.limit, Limit::WorkingDays(_)) && explanation.pauses.is_empty();
    let days = match screen.lang {
        Lang::Vi => ["T2", "T3", "T4", "T5", "T6", "T7", "CN"],
        Lang::En => ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"],
    };
    let label = 8;
    let mut out = " ".repeat(label + 2);
    for day in days {
        out.push_str(&padded(day));
    }
    let (mut nth, mut any_off, mut any_pause) = (0, false, false);
    out = out.trim_end().to_owned() + "\n";
    for week in 0..weeks {
        let first = Day(monday(received).0 + 7 * week);
        let (_, month, _) = first.ymd();
        let mut line = format!("  {:<label$}", format!("{:02}/{month:02}", first.ymd().2));
        for at in 0..7 {
            let day = Day(first.0 + at);
            if day < received || day > last {
                line.push_str(&" ".repeat(CELL));
                continue;
            }
            let skipped = explanation.skipped.iter().find(|skipped| skipped.day == day);
            let mut mark = String::new();
            match skipped.map(|skipped| &skipped.reason) {
                Some(SkipReason::WeeklyRest) => mark.push('·'),
                Some(SkipReason::DayOff(_)) => {
                    any_off = true;
                    mark.push('×');
                }
                Some(SkipReason::FirstDay | SkipReason::BeforeStart) => {}
                None if day <= due && paused(day) => {
                    any_pause = true;
                    mark.push('‖');
                }
                None if day <= due && numbered && day > received => {
                    nth += 1;
                    mark.push_str(&nth.to_string());
                }
                None => {}
            }
            if day == received {
                mark.push('▸');
            }
            if day == due {
                mark.push('■');
            } else if dues.contains(&day) {
                mark.push('□');
            }
            if finished == Some(day) {
                mark.push('✓');
            }
            let (_, _, number) = day.ymd();
            line.push_str(&padded(&format!("{number:02} {mark}")));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    let mut key = vec![screen.say("▸ tiếp nhận", "▸ received")];
    if numbered {
        key.push(screen.say("1, 2, … ngày được tính", "1, 2, … days counted"));
    }
    key.push(screen.say("· nghỉ hằng tuần", "· weekly rest"));
    if any_off {
        key.push(screen.say("× nghỉ lễ, nghỉ bù", "× holiday or day in lieu"));
    }
    if any_pause {
        key.push(screen.say("‖ tạm dừng", "‖ paused"));
    }
    key.push(screen.say("■ hạn tính được", "■ due as worked out"));
    if dues.iter().any(|day| *day != due) {
        key.push(screen.say("□ hạn ghi trong bản ghi", "□ due as recorded"));
    }
    if finished.is_some() {
        key.push(screen.say("✓ có kết quả", "✓ finished"));
    }
    out.push_str(&paragraph(&key.join("; "), "  ", "  ", screen.width));
    out
}

fn padded(text: &str) -> String {
    let room = CELL.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(room.max(1)))
}
