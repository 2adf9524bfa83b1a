//! What stands around the clauses of a draft: title, theme, context, legal bases, events; the score table and the regulation.
//! Lists are written one line each; English stands behind ` | `.

use axum::extract::{Path, State as With};
use axum::http::StatusCode;
use giaouoc_agreement::text::Text;
use giaouoc_year::drafting::{Frame, ScoreForm, Words, set_frame, set_regulation, set_score};

use super::draft::{Held, address};
use super::draft_form::{Field, Fields, Form, Sort, editable, en, field, finish, page, words};
use super::draft_targets::last_note;
use crate::error::Answer;
use crate::form::Posted;
use crate::state::State;
use crate::who::Who;

/// Between Vietnamese and English of a line.
const BETWEEN: &str = " | ";

fn line(text: &Text) -> String {
    match en(text) {
        "" => text.vi.clone(),
        en => format!("{}{BETWEEN}{en}", text.vi),
    }
}

fn read(line: &str) -> Words {
    let (vi, en) = line.split_once(BETWEEN).unwrap_or((line, ""));
    Words::new(vi.trim(), en.trim())
}

fn lines(fields: &Fields, name: &str) -> Vec<String> {
    let all = field(fields, name).lines().map(str::trim).filter(|line| !line.is_empty());
    all.map(str::to_owned).collect()
}

