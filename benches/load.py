#!/usr/bin/env python3
"""Measures loading: a CSV file checked, hashed, indexed and committed, beside DuckDB's plain CSV -> Parquet.

    benches/load.py                          10 M dossiers of 700 units
    benches/load.py --dossiers 1000000       another size
    benches/load.py --write                  and puts the table into docs/benchmarks.md

What was loaded is compared with what DuckDB wrote before any time is printed. The two run in turns, each as a whole
process, the file in the page cache; ratios are taken within a round. Two more questions are asked of the program
alone: a file of 10,000 records, half of them changed, onto the loaded journal, and the whole file once more, in
which nothing is new. Only Python's standard library is needed here; DuckDB gets its own venv.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
WORK = TARGET / "bench-load"
PEER = "duckdb==2.0.0"
BEGIN, END = "<!-- load -->", "<!-- end of load -->"

COPY = """
import duckdb, sys
duckdb.sql("SET enable_progress_bar = false")
duckdb.sql(f"COPY (SELECT * FROM read_csv('{sys.argv[1]}', all_varchar=false)) TO '{sys.argv[2]}' (FORMAT parquet, COMPRESSION zstd)")
"""

# What both files must agree on: rows, known values, sums.
SUMS = """
import duckdb, sys
duckdb.sql("SET enable_progress_bar = false")
for path in sys.argv[1:]:
    print(duckdb.sql(f'''SELECT count(*), count(DISTINCT code), count(DISTINCT unit), count(finished_at), count(handed_over_at),
        sum(time_limit_days), sum(paused_minutes), sum(hash(code || unit || outcome || status)),
        sum(epoch_us(received_at::TIMESTAMPTZ)::HUGEINT), sum(epoch_us(finished_at::TIMESTAMPTZ)::HUGEINT)
        FROM read_parquet('{path}')''').fetchall())
"""


def sh(*command, **more):
    return subprocess.run([str(part) for part in command], check=True, **more)


def run(*command):
    """Runs to the end: wall s, cpu s, peak MiB."""
    begin = time.perf_counter()
    with open(WORK / "stderr.txt", "wb") as errors:
        child = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{command[0]} ended with {child.returncode}: {(WORK / 'stderr.txt').read_text(errors='replace')}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def prepare(args):
    """The program, DuckDB's Python, the bundle without records, the file."""
    WORK.mkdir(parents=True, exist_ok=True)
    program = Path(args.program) if args.program else TARGET / "release/giaouoc"
    if not args.program:
        sh("cargo", "build", "--release", "--locked", "-p", "giaouoc", cwd=ROOT)
    python = WORK / "venv/bin/python"
    stamp = WORK / "venv/peers.txt"
    if not stamp.exists() or stamp.read_text() != PEER:
        sh(sys.executable, "-m", "venv", WORK / "venv")
        sh(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PEER)
        stamp.write_text(PEER)
    name = f"{args.dossiers}-{args.units}"
    bundle, file = WORK / f"bundle-{name}", WORK / f"{name}.csv"
    if not file.exists():
        shutil.rmtree(bundle, ignore_errors=True)
        sh(program, "example", "--dossiers", args.dossiers, "--units", args.units, "--format", "csv", bundle)
        (bundle / "records/dossier.csv").rename(file)
        for left in (bundle / "records").iterdir():
            left.unlink()
    return program, python, bundle, file


def fresh(bundle):
    """The bundle as it was before anything was loaded."""
    copy = WORK / "loaded"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(bundle, copy)
    return copy


def some(file, count, rows):
    """A file of some of the records, spread over all of it; every other one with another number of minutes paused."""
    out = WORK / "some.csv"
    step = max(rows // count, 1)
    with open(file, encoding="utf-8") as whole, open(out, "w", encoding="utf-8") as part:
        header = next(whole)
        part.write(header)
        at = header.rstrip("\n").split(",").index("paused_minutes")
        for number, line in enumerate(whole):
            if number % step == 0:
                cells = line.rstrip("\n").split(",")
                if number // step % 2 == 0:
                    cells[at] = str(int(cells[at] or 0) + 1)
                part.write(",".join(cells) + "\n")
    return out


def same(python, ours, theirs):
    """Stops unless both Parquet files hold the same."""
    lines = sh(python, "-c", SUMS, ours, theirs, capture_output=True, text=True).stdout.splitlines()
    if len(lines) != 2 or lines[0] != lines[1]:
        sys.exit("what was loaded differs from what DuckDB wrote:\n" + "\n".join(lines))


def middle(rounds):
    return tuple(statistics.median(column) for column in zip(*rounds))


def ratio(times, base, column):
    ratios = [a[column] / b[column] for a, b in zip(times, base)]
    return f"{statistics.median(ratios):.2f} [{min(ratios):.2f}..{max(ratios):.2f}]"


def machine():
    info = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*:\s*(.*)", info.read_text()) if info.exists() else None
    return f"{model.group(1) if model else 'unknown processor'}, {os.cpu_count()} cores"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dossiers", type=int, default=10_000_000)
    parser.add_argument("--units", type=int, default=700)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--program", help="a built giaouoc; otherwise it is built")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    args = parser.parse_args()
    program, python, bundle, file = prepare(args)
    out = WORK / "duckdb.parquet"

    def load(folder, path):
        return run(program, "load", folder, "dossier", path, "--lang", "en")

    ours, theirs = [], []
    for _ in range(args.runs):
        folder = fresh(bundle)
        ours.append(load(folder, file))
        theirs.append(run(python, "-c", COPY, file, out))
    [rows] = [path for path in (folder / "journal/rows").glob("*.parquet") if ".back" not in path.name]
    same(python, rows, out)
    part = some(file, 10_000, args.dossiers)
    small, again = load(folder, part), load(folder, file)
    shutil.rmtree(folder)

    def line(what, times, compared=""):
        return f"| {what} | {times[0]:.2f} | {times[1]:.2f} | {times[2]:.0f} | {compared or '– | –'} |"

    lines = [
        BEGIN,
        f"A CSV file of {args.dossiers:,} dossiers of {args.units:,} units, {file.stat().st_size / 1e6:,.0f} MB; {machine()}; "
        f"{PEER}; medians of {args.runs} rounds, ratios within each round: median [least..greatest]. Both files hold the same "
        f"rows and sums. `benches/load.py --dossiers {args.dossiers} --units {args.units}`",
        "",
        "| loading | wall s | cpu s | peak MiB | wall / DuckDB | cpu / DuckDB |",
        "|---|---|---|---|---|---|",
        line("`giaouoc load`: checked, hashed, indexed, committed", middle(ours), f"{ratio(ours, theirs, 0)} | {ratio(ours, theirs, 1)}"),
        line("DuckDB: CSV to Parquet", middle(theirs), "1 | 1"),
        line("10,000 records onto them, half of them changed", small),
        line("the whole file once more, nothing new in it", again),
        END,
    ]
    print("\n".join(lines))
    if args.write:
        page = ROOT / "docs/benchmarks.md"
        text = page.read_text(encoding="utf-8")
        section = "\n".join(lines)
        pattern = re.compile(re.escape(BEGIN) + r".*?" + re.escape(END), re.S)
        text = pattern.sub(lambda _: section, text) if pattern.search(text) else f"{text.rstrip()}\n\n## Loading\n\n{section}\n"
        page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
