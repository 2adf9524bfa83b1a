//! A target over time: what it says itself, changed by amendments and by later versions of the
//! definitions it names.

use giaouoc_worktime::Day;

use super::compile::Compiler;
use super::targets::{Raw, RawLens};
use super::words::Said;
use crate::lang::Definitions;
use crate::problem::Problem;
use crate::target::{Force, Goal, Lens, Rule, TargetVersion, Words};
use crate::text::Text;
use crate::toml_read::{At, Quoted, Table, shown};

/// An amendment as it is written.
pub(super) struct RawAmendment {
    pub(super) id: At<String>,
    pub(super) target: At<String>,
    pub(super) from: At<Day>,
    pub(super) signed: Day,
    pub(super) reason: Text,
    pub(super) said: Said,
    pub(super) span: std::ops::Range<usize>,
}

/// Reads one `[[amendment]]`.
pub(super) fn amendment(table: Table<'_>) -> Option<RawAmendment> {
    let (doc, span) = (table.doc(), table.span());
    let id = table.need("id").id();
    let target = table.need("target").string();
    let signed = table.need("signed").day();
    let from = table.need("from").day();
    let reason = table.need("reason").text();
    let said = Said::read(&table);
    table.finish();
    if said.is_silent() {
        doc.report(
            Problem::error(
                "empty-amendment",
                doc.file(),
                span.clone(),
                Text::new("Phụ lục này không đổi gì.", "This amendment changes nothing."),
            )
            .help(Text::new(
                "Ghi ít nhất một trong: counted, met, value, goal, force, unknown, min_cases.",
                "Say at least one of counted, met, value, goal, force, unknown, min_cases.",
            )),
        );
    }
    let (id, target, signed, from, reason) = (id?, target?, signed?, from?, reason?);
    Some(RawAmendment { id, target, from, signed: signed.value, reason: reason.value, said, span })
}

/// The versions of a target in order of time. `start` is the day from which it must hold: a definition that
/// only starts later is then an error, while days before it need no words.
///
/// # Errors
/// Everything that is wrong with any version; the same words may be reported for several.
pub(super) fn versions(
    compiler: &Compiler<'_>,
    raw: &Raw<'_>,
    amendments: &[&RawAmendment],
    start: Day,
) -> Result<Vec<TargetVersion>, Vec<Problem>> {
    let own_start = raw.from.as_ref().map(|at| at.value);
    let mut problems = clashes(compiler, raw, amendments);
    let changes = compiler.definitions.changes(&compiler.kind.id);
    let mut days: Vec<Option<Day>> =
        changes.chain(amendments.iter().map(|a| a.from.value)).map(Some).collect();
    days.push(own_start);
    days.retain(|day| *day >= own_start);
    days.sort_unstable();
    days.dedup();

    let mut versions: Vec<TargetVersion> = Vec::new();
    let mut failed = !problems.is_empty();
    for (i, day) in days.iter().enumerate() {
        let ends_before_start = days.get(i + 1).copied().flatten().is_some_and(|next| next <= start);
        match version(compiler, raw, amendments, *day) {
            Ok(version) if versions.last().is_some_and(|last| same_words(last, &version)) => {}
            Ok(version) => versions.push(version),
            // Nothing is asked of these days, and what cannot be read must not stand before what can.
            Err(_) if ends_before_start => versions.clear(),
            Err(found) => {
                failed = true;
                problems.extend(found);
            }
        }
    }
    if failed {
        return Err(problems);
    }
    for version in versions.iter_mut().skip(1) {
        let Some(day) = version.from else { continue };
        let rules = version.lenses.iter_mut().map(|lens| &mut lens.rule).chain([&mut version.rule]);
        for rule in rules {
            rule.id.push_str(&format!("@{day}"));
        }
    }
    Ok(versions)
}

