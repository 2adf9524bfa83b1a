//! What a person is told of: in the product, by a letter at once, in the daily letter, each as they wish. A notice has a day by
//! which something is to be done, or somebody waits for an answer; what is done closes it.

mod calls;

pub use calls::{Called, call, done, done_all, done_but, done_past, follow_roles, forget};

use std::collections::BTreeMap;

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use crate::table::{notice, notice_wish};
use crate::{Micros, Result, words};

words! {
    /// What a notice asks of its reader.
    Kind {
        /// A release waits for the leader's confirmation.
        Release = "release",
        /// Records are contested and wait for an answer.
        Contest = "contest",
        /// What somebody asked was answered.
        Answer = "answer",
        /// A file could not be read.
        Refused = "refused",
        /// The data raise a question that the unit answers.
        Question = "question",
        /// A report of no cases waits for the leader.
        Nil = "nil",
        /// A draft waits for comments or agreement.
        Comment = "comment",
        /// A unit remarks on a draft or objects, and waits for an answer.
        Opinion = "opinion",
        /// An agreement is frozen, and waits for the unit's signature.
        Signing = "signing",
        /// A resident asks.
        Resident = "resident",
        /// Units are asked whether they take part.
        Invitation = "invitation",
        /// Staff propose something, and wait for the unit's word.
        Proposal = "proposal",
        /// Something that was promised is due.
        FollowUp = "follow-up",
        /// A task or milestone is due.
        Task = "task",
        /// What was announced has its day behind it, and no outcome or minutes.
        Outcome = "outcome",
        /// A report for a review is due.
        Review = "review",
        /// A point to mend that a review decided on is due.
        Point = "point",
        /// The city's board tells the cluster something.
        Circular = "circular",
        /// A headship is handed over.
        Handover = "handover",
    }
}

impl Kind {
    /// Whether reading it is all that it asks for.
    pub fn is_done_when_read(self) -> bool {
        matches!(self, Self::Answer | Self::Refused)
    }
}

words! {
    /// How a person wants letters of a kind.
    Mail {
        /// A letter of its own, at once.
        AtOnce = "at-once",
        /// In the daily letter.
        Digest = "digest",
        /// None.
        Off = "off",
    }
}

words! {
    /// How a notice stands to the daily letter.
    Digest {
        /// It is not for it.
        No = "no",
        /// It waits for the next one.
        Waiting = "waiting",
        /// It stood in one.
        Sent = "sent",
    }
}

/// How a person wants notices of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Whether they are shown in the product.
    pub shown: bool,
    /// How letters come.
    pub mail: Mail,
}

impl Wish {
    /// What holds for a kind until its reader says otherwise.
    pub fn usual(kind: Kind) -> Self {
        let at_once =
            matches!(kind, Kind::Release | Kind::Contest | Kind::Answer | Kind::Refused | Kind::Handover);
        Self { shown: true, mail: if at_once { Mail::AtOnce } else { Mail::Digest } }
    }
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Number of the notice.
    pub id: i64,
    /// For whom.
    pub person: i64,
    /// What it asks.
    pub kind: Kind,
    /// In which cluster; nothing where it is about none.
    pub cluster: Option<String>,
    /// At which unit's desk.
    pub unit: Option<String>,
    /// The page it leads to, an address on this site.
    pub path: String,
    /// What it is about, in Vietnamese.
    pub about_vi: String,
    /// The same in English.
    pub about_en: String,
    /// The last day on which it can be done in time, `YYYY-MM-DD`; nothing where an answer is awaited without one.
    pub due: Option<String>,
    /// When it was raised.
    pub created_at: Micros,
    /// When its person read it.
    pub read_at: Option<Micros>,
}

/// What a notice is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    /// What it asks.
    pub kind: Kind,
    /// In which cluster.
    pub cluster: Option<String>,
    /// At which unit's desk.
    pub unit: Option<String>,
    /// The page it leads to, an address on this site.
    pub path: String,
    /// What it is about, in Vietnamese.
    pub about_vi: String,
    /// The same in English.
    pub about_en: String,
    /// The last day on which it can be done in time, `YYYY-MM-DD`.
    pub due: Option<String>,
}

