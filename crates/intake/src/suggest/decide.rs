//! Which header is which column, and what its cells mean.

use giaouoc_agreement::kind::{Column, ColumnType, Kind, TextForm};

use super::evidence::{DISTINCT, Evidence};
use super::{Choice, Detail, Found, Proposal, Sampled, Seen, Unused, Why, is_dated, named, why};
use crate::check::Codes;
use crate::fold::fold;
use crate::header::{Heading, Matcher};
use crate::read::Load;
use crate::units::UnitMatch;

/// Headers offered for a column that a person must find.
const OFFERED: usize = 8;

/// Words that headers of units tend to have, folded; they only say which is offered first.
const UNIT_WORDS: [&str; 8] =
    ["donvi", "coquan", "phongban", "department", "office", "agency", "unit", "organisation"];

/// Fills the proposal.
pub(super) fn decide(
    proposal: &mut Proposal,
    heads: &[Heading],
    evidence: &[Evidence],
    matcher: &Matcher<'_>,
    load: &Load<'_>,
) {
    let kind = load.kind;
    let sampled = |at: usize, name: String| Sampled {
        name,
        filled: evidence[at].filled,
        samples: evidence[at].samples(),
    };
    // By name: for each column the headers that are called like it.
    let mut claims: Vec<Vec<(usize, String)>> = vec![Vec::new(); kind.columns.len()];
    let mut used = vec![false; heads.len()];
    for (at, head) in heads.iter().enumerate() {
        let found =
            head.names.iter().map(|name| (name, matcher.lookup(name))).find(|(_, found)| !found.is_empty());
        let Some((name, columns)) = found else { continue };
        used[at] = true;
        for column in columns {
            claims[column].push((at, name.clone()));
        }
    }
    let limits = limits_of_several_sorts(&mut claims, evidence, kind);
    let mut choices: Vec<Choice> = Vec::new();
    for (column, claim) in claims.iter().enumerate() {
        let described = &kind.columns[column];
        let needed = described.required || column == kind.key || column == kind.unit;
        if described.personal && !load.personal {
            proposal.personal.extend(claim.iter().map(|(_, name)| name.clone()));
            choices.push(Choice::Nothing);
            continue;
        }
        choices.push(match claim.as_slice() {
            [] => Choice::Nothing,
            [(at, name)] => Choice::From(Found {
                header: sampled(*at, name.clone()),
                why: if limits.contains(&column) { Why::Content } else { why(kind, column, name) },
                detail: detail(column, &evidence[*at], load),
                missing: if needed { proposal.rows.saturating_sub(evidence[*at].filled) } else { 0 },
            }),
            several => Choice::Ask {
                headers: several.iter().map(|(at, name)| sampled(*at, name.clone())).collect(),
                required: needed,
            },
        });
    }
    by_content(&mut choices, &mut used, heads, evidence, load);
    ask_for_required(proposal, &mut choices, &used, heads, evidence, load);
    for (column, choice) in choices.iter().enumerate() {
        if let Choice::From(Found { detail: Detail::Dates(dates), .. }) = choice
            && dates.zoneless > 0
        {
            proposal.zoneless.push(kind.columns[column].id.clone());
        }
    }
    for (at, head) in heads.iter().enumerate() {
        if used[at] || head.names.is_empty() || crate::out::rejects::is_own(head.full()) {
            continue;
        }
        let header = sampled(at, named(head));
        proposal.unused.push(Unused {
            near: matcher.nearest(&header.name),
            could_be: could_be(&choices, &evidence[at], load),
            header,
        });
    }
    proposal.columns = choices;
}

/// Hands a header of working days whose cells count other things as well (`20 ngày` beside `05 ngày làm việc`) over to
/// the column of time limits, which reads them all and gives the working days too. The columns that got one.
fn limits_of_several_sorts(
    claims: &mut [Vec<(usize, String)>],
    evidence: &[Evidence],
    kind: &Kind,
) -> Vec<usize> {
    let mut handed = Vec::new();
    for (column, described) in kind.columns.iter().enumerate() {
        let Some(limit) = described.working_days_of else { continue };
        let [(at, _)] = claims[column].as_slice() else { continue };
        if claims[limit].is_empty() && evidence[*at].limits > evidence[*at].working_days {
            claims[limit] = std::mem::take(&mut claims[column]);
            handed.push(limit);
        }
    }
    handed
}

/// Headers whose cells say what they are: values of a code list, names of the bundle's units.
fn by_content(
    choices: &mut [Choice],
    used: &mut [bool],
    heads: &[Heading],
    evidence: &[Evidence],
    load: &Load<'_>,
) {
    let free = |used: &[bool]| -> Vec<usize> {
        (0..heads.len())
            .filter(|at| !used[*at] && !heads[*at].names.is_empty() && evidence[*at].filled > 0)
            .collect()
    };
    for (column, described) in load.kind.columns.iter().enumerate() {
        if !matches!(choices[column], Choice::Nothing) || described.personal {
            continue;
        }
        let fits: Vec<usize> = free(used)
            .into_iter()
            .filter(|at| content_fits(column, described, &evidence[*at], load))
            .collect();
        // Two headers that fit alike prove nothing, nor does one that fits two columns.
        let [at] = fits.as_slice() else { continue };
        let rivals = load.kind.columns.iter().enumerate().any(|(other, rival)| {
            other != column
                && matches!(choices[other], Choice::Nothing)
                && content_fits(other, rival, &evidence[*at], load)
        });
        if rivals {
            continue;
        }
        used[*at] = true;
        let head = &evidence[*at];
        choices[column] = Choice::From(Found {
            header: Sampled { name: named(&heads[*at]), filled: head.filled, samples: head.samples() },
            why: Why::Content,
            detail: detail(column, head, load),
            missing: 0,
        });
    }
}

