#!/usr/bin/env python3
"""Types mistakes into copies of right workbooks and looks at what `check --fix` writes: no wrong cell.

    tests/fix_mutations.py TOOL FOLDER [--books 2000] [--seed 1] [--show 10]

FOLDER holds .xlsx workbooks whose figures are right. Each copy gets one to five mistakes: slips of the fingers, blanks, cells
exchanged, another measure, a row of the row above or shifted by a column, a total row that leaves out a row or is stale.
Prints how many mistakes were found, named and corrected, and every cell that was written wrong; exits 1 if there is one.
"""
import argparse, collections, csv, json, random, re, shutil, subprocess, sys, tempfile, zipfile
from pathlib import Path

CELL = r'(<c r="%s"(?: [^>]*?)?)(/>|>(?:<f[^>]*?(?:/>|>[^<]*</f>))?(?:<v>([^<]*)</v>)?(?:<is>.*?</is>)?</c>)'


def parts(z):
    """Sheet name → its part."""
    rels = dict(re.findall(r'Id="([^"]+)"[^>]*?Target="([^"]+)"', z["xl/_rels/workbook.xml.rels"].decode()))
    rels.update({i: t for t, i in re.findall(r'Target="([^"]+)"[^>]*?Id="([^"]+)"', z["xl/_rels/workbook.xml.rels"].decode())})
    found = re.findall(r'<sheet [^>]*?name="([^"]+)"[^>]*?r:id="([^"]+)"', z["xl/workbook.xml"].decode())
    import html
    return {html.unescape(n): "xl/" + rels[i].removeprefix("/xl/") for n, i in found}


def slip(x, rnd):
    text = str(x)
    at = rnd.randrange(len(text))
    kinds = ["digit", "swap", "drop", "double", "zero", "blank", "thousand"]
    kind = rnd.choice(kinds)
    if kind == "swap" and len(text) > 1:
        at = rnd.randrange(len(text) - 1)
        text = text[:at] + text[at + 1] + text[at] + text[at + 2:]
    elif kind == "drop" and len(text) > 1:
        text = text[:at] + text[at + 1:]
    elif kind == "double":
        text = text[:at] + text[at] + text[at:]
    elif kind == "zero":
        text += "0"
    elif kind == "thousand":
        text += "000"
    elif kind == "blank":
        return None
    else:
        text = text[:at] + rnd.choice("0123456789") + text[at + 1:]
    return int(text)


