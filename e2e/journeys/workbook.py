"""The Inspectorate's whole half-year in one workbook: two dialogues, one exemplar, no dossiers. At most six screens.

Journey (e2) of the service, then what can go wrong: the workbook sent back as it was, twice, by two people at once, at
another unit's desk; a foreign table whose columns are chosen by hand and remembered; the wrong kind.
"""

import datetime
import shutil
import subprocess
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

import openpyxl

from browser import *  # noqa: F403

UNIT = "H26.VD5"
DESK = f"/c/{CLUSTER}/desk/{UNIT}/"


def bundle(folder):
    """The example in which the Inspectorate has sent nothing yet."""
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("year"))
    for name in ["dialogue", "exemplar"]:
        path = folder / "records" / f"{name}.csv"
        lines = path.read_text().splitlines(keepends=True)
        path.write_text("".join(line for line in lines if UNIT not in line))
    path = folder / "reports.toml"
    text = path.read_text()
    parts = text.split("[[nil]]")
    path.write_text("[[nil]]".join(part for part in parts if UNIT not in part))


def fetch(browser, path):
    """What the browser would save."""
    request = urllib.request.Request(browser.server.url + urllib.parse.quote(path))
    request.add_header("Cookie", f"giaouoc_session={browser.driver.get_cookie('giaouoc_session')['value']}")
    return urllib.request.urlopen(request).read()


def book(browser, path, unit=UNIT):
    path.write_bytes(fetch(browser, f"/c/{CLUSTER}/desk/{unit}/workbook.xlsx"))
    return openpyxl.load_workbook(path)


def header(sheet):
    """The row of the header and the column of each heading, without its star."""
    for row in sheet.iter_rows(max_row=10):
        names = {str(cell.value).rstrip(" *"): cell.column for cell in row if cell.value}
        if len(names) > 4:
            return row[0].row, names
    raise AssertionError(f"no header on {sheet.title}")


def write(sheet, values, at=None):
    """Writes a record where the first row is free; gives the row."""
    row, names = header(sheet)
    if at is None:
        at = next(free for free in range(row + 1, sheet.max_row + 2) if not sheet.cell(free, 1).value)
    for name, value in values.items():
        sheet.cell(at, names[name]).value = value
    return at


def dialogue(code, day, **more):
    day = datetime.date.fromisoformat(day)
    return {
        "Mã cuộc đối thoại": code,
        "Về giải quyết TTHC": "có",
        "Ngày thông báo": day - datetime.timedelta(days=14),
        "Kênh thông báo": "Báo, đài",
        "Ngày tổ chức": day,
        "Hình thức": "Trực tiếp",
        "Số người dự": 41,
        "Ngày ký biên bản": day + datetime.timedelta(days=2),
        **more,
    }


def nil(sheet, kind, answer):
    """Answers beside a kind's name below “Không phát sinh?”."""
    rows = list(sheet.iter_rows())
    head = next(row for row in rows if any(cell.value == "Không phát sinh?" for cell in row))
    column = next(cell.column for cell in head if cell.value == "Không phát sinh?")
    row = next(row for row in rows if row[0].row > head[0].row and any(cell.value == kind for cell in row))
    sheet.cell(row[0].row, column).value = answer


def sums(browser, kind):
    return [cell.text for cell in browser.all(f"#part-{kind} td")]


