#!/usr/bin/env python3
"""Runs the SQL that `tonghop sql` prints on DuckDB or Spark over a folder's entries. By hand, with a release build:

    python3 -m venv V && V/bin/pip install duckdb pyspark     # pyspark wants a Java 17 or newer
    V/bin/python tests/sql.py spark samples/quang-minh 2023-Q1 2023-Q3 2023-H1 2023-9M
    V/bin/python tests/sql.py duckdb samples/binh-an --learned 2026-Q1

For every period and form it compares every figure with what `tonghop consolidate` comes to. For every form it runs the rules'
query (`--checks`): on DuckDB it tells how many rows fail, and on Spark it compares them, with what stands there and what should,
with DuckDB's, which a test in the suite holds to what `check` finds. `--learned` learns the forms first and saves them;
`--interpreted` spares Spark the compiling of each query, which on little data is most of its time. Ends with 1 if anything differs.
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


def duckdb(dataset):
    import duckdb

    db = duckdb.connect()
    db.execute(
        f"CREATE VIEW submissions AS SELECT * FROM read_parquet('{dataset}/*/*/*/*.parquet', hive_partitioning = true, "
        "hive_types_autocast = false)"
    )
    db.execute("CREATE VIEW entries AS " + run("sql", "--view"))
    return lambda sql: db.execute(sql).fetchall()


INTERPRETED = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
}


def spark(dataset, more):
    from pyspark.sql import SparkSession

    # A province is small: 200 shuffle partitions, the default, would cost more than the sums.
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
        **more,
    }
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    session.read.parquet(str(dataset)).createOrReplaceTempView("submissions")
    session.sql(run("sql", "--view")).createOrReplaceTempView("entries")
    session.table("entries").cache().count()
    return lambda sql: [tuple(row) for row in session.sql(sql).collect()]


def main():
    engine, inbox, *periods = sys.argv[1:]
    folder = Path(tempfile.mkdtemp(prefix="tonghop-sql-"))
    more, interpreted = [], "--interpreted" in periods
    if interpreted:
        periods.remove("--interpreted")
    if "--learned" in periods:
        periods.remove("--learned")
        run("forms", "learn", inbox, "--out", folder / "bieu")
        more = ["--templates", folder / "bieu"]
    run("entries", inbox, *more, "--out", folder / "entries")
    other = duckdb(folder / "entries")
    ask = spark(folder / "entries", INTERPRETED if interpreted else {}) if engine == "spark" else other
    agree = differ = 0
    for period in periods:
        run("consolidate", inbox, *more, "--period", period, "--out", folder / period)
        for form, ours in totals(folder / period / "consolidated.csv").items():
            sql = run("sql", form, "--period", period, *more, may_fail=True)
            if not sql:
                continue
            start = time.time()
            theirs = {(table, line, column): plain(value) for _, table, _, line, column, value, _ in ask(sql)}
            wrong = {k for k in ours.keys() | theirs.keys() if ours.get(k, "") != theirs.get(k, "")}
            agree += len(ours.keys() | theirs.keys()) - len(wrong)
            differ += len(wrong)
            print(f"{period} {form}: {len(ours)} figures, {len(wrong)} differ, {time.time() - start:.1f} s", flush=True)
            for key in sorted(wrong)[:5]:
                print("   ", *key, "ours", ours.get(key), "theirs", theirs.get(key))
    for form in forms(folder / "entries"):
        sql = run("sql", form, "--checks", *more, may_fail=True)
        if not sql:
            # Learned from sheets that no saved form took: its figures are in the data set, and nothing says what they mean.
            print(f"{form}: no form of that name, its figures can't be asked")
            continue
        start = time.time()
        failing = rows(ask(sql))
        wrong = failing ^ rows(other(sql)) if engine == "spark" else set()
        agree += len(failing) - len(wrong)
        differ += len(wrong)
        print(f"{form}: {len(failing)} rows fail, {len(wrong)} differ, {time.time() - start:.1f} s", flush=True)
        for row in sorted(wrong)[:5]:
            print("   ", *row)
    print(f"{agree} agree, {differ} differ")
    sys.exit(differ > 0 or agree == 0)


def rows(asked):
    """Who and where, what stands there and what should."""
    return {(*row[:12], plain(row[12]), plain(row[13])) for row in asked}


def run(*args, may_fail=False):
    done = subprocess.run([PROGRAM, *map(str, args)], capture_output=True, encoding="utf-8")
    if done.returncode > 1 and may_fail:
        return ""
    if done.returncode > 1:
        sys.exit(done.stderr)
    return done.stdout


def forms(dataset):
    from urllib.parse import unquote

    return sorted(unquote(folder.name.removeprefix("form=")) for folder in dataset.iterdir())


def totals(path):
    found = {}
    for row in csv.DictReader(open(path, encoding="utf-8-sig")):
        found.setdefault(row["form"], {})[(row["table"], row["line"], row["column"])] = row["value"]
    return found


def plain(value):
    if value is None:
        return ""
    text = f"{value:.6f}"
    return text.rstrip("0").rstrip(".")


main()
