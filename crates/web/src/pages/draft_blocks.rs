//! Parts of pages about agreements: a clause with its targets, beside each what every unit would have had; what units said; what
//! stands around the clauses.

use giaouoc_agreement::agreement_file::charter::points_shown;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_year::agreeing::Said;
use giaouoc_year::paper::{Clause, Line, Paper};

use super::draft::Held;
use super::draft_lenses::{LensTable, lens_lines, lens_tables};
use crate::drafting::{Figures, TargetFigures, YearFigures};
use crate::when;

/// A place in words: *khoản 2.2*, a target's name, *toàn văn*.
pub(crate) fn place_name(place: &str, paper: Option<&Paper>, lang: Lang) -> String {
    let text = match place.split_once(':') {
        Some(("clause", number)) => Text::new(format!("khoản {number}"), format!("clause {number}")),
        Some(("target", id)) => match paper.and_then(|paper| paper.target(id)) {
            Some(line) => Text::new(format!("chỉ tiêu {}", line.name.vi), format!("target {}", line.name.en)),
            None => Text::same(id),
        },
        _ => Text::new("toàn văn", "the whole"),
    };
    text.get(lang).to_owned()
}

/// An opinion as the page shows it.
pub(crate) struct OpinionLine {
    pub id: i64,
    pub unit: String,
    pub place: String,
    pub sign: &'static str,
    pub stance: &'static str,
    pub text: String,
    pub wording: String,
    /// Whether a button takes the wording over.
    pub may_take: bool,
    pub behalf: Option<String>,
    pub reply: Option<String>,
    pub taken: bool,
    pub open: bool,
    pub anchor: String,
}

pub(crate) fn opinion_line(said: &Said, held: &Held, lang: Lang) -> OpinionLine {
    use giaouoc_year::agreeing::Stance::{Agree, Object, Remark};
    let say = |vi, en| if lang == Lang::Vi { vi } else { en };
    let (sign, stance) = match said.opinion.stance {
        Agree => ("✓", say("thống nhất", "agrees")),
        Remark => ("•", say("có ý kiến", "remarks")),
        Object => ("✗", say("chưa thống nhất", "objects")),
    };
    let part = held.parts.iter().find(|part| part.id == said.id);
    OpinionLine {
        id: said.id,
        unit: held.short(&said.unit, lang),
        place: place_name(&said.place, held.paper(), lang),
        sign,
        stance,
        text: said.opinion.text.clone(),
        wording: said.opinion.wording.clone(),
        may_take: !said.opinion.wording.is_empty() && said.reply.is_none(),
        behalf: part.and_then(|part| part.on_behalf.clone()),
        reply: said.reply.as_ref().map(|reply| reply.text.clone()),
        taken: said.reply.as_ref().is_some_and(|reply| reply.taken),
        open: said.open(),
        anchor: format!("said-{}", said.id),
    }
}

/// A target with what each unit would have had.
pub(crate) struct TargetBlock {
    pub id: String,
    pub name: String,
    pub goal: String,
    pub sentence: String,
    pub judged: String,
    pub units_goal: Option<String>,
    pub only: String,
    pub note: Option<String>,
    pub rule: Vec<(String, String)>,
    pub later: Vec<String>,
    pub examples: i64,
    pub failing: bool,
    pub exempt: Vec<(String, String)>,
    pub sentences: Vec<String>,
    pub table: Option<FigureTable>,
    pub lenses: Vec<String>,
    pub lens_tables: Vec<LensTable>,
    pub opinions: Vec<OpinionLine>,
    pub edit: Option<String>,
}

/// A unit's figures: its short name; of each year the figure, the sign and the verdict.
pub(crate) type FigureRow = (String, Vec<(String, String, String)>);

/// Figures of a target: a row a unit, a column a year.
pub(crate) struct FigureTable {
    pub years: Vec<String>,
    pub rows: Vec<FigureRow>,
}

/// A clause with its targets.
pub(crate) struct ClauseBlock {
    pub number: String,
    pub anchor: String,
    pub text: String,
    pub report: bool,
    pub targets: Vec<TargetBlock>,
    pub opinions: Vec<OpinionLine>,
    pub edit: Option<String>,
    pub add: Option<String>,
}

/// “với cách tính này, 4 trên 6 đơn vị đạt trong năm 2019”.
pub(crate) fn met_sentence(year: &YearFigures, found: &TargetFigures, lang: Lang) -> String {
    let (met, judged) = found.met();
    let asked = found.cells.iter().flatten().filter(|cell| cell.verdict != "exempt");
    let (year, all) = (year.year, asked.count());
    let text = match judged {
        0 => Text::new(
            format!("Với cách tính này, năm {year} chưa đơn vị nào có số liệu để xét."),
            format!("With this wording, no unit has figures to judge in {year}."),
        ),
        _ if judged < all => Text::new(
            format!(
                "Với cách tính này, {met} trên {judged} đơn vị có số liệu đạt trong năm {year} (áp dụng cho {all} đơn vị)."
            ),
            format!(
                "With this wording, {met} of {judged} units with figures would have met it in {year} (it is for {all})."
            ),
        ),
        _ => Text::new(
            format!("Với cách tính này, {met} trên {judged} đơn vị đạt trong năm {year}."),
            format!("With this wording, {met} of {judged} units would have met it in {year}."),
        ),
    };
    text.get(lang).to_owned()
}

