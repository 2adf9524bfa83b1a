#!/usr/bin/env python3
"""What the journal costs: a correction onto a large city, scores of base and tail, one record explained.

    benches/journal.py                          10 M dossiers of 700 units
    benches/journal.py --dossiers 1000000       smaller
    benches/journal.py --write                  and puts the table into docs/benchmarks.md

Every score is compared with that of a plain file of the same net records before its time counts. Ratios are
taken within a round, the commands in turns.
"""

import argparse
import csv
import json
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
WORK = TARGET / "bench"
PROGRAM = TARGET / "release/giaouoc"


def run(*command, ok=(0,)):
    """Runs a command; gives its output, wall seconds, CPU seconds and peak MiB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    timed = ["/usr/bin/env", *map(str, command)]
    done = subprocess.run(timed, capture_output=True, text=True)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in ok:
        sys.exit(f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, wall, cpu


def figures(text):
    """The figures of a scoreboard, without the notes on where they came from."""
    board = json.loads(text)["scoreboard"]
    return [
        [line["target"], [(figure or {}).get("amount") for figure in line["figures"]]] for line in board["targets"]
    ]


def corrections(out, source, rows, new, seed):
    """A file of `rows` dossiers: some new, the others known ones with another finish."""
    rng = random.Random(seed)
    with open(source, newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        fields, known = reader.fieldnames, []
        wanted = rows - new
        for at, row in enumerate(reader):  # reservoir: corrections all over the file
            if row["finished_at"]:
                if len(known) < wanted:
                    known.append(row)
                elif (place := rng.randrange(at + 1)) < wanted:
                    known[place] = row
    for row in known:
        row["finished_at"] = row["finished_at"][:10] + "T11:11:11+07:00"
    for number in range(new):
        known.append({**known[number % len(known)], "code": f"NEW-{seed}-{number}"})
    with open(out, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fields)
        writer.writeheader()
        writer.writerows(known)


def again(fixes, minute):
    """The same corrections with another minute, so that every one is a new version."""
    text = fixes.read_text(encoding="utf-8")
    fixes.write_text(text.replace("T11:11:11+07:00", f"T11:{minute}:11+07:00"), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dossiers", type=int, default=10_000_000)
    parser.add_argument("--units", type=int, default=700)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--whole", action="store_true", help="nine corrections of everything: ten versions a dossier")
    parser.add_argument("--no-build", action="store_true")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    if not args.no_build:
        for package in ("giaouoc", "giaouoc-benches"):
            subprocess.run(["cargo", "build", "--release", "--locked", "-p", package], cwd=ROOT, check=True)
    WORK.mkdir(parents=True, exist_ok=True)
    made = WORK / f"journal-{args.dossiers}-{args.units}"
    shutil.rmtree(made, ignore_errors=True)
    lines = []

    def note(what, value, floor=""):
        lines.append((what, value, floor))
        print(f"{what}: {value} {floor}", flush=True)

    run(PROGRAM, "example", made, "--dossiers", args.dossiers, "--units", args.units, "--format", "csv")
    source = next((made / "records").glob("dossier*.csv"))
    fixes = made.parent / f"{made.name}-fixes.csv"
    corrections(fixes, source, 10_000, 5_000, 7)
    score = lambda *more: (PROGRAM, "score", made, "--format", "json", *more)

    _, wall, cpu = run(PROGRAM, "record", made, ok=(0, 1))
    note(f"first load of {args.dossiers:,} rows from CSV", f"{wall:.1f} s wall, {cpu:.1f} s CPU")
    head = len((made / "journal/entries.ndjson").read_text().splitlines()) - 1
    plain, *_ = run(*score())
    _, wall, cpu = run(PROGRAM, "load", made, "dossier", fixes, "--reason", "bench", ok=(0, 1))
    note("10,000 rows (5,000 corrections all over, 5,000 new) onto it", f"{wall:.2f} s wall, {cpu:.2f} s CPU", "< 1 s")
    key = next(csv.DictReader(open(fixes, encoding="utf-8")))["code"]
    times = []
    for _ in range(args.rounds):
        _, wall, _ = run(PROGRAM, "explain", made, "on-time", "--record", key)
        times.append(wall)
    note("explain --record", f"{statistics.median(times) * 1000:.0f} ms", "< 50 ms")

    past, *_ = run(*score("--known-at", head))
    assert figures(past) == figures(plain), "the past has changed"
    # Corrections of a tenth of everything, several times over, so that there is a history worth a base.
    ratio = {"tail of 10,000": [], "known-at": []}
    for _ in range(args.rounds):
        _, _, known = run(*score("--known-at", head))
        _, _, tail = run(*score())
        # `known-at head` reads the very file that a plain score reads: it is the plain reading.
        ratio["tail of 10,000"].append(tail / known)
    note("score of base and tail / plain score, CPU", f"{statistics.median(ratio['tail of 10,000']):.2f}", "≤ 1.3")

    for version in range(9):
        corrections(fixes, source, args.dossiers if args.whole else args.dossiers // 10, 0, 100 + version)
        if args.whole:
            again(fixes, 10 + version)
        run(PROGRAM, "load", made, "dossier", fixes, "--reason", f"version {version}", ok=(0, 1))
    run(PROGRAM, "tidy", made)
    rounds = []
    for _ in range(args.rounds):
        _, _, known = run(*score("--known-at", head))
        _, _, now = run(*score())
        _, _, middle = run(*score("--known-at", head + 5))
        rounds.append((now / known, middle / known))
    part = "everything" if args.whole else "a tenth"
    note(f"score after nine corrections of {part} / plain, CPU", f"{statistics.median(r[0] for r in rounds):.2f}", "≤ 1.3")
    note("the same as known in the middle / plain, CPU", f"{statistics.median(r[1] for r in rounds):.2f}")
    size = sum(file.stat().st_size for file in (made / "journal").rglob("*") if file.is_file())
    note("size of the journal", f"{size / 2**20:.0f} MiB")
    _, wall, cpu = run(PROGRAM, "fsck", made)
    note("fsck", f"{wall:.1f} s wall, {cpu:.1f} s CPU")

    puts = made.parent / "puts"
    shutil.rmtree(puts, ignore_errors=True)
    puts.mkdir()
    said, *_ = run(TARGET / "release/put", puts, 400, 1000)
    note("single rows in durable batches of 1,000", said.strip().split(": ", 1)[1], "≥ 20,000 rows/s")

    table = "\n".join(f"| {what} | {value} | {floor} |" for what, value, floor in lines)
    text = f"\n{args.dossiers:,} dossiers, {args.units} units. `benches/journal.py --dossiers {args.dossiers} --units {args.units}{' --whole' if args.whole else ''}`\n\n| what | measured | asked for |\n|---|---|---|\n{table}\n"
    print(text)
    if args.write:
        page = ROOT / "docs/benchmarks.md"
        old = page.read_text()
        mark = f"<!-- journal {args.dossiers}-{args.units}{'-whole' if args.whole else ''} -->"
        block = f"{mark}{text}<!-- end -->"
        if mark in old:
            old = re.sub(re.escape(mark) + r".*?<!-- end -->", lambda _: block, old, flags=re.S)
        else:
            old = old.rstrip() + f"\n\n## The journal\n\n{block}\n"
        page.write_text(old)
    shutil.rmtree(made, ignore_errors=True)
    shutil.rmtree(puts, ignore_errors=True)
    fixes.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
