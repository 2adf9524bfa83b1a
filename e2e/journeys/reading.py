"""The public reads a year that was lived: the example with its yearbook. On a phone without scripts, with the keyboard alone,
down to the data; nothing about a person who did not agree is anywhere; and the year goes out as a bundle and comes in again as
the same.

Journeys (g) and (h) of the year's work.
"""

import filecmp
import html
import io
import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, unquote, urljoin, urlsplit

from selenium.webdriver.common.keys import Keys

from browser import *  # noqa: F403
from browser import EXAMPLE, PATIENCE, PROGRAM

sys.path.insert(0, str(EXAMPLE.parent))
import ha_noi_year_words as told  # noqa: E402

HERE = f"/c/{CLUSTER}/"
UNIT = "H26.VD1"


def fetched(server, path):
    """What a stranger gets: status, kind, bytes."""
    try:
        with urllib.request.urlopen(urllib.request.Request(urljoin(server.url, quote(unquote(path), safe="/?=&%:")), headers={"Accept-Language": "vi"})) as answer:
            return answer.status, answer.headers["Content-Type"] or "", answer.read()
    except HTTPError as refused:
        return refused.code, "", b""


def published(server, number):
    """Waits until a release that came with the bundle has its figures."""
    end = time.monotonic() + PATIENCE
    while fetched(server, f"{HERE}r/{number}/")[0] != 200:
        assert time.monotonic() < end, "the releases of the bundle were not published"
        time.sleep(0.2)


def crawled(server):
    """Everything that links lead a stranger to."""
    links = re.compile(rb'(?:href|src)="([^"#]+)')
    seen, waiting, found = set(), ["/", HERE + "feed.atom", HERE + "calendar.ics", "/api/v1/clusters", "/api/v1/"], {}
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        status, kind, content = fetched(server, path)
        if status != 200:
            continue
        found[path] = (kind, content)
        if kind.startswith("text/html"):
            for link in links.findall(content):
                to = urlsplit(urljoin(server.url + path, link.decode().replace("&amp;", "&")))
                # The same rows in another order say nothing new.
                other_order = "sort=" in to.query and "csv" not in to.query and "xlsx" not in to.query
                if to.netloc == urlsplit(server.url).netloc and not to.path.startswith("/lang/") and not other_order:
                    waiting.append(to.path + (f"?{to.query}" if to.query else ""))
        elif "json" in kind and path.startswith("/api/"):
            waiting += [one for one in re.findall(r'"(/api/v1/[^"{}]+)"', content.decode())]
    return found


def words_of(kind, content):
    """What can be read in an answer, packages of office programs unpacked."""
    text = content.decode("utf-8", "ignore")
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            text += "".join(package.read(name).decode("utf-8", "ignore") for name in package.namelist())
    if "json" in kind:
        text += json.dumps(json.loads(content), ensure_ascii=False)
    return text


def tabbed(browser):
    """Every place that the Tab key leads to, in order, until it leads out; each one can be seen."""
    driver, places = browser.driver, []
    driver.execute_script("document.activeElement.blur(); window.scrollTo(0, 0)")
    for _ in range(600):
        driver.switch_to.active_element.send_keys(Keys.TAB)
        at = driver.execute_script(
            "const one = document.activeElement; if (!one || one === document.body) return null;"
            "const box = one.getBoundingClientRect(), style = getComputedStyle(one);"
            "const all = [...document.querySelectorAll('*')];"
            "return {at: all.indexOf(one), name: one.tagName + ' ' + (one.textContent || one.name || '').trim().slice(0, 40),"
            " seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,"
            " shown: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none'}"
        )
        if at is None or places and at["at"] == places[0]["at"]:
            break
        if places and at["at"] == places[-1]["at"]:
            # A field of a date has parts of its own; where the browser draws the ring around one of them is its affair.
            continue
        places.append(at)
    return places


def by_keyboard(browser, path):
    """Walks a page with the keyboard alone: all that can be pressed is reached, in the order of the page, and seen when it is."""
    browser.go(path)
    places = tabbed(browser)
    assert places, f"{path}: nothing is reached"
    order = [one["at"] for one in places]
    assert order == sorted(order), f"{path}: the Tab key does not follow the page"
    wrong = [one["name"] for one in places if not (one["seen"] and one["shown"])]
    assert not wrong, f"{path}: nobody sees where they are at {wrong[:3]}"
    all_of_them = browser.driver.execute_script(
        "const all = [...document.querySelectorAll('*')];"
        "const can = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex=\"0\"]')];"
        "return can.filter(one => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({visibilityProperty: true})).map(one => all.indexOf(one))"
    )
    missed = set(all_of_them) - set(order)
    missed = [browser.driver.execute_script("return [...document.querySelectorAll('*')][arguments[0]].outerHTML.slice(0, 120)", one) for one in list(missed)[:3]]
    assert not missed, f"{path}: the keyboard does not reach {missed}"
    # The first one leads past the head of the page.
    browser.driver.execute_script("document.activeElement.blur(); window.scrollTo(0, 0)")
    browser.driver.switch_to.active_element.send_keys(Keys.TAB)
    first = browser.driver.switch_to.active_element
    assert first.get_attribute("href").endswith("#main"), f"{path}: {first.get_attribute('outerHTML')}"
    first.send_keys(Keys.ENTER)
    assert browser.driver.execute_script("return location.hash") == "#main"
    return len(places)


