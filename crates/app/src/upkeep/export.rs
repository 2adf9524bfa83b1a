//! `giaouoc export`: a cluster of the service as a bundle, with its journal and its yearbook: everything that `serve --with`
//! takes in again.

use std::fs;

use giaouoc_agreement::text::Text;
use giaouoc_store::{Age, clusters};
use giaouoc_web::files::Files;

use super::backup::only_mine;
use super::home::{Home, runtime};
use super::stage::{Stage, hold};
use super::{archive, look, say};
use crate::cli;
use crate::fault::{Fault, Outcome};
use crate::interrupt::Temporary;
use crate::screen::Screen;
use crate::serve::store_fault;
use crate::yearbook::take;

/// Runs the command.
pub fn run(args: &cli::Export, screen: &Screen) -> Outcome {
    let home = Home::open(&args.folder)?;
    let name = chosen(args, &home)?;
    let to = &args.to;
    if to.exists() {
        return Err(Fault::input(
            format!("{} đã có; hãy chọn tên khác", to.display()),
            format!("{} exists already; choose another name", to.display()),
        ));
    }
    let stage = Stage::new(home.folder.path())?;
    let still = hold(&home.folder.cluster(&name))?;
    stage.bundle(&home.folder.cluster(&name), &name)?;
    drop(still);
    let bundle = stage.dir().join(&name);
    let head = look::head(&bundle, &name)?;
    let runtime = runtime()?;
    let (store, age) = home.store(&runtime)?;
    if age != Age::Current {
        return Err(Fault::input(
            "cơ sở dữ liệu cũ hơn chương trình: hãy khởi động hệ thống một lần để nó tự nâng lên",
            "the database is older than the program: start the service once, it brings itself up to date",
        ));
    }
    let cluster =
        runtime.block_on(clusters::get(store.read(), &name)).map_err(|error| store_fault(&error))?;
    let matters = match &cluster {
        Some(cluster) => {
            runtime.block_on(take::into(&store, &Files::new(home.folder.files()), cluster, &bundle))?
        }
        None => 0,
    };
    runtime.block_on(store.close()).map_err(|error| store_fault(&error))?;
    // A matter may be about a person.
    let personal = matters > 0 || bundle.join("journal/personal").is_dir();
    let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(std::path::Path::new("."));
    if to.extension().is_some_and(|end| end == "zip") {
        let file = Temporary::new(parent)?;
        if personal {
            only_mine(file.path())?;
        }
        let (zip, _) = archive::pack(stage.dir(), to, file.reopen()?)?;
        archive::finish(zip, to)?;
        file.persist(to)?;
    } else {
        let part = tempfile::Builder::new().prefix(".export-").tempdir_in(parent);
        let part = part.map_err(|error| Fault::io(parent, &error))?;
        let whole = part.path().join("bundle");
        crate::serve::copy(&bundle, &whole)?;
        fs::rename(&whole, to).map_err(|error| Fault::io(to, &error))?;
    }
    let (to, entries) = (to.display(), head.entries);
    say(
        screen,
        &format!(
            "Đã xuất cụm {name} ({entries} mục sổ, {matters} việc) vào {to}. Đưa vào hệ thống khác bằng giaouoc serve THƯ_MỤC --with {to}"
        ),
        &format!(
            "Wrote cluster {name} ({entries} entries, {matters} matters) to {to}. Bring it into another service with giaouoc serve FOLDER --with {to}"
        ),
    )?;
    if personal {
        say(
            screen,
            "Gói này có thể chứa dữ liệu cá nhân (journal/personal, year/): đừng công khai.",
            "The bundle may hold personal data (journal/personal, year/): do not publish it.",
        )?;
    }
    Ok(())
}

/// The cluster that was named, or the only one.
fn chosen(args: &cli::Export, home: &Home) -> Outcome<String> {
    let names = home.clusters()?;
    let all = names.join(", ");
    match (&args.cluster, names.as_slice()) {
        (Some(name), _) if names.contains(name) => Ok(name.clone()),
        (Some(name), _) => Err(Fault::Input(Text::new(
            format!("không có cụm “{name}”; các cụm: {all}"),
            format!("there is no cluster “{name}”; the clusters: {all}"),
        ))),
        (None, [only]) => Ok(only.clone()),
        (None, []) => Err(Fault::input("hệ thống chưa có cụm nào", "the service has no cluster yet")),
        (None, _) => Err(Fault::Input(Text::new(
            format!("hãy nêu một cụm bằng --cluster; các cụm: {all}"),
            format!("name a cluster with --cluster; the clusters: {all}"),
        ))),
    }
}
