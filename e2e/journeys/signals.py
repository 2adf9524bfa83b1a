"""One export that serves all six units, contested by one of them; questions that the data raise, answered; every figure opened.

Journey (e4) of the service, with what stands behind a figure and what the public sees of it.
"""

import csv
import json
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from browser import *  # noqa: F403

DESK = f"/c/{CLUSTER}/desk/H26.VD1/"
OTHER = f"/c/{CLUSTER}/desk/H26.VD2/"
FIGURE = "figure-on-time~H26.VD1"
UNITS = ["H26.VD1", "H26.VD2", "H26.VD3", "H26.VD4", "H26.VD5", "H26.VD6"]
CASE = "H26.VD1-200528-0002"


def export(path):
    """Twenty dossiers of each of the six units, on time but for three of the second one."""
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["code", "unit", "procedure", "channel", "received_at", "first_due_at", "due_at", "finished_at", "outcome", "status"])
        for unit in UNITS:
            for number in range(20):
                day = number % 9 + 1
                late = unit == "H26.VD2" and number < 3
                finished = f"2020-06-{day + 8 if late else day + 3:02}T10:{number:02}:00+07:00"
                out.writerow([f"MC-{unit[-1]}-{number:02}", unit, "VD-VP-01", "in-person", f"2020-06-{day:02}T09:00:00+07:00", f"2020-06-{day + 5:02}", f"2020-06-{day + 5:02}", finished, "granted", "10"])


def read(browser, path):
    """A file as whoever is in the browser gets it."""
    request = urllib.request.Request(browser.server.url + path)
    session = browser.driver.get_cookie("giaouoc_session")
    if session:
        request.add_header("Cookie", f"giaouoc_session={session['value']}")
    return urllib.request.urlopen(request).read()


def quiet(browser, path):
    """A page that does not load itself anew: nothing is being done."""
    def still():
        browser.go(path)
        return not browser.all("meta[http-equiv='refresh']")

    browser.until(still, f"rest at {path}")


def months(browser):
    """The months of the figure's page, as they stand in its table."""
    browser.driver.execute_script("for (const fold of document.querySelectorAll('details')) fold.open = true")
    rows = [[cell.text for cell in row.find_elements(By.CSS_SELECTOR, "th, td")] for row in browser.all("div[aria-labelledby='months-c'] tbody tr")]
    assert len(rows) == 12, rows
    return rows


def same(rows, table, target, unit):
    """What the file says is what the page says."""
    found = [row for row in json.loads(table)["rows"] if (row["target"], row["unit"]) == (target, unit)]
    assert len(found) == len(rows), (len(found), len(rows))
    for (name, shown, integers), row in zip(rows, found):
        assert name == "{1}/{0}".format(*(int(part) for part in row["month"].split("-"))), (name, row)
        assert shown == (row["figure_vi"] or shown), (shown, row)
        if row["value"] is not None:
            assert integers == f"{row['value']}/{row['of']}", (integers, row)
        if row["small_number"]:
            assert (shown, integers) == ("", "dưới 3"), (shown, integers, row)


