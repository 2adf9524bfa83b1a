//! The postman: sends the letters that were written (`giaouoc_store::letters`) to the mail server of `giaouoc.toml`, one
//! after another, in a thread of its own. What the server does not take now is tried again, later each time.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, UNIX_EPOCH};

use giaouoc_store::letters::{self, Letter, Outcome as Sent};
use giaouoc_store::people::{self, Person, Purpose};
use giaouoc_store::{Store, StoreError};
use giaouoc_web::Site;
use giaouoc_web::letters::{compose, link_works};
use lettre::address::AddressError;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error, SmtpTransport};
use lettre::{Address, Transport as _};
use serde::Deserialize;
use tokio::runtime::Handle;

use super::now;
use crate::fault::{Fault, Outcome};

/// `[mail]` of the configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The mail server's name.
    pub server: String,
    /// Its port, where it is not the usual one of how the connection is protected.
    pub port: Option<u16>,
    /// Whom letters are from: `no-reply@thidua.example`, with or without a name.
    pub from: String,
    /// Log-in at the mail server, if it asks for one.
    pub user: Option<String>,
    /// The file that has the password and nothing else.
    pub password_file: Option<std::path::PathBuf>,
    /// How the connection is protected.
    #[serde(default)]
    pub tls: Tls,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// TLS from the first byte (port 465).
    #[default]
    #[serde(rename = "tls")]
    Implicit,
    /// TLS before anything is said that matters (port 587); without it nothing is sent.
    Starttls,
    /// Not at all (port 25): for a relay on the same machine or network. Passwords are never sent so.
    None,
}

/// When a letter that was not taken is tried again, in minutes after the last try; after the last of them it is given up.
const AGAIN: [i64; 8] = [1, 5, 15, 60, 180, 360, 720, 1440];
const MINUTE: i64 = 60 * 1_000_000;
/// Letters that were sent, or given up, are forgotten after so long.
const KEPT: i64 = 90 * 24 * 60 * MINUTE;
/// How often the postman looks for letters, and how long a server may be silent.
const LOOK: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(30);

/// Who sends.
pub struct Postman {
    store: Store,
    site: Site,
    runtime: Handle,
    from: Mailbox,
    transport: SmtpTransport,
}

fn wrong(what: &str, why: &str) -> Fault {
    Fault::input(
        format!("giaouoc.toml, [mail] {what}: {why}; docs/service.md có mẫu"),
        format!("giaouoc.toml, [mail] {what}: {why}; docs/service.md has an example"),
    )
}

impl Postman {
    /// Looks at the configuration; no connection is made. Files are looked for in the service's folder.
    pub fn new(mail: &Mail, folder: &Path, store: Store, site: Site, runtime: Handle) -> Outcome<Self> {
        let from: Mailbox =
            mail.from.parse().map_err(|error: AddressError| wrong("from", &error.to_string()))?;
        let built = match mail.tls {
            Tls::Implicit => SmtpTransport::relay(&mail.server),
            Tls::Starttls => SmtpTransport::starttls_relay(&mail.server),
            Tls::None => Ok(SmtpTransport::builder_dangerous(&mail.server)),
        };
        let mut built = built.map_err(|error| wrong("server", &error.to_string()))?;
        if let Some(port) = mail.port {
            built = built.port(port);
        }
        let host = site.url.split_once("://").map_or("localhost", |(_, host)| host);
        let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
        built = built.hello_name(ClientId::Domain(host.to_owned())).timeout(Some(PATIENCE));
        match (&mail.user, &mail.password_file) {
            (None, None) => {}
            (Some(_), Some(_)) if mail.tls == Tls::None => {
                return Err(wrong("tls", "mật khẩu không gửi qua kết nối trần / no password without TLS"));
            }
            (Some(user), Some(file)) => {
                let path = folder.join(file);
                let password = fs::read_to_string(&path).map_err(|error| Fault::io(&path, &error))?;
                built = built.credentials(Credentials::new(user.clone(), password.trim().to_owned()));
            }
            _ => return Err(wrong("user, password_file", "cần cả hai / both or none")),
        }
        Ok(Self { store, site, runtime, from, transport: built.build() })
    }

    /// Begins to send, in a thread of its own.
    pub fn start(self, stop: Arc<AtomicBool>) -> JoinHandle<()> {
        thread::spawn(move || {
            if let Err(error) = self.wait(letters::resume(self.store.read())) {
                tracing::error!(target: "giaouoc::mail", why = %error, "letters cannot be read");
            }
            let mut forgotten = 0;
            while !stop.load(Ordering::Relaxed) {
                match self.next() {
                    Ok(true) => {}
                    Ok(false) => {
                        if now() - forgotten > 24 * 60 * MINUTE {
                            forgotten = now();
                            let _ = self.wait(letters::forget(self.store.read(), forgotten - KEPT));
                        }
                        thread::sleep(LOOK);
                    }
                    Err(error) => {
                        tracing::error!(target: "giaouoc::mail", why = %error, "letters cannot be read");
                        thread::sleep(LOOK * 5);
                    }
                }
            }
        })
    }

