//! Who may come in where. A missing scope means no.

use giaouoc_store::people::{Held, Role};
use giaouoc_store::tokens::{Scope, Token};

/// What an address asks of whoever comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// Everybody.
    Public,
    /// Whoever is logged in, about themselves.
    Person,
    /// Whoever has a role in the cluster of the address.
    Inside,
    /// Whoever may do this for the unit of the address.
    Unit(Doing),
    /// The secretary of the cluster's head, and the city's board.
    Head,
    /// The city's emulation board, and oversight: across all clusters.
    City,
    /// The city's emulation board.
    Board,
    /// Whoever runs the installation.
    Admin,
    /// A program with a token of this scope; no log-in helps.
    Token(Scope),
}

/// What is done at a unit's desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doing {
    /// Read its provisional figures and what is asked of it.
    Read,
    /// Propose what the officer decides on: initiatives, exemplary cases, good models.
    Propose,
    /// Bring its records.
    Bring,
    /// Confirm its figures, as its leader.
    Confirm,
}

/// Whether these roles, in force today, may come in.
pub fn allows(access: Access, roles: &[Held], cluster: Option<&str>, unit: Option<&str>) -> bool {
    let here = |held: &&Held| in_scope(held, cluster);
    match access {
        Access::Public | Access::Person => true,
        Access::Token(_) => false,
        Access::Admin => roles.iter().any(|held| held.role == Role::Admin),
        Access::City => {
            roles.iter().any(|held| of_city(held) && matches!(held.role, Role::Board | Role::Oversight))
        }
        Access::Board => roles.iter().any(|held| of_city(held) && held.role == Role::Board),
        Access::Inside => roles.iter().filter(here).any(|held| held.role != Role::Admin),
        Access::Head => {
            roles.iter().filter(here).any(|held| matches!(held.role, Role::Secretary | Role::Board))
        }
        Access::Unit(doing) => {
            let Some(unit) = unit else { return false };
            roles.iter().filter(here).any(|held| at_desk(held, doing, unit))
        }
    }
}

/// Whether somebody who may do this does it for a unit that is not theirs: then they must say what it rests on.
pub fn on_behalf(roles: &[Held], doing: Doing, cluster: &str, unit: &str) -> bool {
    let own = |held: &Held| {
        in_scope(held, Some(cluster)) && held.unit.as_deref() == Some(unit) && at_desk(held, doing, unit)
    };
    !roles.iter().any(|held| held.role != Role::Secretary && own(held))
}

/// Whether whoever holds these roles may do what a token of this scope would do: for the unit, or as a source of the whole
/// cluster where there is none.
pub(crate) fn grants(scope: Scope, roles: &[Held], cluster: &str, unit: Option<&str>) -> bool {
    let may = |access, unit| allows(access, roles, Some(cluster), unit);
    match (scope, unit) {
        (Scope::FiguresRead, _) => may(Access::Inside, None),
        (Scope::RecordsRead, Some(_)) => may(Access::Unit(Doing::Read), unit),
        (Scope::RecordsWrite, Some(_)) => may(Access::Unit(Doing::Bring), unit),
        (Scope::RecordsRead, None) => may(Access::Head, None),
        (Scope::RecordsWrite, None) => {
            roles.iter().any(|held| held.role == Role::Secretary && held.cluster.as_deref() == Some(cluster))
        }
    }
}

/// Whether a token may be used for this: it has the scope, the address is of its cluster, and whoever made it could do it
/// today.
pub(crate) fn lets(scope: Scope, token: &Token, roles: &[Held], cluster: Option<&str>) -> bool {
    token.scopes.contains(&scope)
        && cluster.is_none_or(|cluster| cluster == token.cluster)
        && grants(scope, roles, &token.cluster, token.unit.as_deref())
}

/// Whether a role is in force on a day.
pub(crate) fn in_force(held: &Held, day: &str) -> bool {
    held.from.as_str() <= day && held.to.as_deref().is_none_or(|to| to >= day)
}

/// Whether a role is one of the whole city.
fn of_city(held: &Held) -> bool {
    held.cluster.is_none()
}

