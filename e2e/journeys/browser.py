"""What every journey needs: the service as a process, a browser, people who log in, axe at every page.

Run by e2e/service.rs, with the program, axe-core and a folder for pictures in the environment.
"""

import atexit
import base64
import contextlib
import hashlib
import hmac
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

PROGRAM = os.environ["GIAOUOC"]
AXE = Path(os.environ["GIAOUOC_AXE"]).read_text()
SHOTS = Path(os.environ["GIAOUOC_SHOTS"])
# Where the pictures of the guides go, when they are to be taken, and which they are (docs/guides).
GUIDES = os.environ.get("GIAOUOC_GUIDES")
GUIDED = {"desk", "upload", "form-wrong", "confirmed", "releases", "units", "behalf", "known", "now", "records-late", "record-dossier", "public-clock-vi", "public-board-vi"}
ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "ha-noi-cum-vi-2020"
CLUSTER = "cum-vi-2020"
# No journey asks how fast anything is: a disk that is busy with something else may hold a commit up for a minute or two. Only
# what never comes is a fault.
PATIENCE = 240


def unlived():
    """The example with its records and without its yearbook: a cluster whose year is still to be lived."""
    home = tempfile.mkdtemp(prefix="giaouoc-unlived-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    # A journey may run the program as somebody else.
    os.chmod(home, 0o755)
    return shutil.copytree(EXAMPLE, Path(home) / EXAMPLE.name, ignore=shutil.ignore_patterns("year"))


class Server:
    """The built program serving a folder."""

    def __init__(self, folder=None, bundle=None, port=0, config=None, env=None, **process):
        self.home = None if folder else tempfile.TemporaryDirectory()
        self.folder = Path(folder or self.home.name) / "service"
        bundle = unlived() if bundle is None else bundle
        self.bundle, self.port, self.link, self.url, self.process_of = bundle, port, None, None, process
        self.env = {**os.environ, **(env or {})}
        if config:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / "giaouoc.toml").write_text(config)
        self.start()

    def start(self):
        command = [PROGRAM, "serve", str(self.folder), "--listen", f"127.0.0.1:{self.port}", "--lang", "vi"]
        if self.bundle and not (self.folder / "clusters").exists():
            command += ["--with", str(self.bundle)]
        # A file: nobody reads a pipe while the service runs, and a full one would stop it.
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True, env=self.env, **self.process_of)
        for line in self.process.stdout:
            if found := re.search(r"(http://\S+/welcome/\S+)", line):
                self.link = found[1]
            if found := re.search(r"Đang chạy tại (http://\S+)", line):
                self.url = found[1]
                self.port = int(self.url.rsplit(":", 1)[1])
                return
        raise AssertionError("the service did not start: " + self.logged())

    def logged(self):
        """What it wrote to its log so far."""
        self.log.seek(0)
        return self.log.read()

    def threads(self):
        """What each thread of the service waits for, as the kernel tells it: whether it was the disk, a lock or nothing."""
        said = []
        for task in Path(f"/proc/{self.process.pid}/task").glob("*"):
            try:
                told = {name: (task / name).read_text().strip() for name in ("comm", "wchan", "syscall")}
                state = re.search(r"State:\s+(\S+)", (task / "status").read_text())[1]
                said.append(f"{task.name} {told['comm']}: {state}, {told['wchan']}, {told['syscall'].split()[0]}")
            except OSError:  # it has ended, or nobody may look
                pass
        return "\n".join(said)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Asks it to end, as systemd does; says what it wrote to its log."""
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0, (self.process.returncode, self.logged())
        return self.logged()


class Browser:
    """Chromium, at a width, with or without scripts."""

    def __init__(self, server, width=1440, scripts=True, lang="vi"):
        self.server, self.width = server, width
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--window-size=1440,1000", f"--lang={lang}"]:
            options.add_argument(argument)
        options.add_experimental_option("prefs", {"intl.accept_languages": lang, "webkit.webprefs.javascript_enabled": scripts})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.driver.set_page_load_timeout(PATIENCE)
        self.scripts = scripts
        if width != 1440:
            self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": True})

    def close(self):
        self.driver.quit()

    def go(self, path):
        self.driver.get(path if path.startswith("http") else self.server.url + path)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector="main"):
        return self.one(selector).text

    def press(self, selector):
        """Presses something and waits for the page that comes."""
        old = self.one("html")
        size = self.one(selector).size
        assert min(size["width"], size["height"]) >= 20, f"nobody can see or press {selector}: {size}"
        self.driver.execute_script("arguments[0].click()", self.one(selector))
        self.until(lambda: old != self.one("html"), f"a page after pressing {selector}")

    def press_in(self, form):
        """Presses the button of a form that was found, and waits for the page that comes."""
        old = self.one("html")
        self.driver.execute_script("arguments[0].click()", form.find_element("css selector", "button"))
        self.until(lambda: old != self.one("html"), "a page after pressing a form's button")

    def fill(self, **fields):
        for name, value in fields.items():
            field = self.one(f"#{name}")
            if field.tag_name == "select" or field.get_attribute("type") in ("date", "datetime-local"):
                self.driver.execute_script("arguments[0].value = arguments[1]", field, value)
            else:
                field.send_keys(value)

    def until(self, true, what):
        """Waits for something that the page shows by itself."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if true():
                    return
            except Exception:  # the page is just being loaded
                pass
            time.sleep(0.1)
        raise AssertionError(f"waited in vain for {what}; the page says:\n{self.text('body')}")

    def state(self, word):
        self.until(lambda: word in self.text("#state"), f"the state “{word}”")

    def picture(self, path, most=6000, **form):
        height = self.driver.execute_script("return document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": self.width, "height": min(height, most), "scale": 1}
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip, **form})
        path.write_bytes(base64.b64decode(shot["data"]))

    def look(self, name):
        """Takes pictures (light, dark, as printed), and asks axe and the console what they think."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.picture(SHOTS / f"{name}-{self.width}.png")
        if GUIDES and name in GUIDED and self.width == (360 if name.startswith("public") else 1440):
            Path(GUIDES).mkdir(parents=True, exist_ok=True)
            self.picture(Path(GUIDES) / f"{name}.webp", most=1800, format="webp", quality=60)
        wide = self.driver.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name}: the page is {wide} px wider than its window of {self.width} px"
        self.driver.execute_script(AXE)
        found = self.driver.execute_async_script(
            "const end = arguments[arguments.length - 1];"
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
            ".then(found => end(found.violations.filter(one => ['serious', 'critical'].includes(one.impact))"
            ".map(one => one.id + ': ' + one.nodes.map(node => node.html).slice(0, 3).join(' | '))))"
        )
        assert not found, f"{name}: axe found {found}"
        media = lambda kind, scheme: self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": kind, "features": [{"name": "prefers-color-scheme", "value": scheme}]})
        media("", "dark")
        self.picture(SHOTS / f"{name}-{self.width}-dark.png")
        pale = self.driver.execute_async_script(
            "const end = arguments[arguments.length - 1];"
            "axe.run(document, {runOnly: {type: 'rule', values: ['color-contrast']}}).then(found => end(found.violations.map(one => one.nodes.map(node => node.html).slice(0, 3).join(' | '))))"
        )
        media("print", "light")
        self.picture(SHOTS / f"{name}-{self.width}-print.png")
        media("", "light")
        assert not pale, f"{name}: too pale in the dark: {pale}"

    def clean(self, but=None):
        """Nothing was blocked and nothing failed in the browser; `but` names what other people's pages ask for in vain."""
        said = [line["message"] for line in self.driver.get_log("browser") if line["level"] == "SEVERE"]
        # Pages that are meant to be refused say so to the console too.
        said = [line for line in said if not re.search(r"status of (401|403|404|409|422|429)", line)]
        said = [line for line in said if not (but and but in line)]
        assert not said, said

    def out(self):
        self.driver.delete_all_cookies()

    def accept(self, link, password):
        self.out()
        self.go(link)
        self.fill(password=password, again=password)
        self.press("form.form button")

    def log_in(self, email, password, code=""):
        self.out()
        self.go("/login")
        self.fill(email=email, password=password, code=code)
        self.press("form.form button")

    def invite(self, name, email, role, place=""):
        """Gives the link of the invitation."""
        def offered():
            self.go("/people")
            return any(option.get_attribute("value") == place for option in self.all("#place option"))
        # Units are known once the cluster's figures were measured for the first time.
        self.until(offered, f"the place “{place}” on the page of people")
        self.fill(name=name, email=email, role=role, place=place)
        self.press("main form.form button")
        assert self.all("#link"), f"no link for {name}; the page says:\n{self.text('body')}"
        return self.one("#link").get_attribute("href")

    def send(self, path, **fields):
        """Sends a file at the desk whose page is open."""
        self.fill(**fields)
        self.one("#file").send_keys(str(path))
        self.press("form.drop button")


