//! What is wrong with the command line itself, said in the language of everything else.
//!
//! clap finds the fault and tells its kind and context; its English sentences are not used. Help is printed
//! as it stands, since it is in both languages at once.

use std::ffi::OsString;
use std::num::{IntErrorKind, ParseIntError};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Error, ValueEnum};
use giaouoc_agreement::text::{Lang, Text};

use crate::cli::{Cli, LangArg, NoReason};

/// The language named on a command line that cannot be understood as a whole.
pub fn named_language(args: &[OsString]) -> Option<Lang> {
    let mut args = args.iter().skip(1).map(|arg| arg.to_string_lossy()).take_while(|arg| arg != "--");
    while let Some(arg) = args.next() {
        let value = match arg.strip_prefix("--lang") {
            Some("") => args.next(),
            Some(rest) => rest.strip_prefix('=').map(|value| value.to_owned().into()),
            None => None,
        };
        if let Some(found) = value.and_then(|value| LangArg::from_str(&value, false).ok()) {
            return Some(found.into());
        }
    }
    None
}

/// Whether clap does not complain but shows help or the version, which is printed as it stands.
pub fn is_help(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    )
}

/// The fault in both languages, with the way out: the nearest name, the accepted values, the usage.
pub fn explain(error: &Error) -> Text {
    let mut text = fault(error);
    for hint in hints(error) {
        text.vi.push_str(&format!("\n  gợi ý: {}", hint.vi));
        text.en.push_str(&format!("\n  help: {}", hint.en));
    }
    if let Some(usage) = one(error, ContextKind::Usage) {
        // clap indents further lines by the width of its own label.
        let usage = usage.trim().trim_start_matches("Usage:").trim().to_owned();
        let command = usage.split_whitespace().take_while(|word| !word.starts_with(['[', '<', '-']));
        let help = command.chain(["--help"]).collect::<Vec<_>>().join(" ");
        text.vi.push_str(&format!("\n  cách dùng: {usage}\n  xem thêm: {help}"));
        text.en.push_str(&format!("\n  usage: {usage}\n  more: {help}"));
    }
    text
}

fn fault(error: &Error) -> Text {
    let arg = one(error, ContextKind::InvalidArg).unwrap_or_default();
    let value = one(error, ContextKind::InvalidValue).unwrap_or_default();
    match error.kind() {
        ErrorKind::MissingRequiredArgument => {
            let missing = all(error, ContextKind::InvalidArg).join(", ");
            Text::new(format!("còn thiếu: {missing}"), format!("missing: {missing}"))
        }
        ErrorKind::MissingSubcommand => Text::new("còn thiếu tên lệnh", "the command is missing"),
        ErrorKind::InvalidSubcommand => {
            let name = one(error, ContextKind::InvalidSubcommand).unwrap_or_default();
            Text::new(format!("không có lệnh “{name}”"), format!("there is no command “{name}”"))
        }
        ErrorKind::UnknownArgument if arg.starts_with('-') => {
            Text::new(format!("không có tuỳ chọn “{arg}”"), format!("there is no option “{arg}”"))
        }
        ErrorKind::UnknownArgument => Text::new(
            format!("thừa “{arg}”: lệnh này không nhận thêm giá trị nào"),
            format!("“{arg}” is one value too many for this command"),
        ),
        ErrorKind::InvalidValue if value.is_empty() => {
            Text::new(format!("{arg} còn thiếu giá trị"), format!("{arg} lacks its value"))
        }
        ErrorKind::InvalidValue => Text::new(
            format!("“{value}” không phải giá trị của {arg}"),
            format!("“{value}” is not a value of {arg}"),
        ),
        ErrorKind::ValueValidation => {
            let why = why_not(error);
            Text::new(
                format!("“{value}” không dùng được cho {arg}: {}", why.vi),
                format!("“{value}” is no use for {arg}: {}", why.en),
            )
        }
        ErrorKind::TooManyValues => Text::new(
            format!("{arg} không nhận giá trị “{value}”"),
            format!("{arg} does not take the value “{value}”"),
        ),
        ErrorKind::ArgumentConflict => {
            let others = all(error, ContextKind::PriorArg);
            if others.is_empty() || others == [arg.clone()] {
                Text::new(format!("{arg} được ghi hai lần"), format!("{arg} is given twice"))
            } else {
                let others = others.join(", ");
                Text::new(
                    format!("{arg} không dùng cùng với {others}"),
                    format!("{arg} cannot be used with {others}"),
                )
            }
        }
        ErrorKind::InvalidUtf8 => {
            Text::new("dòng lệnh có ký tự không phải UTF-8", "the command line is not UTF-8")
        }
        _ => Text::new("không hiểu dòng lệnh", "the command line is not understood"),
    }
}

