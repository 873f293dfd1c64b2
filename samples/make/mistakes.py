"""The planted mistakes: what an office typed in place of what is true."""
from dataclasses import dataclass

from .units import UNITS


@dataclass
class Typed:
    """A cell as it was typed, past every habit."""
    value: object
    format: str = ""


@dataclass
class Mistake:
    unit: str
    quarter: int
    family: str
    rule: str      # the rule kinds that find it
    story: str     # what happened, in English
    cells: dict    # (form, table, line, column): what was typed


def planted(years):
    made = []

    def plant(unit, q, family, rule, story, cells):
        true = years[unit][q]
        cells = {k: v for k, v in cells(true).items() if v != true[k]}
        assert cells, (unit, q, family)
        made.append(Mistake(unit, q, family, rule, story, cells))

    bm = lambda form, code: (form, "", code, "value")
    a = lambda line, c: ("II.06a", "", line, c)

    # Quý I
    plant("STNMT", 1, "total typo", "balance", "two digits of a grand total swapped",
          lambda t: {a("total", 7): swapped(t[a("total", 7)])})
    plant("SCT", 1, "code outside its list", "one_of", "3 where the form offers 0, 1 and 2", lambda t: {bm("BM1", "6.2"): Typed(3)})
    plant("SGTVT", 1, "unit of measure", "ratio, at_most", "đồng in a line of triệu đồng (×10⁶)",
          lambda t: {bm("BM6", "1.2"): Typed(int(t[bm("BM6", "1.2")] * 10**6), "#,##0")})
    plant("SVHTTDL", 1, "forms disagree", "ties_to", "one public service unit more in Biểu mẫu 4 (1.5 and its part 1.5.2) than in Biểu mẫu 6 (2.1)",
          lambda t: {bm("BM4", c): t[bm("BM4", c)] + 1 for c in ("1.5", "1.5.2")})
    plant("SKHDT", 1, "dropped value", "required", "a part left empty; its total and II.07b give it", lambda t: {bm("BM3", "1.4.1"): Typed(None)})
    plant("SGDDT", 1, "percentage as a fraction", "ratio", "typed as a fraction, without the % format, in a line that counts in %",
          lambda t: {bm("BM1", "2"): Typed(float(t[bm("BM1", "2")] / 100), "0.0000")})
    # Quý II
    plant("STC", 2, "component typo", "balance", "two digits of a part swapped",
          lambda t: {a("Tin học - Thống kê", 5): swapped(t[a("Tin học - Thống kê", 5)])})
    plant("HAL", 2, "carry-over broken", "carries_over", "dossiers carried over from quý I counted as newly received: (6) too small, (5) "
          "too large, by the same number, in the line and in the total",
          lambda t: {a(line, c): t[a(line, c)] + d for line in ("Chứng thực", "total") for c, d in ((5, 7), (6, -7))})
    plant("HTB", 2, "last quarter again", "carries_over, change", "the whole table of quý I pasted under the heading of quý II",
          lambda t: {k: years["HTB"][1][k] for k in t})
    plant("STNMT", 2, "part above whole", "at_most", "more level 4 procedures with dossiers (6.5.3) than level 4 procedures (6.5.2)",
          lambda t: {bm("BM7", "6.5.3"): t[bm("BM7", "6.5.2")] + 9})
    # Quý III
    plant("SGDDT", 3, "line left out of the total", "balance", "the total row adds up every line but `Giáo dục thường xuyên`",
          lambda t: {a("total", c): t[a("total", c)] - t[a("Giáo dục thường xuyên", c)] for c in range(3, 14)})
    plant("SKHCN", 3, "cumulative falls", "rises", "the quarter's own number in a line that runs from the start of the year",
          lambda t: {bm("BM1", "5.2"): t[bm("BM1", "5.2")] - years["SKHCN"][2][bm("BM1", "5.2")]})
    plant("SKHDT", 3, "wrong ratio", "ratio", "a round guess, 70, although the parts give more", lambda t: {bm("BM1", "2"): Typed("70")})
    plant("STC", 3, "negative", "range", "staff cut, typed with a minus sign", lambda t: {bm("BM4", "2.4"): Typed(-t[bm("BM4", "2.4")])})
    plant("SVHTTDL", 3, "unreadable", "unreadable", "words in place of a number", lambda t: {bm("BM3", "1.2"): Typed("đang rà soát")})
    plant("SXD", 3, "formula misses a line", "balance", "the SUM of the total row ends one line too early",
          lambda t: {("II.07b", "I", "total", 8): t["II.07b", "I", "total", 8] - t["II.07b", "I", "Hạ tầng kỹ thuật", 8]})
    plant("SCT", 3, "answers contradict", "implies", "“Không” (0) to the survey, yet its number of ballots and its method are given",
          lambda t: {bm("BM1", "6"): Typed(0)})
    plant("HAL", 3, "digit doubled", "balance", "a digit of a grand total typed twice", lambda t: {a("total", 9): doubled(t[a("total", 9)])})
    return made


def swapped(n):
    digits = str(n)
    for i in range(len(digits) - 1, 0, -1):
        if digits[i] != digits[i - 1] and not (i == 1 and digits[1] == "0"):
            return int(digits[:i - 1] + digits[i] + digits[i - 1] + digits[i + 1:])
    raise ValueError(n)


def doubled(n):
    return int(str(n)[0] + str(n))


def typed(years, mistakes, unit, q):
    """The figures of a unit and quarter as the office typed them."""
    fig = dict(years[unit][q])
    for m in mistakes:
        if (m.unit, m.quarter) == (unit, q):
            fig.update(m.cells)
    return fig


def first_version(true):
    """SGTVT's II.06a of quý III before it was corrected: five dossiers on the wrong side of (8) and (9), in keeping with every rule."""
    fig = dict(true)
    for line in ("Đường bộ", "total"):
        fig["II.06a", "", line, 8] -= 5
        fig["II.06a", "", line, 9] += 5
    return fig


def draft(true):
    """SCT's hidden old copy: an early draft of the same table."""
    fig = dict(true)
    for line in ("Điện", "total"):
        for c in (3, 5, 7, 9):
            fig["II.06a", "", line, c] -= 2
    return fig


assert len({u.code for u in UNITS}) == len(UNITS)
