//! A unit's own workbook that comes back: every sheet is read as its kind, held against what others did since it was made, and
//! loaded as one entry a kind.

mod later;
mod nils;
mod rejects;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use giaouoc_agreement::kind::Kind;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_intake::{Input, Limits, Mapping, Summary, for_desk, sheets};
use giaouoc_journal::{Journal, Signed, What, hex, unhex};
use giaouoc_store::people;
use giaouoc_store::uploads::Upload as Brought;
use giaouoc_web::preview::{Book, Part, Preview, Reject};
use giaouoc_web::workbooks::KIND;

use self::later::{Aside, aside};
use super::intake::{SHOWN, gone, internal};
use super::nil;
use super::work::{Worker, said};
use crate::bundle::{self, Loaded};
use crate::fault::{Fault, Outcome};
use crate::journal::commands::{take_back, writable};
use crate::journal::upload::{Desk, Upload};
use crate::journal::{Held, adopt, signed, tidy};
use crate::load::standing;
use crate::progress::Progress;
use crate::workbook::mark::Mark;

/// The mark of an upload that is a unit's own workbook. A mapping says that it is to be read as any other file.
pub fn mark(worker: &Worker, upload: &Brought) -> Option<Mark> {
    if upload.mapping.is_some() {
        return None;
    }
    Mark::read(&worker.files.path(&upload.sha256)?)
}

/// A workbook at hand.
struct Opened<'a> {
    loaded: Loaded,
    mark: &'a Mark,
    path: PathBuf,
    dir: PathBuf,
}

fn open<'a>(worker: &Worker, upload: &Brought, mark: &'a Mark) -> Outcome<Opened<'a>> {
    let dir = worker.folder.cluster(&upload.cluster);
    let loaded = writable(&dir)?;
    let path = worker.files.path(&upload.sha256).filter(|path| path.exists()).ok_or_else(gone)?;
    let opened = Opened { loaded, mark, path, dir };
    opened.of_here(upload)?;
    Ok(opened)
}

impl Opened<'_> {
    /// Refuses the workbook of another unit, cluster or year.
    fn of_here(&self, upload: &Brought) -> Outcome {
        let (mark, cluster) = (self.mark, &self.loaded.bundle.cluster);
        let name = |code: &str| match cluster.unit(code) {
            Some(unit) => cluster.units[unit].name.clone(),
            None => Text::same(code),
        };
        let (vi, en) = if mark.cluster != upload.cluster || mark.agreement != self.loaded.bundle.agreement.id
        {
            (
                format!(
                    "Bảng tính này lập cho một cụm hoặc một giao ước khác ({} {}), không phải {}.",
                    mark.cluster, mark.period, cluster.name.vi
                ),
                format!(
                    "This workbook was made for another cluster or agreement ({} {}), not for {}.",
                    mark.cluster, mark.period, cluster.name.en
                ),
            )
        } else if mark.unit != upload.unit {
            let (theirs, ours) = (name(&mark.unit), name(&upload.unit));
            (
                format!(
                    "Bảng tính này lập cho {}, không phải {}. Hãy gửi ở trang của đơn vị đó, hoặc tải bảng tính của {}.",
                    theirs.vi, ours.vi, ours.vi
                ),
                format!(
                    "This workbook was made for {}, not for {}. Send it at that unit's desk, or download the workbook of {}.",
                    theirs.en, ours.en, ours.en
                ),
            )
        } else {
            return Ok(());
        };
        Err(Fault::input(
            format!("{vi} Chưa đọc và chưa nạp gì."),
            format!("{en} Nothing was read and nothing loaded."),
        ))
    }

    /// Refuses a workbook that was made from a journal with another history, such as before a backup was restored: what
    /// changed since cannot be told.
    fn same_history(&self, journal: &Journal) -> Outcome {
        let last = self.mark.head.checked_sub(1).and_then(|last| journal.entries().get(last));
        let entry = last.map(|entry| hex(&entry.hash)).unwrap_or_default();
        if self.mark.head <= journal.head() && entry == self.mark.entry {
            return Ok(());
        }
        Err(Fault::input(
            "Bảng tính này lập từ một sổ dữ liệu khác với sổ hiện nay (có thể hệ thống vừa được khôi phục từ bản sao lưu), nên không biết từ đó đã đổi gì. Hãy tải bảng tính mới rồi chép phần đã ghi sang.",
            "This workbook was made from other data than there is now (perhaps a backup was restored), so that what changed since cannot be told. Download a new one and copy over what you have written.",
        ))
    }

    fn upload<'a>(
        &'a self,
        sheet: &'a Sheet,
        upload: &Brought,
        leave: &'a BTreeSet<String>,
        signed: Signed,
        rejects: &Path,
    ) -> Upload<'a> {
        Upload {
            loaded: &self.loaded,
            kind: sheet.kind,
            mapping: &sheet.mapping,
            map: Some(sheet.text.as_bytes()),
            path: &self.path,
            name: upload.name.clone(),
            supplier: Some(upload.unit.clone()),
            exported_at: None,
            replace: None,
            signed,
            rejects: Some(rejects.to_path_buf()),
            personal: false,
            first: None,
            quiet: false,
            desk: Some(Desk { leave }),
        }
    }
}