    fn wait<T>(&self, future: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        self.runtime.block_on(future)
    }

    /// Sends the next letter that is due; says whether there was one.
    fn next(&self) -> Result<bool, StoreError> {
        let Some(letter) = self.wait(letters::take(self.store.read(), now()))? else { return Ok(false) };
        let person = self.wait(people::get(self.store.read(), letter.person))?;
        let outcome = match person.filter(|person| person.disabled_at.is_none()) {
            Some(person) => self.send(&letter, &person)?,
            None => Sent::Undeliverable("tài khoản đã khoá / the account is closed".to_owned()),
        };
        if let Sent::Later(_, why) | Sent::Undeliverable(why) = &outcome {
            // What the server said may name a person's address: it is for the administrator's page, not for the log.
            let kind = letter.kind.word();
            let why = without_addresses(why);
            tracing::error!(target: "giaouoc::mail", letter = letter.id, kind, tries = letter.tries, why, "a letter did not go");
        }
        self.wait(letters::end(self.store.read(), letter.id, outcome, now()))?;
        Ok(true)
    }

    fn send(&self, letter: &Letter, person: &Person) -> Result<Sent, StoreError> {
        let link = match link_works(letter.kind) {
            Some(works) => self.wait(self.ticket(letter, person, works))?,
            None => format!("{}{}", self.site.url, letter.path.as_deref().unwrap_or("/")),
        };
        let message = match self.message(letter, person, &link) {
            Ok(message) => message,
            Err(why) => return Ok(Sent::Undeliverable(why)),
        };
        Ok(match self.transport.send(&message) {
            Ok(_) => Sent::Sent,
            Err(error) => again(letter.tries, &error),
        })
    }

    /// A link that works once. Only its digest is kept; a later try makes another.
    async fn ticket(&self, letter: &Letter, person: &Person, works: i64) -> Result<String, StoreError> {
        let token = super::secret();
        let purpose = match letter.kind {
            letters::Kind::Invitation => Purpose::Invitation,
            _ => Purpose::Reset,
        };
        let digest = giaouoc_web::digest(&token);
        people::add_ticket(self.store.read(), person.id, purpose, &digest, now() + works).await?;
        Ok(format!("{}/welcome/{token}", self.site.url))
    }

    fn message(&self, letter: &Letter, person: &Person, link: &str) -> Result<Message, String> {
        let composed = compose(letter, person, &self.site, link);
        let address: Address = person.email.parse().map_err(|error: AddressError| error.to_string())?;
        let name: String = person.name.chars().filter(|letter| !letter.is_control()).collect();
        // The same letter has the same name at every try: where a server took it and we were killed before noting it, whoever
        // gets it twice can tell.
        let id = format!("<letter-{}-{}@{}>", letter.id, letter.created_at, self.from.email.domain());
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(name), address))
            .subject(composed.subject)
            .date(UNIX_EPOCH + Duration::from_micros(now().unsigned_abs()))
            .message_id(Some(id))
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .header(ContentType::TEXT_PLAIN)
            .body(composed.body)
            .map_err(|error| error.to_string())
    }
}

/// What becomes of a letter that did not go: a plain no to it is final; a server that is away, busy, or does not let us in is
/// asked again.
fn again(tries: i64, error: &Error) -> Sent {
    use std::error::Error as _;
    let mut why = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !why.contains(&inner_text) {
            why = format!("{why}: {inner_text}");
        }
        cause = inner.source();
    }
    let why: String = why.chars().take(500).collect();
    // Being let in (RFC 4954) is a matter between us and the server, not of this letter.
    let log_in =
        error.status().is_some_and(|code| ["530", "534", "535", "538"].contains(&code.to_string().as_str()));
    if error.is_permanent() && !log_in {
        return Sent::Undeliverable(why);
    }
    let minutes = usize::try_from(tries - 1).ok().and_then(|at| AGAIN.get(at));
    match minutes {
        Some(minutes) => Sent::Later(now() + minutes * MINUTE, why),
        None => Sent::Undeliverable(why),
    }
}

/// A text without anybody's address.
fn without_addresses(text: &str) -> String {
    text.split(' ').map(|word| if word.contains('@') { "…" } else { word }).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
