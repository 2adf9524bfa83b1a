//! Reads `cluster.toml`.

use std::collections::HashMap;

use giaouoc_worktime::time::Day;

use super::{Cluster, MappedFile, Membership, Role, Statement, Supplier, Unit};
use crate::bundle::paths::{is_plain, leads_out};
use crate::bundle::refs;
use crate::kind::Kind;
use crate::problem::Problem;
use crate::text::{Text, fold};
use crate::toml_read::{At, Document, Table, shown};

/// The format of `cluster.toml` that this program reads.
const FORMAT: i64 = 1;

/// More units than this are a mistake: the country has some 10,000 communes and provincial agencies, a cluster at most
/// fifteen units.
const MOST_UNITS: usize = 20_000;
/// Likewise for statements, suppliers and files.
const MOST_OTHERS: usize = 1_000;

/// The cluster, as far as it can be read; problems go to the document.
pub(crate) fn read(doc: &Document<'_>, kinds: &[Kind]) -> Option<Cluster> {
    let root = doc.root();
    root.need("format").integer(FORMAT..=FORMAT);
    let city = root.need("city").table().map(|city| {
        let fields = (city.need("code").string(), city.need("name").text());
        city.finish();
        fields
    });
    let head = root.need("cluster").table().map(|cluster| {
        let fields = (cluster.need("id").id(), cluster.need("name").text(), cluster.may("decision").text());
        cluster.finish();
        fields
    });
    let units: Vec<_> = root.need("unit").few_tables(MOST_UNITS).into_iter().map(unit).collect();
    let memberships = root.may("membership").few_tables(2 * MOST_UNITS);
    let statements = root.may("statement").few_tables(MOST_OTHERS);
    let suppliers = root.may("supplier").few_tables(MOST_OTHERS);
    let files = root.may("file").few_tables(MOST_OTHERS);
    let aliases = root.may("alias").few_tables(MOST_UNITS);
    root.finish();

    // A unit that could not be read leaves later references to it unresolved; they are not checked then.
    let whole = units.iter().all(Option::is_some);
    let (units, successors): (Vec<Unit>, Vec<_>) = units.into_iter().flatten().unzip();
    refs::unique(doc, units.iter().map(|unit| (unit.code.as_str(), unit.span.clone())));
    let mut cluster = Cluster {
        city_code: String::new(),
        city: Text::default(),
        id: String::new(),
        name: Text::default(),
        decision: None,
        units,
        memberships: Vec::new(),
        statements: Vec::new(),
        suppliers: Vec::new(),
        files: Vec::new(),
    };
    let known = whole.then_some(());
    for table in aliases {
        alias(table, &mut cluster, known);
    }
    names_differ(doc, &cluster);
    succession(doc, &mut cluster, successors, known);
    let at = |cluster: &Cluster, code: &At<String>| known.and_then(|()| refs::unit(doc, Some(cluster), code));
    cluster.memberships = memberships.into_iter().filter_map(|t| membership(t, &cluster, at)).collect();
    no_overlap(doc, &cluster);
    cluster.statements = statements.into_iter().filter_map(|t| statement(t, &cluster, at)).collect();
    cluster.suppliers = suppliers.into_iter().filter_map(|t| supplier(t, &cluster, kinds, at)).collect();
    cluster.files = files.into_iter().filter_map(|t| file(t, &cluster, kinds, at)).collect();
    refs::unique(doc, cluster.files.iter().map(|file| (file.path.as_str(), file.span.clone())));

    let ((city_code, city), (id, name, decision)) = (city?, head?);
    cluster.city_code = city_code?.value;
    cluster.city = city?.value;
    cluster.id = id?.value;
    cluster.name = name?.value;
    cluster.decision = decision.map(|at| at.value);
    whole.then_some(cluster)
}

fn unit(table: Table<'_>) -> Option<(Unit, Option<At<String>>)> {
    let doc = table.doc();
    let code = table.need("code").string();
    let name = table.need("name").text();
    let short = table.may("short").text();
    let (from, to) = (table.may("from").day(), table.may("to").day());
    let successor = table.may("successor").string();
    table.finish();
    refs::in_order(doc, from.as_ref(), to.as_ref());
    let code = code?;
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if !code.chars().all(fits) || code.len() > 64 {
        doc.error(
            "bad-unit-code",
            code.span,
            Text::new(
                format!("\"{}\" không phải mã đơn vị.", shown(&code.value)),
                format!("\"{}\" is not a unit's code.", shown(&code.value)),
            ),
            Some(Text::new(
                "Ghi mã định danh, ví dụ H26.01: chữ không dấu, chữ số, dấu chấm, - và _.",
                "Write the identifier code, such as H26.01: letters a to z, digits, dots, - and _.",
            )),
        );
        return None;
    }
    let name = name?.value;
    let unit = Unit {
        span: code.span,
        code: code.value,
        short: short.map_or_else(|| name.clone(), |at| at.value),
        name,
        from: from.map(|at| at.value),
        to: to.map(|at| at.value),
        successor: None,
        aliases: Vec::new(),
    };
    Some((unit, successor))
}