/// A role without a cluster reaches everywhere only where it is one of the whole city.
fn in_scope(held: &Held, cluster: Option<&str>) -> bool {
    match (&held.cluster, cluster) {
        (None, Some(_)) => matches!(held.role, Role::Admin | Role::Board | Role::Oversight),
        (Some(scope), Some(cluster)) => scope == cluster,
        (_, None) => false,
    }
}

fn at_desk(held: &Held, doing: Doing, unit: &str) -> bool {
    let own = held.unit.as_deref() == Some(unit);
    match held.role {
        Role::Secretary => true,
        Role::Leader => own,
        Role::Officer => own && doing != Doing::Confirm,
        Role::Staff => own && matches!(doing, Doing::Read | Doing::Propose),
        Role::Board | Role::Oversight => doing == Doing::Read,
        Role::Admin => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(role: Role, cluster: Option<&str>, unit: Option<&str>) -> Held {
        Held {
            id: 1,
            person: 1,
            role,
            cluster: cluster.map(str::to_owned),
            unit: unit.map(str::to_owned),
            from: "2020-01-01".into(),
            to: None,
        }
    }

    #[test]
    fn a_table_of_who_may_do_what() {
        let (six, one) = (Some("six"), Some("one"));
        let cases = [
            // role, scope, unit | inside, head, read, propose, bring, confirm of unit one in cluster six
            (held(Role::Admin, None, None), [false, false, false, false, false, false]),
            (held(Role::Board, None, None), [true, true, true, false, false, false]),
            (held(Role::Oversight, None, None), [true, false, true, false, false, false]),
            (held(Role::Secretary, six, None), [true, true, true, true, true, true]),
            (held(Role::Officer, six, one), [true, false, true, true, true, false]),
            (held(Role::Leader, six, one), [true, false, true, true, true, true]),
            (held(Role::Staff, six, one), [true, false, true, true, false, false]),
            // Another unit of the cluster, another cluster, and scopes that are missing.
            (held(Role::Officer, six, Some("two")), [true, false, false, false, false, false]),
            (held(Role::Leader, six, Some("two")), [true, false, false, false, false, false]),
            (held(Role::Secretary, Some("seven"), None), [false; 6]),
            (held(Role::Officer, Some("seven"), one), [false; 6]),
            (held(Role::Secretary, None, None), [false; 6]),
            (held(Role::Officer, None, one), [false; 6]),
            (held(Role::Officer, six, None), [true, false, false, false, false, false]),
        ];
        let asked = [
            Access::Inside,
            Access::Head,
            Access::Unit(Doing::Read),
            Access::Unit(Doing::Propose),
            Access::Unit(Doing::Bring),
            Access::Unit(Doing::Confirm),
        ];
        for (held, expected) in cases {
            let found = asked.map(|access| allows(access, std::slice::from_ref(&held), six, one));
            assert_eq!(found, expected, "{held:?}");
        }
        assert!(asked.iter().all(|access| !allows(*access, &[], six, one)));
    }

    #[test]
    fn only_the_citys_own_roles_reach_across_clusters() {
        for role in Role::ALL {
            for scope in [None, Some("six")] {
                let roles = [held(*role, scope, None)];
                let board = *role == Role::Board && scope.is_none();
                let city = board || *role == Role::Oversight && scope.is_none();
                assert_eq!(allows(Access::City, &roles, None, None), city, "{role:?} {scope:?}");
                assert_eq!(allows(Access::Board, &roles, None, None), board, "{role:?} {scope:?}");
            }
        }
    }

    #[test]
    fn a_unit_access_without_a_unit_in_the_address_is_no() {
        let leader = [held(Role::Secretary, Some("six"), None)];
        assert!(!allows(Access::Unit(Doing::Read), &leader, Some("six"), None));
        assert!(!allows(Access::Inside, &leader, None, None));
    }

    #[test]
    fn only_the_secretary_acts_on_behalf() {
        let roles = [held(Role::Secretary, Some("six"), None)];
        assert!(on_behalf(&roles, Doing::Bring, "six", "one"));
        let roles = [held(Role::Secretary, Some("six"), None), held(Role::Officer, Some("six"), Some("one"))];
        assert!(!on_behalf(&roles, Doing::Bring, "six", "one"));
        assert!(on_behalf(&roles, Doing::Confirm, "six", "one"));
        assert!(on_behalf(&roles, Doing::Bring, "six", "two"));
    }
}
