#!/usr/bin/env python3
"""Measures which identities of forms without a template are learned, and which are invented.

    identities.py TOOL CORPUS [--only WORD] [--show]

CORPUS holds clean/FORM/ and truth.json as shared/unknown does: each form's tables with their identities (`total`, `plus`, `minus`,
or `ratio`), each over a line and a column. A sum counts as learned where it follows from the sums learned, on the lines and in
the columns that the tool's own rules name; a ratio where a rule states it. A sum learned that does not follow from the
truth's, and a ratio that the truth does not state, count as invented where the figures themselves break them, or where no
identity of the truth is about the same figure. Needs nothing but Python 3.11.
"""
import argparse, collections, csv, json, subprocess, tempfile, tomllib
from decimal import Decimal as D
from pathlib import Path

PRIME = (1 << 61) - 1


class Span:
    """Sums reduced to a basis, modulo a prime."""

    def __init__(self):
        self.rows = {}

    def reduce(self, row):
        row = {k: v % PRIME for k, v in row.items() if v % PRIME}
        while True:
            lead = next((k for k in row if k in self.rows), None)
            if lead is None:
                return row
            by = row[lead]
            for k, v in self.rows[lead].items():
                row[k] = (row.get(k, 0) - by * v) % PRIME
                if not row[k]:
                    del row[k]

    def add(self, row):
        row = self.reduce(row)
        if row:
            lead, n = next(iter(row.items()))
            inverse = pow(n, -1, PRIME)
            row = {k: v * inverse % PRIME for k, v in row.items()}
            for own in self.rows.values():
                if lead in own:
                    by = own[lead]
                    for k, v in row.items():
                        own[k] = (own.get(k, 0) - by * v) % PRIME
                        if not own[k]:
                            del own[k]
            self.rows[lead] = row

    def holds(self, row):
        return not self.reduce(row)


def equation(total, plus, minus):
    row = collections.defaultdict(int)
    row[total] += 1
    for p in plus:
        row[p] -= 1
    for m in minus:
        row[m] += 1
    return dict(row)


def templates(tool, folder, out):
    subprocess.run([tool, "forms", "learn", str(folder), "--out", str(out)], capture_output=True, text=True)
    return [tomllib.loads(p.read_text()) for p in sorted(Path(out).glob("*.toml"))]


