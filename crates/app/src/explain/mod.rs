//! `giaouoc explain`: how a target is computed, or how one record counts in it.

mod opened;
mod picture;
pub mod record;
mod story;
pub mod target;

use crate::cli::Explain;
use crate::fault::Outcome;
use crate::screen::Screen;

/// Runs the command.
pub fn run(args: &Explain, screen: &Screen) -> Outcome {
    let loaded = crate::score::open(&args.scope, screen)?;
    let options = crate::score::options(&loaded, &args.scope, Some(&args.target))?;
    let text = match &args.record {
        None => target::explain(&loaded, args, &options, screen)?,
        Some(key) => record::explain(&loaded, args, &options, key, screen)?,
    };
    crate::score::print(screen, &text)
}
