//! What is found, in which order, by whom.
#![allow(clippy::unwrap_used, reason = "tests: helpers stand outside of test functions")]

use std::fs;
use std::path::Path;

use giaouoc_agreement::text::Text;
use giaouoc_find::{Access, Asked, Document, Index, Reader, State, state};

fn document(title: &str, text: &str, access: Access) -> Document {
    Document {
        sort: if title.contains("Sở") { "unit" } else { "clause" }.to_owned(),
        title: Text::same(title),
        text: Text::same(text),
        address: format!("/{title}"),
        access: vec![access],
        cluster: Some("six".to_owned()),
        ..Document::default()
    }
}

fn asked(text: &str) -> Asked {
    Asked { text: text.to_owned(), most: 20, ..Asked::default() }
}

fn titles(index: &Index, reader: &Reader, asked: &Asked) -> Vec<String> {
    let found = index.find(reader, asked).unwrap();
    found.hits.into_iter().map(|hit| hit.document.title.vi).collect()
}

/// Invented texts in the words of the trade.
const TEXTS: [(&str, &str); 12] = [
    ("Cải cách hành chính", "Đẩy mạnh cải cách hành chính, một cửa, một cửa liên thông"),
    ("Thủ tục hành chính", "Công khai thủ tục hành chính; cải tiến cách tiếp dân"),
    ("Cải tạo trụ sở", "Phòng hành chính quản trị phụ trách"),
    ("Hành chính công", "cải tiến cách làm, hành chính phục vụ, hành chính gần dân, hành chính, hành chính"),
    ("Người tốt, việc tốt", "Nêu gương người tốt việc tốt trong cụm"),
    ("Tốt nghiệp lớp bồi dưỡng", "Người học nhận chứng chỉ"),
    ("Sở Nội vụ", "Cơ quan tham mưu về tổ chức bộ máy"),
    ("Sở Ngoại vụ", "Nội dung đối ngoại"),
    ("Đúng hạn", "Tỷ lệ hồ sơ giải quyết đúng hạn và trước hạn"),
    ("Hạn mặn", "Hồ chứa nước đúng chỗ"),
    ("Đối thoại với nhân dân", "Ít nhất hai lần một năm"),
    ("Bán đấu giá", "Ban bán tài sản"),
];

#[test]
fn a_table_of_questions_and_what_stands_first() {
    let folder = tempfile::tempdir().unwrap();
    let (index, new) = Index::open(folder.path()).unwrap();
    assert!(new);
    let documents: Vec<Document> =
        TEXTS.iter().map(|(title, text)| document(title, text, Access::Public)).collect();
    index.replace("x", &documents).unwrap();
    let cases: [(&str, &[&str]); 15] = [
        // The words as neighbours come first; the words of it in any order do not drown them.
        ("cải cách hành chính", &["Cải cách hành chính", "Hành chính công"]),
        ("cai cach hanh chinh", &["Cải cách hành chính"]),
        // As it was typed it stands in one of them, across a semicolon.
        ("hành chính cải", &["Thủ tục hành chính"]),
        ("thủ tục hành chính", &["Thủ tục hành chính"]),
        ("THU TUC HANH CHINH", &["Thủ tục hành chính"]),
        ("nguoi tot", &["Người tốt, việc tốt", "Tốt nghiệp lớp bồi dưỡng"]),
        ("người tốt việc tốt", &["Người tốt, việc tốt"]),
        ("nội vụ", &["Sở Nội vụ", "Sở Ngoại vụ"]),
        ("noi vu", &["Sở Nội vụ"]),
        ("đúng hạn", &["Đúng hạn", "Hạn mặn"]),
        ("dung han", &["Đúng hạn"]),
        ("doi thoai nhan dan", &["Đối thoại với nhân dân"]),
        // Marks that were typed tell words apart.
        ("bán", &["Bán đấu giá"]),
        ("zzz", &[]),
        ("— ?", &[]),
    ];
    for (question, expected) in cases {
        let found = titles(&index, &Reader::default(), &asked(question));
        assert!(found.len() >= expected.len(), "{question}: {found:?}");
        assert_eq!(found[..expected.len()], *expected, "{question}: {found:?}");
        if expected.is_empty() {
            assert_eq!(found, [""; 0], "{question}");
        }
    }
    // All three words must be there: what has two of them is not found.
    assert!(!titles(&index, &Reader::default(), &asked("hành chính cải")).contains(&"Đúng hạn".to_owned()));
}