fn figure_table(figures: &Figures, id: &str, lang: Lang) -> Option<FigureTable> {
    let years: Vec<(&YearFigures, &TargetFigures)> = figures
        .years
        .iter()
        .filter_map(|year| Some((year, year.targets.iter().find(|target| target.id == id)?)))
        .collect();
    let mut units: Vec<&(String, Text)> = Vec::new();
    for (year, _) in &years {
        units.extend(
            year.units
                .iter()
                .filter(|unit| !units.iter().any(|(code, _)| *code == unit.0))
                .collect::<Vec<_>>(),
        );
    }
    let cell = |year: &YearFigures, target: &TargetFigures, code: &str| {
        let at = year.units.iter().position(|(found, _)| found == code);
        match at.and_then(|at| target.cells.get(at)?.as_ref()) {
            Some(cell) => (
                cell.shown.as_ref().map_or(String::new(), |shown| shown.get(lang).to_owned()),
                cell.sign.clone(),
                cell.words.get(lang).to_owned(),
            ),
            None => (String::new(), String::new(), "–".to_owned()),
        }
    };
    let rows = units.into_iter().map(|(code, short)| {
        let cells = years.iter().map(|(year, target)| cell(year, target, code)).collect();
        (short.get(lang).to_owned(), cells)
    });
    let rows: Vec<_> = rows.collect();
    (!years.is_empty() && !rows.is_empty())
        .then(|| FigureTable { years: years.iter().map(|(year, _)| year.year.to_string()).collect(), rows })
}

pub(crate) fn target_block(
    line: &Line,
    held: &Held,
    said: &[Said],
    edit: Option<String>,
    lang: Lang,
) -> TargetBlock {
    let paper = held.paper();
    let empty = Figures::default();
    let figures = held.figures.as_ref().unwrap_or(&empty);
    let place = format!("target:{}", line.id);
    let exempt = paper.map(|paper| &paper.exemptions[..]).unwrap_or_default().iter();
    // A year that has just begun says nothing yet; where another one does, that is enough.
    let speaks = |year: &&YearFigures| {
        let found = year.targets.iter().find(|target| target.id == line.id);
        year.error.is_some() || found.is_some_and(|found| found.met().1 > 0)
    };
    let some = figures.years.iter().any(|year| speaks(&year));
    let sentences =
        figures.years.iter().filter(|year| !some || speaks(year)).filter_map(|year| match &year.error {
            Some(why) => Some(format!("{}: {}", year.year, why.get(lang))),
            None => Some(met_sentence(year, year.targets.iter().find(|target| target.id == line.id)?, lang)),
        });
    let exempt = exempt.filter(|(_, target, _)| *target == line.id);
    TargetBlock {
        id: line.id.clone(),
        name: line.name.get(lang).to_owned(),
        goal: line.goal.get(lang).to_owned(),
        sentence: line.sentence.get(lang).to_owned(),
        judged: line.judged.get(lang).to_owned(),
        units_goal: line.units_goal.as_ref().map(|goal| goal.get(lang).to_owned()),
        only: line.units.iter().map(|code| held.short(code, lang)).collect::<Vec<_>>().join(", "),
        note: line.note.as_ref().map(|note| note.get(lang).to_owned()),
        rule: line.rule.iter().map(|(name, text)| (name.get(lang).to_owned(), text.clone())).collect(),
        later: line
            .later
            .iter()
            .map(|(day, goal, _)| match lang {
                Lang::Vi => format!("Từ {}: {}", when::day_shown(day, lang), goal.vi),
                Lang::En => format!("From {day}: {}", goal.en),
            })
            .collect(),
        examples: line.examples,
        failing: held.checked.failing.contains(&line.id),
        exempt: exempt.map(|(unit, _, why)| (held.short(unit, lang), why.get(lang).to_owned())).collect(),
        sentences: sentences.chain(figures.day_lines(&line.id, lang)).collect(),
        table: figure_table(figures, &line.id, lang),
        lenses: lens_lines(figures, &line.id, lang),
        lens_tables: lens_tables(figures, &line.id, lang),
        opinions: said
            .iter()
            .filter(|one| one.place == place)
            .map(|one| opinion_line(one, held, lang))
            .collect(),
        edit,
    }
}

/// What stands around the clauses, in the reader's language.
pub(crate) struct PaperLines {
    pub title: String,
    pub theme: Option<String>,
    pub context: Vec<String>,
    pub bases: Vec<String>,
    pub events: Vec<(String, String)>,
    pub counts: Option<String>,
    pub regulation: Vec<(String, String)>,
    pub score: Option<ScoreLines>,
    pub paragraphs: Vec<(String, String, String)>,
    pub amendments: Vec<String>,
    pub share_of_units: Vec<(String, String)>,
}

