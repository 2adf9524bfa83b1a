//! `giaouoc example`: from the command line to the files, and the sentence at the end.

use giaouoc_agreement::text::Text;

use super::{Format, Options, Refused, write};
use crate::cli::{Example, RecordFormat};
use crate::fault::{Fault, Outcome};
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
        ..Options::default()
    };
    let summary = write(&asked.out, &options).map_err(|error| match error.downcast::<Refused>() {
        Ok(Refused(text)) => Fault::Input(text),
        Err(error) => Fault::System(Text::same(format!("{error:#}"))),
    })?;
    let (out, list) = (asked.out.display(), summary.planted_list.display());
    let (dossiers, units) = (summary.dossiers, summary.units);
    let (from, to) = (options.from, summary.last_day);
    let [redated, refiled, bunched] = summary.planted;
    let vi = format!(
        "{out}: {dossiers} hồ sơ giả định của {units} đơn vị mẫu, {from} đến {to}.\n\
         {list}: {redated} hồ sơ bị đổi hạn, {refiled} hồ sơ trả rồi nhận lại, {bunched} hồ sơ ghi xong sát hạn.\n"
    );
    let en = format!(
        "{out}: {dossiers} invented dossiers of {units} sample units, {from} to {to}.\n\
         {list}: {redated} re-dated, {refiled} returned and filed again, {bunched} finished just before due.\n"
    );
    screen.print(screen.say(&vi, &en)).map_err(|error| Fault::io(&asked.out, &error))
}
