#!/usr/bin/env python3
"""Makes many workbooks of a few: copies of a folder's .xlsx files, each as if another unit had sent it, with other figures.

    python3 benches/spark/make.py samples/quang-minh /tmp/books 10000

Every copy names a unit of its own, and one whole number of its first sheet is another.
"""
import random
import re
import sys
import zipfile
from pathlib import Path


def main(source, out, wanted):
    books = sorted(path for path in Path(source).rglob("*.xlsx") if zipfile.is_zipfile(path))
    for n in range(wanted):
        book, rng = books[n % len(books)], random.Random(n)
        folder = Path(out) / f"tinh-{n % 34 + 1:02}" / f"{n // 1000:03}"
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(book) as old, zipfile.ZipFile(folder / f"{n:06} {book.name}", "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.infolist():
                new.writestr(part.filename, changed(part.filename, old.read(part), n, rng))


def changed(name, data, n, rng):
    if name == "xl/sharedStrings.xml":
        # "Sở Tài chính" becomes "Sở Tài chính 123": as many units as there are copies.
        text = data.decode("utf-8")
        return re.sub(r"((?:UBND|Sở|Ban|Huyện|Xã) [^<:]{3,60}?)(</t>)", rf"\1 {n:06}\2", text, flags=re.I).encode("utf-8")
    if name == "xl/worksheets/sheet1.xml":
        numbers = list(re.finditer(rb"<v>(\d{2,5})</v></c>", data))
        if numbers:
            one = rng.choice(numbers)
            return data[: one.start(1)] + str(rng.randint(10, 99999)).encode() + data[one.end(1) :]
    return data


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
