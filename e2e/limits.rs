//! Time limits in words, from a file to a verdict.

use std::fs;

use crate::journey::{AGREEMENT, Journey, flat};
use crate::program::giaouoc_in;

/// 30 April and 1 May 2020 were days off. One on time, one late, two that nobody can tell.
const ROWS: &str = "Mã hồ sơ,Đơn vị,Ngày tiếp nhận,Thời hạn,Ngày kết thúc xử lý\n\
                    A-1,M01,29/04/2020 09:00,01 ngày làm việc,04/05/2020 17:00\n\
                    A-2,M01,28/04/2020 09:00,2 ngày,05/05/2020 09:00\n\
                    A-3,M01,28/04/2020 09:00,08 giờ,05/05/2020 09:00\n\
                    A-4,M01,28/04/2020 09:00,,05/05/2020 09:00\n";

#[test]
fn a_due_date_follows_from_a_time_limit_in_words() {
    let journey = Journey::new();
    let agreement =
        AGREEMENT.replace("<= day(first_due_at)\"", "<= day(due_by(received_at, time_limit))\"").replace(
            "first_due_at = \"2020-03-05\" }",
            "received_at = \"2020-03-02\", time_limit = \"03 ngày làm việc\" }",
        );
    fs::write(journey.bundle().join("agreement.toml"), agreement).unwrap();
    let path = journey.folder.path().join("hồ sơ.csv");
    fs::write(&path, ROWS).unwrap();
    let said = journey.done("load", &["dossier", path.to_str().unwrap()]);
    assert!(said.contains("4 new"), "{said}");
    // A blank limit, or one that nobody can reckon with, makes nobody look better: it stays in the denominator.
    let score = journey.score();
    assert!(score.lines().any(|line| line.contains("on-time") && line.contains(",1,4,")), "{score}");
    let explain = |locale: &str, key: &str| {
        let bundle = journey.bundle();
        let args =
            ["explain".as_ref(), bundle.as_os_str(), "on-time".as_ref(), "--record".as_ref(), key.as_ref()];
        let run = giaouoc_in(locale, 80, args);
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.out.lines().all(|line| line.chars().count() <= 80), "{}", run.out);
        // The entry's time is the machine's.
        run.out.lines().map(|line| timeless(line) + "\n").collect::<String>()
    };
    let (vi, en) = (explain("vi_VN.UTF-8", "A-2"), explain("en_US.UTF-8", "A-2"));
    insta::assert_snapshot!("limits-explained", format!("{vi}\n{en}"));
    assert!(flat(&explain("en_US.UTF-8", "A-3")).contains("unknown"), "hours of which it is not said which");
}

/// A line without the time of its entry: "entry 5 (25/11/2026 13:31)" becomes "entry 5 (…)".
fn timeless(line: &str) -> String {
    let entry = ["mục ", "entry "].iter().any(|word| line.trim_start().starts_with(word));
    match line.split_once('(').filter(|_| entry) {
        Some((before, rest)) => format!("{before}(…){}", rest.split_once(')').map_or("", |(_, after)| after)),
        None => line.to_owned(),
    }
}
