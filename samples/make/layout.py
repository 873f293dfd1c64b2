"""Figures into sheets: where each office puts its title, its captions and its numbers, and how it types them."""
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal

from .forms import CCHC, GROUPS, HEADS, RATIOS, SORT, SUMS
from .files import STYLES, UNWRAPPED
from .mistakes import Typed
from .units import PROVINCE, ROMAN, SIGNED, SPAN, YEAR


@dataclass
class Cell:
    value: object          # str, int, float or None
    style: str             # a name in files.STYLES
    format: str = ""
    formula: str = ""


@dataclass
class Sheet:
    name: str
    widths: list
    landscape: bool = False
    hidden: bool = False
    cells: dict = field(default_factory=dict)     # (row, column), from 0
    merges: dict = field(default_factory=dict)    # top left: bottom right
    heights: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)    # (form, table, line, column): (row, column)

    def put(self, row, col, value, style="text", to=None, **more):
        self.cells[row, col] = Cell(value, style, **more)
        if to and to != (row, col):
            self.merges[row, col] = to


def sheet(unit, q, fig, name, forms, hidden=False):
    grid = forms[0].startswith("II")
    first = unit.first_column
    widths = [3] * first + ([6, 36] + [15.5, 11, 11, 11] * 3 if grid else [7, 60, 18, 14, 16])
    s = Sheet(name, widths, landscape=grid, hidden=hidden)
    row = 0
    for n, form in enumerate(forms):
        table = dossier_form if form.startswith("II") else indicator_form
        row = table(s, unit, q, fig, form, row, first, n == 0) + 3
    if unit.upper:
        for at, c in s.cells.items():
            if isinstance(c.value, str) and c.style in ("head", "label", "label bold"):
                c.value = c.value.upper()
    fit(s)
    if unit.nfd:
        s.name = unicodedata.normalize("NFD", s.name)
        for c in s.cells.values():
            if isinstance(c.value, str):
                c.value = unicodedata.normalize("NFD", c.value)
    return s


