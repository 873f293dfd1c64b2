#!/usr/bin/env python3
"""Makes the workbooks beside it, once, by hand: openpyxl and XlsxWriter write them, LibreOffice saves some again, and
some are then changed part by part into what other programs write. Needs openpyxl, XlsxWriter and soffice."""
import datetime
import os
import re
import subprocess
import tempfile
import zipfile

import openpyxl
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Border, Font, PatternFill, Protection, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

HERE = os.path.dirname(os.path.abspath(__file__))


def out(name):
    return os.path.join(HERE, name)


def with_openpyxl(path):
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "Biểu 1"
    thin = Side(style="thin")
    ws.append(["TT", "Lĩnh vực", "Nhận", "Trả", "Tỷ lệ"])
    for n, row in enumerate([("Đất đai", 27, 12), ("Y tế", 8, 3), ("Giáo dục", 40, 39)], 1):
        ws.append([n, *row, f"=D{n + 1}/C{n + 1}"])
        ws.cell(n + 1, 5).number_format = "0.00%"
    ws["C5"], ws["D5"] = "=SUM(C2:C4)", "=SUM(D2:D4)"
    ws["G2"] = ArrayFormula("G2:G4", "=C2:C4*2")
    for cell in ws["A1:E1"][0]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="FFC7CE")
        cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
    ws.merge_cells("A7:E7")
    ws["A7"] = "=\"Ghi chú: \"&C5"
    ws["C2"].comment = Comment("Số này lấy từ một cửa", "Chị An")
    dv = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0")
    dv.add("C2:D4")
    ws.add_data_validation(dv)
    ws.conditional_formatting.add("C2:D4", CellIsRule(operator="lessThan", formula=["0"], fill=PatternFill("solid", bgColor="FF0000")))
    chart = BarChart()
    chart.add_data(Reference(ws, min_col=3, min_row=1, max_row=4), titles_from_data=True)
    ws.add_chart(chart, "I2")
    ws.column_dimensions["B"].width = 40
    ws.row_dimensions[3].height = 42
    ws.freeze_panes, ws.print_title_rows = "A2", "1:1"
    table = wb.create_sheet("Bảng")
    table.append(["a", "b"])
    table.append([1, 2])
    table.add_table(Table(displayName="Bang1", ref="A1:B2"))
    hidden = wb.create_sheet("Ẩn & giấu")
    hidden["A1"] = "='Biểu 1'!C5+1"
    hidden.sheet_state = "hidden"
    locked = wb.create_sheet("Khoá")
    locked["B2"] = datetime.date(2023, 9, 14)
    locked["B3"] = 5
    locked["B3"].protection = Protection(locked=False)
    locked.protection.sheet = True
    locked.defined_names["rieng"] = DefinedName("rieng", attr_text="'Khoá'!$B$2")
    wb.defined_names["chung"] = DefinedName("chung", attr_text="'Biểu 1'!$C$5")
    wb.active = 3
    for sheet in wb:
        sheet.sheet_view.tabSelected = sheet.title == "Khoá"
    wb.save(path)


def with_xlsxwriter(path):
    wb = xlsxwriter.Workbook(path, {"strings_to_formulas": False})
    wb.set_properties({"created": datetime.datetime(2023, 9, 14)})
    ws = wb.add_worksheet("Số liệu")
    money, bold = wb.add_format({"num_format": "#,##0.00", "border": 1}), wb.add_format({"bold": True, "bg_color": "#1F3864", "font_color": "white"})
    ws.write_row("B2", ["Quý", "Chi", "Thu", "Chênh"], bold)
    for n in range(4):
        ws.write(n + 2, 1, f"Quý {n + 1}")
        ws.write(n + 2, 2, 1000.5 * (n + 1), money)
        ws.write(n + 2, 3, 900 * (n + 1), money)
        ws.write_formula(n + 2, 4, f"=D{n + 3}-C{n + 3}", money, 900 * (n + 1) - 1000.5 * (n + 1))
    ws.write_array_formula("G3:G6", "{=C3:C6+D3:D6}", None, 1900.5)
    ws.write_rich_string("B8", "chữ ", bold, "đậm", " thường")
    ws.write_comment("C3", "đã đối chiếu", {"author": "Kế toán"})
    ws.insert_button("I2", {"caption": "Bấm", "macro": "m"})
    ws.data_validation("C3:D6", {"validate": "decimal", "criteria": ">=", "value": 0})
    ws.conditional_format("E3:E6", {"type": "data_bar"})
    ws.add_sparkline("F3", {"range": "'Số liệu'!C3:D3"})
    chart = wb.add_chart({"type": "line"})
    chart.add_series({"values": "='Số liệu'!$C$3:$C$6"})
    ws.insert_chart("I6", chart)
    ws.set_column("D:D", 30, wb.add_format({"bg_color": "#EEEEEE"}))
    ws.set_row(9, 30, wb.add_format({"italic": True}))
    ws.set_header("&CTrang &P")
    ws.set_h_pagebreaks([20])
    ws.autofilter("B2:E6")
    whole = wb.add_chart({"type": "bar"})
    whole.add_series({"values": "='Số liệu'!$D$3:$D$6"})
    wb.add_chartsheet("Biểu đồ").set_chart(whole)
    two = wb.add_worksheet("Hai")
    two.add_table("A1:C3", {"columns": [{"header": "x"}, {"header": "y"}, {"header": "z"}]})
    two.write_comment("B5", "ở sheet hai")
    two.write_url("A6", "https://example.org/")
    two.insert_textbox("E2", "chữ nổi")
    wb.add_worksheet("Trống").very_hidden()
    wb.define_name("'Hai'!cuc_bo", "='Hai'!$A$1")
    wb.define_name("toan_bo", "='Số liệu'!$C$3:$D$6")
    wb.close()


