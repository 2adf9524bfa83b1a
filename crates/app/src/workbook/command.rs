//! `giaouoc template`: writes the template of a kind.

use std::io::Write as _;
use std::path::Path;

use super::template::{For, template};
use crate::bundle;
use crate::cli::Template;
use crate::fault::{Fault, Outcome};
use crate::interrupt::Temporary;
use crate::screen::Screen;

/// Runs the command.
pub fn run(args: &Template, screen: &Screen) -> Outcome {
    let kind = bundle::kind(&args.kind)?;
    let out = &args.out;
    if out.exists() {
        return Err(Fault::input(
            format!("{} đã có; hãy chọn tên khác", out.display()),
            format!("{} exists already; choose another name", out.display()),
        ));
    }
    let loaded = args.bundle.as_deref().map(bundle::load).transpose()?;
    let of = match &loaded {
        Some(loaded) => {
            let unit = args.unit.as_deref().map(|unit| loaded.unit(unit)).transpose()?;
            Some(For { loaded, unit })
        }
        None => None,
    };
    let bytes = template(kind, of, screen.lang)?;
    let folder = out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let temporary = Temporary::new(folder)?;
    let mut file = temporary.reopen()?;
    file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(|error| Fault::io(out, &error))?;
    drop(file);
    temporary.persist(out)?;
    screen.remark(&format!(
        "{}: {} ({})",
        out.display(),
        kind.name.get(screen.lang),
        screen.say("ghi vào rồi nạp bằng giaouoc load", "fill it in, then load it with giaouoc load")
    ));
    Ok(())
}
