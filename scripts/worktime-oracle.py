#!/usr/bin/env python3
"""Writes random cases of working time with their expected answers, reckoned apart from the program.

    python3 -m venv VENV && VENV/bin/pip install holidays==0.109
    VENV/bin/python scripts/worktime-oracle.py FILE [CASES]       (default 100000)
    GIAOUOC_ORACLE_CASES=FILE cargo test -p giaouoc-worktime --test oracle

The days off come from the package `holidays` and the corrections below. Everything is reckoned by
walking from day to day, and through the hours of a day, one after the other: slow, plain, and in no
way related to the tables of crates/worktime. The seed is fixed: the same package version writes the
same file.

Columns: op,a,b,c,expected. Days are YYYY-MM-DD, instants local time YYYY-MM-DDTHH:MM:SS (+07:00),
pauses "from/to" joined by ";". "outside" is expected where the answer leaves 2018-2026.
"""

import csv
import random
import sys
from datetime import date, datetime, timedelta

import holidays

FIRST, LAST = date(2018, 1, 1), date(2026, 12, 31)
DAY = timedelta(days=1)
SPANS = [(7 * 3600 + 1800, 11 * 3600 + 1800), (13 * 3600 + 1800, 17 * 3600 + 1800)]
SEED = 20261122

# What holidays 0.109 lacks (letter 12729/VPCP-KGVX of 25 December 2025), and the day it lists that
# is still a switch, off by default.
PACKAGE = holidays.country_holidays("VN", years=range(FIRST.year, LAST.year + 2))
OFF = (set(PACKAGE) | {date(2026, 1, 2)}) - {date(2026, 11, 24)}
MADE_UP = set(PACKAGE.weekend_workdays) | {date(2026, 1, 10)}


class Outside(Exception):
    """The answer needs a day that the calendar does not have."""


def works(day):
    if not FIRST <= day <= LAST:
        raise Outside
    if day in MADE_UP:
        return True
    return day.weekday() < 5 and day not in OFF


def add_working_days(day, n):
    works(day)
    while n > 0:
        day += DAY
        if works(day):
            n -= 1
    return day


def roll(day):
    while not works(day):
        day += DAY
    return day


def between_days(a, b):
    if b < a:
        return -between_days(b, a)
    works(a), works(b)
    count = 0
    while a < b:
        a += DAY
        count += works(a)
    return count


def add_months(day, n):
    year, month = day.year, day.month
    for _ in range(n):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    number = day.day
    while True:
        try:
            return date(year, month, number)
        except ValueError:
            number -= 1


def pieces(day):
    """The working hours of a day as pairs of instants."""
    if not works(day):
        return []
    midnight = datetime(day.year, day.month, day.day)
    return [(midnight + timedelta(seconds=a), midnight + timedelta(seconds=b)) for a, b in SPANS]


def overlap(a, b, c, d):
    return max(0, int((min(b, d) - max(a, c)).total_seconds()))


def between_seconds(a, b):
    if b < a:
        return -between_seconds(b, a)
    works(a.date()), works(b.date())
    total, day = 0, a.date()
    while day <= b.date():
        total += sum(overlap(a, b, *piece) for piece in pieces(day))
        day += DAY
    return total


def clock_start(at):
    day = at.date()
    while True:
        for begin, end in pieces(day):
            if at < end:
                return max(at, begin)
        day += DAY


def free(piece, pauses):
    """What the pauses leave of a piece of hours, cut at every edge."""
    edges = sorted({*piece, *(e for p in pauses for e in p if piece[0] < e < piece[1])})
    for begin, end in zip(edges, edges[1:]):
        if not any(p[0] <= begin and end <= p[1] for p in pauses):
            yield begin, end


def add_seconds(at, n, pauses=()):
    works(at.date())
    if n == 0:
        return clock_start(at)
    day = at.date()
    while True:
        for piece in pieces(day):
            for begin, end in free(piece, pauses):
                begin = max(begin, at)
                if begin >= end:
                    continue
                here = int((end - begin).total_seconds())
                if n <= here:
                    return begin + timedelta(seconds=n)
                n -= here
        day += DAY


def paused_seconds(a, b, pauses):
    if b < a:
        return -paused_seconds(b, a, pauses)
    works(a.date()), works(b.date())
    total, day = 0, a.date()
    while day <= b.date():
        for begin, end in pieces(day):
            begin, end = max(begin, a), min(end, b)
            if begin < end:
                left = sum(int((e - s).total_seconds()) for s, e in free((begin, end), pauses))
                total += int((end - begin).total_seconds()) - left
        day += DAY
    return total


