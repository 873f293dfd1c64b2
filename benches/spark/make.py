#!/usr/bin/env python3
"""Makes many workbooks of a few: copies of a folder's .xlsx files, each as if another unit had sent it, with other figures.

    python3 benches/peers.py /tmp/peers                                   # makes 1,002 workbooks first
    python3 benches/spark/make.py /tmp/peers/1000 /tmp/books 10000

Wherever a copy names a unit of the folder's units.csv, it names one of its own, and one whole number of its first sheet is another.
"""
import csv
import random
import re
import sys
import zipfile
from pathlib import Path


def main(source, out, wanted):
    books = sorted(path for path in Path(source).rglob("*.xlsx") if zipfile.is_zipfile(path))
    with open(Path(source) / "units.csv", encoding="utf-8-sig") as units:
        known = [name for row in csv.DictReader(units) for name in [row["name"], *row["aliases"].split(";")]]
    # The longer first: a name may begin like another. Short ones stand within words.
    names = sorted({name.strip() for name in known if len(name.strip()) > 7}, key=len, reverse=True)
    unit = re.compile("(" + "|".join(map(re.escape, names)) + r")(?!\d)", re.I)
    for n in range(wanted):
        book, rng = books[n % len(books)], random.Random(n)
        folder = Path(out) / f"tinh-{n % 34 + 1:02}" / f"{n // 1000:03}"
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(book) as old, zipfile.ZipFile(folder / f"{n:06} {book.name}", "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.infolist():
                new.writestr(part.filename, changed(part.filename, old.read(part), n, unit, rng))


def changed(name, data, n, unit, rng):
    if name == "xl/sharedStrings.xml":
        # "Sở Tài chính" becomes "Sở Tài chính 000123": as many units as there are copies.
        return unit.sub(rf"\g<1> {n:06}", data.decode("utf-8")).encode("utf-8")
    if name == "xl/worksheets/sheet1.xml":
        numbers = list(re.finditer(rb"<c r=\"[A-Z]+\d+\"(?: s=\"\d+\")?><v>(\d{2,5})</v></c>", data))
        if numbers:
            one = rng.choice(numbers)
            return data[: one.start(1)] + str(rng.randint(10, 99999)).encode() + data[one.end(1) :]
    return data


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
