"""The offices of the invented province of Quảng Minh: what they do, and the habits each has at its keyboard."""
from dataclasses import dataclass, field

PROVINCE = "Quảng Minh"
YEAR = 2023
ROMAN = {1: "I", 2: "II", 3: "III"}
FOLDER = {1: "Quý I 2023", 2: "quy 2", 3: "2023-Q3"}
SPAN = {1: ("15/12/2022", "14/3/2023"), 2: ("15/3/2023", "14/6/2023"), 3: ("15/6/2023", "14/9/2023")}
SIGNED = {1: "17/3/2023", 2: "16/6/2023", 3: "18/9/2023"}

ALL = ["BM1", "BM2", "BM3", "BM4", "BM5", "BM6", "BM7"]
KSTT = ["II.06a", "II.07b"]


@dataclass
class Unit:
    code: str
    name: str
    level: str            # so, huyen, xa
    aliases: list
    fields: dict          # field of work: (dossiers a quarter, procedures)
    files: list           # (path, [(sheet, [forms])]); {R} roman quarter, {q} its number
    sort: str = "xlsx"    # xlsx, xls, tcvn3, ods, html (its KSTT book alone)
    called: str = ""      # how it names itself on the paper, when not by its full name
    block: str = "form"   # the title block: form (as printed), office (letterhead), short
    named: str = "header" # where the unit stands: header, title, file
    period: str = "long"  # long, slash, dates, stray, file
    figures: str = "number"   # number, lead0 ("08"), text ("1.234")
    nil: object = 0           # 0, "-", "Không", "" (only in the KSTT grids)
    nil_ratio: object = "-"   # a ratio whose denominator is 0
    percent: str = "number"   # number 67.57, comma "67,57", sign "67,57%", fraction 0.6757 as 0.00%
    money: str = "number"     # number, text "7.877,926", suffix "7.877,926 triệu"
    total: str = "bottom"     # bottom, top, none
    total_label: str = "TỔNG CỘNG"
    numbering: str = "full"   # full, bare, digits, none
    stt: str = "dot"          # dot "1.1.", plain "1.1", float 1.1
    codes: str = "\n"         # what parts the answers in "Có = 1; Không = 0"
    bm_title: str = "colon"   # "Biểu mẫu 1: …" on one line, or "lines"
    captions: dict = field(default_factory=dict)
    first_column: int = 0     # 1: the tables start at column B
    upper: bool = False       # labels in capitals
    gaps: bool = False        # blank rows inside the tables
    whole: bool = False       # keeps the lines about the whole province
    part2: bool = True        # sends part II of II.07b
    fractions: bool = False   # part II ratios as "04/24"
    formulas: bool = False    # live formulas, with the results Excel left in the file
    nfd: bool = False
    signature: bool = True
    merged: bool = True
    notes: dict = field(default_factory=dict)   # (form, code): text in Ghi chú
    footnote: str = ""
    silent: tuple = ()        # quarters in which it sent nothing
    habit: str = ""           # in words, for README.md


def one_each(forms, name="{form}"):
    return [(name.format(form=f, n=f[-1]), [f]) for f in forms]


