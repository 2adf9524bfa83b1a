//! The smaller commands on a journal: record, undo, withdraw, transfer, tidy.

use std::path::Path;

use giaouoc_agreement::figure::integer;
use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::kinds;
use giaouoc_agreement::text::Text;
use giaouoc_journal::{Disk, Journal, Signed, Transfer, Undo, Weight, What, Withdraw};

use crate::bundle::{self, Loaded};
use crate::check::said;
use crate::cli;
use crate::fault::{Fault, Outcome};
use crate::journal::rejects::sweep_beside;
use crate::journal::{adopt, fault, list, now, signed, tidy};
use crate::progress::Progress;
use crate::render::grid::paragraph;
use crate::score::print;
use crate::screen::Screen;

/// A bundle that can be written to.
pub fn writable(path: &Path) -> Outcome<Loaded> {
    let loaded = bundle::load(path)?;
    if path.is_dir() {
        return Ok(loaded);
    }
    Err(Fault::input(
        "chỉ ghi được vào gói dữ liệu là thư mục; hãy giải nén tệp .zip trước",
        "only a bundle that is a folder can be written to; unpack the .zip first",
    ))
}

fn journal_of(loaded: Loaded) -> Outcome<(Loaded, Journal)> {
    let mut loaded = loaded;
    match loaded.journal.take() {
        Some(held) => Ok((loaded, held.journal)),
        None => Err(Fault::input(
            "gói này chưa có sổ thay đổi: chưa nạp tệp nào bằng giaouoc load",
            "this bundle has no journal yet: nothing was loaded with giaouoc load",
        )),
    }
}

fn say(screen: &Screen, vi: impl Into<String>, en: impl Into<String>) -> Outcome {
    let (vi, en) = (vi.into(), en.into());
    print(screen, &paragraph(screen.say(&vi, &en), "", "  ", screen.width))
}

/// `giaouoc record`: the bundle's texts as they are now, and files of `records/` that wait.
pub fn record(args: &cli::Record, screen: &Screen) -> Outcome {
    let loaded = writable(&args.bundle)?;
    let signed = signed(args.by.as_deref(), args.reason.as_deref());
    let progress = Progress::new(screen);
    let mut rejected = 0;
    let mut files = 0;
    let done = adopt::bring_up(&loaded, &args.bundle, None, &signed, true, &progress, &mut |file, done| {
        progress.clear();
        files += 1;
        rejected += done.summary.rejected;
        print(screen, &said(&file.path, done.text().get(screen.lang), &done.summary, screen))
    });
    progress.clear();
    let (journal, entries) = done?;
    tidy(&journal)?;
    for number in &entries {
        let entry = list::entry_of(&journal, *number)?;
        say(
            screen,
            format!("Mục {number}: {}", list::sentence(entry, giaouoc_agreement::text::Lang::Vi)),
            format!("Entry {number}: {}", list::sentence(entry, giaouoc_agreement::text::Lang::En)),
        )?;
    }
    if entries.is_empty() && files == 0 {
        say(
            screen,
            "Sổ đã có đủ: không có gì mới để ghi.",
            "The journal has everything: there is nothing new to record.",
        )?;
    }
    if rejected > 0 { Err(Fault::No) } else { Ok(()) }
}

/// `giaouoc undo`
pub fn undo(args: &cli::Undo, screen: &Screen) -> Outcome {
    let (_, mut journal) = journal_of(writable(&args.bundle)?)?;
    let entry = list::entry_of(&journal, args.entry)?;
    let kind = match (entry.what.kind(), entry.what.rows()) {
        (Some(kind), Some(_)) => bundle::kind(kind)?,
        _ => {
            return Err(Fault::input(
                format!(
                    "mục {} không đưa vào hay rút bản ghi nào; chỉ huỷ được mục có bản ghi. Văn bản của gói thì sửa tệp rồi chạy giaouoc record",
                    args.entry
                ),
                format!(
                    "entry {} brought or took back no records; only such entries can be undone. For texts of the bundle, change the file and run giaouoc record",
                    args.entry
                ),
            ));
        }
    };
    let signed = signed(args.by.as_deref(), Some(&args.reason));
    let taken = take_back(&mut journal, kind, args.entry, &signed)?;
    let left = &taken.left;
    let shown = left.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
    let more = if left.len() > 5 { ", …" } else { "" };
    let Some(number) = taken.number else {
        if left.is_empty() {
            return say(
                screen,
                format!("Mục {} không đổi bản ghi nào, nên không có gì để huỷ.", args.entry),
                format!("Entry {} changed no record, so there is nothing to undo.", args.entry),
            );
        }
        return say(
            screen,
            format!(
                "Không còn gì để huỷ: các bản ghi của mục {} đều đã đổi sau đó ({shown}{more}).",
                args.entry
            ),
            format!(
                "There is nothing left to undo: all records of entry {} were changed since ({shown}{more}).",
                args.entry
            ),
        );
    };
    say(
        screen,
        format!(
            "Mục {number} huỷ mục {}: bỏ {} phiên bản, khôi phục {}.",
            args.entry, taken.minus, taken.plus
        ),
        format!(
            "Entry {number} undoes entry {}: {} versions taken back, {} restored.",
            args.entry, taken.minus, taken.plus
        ),
    )?;
    if !left.is_empty() {
        say(
            screen,
            format!("{} bản ghi đã đổi sau mục đó nên để nguyên: {shown}{more}", left.len()),
            format!(
                "{} records were changed since that entry and stay as they are: {shown}{more}",
                left.len()
            ),
        )?;
    }
    Ok(())
}

