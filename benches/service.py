#!/usr/bin/env python3
"""Measures the service under load: the public scoreboard at a fixed rate while a file of a million rows is brought, read,
loaded and measured; nginx with the same bytes as static files beside it, in the same run. The year's work is in use meanwhile:
thousands of matters are there, their pages, a unit's year and the search are asked for, dialogues are announced, residents ask.

    benches/service.py                       10 M dossiers of 20 units, 1,000 requests a second for as long as the upload takes
    benches/service.py --write               and puts the table into docs/benchmarks.md

Needs a release build, and Debian's `hey` (load) and `nginx-light` (peer).
"""

import argparse
import http.client
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PROGRAM = TARGET / "release/giaouoc"
WORK = TARGET / "bench"
PASSWORD = "một mật khẩu đủ dài để đo"


class Visitor:
    """Somebody with a cookie."""

    def __init__(self, port):
        self.port, self.cookies, self.network = port, {}, None

    def ask(self, method, path, body=None, headers=None):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **(headers or {})}
        if self.network:
            headers["X-Forwarded-For"] = self.network
        line.request(method, path, body, headers)
        answer = line.getresponse()
        data = answer.read()
        for name, value in answer.getheaders():
            if name == "set-cookie":
                self.cookies.update([value.split(";")[0].split("=", 1)])
        line.close()
        return answer.status, answer.getheader("location"), data.decode()

    def token(self, page):
        status, _, text = self.ask("GET", page)
        assert status == 200, (page, status, text[:500])
        return re.search(r'name="csrf" value="([0-9a-f]+)"', text)[1]

    def send(self, path, page, **fields):
        body = urllib.parse.urlencode({"csrf": self.token(page), **fields})
        return self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def file(self, desk, path, **fields):
        edge = "giaouoc-edge"
        head = "".join(f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in [("csrf", self.token(desk)), *fields.items()])
        head += f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n\r\n'
        with tempfile.NamedTemporaryFile() as body:
            body.write(head.encode())
            with open(path, "rb") as source:
                shutil.copyfileobj(source, body)
            body.write(f"\r\n--{edge}--\r\n".encode())
            body.flush()
            size = body.tell()
            with open(body.name, "rb") as stream:
                return self.ask("POST", desk + "uploads", stream, {"Content-Type": f"multipart/form-data; boundary={edge}", "Content-Length": str(size)})


def accept(port, link):
    visitor = Visitor(port)
    path = "/" + link.split("/", 3)[3]
    status, _, text = visitor.send(path, path, password=PASSWORD, again=PASSWORD)
    assert status == 303, (status, text[:500])
    return visitor


def until(true, what, seconds=900):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.2)
    raise AssertionError(f"waited in vain for {what}")


