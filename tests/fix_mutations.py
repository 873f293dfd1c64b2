#!/usr/bin/env python3
"""Types mistakes into copies of right workbooks and looks at what `check --fix` writes: no wrong cell.

    tests/fix_mutations.py TOOL FOLDER [--books 2000] [--seed 1] [--most 5] [--habits slip,blank] [--show 10] [--keep DIR] [--forms II]
        [--common] [--uniform] [--each-table]

FOLDER holds .xlsx workbooks whose figures are right. Each copy gets one to five mistakes of the habits below (`--most 1`: one;
`--each-table`: so many in every table, not in every book; `--common`: what offices mostly do; `--uniform`: one to five, each as often);
formulas are worked out again. Prints how many mistakes were found
(a finding touches them), named (by the first suspect) and got their figure, but of books with formulas; and every cell that
was written wrong, by the habit it stands in; exits 1 if there is one.
"""
import argparse, collections, csv, html, json, random, re, shutil, subprocess, sys, tempfile, zipfile
from pathlib import Path

CELL = r'(<c r="%s"(?: [^>]*?)?)(/>|>(<f[^>]*?(?:/>|>[^<]*</f>))?(?:<v>([^<]*)</v>)?(?:<is>.*?</is>)?</c>)'


def letters(n):
    return letters((n - 1) // 26) + chr(65 + (n - 1) % 26) if n else ""


def number(column):
    n = 0
    for c in column:
        n = n * 26 + ord(c) - 64
    return n


def parts(z):
    """Sheet name → its part."""
    text = z["xl/_rels/workbook.xml.rels"].decode()
    rels = dict(re.findall(r'Id="([^"]+)"[^>]*?Target="([^"]+)"', text))
    rels.update({i: t for t, i in re.findall(r'Target="([^"]+)"[^>]*?Id="([^"]+)"', text)})
    found = re.findall(r'<sheet [^>]*?name="([^"]+)"[^>]*?r:id="([^"]+)"', z["xl/workbook.xml"].decode())
    return {html.unescape(n): "xl/" + rels[i].removeprefix("/xl/") for n, i in found}


class Table:
    """One table of a book: values by (row, column), what stands in the row above, last period and at another unit."""

    def __init__(self, key, cells, everywhere):
        self.sheet, self.form, self.table, self.unit, self.period = key
        self.cells = {(e["row"], e["col"]): e["num"] for e in cells}
        self.entry = {(e["row"], e["col"]): e for e in cells}
        self.rows = sorted({r for r, _ in self.cells})
        self.columns = sorted({c for _, c in self.cells})
        self.total = [r for r in self.rows if any(self.entry[k]["line"] == "total" for k in self.row(r))]
        self.lines = [r for r in self.rows if r not in self.total]
        self.everywhere = everywhere

    def row(self, r):
        return sorted(k for k in self.cells if k[0] == r)

    def column(self, c):
        return sorted(k for k in self.cells if k[1] == c)

    def elsewhere(self, k, unit, period):
        e = self.entry[k]
        return self.everywhere.get((e["form"], e["table"], e["line"], e["column"], unit, period))

    def before(self, k, back=1):
        year, quarter = re.fullmatch(r"(\d{4})-Q(\d)", self.period).groups() if "-Q" in self.period else (None, None)
        if not year:
            return None
        at = int(year) * 4 + int(quarter) - 1 - back
        return self.elsewhere(k, self.unit, f"{at // 4}-Q{at % 4 + 1}")

    def wide(self):
        return len(self.columns) > 3


def slipped(x, rnd, only=None):
    text = str(x)
    at = rnd.randrange(len(text))
    kind = only or rnd.choice(["digit", "swap", "drop", "double", "zero", "thousand", "one", "tens", "minus", "added", "two digits"])
    if kind == "swap" and len(text) > 1:
        at = rnd.randrange(len(text) - 1)
        text = text[:at] + text[at + 1] + text[at] + text[at + 2:]
    elif kind == "drop" and len(text) > 1:
        text = text[:at] + text[at + 1:]
    elif kind == "double":
        text = text[:at] + text[at] + text[at:]
    elif kind == "added":
        text = text[:at] + rnd.choice("0123456789") + text[at:]
    elif kind == "zero":
        text += "0"
    elif kind == "thousand":
        text += "000"
    elif kind == "one":
        return x + rnd.choice([-1, 1]) if x else 1
    elif kind == "tens":
        return round(x, -1)
    elif kind == "minus":
        return -x
    elif kind == "two digits":
        return slipped(slipped(x, rnd, "digit"), rnd, "digit")
    else:
        text = text[:at] + rnd.choice("0123456789") + text[at + 1:]
    return int(text) if text.lstrip("-") else 0


def some(rnd, of, most=3):
    return rnd.sample(of, min(len(of), rnd.randint(1, most))) if of else []


# One habit a function: table, dice → {(row, column): what is typed}. A string is typed as text.

def slip(t, rnd):
    k = rnd.choice([k for k in t.cells if t.cells[k] is not None] or [None])
    return {k: slipped(t.cells[k], rnd)} if k else {}


def slips_in_table(t, rnd):
    return {k: v for _ in range(rnd.randint(2, 5)) for k, v in slip(t, rnd).items()}


def slips_in_line(t, rnd):
    line = t.row(rnd.choice(t.rows)) if rnd.random() < .5 else t.column(rnd.choice(t.columns))
    return {k: slipped(t.cells[k], rnd) for k in some(rnd, [k for k in line if t.cells[k] is not None])}


def blank(t, rnd):
    return {rnd.choice(list(t.cells)): None}


def blanks_in_row(t, rnd):
    return {k: None for k in some(rnd, t.row(rnd.choice(t.rows)), 6)}


def nought(t, rnd):
    return {k: 0 for k in some(rnd, t.row(rnd.choice(t.rows)), 2)}


def text(t, rnd):
    k = rnd.choice(list(t.cells))
    return {k: rnd.choice(["%so" % str(t.cells[k] or 1)[:-1], "?", "đang rà soát", "12 (ước)", "O"])}


def exchange(t, rnd):
    a = rnd.choice(list(t.cells))
    near = [k for k in t.cells if abs(k[0] - a[0]) + abs(k[1] - a[1]) == 1]
    b = rnd.choice(near if near and rnd.random() < .7 else list(t.cells))
    return {a: t.cells[b], b: t.cells[a]}


def moved(t, rnd):
    a = rnd.choice(list(t.cells))
    near = [k for k in t.cells if k[0] == a[0] and abs(k[1] - a[1]) == 1 or k[1] == a[1] and abs(k[0] - a[0]) == 1]
    return {rnd.choice(near): t.cells[a], a: rnd.choice([None, 0])} if near else {}


def exchange_rows(t, rnd):
    a, b = rnd.choice(t.rows), rnd.choice(t.rows)
    return {(x, c): t.cells.get((y, c)) for x, y in ((a, b), (b, a)) for c in t.columns if (x, c) in t.cells}


def exchange_columns(t, rnd):
    a, b = rnd.choice(t.columns), rnd.choice(t.columns)
    rows = t.rows if rnd.random() < .5 else some(rnd, t.rows, 3)
    return {(r, x): t.cells.get((r, y)) for x, y in ((a, b), (b, a)) for r in rows if (r, x) in t.cells}


def neighbour_row(t, rnd):
    at = rnd.randrange(len(t.rows))
    of = at + rnd.choice([-1, 1])
    if not 0 <= of < len(t.rows):
        return {}
    columns = t.columns if rnd.random() < .6 else some(rnd, t.columns, 5)
    return {(t.rows[at], c): t.cells[t.rows[of], c] for c in columns if (t.rows[at], c) in t.cells and (t.rows[of], c) in t.cells}


def shifted_row(t, rnd):
    line = t.row(rnd.choice(t.rows))
    if len(line) < 4:
        return {}
    start = 0 if rnd.random() < .6 else rnd.randrange(len(line) - 2)
    line = line[start:]
    if rnd.random() < .5:
        return {**{k: t.cells[k2] for k, k2 in zip(line[1:], line)}, line[0]: rnd.choice([None, 0])}
    return {**{k: t.cells[k2] for k, k2 in zip(line, line[1:])}, line[-1]: rnd.choice([None, 0])}


def shifted_column(t, rnd):
    line = [k for k in t.column(rnd.choice(t.columns)) if k[0] in t.lines]
    if len(line) < 3:
        return {}
    line = line[rnd.randrange(len(line) - 1):]
    if rnd.random() < .5:
        return {**{k: t.cells[k2] for k, k2 in zip(line[1:], line)}, line[0]: rnd.choice([None, 0])}
    return {**{k: t.cells[k2] for k, k2 in zip(line, line[1:])}, line[-1]: rnd.choice([None, 0])}


def last_quarter(t, rnd):
    rows = some(rnd, t.rows, 3)
    out = {(r, c): t.before((r, c), 1 if rnd.random() < .9 else 4) for r in rows for c in t.columns if (r, c) in t.cells}
    if rnd.random() < .3:
        out = {k: v for k, v in out.items() if k[1] in some(rnd, t.columns, 6)}
    return {k: v for k, v in out.items() if v is not None}


def last_quarters_table(t, rnd):
    out = {k: t.before(k) for k in t.cells if k[0] in t.lines or rnd.random() < .5}
    return {k: v for k, v in out.items() if v is not None}


def since_january(t, rnd):
    rows = some(rnd, t.rows, 2)
    return {k: t.cells[k] + t.before(k) for r in rows for k in t.row(r) if t.cells[k] is not None and t.before(k) is not None}


def another_units_row(t, rnd):
    units = sorted({k[4] for k in t.everywhere if k[:2] == (t.form, t.table)} - {t.unit})
    if not units:
        return {}
    unit, row = rnd.choice(units), rnd.choice(t.rows)
    out = {k: t.elsewhere(k, unit, t.period) for k in t.row(row)}
    return {k: v for k, v in out.items() if v is not None}


def another_measure(t, rnd):
    by = rnd.choice([1000, 1000, 10, 1000000])
    where = rnd.choice(["column", "lines of a column", "row"])
    keys = t.row(rnd.choice(t.rows)) if where == "row" else t.column(rnd.choice(t.columns))
    keys = [k for k in keys if where != "lines of a column" or k[0] in t.lines]
    return {k: t.cells[k] * by for k in keys if t.cells[k] is not None}


def total_and_part(t, rnd):
    """The same slip in a part and in the total above it, or in a row's sum."""
    if not t.total or not t.lines:
        return slips_in_table(t, rnd)
    c = rnd.choice(t.columns)
    part, total = (rnd.choice(t.lines), c), (t.total[0], c)
    kind = rnd.choice(["swap", "digit", "zero", "drop"])
    return {k: slipped(t.cells[k], rnd, kind) for k in (part, total) if t.cells.get(k) is not None}


def added_up_wrong(t, rnd):
    """A slip in a part that its total follows, as where the total is added up by hand from what stands there."""
    if not t.total or not t.lines:
        return {}
    out = {}
    for _ in range(rnd.randint(1, 3)):
        c = rnd.choice(t.columns)
        k, total = (rnd.choice(t.lines), c), (t.total[0], c)
        if t.cells.get(k) is not None and t.cells.get(total) is not None:
            out[k] = slipped(t.cells[k], rnd)
            out[total] = t.cells[total] + out[k] - t.cells[k]
    return out


def against_each_other(t, rnd):
    """What one cell of a row, or of a column, has too much, its neighbour has too little."""
    line = t.row(rnd.choice(t.rows)) if rnd.random() < .5 else t.column(rnd.choice(t.columns))
    line = [k for k in line if t.cells[k]]
    if len(line) < 2:
        return {}
    a, b = rnd.sample(line, 2)
    by = rnd.choice([1, 1, 10, rnd.randint(1, max(1, min(t.cells[a], t.cells[b])))])
    return {a: t.cells[a] + by, b: t.cells[b] - by * rnd.choice([1, -1])}


def total_less_a_row(t, rnd):
    if not t.total or not t.lines:
        return {}
    less, sign = rnd.choice(t.lines), rnd.choice([-1, -1, 1])
    columns = t.columns if rnd.random() < .7 else some(rnd, t.columns, 6)
    out = {}
    for c in columns:
        k = (t.total[0], c)
        if t.cells.get(k) is not None:
            out[k] = t.cells[k] + sign * (t.cells.get((less, c)) or 0)
    return out


def stale_total(t, rnd):
    """The total row from before some lines were corrected, or of last quarter."""
    if not t.total or not t.lines:
        return {}
    if rnd.random() < .5:
        out = {k: t.before(k) for k in t.row(t.total[0])}
        return {k: v for k, v in out.items() if v is not None}
    changed = rnd.choice(t.lines)
    out = {}
    for k in some(rnd, t.row(t.total[0]), 6):
        part = t.cells.get((changed, k[1])) or 0
        if t.cells[k] is not None:
            out[k] = t.cells[k] - part + slipped(part, rnd)
    return out


def digits_exchanged(t, rnd):
    k = rnd.choice([k for k in t.cells if t.cells[k] is not None and len(set(str(t.cells[k]))) > 1] or [None])
    return {k: slipped(t.cells[k], rnd, "swap")} if k else {}


def minus(t, rnd):
    k = rnd.choice([k for k in t.cells if t.cells[k]] or [None])
    return {k: -t.cells[k]} if k else {}


def thousandfold(t, rnd):
    """A column, or one cell, in đồng under a caption in thousands."""
    keys = t.column(rnd.choice(t.columns)) if rnd.random() < .5 else [rnd.choice(list(t.cells))]
    return {k: t.cells[k] * 1000 for k in keys if t.cells[k]}


def fill_down(t, rnd):
    c, start, k = rnd.choice(t.columns), rnd.choice(t.rows), rnd.randint(2, 5)
    rows = t.rows[t.rows.index(start):][:k]
    first = t.cells.get((start, c))
    return {(r, c): first for r in rows if (r, c) in t.cells and first is not None}


HABITS = {
    slip: 12, slips_in_table: 4, slips_in_line: 4, blank: 3, blanks_in_row: 2, nought: 2, text: 2, exchange: 4, moved: 3,
    exchange_rows: 2, exchange_columns: 2, neighbour_row: 3, shifted_row: 3, shifted_column: 2, last_quarter: 4,
    last_quarters_table: 1, since_january: 2, another_units_row: 2, another_measure: 3, total_and_part: 3, added_up_wrong: 4,
    against_each_other: 3, total_less_a_row: 3, stale_total: 2, fill_down: 2,
}
# What offices mostly do, as one mistake a line (`--common`).
COMMON = {
    slip: 4, digits_exchanged: 2, blank: 2, minus: 1, thousandfold: 1, exchange: 1, shifted_row: 1, last_quarter: 1,
    total_less_a_row: 1, shifted_column: 1,
}
SINGLE = {slip, slips_in_table, slips_in_line, blank, text, nought, digits_exchanged, minus}


def typed(formula, at, value):
    """What a formula of sums gives, by a function from (row, column) to a number; None for any other formula."""
    def cell(ref):
        column, row = re.fullmatch(r"([A-Z]+)(\d+)", ref).groups()
        return value((int(row), number(column)))

    def area(m):
        (c1, r1), (c2, r2) = (re.fullmatch(r"([A-Z]+)(\d+)", x).groups() for x in m[1].split(":"))
        return str(sum(value((r, c)) for r in range(int(r1), int(r2) + 1) for c in range(number(c1), number(c2) + 1)))

    text = re.sub(r"SUM\(([A-Z]+\d+:[A-Z]+\d+)\)", area, formula.replace("$", ""))
    text = re.sub(r"[A-Z]+\d+", lambda m: str(cell(m[0])), text)
    return eval(text, {}, {}) if re.fullmatch(r"[-+0-9 ()]+", text) else None


def write(source, target, mistakes):
    """Writes a copy with the mistakes {(sheet, row, column): value}; what was changed, formulas' results among it."""
    with zipfile.ZipFile(source) as z:
        names, content = z.infolist(), {i.filename: z.read(i) for i in z.infolist()}
    sheets, done = parts(content), {}
    for sheet in {k[0] for k in mistakes}:
        part = sheets.get(sheet)
        if part not in content:
            continue
        text = content[part].decode()
        for (_, row, column), value in ((k, v) for k, v in mistakes.items() if k[0] == sheet):
            m = re.search(CELL % f"{letters(column)}{row}", text, re.S)
            if not m or re.search(r't="(?!n")', m[1]) or m[3]:  # a text or a formula stays
                continue
            if isinstance(value, str):
                new = m[1].replace(' t="n"', "") + f' t="inlineStr"><is><t>{value}</t></is></c>'
            else:
                new = m[1] + ("/>" if value is None else f"><v>{value}</v></c>")
            text = text[: m.start()] + new + text[m.end():]
            done[sheet, row, column] = value
        # Formulas follow, until nothing changes.
        formulas = re.findall(r'<c r="([A-Z]+)(\d+)"[^>]*?><f>([^<]*)</f><v>([^<]*)</v></c>', text)
        values = {}
        for r in re.finditer(r'<c r="([A-Z]+)(\d+)"([^>]*?)>(?:<f>[^<]*</f>)?<v>([^<]*)</v></c>', text):
            if not re.search(r't="(?!n")', r[3]):
                values[int(r[2]), number(r[1])] = float(r[4])
        for _ in range(4):
            for column, row, formula, _ in formulas:
                result = typed(html.unescape(formula), None, lambda k: values.get(k, 0.0))
                if result is not None:
                    values[int(row), number(column)] = result
        for column, row, formula, was in formulas:
            now = values.get((int(row), number(column)))
            if now is not None and abs(now - float(was or 0)) > 1e-6:
                old = f"<f>{formula}</f><v>{was}</v>"
                at = text.index(f'<c r="{column}{row}"')
                text = text[:at] + text[at:].replace(old, f"<f>{formula}</f><v>{now:g}</v>" if now < 1e6 else f"<f>{formula}</f><v>{now:.0f}</v>", 1)
        content[part] = text.encode()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as z:
        for name in names:
            z.writestr(name, content[name.filename])
    return done


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("tool"), a.add_argument("folder"), a.add_argument("--books", type=int, default=2000)
    a.add_argument("--seed", type=int, default=1), a.add_argument("--show", type=int, default=10), a.add_argument("--most", type=int, default=5)
    a.add_argument("--habits", default=""), a.add_argument("--each-table", action="store_true"), a.add_argument("--keep")
    a.add_argument("--units"), a.add_argument("--missed", type=int, default=0), a.add_argument("--forms", default="")
    a.add_argument("--common", action="store_true"), a.add_argument("--uniform", action="store_true")
    a = a.parse_args()
    rnd, tool, home = random.Random(a.seed), Path(a.tool).resolve(), Path(a.folder).resolve()
    habits = {h: n for h, n in (COMMON if a.common else HABITS).items() if not a.habits or h.__name__ in a.habits.split(",")}
    units = ["--units", a.units] if a.units else []
    tally, wrong, by_habit, missed = collections.Counter(), [], collections.Counter(), []
    ways, by_kind = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    with tempfile.TemporaryDirectory() as tmp:
        subprocess.run([tool, "entries", home, "--out", f"{tmp}/e.csv", "--quiet", *units], capture_output=True)
        tables, everywhere, truth = collections.defaultdict(list), {}, {}
        for e in csv.DictReader(open(f"{tmp}/e.csv", encoding="utf-8-sig", newline="")):
            if not re.fullmatch(r"-?\d*", e["value"]):
                continue
            column, row = re.fullmatch(r"([A-Z]+)(\d+)", e["cell"]).groups()
            e.update(row=int(row), col=number(column), num=int(e["value"]) if e["value"] else None)
            everywhere[e["form"], e["table"], e["line"], e["column"], e["unit"], e["period"]] = e["num"]
            if e["file"].endswith(".xlsx"):
                truth[e["file"], e["sheet"], e["row"], e["col"]] = e["num"]
                tables[e["file"], (e["sheet"], e["form"], e["table"], e["unit"], e["period"])].append(e)
        books = collections.defaultdict(list)
        for (file, key), cells in tables.items():
            if a.forms in key[1]:
                books[file].append(Table(key, cells, everywhere))
        is_calculated = lambda z: any(re.search(rb"<f[ >]", z.read(n)) for n in z.namelist() if "worksheets/" in n)
        calculated = {f for f in books if is_calculated(zipfile.ZipFile(home / f))}
        rounds = 0
        while tally["books"] < a.books:
            inbox, out = Path(tmp) / "inbox", Path(tmp) / "out"
            for folder in (inbox, out):
                shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(home, inbox)
            planted = {}
            for file, own in books.items():
                mistakes = {}
                for group in [[t] for t in own] if a.each_table else [own]:
                    for _ in range(min(a.most, rnd.randint(1, 5) if a.uniform else rnd.choice([1, 1, 1, 2, 2, 3, 4, 5]))):
                        t = rnd.choice(group)
                        habit = rnd.choices(list(habits), list(habits.values()))[0]
                        for (r, c), v in habit(t, rnd).items():
                            if v != t.cells[r, c] and (v or t.cells[r, c] or isinstance(v, str)):
                                mistakes[t.sheet, r, c] = (v, habit.__name__)
                done = write(home / file, inbox / file, {k: v for k, (v, _) in mistakes.items()})
                if done:
                    planted[file] = {k: (v, truth[(file, *k)], mistakes[k][1]) for k, v in done.items()}
                else:
                    shutil.copy(home / file, inbox / file)
            tally["books"] += len(planted)
            p = subprocess.run([tool, "check", inbox, "--fix", out, "--format", "json", "--quiet", *units], capture_output=True, text=True)
            rounds += 1
            if a.keep:
                shutil.copytree(inbox, Path(a.keep) / str(rounds) / "inbox", dirs_exist_ok=True)
                (Path(a.keep) / str(rounds) / "planted.json").write_text(json.dumps({f: {f"{s}!{letters(c)}{r}": v for (s, r, c), v in d.items()} for f, d in planted.items()}, ensure_ascii=False, indent=1))
                (Path(a.keep) / str(rounds) / "findings.json").write_text(p.stdout)
            findings = json.loads(p.stdout)["findings"]
            touched, named, likeliest = set(), {}, collections.defaultdict(set)
            for f in findings:
                tally["error"] += f["severity"] == "error"
                here = f["file"], f.get("sheet")
                touched |= {(*here, c) for c in f.get("cells", [])}
                for at, s in enumerate(f["suspects"]):
                    for c in s["cells"]:
                        place = (c.get("file", here[0]), c.get("sheet", here[1]), c["cell"])
                        touched.add(place)
                        if at == 0:
                            named[place] = c.get("proposed")
                        if at == 0 or s.get("tied"):
                            likeliest[place].add(c.get("proposed"))
            clean = {f for f in books if f not in planted}
            tally["false error"] += sum(f["severity"] == "error" and f["file"] in clean for f in findings)
            for file, done in planted.items():
                groups = collections.defaultdict(list)
                if file in calculated:  # a slip that all totals follow leaves no trace
                    continue
                for (sheet, r, c), (v, was, habit) in done.items():
                    single = habit in {h.__name__ for h in SINGLE}
                    groups[habit, sheet, (r, c) if single else None].append((file, sheet, f"{letters(c)}{r}", was))
                for (habit, sheet, _), cells in groups.items():
                    tally["planted"] += 1
                    found = any(c[:3] in touched for c in cells)
                    name = [c for c in cells if c[:3] in named]
                    tally["found"] += found
                    tally["named first"] += bool(name)
                    likely = [c for c in cells if c[:3] in likeliest]
                    by_kind[habit].update(planted=1, found=found, named=bool(name), likely=bool(likely))
                    good = lambda x, c: x is not None and float(x) == float(c[3] or 0)
                    by_kind[habit]["figure"] += any(good(named[c[:3]], c) for c in name)
                    by_kind[habit]["likely figure"] += any(good(x, c) for c in likely for x in likeliest[c[:3]])
                    tally["named among the likeliest"] += bool(likely)
                    tally["right among them"] += any(good(x, c) for c in likely for x in likeliest[c[:3]])
                    tally["right figure"] += any(named[c[:3]] is not None and float(named[c[:3]]) == float(c[3] or 0) for c in name)
                    if not name:
                        missed.append(f"{'not named' if found else 'not found'}: {rounds}/{file} [{sheet}] {habit} {[(c[2], done[sheet, int(re.sub('[A-Z]', '', c[2])), number(re.sub('[0-9]', '', c[2]))][:2]) for c in cells][:6]}")
            ledger = out / "so-sua.csv"
            text = ledger.read_text(encoding="utf-8-sig") if ledger.exists() else ""
            lines = text.removeprefix("sep=;\n").removeprefix("sep=;\r\n").splitlines(keepends=True)
            for row in csv.DictReader(lines, delimiter=";" if lines and ";" in lines[0] else ","):
                if row["note"]:
                    tally["known, not written"] += 1
                    continue
                column, line = re.fullmatch(r"([A-Z]+)(\d+)", row["cell"]).groups()
                key = row["sheet"], int(line), number(column)
                right = truth.get((row["file"], *key))
                tally["written"] += 1
                n = re.search(r"cả (\d+) tổng", row["why"])
                how = n[1] if n else "1" if "tổng khớp" in row["why"] else row["why"]
                old = float(row["old"]) if re.fullmatch(r"-?\d+", row["old"]) else None
                by = "no figure" if old is None else len(str(int(abs(old - float(row["new"].replace(",", "."))))))
                good = float(row["new"].replace(",", ".")) == float(right or 0)
                ways[f"{how} sums, change of {by} digits"]["right" if good else "wrong"] += 1
                if not good:
                    tally["written wrong"] += 1
                    own = {f"{s}!{letters(c)}{r}": v for (s, r, c), v in planted.get(row["file"], {}).items() if s == row["sheet"]}
                    kinds = sorted({v[2] for v in own.values()})
                    by_habit["+".join(kinds)] += 1
                    wrong.append(f"{rounds}/{row['file']} [{row['sheet']}] {row['cell']}: {row['old']} → {row['new']}, right {right} — {row['why']}; planted {own}")
    for line in wrong[: a.show]:
        print(line[:1500])
    for line in missed[: a.missed]:
        print(line)
    for way, counts in sorted(ways.items()):
        print(f"  {way}: {dict(counts)}")
    for habit, n in sorted(by_kind.items()):
        print(f"  {habit}: {dict(n)}")
    if by_habit:
        print("wrong by habit:", dict(by_habit.most_common()))
    print(", ".join(f"{n} {k}" for k, n in tally.items()))
    sys.exit(bool(wrong))


main()
