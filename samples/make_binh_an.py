#!/usr/bin/env python3
"""Makes samples/binh-an/ anew, the same bytes each time: a form that no template describes, from eight communes of a
district that does not exist, over two quarters, two mistakes planted.

    pip install XlsxWriter==3.3.1
    python3 samples/make_binh_an.py
"""
import csv
import datetime
import random
import shutil
from pathlib import Path

import xlsxwriter

HERE = Path(__file__).resolve().parent
INBOX = HERE / "binh-an"
MADE = datetime.datetime(2026, 4, 3, 8, 0, 0)
UNITS = ["xã Bình An", "xã Bình Hòa", "xã Long Sơn", "xã Long Thủy", "xã Phước Tân", "xã Phước Hậu", "thị trấn Bình Lộc", "xã Tam Giang"]
PETS = ["Hộ kinh doanh", "Hợp tác xã", "Tổ hợp tác", "Doanh nghiệp nhỏ", "Hộ gia đình"]
TITLE, CODE = "KẾT QUẢ CHO VAY VỐN GIẢI QUYẾT VIỆC LÀM", "Biểu số 09/QGQVL"
# Captions from group to own, and how a figure is typed.
COLUMNS = [
    (["TT"], "ordinal"), (["Đối tượng vay vốn"], "label"), (["Kế hoạch vốn năm"], "money"), (["Dư nợ đầu kỳ"], "money"),
    (["Cho vay trong kỳ", "Số dự án"], "count"), (["Cho vay trong kỳ", "Số tiền"], "money"), (["Thu nợ trong kỳ"], "money"),
    (["Dư nợ cuối kỳ"], "money"), (["Lao động được tạo việc làm trong kỳ", "Tổng số"], "count"),
    (["Lao động được tạo việc làm trong kỳ", "Nam"], "count"), (["Lao động được tạo việc làm trong kỳ", "Nữ"], "count"),
    (["Tỷ lệ thực hiện kế hoạch (%)"], "percent"),
]


def lines(unit, debts, chance):
    """One commune's quarter: rows by who borrows, and their total."""
    rows = []
    for name in debts:
        plan, opening = debts[name]
        projects, lent, back = chance.randint(2, 30), chance.randint(200, 2500) / 10, chance.randint(50, 900) / 10
        back = min(back, opening)
        men, women = chance.randint(3, 60), chance.randint(3, 60)
        closing = round(opening + lent - back, 1)
        rows.append([name, plan, opening, projects, lent, back, closing, men + women, men, women, round(lent / plan * 100, 1)])
        debts[name] = (plan, closing)
    total = ["Tổng cộng"] + [round(sum(row[at] for row in rows), 1) for at in range(1, 10)]
    total.append(round(total[4] / total[1] * 100, 1))
    return rows + [total]


