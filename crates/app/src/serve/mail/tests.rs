//! The postman against a mail server of our own, which says what the test tells it to.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};

use giaouoc_agreement::text::Text;
use giaouoc_store::letters::{Kind, New, State};
use tokio::runtime::Runtime;

use super::*;

/// Takes connections one after another, with an answer to `MAIL` and to `RCPT` for each; hands out what it was given.
fn server(answers: Vec<(&'static str, &'static str)>) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (give, taken) = channel();
    thread::spawn(move || {
        for (mail, rcpt) in answers {
            let (stream, _) = listener.accept().unwrap();
            talk(&stream, mail, rcpt, &give);
        }
    });
    (port, taken)
}

fn talk(mut stream: &TcpStream, mail: &str, rcpt: &str, give: &Sender<String>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    stream.write_all(b"220 here\r\n").unwrap();
    while let Some(line) = lines.next() {
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "MAIL" => mail,
            "RCPT" => rcpt,
            "DATA" => {
                stream.write_all(b"354 go on\r\n").unwrap();
                let data: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
                give.send(data.join("\n")).unwrap();
                "250 taken"
            }
            "QUIT" => {
                let _ = stream.write_all(b"221 bye\r\n");
                return;
            }
            _ => "250 ok",
        };
        if stream.write_all(format!("{answer}\r\n").as_bytes()).is_err() {
            return;
        }
    }
}

struct Office {
    runtime: Runtime,
    store: Store,
    person: i64,
    folder: tempfile::TempDir,
}

impl Office {
    fn new() -> Self {
        let (runtime, folder) = (Runtime::new().unwrap(), tempfile::tempdir().unwrap());
        let (store, person) = runtime.block_on(async {
            let url = giaouoc_store::file_url(&folder.path().join("x.sqlite"));
            let store = Store::open(&url).await.unwrap();
            let person = people::add(store.read(), "lan@vidu.vn", "Lan", "vi", now()).await.unwrap().id;
            people::set_password(store.read(), person, "x".into()).await.unwrap();
            (store, person)
        });
        Self { runtime, store, person, folder }
    }

    fn postman(&self, port: u16) -> Postman {
        let mail = Mail {
            server: "127.0.0.1".into(),
            port: Some(port),
            from: "Giao ước <no-reply@vidu.vn>".into(),
            user: None,
            password_file: None,
            tls: Tls::None,
        };
        let site = Site { name: Text::same("Giao ước"), url: "https://x.vn".into(), ..Site::default() };
        let runtime = self.runtime.handle().clone();
        Postman::new(&mail, self.folder.path(), self.store.clone(), site, runtime).unwrap()
    }

    fn write(&self) {
        let new = New {
            kind: Kind::Confirm,
            path: Some("/c/six/".into()),
            about_vi: "Quý I".into(),
            about_en: "Q1".into(),
        };
        let whom = [self.person];
        let written = letters::notify(self.store.read(), &whom, "event", &new, now());
        self.runtime.block_on(written).unwrap();
    }

    fn trouble(&self) -> Vec<(State, String)> {
        let found = self.runtime.block_on(letters::in_trouble(self.store.read(), 9)).unwrap();
        found.into_iter().map(|letter| (letter.state, letter.error.unwrap())).collect()
    }
}

#[test]
fn a_letter_goes_once() {
    let office = Office::new();
    let (port, taken) = server(vec![("250 ok", "250 ok")]);
    let postman = office.postman(port);
    office.write();
    assert!(postman.next().unwrap());
    let letter = taken.recv().unwrap();
    for part in
        ["From: ", "To: Lan <lan@vidu.vn>", "Auto-Submitted: auto-generated", "Content-Type: text/plain"]
    {
        assert!(letter.contains(part), "{part}: {letter}");
    }
    assert!(letter.contains("https://x.vn/c/six/"), "{letter}");
    assert!(!postman.next().unwrap() && office.trouble().is_empty());
}

