//! Zones that conditions name, each looked up once: `day(x, 'Zone')` is asked for every record.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use giaouoc_worktime::zone::Zone;

/// Only names that exist are kept, so it stays as small as the zone database.
static KNOWN: Mutex<BTreeMap<String, Arc<Zone>>> = Mutex::new(BTreeMap::new());

/// The zone of an IANA name, from the database that is part of the program.
pub fn get(name: &str) -> Option<Arc<Zone>> {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(zone) = known.get(name) {
        return Some(Arc::clone(zone));
    }
    let zone = Arc::new(Zone::get(name).ok()?);
    // Under its own spelling: names are found in any case, and there are many ways to write one.
    known.insert(zone.name().to_owned(), Arc::clone(&zone));
    Some(zone)
}
