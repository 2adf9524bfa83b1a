//! A figure's page: what `giaouoc explain` says of one target and one unit, from what was measured.

use askama::Template;
use giaouoc_agreement::figure::integer;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_report::chart::{self, Picture, Point};
use giaouoc_report::table::{Cell as TableCell, Head, Row, Table};
use giaouoc_report::words::share;

use super::desk::kind_name;
use super::records::list_address;
use crate::access::Doing;
use crate::opened::{Open, Opened, Rule};
use crate::sheet::{Cell, Sheet, Target};
use crate::small::{self, Reader, hidden};
use crate::who::Who;

/// Between the target and the unit in the address of a figure; in no code.
pub(crate) const BETWEEN: char = '~';
/// What stands for all units together.
pub(crate) const ALL: &str = "all";

#[derive(Template)]
#[template(path = "pages/figure.html")]
struct FigurePage<'a> {
    lang: Lang,
    target: String,
    up_target: String,
    unit: String,
    up_unit: Option<String>,
    shown: String,
    integers: String,
    tone: &'a str,
    sign: &'a str,
    words: &'a str,
    clause: Option<&'a str>,
    clause_number: &'a str,
    facts: Vec<(&'static str, String)>,
    way: Table,
    left: Vec<String>,
    records: Vec<(String, String)>,
    hangs: Vec<String>,
    parts: Option<Table>,
    months: Option<Picture>,
    lenses: Option<Table>,
    lenses_said: String,
    rules: &'a [Rule],
    basis: Vec<(&'static str, String)>,
    command: String,
    suppressed: Option<String>,
}

impl FigurePage<'_> {
    fn text<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.lang)
    }

    fn say<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        say(self.lang, vi, en)
    }
}

fn say<'a>(lang: Lang, vi: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}

/// A figure with what it is looked at by.
struct Look<'a> {
    lang: Lang,
    reader: Reader,
    target: &'a Target,
    opened: &'a Opened,
    cell: &'a Cell,
    open: &'a Open,
    /// Which of its months this reader does not see.
    gone: Vec<bool>,
}

/// The page of `TARGET~UNIT`: its title and what stands on it. `slug` is the cluster, for those who may see its records.
pub(crate) fn page(
    sheet: &Sheet,
    name: &str,
    reader: Reader,
    who: &Who,
    slug: &str,
) -> Option<(String, String)> {
    let lang = who.lang;
    let (id, code) = name.split_once(BETWEEN)?;
    let (at, target) = sheet.target(id)?;
    let opened = sheet.opened.get(at)?;
    let (unit, cell, open) = if code == ALL {
        let name = say(lang, "Cả cụm", "Whole cluster").to_owned();
        (name, target.together.as_ref()?, opened.together.as_ref()?)
    } else {
        let (place, unit) = sheet.unit(code)?;
        let name = unit.short.get(lang).to_owned();
        (name, target.cells.get(place)?.as_ref()?, opened.figures.get(place)?.as_ref()?)
    };
    let (units, all) = small::months(&target.kind, opened, reader);
    let place = sheet.unit(code).map(|(place, _)| place);
    let gone = place.and_then(|place| units.get(place).cloned()).unwrap_or(all);
    let look = Look { lang, reader, target, opened, cell, open, gone };
    let number = format!("{}. {}", at + 1, target.name.get(lang));
    let title = format!("{}: {unit}", target.name.get(lang));
    let (way, any_small) = look.way();
    let months = look.months();
    let any_small = any_small || look.gone.contains(&true);
    let lenses = look.lenses();
    let page = FigurePage {
        lang,
        up_target: format!("target-{id}"),
        target: number,
        up_unit: (code != ALL).then(|| format!("unit-{code}")),
        unit,
        shown: cell.shown.as_ref().map_or("–", |shown| shown.get(lang)).to_owned(),
        integers: look.integers().to_owned(),
        tone: &cell.tone,
        sign: &cell.sign,
        words: cell.words.get(lang),
        clause: opened.clause.as_ref().map(|clause| clause.get(lang)),
        clause_number: &target.clause,
        facts: look.facts(),
        way,
        left: look.left(),
        records: if reader == Reader::Inside && code != ALL {
            records(who, slug, target, code)
        } else {
            Vec::new()
        },
        hangs: look.hangs(),
        parts: look.parts(),
        months,
        lenses_said: look.turned(),
        lenses,
        rules: &opened.rules,
        basis: look.basis(sheet),
        command: command(sheet, id, code),
        suppressed: any_small.then(|| suppressed(lang)),
    };
    // A template over texts in memory does not fail; if it did there would be no such page.
    Some((title, page.render().ok()?))
}

