//! The command line. Help is in both languages at once: the officer who reads it has twenty minutes and
//! should not have to find a switch first.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use giaouoc_agreement::text::Lang;

/// Giao ước thi đua: từ bản giao ước đã ký và hồ sơ thật đến bảng điểm.
/// From a signed emulation agreement and real records to a scoreboard.
#[derive(Debug, Parser)]
#[command(name = "giaouoc", version, disable_help_subcommand = true, arg_required_else_help = true)]
pub struct Cli {
    /// Ngôn ngữ / Language of the output (default: by locale, else vi)
    #[arg(long, global = true, value_enum)]
    pub lang: Option<LangArg>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// A language on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LangArg {
    /// Tiếng Việt
    Vi,
    /// English
    En,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::Vi => Self::Vi,
            LangArg::En => Self::En,
        }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Bảng điểm của một gói dữ liệu / The scoreboard of a bundle
    Score(Score),
    /// Mọi chỗ sai và mọi câu hỏi của gói dữ liệu, một lần / Everything that is wrong with a bundle, at once
    Check(Check),
    /// Nội dung đề nghị làm rõ: câu hỏi mà dữ liệu gợi ra / Questions raised by data; no figure changes
    Signals(Signals),
    /// Kiểm tra và nạp tệp hồ sơ / Check a file of records and load it
    Load(Load),
    /// Đề xuất tệp ánh xạ cho một tệp hồ sơ / Propose a mapping for a file of records
    Map(Map),
    /// Bảng tính mẫu của một loại dữ liệu / A workbook to fill in with records of a kind
    Template(Template),
    /// Một chỉ tiêu, hay một hồ sơ, được tính thế nào / How a target, or one record, is computed
    Explain(Explain),
    /// Điều gì làm số liệu thay đổi giữa hai lần biết / What moved the figures between two known times
    Diff(Diff),
    /// Các mục của sổ thay đổi / The entries of the journal
    Log(Log),
    /// Ghi các văn bản đã sửa và tệp mới trong records/ vào sổ / Record changed texts and waiting files
    Record(Record),
    /// Huỷ một mục: trả lại như trước / Undo an entry: restore what it replaced
    Undo(Undo),
    /// Rút bản ghi / Withdraw records
    Withdraw(Withdraw),
    /// Chuyển quyền cung cấp bản ghi giữa hai đơn vị / Transfer the supply of records to another unit
    Transfer(Transfer),
    /// Xoá dữ liệu cá nhân của bản ghi; số liệu không đổi / Erase personal values of records; no figure changes
    Erase(Erase),
    /// Gộp tệp nhỏ, lập tệp nền; số liệu không đổi / Merge small files, make bases; no figure changes
    Tidy(Tidy),
    /// Kiểm tra sổ thay đổi: tính lại mọi mã băm từ bản ghi / Check the journal: every digest computed again
    Fsck(Fsck),
    /// Chạy hệ thống: trang web cho các đơn vị và người dân / Run the service: pages for units and citizens
    Serve(Serve),
    /// Sao lưu hệ thống, kể cả khi đang chạy / Back the service up, while it runs too
    Backup(Backup),
    /// Khôi phục hệ thống từ bản sao lưu / Restore the service from a backup
    Restore(Restore),
    /// Hệ thống có gì chưa ổn và phải làm gì / What is wrong with the service and what to do
    Doctor(Doctor),
    /// Xuất một cụm của hệ thống thành gói dữ liệu / Write a cluster of the service out as a bundle
    Export(Export),
    /// Ghi các trang công khai thành trang tĩnh / Write the public pages as a static site
    Site(Site),
    /// Tạo gói dữ liệu mẫu cỡ bất kỳ / Make an example bundle of any size
    Example(Example),
}

/// Which stretch of time and which part of the scoreboard.
#[derive(Args, Clone, Debug)]
pub struct Scope {
    /// Gói dữ liệu: thư mục hoặc .zip / The bundle: a folder or a .zip
    pub bundle: PathBuf,
    /// Kỳ / Period: 2020, 2020S1, 2020Q1, 202003, 2020-01-15..2020-03-31, or a named range
    #[arg(long, value_name = "P")]
    pub period: Option<String>,
    /// Tính đến hết ngày / As things stood at the end of this day (default: the period's end)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<String>,
    /// Như đã biết khi đó: số mục sổ, ngày (hết ngày), hoặc thời điểm / As known then: an entry, a day (its end), or a time
    #[arg(long, value_name = "ENTRY|TIME")]
    pub known_at: Option<String>,
}

