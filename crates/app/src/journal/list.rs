//! `giaouoc log`: the entries of a bundle's journal, newest last.

use giaouoc_agreement::text::Lang;
use giaouoc_journal::{Entry, Rows, What, hex};
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
        let head =
            format!("{:>4}  {}  {}", entry.number, shown(entry.at, zone), sentence(entry, screen.lang));
        out.push_str(&paragraph(&head, "", "      ", screen.width));
        let mut line = |text: String| out.push_str(&paragraph(&text, "      ", "      ", screen.width));
        if let Some(by) = &entry.by {
            line(format!("{}: {by}", screen.say("người ghi", "by")));
        }
        if let Some(reason) = &entry.reason {
            line(format!("{}: {reason}", screen.say("lý do", "reason")));
        }
        if args.entry.is_some() {
            for text in details(entry, screen.lang) {
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
            if vi {
                format!(
                    "nạp {kind}, tệp {name}{from}: {} mới, {} thay đổi, {} như cũ, {} bị từ chối",
                    sums.new, sums.changed, sums.unchanged, sums.rejected
                )
            } else {
                format!(
                    "{kind} loaded from {name}{from}: {} new, {} changed, {} unchanged, {} rejected",
                    sums.new, sums.changed, sums.unchanged, sums.rejected
                )
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
        What::Text(text) => match (&text.sha256, vi) {
            (Some(_), true) => format!("ghi nội dung {}", text.path),
            (Some(_), false) => format!("{} recorded", text.path),
            (None, true) => format!("{} không còn", text.path),
            (None, false) => format!("{} is gone", text.path),
        },
        What::Erase(erase) => {
            if vi {
                format!("xoá {} giá trị cá nhân của {}", erase.count, erase.kind)
            } else {
                format!("{} personal values of {} erased", erase.count, erase.kind)
            }
        }
    }
}

fn details(entry: &Entry, lang: Lang) -> Vec<String> {
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
    if let Some(Rows { plus, minus, root, columns, .. }) = entry.what.rows() {
        lines.push(if vi {
            format!("{plus} phiên bản đưa vào, {minus} rút ra; gốc Merkle {}", hex(root))
        } else {
            format!("{plus} versions brought, {minus} taken back; Merkle root {}", hex(root))
        });
        lines.push(format!("{}: {}", if vi { "cột" } else { "columns" }, columns.join(", ")));
    }
    lines
}

/// An entry that must be there.
pub fn entry_of(journal: &giaouoc_journal::Journal, number: u64) -> Result<&Entry, Fault> {
    journal.entry(number).map_err(|error| super::fault(&error))
}
