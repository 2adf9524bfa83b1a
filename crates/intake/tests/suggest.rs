//! Proposed mappings: they load as they stand, and what a person must decide is said.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test should stop")]

mod common;

use common::*;
use giaouoc_agreement::text::Lang;
use giaouoc_intake::{Collected, Input, Limits, Load, Mapping, Proposal, Summary, Units, suggest};
use proptest::prelude::*;

fn propose(id: &str, input: &Input<'_>, units: &Units) -> Proposal {
    let (mapping, limits) = (Mapping::default(), Limits::default());
    let load =
        Load { kind: kind(id), mapping: &mapping, units, zone: &zone(), limits: &limits, personal: false };
    suggest(input, &load).unwrap()
}

fn propose_text(id: &str, csv: &str, units: &Units) -> (Proposal, String) {
    let proposal = propose(id, &Input::Bytes { name: "a.csv", bytes: csv.as_bytes() }, units);
    let text = proposal.toml(Lang::En);
    (proposal, text)
}

/// What the proposal reads, as it stands or with edits: each replaces one text by another.
fn reads(
    id: &str,
    input: &Input<'_>,
    text: &str,
    edits: &[(&str, &str)],
    units: &Units,
) -> (Summary, Collected) {
    let mut text = text.to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "{from} is not in\n{text}");
        text = text.replacen(from, to, 1);
    }
    let kind = kind(id);
    let mapping = Mapping::parse("m.toml", text.as_bytes(), kind)
        .unwrap_or_else(|problems| panic!("{problems:#?}\n{text}"));
    load_with(input, kind, &mapping, units, &Limits::default())
        .unwrap_or_else(|error| panic!("{error}\n{text}"))
}

const CSV: &str = "\
Mã hồ sơ;Đơn vị;Kênh;Ngày tiếp nhận;Ngày hẹn trả;Thời hạn;Kết quả giải quyết;Chủ hồ sơ;Ghi chú
A1;H26.13;Trực tiếp;05/03/2020 08:00;20/03/2020;10 ngày làm việc;Đã cấp;Nguyễn Văn A;gấp
A2;H26.13;Trực tuyến;06/03/2020 08:00;21/03/2020;2 ngày; 3 ngày;Cấp lại;Nguyễn Văn B;
A3;Sở Tư pháp;Bưu chính;25/03/2020 08:00;30/03/2020;20 ngày;Đã cấp;Nguyễn Văn C;
";

fn csv() -> String {
    CSV.replace("2 ngày; 3 ngày", "\"2 ngày; 3 ngày\"")
}