/// Two amendments of one target with the same start, or one that starts before its target does.
fn clashes(compiler: &Compiler<'_>, raw: &Raw<'_>, amendments: &[&RawAmendment]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let file = compiler.doc.file();
    for (i, later) in amendments.iter().enumerate() {
        if let Some(first) = amendments.iter().take(i).find(|a| a.from.value == later.from.value) {
            let message = Text::new(
                format!("Hai phụ lục cùng đổi \"{}\" từ cùng một ngày.", shown(&raw.id)),
                format!("Two amendments change \"{}\" from the same day.", shown(&raw.id)),
            );
            problems.push(
                Problem::error("duplicate", file, later.from.span.clone(), message)
                    .also(first.from.span.clone(), Text::new("phụ lục kia", "the other one")),
            );
        }
        if let Some(start) = raw.from.as_ref().filter(|start| later.from.value < start.value) {
            let message = Text::new(
                format!("Phụ lục có từ {}, trước khi chỉ tiêu bắt đầu.", later.from.dmy()),
                format!("The amendment starts on {}, before its target does.", later.from.value),
            );
            problems.push(
                Problem::error("amendment-too-early", file, later.from.span.clone(), message)
                    .also(start.span.clone(), Text::new("chỉ tiêu bắt đầu", "the target starts")),
            );
        }
    }
    problems
}

/// The words in force on a day, compiled.
fn version(
    compiler: &Compiler<'_>,
    raw: &Raw<'_>,
    amendments: &[&RawAmendment],
    day: Option<Day>,
) -> Result<TargetVersion, Vec<Problem>> {
    let mut in_force: Vec<_> = amendments.iter().filter(|a| Some(a.from.value) <= day).collect();
    in_force.sort_by_key(|a| a.from.value);
    let said = in_force.iter().fold(raw.said.clone(), |base, amendment| amendment.said.over(&base));
    let definitions = compiler.definitions.on(&compiler.kind.id, day);
    let own = rule_and_goal(compiler, &raw.id, &said, &definitions);
    let mut problems = Vec::new();
    let mut lenses = Vec::new();
    for lens in &raw.lenses {
        match compile_lens(compiler, raw, lens, &said, &definitions) {
            Ok(lens) => lenses.push(lens),
            Err(found) => problems.extend(found),
        }
    }
    let (rule, goal) = match own {
        Ok(own) if problems.is_empty() => own,
        own => {
            problems.splice(0..0, own.err().unwrap_or_default());
            return Err(problems);
        }
    };
    let text = |quoted: &Option<Quoted>| quoted.as_ref().map(|quoted| quoted.value.clone());
    Ok(TargetVersion {
        from: day,
        amendment: in_force.last().map(|amendment| amendment.id.value.clone()),
        words: Words {
            counted: text(&said.counted).unwrap_or_default(),
            met: text(&said.met),
            value: text(&said.value),
        },
        rule,
        goal,
        force: said.force.as_deref().copied().unwrap_or(Force::AtLeast),
        min_cases: said.min_cases.as_deref().copied(),
        lenses,
    })
}

fn compile_lens(
    compiler: &Compiler<'_>,
    raw: &Raw<'_>,
    lens: &RawLens,
    said: &Said,
    definitions: &Definitions,
) -> Result<Lens, Vec<Problem>> {
    let id = format!("{}/{}", raw.id.value, lens.id.value);
    let (rule, goal) = rule_and_goal(compiler, &id, &lens.said.over(said), definitions)?;
    Ok(Lens { id: lens.id.value.clone(), name: lens.name.clone(), rule, goal })
}

fn rule_and_goal(
    compiler: &Compiler<'_>,
    id: &str,
    said: &Said,
    definitions: &Definitions,
) -> Result<(Rule, Goal), Vec<Problem>> {
    let rule = compiler.rule(id, said, definitions);
    let goal = match (&said.goal, &rule) {
        (Some(quoted), Ok(rule)) => compiler.goal(quoted, &rule.measure),
        // The rule is wrong; whether the goal can be read at all does not depend on it.
        (Some(quoted), Err(_)) => compiler.goal_alone(quoted),
        (None, _) => Err(Vec::new()),
    };
    match (rule, goal) {
        (Ok(rule), Ok(goal)) => Ok((rule, goal)),
        (rule, goal) => {
            let mut problems = rule.err().unwrap_or_default();
            problems.extend(goal.err().unwrap_or_default());
            Err(problems)
        }
    }
}

/// Whether a later version says what the one before it says.
fn same_words(before: &TargetVersion, after: &TargetVersion) -> bool {
    TargetVersion { from: before.from, ..after.clone() } == *before
}
