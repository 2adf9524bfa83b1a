#!/usr/bin/env python3
"""Writes cluster.toml for the offices of a published table: their list is other people's data and not in this repository.

    python3 make_cluster.py progress_2026.csv > cluster.toml

One [[unit]] a row, in the order of the file (codes do not sort as text: H44.13 comes before H44.129). Standard library only.
"""
import csv
import json
import sys

if len(sys.argv) != 2:
    sys.exit(__doc__)
quote = lambda text: json.dumps(text.strip(), ensure_ascii=False)
print("""format = 1

[city]
code = "H44"
name = { vi = "Tỉnh Phú Thọ", en = "Phú Thọ Province" }

[cluster]
id   = "phu-tho"
name = { vi = "Các cơ quan của tỉnh Phú Thọ", en = "Offices of Phú Thọ Province" }

[[file]]
path = "records/progress_2026.csv"
kind = "totals"
map  = "maps/progress.toml"
""")
with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
    for row in csv.DictReader(file):
        code = quote(row["department_code"])
        print(f'[[unit]]\ncode = {code}\nname = {quote(row["department_name"])}\n')
        print(f'[[membership]]\nunit = {code}\nrole = "member"\nfrom = 2026-01-01\n')
