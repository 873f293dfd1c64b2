"""Sheets into files: .xlsx, .xls (Unicode or TCVN3), .ods, and an HTML table that calls itself .xls.

Nothing here reads a clock, so that the same sheets give the same bytes.
"""
import datetime
import html
import zipfile

import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import MasterPage, PageLayout, PageLayoutProperties, ParagraphProperties, Style, TableCellProperties, TableColumnProperties, TableProperties, TableRowProperties, TextProperties
from odf.table import CoveredTableCell, Table, TableCell, TableColumn, TableRow
from odf.text import P

FONT = "Times New Roman"
MADE = datetime.datetime(2023, 3, 17, 8, 0, 0)
STYLES = {  # bold, italic, horizontal, border, size
    "text": (0, 0, "left", 0, 13), "plain": (0, 0, "left", 0, 12), "plain italic": (0, 1, "left", 0, 12),
    "bold": (1, 0, "left", 0, 13), "title": (1, 0, "center", 0, 13), "centre": (0, 0, "center", 0, 13),
    "italic": (0, 1, "center", 0, 13), "measure": (0, 1, "right", 0, 12), "head": (1, 0, "center", 1, 12),
    "number": (0, 0, "center", 1, 12), "numbering": (0, 0, "center", 1, 10), "label": (0, 0, "left", 1, 13), "label bold": (1, 0, "left", 1, 13),
    "figure": (0, 0, "right", 1, 13), "figure bold": (1, 0, "right", 1, 13), "total": (1, 0, "center", 1, 13),
    "measure unit": (0, 0, "center", 1, 12), "note": (0, 1, "left", 1, 12),
}
BORDER = ' style="border:.5pt solid black"'
UNWRAPPED = ("bold", "plain italic")   # run on over the empty cells beside them


def save(path, sort, sheets):
    path.parent.mkdir(parents=True, exist_ok=True)
    {"xlsx": xlsx, "xls": xls, "tcvn3": tcvn3, "ods": ods, "html": web}[sort](path, sheets)


def xlsx(path, sheets):
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": MADE, "author": "Văn phòng"})
    made = {}

    def style(name, form):
        if (name, form) not in made:
            bold, italic, across, border, size = STYLES[name]
            made[name, form] = book.add_format({"bold": bold, "italic": italic, "align": across, "valign": "vcenter", "border": border,
                "font_name": FONT, "font_size": size, "text_wrap": name not in UNWRAPPED, "num_format": form or "General"})
        return made[name, form]

    for s in sheets:
        ws = book.add_worksheet(s.name)
        ws.set_paper(9)
        ws.set_landscape() if s.landscape else ws.set_portrait()
        ws.fit_to_pages(1, 0)
        ws.hide() if s.hidden else None
        for c, w in enumerate(s.widths):
            ws.set_column(c, c, w)
        for r, h in s.heights.items():
            ws.set_row(r, h)
        for (r, c), (r2, c2) in s.merges.items():
            ws.merge_range(r, c, r2, c2, "", style(s.cells[r, c].style, ""))
        covered = inside(s)
        for (r, c), cell in s.cells.items():
            look = style(cell.style, cell.format)
            if (r, c) in covered:
                continue
            if cell.formula:
                ws.write_formula(r, c, cell.formula, look, cell.value)
            elif isinstance(cell.value, str) and cell.value:
                ws.write_string(r, c, cell.value, look)
            elif cell.value is None or cell.value == "":
                ws.write_blank(r, c, None, look)
            else:
                ws.write_number(r, c, cell.value, look)
    book.get_worksheet_by_name([s.name for s in sheets if not s.hidden][0]).activate()
    book.close()


def inside(s):
    """The cells that a merge hides."""
    return {(r, c) for (r1, c1), (r2, c2) in s.merges.items() for r in range(r1, r2 + 1) for c in range(c1, c2 + 1)} - set(s.merges)


