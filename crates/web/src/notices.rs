//! Who is told of what, in the product and by mail: raised in the transaction of the event, once an event and person, closed in
//! that of the deed which ends it. Nobody is told of what has no day to be done by and no answer to be given.
//!
//! Other parts raise theirs with [`raise`] and close them with [`done`]; a new kind is a word of
//! `giaouoc_store::notices::Kind` with its words in [`words`].

use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::letters::{self, Kind as Letter};
use giaouoc_store::notices::{self, Called, Kind, Mail, New};
use giaouoc_store::people::{self, Role};
use giaouoc_store::releases::Contest;
use giaouoc_store::uploads::Upload;
use giaouoc_store::{Micros, Result, Write};

use crate::pages::desk::{address, kind_name};
use crate::sheet::Sheet;
use crate::state::State;
use crate::when;

/// Who is told.
#[derive(Clone, Copy, Debug)]
pub enum Whom<'a> {
    /// These people.
    People(&'a [i64]),
    /// Who holds one of these roles in a cluster on the day of the event: of a unit, where one is named.
    Holders {
        /// The roles.
        roles: &'a [Role],
        /// The cluster.
        cluster: &'a str,
        /// The unit.
        unit: Option<&'a str>,
    },
}

/// Why somebody is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Something is to be done until the end of this day, `YYYY-MM-DD`.
    By(String),
    /// Somebody waits for an answer, or the reader for one.
    Answer,
}

/// What somebody is told.
#[derive(Clone, Debug)]
pub struct Matter {
    /// What it asks.
    pub kind: Kind,
    /// In which cluster, for those who have a role there; nothing where it is about none.
    pub cluster: Option<String>,
    /// At which unit's desk it stands too.
    pub unit: Option<String>,
    /// The page where it is done, an address on this site.
    pub path: String,
    /// What it is about, in a few words.
    pub about: Text,
    /// Why they are told.
    pub why: Why,
}

/// When and how letters go.
#[derive(Clone, Debug)]
pub struct Now {
    /// The time.
    pub at: Micros,
    /// The local day, `YYYY-MM-DD`.
    pub today: String,
    /// Whether letters are sent by mail.
    pub mail: bool,
}

impl Now {
    /// As a page has it.
    pub(crate) fn of(state: &State) -> Self {
        let at = state.now();
        Self { at, today: when::day_of(at, &state.zone), mail: state.site.mail }
    }
}

/// Tells people, each in the ways they wish. Of the same matter (`once`) each has one notice.
///
/// # Errors
/// When the database fails.
pub async fn raise(write: &Write, now: &Now, whom: Whom<'_>, once: &str, matter: &Matter) -> Result<()> {
    let on = write.on();
    let new = New {
        kind: matter.kind,
        cluster: matter.cluster.clone(),
        unit: matter.unit.clone(),
        path: matter.path.clone(),
        about_vi: matter.about.vi.clone(),
        about_en: matter.about.en.clone(),
        due: match &matter.why {
            Why::By(day) => Some(day.clone()),
            Why::Answer => None,
        },
    };
    let found = match whom {
        Whom::People(people) => people.to_vec(),
        Whom::Holders { roles, cluster, unit } => {
            // Whoever receives one of the roles later is told of it too, as long as it is open.
            notices::call(on, once, Called { roles, cluster, unit }, &new, now.at).await?;
            letters::holders(on, roles, cluster, unit, &now.today).await?
        }
    };
    for person in found {
        let there = people::get(on, person).await?;
        if there.is_none_or(|person| person.disabled_at.is_some()) {
            continue;
        }
        let wish = notices::wishes(on, person).await?.remove(&matter.kind);
        let wish = wish.unwrap_or_else(|| notices::Wish::usual(matter.kind));
        let fresh = notices::raise(on, person, once, &new, wish, now.at).await?;
        if fresh && now.mail && wish.mail == Mail::AtOnce {
            // Raised again after it was done, it is another letter.
            let key = format!("{once} at {}", now.at);
            letters::notify(on, &[person], &key, &letter(matter, &new), now.at).await?;
        }
    }
    Ok(())
}

/// A matter is done: whoever was told of it is no longer.
///
/// # Errors
/// When the database fails.
pub async fn done(write: &Write, once: &str, now: Micros) -> Result<()> {
    notices::done(write.on(), once, now).await.map(|_| ())
}

/// A resident asks: whoever answers for the unit reads it, until nothing waits to be read.
pub(crate) async fn resident(state: &State, write: &Write, full: &crate::matters::Full) -> Result<()> {
    let (slug, unit) = (full.row.cluster.as_str(), full.row.unit.as_str());
    let matter = Matter {
        kind: Kind::Resident,
        cluster: Some(slug.to_owned()),
        unit: Some(unit.to_owned()),
        path: format!("{}#questions", full.address()),
        about: Text::same(full.matter.title(full.sort)),
        why: Why::Answer,
    };
    let whom = Whom::Holders { roles: &[Role::Officer], cluster: slug, unit: Some(unit) };
    raise(write, &Now::of(state), whom, &of_matter(full, unit), &matter).await
}

