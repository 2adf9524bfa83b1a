//! A page that says what went wrong and what to do.

use askama::Template;
use axum::response::{IntoResponse as _, Response};

use crate::base::{Base, shown};
use crate::error::Failed;
use crate::state::State;
use crate::who::Who;

#[derive(Template)]
#[template(path = "pages/problem.html")]
struct Problem {
    base: Base,
    text: String,
    status: u16,
}

/// The page of a failure.
pub(crate) fn page(state: &State, who: &Who, failed: &Failed) -> Response {
    let title = match failed {
        Failed::NotFound => who.say("Không tìm thấy", "Not found"),
        Failed::Forbidden | Failed::LogIn => who.say("Không mở được", "Not open to you"),
        Failed::Stale | Failed::Wrong(_) => who.say("Chưa gửi được", "It was not sent"),
        Failed::NotIn(_) => who.say("Chưa đăng nhập được", "You are not logged in"),
        Failed::Conflict(_) => who.say("Có người vừa làm trước", "Somebody was quicker"),
        Failed::TooOften => who.say("Quá nhiều lần", "Too often"),
        Failed::TooGreat(_) => who.say("Tệp quá lớn", "The file is too great"),
        Failed::Internal(_) => who.say("Hệ thống gặp lỗi", "The system failed"),
        Failed::Trouble(..) => {
            who.say("Hệ thống tạm thời gián đoạn", "The system is interrupted for the moment")
        }
    };
    let status = failed.status();
    let page = Problem {
        base: Base::new(state, who, title),
        text: failed.text().get(who.lang).to_owned(),
        status: status.as_u16(),
    };
    match shown(&page) {
        Ok(mut response) => {
            *response.status_mut() = status;
            response
        }
        Err(_) => status.into_response(),
    }
}

/// An address that is none.
pub(crate) async fn nowhere() -> Failed {
    Failed::NotFound
}
