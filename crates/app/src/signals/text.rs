//! The questions for people and for spreadsheets.

use std::fmt::Write as _;

use anstyle::Style;
use giaouoc_agreement::figure::integer;
use giaouoc_agreement::text::Lang;
use giaouoc_signals::finding::Question;
use giaouoc_signals::rules::Rules;

use super::Report;
use crate::bundle::Loaded;
use crate::fault::{Fault, Outcome};
use crate::render::grid::paragraph;
use crate::screen::Screen;
use giaouoc_report::table::inert;

fn head(lang: Lang) -> [&'static str; 2] {
    match lang {
        Lang::Vi => [
            "Nội dung đề nghị làm rõ",
            "Đây là câu hỏi, không phải kết luận: trao đổi trong cụm, đơn vị được hỏi có quyền trả lời. Không điều nào ở đây đổi số liệu hay kết quả đánh giá.",
        ],
        Lang::En => [
            "Matters to be made clear",
            "These are questions, not findings: they stay inside the cluster, and the unit asked has the right to answer. Nothing here changes a figure or a verdict.",
        ],
    }
}

/// The name of the unit that is asked, or its code.
fn asked<'a>(question: &'a Question, loaded: &'a Loaded, lang: Lang) -> &'a str {
    let unit = loaded.bundle.cluster.unit(&question.unit).and_then(|at| loaded.bundle.cluster.units.get(at));
    unit.map_or(question.unit.as_str(), |unit| unit.name.get(lang))
}

fn counted(question: &Question, lang: Lang) -> String {
    let (count, of) = (integer(question.count, lang), integer(question.of, lang));
    match (lang, question.of) {
        (_, 0) => count,
        (Lang::Vi, _) => format!("{count} trên {of}"),
        (Lang::En, _) => format!("{count} of {of}"),
    }
}

fn not_asked(report: &Report, rules: &Rules, lang: Lang) -> Option<String> {
    let names: Vec<&str> = rules
        .about
        .iter()
        .filter(|about| report.not_asked.contains(&about.signal.code()))
        .map(|about| about.name.get(lang))
        .collect();
    (!names.is_empty()).then(|| match lang {
        Lang::Vi => format!("Chưa hỏi được vì cần có sổ thay đổi (giaouoc record): {}.", names.join("; ")),
        Lang::En => format!("Not asked, since these need a journal (giaouoc record): {}.", names.join("; ")),
    })
}

/// For a terminal.
pub fn table(report: &Report, loaded: &Loaded, rules: &Rules, screen: &Screen) -> String {
    let (lang, bold) = (screen.lang, Style::new().bold());
    let [title, manners] = head(lang);
    let mut out = format!("{bold}{title}{bold:#}\n");
    out.push_str(&paragraph(manners, "", "", screen.width));
    let mut unit = None;
    for question in &report.questions {
        if unit != Some(&question.unit) {
            unit = Some(&question.unit);
            let name = asked(question, loaded, lang);
            let _ = write!(out, "\n{bold}{name}{bold:#} ({})\n", question.unit);
        }
        let about = rules.about(question.signal);
        let line = format!("{}: {}", about.name.get(lang), counted(question, lang));
        out.push_str(&paragraph(&line, "  ", "    ", screen.width));
        out.push_str(&paragraph(about.question.get(lang), "    ", "    ", screen.width));
        for seen in &question.seen {
            out.push_str(&paragraph(seen.get(lang), "    · ", "      ", screen.width));
        }
        for case in &question.cases {
            let said: Vec<&str> = case.evidence.iter().map(|text| text.get(lang)).collect();
            let entry = match (case.entry, lang) {
                (Some(entry), Lang::Vi) => format!(" [mục {entry}]"),
                (Some(entry), Lang::En) => format!(" [entry {entry}]"),
                _ => String::new(),
            };
            let line = format!("{}{entry}: {}", case.key, said.join("; "));
            out.push_str(&paragraph(&line, "    · ", "      ", screen.width));
        }
        let (may, when) = match lang {
            Lang::Vi => ("Có thể là", "Khi nào hỏi"),
            Lang::En => ("It may be", "Asked when"),
        };
        let dim = Style::new().dimmed();
        let _ = write!(out, "{dim}");
        out.push_str(&paragraph(
            &format!("{may}: {}", about.innocent.get(lang)),
            "    ",
            "      ",
            screen.width,
        ));
        out.push_str(&paragraph(
            &format!("{when}: {}", about.threshold.get(lang)),
            "    ",
            "      ",
            screen.width,
        ));
        let _ = write!(out, "{dim:#}");
    }
    if report.questions.is_empty() {
        out.push_str(screen.say("\nKhông có câu hỏi nào.\n", "\nThere is no question.\n"));
    }
    if let Some(text) = not_asked(report, rules, lang) {
        out.push('\n');
        out.push_str(&paragraph(&text, "", "  ", screen.width));
    }
    out
}

