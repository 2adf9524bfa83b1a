"""The ceremony on paper: frozen, printed with the code of the text on every sheet, signed in ink, scanned, certified against the
digest, in force; one deputy signs KT., one delegate TUQ. with the mandate, one unit signs later, one does not sign and says why:
the agreement comes into force without it. The QR code of every sheet is read as a phone reads it."""

import base64
import re
import subprocess
import tempfile
import time
from pathlib import Path

from browser import SHOTS, Browser, enter, journey, people

UNITS = ["H26.VD1", "H26.VD2", "H26.VD3", "H26.VD4", "H26.VD5", "H26.VD6"]
OLD, NEW = "cum-vi-2020", "cum-vi-2021"
REFUSED = "Chức năng của Trung tâm đang được sắp xếp lại, chưa nhận chỉ tiêu nào"


def today():
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 7 * 3600))


def look(server, browser, name, path, who=None):
    browser.go(path)
    browser.look(name)
    for width in (768, 360):
        other = Browser(server, width=width)
        try:
            if who:
                other.log_in(f"{who}@vidu.vn", f"mật khẩu dài của {who}")
            other.go(path)
            other.look(name)
            other.go(f"/lang/en?to={path}")
            other.go(path)
            other.look(f"{name}-en")
            other.go("/lang/vi?to=/")
            other.clean()
        finally:
            other.close()


def printed(browser, path, name):
    """Prints a page as Chromium does, and gives the PDF's pages as pictures."""
    browser.go(path)
    answer = browser.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    pdf = SHOTS / f"{name}.pdf"
    SHOTS.mkdir(parents=True, exist_ok=True)
    pdf.write_bytes(base64.b64decode(answer["data"]))
    subprocess.run(["pdftoppm", "-r", "80", "-png", str(pdf), str(SHOTS / name)], check=True)
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    return sorted(SHOTS.glob(f"{name}-*.png")), text.split("\f")[:-1]


def scanned(name):
    """What a reader of QR codes makes of each sheet of a print, as a scanner and as a camera near the paper see it."""
    pdf = SHOTS / f"{name}.pdf"
    for dots in (300, 200):
        stem = SHOTS / f"{name}-qr-{dots}"
        subprocess.run(["pdftoppm", "-r", str(dots), "-gray", "-png", str(pdf), str(stem)], check=True)
        for sheet in sorted(SHOTS.glob(f"{stem.name}-*.png")):
            read = subprocess.run(["zbarimg", "-q", "--raw", str(sheet)], capture_output=True, text=True)
            yield f"{sheet.name}", read.stdout.split()
            sheet.unlink()


def sign(browser, at, unit, name, capacity, scan, mandate=None, behalf="Bản giấy gửi kèm công văn số 12", refused=""):
    browser.go(f"{at}signing")
    form = f"form[action$='/units/{unit}/signature']"
    browser.driver.execute_script("arguments[0].open = true", browser.one(f"details:has({form})"))
    id = "unit-" + re.sub("[^A-Za-z0-9]", "-", unit)
    browser.one(f"#n-{id}").send_keys(name)
    browser.driver.execute_script("arguments[0].value = arguments[1]", browser.one(f"#k-{id}"), capacity)
    browser.driver.execute_script("arguments[0].value = arguments[1]", browser.one(f"#d-{id}"), today())
    if scan:
        browser.one(f"#s-{id}").send_keys(str(scan))
    if mandate:
        browser.one(f"#m-{id}").send_keys(str(mandate))
    if refused:
        browser.one(f"#r-{id}").send_keys(refused)
    if browser.all(f"#b-{id}"):
        browser.one(f"#b-{id}").send_keys(behalf)
    browser.press(f"{form} button")


def certify(browser, at, unit, code):
    browser.go(f"{at}signing")
    form = f"form[action$='/certify/{unit}']"
    browser.one(f"{form} input[name=short]").send_keys(code)
    browser.press(f"{form} button")


