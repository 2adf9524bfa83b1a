//! A target's page: its words, its figures, how they come about, and what else the records say.

use askama::Template;
use giaouoc_agreement::figure::{Amount, Verdict};
use giaouoc_agreement::scoreboard::{Figure, Line};
use giaouoc_agreement::text::Lang;

use super::board::figure_cell;
use super::texts::{cluster, ground, target_lead, together};
use super::{LONGEST, MANY, months, spread};
use crate::chart::{self, Picture};
use crate::model::{Detail, Report, RuleText};
use crate::table::{Cell, Head, Row, Table};
use crate::words::{day, grade_mark, interval, plain, say, ten_thousandths};

/// One target.
#[derive(Template)]
#[template(path = "page/target.html")]
pub struct TargetPage {
    lang: Lang,
    number: usize,
    alone: bool,
    name: String,
    clause_number: String,
    clause: Option<String>,
    facts: Vec<(&'static str, String)>,
    lead: String,
    compared: Option<Picture>,
    sentences: Vec<String>,
    table: Table,
    remarks: Vec<String>,
    more: usize,
    rules: Vec<RuleText>,
    funnel: Option<Picture>,
    counts: Table,
    lenses: Option<Lenses>,
    months: Option<Picture>,
    groups: Vec<Table>,
    days: Option<Picture>,
    terms: Option<Picture>,
    many: bool,
    digest: String,
    examples: usize,
}

/// Rival definitions side by side.
struct Lenses {
    sentence: String,
    table: Table,
    notes: Vec<String>,
}

impl TargetPage {
    pub fn new(report: &Report, at: usize) -> Self {
        let lang = report.lang;
        let line = &report.board.targets[at];
        let empty = Detail::default();
        let detail = report.details.get(at).unwrap_or(&empty);
        let rows = rows(report, line);
        let said = rows.iter().map(|(name, figure)| (name.clone(), report.remark(line, figure)));
        let mut remarks = together(said.filter(|(_, said)| !said.is_empty()));
        let more = remarks.len().saturating_sub(LONGEST);
        remarks.truncate(LONGEST);
        let id = |part: &str| format!("t{}{part}", at + 1);
        Self {
            lang,
            number: at + 1,
            alone: report.links == crate::model::Links::Pages,
            name: line.name.get(lang).to_owned(),
            clause_number: line.clause.clone(),
            clause: detail.clause.clone(),
            facts: facts(line, detail, lang),
            lead: target_lead(report, line),
            compared: compared(report, line, detail, &id("c")),
            sentences: sentences(detail),
            table: figures(report, at, line, detail, id("f")),
            remarks,
            more,
            rules: detail.rules.clone(),
            funnel: funnel(report, line, &id("n")),
            counts: counts(report, line, &rows, id("k")),
            lenses: lenses(report, line, detail, id("l")),
            months: months::picture(report, line, detail, &id("m")),
            groups: spread::groups(report, line, detail, &id("g")),
            days: spread::days(report, line, detail, &id("d")),
            terms: spread::terms(report, line, detail, &id("e")),
            many: rows.len() > MANY,
            digest: line.digest.clone(),
            examples: detail.examples,
        }
    }

    fn say<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        say(self.lang, vi, en)
    }
}

/// What the numbers of cases do not carry; not of hundreds of units, where the workbook has the intervals.
fn sentences(detail: &Detail) -> Vec<String> {
    let found = detail.comparison.as_ref().map(|found| found.sentences.as_slice()).unwrap_or_default();
    if found.len() > MANY { Vec::new() } else { found.to_vec() }
}

/// The figures with the names of whose they are, the cluster's last.
fn rows<'a>(report: &'a Report, line: &'a Line) -> Vec<(String, &'a Figure)> {
    let lang = report.lang;
    let units = report.board.units.iter().zip(&line.figures);
    let units = units.filter_map(|(row, figure)| Some((plain(row.short.get(lang), 120), figure.as_ref()?)));
    units.chain(line.together.iter().map(|figure| (cluster(lang).to_owned(), figure))).collect()
}

