//! The words of letters: plain text in both languages, the person's own first. No pictures, no tracking, no figures: what
//! it is about and where to read it.

use giaouoc_store::letters::{Kind, Letter};
use giaouoc_store::people::Person;

use crate::state::Site;

/// A letter as a mail server gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// One line, in the person's language.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// A link of an invitation works for a week, one of a new password for two hours: in microseconds.
pub fn link_works(kind: Kind) -> Option<i64> {
    const HOUR: i64 = 3_600 * 1_000_000;
    match kind {
        Kind::Invitation => Some(7 * 24 * HOUR),
        Kind::Reset => Some(2 * HOUR),
        Kind::Confirm
        | Kind::Question
        | Kind::Answer
        | Kind::Refused
        | Kind::Draft
        | Kind::Notice
        | Kind::Digest => None,
    }
}

/// Writes a letter out; `link` is where it leads, whole.
pub fn compose(letter: &Letter, person: &Person, site: &Site, link: &str) -> Composed {
    let own_vi = person.lang != "en";
    let (subject_vi, text_vi) = vietnamese(letter, person, site, link);
    let (subject_en, text_en) = english(letter, person, site, link);
    let (subject, first, rule, second) = if own_vi {
        (subject_vi, text_vi, "(English below)\n\n", text_en)
    } else {
        (subject_en, text_en, "(Tiếng Việt ở dưới)\n\n", text_vi)
    };
    let name = if own_vi { &site.name.vi } else { &site.name.en };
    Composed {
        subject: line(&format!("{subject} – {name}")),
        body: format!("{rule}{first}\n-----\n\n{second}"),
    }
}

/// A text on one line, short enough for a header.
fn line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(150).collect()
}

/// Lines of a daily letter, each one line.
fn list(about: &str) -> String {
    about.lines().map(|one| format!("- {}", line(one))).collect::<Vec<_>>().join("\n")
}

fn vietnamese(letter: &Letter, person: &Person, site: &Site, link: &str) -> (&'static str, String) {
    let (about, site_name) = (line(&letter.about_vi), &site.name.vi);
    let (subject, text) = match letter.kind {
        Kind::Invitation => (
            "Lời mời nhận tài khoản",
            format!(
                "Bạn được mời dùng “{site_name}”, với tên đăng nhập {}.\nHãy mở liên kết này để đặt mật khẩu. Liên kết dùng được một lần, trong bảy ngày:",
                person.email
            ),
        ),
        Kind::Reset => (
            "Đặt mật khẩu mới",
            "Bạn, hoặc người quản trị, vừa xin đặt mật khẩu mới cho tài khoản của bạn.\nLiên kết dùng được một lần, trong hai giờ. Nếu bạn không xin, hãy bỏ qua thư này; mật khẩu đang có vẫn dùng được:".to_owned(),
        ),
        Kind::Confirm => (
            "Có số liệu chờ lãnh đạo đơn vị xác nhận",
            format!("Kỳ công bố chờ lãnh đạo đơn vị xác nhận số liệu: {about}.\nXem số liệu và xác nhận tại:"),
        ),
        Kind::Question => (
            "Có bản ghi được đề nghị xem lại",
            format!("Có bản ghi do bên bạn cung cấp được đề nghị xem lại ({about}).\nĐọc lý do và trả lời tại:"),
        ),
        Kind::Answer => (
            "Đề nghị của đơn vị đã có trả lời",
            format!("Đề nghị xem lại bản ghi của đơn vị đã có trả lời ({about}).\nĐọc tại:"),
        ),
        Kind::Refused => (
            "Tệp đã gửi chưa đọc được",
            format!("Tệp “{about}” bạn gửi chưa đọc được; chưa có gì thay đổi.\nLý do và cách sửa tại:"),
        ),
        Kind::Notice => ("Có việc chờ bạn", format!("{about}.\nXem và làm tại:")),
        Kind::Digest => (
            "Việc đang chờ bạn hôm nay",
            format!("Những việc đang chờ bạn:\n{}\nXem tất cả tại:", list(&letter.about_vi)),
        ),
        Kind::Draft => (
            "Dự thảo giao ước chờ ý kiến của đơn vị",
            format!("Trân trọng đề nghị quý đơn vị xem và cho ý kiến về dự thảo: {about}.\nQuá hạn, đơn vị chưa có ý kiến được coi như thống nhất. Xem và góp ý tại:"),
        ),
    };
    let stop = if letter.kind.is_notice() {
        format!(
            "\nKhông muốn nhận thư báo nữa? Chọn tại {}/notices, hoặc tắt tại {}/me\n",
            site.url, site.url
        )
    } else {
        String::new()
    };
    (subject, format!("Kính gửi {},\n\n{text}\n\n{link}\n{stop}", line(&person.name)))
}