/// Where the records behind a figure are listed, those that count and those of them that do not meet the target, for
/// those who may read the unit's.
fn records(who: &Who, slug: &str, target: &Target, unit: &str) -> Vec<(String, String)> {
    if !who.may(Doing::Read, slug, unit) {
        return Vec::new();
    }
    let name = kind_name(&target.kind, who.lang);
    let (counted, not_met) = match who.lang {
        Lang::Vi => {
            (format!("Xem các bản ghi được tính: {name}"), "Chỉ các bản ghi chưa đạt yêu cầu".to_owned())
        }
        Lang::En => {
            (format!("See the records that count: {name}"), "Only those that do not meet it".to_owned())
        }
    };
    let at = format!("{}?target={}", list_address(slug, unit, &target.kind), target.id);
    vec![(at.clone(), counted), (format!("{at}&met=no"), not_met)]
}

/// The command with which anybody who has the bundle checks the figure.
fn command(sheet: &Sheet, target: &str, unit: &str) -> String {
    let unit = if unit == ALL { String::new() } else { format!(" --unit {unit}") };
    let known = sheet.head.checked_sub(1).map(|entry| format!(" --known-at {entry}")).unwrap_or_default();
    format!("giaouoc explain {} {target}{unit}{known}", sheet.agreement)
}

fn suppressed(lang: Lang) -> String {
    let under = small::under();
    match lang {
        Lang::Vi => format!("Số nhỏ về từng người được ghi là “{}”. Căn cứ: {}.", under.vi, small::source()),
        Lang::En => {
            format!("Small numbers about persons stand as “{}”. Source: {}.", under.en, small::source())
        }
    }
}

