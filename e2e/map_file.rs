//! `giaouoc map`: a proposal is written, nothing is overwritten, and what it says loads.

use crate::program::{copy_of, giaouoc, giaouoc_in, root, shared};

#[test]
fn a_proposal_goes_to_the_screen_or_to_a_new_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("hồ sơ.csv");
    std::fs::write(&file, "Mã hồ sơ,Đơn vị,Ngày tiếp nhận,Số điện thoại\nA1,H26.13,25/03/2020,0900000000\n")
        .unwrap();
    let file = file.to_str().unwrap();
    let run = giaouoc(["map", file, "--kind", "dossier"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(
        run.out.contains("received_at = { from = \"Ngày tiếp nhận\", format = \"dd/mm/yyyy\" }"),
        "{}",
        run.out
    );
    assert!(!run.out.contains("0900000000"), "personal values are not shown: {}", run.out);
    let vi = giaouoc_in("vi_VN.UTF-8", 80, ["map", file, "--kind", "dossier"]);
    assert!(vi.out.contains("Ánh xạ đề xuất"), "{}", vi.out);
    let out = dir.path().join("maps/ho-so.toml");
    let out = out.to_str().unwrap();
    let run = giaouoc(["map", file, "--kind", "dossier", "--out", out]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    assert!(run.err.contains("as it is"), "{}", run.err);
    let again = giaouoc(["map", file, "--kind", "dossier", "--out", out]);
    assert_eq!(again.code, 2, "a mapping that was edited is not overwritten");
    assert!(again.err.contains("exists already"), "{}", again.err);
    let wrong = giaouoc(["map", file, "--kind", "dosier"]);
    assert_eq!(wrong.code, 2);
}

/// The permit log: proposed with the bundle's units, two columns added by hand, loaded.
#[test]
fn the_permit_log_is_mapped_and_loaded() {
    let Some(data) = shared("receipt/cases.csv") else { return };
    let dir = copy_of(&root().join("e2e/real/permit-log"));
    let cluster = std::fs::read_to_string(dir.path().join("cluster.toml")).unwrap();
    let (before, _) = cluster.split_once("[[file]]").unwrap();
    std::fs::write(dir.path().join("cluster.toml"), before).unwrap();
    let map = dir
        .path()
        .join("../proposed.toml")
        .with_file_name(format!("{}.toml", dir.path().file_name().unwrap().to_string_lossy()));
    let (data, bundle, map_path) =
        (data.to_str().unwrap(), dir.path().to_str().unwrap(), map.to_str().unwrap());
    let run = giaouoc(["map", data, "--kind", "dossier", "--bundle", bundle, "--out", map_path]);
    assert_eq!(run.code, 0, "{}", run.err);
    let text = std::fs::read_to_string(&map).unwrap();
    let edited = text
        .replace(
            "[columns]\n",
            "[columns]\nfirst_due_at = \"case:deadline\"\ndue_at = \"case:enddate_planned\"\n",
        )
        .replace("# others = \"unknown\"", "others = \"unknown\"")
        .replace("# unit = \"case:department\"", "unit = \"case:department\"");
    std::fs::write(&map, edited).unwrap();
    let run = giaouoc(["load", bundle, "dossier", data, "--map", map_path]);
    assert_eq!(run.code, 0, "{}\n{}\n{text}", run.out, run.err);
    let said = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("939 records read: 939 new, 0 changed, 0 unchanged, 0 rejected."), "{said}");
    assert_eq!(crate::program::board(dir.path()).share("on-time", "all"), "680/924");
    std::fs::remove_file(map).unwrap();
}

/// Events are folded by `load`, and what is odd about them is said.
#[test]
fn the_permit_logs_events_are_loaded_and_what_is_odd_is_said() {
    let Some(data) = shared("receipt/events.csv") else { return };
    let dir = copy_of(&root().join("e2e/real/permit-log"));
    let cluster = std::fs::read_to_string(dir.path().join("cluster.toml")).unwrap();
    let (before, _) = cluster.split_once("[[file]]").unwrap();
    std::fs::write(dir.path().join("cluster.toml"), before).unwrap();
    let map =
        std::fs::read_to_string(root().join("crates/intake/tests/maps/permit-log-events.toml")).unwrap();
    let map = map.replace("\"D0", "\"D");
    let map_path = dir.path().join("maps/events.toml");
    std::fs::write(&map_path, map).unwrap();
    let bundle = dir.path().to_str().unwrap();
    let run =
        giaouoc(["load", bundle, "dossier", data.to_str().unwrap(), "--map", map_path.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{}\n{}", run.out, run.err);
    let out = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = "5739 events read: 5739 used, 0 rejected, 0 skipped; 939 records made.";
    assert!(out.contains(said), "{out}");
    assert!(out.contains("records that end before they start: 1; case-8267"), "{out}");
    // The same figure as of the file with one row a case.
    assert_eq!(crate::program::board(dir.path()).share("on-time", "all"), "680/924");
}
