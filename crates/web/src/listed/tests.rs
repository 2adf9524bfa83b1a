use super::markup::found;
use super::*;

const TABLE: &str = concat!(
    "<h1>x</h1><div class=\"scroll\" aria-label=\"Tệp\" data-list=\"tep\"><table><thead><tr><th scope=\"col\">Tệp</th>",
    "<th scope=\"col\">Ngày</th><th data-off>Việc</th></tr></thead><tbody>",
    "<tr><th scope=\"row\"><a href=\"1\"><bdi>Ổi &#38; mận</bdi></a><br><small data-col=\"Mã\">A-2</small></th>",
    "<td>09:30 ngày 02/01/2021</td><td><form><button>Bỏ</button></form></td></tr>\n",
    "<tr><th scope=\"row\">Đào</th><td>08:00 ngày 03/02/2020</td><td></td></tr></tbody></table></div><p>y</p>"
);

fn page(query: &str) -> String {
    drawn(TABLE, &found(TABLE), &Asked::of(Some(query)), Lang::Vi).unwrap()
}

#[test]
fn a_table_is_read_as_it_is_shown() {
    let lists = found(TABLE);
    let [list] = lists.as_slice() else { panic!("{lists:?}") };
    assert_eq!((list.name.as_str(), list.columns.join("|")), ("tep", "Tệp|Ngày|Mã".to_owned()));
    assert_eq!(list.cells(0), ["Ổi & mận", "09:30 ngày 02/01/2021", "A-2"]);
    assert_eq!(list.cells(1), ["Đào", "08:00 ngày 03/02/2020", ""]);
}

#[test]
fn rows_that_are_no_table() {
    let html = concat!(
        "<ul data-list=\"ma\"><li data-row><h3 data-col=\"Tên\">Một &#60;b&#62;</h3><ul><li>trong</li></ul>",
        "<p><span data-col=\"Hạn\" data-value=\"2020-01-02\">mai</span></p><form data-col=\"Không\"></form></li>",
        "<li data-row><p data-col=\"Tên\">Hai <em data-off>ẩn</em><strong>chữ</strong></p></li></ul>"
    );
    let lists = found(html);
    assert_eq!(lists[0].columns, ["Tên", "Hạn", "Không"]);
    assert_eq!(lists[0].cells(0), ["Một <b>", "2020-01-02", ""]);
    assert_eq!(lists[0].cells(1), ["Hai chữ", "", ""]);
}

#[test]
fn orders_and_files_are_offered() {
    let shown = page("before=7");
    assert!(shown.contains("<a href=\"?before=7&amp;sort=tep.1#list-tep\" title="), "{shown}");
    assert!(
        shown.contains("<a href=\"?before=7&amp;list=tep.csv\" download aria-label=\"CSV: Tệp\">CSV</a>")
    );
    assert!(!shown.contains("tep.3#"), "no order by a head that is none: {shown}");
    assert!(shown.ends_with("</p><p>y</p>"));
    // The moment decides, not its letters; from the end with the minus.
    let at = |shown: &str, text: &str| shown.find(text).unwrap();
    let sorted = page("sort=tep.2");
    assert!(at(&sorted, "Đào") < at(&sorted, "Ổi"), "{sorted}");
    assert!(sorted.contains("<th scope=\"col\" aria-sort=\"ascending\"><a href=\"?sort=tep.-2#list-tep\""));
    assert!(sorted.contains("?list=tep.xlsx&amp;sort=tep.2\""), "the order survives in the file");
    let back = page("sort=tep.-2");
    assert!(at(&back, "Ổi") < at(&back, "Đào") && back.contains("aria-sort=\"descending\""));
    // Đ before Ô, as Vietnamese has it.
    let named = page("sort=tep.1");
    assert!(at(&named, "Đào") < at(&named, "Ổi"));
    // An order of no column, or of another list, is none.
    for none in ["sort=tep.9", "sort=tep.0", "sort=khac.1"] {
        let shown = page(none);
        assert!(at(&shown, "Ổi") < at(&shown, "Đào"), "{none}");
    }
}

#[test]
fn what_an_address_carries_cannot_leave_its_quotes() {
    let shown = page("q=\"><script>&sort=tep.1");
    assert!(!shown.contains("<script>"), "{shown}");
}
