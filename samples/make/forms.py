"""The forms as the offices print them: lines, captions, units, and what each line's figure is."""

# code|sort|unit|label; a star marks a line about the whole province, which most departments leave out.
_LINES = """
# BM1 Công tác chỉ đạo điều hành CCHC
1|count|Văn bản|Số văn bản chỉ đạo CCHC đã ban hành (Kết luận, chỉ thị, công văn chỉ đạo, quán triệt)
2|ratio|%|Tỷ lệ hoàn thành Kế hoạch CCHC năm (Lũy kế đến thời điểm báo cáo)
2.1|count|Nhiệm vụ|Số nhiệm vụ đề ra trong kế hoạch
2.2|count|Nhiệm vụ|Số nhiệm vụ đã hoàn thành
3|heading||Kiểm tra CCHC
3.1|count|Cơ quan, đơn vị|Số đơn vị đã kiểm tra
3.3|ratio|%|Tỷ lệ xử lý các vấn đề phát hiện qua kiểm tra
3.3.1|count|Vấn đề|Số vấn đề phát hiện qua kiểm tra
3.3.2|count|Vấn đề|Số vấn đề phát hiện đã xử lý xong
5|heading||Thực hiện nhiệm vụ Chính phủ, Thủ tướng Chính phủ giao
5.1|count|Nhiệm vụ|Tổng số nhiệm vụ được giao
5.2|count|Nhiệm vụ|Số nhiệm vụ đã hoàn thành đúng hạn
5.3|count|Nhiệm vụ|Số nhiệm vụ đã hoàn thành nhưng quá hạn
5.4|count|Nhiệm vụ|Số nhiệm vụ quá hạn nhưng chưa hoàn thành
6|code|Có = 1; Không = 0|Khảo sát sự hài lòng của người dân, tổ chức
6.1|count|Số lượng|Số lượng phiếu khảo sát
6.2|code|Trực tuyến = 0; Phát phiếu = 1; Kết hợp = 2|Hình thức khảo sát
7|code|Không = 0; Có = 1|Tổ chức đối thoại của lãnh đạo với người dân, cộng đồng doanh nghiệp
# BM2 Cải cách thể chế
1|count|Văn bản|Tổng số VBQPPL do địa phương ban hành
1.1|count|Văn bản|Số VBQPPL do cấp tỉnh ban hành
1.2|count|Văn bản|Số VBQPPL do cấp huyện ban hành
1.3|count|Văn bản|Số VBQPPL do cấp xã ban hành
2|heading||Kiểm tra, xử lý VBQPPL
2.1|count|Văn bản|Số VBQPPL đã kiểm tra theo thẩm quyền của cấp tỉnh
2.2|ratio|%|Tỷ lệ xử lý VBQPPL sau kiểm tra
2.2.1|count|Văn bản|Tổng số VBQPPL cần phải xử lý sau kiểm tra
2.2.2|count|Văn bản|Số VBQPPL có kiến nghị xử lý đã được xử lý xong
3|heading||Rà soát VBQPPL
3.1|count|Văn bản|Số VBQPPL đã rà soát thuộc thẩm quyền của cấp tỉnh
3.2|ratio|%|Tỷ lệ xử lý VBQPPL sau rà soát
3.2.1|count|Văn bản|Tổng số VBQPPL cần phải xử lý sau rà soát
3.2.2|count|Văn bản|Số VBQPPL có kiến nghị xử lý đã được xử lý xong
# BM3 Cải cách thủ tục hành chính
1|heading||Thống kê TTHC
1.1|count|Thủ tục|Số TTHC đã được phê duyệt phương án đơn giản hóa
1.2|count|Thủ tục|Số TTHC công bố mới
1.3|count|Thủ tục|Số TTHC bãi bỏ, thay thế
1.4|count|Thủ tục|Tổng số TTHC thuộc thẩm quyền giải quyết tại địa phương
1.4.1|count|Thủ tục|Số TTHC cấp tỉnh (Bao gồm cả TTHC của cơ quan ngành dọc)
1.4.2|count|Thủ tục|Số TTHC cấp huyện (Bao gồm cả TTHC của cơ quan ngành dọc)
1.4.3|count|Thủ tục|Số TTHC cấp xã (Bao gồm cả TTHC của cơ quan ngành dọc)
2|heading||Thực hiện cơ chế một cửa, một cửa liên thông
2.1|count|Thủ tục|Số TTHC liên thông cùng cấp
2.2|count|Thủ tục|Số TTHC liên thông giữa các cấp chính quyền
2.3|count|Thủ tục|Số TTHC đã thực hiện tiếp nhận và giải quyết hồ sơ không phụ thuộc vào địa giới hành chính.
3|heading||Kết quả giải quyết TTHC
3.1|ratio|%|Tỷ lệ hồ sơ TTHC do các sở, ngành tiếp nhận được giải quyết đúng hạn
3.1.1|count|Hồ sơ|Tổng số hồ sơ TTHC đã giải quyết xong
3.1.2|count|Hồ sơ|Số hồ sơ TTHC giải quyết đúng hạn
3.4|ratio|%|Tỷ lệ giải quyết phản ánh, kiến nghị (PAKN) về quy định TTHC
3.4.1|count|PAKN|Tổng số PAKN đã tiếp nhận (trực tiếp hoặc do cơ quan có thẩm quyền chuyển đến)
3.4.2|count|PAKN|Số PAKN đã giải quyết xong
# BM4 Cải cách tổ chức bộ máy
1|heading||Sắp xếp, kiện toàn tổ chức bộ máy
*1.1|percent|%|Tỷ lệ sở, ngành đã hoàn thành việc sắp xếp các phòng chuyên môn đáp ứng các tiêu chí theo quy định của Chính phủ
*1.2|percent|%|Tỷ lệ UBND cấp huyện đã hoàn thành việc sắp xếp các phòng chuyên môn đáp ứng các tiêu chí theo quy định của Chính phủ
*1.3|count|Ban|Số lượng các ban quản lý trực thuộc UBND cấp tỉnh
*1.4|count|Tổ chức|Số tổ chức liên ngành do cấp tỉnh thành lập
1.5|count|Cơ quan, đơn vị|Tổng số đơn vị sự nghiệp công lập (ĐVSNCL) tại địa phương
1.5.1|count|Cơ quan, đơn vị|Số ĐVSNCL thuộc UBND tỉnh
1.5.2|count|Cơ quan, đơn vị|Số ĐVSNCL thuộc sở, ngành và tương đương
1.5.3|count|Cơ quan, đơn vị|Số ĐVSNCL thuộc UBND cấp huyện
*1.5.4|percent|%|Tỷ lệ ĐVSNCL đã cắt giảm so với năm 2015
2|heading||Số liệu về biên chế công chức
2.1|count|Người|Tổng số biên chế được giao trong năm
2.2|count|Người|Tổng số biên chế có mặt tại thời điểm báo cáo
2.3|count|Người|Số hợp đồng lao động làm việc tại các cơ quan, tổ chức hành chính
2.4|count|Người|Số biên chế đã tinh giản trong kỳ báo cáo
*2.5|percent|%|Tỷ lệ phần trăm biên chế đã tinh giản so với năm 2015
3|heading||Số người làm việc hưởng lương từ NSNN tại các đơn vị sự nghiệp công lập
3.1|count|Người|Tổng số người làm việc được giao
3.2|count|Người|Tổng số người làm việc có mặt tại thời điểm báo cáo
3.3|count|Người|Số người đã tinh giản trong kỳ báo cáo
*3.4|percent|%|Tỷ lệ % đã tinh giản so với năm 2015
# BM5 Cải cách chế độ công vụ
1|heading||Vị trí việc làm của công chức, viên chức
1.1|count|Cơ quan, đơn vị|Số cơ quan, tổ chức hành chính đã được phê duyệt vị trí việc làm theo quy định
1.2|count|Cơ quan, đơn vị|Số đơn vị sự nghiệp đã được phê duyệt vị trí việc làm theo quy định
1.3|count|Cơ quan, đơn vị|Số cơ quan, tổ chức có vi phạm trong thực hiện vị trí việc làm phát hiện qua thanh tra
2|heading||Tuyển dụng công chức, viên chức
2.1|count|Người|Số công chức được tuyển dụng (thi tuyển, xét tuyển)
2.2|count|Người|Số công chức được tuyển dụng theo trường hợp đặc biệt.
2.3|count|Người|Số cán bộ, công chức cấp xã được xét chuyển thành công chức cấp huyện trở lên.
2.4|count|Người|Số viên chức được tuyển dụng (thi tuyển, xét tuyển).
2.5|count|Người|Số viên chức được tuyển dụng theo trường hợp đặc biệt.
3|count|Người|Số lượng lãnh đạo quản lý được tuyển chọn, bổ nhiệm thông qua thi tuyển (Lũy kế từ đầu năm)
4|count|Người|Số lượng cán bộ, công chức, viên chức bị kỷ luật (cả về Đảng và chính quyền).
4.1|count|Người|Số lãnh đạo cấp tỉnh bị kỷ luật.
4.2|count|Người|Số lãnh đạo cấp sở, ngành và UBND cấp huyện bị kỷ luật.
4.3|count|Người|Số lãnh đạo cấp phòng thuộc sở, ngành và UBND cấp huyện bị kỷ luật.
4.4|count|Người|Số người làm việc hưởng lương từ NSNN tại các đơn vị SNCL bị kỷ luật.
# BM6 Cải cách tài chính công
1|ratio|%|Tỷ lệ thực hiện Kế hoạch giải ngân vốn đầu tư công
1.1|money|Triệu đồng|Được giao
1.2|money|Triệu đồng|Đã thực hiện
2|heading||Thực hiện tự chủ tài chính của đơn vị sự nghiệp (ĐVSN) tại địa phương (lũy kế đến thời điểm báo cáo)
2.1|count|Đơn vị|Tổng số ĐVSN công lập tại địa phương
2.2|count|Đơn vị|Số ĐVSN tự bảo đảm chi thường xuyên và chi đầu tư
2.3|count|Đơn vị|Số ĐVSN tự bảo đảm chi thường xuyên
2.4|count|Đơn vị|Số ĐVSN tự bảo đảm một phần chi thường xuyên
2.4.1|count|Đơn vị|Số ĐVSN tự bảo đảm từ 70% - dưới 100% chi thường xuyên
2.4.2|count|Đơn vị|Số ĐVSN tự bảo đảm từ 30% - dưới 70% chi thường xuyên
2.4.3|count|Đơn vị|Số ĐVSN tự bảo đảm từ 10% - dưới 30% chi thường xuyên
2.5|count|Đơn vị|Số ĐVSN do Nhà nước bảo đảm chi thường xuyên
2.6|count|Đơn vị|Số lượng ĐVSN đã chuyển đổi thành công ty cổ phần (lũy kế đến thời điểm báo cáo)
# BM7 Xây dựng và phát triển Chính quyền điện tử, Chính quyền số
1|code|Chưa = 0; Hoàn thành = 1|Cập nhật Kiến trúc chính quyền điện tử phiên bản mới nhất
*2|code|Chưa có = 0; 2 cấp = 1; 3 cấp = 2|Xây dựng và vận hành Hệ thống họp trực tuyến. Liên thông 2 cấp: Từ UBND tỉnh - 100% UBND các huyện. Liên thông 3 cấp: Từ UBND tỉnh - 100% UBND cấp huyện, cấp xã.
3|percent|%|Tỷ lệ báo cáo định kỳ được gửi, nhận qua Hệ thống thông tin báo cáo quốc gia
4|code|Chưa = 0; Đang làm = 1; Hoàn thành = 2|Triển khai xây dựng nền tảng chia sẻ, tích hợp dùng chung (LGSP).
*5|heading||Số liệu về trao đổi văn bản điện tử
*5.1|heading||Thực hiện kết nối, liên thông các Hệ thống quản lý văn bản điều hành từ cấp tỉnh đến cấp xã
*5.1.1|percent|%|Tỷ lệ sở, ngành đã kết nối, liên thông với UBND tỉnh
*5.1.2|percent|%|Tỷ lệ UBND cấp huyện đã kết nối, liên thông với UBND tỉnh
*5.1.3|percent|%|Tỷ lệ UBND cấp xã đã kết nối, liên thông với UBND huyện.
*5.2|percent|%|Tỷ lệ sử dụng văn bản điện tử của địa phương (Chỉ thống kê tỷ lệ văn bản được gửi hoàn toàn dưới dạng điện tử; sử dụng chữ ký số, chứng thư số và gửi trên môi trường điện tử).
*5.2.1|percent|%|Tỷ lệ sử dụng văn bản điện tử của các sở, ban, ngành cấp tỉnh
*5.2.2|percent|%|Tỷ lệ sử dụng văn bản điện tử của UBND cấp huyện
*5.2.3|percent|%|Tỷ lệ sử dụng văn bản điện tử của UBND cấp xã
*5.3|heading||Xây dựng, vận hành Hệ thống thông tin một cửa điện tử tập trung của tỉnh
*5.3.1|percent|%|Tỷ lệ sở, ngành đã kết nối liên thông với Hệ thống
*5.3.2|percent|%|Tỷ lệ đơn vị cấp huyện đã kết nối liên thông với Hệ thống
*5.3.3|percent|%|Tỷ lệ đơn vị cấp xã đã kết nối liên thông với Hệ thống
6|heading||Cung cấp dịch vụ công trực tuyến
6.4|ratio|%|Tỷ lệ TTHC đủ điều kiện được cung cấp trực tuyến mức độ 3
6.4.1|count|Thủ tục|Tổng số TTHC đủ điều kiện cung cấp trực tuyến mức độ 3
6.4.2|count|Thủ tục|Số TTHC đang cung cấp trực tuyến mức độ 3
6.4.3|count|Thủ tục|Số TTHC đang cung cấp trực tuyến mức độ 3 có phát sinh hồ sơ nộp trực tuyến
6.5|ratio|%|Tỷ lệ TTHC đủ điều kiện được cung cấp trực tuyến mức độ 4
6.5.1|count|Thủ tục|Tổng số TTHC đủ điều kiện cung cấp trực tuyến mức độ 4
6.5.2|count|Thủ tục|Số TTHC đang cung cấp trực tuyến mức độ 4
6.5.3|count|Thủ tục|Số TTHC đang cung cấp trực tuyến mức độ 4 có phát sinh hồ sơ nộp trực tuyến
6.6|ratio|%|Tỷ lệ TTHC cung cấp trực tuyến mức độ 3 và 4 đã tích hợp, công khai trên Cổng DVC quốc gia
6.6.1|count|Thủ tục|Tổng số TTHC đang cung cấp trực tuyến mức độ 3 và 4 của địa phương
6.6.2|count|Thủ tục|Số TTHC cung cấp trực tuyến mức độ 3 và 4 đã tích hợp, công khai trên Cổng DVC quốc gia
6.7|ratio|%|Tỷ lệ hồ sơ TTHC được tiếp nhận trực tuyến mức độ 3 và 4 (Chỉ thống kê đối với các TTHC mức độ 3 và 4 có phát sinh hồ sơ)
6.7.1|count|Hồ sơ|Tổng số hồ sơ TTHC đã tiếp nhận (cả trực tiếp và trực tuyến)
6.7.2|count|Hồ sơ|Số hồ sơ TTHC đã tiếp nhận trực tuyến
6.8|ratio|%|Tỷ lệ TTHC được tích hợp, triển khai thanh toán trực tuyến
6.8.1|count|Thủ tục|Tổng số TTHC có yêu cầu nghĩa vụ tài chính (tất cả các TTHC có phát sinh phí, lệ phí,...)
6.8.2|count|Thủ tục|Số TTHC đã được tích hợp, triển khai thanh toán trực tuyến trên Cổng DVC quốc gia hoặc trên Cổng DVC của tỉnh.
"""


