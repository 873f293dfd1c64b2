"""Hostile workbooks that are odd rather than big: order, names, notes, dates, circles, dialects of zip, and the other formats' own."""
import base64
import io
import struct
import zipfile
import zlib

from build import (BOF, BOF_SHEET, EOF, FIGURES, HEAD, MAIN, REL, cell, compound, deflated, docx, form, good, letters, ods, one,
                   raw_entry, raw_zip, record, sheet, xls_stream, xlsb_record, xlsx, zipped)

MB = 1 << 20
LINES = [("Quản lý công sản", FIGURES), ("Quản lý giá", FIGURES)]
BOOK = f'<workbook {MAIN} xmlns:r="{REL}">{{}}</workbook>'
ONE_SHEET = '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>'


def related(kind, target, more=""):
    """The relations of the first sheet."""
    return ("xl/worksheets/_rels/sheet1.xml.rels", f'<Relationships><Relationship Id="r1" Type="{REL}/{kind}" Target="{target}"/>{more}</Relationships>')


# -- .xlsx ---------------------------------------------------------------------------------------------------------

def defined_names():
    name = lambda i, body="S!$A$1", more="": f'<definedName name="N{i}"{more}>{body}</definedName>'
    book = lambda names: BOOK.format(ONE_SHEET + f"<definedNames>{''.join(names)}</definedNames>")
    area = lambda i, body: f'<definedName name="_xlnm.Print_Titles" localSheetId="{i}">{body}</definedName>'
    return {"65536": xlsx(form(LINES), workbook=book(name(i) for i in range(65536))), "million": xlsx(form(LINES), workbook=book(name(i, "1") for i in range(1000000))),
            "long": xlsx(form(LINES), workbook=book(name(i, "A1+" * 300000) for i in range(30))), "itself": xlsx(form(LINES), workbook=book([name(1, "N2"), name(2, "N1+N2")])),
            "sheets": xlsx(form(LINES), workbook=book(name(i, more=f' localSheetId="{i}"') for i in (0, 1, 4294967295, -1, 10**30))),
            "prints": xlsx(form(LINES), workbook=book(area(i, "S!$1:$1048576,S!$A:$XFD," * 2000) for i in (0, 0, 7)))}


def comments():
    note = lambda ref, text: f'<comment ref="{ref}" authorId="99"><text><t>{text}</t></text></comment>'
    part = lambda notes: ("xl/comments1.xml", ["<comments><authors/><commentList>", *notes, "</commentList></comments>"])
    book = lambda notes: xlsx(form(LINES), more=[related("comments", "../comments1.xml"), part(notes)])
    return {"10 MB": book([note("C12", "x" * 10 * MB)]), "100000": book([note("C12", "x")] * 100000), "refs": book([note(r, "x") for r in ("", "A0", "XFE1", "A1:XFD1048576", "-1")]),
            "nested": book(["<comment><text>" * 200000]), "bomb": book([note("A1", "x" * MB)] * 120),
            "vml": xlsx(form(LINES), more=[related("vmlDrawing", "../drawings/v.vml"), ("xl/drawings/v.vml", ["<xml>", *["<v:shape>" * 1000] * 3000])])}


def cell_order():
    row = lambda r, cells: f'<row r="{r}">{cells}</row>'
    lines = form(LINES)
    turned = [lines[0], *reversed(lines[1:-1]), lines[-1]]
    twice = [lines[0], *lines[1:-1], *(r.replace("<v>27</v>", "<v>72</v>") for r in lines[1:-1]), lines[-1]]
    return {"rows turned": xlsx(turned), "cells turned": xlsx(sheet(row(1, cell("C1", 3) + cell("A1", 1) + cell("B1", 2)))), "twice": xlsx(twice),
            "one cell often": xlsx(sheet(row(1, cell("A1", 1) * 300000))), "row numbers lie": xlsx(sheet(row(5, cell("A1", 1)) + row(2, cell("B900", 2)) + row(5, cell("A5", 3)))),
            "to and fro": xlsx(sheet([row(1 + i * 7919 % 100000, cell(f"A{1 + i * 7919 % 100000}", i)) for i in range(100000)])),
            "between": xlsx(sheet("<row>" + "<c><v>1</v></c><c r=\"A1\"><v>2</v></c><c><v>3</v></c>" * 50000 + "</row>")), "rows in rows": xlsx(sheet("<row><c><v>1</v>" * 50000))}


def dates():
    formats = ["[h]:mm:ss", "yyyy" * 60, '"' * 99 + "d", "[$-F800]dddd", "[$-42A]d/m/yyyy;@", "[<1]d;[>=1e9]m;y", "\\d\\", "[" * 200, "General;General;General;@", "d/m/yyyy;;;;;;;"]
    quote = lambda t: t.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    styles = ('<styleSheet><numFmts>' + "".join(f'<numFmt numFmtId="{164 + i}" formatCode="{quote(f)}"/>' for i, f in enumerate(formats)) + "</numFmts><cellXfs>"
              + "".join(f'<xf numFmtId="{n}"/>' for n in [14, 22, 45, 46, *range(164, 164 + len(formats))]) + "</cellXfs></styleSheet>")
    values = ["-1", "0", "60", "0.999999999", "2958465.99999", "2958466", "1e10", "-1e300", "1e308", "NaN", "45000.00000001", "4294967296", "-657435"]
    rows = ["<row>" + "".join(f'<c s="{s}"><v>{v}</v></c>' for v in values) + "</row>" for s in range(14)]
    iso = "<row>" + "".join(f'<c t="d"><v>{v}</v></c>' for v in ("2023-02-30", "0000-00-00", "9999999-01-01", "2023-01-01T25:61:61Z", "-2023-01-01", "", "x" * 100000)) + "</row>"
    plain = BOOK.format("{}" + ONE_SHEET)
    return {"1900": xlsx(sheet([*rows, iso]), styles=styles), "1904": xlsx(sheet([*rows, iso]), styles=styles, workbook=plain.format('<workbookPr date1904="1"/>')),
            "1904 odd": xlsx(sheet(rows), styles=styles, workbook=plain.format('<workbookPr date1904="maybe"/>' * 1000))}


