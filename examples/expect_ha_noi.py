#!/usr/bin/env python3
"""Computes the figures of examples/ha-noi-cum-vi-2020 from its CSV files, on its own.

Shares nothing with the program and nothing with make_ha_noi.py: plain Python over the files, a loop over days for the
working calendar. Writes expected.json, which a test compares with what the program computes.

    python3 examples/expect_ha_noi.py            # write expected.json and print the figures
    python3 examples/expect_ha_noi.py --check    # exit 1 when the file on disk says something else

The rules are restated here in words of Python; agreement.toml has them in the language of conditions.
"""
import csv
import json
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

BUNDLE = Path(__file__).resolve().parent / "ha-noi-cum-vi-2020"
UNITS = ["H26.VD1", "H26.VD2", "H26.VD3", "H26.VD4", "H26.VD5", "H26.VD6"]
NAMES = {"Văn phòng UBND TP": "H26.VD1", "Sở Nội vụ": "H26.VD2", "Sở Ngoại vụ": "H26.VD3", "Sở Tư pháp": "H26.VD4",
         "Thanh tra TP": "H26.VD5", "Trung tâm Xúc tiến Đầu tư, Thương mại, Du lịch": "H26.VD6"}
FIRST, LAST = date(2020, 1, 1), date(2020, 12, 31)          # the period; as_of is its last day

# Weekdays off, as the Government's lists have them.
OFF = {date.fromisoformat(d) for d in """2020-01-01 2020-01-23 2020-01-24 2020-01-27 2020-01-28 2020-01-29 2020-04-02
2020-04-30 2020-05-01 2020-09-02 2021-01-01""".split()}


def working(day):
    return day.isoweekday() <= 5 and day not in OFF


def nth_working_day(day, n):
    while n:
        day += timedelta(days=1)
        n -= working(day)
    return day


def work_minutes(start, end):
    """Whole working minutes between two local times: 07:30–11:30 and 13:30–17:30 on working days."""
    total, day = timedelta(), start.date()
    while day <= end.date():
        if working(day):
            for a, b in ((450, 690), (810, 1050)):
                midnight = datetime(day.year, day.month, day.day)
                lo = max(start, midnight + timedelta(minutes=a))
                hi = min(end, midnight + timedelta(minutes=b))
                total += max(hi - lo, timedelta())
        day += timedelta(days=1)
    return total // timedelta(minutes=1)