@contextlib.contextmanager
def journey(name, **of):
    """A service (`of` is what Server takes) and a browser for a journey. At its end nothing has failed in the browser and nothing is in the log."""
    server = Server(**of)
    browser = Browser(server)
    try:
        yield server, browser
        browser.clean()
        log = server.stop()
        assert log == "", f"the log is not clean: {log}"
        print(f"{name}: ok")
    finally:
        browser.close()
        if server.process.poll() is None:
            server.kill()
            print("the log:", server.logged(), file=sys.stderr)


def totp(secret, at=None):
    """The code of RFC 6238 that an app would show."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    step = struct.pack(">Q", int((at or time.time()) // 30))
    mac = hmac.new(key, step, hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


ADMIN = "mật khẩu của người quản trị"


def people(browser, *wanted):
    """The first start, then invitations: name, role, place. Everybody's password is “mật khẩu dài của NAME”."""
    browser.accept(browser.server.link, ADMIN)
    links = [(name, browser.invite(f"{name} (giả định)", f"{name}@vidu.vn", role, place)) for name, role, place in wanted]
    for name, link in links:
        browser.accept(link, f"mật khẩu dài của {name}")


def enter(browser, name):
    browser.log_in(f"{name}@vidu.vn", f"mật khẩu dài của {name}")


def local(seconds):
    """A time from now for a field of the page, in Hà Nội."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 7 * 3600 + seconds))
