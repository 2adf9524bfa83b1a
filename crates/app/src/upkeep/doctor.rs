//! `giaouoc doctor`: what is wrong with an installation and what to do, each in one sentence.

mod disk;
mod findings;
mod search;
mod unspoken;
mod work;

use giaouoc_store::upkeep::{self, By};
use giaouoc_store::{Age, Store};
use giaouoc_web::files::Files;
use jiff::Timestamp;
use tokio::runtime::Runtime;

use self::findings::Findings;
use super::home::{Home, known, runtime};
use super::{archive, look};
use crate::cli;
use crate::fault::{Fault, Outcome};
use crate::progress::Progress;
use crate::screen::Screen;
use crate::serve::config::Config;
use crate::serve::{Folder, now, store_fault};

/// Runs the command: ends with 1 when something is wrong, with 0 when there is at most something to know.
pub fn run(args: &cli::Doctor, screen: &Screen) -> Outcome {
    known(&args.folder)?;
    let mut found = Findings::default();
    let config = match Config::read(&args.folder) {
        Ok(config) => {
            found.fine("cấu hình đọc được", "the configuration is read");
            config
        }
        Err(fault) => {
            let text = crate::serve::work::said(&fault);
            found.wrong(text.vi, text.en, "sửa giaouoc.toml", "mend giaouoc.toml");
            Config::default()
        }
    };
    let home = Home { folder: Folder::new(&args.folder), config };
    disk::folder(&home, &mut found);
    search::index(&home.folder.search(), &mut found);
    addresses(&home.config, &mut found);
    let runtime = runtime()?;
    match runtime.block_on(Store::look(&home.database())) {
        Ok((store, age)) => {
            let looked = database(&home, &runtime, &store, &age, args, screen, &mut found);
            // What SQLite keeps beside its file while it is open goes.
            runtime.block_on(store.close()).map_err(|error| store_fault(&error))?;
            looked?;
        }
        Err(error) => {
            let (vi, en) = match store_fault(&error) {
                Fault::Input(text) | Fault::System(text) => (text.vi, text.en),
                _ => (error.to_string(), error.to_string()),
            };
            found.wrong(
                vi,
                en,
                "xem máy chủ cơ sở dữ liệu có chạy không, địa chỉ trong giaouoc.toml có đúng không, tệp giaouoc.sqlite có còn và đọc được không",
                "see whether the database server runs, whether the address in giaouoc.toml is right, and whether giaouoc.sqlite is there and may be read",
            );
        }
    }
    journals(&home, args.quick, screen, &mut found)?;
    backups(&home, &mut found);
    let wrong = found.print(screen)?;
    if wrong == 0 { Ok(()) } else { Err(Fault::No) }
}

/// What is said in the open on the way to the browser.
fn addresses(config: &Config, found: &mut Findings) {
    let local = |host: &str| ["localhost", "127.0.0.1", "[::1]"].contains(&host);
    let host = |authority: &str| authority.rsplit_once(':').map_or(authority, |(host, _)| host).to_owned();
    match &config.url {
        Some(url) if url.starts_with("http://") && !local(&host(url.trim_start_matches("http://"))) => found.wrong(
            format!("url = {url}: không mã hoá, nên mật khẩu đi qua mạng ai cũng đọc được"),
            format!("url = {url} is not encrypted: passwords travel in the open"),
            "đặt một proxy TLS phía trước và ghi url = \"https://…\" (docs/admin.md)",
            "put a TLS proxy in front and write url = \"https://…\" (docs/admin.md)",
        ),
        None if !local(&host(&config.listen)) => found.wrong(
            format!("nghe ở {} cho mọi máy mà không có url: liên kết mời sẽ sai và cookie không chỉ dành cho kết nối mã hoá", config.listen),
            format!("it listens at {} for everybody and has no url: links in invitations will be wrong, and cookies are not for encrypted connections only", config.listen),
            "ghi url = \"https://…\" vào giaouoc.toml và cho proxy TLS chuyển đến 127.0.0.1",
            "write url = \"https://…\" into giaouoc.toml and let a TLS proxy pass requests to 127.0.0.1",
        ),
        _ => {}
    }
    if let Some(metrics) = config.metrics.as_ref().filter(|listen| !local(&host(listen))) {
        found.note(
            format!("metrics = {metrics}: ai trong mạng cũng đọc được số đo của hệ thống"),
            format!("metrics = {metrics}: everybody in the network reads the service's measurements"),
            "nghe ở 127.0.0.1, hoặc chặn cổng đó ở tường lửa",
            "listen at 127.0.0.1, or close that port in the firewall",
        );
    }
}