def learned(template, lines_of, sections_of):
    """The sums and ratios of a template on the lines that returns have: (table, line, column) for each figure."""
    sums, ratios = [], []
    tables = {t.get("id", ""): t for t in template["tables"]}
    for rule in template.get("rules", []):
        table = tables[rule.get("table", "")]
        own = table.get("id", "")
        fixed = "lines" in table
        figures = [c["id"] for c in table["columns"] if "role" not in c]
        lines = [l["code"] for l in table["lines"] if l["kind"] != "heading"] if fixed else sorted(lines_of[own])
        on = rule.get("on")

        def cells(place, line, column):
            if isinstance(place, str):
                place = {"line": place} if fixed else {"column": place}
            return own, place.get("line", line), place.get("column", column)

        if rule["kind"] == "balance" and "down" in rule:
            for column in rule["down"]:
                for returned in sections_of[own]:
                    for total, parts in returned:
                        sums.append((rule, equation((own, total, column), [(own, p, column) for p in parts], [])))
            continue
        if rule["kind"] not in ("balance", "ratio", "rate"):
            continue
        first = rule["total"] if rule["kind"] == "balance" else rule["value"]
        by_line = fixed and (isinstance(first, str) or "line" in first)
        for line, column in [(None, c) for c in figures if not on or c in on] if by_line else [(l, None) for l in lines if not on or l in on]:
            at = lambda p: cells(p, line, column)
            if rule["kind"] == "balance":
                sums.append((rule, equation(at(rule["total"]), [at(p) for p in rule["parts"]], [at(p) for p in rule.get("minus", [])])))
            else:
                ratios.append((rule, (at(rule["value"]), at(rule["numerator"]), at(rule["denominator"]))))
    return sums, ratios


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("tool"), a.add_argument("corpus"), a.add_argument("--only", default=""), a.add_argument("--show", action="store_true")
    a = a.parse_args()
    corpus = Path(a.corpus)
    truth = json.load(open(corpus / "truth.json"))
    all_ = collections.Counter()
    for form in truth["forms"]:
        if a.only not in form["id"]:
            continue
        clean = corpus / "clean" / form["id"]
        files = {Path(f["file"]).name: f for f in truth["files"] if f["variant"] == "clean" and f["form"] == form["id"]}
        n, missed, strange = collections.Counter(), [], []
        with tempfile.TemporaryDirectory() as tmp:
            drafts = templates(a.tool, clean, Path(tmp) / "forms")
            subprocess.run([a.tool, "entries", str(clean), "--out", f"{tmp}/e.csv", "--quiet"], capture_output=True)
            entries = list(csv.DictReader(open(f"{tmp}/e.csv", encoding="utf-8-sig", newline="")))
        at = collections.defaultdict(dict)
        for x in entries:
            at[Path(x["file"]).name][x["cell"]] = x
        votes = collections.defaultdict(collections.Counter)
        for name, f in files.items():
            for cell, table, line, column, _ in f["cells"]:
                x = at[name].get(cell)
                if x:
                    votes[table, line, column][x["form"], x["table"], x["line"], x["column"]] += 1
        ours = {k: v.most_common(1)[0][0] for k, v in votes.items()}
        known = {(t["id"], *i[part]) for t in form["tables"] for i in t["identities"] for part in ("total",)}
        want = Span()
        for t in form["tables"]:
            for i in t["identities"]:
                if i["ratio"] is None:
                    want.add(equation((t["id"], *i["total"]), [(t["id"], *p) for p in i["plus"]], [(t["id"], *m) for m in i["minus"]]))
        spans, ratios, rules = {}, {}, []
        for draft in drafts:
            own = [x for x in entries if x["form"] == draft["id"]]
            lines_of, sections_of = collections.defaultdict(set), collections.defaultdict(list)
            for x in own:
                lines_of[x["table"]].add(x["line"])
            # What a total row adds up, from the rows of the returns: sections where there are any, else the lines.
            for name in {Path(x["file"]).name for x in own}:
                for table in lines_of:
                    rows = [x for x in own if Path(x["file"]).name == name and x["table"] == table]
                    firsts = list(dict.fromkeys((x["line"], x.get("part", "")) for x in rows))
                    sections_of[table].append(firsts)
            spans[draft["id"]] = (Span(), draft, lines_of)
            for table, list_ in sections_of.items():
                open_ = next((t.get("open") for t in draft["tables"] if t.get("id", "") == table), None)
                codes = {s["code"]: s.get("parent") for s in (open_ or {}).get("sections", [])}
                made = []
                for firsts in list_:
                    names = [f[0] for f in firsts]
                    total = next((x for x in names if x == "TOTAL" or x == "T" or x == "total"), None)
                    lines = [x for x in names if x not in codes and x != total]
                    made.append([(total, lines)] if total else [])
                sections_of[table] = made
            sums, quotients = learned(draft, lines_of, sections_of)
            for rule, eq in sums:
                spans[draft["id"]][0].add({(draft["id"], *k): v for k, v in eq.items()})
                rules.append((draft["id"], rule, eq))
            for rule, (v, p, w) in quotients:
                ratios[draft["id"], *v] = ((draft["id"], *p), (draft["id"], *w))
                rules.append((draft["id"], rule, (v, p, w)))
        down = {(d["id"], r.get("table", "")): set(r["down"]) for d in drafts for r in d.get("rules", []) if "down" in r}
        for t in form["tables"]:
            seen = set()
            for i in t["identities"]:
                name = json.dumps([t["id"], i["total"], i["plus"], i["minus"], i["ratio"]])
                if name in seen:
                    continue
                seen.add(name)
                total = ours.get((t["id"], *i["total"]))
                kind = "ratios" if i["ratio"] else "sums"
                n[kind] += 1
                good = False
                if total and i["ratio"]:
                    got = ratios.get(total)
                    good = got == (ours.get((t["id"], *i["ratio"][0])), ours.get((t["id"], *i["ratio"][1])))
                elif total:
                    plus, minus = [ours.get((t["id"], *p)) for p in i["plus"]], [ours.get((t["id"], *m)) for m in i["minus"]]
                    if None not in plus + minus:
                        good = spans[total[0]][0].holds(equation(total, plus, minus)) if total[0] in spans else False
                        # A total row, or a section's, over rows of one column.
                        if not good and {p[3] for p in plus} == {total[3]} and not minus:
                            good = total[3] in down.get((total[0], total[1]), ())
                n[kind + " learned"] += good
                if not good:
                    missed.append((kind, t["id"], i))
        # What was learned and is not in the truth: tried on the figures by the tool itself; listed for a reader.
        theirs = {v: k for k, v in ours.items()}
        stated = {(t["id"], *i["total"]): [(t["id"], *i["ratio"][0]), (t["id"], *i["ratio"][1])] for t in form["tables"] for i in t["identities"] if i["ratio"]}
        columns_stated = {(k[0], k[2], tuple(x[2] for x in v)) for k, v in stated.items()}
        column_sums = Span()
        for t in form["tables"]:
            for i in t["identities"]:
                cells = [i["total"]] + (i["plus"] or []) + (i["minus"] or [])
                if i["ratio"] is None and len({c[0] for c in cells}) == 1:
                    column_sums.add(equation((t["id"], i["total"][1]), [(t["id"], p[1]) for p in i["plus"]], [(t["id"], m[1]) for m in i["minus"]]))
        met = set()
        for id, rule, eq in rules:
            if "down" in rule or (id, rule["id"]) in met:
                continue
            keys = list(eq) if isinstance(eq, dict) else list(eq)
            back = [theirs.get((id, *k)) for k in keys]
            if None in back:
                continue
            if isinstance(eq, dict):
                row = dict(zip(back, eq.values()))
                one_line = len({b[1] for b in back}) == 1
                ok = want.holds(row) or one_line and column_sums.holds({(b[0], b[2]): v for b, v in row.items()})
            else:
                ok = stated.get(back[0]) == back[1:] or (back[0][0], back[0][2], (back[1][2], back[2][2])) in columns_stated
            if not ok:
                met.add((id, rule["id"]))
                strange.append((rule["kind"], rule["basis"], back))
        n["not in the truth"] = len(strange)
        all_ += n
        print(f"{form['id']:13} sums {n['sums learned']}/{n['sums']} · ratios {n['ratios learned']}/{n['ratios']} · not in the truth {len(strange)}")
        if a.show:
            for kind, table, i in missed[:12]:
                print("   missed", kind, table, i["total"], "=", i["plus"] if i["ratio"] is None else i["ratio"], "-", i["minus"])
            for x in strange[:12]:
                print("   strange", x)
    for kind, bar in ("sums", 0.95), ("ratios", 0.90):
        rate = all_[kind + " learned"] / max(1, all_[kind])
        print(f"{'ok   ' if rate >= bar else 'SHORT'}  {kind:8} {all_[kind + ' learned']}/{all_[kind]}  {100 * rate:.1f} %  (bar {100 * bar:.0f} %)")
    print(f"{'ok   ' if not all_['not in the truth'] else 'READ '}  not in the truth  {all_['not in the truth']}")


if __name__ == "__main__":
    main()