def write(path, unit, quarter, rows, habit):
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": MADE})
    sheet = book.add_worksheet(["Biểu 09", "Sheet1", f"Q{quarter}", "09"][habit])
    bold, head = book.add_format({"bold": 1}), book.add_format({"bold": 1, "border": 1, "align": "center", "text_wrap": 1})
    roman, left = "I" * quarter, 1 if habit == 1 else 0
    at = 0
    if habit == 0:
        sheet.write(0, 0, CODE), sheet.write(0, 4, TITLE, bold), sheet.write(0, 9, f"Đơn vị báo cáo: UBND {unit}")
        sheet.write(1, 4, f"Kỳ báo cáo: Quý {roman} năm 2026")
        at = 3
    elif habit == 1:
        sheet.write(0, 1, f"Tên đơn vị: UBND {unit}"), sheet.write(1, 1, TITLE, bold)
        first, last = [("01/01", "31/3"), ("01/4", "30/6")][quarter - 1]
        sheet.write(2, 1, f"Số liệu từ ngày {first}/2026 đến ngày {last}/2026")
        at = 4
    elif habit == 2:
        sheet.write(0, 0, f"ỦY BAN NHÂN DÂN {unit.upper()}"), sheet.write(0, 7, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        sheet.write(1, 7, "Độc lập - Tự do - Hạnh phúc"), sheet.write(2, 7, CODE), sheet.write(4, 0, TITLE, bold)
        sheet.write(5, 0, f"Quý {roman}/2026")
        at = 7
    else:
        sheet.write(0, 0, f"{TITLE} QUÝ {roman} NĂM 2026", bold)
        at = 2
    sheet.write(at, left + 10, "Đơn vị tính: triệu đồng")
    at += 1
    for column, (path_, _) in enumerate(COLUMNS):
        before = COLUMNS[column - 1][0][0] if column else None
        if len(path_) == 1:
            if habit == 1:
                sheet.write(at, left + column, path_[0], head)
            else:
                sheet.merge_range(at, left + column, at + 1, left + column, path_[0], head)
        else:
            end = max(c for c, (p, _) in enumerate(COLUMNS) if p[0] == path_[0])
            if before != path_[0]:
                if habit == 1:
                    sheet.write(at, left + column, path_[0], head)
                else:
                    sheet.merge_range(at, left + column, at, left + end, path_[0], head)
            sheet.write(at + 1, left + column, path_[1], head)
    at += 2
    if habit in (0, 2):
        names = ["A", "B", "(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)"]
        names = names if habit == 2 else names[:7] + ["(6)=(2)+(4)-(5)"] + names[8:]
        for column, name in enumerate(names):
            sheet.write(at, left + column, name, head)
        at += 1
    cells = {}
    for number, row in enumerate(rows):
        label, figures = row[0], row[1:]
        if label != "Tổng cộng":
            sheet.write(at, left, number + 1)
        sheet.write(at, left + 1, label)
        for column, figure in enumerate(figures):
            sort = COLUMNS[column + 2][1]
            place = left + column + 2
            cells[label, column] = f"{chr(65 + place)}{at + 1}"
            if habit == 2:
                text = f"{figure:,.0f}" if sort == "count" else f"{figure:,.1f}"
                sheet.write(at, place, text.replace(",", "#").replace(".", ",").replace("#", "."))
            else:
                sheet.write(at, place, figure)
        at += 1
    if habit != 1:
        sheet.write(at + 1, 8, f"Ngày 0{quarter + 2} tháng {3 * quarter + 1} năm 2026")
        sheet.write(at + 2, 0, "Người lập biểu"), sheet.write(at + 2, 8, "CHỦ TỊCH")
    book.close()
    return sheet.get_name(), cells


def main():
    shutil.rmtree(INBOX, ignore_errors=True)
    chance, planted = random.Random(2026), []
    debts = {u: {n: (chance.randint(300, 4000), chance.randint(1000, 20000) / 10) for n in chance.sample(PETS, chance.randint(3, 5))} for u in UNITS}
    for quarter in (1, 2):
        folder = INBOX / f"Quý {'I' * quarter} 2026"
        folder.mkdir(parents=True)
        for at, unit in enumerate(UNITS):
            habit = at % 4
            rows = lines(unit, debts[unit], chance)
            right = [list(row) for row in rows]
            plain = unit.title()
            name = [f"UBND {unit} - 09 - Quý {'I' * quarter}.xlsx", f"{unit}_Bieu 09_Q{quarter}-2026.xlsx", f"BC 09 quy {quarter} 2026 {unit}.xlsx", f"09.UBND {unit}.Q{quarter}-2026.xlsx"][habit]
            if (quarter, at) == (2, 2):
                rows[1][8] += 27          # a typing slip: men of one line
            if (quarter, at) == (2, 5):   # the total of every column leaves out the last line
                rows[-1][1:10] = [round(rows[-1][c] - rows[-2][c], 1) for c in range(1, 10)]
                rows[-1][10] = round(rows[-1][4] / rows[-1][1] * 100, 1)
            sheet, cells = write(folder / name, unit, quarter, rows, habit)
            for row, own in zip(rows, right):
                for column in range(1, 11):
                    if row[column] != own[column]:
                        why = "typing slip" if row[0] != "Tổng cộng" else "total leaves out a line"
                        planted.append([f"{folder.name}/{name}", sheet, cells[row[0], column - 1], row[column], own[column], why])
    with open(HERE / "binh-an.mistakes.csv", "w", newline="", encoding="utf-8") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["file", "sheet", "cell", "found", "expected", "family"])
        table.writerows(planted)


if __name__ == "__main__":
    main()
