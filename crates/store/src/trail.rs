//! What anybody did. Written in the same transaction as the deed; nothing switches it off, nothing removes a line.

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use crate::table::trail;
use crate::{Micros, Result, words};

words! {
    /// What was done.
    Act {
        /// Logged in.
        LogIn = "log-in",
        /// Logged out, or ended a session.
        LogOut = "log-out",
        /// A log-in that failed.
        LogInRefused = "log-in-refused",
        /// Set a password.
        Password = "password",
        /// Set up or removed the second factor.
        Second = "second-factor",
        /// Invited a person.
        Invite = "invite",
        /// Gave a role.
        Give = "give-role",
        /// Ended a role.
        End = "end-role",
        /// Closed or opened an account.
        Account = "account",
        /// Brought a file.
        Upload = "upload",
        /// Had a file loaded.
        Load = "load",
        /// Had an upload taken back.
        Undo = "undo",
        /// Reported that there were no cases.
        Nil = "nil-report",
        /// Confirmed that there were no cases.
        NilConfirm = "nil-confirm",
        /// Entered a record by form.
        Record = "record",
        /// Corrected a record by form.
        Correct = "correct",
        /// Withdrew a record.
        Withdraw = "withdraw",
        /// Took a file of evidence away.
        Unshow = "take-evidence",
        /// Contested records.
        Contest = "contest",
        /// Answered a contest.
        Answer = "answer",
        /// Answered a question that the data raise.
        Reply = "reply",
        /// Planned a release.
        Plan = "plan-release",
        /// Confirmed a unit's figures.
        Confirm = "confirm",
        /// A release was published.
        Publish = "publish",
        /// Made a token for a program.
        TokenMade = "token-made",
        /// Revoked a token.
        TokenRevoked = "token-revoked",
        /// A program brought records with a token.
        Pushed = "pushed",
        /// A program withdrew a record with a token.
        Withdrawn = "withdrawn",
        /// Began a matter of the year's work.
        Begin = "begin-matter",
        /// Changed a matter's text.
        Edit = "edit-matter",
        /// Took a step in a matter.
        Step = "step-matter",
        /// Took a step back.
        StepBack = "step-back-matter",
        /// Withdrew a matter.
        WithdrawMatter = "withdraw-matter",
        /// Erased what stood in a matter about a person.
        Erase = "erase-matter",
        /// Joined a matter of another unit, or declined.
        Join = "join-matter",
        /// Reported what came of it.
        Report = "report-matter",
        /// A resident asked a question.
        Ask = "ask-matter",
        /// Showed a resident's question, put it aside, or answered it.
        Moderate = "moderate-matter",
        /// Sent a unit's report to a review.
        Paper = "paper",
        /// Added a point to mend.
        Point = "point",
        /// Noted that a point was mended.
        Mend = "mend",
        /// Changed the year's calendar.
        Calendar = "calendar",
        /// Began a draft of an agreement.
        DraftBegun = "draft-begun",
        /// Saved a version of a draft.
        DraftSaved = "draft-saved",
        /// Sent a draft round.
        DraftCirculated = "draft-circulated",
        /// Reminded a unit of a draft.
        DraftReminded = "draft-reminded",
        /// Said something of a draft for a unit.
        DraftOpinion = "draft-opinion",
        /// Answered what a unit said of a draft.
        DraftReply = "draft-reply",
        /// Wrote a unit's own paragraph to a clause.
        DraftParagraph = "draft-paragraph",
        /// Registered a unit's titles and forms.
        Titles = "titles",
        /// Froze a draft for signing.
        DraftFrozen = "draft-frozen",
        /// Opened a frozen draft again.
        DraftOpened = "draft-opened",
        /// Gave a draft up.
        DraftDropped = "draft-dropped",
        /// Recorded the ceremony of signing.
        Ceremony = "ceremony",
        /// Recorded how a unit signed, or that it does not.
        Signature = "signature",
        /// Held a scan against the frozen text.
        Certify = "certify",
        /// An agreement came into force.
        InForce = "in-force",
        /// A cluster was brought in.
        Cluster = "cluster",
        /// Somebody asked for a new password by mail.
        Forgotten = "forgotten",
        /// Registered or removed a passkey.
        Passkey = "passkey",
        /// Bound the account to a provider of log-ins, or loosened it.
        SignOn = "sign-on",
        /// Bytes of uploads were removed that were older than files are kept.
        BytesGone = "bytes-gone",
        /// Wrote a notice of the city's board to clusters.
        Circular = "circular",
        /// Acknowledged or answered a notice of the city's board.
        CircularReply = "circular-reply",
        /// Wrote, or changed, a handover of the headship.
        Handover = "handover",
        /// Received a handover of the headship.
        HandoverReceived = "handover-received",
        /// Corrected a handover that was received.
        HandoverCorrected = "handover-corrected",
        /// Changed how a cluster is set up: a unit, a membership, other names, the calendar.
        Setup = "setup",
        /// Something that this program does not know: the line's text begins with its word.
        Other = "other",
    }
}