def xls(path, sheets, font=lambda text: FONT, convert=lambda text: text):
    book = xlwt.Workbook(encoding="utf-8")
    made = {}

    def style(name, form, text=""):
        face = font(text)
        if (name, form, face) not in made:
            bold, italic, across, border, size = STYLES[name]
            look = xlwt.easyxf(f"font: name {face}, height {size * 20}, bold {bool(bold)}, italic {bool(italic)}; "
                               f"align: horiz {across}, vert centre, wrap {name not in UNWRAPPED};"
                               + ("borders: left thin, right thin, top thin, bottom thin;" if border else ""))
            look.num_format_str = form or "General"
            made[name, form, face] = look
        return made[name, form, face]

    for s in sheets:
        ws = book.add_sheet(s.name)
        ws.portrait, ws.paper_size_code, ws.fit_num_pages, ws.fit_width_to_pages, ws.fit_height_to_pages = not s.landscape, 9, 1, 1, 0
        for c, w in enumerate(s.widths):
            ws.col(c).width = int(w * 256)
        for r, h in s.heights.items():
            ws.row(r).height_mismatch, ws.row(r).height = True, int(h * 20)
        covered = inside(s)
        for (r, c), cell in sorted(s.cells.items()):
            text = cell.value if isinstance(cell.value, str) else ""
            value, look = convert(cell.value) if text else cell.value, style(cell.style, cell.format, text)
            if (r, c) in s.merges:
                r2, c2 = s.merges[r, c]
                ws.write_merge(r, r2, c, c2, value, look)
            elif (r, c) not in covered:
                ws.write(r, c, value if value != "" else None, look)
    book.save(str(path))


# The TCVN3 (ABC) code: each letter sits at the place of a Latin-1 sign. Capitals with tone marks have no place of
# their own; .VnTimeH shows the small letters as capitals.
_SMALL = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_SIGNS = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ"
TCVN3 = dict(zip(_SMALL, _SIGNS)) | dict(zip("ĂÂĐÊÔƠƯ", "¡¢§£¤¥¦"))
TCVN3 |= {a.upper(): TCVN3[a] for a in _SMALL if a.upper() not in TCVN3}


def tcvn3(path, sheets):
    convert = lambda text: "".join(TCVN3.get(a, {"“": '"', "”": '"', "–": "-"}.get(a, a)) for a in text)
    xls(path, sheets, lambda text: ".VnTimeH" if text.isupper() and len(text) > 4 else ".VnTime", convert)


