"""A folder of ideas judged by a Spark cluster that loses a worker, beside one process: `python -m benchmarks.cluster`.

The cluster is two executors, each a process of its own on this machine; one is killed by `kill -9` when the
first part is done. Prints rows, seconds, and whether every cell of every row is the same. Needs the extra `spark`.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.options import positive
from benchmarks.rows import ideas
from fitcheck.frames import score_table
from fitcheck.pipeline import Assessor
from fitcheck.spark import score_folder
from fitcheck.spark_session import LOCAL

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["main"]

_ROWS_PER_FILE = 20_000
_EXECUTORS = 2
_EXECUTOR_MB = 1_024


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison; 1 where a row was lost, doubled or judged otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster", description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=positive, default=200_000, help="how many ideas (default 200,000)")
    parser.add_argument("--reading", choices=("fast", "cascade"), default="fast")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="fitcheck-cluster-") as name:
        source, target = Path(name, "ideas"), Path(name, "scored")
        _write(source, given.rows, given.seed)
        with _cluster() as spark:
            killer = _Killer(_an_executor(spark))
            begun = time.perf_counter()
            counts = score_folder(source, target, text_column="idea", progress=killer, reading=given.reading)
            on_cluster_s = time.perf_counter() - begun
        alone_s, n_same, n_written = _compare(source, target, given.reading)
    said = ", ".join(f"{n:,} {verdict}" for verdict, n in counts.items() if n)
    print(f"{given.rows:,} rows, reading {given.reading}: {said}")
    print(f"one process            {alone_s:8.1f} s  {given.rows / alone_s:8,.0f} rows/s")
    print(f"{_EXECUTORS} executors, 1 killed   {on_cluster_s:8.1f} s  {given.rows / on_cluster_s:8,.0f} rows/s")
    print(f"killed after {killer.done:,} rows: {'yes' if killer.done else 'no, it was done too soon'}")
    print(f"rows written {n_written:,}; alike in every cell and in their place {n_same:,}")
    return 0 if killer.done and n_same == n_written == given.rows else 1


def _write(folder: Path, n_rows: int, seed: int) -> None:
    folder.mkdir()
    texts = ideas(n_rows, seed=seed)
    for begin in range(0, n_rows, _ROWS_PER_FILE):
        n = min(_ROWS_PER_FILE, n_rows - begin)
        table = pa.table({"n": np.arange(begin, begin + n), "idea": [next(texts) for _ in range(n)]})
        pq.write_table(table, folder / f"{begin:09d}.parquet")


@contextmanager
def _cluster() -> Iterator[SparkSession]:
    from pyspark.sql import SparkSession

    # where fitcheck lies, for executors that were started elsewhere
    root = str(Path(__file__).resolve().parent.parent)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    master = f"local-cluster[{_EXECUTORS},1,{_EXECUTOR_MB}]"
    builder = SparkSession.builder.master(master).config(map=LOCAL | {"spark.executor.memory": f"{_EXECUTOR_MB}m"})
    session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()


def _an_executor(spark: SparkSession) -> int:
    """Return the process id of an executor: a worker's parent is its daemon, whose parent is the executor."""
    daemon = spark.sparkContext.parallelize([0], 1).map(lambda _: os.getppid()).first()
    return int(subprocess.check_output(["ps", "-o", "ppid=", "-p", str(daemon)]))


class _Killer:
    """Kills a process as soon as some rows are done, and not all of them."""

    def __init__(self, process: int) -> None:
        self._process = process
        self.done = 0

    def __call__(self, done: int, of: int) -> None:
        if not self.done and 0 < done < of:
            os.kill(self._process, signal.SIGKILL)
            self.done = done


def _compare(source: Path, target: Path, reading: Literal["fast", "cascade"]) -> tuple[float, int, int]:
    """Judge the rows again in this process; return its seconds, how many rows are alike, and how many there are."""
    assessor = Assessor(reading=reading)
    assessor.assess("warm up")
    written = pq.read_table(target)
    seconds, n_same, at = 0.0, 0, 0
    for path in sorted(source.iterdir()):
        table = pq.read_table(path)
        begun = time.perf_counter()
        alone = score_table(table, text="idea", assessor=assessor)
        seconds += time.perf_counter() - begun
        there = written.slice(at, len(alone))
        at += len(alone)
        if len(there) == len(alone):
            n_same += int(np.sum(_alike(alone, there)))
    return seconds, n_same, len(written)


def _alike(one: pa.Table, other: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    alike = np.ones(len(one), bool)
    for name in one.column_names:
        a, b = one[name].combine_chunks(), other[name].combine_chunks()
        a = a.dictionary_decode() if pa.types.is_dictionary(a.type) else a
        same = pc.or_kleene(pc.equal(a, b), pc.and_(pc.is_null(a), pc.is_null(b)))
        alike &= pc.fill_null(same, False).to_numpy(zero_copy_only=False)
    return alike


if __name__ == "__main__":
    sys.exit(main())
