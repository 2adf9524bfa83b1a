//! Scans of a signing that could not be taken yet: kept by digest with a draft of whoever sent them, so that nobody has to choose
//! them again.

use giaouoc_store::drafts::{self, Draft};
use giaouoc_store::evidence;
use giaouoc_year::signing::Scan;
use serde::{Deserialize, Serialize};

use super::draft::Held;
use super::draft_signed::KIND;
use crate::error::Failed;
use crate::form::Filled;
use crate::state::State;

/// The files of a try.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Scans {
    /// The number of the draft that they are kept with; none while they are not.
    #[serde(skip)]
    pub draft: Option<i64>,
    /// The sheet that was signed.
    pub scan: Option<Scan>,
    /// The written mandate.
    pub mandate: Option<Scan>,
}

impl Scans {
    /// What a form brings, with what was kept of a try before it; what is brought anew takes its place.
    pub async fn of(
        state: &State,
        person: i64,
        (held, unit): (&Held, &str),
        form: &Filled,
    ) -> Result<Self, Failed> {
        let mut scans = match form.field("draft").parse() {
            Ok(id) => Self::earlier(state, person, (held, unit), id).await?,
            Err(_) => Self::default(),
        };
        let file = |name: &str| {
            let found = form.files.iter().zip(&form.from).find(|(_, from)| *from == name);
            found.map(|(new, _)| Scan {
                sha256: new.sha256.clone(),
                name: new.name.clone(),
                media: new.media.clone(),
                bytes: new.bytes,
            })
        };
        scans.scan = file("scan").or(scans.scan);
        scans.mandate = file("mandate").or(scans.mandate);
        Ok(scans)
    }

    async fn earlier(
        state: &State,
        person: i64,
        (held, unit): (&Held, &str),
        id: i64,
    ) -> Result<Self, Failed> {
        let found = drafts::get(state.store.read(), id, person).await?.filter(|draft| {
            draft.cluster == held.cluster.slug
                && draft.unit == unit
                && draft.kind == KIND
                && draft.record == held.draft.number.to_string()
        });
        let Some(draft) = found else { return Ok(Self::default()) };
        let scans: Self = serde_json::from_str(&draft.fields).unwrap_or_default();
        Ok(Self { draft: Some(draft.id), ..scans })
    }

    /// Keeps them for the next try.
    pub async fn keep(
        mut self,
        state: &State,
        person: i64,
        (held, unit): (&Held, &str),
    ) -> Result<Self, Failed> {
        if self.scan.is_none() && self.mandate.is_none() {
            return Ok(self);
        }
        let draft = Draft {
            id: self.draft.unwrap_or(0),
            cluster: held.cluster.slug.clone(),
            unit: unit.to_owned(),
            kind: KIND.to_owned(),
            record: held.draft.number.to_string(),
            person,
            fields: super::draft_round::json(&self)?,
            at: state.now(),
        };
        let write = state.store.write().await?;
        self.draft = Some(drafts::keep(write.on(), draft).await?);
        write.commit().await?;
        Ok(self)
    }

    /// As evidence.
    pub fn files(&self) -> impl Iterator<Item = evidence::New> {
        let new = |scan: &Scan| evidence::New {
            sha256: scan.sha256.clone(),
            name: scan.name.clone(),
            media: scan.media.clone(),
            bytes: scan.bytes,
        };
        [&self.scan, &self.mandate].into_iter().flatten().map(new).collect::<Vec<_>>().into_iter()
    }
}
