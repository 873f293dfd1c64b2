"""Hostile workbooks for the stages behind reading: headers without end, texts that are no captions, sums that cross one another."""
from build import FIGURES, cell, docx, form, letters, sheet, xlsx

HEADER = ["STT", "Lĩnh vực giải quyết", "Tổng số", "Trong kỳ", "Từ kỳ trước"]
INDICATORS = ["STT", "Chỉ tiêu thống kê", "Đơn vị tính", "Số liệu", "Ghi chú"]
TITLE = [["Biểu mẫu 1"], ["Đơn vị báo cáo: Sở Y tế"], ["Quý I năm 2023"]]


def rows(table, start=1, step=1):
    """Rows of texts and numbers."""
    def one(r, row):
        cells = "".join(cell(f"{letters(c)}{r}", t, None if isinstance(t, int) else "text") for c, t in enumerate(row, 1) if t is not None)
        return f'<row r="{r}">{cells}</row>'
    return [one(start + step * i, row) for i, row in enumerate(table)]


def endless_headers():
    alike = lambda i: ["STT", f"Lĩnh vực giải quyêt {i}", f"Tổng sô {i}", "Trong ky", "Từ kỳ truoc"]
    return {"one below the other": xlsx(sheet(rows([HEADER] * 40000))), "with lines": xlsx(sheet(rows([HEADER, [1, "Đất đai", 3, 2, 1]] * 10000))), "with gaps": xlsx(sheet(rows([HEADER] * 15000, step=4))),
            "no two alike": xlsx(sheet(rows([r for i in range(6000) for r in (alike(i), [i, f"Đất đai {i}", 3, 2, 1])]))), "of indicators": xlsx(sheet(rows([INDICATORS, [1, "Số văn bản chỉ đạo CCHC đã ban hành", "Văn bản", 3]] * 8000))),
            "wide": xlsx(sheet(rows([HEADER * 3000] * 8 + [[f"({i})" for i in range(1, 15001)]] * 2))), "down the diagonal": xlsx(sheet([f'<row r="{r}">' + cell(f"{letters(1 + r * 7 % 16000)}{r}", "STT", "text") + "</row>" for r in range(1, 40000)])),
            "empty below": xlsx(sheet(rows([["STT", "Tổng số"] + [None] * 3000 + ["Trong kỳ"]] * 12000))), "side by side": xlsx(sheet(rows([["STT", "Tổng số", "Trong kỳ", None] * 40] * 3000))),
            "among merged areas": xlsx(sheet(rows([HEADER * 60] * 80), after="<mergeCells>" + "".join(f'<mergeCell ref="A{i}:B{i}"/>' for i in range(200, 90000)) + "</mergeCells>"))}


def endless_lines():
    almost = [[f"{i % 9}.{i % 5}", f"Số đơn vị đã kiểm tra lần thứ {i}", "Đơn vị", i] for i in range(15000)]
    units = [[f"Đơn vị báo cáo: Sở số {i}", f"UBND huyện {i}", f"Quý {i % 4 + 1} năm {1900 + i % 200}"] for i in range(40000)]
    parts = [f"{1 + i // 1000}.{i % 1000}" for i in range(20000)]
    return {"almost": xlsx(sheet(rows(TITLE + [INDICATORS] + almost))), "titles": xlsx(sheet(rows(units))), "no form": xlsx(sheet(rows([["STT"] + ["Tổng số", "Trong đó", "Gồm"] * 300] + [[i] * 901 for i in range(500)]))),
            "totals": xlsx(form([("Tổng cộng" if i % 2 else f"Lĩnh vực {i}", FIGURES) for i in range(8000)])), "parts of parts": xlsx(sheet(rows(TITLE + [HEADER] + [[p, f"Lĩnh vực {p}", 3, 2, 1] for p in parts])))}


def register():
    """Two hundred thousand people and more, each of whom is somebody."""
    line = lambda r: "<row>" + "".join(f'<c t="inlineStr"><is><t>người {r} {c}</t></is></c>' for c in range(9)) + "</row>"
    return xlsx([form([("Quản lý giá", FIGURES)]), sheet([line(r) for r in range(70000)])])


def long_texts():
    said = "một nghìn tỷ " * 2500
    return {"labels": xlsx(form([("MDCLXVI" * 4000 + str(i), FIGURES) for i in range(300)])), "figures": xlsx(form([(f"Lĩnh vực {i}", ["1." * 16000] * 11) for i in range(40)])), "words": xlsx(form([(f"Lĩnh vực {i}", [said] * 11) for i in range(60)])),
            "marks": xlsx(form([("Lĩnh vực" + "\u0301\u0316" * 10000 + str(i), FIGURES) for i in range(200)], unit="Sở" + "\u0301" * 30000)), "hangul": xlsx(sheet([f'<row><c t="inlineStr"><is><t>{i}{"각" * 10000}</t></is></c></row>' for i in range(1500)])),
            "old font": xlsx(sheet([f'<row><c t="inlineStr"><is><t>B¸o c¸o a{"¹" * 30000}</t></is></c></row>' for _ in range(40)]))}


def long_formulas():
    row = lambda r, text: f'<row r="{r}">' + "".join(f'<c r="{letters(c)}{r}"><f>{text}{r}</f></c>' for c in range(1, 11)) + "</row>"
    stale = lambda i, r: r.replace("<v>27</v>", f"<f>SUM(C{i + 1}:C5012)</f><v>27</v>")
    return {"8 kB each": xlsx(sheet([row(r, "A1+" * 2700) for r in range(1, 600)])), "all stale": xlsx([stale(i, r) for i, r in enumerate(form([(f"Lĩnh vực {i}", FIGURES) for i in range(5000)]), 4)])}


def endless_prose():
    p = lambda text: f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
    return {"the same.docx": docx([p("Tổng số hồ sơ tiếp nhận: 1.234 hồ sơ (trực tuyến 1.000 hồ sơ, trực tiếp 200 hồ sơ).")] * 20000), "brackets.docx": docx([p("Tiếp nhận 10 hồ sơ (" * 3000 + "gồm 5 hồ sơ, 5 hồ sơ" + ")" * 3000)] * 10), "quotes.docx": docx([p("“" * 30000 + "1 hồ sơ")] * 150),
            "figures.docx": docx([p("Tổng số hồ sơ tiếp nhận là 12.345 hồ sơ, gồm: " + "; ".join(f"{i} hồ sơ" for i in range(2500)))] * 100), "captions.docx": docx([p(f"{'1.' * (i % 9 + 1)} Tổng số hồ sơ: {i} hồ sơ") for i in range(20000)]), "letters.docx": docx([p("x") * 1000] * 300)}
