//! `giaouoc restore`: an installation from its backup, in a new folder. What was verified when the backup was made is
//! verified again: every sum, and every journal row by row.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use giaouoc_agreement::text::Text;
use giaouoc_store::{Age, Store, upkeep};

use super::archive::{Backup, Manifest};
use super::backup::{DUMP, only_mine};
use super::home::runtime;
use super::{look, postgres, say};
use crate::cli;
use crate::fault::{Fault, Outcome};
use crate::interrupt::UnderWay;
use crate::progress::Progress;
use crate::screen::Screen;
use crate::serve::config::Config;
use crate::serve::{now, store_fault};

/// Where it is unpacked within the folder until all of it holds.
const PART: &str = ".restore";

/// Runs the command.
pub fn run(args: &cli::Restore, screen: &Screen) -> Outcome {
    let file = fs::File::open(&args.from).map_err(|error| Fault::io(&args.from, &error))?;
    let mut backup = Backup::open(file, &args.from)?;
    let made = empty(&args.folder)?;
    let part = args.folder.join(PART);
    let under_way = UnderWay::new(&part);
    let done = unpacked(&mut backup, &part)
        .and_then(|()| look_through(&backup.manifest, &part, screen))
        .and_then(|damage| database(args, &backup.manifest, &part).map(|()| damage))
        .and_then(|damage| named(&part, &args.folder).map(|()| damage));
    drop(under_way);
    let damage = match done {
        Ok(damage) => damage,
        Err(fault) => {
            // Nothing of what does not hold stays.
            let _ = fs::remove_dir_all(&part);
            if made {
                let _ = fs::remove_dir(&args.folder);
            }
            return Err(fault);
        }
    };
    for text in &damage {
        say(screen, &format!("✗ {}", text.vi), &format!("✗ {}", text.en))?;
    }
    let manifest = &backup.manifest;
    let entries: u64 = manifest.clusters.iter().map(|head| head.entries).sum();
    let (count, number) = (manifest.files.len(), manifest.clusters.len());
    let when = manifest.made_at.parse().map_or_else(|_| manifest.made_at.clone(), super::instant);
    let folder = args.folder.display();
    say(
        screen,
        &format!(
            "Đã khôi phục {number} cụm, {entries} mục sổ, {count} tệp vào {folder}, như lúc {when}; mọi tệp khớp với bản kê và mọi sổ đã được tính lại. Ai cũng phải đăng nhập lại, và liên kết mời chưa dùng phải gửi lại."
        ),
        &format!(
            "Restored {number} clusters, {entries} entries of journals and {count} files to {folder}, as of {when}; every file agrees with the manifest and every journal was computed again. Everybody logs in again, and invitations not yet used must be sent again."
        ),
    )?;
    say(
        screen,
        &format!(
            "Tiếp theo: giao thư mục cho tài khoản chạy hệ thống (chown -R), rồi giaouoc serve {folder}"
        ),
        &format!(
            "Next: give the folder to the user that runs the service (chown -R), then giaouoc serve {folder}"
        ),
    )?;
    if manifest.database == "postgres" && args.database.is_some() {
        say(
            screen,
            "Trước đó: ghi cơ sở dữ liệu mới vào khoá database của giaouoc.toml.",
            "Before that: write the new database into the key “database” of giaouoc.toml.",
        )?;
    }
    if damage.is_empty() { Ok(()) } else { Err(Fault::No) }
}

/// The folder must be there for this alone. Says whether it was made.
fn empty(folder: &Path) -> Outcome<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(false),
            Some(_) => Err(Fault::input(
                format!("{} không trống; hãy khôi phục vào một thư mục mới", folder.display()),
                format!("{} is not empty; restore into a new folder", folder.display()),
            )),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder).map_err(|error| Fault::io(folder, &error))?;
            only_mine(folder)?;
            Ok(true)
        }
        Err(error) => Err(Fault::io(folder, &error)),
    }
}