/// A line of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: Micros,
    /// In which cluster.
    pub cluster: Option<String>,
    /// Which unit it concerns.
    pub unit: Option<String>,
    /// Who; nothing where the program did it at its time.
    pub person: Option<i64>,
    /// What.
    pub act: Act,
    /// About what, in words that name no personal data of residents.
    pub about: String,
    /// What it rests on, when done on behalf of the unit.
    pub on_behalf: Option<String>,
}

impl Line {
    /// A line of the program's own; whoever did it, where, and for whom is added.
    pub fn new(at: Micros, act: Act, about: impl Into<String>) -> Self {
        Self { at, cluster: None, unit: None, person: None, act, about: about.into(), on_behalf: None }
    }

    /// Who did it.
    #[must_use]
    pub fn by(self, person: i64) -> Self {
        Self { person: Some(person), ..self }
    }

    /// In which cluster, and about which unit of it.
    #[must_use]
    pub fn of(self, cluster: &str, unit: Option<&str>) -> Self {
        Self { cluster: Some(cluster.to_owned()), unit: unit.map(str::to_owned), ..self }
    }

    /// The same, where a role may have no place.
    #[must_use]
    pub fn at(self, cluster: Option<&str>, unit: Option<&str>) -> Self {
        Self { cluster: cluster.map(str::to_owned), unit: unit.map(str::to_owned), ..self }
    }

    /// What it rests on, when done on behalf of the unit.
    #[must_use]
    pub fn on_behalf(self, on_behalf: Option<String>) -> Self {
        Self { on_behalf, ..self }
    }
}

/// Writes a line.
///
/// # Errors
/// When the database fails.
pub async fn write(on: &impl ConnectionTrait, line: Line) -> Result<()> {
    let row = trail::ActiveModel {
        id: NotSet,
        at: Set(line.at),
        cluster: Set(line.cluster),
        unit: Set(line.unit),
        person_id: Set(line.person),
        act: Set(line.act.word().to_owned()),
        about: Set(line.about),
        on_behalf: Set(line.on_behalf),
    };
    row.insert(on).await?;
    Ok(())
}

/// Lines of a cluster or of one unit in it, newest first; `before` goes on where a page ended. With each its number.
///
/// # Errors
/// When the database fails.
pub async fn read(
    on: &impl ConnectionTrait,
    cluster: Option<&str>,
    unit: Option<&str>,
    before: Option<i64>,
    most: u64,
) -> Result<Vec<(i64, Line)>> {
    let mut found = trail::Entity::find();
    if let Some(cluster) = cluster {
        found = found.filter(trail::Column::Cluster.eq(cluster));
    }
    if let Some(unit) = unit {
        found = found.filter(trail::Column::Unit.eq(unit));
    }
    if let Some(before) = before {
        found = found.filter(trail::Column::Id.lt(before));
    }
    let rows = found.order_by_desc(trail::Column::Id).limit(most).all(on).await?;
    Ok(rows.into_iter().map(line).collect())
}

/// A row as a line, with its number. Nothing is left out: what this program does not know is shown with its word.
fn line(row: trail::Model) -> (i64, Line) {
    let act = Act::of(&row.act);
    let line = Line {
        at: row.at,
        cluster: row.cluster,
        unit: row.unit,
        person: row.person_id,
        act: act.unwrap_or(Act::Other),
        about: match act {
            Some(_) => row.about,
            None if row.about.is_empty() => row.act,
            None => format!("{}: {}", row.act, row.about),
        },
        on_behalf: row.on_behalf,
    };
    (row.id, line)
}

/// A person's last log-ins and changes of how they log in, and what was tried at their address (whose digest is `about` of
/// such lines), newest first.
///
/// # Errors
/// When the database fails.
pub async fn log_ins(
    on: &impl ConnectionTrait,
    person: i64,
    address: &str,
    most: u64,
) -> Result<Vec<(i64, Line)>> {
    let own = [Act::LogIn, Act::LogOut, Act::Password, Act::Second, Act::Passkey, Act::SignOn];
    let at_address = [Act::LogInRefused, Act::Forgotten];
    let of_person = Condition::all()
        .add(trail::Column::PersonId.eq(person))
        .add(trail::Column::Act.is_in(own.map(Act::word)));
    let of_address = Condition::all()
        .add(trail::Column::About.eq(address))
        .add(trail::Column::Act.is_in(at_address.map(Act::word)));
    let found = trail::Entity::find().filter(Condition::any().add(of_person).add(of_address));
    let rows = found.order_by_desc(trail::Column::Id).limit(most).all(on).await?;
    Ok(rows.into_iter().map(line).collect())
}

/// What happened outside of any cluster: log-ins, refused tries, accounts and roles of the whole city, newest first; `before`
/// goes on where a page ended.
///
/// # Errors
/// When the database fails.
pub async fn accounts(on: &impl ConnectionTrait, before: Option<i64>, most: u64) -> Result<Vec<(i64, Line)>> {
    let mut found = trail::Entity::find().filter(trail::Column::Cluster.is_null());
    if let Some(before) = before {
        found = found.filter(trail::Column::Id.lt(before));
    }
    let rows = found.order_by_desc(trail::Column::Id).limit(most).all(on).await?;
    Ok(rows.into_iter().map(line).collect())
}
