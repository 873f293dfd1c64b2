#!/usr/bin/env python3
"""Checks every hostile file by itself with a release build: seconds, peak memory, verdict.

    cargo build --release && python3 tests/hostile/run.py [DIR]

DIR may hold any files (a test suite of somebody else's); without it make.py's are made. Ends with 1 if a file got no
verdict, took over 10 s, or a process over 512 MB. SLOW=2 names the files over 2 s too.
"""
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("TONGHOP", str(HOME / "target/release/tonghop"))


def main():
    if len(sys.argv) > 1:
        root = sys.argv[1]
    else:
        root = tempfile.mkdtemp(prefix="tonghop-hostile-")
        subprocess.run([sys.executable, HOME / "tests/hostile/make.py", root], check=True)
    paths = sorted(os.path.join(folder, f) for folder, _, files in os.walk(os.fsencode(root)) for f in files)
    paths = [p for p in paths if not os.path.islink(p)]
    bad = slowest = largest = 0
    for path in paths:
        seconds, peak, why = one(path)
        slowest, largest = max(slowest, seconds), max(largest, peak)
        if os.environ.get("SLOW") and seconds > float(os.environ["SLOW"]):
            print(f"  slow {seconds:.1f} s {peak:.0f} MB {os.fsdecode(path)!r}")
        if why or seconds > 10 or peak > 512:
            bad += 1
            print(f"{seconds:.1f} s {peak:.0f} MB {os.fsdecode(path)!r} {why}")
    print(f"{len(paths)} files, {bad} bad; slowest {slowest:.1f} s, largest process {largest:.0f} MB")
    sys.exit(bad > 0)


def one(path):
    start = time.time()
    process = subprocess.Popen([PROGRAM, "check", path, "--format", "json", "--jobs", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.stdout.read(), process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    code, why = os.waitstatus_to_exitcode(status), ""
    # 2 where nothing could be read, with the reasons all the same.
    if code not in (0, 1, 2) or not out:
        why = f"ended with {code}: {err[:200]!r}"
    else:
        files = json.loads(out)["files"]
        why = "" if files and all(f["verdict"] for f in files) else "no verdict"
    return time.time() - start, used.ru_maxrss / 1024, why


main()
