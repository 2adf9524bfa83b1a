//! Who gets a notice by mail of what: written in the transaction of the event, once an event and person. Without a mail
//! server nothing is written; everything a notice tells stands on the pages anyway.

use giaouoc_agreement::text::Lang;
use giaouoc_store::letters::{self, Kind, New};
use giaouoc_store::people::Role;
use giaouoc_store::releases::Contest;
use giaouoc_store::uploads::Upload;
use giaouoc_store::{Micros, Result, Write};

use crate::pages::desk::{address, kind_name};
use crate::sheet::Sheet;
use crate::state::State;
use crate::when;

/// A release was planned: the leaders of the units confirm before its time.
pub(crate) async fn planned(
    state: &State,
    write: &Write,
    sheet: &Sheet,
    (slug, number): (&str, i64),
    (name_vi, name_en): (&str, &str),
    confirm_by: Micros,
) -> Result<()> {
    if !state.site.mail {
        return Ok(());
    }
    let (now, today) = (state.now(), when::day_of(state.now(), &state.zone));
    let by = |lang| when::shown(confirm_by, &state.zone, lang);
    for unit in &sheet.units {
        let new = New {
            kind: Kind::Confirm,
            path: Some(address(slug, &unit.code)),
            about_vi: format!("{name_vi} (trước {})", by(Lang::Vi)),
            about_en: format!("{name_en} (before {})", by(Lang::En)),
        };
        let leaders = letters::holders(write.on(), &[Role::Leader], slug, Some(&unit.code), &today).await?;
        letters::notify(write.on(), &leaders, &format!("release {slug} {number}"), &new, now).await?;
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
    if !state.site.mail {
        return Ok(());
    }
    let (now, today) = (state.now(), when::day_of(state.now(), &state.zone));
    let (roles, path): (&[Role], _) = match supplier {
        Some(unit) => (&[Role::Officer, Role::Leader], address(slug, unit)),
        None => (&[Role::Secretary], format!("/c/{slug}/units")),
    };
    let new = New {
        kind: Kind::Question,
        path: Some(path),
        about_vi: kind_name(kind, Lang::Vi),
        about_en: kind_name(kind, Lang::En),
    };
    let whom = letters::holders(write.on(), roles, slug, supplier, &today).await?;
    letters::notify(write.on(), &whom, &format!("contest {slug} {id}"), &new, now).await
}

/// A contest was answered: whoever asked reads it.
pub(crate) async fn answered(state: &State, write: &Write, slug: &str, contest: &Contest) -> Result<()> {
    if !state.site.mail {
        return Ok(());
    }
    let new = New {
        kind: Kind::Answer,
        path: Some(address(slug, &contest.unit)),
        about_vi: kind_name(&contest.kind, Lang::Vi),
        about_en: kind_name(&contest.kind, Lang::En),
    };
    let once = format!("answer {slug} {}", contest.id);
    letters::notify(write.on(), &[contest.person], &once, &new, state.now()).await
}

/// A file that was sent could not be taken: whoever sent it looks at why.
///
/// # Errors
/// When the database fails.
pub async fn refused(write: &Write, upload: &Upload, now: Micros) -> Result<()> {
    let new = New {
        kind: Kind::Refused,
        path: Some(format!("{}uploads/{}", address(&upload.cluster, &upload.unit), upload.id)),
        about_vi: upload.name.clone(),
        about_en: upload.name.clone(),
    };
    letters::notify(write.on(), &[upload.person], &format!("upload {}", upload.id), &new, now).await
}
