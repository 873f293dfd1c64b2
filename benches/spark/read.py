#!/usr/bin/env python3
"""Spreads reading over Spark: each task hands the workbooks of its part to one `tonghop entries -`, which adds them to the data
set. Nothing is collected but counts; a task that is tried again writes the same files again.

    pip install pyspark                                          # wants a Java 17 or newer
    python3 benches/spark/make.py samples/quang-minh /tmp/books 10000
    spark-submit benches/spark/read.py /tmp/books /tmp/entries

On a cluster the program and the lists go along (`--files tonghop,units.csv`), FOLDER is hdfs:// or s3a://, and the data set
lies where every machine can write: a share, or a folder of each machine whose files are copied to the bucket afterwards. Their
names are made of what they hold, so that copies never meet. Forms that have to be learned are learned once beforehand, from a
part (`tonghop forms learn`), and given with `--templates`: a task sees only its own workbooks.
"""
import argparse
import io
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import PurePosixPath
from urllib.parse import unquote

# As many workbooks as one run of the program takes at a time: starting it costs a fiftieth of reading them.
AT_ONCE = 500


def read(rows, program, dataset, root, more):
    """Rows of path, modification time and content, by and by into the data set; yields files and processor seconds of each run."""
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == AT_ONCE:
            yield hand_over(batch, program, dataset, root, more)
            batch = []
    if batch:
        yield hand_over(batch, program, dataset, root, more)


def hand_over(batch, program, dataset, root, more):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for row in batch:
            path = unquote(row.path.split(":", 1)[-1]).lstrip("/")
            name = path.removeprefix(root.lstrip("/")).lstrip("/") or PurePosixPath(path).name
            # When the unit sent it: of two submissions the newer counts.
            packed.writestr(zipfile.ZipInfo(name, row.modificationTime.timetuple()[:6]), bytes(row.content))
    run = [program, "entries", "-", "--quiet", "--jobs", "1", "--out", dataset, *more]
    before = used()
    done = subprocess.run(run, input=archive.getvalue(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # Nothing could be read of them: that is an answer. Anything else is tried again by Spark.
    if done.returncode > 2 or (done.returncode == 2 and done.stderr):
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return len(batch), used() - before


def used():
    """Processor seconds of the runs of the program that have ended."""
    of = resource.getrusage(resource.RUSAGE_CHILDREN)
    return of.ru_utime + of.ru_stime


def main():
    wanted = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wanted.add_argument("folder")
    wanted.add_argument("dataset")
    wanted.add_argument("--program", default="tonghop")
    wanted.add_argument("--master", default="local[*]")
    args, more = wanted.parse_known_args()

    from pyspark.sql import SparkSession

    # By default a file counts as 4 MB when parts are cut, and a part would be some 30 workbooks.
    settings = {"spark.sql.files.openCostInBytes": "262144", "spark.ui.showConsoleProgress": "false"}
    session = SparkSession.builder.master(args.master).appName("tonghop entries").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    start = time.time()
    # The same as SparkContext.binaryFiles, with the time of each file.
    books = session.read.format("binaryFile").option("recursiveFileLookup", "true").load(args.folder)
    books = books.select("path", "modificationTime", "content").rdd
    program, dataset, root = args.program, args.dataset, args.folder.split(":", 1)[-1]
    done = books.mapPartitions(lambda rows: read(rows, program, dataset, root, more)).collect()
    files, runs = sum(n for n, _ in done), len(done)
    print(f"{files} files in {runs} runs, {time.time() - start:.1f} s, {sum(cpu for _, cpu in done):.1f} processor seconds of the program")
    sys.exit(files == 0)


if __name__ == "__main__":
    main()
