"""The service is killed at random while files, forms, dialogues and residents' questions come in: it starts again by itself, nothing
acknowledged is missing, nothing takes effect twice.

Without a browser: forms are sent as a browser would.
"""

import http.client
import json
import random
import re
import sqlite3
import subprocess
import sys
import threading
import time

from browser import CLUSTER, PATIENCE, PROGRAM, Server
from visitor import DESK, Visitor, csv, officer_of

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 12
random.seed(7)


def enter(officer, number, acknowledged):
    """Enters a dialogue; the kill may come at any moment of it."""
    try:
        key = f"DT-{number}"
        status, place, _ = officer.form(DESK + "records/dialogue/new", **{"v.code": key, "v.unit": "H26.VD1", "v.held_on": f"2020-{number % 12 + 1:02}-{number % 28 + 1:02}", "sure": "1"})
        if status == 303:
            acknowledged.append(place)
    except (http.client.HTTPException, OSError, AssertionError):
        pass


def live(officer, resident, number, made, asked):
    """Announces a dialogue and, as somebody who is not logged in, asks about it; the kill may come at any moment of it."""
    try:
        new = DESK + "year/dialogue/new"
        fields = dict(topic=f"Đối thoại {number}", about_procedures="true", planned_on=time.strftime("%Y-%m-%d", time.gmtime(time.time() + 20 * 86400)), place="Hội trường", form="in-person", chair_rank="head", notice_channel="portal")
        status, place, _ = officer.form(new, **{f"v.{field}": value for field, value in fields.items()}, then="announce")
        if status != 303:
            return
        made[number] = place
        status, _, _ = resident.send(place + "ask", place, text=f"Câu hỏi số {number}?", website="")
        if status == 200:
            asked[number] = place
    except (http.client.HTTPException, OSError, AssertionError):
        pass


server = Server()
try:
    officer = officer_of(server)

    wanted, kills, number = {}, 0, 0  # upload's number → rows acknowledged to be loaded
    acknowledged = []  # addresses of records acknowledged to be entered
    made, asked = {}, {}  # dialogues acknowledged to be announced, and those about which a question was taken: number → address
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
        form = threading.Thread(target=enter, args=(officer, number, acknowledged))
        form.start()
        # Visitors of their own: two threads do not share a cookie jar.
        mate, resident = Visitor(server), Visitor(server)
        mate.cookies.update(officer.cookies)
        living = threading.Thread(target=live, args=(mate, resident, number, made, asked))
        living.start()
        if random.random() < 0.7:
            time.sleep(random.choice([0, 0.01, 0.03, 0.06, 0.2]))
            server.kill()
            form.join()
            living.join()
            server.start()
            kills += 1
        form.join()
        living.join()

    # Everything that was acknowledged comes to its end.
    base = sqlite3.connect(server.folder / "giaouoc.sqlite")
    end = time.monotonic() + PATIENCE
    while base.execute("SELECT count(*) FROM job WHERE state IN ('waiting','running')").fetchone()[0]:
        assert time.monotonic() < end, base.execute("SELECT id, work, state, tries FROM job WHERE state IN ('waiting','running')").fetchall()
        time.sleep(0.2)
    failed = base.execute("SELECT id, work, error_en FROM job WHERE state = 'failed'").fetchall()
    assert not failed, failed
    states = dict(base.execute("SELECT id, state FROM upload"))
    assert all(states[upload] == "loaded" for upload in wanted), {upload: states[upload] for upload in wanted}
    assert acknowledged or KILLS < 5, "no form was ever acknowledged"
    for place in acknowledged:
        assert officer.ask("GET", place)[0] == 200, f"{place} was acknowledged and is not there"
    # Each dialogue that was acknowledged is there once with its one step, and with the question that was taken; none is there twice.
    rows = base.execute("SELECT id, code, fields, state, public FROM matter WHERE sort = 'dialogue'").fetchall()
    topics = [json.loads(fields)["topic"] for _, _, fields, _, _ in rows]
    assert len(topics) == len(set(topics)), "a dialogue is there twice"
    assert made or KILLS < 5, "no dialogue was ever acknowledged"
    assert asked or KILLS < 5, "no question was ever taken"
    for number, place in made.items():
        (one,) = [row for row in rows if json.loads(row[2])["topic"] == f"Đối thoại {number}"]
        assert (one[3], bool(one[4])) == ("announce", True) and officer.ask("GET", place)[0] == 200, one
        assert base.execute("SELECT count(*) FROM matter_step WHERE matter_id = ?", (one[0],)).fetchone()[0] == 1
        assert officer.ask("GET", f"{DESK}records/dialogue/of/{one[1]}/")[0] == 200, f"{one[1]} has no record"
    texts = [text for (text,) in base.execute("SELECT text FROM matter_question")]
    assert len(texts) == len(set(texts)) and all(f"Câu hỏi số {number}?" in texts for number in asked), (texts, asked)
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
    print(f"{len(made)} dialogues and {len(asked)} questions acknowledged of {number}")
    print(f"killed {kills} times; {len(wanted)} files of {number} acknowledged, {counted} records, {len(acknowledged)} forms of {number}")
    print("killed: ok")
finally:
    if server.process.poll() is None:
        server.kill()
