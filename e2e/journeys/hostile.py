"""Files that mean harm, brought to the service: each is refused with a reason, or read as what it is; the service goes on, within its
memory, and the next honest file is loaded.

Without a browser: forms are sent as a browser would.
"""

import html
import io
import re
import time
import zipfile
from pathlib import Path

import openpyxl

from browser import PATIENCE, Server
from visitor import officer_of


def bomb():
    """A workbook of 1.5 MB whose sheet is 1.2 GB of cells."""
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["code", "unit"])
    book.save(out)
    source = zipfile.ZipFile(io.BytesIO(out.getvalue()))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as into:
        for name in source.namelist():
            if name.endswith("sheet1.xml"):
                with into.open(name, "w", force_zip64=True) as sheet:
                    sheet.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
                    row = b'<row><c t="inlineStr"><is><t>' + b"a" * 65_000 + b"</t></is></c></row>"
                    for _ in range(1_200_000_000 // len(row)):
                        sheet.write(row)
                    sheet.write(b"</sheetData></worksheet>")
            else:
                into.writestr(name, source.read(name))
    return made.getvalue()


def honest(number):
    return f"code,unit,received_at,first_due_at,finished_at,outcome\nTHAT-{number},H26.VD1,2020-05-04T09:00,2020-05-08,2020-05-07T10:00,granted\n"


book = io.BytesIO()
openpyxl.Workbook().save(book)
FILES = {
    "bom.xlsx": bomb,
    "ô lớn.csv": lambda: b"code,unit,received_at\nA,H26.VD1," + b"9" * 100_000_000 + b"\n",
    "trang.xls": lambda: b"<html><script>alert(1)</script><table><tr><td>code</td></tr></table></html>",
    "ảnh.xlsx": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "cụt.xlsx": lambda: book.getvalue()[:900],
    "chương trình.xlsx": lambda: b"MZ\x90\x00" + bytes(range(256)) * 400,
    "sâu.ndjson": lambda: b'{"code":' + b"[" * 200_000 + b"]" * 200_000 + b"}\n",
    "số không.csv": lambda: b"\x00" * 100_000,
    '"><script>alert(1)</script>.csv': lambda: b"no header at all\n1\n",
}

server = Server()
try:
    officer = officer_of(server)
    for number, (name, made) in enumerate(FILES.items()):
        status, place, text = officer.file(name, made())
        assert status == 303, (name, status, text[:300])
        end = time.monotonic() + PATIENCE
        while "đang đọc" in (page := officer.ask("GET", place)[2]):
            assert time.monotonic() < end, f"{name} is read and read"
            time.sleep(0.1)
        said = html.unescape(re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")]))
        assert "không đọc được" in said and "Chưa nạp gì" in said, (name, said)
        assert "<script>alert" not in page, f"{name}: its script stands in the page"
        why = re.search(r'role="alert">([^<]+)', page)[1]
        print(f"{name}: {html.unescape(why)[:160]}")
        # The next honest file is taken as ever.
        status, place, _ = officer.file(f"thật {number}.csv", honest(number))
        while "chờ bạn xem" not in (page := officer.ask("GET", place)[2]):
            assert time.monotonic() < end + 60, page
            time.sleep(0.1)
        assert officer.send(place + "/load", place)[0] == 303
        while "đã nạp" not in officer.ask("GET", place)[2]:
            assert time.monotonic() < end + 60, "it is not loaded"
            time.sleep(0.1)
    peak = int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{server.process.pid}/status").read_text())[1]) // 1024
    assert peak < 1024, f"{peak} MiB"
    log = server.stop()
    assert "panicked" not in log, log
    print(f"peak {peak} MiB")
    print("hostile: ok")
finally:
    if server.process.poll() is None:
        server.kill()
        print("the log:", server.logged(), file=__import__("sys").stderr)
