"""Batches of the API against the program: so many events a second for so long, over several connections with content made
beforehand, every acknowledged event counted afterwards in the figures.

    GIAOUOC=target/release/giaouoc GIAOUOC_AXE=/dev/null GIAOUOC_SHOTS=/tmp \
      target/oracle-venv/bin/python -B benches/api.py --rate 20000 --seconds 60
"""

import argparse
import http.client
import json
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e" / "journeys"))
from browser import CLUSTER, Server  # noqa: E402
from visitor import Api, first  # noqa: E402

UNIT = "H26.VD1"
BASE = f"/api/v1/clusters/{CLUSTER}"


def content(batch, rows):
    """Dossiers of an invented one-stop system, each another one."""
    lines = []
    for row in range(rows):
        day = 1 + (batch * 7 + row) % 28
        lines.append(json.dumps({
            "code": f"VD1-{batch:05}-{row:05}", "unit": UNIT, "procedure": f"1.00{row % 900:04}",
            "received_at": f"2020-05-{day:02}T08:{row % 60:02}:00+07:00", "first_due_at": f"2020-06-{day:02}",
            "finished_at": f"2020-05-{min(day + 3, 31):02}T10:{row % 60:02}:00+07:00", "outcome": "granted",
        }))
    return ("\n".join(lines) + "\n").encode()


def counted(api):
    """Dossiers that the unit's provisional figure on time counts, and the number of entries known."""
    status, _, board = api.ask("GET", BASE + "/figures?release=now")
    assert status == 200, board
    board = board["scoreboard"]
    at = [unit["code"] for unit in board["units"]].index(UNIT)
    line = next(line for line in board["targets"] if line["target"] == "on-time")
    return line["figures"][at]["tally"]["counted"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=int, default=20_000, help="events a second")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rows", type=int, default=5_000, help="events a batch")
    parser.add_argument("--connections", type=int, default=4)
    said = parser.parse_args()
    batches = said.rate * said.seconds // said.rows
    server = Server()
    try:
        leader, = first(server, ("leader", "leader", f"{CLUSTER}/{UNIT}"))
        scopes = {"records-write": "1", "figures-read": "1"}
        token = leader.make(f"/c/{CLUSTER}/desk/{UNIT}/tokens", name="bench", **scopes)
        api = Api(server, token)
        before = counted(api)
        contents = [content(batch, said.rows) for batch in range(batches)]
        print(f"{batches} batches of {said.rows}, {sum(map(len, contents)) / 1e6:.0f} MB", flush=True)
        queue, lock = iter(range(batches)), threading.Lock()
        took, late, accepted, wrong = [], [], [0], []
        begin = time.monotonic() + 0.5

        def work():
            line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
            while True:
                with lock:
                    batch = next(queue, None)
                if batch is None or wrong:
                    return
                due = begin + batch * said.rows / said.rate
                time.sleep(max(0, due - time.monotonic()))
                asked = time.monotonic()
                headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson", "Idempotency-Key": f"b{batch}"}
                line.request("POST", BASE + "/records/dossier", contents[batch], headers)
                answer = line.getresponse()
                text = answer.read()
                ended = time.monotonic()
                sums = json.loads(text.splitlines()[-1])
                with lock:
                    if answer.status != 200 or sums["accepted"] != said.rows:
                        wrong.append((answer.status, text[-500:]))
                    else:
                        took.append(ended - asked)
                        late.append(asked - due)
                        accepted[0] += sums["accepted"]

        threads = [threading.Thread(target=work) for _ in range(said.connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        whole = time.monotonic() - begin
        assert not wrong, wrong
        took.sort()
        print(f"{accepted[0]} events acknowledged in {whole:.1f} s: {accepted[0] / whole:.0f} a second; wanted {said.rate}")
        print(f"a batch took {took[len(took) // 2] * 1000:.0f} ms in the middle, {took[len(took) * 99 // 100] * 1000:.0f} ms p99, {took[-1] * 1000:.0f} ms at most; begun {max(late):.2f} s late at most")
        # The worker measures once more after the last batch.
        end = time.monotonic() + 600
        while counted(api) - before < accepted[0] and time.monotonic() < end:
            time.sleep(0.5)
        after = counted(api) - before
        print(f"counted in the figures {time.monotonic() - begin - whole:.1f} s later: {after}")
        status = Path(f"/proc/{server.process.pid}/status").read_text()
        print(next(line for line in status.splitlines() if line.startswith("VmHWM")))
        assert after == accepted[0], (after, accepted)
    finally:
        server.stop()


main()