/// Rows that this program does not know are left to one that does.
fn read(row: notice::Model) -> Option<Notice> {
    Some(Notice {
        id: row.id,
        person: row.person_id,
        kind: Kind::of(&row.kind)?,
        cluster: row.cluster,
        unit: row.unit,
        path: row.path,
        about_vi: row.about_vi,
        about_en: row.about_en,
        due: row.due,
        created_at: row.created_at,
        read_at: row.read_at,
    })
}

/// Tells a person, in the ways they wish. Of the same matter (`once`) each has one notice; raised again after it was done, it is
/// open again and unread. Says whether there is something new to tell.
///
/// # Errors
/// When the database fails.
pub async fn raise(
    on: &impl ConnectionTrait,
    person: i64,
    once: &str,
    new: &New,
    wish: Wish,
    now: Micros,
) -> Result<bool> {
    let digest = if wish.mail == Mail::Digest { Digest::Waiting } else { Digest::No };
    let row = notice::ActiveModel {
        id: NotSet,
        person_id: Set(person),
        kind: Set(new.kind.word().to_owned()),
        cluster: Set(new.cluster.clone()),
        unit: Set(new.unit.clone()),
        path: Set(new.path.clone()),
        about_vi: Set(new.about_vi.clone()),
        about_en: Set(new.about_en.clone()),
        once: Set(once.to_owned()),
        due: Set(new.due.clone()),
        shown: Set(i64::from(wish.shown)),
        digest: Set(digest.word().to_owned()),
        created_at: Set(now),
        read_at: Set(None),
        done_at: Set(None),
    };
    let there = OnConflict::columns([notice::Column::Once, notice::Column::PersonId]).do_nothing().to_owned();
    let inserted = notice::Entity::insert(row).on_conflict(there).exec_without_returning(on).await?;
    if inserted > 0 {
        return Ok(true);
    }
    let again = notice::Entity::update_many()
        .col_expr(notice::Column::DoneAt, Expr::value(None::<Micros>))
        .col_expr(notice::Column::ReadAt, Expr::value(None::<Micros>))
        .col_expr(notice::Column::Due, Expr::value(new.due.clone()))
        .col_expr(notice::Column::AboutVi, Expr::value(new.about_vi.clone()))
        .col_expr(notice::Column::AboutEn, Expr::value(new.about_en.clone()))
        .col_expr(notice::Column::Path, Expr::value(new.path.clone()))
        .col_expr(notice::Column::Shown, Expr::value(i64::from(wish.shown)))
        .col_expr(notice::Column::Digest, Expr::value(digest.word()))
        .col_expr(notice::Column::CreatedAt, Expr::value(now))
        .filter(notice::Column::Once.eq(once))
        .filter(notice::Column::PersonId.eq(person))
        .filter(notice::Column::DoneAt.is_not_null())
        .exec(on)
        .await?;
    Ok(again.rows_affected > 0)
}

/// The open notices of a person that are shown in the product: what is due first, then what waits longest.
///
/// # Errors
/// When the database fails.
pub async fn open(on: &impl ConnectionTrait, person: i64, most: u64) -> Result<Vec<Notice>> {
    let rows = of(person)
        .filter(notice::Column::Shown.ne(0))
        .order_by_asc(notice::Column::Id)
        .limit(most)
        .all(on)
        .await?;
    let mut found: Vec<Notice> = rows.into_iter().filter_map(read).collect();
    found.sort_by(|one, other| {
        let key = |notice: &Notice| (notice.due.is_none(), notice.due.clone(), notice.id);
        key(one).cmp(&key(other))
    });
    Ok(found)
}

fn of(person: i64) -> sea_orm::Select<notice::Entity> {
    notice::Entity::find()
        .filter(notice::Column::PersonId.eq(person))
        .filter(notice::Column::DoneAt.is_null())
}

/// Of a person's open notices that are shown in the product, those that were not read: in which cluster each is.
///
/// # Errors
/// When the database fails.
pub async fn unread(on: &impl ConnectionTrait, person: i64, most: u64) -> Result<Vec<Option<String>>> {
    let found = of(person)
        .select_only()
        .column(notice::Column::Cluster)
        .filter(notice::Column::Shown.ne(0))
        .filter(notice::Column::ReadAt.is_null())
        .limit(most);
    Ok(found.into_tuple().all(on).await?)
}