fn facts(line: &Line, detail: &Detail, lang: Lang) -> Vec<(&'static str, String)> {
    let mut facts = vec![(say(lang, "Mức", "Goal"), line.goal.words.get(lang).to_owned())];
    if let Some(share) = &line.units_share {
        let goal = share.goal.goal.signs(lang);
        let text = match lang {
            Lang::Vi => format!("tỷ lệ đơn vị đạt {goal}"),
            Lang::En => format!("share of units that meet it {goal}"),
        };
        facts.push((say(lang, "Với cả cụm", "Of the cluster"), text));
    }
    facts.push((say(lang, "Ai được đánh giá", "Who is judged"), detail.judged.clone()));
    let on = day(line.as_of, lang);
    let when = match lang {
        Lang::Vi => format!("{}, tính đến hết ngày {on}", line.period_words.vi),
        Lang::En => format!("{}, as of the end of {on}", line.period_words.en),
    };
    facts.push((say(lang, "Kỳ", "Period"), when));
    if let Some(legal) = &line.legal {
        facts.push((say(lang, "Căn cứ", "Legal basis"), legal.get(lang).to_owned()));
    }
    if let Some(note) = &detail.note {
        facts.push((say(lang, "Ghi chú", "Note"), note.clone()));
    }
    facts
}

/// Units as dots with whiskers.
fn compared(report: &Report, line: &Line, detail: &Detail, id: &str) -> Option<Picture> {
    let lang = report.lang;
    let intervals = &detail.comparison.as_ref()?.intervals;
    let mut rows = Vec::new();
    for ((unit, figure), interval) in report.board.units.iter().zip(&line.figures).zip(intervals) {
        let (Some(figure), Some((low, high))) = (figure, interval) else { continue };
        let Some(Amount::Share { met, of }) = figure.amount else { continue };
        rows.push(chart::Whisker {
            name: unit.short.get(lang).to_owned(),
            at: ten_thousandths(met, of),
            low: *low,
            high: *high,
            short: figure.verdict == Verdict::NotMet,
        });
    }
    if rows.len() < 2 || rows.len() > MANY {
        return None;
    }
    let goal = months::goal_level(line);
    let caption = say(
        lang,
        "Chấm là tỷ lệ tính được, chấm rỗng là chưa đạt. Vạch ngang cho biết riêng ngẫu nhiên có thể đưa tỷ lệ đi xa đến đâu với số hồ sơ ấy: càng ít hồ sơ, vạch càng dài (khoảng Wilson 95 %). Kết quả đánh giá chỉ theo con số chính xác.",
        "The dot is the share computed; a hollow one is short of the goal. The line says how far chance alone could carry it with that number of records: the fewer, the longer (Wilson, 95 %). Verdicts follow the exact figure only.",
    )
    .to_owned();
    let title = match lang {
        Lang::Vi => format!("{}: so sánh giữa các đơn vị", line.name.vi),
        Lang::En => format!("{}: units compared", line.name.en),
    };
    let svg =
        chart::whiskers(&chart::Whiskers { id, title: &title, about: &caption, lang, rows: &rows, goal });
    Some(Picture { svg, caption, wide: false, label: title, table: None, fold: "" })
}

/// The figures of a target: what most readers look for.
fn figures(report: &Report, target: usize, line: &Line, detail: &Detail, id: String) -> Table {
    let lang = report.lang;
    let intervals = detail.comparison.as_ref().map(|found| found.intervals.as_slice()).unwrap_or_default();
    let any = intervals.iter().any(Option::is_some);
    let mut head = vec![
        Head::words(say(lang, "Đơn vị", "Unit")),
        Head::number(say(lang, "Số liệu", "Figure")),
        Head::words(say(lang, "Kết quả", "Verdict")),
    ];
    if any {
        head.push(Head::number(say(lang, "Khoảng 95 %", "95 % interval")));
    }
    let row = |name: String, figure: &Figure, at: Option<usize>| {
        let shown = figure.amount.as_ref().map_or("–", |_| figure.shown.get(lang));
        let integers = figure.amount.as_ref().map(|amount| amount.integers(lang)).unwrap_or_default();
        let integers = if integers == shown { String::new() } else { integers };
        let mut cells = vec![
            Cell {
                href: report.to_figure(target, at),
                ..Cell::number(format!("{shown}{}", grade_mark(figure.grade))).small(integers)
            },
            Cell::verdict(figure.verdict, lang).small(ground(figure, lang)),
        ];
        if any {
            let found = at.and_then(|at| intervals.get(at).copied().flatten());
            cells.push(Cell::number(found.map(|found| interval(found, lang)).unwrap_or_default()));
        }
        let row = Row::new(name, cells);
        match at {
            Some(at) => row.to(report.to_unit(at)),
            None => row.sum(),
        }
    };
    let units = report.board.units.iter().zip(&line.figures).enumerate();
    let units = units.filter_map(|(at, (unit, figure))| {
        Some(row(plain(unit.short.get(lang), 120), figure.as_ref()?, Some(at)))
    });
    let all = line.together.iter().map(|figure| row(cluster(lang).to_owned(), figure, None));
    let caption = say(lang, "Số liệu và kết quả của từng đơn vị", "Figures and verdicts of each unit");
    Table { id, caption: caption.into(), head, rows: units.chain(all).collect(), ..Table::default() }
}

