//! `/api/v1`: what programs send and read. One table has every operation with who may use it, what it asks for and what it
//! answers; the addresses and the OpenAPI document are both made of it, so neither can know something that the other does not.

mod batch;
mod caller;
mod counter;
mod figures;
mod jobs;
mod kinds;
mod one;
mod openapi;
mod operation;
mod page;
mod problem;
mod records;
mod schema;

use axum::routing::{delete, get, post, put};
use giaouoc_store::tokens::Scope::{RecordsRead, RecordsWrite};

pub(crate) use self::caller::gate;
pub(crate) use self::operation::{Operation, Sends};
pub(crate) use self::page::{get as page, script};
use crate::access::Access::{Public, Token};

/// Whether an address is of the API and not of a page.
pub(crate) fn is_api(path: &str) -> bool {
    path.strip_prefix("/api/").is_some_and(|rest| !rest.is_empty())
}

/// Every operation.
pub(crate) fn operations() -> Vec<Operation> {
    use operation::op;
    vec![
        op("GET", "/api/v1/clusters", Public, get(figures::clusters))
            .says("listClusters", "Các cụm và các kỳ đã công bố", "Clusters and their published releases")
            .answers(200, "Clusters", "Các cụm", "The clusters")
            .cached(),
        op("GET", "/api/v1/clusters/{cluster}/figures", Public, get(figures::figures))
            .says(
                "getFigures",
                "Số liệu của cụm: kỳ công bố mới nhất; ?release=N một kỳ khác; ?release=now số liệu tạm tính (cần mã có figures:read)",
                "A cluster's figures: the last release; ?release=N another one; ?release=now the provisional figures (needs a token with figures:read)",
            )
            .asks("release", "release", "Số thứ tự kỳ công bố, hoặc now", "The release's number, or now")
            .answers(200, "Figures", "Số liệu, như giaouoc score --format json", "The figures, as giaouoc score --format json")
            .cached()
            .fails(&[401, 403, 404]),
        op("GET", "/api/v1/clusters/{cluster}/records/{kind}", Token(RecordsRead), get(records::list))
            .says(
                "listRecords",
                "Các bản ghi, theo thứ tự được biết đến; bản ghi đến sau nằm ở các trang sau",
                "Records in the order in which they became known; those that come meanwhile are on later pages",
            )
            .asks("after", "place", "Giá trị next của trang trước", "The next of the page before")
            .asks("limit", "limit", "Nhiều nhất bao nhiêu bản ghi, từ 1 đến 1000 (100)", "So many records at most, 1 to 1000 (100)")
            .asks("unit", "code", "Được tính cho đơn vị này", "That count for this unit")
            .asks("supplier", "code", "Do đơn vị này cung cấp", "Supplied by this unit")
            .answers(200, "Page", "Một trang", "A page")
            .fails(&[401, 403, 404, 422]),
        op("POST", "/api/v1/clusters/{cluster}/records/{kind}", Token(RecordsWrite), post(batch::post))
            .says(
                "sendRecords",
                "Gửi nhiều bản ghi: mỗi dòng một đối tượng JSON (NDJSON), dài bao nhiêu cũng được; trả lời từng dòng, theo thứ tự",
                "Send records: one JSON object a line (NDJSON), of any length; answered line by line, in order",
            )
            .header("Idempotency-Key", "idempotency", "Cùng khoá, cùng nội dung: trả lời lại như cũ, không ghi lần nữa", "The same key and content: the same answer again, nothing is written twice")
            .sends(Sends::Lines)
            .answers(200, "Lines", "Mỗi dòng một kết quả, dòng cuối là tổng", "A result a line, sums on the last")
            .fails(&[400, 401, 403, 404, 409, 413, 415, 422]),
        op("GET", "/api/v1/clusters/{cluster}/records/{kind}/{key}", Token(RecordsRead), get(one::get))
            .says("getRecord", "Một bản ghi như hiện nay", "A record as it stands now")
            .answers(200, "Record", "Bản ghi; ETag là phiên bản", "The record; the ETag is its version")
            .cached()
            .fails(&[401, 403, 404]),
        op("PUT", "/api/v1/clusters/{cluster}/records/{kind}/{key}", Token(RecordsWrite), put(one::put))
            .says(
                "putRecord",
                "Ghi trọn một bản ghi: cột không nêu là chưa biết. Gửi lại không đổi gì thì không ghi gì",
                "Write a whole record: a column that is not named is unknown. Sent again unchanged, nothing is written",
            )
            .header("If-Match", "etag", "Chỉ ghi khi phiên bản hiện nay là đúng phiên bản này", "Only when this version stands")
            .header("If-None-Match", "star", "*: chỉ ghi khi chưa có bản ghi", "*: only when there is none")
            .sends(Sends::Record)
            .answers(200, "Record", "Bản ghi như hiện nay", "The record as it stands now")
            .answers(201, "Record", "Bản ghi mới", "A new record")
            .fails(&[400, 401, 403, 404, 409, 412, 413, 415, 422]),
        op("DELETE", "/api/v1/clusters/{cluster}/records/{kind}/{key}", Token(RecordsWrite), delete(one::delete))
            .says("withdrawRecord", "Rút một bản ghi, có lý do; lịch sử vẫn còn", "Withdraw a record, with a reason; its history stays")
            .needs("reason", "text", "Lý do", "The reason")
            .header("If-Match", "etag", "Chỉ rút khi phiên bản hiện nay là đúng phiên bản này", "Only when this version stands")
            .answers(204, "", "Đã rút", "Withdrawn")
            .fails(&[400, 401, 403, 404, 409, 412, 422]),
        op("GET", "/api/v1/clusters/{cluster}/records/{kind}/{key}/versions", Token(RecordsRead), get(one::versions))
            .says("listVersions", "Mọi phiên bản của một bản ghi, kể cả đã rút", "Every version of a record, also of a withdrawn one")
            .answers(200, "Versions", "Các phiên bản, cũ trước", "The versions, oldest first")
            .fails(&[401, 403, 404]),
        op("GET", "/api/v1/jobs/{job}", Token(RecordsWrite), get(jobs::get))
            .says("getJob", "Một việc của chương trình, như tính lại bảng điểm", "A job of the program, such as measuring the scoreboard again")
            .answers(200, "Job", "Việc đang ở đâu", "Where the job stands")
            .fails(&[401, 403, 404]),
        op("GET", "/api/v1/kinds", Public, get(kinds::all))
            .says("listKinds", "Các loại dữ liệu", "The kinds of records")
            .answers(200, "Kinds", "Các loại", "The kinds")
            .cached(),
        op("GET", "/api/v1/kinds/{kind}", Public, get(kinds::one))
            .says("getKind", "JSON Schema của một bản ghi", "The JSON Schema of a record")
            .answers(200, "Schema", "JSON Schema", "The JSON Schema")
            .cached()
            .fails(&[404]),
        op("GET", "/api/v1/openapi.json", Public, get(openapi::get))
            .says("getDocument", "Tài liệu OpenAPI này", "This OpenAPI document")
            .answers(200, "Document", "OpenAPI 3.1", "OpenAPI 3.1")
            .cached(),
    ]
}
