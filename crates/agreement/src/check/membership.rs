//! Statements of sources against the membership of their day, and the head against the members.

use giaouoc_worktime::Day;

use super::membership_day;
use crate::bundle::Bundle;
use crate::cluster::{Cluster, Role, Statement};
use crate::problem::Problem;
use crate::text::{Lang, Text};

const FILE: &str = "cluster.toml";

pub(super) fn ask(bundle: &Bundle, problems: &mut Vec<Problem>) {
    let cluster = &bundle.cluster;
    heads(cluster, membership_day(bundle), problems);
    for statement in &cluster.statements {
        against(cluster, statement, problems);
    }
    let members = cluster.with_role(Role::Member, membership_day(bundle));
    for target in &bundle.agreement.targets {
        for unit in target.units.iter().flatten().filter(|unit| !members.contains(unit)) {
            let named = named(cluster, &[*unit]);
            problems.push(Problem::question(
                "target-of-non-member",
                "agreement.toml",
                target.span.clone(),
                Text::new(
                    format!(
                        "Chỉ tiêu \"{}\" dành cho {}, đơn vị không phải thành viên. Đơn vị nào được tính?",
                        target.id, named.vi
                    ),
                    format!(
                        "The target \"{}\" is for {}, which is not a member. Which unit is meant?",
                        target.id, named.en
                    ),
                ),
            ));
        }
    }
}

/// Units as questions name them: code and name.
fn named(cluster: &Cluster, units: &[usize]) -> Text {
    let units: Vec<_> = units.iter().filter_map(|unit| cluster.units.get(*unit)).collect();
    let join = |lang| {
        let names = units.iter().map(|unit| format!("{} ({})", unit.code, unit.name.get(lang)));
        names.collect::<Vec<_>>().join(", ")
    };
    Text::new(join(Lang::Vi), join(Lang::En))
}

/// A head or deputy outside the members; two heads at once.
fn heads(cluster: &Cluster, day: Day, problems: &mut Vec<Problem>) {
    let members = cluster.with_role(Role::Member, day);
    let count = members.len();
    for (role, vi, en) in [(Role::Head, "Cụm trưởng", "head"), (Role::Deputy, "Cụm phó", "deputy")] {
        for membership in cluster.memberships.iter().filter(|m| m.role == role && m.holds(day)) {
            if members.contains(&membership.unit) {
                continue;
            }
            let unit = named(cluster, &[membership.unit]);
            problems.push(
                Problem::question(
                    "head-not-a-member",
                    FILE,
                    membership.span.clone(),
                    Text::new(
                        format!(
                            "{vi} {} không có trong danh sách {count} thành viên ngày {}. Mẫu số là {count} hay {} đơn vị?",
                            unit.vi,
                            day.dmy(),
                            count + 1
                        ),
                        format!(
                            "The {en}, {}, is not among the {count} members of {day}. Is the denominator {count} or {}?",
                            unit.en,
                            count + 1
                        ),
                    ),
                )
                .help(Text::new(
                    format!("Số liệu đang tính trên {count} thành viên. Nếu đơn vị này cũng là thành viên, thêm [[membership]] với role = \"member\"."),
                    format!("Figures are computed over the {count} members. If the unit is a member too, add [[membership]] with role = \"member\"."),
                )),
            );
        }
    }
    let mut heads = cluster.memberships.iter().filter(|m| m.role == Role::Head && m.holds(day));
    if let (Some(first), Some(second)) = (heads.next(), heads.next()) {
        let units = named(cluster, &[first.unit, second.unit]);
        problems.push(
            Problem::question(
                "several-heads",
                FILE,
                second.span.clone(),
                Text::new(
                    format!("Ngày {} có hai Cụm trưởng: {}. Đơn vị nào đúng?", day.dmy(), units.vi),
                    format!("On {day} there are two heads: {}. Which one is right?", units.en),
                ),
            )
            .also(first.span.clone(), Text::new("đơn vị kia", "the other one")),
        );
    }
}

/// What a source says against the membership of its day.
fn against(cluster: &Cluster, statement: &Statement, problems: &mut Vec<Problem>) {
    let day = statement.on;
    let members = cluster.with_role(Role::Member, day);
    let source = &statement.source;
    let mut ask = |code: &'static str, vi: String, en: String| {
        let vi = format!("{}: {vi}", source.vi);
        let en = format!("{}: {en}", source.en);
        problems.push(Problem::question(code, FILE, statement.span.clone(), Text::new(vi, en)));
    };
    let (count, day_vi) = (members.len(), day.dmy());
    if let Some(units) = statement.units.filter(|units| usize::try_from(*units) != Ok(count)) {
        ask(
            "statement-count",
            format!("nói có {units} đơn vị, danh sách thành viên ngày {day_vi} có {count}. Con số nào đúng?"),
            format!("it counts {units} units, the members of {day} are {count}. Which number is right?"),
        );
    }
    if let Some(listed) = &statement.listed {
        if let Some(units) = statement.units.filter(|units| usize::try_from(*units) != Ok(listed.len())) {
            let named = listed.len();
            ask(
                "statement-with-itself",
                format!("nói có {units} đơn vị nhưng kể tên {named}. Đơn vị nào thừa hay thiếu?"),
                format!("it counts {units} units but names {named}. Which one is missing or too many?"),
            );
        }
        let strangers: Vec<usize> = listed.iter().copied().filter(|unit| !members.contains(unit)).collect();
        if !strangers.is_empty() {
            let units = named(cluster, &strangers);
            ask(
                "listed-not-a-member",
                format!("kể tên {}, không phải thành viên ngày {day_vi}. Danh sách nào đúng?", units.vi),
                format!("it names {}, not a member on {day}. Which list is right?", units.en),
            );
        }
        let silent: Vec<usize> = members.iter().copied().filter(|unit| !listed.contains(unit)).collect();
        if !silent.is_empty() {
            let units = named(cluster, &silent);
            ask(
                "member-not-listed",
                format!("không kể tên {}, là thành viên ngày {day_vi}. Danh sách nào đúng?", units.vi),
                format!("it does not name {}, a member on {day}. Which list is right?", units.en),
            );
        }
    }
    let Some(head) = statement.head else { return };
    let heads = cluster.with_role(Role::Head, day);
    let theirs = named(cluster, &[head]);
    if !heads.contains(&head) {
        let ours = match heads.as_slice() {
            [] => Text::new("chưa ghi ai", "nobody"),
            heads => named(cluster, heads),
        };
        ask(
            "statement-head",
            format!("nói Cụm trưởng là {}; ở đây ngày {day_vi}: {}. Đơn vị nào đúng?", theirs.vi, ours.vi),
            format!("it names {} as head; here on {day} it is {}. Which one is right?", theirs.en, ours.en),
        );
    }
    let Some(listed) = statement.listed.as_ref().filter(|listed| !listed.contains(&head)) else { return };
    // Where membership says the very same, the question is asked of the membership.
    let asked = heads.contains(&head) && !members.contains(&head) && members.len() == listed.len();
    if !asked {
        let count = listed.len();
        ask(
            "head-not-listed",
            format!(
                "Cụm trưởng {} không có trong {count} đơn vị được kể tên. Cụm có {count} hay {} đơn vị?",
                theirs.vi,
                count + 1
            ),
            format!(
                "its head, {}, is not among the {count} units it names. Does the cluster have {count} units or {}?",
                theirs.en,
                count + 1
            ),
        );
    }
}
