#!/usr/bin/env python3
"""Writes what a whole province sends in a year: 170 units, each a workbook of 9 forms a quarter, 6,120 returns.

    pip install XlsxWriter==3.3.1
    python3 benches/province.py /tmp/province
    cargo build --release
    time target/release/tonghop consolidate /tmp/province --period 2023 --out /tmp/province-out --quiet

The bound is 5 s of CPU and a workbook under 15 MB; how it stood last is in benches/README.md. The figures are right,
apart from one slip in every tenth workbook, since real ones have them; the habits are those of samples/quang-minh that
an .xlsx can show.
"""
import random
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "samples"))
from make import figures, files, layout, units
from make.units import ALL, KSTT, Unit

QUARTERS = (1, 2, 3, 4)
FIELDS = ["Đất đai", "Hộ tịch", "Chứng thực", "Người có công", "Nuôi con nuôi", "Bảo trợ xã hội", "Môi trường", "Đường bộ",
          "Giáo dục trung học", "Văn hóa cơ sở", "Hoạt động xây dựng", "Lao động", "An toàn thực phẩm", "Thi đua, khen thưởng",
          "Thành lập và hoạt động của hộ kinh doanh", "Quản lý công sản", "Lưu thông hàng hóa trong nước", "Tôn giáo"]
FIRST = ["An", "Bình", "Cẩm", "Đại", "Hòa", "Kim", "Long", "Minh", "Phú", "Quang", "Tân", "Thanh", "Vĩnh", "Xuân"]
SECOND = ["Sơn", "Lộc", "Giang", "Thủy", "Lâm", "Hải", "Phong", "Thịnh", "Hưng", "Khê"]
DEPARTMENTS = [u.name for u in units.UNITS if u.level == "so"] + [
    "Sở Tư pháp", "Sở Nông nghiệp và Phát triển nông thôn", "Sở Thông tin và Truyền thông", "Sở Ngoại vụ",
    "Sở Lao động - Thương binh và Xã hội", "Thanh tra tỉnh", "Văn phòng UBND tỉnh"]
DISTRICTS = ["Đông Hà", "Hải Lăng", "Cam Lộ", "Gio Linh", "Vĩnh Linh", "Đakrông", "Triệu Phong", "Hướng Hóa", "Cồn Tiên", "Bến Hải"]


def province():
    """170 units: departments, districts, communes."""
    names = [("so", name) for name in DEPARTMENTS] + [("huyen", f"UBND huyện {name}") for name in DISTRICTS]
    communes = [f"UBND xã {a} {b}" for a in FIRST for b in SECOND]
    names += [("xa", name) for name in communes[:170 - len(names)]]
    assert len(names) == 170
    for n, (level, name) in enumerate(names):
        rng = random.Random(f"province {n}")
        fields = {f: (rng.randint(5, 900), rng.randint(3, 40)) for f in rng.sample(FIELDS, rng.randint(4, 10))}
        habit = {"percent": rng.choice(["number", "comma", "sign", "fraction"]), "figures": rng.choice(["number", "number", "lead0"]),
                 "formulas": rng.random() < 0.2, "numbering": rng.choice(["full", "full", "bare", "none"])}
        sheets = [(form, [form]) for form in ALL + KSTT]
        yield Unit(f"U{n + 1:03}", name, level, [], fields, [("{R}.xlsx", sheets)], period="long", **habit)


def main(folder):
    figures.QUARTERS = QUARTERS
    units.ROMAN[4], units.SPAN[4], units.SIGNED[4] = "IV", ("15/9/2023", "14/12/2023"), "18/12/2023"
    folder.mkdir(parents=True, exist_ok=True)
    listed = ["code,name,level,aliases"]
    for unit in province():
        listed.append(f'{unit.code},"{unit.name}",{unit.level},')
        for q, fig in figures.year(unit).items():
            rng = random.Random(f"{unit.code} {q}")
            if rng.random() < 0.1:
                fig["II.06a", "", "total", 3] += 9
            sheets = [layout.sheet(unit, q, fig, form, [form]) for form in ALL + KSTT]
            path = folder / f"2023-Q{q}" / f"{unit.code} {unit.name} - quý {units.ROMAN[q]}.xlsx"
            path.parent.mkdir(exist_ok=True)
            files.save(path, "xlsx", sheets)
    (folder / "units.csv").write_text("\n".join(listed) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