fn content_fits(column: usize, described: &Column, evidence: &Evidence, load: &Load<'_>) -> bool {
    if evidence.more || evidence.filled == 0 {
        return false;
    }
    // A digit is a code of many lists: only words prove one.
    let words: Vec<&str> = evidence
        .values
        .iter()
        .map(|(value, _)| value.as_str())
        .filter(|value| value.chars().any(char::is_alphabetic))
        .collect();
    if column == load.kind.unit {
        let known = |value: &&&str| matches!(load.units.resolve(value), UnitMatch::Code(_));
        return !load.units.is_open()
            && !words.is_empty()
            && words.iter().filter(known).count() == words.len();
    }
    let ColumnType::Code(list) = &described.ty else { return false };
    let codes = Codes::new(list);
    let known = words.iter().filter(|value| codes.knows(value)).count();
    known >= 2 && known * 2 >= words.len()
}

/// What the cells under the header of a column show.
fn detail(column: usize, evidence: &Evidence, load: &Load<'_>) -> Detail {
    let described = &load.kind.columns[column];
    let values = |meaning: &dyn Fn(&str) -> Option<String>, keep: bool| {
        let seen = evidence.values.iter().map(|(value, count)| Seen {
            value: value.clone(),
            count: *count,
            meaning: meaning(value),
        });
        let mut values: Vec<Seen> = seen.collect();
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        Detail::Values { values, more: evidence.more, keep }
    };
    if column == load.kind.unit {
        if load.units.is_open() {
            return Detail::Plain;
        }
        let code = |value: &str| match load.units.resolve(value) {
            UnitMatch::Code(code) => Some(code),
            _ => None,
        };
        let whole = !evidence.more && evidence.values.iter().all(|(value, _)| code(value).is_some());
        return if whole { Detail::Plain } else { values(&code, true) };
    }
    match &described.ty {
        ColumnType::Code(list) => {
            let codes = Codes::new(list);
            values(
                &|value: &str| {
                    if codes.knows(value) {
                        codes.find(value, None).ok().map(|code| code.to_string())
                    } else {
                        None
                    }
                },
                list.open,
            )
        }
        ColumnType::Text if described.form == Some(TextForm::Limit) => Detail::Limits {
            read: evidence.limits,
            other: evidence.no_limit,
            example: evidence.no_limit_example.clone(),
        },
        ColumnType::Integer => Detail::Numbers {
            bad: evidence.filled
                - if described.working_days_of.is_some() { evidence.working_days } else { evidence.integers },
            example: evidence.no_integer_example.clone(),
        },
        ty if is_dated(ty) => Detail::Dates(evidence.dates.clone()),
        _ => Detail::Plain,
    }
}

/// Required columns without a header: the headers that could be it.
fn ask_for_required(
    proposal: &Proposal,
    choices: &mut [Choice],
    used: &[bool],
    heads: &[Heading],
    evidence: &[Evidence],
    load: &Load<'_>,
) {
    let kind = load.kind;
    for (column, choice) in choices.iter_mut().enumerate() {
        let described = &kind.columns[column];
        let needed = described.required || column == kind.key || column == kind.unit;
        if !needed || described.personal || !matches!(choice, Choice::Nothing) {
            continue;
        }
        let mut fits: Vec<usize> = (0..heads.len())
            .filter(|at| !heads[*at].names.is_empty() && evidence[*at].filled > 0)
            .filter(|at| {
                let evidence = &evidence[*at];
                let dates = evidence.dates.read() * 2 > evidence.filled;
                // A key differs in every row (and may serve another column as well); a unit is one of few and
                // stands in most rows; dates and codes can be told.
                let words = evidence.integers < evidence.filled;
                let most = evidence.filled * 10 >= proposal.rows * 9;
                match &described.ty {
                    _ if column == kind.key => evidence.is_unique(proposal.rows),
                    _ if column == kind.unit => !used[*at] && !dates && words && !evidence.more && most,
                    ty if is_dated(ty) => !used[*at] && dates,
                    ColumnType::Code(list) => {
                        let codes = Codes::new(list);
                        !used[*at] && evidence.values.iter().any(|(value, _)| codes.knows(value))
                    }
                    ColumnType::Integer => !used[*at] && !words,
                    _ => !used[*at],
                }
            })
            .collect();
        if column == kind.unit {
            fits.sort_by_key(|at| {
                let named = UNIT_WORDS.iter().any(|word| fold(heads[*at].full()).contains(word));
                (!named, evidence[*at].values.len() < 2, evidence[*at].values.len())
            });
        }
        fits.truncate(OFFERED);
        let headers = fits
            .into_iter()
            .map(|at| Sampled {
                name: named(&heads[at]),
                filled: evidence[at].filled,
                samples: evidence[at].samples(),
            })
            .collect();
        *choice = Choice::Ask { headers, required: true };
    }
}

/// Columns without a header that could hold what a header holds: only for dates and time limits, whose cells
/// can be told.
fn could_be(choices: &[Choice], evidence: &Evidence, load: &Load<'_>) -> Vec<String> {
    if evidence.filled == 0 {
        return Vec::new();
    }
    let dates = evidence.dates.read() * 10 >= evidence.filled * 9;
    let limits = evidence.limits * 2 >= evidence.filled && evidence.values.len() < DISTINCT;
    let fits = |described: &Column| {
        dates && is_dated(&described.ty) || limits && described.form == Some(TextForm::Limit)
    };
    let columns = load.kind.columns.iter().zip(choices);
    columns
        .filter(|(described, choice)| fits(described) && matches!(choice, Choice::Nothing))
        .map(|(described, _)| described.id.clone())
        .collect()
}
