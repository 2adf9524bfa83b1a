//! Shows problems as a good compiler does: the line, the place in it, what was expected.

use std::collections::BTreeMap;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use giaouoc_agreement::problem::{Problem, Severity};
use giaouoc_agreement::text::Lang;

/// All problems as text with colours (the printing stream drops them where they are not wanted).
pub fn render(problems: &[Problem], texts: &BTreeMap<String, String>, lang: Lang, width: usize) -> String {
    let renderer = Renderer::styled().decor_style(DecorStyle::Unicode).term_width(width.max(60));
    let mut out = String::new();
    for problem in problems {
        out.push_str(&renderer.render(&[group(problem, texts, lang)]));
        out.push_str("\n\n");
    }
    out.push_str(&tally(problems, lang));
    out
}

fn group<'a>(
    problem: &'a Problem,
    texts: &'a BTreeMap<String, String>,
    lang: Lang,
) -> annotate_snippets::Group<'a> {
    let level = match (problem.severity, lang) {
        (Severity::Error, Lang::Vi) => Level::ERROR.with_name("lỗi"),
        (Severity::Error, Lang::En) => Level::ERROR.with_name("error"),
        (Severity::Warning, Lang::Vi) => Level::WARNING.with_name("lưu ý"),
        (Severity::Warning, Lang::En) => Level::WARNING.with_name("warning"),
        (Severity::Question, Lang::Vi) => Level::INFO.with_name("câu hỏi"),
        (Severity::Question, Lang::En) => Level::INFO.with_name("question"),
    };
    let mut group =
        level.primary_title(problem.message.get(lang)).id(problem.code).element(place(problem, texts, lang));
    if let Some(help) = &problem.help {
        let level = Level::HELP.with_name(if lang == Lang::Vi { "gợi ý" } else { "help" });
        group = group.element(level.message(help.get(lang)));
    }
    group
}

fn place<'a>(
    problem: &'a Problem,
    texts: &'a BTreeMap<String, String>,
    lang: Lang,
) -> annotate_snippets::Element<'a> {
    match texts.get(&problem.file) {
        Some(text) if !text.is_empty() && !problem.span.is_empty() => {
            let span = clamp(&problem.span, text);
            let mut snippet = Snippet::source(text.as_str())
                .path(problem.file.as_str())
                .annotation(AnnotationKind::Primary.span(span));
            if let Some((also, message)) = &problem.also {
                let label = message.get(lang);
                snippet = snippet.annotation(AnnotationKind::Context.span(clamp(also, text)).label(label));
            }
            snippet.into()
        }
        _ => Origin::path(problem.file.as_str()).into(),
    }
}

/// A span that lies within the text and on character borders, whatever was claimed.
fn clamp(span: &std::ops::Range<usize>, text: &str) -> std::ops::Range<usize> {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(span.start);
    start..floor(span.end).max(start)
}

fn tally(problems: &[Problem], lang: Lang) -> String {
    let count = |severity| problems.iter().filter(|problem| problem.severity == severity).count();
    let (errors, warnings, questions) =
        (count(Severity::Error), count(Severity::Warning), count(Severity::Question));
    match lang {
        Lang::Vi => format!("{errors} lỗi, {warnings} lưu ý, {questions} câu hỏi"),
        Lang::En => format!("{errors} error(s), {warnings} warning(s), {questions} question(s)"),
    }
}
