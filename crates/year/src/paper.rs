//! An agreement as people read it (*văn bản giao ước*): its clauses, its targets as sentences and as exact rules, its units in
//! the order of the decision. Made from a bundle that was read; pages, prints and redlines show it, and nothing else of it.

use giaouoc_agreement::agreement_file::charter::{Extra, Scored, Way, Without};
use giaouoc_agreement::agreement_file::{Agreement, CountsAs};
use giaouoc_agreement::bundle::Bundle;
use giaouoc_agreement::cluster::Unit;
use giaouoc_agreement::digest::{agreement_digest, target_digest};
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::kinds;
use giaouoc_agreement::lang;
use giaouoc_agreement::target::{Force, Lens, Measure, Rule, Target, UnknownMet};
use giaouoc_agreement::text::Text;
use serde::{Deserialize, Serialize};

/// An agreement as people read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Its id.
    pub id: String,
    /// The year.
    pub year: i64,
    /// SHA-256 of text and targets together: what is signed.
    pub digest: String,
    /// Its title.
    pub title: Text,
    /// The cluster's name.
    pub cluster: Text,
    /// The city's name.
    pub city: Text,
    /// The year's theme.
    pub theme: Option<Text>,
    /// Lines of context.
    pub context: Vec<Text>,
    /// Legal bases.
    pub bases: Vec<Text>,
    /// Events and anniversaries: name and day.
    pub events: Vec<(Text, String)>,
    /// The default period, in words.
    pub period: Text,
    /// The day from which records count, when that is said.
    pub counts_from: Option<String>,
    /// The day it was signed, when the text has one.
    pub signed: Option<String>,
    /// The clauses, in order of the text.
    pub clauses: Vec<Clause>,
    /// The targets, in order of the file.
    pub targets: Vec<Line>,
    /// Who is exempt from what, and why: unit's code, target, reason.
    pub exemptions: Vec<(String, String, Text)>,
    /// Signed changes.
    pub amendments: Vec<Amendment>,
    /// How verdicts without a figure count in a share of units.
    pub share_of_units: Vec<(Text, Text)>,
    /// The score table.
    pub score: Option<Score>,
    /// The regulation: number, words.
    pub regulation: Vec<(String, Text)>,
    /// The units' paragraphs: unit's code, clause, words.
    pub paragraphs: Vec<(String, String, Text)>,
    /// The members in the order of the decision.
    pub units: Vec<Signer>,
    /// The head of the cluster, when somebody is.
    pub head: Option<Signer>,
}

/// A unit that signs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// Its short name.
    pub short: Text,
}

/// A clause.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// Its number.
    pub number: String,
    /// Its words.
    pub text: Text,
    /// Whether a short report answers it.
    pub report: bool,
}

/// A rule exactly: what each line says, and the condition in its one form.
pub type Exactly = Vec<(Text, String)>;

/// A target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// Its clause.
    pub clause: String,
    /// Its name.
    pub name: Text,
    /// The kind of record.
    pub kind: Text,
    /// Its goal with its force, in words: *tối thiểu 95 %*.
    pub goal: Text,
    /// Whether it is to be striven for (*phấn đấu*) rather than reached at least (*tối thiểu*).
    pub strive: bool,
    /// Its rule as a sentence.
    pub sentence: Text,
    /// Its rule exactly, one line each: what, condition in its one canonical form.
    pub rule: Exactly,
    /// Who is judged.
    pub judged: Text,
    /// The share of units that must meet the goal.
    pub units_goal: Option<Text>,
    /// The codes of the units it is for; none: every member.
    pub units: Vec<String>,
    /// The law it stands on.
    pub legal: Option<Text>,
    /// A remark.
    pub note: Option<Text>,
    /// Its rival definitions: name, goal, sentence.
    pub lenses: Vec<(Text, Text, Text)>,
    /// How many worked examples it has.
    pub examples: i64,
    /// SHA-256 of its meaning.
    pub digest: String,
    /// The first day it applies, when that is said.
    pub from: Option<String>,
    /// Its later versions: the day, the goal, the rule.
    pub later: Vec<(String, Text, Exactly)>,
}

/// A signed change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendment {
    /// Its id.
    pub id: String,
    /// The target it changes.
    pub target: String,
    /// The day it was or is to be signed.
    pub signed: String,
    /// The first day on which it holds.
    pub from: String,
    /// Why.
    pub reason: Text,
}

/// The score table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// What is scored without a figure: the case, the points.
    pub without: Vec<(Text, Text)>,
    /// Its lines: what it is about (`target on-time`), hundredths of points, how.
    pub lines: Vec<(String, i64, Text)>,
    /// What is added: what for, hundredths.
    pub bonuses: Vec<(Text, i64)>,
    /// What is taken off: what for, hundredths.
    pub deductions: Vec<(Text, i64)>,
}