fn database(
    home: &Home,
    runtime: &Runtime,
    store: &Store,
    age: &Age,
    args: &cli::Doctor,
    screen: &Screen,
    found: &mut Findings,
) -> Outcome {
    match age {
        Age::Newer(step) => {
            found.wrong(
                format!("cơ sở dữ liệu do bản mới hơn của chương trình tạo ({step})"),
                format!("the database was made by a newer version of the program ({step})"),
                "cài bản đó; bản này không được mở nó",
                "install that version; this one must not open it",
            );
            return Ok(());
        }
        Age::Empty => {
            found.note(
                "cơ sở dữ liệu còn trống",
                "the database is empty",
                "chạy giaouoc serve lần đầu",
                "start giaouoc serve for the first time",
            );
            return Ok(());
        }
        Age::Older(steps) => found.note(
            format!("cơ sở dữ liệu cũ hơn chương trình {steps} bước"),
            format!("the database is {steps} steps older than the program"),
            "sao lưu, rồi khởi động lại hệ thống: nó tự nâng lên",
            "make a backup, then start the service again: it brings itself up to date",
        ),
        Age::Current => {
            found.fine("cơ sở dữ liệu trả lời và đúng phiên bản", "the database answers and is up to date")
        }
    }
    let fault = |error| store_fault(&error);
    work::jobs(runtime, store, found)?;
    if let Some(newest) = runtime.block_on(upkeep::newest(store.read())).map_err(fault)? {
        clock(newest, found);
    }
    clusters(home, runtime, store, found)?;
    files(home, runtime, store, args.quick, screen, found)?;
    unspoken::files(home, runtime, store, found)
}

/// A clock that is before what was written already.
fn clock(newest: i64, found: &mut Findings) {
    /// Clocks of two machines differ by so much, in microseconds.
    const SLACK: i64 = 60 * 1_000_000;
    if now() + SLACK >= newest {
        return found.fine("đồng hồ không chạy lùi", "the clock has not gone backwards");
    }
    let at = Timestamp::from_microsecond(newest).map_or_else(|_| newest.to_string(), super::instant);
    found.wrong(
        format!("đồng hồ máy ({}) chậm hơn mục mới nhất ({at})", super::instant(Timestamp::now())),
        format!(
            "the machine's clock ({}) is before the newest entry ({at})",
            super::instant(Timestamp::now())
        ),
        "chỉnh giờ (timedatectl set-ntp true) rồi khởi động lại hệ thống",
        "set the clock (timedatectl set-ntp true), then start the service again",
    );
}

/// Each cluster of the database has its bundle, and its journal knows what the database speaks of.
fn clusters(home: &Home, runtime: &Runtime, store: &Store, found: &mut Findings) -> Outcome {
    let fault = |error| store_fault(&error);
    let there = home.clusters()?;
    let known = runtime.block_on(giaouoc_store::clusters::all(store.read())).map_err(fault)?;
    for cluster in known.iter().filter(|cluster| !there.contains(&cluster.slug)) {
        found.wrong(
            format!(
                "cụm {} có trong cơ sở dữ liệu mà không có thư mục clusters/{}",
                cluster.slug, cluster.slug
            ),
            format!(
                "cluster {} is in the database, and there is no folder clusters/{}",
                cluster.slug, cluster.slug
            ),
            "khôi phục bản sao lưu",
            "restore a backup",
        );
    }
    for name in there.iter().filter(|name| known.iter().all(|cluster| cluster.slug != **name)) {
        found.note(
            format!("clusters/{name} không phải cụm nào của cơ sở dữ liệu"),
            format!("clusters/{name} is no cluster of the database"),
            format!("đưa vào bằng giaouoc serve … --with clusters/{name}, hoặc chuyển đi nơi khác"),
            format!("bring it in with giaouoc serve … --with clusters/{name}, or move it away"),
        );
    }
    for (name, head) in runtime.block_on(upkeep::heads(store.read())).map_err(fault)? {
        let entries = look::head(&home.folder.cluster(&name), &name)?.entries;
        if i64::try_from(entries).unwrap_or(i64::MAX) < head {
            found.wrong(
                format!("cụm {name}: sổ có {entries} mục mà cơ sở dữ liệu đã biết {head}: hai phần từ hai thời điểm khác nhau"),
                format!("cluster {name}: the journal has {entries} entries and the database knew {head}: the two are of different times"),
                "khôi phục cả hai từ cùng một bản sao lưu",
                "restore both from one backup",
            );
        }
    }
    Ok(())
}

