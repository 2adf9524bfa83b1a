"""Somebody without a browser: forms are sent as a browser would."""

import http.client
import re
import time
import urllib.parse

from browser import CLUSTER


class Visitor:
    """Somebody with a cookie."""

    def __init__(self, server):
        self.server, self.cookies = server, {}

    def ask(self, method, path, body=None, kind="application/x-www-form-urlencoded"):
        line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
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

    def file(self, desk, name, data, kind="dossier"):
        edge = "giaouoc-edge"
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in [("csrf", self.token(desk)), ("kind", kind), ("supplier", "unit")]]
        name = name.replace('"', "%22")
        parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n')
        data = data if isinstance(data, bytes) else data.encode()
        return self.ask("POST", desk + "uploads", "".join(parts).encode() + data + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}")

    def form(self, page, **fields):
        """A record by form, as a browser sends it."""
        edge = "giaouoc-edge"
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in [("csrf", self.token(page)), *fields.items()]]
        return self.ask("POST", page, ("".join(parts) + f"--{edge}--\r\n").encode(), f"multipart/form-data; boundary={edge}")


def first_officer(server, unit):
    """The administrator's first start, and an officer of a unit by invitation, at whose desk figures can be seen."""
    admin = Visitor(server)
    ticket = "/" + server.link.split("/", 3)[3]
    admin.send(ticket, ticket, password="mật khẩu quản trị dài", again="mật khẩu quản trị dài")
    status = 404
    while status == 404:  # units are known once the scoreboard was measured
        status, _, text = admin.send("/people", "/people", name="officer", email="o@vidu.vn", role="officer", place=f"{CLUSTER}/{unit}")
        time.sleep(0.2)
    link = re.search(r'id="link">http://[^/]+(/welcome/[0-9a-f]+)', text)[1]
    officer = Visitor(server)
    officer.send(link, link, password="mật khẩu cán bộ dài", again="mật khẩu cán bộ dài")
    while officer.ask("GET", f"/c/{CLUSTER}/desk/{unit}/")[0] != 200:
        time.sleep(0.2)
    return officer
