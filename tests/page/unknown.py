"""Writes the inbox of a form that no template describes, whose captions do not tell what its figures are: unknown.py FOLDER

Eight communes over two quarters; one sheet says neither whose nor of when it is. Of the columns that stay open (2) and (3)
stand, (4) arises. Prints as JSON what the half year must come to, column by column, once that is answered.
"""
import json
import random
import sys
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

UNITS = ["xã An Bình", "xã Cẩm Hà", "xã Đông Sơn", "xã Hải Vân", "xã Kim Long", "xã Minh Phú", "xã Tân Lập", "phường Vĩnh Hòa"]
OWNERS = ["Trung tâm dịch vụ", "Ban quản lý chợ", "Trạm khuyến nông", "Đội quy tắc", "Nhà văn hóa"]
LETTERS = "ABCDEFGH"


def workbook(path, cells, merged, widths):
    rows = {}
    for (row, column), value in cells.items():
        rows.setdefault(row, []).append((column, value))
    lines = []
    for row in sorted(rows):
        own = []
        for column, value in sorted(rows[row]):
            at = f"{LETTERS[column]}{row + 1}"
            if isinstance(value, str):
                own.append(f'<c r="{at}" t="inlineStr"><is><t>{escape(value)}</t></is></c>')
            else:
                own.append(f'<c r="{at}"><v>{value}</v></c>')
        lines.append(f'<row r="{row + 1}">{"".join(own)}</row>')
    cols = "".join(f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(widths, 1))
    areas = "".join(f'<mergeCell ref="{a}"/>' for a in merged)
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{packages}/relationships"><Relationship Id="rId1" Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{relation}"><sheets><sheet name="Bieu 07" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packages}/relationships"><Relationship Id="rId1" Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet {main}><cols>{cols}</cols><sheetData>{"".join(lines)}</sheetData><mergeCells count="{len(merged)}">{areas}</mergeCells></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name, (2026, 7, 3, 8, 0, 0)), '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + text)


def main(folder):
    chance = random.Random(7)
    sums = {1: [0] * 4, 2: [0] * 4}
    for quarter in (1, 2):
        inner = folder / f"Quý {'I' * quarter} 2026"
        inner.mkdir(parents=True, exist_ok=True)
        for at, unit in enumerate(UNITS):
            lost = (quarter, at) == (2, 7)
            roman = "I" * quarter
            cells = {(0, 0): "Biểu số 07/TSC", (1, 0): "TÌNH HÌNH TRANG BỊ XE CHUYÊN DÙNG"}
            if not lost:
                cells[0, 4] = f"Đơn vị báo cáo: UBND {unit}"
                cells[2, 0] = f"Kỳ báo cáo: Quý {roman} năm 2026"
            cells |= {(4, 0): "TT", (4, 1): "Nơi sử dụng", (4, 2): "Xe chuyên dùng", (4, 5): "Kinh phí bố trí (triệu đồng)"}
            cells |= {(5, 2): "Cộng", (5, 3): "Loại A", (5, 4): "Loại B"}
            cells |= {(6, c): text for c, text in enumerate(["A", "B", "(1)", "(2)", "(3)", "(4)"])}
            total = [0] * 4
            owners = chance.sample(OWNERS, chance.randint(3, 5))
            for n, owner in enumerate(owners):
                a, b, money = chance.randint(2, 60), chance.randint(2, 60), chance.randint(20, 900)
                figures = [a + b, a, b, money]
                total = [x + y for x, y in zip(total, figures)]
                cells |= {(7 + n, 0): n + 1, (7 + n, 1): owner}
                cells |= {(7 + n, 2 + c): figure for c, figure in enumerate(figures)}
            bottom = 7 + len(owners)
            cells |= {(bottom, 1): "Tổng cộng"} | {(bottom, 2 + c): figure for c, figure in enumerate(total)}
            sums[quarter] = [x + y for x, y in zip(sums[quarter], total)]
            name = "Bieu moi gui lai.xlsx" if lost else f"UBND {unit} - 07TSC - Quý {roman}.xlsx"
            place = folder if lost else inner
            workbook(place / name, cells, ["A5:A6", "B5:B6", "C5:E5", "F5:F6"], [6, 28, 11, 11, 11, 18])
    print(json.dumps({"flow": [x + y for x, y in zip(sums[1], sums[2])], "stock": sums[2], "first": sums[1]}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