/// Records, counted, met: of all units together.
fn funnel(report: &Report, line: &Line, id: &str) -> Option<Picture> {
    let lang = report.lang;
    let units: Vec<&Figure> = line.figures.iter().flatten().collect();
    let figures = if units.is_empty() { line.together.iter().collect() } else { units };
    let sum = |of: &dyn Fn(&Figure) -> i64| {
        figures.iter().fold(0_i64, |sum, figure| sum.saturating_add(of(figure)))
    };
    let seen = sum(&|figure| figure.tally.seen);
    let counted = sum(&|figure| figure.tally.counted);
    if seen == 0 || counted == 0 {
        return None;
    }
    let mut steps = vec![
        (say(lang, "bản ghi", "records").to_owned(), seen),
        (say(lang, "được tính", "counted").to_owned(), counted),
    ];
    // What was met is known of records only, not of totals that stand for them.
    let met = figures.iter().map(|figure| match (figure.tally.counted, &figure.amount) {
        (0, _) => Some(0),
        (counted, Some(Amount::Share { met, of })) if *of <= counted => Some(*met),
        _ => None,
    });
    let met: Option<i64> = met.sum();
    steps.extend(met.map(|met| (say(lang, "đạt yêu cầu", "meeting it").to_owned(), met)));
    if steps.iter().any(|(_, value)| report.hides(&line.kind, *value)) {
        return None;
    }
    let unknown = sum(&|figure| figure.tally.counted_unknown.saturating_add(figure.tally.met_unknown));
    let number = |value| report.count(&line.kind, value);
    let mut caption = match lang {
        Lang::Vi => format!("Trong {} bản ghi của các đơn vị, {} được tính", number(seen), number(counted)),
        Lang::En => format!("Of {} records of the units, {} are counted", number(seen), number(counted)),
    };
    if let Some(met) = met {
        caption.push_str(&match lang {
            Lang::Vi => format!("; {} đạt yêu cầu", number(met)),
            Lang::En => format!("; {} meet the target", number(met)),
        });
    }
    if unknown > 0 {
        caption.push_str(&match lang {
            Lang::Vi => format!("; {} chưa đủ dữ liệu để biết", number(unknown)),
            Lang::En => format!("; {} lack the data to tell", number(unknown)),
        });
    }
    caption.push('.');
    let title = match lang {
        Lang::Vi => format!("{}: từ bản ghi đến số liệu", line.name.vi),
        Lang::En => format!("{}: from records to the figure", line.name.en),
    };
    let svg = chart::funnel(&chart::Funnel { id, title: &title, about: &caption, lang, steps: &steps });
    Some(Picture { svg, caption, wide: false, label: title, table: None, fold: "" })
}