/// `serve`
#[derive(Args, Debug)]
pub struct Serve {
    /// Thư mục của hệ thống; tạo nếu chưa có / The service's folder; made if it is not there
    pub folder: PathBuf,
    /// Đưa gói dữ liệu này vào thành một cụm / Bring this bundle in as a cluster
    #[arg(long, value_name = "BUNDLE")]
    pub with: Option<PathBuf>,
    /// Địa chỉ và cổng để nghe / Address and port to listen at (default: 127.0.0.1:8080)
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
}

/// `backup`
#[derive(Args, Debug)]
pub struct Backup {
    /// Thư mục của hệ thống / The service's folder
    pub folder: PathBuf,
    /// Tệp sao lưu sẽ tạo / The backup to make: a .zip
    #[arg(value_name = "TO.zip")]
    pub to: PathBuf,
}

/// `restore`
#[derive(Args, Debug)]
pub struct Restore {
    /// Bản sao lưu / The backup
    #[arg(value_name = "FROM.zip")]
    pub from: PathBuf,
    /// Thư mục mới, trống hoặc chưa có / The new folder: empty, or not there
    pub folder: PathBuf,
    /// Cơ sở dữ liệu PostgreSQL trống (mặc định: như trong giaouoc.toml) / An empty PostgreSQL database (default: the one of giaouoc.toml)
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
}

/// `doctor`
#[derive(Args, Debug)]
pub struct Doctor {
    /// Thư mục của hệ thống / The service's folder
    pub folder: PathBuf,
    /// Không đọc hết sổ và tệp / Without reading journals and files through
    #[arg(long)]
    pub quick: bool,
}

/// `export`
#[derive(Args, Debug)]
pub struct Export {
    /// Thư mục của hệ thống / The service's folder
    pub folder: PathBuf,
    /// Cụm cần xuất; không cần khi chỉ có một / The cluster; not needed when there is one
    #[arg(long, value_name = "NAME")]
    pub cluster: Option<String>,
    /// Nơi ghi: thư mục mới, hoặc .zip / Where to: a new folder, or a .zip
    pub to: PathBuf,
}

/// `site`
#[derive(Args, Debug)]
pub struct Site {
    /// Thư mục của hệ thống / The service's folder
    pub folder: PathBuf,
    /// Thư mục mới cho trang tĩnh / A new folder for the site
    pub out: PathBuf,
}

/// `score`
#[derive(Args, Debug)]
pub struct Score {
    /// Bundle, period, day.
    #[command(flatten)]
    pub scope: Scope,
    /// Chỉ một đơn vị (mã) / Only this unit (code)
    #[arg(long, value_name = "CODE")]
    pub unit: Option<String>,
    /// Chỉ một chỉ tiêu / Only this target
    #[arg(long, value_name = "ID")]
    pub target: Option<String>,
    /// Kèm cách tính đối chiếu / Also the lenses
    #[arg(long, value_enum, value_name = "WHICH")]
    pub lens: Option<LensArg>,
    /// Tách theo / Split by: unit,month | unit,quarter | unit,half-year (csv and json)
    #[arg(long, value_enum, value_name = "PARTS")]
    pub by: Option<By>,
    /// Dạng kết quả / Form of the result
    #[arg(long, value_enum, default_value = "table")]
    pub format: Format,
    /// Ghi kết quả vào tệp / Write the result to a file (default: the screen)
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Kết thúc với mã 1 nếu có chỉ tiêu chưa đạt / End with 1 when a target is not met
    #[arg(long)]
    pub strict: bool,
    /// Số luồng đọc / Threads that read (default: all cores)
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

/// Which lenses to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LensArg {
    /// All of them.
    All,
}

/// How figures are split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// Units × months
    #[value(name = "unit,month")]
    Month,
    /// Units × quarters
    #[value(name = "unit,quarter")]
    Quarter,
    /// Units × half-years
    #[value(name = "unit,half-year")]
    HalfYear,
}

