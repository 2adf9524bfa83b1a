#!/usr/bin/env python3
"""Measures the program beside a hand-written scan, DuckDB and Polars: same files, same questions.

    benches/run.py                                   10 M dossiers of 700 units, jobs ab and due
    benches/run.py --dossiers 50000000 --units 12000 --jobs ab
    benches/run.py --write                           and puts the table into docs/benchmarks.md

Answers are compared cell by cell before any time is printed. Engines run in turns (A B C A B C), each as a
whole process, files in the page cache; ratios are taken within a round, so that a slow minute of the machine
hits all of them alike. Only Python's standard library is needed here; the peers get their own venv.
"""

import argparse
import csv
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCHES = ROOT / "benches"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
WORK = TARGET / "bench"
PEERS = ["duckdb==2.0.0", "polars==2.1.0"]
FIRST, LAST = "2024-01-01", "2025-06-30"  # the period that `giaouoc example` writes
DAYS_TO = "2026-06-30"  # due dates run on after the period

COLUMNS = (
    "received resolved on_time early late overdue online online_on_time suspended paused_sum used_sum used_count "
    "used_p90 used_max redated on_time_clock overdue_clock over_limit"
).split()
DUE_COLUMNS = "rows used_sum redated on_time_clock".split()
NAMES = {"ours": "giaouoc", "limit": "hand-written scan", "duckdb": "DuckDB", "polars": "Polars"}


def sh(*command, **more):
    return subprocess.run([str(part) for part in command], check=True, **more)


def prepare(args):
    """Programs, peers, data, calendar tables. Returns the bundle and the tables' folder."""
    WORK.mkdir(parents=True, exist_ok=True)
    if not args.no_build:
        sh("cargo", "build", "--release", "-p", "giaouoc-benches", cwd=ROOT)
        if subprocess.run(["cargo", "build", "--release", "-p", "giaouoc"], cwd=ROOT).returncode:
            print("giaouoc does not build here: it is left out", file=sys.stderr)
    python = WORK / "venv/bin/python"
    stamp = WORK / "venv/peers.txt"
    if not stamp.exists() or stamp.read_text() != "\n".join(PEERS):
        sh(sys.executable, "-m", "venv", WORK / "venv")
        sh(python, "-m", "pip", "install", "--quiet", *PEERS)
        stamp.write_text("\n".join(PEERS))
    bundle = WORK / f"data/{args.dossiers}-{args.units}-{args.seed}"
    if not Path(f"{bundle}.complete").exists():
        shutil.rmtree(bundle, ignore_errors=True)
        bundle.parent.mkdir(exist_ok=True)
        program = args.generator or TARGET / "release/giaouoc"
        sh(program, "example", "--dossiers", args.dossiers, "--units", args.units, "--seed", args.seed, bundle)
        Path(f"{bundle}.complete").touch()
    tables = WORK / "tables"
    tables.mkdir(exist_ok=True)
    with open(tables / "days.csv", "wb") as out:
        sh(TARGET / "release/days", FIRST, DAYS_TO, stdout=out)
    sh(python, BENCHES / "peers/tables.py", tables / "days.csv", tables)
    return bundle, tables


def command(engine, job, form, bundle, tables, out):
    """The command of an engine, and whether its answer comes on standard output; None if it has no such job."""
    records = bundle / "records/dossier.parquet"
    if engine == "ours":
        if job == "start":
            return [TARGET / "release/giaouoc", "--version"], True
        by = ["--by", "unit,month"] if job == "ab" else []
        return [TARGET / "release/giaouoc", "score", bundle, "--as-of", LAST, *by, "--format", "csv"], True
    if engine == "limit":
        if job == "start":
            return None
        return [TARGET / "release/limit", job, records, tables / "days.csv", FIRST, LAST], True
    peer = [WORK / "venv/bin/python", BENCHES / f"peers/{engine}_ab.py"]
    return [*peer, job, form, records, tables, FIRST, LAST, out], False


def run(line, on_stdout, out):
    """Runs to the end: wall s, cpu s, peak MiB, exit code."""
    with open(out if on_stdout else os.devnull, "wb") as sink, open(WORK / "stderr.txt", "wb") as errors:
        begin = time.perf_counter()
        child = subprocess.Popen([str(part) for part in line], stdout=sink, stderr=errors)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, child.returncode


def integer(text):
    """A cell as an integer; None when blank. Polars writes whole floats as 12.0."""
    if text == "":
        return None
    value = float(text) if "." in text else int(text)
    if value != int(value):
        raise ValueError(f"{text} is not whole")
    return int(value)


def answers(path, engine, job):
    """{(unit, month): {column: integer}} without empty cells; one cell for job due."""
    with open(path, newline="", encoding="utf-8") as file:
        lines = csv.DictReader(file)
        if job == "due":
            if engine == "ours":
                # A line for each target, of all units together.
                row = {line["target"].replace("-", "_"): line["value"] for line in lines if line["unit"] == "all"}
            else:
                row = next(lines)
            return {("all", ""): {name: integer(row[name]) for name in DUE_COLUMNS}}
        cells = {}
        if engine == "ours":
            # Long form: a line for each unit, target and month.
            for line in lines:
                cell = cells.setdefault((line["unit"], line["from"][:7].replace("-", "")), dict.fromkeys(COLUMNS))
                column = line["target"].replace("-", "_")
                if column == "used_mean":
                    cell["used_sum"], cell["used_count"] = integer(line["value"]), integer(line["of"])
                elif column in cell:
                    cell[column] = integer(line["value"])
        else:
            for line in lines:
                cells[line["unit"], line["month"]] = {column: integer(line[column]) for column in COLUMNS}
    for cell in cells.values():
        # A count or sum over no known values is 0 to some, unknown to others (DuckDB's count_if).
        for column in cell.keys() - {"used_p90", "used_max"}:
            cell[column] = cell[column] or 0
    return {key: cell for key, cell in cells.items() if cell["received"]}


