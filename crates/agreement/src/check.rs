//! Questions about a bundle that reads well: where sources, membership, reports and clauses do not fit
//! together. A question is never an accusation and never changes a figure.

mod clauses;
mod membership;
mod nil;

use giaouoc_worktime::Day;

use crate::bundle::Bundle;
use crate::problem::Problem;

/// Everything that a person should look at, in order of file and place.
pub fn questions(bundle: &Bundle) -> Vec<Problem> {
    let mut problems = Vec::new();
    membership::ask(bundle, &mut problems);
    nil::ask(bundle, &mut problems);
    clauses::ask(bundle, &mut problems);
    problems.sort_by(Problem::order);
    problems.dedup();
    problems
}

/// The day on which the list of units is taken.
fn membership_day(bundle: &Bundle) -> Day {
    bundle.agreement.membership_on.unwrap_or(bundle.agreement.period.last)
}
