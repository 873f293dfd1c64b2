#!/usr/bin/env python3
"""The program for Windows under Wine against the one for Linux: the same outputs, byte for byte; of workbooks and documents the
same parts. Called by `run`: smoke.py LINUX EXE FOLDER."""
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent.parent
LINUX, EXE, OUT = sys.argv[1:]
OUT = Path(OUT).resolve()
MARK = "\ufeff".encode()
wrong = []


def linux(*args):
    return subprocess.run([LINUX, *map(str, args)], cwd=HOME, capture_output=True)


def windows(*args):
    return subprocess.run(["wine", EXE, *map(str, args)], cwd=HOME, capture_output=True)


def tell(what, well, more=""):
    print("ok  " if well else "FAIL", what, "" if well else more, flush=True)
    if not well:
        wrong.append(what)


def parts(path):
    """What a file holds: of a package each part; who made it and when is no matter."""
    if path.suffix in (".xlsx", ".docx") and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as package:
            return {name: package.read(name) for name in package.namelist()}
    return {"": path.read_bytes()}


def compare(what, left, right):
    names = [{p.relative_to(side).as_posix() for p in side.rglob("*") if p.is_file()} for side in (left, right)]
    differ = sorted(names[0] ^ names[1])
    for name in sorted(names[0] & names[1]):
        a, b = parts(left / name), parts(right / name)
        if name.endswith(".tonghop-da-ghi"):
            # It has the hashes of packages, whose entries say on what system they were packed.
            a, b = ({"": re.sub(rb"[0-9a-f]{64}", b"#", of[""])} for of in (a, b))
        differ += [f"{name} {part}" for part in sorted(a.keys() | b.keys()) if plain(a.get(part)) != plain(b.get(part))]
    tell(f"{what}: {len(names[0])} files as on Linux", not differ and names[0], str(differ[:8]))


def plain(part):
    """Links lead to the folder written into."""
    return part and re.sub(rb"[^\"<>]*(linux|windows)/kq", b"kq", part.replace(b"\\", b"/"))


def fresh(name):
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def same_text(what, *args):
    """Text for people begins with a mark there, and JSON is in ASCII: so that programs of Windows read them."""
    a, b = linux(*args), windows(*args)
    ours, theirs = a.stdout, b.stdout.replace(b"\r\n", b"\n")
    if "json" in args:
        marked = theirs.isascii()
        ours, theirs = (json.loads(text or "null") for text in (ours, theirs))
    else:
        marked = args[0] == "sql" or not ours or theirs.startswith(MARK)
        theirs = theirs.removeprefix(MARK)
    same = a.stderr == b.stderr.replace(b"\r\n", b"\n").removeprefix(MARK)
    more = f"{a.returncode} {b.returncode} marked {marked} {a.stderr[:300]} {b.stderr[:300]}"
    tell(what, (a.returncode, ours) == (b.returncode, theirs) and marked and same, more)


def main():
    samples = "samples/quang-minh"
    same_text("check", "check", samples, "--quiet")
    same_text("check as JSON", "check", samples, "--quiet", "--format", "json")
    same_text("check in English", "check", samples, "--quiet", "--lang", "en")
    same_text("status", "status", samples, "--quiet", "--period", "2023-Q3", "--today", "2023-10-01")
    same_text("sql --checks", "sql", "II.06a/VPCP/KSTT", "--checks")
    same_text("a folder that is not there", "check", "không có")
    left, right = fresh("linux"), fresh("windows")
    for run, folder in ((linux, left), (windows, right)):
        for args in (
            ("consolidate", samples, "--period", "2023-Q3", "--out", folder / "kq"),
            ("entries", samples, "--out", folder / "entries.csv"),
            ("entries", samples, "--out", folder / "entries.parquet"),
            ("entries", samples, "--out", folder / "data"),
            ("return", samples, "--period", "2023-H1", "--out", folder / "tra"),
        ):
            done = run(*args, "--quiet")
            tell(f"{args[0]} ends with {done.returncode}", done.returncode < 2, done.stderr.decode(errors="replace")[:300])
        run("forms", "blank", "II.06a", "--unit", "STC", "--period", "2023-Q4", "--units", f"{samples}/units.csv", "--out", folder / "trong.xlsx")
    for name in ("kq", "data", "tra"):
        compare(name, left / name, right / name)
    for name in ("entries.csv", "entries.parquet", "trong.xlsx"):
        tell(f"{name} as on Linux", parts(left / name) == parts(right / name))
    locked(right / "kq", samples)
    killed(samples)
    served()
    print(f"{len(wrong)} wrong" if wrong else "all well")
    sys.exit(bool(wrong))


def locked(results, samples):
    """An output that Excel has open: nothing of its set is replaced, it is named, what was found is told."""
    before = {p: p.read_bytes() for p in results.iterdir() if p.is_file()}
    (results / "consolidated.csv").write_bytes(b"changed")
    before[results / "consolidated.csv"] = b"changed"
    holder = subprocess.Popen(["wine", OUT / "hold.exe", results / "findings.csv", "60"], stdout=subprocess.PIPE)
    held = holder.stdout.readline().strip() == b"held"
    done = windows("consolidate", samples, "--period", "2023-Q3", "--out", results, "--quiet")
    holder.kill()
    subprocess.run(["wineserver", "-k"])
    after = {p: p.read_bytes() for p in results.iterdir() if p.is_file()}
    named = b"findings.csv" in done.stderr
    tell("an output that is open is named and its set stays", held and done.returncode == 2 and named and before == after, f"held {held}, rc {done.returncode}, {done.stderr.decode(errors='replace')[:400]}")
    tell("what was found is told all the same", "Đã đọc".encode() in done.stdout)


def killed(samples):
    """A run that is ended leaves the data set as it was, and no workers."""
    folder = fresh("killed")
    windows("entries", f"{samples}/2023-Q3", "--out", folder / "data", "--quiet")
    before = {p: p.read_bytes() for p in folder.rglob("*.parquet")}
    run = subprocess.Popen(["wine", EXE, "entries", samples, "--out", str(folder / "data"), "--quiet"], cwd=HOME)
    time.sleep(1.5)
    run.kill()
    run.wait()
    try:
        subprocess.run(["wineserver", "-w"], timeout=60)
    except subprocess.TimeoutExpired:
        pass  # Whoever still runs is counted next.
    left = subprocess.run(["pgrep", "-fc", f"{Path(EXE).name} worker"], capture_output=True, text=True).stdout.strip()
    after = {p: p.read_bytes() for p in folder.rglob("*.parquet")}
    tell("a run that is ended leaves the data set as it was", all(after.get(p) == b for p, b in before.items()) and before)
    tell("no worker is left", left == "0", left)


def served():
    """The page answers, to whoever has the address only."""
    folder = fresh("page")
    page = subprocess.Popen(["wine", EXE, "serve", str(folder), "--no-open"], cwd=HOME, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    address = None
    os.set_blocking(page.stdout.fileno(), False)
    text = b""
    for _ in range(100):
        time.sleep(0.2)
        text += page.stdout.read() or b""
        found = re.search(rb"http://127\.0\.0\.1:\d+\S*", text)
        if found:
            address = found.group().decode()
            break
    answer = None
    if address:
        try:
            # The token is exchanged for a cookie, as a browser does.
            browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            answer = browser.open(address, timeout=10)
        except OSError as error:
            text += str(error).encode()
    tell("the page answers", answer is not None and answer.status == 200, text[:300].decode(errors="replace"))
    page.kill()
    subprocess.run(["wineserver", "-k"])


main()
