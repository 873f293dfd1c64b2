"""What truly happened in Quảng Minh in 2023: every figure of every form, right and in keeping with the others.

`year(unit)` gives {quarter: {(form, table, line, column): figure}}; a figure is an int, a Decimal (triệu đồng with
three decimals, ratios with two) or None for a ratio of nothing.
"""
import random
from decimal import ROUND_HALF_UP, Decimal

from .forms import GROUPS, RATIOS, SORT, SUMS
from .units import forms_of

QUARTERS = (1, 2, 3)


def percent(part, whole):
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP) if whole else None


def year(unit):
    rng = random.Random(f"quang-minh {unit.code}")
    quarters = {q: {} for q in QUARTERS}
    for fig, table in zip(quarters.values(), dossiers(unit, rng)):
        fig.update(table)
    if "BM1" in forms_of(unit):
        for fig, table in zip(quarters.values(), procedures(unit, rng)):
            fig.update(table)
        indicators(unit, rng, quarters)
    return quarters


def dossiers(unit, rng):
    """II.06a; what is pending at the end of a quarter opens the next."""
    pending = {f: rng.randint(0, max(1, n // 9)) for f, (n, _) in unit.fields.items()}
    online = {f: rng.uniform(0.15, 0.6) for f in unit.fields}
    for q in QUARTERS:
        rows = {}
        for f, (usual, _) in unit.fields.items():
            new = round(usual * rng.uniform(0.85, 1.18))
            by_net = round(new * min(0.95, online[f] + 0.05 * q))
            opening = pending[f]
            left = min(new + opening, rng.randint(0, max(1, usual // 9)))
            left_late = 1 if left > 6 and rng.random() < 0.2 else 0
            done = new + opening - left
            late = rng.randint(1, 1 + done // 150) if done > 40 and rng.random() < 0.3 else 0
            early = round((done - late) * rng.uniform(0.2, 0.7))
            rows[f] = {3: new + opening, 4: by_net, 5: new - by_net, 6: opening, 7: done, 8: early, 9: done - late - early,
                       10: late, 11: left, 12: left - left_late, 13: left_late}
            pending[f] = left
        yield grid("II.06a", "", rows)


def procedures(unit, rng):
    """II.07b: part I stands still over the year, part II ("4 tại chỗ") grows."""
    one, two = {}, {}
    for f, (_, n) in unit.fields.items():
        district, commune = rng.choice([0, 0, 0, 2, 3, 6]), rng.choice([0, 0, 0, 0, 1, 3])
        here, there, below = n - rng.choice([0, 0, 0, 1, 2]), max(0, district - rng.choice([0, 0, 1])), commune
        total = here + there + below
        one[f] = {3: n + district + commune, 4: n, 5: district, 6: commune, 7: total, 8: here, 9: there, 10: below,
                  11: total, 12: here, 13: there, 14: below}
        two[f] = {3: rng.randint(0, max(1, here // 3)), 5: 0}
    for _ in QUARTERS:
        fig = grid("II.07b", "I", one)
        if unit.part2:
            for f in two:
                two[f][3] = min(one[f][8], two[f][3] + rng.randint(0, 1))
                two[f][5] = min(one[f][9], two[f][5] + rng.randint(0, 1))
            fig.update(grid("II.07b", "II", two))
            for line in [*two, "total"]:
                for number, ratio, of in ((3, 4, 8), (5, 6, 9)):
                    fig["II.07b", "II", line, ratio] = percent(fig["II.07b", "II", line, number], fig["II.07b", "I", line, of])
        yield fig


def grid(form, table, rows):
    fig = {(form, table, line, c): v for line, row in rows.items() for c, v in row.items()}
    for c in next(iter(rows.values())):
        fig[form, table, "total", c] = sum(row[c] for row in rows.values())
    return fig


def indicators(unit, rng, quarters):
    r = rng.randint
    centres = {"SNV": 2, "BDT": 0, "BQLKCN": 1}.get(unit.code, r(2, 7))       # đơn vị sự nghiệp công lập
    groups = [0, 0, 0, 0, 0, 0]                                              # BM6 2.2 2.3 2.4.1 2.4.2 2.4.3 2.5
    for _ in range(centres):
        groups[rng.choice([1, 2, 3, 3, 4, 5])] += 1
    staff, workers = r(28, 110), r(20, 60) * centres
    plan, assigned, capital = r(28, 56), r(40, 150), Decimal(r(4_000_000, 60_000_000)) / 1000
    done = on_time = late = chosen = 0
    spent = Decimal(0)
    n = sum(count for _, count in unit.fields.values())                      # procedures of the province
    level3, level4, fees = max(2, n * 9 // 20), max(2, n // 4), max(2, n // 3)
    served3, served4 = max(1, level3 - r(1, 6)), max(1, level4 - r(0, 3))
    linked, cross, anywhere = r(0, n // 5), r(0, n // 6), r(0, n // 8)
    for q, fig in quarters.items():
        total06a = {c: fig["II.06a", "", "total", c] for c in range(3, 14)}
        total07b = {c: fig["II.07b", "I", "total", c] for c in range(3, 7)}
        done += round(plan * rng.uniform(0.18, 0.27))
        on_time += round(assigned * rng.uniform(0.14, 0.24))
        late += rng.choice([0, 0, 1, 2])
        spent += (capital * Decimal(rng.uniform(0.14, 0.26))).quantize(Decimal("0.001"))
        chosen += rng.choice([0, 0, 1])
        served3, served4 = min(level3, served3 + r(0, 2)), min(level4, served4 + r(0, 1))
        survey = rng.random() < 0.7 or unit.code == "SCT"
        found, to_mend, outdated, heard = r(0, 6), r(0, 3), r(0, 4), r(0, 4)
        punished = rng.choice([0, 0, 0, 1, 2])
        laws = [r(0, 3), 0, 0]
        bm = {
            "BM1": {"1": r(5, 26), "2.1": plan, "2.2": min(done, plan), "3.1": r(0, 6), "3.3.1": found, "3.3.2": r(0, found),
                    "5.1": assigned, "5.2": on_time, "5.3": late, "5.4": r(0, 2), "6": int(survey),
                    "6.1": r(8, 40) * 5 if survey else 0, "6.2": r(0, 2) if survey else None, "7": r(0, 1)},
            "BM2": {"1.1": laws[0], "1.2": laws[1], "1.3": laws[2], "2.1": to_mend + r(0, 6), "2.2.1": to_mend,
                    "2.2.2": r(0, to_mend), "3.1": outdated + r(3, 12), "3.2.1": outdated, "3.2.2": r(0, outdated)},
            "BM3": {"1.1": r(0, 5), "1.2": r(0, 9), "1.3": r(0, 6), "1.4.1": total07b[4], "1.4.2": total07b[5],
                    "1.4.3": total07b[6], "2.1": linked, "2.2": cross, "2.3": anywhere, "3.1.1": total06a[7],
                    "3.1.2": total06a[8] + total06a[9], "3.4.1": heard, "3.4.2": r(0, heard)},
            "BM4": {"1.1": 100, "1.2": 100, "1.3": 4, "1.4": 11 + q, "1.5.1": 0, "1.5.2": centres, "1.5.3": 0, "1.5.4": 0 if not
                    unit.whole else Decimal("12.50"), "2.1": staff, "2.2": staff - r(0, 4), "2.3": r(0, 5), "2.4": rng.choice([0, 0, 1, 2]),
                    "2.5": Decimal("10.71"), "3.1": workers, "3.2": workers - (r(0, 6) if workers else 0),
                    "3.3": rng.choice([0, 0, 1]) if workers else 0, "3.4": Decimal("10.20")},
            "BM5": {"1.1": 1, "1.2": centres, "1.3": 0, "2.1": r(0, 4), "2.2": 0, "2.3": rng.choice([0, 0, 0, 1]), "2.4": r(0, 6) if
                    centres else 0, "2.5": 0, "3": chosen, "4": punished, "4.1": 0, "4.2": 0, "4.3": r(0, punished), "4.4": 0},
            "BM6": {"1.1": capital, "1.2": spent, "2.2": groups[0], "2.3": groups[1], "2.4.1": groups[2], "2.4.2": groups[3],
                    "2.4.3": groups[4], "2.5": groups[5], "2.6": 0},
            "BM7": {"1": 1, "2": 2, "3": 100, "4": 2, "5.1.1": 100, "5.1.2": 100, "5.1.3": 100, "5.2": Decimal("98.40"), "5.2.1": 100,
                    "5.2.2": Decimal("98.75"), "5.2.3": Decimal("96.30"), "5.3.1": 100, "5.3.2": 100, "5.3.3": 100,
                    "6.4.1": level3, "6.4.2": served3, "6.4.3": r(1, served3), "6.5.1": level4, "6.5.2": served4,
                    "6.5.3": r(1, served4), "6.6.2": served3 + served4 - r(0, 2), "6.7.1": total06a[4] + total06a[5],
                    "6.7.2": total06a[4], "6.8.1": fees, "6.8.2": min(fees, 1 + fees // 2 + q)},
        }
        for form, lines in bm.items():
            for total, parts in reversed(SUMS.get(form, {}).items()):      # inner totals first
                lines[total] = sum(lines[p] for p in parts)
            for ratio, (part, whole) in RATIOS.get(form, {}).items():
                lines[ratio] = percent(lines[part], lines[whole])
            fig.update({(form, "", code, "value"): v for code, v in lines.items()})


def assert_right(unit, quarters):
    """The samples would be worth nothing if an unplanted figure were wrong."""
    for q, fig in quarters.items():
        rows = {(f, t, line) for f, t, line, c in fig if c != "value"}
        for form, table, line in rows:
            v = lambda c: fig[form, table, line, c]
            assert all(v(t) == sum(v(p) for p in parts) for t, parts in GROUPS[form, table].items()), (unit.code, q, line)
            if form == "II.06a":
                assert v(3) == v(7) + v(11), (unit.code, q, line)
                assert q == 1 or v(6) == quarters[q - 1][form, table, line, 11], (unit.code, q, line)
        assert all(v is None or v >= 0 for v in fig.values())
        if ("BM1", "", "1", "value") not in fig:
            continue
        b = lambda code: fig[code.split()[0], "", code.split()[1], "value"]
        at_most = ["BM1 2.2 2.1", "BM1 3.3.2 3.3.1", "BM2 2.2.1 2.1", "BM2 2.2.2 2.2.1", "BM2 3.2.1 3.1", "BM2 3.2.2 3.2.1",
                   "BM3 3.1.2 3.1.1", "BM3 3.4.2 3.4.1", "BM4 2.2 2.1", "BM4 3.2 3.1", "BM6 1.2 1.1", "BM7 6.4.2 6.4.1",
                   "BM7 6.4.3 6.4.2", "BM7 6.5.2 6.5.1", "BM7 6.5.3 6.5.2", "BM7 6.6.2 6.6.1", "BM7 6.7.2 6.7.1", "BM7 6.8.2 6.8.1"]
        for form, part, whole in map(str.split, at_most):
            assert b(f"{form} {part}") <= b(f"{form} {whole}"), (unit.code, q, form, part)
        assert b("BM1 5.2") + b("BM1 5.3") + b("BM1 5.4") <= b("BM1 5.1"), (unit.code, q)
        assert b("BM5 4") >= sum(b(f"BM5 4.{n}") for n in (1, 2, 3, 4))
        assert b("BM4 1.5") == b("BM6 2.1") == sum(b(f"BM6 {c}") for c in ("2.2", "2.3", "2.4", "2.5"))
        assert b("BM3 1.4") == fig["II.07b", "I", "total", 3]
        assert b("BM7 6.4.1") + b("BM7 6.5.1") <= b("BM3 1.4"), (unit.code, q)
        for code in ("BM1 2.2", "BM1 5.2", "BM1 5.3", "BM5 3", "BM6 1.2", "BM6 2.6"):
            assert q == 1 or b(code) >= quarters[q - 1][code.split()[0], "", code.split()[1], "value"], (unit.code, q, code)
        assert all((f, code) in SORT for f, _, code, c in fig if c == "value")