def numbers_in_a_form():
    odd = ["1e308", "-1e308", "NaN", "INF", "-0", "1e-320", "12345678901234567890", "999999999999999.5", "0.1", "+5", "1E+400", " 7 ", "0x7", "7e0", "00007", "9007199254740993"]
    rows = form([(f"Lĩnh vực {i}", FIGURES) for i in range(len(odd))])
    typed = [r.replace("<v>27</v>", f"<v>{odd[i - 8]}</v>").replace("<v>4</v>", f"<v>{odd[::-1][i - 8]}</v>") if 8 <= i < 8 + len(odd) else r for i, r in enumerate(rows)]
    total = [r.replace('<c r="C12"><v>', '<c r="C12"><f>1E308*10+SUM(C13:C40)/0</f><v>') for r in typed]
    return {"typed": xlsx(typed), "summed": xlsx(total)}


def escapes():
    odd = ["_xD800_", "_xDFFF__xD800_", "_x0000_", "_xFFFF_", "_x005F_x0041_", "_x", "_xZZZZ_", "_x000D__x000A_", "_x202E_1000", "\ufeff\u200b", "_x0041_" * 4000]
    texts = [(t, [t] * 11) for t in odd]
    shared = "<sst>" + "".join(f"<si><t>{t}</t></si>" for t in odd) + "</sst>"
    return {"form": xlsx(form(texts, unit="Sở _xD800_ Tài _x0000_ chính")), "shared": xlsx(sheet("<row>" + "".join(f'<c t="s"><v>{i}</v></c>' for i in range(len(odd))) + "</row>"), shared=shared),
            "sheet": xlsx(form(LINES), workbook=BOOK.format('<sheets><sheet name="_xD800_&#x202E;_x0007_" sheetId="1" r:id="rId1"/></sheets>'))}


def sheet_names():
    names = ["a/b", "..", "../../x", "CON", "NUL.txt", "\u202e1.000", "\u200b", "", " ", "'", "''!A1", "=1+1", "@SUM(1)", "x" * 10000, "a\nb", "S" * 31, "S" * 31, "<b>&", "..\\..\\c", "con ", "%00", "🙂" * 40, "-rf", "[1]", "#REF!", "\t=1"]
    quote = lambda t: t.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "&#10;").replace("\t", "&#9;")
    listed = "".join(f'<sheet name="{quote(n)}" sheetId="{i}" r:id="rId{i}"/>' for i, n in enumerate(names, 1))
    return xlsx([form([(f"Lĩnh vực {i}", FIGURES)], unit=f"Sở số {i}") for i in range(len(names))], workbook=BOOK.format(f"<sheets>{listed}</sheets>"))


def ten_thousand_sheets():
    return xlsx([sheet(one())] * 10000)


def formula_chains():
    text = lambda ref, formula: f'<c r="{ref}"><f>{formula}</f></c>'
    row = lambda r, cells: f'<row r="{r}">{cells}</row>'
    chain = [row(i, text(f"A{i}", f"A{i + 1}+1")) for i in range(1, 65537)] + [row(65537, cell("A65537", 1))]
    back = [row(1, cell("A1", 1))] + [row(i, text(f"A{i}", f"A{i - 1}+1")) for i in range(2, 65537)]
    ring = [row(i, text(f"A{i}", f"A{i % 50000 + 1}*2")) for i in range(1, 50001)]
    sums = [row(i, text(f"A{i}", f"SUM(A{i + 1}:A5001)")) for i in range(1, 5001)] + [row(5001, cell("A5001", 1))]
    shared = "".join(row(i, f'<c r="A{i}"><f t="shared" ref="A1:A60000" si="0">' + ("A2+A1" if i == 1 else "") + "</f></c>") for i in range(1, 60001))
    texts = [row(1, cell("A1", "x" * 30000, "text"))] + [row(i, f'<c r="A{i}" t="str"><f>A{i - 1}&amp;A{i - 1}</f></c>') for i in range(2, 200)]
    array = row(1, '<c r="A1"><f t="array" ref="A1:XFD1048576">A1:XFD1048576*1</f></c>')
    asked = [r.replace('<c r="C12"><v>27</v>', '<c r="C12"><f>C13</f>').replace('<c r="C13"><v>27</v>', '<c r="C13"><f>SUM(C12:C13)</f>') for r in form(LINES)]
    two = [sheet(row(1, text("A1", "S2!A1"))), sheet(row(1, text("A1", "S1!A1+S3!A1+'S 1'!A1")))]
    odd = "".join(text(f"{letters(i)}1", f) for i, f in enumerate(["", "=", "1/0", "SUM()", "SUM(,,,)", "IF(IF(IF(1,", "A1:B2:C3", "{1,2;3}", "2^2^2^2^99999", "REPT(\"x\",1E9)", "ROUND(1,1E300)", "-" * 30000 + "1", "1E999", "A1 A2", "#REF!+1", "ĐẾM(1)"], 1))
    return {"down": xlsx(sheet(chain)), "up": xlsx(sheet(back)), "ring": xlsx(sheet(ring)), "sums": xlsx(sheet(sums)), "shared": xlsx(sheet(shared)), "texts": xlsx(sheet(texts)),
            "array": xlsx(sheet(array)), "form": xlsx(asked), "sheets": xlsx(two), "odd": xlsx(sheet(row(1, odd)))}


