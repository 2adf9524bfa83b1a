"""Letters by a mail server of our own, a log-in at a real provider (the npm package oidc-provider), passkeys in a virtual device.

Part of journeys (a) and (g) of the service. Persons and addresses are invented.
"""

import email
import email.policy
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from selenium.webdriver.common.virtual_authenticator import Protocol, Transport, VirtualAuthenticatorOptions

from browser import *  # noqa: F403

DESK = f"/c/{CLUSTER}/desk/H26.VD1/"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def authority(folder):
    """A certificate authority of our own and a certificate of localhost."""
    run = lambda *command: subprocess.run(["openssl", *command], cwd=folder, check=True, capture_output=True)
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    run("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Journey", "-addext", "basicConstraints=critical,CA:TRUE")
    run("req", *key, "-keyout", "mail.key", "-out", "mail.csr", "-subj", "/CN=localhost")
    (folder / "names").write_text("subjectAltName=DNS:localhost")
    run("x509", "-req", "-in", "mail.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2", "-extfile", "names", "-out", "mail.pem")


class MailServer:
    """Takes letters over TLS (RFC 5321 as far as it is needed); knows nobody called “gone”."""

    def __init__(self, folder):
        self.letters = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "mail.pem", folder / "mail.key")
        plain = socket.create_server(("127.0.0.1", 0))
        self.port = plain.getsockname()[1]
        self.socket = context.wrap_socket(plain, server_side=True)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                continue
            threading.Thread(target=self.talk, args=[connection], daemon=True).start()

    def talk(self, connection):
        file = connection.makefile("rwb")

        def say(line):
            file.write(line.encode() + b"\r\n")
            file.flush()

        say("220 localhost")
        whom, let_in = [], False
        for line in file:
            verb = line.decode().strip().upper()
            if verb.startswith("EHLO"):
                say("250-localhost")
                say("250 AUTH PLAIN")
            elif verb.startswith("AUTH PLAIN"):
                let_in = base64.b64decode(line.split()[2]) == "\0thu\0mật khẩu thư".encode()
                say("235 ok" if let_in else "535 no")
            elif verb.startswith("MAIL"):
                whom = []
                say("250 ok" if let_in else "530 log in first")
            elif verb.startswith("RCPT"):
                if "GONE@" in verb:
                    say("550 5.1.1 no such user here")
                else:
                    whom.append(verb.split("<")[1].split(">")[0].lower())
                    say("250 ok")
            elif verb.startswith("DATA"):
                say("354 go on")
                data = b""
                while (part := file.readline()) != b".\r\n":
                    data += part[1:] if part.startswith(b".") else part
                self.letters.append((whom[0], email.message_from_bytes(data, policy=email.policy.default)))
                say("250 taken")
            elif verb.startswith("QUIT"):
                say("221 bye")
                return
            else:
                say("250 ok")

    def letter(self, whom, about):
        """Waits for a letter and takes it out."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for one in list(self.letters):
                if one[0] == whom and about in one[1]["subject"]:
                    self.letters.remove(one)
                    return one[1]
            time.sleep(0.1)
        raise AssertionError(f"no letter “{about}” to {whom}: {[(to, letter['subject']) for to, letter in self.letters]}")


def link(letter):
    return re.search(r"^(http://\S+)\s*$", letter.get_content(), re.M)[1]


work = Path(tempfile.mkdtemp())
authority(work)
mail = MailServer(work)
port, provider_port = free_port(), free_port()
(work / "mail").write_text("mật khẩu thư\n")
(work / "oidc").write_text("bi-mat-cua-ung-dung-0123456789\n")
config = f"""
url = "http://localhost:{port}"

[mail]
server = "localhost"
port = {mail.port}
from = "Giao ước thi đua <khong-tra-loi@vidu.vn>"
user = "thu"
password_file = "{work}/mail"