/// A sheet to be read as a kind.
struct Sheet {
    name: String,
    kind: &'static Kind,
    mapping: Mapping,
    /// The mapping as it is kept with the entry.
    text: String,
}

/// The sheets of the mark that are there, and remarks on those that are not.
fn marked(opened: &Opened<'_>) -> Outcome<(Vec<Sheet>, Vec<Text>)> {
    let there = sheets(&Input::Path(&opened.path), &Limits::default());
    let there = there.map_err(|error| crate::records::file_fault("", &error))?;
    let (mut found, mut remarks) = (Vec::new(), Vec::new());
    for (name, kind) in &opened.mark.sheets {
        if !there.iter().any(|(sheet, _)| sheet == name) {
            remarks.push(Text::new(
                format!("Không thấy trang “{name}” (đã xoá hoặc đổi tên), nên không đọc gì cho loại đó."),
                format!(
                    "The sheet “{name}” is not there (deleted or renamed); nothing was read of that kind."
                ),
            ));
            continue;
        }
        let kind = bundle::kind(kind)?;
        let mut document = toml_edit::DocumentMut::new();
        document["kind"] = toml_edit::value(&kind.id);
        document["sheet"] = toml_edit::value(name);
        // Entries of this very workbook are found again by their mapping.
        let id: String = opened.mark.id.chars().filter(|letter| !letter.is_control()).take(200).collect();
        let text = format!("# {id}\n{document}");
        let mapping = Mapping::parse("mapping", text.as_bytes(), kind)
            .map_err(|problems| Fault::Bundle { problems, texts: Default::default() })?;
        found.push(Sheet { name: name.clone(), kind, mapping, text });
    }
    Ok((found, remarks))
}

/// Reads a workbook and says what would come of it.
pub fn read(worker: &Worker, upload: &Brought, mark: &Mark) -> Outcome<(Preview, String)> {
    let screen = Worker::screen(Lang::Vi);
    let opened = open(worker, upload, mark)?;
    let held = standing(&opened.loaded, &screen)?;
    opened.same_history(&held.journal)?;
    let (sheets, mut remarks) = marked(&opened)?;
    let folder = tempfile::tempdir().map_err(|error| Fault::io(&std::env::temp_dir(), &error))?;
    let (mut parts, mut csvs) = (Vec::new(), Vec::new());
    for (at, sheet) in sheets.iter().enumerate() {
        let rejects = folder.path().join(format!("{at}.csv"));
        let mut part = Part {
            sheet: sheet.name.clone(),
            kind: sheet.kind.id.clone(),
            kind_name: sheet.kind.name.clone(),
            ..Part::default()
        };
        // A sheet that cannot be read does not hold the others up.
        match one(&opened, upload, sheet, &held.journal, &rejects) {
            Ok((aside, done)) => {
                part.later = aside.later;
                part.stale = aside.stale;
                fill(&mut part, &done.counts, &done.summary);
                csvs.extend(done.rejects.map(|csv| (sheet.name.clone(), sheet.kind.id.clone(), csv)));
            }
            Err(fault @ Fault::System(_)) => return Err(fault),
            Err(fault) => part.refused = Some(for_desk(&said(&fault))),
        }
        parts.push(part);
    }
    let (nil, said) = nils::asked(worker, upload, &opened, &parts)?;
    remarks.extend(said);
    let rejects_file =
        if csvs.is_empty() { None } else { Some(rejects::keep(worker, &opened, &held.journal, &csvs)?) };
    let preview = preview(Book { parts, nil, over: false }, remarks, rejects_file);
    Ok((preview, KIND.to_owned()))
}