#[test]
fn a_server_that_is_busy_or_away_or_lets_nobody_in_is_asked_again_later() {
    for answers in [("250 ok", "451 greylisted"), ("530 log in first", ""), ("421 busy", "")] {
        let office = Office::new();
        let (port, taken) = server(vec![answers]);
        office.write();
        assert!(office.postman(port).next().unwrap());
        let trouble = office.trouble();
        assert_eq!(trouble.len(), 1);
        assert_eq!(trouble[0].0, State::Waiting, "{trouble:?}");
        // Not at once, but a minute later.
        assert!(!office.postman(port).next().unwrap());
        let later = office.runtime.block_on(letters::take(office.store.read(), now() + 2 * MINUTE)).unwrap();
        assert_eq!(later.unwrap().tries, 2);
        assert!(taken.recv().is_err());
    }
    let office = Office::new();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    office.write();
    assert!(office.postman(port).next().unwrap());
    assert_eq!(office.trouble()[0].0, State::Waiting);
}

#[test]
fn whom_no_server_knows_is_not_written_to_again() {
    let office = Office::new();
    let (port, _taken) = server(vec![("250 ok", "550 5.1.1 no such user")]);
    office.write();
    assert!(office.postman(port).next().unwrap());
    let trouble = office.trouble();
    assert_eq!(trouble[0].0, State::Undeliverable);
    assert!(trouble[0].1.contains("no such user"), "{trouble:?}");
}

#[test]
fn it_is_given_up_in_the_end() {
    let office = Office::new();
    let refusals = vec![("421 busy", ""); AGAIN.len() + 1];
    let (port, _taken) = server(refusals);
    let postman = office.postman(port);
    office.write();
    for _ in 0..=AGAIN.len() {
        assert!(postman.next().unwrap());
        let (state, _) = office.trouble()[0].clone();
        if state == State::Undeliverable {
            break;
        }
        // The clock does not wait for the test: its time has come.
        let letter = office.runtime.block_on(letters::take(office.store.read(), i64::MAX)).unwrap().unwrap();
        let due = Sent::Later(0, "busy".into());
        office.runtime.block_on(letters::end(office.store.read(), letter.id, due, now())).unwrap();
    }
    assert_eq!(office.trouble()[0].0, State::Undeliverable);
}

#[test]
fn killed_while_sending_it_goes_again_under_the_same_name() {
    let office = Office::new();
    let (port, taken) = server(vec![("250 ok", "250 ok"); 2]);
    office.write();
    let letter = office.runtime.block_on(letters::take(office.store.read(), now())).unwrap().unwrap();
    let person = office.runtime.block_on(people::get(office.store.read(), office.person)).unwrap().unwrap();
    // The server has it, and nobody notes that it has.
    assert_eq!(office.postman(port).send(&letter, &person).unwrap(), Sent::Sent);
    assert_eq!(office.runtime.block_on(letters::resume(office.store.read())).unwrap(), 1);
    assert!(office.postman(port).next().unwrap());
    let name = |letter: String| letter.lines().find(|line| line.starts_with("Message-ID")).map(str::to_owned);
    let (first, second) = (name(taken.recv().unwrap()), name(taken.recv().unwrap()));
    assert!(first.is_some() && first == second, "{first:?} {second:?}");
}

#[test]
fn a_configuration_that_cannot_work_is_refused() {
    let office = Office::new();
    let mail = |from: &str, user: Option<&str>, file: Option<&str>, tls| Mail {
        server: "mail.vidu.vn".into(),
        port: None,
        from: from.into(),
        user: user.map(str::to_owned),
        password_file: file.map(Into::into),
        tls,
    };
    fs::write(office.folder.path().join("password"), "p\n").unwrap();
    for (wrong, good) in [
        (mail("nobody", None, None, Tls::Implicit), false),
        (mail("a@x.vn", Some("u"), None, Tls::Implicit), false),
        (mail("a@x.vn", Some("u"), Some("none"), Tls::Implicit), false),
        (mail("a@x.vn", Some("u"), Some("password"), Tls::None), false),
        (mail("a@x.vn", Some("u"), Some("password"), Tls::Starttls), true),
        (mail("a@x.vn", None, None, Tls::None), true),
    ] {
        let runtime = office.runtime.handle().clone();
        let made = Postman::new(&wrong, office.folder.path(), office.store.clone(), Site::default(), runtime);
        assert_eq!(made.is_ok(), good, "{wrong:?}");
    }
    let error = "550 5.1.1 <lan@vidu.vn>: no such user";
    assert_eq!(without_addresses(error), "550 5.1.1 … no such user");
}