fn alias(table: Table<'_>, cluster: &mut Cluster, known: Option<()>) {
    let doc = table.doc();
    let unit = table.need("unit").string();
    let names = table.need("names").strings();
    table.finish();
    let index = known.and(unit).and_then(|unit| refs::unit(doc, Some(cluster), &unit));
    if let Some(unit) = index.and_then(|index| cluster.units.get_mut(index)) {
        unit.aliases.extend(names.into_iter().map(|at| at.value));
    }
}

/// A name that a file may use means one unit only, and a code in any case.
fn names_differ(doc: &Document<'_>, cluster: &Cluster) {
    let lower = |code: &str| code.to_ascii_lowercase();
    let mut codes: HashMap<String, usize> = HashMap::new();
    for (index, unit) in cluster.units.iter().enumerate() {
        codes.entry(lower(&unit.code)).or_insert(index);
    }
    let mut owner: HashMap<String, usize> = HashMap::new();
    for (index, unit) in cluster.units.iter().enumerate() {
        let mut clash =
            codes.get(&lower(&unit.code)).filter(|other| **other != index).map(|o| (*o, &*unit.code));
        for name in unit.names() {
            let by_code = codes.get(&lower(name)).copied();
            let by_name = *owner.entry(fold(name)).or_insert(index);
            let other = [by_code, Some(by_name)].into_iter().flatten().find(|other| *other != index);
            clash = clash.or(other.map(|other| (other, name)));
        }
        let first = clash.and_then(|(other, name)| Some((cluster.units.get(other)?, name)));
        // The very same code twice is reported as such.
        if let Some((first, name)) = first.filter(|(first, _)| first.code != unit.code) {
            doc.report(
                Problem::error(
                    "ambiguous-name",
                    doc.file(),
                    unit.span.clone(),
                    Text::new(
                        format!("\"{}\" chỉ cả hai đơn vị {} và {}.", shown(name), first.code, unit.code),
                        format!("\"{}\" means both {} and {}.", shown(name), first.code, unit.code),
                    ),
                )
                .also(first.span.clone(), Text::new("đơn vị kia", "the other unit"))
                .help(Text::new(
                    "Tên trong tệp được so không kể hoa thường, dấu và khoảng trắng; đặt tên khác nhau.",
                    "Names in files are compared without case, marks and spaces; make them differ.",
                )),
            );
        }
    }
}

fn succession(
    doc: &Document<'_>,
    cluster: &mut Cluster,
    written: Vec<Option<At<String>>>,
    known: Option<()>,
) {
    let links: Vec<Option<usize>> = written
        .iter()
        .map(|code| known.and(code.as_ref()).and_then(|code| refs::unit(doc, Some(cluster), code)))
        .collect();
    for ((index, unit), code) in cluster.units.iter().enumerate().zip(&written) {
        let Some(code) = code else { continue };
        if unit.to.is_none() {
            doc.error(
                "successor-without-end",
                code.span.clone(),
                Text::new(
                    format!("Đơn vị {} có đơn vị kế tiếp nhưng không có ngày cuối.", unit.code),
                    format!("The unit {} has a successor but no last day.", unit.code),
                ),
                Some(Text::new("Thêm to = ngày cuối.", "Add to = its last day.")),
            );
        }
        let mut at = links.get(index).copied().flatten();
        let mut steps = 0;
        while let Some(next) = at {
            if next == index || steps > links.len() {
                doc.error(
                    "successor-loop",
                    code.span.clone(),
                    Text::new(
                        format!("Chuỗi đơn vị kế tiếp của {} quay về chính nó.", unit.code),
                        format!("The successors of {} lead back to it.", unit.code),
                    ),
                    None,
                );
                break;
            }
            at = links.get(next).copied().flatten();
            steps += 1;
        }
    }
    for (unit, link) in cluster.units.iter_mut().zip(links) {
        unit.successor = link;
    }
}

