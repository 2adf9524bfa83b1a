//! The index that is searched.

use std::path::Path;

use giaouoc_find::State;

use super::findings::Findings;

/// The index that is searched: whatever is wrong with it, nothing is lost.
pub fn index(folder: &Path, found: &mut Findings) {
    let (vi, en) = match giaouoc_find::state(folder) {
        State::Fine(documents) => {
            return found.fine(
                format!("mục lục tìm kiếm có {documents} mục"),
                format!("the index that is searched has {documents} entries"),
            );
        }
        State::Missing => {
            ("chưa có mục lục tìm kiếm".to_owned(), "there is no index to search yet".to_owned())
        }
        State::Other => (
            "mục lục tìm kiếm là của phiên bản khác".to_owned(),
            "the index that is searched is of another version".to_owned(),
        ),
        State::Damaged(why) => (
            format!("mục lục tìm kiếm bị hỏng: {why}"),
            format!("the index that is searched is damaged: {why}"),
        ),
    };
    found.note(
        vi,
        en,
        "không cần làm gì: hệ thống tự lập lại khi khởi động (có thể xoá thư mục search/)",
        "nothing needs to be done: the service makes it again when it starts (the folder search/ may be removed)",
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upkeep::doctor::findings::Weight;

    fn said(folder: &Path) -> (Weight, String) {
        let mut found = Findings::default();
        index(folder, &mut found);
        let (weight, text) = found.all().next().unwrap();
        (weight, text.en.clone())
    }

    #[test]
    fn an_index_that_is_not_there_damaged_or_of_another_version_is_to_be_known_and_nothing_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("search");
        assert_eq!(said(&path), (Weight::Note, "there is no index to search yet".into()));
        let (index, _) = giaouoc_find::Index::open(&path).unwrap();
        assert_eq!(said(&path).1, "there is no index to search yet", "it is being made");
        index.seal().unwrap();
        assert_eq!(said(&path), (Weight::Fine, "the index that is searched has 0 entries".into()));
        // What the index says of itself is cut.
        let meta = path.join("meta.json");
        let whole = std::fs::read(&meta).unwrap();
        std::fs::write(&meta, &whole[..whole.len() / 2]).unwrap();
        let (weight, text) = said(&path);
        assert!(weight == Weight::Note && text.contains("is damaged"), "{text}");
        std::fs::write(&meta, whole).unwrap();
        std::fs::write(path.join("version"), "0").unwrap();
        assert_eq!(said(&path), (Weight::Note, "the index that is searched is of another version".into()));
    }
}
