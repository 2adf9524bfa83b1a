//! The `giaouoc` program: commands, configuration, files and clocks; the glue between the rooms.
//!
//! Exit codes: 0 fine, 1 the answer is "no", 2 the input is wrong, 3 the system failed, 130 interrupted.

mod bundle;
mod check;
mod cli;
mod example;
mod explain;
mod fault;
mod interrupt;
mod keys;
mod load;
mod map_file;
mod open;
mod problems;
mod progress;
mod records;
mod remaining;
mod render;
mod score;
mod screen;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::fault::{Fault, Outcome};
use crate::screen::Screen;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let screen = Screen::look(cli.lang.map(Into::into));
    interrupt::watch();
    match run(&cli.command, &screen) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            say(&fault, &screen);
            ExitCode::from(fault.exit_code())
        }
    }
}

fn run(command: &Command, screen: &Screen) -> Outcome {
    match command {
        Command::Score(args) => score::run(args, screen),
        Command::Check(args) => check::run(args, screen),
        Command::Load(args) => load::run(args, screen),
        Command::Map(args) => map_file::run(args, screen),
        Command::Explain(args) => explain::run(args, screen),
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
