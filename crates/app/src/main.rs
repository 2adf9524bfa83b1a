//! The `giaouoc` program: commands, configuration, files and clocks; the glue between the rooms.
//!
//! Exit codes: 0 fine, 1 the answer is "no", 2 the input is wrong, 3 the system failed, 130 interrupted.

mod bundle;
mod check;
mod cli;
mod diff;
mod example;
mod explain;
mod fault;
mod interrupt;
mod journal;
mod keys;
mod load;
mod map_file;
mod open;
mod out;
mod problems;
mod progress;
mod records;
mod remaining;
mod render;
mod report;
mod score;
mod screen;
mod serve;
mod signals;
mod upkeep;
mod usage;
mod workbook;
mod yearbook;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::fault::{Fault, Outcome};
use crate::screen::Screen;

fn main() -> ExitCode {
    giaouoc_intake::silence_guarded_panics();
    let args: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(error) => return misused(&error, &args),
    };
    let screen = Screen::look(cli.lang.map(Into::into));
    if !matches!(cli.command, Command::Serve(_)) {
        // The service ends by itself when it is asked to, after what it has begun.
        interrupt::watch();
    }
    match run(&cli.command, &screen) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            say(&fault, &screen);
            ExitCode::from(fault.exit_code())
        }
    }
}

/// Help was asked for, or the command line is wrong.
fn misused(error: &clap::Error, args: &[std::ffi::OsString]) -> ExitCode {
    if usage::is_help(error) {
        // Nothing sensible is left to do when the terminal is gone.
        let _ = error.print();
        return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
    }
    let screen = Screen::look(usage::named_language(args));
    say(&Fault::Input(usage::explain(error)), &screen);
    ExitCode::from(2)
}

fn run(command: &Command, screen: &Screen) -> Outcome {
    match command {
        Command::Score(args) => score::run(args, screen),
        Command::Check(args) => check::run(args, screen),
        Command::Signals(args) => signals::run(args, screen),
        Command::Load(args) => load::run(args, screen),
        Command::Map(args) => map_file::run(args, screen),
        Command::Template(args) => workbook::command::run(args, screen),
        Command::Explain(args) => explain::run(args, screen),
        Command::Diff(args) => diff::run(args, screen),
        Command::Log(args) => journal::list::run(args, screen),
        Command::Record(args) => journal::commands::record(args, screen),
        Command::Undo(args) => journal::commands::undo(args, screen),
        Command::Withdraw(args) => journal::commands::withdraw(args, screen),
        Command::Transfer(args) => journal::commands::transfer(args, screen),
        Command::Fsck(args) => journal::commands::check(args, screen),
        Command::Erase(args) => journal::commands::erase(args, screen),
        Command::Tidy(args) => journal::commands::tidy_up(args, screen),
        Command::Serve(args) => serve::run(args, screen),
        Command::Backup(args) => upkeep::backup::run(args, screen),
        Command::Restore(args) => upkeep::restore::run(args, screen),
        Command::Doctor(args) => upkeep::doctor::run(args, screen),
        Command::Export(args) => upkeep::export::run(args, screen),
        Command::Site(args) => upkeep::site::run(args, screen),
        Command::Example(args) => example::command::run(args, screen),
    }
}

fn say(fault: &Fault, screen: &Screen) {
    let error = screen.say("lỗi", "error");
    match fault {
        Fault::No => {}
        Fault::Input(text) | Fault::System(text) => {
            screen.remark(&format!("{error}: {}", text.get(screen.lang)))
        }
        Fault::Bundle { problems, texts } => {
            screen.remark(&problems::render(problems, texts, screen.lang, screen.width));
        }
    }
}
