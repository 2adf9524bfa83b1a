"""Backup, restore, doctor, export, measurements and logs, while an officer brings files all the time. Without a browser."""

import contextlib
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
import urllib.request
import zipfile
from pathlib import Path

from browser import CLUSTER, PATIENCE, PROGRAM, Server
from visitor import csv, officer_of

CONFIG = 'log = "json"\nmetrics = "127.0.0.1:{port}"\n'


def run(*args, code=0):
    done = subprocess.run([PROGRAM, *map(str, args), "--lang", "en"], capture_output=True, text=True, env={**os.environ, "COLUMNS": "100"})
    assert done.returncode == code, (args, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


def figures(folder):
    return run("score", folder / "clusters" / CLUSTER, "--format", "json")


def entries(folder):
    return (folder / "clusters" / CLUSTER / "journal" / "entries.ndjson").read_bytes()


@contextlib.contextmanager
def database(folder):
    """The database of a folder: committed and closed at the end, so that nothing of it changes later."""
    with contextlib.closing(sqlite3.connect(folder / "giaouoc.sqlite")) as base, base:
        yield base


def rows(folder, table, columns):
    with database(folder) as base:
        return base.execute(f"SELECT {columns} FROM {table} ORDER BY id").fetchall()


def kept(folder):
    found = {}
    for path in (folder / "files").rglob("*"):
        if path.is_file() and "incoming" not in path.parts:
            found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    assert all(name == digest for name, digest in found.items())
    return set(found)


def idle(folder):
    with database(folder) as base:
        end = time.monotonic() + PATIENCE
        while base.execute("SELECT count(*) FROM job WHERE state IN ('waiting', 'running')").fetchone()[0]:
            assert time.monotonic() < end, base.execute("SELECT * FROM job WHERE state IN ('waiting', 'running')").fetchall()
            time.sleep(0.2)
        failed = base.execute("SELECT id, work, error_en FROM job WHERE state = 'failed'").fetchall()
        assert not failed, failed


def free_port():
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


metrics = free_port()
server = Server(config=CONFIG.format(port=metrics))
work = Path(tempfile.mkdtemp())
try:
    officer = officer_of(server)

    # Files come in and are loaded without a pause.
    sent, end_it, wrong = [], threading.Event(), []

    def bring():
        try:
            number = 0
            while not end_it.is_set():
                number += 1
                status, place, text = officer.file(f"f{number}.csv", csv(number, 120))
                assert status == 303, (status, text)
                assert officer.load(place)
                sent.append(number)
        except Exception as error:  # told by the one who waits
            wrong.append(error)

    bringing = threading.Thread(target=bring)
    bringing.start()
    while len(sent) < 2 and not wrong:
        time.sleep(0.05)
    for turn in range(3):
        before = len(sent)
        said = run("backup", server.folder, work / f"{turn}.zip")
        assert "every file was read again" in said, said
        restored = work / f"restored-{turn}" / "service"
        run("restore", work / f"{turn}.zip", restored)
        # The journal is a beginning of the living one, and the database speaks of nothing that it does not know.
        assert entries(server.folder).startswith(entries(restored))
        known = entries(restored).count(b"\n")
        assert all(head <= known for head, in rows(restored, "board", "head"))
        assert all(entry is None or entry < known for entry, in rows(restored, "upload", "entry"))
        assert all(name in kept(restored) for name, in rows(restored, "upload", "sha256"))
        run("doctor", restored)
        # What was under way is finished, once.
        (restored / "giaouoc.toml").unlink()
        again = Server(folder=restored.parent, bundle=None)
        idle(restored)
        again.stop()
        states = rows(restored, "upload", "name, state")
        names = re.findall(r'"name":"(f\d+\.csv)"', entries(restored).decode())
        assert sorted(names) == sorted(name for name, state in states if state == "loaded"), (names, states)
        while len(sent) < before + 1 and not wrong:
            time.sleep(0.05)
    end_it.set()
    bringing.join()
    assert not wrong, wrong
    idle(server.folder)
    print(f"{len(sent)} files while 3 backups were made and restored")

    # Nobody works: what is restored is the same.
    said = run("backup", server.folder, work / "last.zip")
    assert (work / "last.zip").stat().st_mode & 0o777 == 0o600
    restored = work / "restored" / "service"
    run("restore", work / "last.zip", restored)
    assert figures(restored) == figures(server.folder)
    assert entries(restored) == entries(server.folder)
    for table, columns in [("person", "*"), ("role", "*"), ("upload", "*"), ("board", "*"), ("board_file", "*"), ("trail", "*"), ("job", "*")]:
        assert rows(restored, table, columns) == rows(server.folder, table, columns), table
    assert kept(restored) == kept(server.folder)
    assert (restored / "giaouoc.toml").read_text() == CONFIG.format(port=metrics)
    assert all(revoked for revoked, in rows(restored, "session", "revoked_at")), "log-ins of then are over"
    print(said.strip())

    # A backup that was changed is refused whole; so is a folder that is not empty, and a name that is taken.
    bytes_ = bytearray((work / "last.zip").read_bytes())
    with zipfile.ZipFile(work / "last.zip") as archive:
        rows_of = next(one for one in archive.infolist() if one.filename.endswith(".parquet"))
        at = rows_of.header_offset + 30 + len(rows_of.filename) + rows_of.file_size // 2
    bytes_[at] ^= 1
    (work / "bad.zip").write_bytes(bytes_)
    assert "is not a whole backup" in run("restore", work / "bad.zip", work / "nowhere", code=2)
    assert not (work / "nowhere").exists()
    (work / "cut.zip").write_bytes(bytes_[: len(bytes_) // 2])
    run("restore", work / "cut.zip", work / "nowhere", code=2)
    assert "is not empty" in run("restore", work / "last.zip", restored, code=2)
    assert "exists already" in run("backup", server.folder, work / "last.zip", code=2)
    assert "is no folder of the service" in run("backup", work, work / "x.zip", code=2)

    # The doctor: well; then everything that can be wrong.
    said = run("doctor", server.folder)
    assert "✓" in said and "✗" not in said, said
    shutil.copytree(restored, work / "ill" / "service")
    ill = work / "ill" / "service"

    def wrong_with(*words, code=1):
        said = " ".join(run("doctor", ill, code=code).split())
        assert all(word in said for word in words), said

    upload = rows(ill, "upload", "sha256")[0][0]
    path = ill / "files" / upload[:2] / upload
    whole = path.read_bytes()
    path.write_bytes(b"x")
    wrong_with("1 files in files/ are no longer what their digests say: upload 1")
    path.unlink()
    wrong_with("1 files are missing in files/: upload 1", "→")
    path.write_bytes(whole)
    (ill / "giaouoc.toml").write_text('listten = "x"\n')
    wrong_with("listten", "docs/service.md")
    (ill / "giaouoc.toml").write_text('url = "http://thidua.example"\n')
    wrong_with("passwords travel in the open")
    (ill / "giaouoc.toml").write_text('database = "postgres://nobody@127.0.0.1:1/none"\n')
    wrong_with("the database failed", "see whether the database server runs")
    (ill / "giaouoc.toml").unlink()
    lines = ill / "clusters" / CLUSTER / "journal" / "entries.ndjson"
    text = lines.read_bytes()
    lines.write_bytes(b"".join(text.splitlines(keepends=True)[:-1]))
    wrong_with("and the database knew")
    lines.write_bytes(text.replace(b'"plus":120', b'"plus":121', 1))
    wrong_with("journal of cluster", "restore the last backup")
    lines.write_bytes(text)
    with database(ill) as base:
        base.execute("UPDATE job SET state = 'failed', error_vi = 'v', error_en = 'a reason' WHERE id = 1")
        base.execute("UPDATE job SET state = 'waiting', created_at = 1, started_at = NULL WHERE id = 2")
    wrong_with("job 1", "a reason", "job 2", "is not done since 1970-01-01")
    with database(ill) as base:
        base.execute("UPDATE job SET state = 'done'")
        base.execute("INSERT INTO trail (at, act, about) VALUES (4102444800000000, 'plan', 'x')")
    wrong_with("the machine's clock", "is before the newest entry (2100-01-01")
    with database(ill) as base:
        base.execute("DELETE FROM trail WHERE at = 4102444800000000")
        base.execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 1)")
    wrong_with("made by a newer version", "m9999_later")
    run("backup", ill, work / "newer.zip", code=2)

    # A cluster leaves the service and comes into another one without loss, as a folder and as one file.
    for to in ["bundle", "bundle.zip"]:
        run("export", server.folder, "--cluster", CLUSTER, work / to)
        other = Server(folder=work / ("into-" + to), bundle=work / to)
        idle(other.folder)
        other.stop()
        assert entries(other.folder) == entries(server.folder)
        assert figures(other.folder) == figures(server.folder)
        assert "The journal is whole" in run("fsck", other.folder / "clusters" / CLUSTER)
    assert "there is no cluster “x”" in run("export", server.folder, "--cluster", "x", work / "y", code=2)

    # Measurements: what was done is counted, and nobody is named.
    text = urllib.request.urlopen(f"http://127.0.0.1:{metrics}/metrics").read().decode()
    brought = re.search(r'giaouoc_request_seconds_count\{method="POST",route="/c/\{cluster\}/desk/\{unit\}/uploads",status="3xx"\} (\d+)', text)
    assert int(brought[1]) == len(sent), (brought[0], len(sent))
    for name in ["giaouoc_database_up 1", "giaouoc_database_bytes ", 'giaouoc_journal_entries{cluster="', 'giaouoc_jobs{work="load",state="done"}', 'giaouoc_job_seconds_count{work="load",result="done"}', "giaouoc_disk_free_bytes ", "giaouoc_build{version="]:
        assert name in text, (name, text)
    personal = [f"@vidu.vn", "welcome/" + server.link.rsplit("/", 1)[1], "H26.VD1", ".csv"]
    assert not any(word in text for word in personal)

    # The log: one JSON object a line, for each request and each job, without anybody in it.
    log = server.stop()
    lines = [json.loads(line) for line in log.splitlines()]
    assert {"giaouoc::request", "giaouoc::job", "giaouoc::service"} <= {line["target"] for line in lines}, log[:2000]
    posted = [line for line in lines if line.get("route") == "/c/{cluster}/desk/{unit}/uploads"]
    assert len(posted) == len(sent) and all(line["status"] == 303 and line["ms"] >= 0 for line in posted)
    assert not any(word in log for word in personal), [word for word in personal if word in log]
    print(f"{len(lines)} lines of log, {len(text.splitlines())} of measurements")
    print("upkeep: ok")
finally:
    if server.process.poll() is None:
        server.kill()
    shutil.rmtree(work, ignore_errors=True)