def merged_oddly():
    area = lambda r: f'<mergeCell ref="{r}"/>'
    all_over = "".join(area(f"{letters(c)}{r}:XFD1048576") for r in range(1, 60) for c in range(1, 60))
    return {"over all": xlsx(form(LINES, more_merged=all_over)), "refs": xlsx(form(LINES, more_merged="".join(area(r) for r in ("M13:A1", "A1", "", "A1:", "A:A", "1:1", "A0:B0", "XFE1:XFF2", "A1:B2:C3")))),
            "each row": xlsx(form([(f"Lĩnh vực {i}", FIGURES) for i in range(3000)], more_merged="".join(area(f"A{i}:M{i}") for i in range(12, 3012)))),
            "header": xlsx(form(LINES, more_merged=area("A8:M11") + area("A8:M10") + area("C9:M13")))}


def circles():
    rel = lambda i, kind, target: f'<Relationship Id="{i}" Type="{REL}/{kind}" Target="{target}"/>'
    root = lambda body: [("_rels/.rels", f"<Relationships>{body}</Relationships>")]
    inside = [("xl/workbook.xml", BOOK.format(ONE_SHEET)), ("xl/_rels/workbook.xml.rels", f'<Relationships>{rel("rId1", "worksheet", "worksheets/sheet1.xml")}</Relationships>'), ("xl/worksheets/sheet1.xml", form(LINES))]
    return {"root to itself": zipped(root(rel("r", "officeDocument", "_rels/.rels")) + inside), "root to a sheet": zipped(root(rel("r", "officeDocument", "xl/worksheets/sheet1.xml")) + inside),
            "root outside": zipped(root(rel("r", "officeDocument", "../../../../etc/passwd")) + inside), "no root": zipped(inside), "root twice": zipped(root(rel("r", "officeDocument", "xl/none.xml") + rel("s", "officeDocument", "xl/workbook.xml")) + inside),
            "sheet to itself": xlsx(form(LINES), more=[related("comments", "sheet1.xml", rel("r2", "table", "../workbook.xml"))]), "outside": xlsx(form(LINES), more=[related("comments", "../../../../../../etc/passwd")]),
            "styles are the sheet": xlsx(form(LINES), rels=f'<Relationships>{rel("rId1", "worksheet", "worksheets/sheet1.xml")}{rel("s", "styles", "worksheets/sheet1.xml")}{rel("t", "sharedStrings", "workbook.xml")}</Relationships>'),
            "ids twice": xlsx(form(LINES), rels=f'<Relationships>{rel("rId1", "worksheet", "none.xml") * 1000}{rel("rId1", "worksheet", "worksheets/sheet1.xml")}</Relationships>'),
            "of relations": zipped([("_rels/.rels", "<Relationships>" * 100000)] + inside)}


def content_types_that_lie():
    types = lambda t: f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="{t}"/><Override PartName="/xl/workbook.xml" ContentType="{t}"/></Types>'
    def with_types(t, more=()):
        parts = [(i.filename, t if i.filename == "[Content_Types].xml" else z.read(i)) for z in [zipfile.ZipFile(io.BytesIO(good()))] for i in z.infolist()]
        return zipped([*more, *parts])
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return {"image": with_types(types("image/png")), "word": with_types(types(word)), "empty": with_types(""), "long": with_types("<Types>" + '<Default Extension="x" ContentType="y"/>' * 300000 + "</Types>"),
            "mimetype": with_types(types("x"), [("mimetype", "application/vnd.oasis.opendocument.spreadsheet")]), "both": with_types(types("x"), [("word/document.xml", "<w:document/>"), ("content.xml", "<x/>")]),
            "ods of a sheet": zipped([("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", form(LINES))]), "binary": with_types(types("x"), [("xl/workbook.bin", b"\0" * 100)])}


def entities():
    names = "abcdefghijk"
    bomb = '<!DOCTYPE x [<!ENTITY a "lol">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip(names, names[1:])) + '<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;]>'
    text = "<w:p><w:r><w:t>&k;</w:t></w:r></w:p>"
    whole = docx(text * 50)
    parts = [(i.filename, (bomb.encode() if i.filename.startswith("word/") else b"") + z.read(i)) for z in [zipfile.ZipFile(io.BytesIO(whole))] for i in z.infolist()]
    table = f'<?xml version="1.0"?>{bomb}<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="&k;"><Table><Row><Cell><Data ss:Type="String">&k;</Data></Cell></Row></Table></Worksheet></Workbook>'
    return {"docx.docx": zipped(parts), "ods.ods": ods(f"{bomb}<table:table-row><table:table-cell><text:p>&k;</text:p></table:table-cell></table:table-row>"), "2003.xls": table.encode(),
            "styles.xlsx": xlsx(form(LINES), styles=bomb + '<styleSheet><numFmts><numFmt numFmtId="200" formatCode="&k;"/></numFmts></styleSheet>'), "workbook.xlsx": xlsx(form(LINES), workbook=bomb + BOOK.format('<sheets><sheet name="&k;" sheetId="1" r:id="rId1"/></sheets>')),
            "relations.xlsx": xlsx(form(LINES), rels=bomb + f'<Relationships><Relationship Id="rId1" Type="{REL}/worksheet" Target="&k;"/></Relationships>')}