/// The same counts for each unit.
fn counts(report: &Report, line: &Line, rows: &[(String, &Figure)], id: String) -> Table {
    let lang = report.lang;
    let count = |value| Cell::number(report.count(&line.kind, value));
    let head = vec![
        Head::words(say(lang, "Đơn vị", "Unit")),
        Head::number(say(lang, "Bản ghi", "Records")),
        Head::number(say(lang, "Được tính", "Counted")),
        Head::number(say(lang, "Chưa rõ", "Unknown")),
        Head::number(say(lang, "Số nguyên", "Integers")),
        Head::number(say(lang, "Bản ghi mới nhất", "Latest record")),
    ];
    let rows = rows.iter().map(|(name, figure)| {
        let tally = &figure.tally;
        let integers = figure.amount.as_ref().map(|amount| amount.integers(lang)).unwrap_or_default();
        let latest = tally.latest.map(|latest| day(latest, lang)).unwrap_or_default();
        Row::new(
            name.as_str(),
            vec![
                count(tally.seen),
                count(tally.counted),
                count(tally.counted_unknown.saturating_add(tally.met_unknown)),
                Cell::number(integers),
                Cell::number(latest),
            ],
        )
    });
    let caption = say(lang, "Từ bản ghi đến số liệu, từng đơn vị", "From records to figures, by unit");
    Table { id, caption: caption.into(), quiet: true, head, rows: rows.collect(), ..Table::default() }
}

fn lenses(report: &Report, line: &Line, detail: &Detail, id: String) -> Option<Lenses> {
    let lang = report.lang;
    let rows = rows(report, line);
    let mut names: Vec<(&str, String)> = Vec::new();
    for lens in rows.iter().flat_map(|(_, figure)| &figure.lenses) {
        if names.iter().all(|(known, _)| *known != lens.lens) {
            let mut name = lens.name.get(lang).to_owned();
            if lens.goal.goal.text != line.goal.goal.text {
                name.push_str(&format!(" ({})", lens.goal.goal.signs(lang)));
            }
            names.push((&lens.lens, name));
        }
    }
    if names.is_empty() {
        return None;
    }
    let mut head =
        vec![Head::words(say(lang, "Đơn vị", "Unit")), Head::number(say(lang, "Theo giao ước", "As agreed"))];
    head.extend(names.iter().map(|(_, name)| Head::number(name.as_str())));
    let with = rows.iter().filter(|(_, figure)| !figure.lenses.is_empty());
    let cells = with.map(|(name, figure)| {
        let mut cells = vec![figure_cell(Some(figure), lang)];
        cells.extend(names.iter().map(|(id, _)| {
            let found = figure.lenses.iter().find(|lens| lens.lens == *id);
            found.filter(|lens| lens.amount.has_value()).map_or_else(Cell::default, |lens| Cell {
                text: format!("{}{}", if lens.flips { "⇄ " } else { "" }, lens.shown.get(lang)),
                class: "n",
                verdict: lens.flips.then_some((lens.would_be, lang)),
                ..Cell::default()
            })
        }));
        Row::new(name.as_str(), cells)
    });
    let turned = rows.iter().filter(|(_, figure)| figure.lenses.iter().any(|lens| lens.flips)).count();
    let caption = match turned {
        0 => say(lang, "Số liệu theo từng cách hiểu", "Figures under each reading"),
        _ => say(lang, "⇄ là chỗ kết quả sẽ khác đi", "⇄ marks where the verdict would turn"),
    };
    let table = Table { id, caption: caption.into(), head, rows: cells.collect(), ..Table::default() };
    let of = table.rows.len();
    let sentence = match (lang, turned) {
        (Lang::Vi, 0) => "Dù hiểu theo cách nào dưới đây, không kết quả nào thay đổi.".to_owned(),
        (Lang::En, 0) => "Under none of these readings does a verdict change.".to_owned(),
        (Lang::Vi, _) => format!(
            "Cùng những hồ sơ ấy có thể hiểu chỉ tiêu theo cách khác. {turned} trong {of} hàng dưới đây sẽ đổi kết quả ở ít nhất một cách; kết quả đánh giá vẫn chỉ theo giao ước."
        ),
        (Lang::En, _) => format!(
            "The same records can be read by other definitions. {turned} of the {of} rows below would turn under at least one; only the agreement's own counts."
        ),
    };
    let mut notes = detail.comparison.as_ref().map(|found| found.lenses.clone()).unwrap_or_default();
    notes.extend(rows.iter().filter_map(|(name, figure)| {
        let note = figure.lenses.iter().find_map(|lens| lens.note.as_ref())?;
        Some(format!("{name}: {}", note.get(lang)))
    }));
    notes.truncate(LONGEST);
    Some(Lenses { sentence, table, notes })
}
