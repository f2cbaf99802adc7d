"""Spark: a cluster of two executors on this machine judges as one process does, also when one is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command_line import run
from pyspark.sql import DataFrame, SparkSession

from fitcheck.cells import OUTPUT_COLUMNS
from fitcheck.errors import UseCaseError
from fitcheck.frames import score_table
from fitcheck.pipeline import Assessor
from fitcheck.spark import score, score_folder
from fitcheck.spark_session import LOCAL

# pyspark 4.3 says so of pandas 3 also where no pandas is touched; fitcheck keeps that from its users
pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")

N_ROWS = 2_400
TEXTS = [f"{what} number {i}" for i in range(N_ROWS // 3) for what in ("Compute payroll", "Draft a letter", "核对发票")]


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    before = {name: os.environ.get(name) for name in ("PYSPARK_PYTHON", "SPARK_LOCAL_IP", "PYTHONPATH")}
    root = str(Path(__file__).parent.parent)
    os.environ |= {
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYTHONPATH": os.pathsep.join(filter(None, (root, before["PYTHONPATH"]))),
    }
    handler = signal.getsignal(signal.SIGINT)
    few = {"spark.executor.memory": "512m", "spark.sql.execution.arrow.maxRecordsPerBatch": "100"}
    # two executors of one core each, processes of their own
    session = SparkSession.builder.master("local-cluster[2,1,512]").config(map=LOCAL | few).getOrCreate()
    yield session
    session.stop()
    signal.signal(signal.SIGINT, handler)
    for name, value in before.items():
        os.environ.pop(name, None) if value is None else os.environ.update({name: value})


@pytest.fixture(scope="module")
def alone() -> dict[str, list[Any]]:
    """What one process says of the texts."""
    table = pa.table({"n": range(N_ROWS), "idea": TEXTS})
    return score_table(table, assessor=Assessor(reading="fast")).to_pydict()  # type: ignore[no-any-return]


def judged(df: DataFrame) -> dict[str, list[Any]]:
    return df.toArrow().sort_by("n").to_pydict()  # type: ignore[no-any-return]


def executor_of_a_worker(spark: SparkSession) -> int:
    """Return the process id of an executor: a worker's parent is its daemon, whose parent is the executor."""
    daemon = spark.sparkContext.parallelize([0], 1).map(lambda _: os.getppid()).first()
    return int(subprocess.check_output(["ps", "-o", "ppid=", "-p", str(daemon)]))


