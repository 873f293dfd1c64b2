"""Every kind of hostile workbook: name → bytes (a dict of several, where one kind has many)."""
import random
import struct
import zipfile
import zlib

from build import (BOF, BOF_SHEET, EOF, FIGURES, HEAD, MAIN, REL, cell, compound, deflated, docx, form, good, letters, ods,
                   one, raw_entry, raw_zip, record, sheet, xls_stream, xlsb_record, xlsx, zipped)
from odd import (bombs_behind_bombs, cell_order, circles, comments, content_types_that_lie, dates, defined_names, docx_oddities, entities, escapes, formula_chains,
                 html_oddities, ignored_parts, in_a_zip, merged_oddly, mht_bombs, numbers_in_a_form, ods_oddities, passwords, rich_texts, sheet_names,
                 ten_thousand_sheets, xls_oddities, xlsb_oddities, xml2003_bombs, zip_dialects)
from stages import endless_headers, endless_lines, endless_prose, long_formulas, long_texts, register

MB = 1 << 20
BLANK = b" " * MB

# -- sizes and bombs ---------------------------------------------------------------------------------------------

def sparse_corners():
    return xlsx(sheet(f'<row r="1">{cell("A1", 1)}</row><row r="1048576">{cell("XFD1048576", 2)}</row>'))


def string_bomb():
    return xlsx(sheet(['<row>' + '<c t="s"><v>0</v></c>' * 1000 + '</row>'] * 1000), shared=["<sst><si><t>", b"x" * MB, "</t></si></sst>"])


def one_cell_of_100_mb():
    return xlsx(sheet(["<row><c t=\"inlineStr\"><is><t>", *[b"x" * MB] * 100, "</t></is></c></row>"]))


def many_long_cells():
    return xlsx(sheet(["<row>", *[f'<c t="inlineStr"><is><t>{"Sở Y tế " * 4000}</t></is></c>'] * 1500, "</row>"]))


def zip_bomb():
    return xlsx(sheet([BLANK] * 1000))


def million_small_strings():
    return xlsx(sheet(one()), shared=["<sst>", *["<si><t>a</t></si>" * 1000] * 3000, "</sst>"])


def shared_strings_that_promise():
    return xlsx(sheet('<row><c t="s"><v>4294967295</v></c><c t="s"><v>-1</v></c><c t="s"><v>99999999999999999999</v></c></row>'),
                shared='<sst count="4294967295" uniqueCount="18446744073709551615"><si><t>a</t></si></sst>')


def lying_sizes():
    data = f"<worksheet {MAIN}><sheetData>".encode() + b" " * (200 * MB)
    found = {}
    for name, size in (("small", 10), ("huge", 0xFFFFFFFE), ("negative", 0x80000000)):
        parts = [raw_entry("xl/workbook.xml", deflated(WORKBOOK), len(WORKBOOK), zlib.crc32(WORKBOOK)),
                 raw_entry("xl/_rels/workbook.xml.rels", deflated(RELATIONS), len(RELATIONS), zlib.crc32(RELATIONS)),
                 raw_entry("xl/worksheets/sheet1.xml", deflated(data), size, zlib.crc32(data))]
        found[name] = raw_zip(parts)
    return found


WORKBOOK = f'<workbook {MAIN} xmlns:r="{REL}"><sheets><sheet name="S" sheetId="1" r:id="r"/></sheets></workbook>'.encode()
RELATIONS = f'<Relationships><Relationship Id="r" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'.encode()


def overlapping_entries():
    body = deflated(b"a" * MB)
    first = raw_entry("xl/workbook.xml", body, MB, zlib.crc32(b"a" * MB))
    rest = [raw_entry(f"xl/worksheets/sheet{i}.xml", body, MB, zlib.crc32(b"a" * MB)) for i in range(2000)]
    lines = [(first[0], first[1]), *[(b"", r[1]) for r in rest]]
    return raw_zip(lines, offsets=[0] * len(lines))


def list_that_promises():
    part = raw_entry("xl/workbook.xml", deflated(WORKBOOK), len(WORKBOOK), zlib.crc32(WORKBOOK))
    return {"65534": raw_zip([part], promised=65534), "0": raw_zip([part], promised=0),
            "wild offset": raw_zip([part], offsets=[0xFFFFFFF0])}


def million_entries():
    part = raw_entry("a", b"", 0, 0, method=0)
    whole = part[0] * 60000
    lines = b"".join(part[1](31 * i) for i in range(60000))
    return whole + lines + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 60000, 60000, len(lines), len(whole), 0)


def duplicate_names():
    base = [("xl/workbook.xml", WORKBOOK), ("xl/_rels/workbook.xml.rels", RELATIONS),
            ("xl/worksheets/sheet1.xml", sheet(one())), ("XL/worksheets/SHEET1.xml", sheet(one(value="2")))]
    return zipped(base)


# -- XML ---------------------------------------------------------------------------------------------------------

def quadratic_attributes():
    return {"many": xlsx(sheet(["<row><c ", *[f'a{i}="{i}" ' for i in range(300000)], 'r="A1"><v>1</v></c></row>'])),
            "same": xlsx(sheet(['<row><c ', 'x="1" ' * 500000, '><v>1</v></c></row>'])),
            "long": xlsx(sheet(['<row><c x="', *[b"y" * MB] * 50, '"><v>1</v></c></row>']))}