/// What a matter tells a unit of, once.
pub(crate) fn of_matter(full: &crate::matters::Full, unit: &str) -> String {
    format!("matter {} {unit}", full.row.id)
}

/// The letter of a matter.
fn letter(matter: &Matter, new: &New) -> letters::New {
    let kind = match matter.kind {
        Kind::Release => Letter::Confirm,
        Kind::Contest => Letter::Question,
        Kind::Answer => Letter::Answer,
        Kind::Refused => Letter::Refused,
        _ => Letter::Notice,
    };
    let about = |lang| match kind {
        Letter::Notice => said(matter.kind, &matter.about, new.due.as_deref(), lang),
        _ => match (matter.about.get(lang), &new.due, lang) {
            (about, Some(due), Lang::Vi) => format!("{about} (hạn {})", when::day_shown(due, lang)),
            (about, Some(due), Lang::En) => format!("{about} (by {due})"),
            (about, None, _) => about.to_owned(),
        },
    };
    letters::New { kind, path: Some(new.path.clone()), about_vi: about(Lang::Vi), about_en: about(Lang::En) }
}

/// A notice on one line: what it asks, about what, until when.
pub fn said(kind: Kind, about: &Text, due: Option<&str>, lang: Lang) -> String {
    let line = format!("{}: {}", words(kind, lang), about.get(lang));
    match (due, lang) {
        (None, _) => line,
        (Some(due), Lang::Vi) => format!("{line} (hạn {})", when::day_shown(due, lang)),
        (Some(due), Lang::En) => format!("{line} (by {due})"),
    }
}

/// What a kind of notice asks, in a few words.
pub fn words(kind: Kind, lang: Lang) -> &'static str {
    let (vi, en) = match kind {
        Kind::Release => {
            ("Số liệu chờ lãnh đạo đơn vị xác nhận", "Figures wait for the leader's confirmation")
        }
        Kind::Contest => ("Bản ghi được đề nghị xem lại", "Records that somebody asks to look at again"),
        Kind::Answer => ("Đề nghị của đơn vị đã có trả lời", "The unit's question was answered"),
        Kind::Refused => ("Tệp đã gửi chưa đọc được", "A file could not be read"),
        Kind::Question => ("Câu hỏi về số liệu chờ trả lời", "A question about the data to answer"),
        Kind::Nil => ("Báo không phát sinh chờ lãnh đạo xác nhận", "A report of no cases to confirm"),
        Kind::Comment => ("Dự thảo chờ góp ý", "A draft waits for comments"),
        Kind::Opinion => ("Ý kiến của đơn vị về dự thảo chờ trả lời", "A unit's remark on a draft to answer"),
        Kind::Signing => ("Giao ước chờ lãnh đạo đơn vị ký", "An agreement waits for the leader's signature"),
        Kind::Resident => ("Câu hỏi của người dân chờ trả lời", "A resident's question to answer"),
        Kind::Invitation => {
            ("Lời mời, phát động chờ đơn vị trả lời", "An invitation that a unit is to answer")
        }
        Kind::Proposal => ("Đề xuất của cán bộ chờ xem xét", "A proposal of the staff to look at"),
        Kind::FollowUp => ("Việc đã hứa đến hạn", "Something that was promised is due"),
        Kind::Task => ("Nhiệm vụ đến hạn", "A task is due"),
        Kind::Outcome => (
            "Việc đã thông báo chưa có kết quả, biên bản",
            "Something announced has no outcome or minutes yet",
        ),
        Kind::Point => ("Việc phải làm sau sơ kết, tổng kết đến hạn", "A point of a review is due"),
        Kind::Review => ("Báo cáo sơ kết, tổng kết đến hạn", "A report for a review is due"),
        Kind::Circular => {
            ("Thông báo của Ban Thi đua chờ phản hồi", "A notice of the emulation board to answer")
        }
        Kind::Handover => ("Bàn giao cụm trưởng chờ nhận", "A handover of the headship to receive"),
    };
    match lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}

/// What a release is called among the matters; of all its units, or of one.
pub fn of_release(slug: &str, number: i64, unit: &str) -> String {
    format!("release {slug} {number} {unit}")
}