/// What one sheet would come to.
fn one(
    opened: &Opened<'_>,
    upload: &Brought,
    sheet: &Sheet,
    journal: &Journal,
    rejects: &Path,
) -> Outcome<(Aside, crate::journal::upload::Done)> {
    let aside = aside(opened, &upload.unit, sheet, journal)?;
    let leave = aside.leave(false);
    let reading = opened.upload(sheet, upload, &leave, signed(None, None), rejects);
    let progress = Progress::new(&Worker::screen(Lang::Vi));
    let done = reading.compare(journal, &progress, &|_| Ok(()))?;
    Ok((aside, done))
}

fn fill(part: &mut Part, counts: &giaouoc_journal::Counts, summary: &Summary) {
    (part.new, part.changed, part.unchanged) = (counts.new, counts.changed, counts.unchanged);
    part.rejected = summary.rejected;
    let rejects = summary.examples.iter().flat_map(|reject| {
        reject.cells.iter().map(|cell| Reject {
            row: reject.row,
            header: if cell.header.is_empty() { cell.column.clone() } else { cell.header.clone() },
            value: cell.value.clone(),
            reason: for_desk(&cell.reason.text),
        })
    });
    part.rejects = rejects.take(SHOWN).collect();
}

/// All of it, with the sums of the sheets.
fn preview(book: Book, remarks: Vec<Text>, rejects_file: Option<String>) -> Preview {
    let sum = |of: fn(&Part) -> u64| book.parts.iter().map(of).sum::<u64>();
    let (new, changed, unchanged, rejected) = (
        sum(|part| part.new),
        sum(|part| part.changed),
        sum(|part| part.unchanged),
        sum(|part| part.rejected),
    );
    Preview {
        kind: KIND.to_owned(),
        kind_name: Text::new("Bảng tính của đơn vị", "The unit's workbook"),
        guessed: true,
        new,
        changed,
        unchanged,
        rejected,
        read: new + changed + unchanged + rejected,
        remarks,
        rejects_file,
        book: Some(book),
        ..Preview::default()
    }
}

