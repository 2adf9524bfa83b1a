"""The city's board at its desk: clusters at a glance, a notice that is acknowledged, the headship handed over; one search for a stranger, an officer and
oversight, over a killed service and a broken index; notices raised, switched off, done.

Journey (f) of the year, with §6 of its issue.
"""

import hashlib
import os
import re
import shutil
import sqlite3
import tempfile
from pathlib import Path

from browser import *  # noqa: F403

DESK = f"/c/{CLUSTER}/desk/H26.VD1/"


def found(browser, question, place="/search"):
    """How many things are found, and the sorts of them."""
    browser.go(f"{place}?q={question}")
    browser.until(lambda: browser.all("#said"), "an index that is made")
    total = int(re.search(r": ([\d.]+) kết quả", browser.text("#said"))[1].replace(".", ""))
    return total, [one.get_attribute("id").removeprefix("sort-") for one in browser.all(".sorts li[id^=sort-]")]


def count(browser):
    """What the bell says."""
    counted = browser.all(".bell .count")
    return int(counted[0].text.split()[0]) if counted else 0


with journey("city", config="keep_uploads_days = 1\n") as (server, browser):
    people(
        browser,
        ("officer", "officer", f"{CLUSTER}/H26.VD1"),
        ("leader", "leader", f"{CLUSTER}/H26.VD1"),
        ("next", "officer", f"{CLUSTER}/H26.VD2"),
        ("secretary", "secretary", CLUSTER),
        ("board", "board", ""),
        ("oversight", "oversight", ""),
    )
    stranger = Browser(server, width=360, scripts=False)

    # Who is appointed is told of what was open before: questions that the data raised. Read, they are not counted any more.
    enter(browser, "leader")
    browser.until(lambda: (browser.go("/notices"), count(browser))[1], "questions that were open already")
    assert "Câu hỏi về số liệu chờ trả lời" in browser.text(), browser.text()
    browser.press("form[action='/notices/read'] button")
    assert count(browser) == 0
    # A release is planned: the leader is told, by when.
    enter(browser, "secretary")
    browser.go("/notices")
    assert count(browser) == 0 and "Không có việc nào chờ bạn" in browser.text()
    browser.go(f"/c/{CLUSTER}/releases")
    browser.fill(name_vi="Sáu tháng đầu năm", name_en="First half-year", confirm_by=local(40), publish_at=local(40))
    browser.press("main form.form button")
    enter(browser, "leader")
    assert count(browser) == 1, browser.text("body")
    browser.go("/notices")
    assert "Số liệu chờ lãnh đạo đơn vị xác nhận" in browser.text() and "Sáu tháng đầu năm" in browser.text()
    browser.look("notices")
    browser.press(".notices form button")
    assert count(browser) == 0 and "Sáu tháng đầu năm" in browser.text(), "read, and still to be done"
    # Switched off it is neither shown nor counted; on again it is there.
    box = "input[name='shown-release']"
    for shown in [False, True]:
        browser.driver.execute_script("arguments[0].click()", browser.one(box))
        browser.press("form[action='/notices/wishes'] button")
        assert browser.one(box).is_selected() == shown
        assert ("Sáu tháng đầu năm" in browser.text()) == shown, browser.text()
    # Done, it leaves by itself.
    browser.go(DESK)
    browser.until(lambda: browser.all("#confirm button"), "the button to confirm")
    browser.press("#confirm button")
    browser.go("/notices")
    assert "Sáu tháng đầu năm" not in browser.text(), browser.text()

    # Before the release a stranger finds words, and the agreement that is in force; those inside find records too, as their role reads them.
    total, sorts = found(stranger, "doi thoai")
    assert total and "clause" in sorts and set(sorts) <= {"term", "clause", "agreement"}, (total, sorts)
    clause = next(link.get_attribute("href") for link in stranger.all(".hits h3 a") if "/agreement#clause-" in link.get_attribute("href"))
    stranger.go(clause.removeprefix(server.url))
    assert stranger.one("#" + clause.split("#")[1]), clause
    enter(browser, "officer")
    inside, sorts = found(browser, "doi thoai")
    assert inside > total and "record" in sorts and "clause" in sorts, (inside, sorts)
    own, _ = found(browser, "phieu hen dien tu", f"/c/{CLUSTER}/search")
    assert own >= 1 and "Phiếu hẹn điện tử" in browser.text(), browser.text()
    assert [mark.text for mark in browser.all("h3 mark")][0] == "Phiếu hẹn điện tử", browser.text()
    browser.look("search")
    # A record of another unit is neither shown nor counted.
    others, _ = found(browser, "kiem tra ho so truoc khi nop")
    assert "Kiểm tra hồ sơ trước khi nộp" not in browser.text(), browser.text()
    enter(browser, "oversight")
    everything, _ = found(browser, "kiem tra ho so truoc khi nop")
    assert everything > others and "Kiểm tra hồ sơ trước khi nộp" in browser.text(), (everything, others)
    wider, _ = found(browser, "doi thoai")
    assert wider > inside > total, (wider, inside, total)

    # A file that is older than files are kept goes in the next upkeep; what came of it stays, and it can still be taken back.
    sent = Path(tempfile.mkdtemp()) / "hồ sơ.csv"
    sent.write_text("Mã hồ sơ,Đơn vị,Mã thủ tục,Ngày tiếp nhận,Ngày hẹn trả ban đầu,Ngày có kết quả,Kết quả\nVP-GD-1,Văn phòng UBND,1.000123,06/01/2020 08:00,13/01/2020,10/01/2020 10:00,Đã giải quyết\n")
    digest = hashlib.sha256(sent.read_bytes()).hexdigest()
    kept = server.folder / "files" / digest[:2] / digest
    enter(browser, "officer")
    browser.go(DESK)
    browser.send(sent)
    browser.state("chờ bạn xem")
    browser.press("form[action$='/load'] button")
    browser.state("đã nạp")
    upload = browser.driver.current_url.replace(server.url, "")
    assert kept.exists() and not browser.all("#gone")
    server.kill()
    with sqlite3.connect(server.folder / "giaouoc.sqlite") as base:
        base.execute("UPDATE upload SET created_at = 1")
    base.close()
    os.utime(kept, (1, 1))
    server.start()
    browser.until(lambda: browser.go(upload) or browser.all("#gone"), "the file to be removed")
    browser.until(lambda: not kept.exists(), "its bytes to be gone")
    assert digest in browser.text("#gone")
    browser.look("upload-gone")
    browser.driver.execute_script("document.querySelectorAll('main details').forEach(one => one.open = true)")
    browser.one("#undo-reason").send_keys("gửi nhầm")
    browser.press("form[action$='/undo'] button")
    browser.state("đã lấy lại")

    # Killed while it runs, and the index broken: it is made again, and finds the same.
    enter(browser, "oversight")
    server.kill()
    (server.folder / "search" / "meta.json").write_text("{")
    server.start()
    assert found(browser, "doi thoai")[0] == wider
    server.kill()
    shutil.rmtree(server.folder / "search")
    server.start()
    assert found(browser, "doi thoai")[0] == wider

    # Published, a stranger finds it on a phone, scripts off.
    def published():
        stranger.go(f"/c/{CLUSTER}/")
        return "Kỳ công bố số 1" in stranger.text("#state")

    stranger.until(published, "the release")
    # One sort alone has no list of sorts: the heading says it.
    stranger.until(lambda: (found(stranger, "sau thang dau nam"), "Kỳ công bố" in stranger.text())[1], "the release in the index")
    assert set(found(stranger, "cai cach hanh chinh")[1]) >= {"clause"}, stranger.text()
    first = stranger.all(".hits h3")[0].text
    assert "record" not in found(stranger, "doi thoai")[1], "records are for those inside"
    assert "Không tìm thấy gì" in (stranger.go("/search?q=qwxyz") or stranger.text())
    # axe needs scripts to look.
    with_scripts = Browser(server, width=360)
    for name, asked in [("search-stranger", "cai cach hanh chinh"), ("search-none", "qwxyz")]:
        with_scripts.go(f"/search?q={asked}")
        with_scripts.look(name)
    with_scripts.close()
    assert first, "something stands first"

    # The board: all clusters at a glance, and a notice to them.
    enter(browser, "board")
    browser.go("/city")
    assert "Cụm thi đua số VI" in browser.text() and "Sáu tháng đầu năm" in browser.text()
    browser.driver.execute_script("document.querySelectorAll('main details').forEach(one => one.open = true)")
    browser.look("city")
    browser.go("/city/circulars")
    browser.fill(title="Gửi báo cáo sơ kết (giả định)", body="Các cụm gửi báo cáo sơ kết theo mẫu kèm theo.\nXin cảm ơn.", due=local(5 * 86400)[:10])
    browser.driver.execute_script("document.querySelector('#due').value = arguments[0]", local(5 * 86400)[:10])
    browser.look("circulars")
    browser.press("main form.form button")
    at = browser.driver.current_url.replace(server.url, "")
    assert "chưa phản hồi" in browser.text("#standing"), browser.text()
    enter(browser, "secretary")
    assert count(browser) == 1
    browser.go("/notices")
    assert "Thông báo của Ban Thi đua chờ phản hồi" in browser.text()
    browser.go(at)
    browser.look("circular")
    browser.press(f"form[action='{at}/reply'] button")
    assert "đã đọc" in browser.text("#standing") and count(browser) == 0
    enter(browser, "board")
    browser.go("/city/circulars")
    assert "1/1 cụm đã phản hồi" in browser.text(), browser.text()
    for name in ["units", "memberships", "people", "questions", "trail", "kinds", "codes"]:
        browser.go(f"/city/lists/{name}?sort=1")
        assert browser.all("table.list tbody tr") or "Chưa có dòng nào" in browser.text(), name
        if name in ["units", "trail"]:
            browser.look(f"list-{name}")
    browser.go(f"/c/{CLUSTER}/registry")
    assert "Ban Dân tộc" in browser.text() and "cụm trưởng" in browser.text()
    browser.look("registry")

    # The headship goes over: written by the old head, received by the new one, from today on.
    enter(browser, "secretary")
    browser.go(f"/c/{CLUSTER}/handover")
    browser.fill(giver="Ban Dân tộc", taker="Sở Nội vụ", body="Con dấu của cụm để ở văn phòng (giả định).")
    browser.driver.execute_script("document.querySelector('#day').value = arguments[0]", local(0)[:10])
    browser.driver.execute_script("const one = document.querySelector('#person'); one.value = [...one.options].find(option => option.text.startsWith('next')).value")
    browser.driver.execute_script("document.querySelector('#tokens-none').click()")
    browser.look("handover-form")
    browser.press("form[action$='/handover'] button")
    at = browser.driver.current_url.replace(server.url, "")
    assert "Chờ bên nhận" in browser.text("#state") and "Con dấu" in browser.text()
    enter(browser, "next")
    assert count(browser) == 1
    browser.go(f"/c/{CLUSTER}/tokens")
    assert "Vai trò của bạn không mở được trang này" in browser.text()
    browser.go(at)
    browser.look("handover")
    browser.fill(receipt="Đã nhận đủ.")
    browser.press("form[action$='/receive'] button")
    assert "Đã nhận" in browser.text("#state") and count(browser) == 0
    browser.go(f"/c/{CLUSTER}/tokens")
    assert browser.all("form"), "the new head leads the cluster's year"
    enter(browser, "secretary")
    browser.go(f"/c/{CLUSTER}/tokens")
    assert "Vai trò của bạn không mở được trang này" in browser.text(), "the old one no longer does"
    enter(browser, "oversight")
    browser.go(f"/c/{CLUSTER}/trail")
    assert "nhận bàn giao cụm trưởng" in browser.text() and "thôi vai trò" in browser.text()
    browser.go(f"/c/{CLUSTER}/handover")
    assert "Ban Dân tộc → Sở Nội vụ" in browser.text()

    # The same pages on a phone and a tablet, in both languages.
    for width, lang in [(360, "vi"), (768, "en")]:
        reader = Browser(server, width=width, lang=lang)
        try:
            enter(reader, "board")
            reader.go(f"/lang/{lang}")
            for name, path in [("city", "/city"), ("circulars", "/city/circulars"), ("circular", "/circulars/1"), ("list-people", "/city/lists/people"), ("list-trail", "/city/lists/trail"), ("registry", f"/c/{CLUSTER}/registry"), ("setup", f"/c/{CLUSTER}/setup?unit=H26.VD3"), ("setup-calendar", f"/c/{CLUSTER}/setup/calendar"), ("templates", "/templates"), ("handover", at), ("handover-form", f"/c/{CLUSTER}/handover"), ("notices", "/notices"), ("search", "/search?q=doi%20thoai"), ("search-empty", f"/c/{CLUSTER}/search")]:
                reader.go(path)
                reader.look(name)
            reader.clean()
        finally:
            reader.close()
    stranger.clean()
    stranger.close()

    enter(browser, "board")
    browser.go("/lang/vi")
    # Its set-up is changed by form: what breaks it is said at its field, what holds stands on the page, the trail and in the journal.
    browser.go(f"/c/{CLUSTER}/setup?unit=H26.VD3")
    browser.look("setup")

    def merged(into, on, why="QĐ 1 (giả định)"):
        browser.fill(into=into, on=on)
        browser.one("#why-s").clear()
        browser.one("#why-s").send_keys(why)
        browser.press("section[aria-labelledby=succession] form:last-of-type button")

    merged("H26.VD2", "2019-06-01")
    assert browser.all("#e-on, #e-into"), "a unit that ended before its membership began"
    browser.look("setup-refused")
    browser.go(f"/c/{CLUSTER}/setup?unit=H26.VD3")
    merged("H26.VD2", "2021-01-01")
    assert "Sở Nội vụ" in browser.text("section[aria-labelledby=succession]"), browser.text()
    browser.go(f"/c/{CLUSTER}/registry")
    assert "Việc được chuyển cho" in browser.text() and "Kế thừa việc của" in browser.text(), browser.text()
    browser.go(f"/c/{CLUSTER}/known")
    assert "QĐ 1 (giả định)" in browser.text(), browser.text()
    browser.go(f"/c/{CLUSTER}/trail")
    assert "sửa cách lập cụm" in browser.text(), browser.text()
    # A newer calendar: which days differ, then it stands.
    browser.go(f"/c/{CLUSTER}/setup/calendar")
    more = '\n[[local.exception]]\ndate = 2020-07-20\nworked = false\nreason = { vi = "Họp cụm", en = "Meeting" }\nsource = "QĐ 2"\n'
    browser.driver.execute_script("document.querySelector('#text').value += arguments[0]", more)
    browser.press("main form.form button")
    assert "20/07/2020" in browser.text() and "Họp cụm" in browser.text(), browser.text()
    browser.look("setup-calendar")
    browser.one("#why").send_keys("QĐ 2 (giả định)")
    browser.press("form:has(#why) button")
    assert "/registry" in browser.driver.current_url
    # Templates, and a list sorted and taken along.
    browser.go("/templates")
    browser.look("templates")
    browser.go(f"/c/{CLUSTER}/trail?sort=nhat-ky.2")
    assert browser.all("th[aria-sort=ascending]") and browser.all("a[href*='list=nhat-ky.csv&sort=nhat-ky.2']"), browser.text()
    browser.look("list-sorted")