folder = Path(tempfile.mkdtemp())
bundle(folder / "bundle")
with journey("workbook", bundle=folder / "bundle") as (server, browser):
    people(browser, ("officer", "officer", f"{CLUSTER}/{UNIT}"), ("second", "officer", f"{CLUSTER}/{UNIT}"), ("other", "officer", f"{CLUSTER}/H26.VD2"), ("leader", "leader", f"{CLUSTER}/{UNIT}"))

    # The templates of all kinds, filled in by somebody else's program, load without a mapping.
    for kind in sorted(path.stem for path in (ROOT / "kinds").glob("*.toml")):
        out = folder / f"{kind}.xlsx"
        done = subprocess.run([PROGRAM, "template", kind, str(out), "--bundle", str(EXAMPLE), "--unit", UNIT, "--lang", "vi"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        made = openpyxl.load_workbook(out)
        sheet = made.worksheets[0]
        row, names = header(sheet)
        assert sheet.data_validations.dataValidation, kind
        sheet.cell(row + 1, 1).value = "VD-MAU-1"
        lists = [check for check in sheet.data_validations.dataValidation if check.type == "list"]
        for formula, at in [(check.formula1, area.min_col) for check in lists for area in check.sqref.ranges]:
            if sheet.cell(row + 1, at).value:
                continue
            # The first word of the list behind the drop-down.
            name, cells = formula.lstrip("=").split("!")
            first = made[name.strip("'")][cells.split(":")[0].replace("$", "")].value
            sheet.cell(row + 1, at).value = first
        if kind == "totals":
            for name in ["Từ ngày", "Đến ngày"]:
                sheet.cell(row + 1, names[name]).value = datetime.date(2020, 1, 1)
        made.save(out)
        done = subprocess.run([PROGRAM, "load", str(EXAMPLE), kind, str(out), "--dry-run", "--supplier", UNIT, "--lang", "en"], capture_output=True, text=True)
        assert done.returncode == 0 and "1 records read: 1 new" in done.stdout, (kind, done.stdout, done.stderr)

    # Six screens: 1 log in, 2 the clusters, 3 the desk.
    browser.go(DESK)
    browser.until(lambda: "Việc của đơn vị" in browser.text() or "Đăng nhập" in browser.text("h1"), "the first figures")
    screens = 0
    enter(browser, "officer")
    screens += 2
    browser.press("main a.button")
    screens += 1
    browser.until(lambda: browser.all("#get-workbook"), "the desk")
    browser.look("workbook-desk")
    made = book(browser, folder / "thanh tra.xlsx")
    assert [sheet.title for sheet in made.worksheets if sheet.sheet_state == "visible"][0] == "Việc cần làm"
    write(made["Đối thoại với người dân"], dialogue("TTr-DT-01", "2020-04-15"))
    write(made["Đối thoại với người dân"], dialogue("TTr-DT-02", "2020-10-20"))
    exemplar = next(sheet for sheet in made.worksheets if sheet.title.startswith("Điển hình"))
    write(exemplar, {"Mã điển hình": "TTr-NT-01", "Hình thức": "Người tốt, việc tốt", "Đối tượng": "Cá nhân", "Ngày biểu dương": datetime.date(2020, 6, 5), "Số quyết định": "TTr-5/QĐ"})
    nil(made["Việc cần làm"], "Hồ sơ TTHC", "có")
    made.save(folder / "thanh tra.xlsx")

    # 4 the preview: a part a sheet.
    browser.send(folder / "thanh tra.xlsx")
    browser.state("chờ bạn xem")
    screens += 1
    assert sums(browser, "dialogue") == ["2", "0", "0", "0"], browser.text()
    assert sums(browser, "exemplar") == ["1", "0", "0", "0"], browser.text()
    assert "Hồ sơ TTHC" in browser.text("#nil"), browser.text()
    browser.look("workbook-preview")

    # 5 loaded, 6 the scoreboard.
    assert browser.text("form[action$='/load'] button") == "Nạp 3 bản ghi và 1 báo cáo không phát sinh"
    browser.press("form[action$='/load'] button")
    browser.state("đã nạp")
    screens += 1
    browser.look("workbook-loaded")
    first = browser.driver.current_url
    def moved():
        browser.go(f"/c/{CLUSTER}/now/target-dialogue")
        row = next(row.text for row in browser.all("main tr") if "Thanh tra" in row.text)
        return "đạt" in row and "chưa" not in row
    browser.until(moved, "the unit's dialogues on the provisional scoreboard")
    browser.look("workbook-moved")
    screens += 1
    assert screens <= 6, screens
    browser.go(DESK)
    def nil_reported():
        browser.go(DESK)
        return "đã báo" in browser.text("main table:last-of-type") or "đã báo, chờ lãnh đạo xác nhận" in browser.text()
    browser.until(nil_reported, "the report of no cases")

    # Sent back as it comes: nothing changes.
    made = book(browser, folder / "như cũ.xlsx")
    made.save(folder / "như cũ.xlsx")
    browser.go(DESK)
    browser.send(folder / "như cũ.xlsx")
    browser.state("chờ bạn xem")
    assert sums(browser, "dialogue") == ["0", "0", "2", "0"], browser.text()
    assert sums(browser, "exemplar") == ["0", "0", "1", "0"], browser.text()
    assert (browser.text("#new"), browser.text("#changed"), browser.text("#rejected")) == ("0", "0", "0")
    assert not browser.all("form[action$='/load']") and not browser.all("#nil")

    # Two officers hold the same workbook. The second one's later work is shown, and stays.
    row, names = header(made["Đối thoại với người dân"])
    people_column = names["Số người dự"]
    for name, count in [("một.xlsx", 50), ("hai.xlsx", 60)]:
        copy = openpyxl.load_workbook(folder / "như cũ.xlsx")
        copy["Đối thoại với người dân"].cell(row + 1, people_column).value = count
        copy.save(folder / name)
    enter(browser, "second")
    browser.go(DESK)
    mine = book(browser, folder / "của tôi.xlsx")
    mine["Đối thoại với người dân"].cell(row + 1, people_column).value = 50
    mine.save(folder / "một.xlsx")
    browser.send(folder / "một.xlsx")
    browser.state("chờ bạn xem")
    assert sums(browser, "dialogue") == ["0", "1", "1", "0"], browser.text()
    browser.fill(reason="Đếm lại người dự")
    browser.press("form[action$='/load'] button")
    browser.state("đã nạp")
    enter(browser, "officer")
    browser.go(DESK)
    browser.send(folder / "hai.xlsx")
    browser.state("chờ bạn xem")
    assert sums(browser, "dialogue") == ["0", "0", "2", "0"], browser.text()
    later = browser.text("#later")
    assert "TTr-DT-01" in later and "60" in later and "50" in later, later
    browser.look("workbook-later")
    # What the officer did not touch is not set back, and is said.
    browser.go(DESK)
    browser.send(folder / "như cũ.xlsx")
    browser.state("chờ bạn xem")
    assert "người khác đã sửa" in browser.text() and sums(browser, "dialogue") == ["0", "0", "2", "0"], browser.text()
    assert not browser.all("#later")
    # Chosen on purpose, with a reason, it is loaded.
    browser.go(DESK)
    browser.send(folder / "hai.xlsx")
    browser.state("chờ bạn xem")
    browser.driver.execute_script("document.querySelector('input[name=over]').click()")
    browser.fill(reason="Biên bản ghi 60 người")
    browser.press("form[action$='/load'] button")
    browser.state("đã nạp")
    assert sums(browser, "dialogue") == ["0", "1", "1", "0"], browser.text()
    # The same workbook goes on: its own work is nobody else's.
    again = openpyxl.load_workbook(folder / "hai.xlsx")
    again["Đối thoại với người dân"].cell(row + 1, people_column).value = 61
    again["Đối thoại với người dân"].cell(row + 2, people_column).value = "đông"
    again.save(folder / "ba.xlsx")
    browser.go(DESK)
    browser.send(folder / "ba.xlsx")
    browser.state("chờ bạn xem")
    assert sums(browser, "dialogue") == ["0", "1", "0", "1"] and not browser.all("#later"), browser.text()
    browser.look("workbook-rejects")
    # Its rejected rows come back as a workbook with a sheet for the kind, the reason in a column; it is known by its mark.
    path = urllib.parse.urlparse(browser.driver.current_url).path
    (folder / "từ chối.xlsx").write_bytes(fetch(browser, path + "/rejects.xlsx"))
    rejects = openpyxl.load_workbook(folder / "từ chối.xlsx")
    sheet = rejects["Đối thoại với người dân"]
    head = [cell.value for cell in sheet[1]]
    assert "giaouoc: lý do" in head and "số nguyên" in sheet.cell(2, head.index("giaouoc: lý do") + 1).value
    sheet.cell(2, people_column).value = 33
    rejects.save(folder / "từ chối.xlsx")
    browser.fill(reason="Sửa số người dự")
    browser.press("form[action$='/load'] button")
    browser.state("đã nạp")
    browser.go(DESK)
    browser.send(folder / "từ chối.xlsx")
    browser.state("chờ bạn xem")
    assert sums(browser, "dialogue") == ["0", "1", "0", "0"], browser.text()

    # Undo takes all entries and the report of no cases back.
    browser.go(first)
    browser.driver.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")
    browser.one("#undo-reason").send_keys("Gửi thử")
    browser.press("form[action$='/undo'] button")
    browser.state("đã lấy lại")
    def nil_gone():
        browser.go(DESK)
        return "chưa có bản ghi nào" in browser.text(".todo") and "Hồ sơ TTHC" in browser.text(".todo")
    browser.until(nil_gone, "the desk without the report of no cases")

    # Another unit's workbook is refused at this desk.
    enter(browser, "other")
    book(browser, folder / "nội vụ.xlsx", unit="H26.VD2")
    enter(browser, "officer")
    browser.go(DESK)
    browser.send(folder / "nội vụ.xlsx")
    browser.state("không đọc được")
    assert "lập cho Sở Nội vụ, không phải Thanh tra thành phố" in browser.text(), browser.text()

    # A table with headers of its own: columns chosen by hand, then remembered.
    def foreign(path, code):
        made = openpyxl.Workbook()
        made.active.append(["Số BB", "Cơ quan chủ trì", "Họp hôm", "Có bàn về thủ tục"])
        made.active.append([code, "Thanh tra TP", "05/03/2020", "x"])
        made.save(path)
    foreign(folder / "lạ.xlsx", "LA-1")
    browser.go(DESK)
    browser.send(folder / "lạ.xlsx", kind="dialogue")
    browser.state("không đọc được")
    browser.look("columns")
    browser.fill(c0="code", c1="unit", c2="held_on", c3="about_procedures", dates="dd/mm/yyyy")
    browser.press("form[action$='/columns'] button")
    browser.state("chờ bạn xem")
    assert browser.text("#new") == "1", browser.text()
    browser.press("form[action$='/load'] button")
    browser.state("đã nạp")
    foreign(folder / "lạ hai.xlsx", "LA-2")
    browser.go(DESK)
    browser.send(folder / "lạ hai.xlsx")
    browser.state("chờ bạn xem")
    assert browser.text("#new") == "1" and "như lần trước" in browser.text("#remembered"), browser.text()
    browser.look("remembered")
    browser.press("form[action$='/forget'] button")
    browser.until(lambda: "Đang làm" not in browser.text() and not browser.all("#remembered"), "the page without it")

    # The wrong kind is noticed before anything is loaded.
    browser.go(DESK)
    browser.send(EXAMPLE / "records" / "dossier.csv", kind="exemplar")
    browser.until(lambda: browser.all("#looks"), "the question whether it is another kind")
    assert "Hồ sơ TTHC" in browser.text("#looks"), browser.text("#looks")
    browser.look("looks")

    # On a phone, in English.
    for width, lang in [(360, "vi"), (768, "en")]:
        phone = Browser(server, width=width, lang=lang)
        try:
            enter(phone, "officer")
            for name, path in [("desk", DESK), ("first", first)]:
                phone.go(path)
                phone.look(f"workbook-{name}-{lang}")
            phone.clean()
        finally:
            phone.close()