def memory(pid, name):
    return int(re.search(rf"{name}:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) // 1024


def hey(url, rate, seconds):
    """Starts to ask at a fixed rate, over 50 connections."""
    command = ["hey", "-z", f"{seconds}s", "-c", "50", "-q", str(rate // 50), "-disable-redirects", "-H", "Accept-Encoding: gzip", url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def answered(asking):
    """Requests a second, p50, p99 and the longest in ms, and what was answered."""
    text = asking.communicate()[0]
    number = lambda pattern: float(re.search(pattern, text)[1])
    codes = dict(re.findall(r"\[(\d+)\]\s+(\d+) responses", text))
    share = lambda percent: number(rf"{percent}% in ([\d.]+) secs") * 1000
    return number(r"Requests/sec:\s+([\d.]+)"), share(50), share(99), number(r"Slowest:\s+([\d.]+)") * 1000, codes, "Error distribution" in text


def rows(path, unit, count):
    """Dossiers of one unit under keys of their own."""
    with open(path, "w") as out:
        out.write("code,unit,procedure,received_at,first_due_at,finished_at,outcome\n")
        for number in range(count):
            day, month = number % 28 + 1, number // 28 % 12 + 1
            out.write(f"TAI-{number:07},{unit},1.{number % 900:06},2024-{month:02}-{day:02}T09:00,2024-{month:02}-{day:02}T17:00,2024-{month:02}-{day:02}T1{number % 9}:00,granted\n")


def nginx(page, packed, folder):
    """The same page as a static file, gzipped beforehand, as nginx serves it."""
    (folder / "www").mkdir()
    (folder / "www/index.html").write_bytes(page)
    (folder / "www/index.html.gz").write_bytes(packed)
    conf = folder / "nginx.conf"
    conf.write_text(f"""worker_processes auto; pid {folder}/pid; error_log {folder}/error.log; daemon off;
events {{ worker_connections 1024; }}
http {{ access_log off; gzip_static on; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
server {{ listen 127.0.0.1:18999; root {folder}/www; }} }}
""")
    return subprocess.Popen(["/usr/sbin/nginx", "-c", str(conf)], stderr=subprocess.DEVNULL)


def lived(bundle, units, each):
    """A yearbook beside the records: `each` dialogues of every unit with three questions, the first of each unit still to come."""
    shutil.rmtree(bundle / "year", ignore_errors=True)
    folder = bundle / "year/dialogue"
    folder.mkdir(parents=True)
    ahead = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 20 * 86400))
    for unit in units:
        for number in range(each):
            month, day = number % 12 + 1, number % 27 + 1
            held = ahead if number == 0 else f"2024-{month:02}-{day + 1:02}"
            text = f"""sort = "dialogue"\ncode = "DO-{unit}-{number:03}"\nunit = "{unit}"\n[fields]\ntopic = "Đối thoại số {number} về hồ sơ, cải cách hành chính"
about_procedures = true\nplanned_on = {held}\nplace = "Hội trường"\nform = "in-person"\nchair_rank = "head"\nnotice_channel = "portal"\nattendees = 40\n[[step]]\nstep = "announce"\nday = 2024-{month:02}-{day:02}\n"""
            if number:
                text += f"[[step]]\nstep = \"hold\"\nday = {held}\n"
                text += "".join(f'[[question]]\ntext = "Câu hỏi {one} của cuộc {number}?"\nreply = "Trả lời {one}."\n' for one in range(3))
            (folder / f"{unit}-{number}.toml").write_text(text)
    return len(units) * each


def residents(port, places, done, counts):
    """Somebody asks at one dialogue after the other, as quickly as the service takes it."""
    somebody = Visitor(port)
    while not done.is_set():
        place = places[counts["asked"] % len(places)]
        begin = time.monotonic()
        # Each from a network of its own, as a proxy would say.
        somebody.network = f"11.{counts['asked'] // 250 % 250}.{counts['asked'] % 250}.1"
        status, _, text = somebody.send(place + "ask", place, text=f"Câu hỏi {counts['asked']} trong lúc nạp tệp?", website="")
        counts["slowest"] = max(counts["slowest"], time.monotonic() - begin)
        assert status == 200, (status, text[:300])
        counts["asked"] += 1
        time.sleep(0.05)


def announcing(officer, desk, done, counts):
    """An officer announces dialogues, each of which writes its record."""
    while not done.is_set():
        edge, new = "giaouoc-edge", desk + "year/dialogue/new"
        fields = dict(topic=f"Đối thoại mới {counts['announced']}", about_procedures="true", planned_on=time.strftime("%Y-%m-%d"), place="Hội trường", form="in-person", chair_rank="head", notice_channel="portal")
        parts = [("csrf", officer.token(new)), *[(f"v.{field}", value) for field, value in fields.items()], ("then", "announce")]
        body = "".join(f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in parts) + f"--{edge}--\r\n"
        status, _, text = officer.ask("POST", new, body.encode(), {"Content-Type": f"multipart/form-data; boundary={edge}"})
        assert status == 303, (status, text[:300])
        counts["announced"] += 1
        time.sleep(0.5)


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--dossiers", type=int, default=10_000_000)
    asked.add_argument("--units", type=int, default=20)
    asked.add_argument("--matters", type=int, default=100, help="dialogues of each unit")
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--rate", type=int, default=1000)
    asked.add_argument("--program", type=Path, default=PROGRAM)
    asked.add_argument("--write", action="store_true")
    args = asked.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    bundle = WORK / f"data/{args.dossiers}-{args.units}-1"
    if not Path(f"{bundle}.complete").exists():
        shutil.rmtree(bundle, ignore_errors=True)
        subprocess.run([args.program, "example", "--dossiers", str(args.dossiers), "--units", str(args.units), "--seed", "1", bundle], check=True)
        Path(f"{bundle}.complete").touch()
    units = re.findall(r'\[\[unit\]\]\s+code\s*=\s*"([^"]+)"', (bundle / "cluster.toml").read_text())
    matters = lived(bundle, units, args.matters)
    folder = WORK / "service"
    shutil.rmtree(folder, ignore_errors=True)
    print("starting; what lies in the bundle becomes a journal first", file=sys.stderr)
    server = subprocess.Popen([args.program, "serve", folder, "--with", bundle, "--listen", "127.0.0.1:0", "--lang", "en"], stdout=subprocess.PIPE, text=True)
    try:
        link = port = None
        for line in server.stdout:
            link = (re.search(r"(http://\S+/welcome/\S+)", line) or [None, link])[1]
            if found := re.search(r"Serving at http://\S+:(\d+)", line):
                port = int(found[1])
                break
        admin = accept(port, link)
        cluster = next((folder / "clusters").iterdir()).name
        unit = re.search(r'code\s*=\s*"([^"]+)"', (folder / "clusters" / cluster / "cluster.toml").read_text().split("[[unit]]")[1])[1]
        begin = time.monotonic()

        def invited(name, role, place):
            text = admin.send("/people", "/people", name=name, email=f"{name}@vidu.vn", role=role, place=place)[2]
            found = re.search(r'href="([^"]+)" id="link"', text)
            return found and accept(port, found[1])

        # Roles of a unit can be given once the units are known: when the first scoreboard is there.
        wanted = [("secretary", "secretary", cluster), ("officer", "officer", f"{cluster}/{unit}")]
        people = {name: until(lambda: invited(name, role, place), f"the invitation of {name}") for name, role, place in wanted}
        until(lambda: people["secretary"].ask("GET", f"/c/{cluster}/now/")[0] == 200, "the first scoreboard")
        first = time.monotonic() - begin
        soon = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 7 * 3600 + 4))
        releases = f"/c/{cluster}/releases"
        people["secretary"].send(releases, releases, name_vi="Kỳ đo", name_en="Measured", confirm_by=soon, publish_at=soon)
        public = f"/c/{cluster}/"
        until(lambda: 'id="scores"' in Visitor(port).ask("GET", public)[2], "the release")
        page = Visitor(port).ask("GET", public)[2].encode()
        url = f"http://127.0.0.1:{port}{public}"
        table = []

        def measured(name, asking):
            per_second, half, most, slowest, codes, failed = answered(asking)
            assert set(codes) == {"200"} and not failed, (codes, failed)
            table.append(f"| {name} | {per_second:,.0f} | {half:.1f} | {most:.1f} | {slowest:.0f} |")
            print(table[-1], file=sys.stderr)

        # Alone, then its peer alone.
        measured("giaouoc, nothing else going on", hey(url, args.rate, 20))
        with tempfile.TemporaryDirectory() as place:
            import gzip

            peer = nginx(page, gzip.compress(page), Path(place))
            time.sleep(1)
            measured("nginx with the same page as a file", hey("http://127.0.0.1:18999/", args.rate, 20))
            peer.terminate()
            peer.wait()

        # While a file of a million rows is brought, read, loaded and measured.
        upload = WORK / "million.csv"
        rows(upload, unit, args.rows)
        Path(f"/proc/{server.pid}/clear_refs").write_text("5")
        desk = f"/c/{cluster}/desk/{unit}/"
        asking = hey(url, args.rate, 600)
        at_year = f"http://127.0.0.1:{port}/c/{cluster}/"
        beside = {
            "a dialogue with its questions": hey(f"{at_year}year/dialogue/DO-{units[1]}-007/", 100, 600),
            "a unit's year": hey(f"{at_year}unit/{units[2]}/", 50, 600),
            "a search": hey(f"http://127.0.0.1:{port}/search?q=" + urllib.parse.quote("cải cách hành chính"), 50, 600),
        }
        done, counts = threading.Event(), {"asked": 0, "announced": 0, "slowest": 0.0}
        places = [f"/c/{cluster}/year/dialogue/DO-{one}-000/" for one in units]
        others = Visitor(port)
        others.cookies.update(people["officer"].cookies)
        busy = [threading.Thread(target=residents, args=(port, places, done, counts)), threading.Thread(target=announcing, args=(others, f"/c/{cluster}/desk/{unit}/", done, counts))]
        for one in busy:
            one.start()
        begin = time.monotonic()
        status, at, text = people["officer"].file(desk, upload, kind="dossier", supplier="unit")
        assert status == 303, (status, text[:500])
        state = lambda: re.search(r'id="state"[^>]*>([^<]*)', people["officer"].ask("GET", at)[2])[1]
        until(lambda: "waits for you" in state() or "chờ bạn" in state(), "the file to be read")
        read = time.monotonic() - begin
        status, _, text = people["officer"].send(f"{at}/load", at)
        assert status == 303, (status, text[:500])
        until(lambda: re.search(r": (loaded|đã nạp)", state()), "the file to be loaded")
        loaded = time.monotonic() - begin
        time.sleep(5)  # the scoreboard is measured again
        done.set()
        for one in busy:
            one.join()
        for one in [asking, *beside.values()]:
            one.send_signal(2)
        measured(f"giaouoc, while {args.rows:,} rows come in", asking)
        for name, one in beside.items():
            measured(f"meanwhile: {name}", one)
        peak = memory(server.pid, "VmHWM")
        said = (
            f"{args.dossiers:,} dossiers of {args.units} units in the journal, SQLite, {os.cpu_count()} cores, {'the development build' if 'debug' in args.program.parts else 'the release build'}; "
            f"the page has {len(page) // 1000} kB. `benches/service.py --program {args.program}`\n\n| public scoreboard, {args.rate:,} requests a second over 50 connections; the others at 50 to 100 | answered a second | p50 ms | p99 ms | longest ms |\n|---|---|---|---|---|\n"
            + "\n".join(table)
            + f"\n\nThe file of {args.rows:,} rows ({upload.stat().st_size // 1_000_000} MB): read and compared {read:.0f} s after it was sent, loaded after {loaded:.0f} s "
            f"(with somebody's second to press). Peak memory of the service meanwhile: {peak} MiB (asked for: p99 under 50 ms, memory under 1 GB). First scoreboard after the start with {args.dossiers:,} rows as files and {matters:,} matters: {first:.0f} s. "
            f"Meanwhile {counts['announced']} dialogues were announced, each with its record, and {counts['asked']} questions of residents were taken one after the other, the slowest in {counts['slowest'] * 1000:.0f} ms.\n"
        )
        print(said)
        if args.write:
            path = ROOT / "docs/benchmarks.md"
            text = path.read_text()
            begin_mark, end_mark = "<!-- service -->\n", "<!-- end service -->"
            block = f"{begin_mark}{said}{end_mark}"
            if begin_mark in text:
                text = text[: text.index(begin_mark)] + block + text[text.index(end_mark) + len(end_mark) :]
            else:
                text += f"\n## The service under load\n\n{block}\n"
            path.write_text(text)
    finally:
        server.terminate()
        server.wait(timeout=120)


main()
