"""The year's work: a plan with a milestone on 10 October, a dialogue from its notice to answered questions and a counted target, a good
model taken up by two units, an exemplary case whose person withdraws consent, and a mid-year review from invitation to minutes."""

import contextlib
import io
import re
import shutil
import sqlite3
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

from browser import CLUSTER, EXAMPLE, PATIENCE, Browser, Server, enter, journey, local, people
from visitor import DESK, officer_of

UNIT = {"anh": "H26.VD4", "binh": "H26.VD2", "cuc": "H26.VD1"}
WORK = f"/c/{CLUSTER}/year/"


def desk(name):
    return f"/c/{CLUSTER}/desk/{UNIT[name]}/"


def begin(browser, who, sort, then=None, **fields):
    """Fills in a new one and sends it; gives its address."""
    browser.go(f"{desk(who)}year/{sort}/new")
    browser.fill(**{f"v-{field}": value for field, value in fields.items()})
    return press_then(browser, then)


def press_then(browser, then):
    """Keeps the form, or takes its step at once; gives the address that it leads to."""
    browser.press(f'main form.record button[value="{then or ""}"]')
    return browser.driver.current_url[len(browser.server.url):]


def step(browser, at, step, files=None, **fields):
    """Takes a step."""
    browser.go(at)
    browser.driver.execute_script("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    for field, value in fields.items():
        selector = f"{field}-{step}" if field in ("day", "note") else f"v-{step}-{field}"
        place = browser.one(f"#{selector}")
        if place.tag_name == "select" or place.get_attribute("type") == "date":
            browser.driver.execute_script("arguments[0].value = arguments[1]", place, value)
        else:
            place.clear()
            place.send_keys(value)
    if files:
        browser.one(f"#file-{step}").send_keys(str(files))
    browser.press(f"#step-{step} form button")


def settled(browser, at):
    """Waits until the record follows: then the page no longer looks again by itself."""
    browser.until(lambda: (browser.go(at), not browser.all("meta[http-equiv=refresh]"))[1], f"{at} to come to rest")


def stranger(server, path):
    with urllib.request.urlopen(server.url + path) as answer:
        return answer.read().decode()


def this_year(home):
    """The example's agreement for the year that it is now; its records are of another one."""
    year = local(0)[:4]
    bundle = Path(home) / "bundle"
    shutil.copytree(EXAMPLE, bundle, ignore=shutil.ignore_patterns("year", "expected.json"))
    for name in ["agreement.toml", "cluster.toml"]:
        text = (bundle / name).read_text()
        text = text.replace("2019-12", f"{int(year) - 1}-12").replace("2020-", f"{year}-").replace('period        = "2020"', f'period        = "{year}"')
        text = re.sub(r"^(year\s*=\s*)2020", rf"\g<1>{year}", text, flags=re.M)
        # Worked examples are of days of the example's year.
        text = re.sub(r"^ *\[\[target\.example\]\]\n(?:(?! *\[|\n).*\n|  \[.*\n)*?(?=\n| *\[\[)", "", text, flags=re.M)
        (bundle / name).write_text(text)
    return bundle


def idle(server):
    """Waits until nothing is left to be done."""
    end = time.monotonic() + PATIENCE
    with contextlib.closing(sqlite3.connect(server.folder / "giaouoc.sqlite")) as base:
        while base.execute("SELECT count(*) FROM job WHERE state IN ('waiting', 'running')").fetchone()[0]:
            assert time.monotonic() < end, base.execute("SELECT * FROM job WHERE state IN ('waiting', 'running')").fetchall()
            time.sleep(0.2)


def counted():
    """A dialogue is counted by its target once there are a notice and minutes, and no longer when it is withdrawn."""
    with tempfile.TemporaryDirectory() as home:
        server = Server(bundle=this_year(home))
        try:
            officer, today = officer_of(server), local(0)[:10]

            def count(wanted):
                end = time.monotonic() + PATIENCE
                while True:
                    _, _, page = officer.ask("GET", DESK)
                    found = re.search(r'figure-dialogue~H26\.VD1"[^>]*>([^<]+)<', page)
                    if found and found[1].strip() in wanted:
                        return
                    assert time.monotonic() < end, (wanted, found and found[1], page)
                    time.sleep(0.2)

            def act(at, id, files=(), **fields):
                _, _, page = officer.ask("GET", at)
                version = re.search(r'name="version" value="(\d+)"', page)[1]
                to = at.replace("/year/", "/desk/H26.VD1/year/") + "step"
                edge = "giaouoc-edge"
                given = {"csrf": officer.csrf(at), "step": id, "version": version, **fields}
                parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in given.items()]
                parts += [f'--{edge}\r\nContent-Disposition: form-data; name="evidence"; filename="{name}"\r\nContent-Type: application/pdf\r\n\r\n{text}\r\n' for name, text in files]
                status, _, text = officer.ask("POST", to, ("".join(parts) + f"--{edge}--\r\n").encode(), f"multipart/form-data; boundary={edge}")
                assert status == 303, (id, status, text)

            count(["0", "–"])
            notice = {"v.topic": "Hộ tịch (giả định)", "v.about_procedures": "true", "v.planned_on": today, "v.place": "Hội trường", "v.form": "in-person", "v.chair_rank": "head", "v.notice_channel": "portal", "then": "announce"}
            status, at, text = officer.form(DESK + "year/dialogue/new", **notice)
            assert status == 303, text
            act(at, "hold", day=today, **{"v.attendees": "9"})
            idle(server)
            count(["0", "–"])
            act(at, "minutes", files=[("bb.pdf", "%PDF-1.4 invented")], day=today, **{"v.conclusions": "Sẽ làm (giả định)"})
            count(["1"])
            version = re.search(r'name="version" value="(\d+)"', officer.ask("GET", at)[2])[1]
            assert officer.send(at.replace("/year/", "/desk/H26.VD1/year/") + "withdraw", at, version=version, reason="Ghi nhầm (giả định)")[0] == 303
            count(["0", "–"])
        finally:
            server.stop()


