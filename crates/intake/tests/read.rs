//! Files of every format into checked rows, through the crate's front door.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failing test should stop")]

mod common;

use common::*;

#[test]
fn a_plain_csv_is_read_without_a_mapping() {
    let csv = "Mã hồ sơ,Đơn vị xử lý,Ngày tiếp nhận,Ngày hẹn trả,Chủ hồ sơ,Ghi chú\n\
               A-1,H26.01,05/03/2020 08:30,12/03/2020,Nguyễn Văn A,\n\
               A-2,Sở Nội vụ,31/02/2020,,Trần B,gấp\n";
    let (summary, out) = load("dossier", "ho-so.csv", csv.as_bytes(), "").unwrap();
    assert_eq!(sums(&summary), "2 = 1 + 1 + 0");
    assert_eq!(written(&out), "code,unit,received_at,due_at\nA-1,H26.01,2020-03-05T01:30:00Z,2020-03-12\n");
    assert_eq!(rejected(&out), ["3 received_at no-such-day \"31/02/2020\""]);
    assert_eq!(summary.personal, ["Chủ hồ sơ"]);
    assert_eq!(summary.ignored.len(), 1);
    assert!(summary.absent.contains(&"finished_at".to_owned()));
}