def deep_nesting():
    return {"sheet": xlsx(sheet(["<a>" * 1000] * 2000)), "cell": xlsx(sheet(["<row><c>" + "<is>" * 1000] + ["<is>" * 1000] * 1000)),
            "text": xlsx(sheet(one()), shared=["<sst>", *["<si><r>" * 1000] * 1000]),
            "workbook": xlsx(sheet(one()), workbook="<workbook>" + "<sheets>" * 1000000)}


def billion_laughs():
    names = "abcdefghijk"
    entities = '<!ENTITY a "lol">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip(names, names[1:]))
    bomb = f"<?xml version='1.0'?><!DOCTYPE x [{entities}]>"
    use = '<row><c t="inlineStr"><is><t>&k;&k;</t></is></c></row>'
    outside = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY k SYSTEM 'file:///etc/passwd'>]>"
    return {"sheet": xlsx([bomb + f"<worksheet {MAIN}><sheetData>{use}</sheetData></worksheet>"]),
            "shared": xlsx(sheet('<row><c t="s"><v>0</v></c></row>'), shared=bomb + "<sst><si><t>&k;</t></si></sst>"),
            "outside": xlsx([outside + f"<worksheet {MAIN}><sheetData>{use}</sheetData></worksheet>"]),
            "quadratic": xlsx([f'<!DOCTYPE x [<!ENTITY k "{"x" * 100000}">]><worksheet {MAIN}><sheetData><row><c t="inlineStr"><is><t>' + "&k;" * 100000 + "</t></is></c></row></sheetData></worksheet>"]),
            "html": ("<!DOCTYPE html [" + entities + "]><table><tr><td>&k;</td></tr></table>").encode()}


def odd_letters():
    s = lambda t: sheet(f'<row><c t="inlineStr"><is><t>{t}</t></is></c></row>')
    plain = "".join(s("a"))
    return {"surrogates": xlsx(s("&#xD800;&#xDFFF;&#55296;")), "nul": xlsx(s("a\0b&#0;")), "over": xlsx(s("&#x110000;&#99999999999;")),
            "utf16": xlsx([plain.encode("utf-16")]), "utf16 odd": xlsx([plain.encode("utf-16") + b"\xd8"]),
            "utf16 lone": xlsx([plain.encode("utf-16-le").replace(b"a\0<", b"\x00\xd8<")]),
            "latin": xlsx(["".join(s("é")).replace("UTF-8", "windows-1258").encode("latin-1")]),
            "not utf8": xlsx([b"".join([plain.encode()[:-40], b"\xff\xfe\xc0\x80", plain.encode()[-40:]])]),
            "x escape": xlsx(s("_xD800__x0000__xFFFF__x")), "bidi": xlsx(s("\u202e1.000\u202c \u2066x\u200b")),
            "ampersands": xlsx(s("&" * 1000000)), "no end": xlsx(["<worksheet><sheetData><row><c><v>1"]),
            "cdata": xlsx(s("<![CDATA[" * 100000)), "comment": xlsx(s("<!--" * 100000)), "pi": xlsx(s("<?x " * 100000))}


# -- claims of sheets --------------------------------------------------------------------------------------------

def huge_claims():
    cols = '<cols><col min="1" max="16384" hidden="1"/><col min="0" max="4294967295" hidden="1"/><col min="9" max="1" hidden="1"/></cols>'
    row = lambda r: f'<row r="{r}" hidden="1">{cell("A1", 1)}</row>'
    return {"dimension": xlsx(sheet(one(), before='<dimension ref="A1:XFD1048576"/>' + cols)),
            "rows": xlsx(sheet("".join(row(r) for r in ("0", "-1", "4294967295", "99999999999999999999", "x")))),
            "cells": xlsx(sheet("<row>" + "".join(cell(r, 1) for r in ("XFE1", "A1048577", "AAAAAAAAAAAA1", "A99999999999", "1A", "", "A0")) + "</row>")),
            "columns": xlsx(sheet(["<row>", *["<c><v>1</v></c>" * 1000] * 20, "</row>"])),
            "cols": xlsx(sheet(one(), before="<cols>" + '<col min="1" max="16384" hidden="1"/>' * 100000 + "</cols>"))}


def ten_million_empty_rows():
    return {"plain": xlsx(sheet(["<row/>" * 10000] * 1000)), "hidden": xlsx(sheet(['<row hidden="1"/>' * 1000] * 3000)),
            "cells": xlsx(sheet(["<row>" + "<c/>" * 1000 + "</row>"] * 5000))}


def million_cells():
    return {"900k": xlsx(sheet(["<row>" + "<c><v>7</v></c>" * 900 + "</row>"] * 1000)),
            "2M": xlsx(sheet(["<row>" + "<c><v>7</v></c>" * 2000 + "</row>"] * 1000))}


