//! PostgreSQL keeps its database elsewhere: its own programs copy it, and bring it back.

use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use giaouoc_agreement::text::Text;

use crate::fault::{Fault, Outcome};

/// Copies a database into a file, as it is at one moment.
///
/// # Errors
/// When `pg_dump` is not installed or fails.
pub fn dump(url: &str, to: &Path) -> Outcome {
    let (url, password) = apart(url);
    let mut command = with_password("pg_dump", password);
    command.args(["--format=custom", "--no-owner", "--no-privileges"]).arg("--file").arg(to);
    run(command.arg("--dbname").arg(url), "pg_dump")
}

/// Brings a database back into an empty one: all of it, or nothing.
///
/// # Errors
/// When `pg_restore` is not installed or fails.
pub fn restore(url: &str, from: &Path) -> Outcome {
    let (url, password) = apart(url);
    let mut command = with_password("pg_restore", password);
    command.args(["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]);
    run(command.arg("--dbname").arg(url).arg(from), "pg_restore")
}

fn with_password(name: &str, password: Option<String>) -> Command {
    let mut command = Command::new(name);
    if let Some(password) = password {
        // Everybody can read a command line; an environment is its owner's.
        command.env("PGPASSWORD", password);
    }
    command
}

fn run(command: &mut Command, name: &str) -> Outcome {
    let output = command.stdin(Stdio::null()).output().map_err(|error| match error.kind() {
        ErrorKind::NotFound => Fault::input(
            format!("cơ sở dữ liệu là PostgreSQL, cần chương trình {name}: hãy cài gói postgresql-client (cùng bản với máy chủ hoặc mới hơn) rồi chạy lại"),
            format!("the database is PostgreSQL, which takes the program {name}: install postgresql-client (of the server's version or newer) and run this again"),
        ),
        _ => Fault::io(Path::new(name), &error),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim();
    Err(Fault::System(Text::new(format!("{name} không làm được: {said}"), format!("{name} failed: {said}"))))
}

/// The address without its password, and the password.
fn apart(url: &str) -> (String, Option<String>) {
    let split = || {
        let (scheme, rest) = url.split_once("://")?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (account, host) = authority.rsplit_once('@')?;
        let (user, password) = account.split_once(':')?;
        Some((format!("{scheme}://{user}@{host}{path}"), decoded(password)))
    };
    split().map_or_else(|| (url.to_owned(), None), |(url, password)| (url, Some(password)))
}

/// `%41` is `A`.
pub fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match (bytes[at], hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_leaves_the_address() {
        let of = |url: &str| apart(url);
        assert_eq!(
            of("postgres://u:p%40%C3%A0@h:5/db?x=1"),
            ("postgres://u@h:5/db?x=1".into(), Some("p@à".into()))
        );
        assert_eq!(of("postgres://u@h/db"), ("postgres://u@h/db".into(), None));
        assert_eq!(of("postgres:///db?host=/tmp"), ("postgres:///db?host=/tmp".into(), None));
        assert_eq!(decoded("a%2"), "a%2");
    }
}
