//! Who pictures show (*người trong ảnh*). A picture is shown in public once somebody has said who can be known in it and all of them
//! have agreed; when one withdraws, it is erased. Names of people shown are personal data: they go with the picture.

use std::collections::HashMap;

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};

use crate::table::{evidence, picture, picture_person};
use crate::{Micros, Result};

/// What a file is called once it was erased: its own name may name people.
pub const ERASED: &str = "đã xoá";

/// What is known of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// What it shows, in words; blank where nobody has said it.
    pub caption: String,
    /// Whether somebody has looked: besides those who are named nobody can be known in it.
    pub looked: bool,
    /// Who is shown.
    pub people: Vec<Person>,
}

/// Somebody who is shown in a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Its number.
    pub id: i64,
    /// The name.
    pub name: String,
    /// The day on which they agreed, `YYYY-MM-DD`.
    pub agreed_on: Option<String>,
}

impl Picture {
    /// Whether it may be shown outside of its unit: somebody has looked at who is in it, and all of them have agreed.
    pub fn is_agreed(&self) -> bool {
        self.looked && self.people.iter().all(|person| person.agreed_on.is_some())
    }
}

/// What is known of pictures, by the number of their file.
///
/// # Errors
/// When the database fails.
pub async fn of(on: &impl ConnectionTrait, files: &[i64]) -> Result<HashMap<i64, Picture>> {
    let mut found: HashMap<i64, Picture> = HashMap::new();
    for some in files.chunks(crate::AT_ONCE) {
        let ids = || some.iter().copied();
        let rows = picture::Entity::find().filter(picture::Column::EvidenceId.is_in(ids())).all(on).await?;
        for row in rows {
            let picture = found.entry(row.evidence_id).or_default();
            (picture.caption, picture.looked) = (row.caption, row.looked);
        }
        let rows = picture_person::Entity::find()
            .filter(picture_person::Column::EvidenceId.is_in(ids()))
            .order_by_asc(picture_person::Column::Id)
            .all(on)
            .await?;
        for row in rows {
            let person = Person { id: row.id, name: row.name, agreed_on: row.agreed_on };
            found.entry(row.evidence_id).or_default().people.push(person);
        }
    }
    Ok(found)
}

/// Says what a picture shows, and whether somebody has looked who can be known in it.
///
/// # Errors
/// When the database fails.
pub async fn describe(
    on: &impl ConnectionTrait,
    file: i64,
    caption: &str,
    looked: bool,
    person: i64,
    now: Micros,
) -> Result<()> {
    picture::Entity::delete_many().filter(picture::Column::EvidenceId.eq(file)).exec(on).await?;
    let row = picture::ActiveModel {
        id: NotSet,
        evidence_id: Set(file),
        caption: Set(caption.to_owned()),
        looked: Set(looked),
        person_id: Set(person),
        at: Set(now),
    };
    row.insert(on).await?;
    Ok(())
}

/// Says that somebody is shown, and since when they agree; a person who is named already only agrees.
///
/// # Errors
/// When the database fails.
pub async fn name(
    on: &impl ConnectionTrait,
    file: i64,
    name: &str,
    agreed_on: Option<&str>,
    person: i64,
    now: Micros,
) -> Result<()> {
    let there = picture_person::Entity::update_many()
        .col_expr(picture_person::Column::AgreedOn, Expr::value(agreed_on.map(str::to_owned)))
        .filter(picture_person::Column::EvidenceId.eq(file))
        .filter(picture_person::Column::Name.eq(name))
        .exec(on)
        .await?;
    if there.rows_affected > 0 {
        return Ok(());
    }
    let row = picture_person::ActiveModel {
        id: NotSet,
        evidence_id: Set(file),
        name: Set(name.to_owned()),
        agreed_on: Set(agreed_on.map(str::to_owned)),
        person_id: Set(person),
        at: Set(now),
    };
    row.insert(on).await?;
    Ok(())
}

/// Forgets who files show, and what was said of them: they were taken away, or consent was.
///
/// # Errors
/// When the database fails.
pub async fn forget(on: &impl ConnectionTrait, files: &[i64]) -> Result<()> {
    for some in files.chunks(crate::AT_ONCE) {
        let ids = || some.iter().copied();
        picture::Entity::delete_many().filter(picture::Column::EvidenceId.is_in(ids())).exec(on).await?;
        picture_person::Entity::delete_many()
            .filter(picture_person::Column::EvidenceId.is_in(ids()))
            .exec(on)
            .await?;
    }
    Ok(())
}

/// Erases a picture in which somebody no longer wants to be shown: the file is taken away, its name and the names of who is in it
/// go. Gives the digest of its bytes, which are to be removed where nothing else speaks of them.
///
/// # Errors
/// When the database fails.
pub async fn erase(
    on: &impl ConnectionTrait,
    file: i64,
    (person, reason): (i64, &str),
    now: Micros,
) -> Result<Vec<String>> {
    let Some(row) = evidence::Entity::find_by_id(file).one(on).await? else { return Ok(Vec::new()) };
    crate::evidence::take_away(on, file, person, reason, now).await?;
    evidence::Entity::update_many()
        .col_expr(evidence::Column::Name, Expr::value(ERASED))
        .filter(evidence::Column::Id.eq(file))
        .exec(on)
        .await?;
    forget(on, &[file]).await?;
    Ok(vec![row.sha256])
}