/// Why a value is none: those that are checked here are whole numbers and reasons.
fn why_not(error: &Error) -> Text {
    let source = std::error::Error::source(error);
    let number = source.and_then(|source| source.downcast_ref::<ParseIntError>());
    match (number.map(ParseIntError::kind), source) {
        (Some(IntErrorKind::PosOverflow | IntErrorKind::NegOverflow), _) => {
            Text::new("số quá lớn", "the number is too large")
        }
        (Some(_), _) => Text::new("phải là số nguyên không âm", "it must be a whole number, 0 or more"),
        // clap's own range: "70000000000 is not in 0..=4294967295".
        (None, Some(range)) if range.to_string().contains("..") => {
            let range = range.to_string();
            let range = range.rsplit(' ').next().unwrap_or_default();
            let (first, last) =
                range.split_once("..=").or_else(|| range.split_once("..")).unwrap_or_default();
            Text::new(format!("phải từ {first} đến {last}"), format!("it must be from {first} to {last}"))
        }
        (None, Some(source)) if source.is::<NoReason>() => Text::new("hãy nêu lý do", "say why"),
        (None, _) => Text::new("giá trị không đúng dạng", "the value is not of the right form"),
    }
}

fn hints(error: &Error) -> Vec<Text> {
    let mut hints = Vec::new();
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
        .into_iter()
        .flat_map(|kind| all(error, kind))
        .collect::<Vec<_>>();
    if !near.is_empty() {
        let near = near.join(", ");
        hints.push(Text::new(format!("có phải là {near}?"), format!("did you mean {near}?")));
    } else if error.kind() == ErrorKind::UnknownArgument
        && let Some(option) = one(error, ContextKind::InvalidArg)
    {
        hints.extend(elsewhere(&option));
    }
    // A value may have a comma in it.
    let values = all(error, ContextKind::ValidValue).join(" | ");
    if !values.is_empty() {
        hints.push(Text::new(format!("các giá trị: {values}"), format!("the values: {values}")));
    }
    if matches!(error.kind(), ErrorKind::InvalidSubcommand | ErrorKind::MissingSubcommand) {
        let cli = Cli::command();
        let names: Vec<&str> = cli.get_subcommands().map(clap::Command::get_name).collect();
        let names = names.join(", ");
        hints.push(Text::new(format!("các lệnh: {names}"), format!("the commands: {names}")));
    }
    hints
}

/// The commands that have an option which this one has not.
fn elsewhere(option: &str) -> Option<Text> {
    let name = option.strip_prefix("--")?.split('=').next()?;
    let cli = Cli::command();
    let has = |command: &&clap::Command| command.get_arguments().any(|arg| arg.get_long() == Some(name));
    let names: Vec<&str> = cli.get_subcommands().filter(has).map(clap::Command::get_name).collect();
    let names = names.join(", ");
    (!names.is_empty()).then(|| {
        Text::new(
            format!("--{name} là tuỳ chọn của lệnh {names}"),
            format!("--{name} is an option of the command {names}"),
        )
    })
}

/// One piece of a fault's context.
fn one(error: &Error, kind: ContextKind) -> Option<String> {
    all(error, kind).into_iter().next()
}

/// All pieces of one sort, without colours.
fn all(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_found_wherever_it_stands() {
        let of = |line: &str| {
            let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            named_language(&args)
        };
        assert_eq!(of("giaouoc --lang en"), Some(Lang::En));
        assert_eq!(of("giaouoc score --by x --lang=vi"), Some(Lang::Vi));
        assert_eq!(of("giaouoc score -- --lang=en"), None);
        assert_eq!(of("giaouoc --language en"), None);
        assert_eq!(of("giaouoc --lang fr"), None);
        assert_eq!(of("giaouoc --lang"), None);
    }
}
