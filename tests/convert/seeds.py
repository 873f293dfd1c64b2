#!/usr/bin/env python3
"""The five seed reports, kept as .txt, back into the Word documents they were: tests/seeds/000.docx … 004.docx.

    python3 tests/convert/seeds.py [/work/shared/seeds]

Same text, same bytes. Every paragraph is there once, with what the text export broke put together again: paragraphs
and table rows cut by a page's end, headers repeated on the next page, footnotes between the halves of a sentence.
Letterhead and signatures become tables without borders and wide forms landscape pages, as in the decree's layout
(Nghị định 30/2020/NĐ-CP). The ordinals of the list of directives are numbered by Word itself, as offices do.
"""
import re
import sys
import zipfile
from html import escape
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "seeds"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MARKS = "¹²³⁴⁵⁶⁷⁸⁹"
NARROW, WIDE = 9000, 14000  # of a page between its margins, in twentieths of a point
LANDSCAPE = "II.06a", "IL.06a", "II.07b"
AUTOMATIC = "Tên/số ký hiệu/trích yếu"


# --- the text put together again: a list of paragraphs (str) and tables (list of rows of cells)

def blocks(text):
    block = []
    for line in [l.replace("\xa0", " ").strip(" ") for l in text.split("\n")] + [""]:
        if line.strip(" "):
            block.append(line)
        elif block:
            yield block
            block = []


def pieces(text):
    out, notes = [], {}
    text = re.sub(r"(Sở KH&CN)\n(Lạng Sơn)", r"\1 \2", text)
    broken = False  # a footnote stood between this paragraph and the one before
    for block in blocks(text):
        if "\t" in block[0]:
            table([l.split("\t") for l in block], out)
        elif block[0][0] in MARKS:
            notes[(len(notes), block[0][0])] = block[0][1:].strip()
            broken = True
            continue
        else:
            paragraphs(block, out, broken)
        broken = False
    return out, notes


def paragraphs(block, out, broken):
    joined = "\n".join(block)
    if joined.startswith("**") and joined.endswith("**") and joined.count("**") == 2:
        out.append(joined)  # a signature of two lines
        return
    bold = False
    for line in block:
        line = re.sub(r"^- \+ ", "+ ", line)
        opens = line.startswith("**") and line.count("**") == 1
        if bold or opens:
            bold = opens or not line.endswith("**")
            line = "**" + line.strip("*") + "**"
        if out and isinstance(out[-1], str) and goes_on(out[-1], line, broken):
            out[-1] += " " + line
        else:
            out.append(line)
        broken = False


def goes_on(before, line, broken):
    """Whether a page's end cut a paragraph before this line."""
    if re.search(r"[.;:!?)/*]$", before) or len(before) < 60 and not before.endswith(", ngày"):
        return False
    return broken or bool(re.match(r"[a-zà-ỹđ](?!\))|\d+/", line))


def table(rows, out):
    last = out[-1] if out and isinstance(out[-1], list) else None
    if last is None or len(last[0]) != len(rows[0]) or rows[0][0].startswith("S") and rows[0] != last[0]:
        out.append(rows)
        return
    for row in rows[1:] if rows[0] == last[0] else rows:
        if row[0] == "" and not row[1].startswith("Tổng"):
            last[-1] = [" ".join(filter(None, pair)) for pair in zip(last[-1], row)]
        else:
            last.append(row)


# --- WordprocessingML

