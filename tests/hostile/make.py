#!/usr/bin/env python3
"""Writes some 670 hostile files of every kind into a folder, and the good one among them.

    python3 tests/hostile/make.py DIR [KIND …]

Nothing but Python's own library is needed; the same bytes come out each time.
"""
import os
import socket
import stat
import sys
from pathlib import Path

sys.dont_write_bytecode = True
import kinds

ENDINGS = {"ods_bombs": ".ods", "ods_oddities": ".ods", "html_bombs": ".xls", "html_oddities": ".xls"}


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[2:]
    for kind in kinds.KINDS:
        if wanted and kind.__name__ not in wanted:
            continue
        made = kind()
        ending = ENDINGS.get(kind.__name__, ".xlsx")
        if isinstance(made, bytes):
            (out / f"{kind.__name__}{ending}").write_bytes(made)
            continue
        folder = out / kind.__name__
        folder.mkdir(exist_ok=True)
        for name, body in made.items():
            named = name if "." in name or kind.__name__ == "wrong_endings" else name + ending
            (folder / named).write_bytes(body)
    if not wanted or "places" in wanted:
        places(out / "places")
    (out / "mmm tốt.xlsx").write_bytes(kinds.good())


def places(out):
    """What a folder may hold that is no plain file, and names that are no plain names."""
    out.mkdir(exist_ok=True)
    good = kinds.good()
    for name in ("a\nb.xlsx", "\u202exslx.gnp.xlsx", "z\u200bw\u2060.xlsx", "x" * 250 + ".xlsx", "ế" * 83 + ".xlsx", " .xlsx", "-rf.xlsx", "=1+1.xlsx", "$(id).xlsx", "a\tb\x1b[31m.xlsx", "CON.xlsx"):
        (out / name).write_bytes(good)
    with open(os.fsencode(out) + b"/\xff\xfe\x80.xlsx", "wb") as file:
        file.write(good)
    with open(out / "300 MB.xlsx", "wb") as file:
        file.truncate(300 << 20)
    with open(out / "100 MB.xlsx", "wb") as file:
        file.truncate(100 << 20)
    with open(out / "100 MB.zip", "wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(100 << 20)
    for name, target in (("passwd.xlsx", "/etc/passwd"), ("zero.xlsx", "/dev/zero"), ("itself.xlsx", "itself.xlsx"), ("nowhere.xlsx", "không có"), ("up", ".."), ("tty.xlsx", "/dev/tty"), ("mem.xlsx", "/proc/self/mem")):
        link = out / name
        if not link.is_symlink():
            link.symlink_to(target)
    if not (out / "pipe.xlsx").exists():
        os.mkfifo(out / "pipe.xlsx")
    if not (out / "socket.xlsx").exists():
        # The path of a socket is short.
        here = os.getcwd()
        os.chdir(out)
        socket.socket(socket.AF_UNIX).bind("socket.xlsx")
        os.chdir(here)
    (out / "thư mục.xlsx").mkdir(exist_ok=True)
    (out / "thư mục.xlsx" / "a.xlsx").write_bytes(good)
    if os.geteuid() == 0 and not (out / "random.xlsx").exists():
        os.mknod(out / "random.xlsx", 0o600 | stat.S_IFCHR, os.makedev(1, 9))
    closed = out / "closed"
    closed.mkdir(exist_ok=True)
    (closed / "a.xlsx").write_bytes(good)
    os.chmod(closed / "a.xlsx", 0)
    deep = out
    for _ in range(60):
        deep = deep / "d"
        deep.mkdir(exist_ok=True)
    (deep / "a.xlsx").write_bytes(good)


main()
