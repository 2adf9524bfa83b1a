//! Targets of a draft by form: changed, exempted from, amended, removed. They are added from the library of measures.

use axum::extract::{Path, State as With};
use axum::http::StatusCode;
use giaouoc_agreement::text::{Lang, Text};
use giaouoc_year::drafting::{
    AmendmentForm, TargetForm, add_amendment, remove_target, set_exemption, set_target,
};

use super::draft::{Held, address};
use super::draft_form::{Field, Fields, Form, Sort, editable, en, field, finish, page, words};
use crate::error::{Answer, Failed};
use crate::form::Posted;
use crate::html::encoded;
use crate::state::State;
use crate::who::Who;

/// The clauses of a draft, to choose from.
pub(crate) fn clauses(held: &Held, lang: Lang) -> Vec<(String, String)> {
    let all = held.paper().map(|paper| &paper.clauses[..]).unwrap_or_default();
    all.iter()
        .map(|clause| {
            let text: String = clause.text.get(lang).chars().take(70).collect();
            (clause.number.clone(), format!("{}. {text}", clause.number))
        })
        .collect()
}

pub(crate) fn forces(who: &Who) -> Vec<(String, String)> {
    vec![
        ("at least".to_owned(), who.say("tối thiểu", "at least").to_owned()),
        ("strive for".to_owned(), who.say("phấn đấu", "strive for").to_owned()),
    ]
}

pub(crate) fn goal_hint(who: &Who) -> &str {
    who.say(
        "dấu rồi số: >= 95 %, >= 2, >= 1 each half-year (mỗi nửa năm)",
        "a sign and a number: >= 95 %, >= 2, >= 1 each half-year",
    )
}

/// What was saved last, in a line.
pub(crate) fn last_note(held: &Held) -> Vec<(String, String)> {
    vec![(held.version.number.to_string(), held.version.note.clone())]
}

fn target_form(who: &Who, held: &Held, id: &str, typed: Option<&Fields>) -> Option<Form> {
    let lang = who.lang;
    let paper = held.paper()?;
    let line = paper.target(id)?;
    let at = address(&held.cluster.slug, held.draft.number);
    let here = format!("{at}target/{}", encoded(id));
    let value = |name: &str, first: &str| typed.map_or(first, |fields| field(fields, name)).to_owned();
    let document: toml::Table = toml::from_str(&held.version.text).unwrap_or_default();
    let own = document.get("target").and_then(toml::Value::as_array).and_then(|targets| {
        targets.iter().find(|target| target.get("id").and_then(toml::Value::as_str) == Some(id))
    });
    let goal = own.and_then(|own| own.get("goal")).and_then(toml::Value::as_str).unwrap_or_default();
    let force = if line.strive { "strive for" } else { "at least" };
    let mut fields = vec![
        Field::new(
            Sort::Choice,
            "clause",
            who.say("Thuộc khoản", "Of clause"),
            value("clause", &line.clause),
        )
        .choices(clauses(held, lang)),
        Field::new(
            Sort::Line,
            "name_vi",
            who.say("Tên chỉ tiêu", "Name in Vietnamese"),
            value("name_vi", &line.name.vi),
        ),
        Field::new(
            Sort::Line,
            "name_en",
            who.say("Tên tiếng Anh (có thể để trống)", "Name in English"),
            value("name_en", en(&line.name)),
        ),
        Field::new(Sort::Choice, "force", who.say("Mức độ", "Force"), value("force", force))
            .choices(forces(who)),
        Field::new(Sort::Line, "goal", who.say("Mục tiêu", "Goal"), value("goal", goal)).hint(goal_hint(who)),
    ];
    for unit in &paper.units {
        let name = format!("unit_{}", unit.code);
        let on = line.units.contains(&unit.code);
        let label = format!("{} {}", who.say("Chỉ áp dụng cho", "Only for"), unit.short.get(lang));
        fields.push(Field::new(Sort::Check, &name, &label, value(&name, if on { "1" } else { "" })));
        let name = format!("exempt_{}", unit.code);
        let why = paper.exemptions.iter().find(|(code, target, _)| *code == unit.code && target == id);
        let label = format!(
            "{} {}: {}",
            who.say("Miễn", "Exempt"),
            unit.short.get(lang),
            who.say("lý do (trống: không miễn)", "reason (blank: not exempt)")
        );
        fields.push(Field::new(
            Sort::Line,
            &name,
            &label,
            value(&name, why.map_or("", |(_, _, why)| &why.vi)),
        ));
    }
    Some(Form {
        title: line.name.get(lang).to_owned(),
        lead: Some(
            who.say(
                "Không chọn đơn vị nào nghĩa là áp dụng cho mọi đơn vị. Cách tính chính xác sửa ở dạng văn bản.",
                "No unit chosen means all of them. The exact rule is changed as text.",
            )
            .to_owned(),
        ),
        wrong: Vec::new(),
        now: Vec::new(),
        fields,
        button: who.say("Lưu chỉ tiêu", "Save the target").to_owned(),
        others: vec![(
            here.clone(),
            who.say("Bỏ chỉ tiêu này", "Remove the target").to_owned(),
            vec![("action".to_owned(), "remove".to_owned())],
        )],
        here,
        status: StatusCode::OK,
    })
}

