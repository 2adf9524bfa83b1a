#!/usr/bin/env python3
"""Writes the INVENTED records of examples/ha-noi-cum-vi-2020.

Every number of that bundle is made up here, with a fixed seed, to show how the article's agreement could be
measured and where measuring is awkward. Nothing says anything about the real agencies.

    python3 examples/make_ha_noi.py          # writes records/*.csv; same bytes on every machine
    python3 examples/expect_ha_noi.py        # computes the expected figures from those files, on its own

Standard library only. Due dates are really computed with the working calendar of 2020: Saturdays and Sundays
off, and the days off listed below. The isolation of April 2020 is no holiday; it only slows things down.
"""
import csv
import random
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

BUNDLE = Path(__file__).resolve().parent / "ha-noi-cum-vi-2020"

OFFICE, HOME_AFFAIRS, FOREIGN, JUSTICE, INSPECTORATE, PROMOTION = (f"H26.VD{n}" for n in range(1, 7))

# Weekdays off from December 2019 to January 2021 (Bộ luật Lao động; Tết 2020 as announced: 23–29/01).
DAYS_OFF = {date(2020, 1, 1), date(2020, 1, 23), date(2020, 1, 24), date(2020, 1, 27), date(2020, 1, 28),
            date(2020, 1, 29), date(2020, 4, 2), date(2020, 4, 30), date(2020, 5, 1), date(2020, 9, 2),
            date(2021, 1, 1)}
# Social distancing in Hà Nội, April 2020 (with the run-up to it). Working days all the same.
SLOW_FROM, SLOW_TO = date(2020, 3, 20), date(2020, 4, 22)


def works(day):
    return day.weekday() < 5 and day not in DAYS_OFF


def add_days(day, n):
    """The n-th working day after `day`, `day` itself not counted."""
    while n > 0:
        day += timedelta(days=1)
        if works(day):
            n -= 1
    return day


def working_days(first, last):
    days, day = [], first
    while day <= last:
        if works(day):
            days.append(day)
        day += timedelta(days=1)
    return days


def at(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute))


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S+07:00") if moment else ""


def iso(day):
    return day.isoformat() if day else ""


def write(name, header, rows, delimiter=","):
    path = BUNDLE / "records" / name
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    print(f"{path.name}: {len(rows)} rows, {path.stat().st_size} bytes")


# ---- dossiers -------------------------------------------------------------------------------------------------

COLUMNS = ["code", "unit", "procedure", "channel", "submitted_at", "received_at", "time_limit_days",
           "first_due_at", "due_at", "due_changes", "pauses", "finished_at", "handed_over_at", "outcome",
           "status", "apology_at"]

# How many dossiers of each fate a unit has. `on_time` includes the late-received ones (`late_intake`).
FATES = {
    OFFICE: dict(on_time=412, late_intake=9, late=8, redated=3, paused=3, no_due=2, withdrawn=7, returned=4,
                 open_within=11, open_overdue=2, open_paused=2, before=6, after=5),
    HOME_AFFAIRS: dict(on_time=1187, late_intake=21, late=19, redated=22, paused=22, no_due=0, withdrawn=34,
                       returned=24, open_within=37, open_overdue=6, open_paused=5, before=14, after=12),
    FOREIGN: dict(on_time=500, late_intake=64, late=12, redated=3, paused=5, no_due=0, withdrawn=9, returned=3,
                  open_within=14, open_overdue=1, open_paused=1, before=7, after=6),
}
# Procedures with dossiers, and their time limits in working days.
PROCEDURES = {
    OFFICE: [("VD-VP-01", 3), ("VD-VP-02", 5), ("VD-VP-04", 10), ("VD-VP-07", 15)],
    HOME_AFFAIRS: [("VD-NV-01", 5), ("VD-NV-02", 7), ("VD-NV-03", 10), ("VD-NV-05", 20), ("VD-NV-11", 25)],
    FOREIGN: [("VD-NG-01", 1), ("VD-NG-02", 3), ("VD-NG-04", 5), ("VD-NG-09", 15)],
}
YEAR = working_days(date(2020, 1, 1), date(2020, 12, 31))
SLOW = [day for day in YEAR if SLOW_FROM <= day <= SLOW_TO]