/// A release was planned: the leaders of the units confirm before its time.
pub(crate) async fn planned(
    state: &State,
    write: &Write,
    sheet: &Sheet,
    (slug, number): (&str, i64),
    (name_vi, name_en): (&str, &str),
    confirm_by: Micros,
) -> Result<()> {
    for unit in &sheet.units {
        let matter = Matter {
            kind: Kind::Release,
            cluster: Some(slug.to_owned()),
            unit: Some(unit.code.clone()),
            path: address(slug, &unit.code),
            about: Text::new(name_vi, name_en),
            why: Why::By(when::day_of(confirm_by, &state.zone)),
        };
        let leaders = Whom::Holders { roles: &[Role::Leader], cluster: slug, unit: Some(&unit.code) };
        raise(write, &Now::of(state), leaders, &of_release(slug, number, &unit.code), &matter).await?;
    }
    Ok(())
}

/// Records are contested: who supplied them answers, or whoever leads the cluster's year where nobody in particular did.
pub(crate) async fn contested(
    state: &State,
    write: &Write,
    slug: &str,
    id: i64,
    supplier: Option<&str>,
    kind: &str,
) -> Result<()> {
    let (roles, path): (&[Role], _) = match supplier {
        Some(unit) => (&[Role::Officer, Role::Leader], address(slug, unit)),
        None => (&[Role::Secretary], format!("/c/{slug}/units")),
    };
    let matter = Matter {
        kind: Kind::Contest,
        cluster: Some(slug.to_owned()),
        unit: supplier.map(str::to_owned),
        path,
        about: Text::new(kind_name(kind, Lang::Vi), kind_name(kind, Lang::En)),
        why: Why::Answer,
    };
    let whom = Whom::Holders { roles, cluster: slug, unit: supplier };
    raise(write, &Now::of(state), whom, &format!("contest {slug} {id}"), &matter).await
}

/// A contest was answered: whoever asked reads it, and whoever was asked is done.
pub(crate) async fn answered(state: &State, write: &Write, slug: &str, contest: &Contest) -> Result<()> {
    done(write, &format!("contest {slug} {}", contest.id), state.now()).await?;
    let matter = Matter {
        kind: Kind::Answer,
        cluster: Some(slug.to_owned()),
        unit: Some(contest.unit.clone()),
        path: address(slug, &contest.unit),
        about: Text::new(kind_name(&contest.kind, Lang::Vi), kind_name(&contest.kind, Lang::En)),
        why: Why::Answer,
    };
    let once = format!("answer {slug} {}", contest.id);
    raise(write, &Now::of(state), Whom::People(&[contest.person]), &once, &matter).await
}

/// A report of no cases was made, or confirmed: it waits for the unit's leader until then.
pub(crate) async fn nil(
    state: &State,
    write: &Write,
    (slug, unit): (&str, &str),
    kind: &str,
    confirmed: bool,
) -> Result<()> {
    let once = format!("nil {slug} {unit} {kind}");
    if confirmed {
        return done(write, &once, state.now()).await;
    }
    let matter = Matter {
        kind: Kind::Nil,
        cluster: Some(slug.to_owned()),
        unit: Some(unit.to_owned()),
        path: format!("{}#kinds", address(slug, unit)),
        about: Text::new(kind_name(kind, Lang::Vi), kind_name(kind, Lang::En)),
        why: Why::Answer,
    };
    let leaders = Whom::Holders { roles: &[Role::Leader], cluster: slug, unit: Some(unit) };
    raise(write, &Now::of(state), leaders, &once, &matter).await
}

/// The data raise a question, or no longer do: the unit answers.
///
/// # Errors
/// When the database fails.
pub async fn asked(
    write: &Write,
    now: &Now,
    question: &giaouoc_store::questions::Question,
    name: &Text,
) -> Result<()> {
    let (slug, unit) = (question.cluster.as_str(), question.unit.as_str());
    let once = of_question(slug, question.id);
    if !question.open() {
        return done(write, &once, now.at).await;
    }
    let matter = Matter {
        kind: Kind::Question,
        cluster: Some(slug.to_owned()),
        unit: Some(unit.to_owned()),
        path: format!("{}#question-{}", address(slug, unit), question.id),
        about: name.clone(),
        why: Why::Answer,
    };
    let whom = Whom::Holders { roles: &[Role::Officer, Role::Leader], cluster: slug, unit: Some(unit) };
    raise(write, now, whom, &once, &matter).await
}

/// What a question is called among the matters.
pub(crate) fn of_question(slug: &str, id: i64) -> String {
    format!("question {slug} {id}")
}

/// A file that was sent could not be taken: whoever sent it looks at why.
///
/// # Errors
/// When the database fails.
pub async fn refused(write: &Write, upload: &Upload, now: &Now) -> Result<()> {
    let matter = Matter {
        kind: Kind::Refused,
        cluster: Some(upload.cluster.clone()),
        unit: Some(upload.unit.clone()),
        path: format!("{}uploads/{}", address(&upload.cluster, &upload.unit), upload.id),
        about: Text::same(&upload.name),
        why: Why::Answer,
    };
    raise(write, now, Whom::People(&[upload.person]), &format!("upload {}", upload.id), &matter).await
}