#[test]
fn what_a_reader_may_not_see_is_neither_shown_nor_counted() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = Index::open(folder.path()).unwrap();
    let unit = |cluster: &str, unit: &str| Access::Unit(cluster.to_owned(), unit.to_owned());
    let documents = [
        document("Hồ sơ công khai", "", Access::Public),
        document("Hồ sơ của cụm", "", Access::Inside("six".into())),
        document("Hồ sơ của Sở một", "", unit("six", "one")),
        document("Hồ sơ của Sở hai", "", unit("six", "two")),
        document("Hồ sơ của Sở một cụm bảy", "", unit("seven", "one")),
        document("Hồ sơ của thành phố", "", Access::City),
    ];
    index.replace("x", &documents).unwrap();
    let six = || vec!["six".to_owned()];
    let one = Reader { inside: six(), units: vec![("six".into(), "one".into())], ..Reader::default() };
    let two = Reader { inside: six(), units: vec![("six".into(), "two".into())], ..Reader::default() };
    let secretary = Reader { inside: six(), desks: six(), ..Reader::default() };
    let city = Reader { city: true, ..Reader::default() };
    let table: [(&str, Reader, &[usize]); 5] = [
        ("stranger", Reader::default(), &[0]),
        ("officer of one", one, &[0, 1, 2]),
        ("officer of two", two, &[0, 1, 3]),
        ("secretary", secretary, &[0, 1, 2, 3]),
        ("city", city, &[0, 1, 2, 3, 4, 5]),
    ];
    for (who, reader, expected) in table {
        let found = index.find(&reader, &asked("hồ sơ")).unwrap();
        let mut shown: Vec<&str> = found.hits.iter().map(|hit| hit.document.title.vi.as_str()).collect();
        let mut expected: Vec<&str> = expected.iter().map(|at| documents[*at].title.vi.as_str()).collect();
        shown.sort_unstable();
        expected.sort_unstable();
        assert_eq!(shown, expected, "{who}");
        assert_eq!(found.total, expected.len(), "{who}");
        assert_eq!(found.sorts.iter().map(|(_, count)| count).sum::<usize>(), expected.len(), "{who}");
        // Whatever is asked for, it opens nothing more.
        for text in ["hồ sơ access:city", "hồ sơ OR city", "hồ sơ\" OR \"sở"] {
            let more = index.find(&reader, &asked(text)).unwrap();
            assert!(more.total <= expected.len(), "{who}: {text}");
        }
    }
}

#[test]
fn sorts_and_clusters_narrow_and_pages_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let (index, _) = Index::open(folder.path()).unwrap();
    let mut documents: Vec<Document> =
        (0..30).map(|at| document(&format!("Điều khoản {at}"), "", Access::Public)).collect();
    documents.push(document("Sở Điều khoản", "", Access::Public));
    index.replace("six", &documents).unwrap();
    let other =
        Document { cluster: Some("seven".into()), ..document("Điều khoản 99", "", Access::Public) };
    index.replace("seven", &[other]).unwrap();
    let stranger = Reader::default();
    let all = index.find(&stranger, &asked("điều khoản")).unwrap();
    assert_eq!((all.total, all.hits.len()), (32, 20));
    assert_eq!(all.sorts, [("clause".to_owned(), 31), ("unit".to_owned(), 1)]);
    let next = index.find(&stranger, &Asked { after: 20, ..asked("điều khoản") }).unwrap();
    assert_eq!(next.hits.len(), 12);
    assert!(next.hits.iter().all(|hit| !all.hits.contains(hit)));
    let units = Asked { sort: Some("unit".into()), ..asked("điều khoản") };
    let units = index.find(&stranger, &units).unwrap();
    // The other sorts are still counted: one can go there.
    assert_eq!((units.total, units.sorts.len()), (1, 2));
    let seven = Asked { cluster: Some("seven".into()), ..asked("điều khoản") };
    assert_eq!(titles(&index, &stranger, &seven), ["Điều khoản 99"]);
    // Put in anew, what is gone is gone, and the other scope stays.
    index.replace("six", &documents[30..]).unwrap();
    assert_eq!(index.find(&stranger, &asked("điều khoản")).unwrap().total, 2);
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect()
}

#[test]
fn an_index_that_is_missing_old_or_damaged_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("search");
    assert_eq!(state(&place), State::Missing);
    let fill = || {
        let (index, new) = Index::open(&place).unwrap();
        index.replace("x", &[document("Sở Nội vụ", "", Access::Public)]).unwrap();
        index.seal().unwrap();
        new
    };
    assert!(fill());
    assert_eq!(state(&place), State::Fine(1));
    assert!(!fill(), "it is there");
    // Killed before everything was put in.
    fs::remove_file(place.join("whole")).unwrap();
    assert_eq!(state(&place), State::Missing);
    assert!(fill());
    // Another version.
    fs::write(place.join("version"), "0").unwrap();
    assert_eq!(state(&place), State::Other);
    assert!(fill());
    // Each of its files cut or gone: it is made anew, or what is left of it answers as before.
    for at in 0..files(&place).len() {
        // Made anew, its files have other names.
        let mut all = files(&place);
        all.sort();
        let Some(file) = all.get(at) else { break };
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let kept = fs::read(file).unwrap();
        if name.ends_with(".lock") || name == "whole" || kept.is_empty() {
            continue;
        }
        fs::write(file, &kept[..kept.len() / 2]).unwrap();
        assert_ne!(state(&place), State::Fine(1), "{name}");
        let (index, new) = Index::open(&place).unwrap();
        let found = index.find(&Reader::default(), &asked("noi vu"));
        assert!(new || found.is_ok_and(|found| found.total == 1), "{name}");
        drop(index);
        fs::remove_dir_all(&place).unwrap();
        assert!(fill(), "{name}");
    }
    // Emptied while it is open.
    let (index, _) = Index::open(&place).unwrap();
    index.clear().unwrap();
    assert_eq!(index.find(&Reader::default(), &asked("nội vụ")).unwrap().total, 0);
    index.replace("x", &[document("Sở Nội vụ", "", Access::Public)]).unwrap();
    assert_eq!(index.find(&Reader::default(), &asked("nội vụ")).unwrap().total, 1);
}
