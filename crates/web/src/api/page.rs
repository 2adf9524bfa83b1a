//! The page about the API: every operation with a form to try it, every problem with what to do. It says the same without
//! scripts; only trying needs them.

use askama::Template;
use axum::extract::State as With;
use giaouoc_agreement::text::Lang;

use super::operation::Sends;
use super::operations;
use super::problem::SORTS;
use crate::access::Access;
use crate::assets::API_AT;
use crate::base::{Base, shown};
use crate::error::Answer;
use crate::state::State;
use crate::who::Who;

/// The script of the page.
pub(crate) const fn script() -> &'static str {
    include_str!("try.js")
}

#[derive(Template)]
#[template(path = "pages/api.html")]
struct Page {
    base: Base,
    site: String,
    script: &'static str,
    operations: Vec<Line>,
    problems: Vec<(&'static str, u16, &'static str, &'static str)>,
}

struct Line {
    id: &'static str,
    method: &'static str,
    path: &'static str,
    says: &'static str,
    scope: Option<&'static str>,
    fields: Vec<Field>,
    body: Option<(&'static str, &'static str)>,
}

struct Field {
    name: String,
    place: &'static str,
    needed: bool,
    says: &'static str,
}

/// What to do about a problem.
fn way_out(sort: &str, lang: Lang) -> &'static str {
    let (vi, en) = match sort {
        "bad-request" => (
            "Sửa yêu cầu theo detail; gửi lại y nguyên sẽ lại như vậy.",
            "Correct the request as detail says; the same again gives the same.",
        ),
        "no-token" => (
            "Kiểm tra tiêu đề Authorization; mã hết hạn hay bị thu hồi thì tạo mã mới.",
            "Look at the Authorization header; make a new token where it expired or was revoked.",
        ),
        "no-scope" => (
            "Dùng mã có quyền cần thiết, của đúng cụm và đơn vị.",
            "Use a token with the scope, of the right cluster and unit.",
        ),
        "not-found" => {
            ("Kiểm tra địa chỉ: cụm, loại dữ liệu, mã bản ghi.", "Look at the address: cluster, kind, key.")
        }
        "no-method" => {
            ("Tiêu đề Allow nêu các cách gọi có được.", "The Allow header has the methods that there are.")
        }
        "owned" => (
            "Không gửi lại. Nếu bản ghi chưa đúng, đơn vị nêu ý kiến ở trang của mình.",
            "Do not send again. A unit that finds the record wrong contests it at its desk.",
        ),
        "in-progress" => (
            "Chờ theo Retry-After rồi gửi lại với cùng khoá.",
            "Wait as Retry-After says, then send again with the same key.",
        ),
        "changed" => (
            "Đọc lại bản ghi, áp lại thay đổi, gửi với ETag mới.",
            "Read the record again, apply the change to it, send with the new ETag.",
        ),
        "too-large" => ("Chia thành nhiều yêu cầu.", "Split it into several requests."),
        "media-type" => ("Đặt Content-Type như tài liệu nêu.", "Set the Content-Type of the documentation."),
        "not-accepted" => (
            "errors nêu cột và lý do; sửa ở nguồn rồi gửi lại.",
            "errors has columns and reasons; correct the source and send again.",
        ),
        "too-often" => (
            "Chờ theo Retry-After; gộp nhiều bản ghi vào một yêu cầu.",
            "Wait as Retry-After says; put many records into one request.",
        ),
        _ => ("Gửi lại sau; ghi trùng không có hại.", "Send again later; writing twice does no harm."),
    };
    match lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}

/// The page.
pub(crate) async fn get(With(state): With<State>, who: Who) -> Answer {
    let at = usize::from(who.lang == Lang::En);
    let lines = operations().into_iter().map(|operation| {
        let parts = operation.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let parts = parts.map(|name| Field { name: name.to_owned(), place: "path", needed: true, says: "" });
        let asked = operation.asked.iter().map(|asked| Field {
            name: asked.name.to_owned(),
            place: asked.place,
            needed: asked.needed,
            says: asked.says[at],
        });
        Line {
            id: operation.id,
            method: operation.method,
            path: operation.path,
            says: operation.says[at],
            scope: match operation.access {
                Access::Token(scope) => Some(scope.word()),
                _ => None,
            },
            fields: parts.chain(asked).collect(),
            body: match operation.sends {
                Sends::Nothing => None,
                Sends::Record => Some(("application/json", "{ }")),
                Sends::Lines => Some(("application/x-ndjson", "")),
            },
        }
    });
    let problems =
        SORTS.iter().map(|(sort, status, title)| (*sort, *status, title[at], way_out(sort, who.lang)));
    shown(&Page {
        base: Base::new(&state, &who, who.say("API cho phần mềm khác", "API for other software")),
        site: state.site.url.clone(),
        script: &API_AT,
        operations: lines.collect(),
        problems: problems.collect(),
    })
}