/// Marks one notice of a person as read, or all of them. What asks for no more is done with it.
///
/// # Errors
/// When the database fails.
pub async fn mark_read(on: &impl ConnectionTrait, person: i64, id: Option<i64>, now: Micros) -> Result<()> {
    let mut which =
        Condition::all().add(notice::Column::PersonId.eq(person)).add(notice::Column::DoneAt.is_null());
    if let Some(id) = id {
        which = which.add(notice::Column::Id.eq(id));
    }
    notice::Entity::update_many()
        .col_expr(notice::Column::ReadAt, Expr::value(now))
        .filter(which.clone())
        .filter(notice::Column::ReadAt.is_null())
        .exec(on)
        .await?;
    let over = Kind::ALL.iter().filter(|kind| kind.is_done_when_read()).map(|kind| kind.word());
    notice::Entity::update_many()
        .col_expr(notice::Column::DoneAt, Expr::value(now))
        .filter(which)
        .filter(notice::Column::Kind.is_in(over))
        .exec(on)
        .await?;
    Ok(())
}

/// How a person wants notices, of every kind.
///
/// # Errors
/// When the database fails.
pub async fn wishes(on: &impl ConnectionTrait, person: i64) -> Result<BTreeMap<Kind, Wish>> {
    let mut all: BTreeMap<Kind, Wish> = Kind::ALL.iter().map(|kind| (*kind, Wish::usual(*kind))).collect();
    let rows = notice_wish::Entity::find().filter(notice_wish::Column::PersonId.eq(person)).all(on).await?;
    for row in rows {
        if let (Some(kind), Some(mail)) = (Kind::of(&row.kind), Mail::of(&row.mail)) {
            all.insert(kind, Wish { shown: row.shown != 0, mail });
        }
    }
    Ok(all)
}

/// Sets how a person wants notices of a kind, those that are open too.
///
/// # Errors
/// When the database fails.
pub async fn set_wish(on: &impl ConnectionTrait, person: i64, kind: Kind, wish: Wish) -> Result<()> {
    let row = notice_wish::ActiveModel {
        id: NotSet,
        person_id: Set(person),
        kind: Set(kind.word().to_owned()),
        shown: Set(i64::from(wish.shown)),
        mail: Set(wish.mail.word().to_owned()),
    };
    use notice_wish::Column::{Kind as OfKind, Mail as ByMail, PersonId, Shown};
    notice_wish::Entity::insert(row)
        .on_conflict(OnConflict::columns([PersonId, OfKind]).update_columns([Shown, ByMail]).to_owned())
        .exec_without_returning(on)
        .await?;
    let mut open = notice::Entity::update_many()
        .col_expr(notice::Column::Shown, Expr::value(i64::from(wish.shown)))
        .filter(notice::Column::PersonId.eq(person))
        .filter(notice::Column::Kind.eq(kind.word()))
        .filter(notice::Column::DoneAt.is_null());
    if wish.mail != Mail::Digest {
        open = open.col_expr(notice::Column::Digest, Expr::value(Digest::No.word()));
    }
    open.exec(on).await?;
    Ok(())
}

/// Open notices that stand in people's daily letters: those that wait for it, and those that were in one and are due up to a day
/// (`soon`). Only who has something new, or something due up to that day, has a letter.
///
/// # Errors
/// When the database fails.
pub async fn for_digest(on: &impl ConnectionTrait, soon: &str) -> Result<BTreeMap<i64, Vec<Notice>>> {
    let due = Condition::all()
        .add(notice::Column::Digest.eq(Digest::Sent.word()))
        .add(notice::Column::Due.is_not_null())
        .add(notice::Column::Due.lte(soon));
    let rows = notice::Entity::find()
        .filter(notice::Column::DoneAt.is_null())
        .filter(Condition::any().add(notice::Column::Digest.eq(Digest::Waiting.word())).add(due))
        .order_by_asc(notice::Column::Id)
        .all(on)
        .await?;
    let mut found: BTreeMap<i64, Vec<Notice>> = BTreeMap::new();
    for notice in rows.into_iter().filter_map(read) {
        found.entry(notice.person).or_default().push(notice);
    }
    Ok(found)
}

/// Notes that these notices of a person stood in a daily letter.
///
/// # Errors
/// When the database fails.
pub async fn digested(on: &impl ConnectionTrait, ids: &[i64]) -> Result<()> {
    notice::Entity::update_many()
        .col_expr(notice::Column::Digest, Expr::value(Digest::Sent.word()))
        .filter(notice::Column::Id.is_in(ids.iter().copied()))
        .exec(on)
        .await?;
    Ok(())
}