def _read():
    forms, lines = {}, None
    for row in _LINES.strip().splitlines():
        if row.startswith("# "):
            form, title = row[2:].split(" ", 1)
            lines = []
            forms[form] = (title, lines)
        else:
            code, sort, unit, label = row.split("|", 3)
            lines.append((code.lstrip("*"), sort, unit, label, code.startswith("*")))
    return forms


CCHC = _read()  # BM1 … BM7: (title, [(code, sort, unit, label, whole province)])
SORT = {(form, code): sort for form, (_, lines) in CCHC.items() for code, sort, *_ in lines}

RATIOS = {  # ratio line: (part, whole)
    "BM1": {"2": ("2.2", "2.1"), "3.3": ("3.3.2", "3.3.1")},
    "BM2": {"2.2": ("2.2.2", "2.2.1"), "3.2": ("3.2.2", "3.2.1")},
    "BM3": {"3.1": ("3.1.2", "3.1.1"), "3.4": ("3.4.2", "3.4.1")},
    "BM6": {"1": ("1.2", "1.1")},
    "BM7": {f"6.{n}": (f"6.{n}.2", f"6.{n}.1") for n in (4, 5, 6, 7, 8)},
}
SUMS = {  # total line: its parts
    "BM2": {"1": ("1.1", "1.2", "1.3")},
    "BM3": {"1.4": ("1.4.1", "1.4.2", "1.4.3")},
    "BM4": {"1.5": ("1.5.1", "1.5.2", "1.5.3")},
    "BM6": {"2.1": ("2.2", "2.3", "2.4", "2.5"), "2.4": ("2.4.1", "2.4.2", "2.4.3")},
    "BM7": {"6.6.1": ("6.4.2", "6.5.2")},
}
GROUPS = {  # total column: its parts
    ("II.06a", ""): {3: (4, 5, 6), 7: (8, 9, 10), 11: (12, 13)},
    ("II.07b", "I"): {3: (4, 5, 6), 7: (8, 9, 10), 11: (12, 13, 14)},
    ("II.07b", "II"): {},
}

