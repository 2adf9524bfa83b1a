"""The service is killed at random while files come in: it starts again by itself, nothing acknowledged is missing, no file
takes effect twice.

Without a browser: forms are sent as a browser would.
"""

import http.client
import json
import random
import re
import sqlite3
import subprocess
import sys
import time

from browser import CLUSTER, PROGRAM, Server
from desk import csv, officer_of

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 12
random.seed(7)

server = Server()
try:
    officer = officer_of(server)

    wanted, kills, number = {}, 0, 0  # upload's number → rows acknowledged to be loaded
    while kills < KILLS:
        try:
            number += 1
            rows = random.randrange(1, 400)
            status, place, text = officer.file(f"f{number}.csv", csv(number, rows))
            assert status == 303, (status, text)
            upload = int(place.rsplit("/", 1)[1])
            end = time.monotonic() + random.choice([0, 0.05, 0.2, 1, 20])
            while time.monotonic() < end:
                status, _, text = officer.ask("GET", place)
                if "chờ bạn xem" in text:
                    status, _, _ = officer.send(place + "/load", place)
                    if status == 303:
                        wanted[upload] = (number, rows)
                    break
                time.sleep(0.02)
            time.sleep(random.choice([0, 0, 0.01, 0.05, 0.3]))
        except (http.client.HTTPException, OSError) as error:
            raise AssertionError(f"the service went away by itself: {error!r}")
        if random.random() < 0.7:
            server.kill()
            server.start()
            kills += 1

    # Everything that was acknowledged comes to its end.
    base = sqlite3.connect(server.folder / "giaouoc.sqlite")
    end = time.monotonic() + 120
    while base.execute("SELECT count(*) FROM job WHERE state IN ('waiting','running')").fetchone()[0]:
        assert time.monotonic() < end, base.execute("SELECT id, work, state, tries FROM job WHERE state IN ('waiting','running')").fetchall()
        time.sleep(0.2)
    failed = base.execute("SELECT id, work, error_en FROM job WHERE state = 'failed'").fetchall()
    assert not failed, failed
    states = dict(base.execute("SELECT id, state FROM upload"))
    assert all(states[upload] == "loaded" for upload in wanted), {upload: states[upload] for upload in wanted}
    server.kill()

    # The journal has each file once, with every row, and is whole.
    bundle = server.folder / "clusters" / CLUSTER
    entries = [json.loads(line) for line in (bundle / "journal" / "entries.ndjson").read_text().splitlines()]
    names = [name for entry in entries for name in re.findall(r'"name": ?"(f\d+\.csv)"', json.dumps(entry))]
    assert sorted(names) == sorted(f"f{number}.csv" for number, _ in wanted.values()), (names, wanted)
    fsck = subprocess.run([PROGRAM, "fsck", str(bundle), "--lang", "en"], capture_output=True, text=True)
    assert fsck.returncode == 0, fsck.stdout + fsck.stderr
    board = json.loads(subprocess.run([PROGRAM, "score", str(bundle), "--format", "json"], capture_output=True, text=True).stdout)
    target = next(line for line in board["scoreboard"]["targets"] if line["target"] == "on-time")
    counted = next(figure for figure in target["figures"] if figure["subject"] == "H26.VD1")["tally"]["seen"]
    expected = 465 + sum(rows for _, rows in wanted.values())
    assert counted == expected, (counted, expected)
    print(f"killed {kills} times; {len(wanted)} files of {number} acknowledged, {counted} records")
    print("killed: ok")
finally:
    if server.process.poll() is None:
        server.kill()