/// The files that the database speaks of are there, and are what their names say.
fn files(
    home: &Home,
    runtime: &Runtime,
    store: &Store,
    quick: bool,
    screen: &Screen,
    found: &mut Findings,
) -> Outcome {
    let spoken = runtime.block_on(upkeep::files(store.read())).map_err(|error| store_fault(&error))?;
    let kept = Files::new(home.folder.files());
    let progress = Progress::new(screen);
    let (mut missing, mut changed, mut last) = (Vec::new(), Vec::new(), String::new());
    for (at, file) in spoken.iter().enumerate() {
        if file.sha256 == last {
            continue;
        }
        last.clone_from(&file.sha256);
        progress.bytes(at as u64, spoken.len() as u64);
        let name = match file.by {
            By::Upload => (format!("tệp gửi số {}", file.id), format!("upload {}", file.id)),
            By::Board => (format!("bảng số {}", file.id), format!("board {}", file.id)),
            By::Evidence => (format!("tệp minh chứng số {}", file.id), format!("evidence {}", file.id)),
            By::Recount => (format!("lần tính lại số {}", file.id), format!("recount {}", file.id)),
        };
        match kept.path(&file.sha256).filter(|path| path.exists()) {
            None => missing.push(name),
            Some(_) if quick => {}
            Some(path) => match archive::digest(&path) {
                Ok((_, sha256)) if sha256 == file.sha256 => {}
                _ => changed.push(name),
            },
        }
    }
    progress.clear();
    for (names, vi, en) in [
        (missing, "thiếu tệp trong files/", "files are missing in files/"),
        (
            changed,
            "tệp trong files/ đã khác với mã băm của nó",
            "files in files/ are no longer what their digests say",
        ),
    ] {
        if names.is_empty() {
            continue;
        }
        let shown = |get: fn(&(String, String)) -> &String| {
            let some: Vec<&str> = names.iter().take(5).map(|name| get(name).as_str()).collect();
            let more = if names.len() > 5 { ", …" } else { "" };
            format!("{}{more}", some.join(", "))
        };
        let (vi, en) = (
            format!("{} {vi}: {}", names.len(), shown(|name| &name.0)),
            format!("{} {en}: {}", names.len(), shown(|name| &name.1)),
        );
        found.wrong(
            vi,
            en,
            "lấy lại từ bản sao lưu: giaouoc restore vào thư mục khác, rồi chép files/ sang",
            "bring them back from a backup: giaouoc restore into another folder, then copy files/ over",
        );
    }
    if spoken.is_empty() {
        return Ok(());
    }
    let count = spoken.len();
    found.fine(
        format!("đã xem {count} tệp được nhắc đến"),
        format!("looked at {count} files that are spoken of"),
    );
    Ok(())
}

/// What `fsck` says of every journal.
fn journals(home: &Home, quick: bool, screen: &Screen, found: &mut Findings) -> Outcome {
    if quick {
        found.note(
            "chưa đọc hết sổ và tệp (--quick)",
            "journals and files were not read through (--quick)",
            "chạy không có --quick vào lúc vắng",
            "run without --quick when few people are working",
        );
        return Ok(());
    }
    let progress = Progress::new(screen);
    for name in home.clusters()? {
        let looked = match look::journal(&home.folder.cluster(&name), &progress) {
            Ok(looked) => looked,
            Err(fault) => {
                let text = crate::serve::work::said(&fault);
                found.wrong(
                    format!("sổ của cụm {name}: {}", text.vi),
                    format!("journal of cluster {name}: {}", text.en),
                    "khôi phục bản sao lưu",
                    "restore a backup",
                );
                continue;
            }
        };
        for text in &looked.damage {
            found.wrong(
                format!("sổ của cụm {name}: {}", text.vi),
                format!("journal of cluster {name}: {}", text.en),
                "dừng hệ thống, giữ nguyên thư mục, khôi phục bản sao lưu gần nhất vào thư mục khác",
                "stop the service, keep the folder as it is, restore the last backup into another folder",
            );
        }
        for text in &looked.derived {
            let folder = home.folder.cluster(&name).join("journal");
            found.wrong(
                format!("sổ của cụm {name}: {}", text.vi),
                format!("journal of cluster {name}: {}", text.en),
                format!("xoá thư mục base và index trong {}; chúng sẽ được tạo lại", folder.display()),
                format!("delete the folders base and index in {}; they are made again", folder.display()),
            );
        }
        for text in &looked.notes {
            found.note(
                format!("sổ của cụm {name}: {}", text.vi),
                format!("journal of cluster {name}: {}", text.en),
                format!("giaouoc tidy {}", home.folder.cluster(&name).display()),
                format!("giaouoc tidy {}", home.folder.cluster(&name).display()),
            );
        }
        if looked.damage.is_empty() && looked.derived.is_empty() {
            found.fine(
                format!("sổ của cụm {name} nguyên vẹn"),
                format!("the journal of cluster {name} is whole"),
            );
        }
    }
    Ok(())
}

/// When the last backup was made.
fn backups(home: &Home, found: &mut Findings) {
    /// A backup is made every day; a day later it is late.
    const LATE: i64 = 2 * 24 * 3_600 * 1_000_000;
    let text = std::fs::read_to_string(home.folder.path().join(super::backup::LAST)).unwrap_or_default();
    let how = format!("giaouoc backup {} /…/giaouoc-$(date +%F).zip", home.folder.path().display());
    let (vi, en) = (format!("chạy {how} mỗi ngày"), format!("run {how} every day"));
    match text.trim().parse::<Timestamp>() {
        Err(_) => found.note("chưa có bản sao lưu nào", "no backup was ever made", vi, en),
        Ok(at) if now() - at.as_microsecond() > LATE => found.note(
            format!("bản sao lưu gần nhất từ {}", super::instant(at)),
            format!("the last backup is of {}", super::instant(at)),
            vi,
            en,
        ),
        Ok(at) => found.fine(
            format!("bản sao lưu gần nhất từ {}", super::instant(at)),
            format!("the last backup is of {}", super::instant(at)),
        ),
    }
}