fn english(letter: &Letter, person: &Person, site: &Site, link: &str) -> (&'static str, String) {
    let (about, site_name) = (line(&letter.about_en), &site.name.en);
    let (subject, text) = match letter.kind {
        Kind::Invitation => (
            "An invitation to take over your account",
            format!(
                "You are invited to use “{site_name}”; log in as {}.\nOpen this link to set a password. It works once, within seven days:",
                person.email
            ),
        ),
        Kind::Reset => (
            "Set a new password",
            "You, or the administrator, asked for a new password for your account.\nThe link works once, within two hours. If you did not ask, ignore this letter; the present password goes on working:".to_owned(),
        ),
        Kind::Confirm => (
            "Figures wait for the leader's confirmation",
            format!("A release waits for the unit's leader to confirm the figures: {about}.\nSee them and confirm at:"),
        ),
        Kind::Question => (
            "Somebody asks to look at records again",
            format!("Somebody asks to look again at records that you supplied ({about}).\nRead why, and answer, at:"),
        ),
        Kind::Answer => (
            "Your unit's question was answered",
            format!("Your unit's question about records was answered ({about}).\nRead it at:"),
        ),
        Kind::Refused => (
            "A file could not be read",
            format!("The file “{about}” that you sent could not be read; nothing was changed.\nWhy, and what to do, at:"),
        ),
        Kind::Notice => ("Something waits for you", format!("{about}.\nRead and do it at:")),
        Kind::Digest => (
            "What waits for you today",
            format!("What waits for you:\n{}\nAll of it at:", list(&letter.about_en)),
        ),
        Kind::Draft => (
            "A draft agreement waits for your unit's remarks",
            format!("We kindly ask your unit to look at the draft and answer: {about}.\nAfter that day silence counts as agreement. Read it and answer at:"),
        ),
    };
    let stop = if letter.kind.is_notice() {
        format!("\nNo more notices? Choose at {}/notices, or turn them off at {}/me\n", site.url, site.url)
    } else {
        String::new()
    };
    (subject, format!("Dear {},\n\n{text}\n\n{link}\n{stop}", line(&person.name)))
}

#[cfg(test)]
mod tests {
    use giaouoc_agreement::text::Text;
    use giaouoc_store::letters::State;

    use super::*;

    fn composed(kind: Kind, lang: &str, about: &str, name: &str) -> Composed {
        let letter = Letter {
            id: 1,
            person: 1,
            kind,
            path: None,
            about_vi: about.into(),
            about_en: about.into(),
            state: State::Sending,
            tries: 1,
            error: None,
            created_at: 0,
        };
        let person = Person {
            id: 1,
            email: "lan@x.vn".into(),
            name: name.into(),
            lang: lang.into(),
            password: None,
            second: None,
            disabled_at: None,
            notices: true,
        };
        let site =
            Site {
                name: Text::new("Giao ước", "Agreements"), url: "https://x.vn".into(), ..Site::default()
            };
        compose(&letter, &person, &site, "https://x.vn/there")
    }

    #[test]
    fn both_languages_the_own_one_first() {
        for kind in Kind::ALL {
            let vi = composed(*kind, "vi", "Quý I", "Lan");
            let en = composed(*kind, "en", "Quý I", "Lan");
            assert!(vi.body.find("Kính gửi Lan") < vi.body.find("Dear Lan"), "{}", vi.body);
            assert!(en.body.find("Dear Lan") < en.body.find("Kính gửi Lan"), "{}", en.body);
            assert!(vi.subject.ends_with("– Giao ước") && en.subject.ends_with("– Agreements"));
            assert_eq!(vi.body.matches("https://x.vn/there").count(), 2);
            // Only notices can be turned off.
            assert_eq!(vi.body.contains("https://x.vn/me"), kind.is_notice(), "{kind:?}");
        }
    }

    #[test]
    fn a_daily_letter_has_a_line_for_each() {
        let letter = composed(Kind::Digest, "vi", "một\nhai\u{7}", "Lan");
        assert!(letter.body.contains("- một\n- hai \n"), "{}", letter.body);
    }

    #[test]
    fn nothing_breaks_out_of_its_line() {
        let evil = composed(Kind::Refused, "vi", "a\r\nBcc: x@y", "Lan\nTo: z");
        assert!(!evil.subject.contains(['\r', '\n']));
        assert!(evil.body.contains("“a  Bcc: x@y”") && evil.body.contains("Kính gửi Lan To: z,"));
    }
}