/// A file that is on the disk when it is dropped whole.
struct Durable(BufWriter<fs::File>);

impl Write for Durable {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()?;
        self.0.get_ref().sync_data()
    }
}

fn unpacked(backup: &mut Backup, part: &Path) -> Outcome {
    fs::create_dir(part).map_err(|error| Fault::io(part, &error))?;
    backup.each(|path| {
        let target = part.join(path);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(|error| Fault::io(parent, &error))?;
        }
        let file = fs::File::create_new(&target).map_err(|error| Fault::io(&target, &error))?;
        only_mine(&target)?;
        Ok(Box::new(Durable(BufWriter::new(file))))
    })
}

/// The journals are those that were backed up, and hold. What was damaged then is damaged now: it is said.
fn look_through(manifest: &Manifest, part: &Path, screen: &Screen) -> Outcome<Vec<Text>> {
    let progress = Progress::new(screen);
    let mut damage = Vec::new();
    for head in &manifest.clusters {
        let bundle = part.join("clusters").join(&head.name);
        if look::head(&bundle, &head.name)? != *head {
            let name = &head.name;
            return Err(Fault::input(
                format!("sổ của cụm {name} không phải sổ đã sao lưu"),
                format!("the journal of cluster {name} is not the one that was backed up"),
            ));
        }
        damage.extend(look::journal(&bundle, &progress)?.damage);
    }
    Ok(damage)
}

/// The database: a file of the backup, or brought back into PostgreSQL. Log-ins and links of then do not come back to life.
fn database(args: &cli::Restore, manifest: &Manifest, part: &Path) -> Outcome {
    let runtime = runtime()?;
    let looked = |url: &str| runtime.block_on(Store::look(url)).map_err(|error| store_fault(&error));
    let url = if manifest.database == "postgres" {
        let configured = Config::read(part)?.database;
        let url = args.database.clone().or(configured).ok_or_else(|| {
            Fault::input(
                "bản sao lưu có cơ sở dữ liệu PostgreSQL; hãy nêu một cơ sở dữ liệu trống bằng --database",
                "the backup has a PostgreSQL database; name an empty one with --database",
            )
        })?;
        let (store, age) = looked(&url)?;
        let closed = runtime.block_on(store.close());
        closed.map_err(|error| store_fault(&error))?;
        if age != Age::Empty {
            return Err(Fault::input(
                "cơ sở dữ liệu PostgreSQL đó không trống; hãy tạo một cơ sở dữ liệu mới và nêu bằng --database",
                "that PostgreSQL database is not empty; make a new one and name it with --database",
            ));
        }
        let dump = part.join(DUMP);
        postgres::restore(&url, &dump)?;
        fs::remove_file(&dump).map_err(|error| Fault::io(&dump, &error))?;
        url
    } else {
        giaouoc_store::file_url(&part.join("giaouoc.sqlite"))
    };
    let (store, age) = looked(&url)?;
    if let Age::Newer(step) = age {
        return Err(store_fault(&giaouoc_store::StoreError::Newer(step)));
    }
    let ended = runtime.block_on(async {
        let write = store.write().await?;
        upkeep::end_all(write.on(), now()).await?;
        write.commit().await?;
        store.close().await
    });
    ended.map_err(|error| store_fault(&error))
}

/// Everything gets its place, the configuration and the database last.
fn named(part: &Path, folder: &Path) -> Outcome {
    let mut names = Vec::new();
    for entry in fs::read_dir(part).map_err(|error| Fault::io(part, &error))? {
        names.push(entry.map_err(|error| Fault::io(part, &error))?.file_name());
    }
    names.sort_by_key(|name| part.join(name).is_file());
    for name in names {
        fs::rename(part.join(&name), folder.join(&name))
            .map_err(|error| Fault::io(&folder.join(&name), &error))?;
    }
    fs::remove_dir(part).map_err(|error| Fault::io(part, &error))
}