impl Score {
    /// The points of all lines together, in hundredths.
    pub fn total(&self) -> i64 {
        self.lines.iter().map(|(_, points, _)| points).sum()
    }
}

impl Paper {
    /// The agreement of a bundle.
    pub fn of(bundle: &Bundle) -> Self {
        let agreement = &bundle.agreement;
        let calendars = &bundle.calendars;
        let on = agreement.membership_on.unwrap_or(agreement.period.last);
        let code =
            |unit: usize| bundle.cluster.units.get(unit).map_or("", |unit| unit.code.as_str()).to_owned();
        let line = |target: &Target| Line {
            digest: target_digest(bundle, target, calendars),
            units: target.units.iter().flatten().map(|unit| code(*unit)).collect(),
            ..line(target)
        };
        let charter = &agreement.charter;
        Self {
            id: agreement.id.clone(),
            year: i64::from(agreement.year),
            digest: agreement_digest(bundle, calendars),
            title: agreement.title.clone(),
            cluster: bundle.cluster.name.clone(),
            city: bundle.cluster.city.clone(),
            theme: agreement.theme.clone(),
            context: agreement.context.clone(),
            bases: charter.bases.clone(),
            events: charter.events.iter().map(|event| (event.name.clone(), event.on.to_string())).collect(),
            period: agreement.period.words(),
            counts_from: agreement.counts_from.map(|day| day.to_string()),
            signed: agreement.signed.map(|day| day.to_string()),
            clauses: agreement
                .clauses
                .iter()
                .map(|clause| Clause {
                    number: clause.number.clone(),
                    text: clause.text.clone(),
                    report: clause.report,
                })
                .collect(),
            targets: agreement.targets.iter().map(line).collect(),
            exemptions: agreement
                .exemptions
                .iter()
                .map(|exemption| (code(exemption.unit), exemption.target.clone(), exemption.reason.clone()))
                .collect(),
            amendments: agreement
                .amendments
                .iter()
                .map(|amendment| Amendment {
                    id: amendment.id.clone(),
                    target: amendment.target.clone(),
                    signed: amendment.signed.to_string(),
                    from: amendment.from.to_string(),
                    reason: amendment.reason.clone(),
                })
                .collect(),
            share_of_units: share_of_units(agreement),
            score: charter.score.as_ref().map(score),
            regulation: charter
                .regulation
                .iter()
                .map(|article| (article.number.clone(), article.text.clone()))
                .collect(),
            paragraphs: charter
                .paragraphs
                .iter()
                .map(|paragraph| (code(paragraph.unit), paragraph.clause.clone(), paragraph.text.clone()))
                .collect(),
            units: bundle.cluster.members(on).into_iter().map(signer).collect(),
            head: bundle.cluster.heads(on).first().copied().map(signer),
        }
    }

    /// A clause by number.
    pub fn clause(&self, number: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.number == number)
    }

    /// A target by id.
    pub fn target(&self, id: &str) -> Option<&Line> {
        self.targets.iter().find(|line| line.id == id)
    }

    /// The targets of a clause.
    pub fn of_clause<'a>(&'a self, number: &'a str) -> impl Iterator<Item = &'a Line> {
        self.targets.iter().filter(move |line| line.clause == number)
    }

    /// A unit by code.
    pub fn unit(&self, code: &str) -> Option<&Signer> {
        self.units.iter().find(|unit| unit.code == code)
    }

    /// What people may speak about: every clause (`clause:2.2`), then every target (`target:on-time`) below it.
    pub fn places(&self) -> Vec<String> {
        let of = |clause: &Clause| {
            let targets = self.of_clause(&clause.number).map(|line| format!("target:{}", line.id));
            std::iter::once(format!("clause:{}", clause.number)).chain(targets.collect::<Vec<_>>())
        };
        self.clauses.iter().flat_map(of).collect()
    }
}

fn signer(unit: &Unit) -> Signer {
    Signer { code: unit.code.clone(), name: unit.name.clone(), short: unit.short.clone() }
}

