//! A whole site without a network: the real router over a real database, a cluster of two units, a person of every role.

pub mod drafting;
pub mod records;

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use giaouoc_agreement::text::Text;
use giaouoc_store::clusters::{self, Cluster};
use giaouoc_store::people::{self, Role};
use giaouoc_store::tokens::{self, Scope};
use giaouoc_store::{Store, boards, sessions};
use giaouoc_web::files::Files;
use giaouoc_web::sheet::{Cell, Kind, Sheet, Target, Unit};
use giaouoc_web::{Edge, Site, State};
use giaouoc_worktime::zone::Zone;
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;

/// Noon of 1 July 2020 in Hà Nội.
pub const NOW: i64 = 1_593_579_600_000_000;
/// The cluster.
pub const CLUSTER: &str = "six";

static CHANCE: AtomicU8 = AtomicU8::new(1);

/// Time that has gone by since, in microseconds.
static PASSED: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);

/// Lets time go by, for every test of the file.
pub fn later(by: i64) {
    PASSED.fetch_add(by, Ordering::Relaxed);
}

fn now() -> i64 {
    NOW + PASSED.load(Ordering::Relaxed)
}

fn random(bytes: &mut [u8]) {
    bytes.fill(CHANCE.fetch_add(1, Ordering::Relaxed));
}