def merged_areas():
    many = "".join(f'<mergeCell ref="A{i}:B{i}"/>' for i in range(1, 1000001))
    whole = '<mergeCell ref="A1:XFD1048576"/>' * 50000
    lines = [(f"Lĩnh vực {i}", FIGURES) for i in range(300)]
    under = "".join(f'<mergeCell ref="A{i}:B{i}"/>' for i in range(2000, 90000))
    return {"million": xlsx(sheet(one(), after=f"<mergeCells>{many}</mergeCells>")),
            "whole": xlsx(sheet(one(), after=f"<mergeCells>{whole}</mergeCells>")),
            "form": xlsx(form(lines, more_merged=under)), "form under one": xlsx(form(lines, more_merged=whole))}


def million_sheets():
    listed = "".join(f'<sheet name="S{i}" sheetId="{i}" r:id="rId1"/>' for i in range(1000000))
    few = "".join(f'<sheet name="S{i}" sheetId="{i}" r:id="rId1"/>' for i in range(900))
    book = lambda s: f'<workbook {MAIN} xmlns:r="{REL}"><sheets>{s}</sheets></workbook>'
    return {"listed": xlsx(sheet(one()), workbook=book(listed)),
            "one part shown often": xlsx(sheet(["<row>" + "<c><v>7</v></c>" * 1000 + "</row>"] * 300), workbook=book(few)),
            "one form shown often": xlsx(form([("Giá", FIGURES)] * 50), workbook=book(few)),
            "relations": xlsx(sheet(one()), rels="<Relationships>" + "".join(f'<Relationship Id="rId{i}" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/>' for i in range(500000)) + "</Relationships>")}


def styles():
    return {"million": xlsx(sheet(one()), styles=["<styleSheet><cellXfs>", *['<xf numFmtId="0"/>' * 1000] * 3000, "</cellXfs></styleSheet>"]),
            "long": xlsx(sheet("<row><c s=\"0\"><v>1</v></c></row>"), styles=['<styleSheet><numFmts><numFmt numFmtId="200" formatCode="', *[b"d" * MB] * 20, '"/></numFmts><cellXfs>', '<xf numFmtId="200"/>' * 100000, "</cellXfs></styleSheet>"]),
            "odd": xlsx(sheet("<row><c s=\"-1\"><v>1</v></c><c s=\"99999\"><v>1</v></c></row>"), styles='<styleSheet><cellXfs><xf numFmtId="-5" fontId="99999"/></cellXfs></styleSheet>')}


def relations():
    r = lambda target: f'<Relationships><Relationship Id="rId1" Type="{REL}/worksheet" Target="{target}"/></Relationships>'
    targets = {"up": "../../../../../../etc/passwd", "root": "/etc/passwd", "file": "file:///etc/passwd", "web": "http://127.0.0.1:1/x",
               "itself": "workbook.xml", "empty": "", "long": "../" * 200000 + "x"}
    found = {name: xlsx(sheet(one()), rels=r(t)) for name, t in targets.items()}
    found["outside links"] = xlsx(sheet(one()), more=[("xl/externalLinks/externalLink1.xml", "<externalLink><externalBook/></externalLink>"),
        ("xl/externalLinks/_rels/externalLink1.xml.rels", '<Relationships><Relationship Id="r" Type="x" Target="http://127.0.0.1:1/x.xlsx" TargetMode="External"/></Relationships>')])
    return found


def values():
    texts = ["1e999", "-1e999", "NaN", "INF", "1e-999", "9" * 400, "0." + "3" * 100000, "", " ", "1,5", "0x10", "1_000", "--1", "2958466", "-1e15", "1e300"]
    dates = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    plain = "".join(f"<c><v>{t}</v></c>" for t in texts) + "".join(f'<c s="1"><v>{t}</v></c>' for t in texts)
    return {"sheet": xlsx(sheet(f"<row>{plain}</row>"), styles=dates),
            "form": xlsx(form([(t[:60] or "x", [t[:30000]] * 11) for t in texts])),
            "kinds": xlsx(sheet('<row>' + "".join(f'<c t="{t}"><v>x</v></c>' for t in ("n", "b", "e", "s", "str", "d", "inlineStr", "zz", "")) + "</row>"))}


# -- formulas ----------------------------------------------------------------------------------------------------

def formulas():
    f = lambda ref, text: cell(ref, 1, formula=text)
    cyc = f("A1", "B1") + f("B1", "A1") + f("C1", "C1") + f("D1", "SUM(A1:XFD1048576)")
    shared = '<c r="A1"><f t="shared" si="0"/><v>1</v></c><c r="B1"><f t="shared" si="0" ref="A1:B9">C1</f><v>1</v></c><c r="C1"><f t="shared" si="0" ref="A1:B9">A1</f></c><c r="D1"><f t="shared" si="4294967295"/></c>'
    storm = '<row><c r="A1"><f t="shared" si="0" ref="A1:A1048576">' + "A1+" * 10000 + '1</f></c>' + '<c><f t="shared" si="0"/></c>' * 100000 + "</row>"
    far = '<c r="A1"><f t="shared" si="0" ref="A1:B9">XFD1048576+A1+99999999999999999999:1</f></c><c r="XFD1048576"><f t="shared" si="0"/></c>'
    lines = [(f"Lĩnh vực {i}", FIGURES) for i in range(3)]
    rows = form(lines)
    looped = [r.replace('<c r="C12"><v>', '<c r="C12"><f>C12+D13+SUM(C1:C9999)</f><v>').replace('<c r="D13"><v>', '<c r="D13"><f>C12</f><v>') for r in rows]
    return {"cyclic": xlsx(sheet(f"<row>{cyc}</row>")), "shared": xlsx(sheet(f"<row>{shared}</row>")), "storm": xlsx(sheet(storm)),
            "far": xlsx(sheet(f"<row>{far}</row>")), "long": xlsx(sheet(f'<row>{f("A1", "(" * 3000000)}</row>')), "form": xlsx(looped),
            "deep": xlsx([r.replace('<c r="C12"><v>', f'<c r="C12"><f>{"SUM(" * 5000}A1{")" * 5000}</f><v>') for r in rows]),
            "wide": xlsx([r.replace('<c r="C12"><v>', '<c r="C12"><f>SUM(A1:XFD1048576)+SUM(1:1048576)+SUM(A:XFD)</f><v>') for r in rows])}