def mistakes(cells, rnd):
    """{(sheet, cell): new value} of one book; `cells` are its entries by (sheet, row, column letters)."""
    out, sheets = {}, sorted({k[0] for k in cells})
    for _ in range(rnd.choice([1, 1, 1, 2, 2, 3, 4, 5])):
        sheet = rnd.choice(sheets)
        own = [k for k in cells if k[0] == sheet]
        rows = sorted({k[1] for k in own})
        kind = rnd.choice(["slip"] * 6 + ["exchange", "above", "shift", "stale_total", "left_out"])
        row = rnd.choice(rows)
        of = lambda r: sorted([k for k in own if k[1] == r], key=lambda k: (len(k[2]), k[2]))
        if kind == "slip":
            k = rnd.choice(own)
            if cells[k][0] is not None:
                out[k] = slip(cells[k][0], rnd)
        elif kind == "exchange":
            a, b = rnd.choice(own), rnd.choice(own)
            out[a], out[b] = cells[b][0], cells[a][0]
        elif kind == "above" and rows.index(row):
            up = rows[rows.index(row) - 1]
            for k in of(row):
                if (sheet, up, k[2]) in cells:
                    out[k] = cells[sheet, up, k[2]][0]
        elif kind == "shift" and len(of(row)) > 4:
            line = of(row)
            for k, k2 in zip(line[1:], line):
                out[k] = cells[k2][0]
            out[line[0]] = None
        elif kind in ("stale_total", "left_out"):
            total = [r for r in rows if any(cells[k][1] == "total" for k in of(r))]
            lines = [r for r in rows if r not in total]
            if total and lines:
                less = rnd.choice(lines)
                for k in of(total[0]):
                    part = cells.get((sheet, less, k[2]), (0,))[0] or 0
                    out[k] = (cells[k][0] or 0) - (part if kind == "left_out" else rnd.choice([0, 0, 7]))
    return {k: v for k, v in out.items() if v != cells[k][0]}


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("tool"), a.add_argument("folder"), a.add_argument("--books", type=int, default=2000)
    a.add_argument("--seed", type=int, default=1), a.add_argument("--show", type=int, default=10)
    a = a.parse_args()
    rnd, tool, home = random.Random(a.seed), Path(a.tool).resolve(), Path(a.folder).resolve()
    tally, wrong = collections.Counter(), []
    with tempfile.TemporaryDirectory() as tmp:
        subprocess.run([tool, "entries", home, "--out", f"{tmp}/e.csv", "--quiet"], capture_output=True)
        books = collections.defaultdict(dict)
        for e in csv.DictReader(open(f"{tmp}/e.csv", encoding="utf-8-sig", newline="")):
            if e["file"].endswith(".xlsx") and re.fullmatch(r"-?\d*", e["value"]):
                column, row = re.fullmatch(r"([A-Z]+)(\d+)", e["cell"]).groups()
                books[e["file"]][e["sheet"], int(row), column] = (int(e["value"]) if e["value"] else None, e["line"])
        while tally["books"] < a.books:
            inbox, out = Path(tmp) / "inbox", Path(tmp) / "out"
            for folder in (inbox, out):
                shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(home, inbox)
            planted = {}
            for file, cells in books.items():
                with zipfile.ZipFile(home / file) as z:
                    names = z.infolist()
                    content = {i.filename: z.read(i) for i in names}
                sheets = parts(content)
                done = {}
                for (sheet, row, column), value in mistakes(cells, rnd).items():
                    part = sheets.get(sheet)
                    if part not in content:
                        continue
                    text = content[part].decode()
                    m = re.search(CELL % f"{column}{row}", text, re.S)
                    # A text, or a formula, stays.
                    if not m or 't="' in m[1] or "<f" in m[2] or m[3] is None:
                        continue
                    new = m[1] + ("/>" if value is None else f"><v>{value}</v></c>")
                    content[part] = (text[:m.start()] + new + text[m.end():]).encode()
                    done[sheet, f"{column}{row}"] = (value, cells[sheet, row, column][0])
                if done:
                    planted[file] = done
                    with zipfile.ZipFile(inbox / file, "w", zipfile.ZIP_DEFLATED) as z:
                        for name in names:
                            z.writestr(name, content[name.filename])
            tally["books"] += len(planted)
            p = subprocess.run([tool, "check", inbox, "--fix", out, "--format", "json", "--quiet"], capture_output=True, text=True)
            findings = json.loads(p.stdout)["findings"]
            for f in findings:
                tally["error"] += f["severity"] == "error"
            named = {(f["file"], f["sheet"], c["cell"]) for f in findings if f.get("sheet") for s in f["suspects"][:1] for c in s["cells"]}
            for file, done in planted.items():
                for (sheet, cell), _ in done.items():
                    tally["planted"] += 1
                    tally["named first"] += (file, sheet, cell) in named
            ledger = out / "so-sua.csv"
            text = ledger.read_text(encoding="utf-8-sig") if ledger.exists() else ""
            lines = text.removeprefix("sep=;\n").removeprefix("sep=;\r\n").splitlines(keepends=True)
            for row in csv.DictReader(lines, delimiter=";" if lines and ";" in lines[0] else ","):
                if row["note"]:
                    tally["known, not written"] += 1
                    continue
                was = planted.get(row["file"], {}).get((row["sheet"], row["cell"]))
                column, number = re.fullmatch(r"([A-Z]+)(\d+)", row["cell"]).groups()
                right = was[1] if was else books[row["file"]].get((row["sheet"], int(number), column), (None,))[0]
                tally["written"] += 1
                if float(row["new"].replace(",", ".")) != float(right or 0):
                    tally["written wrong"] += 1
                    wrong.append(f"{row['file']} [{row['sheet']}] {row['cell']}: {row['old']} → {row['new']}, right {right} — {row['why']}; planted {planted.get(row['file'])}")
    for line in wrong[: a.show]:
        print(line)
    print(", ".join(f"{n} {k}" for k, n in tally.items()))
    sys.exit(bool(wrong))


main()
