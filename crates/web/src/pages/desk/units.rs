//! The units of a cluster, with how they stand.

use askama::Template;
use axum::extract::{Path, State as With};
use giaouoc_agreement::text::Text;
use giaouoc_store::releases;

use super::{address, newest_of, next};
use crate::access::Doing;
use crate::base::{Base, shown};
use crate::error::{Answer, Failed};
use crate::pages::cluster;
use crate::state::State;
use crate::when;
use crate::who::Who;

#[derive(Template)]
#[template(path = "pages/units.html")]
struct UnitsPage {
    base: Base,
    units: Vec<UnitLine>,
    next: Option<String>,
    heads: bool,
}

struct UnitLine {
    href: Option<String>,
    name: String,
    code: String,
    met: String,
    standing: String,
}

/// The units of the cluster, in the order of the decision, with how they stand.
pub(crate) async fn units(With(state): With<State>, who: Who, Path(slug): Path<String>) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let (_, sheet) = state.newest(&slug).await?.ok_or(Failed::NotFound)?;
    let next = next(&state, &slug).await?;
    let confirmations = match &next {
        Some(next) => releases::confirmations(state.store.read(), next.id).await?,
        None => Vec::new(),
    };
    let units = sheet.units.iter().enumerate().map(|(at, unit)| {
        let own: Vec<&str> = sheet
            .targets
            .iter()
            .filter_map(|target| Some(target.cells.get(at)?.as_ref()?.verdict.as_str()))
            .collect();
        let met = own.iter().filter(|verdict| **verdict == "met").count();
        let judged = own.iter().filter(|verdict| matches!(**verdict, "met" | "not-met")).count();
        let standing = match (&next, newest_of(&confirmations, &unit.code)) {
            (None, _) => "",
            (Some(_), None) => who.say("chưa xác nhận", "not confirmed"),
            (Some(_), Some(found)) if found.digest == unit.digest => who.say("đã xác nhận", "confirmed"),
            (Some(_), Some(_)) => who.say("đã xác nhận, số liệu đã đổi", "confirmed, figures changed since"),
        };
        UnitLine {
            href: who.may(Doing::Read, &slug, &unit.code).then(|| address(&slug, &unit.code)),
            name: unit.name.get(who.lang).to_owned(),
            code: unit.code.clone(),
            met: format!("{met}/{judged}"),
            standing: standing.to_owned(),
        }
    });
    let units = units.collect();
    let next = next.map(|next| {
        let name = Text::new(next.name_vi.clone(), next.name_en.clone()).get(who.lang).to_owned();
        format!("{name}, {}", when::shown(next.publish_at, &state.zone, who.lang))
    });
    let base = Base::within(&state, &who, &cluster, who.say("Các đơn vị", "Units")).await?;
    shown(&UnitsPage { base, units, next, heads: who.heads(&slug) })
}