def office_time(rng, day):
    """A minute within office hours."""
    minute = rng.randrange(480)
    start = at(day, 7, 30) if minute < 240 else at(day, 13, 30)
    return start + timedelta(minutes=minute % 240)


def pick_received(rng, limit, slow_share):
    """A day of receipt whose due date and a little more lie within 2020."""
    days = SLOW if rng.random() < slow_share else working_days(date(2019, 12, 16), date(2020, 12, 22))
    while True:
        day = rng.choice(days)
        if add_days(day, limit) >= date(2020, 1, 2) and add_days(day, limit + 8) <= date(2020, 12, 31):
            return day


def dossier(rng, unit, fate):
    procedure, limit = rng.choice(PROCEDURES[unit])
    if fate in ("late_intake", "paused"):
        procedure, limit = rng.choice([(p, n) for p, n in PROCEDURES[unit] if n >= 3])
    slow_share = {"late": 0.6, "redated": 0.5, "paused": 0.3}.get(fate, 0.08)
    day = pick_received(rng, limit, slow_share)
    if fate in ("open_within", "open_paused"):
        day = rng.choice([d for d in working_days(date(2020, 11, 20), date(2020, 12, 31))
                          if add_days(d, limit) > date(2020, 12, 31)])
    if fate == "open_overdue":
        day = rng.choice([d for d in working_days(date(2020, 11, 2), date(2020, 12, 29))
                          if add_days(d, limit) <= date(2020, 12, 30)])
    if fate == "before":
        day = rng.choice(working_days(date(2019, 12, 2), date(2019, 12, 27)))
        procedure, limit = min(PROCEDURES[unit], key=lambda item: item[1])
    if fate == "after":
        day = rng.choice(working_days(date(2020, 12, 21), date(2020, 12, 31)))
    received = office_time(rng, day)
    online = fate == "late_intake" or rng.random() < (0.85 if SLOW_FROM <= day <= SLOW_TO else 0.55)
    channel = "online" if online else rng.choice(["in-person"] * 9 + ["post"])
    submitted = received
    if fate == "late_intake":
        # Filed two to four working days before it was received; the due date still counts from the receipt.
        filed = day
        for _ in range(rng.randint(2, 4)):
            filed -= timedelta(days=1)
            while not works(filed):
                filed -= timedelta(days=1)
        submitted = office_time(rng, filed)
    elif online:
        submitted = received - timedelta(minutes=rng.randrange(5, 200))
    due = add_days(day, limit)
    row = dict(unit=unit, procedure=procedure, channel=channel, submitted_at=submitted, received_at=received,
               time_limit_days=limit, first_due_at=due, due_at=due, due_changes="", pauses="", finished_at=None,
               handed_over_at=None, outcome="", status="4", apology_at=None)

    def finish(last_day, outcome="granted"):
        finished = office_time(rng, last_day)
        if finished < received:
            finished = received + timedelta(minutes=rng.randrange(10, 60))
        row.update(finished_at=finished, outcome=outcome, status="9")
        if rng.random() < 0.97:
            handed = finished if online else office_time(rng, add_days(last_day, rng.randint(0, 3)))
            row.update(handed_over_at=max(handed, finished), status="10")

    if fate in ("on_time", "no_due"):
        after = working_days(max(day, date(2020, 1, 2)), due)
        # Most finish in the last third of the time; one in five exactly on the due date.
        finish(due if rng.random() < 0.2 else rng.choice(after[len(after) * 2 // 3:] or after),
               "refused" if rng.random() < 0.03 else "granted")
        if fate == "no_due":
            row.update(first_due_at=None, due_at=None, time_limit_days="")
    elif fate == "late_intake":
        # On time by the slip, late by the day of filing.
        days = working_days(max(day, date(2020, 1, 2)), due)
        finish(rng.choice([d for d in days if d > add_days(submitted.date(), limit)] or [due]))
    elif fate == "late":
        finish(add_days(due, rng.randint(1, 7)))
        if rng.random() < 0.5:
            row["apology_at"] = office_time(rng, due)
    elif fate == "redated":
        told = office_time(rng, due)
        new = add_days(due, rng.randint(4, 8))
        row.update(due_at=new, apology_at=told,
                   due_changes=f"{stamp(told)} -> {stamp(at(new, 17, 30))} (xin lỗi và hẹn lại, mẫu 04)")
        finish(add_days(due, rng.randint(1, 4)))
    elif fate == "paused":
        # Waiting for a supplement moves the due date by the working days waited.
        before = max(0, limit // 2 - 1)
        waited = rng.randint(3, 6)
        first = add_days(day, before)
        start, end = max(received, at(first, 8)), at(add_days(first, waited), 8)
        row.update(pauses=f"{stamp(start)}/{stamp(end)}", due_at=add_days(due, waited))
        finish(add_days(due, rng.randint(min(waited, max(1, before + waited - limit + 1)), waited)))
    elif fate == "withdrawn":
        finish(rng.choice(working_days(max(day, date(2020, 1, 2)), add_days(due, 5))), "withdrawn")
        row.update(status="7", handed_over_at=None)
    elif fate == "returned":
        # Sent back in the last days before the due date, as the returns of real registers often are.
        near = working_days(max(day, date(2020, 1, 2)), due)
        finish(rng.choice(near[-2:]), "returned")
        row.update(handed_over_at=None)
    elif fate == "open_paused":
        row.update(status="5", pauses=f"{stamp(max(received, at(add_days(day, 1), 9)))}/")
    elif fate == "before":
        finish(add_days(day, limit) if add_days(day, limit) < date(2020, 1, 1) else day)
    elif fate == "after":
        finish(rng.choice(working_days(date(2021, 1, 4), date(2021, 1, 8))))
    return row


def dossiers():
    rng = random.Random(20200307)
    rows = []
    for unit, fates in FATES.items():
        count = dict(fates)
        count["on_time"] -= count["late_intake"]
        if unit == OFFICE:
            count["on_time"] -= 2
            count["after"] -= 1
        for fate, n in count.items():
            rows += [dossier(rng, unit, fate) for _ in range(n)]
    # Three finishes near midnight: which local day and year is it? (UTC gives another one.)
    for received, finished in [(at(date(2019, 12, 30), 14), datetime(2020, 1, 1, 0, 30)),
                               (at(date(2020, 12, 28), 9), datetime(2020, 12, 31, 23, 40)),
                               (at(date(2020, 12, 29), 9), datetime(2021, 1, 1, 0, 20))]:
        due = add_days(received.date(), 3)
        rows.append(dict(unit=OFFICE, procedure="VD-VP-01", channel="online", submitted_at=received,
                         received_at=received, time_limit_days=3, first_due_at=due, due_at=due, due_changes="",
                         pauses="", finished_at=finished, handed_over_at=finished, outcome="granted", status="10",
                         apology_at=None))
    rows.sort(key=lambda row: (row["unit"], row["received_at"], row["procedure"]))
    seen = {}
    out = []
    for row in rows:
        day = (row["unit"], row["received_at"].date())
        seen[day] = seen.get(day, 0) + 1
        row["code"] = f"{row['unit']}-{row['received_at']:%y%m%d}-{seen[day]:04d}"
        for column in ("submitted_at", "received_at", "finished_at", "handed_over_at", "apology_at"):
            row[column] = stamp(row[column])
        for column in ("first_due_at", "due_at"):
            row[column] = iso(row[column])
        out.append([row[column] for column in COLUMNS])
    write("dossier.csv", COLUMNS, out)


# ---- the catalogue --------------------------------------------------------------------------------------------

def procedures():
    """Level 3 or 4 of all in force on 31/12/2020: 10/12, 39/48, 16/20 (exactly 80 %), 49/62, 7/8."""
    rng = random.Random(43)
    header = ["code", "unit", "name", "in_force_from", "in_force_to", "routed_through", "legal_exception",
              "exception_basis", "published_on", "has_online_channel", "online_level", "online_since"]
    rows = []
    for unit, prefix, online, total in [(OFFICE, "VP", 10, 12), (HOME_AFFAIRS, "NV", 39, 48),
                                        (FOREIGN, "NG", 16, 20), (JUSTICE, "TP", 49, 62),
                                        (INSPECTORATE, "TT", 7, 8)]:
        high = set(rng.sample(range(1, total + 1), online))
        for n in range(1, total + 1):
            since = date(2018, 1, 2) + timedelta(days=rng.randrange(500))
            level = rng.choice(["nd43-2011-3", "nd43-2011-3", "nd43-2011-4"]) if n in high else "nd43-2011-2"
            routed = "inter-agency-one-stop" if rng.random() < 0.2 else "one-stop"
            published = since + timedelta(days=rng.randrange(1, 20))
            channel = n in high or rng.random() < 0.3
            rows.append([f"VD-{prefix}-{n:02d}", unit, f"Thủ tục ví dụ {prefix}-{n:02d}", iso(since), "", routed,
                         "false", "", iso(published), str(channel).lower(), level,
                         iso(since + timedelta(days=90))])
    by_code = {row[0]: row for row in rows}
    # A procedure that the Inspectorate published only in the new year.
    by_code["VD-TT-05"][8] = "2021-01-12"
    # Two procedures that Justice still receives in its own division.
    by_code["VD-TP-17"][5] = "elsewhere"
    by_code["VD-TP-41"][5] = "elsewhere"
    # One more of Home Affairs, outside the desk by law; one repealed in June; one in force from 2021.
    rows.append(["VD-NV-90", HOME_AFFAIRS, "Thủ tục ví dụ ngoài một cửa theo luật", "2019-03-01", "", "elsewhere",
                 "true", "Căn cứ ví dụ, không phải văn bản có thật", "2019-03-05", "false", "nd43-2011-1",
                 "2019-03-05"])
    rows.append(["VD-NG-91", FOREIGN, "Thủ tục ví dụ bị bãi bỏ giữa năm", "2018-05-02", "2020-06-30", "elsewhere",
                 "false", "", "2018-05-10", "false", "nd43-2011-2", "2018-05-10"])
    rows.append(["VD-NG-92", FOREIGN, "Thủ tục ví dụ có hiệu lực năm sau", "2021-01-01", "", "one-stop", "false", "",
                 "2021-01-04", "true", "nd43-2011-4", "2021-01-04"])
    write("procedure.csv", header, rows)


# ---- posts: Home Affairs sends a file with headings of its own ------------------------------------------------

def positions():
    rng = random.Random(62)
    header = ["Mã chỗ làm", "Cơ quan sử dụng", "Mã VTVL", "Tên VTVL", "Đối tượng", "Hiện có mặt", "Từ ngày",
              "Đến ngày", "Thuộc đề án", "Đúng ngạch", "Quyết định phê duyệt", "Ngày phê duyệt"]
    rows = []

    def vn(day):
        return day.strftime("%d/%m/%Y") if day else ""

    def post(unit_name, prefix, n, **change):
        row = {"code": f"VD-{prefix}-{n:03d}", "unit": unit_name, "position": f"{prefix}.{n % 9 + 1:02d}",
               "name": rng.choice(["Chuyên viên tham mưu", "Chuyên viên tổng hợp", "Trưởng phòng", "Văn thư",
                                   "Kế toán", "Chuyên viên pháp chế"]),
               "category": "Viên chức" if prefix == "XT" else "Công chức", "held": "Có",
               "from": date(2016, 1, 4) + timedelta(days=rng.randrange(1200)), "to": None, "in": "Có",
               "frame": "Có", "decision": f"VD-{prefix}/QĐ-UBND", "date": date(2016, 12, 20)}
        row.update(change)
        rows.append([row["code"], row["unit"], row["position"], row["name"], row["category"], row["held"],
                     vn(row["from"]), vn(row["to"]), row["in"], row["frame"], row["decision"], vn(row["date"])])

    for unit_name, prefix, held, more in [
            ("Văn phòng UBND TP", "VP", 46, {}),
            ("Sở Nội vụ", "NV", 52, {}),
            # The scheme of Justice was approved again in June 2020: in force at the year's end, not at its start.
            ("Sở Tư pháp", "TP", 58, {"date": date(2020, 6, 15)}),
            ("Thanh tra TP", "TT", 39, {}),
            ("Trung tâm Xúc tiến Đầu tư, Thương mại, Du lịch", "XT", 34, {})]:
        for n in range(1, held + 1):
            frame = "Không" if (prefix, n) in {("NV", 7), ("XT", 3), ("XT", 20)} else "Có"
            post(unit_name, prefix, n, frame=frame, **more)
    # Approved posts of the Office that nobody holds: no placement to judge.
    for n in (91, 92, 93):
        post("Văn phòng UBND TP", "VP", n, held="Không", **{"from": None})
    # The fortieth person on the Inspectorate's payroll has no approved position.
    post("Thanh tra TP", "TT", 80, **{"in": "Không", "position": "", "decision": "", "date": None, "frame": "Không"})
    # Somebody outside the scheme who left the Centre in September.
    post("Trung tâm Xúc tiến Đầu tư, Thương mại, Du lịch", "XT", 80,
         **{"in": "Không", "position": "", "decision": "", "date": None, "to": date(2020, 9, 30), "frame": "Không"})
    write("position-noi-vu.csv", header, rows, delimiter=";")


# ---- kinds small enough to be written by hand -----------------------------------------------------------------

def small():
    write("initiative.csv",
          ["code", "unit", "title", "about_reform", "registered_on", "applied_on", "recognised_on",
           "recognised_by", "recognition_decision", "scope", "scope_decided_on", "adopting_units"], [
        ["VD-SK-01", OFFICE, "Trả lời kiến nghị về TTHC trong ngày", "true", "2020-02-14", "2020-03-16",
         "2020-09-11", "base", "VD-01/QĐ", "", "", 0],
        ["VD-SK-02", OFFICE, "Phiếu hẹn điện tử", "true", "2020-02-20", "2020-05-18", "2020-11-27", "base",
         "VD-02/QĐ", "", "", 0],
        ["VD-SK-03", HOME_AFFAIRS, "Kiểm tra hồ sơ trước khi nộp", "true", "2020-01-15", "2020-02-17",
         "2020-08-20", "base", "VD-03/QĐ", "base", "2020-09-10", 1],
        ["VD-SK-04", HOME_AFFAIRS, "Mẫu tờ khai điền sẵn", "true", "2020-03-02", "2020-06-01", "2020-12-10",
         "province", "VD-04/QĐ", "province", "2020-12-18", 0],
        ["VD-SK-05", HOME_AFFAIRS, "Sổ tay công chức một cửa", "true", "2020-03-02", "2020-07-01", "2020-12-10",
         "base", "VD-05/QĐ", "", "", 0],
        # Applied within the year, recognised in the next.
        ["VD-SK-06", FOREIGN, "Hẹn giờ nộp hồ sơ qua mạng", "true", "2020-03-10", "2020-11-02", "2021-01-15",
         "base", "VD-06/QĐ", "", "", 0],
        ["VD-SK-07", JUSTICE, "Tra cứu tiến độ hồ sơ giấy", "true", "2020-02-05", "2020-04-27", "2020-10-30",
         "base", "VD-07/QĐ", "", "", 0],
        # Recognised, but not about reform; and about reform, but only registered.
        ["VD-SK-08", INSPECTORATE, "Số hóa hồ sơ thanh tra cũ", "false", "2020-01-20", "2020-03-02",
         "2020-07-31", "base", "VD-08/QĐ", "", "", 0],
        ["VD-SK-09", INSPECTORATE, "Lịch tiếp công dân chung", "true", "2020-09-01", "", "", "", "", "", "", 0],
        ["VD-SK-10", PROMOTION, "Danh mục câu hỏi của nhà đầu tư", "true", "2020-02-28", "2020-05-04",
         "2020-12-03", "base", "VD-10/QĐ", "", "", 0],
    ])
    # The epidemic moved the spring's dialogues to the second half-year in two units.
    write("dialogue.csv",
          ["code", "unit", "about_procedures", "notice_on", "notice_channel", "held_on", "form", "chair_rank",
           "attendees", "questions", "answered", "minutes_signed_on", "place", "followed_up_on"], [
        ["VD-DT-01", OFFICE, "true", "2020-07-01", "portal", "2020-07-15", "in-person", "deputy", 64, 4, 4, "2020-07-17",
         "Phòng họp số 2, trụ sở ví dụ", "2020-07-24"],
        ["VD-DT-02", OFFICE, "true", "2020-11-02", "portal", "2020-11-18", "in-person", "head", 71, 4, 3, "2020-11-20",
         "Phòng họp số 2, trụ sở ví dụ", ""],
        ["VD-DT-03", HOME_AFFAIRS, "true", "2020-06-08", "portal", "2020-06-24", "in-person", "head", 88, 5, 4, "2020-06-26",
         "Hội trường Sở Nội vụ (ví dụ)", ""],
        ["VD-DT-04", HOME_AFFAIRS, "true", "2020-10-05", "press", "2020-10-21", "in-person", "deputy", 92, 4, 4, "2020-10-23",
         "Hội trường Sở Nội vụ (ví dụ)", "2020-10-30"],
        ["VD-DT-05", FOREIGN, "true", "2020-07-29", "portal", "2020-08-12", "online", "deputy", 40, 3, 3, "2020-08-14",
         "Phòng họp trực tuyến", "2020-08-20"],
        ["VD-DT-06", FOREIGN, "true", "2020-11-16", "portal", "2020-12-02", "in-person", "head", 35, 2, 2, "2020-12-04",
         "Phòng tiếp dân Sở Ngoại vụ (ví dụ)", "2020-12-10"],
        ["VD-DT-07", JUSTICE, "true", "2020-05-25", "board", "2020-06-10", "in-person", "head", 120, 5, 4, "2020-06-12",
         "Hội trường Sở Tư pháp (ví dụ)", ""],
        ["VD-DT-08", JUSTICE, "true", "2020-09-01", "board", "2020-09-16", "in-person", "division-head", 80, 4, 4, "2020-09-18",
         "Bộ phận một cửa Sở Tư pháp (ví dụ)", "2020-09-25"],
        ["VD-DT-09", JUSTICE, "true", "2020-11-10", "press", "2020-11-25", "in-person", "deputy", 95, 4, 4, "2020-11-27",
         "Hội trường Sở Tư pháp (ví dụ)", "2020-12-04"],
        ["VD-DT-10", INSPECTORATE, "true", "2020-09-02", "portal", "2020-09-17", "in-person", "head", 33, 3, 3, "2020-09-21",
         "Trụ sở tiếp công dân (ví dụ)", "2020-09-28"],
        # Held, but the minutes were never signed.
        ["VD-DT-11", INSPECTORATE, "true", "2020-12-01", "portal", "2020-12-16", "in-person", "deputy", 28, 2, 2, "",
         "Trụ sở tiếp công dân (ví dụ)", ""],
        # About another matter.
        ["VD-DT-12", INSPECTORATE, "false", "2020-10-01", "letter", "2020-10-08", "in-person", "deputy", 15, 2, 2, "2020-10-09",
         "Phòng họp Thanh tra (ví dụ)", "2020-10-14"],
    ])
    write("exemplar.csv",
          ["code", "unit", "programme", "subject", "field", "found_on", "proposed_on", "honoured_on", "decision",
           "tier", "published_on", "spread_on"], [
        ["VD-NT-01", OFFICE, "good-deeds", "person", "Hỗ trợ người dân nộp hồ sơ", "2020-04-13", "2020-05-04",
         "2020-06-05", "VD-21/QĐ", "unit", "2020-06-11", ""],
        ["VD-NT-02", OFFICE, "good-deeds", "collective", "Trực ban phòng dịch", "2020-04-20", "2020-05-11",
         "2020-09-25", "VD-22/QĐ", "city", "2020-10-08", "2020-11-02"],
        ["VD-NT-03", HOME_AFFAIRS, "good-deeds", "person", "Nhặt được của rơi trả lại", "2020-02-10",
         "2020-03-02", "2020-03-20", "VD-23/QĐ", "unit", "2020-03-27", ""],
        ["VD-NT-04", HOME_AFFAIRS, "good-deeds", "person", "Hiến máu", "2020-04-08", "2020-05-15", "2020-09-25",
         "VD-24/QĐ", "city", "2020-10-08", ""],
        ["VD-NT-05", HOME_AFFAIRS, "good-deeds", "person", "Giúp đồng nghiệp", "2020-05-18", "2020-06-15",
         "2020-09-25", "VD-25/QĐ", "city", "", ""],
        ["VD-NT-06", HOME_AFFAIRS, "model-case", "collective", "Phòng không giấy tờ", "2020-06-22",
         "2020-08-03", "2020-10-02", "VD-26/QĐ", "unit", "2020-10-09", "2020-12-01"],
        ["VD-NT-07", FOREIGN, "good-deeds", "person", "Hỗ trợ công dân ở nước ngoài", "2020-03-30",
         "2020-05-06", "2020-07-10", "VD-27/QĐ", "unit", "2020-07-16", ""],
        ["VD-NT-08", JUSTICE, "good-deeds", "person", "Trợ giúp pháp lý ngoài giờ", "2020-02-24", "2020-04-06",
         "2020-05-19", "VD-28/QĐ", "unit", "2020-05-22", ""],
        ["VD-NT-09", JUSTICE, "good-deeds", "person", "Trả hồ sơ tận nhà mùa dịch", "2020-04-15", "2020-05-20",
         "2020-09-25", "VD-29/QĐ", "city", "2020-10-08", "2020-11-16"],
        ["VD-NT-10", JUSTICE, "good-deeds", "collective", "Tổ tiếp dân thứ Bảy", "2020-06-01", "2020-07-13",
         "2020-09-25", "VD-30/QĐ", "city", "2020-10-08", ""],
        # Proposed in the year, honoured in the next.
        ["VD-NT-11", INSPECTORATE, "good-deeds", "person", "Từ chối quà biếu", "2020-11-09", "2020-12-07",
         "2021-01-20", "VD-31/QĐ", "unit", "", ""],
    ])
    write("totals.csv",
          ["code", "unit", "from", "to", "source", "signed_on", "document", "received_total", "received_online",
           "received_direct", "received_carried", "settled_total", "settled_early", "settled_on_time",
           "settled_late", "in_progress_total", "in_progress_within", "in_progress_overdue"], [
        ["VD-TP-II06-2020", JUSTICE, "2020-01-01", "2020-12-31", "signed", "2021-01-06", "VD-06/BC-STP", 3610,
         1204, 2310, 96, 3480, 1912, 1416, 152, 130, 121, 9],
    ])
    write("plan.csv", ["code", "unit", "title", "scope", "in_honour_of", "issued_on", "due_on", "completed_on"], [
        ["VD-KH-01", OFFICE, "Kế hoạch thi đua năm 2020", "year", "", "2020-03-16", "2020-12-31", "2020-12-25"],
        ["VD-KH-02", HOME_AFFAIRS, "Kế hoạch thi đua năm 2020", "year", "", "2020-03-13", "2020-12-31",
         "2020-12-22"],
        ["VD-KH-03", FOREIGN, "Kế hoạch thi đua năm 2020", "year", "", "2020-03-20", "2020-12-31", "2020-12-28"],
        ["VD-KH-04", JUSTICE, "Kế hoạch thi đua năm 2020", "year", "", "2020-03-18", "2020-12-31", "2020-12-24"],
        ["VD-KH-05", INSPECTORATE, "Kế hoạch thi đua năm 2020", "year", "", "2020-04-06", "2020-12-31", ""],
        ["VD-KH-06", PROMOTION, "Kế hoạch thi đua năm 2020", "year", "", "2020-03-25", "2020-12-31",
         "2020-12-29"],
        ["VD-KH-07", HOME_AFFAIRS, "Đợt thi đua chào mừng Đại hội Đảng bộ thành phố", "drive",
         "Đại hội Đảng bộ thành phố lần thứ XVII", "2020-07-01", "2020-10-10", "2020-10-09"],
    ])
    write("movement.csv", ["code", "unit", "name", "goal", "in_honour_of", "launched_on", "planned_close_on",
                           "reviewed_on", "closed_on", "participants"], [
        ["VD-PT-01", OFFICE, "Nụ cười công sở", "Không để người dân chờ quá 15 phút", "", "2020-03-23",
         "2020-12-31", "2020-07-10", "2020-12-28", 140],
        ["VD-PT-02", HOME_AFFAIRS, "Công chức thân thiện", "Không có phản ánh về thái độ",
         "Đại hội Đảng bộ thành phố lần thứ XVII", "2020-07-06", "2020-10-10", "", "2020-10-12", 152],
        ["VD-PT-03", FOREIGN, "Học ngoại ngữ mỗi ngày", "Mỗi người một bài mỗi tuần", "", "2020-03-30",
         "2020-12-31", "2020-07-15", "", 75],
        ["VD-PT-04", JUSTICE, "Ngày không hẹn lại", "Mỗi tháng một ngày không hẹn lại hồ sơ nào",
         "1010 năm Thăng Long – Hà Nội", "2020-05-04", "2020-10-10", "2020-07-20", "2020-10-14", 160],
        ["VD-PT-05", PROMOTION, "Đồng hành cùng doanh nghiệp", "Gọi lại cho mọi doanh nghiệp hỏi", "",
         "2020-05-11", "2020-12-31", "", "2020-12-30", 58],
    ])
    write("exchange.csv", ["code", "unit", "activity", "subject", "role", "held_on", "participants",
                           "adopted_on"], [
        ["VD-GL-01-VD1", OFFICE, "Tọa đàm một cửa điện tử", "experience", "guest", "2020-08-27", 6, ""],
        ["VD-GL-01-VD2", HOME_AFFAIRS, "Tọa đàm một cửa điện tử", "experience", "host", "2020-08-27", 12, ""],
        ["VD-GL-01-VD4", JUSTICE, "Tọa đàm một cửa điện tử", "experience", "guest", "2020-08-27", 8, ""],
        ["VD-GL-02-VD3", FOREIGN, "Mô hình phiếu hẹn điện tử", "model", "adopter", "2020-10-06", "",
         "2020-11-02"],
        ["VD-GL-02-VD2", HOME_AFFAIRS, "Mô hình phiếu hẹn điện tử", "model", "adopter", "2020-10-06", "",
         "2020-11-16"],
        ["VD-GL-02-VD1", OFFICE, "Mô hình phiếu hẹn điện tử", "model", "host", "2020-10-06", "", ""],
        ["VD-GL-03-VD5", INSPECTORATE, "Hội thao cụm", "sport", "guest", "2020-09-19", 15, ""],
        ["VD-GL-03-VD6", PROMOTION, "Hội thao cụm", "sport", "host", "2020-09-19", 20, ""],
    ])
    write("task.csv", ["code", "unit", "plan", "content", "sort", "in_honour_of", "assigned_on", "due_on",
                       "done_on", "measured_in", "planned", "reached", "evidence"], [
        ["VD-NVU-01", OFFICE, "VD-KH-01", "Rà soát quy chế làm việc", "professional", "", "2020-03-16",
         "2020-06-30", "2020-06-26", "quy chế", 1, 1, "VD-40/TB"],
        ["VD-NVU-02", HOME_AFFAIRS, "VD-KH-07", "Số hóa 5.000 hồ sơ công chức", "in-honour",
         "Đại hội Đảng bộ thành phố lần thứ XVII", "2020-07-01", "2020-10-10", "2020-10-08", "hồ sơ", 5000, 5120,
         "VD-41/BC"],
        ["VD-NVU-03", FOREIGN, "VD-KH-03", "Hỗ trợ công dân về nước", "political", "", "2020-03-20",
         "2020-12-31", "2020-12-18", "đợt", 4, 4, "VD-42/BC"],
        ["VD-NVU-04", JUSTICE, "VD-KH-04", "Thẩm định văn bản đúng hạn", "professional", "", "2020-03-18",
         "2020-12-31", "2020-12-30", "văn bản", 60, 57, "VD-43/BC"],
        ["VD-NVU-05", INSPECTORATE, "VD-KH-05", "Kết luận các cuộc thanh tra theo kế hoạch", "political", "",
         "2020-04-06", "2020-12-31", "", "cuộc", 12, "", ""],
        ["VD-NVU-06", PROMOTION, "VD-KH-06", "Hội nghị xúc tiến trực tuyến", "milestone", "", "2020-05-04",
         "2020-11-30", "2020-11-20", "hội nghị", 2, 2, "VD-44/BC"],
        ["VD-TT-01", OFFICE, "", "Số hóa 3.000 trang tài liệu lưu trữ về Thủ đô", "in-honour",
         "Ngày giải phóng Thủ đô", "2020-05-04", "2020-10-10", "2020-10-05", "trang", 3000, 3120, "VD-45/BC"],
        ["VD-TT-02", PROMOTION, "", "Góc thông tin nhà đầu tư tại bộ phận một cửa", "in-honour",
         "Đại hội Đảng bộ thành phố lần thứ XVII", "2020-06-01", "2020-10-10", "2020-10-07", "công trình", 1, 1,
         "VD-46/BC"],
    ])


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(__doc__)
    (BUNDLE / "records").mkdir(parents=True, exist_ok=True)
    dossiers()
    procedures()
    positions()
    small()
