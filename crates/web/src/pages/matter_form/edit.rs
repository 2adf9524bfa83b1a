//! The form of a matter that is there already: what somebody else changed meanwhile is shown, never overwritten.

use std::collections::BTreeMap;

use axum::extract::{Path, State as With};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use giaouoc_agreement::text::Text;
use giaouoc_store::jobs::{self, Work};
use giaouoc_store::matters::{self as kept, Change};
use giaouoc_store::trail::{self, Act, Line};

use super::{At, Filling, checked, ground, own, page};
use crate::access::Doing;
use crate::error::{Answer, Failed};
use crate::form::Filled;
use crate::matters::{Full, address};
use crate::pages::matter::{around, matters_is_early, opened};
use crate::pages::work::doing;
use crate::state::State;
use crate::who::Who;

/// A matter that this person may change.
async fn changeable(
    state: &State,
    who: &Who,
    slug: &str,
    unit: &str,
    id: &str,
    code: &str,
) -> Result<Full, Failed> {
    let full = opened(state, who, slug, id, code).await?;
    if full.row.unit != unit || full.row.gone.is_some() {
        return Err(Failed::NotFound);
    }
    let theirs = who.person()? == full.row.begun_by && matters_is_early(&full);
    if theirs || who.may(Doing::Bring, slug, unit) { Ok(full) } else { Err(Failed::Forbidden) }
}

type Of = (String, String, String, String);

/// The form with what stands in it.
pub(crate) async fn edit(
    With(state): With<State>,
    who: Who,
    Path((slug, unit, id, code)): Path<Of>,
) -> Answer {
    let full = changeable(&state, &who, &slug, &unit, &id, &code).await?;
    let (around, own) = (around(&state, &slug).await?, own(&state, &slug, &unit).await?);
    let values = all_values(&full);
    let filling = Filling { was: values.clone(), values, ..Filling::default() };
    let at = At { slug: &slug, unit: &unit, sort: full.sort, full: Some(&full) };
    page(&state, &who, at, filling, (&around, &own)).await
}

fn all_values(full: &Full) -> BTreeMap<String, String> {
    full.matter
        .fields
        .iter()
        .chain(&full.matter.personal)
        .map(|(id, text)| (id.clone(), text.clone()))
        .collect()
}