/// Loads a workbook: one entry for each kind with something new, found again by an earlier try's digest; then the reports of
/// no cases. Gives what to show, and the first entry.
pub fn load(
    worker: &Worker,
    upload: &Brought,
    mark: &Mark,
    head: impl Fn(u64) -> Outcome<u64>,
) -> Outcome<(Preview, Option<u64>)> {
    let shown: Preview =
        upload.result.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let Some(mut book) = shown.book.clone() else { return Err(internal("no preview")) };
    let opened = open(worker, upload, mark)?;
    let by = worker.ask(people::get(worker.store.read(), upload.person))?.map(|person| person.name);
    let signed = signed(by.as_deref(), upload.reason.as_deref());
    let progress = Progress::new(&Worker::screen(Lang::Vi));
    let (sheets, _) = marked(&opened)?;
    let mut journal = opened_journal(&opened, &sheets, &signed, &progress)?;
    opened.same_history(&journal)?;
    let head = head(journal.head())?;
    // Everything is looked at before anything is loaded: what came while the person was reading is theirs to see first.
    let mut asides = Vec::new();
    for sheet in &sheets {
        let part = book.parts.iter().find(|part| part.sheet == sheet.name);
        let known = earlier(&journal, upload, sheet.kind, head);
        if known.is_some() || part.is_none_or(|part| part.refused.is_some()) {
            asides.push(None);
            continue;
        }
        let aside = aside(&opened, &upload.unit, sheet, &journal)?;
        let seen: BTreeSet<&str> =
            part.iter().flat_map(|part| &part.later).map(|one| one.key.as_str()).collect();
        if book.over && aside.later.iter().any(|one| !seen.contains(one.key.as_str())) {
            return Err(Fault::input(
                "Trong lúc bạn xem, người khác vừa sửa thêm bản ghi có trong bảng này. Chưa nạp gì: hãy bấm Đọc lại để xem các bản ghi đó.",
                "While you were looking, somebody changed more records of this workbook. Nothing was loaded: read it again to see them.",
            ));
        }
        asides.push(Some(aside));
    }
    let folder = tempfile::tempdir().map_err(|error| Fault::io(&std::env::temp_dir(), &error))?;
    for (sheet, aside) in sheets.iter().zip(asides) {
        let Some(part) = book.parts.iter_mut().find(|part| part.sheet == sheet.name) else { continue };
        if let Some(entry) = earlier(&journal, upload, sheet.kind, head) {
            part.entry = Some(entry);
            continue;
        }
        let Some(aside) = aside else { continue };
        let leave = aside.leave(book.over);
        let rejects = folder.path().join("rejects.csv");
        let loading = opened.upload(sheet, upload, &leave, signed.clone(), &rejects);
        let counts = loading.compare(&journal, &progress, &|_| Ok(()))?.counts;
        if counts.new + counts.changed > 0 {
            let done = loading.load(&mut journal, &progress, &|_: &Summary| Ok(()))?;
            part.entry = done.entry;
            fill(part, &done.counts, &done.summary);
        }
    }
    tidy(&journal)?;
    drop(journal);
    nil::report(worker, &upload.cluster, &nils::requests(upload, mark, &book.nil, by.as_deref()))?;
    let first = book.parts.iter().filter_map(|part| part.entry).min();
    Ok((preview(book, shown.remarks, shown.rejects_file), first))
}

fn opened_journal(
    opened: &Opened<'_>,
    sheets: &[Sheet],
    signed: &Signed,
    progress: &Progress,
) -> Outcome<Journal> {
    // What lies beside the journal comes in first, kind by kind, as for any upload.
    for sheet in sheets {
        let kind = Some(sheet.kind.id.as_str());
        adopt::bring_up(&opened.loaded, &opened.dir, kind, signed, false, progress, &mut |_, _| Ok(()))?;
    }
    let Some(Held { journal, .. }) = Held::open(&opened.dir)? else { return Err(gone()) };
    Ok(journal)
}

/// The entry of an earlier try.
fn earlier(journal: &Journal, upload: &Brought, kind: &Kind, head: u64) -> Option<u64> {
    let sha256 = unhex(&upload.sha256)?;
    let found = journal.entries().iter().find(|entry| {
        let same = |line: &giaouoc_journal::Upload| {
            line.kind == kind.id && line.file.sha256 == sha256 && line.file.name == upload.name
        };
        entry.number >= head && matches!(&entry.what, What::Upload(line) if same(line))
    });
    found.map(|entry| entry.number)
}

/// Takes all entries of a workbook back, and its reports of no cases as long as nobody has confirmed them.
pub fn undo(worker: &Worker, upload: &Brought, book: &Book) -> Outcome {
    let dir = worker.folder.cluster(&upload.cluster);
    let Some(Held { mut journal, .. }) = Held::open(&dir)? else { return Err(gone()) };
    let by = worker.ask(people::get(worker.store.read(), upload.person))?.map(|person| person.name);
    let signed = signed(by.as_deref(), upload.reason.as_deref());
    for part in book.parts.iter().rev() {
        let Some(entry) = part.entry else { continue };
        let undone =
            journal.entries().iter().any(|line| matches!(&line.what, What::Undo(undo) if undo.of == entry));
        if !undone {
            take_back(&mut journal, bundle::kind(&part.kind)?, entry, &signed)?;
        }
    }
    drop(journal);
    let period = writable(&dir)?.bundle.agreement.year.to_string();
    let mark = Mark { period, ..Mark::default() };
    nil::retract(worker, &upload.cluster, &nils::requests(upload, &mark, &book.nil, by.as_deref()))
}
