"""The containers that hostile files come in: xlsx, ods, docx, xls (a compound file), each from its raw parts."""
import io
import struct
import zipfile
import zlib

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def zipped(parts, method=zipfile.ZIP_DEFLATED):
    """parts: (name, bytes or str or a list of pieces to write one after another)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=6) as z:
        for name, body in parts:
            info = zipfile.ZipInfo(name, (2023, 1, 1, 0, 0, 0))
            info.compress_type = method
            pieces = body if isinstance(body, list) else [body]
            with z.open(info, "w") as part:
                for piece in pieces:
                    part.write(piece.encode() if isinstance(piece, str) else piece)
    return out.getvalue()


def sheet(rows, before="", after=""):
    """The XML of a sheet around the XML of its rows."""
    if not isinstance(rows, list):
        rows = [rows]
    return [f"{HEAD}<worksheet {MAIN}>{before}<sheetData>", *rows, f"</sheetData>{after}</worksheet>"]


def cell(ref, value, kind=None, formula=None):
    f = f"<f>{formula}</f>" if formula is not None else ""
    if kind == "text":
        return f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
    return f'<c r="{ref}">{f}<v>{value}</v></c>'


def xlsx(sheets, shared=None, styles=None, more=(), workbook=None, rels=None, method=zipfile.ZIP_DEFLATED):
    """sheets: a list of sheet XMLs, or one."""
    if not sheets or isinstance(sheets[0], str):
        sheets = [sheets]
    names = "".join(f'<sheet name="S{i}" sheetId="{i}" r:id="rId{i}"/>' for i in range(1, len(sheets) + 1))
    relations = "".join(
        f'<Relationship Id="rId{i}" Type="{REL}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(sheets) + 1))
    for kind, body in (("sharedStrings", shared), ("styles", styles)):
        if body is not None:
            relations += f'<Relationship Id="{kind}" Type="{REL}/{kind}" Target="{kind}.xml"/>'
    parts = [
        ("[Content_Types].xml", f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
        ("_rels/.rels", f'{HEAD}<Relationships><Relationship Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
        ("xl/workbook.xml", workbook or f'{HEAD}<workbook {MAIN} xmlns:r="{REL}"><sheets>{names}</sheets></workbook>'),
        ("xl/_rels/workbook.xml.rels", rels or f"{HEAD}<Relationships>{relations}</Relationships>"),
    ]
    for kind, body in (("sharedStrings", shared), ("styles", styles)):
        if body is not None:
            parts.append((f"xl/{kind}.xml", body))
    parts += [(f"xl/worksheets/sheet{i}.xml", body) for i, body in enumerate(sheets, 1)]
    return zipped(parts + list(more), method)


def letters(n):
    """1 is A."""
    text = ""
    while n:
        n, rest = divmod(n - 1, 26)
        text = chr(65 + rest) + text
    return text


def ods(rows, styles=""):
    ns = ('xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
          'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
          'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"')
    if not isinstance(rows, list):
        rows = [rows]
    content = [f'{HEAD}<office:document-content {ns}>{styles}<office:body><office:spreadsheet><table:table table:name="S">',
               *rows, "</table:table></office:spreadsheet></office:body></office:document-content>"]
    return zipped([("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content)])


def docx(body):
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    if not isinstance(body, list):
        body = [body]
    return zipped([
        ("[Content_Types].xml", f"{HEAD}<Types/>"),
        ("_rels/.rels", f'{HEAD}<Relationships><Relationship Id="r" Type="{REL}/officeDocument" Target="word/document.xml"/></Relationships>'),
        ("word/document.xml", [f"{HEAD}<w:document {w}><w:body>", *body, "</w:body></w:document>"]),
    ])


def record(kind, body=b""):
    """A BIFF record."""
    return struct.pack("<HH", kind, len(body)) + body


BOF = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
BOF_SHEET = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
EOF = record(10)


def xls_stream(cells, more=b"", offset=None):
    """A workbook stream of one sheet."""
    def bound(at):
        return record(0x85, struct.pack("<IBBBB", at, 0, 0, 1, 0) + b"S")
    head = BOF + more
    at = len(head) + len(bound(0)) + len(EOF)
    return head + bound(at if offset is None else offset) + EOF + BOF_SHEET + cells + EOF


def xlsb_record(kind, body):
    head = bytes([kind]) if kind < 128 else bytes([(kind & 127) | 128, kind >> 7])
    size, out = len(body), b""
    while True:
        out += bytes([size & 127 | (128 if size > 127 else 0)])
        size >>= 7
        if not size:
            return head + out + body


def compound(streams, fat=None, directory=None, header=None):
    """An OLE compound file of streams (at least 4,096 bytes each, padded), with hooks that spoil it.

    fat(list), directory(bytearray) and header(bytearray) may change what is written."""
    sectors, chains, entries = [], [], []
    for name, body in streams:
        body = body.ljust(4096, b"\0")
        first = len(sectors)
        pieces = [body[i:i + 512].ljust(512, b"\0") for i in range(0, len(body), 512)]
        chains += [first + i + 1 for i in range(len(pieces) - 1)] + [0xFFFFFFFE]
        sectors += pieces
        entries.append((name, 2, first, len(body)))
    tree = entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1)
    for i, (name, kind, first, size) in enumerate(entries, 1):
        tree += entry(name, kind, first, size, right=i + 1 if i < len(entries) else 0xFFFFFFFF)
    tree = bytearray(tree.ljust(-(-len(tree) // 512) * 512, b"\0"))
    if directory:
        directory(tree)
    first_tree = len(sectors)
    count = len(tree) // 512
    chains += [first_tree + i + 1 for i in range(count - 1)] + [0xFFFFFFFE]
    sectors += [bytes(tree[i:i + 512]) for i in range(0, len(tree), 512)]
    tables = 1
    while (len(chains) + tables) > tables * 128:
        tables += 1
    first_fat = len(sectors)
    chains += [0xFFFFFFFD] * tables
    chains += [0xFFFFFFFF] * (tables * 128 - len(chains))
    if fat:
        fat(chains)
    packed = struct.pack(f"<{len(chains)}I", *chains)
    sectors += [packed[i:i + 512] for i in range(0, len(packed), 512)]
    difat = [first_fat + i for i in range(tables)][:109]
    difat += [0xFFFFFFFF] * (109 - len(difat))
    head = bytearray(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack(
        "<HHHHHHIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, tables, first_tree, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
        + struct.pack("<109I", *difat))
    if header:
        header(head)
    return bytes(head) + b"".join(sectors)


def entry(name, kind, first, size, child=0xFFFFFFFF, right=0xFFFFFFFF):
    text = name.encode("utf-16-le") + b"\0\0"
    return (text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, right, child)
            + bytes(36) + struct.pack("<IQ", first, size))


def raw_entry(name, packed, size, checksum, method=8, flags=0):
    """A local header with its data, and the line for the list, whose offset is still to be put in."""
    name = name.encode()
    common = struct.pack("<HHHHHIIIHH", 20, flags, method, 0, 33, checksum, len(packed), size, len(name), 0)
    local = b"PK\x03\x04" + common + name + packed
    return local, lambda at: b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, at) + name


def raw_zip(entries, offsets=None, promised=None):
    body, lines = b"", b""
    for i, (local, line) in enumerate(entries):
        lines += line(len(body) if offsets is None else offsets[i])
        body += local
    count = len(entries) if promised is None else promised
    return body + lines + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count & 0xFFFF, count & 0xFFFF, len(lines), len(body), 0)


def deflated(data):
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


# The header of a form that is known, so that hostile figures reach the later stages too.
FORM = """1: Biểu số II.06a/VPCP/KSTT |  | TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT TTHC
3:  |  | Đơn vị báo cáo: {unit}
4:  |  | Kỳ báo cáo: Quý I năm 2023
6:  |  | Đơn vị tính: Số hồ sơ TTHC
8: STT | Lĩnh vực giải quyết | Số lượng hồ sơ tiếp nhận |  |  |  | Số lượng hồ sơ đã giải quyết |  |  |  | Số lượng hồ sơ đang giải quyết |  |
9:  |  | Tổng số | Trong kỳ |  | Từ kỳ trước | Tổng số | Trước hạn | Đúng hạn | Quá hạn | Tổng số | Trong hạn | Quá hạn
10:  |  |  | Trực tuyến | Trực tiếp, dịch vụ bưu chính |  |  |  |  |  |  |  |
11: (1) | (2) | (3)=(4)+(5)+(6) | (4) | (5) | (6) | (7)=(8)+(9)+(10) | (8) | (9) | (10) | (11)=(12)+(13) | (12) | (13)"""
MERGED = ["A8:A10", "B8:B10", "C8:F8", "G8:J8", "K8:M8", "C9:C10", "D9:E9", "F9:F10", "G9:G10", "H9:H10", "I9:I10",
          "J9:J10", "K9:K10", "L9:L10", "M9:M10"]
FIGURES = ["27", "12", "11", "4", "25", "20", "4", "1", "2", "2", "0"]


def form(lines, unit="Sở Tài chính", start=12, more_merged=""):
    """A sheet of II.06a with (label, figures) as its lines; a figure that is not digits is typed as text."""
    rows = []
    for line in FORM.format(unit=unit).splitlines():
        number, texts = line.split(": ", 1)
        cells = "".join(cell(f"{letters(i)}{number}", t.strip(), "text") for i, t in enumerate(texts.split("|"), 1) if t.strip())
        rows.append(f'<row r="{number}">{cells}</row>')
    for i, (label, figures) in enumerate(lines, start):
        cells = cell(f"A{i}", i - start + 1) + cell(f"B{i}", label, "text")
        cells += "".join(cell(f"{letters(c)}{i}", f, None if f.isdigit() else "text") for c, f in enumerate(figures, 3))
        rows.append(f'<row r="{i}">{cells}</row>')
    merged = "".join(f'<mergeCell ref="{m}"/>' for m in MERGED) + more_merged
    return sheet(rows, after=f"<mergeCells>{merged}</mergeCells>")


def good():
    return xlsx(form([("Quản lý công sản", FIGURES), ("Quản lý giá", FIGURES)]))


def one(ref="A1", value="1"):
    return f'<row>{cell(ref, value)}</row>'
