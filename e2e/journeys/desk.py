"""Somebody who sends forms as a browser would, without one."""

import http.client
import re
import time
import urllib.parse

from browser import CLUSTER

DESK = f"/c/{CLUSTER}/desk/H26.VD1/"


class Visitor:
    """Somebody with a cookie."""

    def __init__(self, server):
        self.server, self.cookies = server, {}

    def ask(self, method, path, body=None, kind="application/x-www-form-urlencoded"):
        line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = kind
        line.request(method, path, body, headers)
        answer = line.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name == "set-cookie":
                self.cookies.update([value.split(";")[0].split("=", 1)])
        line.close()
        return answer.status, answer.getheader("location"), text

    def token(self, path):
        status, _, text = self.ask("GET", path)
        assert status == 200, (path, status, text)
        return re.search(r'name="csrf" value="([0-9a-f]+)"', text)[1]

    def send(self, path, page, **fields):
        body = urllib.parse.urlencode({"csrf": self.token(page), **fields})
        return self.ask("POST", path, body)

    def file(self, name, text, token=None):
        edge = "giaouoc-edge"
        fields = [("csrf", token or self.token(DESK)), ("kind", "dossier"), ("supplier", "unit")]
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields]
        parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n{text}\r\n--{edge}--\r\n')
        return self.ask("POST", DESK + "uploads", "".join(parts).encode(), f"multipart/form-data; boundary={edge}")

    def load(self, place, patience=60):
        """Presses the button of an upload that was read."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            _, _, text = self.ask("GET", place)
            if "chờ bạn xem" in text:
                return self.send(place + "/load", place)[0] == 303
            time.sleep(0.05)
        raise AssertionError(f"{place} was not read: {text}")


def administrator(server):
    """The first start; the administrator is in."""
    visitor = Visitor(server)
    ticket = "/" + server.link.split("/", 3)[3]
    visitor.send(ticket, ticket, password="mật khẩu quản trị dài", again="mật khẩu quản trị dài")
    return visitor


def invited(admin, role, place):
    """A person with a role, logged in."""
    status = 404
    while status == 404:  # units are known once the scoreboard was measured
        status, _, text = admin.send("/people", "/people", name=role, email=f"{role}@vidu.vn", role=role, place=place)
        time.sleep(0.2)
    link = re.search(r'id="link">http://[^/]+(/welcome/[0-9a-f]+)', text)[1]
    person = Visitor(admin.server)
    person.send(link, link, password="mật khẩu đủ dài của cán bộ", again="mật khẩu đủ dài của cán bộ")
    return person


def officer_of(server):
    """The officer of the first unit, whose desk is ready."""
    officer = invited(administrator(server), "officer", f"{CLUSTER}/H26.VD1")
    while officer.ask("GET", DESK)[0] != 200:
        time.sleep(0.2)
    return officer


def csv(number, rows):
    head = "code,unit,received_at,first_due_at,finished_at,outcome\n"
    return head + "".join(f"K-{number}-{row},H26.VD1,2020-05-04T09:00,2020-05-08,2020-05-07T10:00,granted\n" for row in range(rows))
