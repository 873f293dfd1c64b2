#!/usr/bin/env python3
"""Runs the SQL that `tonghop sql` prints on DuckDB or Spark over a folder's entries, every form, and compares every figure
with what `tonghop consolidate` comes to. By hand, with a release build:

    python3 -m venv V && V/bin/pip install duckdb pyspark     # pyspark wants a Java 17 or newer
    V/bin/python tests/sql.py spark samples/quang-minh 2023-Q1 2023-Q3 2023-H1 2023-9M

Ends with 1 if a figure differs. A test in the suite does the same on DuckDB alone.
"""
import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("TONGHOP", str(HOME / "target/release/tonghop"))


def duckdb(entries):
    import duckdb

    db = duckdb.connect()
    db.execute(f"CREATE VIEW entries AS SELECT * FROM read_parquet('{entries}/*/*/*.parquet', hive_partitioning = true)")
    return lambda sql: db.execute(sql).fetchall()


def spark(entries):
    from pyspark.sql import SparkSession

    # A province is small: 200 shuffle partitions, the default, would cost more than the sums.
    settings = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.sql.shuffle.partitions": "2"}
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    session.read.parquet(str(entries)).createOrReplaceTempView("entries")
    return lambda sql: [tuple(row) for row in session.sql(sql).collect()]


def main():
    engine, inbox, *periods = sys.argv[1:]
    folder = Path(tempfile.mkdtemp(prefix="tonghop-sql-"))
    run("entries", inbox, "--out", folder / "entries")
    ask = {"duckdb": duckdb, "spark": spark}[engine](folder / "entries")
    agree = differ = 0
    for period in periods:
        run("consolidate", inbox, "--period", period, "--out", folder / period)
        for form, ours in totals(folder / period / "consolidated.csv").items():
            sql = run("sql", form, "--period", period)
            start = time.time()
            theirs = {(part, line, col): plain(value) for _, part, line, col, value, _ in ask(sql)}
            wrong = {k for k in ours.keys() | theirs.keys() if ours.get(k, "") != theirs.get(k, "")}
            agree += len(ours.keys() | theirs.keys()) - len(wrong)
            differ += len(wrong)
            print(f"{period} {form}: {len(ours)} figures, {len(wrong)} differ, {time.time() - start:.1f} s", flush=True)
            for key in sorted(wrong)[:5]:
                print("   ", *key, "ours", ours.get(key), "theirs", theirs.get(key))
    print(f"{agree} agree, {differ} differ")
    sys.exit(differ > 0 or agree == 0)


def run(*args):
    done = subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True)
    if done.returncode > 1:
        sys.exit(done.stderr)
    return done.stdout


def totals(path):
    forms = {}
    for row in csv.DictReader(open(path, encoding="utf-8-sig")):
        forms.setdefault(row["form"], {})[(row["table"], row["line"], row["column"])] = row["value"]
    return forms


def plain(value):
    if value is None:
        return ""
    text = f"{value:.6f}"
    return text.rstrip("0").rstrip(".")


main()