/// Changes it.
pub(crate) async fn save(
    With(state): With<State>,
    who: Who,
    Path((slug, unit, id, code)): Path<Of>,
    form: Filled,
) -> Answer {
    let full = changeable(&state, &who, &slug, &unit, &id, &code).await?;
    let sort = full.sort;
    let (around, own) = (around(&state, &slug).await?, own(&state, &slug, &unit).await?);
    let (mut filling, mut fields, mut personal) = checked(sort, Some(&full), &form, (&around, &own));
    filling.notices.extend(form.refused.iter().cloned());
    let stands = all_values(&full);
    let seen: i64 = form.field("version").parse().unwrap_or(0);
    if seen != full.row.version {
        meet(&mut filling, &stands);
        if !form.files.is_empty() {
            filling.notices.push(Text::new("Tệp đính kèm hãy chọn lại.", "Choose the files again, please."));
        }
        let at = At { slug: &slug, unit: &unit, sort, full: Some(&full) };
        let response = page(&state, &who, at, filling, (&around, &own)).await?;
        return Ok((StatusCode::CONFLICT, response).into_response());
    }
    if !full.matter.taken.is_empty() && filling.reason.is_empty() {
        filling.notices.push(Text::new(
            "Hãy ghi lý do sửa: nó đứng trong lịch sử của việc này.",
            "Give the reason of the change: it stands in the history.",
        ));
    }
    if personal.values().any(|text| !text.is_empty()) && full.matter.is_withdrawn(sort) {
        filling.notices.push(Text::new(
            "Người được nêu đã rút đồng ý: không ghi lại tên, câu chuyện của họ. Khi họ đồng ý trở lại, hãy ghi nhận đồng ý trước.",
            "The person has withdrawn consent: their name and story are not entered again. Note a new consent first.",
        ));
    }
    let common = full.row.common;
    let behalf = match ground(&who, doing(sort.begun_by), (&slug, &unit), common, form.field("behalf")) {
        Ok(behalf) => behalf,
        Err(Failed::Wrong(text)) => {
            filling.notices.push(text);
            None
        }
        Err(failed) => return Err(failed),
    };
    if !filling.problems.is_empty() || !filling.notices.is_empty() {
        let at = At { slug: &slug, unit: &unit, sort, full: Some(&full) };
        return page(&state, &who, at, filling, (&around, &own)).await;
    }
    // Fields that the form did not show stay as they are.
    for (id, text) in &full.matter.fields {
        fields.entry(id.clone()).or_insert_with(|| text.clone());
    }
    fields.retain(|_, text| !text.is_empty());
    personal.retain(|id, text| full.matter.personal.get(id).map_or("", String::as_str) != text);
    let person = who.person()?;
    let now = state.now();
    let write = state.store.write().await?;
    let change = Change {
        version: full.row.version,
        fields,
        personal,
        state: full.row.state.clone(),
        public: full.row.public,
        person,
        on_behalf: behalf.clone(),
        reason: Some(filling.reason.clone()).filter(|reason| !reason.is_empty()),
    };
    if !kept::change(write.on(), &full.row, change, now).await? {
        return Err(stale());
    }
    let record = (slug.as_str(), &*kept::evidence_kind(&sort.id), code.as_str());
    for file in form.files {
        giaouoc_store::evidence::add(write.on(), record, &unit, file, person, now).await?;
    }
    jobs::ask(write.on(), Work::Carry, &slug, Some(full.row.id), Some(person), now).await?;
    crate::late::follow(&write, &crate::notices::Now::of(&state), full.row.id).await?;
    let line = Line::new(now, Act::Edit, format!("{} {code}", sort.id));
    trail::write(write.on(), line.by(person).of(&slug, Some(&unit)).on_behalf(behalf)).await?;
    write.commit().await?;
    state.changed();
    Ok(Redirect::to(&address(&slug, &sort.id, &code)).into_response())
}

/// Somebody else was quicker between the form and its arrival.
pub(crate) fn stale() -> Failed {
    Failed::Conflict(Text::new(
        "Người khác vừa sửa việc này. Hãy quay lại trang, xem bản mới rồi làm lại; chưa có gì bị ghi đè.",
        "Somebody else has just changed this. Go back, look at it as it is now and do it again; nothing was overwritten.",
    ))
}

/// Somebody else has written meanwhile: what this person did not touch takes the other's text; where both wrote, theirs stands
/// beside this person's.
fn meet(filling: &mut Filling, stands: &BTreeMap<String, String>) {
    let ids: Vec<String> = filling.values.keys().cloned().collect();
    for id in ids {
        let theirs = stands.get(&id).cloned().unwrap_or_default();
        let was = filling.was.get(&id).cloned().unwrap_or_default();
        let mine = filling.values.entry(id.clone()).or_default();
        if *mine == was {
            mine.clone_from(&theirs);
        } else if theirs != was && theirs != *mine {
            filling.theirs.insert(id.clone(), theirs.clone());
        }
        filling.was.insert(id, theirs);
    }
    filling.notices.push(Text::new(
        "Trong lúc bạn viết, người khác đã sửa việc này. Chỗ bạn không sửa đã lấy theo bản của họ; chỗ cả hai cùng sửa thì bản của họ ghi dưới ô. Hãy xem rồi lưu lại.",
        "While you were writing, somebody else changed this. What you did not touch is theirs now; where both wrote, theirs stands below the field. Look and save again.",
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_who_write_nobody_loses_anything() {
        let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect()
        };
        let mut filling = Filling {
            was: map(&[("a", "1"), ("b", "1"), ("c", "1")]),
            values: map(&[("a", "1"), ("b", "2"), ("c", "2")]),
            ..Filling::default()
        };
        meet(&mut filling, &map(&[("a", "9"), ("b", "9"), ("c", "1")]));
        assert_eq!(filling.values, map(&[("a", "9"), ("b", "2"), ("c", "2")]));
        assert_eq!(filling.theirs, map(&[("b", "9")]));
        assert_eq!(filling.was, map(&[("a", "9"), ("b", "9"), ("c", "1")]));
    }
}