#[test]
fn a_file_of_an_office() {
    let (proposal, text) = propose_text("dossier", &csv(), &units());
    insta::assert_snapshot!(text);
    insta::assert_snapshot!(
        propose("dossier", &Input::Bytes { name: "a.csv", bytes: csv().as_bytes() }, &units()).toml(Lang::Vi)
    );
    assert_eq!(proposal.open(), ["time_limit", "outcome"]);
    let csv = csv();
    let input = Input::Bytes { name: "a.csv", bytes: csv.as_bytes() };
    let (summary, out) = reads("dossier", &input, &text, &[], &units());
    assert_eq!(sums(&summary), "3 = 2 + 1 + 0");
    assert_eq!(rejected(&out), [r#"3 outcome not-in-values "Cấp lại""#]);
    let edits = [("# \"Cấp lại\" = \"?\"", "\"Cấp lại\" = \"granted\"")];
    let (summary, out) = reads("dossier", &input, &text, &edits, &units());
    assert_eq!(sums(&summary), "3 = 3 + 0 + 0");
    let rows = written(&out);
    assert!(
        rows.contains("A1,H26.13,in-person,2020-03-05T01:00:00Z,10 working days,10,2020-03-20,granted"),
        "{rows}"
    );
    assert!(!text.contains("Nguyễn"), "personal values are not shown:\n{text}");
}

#[test]
fn dates_prove_their_order_or_it_is_said() {
    let format = |dates: &[&str]| {
        let rows: String =
            dates.iter().enumerate().map(|(at, date)| format!("A{at},H26.13,{date}\n")).collect();
        let (_, text) = propose_text("dossier", &format!("code,unit,received_at\n{rows}"), &units());
        let line = text.lines().find(|line| line.starts_with("received_at")).unwrap().to_owned();
        let asked = text.lines().any(|line| line.starts_with("# ?"));
        (line.split("format = ").nth(1).unwrap_or_default().to_owned(), asked)
    };
    let of = |format: &str, asked: bool| (format.to_owned(), asked);
    assert_eq!(format(&["05/03/2020", "25/03/2020"]), of("\"dd/mm/yyyy\" }", false));
    assert_eq!(format(&["05/03/2020", "03/25/2020"]), of("\"mm/dd/yyyy\" }", false));
    assert_eq!(format(&["05/03/2020", "06/03/2020"]), of("\"dd/mm/yyyy\" }", true));
    assert_eq!(format(&["25/03/2020", "03/25/2020"]), of("\"dd/mm/yyyy\" }", true));
    assert_eq!(format(&["2020-03-25", "2020-03-05"]), of("\"iso\" }", false));
    assert_eq!(format(&["20200325", "20200305"]), of("", false));
    assert_eq!(format(&["25/03/2020", "sớm"]), of("\"dd/mm/yyyy\" }", true));
}

#[test]
fn the_zone_is_asked_for_only_where_times_have_none() {
    let zone = |date: &str| {
        propose_text("dossier", &format!("code,unit,received_at\nA,H26.13,{date}\n"), &units())
            .1
            .contains("zone =")
    };
    assert!(zone("05/03/2020 08:00"));
    assert!(zone("2020-03-05 08:00:00"));
    assert!(!zone("2020-03-05 08:00:00+07:00"));
    assert!(!zone("2020-03-05T08:00:00Z"));
    assert!(!zone("2020-03-05T08:00:00-05:00"));
    assert!(!zone("05/03/2020"));
}

#[test]
fn what_is_required_and_not_known_is_a_line_for_a_person() {
    let csv = "số,phòng,ngày\nA,một,05/03/2020\nB,hai,25/03/2020\nC,một,25/03/2020\n";
    let (proposal, text) = propose_text("dossier", csv, &Units::any());
    assert_eq!(proposal.open(), ["code", "unit"]);
    let input = Input::Bytes { name: "a.csv", bytes: csv.as_bytes() };
    let kind = kind("dossier");
    let mapping = Mapping::parse("m", text.as_bytes(), kind).unwrap();
    let error = load_with(&input, kind, &mapping, &Units::any(), &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "missing-columns", "{error}");
    let (summary, _) = reads(
        "dossier",
        &input,
        &text,
        &[("# code = \"số\"", "code = \"số\""), ("# unit = \"phòng\"", "unit = \"phòng\"")],
        &Units::any(),
    );
    assert_eq!(sums(&summary), "3 = 3 + 0 + 0");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Whatever the headers and cells are, the proposal is a mapping.
    #[test]
    fn a_proposal_is_a_mapping(
        heads in proptest::collection::vec("(Mã hồ sơ|Đơn vị|Kết quả|Ngày trả|Ngày hẹn trả|[^,\r\n\u{0}]{1,12})", 2..6),
        cells in proptest::collection::vec("(05/03/2020|1|Đã cấp|[^,\r\n\u{0}]{0,12})", 4..20),
    ) {
        let quote = |text: &String| format!("\"{}\"", text.replace('"', "\"\""));
        let mut csv = heads.iter().map(quote).collect::<Vec<_>>().join(",");
        for row in cells.chunks(heads.len()) {
            csv += "\n";
            csv += &row.iter().map(quote).collect::<Vec<_>>().join(",");
        }
        let (mapping, limits) = (Mapping::default(), Limits::default());
        let (kind, zone, units) = (kind("dossier"), zone(), units());
        let load = Load { kind, mapping: &mapping, units: &units, zone: &zone, limits: &limits, personal: false };
        let input = Input::Bytes { name: "a.csv", bytes: csv.as_bytes() };
        // Some of these are no tables; then there is nothing to propose.
        if let Ok(proposal) = suggest(&input, &load) {
            for lang in [Lang::Vi, Lang::En] {
                let text = proposal.toml(lang);
                let read = Mapping::parse("m", text.as_bytes(), kind);
                prop_assert!(read.is_ok(), "{:#?}\n{}", read.err(), text);
            }
        }
    }
}

/// The permit log: two edits name the unit and the deadlines (no kind knows those headers), one more says
/// what two channels mean.
#[test]
fn the_permit_log_needs_few_edits() {
    let Some(path) = shared("receipt/cases.csv") else { return };
    let input = Input::Path(&path);
    let proposal = propose("dossier", &input, &Units::any());
    let text = proposal.toml(Lang::En);
    println!("{text}");
    assert_eq!(proposal.open(), ["unit", "channel"]);
    let edits = [
        ("# unit = \"case:department\"", "unit = \"case:department\""),
        ("# others = \"unknown\"", "others = \"unknown\""),
        ("[columns]", "[columns]\nfirst_due_at = \"case:deadline\"\ndue_at = \"case:enddate_planned\""),
    ];
    let (summary, out) = reads("dossier", &input, &text, &edits, &Units::any());
    assert_eq!(sums(&summary), "939 = 939 + 0 + 0");
    // The same records as by the mapping that a person wrote.
    let mapping = map_file("permit-log-cases.toml", kind("dossier"));
    let mut units = Units::new();
    for (code, name) in [("D01", "General"), ("D02", "Customer contact"), ("D03", "Experts")] {
        units.add(code, [name]);
    }
    let (_, by_hand) = load_with(&input, kind("dossier"), &mapping, &units, &Limits::default()).unwrap();
    // With the bundle's units the department is known by its values: no edit for it.
    let known = propose("dossier", &input, &units);
    assert_eq!(known.open(), ["channel"]);
    let (_, out_known) = reads("dossier", &input, &known.toml(Lang::Vi), &edits[1..], &units);
    assert_eq!(written(&out_known), written(&by_hand));
    assert_eq!(out.batches.iter().map(|batch| batch.num_rows()).sum::<usize>(), 939);
}

/// Boston: one edit for the unit, one for the zone, one for what the city's channels mean.
#[test]
fn boston_needs_few_edits() {
    let Some(path) = shared("boston-311/requests.csv") else { return };
    let input = Input::Path(&path);
    let proposal = propose("dossier", &input, &Units::any());
    let text = proposal.toml(Lang::En);
    println!("{text}");
    assert_eq!(proposal.open(), ["unit"]);
    let edits = [
        ("# unit = \"department\"", "unit = \"department\""),
        ("# zone = \"Asia/Ho_Chi_Minh\"", "zone = \"America/New_York\""),
    ];
    let (summary, out) = reads("dossier", &input, &text, &edits, &Units::any());
    assert_eq!(sums(&summary), "100 = 100 + 0 + 0");
    let rows = written(&out);
    assert!(rows.contains("2022-01-21T18:47:00Z"), "13:47 in Boston in January: {}", &rows[..300]);
}

/// The portal's workbooks and its totals.
#[test]
fn the_portals_files_need_no_edit_or_few() {
    for (name, rows) in [
        ("BoTaiChinh", 706),
        ("BoXayDung", 525),
        ("NganhangNhanuocVietNam", 261),
        ("NongNghiepvaMoiTruong", 537),
    ] {
        let Some(path) = shared(&format!("procedures/lists/danh-sach-tthc-{name}.xlsx")) else { return };
        let input = Input::Path(&path);
        let proposal = propose("procedure", &input, &Units::any());
        let text = proposal.toml(Lang::Vi);
        println!("{text}");
        // "Cơ quan thực hiện" is often blank; the authority that issues is the better unit, which a person knows.
        let (summary, _) = reads(
            "procedure",
            &input,
            &text,
            &[("\nunit = \"Cơ quan thực hiện\"", "\nunit = \"Cơ quan ban hành\"")],
            &Units::any(),
        );
        assert_eq!(sums(&summary), format!("{rows} = {rows} + 0 + 0"), "{name}");
    }
    let Some(path) = shared("procedures/lists/toa-an-nhan-dan.xlsx") else { return };
    let input = Input::Path(&path);
    let text = propose("procedure", &input, &Units::any()).toml(Lang::Vi);
    let (summary, _) = reads("procedure", &input, &text, &[], &Units::any());
    assert_eq!(sums(&summary), "3 = 3 + 0 + 0", "no edit");

    // Totals as the portal publishes them: the period and the source stand in no column of the file.
    let Some(path) = shared("phu-tho-766/progress_2026.csv") else { return };
    let input = Input::Path(&path);
    let proposal = propose("totals", &input, &Units::any());
    let text = proposal.toml(Lang::En);
    println!("{text}");
    assert_eq!(proposal.open(), ["code", "from", "to", "source"]);
    let edits = [
        ("# code = \"department_code\"", "code = \"department_code\""),
        ("# from = { constant = ? }", "from = { constant = 2026-01-01 }"),
        ("# to = { constant = ? }", "to = { constant = 2026-09-26 }"),
        ("# source = { constant = \"?\" }", "source = { constant = \"published\" }"),
    ];
    let (summary, _) = reads("totals", &input, &text, &edits, &Units::any());
    assert_eq!(sums(&summary), "163 = 163 + 0 + 0");
}

/// Registers mix what counts working days with what does not; and totals below the table are no records.
#[test]
fn limits_of_several_sorts_are_time_limits() {
    let csv = "Mã hồ sơ;Đơn vị;Thời hạn giải quyết\n\
               A1;H26.13;20 ngày\n\
               A2;H26.13;05 ngày làm việc\n\
               A3;H26.13;08 giờ làm việc\n\
               Tổng số: 3 hồ sơ;;\n";
    let (_, text) = propose_text("dossier", csv, &units());
    assert!(text.lines().any(|line| line.starts_with("time_limit ")), "{text}");
    assert!(!text.contains("\ntime_limit_days"), "{text}");
    let input = Input::Bytes { name: "a.csv", bytes: csv.as_bytes() };
    let (summary, out) = reads("dossier", &input, &text, &[], &units());
    assert_eq!((sums(&summary), summary.skipped_totals), ("4 = 3 + 0 + 1".to_owned(), 1));
    assert!(written(&out).contains("A2,H26.13,5 working days,5\n"), "{}", written(&out));
    assert!(text.contains("3 ") && !text.contains("Tổng số"), "{text}");

    // Working days alone stay what they are.
    let days = csv.replace("20 ngày", "20").replace("08 giờ làm việc", "8 ngày làm việc");
    let (_, text) = propose_text("dossier", &days, &units());
    assert!(text.lines().any(|line| line.starts_with("time_limit_days ")), "{text}");
}