/// The form of a target.
pub(crate) async fn target(
    With(state): With<State>,
    who: Who,
    Path((slug, number, id)): Path<(String, String, String)>,
) -> Answer {
    let held = editable(&state, &slug, &number).await?;
    let form = target_form(&who, &held, &id, None).ok_or(Failed::NotFound)?;
    page(&state, &who, &held, form, &[]).await
}

/// Saves or removes a target, with who is exempt from it.
pub(crate) async fn save(
    With(state): With<State>,
    who: Who,
    Path((slug, number, id)): Path<(String, String, String)>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    let held = editable(&state, &slug, &number).await?;
    let paper = held.paper().ok_or(Failed::NotFound)?;
    if paper.target(&id).is_none() {
        return Err(Failed::NotFound);
    }
    let changed = if field(&fields, "action") == "remove" {
        remove_target(&held.version.text, &id).map(|text| (text, format!("bỏ chỉ tiêu {id}")))
    } else {
        changed(&held, &id, &fields).map(|text| (text, format!("sửa chỉ tiêu {id}")))
    };
    let to = format!("{}#target-{id}", address(&slug, held.draft.number));
    let again = |held: &Held, fields: &Fields| {
        let typed = Some(fields).filter(|fields| field(fields, "action").is_empty());
        // Somebody may have removed it meanwhile: then there is nothing to fill in.
        target_form(&who, held, &id, typed).unwrap_or_else(|| Form {
            title: id.clone(),
            lead: None,
            wrong: Vec::new(),
            now: Vec::new(),
            fields: Vec::new(),
            here: format!("{}target/{}", address(&slug, held.draft.number), encoded(&id)),
            button: who.say("Lưu", "Save").to_owned(),
            others: Vec::new(),
            status: StatusCode::CONFLICT,
        })
    };
    let current = |held: &Held| {
        let line = held.paper().and_then(|paper| paper.target(&id));
        match line {
            Some(line) => vec![(line.name.get(who.lang).to_owned(), line.goal.get(who.lang).to_owned())],
            None => last_note(held),
        }
    };
    finish(&state, &who, (&slug, &number, &to), &fields, changed, again, current).await
}

