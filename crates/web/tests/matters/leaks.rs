//! What must not come out: letters that lie with a case, words that were shown by mistake, persons of a case that is withdrawn.

use giaouoc_store::evidence;

use super::*;

/// Whether the bytes of a file of a case lie on the disk.
async fn lies(site: &TestSite, code: &str, at: usize) -> bool {
    let kept = evidence::of(site.store.read(), CLUSTER, "matter:exemplar", code).await.unwrap();
    site.state.files.path(&kept[at].sha256).unwrap().exists()
}

/// Somebody without a log-in writes.
async fn writes(site: &TestSite, page: &str, text: &str) -> StatusCode {
    let stranger = "b".repeat(64);
    let body = format!("csrf={}&text={text}", support::csrf(&stranger));
    let request = support::builder("POST", page, None)
        .header(header::COOKIE, format!("giaouoc_visitor={stranger}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    site.ask(request.body(axum::body::Body::from(body)).unwrap()).await.0
}

#[tokio::test]
async fn a_letter_that_lies_with_a_case_stays_the_units_also_with_consent() {
    let site = TestSite::new().await;
    let (officer, staff, other, leader) = people(&site).await;
    let at = done(&site, &format!("{DESK}exemplar/new"), &staff, &CASE, &[("Thư khen.pdf", PDF)]).await;
    for (id, session, fields) in [
        ("verify", &officer, vec![("v.verification", "Đã hỏi")]),
        ("submit", &leader, vec![]),
        ("honour", &officer, vec![("v.decision", "23/QĐ"), ("v.tier", "unit"), ("v.award", "ntvt-unit")]),
        ("consent", &officer, vec![("v.consent_by", "Phiếu")]),
    ] {
        let (status, body) = step(&site, &at, session, id, &fields, &[]).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{id}: {body}");
    }
    for reader in [None, Some(other.as_str())] {
        let (_, _, page) = site.get(&at, reader).await;
        assert!(page.contains("Nguyễn Thị Bịa") && !page.contains("files/1"), "{page}");
        assert_eq!(site.get(&format!("{at}files/1"), reader).await.0, StatusCode::NOT_FOUND);
    }
    assert_eq!(site.get(&format!("{at}files/1"), Some(&officer)).await.0, StatusCode::OK);
    // When the person agreed is the unit's to know.
    let (_, _, list) = site.get(&format!("{PUBLIC}exemplar/list.csv"), None).await;
    assert!(list.contains("Trả hồ sơ") && list.contains("honour") && !list.contains("consent"), "{list}");
    // Erased for good, the bytes are gone for the unit too.
    let pictures = format!("{}pictures/1", at.replace(PUBLIC, DESK));
    let (status, ..) = site.post(&pictures, &officer, "what=withdraw&reason=Theo+đơn").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, _, page) = site.get(&at, Some(&officer)).await;
    assert!(!page.contains("Thư khen.pdf"), "{page}");
    assert!(!lies(&site, at.trim_end_matches('/').rsplit('/').next().unwrap(), 0).await);
    assert_eq!(site.get(&format!("{at}files/1"), Some(&officer)).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_question_that_is_shown_can_be_put_aside_and_its_words_erased() {
    let site = TestSite::new().await;
    let (officer, ..) = people(&site).await;
    let at = done(&site, &format!("{DESK}dialogue/new"), &officer, &DIALOGUE, &[]).await;
    let ask = format!("{at}ask");
    for text in ["Nhà+tôi+số+chín+ngõ+Bịa", "Bao+giờ+trả+kết+quả%3F"] {
        assert_eq!(writes(&site, &ask, text).await, StatusCode::OK);
    }
    let questions = format!("{}questions", at.replace(PUBLIC, DESK));
    site.post(&questions, &officer, "what=show&question=1").await;
    assert!(site.get(&at, None).await.2.contains("ngõ Bịa"));
    let (status, ..) = site.post(&questions, &officer, "what=aside&question=1&text=").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "with a reason");
    site.post(&questions, &officer, "what=aside&question=1&text=Có+địa+chỉ").await;
    assert!(!site.get(&at, None).await.2.contains("ngõ Bịa"));
    assert!(site.get(&at, Some(&officer)).await.2.contains("ngõ Bịa"));
    site.post(&questions, &officer, "what=erase&question=1&text=Theo+yêu+cầu").await;
    let (_, _, page) = site.get(&at, Some(&officer)).await;
    assert!(!page.contains("ngõ Bịa") && page.contains("Theo yêu cầu"), "{page}");
    // One that nobody has read keeps a dialogue from being called answered.
    for (id, fields, files) in [
        ("hold", vec![("v.attendees", "9"), ("day", "2020-07-01")], vec![]),
        ("minutes", vec![("v.conclusions", "Sẽ làm")], vec![("bb.pdf", PDF)]),
    ] {
        assert_eq!(step(&site, &at, &officer, id, &fields, &files).await.0, StatusCode::SEE_OTHER, "{id}");
    }
    let (status, body) = step(&site, &at, &officer, "followed", &[], &[]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("1 câu hỏi chưa ai đọc"), "{body}");
    site.post(&questions, &officer, "what=aside&question=2&text=Trùng").await;
    assert_eq!(step(&site, &at, &officer, "followed", &[], &[]).await.0, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_case_that_is_withdrawn_as_a_whole_leaves_nothing_of_the_person() {
    let site = TestSite::new().await;
    let (officer, staff, ..) = people(&site).await;
    let files: [(&str, &[u8]); 3] =
        [("Bịa.png", &picture()), ("Thư khen chị Bịa.pdf", PDF), ("Bịa cũ.pdf", b"%PDF-1.4 older")];
    let at = done(&site, &format!("{DESK}exemplar/new"), &staff, &CASE, &files).await;
    let code = at.trim_end_matches('/').rsplit('/').next().unwrap().to_owned();
    step(&site, &at, &officer, "verify", &[("v.verification", "Đã hỏi bà Bịa hàng xóm")], &[]).await;
    // One that was only taken away still lies there, and whoever may erase it sees that.
    let (_, _, page) = site.get(&at, Some(&officer)).await;
    let away = format!("version={}&reason=Nhầm", version(&page));
    site.post(&format!("{}files/3", at.replace(PUBLIC, DESK)), &officer, &away).await;
    let (_, _, page) = site.get(&at, Some(&officer)).await;
    assert!(page.contains("Tệp đã gỡ, còn lưu") && page.contains("Bịa cũ.pdf"), "{page}");
    assert!(lies(&site, &code, 2).await);
    step(&site, &at, &officer, "ask", &[("v.opinions_until", "2020-07-05")], &[]).await;
    let list = format!("{PUBLIC}exemplar/");
    let (_, _, page) = site.get(&list, None).await;
    assert!(page.contains("Đang lấy ý kiến") && page.contains("opinions") && !page.contains("Bịa"), "{page}");
    assert_eq!(writes(&site, &format!("{at}opinions"), "Chị+Bịa+tốt+lắm").await, StatusCode::OK);
    let desk = at.replace(PUBLIC, DESK);
    site.post(&format!("{desk}questions"), &officer, "what=show&question=1").await;
    assert!(site.get(&format!("{at}opinions"), None).await.2.contains("Bịa tốt lắm"));
    let (_, _, page) = site.get(&at, Some(&officer)).await;
    let gone = format!("version={}&reason=Nhầm+người", version(&page));
    let (status, ..) = site.post(&format!("{desk}withdraw"), &officer, &gone).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, _, page) = site.get(&at, Some(&officer)).await;
    assert!(page.contains("Trả hồ sơ") && !page.contains("Bịa") && !page.contains("mười cây số"), "{page}");
    for at in 0..3 {
        assert!(!lies(&site, &code, at).await, "{at}");
    }
    // Nor does anybody still have to read what waited.
    assert!(told(&site, "officer").await.is_empty());
    assert_eq!(site.get(&format!("{at}opinions"), None).await.0, StatusCode::NOT_FOUND);
    assert!(!site.get(&list, None).await.2.contains("Đang lấy ý kiến"));
}

#[tokio::test]
async fn a_proposal_that_is_its_units_alone_is_named_to_nobody_else() {
    let site = TestSite::new().await;
    let (officer, staff, other, _) = people(&site).await;
    let initiative = |title: &'static str| {
        [("v.title", title), ("v.what", "a"), ("v.about_reform", "true"), ("then", "propose")]
    };
    let title = "Phiếu hẹn điện tử quét mã";
    let at = done(&site, &format!("{DESK}initiative/new"), &staff, &initiative(title), &[]).await;
    let theirs = format!("{}initiative/new", DESK.replace("/one/", "/two/"));
    let like = done(&site, &theirs, &other, &initiative(title), &[]).await;
    let (_, _, page) = site.get(&like, Some(&other)).await;
    assert!(!page.contains("gần giống"), "{page}");
    let (status, body) = step(&site, &at, &officer, "register", &[], &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let (_, _, page) = site.get(&like, Some(&other)).await;
    assert!(page.contains("gần giống"), "once it is registered: {page}");
}
