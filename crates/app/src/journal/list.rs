//! `giaouoc log`: the entries of a bundle's journal, newest last.

use giaouoc_agreement::text::Lang;
use giaouoc_journal::{Entry, Hash, Rows, What, hex};
use giaouoc_worktime::time::Instant;
use giaouoc_worktime::zone::Zone;
use jiff::Timestamp;

use crate::bundle;
use crate::cli::Log;
use crate::fault::{Fault, Outcome};
use crate::render::grid::paragraph;
use crate::score::print;
use crate::screen::Screen;

/// A time as people of a zone write it: `05/03/2020 16:00`.
pub fn shown(at: Timestamp, zone: &Zone) -> String {
    let at = Instant(at.as_microsecond());
    let seconds = zone.local_time_of_day(at);
    format!("{} {:02}:{:02}", zone.day_of(at).dmy(), seconds / 3600, seconds / 60 % 60)
}

/// Runs the command.
pub fn run(args: &Log, screen: &Screen) -> Outcome {
    let loaded = bundle::load(&args.bundle)?;
    let Some(held) = &loaded.journal else {
        return print(
            screen,
            &format!(
                "{}\n",
                screen.say(
                    "Gói này chưa có sổ thay đổi: chưa nạp tệp nào bằng giaouoc load.",
                    "This bundle has no journal yet: nothing was loaded with giaouoc load.",
                )
            ),
        );
    };
    let zone = loaded.calendars.default.zone();
    let mut out = String::new();
    for entry in held.journal.entries().iter() {
        if args.entry.is_some_and(|number| number != entry.number) {
            continue;
        }
        let head = format!("{:>4}  {}  ", entry.number, shown(entry.at, zone));
        out.push_str(&paragraph(&sentence(entry, screen.lang), &head, "      ", screen.width));
        let mut line = |text: String| out.push_str(&paragraph(&text, "      ", "      ", screen.width));
        if let Some(by) = &entry.by {
            line(format!("{}: {by}", screen.say("người ghi", "by")));
        }
        if let Some(reason) = &entry.reason {
            line(format!("{}: {reason}", screen.say("lý do", "reason")));
        }
        if args.entry.is_some() {
            for text in details(entry, screen.lang, zone) {
                line(text);
            }
        }
    }
    if let Some(number) = args.entry
        && held.journal.entries().get(number).is_none()
    {
        let error = giaouoc_journal::JournalError::NoEntry { entry: number, head: held.journal.head() };
        return Err(super::fault(&error));
    }
    print(screen, &out)
}

/// What an entry did, in one sentence.
pub fn sentence(entry: &Entry, lang: Lang) -> String {
    let vi = lang == Lang::Vi;
    let of = |namespace: &Option<String>| match (namespace, vi) {
        (None, _) => String::new(),
        (Some(code), true) => format!(" do {code} cung cấp"),
        (Some(code), false) => format!(" supplied by {code}"),
    };
    match &entry.what {
        What::Upload(upload) => {
            let (sums, from) = (&upload.sums, of(&upload.namespace));
            let (kind, name) = (&upload.kind, &upload.file.name);
            let gone = upload.rows.minus.saturating_sub(sums.changed);
            let parts = [
                (sums.new, "mới", "new"),
                (sums.changed, "thay đổi", "changed"),
                (sums.unchanged, "như cũ", "unchanged"),
                (sums.rejected, "bị từ chối", "rejected"),
                (gone, "bị rút", "withdrawn"),
            ];
            let parts = parts.iter().filter(|(count, ..)| *count > 0);
            let said: Vec<String> = parts
                .map(|(count, in_vi, in_en)| format!("{count} {}", if vi { in_vi } else { in_en }))
                .collect();
            let said = match said.is_empty() {
                true => if vi { "không có bản ghi" } else { "no records" }.to_owned(),
                false => said.join(", "),
            };
            if vi {
                format!("nạp {kind}, tệp {name}{from}: {said}")
            } else {
                format!("{kind} loaded from {name}{from}: {said}")
            }
        }
        What::Withdraw(withdraw) => {
            let (kind, count, from) = (&withdraw.kind, withdraw.rows.minus, of(&withdraw.namespace));
            if vi {
                format!("rút {count} bản ghi {kind}{from}")
            } else {
                format!("{count} {kind} records{from} withdrawn")
            }
        }
        What::Undo(undo) => {
            let (of, left, rows) = (undo.of, undo.left, &undo.rows);
            if vi {
                format!(
                    "huỷ mục {of}: bỏ {} bản ghi, khôi phục {}, để nguyên {left} đã đổi sau đó",
                    rows.minus, rows.plus
                )
            } else {
                format!(
                    "entry {of} undone: {} versions taken back, {} restored, {left} changed since and left",
                    rows.minus, rows.plus
                )
            }
        }
        What::Transfer(transfer) => {
            let name = |code: &Option<String>| {
                code.clone().unwrap_or_else(|| if vi { "cụm" } else { "the cluster" }.to_owned())
            };
            let (kind, from, to) = (&transfer.kind, name(&transfer.from), name(&transfer.to));
            if vi {
                format!("chuyển quyền cung cấp {kind} từ {from} sang {to}")
            } else {
                format!("supply of {kind} transferred from {from} to {to}")
            }
        }
        What::Text(text) => {
            let name = text_name(&text.path, lang);
            match (&text.sha256, vi) {
                (Some(_), true) => format!("ghi {name}"),
                (Some(_), false) => format!("{name} recorded"),
                (None, true) => format!("{name} không còn"),
                (None, false) => format!("{name} is gone"),
            }
        }
        What::Erase(erase) => {
            if vi {
                format!("xoá {} giá trị cá nhân của {}", erase.count, erase.kind)
            } else {
                format!("{} personal values of {} erased", erase.count, erase.kind)
            }
        }
    }
}

