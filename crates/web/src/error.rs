//! What can go wrong for a visitor, named for what they did. The gate turns it into a page in their language.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use giaouoc_agreement::text::Text;
use giaouoc_store::{StoreError, Trouble};

/// A page that could not be shown.
#[derive(Clone, Debug)]
pub(crate) enum Failed {
    /// There is no such page.
    NotFound,
    /// It is for people who are logged in.
    LogIn,
    /// It is not for this person.
    Forbidden,
    /// The form was not this site's, or is too old.
    Stale,
    /// What was sent cannot be used; the text says why and what to do.
    Wrong(Text),
    /// A log-in came to nothing; the text says why and what to do.
    NotIn(Text),
    /// Somebody else was quicker; the text says what is there now.
    Conflict(Text),
    /// Too often within a short time.
    TooOften,
    /// The file is too great: the limit in bytes.
    TooGreat(u64),
    /// The system failed: what is logged.
    Internal(String),
    /// The system below failed, and nobody here can help it: what is logged.
    Trouble(Trouble, String),
}

impl Failed {
    /// What was sent cannot be used.
    pub fn wrong(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Wrong(Text::new(vi, en))
    }

    /// A log-in came to nothing.
    pub fn not_in(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self::NotIn(Text::new(vi, en))
    }

    /// What is logged; blank where nothing failed but the visitor was told something.
    pub fn why(&self) -> &str {
        match self {
            Self::Internal(why) | Self::Trouble(_, why) => why,
            _ => "",
        }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::LogIn => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::Stale => StatusCode::FORBIDDEN,
            Self::Wrong(_) | Self::NotIn(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooOften => StatusCode::TOO_MANY_REQUESTS,
            Self::TooGreat(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Trouble(Trouble::Full, _) => StatusCode::INSUFFICIENT_STORAGE,
            Self::Trouble(Trouble::Gone | Trouble::ReadOnly, _) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What the visitor reads.
    pub fn text(&self) -> Text {
        match self {
            Self::NotFound => Text::new(
                "Không có trang này. Có thể địa chỉ đã gõ sai, hoặc kỳ công bố chưa có.",
                "There is no such page. The address may be mistyped, or the release is not there yet.",
            ),
            Self::LogIn => Text::new("Trang này cần đăng nhập.", "This page asks you to log in."),
            Self::Forbidden => Text::new(
                "Vai trò của bạn không mở được trang này. Nếu cần, hãy hỏi thư ký cụm.",
                "Your role does not open this page. If you need it, ask the cluster's secretary.",
            ),
            Self::Stale => Text::new(
                "Biểu mẫu đã quá hạn hoặc không phải của trang này. Hãy quay lại, tải lại trang rồi gửi lần nữa; chưa có gì thay đổi.",
                "The form is too old or not of this site. Go back, load the page again and send it once more; nothing was changed.",
            ),
            Self::Wrong(text) | Self::NotIn(text) | Self::Conflict(text) => text.clone(),
            Self::TooOften => Text::new(
                "Đã thử quá nhiều lần. Hãy chờ vài phút rồi thử lại.",
                "Too many tries. Wait a few minutes and try again.",
            ),
            Self::TooGreat(limit) => {
                let limit = limit / 1_000_000;
                Text::new(
                    format!(
                        "Tệp lớn hơn {limit} MB nên không nhận. Hãy tách tệp theo tháng, hoặc gửi dạng CSV."
                    ),
                    format!("The file is over {limit} MB and was not taken. Split it by month, or send CSV."),
                )
            }
            Self::Internal(_) => Text::new(
                "Hệ thống gặp lỗi; đã ghi lại để người quản trị xem. Chưa có gì bị mất, hãy thử lại sau.",
                "The system failed; it was noted for the administrator. Nothing is lost; try again later.",
            ),
            Self::Trouble(Trouble::Gone, _) => Text::new(
                "Cơ sở dữ liệu tạm thời không trả lời. Điều bạn vừa gửi chưa được ghi; những gì đã ghi vẫn còn nguyên. Hãy thử lại sau ít phút: trang này tự chạy lại khi cơ sở dữ liệu trở lại.",
                "The database does not answer for the moment. What you just sent was not recorded; what was recorded before is all there. Try again in a few minutes: the site goes on by itself when the database is back.",
            ),
            Self::Trouble(Trouble::Full, _) => Text::new(
                "Ổ đĩa của hệ thống đã đầy hoặc không ghi được nữa. Điều bạn vừa gửi chưa được ghi; những gì đã ghi vẫn còn nguyên. Đã ghi lại để người quản trị dọn chỗ; hãy gửi lại sau.",
                "The system's disk is full or cannot be written to. What you just sent was not recorded; what was recorded before is all there. It was noted for the administrator; send it again later.",
            ),
            Self::Trouble(Trouble::ReadOnly, _) => Text::new(
                "Hệ thống đang chỉ đọc được, không ghi được. Điều bạn vừa gửi chưa được ghi; những gì đã ghi vẫn còn nguyên và xem được. Đã ghi lại để người quản trị xem; hãy gửi lại sau.",
                "The system can be read for the moment but not written to. What you just sent was not recorded; what was recorded before is all there to be read. It was noted for the administrator; send it again later.",
            ),
        }
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        match error.trouble() {
            Some(trouble) => Self::Trouble(trouble, error.to_string()),
            None => Self::Internal(error.to_string()),
        }
    }
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind::{
            FileTooLarge, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull,
        };
        let why = error.to_string();
        match error.kind() {
            StorageFull | QuotaExceeded | FileTooLarge => Self::Trouble(Trouble::Full, why),
            ReadOnlyFilesystem | PermissionDenied => Self::Trouble(Trouble::ReadOnly, why),
            _ => Self::Internal(why),
        }
    }
}

impl From<askama::Error> for Failed {
    fn from(error: askama::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

/// Carried to the gate, which knows the language and the person.
impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What handlers give.
pub(crate) type Answer = Result<Response, Failed>;