UNITS = [
    Unit("SNV", "Sở Nội vụ", "so", ["SNV", "So Noi vu"],
         {"Tổ chức hành chính, sự nghiệp nhà nước": (60, 12), "Công chức, viên chức": (85, 9),
          "Thi đua, khen thưởng": (140, 14), "Tôn giáo": (45, 30), "Văn thư, lưu trữ": (6, 3)},
         [("BC CCHC va KSTT quy {R} - So Noi vu.xlsx", one_each(ALL, "Biểu mẫu {n}") + one_each(KSTT))],
         percent="comma", whole=True, notes={("BM1", "5.1"): "Cả năm"},
         habit="one workbook, a sheet a form; numbers; ratios as text `67,57`; every line of the province kept"),
    Unit("SKHDT", "Sở Kế hoạch và Đầu tư", "so", ["Sở KH&ĐT", "Sở KHĐT", "SKHDT"],
         {"Thành lập và hoạt động của doanh nghiệp": (620, 53), "Đầu tư tại Việt Nam": (75, 22),
          "Đấu thầu": (18, 6), "Hỗ trợ doanh nghiệp nhỏ và vừa": (9, 5)},
         [("SKHDT_CCHC_Q{q}.2023.xls", one_each(ALL)), ("SKHDT_KSTT_Q{q}.2023.xls", [("06a", ["II.06a"]), ("07b", ["II.07b"])])],
         sort="tcvn3", period="slash", figures="lead0", nil="-", percent="comma", money="text",
         habit="`.xls`, TCVN3 bytes in .VnTime and .VnTimeH; `08`; nil `-`; `Quý I/2023`"),
    Unit("STC", "Sở Tài chính", "so", ["STC", "So Tai chinh"],
         {"Quản lý công sản": (150, 20), "Quản lý giá": (14, 8), "Tin học - Thống kê": (340, 4)},
         [(f"STC - Biểu mẫu {n} - quý {{R}}.2023.xlsx", [(f"Biểu mẫu {n}", [f"BM{n}"])]) for n in range(1, 8)]
         + [("STC - KSTT quý {R}.2023.xlsx", [("Biểu 06a", ["II.06a"]), ("Biểu 07b", ["II.07b"])])],
         block="short", named="file", period="file", figures="lead0", nil="Không", nil_ratio="",
         percent="fraction", money="suffix", stt="plain", bm_title="lines", signature=False,
         notes={("BM6", "1.2"): "Theo số liệu Kho bạc"},
         habit="a file a form; unit and period in the file name only; nil `Không`; 0.6757 shown as 67.57%; `7.877,926 triệu`"),
    Unit("SXD", "Sở Xây dựng", "so", ["SXD", "So Xay dung"],
         {"Hoạt động xây dựng": (240, 28), "Quy hoạch xây dựng, kiến trúc": (16, 11), "Nhà ở và công sở": (70, 13),
          "Kinh doanh bất động sản": (11, 4), "Hạ tầng kỹ thuật": (8, 5)},
         [("Sở Xây dựng/Phụ lục CCHC quý {R}.xlsx", one_each(ALL, "BM 0{n}")),
          ("Sở Xây dựng/Biểu 06a, 07b quý {R}.xlsx", [("06a", ["II.06a"]), ("07b", ["II.07b"])])],
         block="office", named="title", formulas=True, total_label="Cộng", stt="plain",
         captions={"Số lượng hồ sơ tiếp nhận": "Số hồ sơ nhận giải quyết", "Trong kỳ": "Trong đó"},
         habit="letterhead; live formulas with their results; total row `Cộng`; `Số hồ sơ nhận giải quyết`, `Trong đó`"),
    Unit("SKHCN", "Sở Khoa học và Công nghệ", "so", ["Sở KH&CN", "Sở KHCN", "SKHCN"],
         {"Lĩnh vực Hoạt động KH&CN": (32, 24), "Lĩnh vực năng lượng nguyên tử, an toàn bức xạ và hạt nhân": (11, 9),
          "Lĩnh vực Tiêu chuẩn đo lường chất lượng": (410, 17), "Lĩnh vực Sở hữu trí tuệ": (5, 6)},
         [("PL BC quý {R}-2023 SKHCN.xlsx", [("Phụ lục", ALL), ("KSTT", KSTT)])], called="Sở KH&CN Quảng Minh",
         figures="lead0", percent="sign", money="text", gaps=True, first_column=1, fractions=True,
         footnote="¹ VBQPPL: Văn bản quy phạm pháp luật.", notes={("BM6", "1.1"): "Kế hoạch năm 2023", ("BM3", "3.4.1"): "0"},
         habit="seven forms stacked on one sheet, II.06a and II.07b on another; tables start at column B; blank rows; `67,57%`; `04/24`"),
    Unit("SGDDT", "Sở Giáo dục và Đào tạo", "so", ["Sở GD&ĐT", "Sở GDĐT", "SGDĐT"],
         {"Giáo dục trung học": (36, 15), "Quy chế thi, tuyển sinh": (9, 7), "Hệ thống văn bằng, chứng chỉ": (470, 6),
          "Giáo dục thường xuyên": (12, 8)},
         [("gddt cchc q{q}-2023.ods", one_each(ALL)), ("gddt kstt q{q}-2023.ods", one_each(KSTT))], sort="ods",
         called="Sở GD&ĐT Quảng Minh", total="top", total_label="Tổng số", numbering="bare", nil_ratio=0, period="stray",
         habit="`.ods`; total row at the top; bare (1) (2) (3); an empty denominator gives 0; `15 /6/2023` with a stray blank"),
    Unit("SVHTTDL", "Sở Văn hóa, Thể thao và Du lịch", "so", ["Sở VH,TT&DL", "Sở VHTTDL", "SVHTTDL"],
         {"Văn hóa cơ sở": (1350, 31), "Thể dục thể thao": (48, 26), "Du lịch": (62, 24), "Di sản văn hóa": (7, 12)},
         [("Phu luc CCHC VHTTDL quy {q}.xlsx", one_each(ALL, "PL{n}")), ("thongke_giaiquyet_Q{q}_2023.xls", [("Sheet1", KSTT)])],
         sort="html", period="dates", figures="text", nil="-", percent="comma", money="text", total_label="Tổng số",
         numbering="none", stt="plain", part2=False,
         captions={"STT": "TT", "Số lượng hồ sơ tiếp nhận": "Tiếp nhận", "Trong kỳ": "Trong đó", "Từ kỳ trước": "Kỳ trước",
                   "Số lượng hồ sơ đã giải quyết": "Đã xử lý", "Số lượng hồ sơ đang giải quyết": "Hồ sơ đang xử lý",
                   "Trong hạn": "Đúng hạn"},
         habit="KSTT exported as an HTML table named `.xls`, all text, `1.350`; `Tiếp nhận`, `Đã xử lý`, pending `Đúng hạn`; no numbering row"),
    Unit("SCT", "Sở Công Thương", "so", ["SCT", "So Cong Thuong"],
         {"Lưu thông hàng hóa trong nước": (95, 42), "Xúc tiến thương mại": (330, 8), "Hóa chất": (28, 16), "Điện": (22, 12),
          "Vật liệu nổ công nghiệp": (6, 11)},
         [("cv{cv}-SCT Phu luc 581.xlsx", one_each(ALL, "Biểu mẫu {n}")), ("cv{cv}-SCT KSTT.xlsx", one_each(KSTT))],
         figures="lead0", percent="sign", money="text", upper=True, numbering="digits", bm_title="lines",
         footnote="Ghi chú: Số liệu lấy từ phần mềm một cửa điện tử, 100% hồ sơ được số hóa.",
         habit="labels in capitals; numbering row 1 2 3; footnote and signatures; a hidden old copy of II.06a in quý II and III"),
    Unit("SYT", "Sở Y tế", "so", ["SYT", "So Y te"],
         {"Khám bệnh, chữa bệnh": (260, 61), "Dược phẩm": (175, 48), "Mỹ phẩm": (14, 7), "An toàn thực phẩm": (88, 10),
          "Y tế dự phòng": (5, 9)},
         [("Sở Y tế - biểu CCHC quý {R}.xlsx", one_each(ALL, "Biểu {n}")),
          ("Sở Y tế - biểu KSTT quý {R}.xlsx", [("Biểu II.06a", ["II.06a"]), ("Biểu II.07b", ["II.07b"])])],
         nfd=True, stt="float", percent="comma", nil_ratio="", numbering="bare", codes=" ", merged=False,
         habit="all text decomposed (NFD); codes as numbers 1.1; header cells not merged, `TỔNG CỘNG` in the second column"),
    Unit("STNMT", "Sở Tài nguyên và Môi trường", "so", ["Sở TN&MT", "Sở TNMT", "STNMT"],
         {"Đất đai": (3900, 38), "Môi trường": (42, 14), "Tài nguyên nước": (19, 17), "Địa chất và khoáng sản": (23, 21),
          "Đo đạc và bản đồ": (31, 4)},
         [("STNMT/PHU LUC.xls", one_each(ALL, "PL{n}")), ("STNMT/06a-07b.xls", [("Sheet1", ["II.06a"]), ("Sheet2", ["II.07b"])])],
         sort="xls", block="office", named="title", period="dates", figures="text", percent="comma", money="text",
         total_label="Tổng cộng", codes="; ",
         habit="`.xls` in Unicode; all figures text, `3.900`; letterhead, unit in the title; dates only; file names say nothing"),
    Unit("SGTVT", "Sở Giao thông vận tải", "so", ["Sở GTVT", "SGTVT"],
         {"Đường bộ": (780, 46), "Đăng kiểm": (36, 9), "Đường thủy nội địa": (15, 22)},
         [("SGTVT - CCHC quý {R}-2023.xlsx", one_each(ALL)), ("SGTVT - KSTT quý {R}-2023.xlsx", one_each(KSTT))],
         percent="number", numbering="bare", stt="plain", part2=False, silent=(2,),
         notes={("BM1", "6.1"): "Bỏ phiếu tại Bộ phận Một cửa"},
         habit="plain numbers; nothing sent in quý II; sends II.06a of quý III again as `(sửa)`"),
    Unit("BDT", "Ban Dân tộc", "so", ["BDT", "Ban Dan toc"],
         {"Công tác dân tộc": (9, 2), "Chính sách dân tộc": (4, 3)},
         [("Ban Dân tộc/Book1.xlsx", [(f"Sheet{i + 1}", [f]) for i, f in enumerate(ALL + KSTT)])],
         figures="lead0", nil="Không", percent="sign", money="text", total="none", period="slash", part2=False, bm_title="lines",
         codes="; ", silent=(3,), habit="Book1.xlsx, Sheet1 … Sheet9; `Không`; no total row; nothing sent in quý III"),
    Unit("BQLKCN", "Ban Quản lý các khu công nghiệp", "so", ["BQL các KCN", "BQL cac KCN", "Ban Quản lý các KCN"],
         {"Đầu tư": (34, 21), "Lao động": (58, 9), "Quy hoạch xây dựng": (13, 8), "Môi trường": (6, 7)},
         [("Bao cao quy {q} nam 2023 - BQL cac KCN.xlsx", one_each(ALL, "Mẫu {n}") + [("Biểu 06a", ["II.06a"]), ("Biểu 07b", ["II.07b"])])],
         block="short", named="title", period="file", nil="", percent="number", part2=False, numbering="bare", signature=False,
         habit="unit in the titles, period in the file name only; zeros left blank in II.06a and II.07b"),
    Unit("HAL", "UBND huyện An Lộc", "huyen", ["huyện An Lộc", "An Lộc"],
         {"Đất đai": (410, 0), "Hộ tịch": (85, 0), "Chứng thực": (720, 0), "Thành lập và hoạt động của hộ kinh doanh": (66, 0),
          "Bảo trợ xã hội": (54, 0)},
         [("UBND huyen An Loc - bieu 06 - quy {R}.xls", [("Bieu 06", ["II.06a"])])], sort="xls", figures="lead0",
         captions={"Lĩnh vực giải quyết": "Lĩnh vực, công việc giải quyết theo cấp", "Biểu số II.06a/VPCP/KSTT":
                   "Biểu số 06 /VPCP/KSTT\nBan hành theo Thông tư số 01/2020/TT-VPCP", "Từ kỳ trước": "Kỳ trước"},
         habit="`.xls`; II.06a alone; `Biểu số 06 /VPCP/KSTT`, `Lĩnh vực, công việc giải quyết theo cấp`"),
    Unit("HTB", "UBND huyện Tân Bình", "huyen", ["huyện Tân Bình", "Tân Bình"],
         {"Đất đai": (290, 0), "Hộ tịch": (60, 0), "Chứng thực": (530, 0), "Giáo dục và Đào tạo": (17, 0)},
         [("huyện Tân Bình 06a.xlsx", [("06a", ["II.06a"])])], block="short", named="file", period="dates", nil="-",
         captions={"Trực tuyến": "Thực tuyến"}, numbering="digits", gaps=True, signature=False,
         habit="II.06a alone; unit in the file name only; `Thực tuyến`; a blank row above the total"),
    Unit("XPS", "UBND xã Phú Sơn", "xa", ["xã Phú Sơn", "Phú Sơn", "xa Phu Son"],
         {"Hộ tịch": (48, 0), "Chứng thực": (260, 0), "Người có công": (7, 0), "Nuôi con nuôi": (1, 0)},
         [("xa Phu Son (bieu 06a) Q{q}.xlsx", [("Sheet1", ["II.06a"])])], figures="lead0", total="top", period="stray",
         habit="II.06a alone; total row at the top; `08`; its file of quý I is cut short and cannot be opened"),
]


def path(unit, name, q):
    return f"{FOLDER[q]}/" + name.format(R=ROMAN[q], q=q, cv=143 + 31 * q)


def forms_of(unit):
    return [f for _, sheets in unit.files for _, forms in sheets for f in forms]