with journey("ceremony") as (server, browser), tempfile.TemporaryDirectory() as folder:
    people(browser, ("thuky", "secretary", OLD), ("lanhdao", "leader", f"{OLD}/{UNITS[0]}"))
    enter(browser, "thuky")
    browser.go(f"/c/{OLD}/agreement/drafts")
    browser.press("form[action$='/next-year'] button")
    at = f"/c/{NEW}/agreement/drafts/1/"
    browser.until(lambda: browser.all(".target .lead"), "figures")
    browser.go(f"{at}frame")
    browser.fill(bases="Luật Thi đua, khen thưởng | Law on Emulation and Commendation", theme_vi="Kỷ cương, trách nhiệm, hành động", theme_en="Discipline, responsibility, action", events="2021-10-10 Ngày Giải phóng Thủ đô | Liberation Day of the capital\n2021-11-23 Hội nghị điển hình (giả định) | Meeting of exemplars (invented)")
    browser.press("form.wide button")
    browser.driver.execute_script("document.querySelector('#respond_by').value = arguments[0]", today())
    browser.press("form[action$='/circulate'] button")
    for unit in UNITS:
        browser.go(f"{at}units/{unit}")
        browser.one("#all-behalf").send_keys("Công văn thống nhất của đơn vị")
        browser.press("form:has(#all-behalf) button")
    browser.go(at)
    browser.until(lambda: browser.all("form[action$='/freeze']"), "nothing is open")
    browser.press("form[action$='/freeze'] button")
    short = browser.text("#short")

    # The print: national heading, clauses, a cell a unit, the rules in an annex, the code on every sheet.
    pictures, pages = printed(browser, f"/c/{NEW}/agreement/1/print", "agreement-print")
    assert len(pages) >= 3 and len(pictures) == len(pages), len(pages)
    for number, page in enumerate(pages):
        assert short in page, f"sheet {number + 1} does not have the code of the text:\n{page}"
    whole = "\n".join(pages)
    flat = re.sub(r"\s+", " ", whole)
    for there in ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Luật Thi đua, khen thưởng", "PHỤ LỤC 1", "Thanh tra thành phố", "Ban Dân tộc", "finished_at in period"]:
        assert there in flat, f"{there} is not on the print:\n{whole}"
    assert whole.index("Văn phòng UBND thành phố") < whole.index("Thanh tra thành phố"), "units stand in the order of the decision"
    # The code on every sheet leads to the public page of this very text: the address, and the digits of its digest behind it.
    public = f"/c/{NEW}/agreement/1"
    link = f"{public}#{short.replace(' ', '')}"
    sheets = list(scanned("agreement-print"))
    assert len(sheets) == 2 * len(pages), sheets
    for sheet, read in sheets:
        assert len(read) == 1 and read[0].startswith("http") and read[0].endswith(link), (sheet, read, link)
        assert read[0].removesuffix(link) + link in re.sub(r"\s+", "", whole), "what is read is what is written beside it"
    browser.go(sheets[0][1][0].removeprefix(sheets[0][1][0].removesuffix(link)))
    assert browser.text("#short") == short
    look(server, browser, "agreement-sheet", f"/c/{NEW}/agreement/1/print")
    enter(browser, "thuky")

    # What was signed comes back as a scan; a scan of another text is refused by its code.
    scan = pictures[0]
    mandate = Path(folder) / "uy-quyen.pdf"
    mandate.write_bytes(b"%PDF-1.7\n% an invented mandate\n")
    browser.go(f"{at}signing")
    assert "Chưa đơn vị nào ký" in browser.text("#force ~ ul"), browser.text()
    sign(browser, at, UNITS[0], "", "head", scan)
    assert "họ tên, chức vụ" in browser.text("body")
    sign(browser, at, UNITS[0], "Nguyễn Văn A (giả định), Chánh Văn phòng", "head", scan)
    sign(browser, at, UNITS[1], "Trần Thị B (giả định), Phó Giám đốc", "deputy", scan)
    sign(browser, at, UNITS[2], "Lê Văn C (giả định), Chánh Văn phòng Sở", "delegate", scan)
    assert "giấy uỷ quyền" in browser.text("body")
    sign(browser, at, UNITS[2], "Lê Văn C (giả định), Chánh Văn phòng Sở", "delegate", scan, mandate)
    sign(browser, at, UNITS[3], "Phạm Thị D (giả định), Giám đốc", "head", scan)
    sign(browser, at, UNITS[4], "", "", None)
    assert "ghi lý do" in browser.text("body")
    certify(browser, at, UNITS[0], "0000 0000 0000 0000")
    assert "bản quét không phải của văn bản này" in browser.text("body")
    for unit in UNITS[:4]:
        certify(browser, at, unit, short)
    browser.go(f"{at}signing")
    browser.driver.execute_script("document.querySelector('#day').value = arguments[0]", today())
    browser.fill(place="Hà Nội", board="Đỗ Văn E (giả định), Phó Trưởng ban")
    browser.press("form[action$='/ceremony'] button")
    assert "số liệu tính từ ngày" in browser.text(), browser.text()
    # Two units have neither signed nor are marked as signing later. One does not sign, and says why; one signs later.
    open_still = browser.text("#force ~ ul")
    assert "Thanh tra" in open_still and "Trung tâm Xúc tiến" in open_still, open_still
    sign(browser, at, UNITS[5], "", "", None, refused=REFUSED)
    browser.go(f"{at}signing")
    open_still = browser.text("#force ~ ul")
    assert "Thanh tra" in open_still and "Trung tâm Xúc tiến" not in open_still, open_still
    assert "Không ký, trả lời ngày" in browser.text() and REFUSED in browser.text(), browser.text()
    assert not browser.all(f"input[type=checkbox][name='{UNITS[5]}']"), "whoever does not sign does not sign later either"
    # A page that is older than what was saved meanwhile keeps what was chosen on it.
    browser.driver.execute_script("document.querySelector(\"form[action$='/later'] input[name=rev]\").value = '0'")
    browser.driver.execute_script("arguments[0].click()", browser.one(f"input[type=checkbox][name='{UNITS[4]}']"))
    browser.press("form[action$='/later'] button")
    assert "Người khác vừa sửa" in browser.text("#later-wrong"), browser.text()
    assert browser.one(f"input[type=checkbox][name='{UNITS[4]}']").is_selected()
    browser.look("signing-again")
    browser.press("form[action$='/later'] button")
    look(server, browser, "signing", f"{at}signing", "thuky")
    enter(browser, "thuky")
    browser.go(f"{at}signing")
    browser.press("form[action$='/force'] button")
    browser.until(lambda: "số liệu tính theo giao ước này" in browser.text("#state"), "the agreement in the journal")

    # Figures are by it from now on, and the journal says so.
    browser.until(lambda: (browser.go(f"/c/{NEW}/now/"), "Theo dự thảo" not in browser.text(".when"))[1], "a board by the agreement in force")
    browser.go(f"/c/{NEW}/known")
    assert "giao ước có hiệu lực" in browser.text("body")
    # The events that it names are days of the calendar now; the anniversary stood there already.
    browser.until(lambda: (browser.go(f"/c/{NEW}/calendar"), browser.text().count("Hội nghị điển hình (giả định)") == 1)[1], "the agreement's events in the calendar")
    assert browser.text().lower().count("giải phóng thủ đô") == 1, browser.text()
    text = (server.folder / "clusters" / NEW / "agreement.toml").read_text()
    assert 'status = "in force"' in text.replace("        ", " ").replace("  ", " ") and f"signed = {today()}" in re.sub(" +", " ", text)

    # Until the one that signs later has signed, the public page says that it will.
    browser.go(f"/c/{NEW}/agreement")
    row = next(row for row in browser.all("#signatures ~ .scroll tr") if "Thanh tra" in row.text)
    assert "sẽ ký sau" in row.text, row.text

    # One signs later; the public page says who signed when and as what.
    sign(browser, at, UNITS[4], "Vũ Thị G (giả định), Chánh Thanh tra", "head", scan)
    certify(browser, at, UNITS[4], short)
    browser.out()
    look(server, browser, "agreement-in-force", f"/c/{NEW}/agreement")
    page = browser.text()
    row = next(row for row in browser.all("#signatures ~ .scroll tr") if "Xúc tiến" in row.text)
    assert "không ký" in row.text and REFUSED in row.text, row.text
    for there in ["có hiệu lực", "KT. Trần Thị B", "TUQ. Lê Văn C", "Đỗ Văn E"]:
        assert there in page, f"{there}\n{page}"
    assert short in browser.text("#short")
    # The print of what is in force says so in the unit's cell; its codes still lead to the same text.
    _, pages = printed(browser, f"/c/{NEW}/agreement/1/print", "agreement-in-force-print")
    flat = re.sub(r"\s+", " ", "\n".join(pages))
    cell = next(cell.text for cell in browser.all(".signing .cell") if "Xúc tiến" in cell.text)
    assert "Không ký, trả lời ngày" in cell and REFUSED in cell, cell
    assert "Không ký, trả lời ngày" in flat and flat.count("Không ký, trả lời ngày") == 1, flat
    for sheet, read in scanned("agreement-in-force-print"):
        assert len(read) == 1 and read[0].endswith(link), (sheet, read)
    browser.go(f"/c/{NEW}/agreement/1/text")
    browser.go(f"{at}signing")
    assert "Đăng nhập" in browser.text("body"), "what lies behind the signing is not public"

    # A leader of a unit sees the signing and cannot certify.
    enter(browser, "lanhdao")
    browser.go(f"{at}signing")
    assert not browser.all("form[action*='/certify/']") and not browser.all("form[action$='/force']")

    # An amendment goes the same way.
    enter(browser, "thuky")
    browser.go(f"/c/{NEW}/agreement/drafts")
    browser.fill(base="amendment")
    browser.press("form[action$='/agreement/drafts'] button")
    two = f"/c/{NEW}/agreement/drafts/2/"
    assert browser.driver.current_url.endswith(two)
    browser.go(f"{two}amend")
    browser.fill(target="on-time", goal=">= 97 %", reason_vi="Theo chỉ đạo mới")
    browser.driver.execute_script("document.querySelector('#from').value = '2021-07-01'; document.querySelector('#signed').value = '2021-07-10'")
    browser.look("draft-amend")
    browser.press("form.wide button")
    assert "Phụ lục pl-01" in browser.text(), browser.text()
    browser.go(f"{two}compare?from=own")
    assert "97" in browser.text() and browser.all("ins")
