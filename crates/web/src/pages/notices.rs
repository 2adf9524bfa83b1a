//! What waits for a person, and how they want to be told of it.

use askama::Template;
use axum::extract::{Path, State as With};
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::clusters;
use giaouoc_store::notices::{self, Kind, Mail, Notice, Wish};
use giaouoc_worktime::Day;
use serde::Deserialize;

use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::notices::words;
use crate::state::State;
use crate::when;
use crate::who::Who;

/// Notices on the page.
pub(crate) const MOST: u64 = 200;

#[derive(Template)]
#[template(path = "pages/notices.html")]
struct NoticesPage {
    base: Base,
    notices: Vec<Line>,
    unread: usize,
    wishes: Vec<Wanted>,
    /// Whether letters are sent at all, and to this person.
    mail: Option<bool>,
}

struct Line {
    id: i64,
    what: &'static str,
    about: String,
    href: String,
    place: String,
    due: Option<(String, &'static str)>,
    at: String,
    read: bool,
}

struct Wanted {
    kind: &'static str,
    name: &'static str,
    shown: bool,
    mails: Vec<(&'static str, &'static str, bool)>,
}

/// The open notices of somebody that are theirs to see today: of clusters in which they have a role.
pub(crate) async fn open(state: &State, who: &Who) -> Result<Vec<Notice>, Failed> {
    let mut found = notices::open(state.store.read(), who.person()?, MOST).await?;
    found.retain(|notice| notice.cluster.as_ref().is_none_or(|cluster| who.inside(cluster)));
    Ok(found)
}

/// How far a day is, in words without blame; and the class of its colour.
pub(crate) fn how_far(due: &str, today: &str, lang: Lang) -> (String, &'static str) {
    let shown = when::day_shown(due, lang);
    let (Some(due), Some(today)) = (day(due), day(today)) else { return (shown, "mute") };
    let left = i64::from(due.0) - i64::from(today.0);
    let (said, tone) = match (left, lang) {
        (0, Lang::Vi) => ("hôm nay".to_owned(), "open"),
        (0, Lang::En) => ("today".to_owned(), "open"),
        (1, Lang::Vi) => ("ngày mai".to_owned(), "open"),
        (1, Lang::En) => ("tomorrow".to_owned(), "open"),
        (2.., Lang::Vi) => (format!("còn {left} ngày"), "mute"),
        (2.., Lang::En) => (format!("in {left} days"), "mute"),
        (_, Lang::Vi) => (format!("đã qua {} ngày", -left), "not"),
        (_, Lang::En) => (format!("{} days ago", -left), "not"),
    };
    (format!("{shown}, {said}"), tone)
}

fn day(text: &str) -> Option<Day> {
    text.parse().ok()
}

/// The page.
pub(crate) async fn get(With(state): With<State>, who: Who) -> Answer {
    let person = who.person()?;
    let today = when::day_of(state.now(), &state.zone);
    let open = open(&state, &who).await?;
    let all = clusters::all(state.store.read()).await?;
    let place = |notice: &Notice| {
        let cluster = all.iter().find(|cluster| Some(&cluster.slug) == notice.cluster.as_ref());
        cluster.map_or_else(String::new, |cluster| {
            Text::new(cluster.name_vi.clone(), cluster.name_en.clone()).get(who.lang).to_owned()
        })
    };
    let line = |notice: &Notice| Line {
        id: notice.id,
        what: words(notice.kind, who.lang),
        about: Text::new(notice.about_vi.clone(), notice.about_en.clone()).get(who.lang).to_owned(),
        href: notice.path.clone(),
        place: place(notice),
        due: notice.due.as_ref().map(|due| how_far(due, &today, who.lang)),
        at: when::shown(notice.created_at, &state.zone, who.lang),
        read: notice.read_at.is_some(),
    };
    let mails = |chosen: Mail| {
        let word = |mail: &Mail| {
            let (vi, en) = match mail {
                Mail::AtOnce => ("thư ngay", "a letter at once"),
                Mail::Digest => ("trong thư tổng hợp mỗi ngày", "in the daily letter"),
                Mail::Off => ("không gửi thư", "no letter"),
            };
            (mail.word(), who.say(vi, en), *mail == chosen)
        };
        Mail::ALL.iter().map(word).collect()
    };
    let wishes = notices::wishes(state.store.read(), person).await?;
    let wanted = |(kind, wish): (&Kind, &Wish)| Wanted {
        kind: kind.word(),
        name: words(*kind, who.lang),
        shown: wish.shown,
        mails: mails(wish.mail),
    };
    let letters = who.known.as_ref().is_some_and(|known| known.person.notices);
    shown(&NoticesPage {
        unread: open.iter().filter(|notice| notice.read_at.is_none()).count(),
        notices: open.iter().map(line).collect(),
        wishes: wishes.iter().map(wanted).collect(),
        mail: state.site.mail.then_some(letters),
        base: Base::new(&state, &who, who.say("Thông báo", "Notices")),
    })
}

#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// Marks one as read.
pub(crate) async fn read(
    With(state): With<State>,
    who: Who,
    Path(notice): Path<i64>,
    Posted(_): Posted<Nothing>,
) -> Answer {
    notices::mark_read(state.store.read(), who.person()?, Some(notice), state.now()).await?;
    Ok(Redirect::to("/notices").into_response())
}

/// Marks all of them as read.
pub(crate) async fn read_all(With(state): With<State>, who: Who, Posted(_): Posted<Nothing>) -> Answer {
    notices::mark_read(state.store.read(), who.person()?, None, state.now()).await?;
    Ok(Redirect::to("/notices").into_response())
}

/// Sets how they are wanted: `shown-KIND` where it is shown, `mail-KIND` how letters come.
pub(crate) async fn wish(
    With(state): With<State>,
    who: Who,
    Posted(fields): Posted<Vec<(String, String)>>,
) -> Answer {
    let person = who.person()?;
    let field =
        |name: String| fields.iter().find(|(found, _)| *found == name).map(|(_, value)| value.as_str());
    let mut chosen = Vec::new();
    for kind in Kind::ALL {
        let mail = field(format!("mail-{}", kind.word()));
        // A kind that the form did not have keeps what holds: it is of a newer program than the form.
        let Some(mail) = mail else { continue };
        let mail = Mail::of(mail).ok_or_else(|| {
            Failed::wrong(
                format!("“{}”: hãy chọn một trong các cách gửi thư.", words(*kind, Lang::Vi)),
                format!("“{}”: choose one of the ways of letters.", words(*kind, Lang::En)),
            )
        })?;
        let shown = field(format!("shown-{}", kind.word())).is_some();
        chosen.push((*kind, Wish { shown, mail }));
    }
    let write = state.store.write().await?;
    for (kind, wish) in chosen {
        notices::set_wish(write.on(), person, kind, wish).await?;
    }
    write.commit().await?;
    Ok(Redirect::to("/notices#wishes").into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_a_day_is() {
        for (due, vi, en, tone) in [
            ("2020-07-01", "01/07/2020, hôm nay", "2020-07-01, today", "open"),
            ("2020-07-02", "02/07/2020, ngày mai", "2020-07-02, tomorrow", "open"),
            ("2020-07-11", "11/07/2020, còn 10 ngày", "2020-07-11, in 10 days", "mute"),
            ("2020-06-29", "29/06/2020, đã qua 2 ngày", "2020-06-29, 2 days ago", "not"),
        ] {
            assert_eq!(how_far(due, "2020-07-01", Lang::Vi), (vi.to_owned(), tone));
            assert_eq!(how_far(due, "2020-07-01", Lang::En), (en.to_owned(), tone));
        }
        assert_eq!(how_far("?", "2020-07-01", Lang::Vi).0, "?");
    }
}
