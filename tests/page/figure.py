"""Reads one figure out of a workbook, as whoever opens it would: figure.py FILE SHEET ROW COLUMN

ROW is the text that a row begins with, COLUMN that of a caption above.
"""
import re
import sys
import zipfile
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def main(file, sheet, row, column):
    with zipfile.ZipFile(file) as package:
        read = lambda name: ElementTree.fromstring(package.read(name))
        relations = {r.get("Id"): r.get("Target") for r in read("xl/_rels/workbook.xml.rels")}
        own = next(s for s in read("xl/workbook.xml").iter(MAIN + "sheet") if s.get("name") == sheet)
        shared = ["".join(t.text or "" for t in s.iter(MAIN + "t")) for s in read("xl/sharedStrings.xml")] if "xl/sharedStrings.xml" in package.namelist() else []
        cells = {}
        for cell in read("xl/" + relations[own.get(RELATION + "id")].lstrip("/").removeprefix("xl/")).iter(MAIN + "c"):
            value = cell.find(MAIN + "v")
            text = "".join(t.text or "" for t in cell.iter(MAIN + "t")) if value is None else value.text
            letters, number = re.fullmatch(r"([A-Z]+)(\d+)", cell.get("r")).groups()
            cells[letters, int(number)] = shared[int(text)] if cell.get("t") == "s" else text
    across = next(letters for (letters, _), text in cells.items() if text == column)
    down = next(number for (letters, number), text in cells.items() if letters == "A" and text == row)
    print(cells.get((across, down), ""))


main(*sys.argv[1:])