counted()

with journey("work") as (server, browser):
    people(
        browser,
        ("anh", "officer", f"{CLUSTER}/{UNIT['anh']}"),
        ("binh", "officer", f"{CLUSTER}/{UNIT['binh']}"),
        ("cuc", "officer", f"{CLUSTER}/{UNIT['cuc']}"),
        ("sep", "leader", f"{CLUSTER}/{UNIT['anh']}"),
        ("thu", "staff", f"{CLUSTER}/{UNIT['anh']}"),
        ("ky", "secretary", CLUSTER),
    )
    pdf = server.folder.parent / "bien-ban.pdf"
    pdf.write_bytes(b"%PDF-1.4 invented minutes")
    picture = server.folder.parent / "anh-chi-Bia.png"
    picture.write_bytes(bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"))

    # An empty year says what would stand there.
    browser.out()
    browser.go(WORK + "dialogue/")
    browser.look("work-empty")

    # A dialogue: what is missing is said; then it is announced, and the public reads it at once.
    enter(browser, "anh")
    browser.go(f"{desk('anh')}year/dialogue/new")
    browser.look("work-form")
    today = local(0)[:10]
    notice = dict(topic="Hộ tịch, chứng thực (giả định)", about_procedures="true", place="Hội trường Sở", form="in-person", chair_rank="head", notice_channel="portal")
    browser.fill(**{f"v-{field}": value for field, value in notice.items()}, **{"v-planned_on": today})
    dialogue = press_then(browser, "announce")
    assert "Đã thông báo" in browser.text(), browser.text()
    settled(browser, dialogue)
    browser.look("work-dialogue-desk")

    # A resident on a phone asks, with scripts off; nobody sees it before the unit does.
    phone = Browser(server, width=360, scripts=False)
    phone.go(WORK)
    phone.go(dialogue)
    phone.one("#ask-text").send_keys("Bao giờ trả kết quả vào thứ Bảy?")
    phone.press("form.form button")
    assert "Đã nhận câu hỏi" in phone.text(), phone.text()
    assert "thứ Bảy" not in stranger(server, dialogue)
    phone.close()
    browser.go(desk("anh"))
    assert "1 câu hỏi của người dân chưa đọc" in browser.text(), browser.text()
    browser.go(dialogue)
    browser.press('form.row button')
    assert "thứ Bảy" in stranger(server, dialogue)

    step(browser, dialogue, "hold", attendees="64", day=today)
    step(browser, dialogue, "minutes", conclusions="Mở cửa sáng thứ Bảy từ tháng tới.")
    assert "Hãy đính kèm tệp" in browser.text() and "Mở cửa sáng thứ Bảy" in browser.one("#v-minutes-conclusions").get_attribute("value")
    browser.look("work-step-wrong")
    step(browser, dialogue, "minutes", files=pdf, conclusions="Mở cửa sáng thứ Bảy từ tháng tới.")
    browser.go(dialogue)
    browser.driver.execute_script("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    browser.one("ol.entries textarea").send_keys("Từ ngày 01 tháng sau.")
    browser.press("ol.entries form.form button")
    step(browser, dialogue, "followed", day=today)
    assert "Đã trả lời xong" in browser.text()
    assert "Bản ghi trong sổ" in browser.text()
    settled(browser, dialogue)
    browser.look("work-dialogue-done")
    code = dialogue.rstrip("/").rsplit("/", 1)[1]
    record = f"{desk('anh')}records/dialogue/of/{code}/"
    browser.until(lambda: (browser.go(record), "64" in browser.text())[1], "the record of the dialogue in the journal")

    # A plan from launch to a milestone on 10 October, held up by what is late.
    enter(browser, "sep")
    plan = begin(browser, "anh", "plan", title="Kế hoạch thi đua (giả định)", scope="year", due_on="2020-12-31")
    step(browser, plan, "issue", day="2020-03-18")
    plan_code = plan.rstrip("/").rsplit("/", 1)[1]
    enter(browser, "anh")
    tasks = []
    for content, due, after in [("Rà soát 20 thủ tục (giả định)", "2020-06-30", ""), ("Số hóa hồ sơ mừng ngày 10/10 (giả định)", "2020-10-10", "first")]:
        browser.go(f"{desk('anh')}year/task/new")
        fields = dict(content=content, sort="milestone", plan=plan_code, owner="Văn phòng Sở")
        if after:
            fields["after"] = tasks[0].rstrip("/").rsplit("/", 1)[1]
            fields["in_honour_of"] = "thu-do"
            fields["target"] = "on-time"
        browser.fill(**{f"v-{field}": value for field, value in fields.items()}, **{"v-due_on": due})
        tasks.append(press_then(browser, "assign"))
    browser.go(plan)
    assert "quá hạn" in browser.text() and "chờ việc" in browser.text() and "từ bản ghi" in browser.text(), browser.text()
    settled(browser, plan)
    browser.look("work-plan")
    browser.go(tasks[1])
    assert "Chờ việc đang chậm" in browser.text()
    browser.go(f"/c/{CLUSTER}/calendar/thu-do")
    assert "Số hóa hồ sơ" in browser.text()
    browser.look("work-day")
    browser.go(f"/c/{CLUSTER}/calendar")
    browser.look("work-calendar")

    # A good model: two other units take it up, one reports back.
    model = begin(browser, "anh", "model", name="Phiếu hẹn điện tử (giả định)", what="Quét mã để biết giờ trả.", evidence="Giảm nửa thời gian chờ.", how="Ba bước, hai tuần.", since="2020-02-01")
    step(browser, model, "show")
    for name in ["binh", "cuc"]:
        enter(browser, name)
        browser.go(model)
        browser.press("a.button")
        browser.one("#text").send_keys("Làm ở bộ phận một cửa.")
        browser.look(f"work-join-{name}")
        if name == "cuc":
            browser.fill(report_by=local(3 * 86400)[:10])
        browser.press('button[value="yes"]')
    assert "Hẹn báo kết quả trước" in stranger(server, model)
    browser.go("/notices")
    assert "Phiếu hẹn điện tử" in browser.text(), browser.text()
    enter(browser, "binh")
    browser.go(model)
    browser.press("a.button")
    browser.one("#result").send_keys("Sau một tháng, thời gian chờ từ 30 còn 12 phút.")
    browser.press('button[value="report"]')
    public = stranger(server, model)
    assert "Sở Nội vụ" in public and "còn 12 phút" in public and "Văn phòng UBND" in public
    settled(browser, model)
    browser.look("work-model")

    # An initiative whose title is nearly that of one which came as a record.
    enter(browser, "anh")
    like = begin(browser, "anh", "initiative", then="propose", title="Trả lời kiến nghị về TTHC trong ngày", about_reform="true", what="Như cũ (giả định).")
    browser.go(like)
    assert "Tên gần giống sáng kiến VD-SK-01" in browser.text(), browser.text()

    # An exemplary case: from a staff member's proposal to a decision; then the person withdraws consent.
    enter(browser, "thu")
    browser.go(f"{desk('anh')}year/exemplar/new")
    browser.fill(**{"v-headline": "Trả hồ sơ tận nhà (giả định)", "v-programme": "good-deeds", "v-subject": "person", "v-person_name": "Nguyễn Thị Bịa", "v-story": "Chị Bịa mang hồ sơ tới tận nhà một cụ già.", "v-from": "staff"})
    browser.one("#evidence").send_keys(str(picture))
    exemplar = press_then(browser, "propose")
    settled(browser, exemplar)
    browser.look("work-proposed")
    enter(browser, "anh")
    step(browser, exemplar, "verify", verification="Đã hỏi ba người.", day=today)
    # Everybody is asked before it is put forward, on a phone with scripts off; without the person's name.
    step(browser, exemplar, "ask", opinions_until=local(5 * 86400)[:10])
    opinions = exemplar + "opinions"
    assert "Bịa" not in stranger(server, opinions)
    seen = Browser(server, width=360)
    seen.go(opinions)
    seen.look("public-opinions-vi")
    phone = Browser(server, width=360, scripts=False)
    phone.go(opinions)
    phone.one("#opinion").send_keys("Tôi thấy việc này nhiều lần, rất nên biểu dương.")
    phone.press("form.form button")
    assert "Đã nhận ý kiến" in phone.text(), phone.text()
    phone.close()
    assert "nhiều lần" not in stranger(server, opinions)
    browser.go(exemplar)
    browser.look("work-consulted")
    browser.press("form.row button")
    assert "nhiều lần" in stranger(server, opinions)
    seen.go(opinions)
    seen.look("public-opinions-shown-vi")
    seen.clean()
    seen.close()
    enter(browser, "sep")
    step(browser, exemplar, "submit", day=today)
    enter(browser, "anh")
    step(browser, exemplar, "honour", decision="23/QĐ-VD", tier="city", award="ntvt-city", day=today)
    assert "Bịa" not in stranger(server, exemplar) and "23/QĐ-VD" in stranger(server, exemplar)
    step(browser, exemplar, "consent", consent_by="Phiếu đồng ý (giả định)")
    page = stranger(server, exemplar)
    assert "Nguyễn Thị Bịa" in page and "/files/" not in page, "nobody has said who is in the picture"
    # Who is in the picture, and whether they agree: named for the unit alone.
    def picture_form(what, **fields):
        browser.go(exemplar)
        browser.driver.execute_script("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        form = next(one for one in browser.all("figure form") if one.find_element("css selector", "[name=what]").get_attribute("value") == what)
        for name, value in fields.items():
            place = form.find_element("css selector", f"[name={name}]")
            if value is True:
                browser.driver.execute_script("arguments[0].click()", place)
            elif place.get_attribute("type") == "date":
                browser.driver.execute_script("arguments[0].value = arguments[1]", place, value)
            else:
                place.send_keys(value)
        browser.press_in(form)

    picture_form("name", name="Đặng Giả Định")
    picture_form("describe", caption="Trao hồ sơ tại nhà (giả định)", looked=True)
    browser.look("work-picture")
    assert "/files/" not in stranger(server, exemplar), "one who is in it has not agreed"
    picture_form("name", name="Đặng Giả Định", agreed_on=today)
    page = stranger(server, exemplar)
    assert "/files/" in page and 'alt="Trao hồ sơ tại nhà (giả định)"' in page and "Đặng Giả Định" not in page
    step(browser, exemplar, "publish", published_at="Cổng thông tin (ví dụ)", day=today)
    page = stranger(server, exemplar)
    assert "Đã đăng tin" in page and "Cấp thành phố" in page, page
    browser.out()
    browser.go(exemplar)
    browser.look("work-exemplar")
    enter(browser, "anh")
    step(browser, exemplar, "withdraw", note="Đơn của người được nêu (giả định)")

    # Nothing about her is left anywhere that a stranger reads: every page that can be reached, feeds, lists, calendars.
    seen, ahead = set(), ["/", WORK, "/feed.atom", f"/c/{CLUSTER}/feed.atom", f"/c/{CLUSTER}/calendar.ics", f"/c/{CLUSTER}/press", f"/c/{CLUSTER}/bulletin/{today[:7]}", WORK + "exemplar/list.csv"]
    while ahead:
        path = ahead.pop()
        if path in seen or len(seen) > 900:
            continue
        seen.add(path)
        try:
            text = stranger(server, path)
        except (urllib.error.HTTPError, UnicodeDecodeError):
            continue
        for word in ["Bịa mang", "Nguyễn Thị Bịa", "anh-chi-Bia", "Phiếu đồng ý", "Đặng Giả Định", "Trao hồ sơ tại nhà"]:
            assert word not in text, (path, word)
        for href in re.findall(r'href="([^"#]+)"', text):
            whole = urllib.parse.urljoin(server.url + path, href.replace("&amp;", "&"))
            if whole.startswith(server.url) and "/login" not in whole and "/lang/" not in whole:
                ahead.append(whole[len(server.url):])
    assert any(path.startswith(WORK + "exemplar/") for path in seen) and len(seen) > 40, len(seen)
    assert "23/QĐ-VD" in stranger(server, exemplar), "the decision stays"

    # The mid-year review: a release planned, an invitation, two reports, the meeting, its minutes.
    enter(browser, "ky")
    browser.go(f"/c/{CLUSTER}/releases")
    browser.fill(name_vi="Sơ kết 6 tháng (giả định)", name_en="Mid-year (invented)", confirm_by=local(3600), publish_at=local(7200))
    browser.press("main form.form button")
    browser.go(f"/c/{CLUSTER}/desk/{UNIT['anh']}/year/review/new")
    browser.fill(**{"v-name": "Hội nghị sơ kết (giả định)", "v-place": "Phòng họp A", "v-agenda": "1. Báo cáo\n2. Kết luận", "v-release": "1", "v-planned_on": today, "v-reports_until": today})
    review = press_then(browser, "invite")
    settled(browser, review)
    browser.look("work-review")
    enter(browser, "binh")
    browser.go(desk("binh"))
    assert "Báo cáo ngắn gửi trước" in browser.text(), browser.text()
    report = f"{desk('binh')}report/{review.rstrip('/').rsplit('/', 1)[1]}"
    browser.go(report)
    browser.press('button[value="send"]')
    assert "Chưa gửi" in browser.text()
    browser.look("work-report-wrong")
    for area in browser.all("main textarea"):
        area.send_keys("Đã thực hiện đầy đủ (giả định).")
    for select in browser.all("main select"):
        browser.driver.execute_script("if (!arguments[0].value) arguments[0].value = 'met'", select)
    browser.press('button[value="send"]')
    assert "đã gửi" in browser.text(), browser.text()
    enter(browser, "ky")
    step(browser, review, "hold", chair="Chánh Văn phòng", present="Sáu đơn vị", day=today)
    browser.go(review)
    browser.driver.execute_script("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    browser.fill(pt="Trả lời hết kiến nghị tồn (giả định)", pu=UNIT["binh"], pdue=today)
    browser.press('form[action$="points"] button')
    step(browser, review, "conclude", files=pdf, conclusions="Giữ nhịp sáu tháng cuối năm.", day=today)
    assert "Giữ nhịp" in stranger(server, review)
    browser.go(review + "paper/report")
    assert "Đã thực hiện đầy đủ" in browser.text()
    browser.look("work-review-paper")
    # As a document to go on with; and for nobody outside, who would read figures before their release.
    session = "; ".join(f"{one['name']}={one['value']}" for one in browser.driver.get_cookies())
    with urllib.request.urlopen(urllib.request.Request(server.url + review + "paper/report.docx", headers={"Cookie": session})) as answer:
        with zipfile.ZipFile(io.BytesIO(answer.read())) as document:
            assert "Đã thực hiện đầy đủ" in document.read("word/document.xml").decode()
    for name in ["report", "report.docx"]:
        assert "Đã thực hiện đầy đủ" not in stranger(server, review + "paper/" + name)
    enter(browser, "binh")
    browser.go(review)
    browser.driver.execute_script("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    browser.one('form[action*="/mend/"] textarea').send_keys("Đã trả lời 12 kiến nghị.")
    browser.press('form[action*="/mend/"] button')
    assert "Đã trả lời 12 kiến nghị" in stranger(server, review)

    # The public reads a unit's year, on a desk and on a phone, in both languages.
    browser.out()
    for width, lang in [(1440, "vi"), (768, "vi"), (360, "vi"), (360, "en")]:
        reader = Browser(server, width=width, lang=lang)
        for name, path in [("portrait", f"/c/{CLUSTER}/unit/{UNIT['anh']}/"), ("overview", WORK), ("list", WORK + "dialogue/"), ("dialogue", dialogue), ("bulletin", f"/c/{CLUSTER}/bulletin/{today[:7]}"), ("calendar", f"/c/{CLUSTER}/calendar"), ("press", f"/c/{CLUSTER}/press")]:
            reader.go(path)
            reader.look(f"public-work-{name}-{lang}")
        reader.clean()
        reader.close()