/// The score table in words.
pub(crate) struct ScoreLines {
    pub total: String,
    pub lines: Vec<(String, String, String)>,
    pub extras: Vec<(String, String)>,
    pub without: Vec<(String, String)>,
}

/// What stands around the clauses of an agreement.
pub(crate) fn paper_lines(paper: &Paper, lang: Lang) -> PaperLines {
    let all = |texts: &[Text]| texts.iter().map(|text| text.get(lang).to_owned()).collect();
    let pairs = |list: &[(Text, Text)]| -> Vec<(String, String)> {
        list.iter().map(|(a, b)| (a.get(lang).to_owned(), b.get(lang).to_owned())).collect()
    };
    let short = |code: &str| paper.unit(code).map_or(code.to_owned(), |unit| unit.short.get(lang).to_owned());
    PaperLines {
        title: paper.title.get(lang).to_owned(),
        theme: paper.theme.as_ref().map(|theme| theme.get(lang).to_owned()),
        context: all(&paper.context),
        bases: all(&paper.bases),
        events: paper
            .events
            .iter()
            .map(|(name, day)| (when::day_shown(day, lang), name.get(lang).to_owned()))
            .collect(),
        counts: paper.counts_from.as_ref().map(|day| match lang {
            Lang::Vi => format!(
                "Số liệu tính từ ngày {}, kể cả khi giao ước được ký sau ngày đó.",
                when::day_shown(day, lang)
            ),
            Lang::En => format!("Figures count from {day}, also where the agreement is signed later."),
        }),
        regulation: paper
            .regulation
            .iter()
            .map(|(number, text)| (number.clone(), text.get(lang).to_owned()))
            .collect(),
        score: paper.score.as_ref().map(|score| {
            let extra = |sign: &'static str| {
                move |(name, points): &(Text, i64)| {
                    (name.get(lang).to_owned(), format!("{sign}{}", points_shown(*points, lang)))
                }
            };
            ScoreLines {
                total: points_shown(score.total(), lang),
                lines: score
                    .lines
                    .iter()
                    .map(|(about, points, way)| {
                        let about = place_name(about, Some(paper), lang);
                        (about, points_shown(*points, lang), way.get(lang).to_owned())
                    })
                    .collect(),
                extras: score
                    .bonuses
                    .iter()
                    .map(extra("+"))
                    .chain(score.deductions.iter().map(extra("−")))
                    .collect(),
                without: pairs(&score.without),
            }
        }),
        paragraphs: paper
            .paragraphs
            .iter()
            .map(|(unit, clause, text)| (short(unit), clause.clone(), text.get(lang).to_owned()))
            .collect(),
        amendments: paper
            .amendments
            .iter()
            .map(|one| match lang {
                Lang::Vi => format!(
                    "Phụ lục {} (chỉ tiêu {}): ký {}, áp dụng từ {}. {}",
                    one.id,
                    one.target,
                    when::day_shown(&one.signed, lang),
                    when::day_shown(&one.from, lang),
                    one.reason.vi
                ),
                Lang::En => format!(
                    "Amendment {} (target {}): signed {}, holds from {}. {}",
                    one.id, one.target, one.signed, one.from, one.reason.en
                ),
            })
            .collect(),
        share_of_units: pairs(&paper.share_of_units),
    }
}

/// A problem of the text as a line: place, kind, what, help.
pub(crate) fn problem_line(
    one: &crate::drafting::Mistake,
    lang: Lang,
) -> (String, String, String, Option<String>) {
    let say = |vi, en| if lang == Lang::Vi { vi } else { en };
    let place = match one.line {
        0 => one.file.clone(),
        line => format!("{}:{line}:{}", one.file, one.column),
    };
    let severity = match one.severity.as_str() {
        "error" => say("lỗi", "error"),
        "warning" => say("lưu ý", "warning"),
        _ => say("câu hỏi", "question"),
    };
    (
        place,
        format!("{severity}[{}]", one.code),
        one.message.get(lang).to_owned(),
        one.help.as_ref().map(|help| help.get(lang).to_owned()),
    )
}

/// A clause with its targets as the public reads it: nothing of what was said, nothing to change.
pub(crate) fn plain_clause(clause: &Clause, paper: &Paper, held: &Held, lang: Lang) -> ClauseBlock {
    ClauseBlock {
        number: clause.number.clone(),
        anchor: anchor(&clause.number),
        text: clause.text.get(lang).to_owned(),
        report: clause.report,
        targets: paper
            .of_clause(&clause.number)
            .map(|line| target_block(line, held, &[], None, lang))
            .collect(),
        opinions: Vec::new(),
        edit: None,
        add: None,
    }
}

/// Where a clause stands on a page.
pub(crate) fn anchor(number: &str) -> String {
    format!("clause-{}", number.replace(|c: char| !c.is_ascii_alphanumeric(), "-"))
}
