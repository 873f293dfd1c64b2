#!/usr/bin/env python3
"""Makes the workbooks of a large province and measures what reading them costs, here and elsewhere, in one run.

    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install XlsxWriter python-calamine polars fastexcel openpyxl pandas
    cargo build --release && cargo bench --bench peers --no-run
    /tmp/peers/bin/python benches/peers.py /tmp/province [THOUSANDS]

1,000 workbooks are 334 units × 3 quarters × 9 sheets, one for each form; further thousands are the same units in other
years. Processor seconds are user and system time of a process and all it started; ratios hold, seconds are one machine's.
"""
import glob
import json
import os
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path

sys.dont_write_bytecode = True
HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME / "samples"))
SAMPLE = 100   # files for the slowest peer, scaled


def main():
    root, thousands = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    one = root / "1000"
    if not (one / "units.csv").exists():
        make(one)
    files = sorted(str(p) for p in one.rglob("*.xlsx"))
    print(f"{len(files)} workbooks, {sum(os.path.getsize(f) for f in files) / 1e6:.1f} MB")
    tonghop = str(HOME / "target/release/tonghop")
    bench = newest(HOME / "target/release/deps", "peers-")
    out = str(root / "entries.parquet")
    rows = [
        ("inflate every part (zlib-rs)", [bench, "floor", str(one)], 1),
        ("our cells (read), one process", [bench, "read", str(one)], 1),
        ("… and tables and figures (extract)", [bench, "extract", str(one)], 1),
        ("tonghop entries", [tonghop, "entries", str(one), "--out", out, "--quiet"], 1),
        ("tonghop check", [tonghop, "check", str(one), "--quiet"], 1),
        ("calamine, ranges", [bench, "calamine", str(one)], 1),
        ("fastexcel → polars", python(FASTEXCEL, files), 1),
        ("python-calamine + polars", python(CALAMINE, files), 1),
        ("openpyxl + pandas", python(PANDAS, files[::len(files) // SAMPLE]), len(files) / len(files[::len(files) // SAMPLE])),
    ]
    measured = {}
    for name, command, scale in rows:
        # The least of three: a machine that does something else besides only adds.
        cpu, wall, peak = min(run(command) for _ in range(3 if scale == 1 else 1))
        measured[name] = cpu * scale
        print(f"{name:34} {cpu * scale:8.2f} CPU s {wall * scale:8.2f} s {peak:6.0f} MB")
    ours, floor = measured["tonghop entries"], measured["inflate every part (zlib-rs)"]
    print(f"\nentries: {ours / floor:.1f} × the floor")
    apart = measured["… and tables and figures (extract)"] - measured["our cells (read), one process"]
    print(f"entries: {ours / (2.5 * floor + apart):.2f} × (2.5 × the floor + recognition and extraction measured apart)")
    print(f"check: {measured['tonghop check'] / ours:.2f} × entries")
    for name in list(measured)[5:]:
        print(f"{name}: {measured[name] / ours:.1f} × entries")
    if thousands > 1:
        many = root / f"{thousands}000"
        if not (many / "units.csv").exists():
            years(one, many, thousands)
        cpu, wall, peak = run([tonghop, "entries", str(many), "--out", out, "--quiet"])
        print(f"\n{thousands},000 workbooks: {cpu:.1f} CPU s, {cpu / ours / thousands:.2f} of {thousands} × one thousand, {wall:.1f} s, peak {peak:.0f} MB a process")
        cpu, wall, peak = run([tonghop, "check", str(many), "--quiet"])
        print(f"check of them: {cpu:.1f} CPU s, {cpu / measured['tonghop check'] / thousands:.2f} of {thousands} × one thousand, {wall:.1f} s, peak {peak:.0f} MB a process")


def newest(folder, start):
    found = [p for p in glob.glob(f"{folder}/{start}*") if os.access(p, os.X_OK) and "." not in os.path.basename(p)]
    return max(found, key=os.path.getmtime)


def run(command):
    """CPU seconds, seconds, peak MB of the largest process."""
    start = time.time()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{command[:2]} ended with {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime, time.time() - start, used.ru_maxrss / 1024


def python(code, files):
    listed = Path("/tmp") / f"tonghop-peers-{os.getpid()}-{len(files)}.json"
    listed.write_text(json.dumps(files))
    return [sys.executable, "-c", f"import json\nfiles = json.load(open({str(listed)!r}))\n" + code]


CALAMINE = """
import polars as pl
from python_calamine import CalamineWorkbook
for file in files:
    book = CalamineWorkbook.from_path(file)
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        pl.DataFrame([[str(c) for c in row] for row in rows], orient="row")
"""
FASTEXCEL = """
import fastexcel
for file in files:
    book = fastexcel.read_excel(file)
    for name in book.sheet_names:
        book.load_sheet(name, header_row=None, dtypes="string").to_polars()
"""
PANDAS = """
import pandas as pd
for file in files:
    pd.read_excel(file, sheet_name=None, header=None, engine="openpyxl")
"""


def make(folder):
    from make import figures, files, layout
    from make.units import ALL, FOLDER, KSTT, Unit
    from make.units import UNITS
    fields = {name: numbers for u in UNITS for name, numbers in u.fields.items()}
    listed = ["code,name,level,aliases"]
    for n in range(334):
        own = dict(list(fields.items())[n % 7:][:24])
        unit = Unit(f"D{n:03}", f"Sở Công việc số {n:03}", "so", [], own, [("x", [(form, [form]) for form in [*ALL, *KSTT]])])
        listed.append(f"{unit.code},{unit.name},so,")
        fig = figures.year(unit)
        for q in FOLDER:
            sheets = [layout.sheet(unit, q, fig[q], title, forms) for title, forms in unit.files[0][1]]
            files.save(folder / FOLDER[q] / f"{unit.code}.xlsx", "xlsx", sheets)
    (folder / "units.csv").write_text("\n".join(listed) + "\n", encoding="utf-8")


def years(one, many, count):
    """The same returns in other years: 2023 and 2022 wherever they are written."""
    for i in range(count):
        new, old = str(2023 - 2 * i).encode(), str(2022 - 2 * i).encode()
        for file in one.rglob("*.xlsx"):
            to = many / str(2023 - 2 * i) / str(file.relative_to(one)).replace("2023", new.decode())
            to.parent.mkdir(parents=True, exist_ok=True)
            with zipfile.ZipFile(file) as source, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as target:
                for part in source.infolist():
                    body = source.read(part)
                    if part.filename == "xl/sharedStrings.xml":
                        body = body.replace(b"2022", b"@").replace(b"2023", new).replace(b"@", old)
                    target.writestr(part, body)
    (many / "units.csv").write_bytes((one / "units.csv").read_bytes())


main()