def fit(s):
    """Rows high enough for their text, as when someone double-clicks the border: Excel does not do it for a file it did not write."""
    for (r, c), cell in s.cells.items():
        bottom, right = s.merges.get((r, c), (r, c))
        if bottom > r or not isinstance(cell.value, str):
            continue
        _, _, _, _, size = STYLES[cell.style]
        wide = sum(s.widths[c:right + 1]) / (size * (0.1 if cell.value.isupper() or "bold" in cell.style else 0.086))
        lines = sum(1 if cell.style in UNWRAPPED else -(-len(part) // int(wide)) for part in cell.value.split("\n"))
        s.heights[r] = max(s.heights.get(r, 19), lines * size * 1.3 + 3)


# --- how a figure is typed ---------------------------------------------------------------------------------------

def shown(unit, key, value):
    """What the office types for a figure, with its number format."""
    form, table, _, column = key
    if isinstance(value, Typed):
        return value.value, value.format
    sort = SORT[form, key[2]] if column == "value" else "ratio" if table == "II" and column in (4, 6) else "count"
    if value is None:
        return ("" if sort == "code" else unit.nil_ratio), ""
    if sort == "code":
        return value, ""
    if sort == "percent" or sort == "ratio":
        return percentage(unit, value)
    if sort == "money":
        text = f"{value:,.3f}".translate(str.maketrans(",.", ".,"))
        return {"number": (float(value), "#,##0.000"), "text": (text, ""), "suffix": (text + " triệu", "")}[unit.money]
    if value == 0:
        return (unit.nil or 0 if column == "value" else unit.nil), ""
    if unit.figures == "text":
        return f"{value:,}".replace(",", "."), ""
    if unit.figures == "lead0" and 0 < value < 10:
        return f"0{value}", ""
    return value, "#,##0" if value >= 1000 else ""


def percentage(unit, value):
    value = Decimal(value)
    if unit.percent == "fraction":
        return float(value / 100), "0.00%"
    if unit.percent == "number":
        return (int(value), "") if value == value.to_integral() else (float(value), "0.00")
    text = f"{value.normalize():f}".replace(".", ",")
    return text + ("%" if unit.percent == "sign" else ""), ""


def place(s, unit, fig, key, row, col, bold=False):
    value, form = shown(unit, key, fig[key])
    s.places[key] = (row, col)
    s.put(row, col, value, "figure bold" if bold else "figure", format=form)


# --- title blocks -----------------------------------------------------------------------------------------------

def called(unit, full=False):
    if unit.called and not full:
        return unit.called
    if unit.level == "so" and "tỉnh" not in unit.name:
        return f"{unit.name} tỉnh {PROVINCE}"
    return unit.name


def periods(unit, q):
    start, end = SPAN[q]
    return {"long": [f"Kỳ báo cáo: Quý {ROMAN[q]} năm {YEAR}", f"(Từ ngày {start} đến ngày {end})"],
            "slash": [f"Kỳ báo cáo: Quý {ROMAN[q]}/{YEAR}"],
            "dates": [f"(Số liệu từ ngày {start} đến hết ngày {end})"],
            "stray": [f"Kỳ báo cáo: Quý {ROMAN[q]} năm {YEAR}", f"(Từ ngày {start.replace('/', ' /', 1)} đến ngày {end})"],
            "file": []}[unit.period]


def title(s, unit, q, titles, row, first, last, code=None, measure=None):
    """The block above a table: letterhead, form code, title, unit, period. Returns the row after it."""
    split = last - 3 if last - first > 6 else last - 1
    right = []
    if unit.named == "header":
        right = [f"- Đơn vị báo cáo: {called(unit)}", "- Đơn vị nhận báo cáo: UBND tỉnh."]
    if unit.block == "office":
        middle = first + (last - first) // 2 - (0 if last - first > 6 else 1)
        s.put(row, first, f"UBND TỈNH {PROVINCE.upper()}", "centre", to=(row, middle))
        s.put(row + 1, first, unit.name.upper(), "title", to=(row + 1, middle))
        s.put(row, middle + 1, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "title", to=(row, last))
        s.put(row + 1, middle + 1, "Độc lập - Tự do - Hạnh phúc", "title", to=(row + 1, last))
        row += 3
    if code:
        code = unit.captions.get(code, code)
        s.put(row, first, code, "text" if "\n" in code else "bold", to=(row, first + 3))
        row += 1
    for i in range(max(len(titles), len(right))):
        if i < len(titles):
            s.put(row, first + (1 if right else 0), titles[i], "title", to=(row, split - 1 if right else last))
        if i < len(right):
            s.put(row, split, right[i], "plain", to=(row, last))
        row += 1
    for line in periods(unit, q):
        s.put(row, first, line, "italic", to=(row, last))
        row += 1
    if measure:
        s.put(row, split, measure, "measure", to=(row, last))
        row += 1
    return row


def head(s, unit, tree, row, first):
    """The captions of a table, from a tree of them. Returns the row after them."""
    depth = lambda node: 1 if isinstance(node, str) else 1 + max(map(depth, node[1]))
    width = lambda node: 1 if isinstance(node, str) else sum(map(width, node[1]))
    rows = max(map(depth, tree))

    def draw(node, top, left):
        caption, children = (node, []) if isinstance(node, str) else node
        bottom, right = (top, left + width(node) - 1) if children else (row + rows - 1, left)
        caption = unit.captions.get(caption, caption)
        s.put(top, left, caption, "head", to=(bottom, right) if unit.merged else None)
        for r in range(top, bottom + 1):
            for c in range(left, right + 1):
                if (r, c) not in s.cells:
                    s.put(r, c, None, "head")
        for child in children:
            draw(child, top + 1, left)
            left += width(child)

    left = first
    for node in tree:
        draw(node, row, left)
        left += width(node)
    return row + rows


def numbering(s, unit, form, table, row, first, columns):
    if unit.numbering == "none":
        return row
    for c in range(1, columns + 1):
        parts = GROUPS[form, table].get(c)
        bare = f"({c})"
        full = bare + ("=" + "+".join(f"({p})" for p in parts) if parts else "")
        s.put(row, first + c - 1, {"full": full, "bare": bare, "digits": c}[unit.numbering], "numbering")
    return row + 1


# --- II.06a and II.07b ------------------------------------------------------------------------------------------

def dossier_form(s, unit, q, fig, form, row, first, opening):
    at = called(unit).upper()
    if form == "II.06a":
        titles = ["TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT TTHC",
                  f"TẠI {at}" if unit.named != "file" else "TẠI CƠ QUAN, ĐƠN VỊ TRỰC TIẾP GIẢI QUYẾT TTHC"]
        row = title(s, unit, q, titles, row, first, first + 12, "Biểu số II.06a/VPCP/KSTT", "Đơn vị tính: Số hồ sơ TTHC.")
        row = table(s, unit, fig, form, "", row + 1, first, 13)
    else:
        titles = ["TỔNG HỢP SỐ LƯỢNG TTHC VÀ KẾT QUẢ THỰC HIỆN “4 TẠI CHỖ” TẠI BỘ PHẬN MỘT CỬA CỦA ĐỊA PHƯƠNG"
                  + (f" THUỘC THẨM QUYỀN GIẢI QUYẾT CỦA {at}" if unit.named != "file" else "")]
        row = title(s, unit, q, titles, row, first, first + 13, "Biểu số II.07b/VPCP/KSTT", "Đơn vị tính: TTHC, %.")
        s.put(row, first, "I. SỐ LƯỢNG TTHC TRIỂN KHAI TẠI BỘ PHẬN MỘT CỬA", "bold")
        row = table(s, unit, fig, form, "I", row + 1, first, 14)
        if unit.part2:
            s.put(row + 1, first, "II. KẾT QUẢ THỰC HIỆN “4 TẠI CHỖ” TẠI BỘ PHẬN MỘT CỬA CẤP TỈNH", "bold")
            row = table(s, unit, fig, form, "II", row + 2, first, 6)
    return signatures(s, unit, row, first, first + (12 if form == "II.06a" else 13))


def table(s, unit, fig, form, part, row, first, columns):
    row = head(s, unit, HEADS[form, part], row, first)
    row = numbering(s, unit, form, part, row, first, columns)
    lines = list(unit.fields)
    order = {"top": ["total", *lines], "bottom": [*lines, "total"], "none": lines}[unit.total]
    rows = {}
    for n, line in enumerate(order):
        if unit.gaps and line == "total" and part != "II":
            for c in range(first, first + columns):
                s.put(row, c, None, "figure")
            row += 1
        rows[line] = row
        if line == "total":
            s.put(row, first, unit.total_label if unit.merged else None, "total", to=(row, first + 1) if unit.merged else None)
            s.put(row, first + 1, None if unit.merged else unit.total_label, "total")
        else:
            s.put(row, first, lines.index(line) + 1, "number")
            s.put(row, first + 1, line, "label")
        for c in range(3, columns + 1):
            place(s, unit, fig, (form, part, line, c), row, first + c - 1, bold=line == "total")
            if unit.fractions and part == "II" and c in (4, 6) and line != "total" and fig[form, part, line, c - 1]:
                whole = fig[form, "I", line, {4: 8, 6: 9}[c]]
                s.cells[row, first + c - 1].value = f"{fig[form, part, line, c - 1]:02d}/{whole:02d}"
        row += 1
    if unit.formulas and part != "II":
        formulas(s, fig, form, part, rows, first, columns, lines)
    return row


def formulas(s, fig, form, part, rows, first, columns, lines):
    letter = lambda c: "ABCDEFGHIJKLMNOP"[first + c - 1]
    for line, row in rows.items():
        for c in range(3, columns + 1):
            cell = s.cells[row, first + c - 1]
            parts = GROUPS[form, part].get(c)
            if line == "total":
                whole = fig[form, part, line, c] == sum(fig[form, part, x, c] for x in lines)
                cell.formula = f"=SUM({letter(c)}{rows[lines[0]] + 1}:{letter(c)}{rows[lines[-1 if whole else -2]] + 1})"
            elif parts:
                cell.formula = "=" + "+".join(f"{letter(p)}{row + 1}" for p in parts)


# --- Biểu mẫu 1 … 7 ---------------------------------------------------------------------------------------------

def indicator_form(s, unit, q, fig, form, row, first, opening):
    name, lines = CCHC[form]
    one_book = sum(len(sheets) for _, sheets in unit.files) > 7 and len(unit.files) < 7
    if opening and (form == "BM1" or not one_book):
        titles = ["Phụ lục", "THỐNG KÊ SỐ LIỆU VỀ KẾT QUẢ THỰC HIỆN CÔNG TÁC CCHC"]
        if unit.named == "title":
            titles += [f"CỦA {called(unit).upper()}", f"(Ban hành kèm theo Báo cáo số {100 + len(unit.name) * 3 + q}/BC-{unit.code} "
                       f"ngày {SIGNED[q]} của {unit.name})"]
        row = title(s, unit, q, titles, row, first, first + 4) + 1
    if unit.bm_title == "lines":
        s.put(row, first, f"Biểu mẫu {form[-1]}", "title", to=(row, first + 4))
        s.put(row + 1, first, name, "title", to=(row + 1, first + 4))
        row += 1
    else:
        s.put(row, first, f"Biểu mẫu {form[-1]}: {name}", "title", to=(row, first + 4))
    row = head(s, unit, HEADS["CCHC"], row + 2, first)
    at = {}
    for code, sort, measure, label, whole in lines:
        if whole and not unit.whole:
            continue
        if unit.gaps and "." not in code and code != "1":
            for c in range(first, first + 5):
                s.put(row, c, None, "label")
            row += 1
        top = sort == "heading" or "." not in code
        s.put(row, first, stt(unit, code), "number")
        s.put(row, first + 1, label, "label bold" if top else "label")
        s.put(row, first + 2, measure.replace("; ", unit.codes), "measure unit")
        s.put(row, first + 4, unit.notes.get((form, code)), "note")
        if sort == "heading":
            s.put(row, first + 3, None, "figure")
        else:
            place(s, unit, fig, (form, "", code, "value"), row, first + 3)
            at[code] = row
        row += 1
    if unit.formulas:
        figure = "ABCDEFG"[first + 3]
        cell = lambda code: s.cells[at[code], first + 3]
        for ratio, (part, of) in RATIOS.get(form, {}).items():
            if isinstance(cell(ratio).value, (int, float)):
                cell(ratio).formula = f"=ROUND({figure}{at[part] + 1}/{figure}{at[of] + 1}*100,2)"
        for total, parts in SUMS.get(form, {}).items():
            cell(total).formula = "=" + "+".join(f"{figure}{at[p] + 1}" for p in parts)
    last_here = form == "BM7" or opening and len(unit.files) >= 7
    return signatures(s, unit, row, first, first + 4) if last_here else row


def stt(unit, code):
    if unit.stt == "float":
        return int(code) if code.isdigit() else float(code) if code.count(".") == 1 else code
    return code + "." if unit.stt == "dot" else code


def signatures(s, unit, row, first, last):
    if unit.footnote:
        s.put(row + 1, first, unit.footnote, "plain italic")
        row += 2
    if unit.signature:
        boss = {"so": "GIÁM ĐỐC" if unit.name.startswith("Sở") else "TRƯỞNG BAN", "huyen": "CHỦ TỊCH", "xa": "CHỦ TỊCH"}[unit.level]
        left, right = (first + 1, last - 1) if last - first < 6 else (first + 1, last - 2)
        s.put(row + 1, left, "NGƯỜI LẬP BIỂU", "title")
        s.put(row + 1, right, boss, "title", to=(row + 1, last))
        s.put(row + 2, left, "(Ký, ghi rõ họ tên)", "italic")
        s.put(row + 2, right, "(Ký, đóng dấu)", "italic", to=(row + 2, last))
        row += 7
    return row