/// The form of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal.
    Table,
    /// Stable, documented by docs/scoreboard.schema.json.
    Json,
    /// One line a figure.
    Csv,
    /// Markdown, for a report or a letter.
    Md,
    /// The whole report as one page, to read, print and hand round.
    Html,
    /// The whole report as a workbook.
    Xlsx,
}

/// `check`
#[derive(Args, Debug)]
pub struct Check {
    /// Gói dữ liệu / The bundle
    pub bundle: PathBuf,
    /// Chỉ xem các tệp TOML, không đọc hồ sơ / Only the TOML files, without reading records
    #[arg(long)]
    pub no_records: bool,
    /// Thêm bảng số bản ghi theo đơn vị và tháng / With the number of records by unit and month
    #[arg(long)]
    pub coverage: bool,
    /// Số ví dụ cho mỗi đơn vị / Examples shown of each unit
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub examples: usize,
    /// Dạng kết quả / Form of the result
    #[arg(long, value_enum, default_value_t = CheckFormat::Table)]
    pub format: CheckFormat,
}

/// Forms of a check's result.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckFormat {
    /// Cho người đọc / For people
    Table,
    /// Cho chương trình khác (docs/check.schema.json) / For other programs
    Json,
}

/// `signals`
#[derive(Args, Debug)]
pub struct Signals {
    /// Bundle, known-at.
    #[command(flatten)]
    pub scope: Scope,
    /// Chỉ một đơn vị (mã) / Only this unit (code)
    #[arg(long, value_name = "CODE")]
    pub unit: Option<String>,
    /// Chỉ một loại câu hỏi / Only this sort of question
    #[arg(long, value_name = "CODE")]
    pub code: Option<String>,
    /// Số hồ sơ nêu làm ví dụ cho mỗi câu hỏi / Records shown of each question
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub examples: usize,
    /// Dạng kết quả / Form of the result
    #[arg(long, value_enum, default_value_t = SignalsFormat::Table)]
    pub format: SignalsFormat,
}

/// Forms of signals.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalsFormat {
    /// Cho người đọc / For people
    Table,
    /// Cho chương trình khác (docs/signals.schema.json) / For other programs
    Json,
    /// Cho bảng tính / For spreadsheets
    Csv,
    /// Cho thư gửi đơn vị / For a letter to a unit
    Md,
}

/// `load`
#[derive(Args, Debug)]
pub struct Load {
    /// Gói dữ liệu / The bundle
    pub bundle: PathBuf,
    /// Loại dữ liệu / Kind of record: dossier, procedure, position, …
    pub kind: String,
    /// Tệp cần nạp / Files to load: CSV, TSV, XLSX, XLS, ODS, NDJSON, Parquet
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Tệp ánh xạ cột / A mapping file
    #[arg(long, value_name = "M.toml")]
    pub map: Option<PathBuf>,
    /// Bảng mã của chữ / Encoding of the text: tcvn3, vni, windows-1258, utf-8, …
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// Chỉ kiểm tra, không ghi gì / Only check, write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Nơi ghi các dòng bị từ chối / Where rejected rows go (default: beside the records)
    #[arg(long, value_name = "R.csv")]
    pub rejects: Option<PathBuf>,
    /// Lý do, nhất là khi sửa số đã nạp / The reason, above all of a correction
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Người nạp / Who loads it
    #[arg(long, value_name = "WHO")]
    pub by: Option<String>,
    /// Đơn vị cung cấp / The unit that supplies it
    #[arg(long, value_name = "CODE")]
    pub supplier: Option<String>,
    /// Thời điểm xuất tệp từ hệ thống nguồn / When the source exported it; older exports never set back newer ones
    #[arg(long, value_name = "TIME")]
    pub exported_at: Option<String>,
    /// Rút bản ghi không còn trong tệp / Withdraw what is no longer in the file: all | unit=CODE | 202003 | unit=CODE,202003
    #[arg(long, value_name = "SCOPE")]
    pub replace: Option<String>,
    /// Nạp cả cột dữ liệu cá nhân, cất riêng và xoá được / Also load personal columns, kept apart and erasable
    #[arg(long)]
    pub personal: bool,
    /// Đồng ý rút những bản ghi mà --replace đã nêu / Do withdraw what --replace has shown
    #[arg(long)]
    pub yes: bool,
}

