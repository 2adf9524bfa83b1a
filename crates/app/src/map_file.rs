//! `giaouoc map`: proposes a mapping file for a file of records. Asks nothing; the person edits text.

use std::fs;
use std::io::Write;
use std::path::Path;

use giaouoc_intake::{Input, Limits, Load, Mapping, Proposal, Units, suggest};
use giaouoc_worktime::Zone;

use crate::bundle;
use crate::cli::Map;
use crate::fault::{Fault, Outcome};
use crate::interrupt::Temporary;
use crate::records::file_fault;
use crate::screen::Screen;

/// The zone of times without an offset, where no bundle names a calendar.
const ZONE: &str = "Asia/Ho_Chi_Minh";

/// Runs the command.
pub fn run(args: &Map, screen: &Screen) -> Outcome {
    let proposal = propose(args)?;
    let text = proposal.toml(screen.lang);
    let Some(out) = &args.out else {
        return crate::score::print(screen, &text);
    };
    if out.exists() {
        return Err(Fault::input(
            format!("{} đã có; hãy chọn tên khác", out.display()),
            format!("{} exists already; choose another name", out.display()),
        ));
    }
    write(out, &text)?;
    let open = proposal.open().join(", ");
    let (file, path) = (args.file.display(), out.display());
    screen.remark(&match (screen.lang, open.is_empty()) {
        (giaouoc_agreement::text::Lang::Vi, true) => {
            format!("{path}: đọc lại rồi dùng được ngay cho {file}.")
        }
        (giaouoc_agreement::text::Lang::En, true) => {
            format!("{path}: read it over; it can be used for {file} as it is.")
        }
        (giaouoc_agreement::text::Lang::Vi, false) => {
            format!("{path}: còn chỗ cần người quyết định (dấu ?): {open}.")
        }
        (giaouoc_agreement::text::Lang::En, false) => {
            format!("{path}: a person must still decide (marked ?): {open}.")
        }
    });
    Ok(())
}

fn propose(args: &Map) -> Outcome<Proposal> {
    let kind = bundle::kind(&args.kind)?;
    let loaded = args.bundle.as_deref().map(bundle::load).transpose()?;
    let units = loaded.as_ref().map_or_else(Units::any, bundle::Loaded::units);
    let zone = match &loaded {
        Some(loaded) => loaded.calendars.default.zone().clone(),
        None => Zone::get(ZONE).map_err(|error| Fault::input(error.vi(), error.en()))?,
    };
    if args.file.is_dir() || !args.file.exists() {
        return Err(Fault::io(&args.file, &std::io::ErrorKind::NotFound.into()));
    }
    let mapping = Mapping::of_sheet(args.sheet.as_deref());
    let limits = Limits::default();
    let load = Load { kind, mapping: &mapping, units: &units, zone: &zone, limits: &limits, personal: false };
    suggest(&Input::Path(&args.file), &load)
        .map_err(|error| file_fault(&args.file.display().to_string(), &error))
}

/// Writes the file under a temporary name first: it is there whole or not at all.
fn write(out: &Path, text: &str) -> Outcome {
    let fault = |error: &std::io::Error| Fault::io(out, error);
    let folder = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        fs::create_dir_all(folder).map_err(|error| fault(&error))?;
    }
    let temporary = Temporary::new(folder)?;
    let mut file = temporary.reopen()?;
    file.write_all(text.as_bytes()).map_err(|error| fault(&error))?;
    file.sync_all().map_err(|error| fault(&error))?;
    temporary.persist(out)
}