fn membership(
    table: Table<'_>,
    cluster: &Cluster,
    at: impl Fn(&Cluster, &At<String>) -> Option<usize>,
) -> Option<Membership> {
    let (doc, span) = (table.doc(), table.span());
    let unit = table.need("unit").string();
    let role = table.need("role").one_of(&[
        ("member", Role::Member),
        ("head", Role::Head),
        ("deputy", Role::Deputy),
    ]);
    let (from, to) = (table.need("from").day(), table.may("to").day());
    table.finish();
    refs::in_order(doc, from.as_ref(), to.as_ref());
    let (unit, from) = (unit.and_then(|code| at(cluster, &code)), from?);
    let existing = cluster.units.get(unit?)?;
    let last = to.as_ref().map_or(from.value, |to| to.value);
    if let Some(day) = [from.value, last].into_iter().find(|day| !existing.exists(*day)) {
        doc.error(
            "unit-not-existing",
            span.clone(),
            Text::new(
                format!("Đơn vị {} không tồn tại ngày {}.", existing.code, day.dmy()),
                format!("The unit {} does not exist on {day}.", existing.code),
            ),
            Some(Text::new("Xem from và to của đơn vị.", "See the unit's own from and to.")),
        );
    }
    Some(Membership { unit: unit?, role: role?.value, from: from.value, to: to.map(|at| at.value), span })
}

/// The same role of the same unit on the same day twice is a slip in the dates.
fn no_overlap(doc: &Document<'_>, cluster: &Cluster) {
    let ends = |m: &Membership| m.to.unwrap_or(Day::MAX);
    let mut same: HashMap<(usize, Role), Vec<&Membership>> = HashMap::new();
    for later in &cluster.memberships {
        let before = same.entry((later.unit, later.role)).or_default();
        let clash =
            before.iter().find(|earlier| earlier.from <= ends(later) && later.from <= ends(earlier)).copied();
        before.push(later);
        if let (Some(earlier), Some(unit)) = (clash, cluster.units.get(later.unit)) {
            let message = Text::new(
                format!("Đơn vị {} có cùng vai trò hai lần trong cùng những ngày.", unit.code),
                format!("The unit {} has the same role twice on the same days.", unit.code),
            );
            doc.report(
                Problem::error("overlapping-membership", doc.file(), later.span.clone(), message)
                    .also(earlier.span.clone(), Text::new("lần kia", "the other one")),
            );
        }
    }
}

fn statement(
    table: Table<'_>,
    cluster: &Cluster,
    at: impl Fn(&Cluster, &At<String>) -> Option<usize>,
) -> Option<Statement> {
    let (doc, span) = (table.doc(), table.span());
    let source = table.need("source").text();
    let on = table.need("on").day();
    let units = table.may("units").integer(0..=10_000);
    let head = table.may("head").string().and_then(|code| at(cluster, &code));
    let listed = table.may("listed");
    let codes = listed.strings();
    refs::unique(doc, codes.iter().map(|code| (code.value.as_str(), code.span.clone())));
    let listed = listed.is_there().then(|| codes.iter().filter_map(|code| at(cluster, code)).collect());
    table.finish();
    Some(Statement {
        source: source?.value,
        on: on?.value,
        units: units.map(|at| at.value),
        head,
        listed,
        span,
    })
}

fn supplier(
    table: Table<'_>,
    cluster: &Cluster,
    kinds: &[Kind],
    at: impl Fn(&Cluster, &At<String>) -> Option<usize>,
) -> Option<Supplier> {
    let doc = table.doc();
    let unit = table.need("unit").string().and_then(|code| at(cluster, &code));
    let kind = table.need("kind").string().and_then(|id| refs::kind(doc, kinds, &id));
    let subjects = table.may("for");
    let codes = subjects.strings();
    let subjects = subjects.is_there().then(|| codes.iter().filter_map(|code| at(cluster, code)).collect());
    table.finish();
    Some(Supplier { unit: unit?, kind: kind?.id.clone(), subjects })
}

fn file(
    table: Table<'_>,
    cluster: &Cluster,
    kinds: &[Kind],
    at: impl Fn(&Cluster, &At<String>) -> Option<usize>,
) -> Option<MappedFile> {
    let doc = table.doc();
    let path = table.need("path").string();
    let kind = table.need("kind").string().and_then(|id| refs::kind(doc, kinds, &id));
    let map = table.may("map").string();
    let supplier = table.may("supplier").string().and_then(|code| at(cluster, &code));
    table.finish();
    let path = path?;
    if !is_plain(&path) {
        doc.report(leads_out(&path, doc.file(), path.span.clone()));
    } else if !path.starts_with("records/") {
        let message = Text::new(
            format!("\"{}\" không nằm trong records/.", shown(&path)),
            format!("\"{}\" is not in records/.", shown(&path)),
        );
        doc.error("bad-path", path.span.clone(), message, None);
    }
    Some(MappedFile {
        span: path.span,
        path: path.value,
        kind: kind?.id.clone(),
        map: map.map(|at| at.value),
        supplier,
    })
}