def rows(name, delimiter=","):
    with (BUNDLE / "records" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def local(text):
    """The local wall time of `2020-03-05T16:00:00+07:00`; every file of this bundle uses +07:00."""
    if not text:
        return None
    assert text.endswith("+07:00"), text
    return datetime.fromisoformat(text[:-6])


def day(text):
    return date.fromisoformat(text) if text else None


def vn_day(text):
    return datetime.strptime(text, "%d/%m/%Y").date() if text else None


def within(d):
    return d is not None and FIRST <= d <= LAST


def known(d):
    """A date as it was known on 31/12/2020: what happened later is unknown."""
    return d if d is not None and d <= LAST else None


# ---- readers: as known at the end of the period ----------------------------------------------------------------

def dossiers():
    for row in rows("dossier.csv"):
        finished, handed = local(row["finished_at"]), local(row["handed_over_at"])
        if finished and finished.date() > LAST:
            finished, row["outcome"] = None, ""
        if handed and handed.date() > LAST:
            handed = None
        pauses = [tuple(local(part) for part in span.split("/")) for span in row["pauses"].split("; ") if span]
        yield {"unit": row["unit"], "submitted": local(row["submitted_at"]), "received": local(row["received_at"]),
               "limit": int(row["time_limit_days"]) if row["time_limit_days"] else None,
               "first_due": day(row["first_due_at"]), "due": day(row["due_at"]) or day(row["first_due_at"]),
               "finished": finished, "handed": handed, "outcome": row["outcome"], "pauses": pauses}


def share(counted, met):
    """counted and met give True, False or None (unknown) for a row."""
    def figure(records):
        out = {}
        for unit in UNITS + ["all"]:
            mine = [r for r in records if unit in ("all", r["unit"])]
            chosen = [r for r in mine if counted(r) is True]
            out[unit] = {"met": sum(met(r) is True for r in chosen), "of": len(chosen)}
            unknown = sum(met(r) is None for r in chosen)
            if unknown:
                out[unit]["met_unknown"] = unknown
        return out
    return figure


def count(counted, on=None):
    def figure(records):
        out = {}
        for unit in UNITS:
            chosen = [r for r in records if r["unit"] == unit and counted(r)]
            out[unit] = {"count": len(chosen)}
            if on:
                out[unit]["parts"] = [sum(on(r).month <= 6 for r in chosen), sum(on(r).month > 6 for r in chosen)]
        return out
    return figure


def no_later(a, b):
    return None if a is None or b is None else a <= b


def on_time():
    settled = lambda r: r["finished"] is not None and r["outcome"] in ("granted", "refused")
    ended = lambda r: r["finished"] is not None and within(r["finished"].date())
    mine = lambda r: settled(r) and ended(r)
    fin = lambda r: r["finished"] and r["finished"].date()

    def by_submission(r):
        return None if r["limit"] is None else fin(r) <= nth_working_day(r["submitted"].date(), r["limit"])

    def by_hours(r):
        if r["limit"] is None:
            return None
        used = work_minutes(r["received"], r["finished"])
        used -= sum(work_minutes(max(a, r["received"]), min(b, r["finished"])) for a, b in r["pauses"])
        return used <= r["limit"] * 480

    def not_late(r):
        if r["due"] is None:
            return None
        return fin(r) <= r["due"] if r["finished"] else r["due"] >= LAST

    return list(dossiers()), {
        "": share(mine, lambda r: no_later(fin(r), r["first_due"])),
        "current-due": share(mine, lambda r: no_later(fin(r), r["due"])),
        "form-06": share(ended, lambda r: r["outcome"] in ("withdrawn", "returned") or no_later(fin(r), r["due"])),
        "handed-over": share(lambda r: settled(r) and r["handed"] is not None and within(r["handed"].date()),
                             lambda r: no_later(r["handed"].date(), r["due"])),
        "from-submission": share(mine, by_submission),
        "working-hours": share(mine, by_hours),
        "to-process": share(lambda r: r["received"].date() <= LAST and (not r["finished"] or fin(r) >= FIRST),
                            not_late),
        "with-overdue": share(lambda r: mine(r) or (not r["finished"] and r["received"].date() <= LAST
                                                    and r["due"] is not None and r["due"] < LAST),
                              lambda r: bool(r["finished"]) and no_later(fin(r), r["due"])),
    }


def procedures():
    records = []
    for row in rows("procedure.csv"):
        since = day(row["online_since"])
        shown = known(since) is not None
        records.append({"unit": row["unit"], "from": day(row["in_force_from"]), "to": known(day(row["in_force_to"])),
                        "routed": row["routed_through"] in ("one-stop", "inter-agency-one-stop"),
                        "exception": row["legal_exception"] == "true", "published": known(day(row["published_on"])),
                        "level": row["online_level"] if shown else None,
                        "channel": shown and row["has_online_channel"] == "true"})
    return [r for r in records if r["from"] <= LAST and (r["to"] is None or r["to"] >= LAST)]


def one_stop():
    plain = lambda r: not r["exception"]
    return procedures(), {
        "": share(plain, lambda r: r["routed"] and r["published"] is not None),
        "no-exceptions": share(lambda r: True, lambda r: r["routed"] and r["published"] is not None),
        "routed": share(plain, lambda r: r["routed"]),
        "published": share(plain, lambda r: r["published"] is not None),
    }


def online():
    everything = lambda r: True
    return procedures(), {
        "": share(everything, lambda r: r["level"] in ("nd43-2011-3", "nd43-2011-4")),
        "exceptions-out": share(lambda r: not r["exception"], lambda r: r["level"] in ("nd43-2011-3", "nd43-2011-4")),
        "level-4": share(everything, lambda r: r["level"] == "nd43-2011-4"),
        "any-channel": share(everything, lambda r: r["channel"]),
    }


def positions():
    records = []
    for row in rows("position-noi-vu.csv", ";"):
        records.append({"unit": NAMES[row["Cơ quan sử dụng"]], "held": row["Hiện có mặt"] == "Có",
                        "from": vn_day(row["Từ ngày"]), "to": vn_day(row["Đến ngày"]),
                        "in": row["Thuộc đề án"] == "Có", "frame": row["Đúng ngạch"] == "Có",
                        "date": vn_day(row["Ngày phê duyệt"])})
    paid = lambda r: r["held"] and r["from"] <= LAST and (r["to"] is None or r["to"] > LAST)
    return records, {
        "": share(paid, lambda r: r["in"] and r["date"] <= LAST),
        "scheme-at-start": share(paid, lambda r: r["in"] and r["date"] <= FIRST),
        "frame": share(paid, lambda r: r["in"] and r["frame"]),
        "posts-held": share(lambda r: r["in"], paid),
    }


def initiatives():
    records = [{"unit": r["unit"], "reform": r["about_reform"] == "true", "registered": day(r["registered_on"]),
                "applied": day(r["applied_on"]), "recognised": day(r["recognised_on"])}
               for r in rows("initiative.csv")]
    return records, {
        "": count(lambda r: r["reform"] and within(r["recognised"])),
        "registered": count(lambda r: r["reform"] and within(r["registered"])),
        "applied": count(lambda r: r["reform"] and within(r["applied"])),
    }


def dialogues():
    records = [{"unit": r["unit"], "about": r["about_procedures"] == "true", "notice": day(r["notice_on"]),
                "held": day(r["held_on"]), "form": r["form"], "chair": r["chair_rank"],
                "minutes": known(day(r["minutes_signed_on"]))} for r in rows("dialogue.csv")]
    proper = lambda r: r["about"] and within(r["held"]) and r["notice"] <= r["held"] and r["minutes"] is not None
    return records, {
        "": count(proper),
        "each-half-year": count(proper, on=lambda r: r["held"]),
        "held": count(lambda r: r["about"] and within(r["held"])),
        "in-person-by-leader": count(lambda r: r["about"] and within(r["held"]) and r["form"] == "in-person"
                                     and r["chair"] in ("head", "deputy")),
    }


def exemplars():
    records = [{"unit": r["unit"], "good": r["programme"] == "good-deeds", "honoured": day(r["honoured_on"]),
                "decision": r["decision"], "tier": r["tier"], "published": day(r["published_on"])}
               for r in rows("exemplar.csv")]
    honoured = lambda r: r["good"] and within(r["honoured"]) and bool(r["decision"])
    return records, {
        "": count(honoured),
        "city": count(lambda r: honoured(r) and r["tier"] == "city"),
        "published": count(lambda r: r["good"] and known(r["honoured"]) is not None and within(r["published"])),
    }


TARGETS = {
    # target: (records and figures, goal of a unit, whether all units together are judged, share of units wanted)
    "initiative": (initiatives, ("count", 1), False, True),
    "on-time": (on_time, ("share", 95), True, False),
    "positions": (positions, ("share", 100), False, True),
    "one-stop": (one_stop, ("share", 100), True, False),
    "online": (online, ("share", 80), True, False),
    "dialogue": (dialogues, ("count", 2), False, True),
    "good-deeds": (exemplars, ("count", 1), False, False),
}
EXEMPT = {(target, "H26.VD6") for target in ("on-time", "one-stop", "online", "dialogue")}
NIL = {("on-time", "H26.VD5")}                       # confirmed; the one on exemplars of VD6 is not


def reaches(figure, goal):
    kind, wanted = goal
    if kind == "count":
        return figure["count"] >= wanted
    return 100 * figure["met"] >= wanted * figure["of"]


def compute():
    totals = {r["unit"]: r for r in rows("totals.csv")}
    out = {"note": "Invented records. Computed by examples/expect_ha_noi.py from the CSV files, not by the program.",
           "period": "2020", "as_of": LAST.isoformat(), "targets": {}}
    for target, (build, goal, together, share_of_units) in TARGETS.items():
        records, figures = build()
        present = {r["unit"] for r in records}
        entry = {"units": {}, "lenses": {}}
        own = figures[""](records)
        for unit in UNITS:
            cell = {}
            if (target, unit) in EXEMPT:
                cell = {"verdict": "exempt"}
            elif unit in present:
                cell = dict(own[unit], grade="records")
                cell["verdict"] = "met" if reaches(cell, goal) else "not-met"
            elif target == "on-time" and unit in totals:
                row = totals[unit]
                cell = {"met": int(row["settled_early"]) + int(row["settled_on_time"]),
                        "of": int(row["settled_total"]), "grade": "signed-totals"}
                cell["verdict"] = "met" if reaches(cell, goal) else "not-met"
            elif (target, unit) in NIL:
                cell = {"verdict": "no-cases", "grade": "nil-report"}
            else:
                cell = {"verdict": "no-data"}
            entry["units"][unit] = cell
        for lens, figure in figures.items():
            if not lens:
                continue
            cells = figure(records)
            entry["lenses"][lens] = {unit: cells[unit] for unit in UNITS
                                     if unit in present and (target, unit) not in EXEMPT}
            if "all" in cells:
                entry["lenses"][lens]["all"] = cells["all"]
        if together:
            entry["all_from_records"] = own["all"]
            if target == "on-time":
                signed = entry["units"]["H26.VD4"]
                entry["all_with_signed_totals"] = {key: own["all"][key] + signed[key] for key in ("met", "of")}
        if share_of_units:
            verdicts = [cell["verdict"] for cell in entry["units"].values()]
            entry["share_of_units"] = {"met": verdicts.count("met"),
                                       "of": sum(v not in ("no-cases", "exempt") for v in verdicts)}
        out["targets"][target] = entry
    return out


def main():
    text = json.dumps(compute(), ensure_ascii=False, indent=1) + "\n"
    path = BUNDLE / "expected.json"
    if sys.argv[1:] == ["--check"]:
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            sys.exit("expected.json does not say what the CSV files say; run expect_ha_noi.py and look at the difference")
        return
    path.write_text(text, encoding="utf-8")
    for target, entry in json.loads(text)["targets"].items():
        print(target, json.dumps({k: v for k, v in entry.items() if k not in ("units", "lenses")}))
        for unit, cell in entry["units"].items():
            lenses = {lens: cells[unit] for lens, cells in entry["lenses"].items() if unit in cells}
            brief = {k: (f"{c['met']}/{c['of']}" if "of" in c else c.get("parts", c["count"])) for k, c in lenses.items()}
            print("  ", unit, json.dumps(cell), brief)


if __name__ == "__main__":
    main()
