//! `giaouoc example`: from the command line to the files, and the sentence at the end.

use giaouoc_agreement::text::Text;

use super::records::WITHDRAWN;
use super::{Format, Options, Planting, Refused, Summary, Trick, write};
use crate::cli::{Example, RecordFormat, Tricks};
use crate::fault::{Fault, Outcome};
use crate::render::grid::paragraph;
use crate::screen::Screen;

/// Runs the command.
///
/// # Errors
/// Exit code 2 for what was asked wrongly, 3 for files that cannot be written.
pub fn run(asked: &Example, screen: &Screen) -> Outcome {
    let format = match asked.format {
        RecordFormat::Parquet => Format::Parquet,
        RecordFormat::Csv => Format::Csv,
    };
    let options = Options {
        dossiers: asked.dossiers,
        units: asked.units,
        seed: asked.seed,
        format,
        planting: match asked.tricks {
            Tricks::Three => Planting::Three,
            Tricks::All => Planting::All,
        },
        ..Options::default()
    };
    let summary = write(&asked.out, &options).map_err(|error| match error.downcast::<Refused>() {
        Ok(Refused(text)) => Fault::Input(text),
        Err(error) => Fault::System(Text::same(format!("{error:#}"))),
    })?;
    let (out, list) = (asked.out.display(), summary.planted_list.display());
    let (dossiers, units) = (summary.dossiers, summary.units);
    let (from, to) = (options.from, summary.last_day);
    let [redated, refiled, bunched, ..] = summary.planted;
    let mut vi = format!(
        "{out}: {dossiers} hồ sơ giả định của {units} đơn vị mẫu, {from} đến {to}.\n\
         {list}: {redated} hồ sơ bị đổi hạn, {refiled} hồ sơ trả rồi nhận lại, {bunched} hồ sơ ghi xong sát hạn.\n"
    );
    let mut en = format!(
        "{out}: {dossiers} invented dossiers of {units} sample units, {from} to {to}.\n\
         {list}: {redated} re-dated, {refiled} returned and filed again, {bunched} finished just before due.\n"
    );
    if !summary.exports.is_empty() {
        let rest = rest(&summary);
        let lines = exports(asked, &summary);
        let wrapped = |text: String| paragraph(&text, "", "  ", screen.width);
        vi.push_str(&wrapped(format!("Và: {}.", rest.vi)));
        en.push_str(&wrapped(format!("And: {}.", rest.en)));
        vi.push_str(&format!("Hồ sơ nằm trong các tệp xuất, nạp lần lượt:\n{lines}"));
        en.push_str(&format!(
            "And: {}.\nThe records lie in exports, to be loaded in order:\n{lines}",
            rest.en
        ));
    }
    screen.print(screen.say(&vi, &en)).map_err(|error| Fault::io(&asked.out, &error))
}

/// How often each trick beyond the three was planted, in words.
fn rest(summary: &Summary) -> Text {
    let told = Trick::ALL.into_iter().zip(summary.planted).skip(3);
    let told: Vec<(Text, u64)> = told.map(|(trick, count)| (trick.words(), count)).collect();
    let side = |words: fn(&Text) -> &str| {
        told.iter().map(|(text, count)| format!("{count} {}", words(text))).collect::<Vec<_>>().join(", ")
    };
    Text::new(side(|text| &text.vi), side(|text| &text.en))
}

/// The commands that load the exports, the withdrawals before the last one.
fn exports(asked: &Example, summary: &Summary) -> String {
    let out = asked.out.display();
    let mut lines: Vec<String> = summary
        .exports
        .iter()
        .map(|(path, on)| format!("  giaouoc load {out} dossier {} --exported-at {on}\n", path.display()))
        .collect();
    let withdrawn = summary.exports.first().map(|(path, _)| path.with_file_name(WITHDRAWN));
    if let Some(path) = withdrawn.filter(|path| path.exists()) {
        let line = format!("  xargs giaouoc withdraw {out} dossier --reason REASON < {}\n", path.display());
        lines.insert(lines.len() - 1, line);
    }
    lines.concat()
}
