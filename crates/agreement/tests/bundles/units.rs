//! Units: who is a member when, and whom a cell of a file means.

use giaouoc_agreement::cluster::{Cluster, Role};
use giaouoc_worktime::Day;

use crate::harness::changed;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn codes(cluster: &Cluster, role: Role, on: &str) -> Vec<String> {
    cluster.with_role(role, day(on)).into_iter().map(|unit| cluster.units[unit].code.clone()).collect()
}

#[test]
fn a_merger_in_the_middle_of_the_year() {
    let cluster = changed(
        r#"
@ cluster.toml
- code = "H26.02"
+ code = "H26.02"
+ to = 2020-06-30
+ successor = "H26.21"
- code = "H26.21"
+ code = "H26.21"
+ from = 2020-07-01
- unit = "H26.02"
- role = "member"
- from = 2020-01-01
+ unit = "H26.21"
+ role = "member"
+ from = 2020-07-01
+ [[membership]]
+ unit = "H26.02"
+ role = "member"
+ from = 2020-01-01
+ to = 2020-06-30
- unit = "H26.02"
- role = "head"
- from = 2020-01-01
+ unit = "H26.02"
+ role = "head"
+ from = 2020-01-01
+ to = 2020-06-30
+ [[membership]]
+ unit = "H26.01"
+ role = "head"
+ from = 2020-07-01
"#,
    )
    .cluster;
    assert_eq!(codes(&cluster, Role::Member, "2019-12-31"), [""; 0]);
    assert_eq!(codes(&cluster, Role::Member, "2020-06-30"), ["H26.01", "H26.02"]);
    assert_eq!(codes(&cluster, Role::Member, "2020-07-01"), ["H26.01", "H26.21"]);
    assert_eq!(codes(&cluster, Role::Head, "2020-06-30"), ["H26.02"]);
    assert_eq!(codes(&cluster, Role::Head, "2020-07-01"), ["H26.01"]);
    assert_eq!(cluster.units[1].successor, Some(2));
    assert!(cluster.units[1].exists(day("2020-06-30")) && !cluster.units[1].exists(day("2020-07-01")));
    let members: Vec<&str> =
        cluster.members(day("2020-07-01")).iter().map(|unit| unit.name.en.as_str()).collect();
    assert_eq!(members, ["City Office", "Ethnic Minorities Board"]);
}

#[test]
fn a_cell_means_one_unit_or_none() {
    let cluster = changed("").cluster;
    for (cell, unit) in [
        ("H26.01", Some(0)),
        (" h26.01 ", Some(0)),
        ("Văn phòng UBND thành phố", Some(0)),
        ("VĂN PHÒNG  UBND THÀNH PHỐ", Some(0)),
        ("Van phong UBND thanh pho", Some(0)),
        ("vp ubnd tp", Some(0)),
        ("Sở Nội Vụ", Some(1)),
        ("Ethnic Minorities Board", Some(2)),
        ("H26.1", None),
        ("H2601", None),
        ("Sở", None),
        ("", None),
        ("—", None),
    ] {
        assert_eq!(cluster.find_unit(cell), unit, "{cell:?}");
    }
    assert_eq!(cluster.unit("h26.01"), None, "the program's own files write codes exactly");
}
