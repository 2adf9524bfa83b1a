#!/usr/bin/env python3
"""Worked values of the journal's canonical rows, computed from docs/journal.md alone.

    journal-vectors.py FILE           writes them
    journal-vectors.py --check FILE   exit 1 unless the file holds exactly them

Standard library only, and nothing of the program is used: the program's tests read the file and must come to
the same bytes. The file never changes for what is already in it; a new case is added at the end of its list.
"""

import datetime
import hashlib
import json
import pathlib
import struct
import sys
import tomllib
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parent.parent
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def sha(data):
    return hashlib.sha256(data).digest()


def varint(number):
    out = bytearray()
    while True:
        low, number = number & 0x7F, number >> 7
        if number == 0:
            return bytes(out + bytes([low]))
        out.append(low | 0x80)


def text(value):
    assert unicodedata.is_normalized("NFC", value)
    data = value.encode()
    return varint(len(data)) + data


def day(value):
    return struct.pack("<i", (datetime.date.fromisoformat(value) - EPOCH.date()).days)


def instant(value):
    return struct.pack("<q", (datetime.datetime.fromisoformat(value) - EPOCH) // datetime.timedelta(microseconds=1))


def commitment(personal):
    return sha(b"\x02" + bytes.fromhex(personal["salt"]) + personal["value"].encode())


def value(kind_of, held):
    match kind_of:
        case "personal":
            return b"p" + commitment(held)
        case "text" | "code":
            return b"t" + text(held)
        case "integer":
            return b"i" + struct.pack("<q", held)
        case "flag":
            return b"f" + bytes([held])
        case "date":
            return b"d" + day(held)
        case "moment":
            return b"d" + day(held) if len(held) == 10 else b"m" + instant(held)
        case "intervals":
            items = (instant(a) + (b"\0" if b is None else b"\1" + instant(b)) for a, b in held)
            return b"v" + varint(len(held)) + b"".join(items)
        case "changes":
            return b"c" + varint(len(held)) + b"".join(instant(a) + instant(n) + text(w) for a, n, w in held)


def content(kind, columns, row):
    out = b"\x01" + text(kind)
    for place, (name, kind_of) in enumerate(columns):
        if row.get(name) is not None:
            out += varint(place) + value(kind_of, row[name])
    assert set(row) <= {name for name, _ in columns}
    return out


def leaf(digest, taken_back=None):
    head = b"\x01" if taken_back is None else b"\xff" + struct.pack(">QQ", *taken_back)
    return sha(b"\0" + head + digest)


def root(leaves):
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha(b"\1" + root(leaves[:k]) + root(leaves[k:]))


def builtin(kind):
    with open(ROOT / "kinds" / f"{kind}.toml", "rb") as file:
        columns = tomllib.load(file)["column"]
    return [(column["id"], "personal" if column.get("personal") else column["type"]) for column in columns]


# A kind of our own: every type, and so many columns that a place needs two bytes.
TYPES = ["text", "code", "integer", "flag", "date", "moment", "intervals", "changes", "personal"]
SAMPLE = [(kind_of, kind_of) for kind_of in TYPES]
SAMPLE += [(f"filler{at}", "text") for at in range(len(TYPES), 127)]
SAMPLE += [("place127", "integer"), ("place128", "integer"), ("place129", "moment")]

SALT = bytes(range(32)).hex()
ROWS = {
    "sample": [
        {},
        {"text": ""},
        {"text": "H26.14-250305-0001"},
        {"text": "Cấp Giấy phép xây dựng nhà ở riêng lẻ"},
        {"text": "x" * 127},
        {"text": "x" * 128},
        {"text": "ữ" * 5462},
        {"code": "granted"},
        {"integer": 0},
        {"integer": -1},
        {"integer": 2**63 - 1},
        {"integer": -(2**63)},
        {"flag": False},
        {"flag": True},
        {"date": "1970-01-01"},
        {"date": "2020-02-29"},
        {"date": "1900-01-01"},
        {"moment": "2020-03-05"},
        {"moment": "2020-03-05T16:00:00+07:00"},
        {"moment": "1969-12-31T23:59:59.999999+00:00"},
        {"moment": "2200-12-31T23:59:59.123456+00:00"},
        {"intervals": []},
        {"intervals": [["2020-03-05T08:00:00+07:00", "2020-03-06T17:30:00+07:00"]]},
        {"intervals": [["2020-03-05T08:00:00+07:00", "2020-03-06T17:30:00+07:00"], ["2020-03-09T08:00:00+07:00", None]]},
        {"changes": []},
        {"changes": [["2020-03-05T08:00:00+07:00", "2020-03-12T17:00:00+07:00", "Bổ sung hồ sơ (lần 1); xin lỗi"]]},
        {"changes": [["2020-03-05T08:00:00+07:00", "2020-03-12T17:00:00+07:00", ""], ["2020-03-12T08:00:00+07:00", "2020-03-20T17:00:00+07:00", "dịch bệnh"]]},
        {"personal": {"salt": SALT, "value": "Nguyễn Văn Ví Dụ"}},
        {"personal": {"salt": "ff" * 32, "value": ""}},
        {"place127": 127},
        {"place128": 128},
        {"place129": "2020-03-05"},
        {
            "text": "K1", "code": "có", "integer": 42, "flag": True, "date": "2024-12-15",
            "moment": "2024-12-14T23:59:59+07:00", "intervals": [["2024-12-01T00:00:00+00:00", None]],
            "changes": [["2024-12-01T00:00:00+00:00", "2024-12-02T00:00:00+00:00", "vì"]],
            "personal": {"salt": SALT, "value": "0900000000"}, "place127": 1, "place128": 2,
            "place129": "2024-12-14T23:59:59+07:00",
        },
    ],
    "dossier": [
        {"code": "000.00.01.H26-200305-0001", "unit": "H26.14"},
        {
            "code": "000.00.01.H26-200305-0002", "unit": "H26.14", "procedure": "1.003141", "field": "Xây dựng",
            "channel": "online", "submitted_at": "2020-03-05T08:12:00+07:00", "received_at": "2020-03-05T09:00:00+07:00",
            "time_limit_days": 20, "first_due_at": "2020-04-03", "due_at": "2020-04-10T17:30:00+07:00",
            "due_changes": [["2020-04-01T10:00:00+07:00", "2020-04-10T17:30:00+07:00", "gia hạn"]],
            "pauses": [["2020-03-10T08:00:00+07:00", "2020-03-12T08:00:00+07:00"]], "paused_minutes": 960,
            "finished_at": "2020-04-09T16:00:00+07:00", "handed_over_at": "2020-04-10", "outcome": "granted",
            "status": "5", "applicant_name": {"salt": SALT, "value": "Trần Thị Ví Dụ"},
        },
    ],
}

LEAVES = [None, [0, 0], [7, 3], [2**32, 2**40 + 1], [2**64 - 1, 2**64 - 1]]

# The inputs of the reference implementation of RFC 6962, and the roots that it is known for.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
KNOWN = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def vectors():
    kinds = {"sample": SAMPLE, "dossier": builtin("dossier")}
    rows, digests = [], []
    for kind, cases in ROWS.items():
        for row in cases:
            data = content(kind, kinds[kind], row)
            digests.append(sha(data))
            rows.append({"kind": kind, "row": row, "content": data.hex(), "digest": sha(data).hex()})
    leaves = [leaf(digests[0], taken) for taken in LEAVES]
    tree = [sha(b"\0" + bytes.fromhex(data)) for data in INPUTS]
    roots = [root(tree[:count]).hex() for count in range(len(tree) + 1)]
    assert roots == KNOWN
    upload = [leaf(digest) for digest in digests]
    keys = ["", "000.00.01.H26-200305-0001", "Đơn 12/2020", "x" * 55, "x" * 56, "ữ" * 100]
    return {
        "sample": [list(column) for column in SAMPLE],
        "rows": rows,
        "leaves": [
            {"digest": digests[0].hex(), "taken_back": None if taken is None else [str(part) for part in taken], "leaf": found.hex()}
            for taken, found in zip(LEAVES, leaves)
        ],
        "rfc6962": {"leaves": [found.hex() for found in tree], "roots": roots},
        "root_of_all_rows_brought": root(upload).hex(),
        "commitments": [
            {"salt": SALT, "value": value, "commitment": commitment({"salt": SALT, "value": value}).hex()}
            for value in ["", "Nguyễn Văn Ví Dụ"]
        ],
        "keys": [{"key": key, "id": sha(key.encode())[:16].hex()} for key in keys],
    }


def written(found):
    """JSON with one case a line, so that a change shows as the lines that it changes."""
    compact = lambda held: json.dumps(held, ensure_ascii=False)
    listed = lambda held: "[\n  " + ",\n  ".join(map(compact, held)) + "\n ]"
    parts = (f' {compact(name)}: {listed(held) if isinstance(held, list) else compact(held)}' for name, held in found.items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main():
    made = written(vectors())
    match sys.argv[1:]:
        case ["--check", file]:
            if pathlib.Path(file).read_text() != made:
                sys.exit(f"{file} does not hold what docs/journal.md says; see {sys.argv[0]} FILE")
        case [file]:
            pathlib.Path(file).write_text(made)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