/// What a recorded text is: a file of the bundle, or one that the program brings along.
fn text_name(path: &str, lang: Lang) -> String {
    match (path.split_once(':'), lang) {
        (Some(("kind", id)), Lang::Vi) => format!("định nghĩa loại bản ghi {id} (có sẵn trong chương trình)"),
        (Some(("kind", id)), Lang::En) => format!("definition of the record kind {id} (built in)"),
        (Some(("calendar", id)), Lang::Vi) => format!("lịch {id} (có sẵn trong chương trình)"),
        (Some(("calendar", id)), Lang::En) => format!("calendar {id} (built in)"),
        _ => path.to_owned(),
    }
}

fn details(entry: &Entry, lang: Lang, zone: &Zone) -> Vec<String> {
    let vi = lang == Lang::Vi;
    let mut lines = vec![
        format!("{}: {}", if vi { "mã băm của mục" } else { "hash of the entry" }, hex(&entry.hash)),
        format!(
            "{}: {}",
            if vi { "mã băm của mục trước" } else { "hash of the entry before" },
            hex(&entry.prev)
        ),
        format!("giaouoc {}", entry.program),
    ];
    match &entry.what {
        What::Upload(upload) => {
            lines.push(format!(
                "{}: {}",
                if vi { "SHA-256 của tệp" } else { "SHA-256 of the file" },
                hex(&upload.file.sha256)
            ));
            if let Some(at) = upload.exported_at {
                lines.push(format!(
                    "{}: {}",
                    if vi { "tệp xuất lúc" } else { "exported at" },
                    shown(at, zone)
                ));
            }
            if let Some(replace) = &upload.replace {
                lines.push(format!("{}: {replace}", if vi { "thay thế" } else { "replaces" }));
            }
            if let Some(map) = &upload.map {
                lines.push(format!(
                    "{}: {}",
                    if vi { "SHA-256 của tệp ánh xạ" } else { "SHA-256 of the mapping" },
                    hex(map)
                ));
            }
        }
        What::Text(text) => lines.extend(text.tells.iter().cloned()),
        _ => {}
    }
    if let Some(Rows { plus, minus, root, columns, back }) = entry.what.rows() {
        let mut say = |count: &u64, root: &Hash, in_vi, in_en| {
            let (what, merkle) = if vi { (in_vi, "gốc Merkle") } else { (in_en, "Merkle root") };
            lines.push(format!("{count} {what}; {merkle} {}", hex(root)));
        };
        if *plus > 0 || back.is_none() {
            say(plus, root, "phiên bản đưa vào", "versions brought");
        }
        if let Some(back) = back {
            say(minus, back, "phiên bản rút ra", "versions taken back");
        }
        if !columns.is_empty() {
            lines.push(format!("{}: {}", if vi { "cột" } else { "columns" }, columns.join(", ")));
        }
    }
    lines
}

/// An entry that must be there.
pub fn entry_of(journal: &giaouoc_journal::Journal, number: u64) -> Result<&Entry, Fault> {
    journal.entry(number).map_err(|error| super::fault(&error))
}