def rich_texts():
    run = "<r><rPr><b/></rPr><t>Sở </t></r>"
    shared = lambda si: xlsx(sheet('<row><c t="s"><v>0</v></c></row>'), shared=["<sst>", *si, "</sst>"])
    return {"runs": shared(["<si>", *[run * 1000] * 1000, "</si>"]), "phonetic": shared(["<si><t>a</t>", *['<rPh sb="0" eb="9"><t>x</t></rPh>' * 1000] * 1000, "</si>"]), "often": shared([f"<si>{run * 20}</si>" * 1000] * 300),
            "empty": shared(["<si/>" * 1000] * 1500), "inline": xlsx(sheet(["<row>", *[f'<c t="inlineStr"><is>{run * 30}</is></c>' * 100] * 1000, "</row>"]))}


def ignored_parts():
    padding = ["<extLst>", *["<ext><x>y</x></ext>" * 1000] * 1500, "</extLst>"]
    rules = ['<conditionalFormatting sqref="', "A1:XFD1048576 " * 100000, '"><cfRule type="expression"><formula>A1</formula></cfRule></conditionalFormatting>'] + ['<dataValidations>', *['<dataValidation sqref="A1"/>' * 1000] * 300, '</dataValidations>']
    head, *rest = form(LINES)
    tail = rest.pop()
    return {"after": xlsx([head, *rest, tail.replace("</worksheet>", ""), *padding, "</worksheet>"]), "before": xlsx([head.replace("<sheetData>", ""), *padding, "<sheetData>", *rest, tail]),
            "rules": xlsx([head, *rest, tail.replace("</worksheet>", ""), *rules, "</worksheet>"]), "other parts": xlsx(form(LINES), more=[(f"xl/media/image{i}.png", b"x") for i in range(15000)]),
            "calc chain": xlsx(form(LINES), more=[("xl/calcChain.xml", ["<calcChain>", *['<c r="A1" i="1"/>' * 1000] * 2000, "</calcChain>"])])}


