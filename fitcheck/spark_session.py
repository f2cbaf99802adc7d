"""A Spark session of this machine's own cores, for when none runs: quiet, offline, gone afterwards."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from fitcheck.errors import ModelUnavailable, UseCaseError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["LOCAL", "running_session", "said_plainly", "without_word_of_pandas"]

LOCAL: dict[str, bool | float | int | str | None] = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.caseSensitive": "true",
    # a stage that lost a worker is done again, by the same bounds and so with the same rows
    "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "1",
}
"""The settings of a session that stays on its machine and is heard by nobody else."""

_TRIES = 4
_SAID_CHARS = 2_000


@contextmanager
def running_session(processes: int | None = None) -> Iterator[SparkSession]:
    """Lend the session that runs, else one of this machine's cores that ends afterwards.

    Args:
        processes: How many processes work in a session of our own; None for one per core.

    Raises:
        ModelUnavailable: Spark does not start, most often because there is no Java.
    """
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    if processes is not None and processes < 1:
        raise UseCaseError(f"processes = {processes}: one or more")
    # in local mode a task is tried once unless the master says otherwise, and a killed worker would end it all
    master = f"local[{processes or os.cpu_count() or 1},{_TRIES}]"
    before = signal.getsignal(signal.SIGINT) if threading.current_thread() is threading.main_thread() else None
    settings = _environment(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    with tempfile.TemporaryFile() as said, settings, without_word_of_pandas():
        builder = SparkSession.builder.master(master).appName("fitcheck").config(map=LOCAL)
        try:
            # Java writes to the standard error that it was started with
            with _redirected(said):
                session = builder.getOrCreate()
        except Exception as error:
            raise ModelUnavailable(_why_not(error, said)) from None
        # pyspark takes interrupts over, calls into Java from there, and never gives them back
        if before is not None:
            signal.signal(signal.SIGINT, before)
        try:
            yield session
        finally:
            session.stop()


@contextmanager
def without_word_of_pandas() -> Iterator[None]:
    """Keep pyspark 4.3 from warning of pandas 3, which plays no part in what travels as Arrow."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        yield


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turn what a worker or Spark itself raised into an error of one line.

    Raises:
        UseCaseError: For each of theirs.
    """
    from py4j.protocol import Py4JJavaError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JJavaError) as error:
        raise UseCaseError(f"Spark gave up: {_reason(str(error))}") from error


def _reason(message: str) -> str:
    """Return the last line that a worker's traceback ends with, else the first line."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    if not lines:
        return "it gave no reason"
    for line in lines:
        if line.startswith("fitcheck.errors."):
            return line.partition(": ")[2][:_SAID_CHARS]
    return lines[0][:_SAID_CHARS]


def _why_not(error: Exception, said: Any) -> str:
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    last = lines[-1][:_SAID_CHARS] if lines else str(error).strip().split("\n")[0][:_SAID_CHARS]
    return f"Spark did not start; it needs Java 17 or later, on the path or in JAVA_HOME ({last})"


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    """Set variables that are not set yet, and unset them afterwards."""
    ours = {name: value for name, value in values.items() if name not in os.environ}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name in ours:
            os.environ.pop(name, None)


@contextmanager
def _redirected(file: Any) -> Iterator[None]:
    """Send what is written to the process's standard error into a file."""
    sys.stderr.flush()
    kept = os.dup(2)
    os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, 2)
        os.close(kept)
