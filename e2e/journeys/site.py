"""The public pages as files behind a web server that knows nothing: no link is dead, nothing runs, nobody can log in."""

import functools
import http.server
import re
import subprocess
import tempfile
import threading
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from browser import CLUSTER, EXAMPLE, PATIENCE, PROGRAM, Browser, Server
from visitor import Visitor, administrator


class Links(HTMLParser):
    """Every address that a page speaks of, and its elements."""

    def __init__(self, text):
        super().__init__()
        self.links, self.places, self.names = [], set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.names.add(tag)
        of = dict(attributes)
        self.links += [of[name] for name in ("href", "src", "action") if of.get(name)]
        self.places.update(of[name] for name in ("id", "name") if of.get(name))


server = Server(bundle=EXAMPLE)
httpd = None
with tempfile.TemporaryDirectory() as home:
    try:
        # The example brings its year and two releases, whose figures are computed when it comes in.
        administrator(server)
        end = time.monotonic() + PATIENCE
        while Visitor(server).ask("GET", f"/c/{CLUSTER}/r/2/")[0] != 200:
            assert time.monotonic() < end
            time.sleep(0.2)
        out = Path(home) / "site"
        done = subprocess.run([PROGRAM, "site", str(server.folder), str(out), "--lang", "en"], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        print(done.stdout.strip())
        again = subprocess.run([PROGRAM, "site", str(server.folder), str(out), "--lang", "en"], capture_output=True, text=True)
        assert again.returncode == 2 and "not empty" in again.stderr
        server.stop()

        # No dead link, no form, no script, nothing of people who are logged in.
        pages = sorted(path for path in out.rglob("*") if path.is_file())
        read = {path: Links(path.read_text()) for path in pages if path.suffix == ".html"}
        links = 0
        for path, page in read.items():
            assert not page.names & {"script", "form", "button", "input"}, (path, page.names)
            text = path.read_text()
            assert not re.search(r"/login|/clock|TẠM TÍNH|PROVISIONAL", text), path
            for link in page.links:
                if link.startswith(("data:", "https://", "http://")):
                    continue
                assert not link.startswith("/"), (path, link)
                to = urlsplit(urljoin(path.as_uri(), link))
                target = Path(unquote(to.path))
                target = target / "index.html" if to.path.endswith("/") else target
                assert target.is_file(), f"{path}: {link}"
                assert not to.fragment or unquote(to.fragment) in read[target].places, f"{path}: {link}"
                links += 1
        names = {str(path.relative_to(out)) for path in pages}
        for language in ["", "en/"]:
            for name in ["index.html", f"c/{CLUSTER}/index.html", f"c/{CLUSTER}/releases.html", f"c/{CLUSTER}/r/1/index.html", f"c/{CLUSTER}/r/2/target-on-time.html", f"c/{CLUSTER}/unit-H26.VD1.html", f"c/{CLUSTER}/figures.json", f"c/{CLUSTER}/figures.csv", f"c/{CLUSTER}/report.xlsx", f"c/{CLUSTER}/report.html", f"c/{CLUSTER}/method.html", f"c/{CLUSTER}/data.html", f"c/{CLUSTER}/year/dialogue/VD-DT-01/index.html", f"c/{CLUSTER}/year/exemplar/VD-NT-09/index.html", f"c/{CLUSTER}/unit/H26.VD1/index.html", f"c/{CLUSTER}/agreement.html", f"c/{CLUSTER}/press.html", f"c/{CLUSTER}/calendar.html"]:
                assert language + name in names, language + name
        # Every page leads to the other language, and every page can be reached.
        reached = set()
        for path, page in read.items():
            reached.update(Path(unquote(urlsplit(urljoin(path.as_uri(), link)).path)) for link in page.links)
        assert {out / "index.html", *reached} >= set(pages), set(pages) - reached
        print(f"{len(read)} pages, {links} links, none dead")

        # As any web server shows it, at a path that is not its root, with scripts on: there are none.
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=home)
        handler.log_message = lambda *_: None
        http.server.SimpleHTTPRequestHandler.log_message = lambda *_: None
        httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        server.url = f"http://127.0.0.1:{httpd.server_port}/site"
        for width, lang in [(360, "vi"), (768, "en"), (1440, "vi"), (1440, "en")]:
            browser = Browser(server, width=width, lang=lang)
            try:
                browser.go("/" if lang == "vi" else "/en/")
                browser.look(f"site-home-{lang}")
                browser.press(f'a[href="c/{CLUSTER}/index.html"]')
                assert ("Kỳ công bố số 2" if lang == "vi" else "Release 2") in browser.text("#state")
                browser.look(f"site-board-{lang}")
                browser.go((("/" if lang == "vi" else "/en/") + f"c/{CLUSTER}/unit-H26.VD1.html"))
                browser.look(f"site-unit-{lang}")
                browser.go((("/" if lang == "vi" else "/en/") + f"c/{CLUSTER}/year/dialogue/VD-DT-01/index.html"))
                browser.look(f"site-matter-{lang}")
                browser.press(".bar nav a[hreflang]")
                assert browser.one("html").get_attribute("lang") == ("en" if lang == "vi" else "vi")
                browser.clean()
            finally:
                browser.close()
        print("site: ok")
    finally:
        if httpd:
            httpd.shutdown()
        if server.process.poll() is None:
            server.kill()