class Document:
    def __init__(self, notes):
        self.body, self.notes, self.used = [], list(notes.items()), []

    def runs(self, text, size, bold=False):
        out = []
        for part in re.split(r"(\*\*.+?\*\*|\*[^*]+?\*|<i>.*?</i>|[%s])" % MARKS, text, flags=re.S):
            if not part:
                continue
            if len(part) == 1 and part in MARKS:
                out.append(self.note(part))
            elif part.startswith("**"):
                out.append(self.runs(part[2:-2], size, True))
            elif part.startswith("<i>"):
                out.append(run(part[3:-4], size, bold, True))
            elif part.startswith("*") and len(part) > 2:
                out.append(run(part[1:-1], size, bold, True))
            else:
                out.append(run(re.sub(r"<(https?://[^>]*)>", r"\1", part), size, bold))
        return "".join(out)

    def note(self, mark):
        at = next((i for i, ((_, m), _) in enumerate(self.notes) if m == mark and i not in self.used), None)
        if at is None:
            return run(mark, 26)
        self.used.append(at)
        return '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="%d"/></w:r>' % (at + 2)

    def paragraph(self, text, align="both", size=28, bold=False, before=120, indent=0, more=""):
        indent = '<w:ind w:firstLine="%d"/>' % indent if indent else ""
        return '<w:p><w:pPr>%s<w:spacing w:before="%d"/>%s<w:jc w:val="%s"/></w:pPr>%s</w:p>' % (
            more, before, indent, align, self.runs(text, size, bold))

    def layout(self, *cells, width=NARROW):
        """A table without borders that only holds things side by side."""
        width //= len(cells)
        cells = "".join('<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>%s</w:tc>' % (
            width, "".join(self.paragraph(t, a, 26, before=0) for t, a in cell) or "<w:p/>") for cell in cells)
        self.body.append('<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>%s</w:tblGrid>'
                         "<w:tr>%s</w:tr></w:tbl><w:p/>" % (('<w:gridCol w:w="%d"/>' % width) * cells.count("<w:tc>"), cells))

    def table(self, rows, wide):
        columns = len(rows[0])
        head = next(i for i, r in enumerate(rows) if re.match(r"\(?1\)?\.?$|I$", r[0]))
        spans = merged(rows[:head], columns)
        total = WIDE if wide else NARROW
        needs = [min(90, 14 + max(len(r[c]) for r in rows[head:])) for c in range(columns)]
        widths = [total * n // sum(needs) for n in needs]
        xml = ['<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="%d" w:type="dxa"/></w:tblPr><w:tblGrid>%s'
               "</w:tblGrid>" % (total, "".join('<w:gridCol w:w="%d"/>' % w for w in widths))]
        automatic = rows[0][1].startswith(AUTOMATIC)
        for i, row in enumerate(rows):
            cells, c = [], 0
            while c < columns:
                span, down = spans.get((i, c), (1, "")) if i < head else (1, "")
                if i >= head and c == 0 and not row[1] and len(row[0]) > 3:
                    span = 2  # "TỔNG CỘNG" and sections stand over ordinal and name
                text = row[c] if down != "on" else ""
                align = "center" if i < head or c != 1 and len(text) < 20 or text.startswith("(") else "left"
                cells.append(self.cell(text, widths[c:c + span], down, align, i < head or row[0].isupper(),
                                       automatic and c == 0 and i >= head))
                c += span
            xml.append("<w:tr>%s%s</w:tr>" % ("<w:trPr><w:tblHeader/></w:trPr>" if i < head else "", "".join(cells)))
        self.body.append("".join(xml) + "</w:tbl><w:p/>")

    def cell(self, text, widths, down, align, bold, automatic):
        merge = {"starts": '<w:vMerge w:val="restart"/>', "on": "<w:vMerge/>", "": ""}[down]
        span = '<w:gridSpan w:val="%d"/>' % len(widths) if len(widths) > 1 else ""
        more = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' if automatic else ""
        lines = [""] if automatic else [t for t in re.split(r"</?p>|<br/?>", text) if t] or [""]
        return '<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>%s%s<w:vAlign w:val="center"/></w:tcPr>%s</w:tc>' % (
            sum(widths), span, merge, "".join(self.paragraph(t, align, 24, bold, 0, 0, more) for t in lines))

    def section(self, wide):
        size = 'w:w="16838" w:h="11906" w:orient="landscape"' if wide else 'w:w="11906" w:h="16838"'
        return ('<w:sectPr><w:pgSz %s/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1701" w:header="567"'
                ' w:footer="567" w:gutter="0"/></w:sectPr>' % size)


def run(text, size, bold=False, italic=False):
    looks = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "") + '<w:sz w:val="%d"/>' % size
    lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(escape(l, False) for l in text.split("\n"))
    return '<w:r><w:rPr>%s</w:rPr><w:t xml:space="preserve">%s</w:t></w:r>' % (looks, lines)


def merged(head, columns):
    """How the printed header's empty cells belong to the filled ones: (row, column) → span, and start or end of a fall."""
    spans, taken = {}, set()
    for i, row in enumerate(head):
        for c in range(columns):
            if (i, c) in taken or not row[c]:
                continue
            down = i
            while down + 1 < len(head) and not head[down + 1][c] and (i + 1 < len(head)):
                down += 1
            right = c
            if down == i:
                while i + 1 < len(head) and right + 1 < columns and not row[right + 1] and (i, right + 1) not in taken:
                    right += 1
            for k in range(i, down + 1):
                spans[(k, c)] = (right - c + 1, ("starts" if k == i else "on") if down > i else "")
                taken.update((k, x) for x in range(c, right + 1))
    return spans


# --- the reports' layout

def compose(text):
    items, notes = pieces(text)
    document = Document(notes)
    items = letterhead(document, items)
    wide, i = False, 0
    while i < len(items):
        item = items[i]
        if isinstance(item, list):
            document.table(item, wide)
        elif item == "Nơi nhận:" or item.startswith("**KT.GIÁM ĐỐC"):
            i = signature(document, items, i) - 1
        elif item.startswith("Biểu số"):
            document.body.append("<w:p><w:pPr>%s</w:pPr></w:p>" % document.section(wide))
            wide, i = any(code in item for code in LANDSCAPE), form_head(document, items, i) - 1
        elif item.strip("*").isupper() or item.startswith(("Biểu mẫu", "Phụ lục", "PHỤ LỤC", "(Ban hành", "(Số liệu")):
            document.body.append(document.paragraph(item, "center" if i < 3 or not item[1:3] in ". I" else "left", 28, True))
        else:
            document.body.append(document.paragraph(item, indent=720))
        i += 1
    document.body.append(document.section(wide))
    return document