/// What undoing an entry came to.
pub struct Taken {
    /// The new entry; nothing where all its records were changed since.
    pub number: Option<u64>,
    /// Versions taken back.
    pub minus: u64,
    /// Versions restored.
    pub plus: u64,
    /// Keys that were changed since, and stay.
    pub left: Vec<String>,
}

/// Undoes an entry that brought or took back records.
pub fn take_back(journal: &mut Journal, kind: &'static Kind, entry: u64, signed: &Signed) -> Outcome<Taken> {
    loop {
        let undoing = journal.prepare_undo(kind, entry).map_err(|error| fault(&error))?;
        // What is restored belongs to whoever supplies it now, not to whom it was transferred from.
        let namespace = journal.owner(entry, journal.head());
        let (left, rows) = (undoing.left, undoing.prepared.rows().clone());
        if undoing.prepared.is_empty() {
            return Ok(Taken { number: None, minus: 0, plus: 0, left });
        }
        let line = |rows| {
            What::Undo(Undo {
                of: entry,
                kind: kind.id.clone(),
                namespace: namespace.clone(),
                left: left.len() as u64,
                rows,
            })
        };
        let lock = journal.lock().map_err(|error| fault(&error))?;
        let done = journal
            .commit(&lock, undoing.prepared, signed.clone(), now(), line)
            .map_err(|error| fault(&error))?;
        drop(lock);
        if let Some(number) = done {
            tidy(journal)?;
            return Ok(Taken { number: Some(number), minus: rows.minus, plus: rows.plus, left });
        }
    }
}

/// `giaouoc withdraw`
pub fn withdraw(args: &cli::Withdraw, screen: &Screen) -> Outcome {
    let (loaded, mut journal) = journal_of(writable(&args.bundle)?)?;
    let kind: &'static Kind = bundle::kind(&args.kind)?;
    let supplier = supplier(&loaded, args.supplier.as_deref())?;
    loop {
        let found = journal
            .prepare_withdrawal(kind, supplier.as_deref(), &args.keys)
            .map_err(|error| fault(&error))?;
        if let Some(key) = found.absent.first() {
            return Err(Fault::input(
                format!("không có bản ghi “{key}” ({}) trong sổ; chưa rút gì", kind.id),
                format!("there is no record “{key}” ({}) in the journal; nothing was withdrawn", kind.id),
            ));
        }
        if let Some((key, owner)) = found.owned.first() {
            let (vi, en) = match owner {
                Some(code) => (format!("{code} cung cấp"), code.clone()),
                None => ("không ghi đơn vị cung cấp".to_owned(), "nobody by name".to_owned()),
            };
            return Err(Fault::input(
                format!("bản ghi “{key}”: {vi}; nêu đúng --supplier. Chưa rút gì"),
                format!("record “{key}” is supplied by {en}; name it with --supplier. Nothing was withdrawn"),
            ));
        }
        let count = found.prepared.rows().minus;
        let line =
            |rows| What::Withdraw(Withdraw { kind: kind.id.clone(), namespace: supplier.clone(), rows });
        let lock = journal.lock().map_err(|error| fault(&error))?;
        let signed = signed(args.by.as_deref(), Some(&args.reason));
        let done =
            journal.commit(&lock, found.prepared, signed, now(), line).map_err(|error| fault(&error))?;
        drop(lock);
        let Some(number) = done else { continue };
        tidy(&journal)?;
        return say(
            screen,
            format!("Mục {number}: đã rút {count} bản ghi."),
            format!("Entry {number}: {count} records withdrawn."),
        );
    }
}

