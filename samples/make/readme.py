"""README.md: what lies here, told from the same lists that made it, so that it is always true."""
from .units import FOLDER, UNITS

TOP = """# Samples

`quang-minh/` is the inbox of an office that collects reports in **tỉnh Quảng Minh, a province that does not exist**: the
workbooks of {units} units for quý I, II and III of 2023, as they were mailed, in three folders ({folders}).
No name or figure in it is a real office's. The forms are II.06a and II.07b/VPCP/KSTT (Thông tư 01/2020/TT-VPCP) and
Biểu mẫu 1–7 of the CCHC appendix; the districts and the commune send II.06a alone.

    tonghop check samples/quang-minh
    tonghop consolidate samples/quang-minh --period 2023-Q3 --out /tmp/quang-minh

Everything here, this page too, is made by `make.py` (its head says what to install): no clock, one seed, the same bytes
each time. It first makes figures that keep every rule of the forms, within a form, between forms and from quarter to
quarter; then each office types them in its own way; then the mistakes below are planted. All else is right.
`quang-minh.mistakes.csv` has the mistakes for a program, a row a cell.

`binh-an/` is a second inbox: a form that no template knows, from eight communes that do not exist over two quarters, two mistakes planted (`binh-an.mistakes.csv`); `make_binh_an.py` makes it.

## Units and habits

| Code | Unit | Sent | Habits |
|---|---|---|---|
"""

ODD = """
## Files that are not what they seem

| File | What it is |
|---|---|
| `{cut}` | an `.xlsx` cut short: cannot be opened, so this unit has not reported quý I |
| `{first}` and `… (sửa).xlsx` | the second corrects the first: 5 dossiers of `Đường bộ` moved from (9) to (8); both keep every rule, the second counts |
| `2023-Q3/~$SGTVT - CCHC quý III-2023.xlsx` | a lock file of Excel |
| `quy 2/Danh ba dau moi CCHC 2023.xlsx` | a telephone list |
| sheet `06a (cũ)` in SCT's `cv205-SCT KSTT.xlsx`, `cv236-SCT KSTT.xlsx` | a hidden old draft of II.06a, with other figures |

SGTVT sent nothing in quý II, BDT nothing in quý III. BQLKCN leaves zeros blank in II.06a and II.07b; elsewhere a blank that is not planted is a
ratio of nothing, or Biểu mẫu 1 line 6.2 where there was no survey. STNMT's file names repeat from folder to folder.

## Planted mistakes

"""


def write(path, found):
    text = TOP.format(units=len(UNITS), folders=", ".join(f"`{f}`" for f in FOLDER.values()))
    for u in UNITS:
        sent = ", ".join({1: "I", 2: "II", 3: "III"}[q] for q in FOLDER if q not in u.silent)
        text += f"| {u.code} | {u.name} | {sent} | {u.habit} |\n"
    text += ODD.format(cut="Quý I 2023/xa Phu Son (bieu 06a) Q1.xlsx", first="2023-Q3/SGTVT - KSTT quý III-2023.xlsx")
    text += "| # | File | Sheet | Cells | Says | Should be | Family | Found by | What happened |\n|---|---|---|---|---|---|---|---|---|\n"
    for n, (m, rows) in enumerate(found, 1):
        file, sheet = rows[0][:2]
        if len(rows) > 5:
            cells, says, right = f"{corner(rows, min)}:{corner(rows, max)}", f"{len(rows)} cells", "see the .csv"
        else:
            cells, says, right = (", ".join(str(r[i]) if str(r[i]) else "(blank)" for r in rows) for i in (2, 3, 4))
        text += f"| {n} | `{file}` | {sheet} | {cells} | {says} | {right} | {m.family} | {m.rule} | {m.story} |\n"
    marred = len({(m.unit, m.quarter) for m, _ in found})
    sent = sum(len(FOLDER) - len(u.silent) for u in UNITS)
    clean = ", ".join(u.code for u in UNITS if u.code not in {m.unit for m, _ in found})
    text += f"\n{len(found)} mistakes in {marred} of {sent} unit-quarters; never a mistake: {clean}.\n"
    path.write_text(text, encoding="utf-8")


def corner(rows, pick):
    return pick(r[2][0] for r in rows) + str(pick(int(r[2][1:]) for r in rows))