def injection():
    nasty = ["=cmd|' /C calc'!A0", "=HYPERLINK(\"http://127.0.0.1:1\",\"x\")", "+1+cmd", "@SUM(1)", "-2+3", "\t=1", "DDE", "=IMPORTXML(1)"]
    escaped = [n.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;") for n in nasty]
    return xlsx(form([(n, [n] * 11) for n in escaped], unit="=1+1 ../../../etc"))


# -- what the later stages read ------------------------------------------------------------------------------------

def long_forms():
    figures = FIGURES
    return {"20k lines": xlsx(form([(f"Lĩnh vực {i}", figures) for i in range(20000)])),
            "same lines": xlsx(form([("Đất đai", figures)] * 5000)),
            "numbered": xlsx(form([("1." * 2000 + str(i), figures) for i in range(2000)])),
            "long labels": xlsx(form([("Lĩnh vực đất đai " * 1900, figures)] * 200)),
            "distinct long labels": xlsx(form([(f"Lĩnh vực số {i} " + "quản lý đất đai " * 60, figures) for i in range(2000)])),
            "texts for figures": xlsx(form([(f"Lĩnh vực {i}", ["1.234.567,89 đồng " * 500] * 11) for i in range(100)])),
            "huge figures": xlsx(form([(f"Lĩnh vực {i}", ["999999999999999999"] * 11) for i in range(200)])),
            "wrong everywhere": xlsx(form([(f"Lĩnh vực {i}", [str((i * k * 7919) % 1000) for k in range(1, 12)]) for i in range(2000)])),
            "wrong everywhere, at length": xlsx(form([(f"Lĩnh vực {i}", [str((i * k * 7919) % 1000) for k in range(1, 12)]) for i in range(10000)])),
            "unit": xlsx(form([("Giá", figures)], unit="Sở " * 10000)),
            "period": xlsx([p.replace("Quý I năm 2023", "Quý I năm 2023, " * 2000) for p in form([("Giá", figures)])])}


def many_headers():
    row = lambda r: f'<row r="{r}">' + "".join(cell(f"{letters(c)}{r}", t, "text") for c, t in enumerate(["STT", "Lĩnh vực giải quyết", "Tổng số", "Trong kỳ", "Từ kỳ trước"] * 20, 1)) + "</row>"
    wide = '<row r="1">' + "".join(cell(f"{letters(c)}1", f"({c})", "text") for c in range(1, 16385)) + "</row>"
    sums = '<row r="1">' + "".join(cell(f"{letters(c)}1", f"({c})=" + "+".join(f"({i})" for i in range(1, 200)), "text") for c in range(1, 1000)) + "</row>"
    figures = "".join(f'<row r="{r}">' + "".join(cell(f"{letters(c)}{r}", 1) for c in range(1, 1000)) + "</row>" for r in range(2, 300))
    captions = "".join(f'<row r="{r}">' + "".join(cell(f"{letters(c)}{r}", "Tổng số hồ sơ", "text") for c in range(1, 500)) + "</row>" for r in range(1, 300))
    return {"rows": xlsx(sheet([row(r) for r in range(1, 2000)])), "wide": xlsx(sheet(wide)), "sums": xlsx(sheet(sums + figures)),
            "captions": xlsx(sheet(captions)), "forms": xlsx(sheet([p for i in range(1) for p in form([("Giá", FIGURES)])[1:-1]] * 300)),
            "total rows": xlsx(form([("Tổng cộng", FIGURES)] * 3000)), "sections": xlsx(form([("A. Sở, ban, ngành", [])] * 5000))}


# -- transfer and packing ------------------------------------------------------------------------------------------

def truncated():
    whole = good()
    return {f"{n:06}": whole[:n] for n in [*range(1, 200, 37), *range(200, len(whole), max(1, len(whole) // 40))]}


def bit_flips():
    whole = good()
    dice = random.Random(1)
    found = {}
    for n in range(60):
        bent = bytearray(whole)
        for _ in range(1 + n % 5):
            bent[dice.randrange(len(bent))] ^= 1 << dice.randrange(8)
        found[f"{n:02}"] = bytes(bent)
    stored = bytearray(xlsx(form([("Quản lý giá", FIGURES)]), method=zipfile.ZIP_STORED))
    for n in range(60):
        bent = bytearray(stored)
        for _ in range(3):
            bent[dice.randrange(len(bent))] = dice.randrange(256)
        found[f"stored {n:02}"] = bytes(bent)
    return found


def methods():
    data = "".join(sheet(one())).encode()
    found = {"lzma": xlsx(sheet(one()), method=zipfile.ZIP_LZMA), "bzip2": xlsx(sheet(one()), method=zipfile.ZIP_BZIP2),
             "comment": good()[:-2] + struct.pack("<H", 65535) + b"P" * 65535, "prefix": b"MZ" + b"\0" * 5000 + good(),
             "twice": good() + good(), "tail": good() + b"\0" * 5000}
    for name, method, flags in (("99", 99, 0), ("encrypted", 8, 1), ("aes", 99, 1), ("descriptor", 8, 8), ("patched", 8, 32)):
        parts = [raw_entry("xl/workbook.xml", deflated(WORKBOOK), len(WORKBOOK), zlib.crc32(WORKBOOK), method, flags),
                 raw_entry("xl/worksheets/sheet1.xml", deflated(data), len(data), zlib.crc32(data), method, flags)]
        found[name] = raw_zip(parts)
    return found


def missing_parts():
    whole = [("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", WORKBOOK), ("xl/_rels/workbook.xml.rels", RELATIONS), ("xl/worksheets/sheet1.xml", sheet(one()))]
    found = {f"no {whole[i][0].rsplit('/', 1)[-1]}": zipped(whole[:i] + whole[i + 1:]) for i in range(4)}
    found["nothing"] = zipped([])
    found["empty parts"] = zipped([(name, "") for name, _ in whole])
    found["folders"] = zipped([("xl/", ""), ("xl/workbook.xml/", "")])
    return found


def macros_and_comments():
    return xlsx(sheet(one()), more=[("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + b"\0" * 1000), ("xl/comments1.xml", ["<comments><commentList>", *[b"<comment ref='A1'><text><t>" + b"x" * MB + b"</t></text></comment>"] * 150, "</commentList></comments>"]),
                                   ("xl/media/image1.png", [BLANK] * 150)])


# -- other formats -------------------------------------------------------------------------------------------------

def ods_bombs():
    c = '<table:table-cell{} office:value-type="string"><text:p>x</text:p></table:table-cell>'
    row = lambda attrs, cells: f"<table:table-row{attrs}>{cells}</table:table-row>"
    many = ' table:number-rows-repeated="{}"'
    wide = ' table:number-columns-repeated="{}"'
    span = ' table:number-columns-spanned="1000000" table:number-rows-spanned="1000000"'
    return {"rows": ods(row(many.format(1048576), c.format(""))), "over": ods(row(many.format(4294967295), c.format(""))),
            "area": ods(row(many.format(1000000), c.format(wide.format(16384)))), "wild": ods(row(many.format(-1), c.format(wide.format("9" * 40)))),
            "spans": ods(row("", c.format(span)) * 100000), "spaces": ods(row("", '<table:table-cell><text:p><text:s text:c="4000000000"/>x</text:p></table:table-cell>')),
            "spaces often": ods(row("", '<table:table-cell><text:p>' + '<text:s text:c="32000"/>' * 20000 + 'x</text:p></table:table-cell>')),
            "groups": ods(["<table:table-row-group>" * 100000, row("", c.format(""))]), "nested": ods([row("", "<table:table-cell><text:p>" * 100000)]),
            "empty rows": ods(row(many.format(1000000), "<table:table-cell/>") * 10000), "hidden": ods(row(many.format(1000000) + ' table:visibility="collapse"', c.format("")) * 100),
            "flat": ('<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">' + "<a>" * 1000000).encode()}


def html_bombs():
    page = lambda body: ("<html><meta charset=utf-8><body>" + body).encode()
    span = "<td colspan=1000000000 rowspan=1000000000>x</td>"
    return {"spans": page("<table>" + f"<tr>{span * 100}</tr>" * 1000), "nested": page("<table><tr><td>" * 200000), "open": page("<div>" * 1000000),
            "tags": page("<table><tr><td>" + "<" * 1000000), "attributes": page("<table><tr><td " + "a=b " * 500000 + ">1"), "quote": page('<table><tr><td a="' + "x" * 5000000),
            "entities": page("<table><tr><td>" + "&#99999999999;&#xD800;&" * 200000), "rows": page("<table>" + "<tr>" * 3000000), "cells": page("<table><tr>" + "<td>1" * 100000 + "<tr><td>2"),
            "columns": page("<table>" + "<tr><td rowspan=60000>1" * 5000), "style": page("<style>" + "td{mso-number-format:0}" * 100000 + "</style>" + "<table><tr><td class=a>1"),
            "comment": page("<table><tr><td>1<!--" + "-" * 1000000), "script": page("<script>" + "x" * 1000000 + "<table><tr><td>1"), "end": page("<table><tr><td>1</td" * 10)}


def delimited_bombs():
    return {"columns.csv": b"," * 1000000 + b"\n" + b"," * 1000000, "rows.csv": b"1,2\n" * 1200000, "quote.csv": b'a,b\n1,"2\n' + b"x" * 5000000, "line.csv": b"a,b\n1," + b"x" * 60000000,
            "quotes.csv": b'a;b\n' + b'"' * 3000001, "nul.csv": b"a,b\n1,2\n\0\0\0", "text.csv": b"xin chao\n", "inject.csv": "STT;Tên\n1;=cmd|' /C calc'!A0\n".encode(), "utf16.csv": "a;b\n1;2\n".encode("utf-16")}


def xls_bombs():
    number = record(0x203, struct.pack("<HHHd", 0, 0, 0, 1.0))
    stream = xls_stream(number)
    big = stream + b"\0" * 100000
    sst = lambda n: record(0xFC, struct.pack("<II", n, n) + b"\1\0\0a")
    loop = lambda chain: chain.__setitem__(3, 3)
    cyc = lambda chain: chain.__setitem__(5, 0)
    tree_loop = lambda tree: tree.__setitem__(slice(128 + 68, 128 + 76), struct.pack("<II", 1, 1))
    rk = record(0xBD, struct.pack("<HH", 0, 0) + struct.pack("<HI", 0, 0x3FF00000) * 300 + struct.pack("<H", 299))
    formula = lambda tokens: record(6, struct.pack("<HHHdHIH", 0, 0, 0, 1.0, 0, 0, len(tokens)) + tokens)
    return {"good.xls": compound([("Workbook", stream)]), "fat loop.xls": compound([("Workbook", big)], fat=loop), "fat cycle.xls": compound([("Workbook", big)], fat=cyc),
            "wild fat.xls": compound([("Workbook", big)], fat=lambda c: c.__setitem__(0, 0x7FFFFFFF)), "tree loop.xls": compound([("Workbook", stream)], directory=tree_loop),
            "size.xls": compound([("Workbook", stream)], directory=lambda t: t.__setitem__(slice(128 + 120, 128 + 128), b"\xff" * 8)),
            "difat loop.xls": compound([("Workbook", stream)], header=lambda h: h.__setitem__(slice(68, 76), struct.pack("<II", 0, 0x7FFFFFFF))),
            "fat count.xls": compound([("Workbook", stream)], header=lambda h: h.__setitem__(slice(44, 48), b"\xff" * 4)), "sector size.xls": compound([("Workbook", stream)], header=lambda h: h.__setitem__(slice(30, 34), b"\xff\0\xff\0")),
            "sector zero.xls": compound([("Workbook", stream)], header=lambda h: h.__setitem__(slice(30, 34), b"\0\0\0\0")), "mini.xls": compound([("Workbook", stream)], header=lambda h: h.__setitem__(slice(56, 64), b"\xff\xff\0\0\0\0\0\0")),
            "sst claim.xls": compound([("Workbook", xls_stream(number, sst(0xFFFFFFFF)))]), "sst.xls": compound([("Workbook", xls_stream(record(0xFD, struct.pack("<HHHI", 0, 0, 0, 0xFFFFFFFF)), sst(1)))]),
            "offset.xls": compound([("Workbook", xls_stream(number, offset=0xFFFFFFFF))]), "itself.xls": compound([("Workbook", xls_stream(number, offset=0))]),
            "record length.xls": compound([("Workbook", stream[:-4] + struct.pack("<HH", 0x203, 0xFFFF))]), "mulrk.xls": compound([("Workbook", xls_stream(rk * 3000))]),
            "merged.xls": compound([("Workbook", xls_stream(number + record(0xE5, struct.pack("<H", 1027) + struct.pack("<HHHH", 0, 65535, 0, 255) * 1027) * 300))]),
            "continue.xls": compound([("Workbook", xls_stream(number, sst(5) + record(0x3C, b"\1" * 8000) * 500))]), "encrypted.xls": compound([("Workbook", xls_stream(number, record(0x2F, b"\1\0\1\0\1\0" + bytes(48))))]),
            "formula.xls": compound([("Workbook", xls_stream(formula(b"\x15" * 4000) + formula(b"\x44\0\0\0\0" + b"\x13" * 6000) + formula(b"\x42\xff\x04\x00") + formula(b"\x17\xff" + b"a" * 10)))]),
            "sheets.xls": compound([("Workbook", BOF + record(0x85, struct.pack("<IBBBB", 0, 0, 0, 1, 0) + b"S") * 30000 + EOF + BOF_SHEET + number + EOF)]),
            "encrypted package.xlsx": compound([("EncryptionInfo", b"\4\0\4\0"), ("EncryptedPackage", b"\0" * 8000)]), "word.xls": compound([("WordDocument", b"x")]), "empty ole.xls": compound([("Nothing", b"x")]),
            "cut.xls": compound([("Workbook", big)])[:2000], "biff5.xls": record(0x809, struct.pack("<HHHH", 0x500, 5, 0, 0)) + EOF, "biff8 bare.xls": stream}


def xlsb_bombs():
    text = lambda t: struct.pack("<I", len(t)) + t.encode("utf-16-le")
    book = xlsb_record(156, struct.pack("<II", 0, 1) + text("r") + text("S"))
    pack = lambda part, shared=b"": zipped([("xl/workbook.bin", book), ("xl/_rels/workbook.bin.rels", f'<Relationships><Relationship Id="r" Type="{REL}/worksheet" Target="worksheets/sheet1.bin"/><Relationship Id="s" Type="{REL}/sharedStrings" Target="sharedStrings.bin"/></Relationships>'),
                                              ("xl/worksheets/sheet1.bin", part), ("xl/sharedStrings.bin", shared)])
    rows = xlsb_record(145, b"") + xlsb_record(0, struct.pack("<I", 0)) + xlsb_record(5, struct.pack("<IId", 0, 0, 1.0))
    return {"good.xlsb": pack(rows + xlsb_record(146, b"") + xlsb_record(130, b"")), "long.xlsb": pack(rows + b"\x05\xff\xff\xff\x7f"), "count.xlsb": pack(rows, xlsb_record(159, b"\xff" * 8) + xlsb_record(19, b"\0" + struct.pack("<I", 0xFFFFFFFF))),
            "far.xlsb": pack(xlsb_record(145, b"") + xlsb_record(0, b"\xff" * 4) + xlsb_record(5, struct.pack("<IId", 0xFFFFFFFF, 0, 1.0))), "merged.xlsb": pack(rows + xlsb_record(146, b"") + xlsb_record(176, struct.pack("<IIII", 0, 0xFFFFFF, 0, 0xFFFF)) * 300000),
            "index.xlsb": pack(xlsb_record(145, b"") + xlsb_record(0, struct.pack("<I", 0)) + xlsb_record(7, struct.pack("<III", 0, 0, 0xFFFFFFFF)) * 100000), "cut.xlsb": pack(rows[:-3])}


def docx_bombs():
    tc = "<w:tc>{}<w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>"
    span = lambda n: tc.format(f'<w:tcPr><w:gridSpan w:val="{n}"/></w:tcPr>')
    table = lambda rows: f"<w:tbl>{rows}</w:tbl>"
    return {"span.docx": docx(table(f"<w:tr>{span(4294967295)}{span(1000000000)}{span(-1)}</w:tr>" * 1000)), "merge.docx": docx(table(("<w:tr>" + tc.format('<w:tcPr><w:vMerge/></w:tcPr>') * 60 + "</w:tr>") * 3000)),
            "nested.docx": docx(["<w:tbl><w:tr><w:tc>" * 50000]), "paragraphs.docx": docx([f"<w:p><w:r><w:t>{'x' * 40}</w:t></w:r></w:p>" * 1000] * 1000), "runs.docx": docx(["<w:p>", *["<w:r><w:t>x</w:t></w:r>" * 1000] * 2000, "</w:p>"]),
            "deep.docx": docx(["<w:p>" * 500000]), "before.docx": docx(table('<w:tr><w:trPr><w:gridBefore w:val="4000000000"/></w:trPr>' + tc.format("") + "</w:tr>")), "empty.docx": docx(""), "tabs.docx": docx(["<w:p><w:r>", "<w:tab/>" * 2000000, "</w:r></w:p>"]),
            "long.docx": docx(["<w:p><w:r><w:t>", *[("Tổng số 1.234 hồ sơ, đạt 99,5%; " * 2000)] * 200, "</w:t></w:r></w:p>"])}


def wrong_endings():
    good_xlsx = good()
    page = "<html><table><tr><td>a</td><td>b</td></tr></table></html>".encode()
    return {"xlsx.xls": good_xlsx, "xlsx.csv": good_xlsx, "xlsx.ods": good_xlsx, "xlsx.docx": good_xlsx, "xlsx.html": good_xlsx, "xlsx.zip": good_xlsx, "xlsx": good_xlsx, "html.xlsx": page, "html.xls": page, "html.ods": page,
            "pdf.xlsx": b"%PDF-1.4\n" + b"x" * 5000, "png.xlsx": b"\x89PNG\r\n\x1a\n" + b"\0" * 5000, "gzip.xlsx": b"\x1f\x8b\x08" + b"\0" * 500, "7z.xlsx": b"7z\xbc\xaf\x27\x1c" + b"\0" * 500, "rar.zip": b"Rar!\x1a\x07\0" + b"\0" * 500,
            "exe.xlsx": b"MZ\x90\0" + bytes(range(256)) * 20, "rtf.xls": b"{\\rtf1 x}", "xml2003.xls": b"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'></Workbook>",
            "mht.xls": b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<table>", "text.xlsx": "Kính gửi: Sở Nội vụ".encode(), "noise.xlsx": random.Random(2).randbytes(20000), "noise.xls": random.Random(3).randbytes(20000),
            "PK only.xlsx": b"PK", "PK34.xlsx": b"PK\x03\x04", "ole only.xls": bytes.fromhex("D0CF11E0A1B11AE1"), "json.xlsx": b"{}", "one byte.xlsx": b"a", "empty.xlsx": b"", "zeros.xlsx": b"\0" * 100000, "newlines.csv": b"\n" * 1000000}


def archives():
    inner = good()
    deep = inner
    for level in range(8):
        deep = zipped([(f"{level}.zip", deep), (f"{level}.xlsx", inner)], zipfile.ZIP_STORED)
    names = ["../../../../tmp/out.xlsx", "/etc/a.xlsx", "C:\\Windows\\b.xlsx", "..\\..\\c.xlsx", "a\nb.xlsx", "\u202exslx.exe.xlsx", "CON.xlsx", "aux", "x" * 300 + ".xlsx", ".", "..", "a/../../b.xlsx", "d.xlsx ", "NUL.xlsx", "e\0f.xlsx"]
    bombs = zipped([(f"{i}.xlsx", zip_bomb_small()) for i in range(20)] + [("tốt.xlsx", inner)])
    return {"nested.zip": deep, "names.zip": zipped([(n, inner) for n in names if "\0" not in n]), "bombs.zip": bombs, "zeros.zip": zipped([("a.xlsx", [b"\0" * MB] * 500), ("tốt.xlsx", inner)]),
            "many.zip": zipped([(f"{i}.txt", "x") for i in range(21000)], zipfile.ZIP_STORED), "empty.zip": zipped([]), "cut.zip": zipped([("a.xlsx", inner), ("b.xlsx", inner)])[:-30], "overlap.zip": overlapping_entries(),
            "encrypted.zip": raw_zip([raw_entry("a.xlsx", deflated(inner), len(inner), zlib.crc32(inner), 8, 1), raw_entry("tốt.xlsx", deflated(inner), len(inner), zlib.crc32(inner))]),
            "bad crc.zip": raw_zip([raw_entry("a.xlsx", deflated(inner), len(inner), 1), raw_entry("tốt.xlsx", deflated(inner), len(inner), zlib.crc32(inner))])}


def zip_bomb_small():
    return xlsx(sheet([BLANK] * 130))


# -- PDF ---------------------------------------------------------------------------------------------------------------

def pdf(objects, trailer=b""):
    """A PDF of numbered objects, of which the first is its catalog."""
    out, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % at for at in places)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, rows, len(objects) + 1, trailer, len(out))


def pdf_stream(entries, data):
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def pdf_page(content, resources=b"", more=(), entries=b""):
    """One page; what more there is counts from 5."""
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 600 800] >>",
                b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << %s >> >>" % resources, pdf_stream(entries, content), *more])


def pdf_bombs():
    font = b"/Font << /F << /Type /Font /Subtype /Type0 /Encoding /Identity-H /ToUnicode 5 0 R /DescendantFonts [<< /W [0 4294967295 500] >>] >> >>"
    squeezed = zlib.compress(b" " * (300 * MB), 9)
    lines = b"".join(b"%d 0 m %d 800 l S 0 %d m 600 %d l S\n" % (x, x, x, x) for x in range(0, 600, 3)) * 40
    forms = [pdf_stream(b"/Type /XObject /Subtype /Form /Resources << /XObject << /X %d 0 R >> >>" % (6 + i), b"/X Do " * 50) for i in range(12)]
    tree = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>", b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>"]
    many = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%s] /Count 50000 >>" % (b"3 0 R " * 50000), b"<< /Type /Page /Parent 2 0 R >>"]
    held = pdf_stream(b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", squeezed)
    return {"inflates.pdf": pdf_page(squeezed, entries=b"/Filter /FlateDecode"), "draws itself.pdf": pdf_page(b"/X Do", b"/XObject << /X 5 0 R >>",
            [pdf_stream(b"/Type /XObject /Subtype /Form /Resources << /XObject << /X 5 0 R >> >>", b"/X Do /X Do")]), "fans out.pdf": pdf_page(b"/X Do", b"/XObject << /X 5 0 R >>", forms),
            "tree that loops.pdf": pdf(tree), "many pages.pdf": pdf(many), "object stream.pdf": pdf_page(b"BT ET", b"", [held]),
            "long ranges.pdf": pdf_page(b"BT /F 9 Tf <00010002> Tj ET", font, [pdf_stream(b"", b"1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange")]),
            "lines.pdf": pdf_page(lines + b"BT ET"), "previous is itself.pdf": pdf([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"], b"/Prev 9"),
            "deep.pdf": pdf_page(b"[" * 100000), "states.pdf": pdf_page(b"q " * 1000000), "cut.pdf": pdf_page(b"BT ET")[:-200], "noise.pdf": b"%PDF-1.7\n" + random.Random(5).randbytes(20000)}


KINDS = [sparse_corners, string_bomb, one_cell_of_100_mb, many_long_cells, zip_bomb, million_small_strings, shared_strings_that_promise, lying_sizes,
         overlapping_entries, list_that_promises, million_entries, duplicate_names, quadratic_attributes, deep_nesting, billion_laughs, odd_letters, huge_claims,
         ten_million_empty_rows, million_cells, merged_areas, million_sheets, styles, relations, values, formulas, injection, long_forms, many_headers, truncated,
         bit_flips, methods, missing_parts, macros_and_comments, ods_bombs, html_bombs, delimited_bombs, xls_bombs, xlsb_bombs, docx_bombs, pdf_bombs, wrong_endings, archives,
         bombs_behind_bombs, cell_order, circles, comments, content_types_that_lie, dates, defined_names, docx_oddities, entities, escapes, formula_chains,
         html_oddities, ignored_parts, in_a_zip, merged_oddly, mht_bombs, numbers_in_a_form, ods_oddities, passwords, rich_texts, sheet_names,
         ten_thousand_sheets, xls_oddities, xlsb_oddities, xml2003_bombs, zip_dialects,
         endless_headers, endless_lines, endless_prose, long_formulas, long_texts, register]
