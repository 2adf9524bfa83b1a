//! What went wrong, as RFC 9457 has it, in both languages.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_store::StoreError;
use serde::Serialize;
use serde_json::json;

use crate::error::Failed;
use crate::records::{Rejected, Trouble};

/// A kind of problem: the end of its address, its status, its title in Vietnamese and English.
type Sort = (&'static str, u16, [&'static str; 2]);

/// Every kind of problem; the page of the API explains each.
pub(crate) static SORTS: [Sort; 14] = [
    ("bad-request", 400, ["Yêu cầu không đọc được", "The request cannot be read"]),
    ("no-token", 401, ["Cần mã truy cập còn hiệu lực", "A working token is needed"]),
    ("no-scope", 403, ["Mã truy cập không được làm việc này", "The token may not do this"]),
    ("not-found", 404, ["Không tìm thấy", "Not found"]),
    ("no-method", 405, ["Địa chỉ này không có cách gọi đó", "The address has no such method"]),
    ("owned", 409, ["Bản ghi do nơi khác cung cấp", "The record is supplied by somebody else"]),
    ("in-progress", 409, ["Đang xử lý đúng yêu cầu này", "The same request is being worked on"]),
    ("changed", 412, ["Bản ghi đã có phiên bản khác", "Another version of the record stands"]),
    ("too-large", 413, ["Nội dung quá lớn", "The content is too large"]),
    ("media-type", 415, ["Loại nội dung không nhận", "The content type is not taken"]),
    ("not-accepted", 422, ["Nội dung không nhận được", "The content cannot be accepted"]),
    ("too-often", 429, ["Quá nhiều yêu cầu", "Too many requests"]),
    ("failed", 500, ["Hệ thống gặp lỗi", "The system failed"]),
    ("unavailable", 503, ["Hệ thống tạm thời chưa dùng được", "The system is not available"]),
];

/// A cell at fault.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Fault {
    /// The column; nothing when it is about the whole row.
    pub column: Option<String>,
    /// Why, in Vietnamese.
    pub vi: String,
    /// Why, in English.
    pub en: String,
}

impl Fault {
    /// One about a column.
    pub fn of(column: &str, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { column: Some(column.to_owned()), vi: vi.into(), en: en.into() }
    }
}

/// The cells of a rejected row.
pub(crate) fn faults(rejected: &Rejected) -> Vec<Fault> {
    let (vi, en) = (rejected.reason.vi.lines(), rejected.reason.en.lines());
    let pairs: Vec<(&str, &str)> = vi.zip(en).collect();
    // Where not every reason has its column, the columns are named for none.
    let named = pairs.len() == rejected.columns.len();
    let one = |(at, (vi, en)): (usize, (&str, &str))| Fault {
        column: named.then(|| rejected.columns.get(at).cloned()).flatten(),
        vi: vi.to_owned(),
        en: en.to_owned(),
    };
    pairs.into_iter().enumerate().map(one).collect()
}

/// What went wrong.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    sort: &'static Sort,
    detail: Box<Text>,
    errors: Vec<Fault>,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// What is logged and not said.
    log: Option<String>,
}

/// What handlers of the API give.
pub(crate) type Answer = Result<Response, Problem>;

impl Problem {
    /// A problem of a sort of [`SORTS`].
    pub fn new(sort: &str, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self::text(sort, Text::new(vi, en))
    }

    /// The same, with both texts.
    pub fn text(sort: &str, detail: Text) -> Self {
        let failed = &SORTS[SORTS.len() - 2];
        let sort = SORTS.iter().find(|found| found.0 == sort).unwrap_or(failed);
        Self { sort, detail: Box::new(detail), errors: Vec::new(), headers: Vec::new(), log: None }
    }

    /// With the cells at fault.
    #[must_use]
    pub fn with(self, errors: Vec<Fault>) -> Self {
        Self { errors, ..self }
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        self
    }

    /// Something failed; what is logged.
    pub fn internal(why: impl Into<String>) -> Self {
        let text = Failed::Internal(String::new()).text();
        Self { log: Some(why.into()), ..Self::text("failed", text) }
    }

    /// There is no such thing.
    pub fn none(vi: &str, en: &str) -> Self {
        Self::new("not-found", vi, en)
    }

    /// The problem of a status that says nothing more.
    pub fn of_status(status: StatusCode) -> Self {
        let found = SORTS.iter().find(|sort| sort.1 == status.as_u16());
        let sort = found.map_or("bad-request", |sort| sort.0);
        let detail = match sort {
            "not-found" => Text::new(
                "Không có địa chỉ này; các địa chỉ có ở /api/v1/openapi.json.",
                "There is no such address; /api/v1/openapi.json has them all.",
            ),
            "failed" => Failed::Internal(String::new()).text(),
            _ => Text::new(
                "Hãy đối chiếu yêu cầu với /api/v1/openapi.json.",
                "Compare the request with /api/v1/openapi.json.",
            ),
        };
        Self::text(sort, detail)
    }

    /// What is logged about it, if anything.
    pub fn log(&self) -> Option<&str> {
        self.log.as_deref()
    }

    /// The answer, in a language.
    pub fn answer(&self, lang: Lang, site: &str) -> Response {
        let (code, status, [vi, en]) = *self.sort;
        let title = Text::new(vi, en);
        let mut body = json!({
            "type": format!("{site}/api/#problem-{code}"),
            "title": title.get(lang),
            "status": status,
            "detail": self.detail.get(lang),
            "detail_vi": self.detail.vi,
            "detail_en": self.detail.en,
        });
        if !self.errors.is_empty() {
            body["errors"] = json!(self.errors);
        }
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang_code(lang)));
        headers.extend(self.headers.iter().cloned());
        (status, headers, body.to_string()).into_response()
    }
}

fn lang_code(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "vi",
        Lang::En => "en",
    }
}

/// Carried to the gate, which knows the language.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.sort.1).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Failed> for Problem {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Internal(why) => Self::internal(why),
            Failed::Wrong(text) => Self::text("not-accepted", text),
            Failed::NotFound => Self::of_status(StatusCode::NOT_FOUND),
            failed => Self { detail: Box::new(failed.text()), ..Self::of_status(failed.status()) },
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::internal(error.to_string())
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        Self::internal(error.to_string())
    }
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Wrong(text) => Self::text("not-accepted", text),
            Trouble::Failed(why) => Self::internal(why),
            Trouble::Newer(stands) => {
                let now = stands.map_or_else(String::new, |record| record.version);
                let problem = Self::new(
                    "changed",
                    "Bản ghi đã được sửa từ khi bạn đọc. Hãy đọc lại bản hiện nay rồi gửi lần nữa; chưa ghi gì.",
                    "The record was changed since you read it. Read it as it stands and send again; nothing was written.",
                );
                if now.is_empty() { problem } else { problem.header(header::ETAG, &format!("\"{now}\"")) }
            }
        }
    }
}
