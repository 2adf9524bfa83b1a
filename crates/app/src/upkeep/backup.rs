//! `giaouoc backup`: the whole installation as one file, while it runs.
//!
//! The order makes it whole: journals are held still; files are given second names; the database is copied; files that came in
//! between are named too; then everybody goes on. So the journals know everything that the database speaks of, and every file
//! it speaks of is there. What was under way is in the copy as after a power cut: the restored service finishes it.

use std::fs;
use std::path::Path;

use giaouoc_agreement::text::Text;
use giaouoc_store::Age;
use jiff::Timestamp;

use super::archive::{self, Backup, FORMAT, Manifest};
use super::home::{Home, runtime};
use super::stage::{Stage, hold};
use super::{look, postgres, say, size};
use crate::cli;
use crate::fault::{Fault, Outcome};
use crate::interrupt::Temporary;
use crate::progress::Progress;
use crate::screen::Screen;
use crate::serve::store_fault;

/// Where it stands when the last backup was made.
pub const LAST: &str = "last-backup";
/// The copy of a PostgreSQL database within the backup.
pub const DUMP: &str = "database.dump";

/// Runs the command.
pub fn run(args: &cli::Backup, screen: &Screen) -> Outcome {
    let home = Home::open(&args.folder)?;
    if args.to.exists() {
        return Err(Fault::input(
            format!("{} đã có; hãy chọn tên khác", args.to.display()),
            format!("{} exists already; choose another name", args.to.display()),
        ));
    }
    let parent = args.to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = Temporary::new(parent)?;
    only_mine(file.path())?;
    let stage = Stage::new(home.folder.path())?;
    let database = staged(&home, &stage)?;
    let clusters = home_clusters(&stage)?;
    let (zip, files) = archive::pack(stage.dir(), &args.to, file.reopen()?)?;
    let manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: Timestamp::now().to_string(),
        database: database.to_owned(),
        clusters: clusters
            .iter()
            .map(|name| look::head(&stage.dir().join("clusters").join(name), name))
            .collect::<Outcome<_>>()?,
        files,
    };
    archive::seal(zip, &manifest, &args.to)?;
    // What was written is read again before anybody relies on it.
    let mut written = Backup::open(file.reopen()?, &args.to)?;
    written.each(|_| Ok(Box::new(std::io::sink())))?;
    let progress = Progress::new(screen);
    let mut damage: Vec<Text> = Vec::new();
    for name in &clusters {
        let looked = look::journal(&stage.dir().join("clusters").join(name), &progress)?;
        damage.extend(
            looked
                .damage
                .into_iter()
                .map(|text| Text::new(format!("{name}: {}", text.vi), format!("{name}: {}", text.en))),
        );
    }
    drop(stage);
    let packed = fs::metadata(file.path()).map_err(|error| Fault::io(&args.to, &error))?.len();
    file.persist(&args.to)?;
    // The folder may be somebody else's to write to: then only `doctor` knows less.
    let _ = fs::write(home.folder.path().join(LAST), format!("{}\n", manifest.made_at));
    for text in &damage {
        say(screen, &format!("✗ {}", text.vi), &format!("✗ {}", text.en))?;
    }
    let entries: u64 = manifest.clusters.iter().map(|head| head.entries).sum();
    let (count, number) = (manifest.files.len(), manifest.clusters.len());
    let (to, packed) = (args.to.display(), size(packed, screen.lang));
    say(
        screen,
        &format!(
            "Đã sao lưu {number} cụm, {entries} mục sổ, {count} tệp vào {to} ({packed}); đã đọc lại và đối chiếu từng tệp. Bản sao chứa dữ liệu cá nhân: hãy cất như chính hệ thống."
        ),
        &format!(
            "Backed up {number} clusters, {entries} entries of journals and {count} files to {to} ({packed}); every file was read again and agrees. It holds personal data: keep it as you keep the service."
        ),
    )?;
    if damage.is_empty() {
        return Ok(());
    }
    say(
        screen,
        "Sổ thay đổi đã hỏng từ trước khi sao lưu, như nêu ở trên. Đừng xoá những bản sao lưu cũ hơn.",
        "A journal was damaged before this backup, as said above. Keep the older backups.",
    )?;
    Err(Fault::No)
}

/// Stages everything in one moment; says which database it was.
fn staged(home: &Home, stage: &Stage) -> Outcome<&'static str> {
    let runtime = runtime()?;
    let (store, age) = home.store(&runtime)?;
    if age == Age::Empty {
        return Err(Fault::input(
            "hệ thống chưa chạy lần nào; chưa có gì để sao lưu",
            "the service has never been started; there is nothing to back up",
        ));
    }
    let names = home.clusters()?;
    let still = names.iter().map(|name| hold(&home.folder.cluster(name))).collect::<Outcome<Vec<_>>>()?;
    stage.files(&home.folder.files())?;
    let copy = stage.dir().join("giaouoc.sqlite");
    let copied = runtime.block_on(store.copy_to(&copy)).map_err(|error| store_fault(&error))?;
    if !copied {
        postgres::dump(&home.database(), &stage.dir().join(DUMP))?;
    }
    stage.files(&home.folder.files())?;
    for name in &names {
        stage.bundle(&home.folder.cluster(name), &format!("clusters/{name}"))?;
    }
    stage.rest(home.folder.path())?;
    drop(still);
    runtime.block_on(store.close()).map_err(|error| store_fault(&error))?;
    Ok(if copied { "sqlite" } else { "postgres" })
}

/// The clusters that were staged.
fn home_clusters(stage: &Stage) -> Outcome<Vec<String>> {
    let folder = stage.dir().join("clusters");
    let Ok(entries) = fs::read_dir(&folder) else { return Ok(Vec::new()) };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Fault::io(&folder, &error))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// What holds personal data is its owner's alone.
pub fn only_mine(path: &Path) -> Outcome {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = if path.is_dir() { 0o700 } else { 0o600 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode))
            .map_err(|error| Fault::io(path, &error))?;
    }
    Ok(())
}