/// `giaouoc transfer`
pub fn transfer(args: &cli::Transfer, screen: &Screen) -> Outcome {
    let (loaded, mut journal) = journal_of(writable(&args.bundle)?)?;
    let kind = bundle::kind(&args.kind)?;
    let (from, to) = (supplier(&loaded, args.from.as_deref())?, supplier(&loaded, args.to.as_deref())?);
    if from == to {
        return Err(Fault::input("--from và --to là một", "--from and --to are the same"));
    }
    let lock = journal.lock().map_err(|error| fault(&error))?;
    let what = What::Transfer(Transfer { kind: kind.id.clone(), from, to });
    let signed = signed(args.by.as_deref(), Some(&args.reason));
    let number = journal.record(&lock, what, signed, now()).map_err(|error| fault(&error))?;
    let entry = list::entry_of(&journal, number)?;
    say(
        screen,
        format!("Mục {number}: {}.", list::sentence(entry, giaouoc_agreement::text::Lang::Vi)),
        format!("Entry {number}: {}.", list::sentence(entry, giaouoc_agreement::text::Lang::En)),
    )
}

/// `giaouoc fsck`: ends with 1 when something that was accepted is not as it was, or figures are read from something
/// derived that is wrong.
pub fn check(args: &cli::Fsck, screen: &Screen) -> Outcome {
    // Not through the bundle: its texts may be the very thing that is damaged.
    let opened = crate::open::open(&args.bundle, crate::open::Limits::default())?;
    let disk = Disk::new(opened.dir.join("journal"));
    if !disk.exists() {
        return say(
            screen,
            "Gói này chưa có sổ thay đổi; không có gì để kiểm tra.",
            "This bundle has no journal yet; there is nothing to check.",
        );
    }
    let progress = Progress::new(screen);
    let checked = giaouoc_journal::fsck(&disk, kinds::builtin(), &mut |rows| progress.seen(rows));
    progress.clear();
    let checked = checked.map_err(|error| fault(&error))?;
    for finding in &checked.findings {
        let sign = match finding.weight {
            Weight::Damage => "✗",
            Weight::Pending => "…",
            Weight::Derived => "!",
            Weight::LeftOver => "·",
        };
        print(screen, &paragraph(finding.text.get(screen.lang), &format!("{sign} "), "  ", screen.width))?;
    }
    if checked.torn > 0 {
        say(
            screen,
            format!(
                "· Dòng cuối chưa ghi xong ({} byte), chưa từng được xác nhận; lần ghi sau sẽ bỏ đi.",
                checked.torn
            ),
            format!(
                "· A last line was cut ({} bytes) and never acknowledged; the next commit takes it away.",
                checked.torn
            ),
        )?;
    }
    if checked.findings.iter().any(|finding| finding.weight == Weight::Pending) && args.bundle.is_dir() {
        finish(disk, screen)?;
    }
    let (entries, rows) = (integer(checked.entries, screen.lang), integer(checked.rows, screen.lang));
    if checked.is_whole() && !checked.is_right() {
        say(
            screen,
            format!(
                "Sổ KHÔNG nguyên vẹn: {entries} mục, {rows} dòng đã nhận đều khớp, nhưng tệp dẫn xuất nêu trên sai, nên số liệu có thể sai. Hãy xoá thư mục base và index trong journal: chương trình sẽ tạo lại."
            ),
            format!(
                "The journal is NOT whole: its {entries} entries and {rows} rows agree, but the derived files named above are wrong, so figures may be wrong. Delete the folders base and index in journal: they are made anew."
            ),
        )?;
        return Err(Fault::No);
    }
    if checked.is_whole() {
        return say(
            screen,
            format!("Sổ nguyên vẹn: {entries} mục, {rows} dòng, mọi mã băm và gốc Merkle tính lại đều khớp."),
            format!(
                "The journal is whole: {entries} entries, {rows} rows, every hash and Merkle root computed again agrees."
            ),
        );
    }
    say(
        screen,
        format!("Sổ KHÔNG nguyên vẹn ({entries} mục, {rows} dòng đã xem)."),
        format!("The journal is NOT whole ({entries} entries and {rows} rows looked at)."),
    )?;
    Err(Fault::No)
}

