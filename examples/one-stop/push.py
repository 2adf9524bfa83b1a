#!/usr/bin/env python3
"""An invented one-stop system that pushes what happened to its dossiers every few minutes. Python's standard library only.

    GIAOUOC_TOKEN=giaouoc_… python3 push.py --url http://127.0.0.1:8080 --cluster cum-vi-2020 --unit H26.VD1

What a real system takes from it:

* Each dossier is sent as a whole, as it stands now: sent twice, or in between again, it does no harm.
* A batch is written to the outbox before it is sent, and removed when it was answered. Whatever fails (network, power,
  either program), the same batch goes out again under the same Idempotency-Key, which is its file's name.
* Waiting grows from a second to five minutes, and Retry-After is obeyed.
* Rejected rows are kept with their reasons for a person; the others are in.

All dossiers here are invented.
"""

import argparse
import datetime
import json
import os
import random
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ZONE = datetime.timezone(datetime.timedelta(hours=7))
AGAIN = {408, 409, 425, 429, 500, 502, 503, 504}


class Source:
    """The invented system: dossiers are received, and some days later finished."""

    def __init__(self, unit, seed, today):
        self.unit, self.chance, self.now, self.open, self.number = unit, random.Random(seed), today, [], 0

    def changed(self):
        """The dossiers that something happened to since the last time, each as it stands now."""
        self.now += datetime.timedelta(minutes=self.chance.randint(20, 90))
        told = []
        for _ in range(self.chance.randint(1, 4)):
            self.number += 1
            due = self.now.date() + datetime.timedelta(days=self.chance.choice([3, 5, 10]))
            dossier = {
                "code": f"MC-{self.now:%Y%m%d}-{self.number:05}",
                "unit": self.unit,
                "received_at": self.now.isoformat(timespec="seconds"),
                "first_due_at": due.isoformat(),
                "channel": self.chance.choice(["in-person", "online", "post"]),
            }
            self.open.append(dossier)
            told.append(dossier)
        if len(self.open) > 3:
            done = self.open.pop(0)
            done["finished_at"], done["outcome"] = self.now.isoformat(timespec="seconds"), "granted"
            told.append(done)
        # A dossier that changed twice is sent once.
        return list({dossier["code"]: dossier for dossier in told}.values())


class Outbox:
    """Batches that were not answered yet, each a file."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def put(self, dossiers):
        name = f"{time.time_ns()}-{os.getpid()}"
        part = self.folder / f"{name}.part"
        with open(part, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(dossier, ensure_ascii=False) + "\n" for dossier in dossiers)
            file.flush()
            os.fsync(file.fileno())
        part.rename(self.folder / f"{name}.ndjson")

    def waiting(self):
        return sorted(self.folder.glob("*.ndjson"))


def send(said, batch):
    """Sends a batch until it is answered; gives the answer's lines."""
    address = f"{said.url}/api/v1/clusters/{said.cluster}/records/dossier"
    wait = 1
    while True:
        request = urllib.request.Request(address, batch.read_bytes(), {
            "Authorization": f"Bearer {os.environ['GIAOUOC_TOKEN']}",
            "Content-Type": "application/x-ndjson",
            "Idempotency-Key": batch.stem,
        })
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return [json.loads(line) for line in answer.read().splitlines()]
        except urllib.error.HTTPError as error:
            if error.code not in AGAIN:
                raise SystemExit(f"{batch.name}: {error.code} {error.read().decode(errors='replace')}") from error
            told = error.headers.get("Retry-After", "")
            pause = int(told) if told.isdigit() else wait
        except OSError as error:  # no network, no server, a broken line
            print(f"{batch.name}: {error}; again in {wait} s", file=sys.stderr)
            pause = wait
        time.sleep(pause)
        wait = min(wait * 2, 300)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--cluster", required=True)
    parser.add_argument("--unit", required=True)
    parser.add_argument("--outbox", default="outbox")
    parser.add_argument("--every", type=float, default=180, help="seconds between two batches")
    parser.add_argument("--times", type=int, default=0, help="so many batches; 0 goes on for ever")
    parser.add_argument("--today", default="", help="the source's first day, YYYY-MM-DD; today where nothing is said")
    said = parser.parse_args()
    day = datetime.date.fromisoformat(said.today) if said.today else datetime.date.today()
    source = Source(said.unit, 7, datetime.datetime.combine(day, datetime.time(8), ZONE))
    outbox, made = Outbox(said.outbox), 0
    while True:
        if not said.times or made < said.times:
            outbox.put(source.changed())
            made += 1
        for batch in outbox.waiting():
            *rows, sums = send(said, batch)
            rejected = [row for row in rows if row["status"] == "rejected"]
            if rejected:
                lines = batch.read_text(encoding="utf-8").splitlines()
                with open(outbox.folder / "rejected.txt", "a", encoding="utf-8") as file:
                    for row in rejected:
                        why = "; ".join(f"{one['column']}: {one['vi']}" for one in row["problems"])
                        file.write(f"{lines[row['row'] - 1]}\t{why}\n")
            batch.unlink()
            print(f"{batch.stem}: {sums['new']} new, {sums['changed']} changed, {sums['unchanged']} unchanged, {sums['rejected']} rejected", flush=True)
        if said.times and made >= said.times:
            return
        time.sleep(said.every)


if __name__ == "__main__":
    main()