# Header trees: (caption, [children]) in column order; a leaf is one column.
HEADS = {
    ("II.06a", ""): ["STT", "Lĩnh vực giải quyết",
        ("Số lượng hồ sơ tiếp nhận", ["Tổng số", ("Trong kỳ", ["Trực tuyến", "Trực tiếp, dịch vụ bưu chính"]),
                                     "Từ kỳ trước"]),
        ("Số lượng hồ sơ đã giải quyết", ["Tổng số", "Trước hạn", "Đúng hạn", "Quá hạn"]),
        ("Số lượng hồ sơ đang giải quyết", ["Tổng số", "Trong hạn", "Quá hạn"])],
    ("II.07b", "I"): ["STT", "Lĩnh vực",
        ("Tổng số TTHC thuộc thẩm quyền giải quyết của địa phương",
         ["Tổng số TTHC", "Cấp tỉnh", "Cấp huyện", "Cấp xã"]),
        ("TTHC được thực hiện theo CCMC, MCLT",
         ["Tổng số TTHC", "Tại BPMC cấp tỉnh", "Tại BPMC cấp huyện", "Tại BPMC cấp xã"]),
        ("Quy trình nội bộ giải quyết TTHC theo CCMC, MCLT được ban hành",
         ["Tổng số quy trình", "Cấp tỉnh", "Cấp huyện", "Cấp xã"])],
    ("II.07b", "II"): ["STT", "Lĩnh vực", ("Cấp tỉnh", ["Số lượng TTHC", "Tỷ lệ"]),
                      ("Cấp huyện", ["Số lượng TTHC", "Tỷ lệ"])],
    "CCHC": ["STT", "Chỉ tiêu thống kê (Sử dụng trong kỳ báo cáo hàng quý, 6 tháng, năm)",
             ("Kết quả thống kê", ["Đơn vị tính", "Số liệu"]), "Ghi chú"],
}
