"""A full disk, a folder that cannot be written to, a database that goes away: a clear page, nothing lost, nothing leaked, and the
service goes on by itself. Without a browser."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from browser import CLUSTER, PATIENCE, PROGRAM, Server
from visitor import DESK, Visitor, csv, officer_of

LEAKS = ["sqlite", "SQLITE", "postgres", "panicked", "os error", "/tmp/", "errno"]


def told(answer, status, *words):
    """A page for people, that says what was not done and that nothing is lost."""
    found, _, text = answer
    assert found == status, (found, text)
    main = text.split("<main", 1)[1]
    assert all(word in main for word in words), main
    assert not any(leak in main for leak in LEAKS), main


def settled(officer, place, words="Đã nạp", patience=PATIENCE):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        _, _, text = officer.ask("GET", place)
        if words in text:
            return
        time.sleep(0.1)
    raise AssertionError(text)


def names(server):
    text = (server.folder / "clusters" / CLUSTER / "journal" / "entries.ndjson").read_text()
    return re.findall(r'"name":"(\w+\.csv)"', text)


def whole(server):
    done = subprocess.run([PROGRAM, "fsck", str(server.folder / "clusters" / CLUSTER), "--lang", "en"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def full_disk():
    if os.getuid() != 0:
        return print("SKIPPED: a small disk can be mounted by root only")
    disk = tempfile.mkdtemp()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "giaouoc-test", disk]).returncode:
        os.rmdir(disk)
        return print("SKIPPED: nothing can be mounted here")
    server = None
    try:
        server = Server(folder=disk)
        officer = officer_of(server)
        _, place, _ = officer.file("before.csv", csv(1, 50))
        assert officer.load(place)
        settled(officer, place)
        token = officer.token(DESK)
        filler = Path(disk) / "filler"
        with open(filler, "wb") as out:
            try:
                while True:
                    out.write(b"x" * 65536)
            except OSError:
                pass
        told(officer.file("during.csv", csv(2, 5000), token), 507, "đầy", "chưa được ghi", "còn nguyên")
        # Reading goes on.
        for path in ["/", f"/c/{CLUSTER}/now/", DESK]:
            assert officer.ask("GET", path)[0] == 200, path
        assert officer.ask("GET", "/healthz")[0] == 200
        filler.unlink()
        status, place, _ = officer.file("after.csv", csv(3, 50))
        assert status == 303
        assert officer.load(place)
        settled(officer, place)
        assert names(server) == ["before.csv", "after.csv"], names(server)
        server.stop()
        whole(server)
        print("full disk: told, and it went on")
    finally:
        if server and server.process.poll() is None:
            server.kill()
        subprocess.run(["umount", "--lazy", disk])


def read_only():
    home = tempfile.mkdtemp()
    user = {}
    if os.getuid() == 0:  # root may write everywhere
        import pwd

        nobody = pwd.getpwnam("nobody")
        shutil.chown(home, nobody.pw_uid)
        os.chmod(home, 0o755)
        user = {"user": nobody.pw_uid}
    program = os.path.join(home, "giaouoc")
    shutil.copy(PROGRAM, program)
    server = Server(folder=home, **user)
    try:
        officer = officer_of(server)
        token = officer.token(DESK)
        folders = [path for path in [server.folder, *server.folder.rglob("*")] if path.is_dir()]
        for folder in folders:
            folder.chmod(0o555)
        owner = server.folder.stat().st_uid
        told(officer.file("during.csv", csv(1, 50), token), 503, "chỉ đọc được", "chưa được ghi")
        assert officer.ask("GET", f"/c/{CLUSTER}/now/")[0] == 200
        for folder in folders:
            folder.chmod(0o755)
        assert owner == server.folder.stat().st_uid
        status, place, _ = officer.file("after.csv", csv(1, 50))
        assert status == 303 and officer.load(place)
        settled(officer, place)
        server.stop()
        whole(server)
        print("read-only folder: told, and it went on")
    finally:
        if server.process.poll() is None:
            server.kill()
        shutil.rmtree(home, ignore_errors=True)


class Postgres:
    """A server of Debian's package, in a folder of its own."""

    def __init__(self):
        versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
        self.bin = versions[-1].parent
        self.dir = Path(tempfile.mkdtemp(prefix="giaouoc-postgres-"))
        if os.getuid() == 0:
            shutil.chown(self.dir, "postgres")
        self.run("initdb", "-D", self.dir / "data", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        self.start()

    def run(self, name, *args):
        command = [str(self.bin / name), *map(str, args)]
        if os.getuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(command, cwd="/tmp", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if name != "pg_ctl" else subprocess.DEVNULL, stderr=subprocess.STDOUT if name != "pg_ctl" else subprocess.DEVNULL)
        assert done.returncode == 0, (name, done.stdout)

    def start(self):
        options = f"-F -k {self.dir} -c listen_addresses= -c max_connections=50"
        self.run("pg_ctl", "-D", self.dir / "data", "-l", self.dir / "log", "-w", "-o", options, "start")

    def stop(self):
        self.run("pg_ctl", "-D", self.dir / "data", "-m", "immediate", "-w", "stop")

    def database(self, name):
        self.run("psql", "-h", self.dir, "-U", "postgres", "-q", "-c", f"CREATE DATABASE {name}")
        return f"postgres://postgres@localhost/{name}?host={self.dir}"


def database_gone():
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        assert "GIAOUOC_NEED_POSTGRES" not in os.environ
        return print("SKIPPED: PostgreSQL is not installed")
    postgres = Postgres()
    server = None
    work = Path(tempfile.mkdtemp())
    try:
        server = Server(config=f'database = "{postgres.database("one")}"\n')
        officer = officer_of(server)
        _, first, _ = officer.file("first.csv", csv(1, 200))
        assert officer.load(first)
        settled(officer, first)
        token = officer.token(DESK)
        # It goes away while a file is being loaded.
        _, second, _ = officer.file("second.csv", csv(2, 4000))
        assert officer.load(second)
        postgres.stop()
        assert Visitor(server).ask("GET", "/healthz")[0] == 200
        assert Visitor(server).ask("GET", "/readyz")[0] == 503
        for who in [officer, Visitor(server)]:
            told(who.ask("GET", f"/c/{CLUSTER}/"), 503, "Cơ sở dữ liệu tạm thời không trả lời", "còn nguyên")
        told(officer.file("during.csv", csv(3, 10), token), 503, "chưa được ghi")
        postgres.start()
        end = time.monotonic() + PATIENCE
        while Visitor(server).ask("GET", "/readyz")[0] != 200:
            assert time.monotonic() < end, server.logged()
            time.sleep(0.2)
        settled(officer, second)
        _, third, _ = officer.file("third.csv", csv(4, 20))
        assert officer.load(third)
        settled(officer, third)
        assert names(server) == ["first.csv", "second.csv", "third.csv"], names(server)
        print("database gone: told, and it went on")

        # Its backup, brought back into another database.
        def run(*args, code=0):
            done = subprocess.run([PROGRAM, *map(str, args), "--lang", "en"], capture_output=True, text=True)
            assert done.returncode == code, (args, done.stdout, done.stderr)
            return done.stdout + done.stderr

        run("backup", server.folder, work / "b.zip")
        assert "is not empty" in run("restore", work / "b.zip", work / "x", "--database", postgres.database("two").replace("/two", "/one"), code=2)
        assert not (work / "x").exists()
        two = f"postgres://postgres@localhost/two?host={postgres.dir}"
        run("restore", work / "b.zip", work / "restored" / "service", "--database", two)
        server.stop()
        (work / "restored" / "service" / "giaouoc.toml").write_text(f'database = "{two}"\n')
        run("doctor", work / "restored" / "service")
        score = [run("score", folder / "clusters" / CLUSTER, "--format", "json") for folder in [server.folder, work / "restored" / "service"]]
        assert score[0] == score[1] and json.loads(score[0])
        again = Server(folder=work / "restored", bundle=None)
        person = Visitor(again)
        status, place, _ = person.send("/login", "/login", email="officer@vidu.vn", password="mật khẩu dài của ai đó", code="", to="")
        assert (status, person.ask("GET", DESK)[0]) == (303, 200), (status, place)
        assert "third.csv" in person.ask("GET", DESK)[2]
        again.stop()
        print("PostgreSQL: backed up and restored")
    finally:
        if server and server.process.poll() is None:
            server.kill()
        postgres.stop()
        shutil.rmtree(postgres.dir, ignore_errors=True)
        shutil.rmtree(work, ignore_errors=True)


full_disk()
read_only()
database_gone()
print("trouble: ok")
