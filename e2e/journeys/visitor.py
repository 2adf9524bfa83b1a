"""Somebody who sends forms as a browser would, without one; and the first start up to a token."""

import http.client
import json
import re
import time
import urllib.parse

from browser import CLUSTER, PATIENCE

DESK = f"/c/{CLUSTER}/desk/H26.VD1/"


class Visitor:
    """Somebody with a cookie."""

    def __init__(self, server):
        self.server, self.cookies = server, {}

    def ask(self, method, path, body=None, kind="application/x-www-form-urlencoded"):
        line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = kind
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            text = answer.read().decode()
        except TimeoutError as error:
            raise AssertionError(f"no answer to {method} {path}; the service:\n{self.server.threads()}\n{self.server.logged()}") from error
        for name, value in answer.getheaders():
            if name == "set-cookie":
                self.cookies.update([value.split(";")[0].split("=", 1)])
        line.close()
        return answer.status, answer.getheader("location"), text

    def csrf(self, page):
        status, _, text = self.ask("GET", page)
        assert status == 200, (page, status, text)
        return re.search(r'name="csrf" value="([0-9a-f]+)"', text)[1]

    def token(self, page):
        """What the forms of a page carry."""
        return self.csrf(page)

    def file(self, name, data, token=None):
        """A file of dossiers at the desk of the first unit."""
        edge = "giaouoc-edge"
        fields = [("csrf", token or self.csrf(DESK)), ("kind", "dossier"), ("supplier", "unit")]
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields]
        name = name.replace('"', "%22")
        parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n')
        data = data if isinstance(data, bytes) else data.encode()
        return self.ask("POST", DESK + "uploads", "".join(parts).encode() + data + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}")

    def load(self, place, patience=PATIENCE):
        """Presses the button of an upload that was read."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            _, _, text = self.ask("GET", place)
            if "chờ bạn xem" in text:
                return self.send(place + "/load", place)[0] == 303
            time.sleep(0.05)
        raise AssertionError(f"{place} was not read: {text}")

    def form(self, page, **fields):
        """A record by form."""
        edge = "giaouoc-edge"
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in [("csrf", self.csrf(page)), *fields.items()]]
        return self.ask("POST", page, ("".join(parts) + f"--{edge}--\r\n").encode(), f"multipart/form-data; boundary={edge}")

    def send(self, path, page, **fields):
        body = urllib.parse.urlencode({"csrf": self.csrf(page), **fields})
        return self.ask("POST", path, body)

    def make(self, page, **fields):
        """A token, as its page shows it once."""
        until = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 30 * 86400))
        status, _, text = self.send(page, page, **{"until": until, **fields})
        found = re.search(r'id="secret"[^>]*>(giaouoc_[0-9a-f]{64})<', text)
        assert status == 200 and found, (status, text)
        return found[1]


def administrator(server):
    """The first start; the administrator is in."""
    visitor = Visitor(server)
    ticket = "/" + server.link.split("/", 3)[3]
    visitor.send(ticket, ticket, password="mật khẩu quản trị dài", again="mật khẩu quản trị dài")
    return visitor


def invited(admin, role, place, name=None):
    """A person with a role, logged in."""
    status, name = 404, name or role
    while status == 404:  # units are known once the scoreboard was measured
        status, _, text = admin.send("/people", "/people", name=name, email=f"{name}@vidu.vn", role=role, place=place)
        time.sleep(0.2)
    link = re.search(r'id="link">http://[^/]+(/welcome/[0-9a-f]+)', text)[1]
    person = Visitor(admin.server)
    person.send(link, link, password="mật khẩu dài của ai đó", again="mật khẩu dài của ai đó")
    return person


def first(server, *wanted):
    """The first start, then people by invitation: name, role, place. Gives a visitor for each."""
    admin = administrator(server)
    people = [invited(admin, role, place, name) for name, role, place in wanted]
    while people and people[0].ask("GET", f"/c/{CLUSTER}/units")[0] != 200:
        time.sleep(0.2)
    return people


def officer_of(server):
    """The officer of the first unit, whose desk is ready."""
    (officer,) = first(server, ("officer", "officer", f"{CLUSTER}/H26.VD1"))
    while officer.ask("GET", DESK)[0] != 200:
        time.sleep(0.2)
    return officer


def csv(number, rows):
    head = "code,unit,received_at,first_due_at,finished_at,outcome\n"
    return head + "".join(f"K-{number}-{row},H26.VD1,2020-05-04T09:00,2020-05-08,2020-05-07T10:00,granted\n" for row in range(rows))


class Api:
    """A program with a token."""

    def __init__(self, server, token=None, lang="vi"):
        self.server, self.token, self.lang = server, token, lang

    def ask(self, method, path, body=None, **headers):
        """Status, headers in lower case, and the content: JSON, lines of JSON, or bytes."""
        line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers.setdefault("Accept-Language", self.lang)
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        elif body is not None:
            headers.setdefault("Content-Type", "application/x-ndjson")
        line.request(method, path, body.encode() if isinstance(body, str) else body, headers)
        answer = line.getresponse()
        content = answer.read()
        line.close()
        told = {name.lower(): value for name, value in answer.getheaders()}
        kind = told.get("content-type", "")
        if kind.endswith("ndjson"):
            content = [json.loads(one) for one in content.splitlines()]
        elif "json" in kind:
            content = json.loads(content)
        return answer.status, told, content
