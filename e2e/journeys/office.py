"""An officer's file of 5,000 dossiers, 36 of them wrong; the leader confirms; the release publishes; a citizen reads it.

Journeys (a), (b), (e), (e3) and (g) of the service, in one year.
"""

import datetime
import random
import tempfile
import urllib.request
from pathlib import Path

import openpyxl

from browser import *  # noqa: F403

DESK = f"/c/{CLUSTER}/desk/H26.VD1/"


def messy(path):
    """Title rows, Vietnamese dates, a column of persons, a row of totals, and 36 rows with one mistake each."""
    random.seed(5)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Hồ sơ"
    sheet.append(["BÁO CÁO HỒ SƠ THỦ TỤC HÀNH CHÍNH (dữ liệu giả định)"])
    sheet.append([])
    sheet.append(["Mã hồ sơ", "Đơn vị", "Mã thủ tục", "Ngày tiếp nhận", "Ngày hẹn trả ban đầu", "Ngày có kết quả", "Kết quả", "Chủ hồ sơ"])
    for number in range(5000):
        received = datetime.datetime(2020, 1, 6, 8) + datetime.timedelta(days=random.randrange(300), hours=random.randrange(8))
        due = received + datetime.timedelta(days=7)
        finished = due - datetime.timedelta(days=random.randrange(5)) if random.random() < 0.97 else due + datetime.timedelta(days=3)
        row = [f"VP-{number:05}", "Văn phòng UBND", "1.000123", received.strftime("%d/%m/%Y %H:%M"), due.strftime("%d/%m/%Y"), finished.strftime("%d/%m/%Y %H:%M"), "Đã giải quyết", "Nguyễn Văn Mẫu"]
        if number % 140 == 7:
            at, wrong = [(5, "chưa rõ"), (3, "32/13/2020"), (6, "xong"), (1, "Sở Không Có")][number // 140 % 4]
            row[at] = wrong
        sheet.append(row)
    sheet.append(["Tổng cộng", 5000])
    book.save(path)


def repaired(rejects, path):
    """What an officer does with the workbook of rejected rows."""
    right = {"chưa rõ": "10/03/2020 10:00", "32/13/2020": "03/02/2020 09:00", "xong": "Đã giải quyết", "Sở Không Có": "Văn phòng UBND"}
    book = openpyxl.load_workbook(rejects)
    sheet = book.active
    head = [cell.value for cell in sheet[1]]
    assert head[-2] == "giaouoc: lý do", head
    for row in sheet.iter_rows(min_row=2, max_col=8):
        for cell in row:
            cell.value = right.get(cell.value, cell.value)
    book.save(path)
    return sheet.max_row - 1


with journey("office") as (server, browser):
    folder = Path(tempfile.mkdtemp())
    # (a) The first start: an administrator, people by invitation.
    people(
        browser,
        ("officer", "officer", f"{CLUSTER}/H26.VD1"),
        ("leader", "leader", f"{CLUSTER}/H26.VD1"),
        ("secretary", "secretary", CLUSTER),
        ("oversight", "oversight", ""),
    )
    browser.go(f"/c/{CLUSTER}/releases")
    assert "Định một kỳ công bố" not in browser.text(), "oversight plans nothing"
    browser.log_in("admin@localhost", ADMIN)
    browser.go("/people")
    browser.look("people")

    # (b) The officer sends the file; it is read, nothing is loaded yet.
    enter(browser, "officer")
    browser.look("home")
    browser.press("main a.button")
    browser.look("desk")
    messy(folder / "hồ sơ.xlsx")
    browser.send(folder / "hồ sơ.xlsx")
    browser.state("chờ bạn xem")
    sums = {name: browser.text(f"#{name}") for name in ["read", "new", "changed", "unchanged", "rejected"]}
    assert sums == {"read": "5000", "new": "4964", "changed": "0", "unchanged": "0", "rejected": "36"}, sums
    assert "tự nhận ra" in browser.text() and "Hồ sơ TTHC" in browser.text()
    browser.look("upload")
    browser.press("form[action$='/load'] button")
    browser.state("đã nạp")
    browser.look("loaded")

    # The rejected rows come back as a workbook; repaired, they are loaded.
    request = urllib.request.Request(browser.driver.current_url + "/rejects.xlsx")
    request.add_header("Cookie", f"giaouoc_session={browser.driver.get_cookie('giaouoc_session')['value']}")
    (folder / "rejects.xlsx").write_bytes(urllib.request.urlopen(request).read())
    assert repaired(folder / "rejects.xlsx", folder / "sửa.xlsx") == 36
    browser.go(DESK)
    browser.send(folder / "sửa.xlsx")
    browser.state("chờ bạn xem")
    assert (browser.text("#new"), browser.text("#rejected")) == ("36", "0"), browser.text()
    browser.press("form[action$='/load'] button")
    browser.state("đã nạp")

    # The provisional scoreboard has moved, for those inside.
    def moved():
        browser.go(f"/c/{CLUSTER}/now/")
        return "96,68 %" in browser.text("#scores") and "TẠM TÍNH" in browser.text("#state")

    browser.until(moved, "the provisional figure of 96,68 %")
    browser.look("now")
    for page in ["target-on-time", "unit-H26.VD5", "method", "data"]:
        browser.go(f"/c/{CLUSTER}/now/{page}")
        browser.look(page)

    # The secretary fixes a release in advance.
    enter(browser, "secretary")
    browser.go(f"/c/{CLUSTER}/releases")
    soon = local(30)
    browser.fill(name_vi="Sáu tháng đầu năm", name_en="First half-year", confirm_by=soon, publish_at=soon)
    browser.press("main form.form button")
    assert "Sáu tháng đầu năm" in browser.text()
    browser.look("releases")

    # The leader confirms what the page shows.
    enter(browser, "leader")
    browser.go(DESK)
    browser.until(lambda: browser.all("#confirm button"), "the button to confirm")
    browser.press("#confirm button")
    assert "Đã xác nhận lúc" in browser.text()
    browser.look("confirmed")

    # (e3) A unit that never logs in, served by the secretary, who says what it rests on.
    enter(browser, "secretary")
    browser.go(f"/c/{CLUSTER}/units")
    browser.look("units")
    browser.go(f"/c/{CLUSTER}/desk/H26.VD6/")
    browser.look("behalf")
    field = browser.one("input[aria-label='Căn cứ']")
    field.send_keys("Công văn 15/TTXT ngày 02/07")
    browser.press("form[action$='nil/confirm'] button")
    browser.until(lambda: "lãnh đạo đã xác nhận" in browser.text(), "the confirmed nil report")
    browser.go(f"/c/{CLUSTER}/trail")
    assert "Công văn 15/TTXT" in browser.text()
    browser.look("trail")

    # Oversight reads everything and changes nothing.
    enter(browser, "oversight")
    browser.go(DESK)
    assert "hồ sơ.xlsx" in browser.text() and not browser.all("form.drop"), browser.text()

    # The time comes: it is published by itself. (e) A citizen on a phone, scripts off.
    citizen = Browser(server, width=360, scripts=False)
    try:
        def published():
            citizen.go(f"/c/{CLUSTER}/")
            return "Kỳ công bố số 1" in citizen.text("#state")

        citizen.until(published, "the release")
        assert "96,68 %" in citizen.text(), citizen.text()
        assert "đơn vị đã xác nhận" in citizen.text() and "chưa xác nhận" in citizen.text()
        citizen.one("#scores thead a, #scores a[href='target-on-time'], a[href='target-on-time']").get_attribute("href")
        citizen.go(f"/c/{CLUSTER}/target-on-time")
        text = citizen.text()
        assert "Tối thiểu 95%" in text and "Theo tháng" in text, text
        citizen.go("/clock?received=2020-04-28T09:00&limit=3&unit=working-days")
        assert "Hạn trả" in citizen.text() and "30/04/2020" in citizen.text(), citizen.text()
        citizen.go(f"/c/{CLUSTER}/now/")
        assert "Đăng nhập" in citizen.text("h1")
    finally:
        citizen.close()

    # Every page of the public at the widths of a phone and a tablet, in both languages, with axe.
    for width in [360, 768]:
        for lang in ["vi", "en"]:
            reader = Browser(server, width=width, lang=lang)
            try:
                for name, path in [("home", "/"), ("board", f"/c/{CLUSTER}/"), ("target", f"/c/{CLUSTER}/target-on-time"), ("unit", f"/c/{CLUSTER}/unit-H26.VD1"), ("releases", f"/c/{CLUSTER}/releases"), ("clock", "/clock?received=2020-04-28T09:00&limit=3"), ("login", "/login"), ("none", "/x")]:
                    reader.go(path)
                    reader.look(f"public-{name}-{lang}")
                reader.clean()
            finally:
                reader.close()

    # (g) A second factor, and a session that was ended.
    enter(browser, "officer")
    browser.go("/me")
    browser.look("me")
    secret = browser.text("code")
    browser.fill(code=totp(secret))
    browser.press("form[action='/me/second'] button")
    assert "Đang bật" in browser.text()
    enter(browser, "officer")
    assert "Xác thực bước hai" in browser.text("h1"), "the password alone is not enough"
    browser.look("second")
    browser.log_in("officer@vidu.vn", "mật khẩu dài của officer", totp(secret, time.time() + 30))
    assert browser.all("main a.button"), browser.text()
    browser.go("/me")
    browser.press("form[action='/me/sessions'] button")
    browser.go(DESK)
    assert "Đăng nhập" in browser.text("h1")