with journey("signals") as (server, browser):
    folder = Path(tempfile.mkdtemp())
    people(
        browser,
        ("office", "officer", f"{CLUSTER}/H26.VD1"),
        ("home", "officer", f"{CLUSTER}/H26.VD2"),
        ("secretary", "secretary", CLUSTER),
        ("oversight", "oversight", ""),
    )

    # One file of the City Office, with the records of all six units.
    enter(browser, "office")
    quiet(browser, DESK)
    export(folder / "một cửa tháng 6.csv")
    browser.send(folder / "một cửa tháng 6.csv")
    browser.state("chờ bạn xem")
    assert (browser.text("#new"), browser.text("#rejected")) == ("120", "0"), browser.text()
    browser.press("form[action$='/load'] button")
    browser.state("đã nạp")

    # One of them contests three dossiers; whoever supplied them answers.
    enter(browser, "home")
    quiet(browser, OTHER)
    browser.driver.execute_script("for (const fold of document.querySelectorAll('details')) fold.open = true")
    browser.fill(ckind="dossier", csupplier="H26.VD1", keys="MC-2-00, MC-2-01\nMC-2-02", reason="Đã trả đúng hạn, sổ giấy có ký nhận.")
    browser.press("form[action$='/contest'] button")
    assert "MC-2-00, MC-2-01, MC-2-02" in browser.text() and "Chờ bên cung cấp trả lời" in browser.text()
    browser.look("contested")
    enter(browser, "office")
    quiet(browser, DESK)
    assert "MC-2-00, MC-2-01, MC-2-02" in browser.text("#contests ~ ul, #contests + ul")
    contest = browser.one("form[action$='/answer'] textarea").get_attribute("id")
    browser.fill(**{contest: "Đã đối chiếu sổ giấy, sẽ gửi tệp sửa."})
    browser.press("form[action$='/answer'] button")
    enter(browser, "home")
    browser.go(OTHER)
    assert "Đã đối chiếu sổ giấy" in browser.text(), browser.text()

    # The data raise questions; they stand at the top of the desk, and the unit answers one.
    enter(browser, "office")

    def asked():
        browser.go(DESK)
        return "7 trên 470" in browser.text() and not browser.all("meta[http-equiv='refresh']")

    browser.until(asked, "the questions of the new records")
    assert "Câu hỏi chờ trả lời: Hạn trả dời sau khi tiếp nhận" in browser.text(".todo"), browser.text()
    assert CASE in browser.text() and "hạn đầu tiên 02/06/2020" in browser.text()
    browser.look("asked")
    form = browser.one("form[action$='/reply']")
    number = form.find_element(By.CSS_SELECTOR, "input[name='question']").get_attribute("value")
    browser.fill(**{f"q-reply-{number}": "Gia hạn theo phiếu hẹn lại số 12, lý do đang được nhập bổ sung."})
    browser.press("form[action$='/reply'] button")
    assert "Đơn vị trả lời" in browser.text(f"#question-{number}"), browser.text()
    assert "Hạn trả dời" not in browser.text(".todo")
    browser.look("answered")

    # Everybody inside sees all of it on one page; the secretary answers for a unit, saying what it rests on.
    enter(browser, "home")
    browser.go(f"/c/{CLUSTER}/questions")
    assert "phiếu hẹn lại số 12" in browser.text() and "Sở Ngoại vụ" in browser.text()
    assert not browser.all("form[action*='VD3'][action$='/reply']"), "another unit's officer answers nothing"
    enter(browser, "secretary")
    browser.go(f"/c/{CLUSTER}/questions")
    browser.look("questions")
    browser.driver.execute_script("for (const fold of document.querySelectorAll('details')) fold.open = true")
    outside = [entry for entry in browser.all(".entries > li") if "ngoài giờ" in entry.text and "Văn phòng" in entry.text][0]
    number = outside.find_element(By.CSS_SELECTOR, "input[name='question']").get_attribute("value")
    browser.fill(**{f"q-reply-{number}": "Trực giao thừa.", f"q-behalf-{number}": "Công văn 15/VP ngày 02/07"})
    browser.press(f"#question-{number} form button")
    assert "trả lời thay, căn cứ: Công văn 15/VP" in browser.text(), browser.text()
    browser.go(f"/c/{CLUSTER}/trail")
    assert "trả lời câu hỏi về số liệu" in browser.text()

    # Every figure opens down.
    enter(browser, "oversight")
    browser.go(f"/c/{CLUSTER}/now/")
    browser.press(f"#scores a[href='{FIGURE}']")
    text = browser.text()
    for said in ["Từ bản ghi đến số liệu", "Cách tính", "Từng tháng so với mức", "Nếu hiểu theo cách khác", "giaouoc explain cum-vi-2020 on-time --unit H26.VD1 --known-at", "Tối thiểu 95%"]:
        assert said in text, (said, text)
    same(months(browser), read(browser, f"/c/{CLUSTER}/now/months.json"), "on-time", "H26.VD1")
    browser.look("figure")
    # (d) From the figure to the dossiers that do not meet it, to one of them and the working of its due date.
    browser.press("main a[href$='/records/dossier/?target=on-time&met=no']")
    assert "được tính, chưa đạt yêu cầu" in browser.text(), browser.text()
    browser.press("tbody th a")
    assert "Hạn trả, tính từ ngày nhận" in browser.text() and not browser.all("main form"), browser.text()
    enter(browser, "office")
    quiet(browser, DESK)
    browser.press(f"a[href$='/records/dossier/of/{CASE}/']")
    assert "02/06/2020" in browser.text(), browser.text()
    enter(browser, "oversight")
    for page in ["figure-on-time~all", "figure-dialogue~H26.VD5", "figure-good-deeds~H26.VD6"]:
        browser.go(f"/c/{CLUSTER}/now/{page}")
        browser.look(page)
    assert read(browser, f"/c/{CLUSTER}/now/scoreboard.parquet").startswith(b"PAR1")
    for page in ["figure-on-time~H26.VD8", "figure-nothing~all", "figure-on-time"]:
        browser.go(f"/c/{CLUSTER}/now/{page}")
        assert "Không có trang này" in browser.text()

    # A release: what was answered goes out with it, what was not stays inside, and no record is named.
    enter(browser, "secretary")
    browser.go(f"/c/{CLUSTER}/releases")
    soon = local(8)
    browser.fill(name_vi="Sáu tháng đầu năm", name_en="First half-year", confirm_by=soon, publish_at=soon)
    browser.press("main form.form button")

    citizen = Browser(server, width=360, scripts=False)
    try:
        def published(number):
            citizen.go(f"/c/{CLUSTER}/")
            return f"Kỳ công bố số {number}" in citizen.text("#state")

        citizen.until(lambda: published(1), "the release")
        text = citizen.text()
        assert "phiếu hẹn lại số 12" in text and "Trực giao thừa" in text, text
        assert "dưới 3 trên" in text, text
        citizen.go(f"/c/{CLUSTER}/unit-H26.VD3")
        assert "Câu hỏi về số liệu" not in citizen.text(), "what is open stays inside"
        for page in ["", "unit-H26.VD1", FIGURE]:
            citizen.go(f"/c/{CLUSTER}/{page}")
            assert CASE not in citizen.driver.page_source, f"{page} names a record"
        citizen.go(f"/c/{CLUSTER}/{FIGURE}")
        assert "Khoản" in citizen.text() and "giaouoc explain" in citizen.text()
        citizen.go(f"/c/{CLUSTER}/questions")
        assert "Đăng nhập" in citizen.text("h1")
        citizen.go("/terms?q=nguoi+tot")
        assert "Người tốt, việc tốt" in citizen.text(".terms"), citizen.text()
    finally:
        citizen.close()

    # The file is taken back for a reason; the next release says what moved, and why.
    enter(browser, "office")
    quiet(browser, DESK)
    browser.press("th a[href*='uploads/']")
    browser.driver.execute_script("for (const fold of document.querySelectorAll('details')) fold.open = true")
    browser.one("form[action$='/undo'] textarea").send_keys("Gửi nhầm kỳ, sẽ gửi lại.")
    browser.press("form[action$='/undo'] button")
    browser.state("đã lấy lại")
    quiet(browser, DESK)
    enter(browser, "secretary")
    browser.go(f"/c/{CLUSTER}/releases")
    soon = local(8)
    browser.fill(name_vi="Sáu tháng, bản sửa", name_en="Half-year, corrected", confirm_by=soon, publish_at=soon)
    browser.press("main form.form button")

    for width in [360, 768, 1440]:
        for lang in ["vi", "en"]:
            reader = Browser(server, width=width, lang=lang)
            try:
                def second():
                    reader.go(f"/c/{CLUSTER}/")
                    return ("Kỳ công bố số 2" if lang == "vi" else "Release 2") in reader.text("#state")

                reader.until(second, "the second release")
                assert "Gửi nhầm kỳ, sẽ gửi lại." in reader.text(), reader.text()
                assert "Sở Tư pháp" in reader.text("#reasons + div") or lang == "en"
                reader.look(f"moved-{lang}")
                reader.go(f"/c/{CLUSTER}/{FIGURE}")
                if lang == "vi" and width == 1440:
                    same(months(reader), read(reader, f"/c/{CLUSTER}/months.json"), "on-time", "H26.VD1")
                reader.look(f"figure-public-{lang}")
                reader.go("/terms?q=so+lieu")
                reader.look(f"terms-{lang}")
                reader.clean()
            finally:
                reader.close()

    # Nobody but those inside reads the provisional tables.
    try:
        urllib.request.urlopen(server.url + f"/c/{CLUSTER}/now/months.json")
    except urllib.error.HTTPError as refused:
        assert refused.code in (401, 403), refused.code
    else:
        assert b"rows" not in urllib.request.urlopen(server.url + f"/c/{CLUSTER}/now/months.json").read()