impl Look<'_> {
    fn say<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        say(self.lang, vi, en)
    }

    fn hides(&self, count: i64) -> bool {
        hidden(&self.target.kind, count, self.reader)
    }

    fn count(&self, count: i64) -> String {
        small::count(&self.target.kind, count, self.reader, self.lang)
    }

    /// The integers, where they say more than the figure.
    fn integers(&self) -> &str {
        let integers = self.cell.integers.get(self.lang);
        let shown = self.cell.shown.as_ref().map_or("", |shown| shown.get(self.lang));
        if integers == shown { "" } else { integers }
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let (lang, opened) = (self.lang, self.opened);
        let label = |vi: &'static str, en: &'static str| say(lang, vi, en);
        let mut facts = vec![
            (label("Mức", "Goal"), self.target.goal.get(lang).to_owned()),
            (label("Ai được đánh giá", "Who is judged"), opened.judged.get(lang).to_owned()),
            (
                label("Kỳ", "Period"),
                match lang {
                    Lang::Vi => format!("{}, tính đến hết ngày {}", opened.period.vi, opened.as_of.vi),
                    Lang::En => format!("{}, as of the end of {}", opened.period.en, opened.as_of.en),
                },
            ),
            (label("Mức bằng chứng", "Rests on"), self.cell.grade.get(lang).to_owned()),
        ];
        if let Some(latest) = &self.open.latest {
            facts.push((label("Bản ghi mới nhất", "Latest record"), latest.get(lang).to_owned()));
        }
        let coverage: Vec<&str> = self.open.coverage.iter().map(|period| period.get(lang)).collect();
        if !coverage.is_empty() {
            facts.push((label("Số tổng hợp thay cho", "Totals stand for"), coverage.join(", ")));
        }
        for (name, text) in [
            (label("Căn cứ", "Legal basis"), &opened.legal),
            (label("Ghi chú của giao ước", "Note of the agreement"), &opened.note),
        ] {
            facts.extend(text.as_ref().map(|text| (name, text.get(lang).to_owned())));
        }
        facts
    }

    /// Records, counted, unknown; and whether a small number was left out.
    fn way(&self) -> (Table, bool) {
        let (cell, open) = (self.cell, self.open);
        // Totals may stand for more than the records that there are.
        let aside = (cell.seen - cell.counted - open.counted_unknown).max(0);
        let steps = [
            (self.say("Bản ghi của đơn vị", "Records of the unit"), cell.seen),
            (self.say("Không thuộc diện được tính", "Not counted, by the rule"), aside),
            (self.say("Chưa rõ có được tính không", "Unknown whether they count"), open.counted_unknown),
            (self.say("Được tính", "Counted"), cell.counted),
            (self.say("Được tính nhưng chưa rõ kết quả", "Counted, outcome unknown"), open.met_unknown),
        ];
        let small = steps.iter().any(|(_, count)| self.hides(*count));
        // A small number must not come out as what is missing from the sum.
        let sum_hides = self.hides(aside) || self.hides(open.counted_unknown);
        let rows = steps.iter().enumerate().map(|(at, (name, count))| {
            let shown = if at == 0 && sum_hides { "–".to_owned() } else { self.count(*count) };
            Row::new(*name, vec![TableCell::number(shown)])
        });
        let mut rows: Vec<Row> = rows.collect();
        let integers = self.cell.integers.get(self.lang);
        if !integers.is_empty() {
            let name = self.say("Số nguyên của số liệu", "The figure's integers");
            rows.push(Row::new(name, vec![TableCell::number(integers)]).sum());
        }
        let head = vec![Head::words(self.say("Bước", "Step")), Head::number(self.say("Bản ghi", "Records"))];
        let caption = self.say("Từ bản ghi đến số liệu", "From records to the figure").to_owned();
        (Table { id: "way-c".into(), caption, quiet: true, head, rows, ..Table::default() }, small)
    }

    /// What was left out, and why.
    fn left(&self) -> Vec<String> {
        let lang = self.lang;
        let mut said: Vec<String> = self.open.notes.iter().map(|note| note.get(lang).to_owned()).collect();
        said.extend(self.open.unknown.iter().map(|(column, records)| {
            let records = self.count(*records);
            match lang {
                Lang::Vi => format!("{records} bản ghi để trống “{}”", column.vi),
                Lang::En => format!("{records} records without “{}”", column.en),
            }
        }));
        said.extend(self.open.below.map(|least| match lang {
            Lang::Vi => format!("Ít hơn {least} trường hợp nên không đánh giá."),
            Lang::En => format!("Fewer than {least} cases, so it is not judged."),
        }));
        said
    }

    /// What the verdict hangs on: what it takes, and records that are undecided.
    fn hangs(&self) -> Vec<String> {
        let lang = self.lang;
        let mut said: Vec<String> = self.open.need.iter().map(|need| need.get(lang).to_owned()).collect();
        let undecided = self.open.counted_unknown + self.open.met_unknown;
        if undecided > 0 {
            let count = self.count(undecided);
            said.push(match lang {
                Lang::Vi => format!("{count} bản ghi chưa đủ dữ liệu: khi bổ sung, số liệu có thể đổi."),
                Lang::En => {
                    format!("{count} records lack data: once they are complete the figure may change.")
                }
            });
        }
        said
    }

    fn parts(&self) -> Option<Table> {
        let lang = self.lang;
        let rows = self.open.parts.iter().map(|part| {
            let shown = part.shown.as_ref().map_or("–", |shown| shown.get(lang));
            Row::new(
                part.period.get(lang),
                vec![
                    TableCell::number(shown),
                    TableCell::text(part.goal.get(lang)),
                    TableCell::text(part.verdict.get(lang)),
                ],
            )
        });
        let rows: Vec<Row> = rows.collect();
        let head = vec![
            Head::words(self.say("Phần của kỳ", "Part")),
            Head::number(self.say("Số liệu", "Figure")),
            Head::words(self.say("Mức", "Goal")),
            Head::words(self.say("Kết quả", "Verdict")),
        ];
        let caption = self.say("Số liệu của từng phần", "Figures of each part").to_owned();
        (!rows.is_empty()).then(|| Table {
            id: "parts-c".into(),
            caption,
            quiet: true,
            head,
            rows,
            ..Table::default()
        })
    }

    /// The months with a picture where two or more of them have a figure, and the same as a table.
    fn months(&self) -> Option<Picture> {
        let (lang, opened, months) = (self.lang, self.opened, &self.open.months);
        if months.len() < 2 || months.len() != opened.months.len() {
            return None;
        }
        let gone = |at: usize| self.gone.get(at).copied().unwrap_or(false);
        let point = |(place, month): (usize, &crate::opened::Month)| {
            let at = month.at.filter(|_| !gone(place))?;
            Some(Point { at, short: month.short })
        };
        let points: Vec<Option<Point>> = months.iter().enumerate().map(point).collect();
        let goal = opened.level.filter(|_| opened.shares);
        let label = say(lang, "Từng tháng", "Month by month").to_owned();
        let caption = self.said_of_months(&points, goal);
        let svg = if points.iter().flatten().count() < 2 {
            String::new()
        } else {
            let title = format!("{}: {label}", self.target.name.get(lang));
            chart::months(&chart::Series {
                id: "months-p",
                title: &title,
                about: &caption,
                lang,
                labels: &opened.labels,
                points: &points,
                goal,
                shares: opened.shares,
            })
        };
        let head = vec![
            Head::words(self.say("Tháng", "Month")),
            Head::number(self.say("Số liệu", "Figure")),
            Head::number(self.say("Số nguyên", "Integers")),
        ];
        let rows = opened.months.iter().zip(months).enumerate().map(|(at, (name, month))| {
            let (shown, integers) = match &month.shown {
                Some(_) if self.hides(month.cases) => (String::new(), small::under().get(lang).to_owned()),
                Some(_) if gone(at) => (String::new(), say(lang, "không ghi", "left out").to_owned()),
                Some(shown) => (shown.get(lang).to_owned(), month.integers.get(lang).to_owned()),
                None => (month.state.clone(), String::new()),
            };
            Row::new(name.get(lang), vec![TableCell::number(shown), TableCell::number(integers)])
        });
        let table = Table {
            id: "months-c".into(),
            caption: label.clone(),
            quiet: true,
            head,
            rows: rows.collect(),
            ..Table::default()
        };
        let fold = say(lang, "Số liệu của hình", "The picture's figures");
        Some(Picture { svg, caption, wide: false, label, table: Some(table), fold })
    }

    fn said_of_months(&self, points: &[Option<Point>], goal: Option<i64>) -> String {
        let (lang, opened) = (self.lang, self.opened);
        let shown = |at: i64| if opened.shares { share(at, lang) } else { integer(at, lang) };
        let known = || points.iter().zip(&opened.months).filter_map(|(point, name)| Some(((*point)?, name)));
        let (Some(low), Some(high)) =
            (known().min_by_key(|(point, _)| point.at), known().max_by_key(|(point, _)| point.at))
        else {
            return self.say("Chưa có tháng nào có số liệu.", "No month has a figure yet.").to_owned();
        };
        let (least, most) = (shown(low.0.at), shown(high.0.at));
        let mut text = match lang {
            Lang::Vi => {
                format!("Thấp nhất {least} (tháng {}), cao nhất {most} (tháng {}).", low.1.vi, high.1.vi)
            }
            Lang::En => format!("Lowest {least} ({}), highest {most} ({}).", low.1.en, high.1.en),
        };
        if goal.is_some() {
            let (short, of) = (known().filter(|(point, _)| point.short).count(), known().count());
            text.push_str(&match lang {
                Lang::Vi => format!(" {short} trong {of} tháng chưa tới mức (chấm rỗng); mức được xét cho cả kỳ, không cho từng tháng."),
                Lang::En => format!(" {short} of {of} months are short of the goal (hollow dots); the goal is about the whole period, not about single months."),
            });
        }
        text
    }

    fn lenses(&self) -> Option<Table> {
        let lang = self.lang;
        let own = Row::new(
            self.say("Theo giao ước", "As agreed"),
            vec![
                TableCell::number(self.cell.shown.as_ref().map_or("–", |shown| shown.get(lang)))
                    .small(self.integers()),
                TableCell::text(format!("{} {}", self.cell.sign, self.cell.words.get(lang))),
            ],
        );
        let rows = self.opened.lenses.iter().zip(&self.open.lenses).filter_map(|(name, lens)| {
            let lens = lens.as_ref()?;
            let mark = if lens.flips { "⇄ " } else { "" };
            let mut row = Row::new(
                name.name.get(lang),
                vec![
                    TableCell::number(lens.shown.get(lang)).small(lens.integers.get(lang)),
                    TableCell::text(format!("{mark}{}", lens.would_be.get(lang))),
                ],
            );
            let mut small: Vec<&str> = name.goal.iter().map(|goal| goal.get(lang)).collect();
            small.extend(lens.note.iter().map(|note| note.get(lang)));
            row.name = row.name.small(small.join("; "));
            Some(row)
        });
        let rows: Vec<Row> = rows.collect();
        if rows.is_empty() {
            return None;
        }
        let head = vec![
            Head::words(self.say("Cách tính", "Definition")),
            Head::number(self.say("Số liệu", "Figure")),
            Head::words(self.say("Sẽ là", "It would be")),
        ];
        let caption = self.say("Các cách tính đối chiếu", "Rival definitions").to_owned();
        let rows = std::iter::once(own).chain(rows).collect();
        Some(Table { id: "lenses-c".into(), caption, quiet: true, head, rows, ..Table::default() })
    }

    /// Whether a rival definition turns the verdict, in a sentence.
    fn turned(&self) -> String {
        let turned = self.open.lenses.iter().flatten().filter(|lens| lens.flips).count();
        match (turned, self.lang) {
            (0, Lang::Vi) => "Dù hiểu theo cách nào dưới đây, kết quả không đổi.".to_owned(),
            (0, Lang::En) => "Under none of these readings does the verdict change.".to_owned(),
            (_, Lang::Vi) => format!(
                "{turned} cách hiểu dưới đây sẽ đổi kết quả (⇄); kết quả đánh giá vẫn chỉ theo giao ước."
            ),
            (_, Lang::En) => format!(
                "{turned} of these readings would turn the verdict (⇄); only the agreement's own counts."
            ),
        }
    }

    fn basis(&self, sheet: &Sheet) -> Vec<(&'static str, String)> {
        let (lang, opened) = (self.lang, self.opened);
        let label = |vi: &'static str, en: &'static str| say(lang, vi, en);
        let mut basis =
            vec![(label("Mã băm của định nghĩa", "Digest of the definition"), self.target.digest.clone())];
        if let Some(calendar) = opened.calendars.get(self.open.calendar) {
            basis.push((label("Lịch làm việc", "Calendar"), calendar.clone()));
        }
        if let Some(known) = &opened.known {
            basis.push((label("Biết đến đâu", "Known up to"), known.get(lang).to_owned()));
        }
        basis.push((
            label("Ví dụ tính mẫu, đều đúng", "Worked examples, all right"),
            integer(opened.examples, lang),
        ));
        basis.push((label("Giao ước", "Agreement"), sheet.title.get(lang).to_owned()));
        basis
    }
}