fn joined(texts: &[Text]) -> String {
    texts.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn frame_form(who: &Who, held: &Held, typed: Option<&Fields>) -> Form {
    let at = address(&held.cluster.slug, held.draft.number);
    let paper = held.paper().cloned().unwrap_or_default();
    let value = |name: &str, first: String| typed.map_or(first, |fields| field(fields, name).to_owned());
    let theme = paper.theme.clone().unwrap_or_default();
    let events = paper.events.iter().map(|(name, day)| format!("{day} {}", line(name)));
    let each = who.say("mỗi dòng một mục; tiếng Anh đặt sau dấu |", "one a line; English behind |");
    Form {
        title: who.say("Phần chung của giao ước", "The frame of the agreement").to_owned(),
        lead: None,
        wrong: Vec::new(),
        now: Vec::new(),
        fields: vec![
            Field::new(
                Sort::Line,
                "title_vi",
                who.say("Tên giao ước", "Title in Vietnamese"),
                value("title_vi", paper.title.vi.clone()),
            ),
            Field::new(
                Sort::Line,
                "title_en",
                who.say("Tên tiếng Anh", "Title in English"),
                value("title_en", en(&paper.title).to_owned()),
            ),
            Field::new(
                Sort::Area,
                "theme_vi",
                who.say("Chủ đề của năm", "Theme in Vietnamese"),
                value("theme_vi", theme.vi.clone()),
            ),
            Field::new(
                Sort::Area,
                "theme_en",
                who.say("Chủ đề bằng tiếng Anh", "Theme in English"),
                value("theme_en", en(&theme).to_owned()),
            ),
            Field::new(
                Sort::Area,
                "context",
                who.say("Bối cảnh của năm", "The year's context"),
                value("context", joined(&paper.context)),
            )
            .hint(each),
            Field::new(
                Sort::Area,
                "bases",
                who.say("Căn cứ", "Legal bases"),
                value("bases", joined(&paper.bases)),
            )
            .hint(each),
            Field::new(
                Sort::Area,
                "events",
                who.say("Sự kiện, ngày kỷ niệm", "Events and anniversaries"),
                value("events", events.collect::<Vec<_>>().join("\n")),
            )
            .hint(who.say(
                "mỗi dòng: 2021-10-10 Ngày Giải phóng Thủ đô",
                "a line each: 2021-10-10 Ngày Giải phóng Thủ đô | Liberation Day of the capital",
            )),
            Field::new(
                Sort::Date,
                "counts_from",
                who.say("Số liệu tính từ ngày", "Figures count from"),
                value("counts_from", paper.counts_from.clone().unwrap_or_default()),
            )
            .hint(who.say(
                "ký tháng 3 vẫn có thể tính từ tháng 1; trang và bản in nói rõ",
                "signed in March, it may count from January; pages and print say so",
            )),
        ],
        here: format!("{at}frame"),
        button: who.say("Lưu phần chung", "Save the frame").to_owned(),
        others: Vec::new(),
        status: StatusCode::OK,
    }
}

/// The frame.
pub(crate) async fn get(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
) -> Answer {
    let held = editable(&state, &slug, &number).await?;
    page(&state, &who, &held, frame_form(&who, &held, None), &[]).await
}

/// Saves the frame.
pub(crate) async fn save(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    let held = editable(&state, &slug, &number).await?;
    let texts = |name: &str| lines(&fields, name).iter().map(|line| read(line)).collect();
    let typed = lines(&fields, "events");
    let events = typed.iter().map(|line| {
        let (day, name) = line.split_once(' ').unwrap_or((line, ""));
        (day.to_owned(), read(name))
    });
    let frame = Frame {
        title: words(&fields, "title"),
        theme: words(&fields, "theme"),
        context: texts("context"),
        bases: texts("bases"),
        events: events.collect(),
        counts_from: field(&fields, "counts_from").to_owned(),
    };
    let changed = set_frame(&held.version.text, &frame).map(|text| (text, "sửa phần chung".to_owned()));
    let to = address(&slug, held.draft.number);
    let again = |held: &Held, fields: &Fields| frame_form(&who, held, Some(fields));
    finish(&state, &who, (&slug, &number, &to), &fields, changed, again, last_note).await
}

/// Points as a form shows them.
fn points(hundredths: i64) -> String {
    giaouoc_agreement::agreement_file::charter::points_shown(hundredths, giaouoc_agreement::text::Lang::En)
}

fn score_form(who: &Who, held: &Held, typed: Option<&Fields>) -> Form {
    let lang = who.lang;
    let at = address(&held.cluster.slug, held.draft.number);
    let paper = held.paper().cloned().unwrap_or_default();
    let score = paper.score.clone().unwrap_or_default();
    let value = |name: &str, first: String| typed.map_or(first, |fields| field(fields, name).to_owned());
    let without = |at: usize, first: &str| {
        let found = score.without.get(at).map(|(_, words)| words.en.as_str());
        match found {
            Some("no points") => "none",
            Some("all points") => "full",
            Some("the line leaves the table") => "left out",
            _ => first,
        }
        .to_owned()
    };
    let choices = || {
        vec![
            ("none".to_owned(), who.say("không điểm", "no points").to_owned()),
            ("full".to_owned(), who.say("đủ điểm", "all points").to_owned()),
            ("left out".to_owned(), who.say("bỏ dòng đó khỏi bảng", "the line leaves the table").to_owned()),
        ]
    };
    let mut fields = Vec::new();
    for clause in &paper.clauses {
        let lines: Vec<_> = paper.of_clause(&clause.number).collect();
        for target in &lines {
            let about = format!("target:{}", target.id);
            let there = score.lines.iter().find(|(found, _, _)| *found == about);
            let name = format!("points_{}", about.replace(':', "_"));
            let label = format!("{}: {}", who.say("Điểm, chỉ tiêu", "Points, target"), target.name.get(lang));
            fields.push(Field::new(
                Sort::Line,
                &name,
                &label,
                value(&name, there.map_or(String::new(), |(_, hundredths, _)| points(*hundredths))),
            ));
            let name = format!("way_{}", about.replace(':', "_"));
            let way = if there.is_some_and(|(_, _, way)| way.en.starts_with("in proportion")) {
                "in proportion"
            } else {
                "all or nothing"
            };
            fields.push(
                Field::new(
                    Sort::Choice,
                    &name,
                    &format!("{}: {}", who.say("Cách cho điểm", "How"), target.name.get(lang)),
                    value(&name, way.to_owned()),
                )
                .choices(vec![
                    (
                        "all or nothing".to_owned(),
                        who.say("đạt thì đủ điểm, chưa đạt thì không", "all when met, else none").to_owned(),
                    ),
                    (
                        "in proportion".to_owned(),
                        who.say("theo tỷ lệ so với mục tiêu", "in proportion to the goal").to_owned(),
                    ),
                ]),
            );
        }
        if clause.report {
            let about = format!("clause:{}", clause.number);
            let there = score.lines.iter().find(|(found, _, _)| *found == about);
            let name = format!("points_{}", about.replace(':', "_"));
            let label = format!(
                "{} {} ({})",
                who.say("Điểm, khoản", "Points, clause"),
                clause.number,
                who.say("thẩm định báo cáo", "by appraisal")
            );
            fields.push(Field::new(
                Sort::Line,
                &name,
                &label,
                value(&name, there.map_or(String::new(), |(_, hundredths, _)| points(*hundredths))),
            ));
        }
    }
    let extras = |list: &[(Text, i64)]| {
        list.iter()
            .map(|(name, hundredths)| format!("{} {}", points(*hundredths), line(name)))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let each = who.say(
        "mỗi dòng: số điểm rồi nội dung, ví dụ: 10 Được Cờ thi đua của thành phố",
        "a line each: points, then what for",
    );
    fields.push(
        Field::new(
            Sort::Area,
            "bonus",
            who.say("Điểm thưởng", "Bonus"),
            value("bonus", extras(&score.bonuses)),
        )
        .hint(each),
    );
    fields.push(
        Field::new(
            Sort::Area,
            "deduction",
            who.say("Điểm trừ", "Deductions"),
            value("deduction", extras(&score.deductions)),
        )
        .hint(each),
    );
    for (at, (name, label, first)) in [
        ("no_data", who.say("Chưa có số liệu thì", "No data"), "none"),
        ("no_cases", who.say("Không phát sinh thì", "No cases"), "left out"),
        ("exempt", who.say("Được miễn thì", "Exempt"), "left out"),
    ]
    .into_iter()
    .enumerate()
    {
        fields
            .push(Field::new(Sort::Choice, name, label, value(name, without(at, first))).choices(choices()));
    }
    let regulation: Vec<Text> = paper.regulation.iter().map(|(_, text)| text.clone()).collect();
    fields.push(
        Field::new(
            Sort::Area,
            "regulation",
            who.say("Quy chế hoạt động của cụm", "The cluster's regulation"),
            value("regulation", joined(&regulation)),
        )
        .hint(who.say("mỗi dòng một điều; tiếng Anh đặt sau dấu |", "one article a line; English behind |")),
    );
    Form {
        title: who.say("Bảng điểm và quy chế", "Score table and regulation").to_owned(),
        lead: Some(
            who.say(
                "Viết ra bây giờ và chốt cùng giao ước, để không ai viết quy tắc sau khi đã có kết quả. Để trống điểm thì dòng đó không có trong bảng.",
                "Written now and frozen with the agreement, so that nobody writes the rules after the results. A line without points is not in the table.",
            )
            .to_owned(),
        ),
        wrong: Vec::new(),
        now: Vec::new(),
        fields,
        here: format!("{at}score"),
        button: who.say("Lưu bảng điểm và quy chế", "Save score table and regulation").to_owned(),
        others: Vec::new(),
        status: StatusCode::OK,
    }
}

/// The score table and the regulation.
pub(crate) async fn score(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
) -> Answer {
    let held = editable(&state, &slug, &number).await?;
    page(&state, &who, &held, score_form(&who, &held, None), &[]).await
}

/// Saves them.
pub(crate) async fn save_score(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    let held = editable(&state, &slug, &number).await?;
    let paper = held.paper().cloned().unwrap_or_default();
    let mut all = Vec::new();
    for place in paper.places() {
        let Some((key, name)) = place.split_once(':') else { continue };
        let points = field(&fields, &format!("points_{key}_{name}"));
        let way = field(&fields, &format!("way_{key}_{name}"));
        all.push((key.to_owned(), name.to_owned(), points.to_owned(), way.to_owned()));
    }
    let extras = |name: &str| {
        let list = lines(&fields, name);
        let of = |line: &String| {
            let (points, what) = line.split_once(' ').unwrap_or((line, ""));
            (read(what), points.to_owned())
        };
        list.iter().map(of).collect()
    };
    let form = ScoreForm {
        without: ["no_data", "no_cases", "exempt"].map(|name| field(&fields, name).to_owned()),
        lines: all,
        bonuses: extras("bonus"),
        deductions: extras("deduction"),
    };
    let articles: Vec<Words> = lines(&fields, "regulation").iter().map(|line| read(line)).collect();
    let changed = set_score(&held.version.text, &form)
        .and_then(|text| set_regulation(&text, &articles))
        .map(|text| (text, "sửa bảng điểm và quy chế".to_owned()));
    let to = address(&slug, held.draft.number);
    let again = |held: &Held, fields: &Fields| score_form(&who, held, Some(fields));
    finish(&state, &who, (&slug, &number, &to), &fields, changed, again, last_note).await
}