def compare(first, given, other, others):
    """Says where two engines' answers differ; stops then."""
    wrong = []
    for key in sorted(given.keys() | others.keys()):
        a, b = given.get(key, {}), others.get(key, {})
        wrong += [(key, name, a.get(name), b.get(name)) for name in a.keys() | b.keys() if a.get(name) != b.get(name)]
    if wrong:
        print(f"{len(wrong)} cells differ between {first} and {other}; the first ones:", file=sys.stderr)
        for (unit, month), name, a, b in wrong[:12]:
            print(f"  {unit} {month} {name}: {first} {a}, {other} {b}", file=sys.stderr)
        sys.exit(1)


def measure(job, engines, forms, bundle, tables, rounds):
    """{engine: [(wall, cpu, MiB) of each round]} of the engines that can do the job, answers checked first."""
    able, reference = {}, None
    for engine in engines:
        out = WORK / f"{engine}.{job}.csv"
        line = command(engine, job, forms.get(engine), bundle, tables, out)
        if line is None:
            continue
        if not Path(line[0][0]).exists():
            print(f"{job}: {NAMES[engine]} is not built, left out", file=sys.stderr)
            continue
        code = run(*line, out)[3]  # the warm-up, whose answers are checked
        if code:
            message = (WORK / "stderr.txt").read_text(errors="replace").strip().splitlines()[-1:]
            print(f"{job}: {NAMES[engine]} ended with {code}, left out: {' '.join(message)}", file=sys.stderr)
            continue
        if job != "start":
            given = answers(out, engine, job)
            if reference:
                compare(*reference, engine, given)
            else:
                reference = engine, given
        able[engine] = (*line, out)
    if reference:
        print(f"{job}: {len(reference[1])} cells, equal in {', '.join(NAMES[engine] for engine in able)}", file=sys.stderr)
    times = {engine: [] for engine in able}
    for _ in range(rounds):
        for engine, line in able.items():
            times[engine].append(run(*line)[:3])
    return times


def ratio(times, base, column):
    """Median [least..greatest] of the rounds' own ratios."""
    ratios = [a[column] / b[column] for a, b in zip(times, base)]
    return f"{statistics.median(ratios):.2f} [{min(ratios):.2f}..{max(ratios):.2f}]"


def table(job, times):
    """Markdown lines for one job."""
    base = next((engine for engine in ("ours", "limit", *times) if engine in times), None)
    if base is None:
        return [f"{job}: no engine could do it.", ""]
    lines = [
        f"| {job} | wall s | cpu s | peak MiB | wall / {NAMES[base]} | cpu / {NAMES[base]} |",
        "|---|---|---|---|---|---|",
    ]
    for engine, rounds in times.items():
        wall, cpu, peak = (statistics.median(column) for column in zip(*rounds))
        lines.append(
            f"| {NAMES[engine]} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {ratio(rounds, times[base], 0)} | {ratio(rounds, times[base], 1)} |"
        )
    return [*lines, ""]


def machine():
    info = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*:\s*(.*)", info.read_text()) if info.exists() else None
    return f"{model.group(1) if model else 'unknown processor'}, {os.cpu_count()} cores"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dossiers", type=int, default=10_000_000)
    parser.add_argument("--units", type=int, default=700)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", default="ab,due", help="of ab, due, start")
    parser.add_argument("--engines", default="ours,limit,duckdb,polars")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--form", action="append", default=[], metavar="ENGINE=FORM", help="another form of a peer's query")
    parser.add_argument("--generator", help="a built giaouoc to make the data with")
    parser.add_argument("--no-build", action="store_true")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    args = parser.parse_args()
    forms = {"duckdb": "join", "polars": "gather"} | dict(form.split("=", 1) for form in args.form)
    bundle, tables = prepare(args)
    size = (bundle / "records/dossier.parquet").stat().st_size / 1e6
    lines = [
        f"{args.dossiers:,} dossiers of {args.units:,} units, one Parquet file of {size:.0f} MB; {machine()}; {', '.join(PEERS)}; "
        f"median of {args.runs} rounds after a warm-up, ratios within each round: median [least..greatest]. "
        f"`benches/run.py --dossiers {args.dossiers} --units {args.units} --jobs {args.jobs}`",
        "",
    ]
    for job in args.jobs.split(","):
        if (BENCHES / job).is_dir():
            shutil.copy(BENCHES / job / "agreement.toml", bundle / "agreement.toml")
        lines += table(job, measure(job, args.engines.split(","), forms, bundle, tables, args.runs))
    print("\n".join(lines))
    if args.write:
        name = f"{args.dossiers}-{args.units}"
        page = ROOT / "docs/benchmarks.md"
        text = page.read_text(encoding="utf-8")
        begin, end = f"<!-- run {name} -->", "<!-- end -->"
        section = "\n".join([begin, *lines, end])
        pattern = re.compile(re.escape(begin) + r".*?" + re.escape(end), re.S)
        text = pattern.sub(lambda _: section, text) if pattern.search(text) else f"{text.rstrip()}\n\n{section}\n"
        page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
