"""Records by form: evidence, drafts, corrections with a reason, two who correct the same; a figure followed to one dossier.

Journeys (c), (d) and (f) of the service. Everything in it is invented.
"""

import tempfile
import urllib.request
from pathlib import Path

from browser import *  # noqa: F403

DESK = f"/c/{CLUSTER}/desk/H26.VD5/"
LIST = f"{DESK}records/dialogue/"


def pdf(path, text):
    path.write_bytes(b"%PDF-1.4\n% " + text.encode() + b"\n%%EOF\n")
    return path


def put(browser, **values):
    for column, value in values.items():
        field = browser.one(f"#v-{column}")
        if field.tag_name == "select" or field.get_attribute("type") == "date":
            browser.driver.execute_script("arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change', {bubbles: true}))", field, value)
        else:
            field.clear()
            field.send_keys(value)


def save(browser, action="save"):
    browser.press(f"button[name=action][value={action}]")


with journey("records") as (server, browser):
    folder = Path(tempfile.mkdtemp())
    people(
        browser,
        ("officer", "officer", f"{CLUSTER}/H26.VD5"),
        ("second", "officer", f"{CLUSTER}/H26.VD5"),
        ("oversight", "oversight", ""),
    )
    # (c) An officer fills a form. A mistake is said at its field, and nothing that was typed or chosen is lost.
    enter(browser, "officer")
    browser.go(DESK)
    before = int(browser.text("#kinds + div tr:nth-child(1) td, #kinds ~ .scroll tbody tr td.n") or 0)
    browser.go(LIST)
    browser.look("records-list")
    browser.press("main a.button")
    browser.look("form-new")
    # A key is suggested; the officer gives the number of the minutes.
    assert browser.one("#v-code").get_attribute("value"), "no key was suggested"
    put(browser, code="BB-11/TTTP", about_procedures="true", notice_on="2020-10-01", held_on="2020-10-15", form="in-person", chair_rank="deputy", attendees="bốn mươi", questions="12", minutes_signed_on="2020-10-16")
    browser.one("#evidence").send_keys(f"{pdf(folder / 'biên bản đối thoại.pdf', 'invented')}")
    save(browser)
    assert "Chưa lưu" in browser.text(), browser.text()
    assert browser.all("#v-attendees[aria-invalid=true]") and "biên bản đối thoại.pdf" in browser.text()
    assert browser.one("#v-held_on").get_attribute("value") == "2020-10-15"
    browser.look("form-wrong")
    put(browser, attendees="40")
    # It is put aside as a draft, and gone on with from the desk.
    save(browser, "draft")
    assert "Đã lưu nháp" in browser.text()
    browser.go(DESK)
    browser.press("#drafts + ul a")
    assert browser.one("#v-attendees").get_attribute("value") == "40"
    save(browser)
    assert browser.text("h1") == "BB-11/TTTP", browser.text()
    assert "biên bản đối thoại.pdf" in browser.text("#files + ul") and "được tính" in browser.text("#counts + ul")
    browser.look("record")
    record = browser.driver.current_url
    request = urllib.request.Request(browser.one("#files + ul a").get_attribute("href"))
    request.add_header("Cookie", f"giaouoc_session={browser.driver.get_cookie('giaouoc_session')['value']}")
    with urllib.request.urlopen(request) as answer:
        assert answer.read() == (folder / "biên bản đối thoại.pdf").read_bytes()
        assert answer.headers["content-disposition"].startswith("attachment"), answer.headers
    browser.go(DESK)
    assert not browser.all("#drafts"), "the draft is used up"

    # The provisional figure has the record in it.
    def counted():
        browser.go(f"/c/{CLUSTER}/now/unit-H26.VD5")
        return str(before + 1) in browser.text()

    browser.until(counted, "the dialogue in the figure")

    # The same dialogue entered twice is pointed out while it is typed, and again before it is saved.
    browser.go(f"{LIST}new")
    assert browser.one("#v-code").get_attribute("value") != "BB-11/TTTP"
    put(browser, code="BB-12/TTTP", held_on="2020-10-15")
    browser.until(lambda: "BB-11/TTTP" in browser.text("#near"), "the near-duplicate while typing")
    save(browser)
    assert "Có thể bản ghi này đã có" in browser.text() and browser.all("input[name=sure]")
    browser.look("form-near")

    # Files that are no evidence are refused by what they are.
    browser.go(f"{record}edit")
    (folder / "ảnh.png").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>")
    browser.one("#evidence").send_keys(str(folder / "ảnh.png"))
    browser.fill(reason="thêm ảnh")
    save(browser)
    assert "chỉ nhận PDF" in browser.text()

    # A correction needs its reason, and the history has both.
    browser.go(f"{record}edit")
    put(browser, questions="14")
    save(browser)
    assert "Hãy ghi lý do sửa" in browser.text() and browser.one("#v-questions").get_attribute("value") == "14"
    browser.look("form-reason")
    browser.fill(reason="biên bản ghi 14 câu hỏi")
    save(browser)
    history = browser.text("#versions ~ ol")
    assert "biên bản ghi 14 câu hỏi" in history and "Số câu hỏi: 12 → 14" in history, history
    assert "officer (giả định)" in history

    # (f) Two officers correct the same record: each sees the other's work, nobody's is lost.
    other = Browser(server)
    try:
        enter(other, "second")
        other.go(f"{record}edit")
        browser.go(f"{record}edit")
        put(other, place="Hội trường tầng 2", questions="15")
        other.fill(reason="bổ sung địa điểm")
        save(other)
        put(browser, answered="10", questions="16")
        browser.fill(reason="bổ sung số câu đã trả lời")
        save(browser)
        text = browser.text()
        assert "người khác cũng sửa đúng những chỗ này" in text and "Người khác vừa ghi: 15" in text, text
        values = {column: browser.one(f"#v-{column}").get_attribute("value") for column in ["place", "questions", "answered"]}
        assert values == {"place": "Hội trường tầng 2", "questions": "16", "answered": "10"}, values
        browser.look("form-both")
        put(browser, questions="15")
        save(browser)
        facts = browser.text("dl.facts")
        assert "Hội trường tầng 2" in facts and "10" in facts, facts
        assert "Số câu hỏi: 15" not in browser.text("#versions ~ ol li:last-child"), "only what changed is history"
        other.clean()
    finally:
        other.close()

    # Evidence is taken away with a reason and stays listed; a record is withdrawn with a reason and its history stays.
    browser.go(record)
    browser.driver.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")
    browser.one("input[name=reason]").send_keys("nhầm biên bản")
    browser.press("form[action*='/files/'] button")
    assert "đã gỡ lúc" in browser.text("#files + ul") and "nhầm biên bản" in browser.text("#files + ul")
    browser.driver.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")
    browser.one("#wreason").send_keys("ghi nhầm đơn vị")
    browser.press("form[action$='/withdraw'] button")
    assert "đã được rút" in browser.text() and "ghi nhầm đơn vị" in browser.text("#versions ~ ol")
    browser.look("withdrawn")
    browser.go(f"/c/{CLUSTER}/trail")
    trail = browser.text()
    assert all(word in trail for word in ["nhập bản ghi", "sửa bản ghi", "rút bản ghi", "gỡ tệp minh chứng", "BB-11/TTTP"]), trail

    # (d) Oversight follows a figure to one dossier and the working of its due date, and changes nothing.
    enter(browser, "oversight")
    browser.go(f"/c/{CLUSTER}/desk/H26.VD1/records/dossier/?target=on-time&met=no")
    assert "chưa đạt" in browser.text() and not browser.all("main a.button:not(.ghost)"), browser.text()
    browser.look("records-late")
    key = browser.text("tbody th a")
    browser.press("tbody th a")
    text = browser.text()
    assert browser.text("h1") == key and "được tính, chưa đạt yêu cầu" in text, text
    assert "Hạn trả, tính từ ngày nhận" in text and "Tiếp nhận:" in text and "Không tính:" in text, text
    assert not browser.all("main form"), "oversight changes nothing"
    browser.look("record-dossier")
    # A dossier is found by its key, however it is written.
    browser.go(f"/c/{CLUSTER}/desk/H26.VD1/")
    browser.fill(**{"find-kind": "dossier", "find-q": key})
    browser.press("form[action$='/find'] button")
    assert browser.text("h1") == key
    # Any past figure can be computed again, by a job, for whoever has an account.
    browser.go(f"/c/{CLUSTER}/known")
    browser.driver.execute_script("document.querySelector('#as_of').value = '2020-06-30'")
    browser.press("form[action$='/known'] button")
    browser.until(lambda: "✓ xong" in browser.text(), "the recount")
    browser.look("known")
    browser.press("main .entries a")
    assert "30/06/2020" in browser.text("body"), browser.text("body")[:500]
    browser.go(f"/c/{CLUSTER}/known")
    browser.fill(known_at="hôm kia")
    browser.press("form[action$='/known'] button")
    browser.until(lambda: "✗ không tính được" in browser.text() and "“hôm kia”" in browser.text(), "what is wrong with the time")
    # Another unit's desk does not show it.
    browser.go(f"/c/{CLUSTER}/desk/H26.VD2/records/dossier/of/{key}/")
    assert "Không có trang này" in browser.text("body")
    browser.clean()

    # On a phone, in both languages.
    for lang in ["vi", "en"]:
        phone = Browser(server, width=360, lang=lang)
        try:
            enter(phone, "officer")
            for name, path in [("form-new", f"{LIST}new"), ("records", LIST), ("record", record), ("desk", DESK)]:
                phone.go(f"/lang/{lang}?to={path}" if path.startswith("/") else path)
                phone.look(f"records-{name}-{lang}")
            phone.clean()
        finally:
            phone.close()