/// Removes what erasures that were stopped have left: that they stand in the journal is a promise.
fn finish(disk: Disk, screen: &Screen) -> Outcome {
    match Journal::open(disk).and_then(|journal| journal.lock().map(drop)) {
        Ok(()) => say(screen, "Đã xoá nốt các giá trị đó.", "The rest of these values was removed now."),
        Err(error) => {
            let Text { vi, en } = error.text();
            say(
                screen,
                format!("Chưa xoá nốt được: {vi}"),
                format!("The rest of these values could not be removed: {en}"),
            )
        }
    }
}

/// `giaouoc erase`
pub fn erase(args: &cli::Erase, screen: &Screen) -> Outcome {
    let (_, mut journal) = journal_of(writable(&args.bundle)?)?;
    let kind = bundle::kind(&args.kind)?;
    let lock = journal.lock().map_err(|error| fault(&error))?;
    let signed = signed(args.by.as_deref(), Some(&args.reason));
    let erased = journal.erase(&lock, kind, &args.keys, signed, now());
    if erased.is_err() && journal.pending_erasures().is_ok_and(|pending| pending > 0) {
        say(
            screen,
            "Việc xoá đã ghi vào sổ nhưng chưa xoá hết giá trị; lần ghi sau, hoặc giaouoc tidy, sẽ xoá nốt.",
            "The erasure stands in the journal, and not all values are gone; the next commit, or giaouoc tidy, removes the rest.",
        )?;
    }
    let erased = erased.map_err(|error| fault(&error))?;
    match erased.made {
        None => say(
            screen,
            "Không có giá trị cá nhân nào của các bản ghi này.",
            "There are no personal values of these records.",
        ),
        Some((number, count)) => say(
            screen,
            format!(
                "Mục {number}: đã xoá {count} giá trị cá nhân. Tệp gốc, tệp dòng bị từ chối và bản sao lưu là việc của đơn vị."
            ),
            format!(
                "Entry {number}: {count} personal values erased. Files as they came, files of rejected rows and backups are yours to clear."
            ),
        ),
    }?;
    if erased.made.is_some() && !erased.without.is_empty() {
        let keys = erased.without.join(", ");
        say(
            screen,
            format!("Không có giá trị cá nhân nào của: {keys}"),
            format!("There are no personal values of: {keys}"),
        )?;
    }
    if erased.unknown.is_empty() {
        return Ok(());
    }
    let keys = erased.unknown.join(", ");
    say(
        screen,
        format!("Sổ không có bản ghi ({}): {keys}", kind.id),
        format!("The journal has no such records ({}): {keys}", kind.id),
    )?;
    Err(Fault::No)
}

/// `giaouoc tidy`
pub fn tidy_up(args: &cli::Tidy, screen: &Screen) -> Outcome {
    let (_, journal) = journal_of(writable(&args.bundle)?)?;
    let mut tidied = journal.tidy(kinds::builtin()).map_err(|error| fault(&error))?;
    tidied.swept += sweep_beside(&args.bundle);
    if args.base {
        let held: Vec<&Kind> =
            kinds::builtin().iter().filter(|kind| journal.kinds().contains(kind.id.as_str())).collect();
        for kind in held {
            tidied.bases += usize::from(journal.make_base(kind).map_err(|error| fault(&error))?.is_some());
        }
    }
    say(
        screen,
        format!(
            "Đã gộp {} tệp bản ghi và {} tệp chỉ mục, lập {} tệp nền, dọn {} tệp thừa. Số liệu không đổi.",
            tidied.merged, tidied.indexes, tidied.bases, tidied.swept
        ),
        format!(
            "{} row files and {} index files merged, {} bases made, {} left-over files removed. No figure changes.",
            tidied.merged, tidied.indexes, tidied.bases, tidied.swept
        ),
    )?;
    if tidied.erasures > 0 {
        say(
            screen,
            format!("Đã xoá nốt giá trị cá nhân của {} lần xoá bị ngắt giữa chừng.", tidied.erasures),
            format!("Erasures finished that had been stopped half-way: {}.", tidied.erasures),
        )?;
    }
    Ok(())
}

/// A supplier named on the command line, by code or name.
pub fn supplier(loaded: &Loaded, named: Option<&str>) -> Outcome<Option<String>> {
    named.map(|named| Ok(loaded.bundle.cluster.units[loaded.unit(named)?].code.clone())).transpose()
}
