#!/usr/bin/env python3
"""Makes everything else in samples/ anew, the same bytes each time.

    pip install XlsxWriter==3.3.1 xlwt==1.3.0 odfpy==1.4.1
    python3 samples/make.py
"""
import csv
import shutil
import sys
from pathlib import Path

sys.dont_write_bytecode = True
from make import figures, files, layout, mistakes, readme
from make.units import ALL, FOLDER, UNITS, path

HERE = Path(__file__).resolve().parent
INBOX = HERE / "quang-minh"


def main():
    years = {u.code: figures.year(u) for u in UNITS}
    for u in UNITS:
        figures.assert_right(u, years[u.code])
    planted = mistakes.planted(years)

    shutil.rmtree(INBOX, ignore_errors=True)
    places = {}   # (unit, quarter, figure): (file, sheet, cell, what it holds)
    for u in UNITS:
        for q in FOLDER:
            if q not in u.silent:
                send(u, q, mistakes.typed(years, planted, u.code, q), places)
    oddities(years)
    units_csv()
    found = locate(planted, years, places)
    with open(HERE / "quang-minh.mistakes.csv", "w", newline="", encoding="utf-8") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["file", "sheet", "cell", "found", "expected", "family"])
        table.writerows(row for _, rows in found for row in rows)
    readme.write(HERE / "README.md", found)


def send(unit, q, fig, places):
    """The workbooks of one unit and quarter, as mailed."""
    for name, sheets in unit.files:
        made = [layout.sheet(unit, q, fig, title, forms) for title, forms in sheets]
        for s in made:
            for key, (r, c) in s.places.items():
                cell = s.cells[r, c]
                places[unit.code, q, key] = (path(unit, name, q), s.name, a1(r, c), cell.value)
        cchc = sheets[0][1][0] in ALL
        if unit.code == "SCT" and q > 1 and not cchc:
            made.append(layout.sheet(unit, q, mistakes.draft(fig), "06a (cũ)", ["II.06a"], hidden=True))
        files.save(INBOX / path(unit, name, q), "xlsx" if unit.sort == "html" and cchc else unit.sort, made)


def oddities(years):
    """What else lies in a real inbox."""
    sgtvt = next(u for u in UNITS if u.code == "SGTVT")
    name, sheets = sgtvt.files[1]
    first = INBOX / path(sgtvt, name, 3)
    first.rename(first.with_name(f"{first.stem} (sửa).xlsx"))
    fig = mistakes.first_version(years["SGTVT"][3])
    files.save(first, "xlsx", [layout.sheet(sgtvt, 3, fig, title, forms) for title, forms in sheets])

    xps = next(u for u in UNITS if u.code == "XPS")
    cut = INBOX / path(xps, xps.files[0][0], 1)
    cut.write_bytes(cut.read_bytes()[:3000])

    lock = INBOX / FOLDER[3] / "~$SGTVT - CCHC quý III-2023.xlsx"
    user = "Van thu So GTVT"
    lock.write_bytes(bytes([len(user)]) + user.encode().ljust(54) + bytes([len(user), 0]) + user.ljust(54).encode("utf-16-le"))

    phones = layout.Sheet("DANH BẠ", [6, 34, 30, 18])
    phones.put(0, 0, "DANH BẠ ĐIỆN THOẠI ĐẦU MỐI CÔNG TÁC CCHC NĂM 2023", "title", to=(0, 3))
    for c, text in enumerate(("STT", "Cơ quan, đơn vị", "Cán bộ đầu mối", "Điện thoại")):
        phones.put(2, c, text, "head")
    people = ("Nguyễn Thị Hà", "Trần Văn Bình", "Lê Thu Phương", "Phạm Quốc Việt", "Hoàng Minh Châu", "Vũ Đức Thắng")
    for n, (unit, who) in enumerate(zip(UNITS, people)):
        for c, text in enumerate((n + 1, unit.name, who, f"0299.3850.{211 + 17 * n}")):
            phones.put(3 + n, c, text, "label" if c else "number")
    files.save(INBOX / FOLDER[2] / "Danh ba dau moi CCHC 2023.xlsx", "xlsx", [phones])


def units_csv():
    with open(INBOX / "units.csv", "w", encoding="utf-8") as out:
        out.write("code,name,level,aliases\n")
        for u in UNITS:
            out.write(f'{u.code},"{u.name}",{u.level},"{";".join(u.aliases)}"\n')


def locate(planted, years, places):
    """Each mistake with its rows: file, sheet, cell, found, expected, family."""
    found = []
    for m in planted:
        rows = []
        for key in m.cells:
            file, sheet, cell, value = places[m.unit, m.quarter, key]
            right = years[m.unit][m.quarter][key]
            rows.append((file, sheet, cell, "" if value is None else value, right, m.family))
        found.append((m, sorted(rows, key=lambda r: (r[0], r[1], int(r[2][1:]), r[2]))))
    return found


def a1(row, col):
    return f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[col]}{row + 1}"


if __name__ == "__main__":
    main()