def hits(words):
    """What a stranger's search finds, without the words that were asked for."""
    page = fetched(server, "/search?q=" + quote(words))[2].decode()
    rows = re.findall(r"<li[^>]*data-row.*?</li>", page, re.S)
    return html.unescape(re.sub(r"<[^>]+>", "", " ".join(rows)))


with journey("reading", bundle=EXAMPLE) as (server, browser):
    published(server, 2)

    # (g) A citizen with a phone: from the front page to one unit's year, and to its data.
    phone = Browser(server, width=360, scripts=False)
    phone.go("/")
    phone.press(f'main a[href="{HERE}"]')
    phone.press(f'nav a[href="{HERE}year/"]')
    phone.press(f'main a[href="{HERE}unit/{UNIT}/"]')
    text = phone.text()
    for words in ["96,26 %", "Nộp hồ sơ qua mạng tại Văn phòng UBND thành phố", "Mô hình phiếu hẹn điện tử", "Ở lại sau giờ giúp bà cụ nộp hồ sơ", "Số hóa 3.000 trang"]:
        assert words in text, (words, text)
    for address, words in [
        ("dialogue/VD-DT-01/", ["Có nộp được bằng điện thoại không?", "Được. Hướng dẫn bằng hình", "Đã trả lời xong"]),
        ("model/VD-GL-02/", ["Sở Ngoại vụ", "giảm từ 61 xuống 18", "Sở Nội vụ"]),
        ("exemplar/VD-NT-01/", ["Mai Thị Giả Định", "VD-21/QĐ"]),
        ("review/VD-HN-01/", ["Sáu tháng đầu năm 2020", "hai đơn vị dưới 95 %", "Đã công bố bốn thủ tục"]),
    ]:
        phone.go(HERE + "year/" + address)
        # What is folded is open to whoever prints and reads it.
        phone.driver.execute_script("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        for word in words:
            assert word in phone.text(), (address, word, phone.text())
    phone.go(f"{HERE}unit/{UNIT}/")
    data = [link.get_attribute("href") for link in phone.all("main a") if "Parquet" in link.text]
    assert data, "no way from a unit's year to its data"
    phone.go(data[0])
    offered = [link.get_attribute("href") for link in phone.all("main a")]
    figures = next(link for link in offered if link.endswith("figures.csv"))
    rows = fetched(server, urlsplit(figures).path)[2].decode()
    mine = [row.split(",") for row in rows.splitlines() if row.startswith(UNIT + ",")]
    plain = {row[1]: (row[6], row[7]) for row in mine if not row[2]}
    assert len(plain) == 7 and plain["on-time"] == ("412", "428"), plain
    # Each figure opens down to its records, and the agreement says what was signed by whom.
    phone.go(f"{HERE}unit/{UNIT}/")
    figure = urlsplit(phone.one('main td.n a[href*="on-time"]').get_attribute("href")).path
    phone.press('main td.n a[href*="on-time"]')
    phone.go(f"{HERE}agreement")
    for words in ["KT.", "TUQ.", "ký sau", "a8d5 96b0 8e94 c6db"]:
        assert words in phone.text(), (words, phone.text())
    phone.clean()
    phone.close()

    # Pages with content, as they are seen at three widths.
    pages = ["year/", "year/dialogue/VD-DT-02/", "year/exemplar/", "year/exemplar/VD-NT-09/", "year/model/VD-GL-02/", "year/movement/VD-PT-04/", "year/review/VD-HN-01/", f"unit/{UNIT}/", "press", "bulletin/2020-10", "calendar", "calendar/thu-do", "agreement"]
    for width in [360, 768, 1440]:
        one = Browser(server, width=width)
        for page in pages:
            one.go(HERE + page)
            one.look("read-" + page.strip("/").replace("/", "-"))
        one.clean()
        one.close()
    browser.go(HERE + "press")
    assert "95,58 %" in browser.text() and "toàn cụm đạt" in browser.text()
    number = next(link for link in browser.all("main a") if "95,58" in link.text)
    browser.go(number.get_attribute("href"))
    assert "5.427" in browser.text() and "5.678" in browser.text(), "a number of the press summary does not lead to its figure"

    # (h) The keyboard alone, scripts off.
    keys = Browser(server, scripts=False)
    # Where a key leads is looked at when the page has come to rest.
    keys.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]})
    reached = 0
    for path in ["/", "/terms", "/clock", "/search", "/login", "/api/", HERE, HERE + "releases", HERE + "r/1/", HERE + "target-on-time", HERE + f"unit-{UNIT}", HERE + "method", HERE + "data", figure, *[HERE + page for page in pages]]:
        if fetched(server, path)[0] == 200:
            reached += by_keyboard(keys, path)
        else:
            raise AssertionError(f"there is no page {path}")
    # A search and a look-up of a due date with nothing but keys.
    keys.go("/search")
    keys.one("input[type=search]").send_keys("phiếu hẹn", Keys.ENTER)
    keys.until(lambda: "Mô hình phiếu hẹn điện tử" in keys.text(), "what the search finds")
    keys.one("main li a[href*='/c/']").send_keys(Keys.ENTER)
    keys.until(lambda: "/c/" in keys.driver.current_url, "the page that was found")
    keys.clean()
    keys.close()
    print(f"{reached} places reached by the Tab key")

    # Nothing about people who did not agree, nor who entered what, anywhere a stranger comes to.
    secret = [told.AUTHORS[code] for code in told.AUTHORS]
    for headline, name, story, _, consent in told.EXEMPLARS.values():
        secret += [name, story] if consent != "yes" else []
    # Whoever entered something.
    entered = {one for path in (EXAMPLE / "year").rglob("*.toml") for one in re.findall(r'^by = "([^"]+)"', path.read_text(), re.M)}
    assert len(entered) > 12, entered
    secret += sorted(entered)
    found = crawled(server)
    assert len(found) > 150, len(found)
    for path, (kind, content) in found.items():
        text = words_of(kind, content)
        for one in secret:
            assert one not in text, f"{path} says {one}"
    for one in secret:
        assert one not in hits(one), f"the search finds {one}"
    assert "Mô hình phiếu hẹn điện tử" in hits("phiếu hẹn điện tử"), "hits are not seen: nothing of them was looked at"
    # What residents asked and units reported is found where it is shown; so are points of a concluded review.
    for asked, at in [("trả kết quả qua bưu điện", "year/dialogue/VD-DT-02/#q-"), ("phải chờ quá 15 phút", "year/model/VD-GL-02/#joined"), ("bốn thủ tục lên mức độ 3", "year/review/VD-HN-01/#points")]:
        assert f'href="{HERE}{at}' in fetched(server, "/search?q=" + quote(asked))[2].decode(), asked
    shown = [name for _, name, _, _, consent in told.EXEMPLARS.values() if consent == "yes"]
    everything = " ".join(words_of(*answer) for answer in found.values())
    assert any(one in everything for one in shown), "nobody who agreed is shown either: the crawl sees nothing"
    print(f"{len(found)} addresses read for {len(secret)} secrets")

    assert sum(kind.endswith("wordprocessingml.document") for kind, _ in found.values()) > 5, "minutes that their units show"

    # Scans and pictures that came with the bundle are spoken of: else they would be removed after a day.
    said = subprocess.run([PROGRAM, "doctor", str(server.folder), "--lang", "en"], capture_output=True, text=True, timeout=PATIENCE)
    assert "everything in files/ is spoken of" in said.stdout, said.stdout + said.stderr

    # Out as a bundle and in again: the same year, the same figures.
    with tempfile.TemporaryDirectory() as home:
        first, second = Path(home) / "first", Path(home) / "second"
        out = lambda folder, to: subprocess.run([PROGRAM, "export", str(folder), str(to), "--lang", "en"], capture_output=True, text=True)
        done = out(server.folder, first)
        assert done.returncode == 0 and "57 matters" in done.stdout, done.stdout + done.stderr
        other = Server(bundle=first)
        try:
            published(other, 2)
            done = out(other.folder, second)
            assert done.returncode == 0, done.stderr
            for number in [1, 2]:
                for form in ["figures.json", "figures.csv"]:
                    path = f"{HERE}r/{number}/{form}"
                    assert fetched(server, path)[2] == fetched(other, path)[2], path
            other.stop()
        finally:
            if other.process.poll() is None:
                other.kill()
        for path in sorted((first / "year").rglob("*")):
            there = second / path.relative_to(first)
            if path.is_file():
                assert there.is_file() and filecmp.cmp(path, there, shallow=False), f"{path.relative_to(first)} came back as another"
        assert len(list((first / "year").rglob("*"))) == len(list((second / "year").rglob("*")))
        # A bundle that was changed by hand is refused with the place, and nothing of it is brought in.
        matter = first / "year/dialogue/VD-DT-01.toml"
        matter.write_text(matter.read_text().replace('step = "hold"', 'step = "held"'))
        refused = subprocess.run([PROGRAM, "serve", str(Path(home) / "none"), "--with", str(first), "--listen", "127.0.0.1:0", "--lang", "vi"], capture_output=True, text=True, timeout=PATIENCE)
        assert refused.returncode == 2 and "year/dialogue/VD-DT-01.toml" in refused.stderr and "không có bước" in refused.stderr, refused.stderr
        assert not (Path(home) / "none/clusters").exists() or not any((Path(home) / "none/clusters").iterdir())