def test_a_killed_executor_costs_no_row_and_doubles_none(spark: SparkSession, alone: dict[str, list[Any]]) -> None:
    def slowly(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            time.sleep(0.2)
            yield batch

    executor = executor_of_a_worker(spark)
    found: list[dict[str, list[Any]]] = []
    ideas = spark.createDataFrame(pa.table({"n": range(N_ROWS), "idea": TEXTS})).repartition(16)
    scored = score(ideas.mapInArrow(slowly, ideas.schema), "idea", reading="fast")
    work = threading.Thread(target=lambda: found.append(judged(scored)))
    work.start()
    tracker = spark.sparkContext.statusTracker()
    while work.is_alive():
        stages = [s for s in map(tracker.getStageInfo, tracker.getActiveStageIds()) if s and s.numTasks == 16]
        if any(0 < s.numCompletedTasks < 16 for s in stages):
            break
        time.sleep(0.02)
    assert work.is_alive()
    os.kill(executor, signal.SIGKILL)
    work.join(120)
    assert found == [alone]


def test_any_names_and_types_are_kept(spark: SparkSession) -> None:
    df = spark.sql(
        "select 'Compute payroll' as `an.idea`, 'mine' as verdict, 3 as `a b`, array(1.5) as x, "
        "named_struct('k', 1) as s, timestamp '2026-01-05 10:00:00' as t, cast(2.50 as decimal(9, 2)) as d"
    )
    scored = score(df, "an.idea", reading="fast")
    assert scored.columns == [*df.columns, "fitcheck_verdict", *OUTPUT_COLUMNS[1:]]
    assert scored.schema.fields[:7] == df.schema.fields
    (row,) = scored.collect()
    assert tuple(row)[:7] == tuple(df.collect()[0])
    assert row["fitcheck_verdict"] == "overkill"


def test_rows_that_cannot_be_judged_and_facts(spark: SparkSession) -> None:
    df = spark.createDataFrame(
        pa.table({"idea": ["Draft a letter", None, "Draft a letter"], "calls per month": ["900", "900", "many"]})
    )
    first, second, third = score(df, reading="fast").collect()
    assert first["usd_per_month"] > 0
    assert (second["verdict"], third["verdict"], third["usd_per_month"]) == (None, "fit", None)
    assert "the cell is empty" in second["error"]
    assert "column 'calls per month'" in third["error"]


def test_a_map_of_facts_leaves_the_columns_known_by_name_and_only_wanted_columns_are_added(spark: SparkSession) -> None:
    table = pa.table({"idea": ["Draft a letter"], "calls_per_month": [900], "Vol": [5_000]})
    fast = Assessor(reading="fast")
    wanted = score_table(table, facts={"tokens_in": "Vol"}, columns=["usd_per_month", "verdict"], assessor=fast)
    df = spark.createDataFrame(table)
    scored = score(df, facts={"tokens_in": "Vol"}, columns=["usd_per_month", "verdict"], reading="fast")
    assert scored.columns == [*df.columns, "usd_per_month", "verdict"]
    assert tuple(scored.collect()[0]) == tuple(wanted.to_pylist()[0].values())
    assert wanted["usd_per_month"][0].as_py() > 0


@pytest.mark.parametrize(
    ("text", "options", "what"),
    [
        ("ide", {}, "did you mean 'idea'"),
        ("n", {}, "the column 'n' holds bigint, and ideas are text"),
        ("idea", {"raeding": "fast"}, "no option 'raeding'; did you mean 'reading'"),
        ("idea", {"columns": ["verdct"]}, "did you mean 'verdict'"),
        ("idea", {"rules": [1]}, "a list does not travel to workers"),
        ("idea", {"facts": {"users": "absent"}}, "no column is called 'absent'"),
    ],
)
def test_what_is_wrong_is_said_before_anything_runs(
    spark: SparkSession, text: str, options: dict[str, Any], what: str
) -> None:
    df = spark.createDataFrame(pa.table({"n": [1], "idea": ["x"]}))
    with pytest.raises(UseCaseError, match=what):
        score(df, text, **options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose name means something to Spark, with files of unequal size in folders of their own."""
    source = tmp_path / "my [ideas]"
    (source / "part=1").mkdir(parents=True)
    (source / "part=2").mkdir()
    table = pa.table({"n": range(N_ROWS), "idea": TEXTS})
    pq.write_table(table[:20], source / "part=1" / "a.parquet")
    pq.write_table(table[20:-10], source / "part=1" / "b.parquet")
    pq.write_table(table[-10:], source / "part=2" / "a.parquet")
    return source


def test_a_cluster_judges_a_folder_as_one_process_does_and_in_its_order(
    spark: SparkSession, folder: Path, alone: dict[str, list[Any]]
) -> None:
    shown: list[tuple[int, int]] = []
    target = folder.with_name("scored")
    counts = score_folder(
        folder, target, reading="fast", progress=lambda done, of: shown.append((done, of)), text_column="idea"
    )
    table = pq.read_table(target)
    assert table.column_names == ["n", "idea", "part", *OUTPUT_COLUMNS]
    assert table.drop_columns("part").to_pydict() == alone
    assert counts["overkill"] == alone["verdict"].count("overkill") and sum(counts.values()) == N_ROWS
    assert shown[-1] == (N_ROWS, N_ROWS)
    assert sorted(p.name for p in folder.parent.iterdir()) == ["my [ideas]", "scored"]
    assert all(p.suffix == ".parquet" for p in target.iterdir())


def test_the_command_starts_a_quiet_session_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "ideas").mkdir()
    pq.write_table(pa.table({"idea": [*TEXTS[:30], None]}), tmp_path / "ideas" / "a.parquet")
    done = run("batch", tmp_path / "ideas", "--engine", "spark", "--processes", "1", "--fast", timeout=240)
    target = tmp_path / "ideas.scored"
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("31 ideas: ") and done.stderr.endswith(f"1 error -> {target}\n")
    assert "\n" not in done.stderr[:-1]
    assert pq.read_table(target).num_rows == 31


def test_a_folder_that_fails_leaves_nothing(spark: SparkSession, folder: Path) -> None:
    target = folder.with_name("scored")
    with pytest.raises(UseCaseError, match="no column is called 'absent'"):
        score_folder(folder, target, text_column="absent", reading="fast")
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]


def test_what_is_there_is_never_replaced(folder: Path) -> None:
    target = folder.with_name("scored")
    target.mkdir()
    (target / "mine").touch()
    with pytest.raises(UseCaseError, match="is there already"):
        score_folder(folder, target)
    assert [p.name for p in target.iterdir()] == ["mine"]


@pytest.mark.parametrize(
    ("files", "what"),
    [
        ({}, "no file in it ends in .parquet"),
        ({"a.parquet": b"PAR1 but torn"}, "a.parquet: not Parquet that can be read"),
        ({"a.parquet": pa.table({"idea": pa.array([], pa.string())})}, "hold no row"),
        ({"a.parquet": pa.table({"idea": ["x"]}), "b.csv": b"idea"}, "b.csv: no Parquet file"),
        (
            {"a.parquet": pa.table({"idea": ["x"]}), "b.parquet": pa.table({"idea": [1]})},
            "b.parquet: its column 'idea' holds int64, in a.parquet string",
        ),
    ],
    ids=["empty", "torn", "no row", "other files", "two types"],
)
def test_folders_that_cannot_be_read(tmp_path: Path, files: dict[str, Any], what: str) -> None:
    source = tmp_path / "in"
    source.mkdir()
    for name, content in files.items():
        if isinstance(content, bytes):
            (source / name).write_bytes(content)
        else:
            pq.write_table(content, source / name)
    with pytest.raises(UseCaseError, match=what):
        score_folder(source, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UseCaseError, match="no such folder"):
        score_folder(tmp_path / "absent", tmp_path / "out")
