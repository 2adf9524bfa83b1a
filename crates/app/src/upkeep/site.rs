//! `giaouoc site`: every public page as a file, for any web server, asked for at the same router as an anonymous visitor would.
//!
//! What a file cannot be stays away: logging in and the due-date calculator. Nothing runs in these pages.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use giaouoc_agreement::text::Text;
use giaouoc_store::Age;
use giaouoc_web::files::Files;
use giaouoc_web::{Edge, Site, State};
use giaouoc_worktime::zone::Zone;
use tokio::sync::Notify;
use tower::ServiceExt as _;

use super::home::{Home, runtime};
use super::links::{Address, Becomes, rewritten, way};
use super::say;
use crate::cli;
use crate::fault::{Fault, Outcome};
use crate::screen::Screen;
use crate::serve::records::Journals;
use crate::serve::{ZONE, now, random, store_fault};

/// A page is not larger than this.
const MOST: usize = 256 << 20;
/// Where a copy cannot lead: these links go with their text.
const LIVE: [&str; 4] = ["/login", "/clock", "/me", "/search"];

/// What a page is as a file.
struct Page {
    file: String,
    html: bool,
    bytes: Vec<u8>,
}

/// Runs the command.
pub fn run(args: &cli::Site, screen: &Screen) -> Outcome {
    let home = Home::open(&args.folder)?;
    if args.out.exists() && fs::read_dir(&args.out).map_or(true, |mut entries| entries.next().is_some()) {
        return Err(Fault::input(
            format!("{} đã có và không trống; hãy chọn thư mục khác", args.out.display()),
            format!("{} is there and not empty; choose another folder", args.out.display()),
        ));
    }
    let runtime = runtime()?;
    let (store, age) = home.store(&runtime)?;
    if age != Age::Current {
        return Err(Fault::input(
            "cơ sở dữ liệu cũ hơn chương trình: hãy khởi động hệ thống một lần để nó tự nâng lên",
            "the database is older than the program: start the service once, it brings itself up to date",
        ));
    }
    let zone = Zone::get(ZONE).map_err(|error| Fault::input(error.vi(), error.en()))?;
    let site = Site {
        name: home.config.name.clone(),
        url: home.config.url.clone().unwrap_or_else(|| "http://localhost".to_owned()),
        upload_limit: 0,
        plain: true,
        ..Site::default()
    };
    let files = Files::new(home.folder.files());
    let journals = Arc::new(Journals::new(home.folder.clone()));
    let state = State::new(
        store.clone(),
        files,
        site,
        Edge { now, random },
        zone,
        Arc::new(Notify::new()),
        Arc::clone(&journals) as Arc<dyn giaouoc_web::records::Records>,
    );
    state.registry.set(journals as Arc<dyn giaouoc_web::registry::Registry>);
    let router = giaouoc_web::router(state);
    let pages = runtime.block_on(visited(&router));
    runtime.block_on(store.close()).map_err(|error| store_fault(&error))?;
    let pages = pages?;
    let known: BTreeMap<Address, String> =
        pages.iter().map(|(address, page)| (address.clone(), page.file.clone())).collect();
    let mut bytes = 0_u64;
    for (address, page) in &pages {
        let whole = if page.html { linked(address, page, &known) } else { page.bytes.clone() };
        bytes += whole.len() as u64;
        written(&args.out.join(&page.file), &whole)?;
    }
    let (count, out, size) = (pages.len(), args.out.display(), super::size(bytes, screen.lang));
    say(
        screen,
        &format!(
            "Đã ghi {count} trang và tệp ({size}) vào {out}, tiếng Việt ở gốc, tiếng Anh ở en/. Chép thư mục lên máy chủ web nào cũng được."
        ),
        &format!(
            "Wrote {count} pages and files ({size}) to {out}: Vietnamese at the root, English in en/. Any web server will do."
        ),
    )
}

/// Every page that links lead to from the first one, in both languages.
async fn visited(router: &Router) -> Outcome<BTreeMap<Address, Page>> {
    let mut pages = BTreeMap::new();
    let mut waiting = VecDeque::from([Address::new("vi", "/"), Address::new("en", "/")]);
    let mut seen: std::collections::BTreeSet<Address> = waiting.iter().cloned().collect();
    while let Some(address) = waiting.pop_front() {
        let Some(page) = asked(router, &address).await? else { continue };
        if page.html {
            rewritten(&String::from_utf8_lossy(&page.bytes), |href| {
                if let Some(to) = address.led(href).filter(|to| !is_live(&to.path))
                    && seen.insert(to.clone())
                {
                    waiting.push_back(to);
                }
                Becomes::Same
            });
        }
        pages.insert(address, page);
    }
    Ok(pages)
}

fn is_live(path: &str) -> bool {
    path.contains('?') || LIVE.contains(&path) || path.ends_with("/search")
}

/// One page as an anonymous visitor gets it; nothing where there is none for them.
async fn asked(router: &Router, address: &Address) -> Outcome<Option<Page>> {
    let wrong = |why: String| {
        Fault::System(Text::new(
            format!("không lập được trang {}: {why}", address.path),
            format!("the page {} cannot be made: {why}", address.path),
        ))
    };
    let request = Request::builder()
        .uri(&address.path)
        .header(header::HOST, "localhost")
        .header(header::COOKIE, format!("giaouoc_lang={}", address.lang))
        .body(Body::empty())
        .map_err(|error| wrong(error.to_string()))?;
    let response = router.clone().oneshot(request).await.map_err(|error| wrong(error.to_string()))?;
    let (parts, body) = response.into_parts();
    if parts.status.is_server_error() {
        return Err(wrong(parts.status.to_string()));
    }
    if parts.status != StatusCode::OK {
        return Ok(None);
    }
    let kind =
        parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let html = kind.starts_with("text/html");
    let bytes = to_bytes(body, MOST).await.map_err(|error| wrong(error.to_string()))?.to_vec();
    let file = address.file(html);
    let plain = !html && !file.rsplit('/').next().unwrap_or_default().contains('.');
    let file = if plain { file + ending(kind) } else { file };
    Ok(Some(Page { file, html, bytes }))
}

/// How a file is to end whose address does not: a web server tells by that what it is.
fn ending(kind: &str) -> &'static str {
    match kind {
        "application/pdf" => ".pdf",
        "image/png" => ".png",
        "image/jpeg" => ".jpg",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => ".docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => ".xlsx",
        "application/vnd.oasis.opendocument.text" => ".odt",
        "application/vnd.oasis.opendocument.spreadsheet" => ".ods",
        _ => "",
    }
}

/// A page with its links led to files.
fn linked(address: &Address, page: &Page, known: &BTreeMap<Address, String>) -> Vec<u8> {
    let text = String::from_utf8_lossy(&page.bytes);
    let led = rewritten(&text, |href| {
        let Some(to) = address.led(href) else { return Becomes::Same };
        match known.get(&to) {
            Some(file) => {
                let place = href.split_once('#').map_or(String::new(), |(_, place)| format!("#{place}"));
                Becomes::To(way(&page.file, file) + &place)
            }
            None if is_live(&to.path) => Becomes::Nothing,
            None => Becomes::Text,
        }
    });
    led.into_bytes()
}

fn written(path: &Path, bytes: &[u8]) -> Outcome {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|error| Fault::io(parent, &error))?;
    }
    fs::write(path, bytes).map_err(|error| Fault::io(path, &error))
}