/// For a letter to a unit.
pub fn md(report: &Report, loaded: &Loaded, rules: &Rules, screen: &Screen) -> String {
    let lang = screen.lang;
    let plain = |text: &str| text.replace(['\n', '\r'], " ").replace('|', "\\|").replace('<', "&lt;");
    let [title, manners] = head(lang);
    let mut out = format!("# {title}\n\n{manners}\n");
    let mut unit = None;
    for question in &report.questions {
        if unit != Some(&question.unit) {
            unit = Some(&question.unit);
            let _ = write!(out, "\n## {}\n", plain(asked(question, loaded, lang)));
        }
        let about = rules.about(question.signal);
        let _ = write!(
            out,
            "\n**{}: {}.** {}\n",
            about.name.get(lang),
            counted(question, lang),
            about.question.get(lang)
        );
        out.push('\n');
        for seen in &question.seen {
            let _ = writeln!(out, "- {}", plain(seen.get(lang)));
        }
        for case in &question.cases {
            let said: Vec<&str> = case.evidence.iter().map(|text| text.get(lang)).collect();
            let _ = writeln!(out, "- `{}`: {}", case.key.replace('`', "'"), plain(&said.join("; ")));
        }
        let _ = write!(out, "\n*{}*\n", about.innocent.get(lang));
    }
    if let Some(text) = not_asked(report, rules, lang) {
        let _ = write!(out, "\n{text}\n");
    }
    out
}

/// One line a case; a question without cases is one line.
pub fn csv(report: &Report, loaded: &Loaded, rules: &Rules, lang: Lang) -> Outcome<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| {
        Fault::System(giaouoc_agreement::text::Text::new(error.to_string(), error.to_string()))
    };
    writer
        .write_record(["unit", "unit_name", "signal", "name", "count", "of", "key", "entry", "evidence"])
        .map_err(failed)?;
    for question in &report.questions {
        let about = rules.about(question.signal);
        let mut line = |key: &str, entry: String, evidence: String| {
            writer.write_record([
                inert(&question.unit).as_ref(),
                inert(asked(question, loaded, lang)).as_ref(),
                question.signal.code(),
                about.name.get(lang),
                &question.count.to_string(),
                &question.of.to_string(),
                inert(key).as_ref(),
                &entry,
                inert(&evidence).as_ref(),
            ])
        };
        let seen: Vec<&str> = question.seen.iter().map(|text| text.get(lang)).collect();
        if question.cases.is_empty() || !seen.is_empty() {
            line("", String::new(), seen.join("; ")).map_err(failed)?;
        }
        for case in &question.cases {
            let said: Vec<&str> = case.evidence.iter().map(|text| text.get(lang)).collect();
            let entry = case.entry.map(|entry| entry.to_string()).unwrap_or_default();
            line(&case.key, entry, said.join("; ")).map_err(failed)?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| failed(error.into_error().into()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