fn line(target: &Target) -> Line {
    let kind = kinds::find(&target.kind);
    let kind_name = kind.map(|kind| kind.name.clone()).unwrap_or_default();
    let mut line = Line {
        id: target.id.clone(),
        clause: target.clause.clone(),
        name: target.name.clone(),
        kind: kind_name,
        units_goal: target.units_goal.as_ref().map(|goal| goal.words(Force::AtLeast)),
        judged: match (target.judged.each_unit, target.judged.all_together) {
            (true, true) => Text::new("từng đơn vị và toàn cụm", "each unit, and all units together"),
            (false, true) => Text::new("toàn cụm", "all units together"),
            _ => Text::new("từng đơn vị", "each unit"),
        },
        legal: target.legal.clone(),
        note: target.note.clone(),
        examples: i64::try_from(target.examples.len()).unwrap_or(i64::MAX),
        from: target.from.map(|day| day.to_string()),
        ..Line::default()
    };
    let mut versions = target.versions.iter();
    if let (Some(first), Some(kind)) = (versions.next(), kind) {
        line.goal = first.goal.words(first.force);
        line.strive = first.force == Force::StriveFor;
        line.sentence = lang::sentence(&first.rule, kind);
        line.rule = exactly(&first.rule, kind);
        let lens =
            |lens: &Lens| (lens.name.clone(), lens.goal.words(first.force), lang::sentence(&lens.rule, kind));
        line.lenses = first.lenses.iter().map(lens).collect();
        line.later = versions
            .filter_map(|version| {
                let day = version.from?.to_string();
                Some((day, version.goal.words(version.force), exactly(&version.rule, kind)))
            })
            .collect();
    }
    line
}

/// A rule exactly: each condition in the one form that its meaning has.
fn exactly(rule: &Rule, kind: &Kind) -> Exactly {
    let print = |tree| lang::print(tree, kind);
    let mut lines = vec![(Text::new("được tính khi", "counted when"), print(&rule.counted))];
    match &rule.measure {
        Measure::Share { met } => {
            lines.push((Text::new("đạt yêu cầu khi", "meets it when"), print(met)));
            lines.push((
                Text::new("chưa đủ dữ liệu", "not known"),
                match rule.unknown {
                    UnknownMet::NotMet => "not met",
                    UnknownMet::Exclude => "exclude",
                }
                .to_owned(),
            ));
        }
        Measure::Count => lines.push((Text::new("cách tính", "measure"), "count".to_owned())),
        Measure::Sum { value } => lines.push((Text::new("cộng", "sum of"), print(value))),
        Measure::Mean { value } => lines.push((Text::new("trung bình của", "mean of"), print(value))),
        Measure::Percentile { value, percent } => {
            lines.push((Text::new("bách phân vị", "percentile"), format!("{percent}: {}", print(value))));
        }
        Measure::Distinct { value } => {
            lines.push((Text::new("số giá trị khác nhau của", "different values of"), print(value)));
        }
    }
    lines
}

fn share_of_units(agreement: &Agreement) -> Vec<(Text, Text)> {
    let words = |counts| match counts {
        CountsAs::NotMet => Text::new("tính là chưa đạt", "counts as not met"),
        CountsAs::LeftOut => Text::new("không đưa vào mẫu số", "is left out"),
    };
    let share = agreement.share_of_units;
    let cases = cases();
    cases.into_iter().zip([share.no_data, share.no_cases, share.exempt].map(words)).collect()
}

fn cases() -> [Text; 3] {
    [
        Text::new("chưa có số liệu", "no data"),
        Text::new("không phát sinh", "no cases"),
        Text::new("miễn", "exempt"),
    ]
}

fn score(score: &giaouoc_agreement::agreement_file::charter::Score) -> Score {
    let without = |without| match without {
        Without::None => Text::new("không điểm", "no points"),
        Without::Full => Text::new("đủ điểm", "all points"),
        Without::LeftOut => Text::new("bỏ dòng này khỏi bảng", "the line leaves the table"),
    };
    let way = |way| match way {
        Way::AllOrNothing => Text::new("đạt thì đủ điểm, chưa đạt thì không", "all when met, else none"),
        Way::InProportion => Text::new("theo tỷ lệ so với mục tiêu", "in proportion to the goal"),
        Way::Appraised => Text::new("thẩm định báo cáo", "by appraisal of the report"),
    };
    let extras = |extras: &[Extra]| extras.iter().map(|extra| (extra.name.clone(), extra.points)).collect();
    let cases = cases();
    Score {
        without: cases.into_iter().zip([score.no_data, score.no_cases, score.exempt].map(without)).collect(),
        lines: score
            .lines
            .iter()
            .map(|line| {
                let about = match &line.about {
                    Scored::Target(id) => format!("target:{id}"),
                    Scored::Clause(number) => format!("clause:{number}"),
                };
                (about, line.points, way(line.way))
            })
            .collect(),
        bonuses: extras(&score.bonuses),
        deductions: extras(&score.deductions),
    }
}