[[oidc]]
id = "city"
name = {{ vi = "Tài khoản thành phố", en = "City account" }}
issuer = "http://localhost:{provider_port}"
client_id = "giaouoc"
client_secret_file = "{work}/oidc"
domains = ["vidu.vn"]
"""
# The service trusts the journey's authority besides nobody else; the provider is not there yet.
server = Server(port=port, config=config, env={"SSL_CERT_FILE": str(work / "ca.pem")})
browser = Browser(server)
provider = None


def at_provider(name):
    """Logs in at the provider, whose pages are not ours."""
    browser.one("a[href^='/login/with/city']")
    browser.press("a[href^='/login/with/city']")
    if f":{provider_port}" in browser.driver.current_url:
        assert browser.all("input[name=login]"), (browser.driver.current_url, browser.text("body"))
        browser.one("input[name=login]").send_keys(name)
        browser.one("input[name=password]").send_keys("x")
        browser.press("button[type=submit]")
        if f":{provider_port}" in browser.driver.current_url:
            browser.press("button[type=submit]")


try:
    # An invitation goes by mail: plain text, both languages, a link that works once.
    browser.accept(server.link, ADMIN)
    for name, role, place in [
        ("officer", "officer", f"{CLUSTER}/H26.VD1"),
        ("leader", "leader", f"{CLUSTER}/H26.VD1"),
        ("secretary", "secretary", CLUSTER),
        ("unverified", "oversight", ""),
        ("gone", "oversight", ""),
    ]:
        browser.invite(f"{name} (giả định)", f"{name}@vidu.vn", role, place)
    browser.look("people-mail")
    for name in ["officer", "leader", "secretary"]:
        letter = mail.letter(f"{name}@vidu.vn", "Lời mời nhận tài khoản")
        assert letter.get_content_type() == "text/plain" and not letter.is_multipart(), letter
        assert letter["auto-submitted"] == "auto-generated" and letter["message-id"].endswith("@vidu.vn>")
        text = letter.get_content()
        assert "tên đăng nhập" in text and "You are invited" in text, text
        browser.accept(link(letter), f"mật khẩu dài của {name}")
    mail.letter("unverified@vidu.vn", "Lời mời")

    # Whom no server knows, the administrator sees.
    browser.log_in("admin@localhost", ADMIN)

    def undelivered():
        browser.go("/people")
        return "no such user here" in browser.text()

    browser.until(undelivered, "the letter that did not go")
    browser.look("letters")
    browser.go("/people/trail")
    browser.look("accounts-trail")

    # A forgotten password: the page says the same of an address that nobody has.
    browser.out()
    said = []
    for address in ["khong-ai@vidu.vn", "officer@vidu.vn"]:
        browser.go("/login")
        browser.go(browser.one("a[href='/forgotten']").get_attribute("href"))
        browser.look("forgotten")
        browser.fill(email=address)
        browser.press("form.form button")
        said.append(browser.text())
    assert said[0] == said[1], said
    browser.accept(link(mail.letter("officer@vidu.vn", "Đặt mật khẩu mới")), "mật khẩu dài của officer")
    assert not mail.letters, [(to, letter["subject"]) for to, letter in mail.letters]

    # What waits for somebody is told once, to whom it concerns, and to nobody who does not want it.
    enter(browser, "secretary")

    def plan(name):
        browser.go(f"/c/{CLUSTER}/releases")
        later = local(3600)
        browser.fill(name_vi=name, name_en=name, confirm_by=later, publish_at=later)
        browser.press("main form.form button")

    plan("Quý I")
    letter = mail.letter("leader@vidu.vn", "chờ lãnh đạo đơn vị xác nhận")
    assert "Quý I" in letter.get_content() and link(letter) == server.url + DESK, letter.get_content()
    enter(browser, "leader")
    browser.go(link(letter))
    assert "Việc của đơn vị" in browser.text(), browser.text()
    browser.go("/me")
    browser.look("me-mail")
    browser.press("form[action='/me/notices'] button")
    assert "không nhận thư báo" in browser.text("main")
    enter(browser, "secretary")
    plan("Quý II")
    enter(browser, "officer")
    browser.go(DESK)
    (work / "hỏng.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    browser.send(work / "hỏng.xlsx")
    letter = mail.letter("officer@vidu.vn", "chưa đọc được")
    assert "hỏng.xlsx" in letter.get_content() and "/uploads/1" in link(letter), letter.get_content()
    assert not mail.letters, [(to, letter["subject"]) for to, letter in mail.letters]

    # A draft goes round: who is to answer gets a letter that leads there, and another one when they are reminded. Who wants none
    # gets none.
    enter(browser, "secretary")
    browser.go(f"/c/{CLUSTER}/agreement/drafts")
    browser.press("form[action$='/next-year'] button")
    draft = browser.driver.current_url.removeprefix(server.url)
    browser.until(lambda: "Đang tính số liệu" not in browser.text("#state"), "the draft is computed")
    browser.driver.execute_script("document.querySelector('#respond_by').value = arguments[0]", local(86_400)[:10])
    browser.press("form[action$='/circulate'] button")
    letter = mail.letter("officer@vidu.vn", "Dự thảo giao ước chờ ý kiến")
    assert link(letter) == f"{server.url}{draft}units/H26.VD1", letter.get_content()
    assert "Quá hạn, đơn vị chưa có ý kiến được coi như thống nhất" in letter.get_content(), letter.get_content()
    browser.driver.execute_script("document.querySelector('#remind').open = true")
    browser.press("form[action$='/remind'] button")
    letter = mail.letter("officer@vidu.vn", "Dự thảo giao ước chờ ý kiến")
    enter(browser, "officer")
    browser.go(link(letter))
    assert "Góp ý dự thảo" in browser.text("h1"), browser.text("h1")
    # Reminded again on the same day, they get no third one.
    enter(browser, "secretary")
    browser.go(draft)
    browser.driver.execute_script("document.querySelector('#remind').open = true")
    browser.press("form[action$='/remind'] button")
    assert not mail.letters, [(to, letter["subject"]) for to, letter in mail.letters]

    # A log-in elsewhere. The provider is away, then there.
    browser.out()
    browser.go("/login")
    browser.look("login-elsewhere")
    browser.press("a[href^='/login/with/city']")
    assert "chưa trả lời được" in browser.text(), browser.text()
    back = f"{server.url}/login/with/city/back"
    here = Path(__file__).with_name("provider.mjs")
    provider = subprocess.Popen(["node", str(here), os.environ["GIAOUOC_OIDC"], str(provider_port), back], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert any(line == "ready\n" for line in provider.stdout), "the provider did not start"
    browser.go(f"/login?to={DESK}")
    at_provider("officer")
    assert browser.driver.current_url == server.url + DESK, browser.driver.current_url
    browser.press("form[action='/logout'] button")
    browser.go("/me")
    assert "Đăng nhập" in browser.text("h1"), "logged out here"
    browser.out()
    browser.go("/login?to=/me")
    at_provider("officer")
    assert "Tài khoản thành phố" in browser.text("main"), browser.text()
    # Who was not invited, whose address is not verified, and who made the way back up.
    for name in ["stranger", "unverified"]:
        browser.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        browser.go("/login")
        at_provider(name)
        assert "chưa được mời" in browser.text(), (name, browser.text())
    browser.look("refused-elsewhere")
    browser.go("/login/with/city/back?state=x&code=y")
    assert "không bắt đầu từ trình duyệt này" in browser.text(), browser.text()

    # A passkey as the second factor, in a device that the browser plays.
    device = VirtualAuthenticatorOptions(protocol=Protocol.CTAP2, transport=Transport.INTERNAL, has_resident_key=True, has_user_verification=True, is_user_verified=True)
    browser.driver.add_virtual_authenticator(device)
    enter(browser, "leader")
    browser.go("/me")
    browser.press("a[href='/me/passkeys']")
    browser.look("passkey-add")
    browser.fill(name="Điện thoại", password="mật khẩu dài của leader")
    browser.press("form.passkey button")
    assert "Điện thoại" in browser.text("main"), browser.text()
    browser.look("me-passkey")
    enter(browser, "leader")
    assert "Xác thực bước hai" in browser.text("h1"), browser.text()
    browser.look("second-passkey")
    browser.press("form.passkey button")
    browser.go("/me")
    assert "dùng lần cuối" in browser.text("main") and "đăng nhập" in browser.text("#log-ins ~ ul"), browser.text()
    # The administrator helps who has lost the device.
    browser.log_in("admin@localhost", ADMIN)
    browser.go("/people")
    browser.press("form[action$='/second'] button")
    enter(browser, "leader")
    browser.go("/me")
    assert "Chưa có khoá nào" in browser.text("main"), browser.text()
    browser.clean(but="fonts.googleapis.com")  # the provider's own pages

    # The pages at the widths of a phone and a tablet, in both languages.
    for width in [360, 768]:
        for lang in ["vi", "en"]:
            reader = Browser(server, width=width, lang=lang)
            try:
                for name, path in [("login-elsewhere", "/login"), ("forgotten", "/forgotten")]:
                    reader.go(path)
                    reader.look(f"{name}-{lang}")
                if lang == "vi":
                    enter(reader, "leader")
                    for name, path in [("me-mail", "/me"), ("passkey-add", "/me/passkeys")]:
                        reader.go(path)
                        reader.look(name)
                    reader.log_in("admin@localhost", ADMIN)
                    for name, path in [("letters", "/people"), ("accounts-trail", "/people/trail")]:
                        reader.go(path)
                        reader.look(name)
                reader.clean()
            finally:
                reader.close()
    log = server.stop().splitlines()
    expected = [line for line in log if re.match(r"\S+ ERROR giaouoc::(mail: a letter did not go letter=\d+ kind=\"invitation\" tries=1 why=.*550|sign_on: a log-in came to nothing provider=\"city\" why=)", line)]
    assert log == expected and len(log) == 2, log
    assert "gone@" not in "".join(log), "addresses are not for the log"
    print("accounts: ok")
finally:
    browser.close()
    if provider:
        provider.kill()
    if server.process.poll() is None:
        server.kill()
        print("the log:", server.logged(), file=sys.stderr)