def changed(source, target, change, added=()):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            name, data = change(info.filename, old.read(info))
            if data is not None:
                new.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
        for name, data in added:
            new.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def prefixed(name, data):
    """Every element of the main namespace as x:…, as the Open XML SDK writes."""
    if not name.endswith(".xml") or f'xmlns="{MAIN}"'.encode() not in data:
        return name, data
    text = data.decode().replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"', 1)
    return name, re.sub(r"<(/?)([A-Za-z]\w*)(?=[\s/>])", r"<\1x:\2", text).encode()


def strict(name, data):
    if name.endswith((".xml", ".rels")):
        text = data.decode()
        text = text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
        text = text.replace("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships")
        data = text.encode()
    return name, data


def bare(name, data):
    """No styles, no shared strings, no place on any cell or row: as small exporters write."""
    if name == "xl/styles.xml":
        return name, None
    if name == "[Content_Types].xml":
        data = re.sub(rb"<Override[^>]*styles[^>]*/>", b"", data)
    if name == "xl/_rels/workbook.xml.rels":
        data = re.sub(rb"<Relationship [^>]*/styles\"[^>]*/>", b"", data)
    if name.startswith("xl/worksheets/sheet"):
        data = re.sub(rb' s="\d+"', b"", data)
        data = re.sub(rb' (r|spans)="[A-Z]*[\d:]+"', b"", data)
    return name, data


def as_excel(name, data):
    """What Excel adds: parts in another order, absolute targets, revision marks, a conversation, controls, a chain."""
    if name == "xl/worksheets/sheet1.xml":
        text = data.decode()
        text = text.replace("<worksheet ", '<worksheet xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac xr" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" xr:uid="{00000000-0001-0000-0000-000000000000}" ', 1)
        return "xl/worksheets/sheet9.xml", text.encode()
    if name == "xl/worksheets/_rels/sheet1.xml.rels":
        text = data.decode().replace("</Relationships>", '<Relationship Id="rId90" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" Target="../threadedComments/threadedComment1.xml"/></Relationships>')
        return "xl/worksheets/_rels/sheet9.xml.rels", text.encode()
    if name == "[Content_Types].xml":
        data = data.replace(b"/xl/worksheets/sheet1.xml", b"/xl/worksheets/sheet9.xml")
        data = data.replace(b"</Types>", b'<Override PartName="/xl/threadedComments/threadedComment1.xml" ContentType="application/vnd.ms-excel.threadedcomments+xml"/><Override PartName="/xl/persons/person.xml" ContentType="application/vnd.ms-excel.person+xml"/><Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/></Types>')
    if name == "xl/_rels/workbook.xml.rels":
        data = data.replace(b'"worksheets/sheet1.xml"', b'"/xl/worksheets/sheet9.xml"')
        data = data.replace(b"</Relationships>", b'<Relationship Id="rId91" Type="http://schemas.microsoft.com/office/2017/10/relationships/person" Target="persons/person.xml"/><Relationship Id="rId92" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain" Target="calcChain.xml"/></Relationships>')
    if name == "xl/comments1.xml":
        text = data.decode()
        text = text.replace("<author>Kế toán</author>", "<author>tc={8A1D0F53-0000-4000-8000-000000000001}</author>")
        text = re.sub(r"<text>.*?</text>", "<text><t>[Threaded comment]\n\nYour version of Excel allows you to read this threaded comment.\n\nComment:\n    đã đối chiếu</t></text>", text, flags=re.S)
        data = text.encode()
    return name, data


THREAD = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><threadedComment ref="C3" dT="2023-09-14T01:02:03.04" personId="{6F3D0F53-0000-4000-8000-000000000001}" id="{8A1D0F53-0000-4000-8000-000000000001}"><text>đã đối chiếu</text></threadedComment></ThreadedComments>"""
PERSON = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><person displayName="Kế toán" id="{6F3D0F53-0000-4000-8000-000000000001}" userId="S::kt@x.vn" providerId="None"/></personList>"""
CHAIN = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="E6" i="1"/><c r="E5"/><c r="E4"/><c r="E3"/></calcChain>"""


def main():
    with tempfile.TemporaryDirectory() as place:
        with_openpyxl(out("openpyxl.xlsx"))
        with_xlsxwriter(out("xlsxwriter.xlsx"))
        for name in ("openpyxl", "xlsxwriter"):
            subprocess.run(["soffice", f"-env:UserInstallation=file://{place}/profile", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", place, out(f"{name}.xlsx")], check=True)
            os.replace(f"{place}/{name}.xlsx", out(f"libreoffice of {name}.xlsx"))
    changed(out("openpyxl.xlsx"), out("prefixed.xlsx"), prefixed)
    changed(out("xlsxwriter.xlsx"), out("strict.xlsx"), strict)
    changed(out("xlsxwriter.xlsx"), out("bare.xlsx"), bare)
    changed(out("xlsxwriter.xlsx"), out("as excel.xlsx"), as_excel, [("xl/threadedComments/threadedComment1.xml", THREAD), ("xl/persons/person.xml", PERSON), ("xl/calcChain.xml", CHAIN)])


if __name__ == "__main__":
    main()