def add_days_paused(day, n, pauses):
    """Days after a pause's first up to and including its last do not count."""
    works(day)
    while n > 0:
        day += DAY
        if works(day) and not any(p.date() < day <= q.date() for p, q in pauses):
            n -= 1
    return day


def received(at):
    hours = pieces(at.date())
    if not hours:
        return "day-off"
    if any(begin <= at < end for begin, end in hours):
        return "in-hours"
    if at < hours[0][0]:
        return "before-opening"
    return "after-closing" if at >= hours[-1][1] else "lunch-break"


def pick_day(rng):
    if rng.random() < 0.4:  # where calendars go wrong: round swaps and New Year
        near = rng.choice(sorted(MADE_UP) + [date(y, 12, 30) for y in range(2018, 2027)] + [date(2026, 11, 24)])
        day = near + timedelta(days=rng.randint(-12, 12))
        return min(max(day, FIRST), LAST)
    return FIRST + timedelta(days=rng.randrange((LAST - FIRST).days + 1))


def pick_instant(rng):
    if rng.random() < 0.3:  # the edges of hours, and a second beside them
        second = rng.choice([0, 27000, 41400, 48600, 63000, 86399]) + rng.choice([-1, 0, 0, 1])
        second = min(max(second, 0), 86399)
    else:
        second = rng.randrange(86400)
    day = pick_day(rng)
    return datetime(day.year, day.month, day.day) + timedelta(seconds=second)


def pick_pauses(rng, start):
    pauses = []
    for _ in range(rng.randint(1, 4)):
        begin = start + timedelta(seconds=rng.randint(-3 * 86400, 15 * 86400))
        end = begin + timedelta(seconds=rng.choice([0, rng.randint(1, 86400), rng.randint(1, 12 * 86400)]))
        pauses.append((begin, end))
    return pauses


def written(value):
    if isinstance(value, list):
        return ";".join(f"{p.isoformat()}/{q.isoformat()}" for p, q in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)


def case(rng):
    op = rng.choice(OPS)
    day, at = pick_day(rng), pick_instant(rng)
    few = rng.choice([0, 1, 2, 3, 5, 10, 15, 20, 30, 45, 60, rng.randint(0, 400)])
    seconds = rng.choice([0, 1, 14400, 28800, 28801, 28799, 57600, 8 * 3600 * few, rng.randint(0, 2000000)])
    if op == "is_working_day":
        return op, [day], works
    if op == "add_working_days":
        return op, [day, few], add_working_days
    if op == "add_calendar_days":
        return op, [day, few], lambda d, n: roll(d + timedelta(days=n))
    if op == "add_months":
        return op, [day, rng.randint(0, 24)], lambda d, n: roll(add_months(d, n))
    if op == "working_days_between":
        return op, [day, pick_day(rng)], between_days
    if op == "add_working_seconds":
        return op, [at, seconds], add_seconds
    if op == "working_seconds_between":
        if rng.random() < 0.5:
            other = pick_instant(rng)
        else:
            other = at + timedelta(seconds=rng.randint(-20 * 86400, 20 * 86400))
        return op, [at, other], between_seconds
    if op == "clock_start":
        return op, [at], clock_start
    if op == "received":
        return op, [at], received
    if op == "add_working_seconds_paused":
        return op, [at, seconds, pick_pauses(rng, at)], add_seconds
    if op == "add_working_days_paused":
        start = datetime(day.year, day.month, day.day) + timedelta(seconds=rng.randrange(86400))
        return op, [day, few, pick_pauses(rng, start)], add_days_paused
    other = at + timedelta(seconds=rng.randint(-20 * 86400, 20 * 86400))
    return op, [at, other, pick_pauses(rng, min(at, other))], paused_seconds


OPS = [
    "is_working_day", "add_working_days", "add_calendar_days", "add_months", "working_days_between",
    "add_working_seconds", "working_seconds_between", "clock_start", "received",
    "add_working_seconds_paused", "add_working_days_paused", "paused_seconds",
]  # fmt: skip


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    count = int(sys.argv[2]) if len(sys.argv) == 3 else 100_000
    rng = random.Random(SEED)
    with open(sys.argv[1], "w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(["op", "a", "b", "c", "expected"])
        for _ in range(count):
            op, inputs, reckon = case(rng)
            try:
                expected = written(reckon(*inputs))
            except Outside:
                expected = "outside"
            cells = [written(value) for value in inputs]
            rows.writerow([op, *cells, *[""] * (3 - len(cells)), expected])


if __name__ == "__main__":
    main()
