//! What anybody did, for the units concerned. There is no switch to turn it off.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, Query, State as With};
use giaouoc_agreement::text::Lang;
use giaouoc_store::people::{self, Role};
use giaouoc_store::trail::{self, Act};
use serde::Deserialize;

use super::cluster;
use super::desk::kind_name;
use super::people::role_name;
use crate::access::Doing;
use crate::base::{Base, shown};
use crate::error::Answer;
use crate::listed::Whole;
use crate::state::State;
use crate::when;
use crate::who::Who;

/// Lines on a page.
const SHOWN: u64 = 100;

#[derive(Template)]
#[template(path = "pages/trail.html")]
struct Trail {
    base: Base,
    lines: Vec<TrailLine>,
    more: Option<i64>,
}

struct TrailLine {
    at: String,
    who: String,
    act: &'static str,
    unit: String,
    about: String,
    behalf: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Before {
    before: Option<i64>,
}

/// The trail of a cluster: lines about the cluster, and about the units that one may read.
pub(crate) async fn get(
    With(state): With<State>,
    who: Who,
    Path(slug): Path<String>,
    Query(query): Query<Before>,
    whole: Whole,
) -> Answer {
    let cluster = cluster(&state, &slug).await?;
    let shown_rows = whole.rows(SHOWN);
    let found = trail::read(state.store.read(), Some(&slug), None, query.before, shown_rows).await?;
    let more = (found.len() as u64 == shown_rows).then(|| found.last().map(|(id, _)| *id)).flatten();
    let names: HashMap<i64, String> =
        people::all(state.store.read()).await?.into_iter().map(|person| (person.id, person.name)).collect();
    let sheet = state.newest(&slug).await?.map(|(_, sheet)| sheet);
    let short = |code: &str| {
        let unit = sheet.as_ref().and_then(|sheet| sheet.unit(code));
        unit.map_or_else(|| code.to_owned(), |(_, unit)| unit.short.get(who.lang).to_owned())
    };
    // In which capacities somebody acted: all that they held that day, so that nobody's second seat is hidden.
    let held = people::all_roles(state.store.read()).await?;
    let capacities = |person: i64, day: &str| {
        let mine = held.iter().filter(|held| held.person == person);
        let here = mine.filter(|held| held.cluster.as_deref().is_none_or(|cluster| cluster == slug));
        let then = here
            .filter(|held| held.from.as_str() <= day && held.to.as_deref().is_none_or(|last| last >= day));
        let said = then.map(|held| match &held.unit {
            Some(unit) => format!("{} {}", role_name(held.role, who.lang), short(unit)),
            None => role_name(held.role, who.lang).to_owned(),
        });
        said.collect::<Vec<_>>().join("; ")
    };
    let lines = found
        .into_iter()
        .filter(|(_, line)| line.unit.as_ref().is_none_or(|unit| who.may(Doing::Read, &slug, unit)))
        .map(|(_, line)| TrailLine {
            at: when::shown(line.at, &state.zone, who.lang),
            who: match line.person {
                Some(person) => {
                    let name = names.get(&person).cloned().unwrap_or_default();
                    match capacities(person, &when::day_of(line.at, &state.zone)) {
                        none if none.is_empty() => name,
                        as_what => format!("{name} ({as_what})"),
                    }
                }
                None => who.say("chương trình", "the program").to_owned(),
            },
            act: words(line.act, who.lang),
            unit: line.unit.as_deref().map_or_else(String::new, short),
            about: about(&line.act, line.about, who.lang),
            behalf: line.on_behalf,
        });
    let lines = lines.collect();
    let base = Base::within(&state, &who, &cluster, who.say("Nhật ký", "Trail")).await?;
    shown(&Trail { base, lines, more })
}

/// What happened outside of any cluster: log-ins and refused tries, accounts, roles of the whole city.
pub(crate) async fn accounts(
    With(state): With<State>,
    who: Who,
    Query(query): Query<Before>,
    whole: Whole,
) -> Answer {
    let shown_rows = whole.rows(SHOWN);
    let found = trail::accounts(state.store.read(), query.before, shown_rows).await?;
    let more = (found.len() as u64 == shown_rows).then(|| found.last().map(|(id, _)| *id)).flatten();
    let everybody = people::all(state.store.read()).await?;
    // Lines of refused tries name an address by its digest: whose it is, is said where it is somebody's.
    let named: HashMap<String, &str> =
        everybody.iter().map(|person| (super::login::named(&person.email), person.name.as_str())).collect();
    let lines = found.into_iter().map(|(_, line)| {
        let tried = matches!(line.act, Act::LogInRefused | Act::Forgotten);
        let about = match named.get(&line.about) {
            Some(name) if tried => who.say("tại tài khoản của ", "at the account of ").to_owned() + name,
            None if tried => {
                who.say("tại một địa chỉ không có tài khoản", "at an address without account").into()
            }
            _ => about(&line.act, line.about, who.lang),
        };
        TrailLine {
            at: when::shown(line.at, &state.zone, who.lang),
            who: match line.person {
                Some(id) => everybody.iter().find(|person| person.id == id).map(|person| person.name.clone()),
                None if tried => Some(who.say("không rõ", "unknown").to_owned()),
                None => Some(who.say("chương trình", "the program").to_owned()),
            }
            .unwrap_or_default(),
            act: words(line.act, who.lang),
            unit: String::new(),
            about,
            behalf: line.on_behalf,
        }
    });
    let lines = lines.collect();
    let title = who.say("Nhật ký đăng nhập và tài khoản", "Trail of log-ins and accounts");
    let base = Base::new(&state, &who, title);
    shown(&Trail { base, lines, more })
}

/// What a line is about, in the reader's words.
pub(crate) fn about(act: &Act, text: String, lang: Lang) -> String {
    match act {
        Act::Nil | Act::NilConfirm | Act::Contest => kind_name(&text, lang),
        // "dialogue BB-01": the kind in the reader's words.
        Act::Record | Act::Correct | Act::Withdraw | Act::Unshow => match text.split_once(' ') {
            Some((kind, key)) => format!("{}: {key}", kind_name(kind, lang)),
            None => kind_name(&text, lang),
        },
        // "dialogue DT-2020-001: announce": the sort and the step in the reader's words.
        Act::Begin
        | Act::Edit
        | Act::Step
        | Act::StepBack
        | Act::WithdrawMatter
        | Act::Erase
        | Act::Join
        | Act::Report
        | Act::Ask
        | Act::Moderate
        | Act::Paper
        | Act::Point
        | Act::Mend => matter(&text, lang),
        Act::Pushed | Act::Withdrawn => match text.split_once(": ") {
            Some((kind, rest)) => format!("{}: {rest}", kind_name(kind, lang)),
            None => text,
        },
        Act::Give | Act::End => match text.rsplit_once(": ") {
            Some((name, word)) => {
                let role = Role::of(word).map_or(word, |role| role_name(role, lang));
                format!("{name}: {role}")
            }
            None => text,
        },
        _ => text,
    }
}

/// A matter in the reader's words.
fn matter(text: &str, lang: Lang) -> String {
    let (id, rest) = text.split_once(' ').unwrap_or((text, ""));
    let Some(sort) = giaouoc_year::sort::find(id) else { return text.to_owned() };
    let name = sort.name.get(lang);
    match rest.split_once(": ") {
        Some((code, step)) => match sort.step(step) {
            Some(step) => format!("{name} {code}: {}", step.done.get(lang)),
            None => format!("{name} {code}"),
        },
        None => format!("{name} {rest}"),
    }
}

pub(crate) fn words(act: Act, lang: Lang) -> &'static str {
    let (vi, en) = match act {
        Act::LogIn => ("đăng nhập", "logged in"),
        Act::LogOut => ("kết thúc phiên", "ended a log-in"),
        Act::LogInRefused => ("đăng nhập không được", "log-in refused"),
        Act::Password => ("đặt mật khẩu", "set a password"),
        Act::Second => ("đổi xác thực hai bước", "changed the second factor"),
        Act::Invite => ("gửi liên kết", "sent a link"),
        Act::Give => ("giao vai trò", "gave a role"),
        Act::End => ("thôi vai trò", "ended a role"),
        Act::Account => ("đóng hoặc mở tài khoản", "closed or opened an account"),
        Act::Upload => ("gửi tệp", "sent a file"),
        Act::Load => ("cho nạp tệp", "had a file loaded"),
        Act::Undo => ("lấy lại tệp", "took a file back"),
        Act::Nil => ("báo không phát sinh", "reported no cases"),
        Act::NilConfirm => ("xác nhận không phát sinh", "confirmed no cases"),
        Act::Record => ("nhập bản ghi", "entered a record"),
        Act::Correct => ("sửa bản ghi", "corrected a record"),
        Act::Withdraw => ("rút bản ghi", "withdrew a record"),
        Act::Unshow => ("gỡ tệp minh chứng", "took evidence away"),
        Act::Contest => ("không đồng ý bản ghi", "contested records"),
        Act::Answer => ("trả lời", "answered"),
        Act::Reply => ("trả lời câu hỏi về số liệu", "answered a question about the data"),
        Act::Plan => ("định kỳ công bố", "planned a release"),
        Act::Confirm => ("xác nhận số liệu", "confirmed the figures"),
        Act::Publish => ("công bố", "published"),
        Act::TokenMade => ("tạo mã truy cập", "made a token"),
        Act::TokenRevoked => ("thu hồi mã truy cập", "revoked a token"),
        Act::Pushed => ("phần mềm gửi bản ghi", "software sent records"),
        Act::Withdrawn => ("phần mềm rút bản ghi", "software withdrew a record"),
        Act::Begin => ("lập việc", "began a matter"),
        Act::Edit => ("sửa việc", "changed a matter"),
        Act::Step => ("ghi bước", "took a step"),
        Act::StepBack => ("lấy lại bước", "took a step back"),
        Act::WithdrawMatter => ("rút việc", "withdrew a matter"),
        Act::Erase => ("xoá dữ liệu cá nhân theo yêu cầu", "erased personal data on request"),
        Act::Join => ("trả lời lời mời, áp dụng", "joined or declined"),
        Act::Report => ("báo kết quả", "reported back"),
        Act::Ask => ("người dân gửi câu hỏi", "a resident asked"),
        Act::Moderate => ("xử lý câu hỏi của người dân", "handled a resident's question"),
        Act::Paper => ("gửi báo cáo tới hội nghị", "sent a report to a review"),
        Act::Point => ("ghi việc phải làm", "added a point to mend"),
        Act::Mend => ("báo việc đã làm xong", "noted that a point is mended"),
        Act::Calendar => ("sửa lịch năm", "changed the calendar"),
        Act::DraftBegun => ("bắt đầu dự thảo giao ước", "began a draft agreement"),
        Act::DraftSaved => ("lưu dự thảo giao ước", "saved a draft agreement"),
        Act::DraftCirculated => ("gửi dự thảo lấy ý kiến", "sent a draft round"),
        Act::DraftReminded => ("nhắc góp ý dự thảo", "reminded of a draft"),
        Act::DraftOpinion => ("góp ý dự thảo", "said something of a draft"),
        Act::DraftReply => ("trả lời góp ý", "answered a remark on a draft"),
        Act::DraftParagraph => ("ghi đoạn của đơn vị", "wrote a unit's paragraph"),
        Act::Titles => ("đăng ký danh hiệu, hình thức khen thưởng", "registered titles and commendations"),
        Act::DraftFrozen => ("chốt dự thảo để ký", "froze a draft for signing"),
        Act::DraftOpened => ("mở lại dự thảo đã chốt", "opened a frozen draft again"),
        Act::DraftDropped => ("không dùng dự thảo nữa", "gave a draft up"),
        Act::Ceremony => ("ghi lễ ký", "recorded the signing ceremony"),
        Act::Signature => ("ghi việc ký", "recorded a signature"),
        Act::Certify => ("đối chiếu bản quét", "certified a scan"),
        Act::InForce => ("giao ước có hiệu lực", "an agreement came into force"),
        Act::Cluster => ("đưa cụm vào", "brought a cluster in"),
        Act::Forgotten => ("xin đặt lại mật khẩu qua thư", "asked for a new password by mail"),
        Act::Passkey => ("thêm hoặc bỏ khoá truy cập", "added or removed a passkey"),
        Act::SignOn => ("gắn hoặc gỡ đăng nhập qua nơi khác", "bound or loosened a log-in elsewhere"),
        Act::BytesGone => ("xoá tệp gốc theo thời hạn lưu", "removed files older than they are kept"),
        Act::Circular => ("gửi thông báo tới các cụm", "sent a notice to clusters"),
        Act::CircularReply => ("phản hồi thông báo của Ban", "answered a notice of the board"),
        Act::Setup => ("sửa cách lập cụm: đơn vị, thành viên, lịch", "changed how the cluster is set up"),
        Act::Handover => ("ghi biên bản bàn giao cụm trưởng", "wrote a handover of the headship"),
        Act::HandoverReceived => ("nhận bàn giao cụm trưởng", "received the headship"),
        Act::HandoverCorrected => ("đính chính biên bản bàn giao", "corrected a handover"),
        Act::Other => ("việc khác", "something else"),
    };
    match lang {
        Lang::Vi => vi,
        Lang::En => en,
    }
}