def ods(path, sheets):
    doc = OpenDocumentSpreadsheet()
    for name, (bold, italic, across, border, size) in STYLES.items():
        look = Style(name=name.replace(" ", "_"), family="table-cell")
        look.addElement(TextProperties(fontname=FONT, fontfamily=FONT, fontsize=f"{size}pt", fontweight="bold" if bold else "normal",
                                       fontstyle="italic" if italic else "normal"))
        look.addElement(ParagraphProperties(textalign={"left": "start", "right": "end"}.get(across, across)))
        look.addElement(TableCellProperties(wrapoption="no-wrap" if name in UNWRAPPED else "wrap", verticalalign="middle",
                                            **({"border": "0.5pt solid #000000"} if border else {})))
        doc.styles.addElement(look)
    automatic = set()

    def own(name, family, properties, **more):
        if name not in automatic:
            automatic.add(name)
            look = Style(name=name, family=family, **more)
            look.addElement(properties)
            doc.automaticstyles.addElement(look)
        return name

    for way, wide, high, scale in (("landscape", "29.7cm", "21cm", "75%"), ("portrait", "21cm", "29.7cm", "75%")):
        page = PageLayout(name=way)
        page.addElement(PageLayoutProperties(printorientation=way, pagewidth=wide, pageheight=high, scaleto=scale, margin="1.5cm"))
        doc.automaticstyles.addElement(page)
        doc.masterstyles.addElement(MasterPage(name=way, pagelayoutname=way))
    for s in sheets:
        way = "landscape" if s.landscape else "portrait"
        table = Table(name=s.name, stylename=own(f"on_{way}", "table", TableProperties(display="true"), masterpagename=way))
        for c, w in enumerate(s.widths):
            table.addElement(TableColumn(stylename=own(f"wide{c}_{w}", "table-column", TableColumnProperties(columnwidth=f"{w * 0.2:.2f}cm"))))
        covered = inside(s)
        for r in range(1 + max(r for r, _ in s.cells)):
            h = s.heights.get(r, 19)
            line = TableRow(stylename=own(f"high{round(h)}", "table-row", TableRowProperties(rowheight=f"{h / 28.35:.2f}cm")))
            for c in range(1 + max(c for _, c in s.cells)):
                cell = s.cells.get((r, c))
                if (r, c) in covered:
                    line.addElement(CoveredTableCell())
                    continue
                more = {"stylename": cell.style.replace(" ", "_")} if cell else {}
                if (r, c) in s.merges:
                    r2, c2 = s.merges[r, c]
                    more |= {"numbercolumnsspanned": c2 - c + 1, "numberrowsspanned": r2 - r + 1}
                if cell and isinstance(cell.value, (int, float)):
                    more |= {"valuetype": "float", "value": cell.value}
                elif cell and cell.value:
                    more |= {"valuetype": "string"}
                box = TableCell(**more)
                if cell and cell.value not in (None, ""):
                    for part in str(cell.value).split("\n"):
                        box.addElement(P(text=part))
                line.addElement(box)
            table.addElement(line)
        doc.spreadsheet.addElement(table)
    doc.save(str(path))
    undate(path)


def undate(path):
    """odfpy stamps each part of the package with the time of day."""
    with zipfile.ZipFile(path) as old:
        parts = [(i.filename, i.compress_type, old.read(i)) for i in old.infolist()]
    with zipfile.ZipFile(path, "w") as new:
        for name, how, data in parts:
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type = how
            new.writestr(part, data)


def web(path, sheets):
    """What a one-stop system's "tableToExcel" button saves."""
    out = ['<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
           '<head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8">'
           '<!--[if gte mso 9]><xml><x:ExcelWorkbook><x:ExcelWorksheets><x:ExcelWorksheet><x:Name>'
           f'{sheets[0].name}</x:Name></x:ExcelWorksheet></x:ExcelWorksheets></x:ExcelWorkbook></xml><![endif]-->'
           f'<style>table{{border-collapse:collapse}} td{{font-family:"{FONT}";font-size:12pt;vertical-align:middle}} </style></head><body>']
    for s in sheets:
        out.append('<table id="tableToExcel">' + "".join(f'<col width="{round(w * 7)}">' for w in s.widths))
        covered = inside(s)
        columns = 1 + max(c for _, c in s.cells)
        for r in range(1 + max(r for r, _ in s.cells)):
            out.append("<tr>")
            for c in range(columns):
                if (r, c) in covered:
                    continue
                cell = s.cells.get((r, c))
                r2, c2 = s.merges.get((r, c), (r, c))
                span = (f' colspan="{c2 - c + 1}"' if c2 > c else "") + (f' rowspan="{r2 - r + 1}"' if r2 > r else "")
                if not cell:
                    out.append("<td></td>")
                    continue
                bold, italic, across, border, _ = STYLES[cell.style]
                text = "" if cell.value is None else html.escape(str(cell.value), quote=False).replace("\n", "<br>")
                text = f"<i>{text}</i>" if italic and text else text
                out.append(f'<td{span}{BORDER if border else ""} align="{across}">' + (f"<b>{text}</b>" if bold and text else text) + "</td>")
            out.append("</tr>")
        out.append("</table>")
    out.append("</body></html>")
    path.write_text("\n".join(out), encoding="utf-8")
