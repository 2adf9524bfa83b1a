//! What a cluster's bundle says about how it is set up, for pages.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use giaouoc_agreement::agreement_file::Status;
use giaouoc_agreement::cluster::Role;
use giaouoc_agreement::kinds;
use giaouoc_agreement::problem::Severity;
use giaouoc_agreement::text::Text;
use giaouoc_web::registry::{Book, Calendar, Change, DayChange, Refused, Registry, Unit};

use super::{Journals, setup};
use crate::bundle::Loaded;

impl Registry for Journals {
    fn book(&self, cluster: &str) -> Option<Book> {
        Some(book(&self.reader(cluster).ok()?.loaded))
    }

    fn change(&self, cluster: &str, change: &Change, seen: &str, by: &str, why: &str) -> Result<(), Refused> {
        // One after the other: what the second one saw is compared with what the first one left.
        let _alone = self.setting_up.lock().unwrap_or_else(PoisonError::into_inner);
        setup::change(&self.folder.cluster(cluster), change, seen, by, why)
    }

    fn calendar_text(&self, cluster: &str) -> Option<String> {
        std::fs::read_to_string(self.folder.cluster(cluster).join(setup::CALENDAR)).ok()
    }

    fn calendar_days(&self, cluster: &str, text: &str) -> Result<Vec<DayChange>, Refused> {
        setup::days(&self.folder.cluster(cluster), text)
    }
}

fn role(role: Role) -> Text {
    match role {
        Role::Member => Text::new("thành viên", "member"),
        Role::Head => Text::new("cụm trưởng", "head"),
        Role::Deputy => Text::new("cụm phó", "deputy"),
    }
}

/// A role as the file writes it.
fn word(role: Role) -> &'static str {
    match role {
        Role::Member => "member",
        Role::Head => "head",
        Role::Deputy => "deputy",
    }
}

fn status(status: Status) -> Text {
    match status {
        Status::Draft => Text::new("dự thảo", "draft"),
        Status::Signed => Text::new("đã ký, chưa có hiệu lực", "signed, not yet in force"),
        Status::InForce => Text::new("đang có hiệu lực", "in force"),
        Status::Closed => Text::new("đã kết thúc", "closed"),
    }
}

/// What is set up.
fn book(loaded: &Loaded) -> Book {
    let (cluster, agreement) = (&loaded.bundle.cluster, &loaded.bundle.agreement);
    let units = cluster.units.iter().enumerate().map(|(at, unit)| {
        let own = cluster.memberships.iter().filter(|membership| membership.unit == at);
        Unit {
            code: unit.code.clone(),
            name: unit.name.clone(),
            from: unit.from.map(|day| day.to_string()),
            to: unit.to.map(|day| day.to_string()),
            successor: unit.successor,
            aliases: unit.aliases.clone(),
            role_ids: own.clone().map(|own| word(own.role)).collect(),
            roles: own
                .map(|own| (role(own.role), own.from.to_string(), own.to.map(|day| day.to_string())))
                .collect(),
        }
    });
    let short = |at: usize| cluster.units.get(at).map(|unit| unit.short.clone()).unwrap_or_default();
    let suppliers = cluster.suppliers.iter().map(|supplier| {
        let kind = kinds::builtin().iter().find(|kind| kind.id == supplier.kind);
        let whom = match &supplier.subjects {
            None => Text::new("mọi đơn vị", "every unit"),
            Some(units) => {
                let list = |get: fn(&Text) -> &String| {
                    units.iter().map(|at| get(&short(*at)).clone()).collect::<Vec<_>>().join(", ")
                };
                Text::new(list(|text| &text.vi), list(|text| &text.en))
            }
        };
        let kind = kind.map_or_else(|| Text::same(&supplier.kind), |kind| kind.name.clone());
        (short(supplier.unit), kind, whom)
    });
    let asked = loaded.remarks.iter().filter(|problem| problem.severity == Severity::Question);
    Book {
        city: cluster.city.clone(),
        decision: cluster.decision.clone(),
        state: status(agreement.status),
        signed: agreement.signed.map(|day| day.to_string()),
        units: units.collect(),
        suppliers: suppliers.collect(),
        calendars: calendars(loaded),
        questions: asked.map(|problem| problem.message.clone()).collect(),
        seen: setup::seen(&loaded.opened.texts),
    }
}

/// The calendar of most units, and those of single ones, each once.
fn calendars(loaded: &Loaded) -> Vec<Calendar> {
    let one = |calendar: &giaouoc_worktime::Calendar, units: Vec<String>| {
        let name = calendar.name();
        Calendar {
            name: Text::new(name.vi.clone(), name.en.clone()),
            version: format!("{} {}", calendar.id(), calendar.version()),
            digest: calendar.digest().to_owned(),
            covers: calendar.coverage().map(|(from, to)| (from.to_string(), to.to_string())),
            units,
        }
    };
    let mut found = vec![one(&loaded.calendars.default, Vec::new())];
    let mut own: BTreeMap<String, (giaouoc_worktime::Calendar, Vec<String>)> = BTreeMap::new();
    for (code, calendar) in &loaded.calendars.by_unit {
        let entry = own.entry(calendar.digest().to_owned());
        entry.or_insert_with(|| (calendar.clone(), Vec::new())).1.push(code.clone());
    }
    found.extend(own.into_values().map(|(calendar, units)| one(&calendar, units)));
    found
}