/// `diff`
#[derive(Args, Debug)]
pub struct Diff {
    /// Gói dữ liệu / The bundle
    pub bundle: PathBuf,
    /// Từ lúc: số mục sổ hoặc thời điểm / From: an entry or a time
    #[arg(long, value_name = "ENTRY|TIME")]
    pub from: String,
    /// Đến lúc (mặc định: bây giờ) / To (default: now)
    #[arg(long, value_name = "ENTRY|TIME")]
    pub to: Option<String>,
    /// Kỳ / Period
    #[arg(long, value_name = "P")]
    pub period: Option<String>,
    /// Tính đến hết ngày / As of the end of this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<String>,
    /// Chỉ một đơn vị / Only this unit
    #[arg(long, value_name = "CODE")]
    pub unit: Option<String>,
    /// Chỉ một chỉ tiêu / Only this target
    #[arg(long, value_name = "ID")]
    pub target: Option<String>,
    /// Dạng kết quả / Form of the result
    #[arg(long, value_enum, default_value = "table")]
    pub format: DiffFormat,
}

/// The form of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For a terminal.
    Table,
    /// For programs.
    Json,
}

/// `log`
#[derive(Args, Debug)]
pub struct Log {
    /// Gói dữ liệu / The bundle
    pub bundle: PathBuf,
    /// Một mục, với mọi chi tiết / One entry, with all its details
    pub entry: Option<u64>,
}

/// `record`
#[derive(Args, Debug)]
pub struct Record {
    /// Gói dữ liệu / The bundle
    pub bundle: PathBuf,
    /// Lý do / The reason
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Người ghi / Who records it
    #[arg(long, value_name = "WHO")]
    pub by: Option<String>,
}

/// A reason was given that says nothing.
#[derive(Debug, thiserror::Error)]
#[error("no reason")]
pub struct NoReason;

/// A reason, which must say something.
fn given(text: &str) -> Result<String, NoReason> {
    match text.trim() {
        "" => Err(NoReason),
        said => Ok(said.to_owned()),
    }
}

/// `undo`
#[derive(Args, Debug)]
pub struct Undo {
    /// Gói dữ liệu / The bundle
    pub bundle: PathBuf,
    /// Mục cần huỷ / The entry to undo
    pub entry: u64,
    /// Lý do / The reason
    #[arg(long, value_name = "TEXT", value_parser = given)]
    pub reason: String,
    /// Người huỷ / Who undoes it
    #[arg(long, value_name = "WHO")]
    pub by: Option<String>,
}

/// `withdraw`
#[derive(Args, Debug)]
pub struct Withdraw {
    /// Gói dữ liệu / The bundle
    pub bundle: PathBuf,
    /// Loại dữ liệu / Kind of record
    pub kind: String,
    /// Mã các bản ghi / Keys of the records
    #[arg(required = true, value_name = "KEY")]
    pub keys: Vec<String>,
    /// Lý do / The reason
    #[arg(long, value_name = "TEXT", value_parser = given)]
    pub reason: String,
    /// Người rút / Who withdraws them
    #[arg(long, value_name = "WHO")]
    pub by: Option<String>,
    /// Đơn vị cung cấp / The unit that supplies them
    #[arg(long, value_name = "CODE")]
    pub supplier: Option<String>,
}

/// `transfer`
#[derive(Args, Debug)]
pub struct Transfer {
    /// Gói dữ liệu / The bundle
    pub bundle: PathBuf,
    /// Loại dữ liệu / Kind of record
    pub kind: String,
    /// Đơn vị đang cung cấp; bỏ trống: không ghi đơn vị / The unit that supplies them now; absent: none was named
    #[arg(long, value_name = "CODE")]
    pub from: Option<String>,
    /// Đơn vị sẽ cung cấp / The unit that will
    #[arg(long, value_name = "CODE")]
    pub to: Option<String>,
    /// Lý do / The reason
    #[arg(long, value_name = "TEXT", value_parser = given)]
    pub reason: String,
    /// Người ghi / Who records it
    #[arg(long, value_name = "WHO")]
    pub by: Option<String>,
}

/// `fsck`
#[derive(Args, Debug)]
pub struct Fsck {
    /// Gói dữ liệu / The bundle
    pub bundle: PathBuf,
}