fn changed(held: &Held, id: &str, fields: &Fields) -> Result<String, Text> {
    let units = held.paper().map(|paper| paper.units.clone()).unwrap_or_default();
    let only = units.iter().filter(|unit| !field(fields, &format!("unit_{}", unit.code)).is_empty());
    let form = TargetForm {
        clause: field(fields, "clause").to_owned(),
        name: words(fields, "name"),
        goal: field(fields, "goal").to_owned(),
        strive: field(fields, "force") == "strive for",
        units: only.map(|unit| unit.code.clone()).collect(),
    };
    let text = set_target(&held.version.text, id, &form)?;
    units.iter().try_fold(text, |text, unit| {
        let why = field(fields, &format!("exempt_{}", unit.code));
        let there = held.paper().and_then(|paper| {
            paper.exemptions.iter().find(|(code, target, _)| *code == unit.code && target == id)
        });
        // A reason that stays as it is keeps its English too.
        match there {
            Some((_, _, stands)) if stands.vi == why => Ok(text),
            _ => set_exemption(&text, &unit.code, id, &giaouoc_year::drafting::Words::new(why, "")),
        }
    })
}

fn amend_form(who: &Who, held: &Held, typed: Option<&Fields>) -> Form {
    let at = address(&held.cluster.slug, held.draft.number);
    let value = |name: &str, first: &str| typed.map_or(first, |fields| field(fields, name)).to_owned();
    let paper = held.paper();
    let targets: Vec<(String, String)> = paper
        .map(|paper| {
            paper.targets.iter().map(|line| (line.id.clone(), line.name.get(who.lang).to_owned())).collect()
        })
        .unwrap_or_default();
    let count = paper.map_or(0, |paper| paper.amendments.len());
    Form {
        title: who.say("Phụ lục đổi mục tiêu", "An amendment").to_owned(),
        lead: Some(
            who.say(
                "Phụ lục có ngày áp dụng riêng: trước ngày đó tính theo lời cũ, từ ngày đó theo lời mới; cả hai được xét.",
                "An amendment has its own first day: before it the old words hold, from it on the new ones; both are judged.",
            )
            .to_owned(),
        ),
        wrong: Vec::new(),
        now: Vec::new(),
        fields: vec![
            Field::new(Sort::Line, "id", who.say("Mã phụ lục", "Id"), value("id", &format!("pl-{:02}", count + 1))),
            Field::new(Sort::Choice, "target", who.say("Chỉ tiêu", "Target"), value("target", "")).choices(targets),
            Field::new(Sort::Date, "from", who.say("Áp dụng từ ngày", "Holds from"), value("from", "")),
            Field::new(Sort::Date, "signed", who.say("Ngày ký (dự kiến)", "Day of signing (planned)"), value("signed", "")),
            Field::new(Sort::Line, "goal", who.say("Mục tiêu mới", "New goal"), value("goal", "")).hint(goal_hint(who)),
            Field::new(Sort::Area, "reason_vi", who.say("Lý do", "Reason in Vietnamese"), value("reason_vi", "")),
            Field::new(Sort::Line, "reason_en", who.say("Lý do bằng tiếng Anh (có thể để trống)", "Reason in English"), value("reason_en", "")),
        ],
        here: format!("{at}amend"),
        button: who.say("Thêm phụ lục", "Add the amendment").to_owned(),
        others: Vec::new(),
        status: StatusCode::OK,
    }
}

/// The form of an amendment.
pub(crate) async fn amend(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
) -> Answer {
    let held = editable(&state, &slug, &number).await?;
    page(&state, &who, &held, amend_form(&who, &held, None), &[]).await
}

/// Adds an amendment.
pub(crate) async fn save_amendment(
    With(state): With<State>,
    who: Who,
    Path((slug, number)): Path<(String, String)>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    let held = editable(&state, &slug, &number).await?;
    let form = AmendmentForm {
        id: field(&fields, "id").to_owned(),
        target: field(&fields, "target").to_owned(),
        signed: field(&fields, "signed").to_owned(),
        from: field(&fields, "from").to_owned(),
        reason: words(&fields, "reason"),
        goal: field(&fields, "goal").to_owned(),
        strive: None,
    };
    let changed =
        add_amendment(&held.version.text, &form).map(|text| (text, format!("thêm phụ lục {}", form.id)));
    let to = address(&slug, held.draft.number);
    let again = |held: &Held, fields: &Fields| amend_form(&who, held, Some(fields));
    finish(&state, &who, (&slug, &number, &to), &fields, changed, again, last_note).await
}
