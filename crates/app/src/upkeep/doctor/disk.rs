//! The folder and the disk below it.

use std::fs;

use super::findings::Findings;
use crate::upkeep::home::Home;
use crate::upkeep::size;
use giaouoc_agreement::text::Lang;

/// Of the disk, in thousandths: with less free there will soon be trouble, with less than the second there is.
const LITTLE: (u64, u64) = (100, 20);
/// In bytes; a large disk with so much free is not full.
const ENOUGH: (u64, u64) = (10 << 30, 1 << 30);

/// Whether the folder can be written to, belongs to one user, and has room.
pub fn folder(home: &Home, found: &mut Findings) {
    let path = home.folder.path();
    let shown = path.display();
    match tempfile::Builder::new().prefix(".doctor-").tempfile_in(path) {
        Ok(file) => {
            found.fine("thư mục ghi được", "the folder can be written to");
            owners(home, &file, found);
        }
        Err(error) => found.wrong(
            format!("không ghi được vào {shown}: {error}"),
            format!("{shown} cannot be written to: {error}"),
            "xem quyền của thư mục (chown cho tài khoản chạy hệ thống) và ổ đĩa có bị chuyển sang chỉ đọc không (dmesg, mount)",
            "see who owns the folder (chown it to the service's user) and whether the disk went read-only (dmesg, mount)",
        ),
    }
    for left in [".backup", ".restore"] {
        if path.join(left).exists() {
            found.note(
                format!("{left}: một lần sao lưu hay khôi phục bị ngắt đã để lại, hoặc đang chạy"),
                format!("{left}: left by a backup or restore that was stopped, or under way"),
                "nếu không có lệnh nào đang chạy: xoá đi",
                "if none is under way: remove it",
            );
        }
    }
    room(home, found);
}

/// Whoever runs this may write; the service may be somebody else.
#[cfg(unix)]
fn owners(home: &Home, mine: &tempfile::NamedTempFile, found: &mut Findings) {
    use std::os::unix::fs::MetadataExt as _;
    let owner = |path: &std::path::Path| fs::metadata(path).ok().map(|meta| meta.uid());
    let Some(folder) = owner(home.folder.path()) else { return };
    let inside = [home.folder.database(), home.folder.files(), home.folder.clusters()];
    for path in inside.iter().filter(|path| owner(path).is_some_and(|uid| uid != folder)) {
        let path = path.display();
        found.wrong(
            format!("{path} thuộc tài khoản khác với thư mục của hệ thống"),
            format!("{path} belongs to another user than the service's folder"),
            format!("chown -R cả {} cho một tài khoản", home.folder.path().display()),
            format!("chown -R all of {} to one user", home.folder.path().display()),
        );
    }
    if owner(mine.path()).is_some_and(|uid| uid != folder) {
        found.note(
            "bạn không phải tài khoản mà hệ thống chạy; nó có thể không ghi được chỗ bạn ghi được",
            "you are not the user that the service runs as: it may not be able to write where you can",
            "chạy lại bằng tài khoản đó: runuser -u giaouoc -- giaouoc doctor …",
            "run this as that user: runuser -u giaouoc -- giaouoc doctor …",
        );
    }
}

#[cfg(not(unix))]
fn owners(_: &Home, _: &tempfile::NamedTempFile, _: &mut Findings) {}

/// How full the disk is.
#[cfg(unix)]
fn room(home: &Home, found: &mut Findings) {
    let Ok(stat) = rustix::fs::statvfs(home.folder.path()) else { return };
    let (free, all) = (stat.f_bavail * stat.f_frsize, stat.f_blocks * stat.f_frsize);
    let thousandths = (free / 1_000).saturating_mul(1_000_000).checked_div(all).unwrap_or_default();
    let below = |limit: u64, enough: u64| thousandths < limit && free < enough;
    let said = |lang| (size(free, lang), size(all, lang));
    let ((free_vi, all_vi), (free_en, all_en)) = (said(Lang::Vi), said(Lang::En));
    let (vi, en) = (
        format!("ổ đĩa còn trống {free_vi} trên {all_vi}"),
        format!("the disk has {free_en} of {all_en} free"),
    );
    let (do_vi, do_en) = (
        "dọn hoặc thêm chỗ; khi đầy, hệ thống từ chối nhận tệp mới nhưng không mất gì",
        "free some or add some; when it is full the service takes no more files, and loses nothing",
    );
    if below(LITTLE.1, ENOUGH.1) {
        found.wrong(vi, en, do_vi, do_en);
    } else if below(LITTLE.0, ENOUGH.0) {
        found.note(vi, en, do_vi, do_en);
    } else {
        found.fine(vi, en);
    }
}

#[cfg(not(unix))]
fn room(_: &Home, _: &mut Findings) {}