/// `erase`
#[derive(Args, Debug)]
pub struct Erase {
    /// Gói dữ liệu / The bundle
    pub bundle: PathBuf,
    /// Loại dữ liệu / Kind of record
    pub kind: String,
    /// Mã các bản ghi / Keys of the records
    #[arg(required = true, value_name = "KEY")]
    pub keys: Vec<String>,
    /// Lý do / The reason
    #[arg(long, value_name = "TEXT", value_parser = given)]
    pub reason: String,
    /// Người xoá / Who erases them
    #[arg(long, value_name = "WHO")]
    pub by: Option<String>,
}

/// `tidy`
#[derive(Args, Debug)]
pub struct Tidy {
    /// Gói dữ liệu / The bundle
    pub bundle: PathBuf,
    /// Lập lại tệp nền dù chưa cần / Make bases even where they are not needed yet
    #[arg(long)]
    pub base: bool,
}

/// `map`
#[derive(Args, Debug)]
pub struct Map {
    /// Tệp cần ánh xạ / The file: CSV, TSV, XLSX, NDJSON, Parquet
    pub file: PathBuf,
    /// Loại dữ liệu / Kind of record: dossier, procedure, position, …
    #[arg(long)]
    pub kind: String,
    /// Gói dữ liệu để nhận ra tên đơn vị và múi giờ / A bundle, to know its units and zone
    #[arg(long, value_name = "BUNDLE")]
    pub bundle: Option<PathBuf>,
    /// Trang tính / The sheet of a workbook
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Nơi ghi tệp ánh xạ / Where to write it (default: the screen)
    #[arg(long, value_name = "M.toml")]
    pub out: Option<PathBuf>,
}

/// `template`
#[derive(Args, Debug)]
pub struct Template {
    /// Loại dữ liệu, ví dụ dialogue / The kind, such as dialogue
    pub kind: String,
    /// Tệp sẽ ghi, đuôi .xlsx / The file to write, ending in .xlsx
    #[arg(value_name = "OUT.xlsx")]
    pub out: PathBuf,
    /// Gói dữ liệu, để chọn được tên các đơn vị / The bundle, for the names of its units
    #[arg(long, value_name = "BUNDLE")]
    pub bundle: Option<PathBuf>,
    /// Điền sẵn đơn vị này / Fill this unit in
    #[arg(long, value_name = "UNIT", requires = "bundle")]
    pub unit: Option<String>,
}

/// `explain`
#[derive(Args, Debug)]
pub struct Explain {
    /// Bundle, period, day. (The target comes after the bundle.)
    #[command(flatten)]
    pub scope: Scope,
    /// Chỉ tiêu / The target
    pub target: String,
    /// Chỉ một đơn vị / Only this unit
    #[arg(long, value_name = "CODE")]
    pub unit: Option<String>,
    /// Một hồ sơ theo mã / One record, by its key
    #[arg(long, value_name = "KEY")]
    pub record: Option<String>,
}

/// `example`
#[derive(Args, Debug)]
pub struct Example {
    /// Thư mục sẽ tạo / The folder to make
    pub out: PathBuf,
    /// Số hồ sơ / Dossiers
    #[arg(long, default_value_t = 100_000)]
    pub dossiers: u64,
    /// Số đơn vị / Units
    #[arg(long, default_value_t = 20)]
    pub units: u32,
    /// Hạt giống / Seed: the same seed makes the same bundle
    #[arg(long, default_value_t = 2020)]
    pub seed: u64,
    /// Dạng tệp hồ sơ / Form of the records
    #[arg(long, value_enum, default_value = "parquet")]
    pub format: RecordFormat,
    /// Dữ liệu cài thêm / What is planted: three habits, or all that signals look for, in exports to be loaded in order
    #[arg(long, value_enum, default_value = "three")]
    pub tricks: Tricks,
}

/// What a generated bundle has planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Tricks {
    /// Ba thủ thuật, hồ sơ nằm trong gói / Three tricks, records inside the bundle
    Three,
    /// Mọi thủ thuật, các tệp xuất nằm cạnh gói / All tricks, exports beside the bundle
    All,
}

/// The form of generated records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RecordFormat {
    /// Parquet
    Parquet,
    /// CSV
    Csv,
}