def letterhead(document, items):
    top = next((i for i, t in enumerate(items[:9]) if t == "BÁO CÁO"), 0)
    left = [t for t in items[:top] if t.startswith(("UBND", "SỞ", "Số:"))]
    right = [t for t in items[:top] if t not in left]
    if top:
        while len(right) > 1 and right[-1].startswith("tháng"):
            right[-2:] = [" ".join(right[-2:])]
        document.layout([(t, "center") for t in left], [(t, "center") for t in right])
    return items[top:]


def signature(document, items, i):
    left, right = [], []
    while i < len(items) and isinstance(items[i], str) and not items[i].startswith(("Phụ lục", "DANH MỤC")):
        (left if items[i].startswith(("Nơi nhận", "- ")) else right).append(items[i])
        i += 1
    document.layout([(t, "left") for t in left], [(t, "center") for t in right])
    return i


def form_head(document, items, i):
    """A form's code, its title and period, and who reports to whom: side by side, the unit of measure below."""
    head = []
    while not items[i].startswith("Đơn vị tính"):
        head.append(items[i])
        i += 1
    who = next(k for k, t in enumerate(head) if t.startswith("- Đơn vị"))
    code, title, units = head[:1], head[1:who], head[who:]
    if len(units) > 2:
        units[1:] = [" ".join(units[1:])]
    document.layout([(t, "left") for t in code], [(t, "center") for t in title], [(t, "left") for t in units],
                    width=WIDE)
    document.body.append(document.paragraph(items[i], "right", 26))
    return i + 1


def parts(document):
    root = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml."
    names = ["document", "styles", "numbering", "footnotes"]
    types = "".join('<Override PartName="/word/%s.xml" ContentType="%s%s+xml"/>' % (
        n, kind, "document.main" if n == "document" else n) for n in names)
    relations = "".join('<Relationship Id="rId%d" Type="%s/%s" Target="%s.xml"/>' % (i, R, n, n)
                        for i, n in enumerate(names[1:], 1))
    packed = "http://schemas.openxmlformats.org/package/2006/"
    font = '<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>'
    borders = "".join('<w:%s w:val="single" w:sz="4" w:space="0" w:color="auto"/>' % b
                      for b in ("top", "left", "bottom", "right", "insideH", "insideV"))
    mark = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
    notes = "".join('<w:footnote w:type="%s" w:id="%d"><w:p><w:r><w:%s/></w:r></w:p></w:footnote>' % (t, i, t[0].lower() + t[1:])
                    for i, t in enumerate(("separator", "continuationSeparator")))
    notes += "".join('<w:footnote w:id="%d"><w:p>%s%s</w:p></w:footnote>' % (i, mark, run(" " + text, 20))
                     for i, (_, text) in enumerate(document.notes, 2))
    yield "[Content_Types].xml", root + '<Types xmlns="%scontent-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>%s</Types>' % (packed, types)
    yield "_rels/.rels", root + '<Relationships xmlns="%srelationships"><Relationship Id="rId1" Type="%s/officeDocument" Target="word/document.xml"/></Relationships>' % (packed, R)
    yield "word/_rels/document.xml.rels", root + '<Relationships xmlns="%srelationships">%s</Relationships>' % (packed, relations)
    yield "word/document.xml", root + '<w:document xmlns:w="%s" xmlns:r="%s"><w:body>%s</w:body></w:document>' % (W, R, "".join(document.body))
    yield "word/styles.xml", root + '<w:styles xmlns:w="%s"><w:docDefaults><w:rPrDefault><w:rPr>%s<w:sz w:val="28"/></w:rPr></w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style><w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/></w:style><w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>%s</w:tblBorders></w:tblPr></w:style></w:styles>' % (W, font, borders)
    yield "word/numbering.xml", root + '<w:numbering xmlns:w="%s"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:suff w:val="nothing"/><w:lvlText w:val="%%1"/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>' % W
    yield "word/footnotes.xml", root + '<w:footnotes xmlns:w="%s">%s</w:footnotes>' % (W, notes)


def main():
    source = Path(sys.argv[1] if len(sys.argv) > 1 else "/work/shared/seeds")
    for path in sorted(source.glob("*.txt")):
        document = compose(path.read_text(encoding="utf-8"))
        missed = len(document.notes) - len(document.used)
        assert not missed, "%s: %d footnotes without their mark" % (path.name, missed)
        with zipfile.ZipFile(OUT / (path.name[:3] + ".docx"), "w", zipfile.ZIP_DEFLATED) as out:
            for name, xml in parts(document):
                entry = zipfile.ZipInfo(name, (2023, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                out.writestr(entry, xml.encode("utf-8"))


main()