def passwords():
    agile = lambda spin: b"\4\0\4\0\x40\0\0\0" + f'<encryption><keyData saltSize="16" blockSize="16"/><keyEncryptors><keyEncryptor><p:encryptedKey spinCount="{spin}"/></keyEncryptor></keyEncryptors></encryption>'.encode()
    sealed = lambda info: compound([("EncryptionInfo", info), ("EncryptedPackage", struct.pack("<Q", 1 << 62) + b"\7" * 9000)])
    protected = form(LINES)
    protected[-1] = protected[-1].replace("<mergeCells>", '<sheetProtection sheet="1" password="CC1A" spinCount="4294967295" hashValue="x"/><mergeCells>', 1)
    return {"agile.xlsx": sealed(agile(100000)), "spin.xlsx": sealed(agile(4294967295)), "long.xlsx": sealed(agile(1) + b"<x>" * 3000000), "standard.xlsx": sealed(b"\3\0\2\0\x24\0\0\0" + bytes(200)), "sealed.docx": sealed(agile(1)), "sealed.ods": sealed(agile(1)),
            "xor.xls": compound([("Workbook", BOF + record(0x2F, struct.pack("<HHH", 0, 1, 2)) + bytes(5000))]), "rc4.xls": compound([("Workbook", BOF + record(0x2F, struct.pack("<HHH", 1, 2, 2) + bytes(100)) + bytes(5000))]),
            "sheet locked.xlsx": xlsx(protected), "workbook locked.xlsx": xlsx(form(LINES), workbook=BOOK.format('<workbookProtection lockStructure="1" workbookPassword="CC1A"/>' + ONE_SHEET)),
            "ods.ods": zipped([("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("META-INF/manifest.xml", '<m:manifest><m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry></m:manifest>'), ("content.xml", bytes(range(256)) * 40)])}


# -- the zip around it ---------------------------------------------------------------------------------------------

class Streamed(io.RawIOBase):
    """A file that can't be sought in, so that zipfile writes data descriptors."""
    def __init__(self):
        self.pieces = []

    def writable(self):
        return True

    def write(self, piece):
        self.pieces.append(bytes(piece))
        return len(piece)


def repacked(method=zipfile.ZIP_DEFLATED, streamed=False, wide=False):
    out = Streamed() if streamed else io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(good()))
    with zipfile.ZipFile(out, "w", method) as z:
        for info in source.infolist():
            new = zipfile.ZipInfo(info.filename, (2023, 1, 1, 0, 0, 0))
            new.compress_type = method
            with z.open(new, "w", force_zip64=wide) as part:
                part.write(source.read(info))
    return b"".join(out.pieces) if streamed else out.getvalue()


def zip_dialects():
    whole = good()
    end = whole.rindex(b"PK\5\6")
    lists = whole.index(b"PK\1\2")
    disks = bytearray(whole)
    disks[end + 4:end + 8] = struct.pack("<HH", 3, 2)
    wide_end = lambda count, size, at: struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, at)
    locator = lambda at: struct.pack("<4sIQI", b"PK\6\7", 0, at, 1)
    tail = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    real = struct.unpack("<H", whole[end + 10:end + 12])[0]
    wide = lambda count, size, at, own: whole[:end] + wide_end(count, size, at) + locator(own) + tail
    bare = repacked(streamed=True).replace(b"PK\7\x08", b"")
    short = raw_entry("xl/workbook.xml", b"x", 1, 1, 0)
    return {"streamed": repacked(streamed=True), "stored": repacked(zipfile.ZIP_STORED), "stored streamed": repacked(zipfile.ZIP_STORED, streamed=True), "no signature": bare, "zip64": repacked(wide=True), "zip64 streamed": repacked(streamed=True, wide=True),
            "zip64 end": wide(real, end - lists, lists, end), "zip64 count": wide(1 << 62, end - lists, lists, end), "zip64 offset": wide(real, end - lists, (1 << 64) - 1, end), "zip64 to itself": wide(real, end - lists, lists, end + 56), "zip64 nowhere": wide(real, end - lists, lists, 1 << 63),
            "spanned": bytes(disks), "span mark": b"PK00" + whole, "first segment": b"PK\7\x08" + whole[:2000], "last segment": whole[lists - 100:], "end twice": whole + whole[end:], "end in its comment": whole[:end + 20] + struct.pack("<H", 22) + whole[end:],
            "no end": whole[:end], "list first": whole[lists:end] + whole[:lists] + whole[end:], "folders too": zipped([("xl/", ""), ("xl/worksheets/", "")] + [(i.filename, z.read(i)) for z in [zipfile.ZipFile(io.BytesIO(whole))] for i in z.infolist()]),
            "extra": raw_zip([short, (short[0], lambda at: short[1](at).replace(struct.pack("<HHHHHII", 15, 0, 0, 0, 0, 0, at), struct.pack("<HHHHHII", 15, 0xFFFF, 0, 0, 0, 0, at)))]),
            "crc": raw_zip([raw_entry(i.filename, deflated(z.read(i)), i.file_size, 7) for z in [zipfile.ZipFile(io.BytesIO(whole))] for i in z.infolist()])}


def in_a_zip():
    inner = good()

    def pack(entries, method=zipfile.ZIP_DEFLATED):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as z:
            for name, body, mode in entries:
                info = zipfile.ZipInfo(name, (2023, 1, 1, 0, 0, 0))
                info.create_system, info.external_attr, info.compress_type = 3, mode << 16, method
                z.writestr(info, body)
        return out.getvalue()
    plain = lambda *entries: pack([(n, b, 0o100644) for n, b in entries])
    special = pack([("link.xlsx", "/etc/passwd", 0o120777), ("dev.xlsx", "", 0o020666), ("pipe.xlsx", "", 0o010644), ("suid.xlsx", inner, 0o104755), ("folder.xlsx/", "", 0o040755), ("good.xlsx", inner, 0o100644)])
    name = lambda raw: raw_entry("N" * len(raw), deflated(inner), len(inner), zlib.crc32(inner))
    odd_names = [b"\xff\xfe.xlsx", "Sở.xlsx".encode("cp1258", "replace"), b"n\0ul.xlsx", b"x" * 65000 + b".xlsx", b"", b"/", b"//", b"a/b/" * 5000 + b"c.xlsx", "\u202exslx.a.xlsx".encode()]
    named = raw_zip([(local.replace(b"N" * len(raw), raw, 1), lambda at, line=line, raw=raw: line(at).replace(b"N" * len(raw), raw)) if raw else (local, line) for raw in odd_names for local, line in [name(raw)]])
    small = plain(("a.xlsx", inner))
    twice = raw_zip([raw_entry("a.xlsx", deflated(inner), len(inner), zlib.crc32(inner)), raw_entry("a.xlsx", deflated(b"x"), 1, zlib.crc32(b"x"))])
    page = "<html><table><tr><td>a</td></tr></table></html>"
    return {"special.zip": special, "odd names.zip": named, "empty files.zip": plain(("a.xlsx", b""), ("b.csv", b""), ("tốt.xlsx", inner)), "zips.zip": plain(*[(f"{i}.zip", small) for i in range(300)]),
            "same name.zip": twice, "xlsx is a zip.zip": plain(("a.xlsx", small), ("tốt.xlsx", inner)), "zip is an xlsx.zip": plain(("a.zip", inner)), "broken inside.zip": plain(("a.zip", small[:-9]), ("b.zip", b"PK"), ("c.zip", b""), ("tốt.xlsx", inner)),
            "all kinds.zip": plain(("a.xls", page), ("b.csv", "a;b\n1;2\n"), ("c.pdf", b"%PDF-1.4"), ("d.7z", b"7z\xbc\xaf\x27\x1c"), ("e.mht", "MIME-Version: 1.0\nContent-Type: text/html\n\n" + page), ("~$f.xlsx", b"x" * 165), ("units.csv", "code,name\n"), ("tốt.xlsx", inner)),
            "folder of dots.zip": plain(("./././a.xlsx", inner), ("a/../b.xlsx", inner), ("~/c.xlsx", inner))}


def bombs_behind_bombs():
    bomb = zipped([("a.xlsx", bytes(20 * MB))])
    return {"bombs.zip": zipped([(f"{i}.zip", bomb) for i in range(60)])}


# -- other formats -------------------------------------------------------------------------------------------------

def xlsb_oddities():
    text = lambda t: struct.pack("<I", len(t)) + t.encode("utf-16-le", "surrogatepass")
    book = lambda names: b"".join(xlsb_record(156, struct.pack("<II", 0, i) + text("r") + text(n)) for i, n in enumerate(names, 1))
    rels = f'<Relationships><Relationship Id="r" Type="{REL}/worksheet" Target="worksheets/sheet1.bin"/><Relationship Id="s" Type="{REL}/sharedStrings" Target="sharedStrings.bin"/></Relationships>'
    pack = lambda part, shared=b"", names=("S",): zipped([("xl/workbook.bin", book(names)), ("xl/_rels/workbook.bin.rels", rels), ("xl/worksheets/sheet1.bin", part), ("xl/sharedStrings.bin", shared)])
    row = lambda r: xlsb_record(0, struct.pack("<I", r) + bytes(13))
    number = lambda c, v: xlsb_record(5, struct.pack("<IId", c, 0, v))
    start, end = xlsb_record(145, b""), xlsb_record(146, b"") + xlsb_record(130, b"")
    formula = lambda tokens: xlsb_record(9, struct.pack("<IIdHI", 0, 0, 1.0, 0, len(tokens)) + tokens + bytes(4))
    return {"two million.xlsb": pack([start, *[row(r) + number(0, 1.0) * 2000 for r in range(1000)], end]), "string bomb.xlsb": pack([start, *[row(r) + xlsb_record(7, struct.pack("<III", 0, 0, 0)) * 1000 for r in range(1000)], end], [xlsb_record(159, struct.pack("<II", 1, 1)), xlsb_record(19, b"\0" + text("x" * 500000))]),
            "strings.xlsb": pack(start + end, [xlsb_record(159, bytes(8)), *[xlsb_record(19, b"\0" + text("abc")) * 1000] * 2500]), "formulas.xlsb": pack(start + row(0) + formula(b"\x15" * 60000) + formula(b"\x1e\1\0" * 20000 + b"\3" * 19999) + formula(b"\x44" + bytes(6)) + formula(b"\x17\xff\xff" + b"a") + end),
            "numbers.xlsb": pack(start + row(0) + b"".join(number(i, v) for i, v in enumerate([float("nan"), float("inf"), -0.0, 1e308, 5e-324])) + end), "order.xlsb": pack(start + row(9) + number(5, 1) + number(1, 2) + row(2) + number(1, 3) + row(9) + number(5, 4) + end),
            "surrogates.xlsb": pack(start + row(0) + xlsb_record(6, struct.pack("<II", 0, 0) + text("\ud800a\udfff")) + end), "names.xlsb": pack(start + row(0) + number(0, 1) + end, names=["../x", "CON", "\u202ea", "", "x" * 5000, "\ud800"]), "ten thousand.xlsb": pack(start + row(0) + number(0, 1) + end, names=["S"] * 10000),
            "no end.xlsb": pack(start + row(0) + number(0, 1)), "end first.xlsb": pack(end + start + row(0) + number(0, 1) + end)}


def xls_oddities():
    number = lambda r, c, v: record(0x203, struct.pack("<HHHd", r, c, 0, v))
    label = lambda t: record(0x204, struct.pack("<HHHHB", 0, 0, 0, len(t), 1) + t.encode("utf-16-le", "surrogatepass"))
    rk = record(0xBD, struct.pack("<HH", 0, 0) + struct.pack("<HI", 0, 0x3FF00000) * 250 + struct.pack("<H", 249))
    book = lambda cells, more=b"": compound([("Workbook", xls_stream(cells, more))])
    rich = record(0xFC, struct.pack("<II", 1, 1) + struct.pack("<HBHI", 3, 0x0C, 65535, 0xFFFFFFFF) + b"abc") + record(0x3C, bytes(8000)) * 60
    names = b"".join(record(0x18, struct.pack("<HBBHHHBBBB", 0, 0, 1, 0, 0, 1, 0, 0, 0, 0) + b"\0a") for _ in range(65536))
    formats = b"".join(record(0x41E, struct.pack("<HHB", 164 + i % 300, 200, 0) + b"d" * 200) for i in range(5000)) + record(0xE0, bytes(20)) * 60000
    shared = record(6, struct.pack("<HHHdHIH", 0, 0, 0, 1.0, 0, 0, 5) + b"\1\0\0\0\0") + record(0x4BC, struct.pack("<HHBBBBH", 0, 65535, 0, 255, 0, 0, 9) + b"\x4c" + bytes(8))
    return {"two million.xls": book(rk * 8000), "order.xls": book(number(9, 5, 1) + number(2, 1, 2) + number(9, 5, 3) + number(65535, 255, 4) + number(65535, 65535, 5)), "numbers.xls": book(b"".join(number(i, 0, v) for i, v in enumerate([float("nan"), float("-inf"), -0.0, 1e308, 5e-324]))),
            "1904.xls": book(number(0, 0, -1) + number(0, 1, 1e9), record(0x22, b"\1\0")), "surrogates.xls": book(label("\ud800x\udfff")), "rich.xls": book(number(0, 0, 1), rich), "names.xls": book(number(0, 0, 1), names), "formats.xls": book(number(0, 0, 1), formats), "shared.xls": book(shared * 3000),
            "notes.xls": book(number(0, 0, 1) + record(0x1C, bytes(12)) * 60000 + record(0x5D, bytes(8000)) * 500), "codepage.xls": book(label("a"), record(0x42, b"\xff\xff") * 50), "bof in bof.xls": book(BOF_SHEET * 5000 + number(0, 0, 1) + EOF * 5000), "two books.xls": compound([("Book", xls_stream(number(0, 0, 1))), ("Workbook", xls_stream(number(0, 0, 2)))]),
            "sheet name.xls": compound([("Workbook", (lambda at: BOF + record(0x85, struct.pack("<IBBBB", at, 0, 0, 6, 1) + "\u202e/../".encode("utf-16-le")) + EOF + BOF_SHEET + number(0, 0, 1) + EOF)(len(BOF) + 4 + 20 + 4))])}


def ods_oddities():
    cells = lambda body: f"<table:table-row>{body}</table:table-row>"
    value = lambda v, kind="float": f'<table:table-cell office:value-type="{kind}" office:value="{v}" office:date-value="{v}"/>'
    text = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    tables = '</table:table><table:table table:name="../CON">'
    style = lambda n, p: f'<style:style style:name="{n}" style:parent-style-name="{p}"/>'
    chain = "<office:automatic-styles>" + style("a", "b") + style("b", "a") + "".join(style(f"s{i}", f"s{i + 1}") for i in range(100000)) + "</office:automatic-styles>"
    formula = lambda f: f'<table:table-cell table:formula="{f}" office:value-type="float"/>'
    return {"tables": ods([cells(text) + tables] * 10000), "values": ods(cells("".join(value(v) for v in ("NaN", "INF", "1e999", "-0", "", "x", "1e308")) + "".join(value(v, "date") for v in ("2023-02-30", "99999-01-01", "", "x")))), "long": ods(["<table:table-row><table:table-cell><text:p>", *["x" * MB] * 100, "</text:p></table:table-cell></table:table-row>"]),
            "notes": ods([cells(f'<table:table-cell><office:annotation><text:p>{"x" * 1000}</text:p></office:annotation><text:p>1</text:p></table:table-cell>')] * 20000), "sub-tables": ods(cells("<table:table-cell><table:table>" * 100000)), "styles": ods(cells(text), styles=chain),
            "formulas": ods(cells(formula("of:=[.A1]") + formula("of:=SUM([.A1:.XFD1048576])") + formula("of:=" + "(" * 100000) + formula("msoxl:=1") + formula("=[" * 1000))), "paragraphs": ods([f'<table:table-row><table:table-cell>{"<text:p>x</text:p>" * 100}</table:table-cell></table:table-row>'] * 10000),
            "repeated formula": ods(cells('<table:table-cell table:number-columns-repeated="16384" table:formula="of:=[.A1]+1" office:value-type="float" office:value="1"/>') * 100), "no content": zipped([("mimetype", "application/vnd.oasis.opendocument.spreadsheet")])}


def docx_oddities():
    par = lambda t, more="": f"<w:p>{more}<w:r><w:t>{t}</w:t></w:r></w:p>"
    listed = par("x", '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>')

    def numbered(fmt, start, text="%1.", count=300):
        numbering = f'<w:numbering><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="{fmt}"/><w:lvlText w:val="{text}"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
        z = zipfile.ZipFile(io.BytesIO(docx(listed * count)))
        return zipped([(i.filename, z.read(i)) for i in z.infolist()] + [("word/_rels/document.xml.rels", f'<Relationships><Relationship Id="n" Type="{REL}/numbering" Target="numbering.xml"/></Relationships>'), ("word/numbering.xml", numbering)])
    cell = lambda body="", more="": f"<w:tc>{more}{body}{par('1')}</w:tc>"
    merge = lambda kind: cell(more=f'<w:tcPr><w:vMerge w:val="{kind}"/></w:tcPr>')
    inside = "<w:tbl><w:tr><w:tc>" * 25 + par("1") + "</w:tc></w:tr></w:tbl>" * 25
    return {"roman.docx": numbered("upperRoman", 4294967295), "roman often.docx": numbered("lowerRoman", 3999999999, "%1" * 5000), "letters.docx": numbered("lowerLetter", 4294967295), "level text.docx": numbered("decimal", 1, "x" * 500000), "start.docx": numbered("decimal", -1, "%0%1%9%%"),
            "controls.docx": docx(["<w:sdt><w:sdtContent>" * 30000, par("1")]), "deletions.docx": docx("<w:del>" * 30000 + par("1")), "fields.docx": docx(("<w:p>" + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * 30000 + "</w:p>")), "alternate.docx": docx("<mc:AlternateContent><mc:Choice>" * 30000 + par("1")),
            "merged down.docx": docx(["<w:tbl>", *["<w:tr>" + merge("continue") * 60 + "</w:tr>"] * 2000, "</w:tbl>"]), "tables in tables.docx": docx("<w:tbl>" + ("<w:tr>" + cell(inside) + "</w:tr>") * 300 + "</w:tbl>"), "no cells.docx": docx("<w:tbl>" + "<w:tr/>" * 100000 + "</w:tbl>"), "grid.docx": docx("<w:tbl><w:tblGrid>" + "<w:gridCol/>" * 100000 + "</w:tblGrid><w:tr>" + cell() + "</w:tr></w:tbl>")}


def html_oddities():
    page = lambda body: ("<html><meta charset=utf-8><body>" + body).encode()
    cell = "<table><tr><td>1<td>2</table>"
    return {"utf-7": b"<html><meta charset=utf-7><table><tr><td>+ADw-b+AD4-</table>", "charsets": b"<html>" + b"<meta charset=utf-16>" * 1000 + cell.encode(), "utf-16": ("\ufeff<html>" + cell).encode("utf-16-le"), "no close": page("<table>" * 300 + "<td>1"), "conditional": page("<!--[if gte mso 9]><xml>" * 20000 + cell), "cdata": page("<![CDATA[" * 50000 + cell),
            "spans": page("<table><tr>" + "".join(f"<td colspan={n} rowspan={n}>1" for n in ("0", "-1", "99999999999", "x", "1e9", "2.5")) + "</table>"), "numbers": page("<table><tr>" + "".join(f'<td x:num="{n}">1' for n in ("1e308", "NaN", "", "-0", "9" * 400)) + "</table>"), "forms": page("<table><tr>" + "<td><select><option>1</select><input value=2>" * 20000 + "</table>"),
            "breaks": page("<table><tr><td>" + "<br>" * 1000000 + "1</table>"), "tables": page("<table><tr><td>1<td>2</table>" * 50000), "lists": page("<ul><li>" * 100000 + cell), "frames": page("<frameset>" + "<frame src=file:///etc/passwd>" * 10000 + "</frameset>" + cell), "classes": page("<style>" + "".join(f".a{i}{{mso-number-format:0}}" for i in range(100000)) + "</style>" + cell)}


def mht_bombs():
    mail = lambda body, kind='multipart/related; boundary="b"': f"MIME-Version: 1.0\r\nContent-Type: {kind}\r\n\r\n{body}".encode()
    part = lambda body, more="": f"--b\r\nContent-Type: text/html\r\n{more}\r\n{body}\r\n"
    page = "<html><table><tr><td>1</td><td>2</td></tr></table></html>"
    frames = "<xml><x:ExcelWorkbook><x:ExcelWorksheets>" + '<x:ExcelWorksheet><x:Name>S</x:Name><x:WorksheetSource HRef="p.htm"/></x:ExcelWorksheet>' * 3000 + "</x:ExcelWorksheets></x:ExcelWorkbook></xml>"
    wide = "<table>" + ("<tr>" + "<td>1</td>" * 100 + "</tr>") * 300 + "</table>"
    deep = "".join(f'--b{i}\r\nContent-Type: multipart/mixed; boundary="b{i + 1}"\r\n\r\n' for i in range(2000))
    whole = good()
    coded = lambda b: base64.encodebytes(b).decode()
    return {"good.mht": mail(part(page) + "--b--"), "no boundary.mht": mail(part(page), "multipart/related"), "empty boundary.mht": mail("--\r\n\r\n" + page + "\r\n--", 'multipart/related; boundary=""'), "long boundary.mht": mail(page, f'multipart/related; boundary="{"b" * MB}"'), "deep.mht": mail(deep + page, 'multipart/mixed; boundary="b0"'),
            "itself.mht": mail('--b\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n' * 20000 + page), "parts.mht": mail(part("") * 100000 + "--b--"), "pages.mht": mail(part(page) * 5000 + "--b--"), "one page often.mht": mail(part(frames) + part(wide, "Content-Location: p.htm\r\n") + "--b--"),
            "base64.mht": mail(part("=" * 1000000 + "!" * 1000, "Content-Transfer-Encoding: base64\r\n") + "--b--"), "quoted.mht": mail(part("=" * 3000000 + "=C3=", "Content-Transfer-Encoding: quoted-printable\r\n") + "--b--"), "headers.mht": b"MIME-Version: 1.0\r\n" + b"X-Y: z\r\n" * 300000 + b"\r\n" + page.encode(),
            "folded.mht": b"MIME-Version: 1.0\r\nContent-Type: text/html;\r\n" + b" x\r\n" * 1000000 + b"\r\n" + page.encode(), "charset.mht": mail(page, "text/html; charset=x-nothing"), "xlsx inside.mht": mail(f"--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n{coded(whole)}\r\n--b--")}


def xml2003_bombs():
    ss = "urn:schemas-microsoft-com:office:spreadsheet"
    book = lambda body, styles="": (f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{ss}" xmlns:ss="{ss}">{styles}{body}</Workbook>').encode()
    table = lambda rows, more="": f'<Worksheet ss:Name="S"><Table{more}>{rows}</Table></Worksheet>'
    cell = lambda more="", data="1", kind="Number": f'<Cell{more}><Data ss:Type="{kind}">{data}</Data></Cell>'
    row = lambda cells, more="": f"<Row{more}>{cells}</Row>"
    styles = "<Styles>" + "".join(f'<Style ss:ID="s{i}" ss:Parent="s{(i + 1) % 1000}"><NumberFormat ss:Format="{"d" * 300}"/></Style>' for i in range(100000)) + "</Styles>"
    columns = '<Column ss:StyleID="s1" ss:Span="16383"/>' * 20000
    odd = ["0", "-1", "4294967295", "99999999999999999999", "x", "1048577"]
    return {"good.xls": book(table(row(cell() * 3))), "index.xls": book(table("".join(row(cell(f' ss:Index="{n}"'), f' ss:Index="{n}"') for n in odd))), "merged.xls": book(table("".join(row(cell(f' ss:MergeAcross="{n}" ss:MergeDown="{n}"') * 50) for n in odd * 100))),
            "expanded.xls": book(table(row(cell()), ' ss:ExpandedRowCount="4294967295" ss:ExpandedColumnCount="4294967295"')), "spans.xls": book(table(row(cell(), ' ss:Span="4294967295" ss:Hidden="1"') * 20000)), "sheets.xls": book(table(row(cell())) * 10000), "two million.xls": book(table(row(cell() * 1000) * 1500)), "columns.xls": book(table(columns + row("<Cell/>" * 1000) * 300 + row(cell() * 900) * 20)),
            "styles.xls": book(table(row(cell(' ss:StyleID="s1"'))), styles), "deep.xls": book("<Worksheet><Table>" * 100000), "rich.xls": book(table(row('<Cell><Data ss:Type="String">' + "<B>x</B>" * 300000 + "</Data></Cell>"))), "values.xls": book(table(row("".join(cell("", d, k) for d in ("NaN", "1e999", "", "-0", "2023-02-30T00:00:00.000", "x") for k in ("Number", "DateTime", "Boolean", "Error", "Odd"))))),
            "formulas.xls": book(table(row("".join(f'<Cell ss:Formula="{f}"><Data ss:Type="Number">1</Data></Cell>' for f in ("=RC", "=R[-99999]C[-99999]", "=R1C1:R1048576C16384", "=" + "(" * 50000, "=R[1]C" * 5000, "=R99999999999C1"))))), "names.xls": book("".join(f'<Worksheet ss:Name="{n}"><Table>{row(cell())}</Table></Worksheet>' for n in ("../x", "CON", "&#x202E;a", "", "x" * 9000))), "cut.xls": book(table(row(cell() * 500)))[:2000]}