/// A site with its database, removed when it is dropped.
pub struct TestSite {
    pub store: Store,
    pub router: Router,
    pub state: State,
    _folder: tempfile::TempDir,
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// The token that the forms of somebody with this session carry.
pub fn csrf(session: &str) -> String {
    digest(&format!("form:{session}"))
}

fn unit(code: &str, name: &str) -> Unit {
    Unit {
        code: code.into(),
        name: Text::same(name),
        short: Text::same(name),
        digest: digest(code),
        ..Unit::default()
    }
}

/// Two units, one target.
pub fn sheet() -> Sheet {
    let cell = |shown: &str| {
        Some(Cell {
            shown: Some(Text::same(shown)),
            verdict: "met".into(),
            words: Text::new("đạt", "met"),
            sign: "✓".into(),
            ..Cell::default()
        })
    };
    let mut sheet = Sheet {
        format: Sheet::FORMAT,
        title: Text::new("Giao ước", "Agreement"),
        cluster: Text::new("Cụm sáu", "Cluster six"),
        year: 2020,
        units: vec![unit("one", "Đơn vị một"), unit("two", "Đơn vị hai")],
        targets: vec![Target {
            id: "on-time".into(),
            name: Text::new("Đúng hạn", "On time"),
            kind: "dossier".into(),
            cells: vec![
                cell("96 %"),
                Some(Cell {
                    verdict: "no-data".into(),
                    words: Text::new("chưa có số liệu", "no data"),
                    ..Cell::default()
                }),
            ],
            ..Target::default()
        }],
        kinds: vec![Kind {
            id: "dossier".into(), name: Text::new("Hồ sơ", "Dossiers"), records: vec![3, 0]
        }],
        ..Sheet::default()
    };
    sheet.vi.board = "<p>bảng tạm tính bí mật</p>".into();
    sheet.en.board = "<p>provisional secret</p>".into();
    for parts in [&mut sheet.vi, &mut sheet.en] {
        parts.targets = vec!["<p>target</p>".into()];
        parts.units = vec!["<a href=\"target-on-time\">one</a>".into(), "<p>two</p>".into()];
    }
    sheet
}

impl TestSite {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("x.sqlite").display());
        let store = Store::open(&url).await.unwrap();
        let cluster = Cluster {
            slug: CLUSTER.into(),
            name_vi: "Cụm sáu".into(),
            name_en: "Cluster six".into(),
            year: 2020,
        };
        clusters::put(store.read(), &cluster, NOW).await.unwrap();
        let text = serde_json::to_string(&sheet()).unwrap();
        boards::keep(store.read(), CLUSTER, 1, &digest(&text), text, NOW).await.unwrap();
        let site = Site {
            name: Text::same("Giao ước thi đua"),
            url: "http://localhost".into(),
            upload_limit: 100_000,
            mail: true,
            ..Site::default()
        };
        let state = State::new(
            store.clone(),
            Files::new(folder.path().join("files")),
            site,
            Edge { now, random },
            Zone::get("Asia/Ho_Chi_Minh").unwrap(),
            Arc::default(),
            Arc::new(records::InMemory::default()),
        );
        state.drafting.set(drafting::InMemory);
        Self { store, router: giaouoc_web::router(state.clone()), state, _folder: folder }
    }

    /// A person with a role; gives the secret of their session.
    pub async fn person(
        &self,
        name: &str,
        role: Option<Role>,
        cluster: Option<&str>,
        unit: Option<&str>,
    ) -> String {
        let on = self.store.read();
        let person = people::add(on, &format!("{name}@x.vn"), name, "vi", NOW).await.unwrap();
        if let Some(role) = role {
            people::give(on, person.id, role, cluster, unit, "2020-01-01").await.unwrap();
        }
        let session = digest(&format!("session of {name}"));
        sessions::begin(on, person.id, &digest(&session), "test", NOW).await.unwrap();
        session
    }

    /// A token that somebody made; gives its secret.
    pub async fn token(
        &self,
        name: &str,
        by: &str,
        unit: Option<&str>,
        scopes: &[Scope],
        expires_at: i64,
    ) -> String {
        let maker = people::by_email(self.store.read(), &format!("{by}@x.vn")).await.unwrap().unwrap();
        let secret = format!("giaouoc_{}", digest(&format!("token {name}")));
        let new = tokens::New {
            digest: digest(&secret),
            name: name.into(),
            cluster: CLUSTER.into(),
            unit: unit.map(str::to_owned),
            scopes: scopes.to_vec(),
            person: maker.id,
            expires_at,
        };
        tokens::make(self.store.read(), new, NOW).await.unwrap();
        secret
    }

    pub async fn ask(&self, request: Request<Body>) -> (StatusCode, header::HeaderMap, String) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 10_000_000).await.unwrap();
        (parts.status, parts.headers, String::from_utf8_lossy(&bytes).into_owned())
    }

    /// A page as somebody sees it.
    pub async fn get(&self, path: &str, session: Option<&str>) -> (StatusCode, header::HeaderMap, String) {
        self.ask(builder("GET", path, session).body(Body::empty()).unwrap()).await
    }

    /// A form that somebody sends, with the right token.
    pub async fn post(
        &self,
        path: &str,
        session: &str,
        fields: &str,
    ) -> (StatusCode, header::HeaderMap, String) {
        let body = format!("csrf={}&{fields}", csrf(session));
        let request = builder("POST", path, Some(session))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(body)).unwrap()).await
    }
}

impl TestSite {
    /// A form with files that somebody sends, with the right token first.
    pub async fn send(
        &self,
        path: &str,
        session: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> (StatusCode, header::HeaderMap, String) {
        let files: Vec<(&str, &str, &[u8])> =
            files.iter().map(|(name, bytes)| ("evidence", *name, *bytes)).collect();
        self.send_as(path, session, fields, &files).await
    }

    /// The same, with the field of each file.
    pub async fn send_as(
        &self,
        path: &str,
        session: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> (StatusCode, header::HeaderMap, String) {
        let mut body = Vec::new();
        let token = csrf(session);
        for (name, value) in [("csrf", token.as_str())].iter().chain(fields) {
            body.extend(
                format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        for (field, name, bytes) in files {
            let head = format!(
                "--x\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n"
            );
            body.extend(head.bytes());
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--x--\r\n");
        let request = builder("POST", path, Some(session))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        self.ask(request.body(Body::from(body)).unwrap()).await
    }
}

pub fn builder(method: &str, path: &str, session: Option<&str>) -> axum::http::request::Builder {
    let request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
    match session {
        Some(session) => request.header(header::COOKIE, format!("giaouoc_session={session}")),
        None => request,
    }
}
