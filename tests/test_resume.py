"""Interrupted runs: nothing lost, nothing doubled, whole files only."""

from __future__ import annotations

import csv
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from table_stubs import CannotLoad, DiesAlways, DiesOnce, Interrupted, Stub

import fitcheck.batch
from fitcheck.batch import score_file
from fitcheck.errors import UseCaseError
from fitcheck.journal import open_journal
from fitcheck.pool import WorkerDied, default_processes, judge_in_order
from fitcheck.rows import Task

VERSIONS = {"model": "1"}
N_ROWS = 200


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitcheck.batch, "ROWS_PER_BLOCK", 20)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return ideas(tmp_path)


def ideas(folder: Path, marked: str = "", at: int = 150) -> Path:
    path = folder / "in.csv"
    lines = [f"{n},{marked if marked and n == at else 'Draft'} letter {n}" for n in range(N_ROWS)]
    path.write_text("\n".join(["ref,idea", *lines]) + "\n")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def all_there(path: Path) -> None:
    found = rows(path)
    assert [row["ref"] for row in found] == [str(n) for n in range(N_ROWS)]
    assert {row["verdict"] for row in found} == {"fit"}


def interrupted(source: Path, out: Path, mark: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        score_file(source, out, assessor=Interrupted(mark=mark), versions=VERSIONS, processes=1)


def test_the_same_command_goes_on(tmp_path: Path) -> None:
    source, out, seen = ideas(tmp_path, "stop"), tmp_path / "out.csv", tmp_path / "seen"
    remarks: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        score_file(source, out, assessor=Interrupted(), versions=VERSIONS, processes=1, remark=remarks.append)
    assert remarks == ["140 judged rows of 200 are kept; the same command goes on from there"]
    assert not out.exists()
    score_file(source, out, assessor=Stub(seen=seen), versions=VERSIONS, processes=1, remark=remarks.append)
    assert remarks[1:] == ["140 of 200 rows were judged before and are taken over"]
    assert [line.rpartition(" ")[2] for line in seen.read_text().splitlines()] == [str(n) for n in range(140, 200)]
    all_there(out)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.csv", "out.csv", "seen"]


@pytest.mark.parametrize("change", ["input", "versions", "column", "lang", "restart"])
def test_another_command_starts_anew(tmp_path: Path, change: str) -> None:
    source, out, seen = ideas(tmp_path, "stop"), tmp_path / "out.csv", tmp_path / "seen"
    interrupted(source, out, tmp_path / "none")
    if change == "input":
        source.write_text(source.read_text().replace("letter 3\n", "letter III\n"))
    score_file(
        source,
        out,
        assessor=Stub(seen=seen),
        versions={"model": "2"} if change == "versions" else VERSIONS,
        text_column="ref" if change == "column" else None,
        lang="zh" if change == "lang" else None,
        restart=change == "restart",
        processes=1,
    )
    assert len(seen.read_text().splitlines()) == N_ROWS
    assert not list(tmp_path.glob(".*"))


def test_a_touched_table_is_still_the_same(tmp_path: Path) -> None:
    source, out, seen = ideas(tmp_path, "stop"), tmp_path / "out.csv", tmp_path / "seen"
    interrupted(source, out, tmp_path / "none")
    os.utime(source, (0, 0))
    score_file(source, out, assessor=Stub(seen=seen), versions=VERSIONS, processes=1)
    assert len(seen.read_text().splitlines()) == 60


def test_rows_of_one_output_are_judged_for_one_day(tmp_path: Path) -> None:
    import datetime as dt

    yesterday = dt.date(2026, 1, 1)
    with pytest.raises(RuntimeError), open_journal(tmp_path / "o", {"a": 1}, day=yesterday) as journal:
        journal.write(0, [[1]])
        raise RuntimeError
    with open_journal(tmp_path / "o", {"a": 1}, day=dt.date(2026, 1, 2)) as journal:
        assert (journal.day, journal.read(0, 1), journal.read(0, 2)) == (yesterday, [[1]], None)


@pytest.mark.parametrize("damage", [b"", b"\0" * 50, b"[[1", b"{}"])
def test_a_damaged_block_is_judged_again(tmp_path: Path, damage: bytes) -> None:
    source, out = ideas(tmp_path, "stop"), tmp_path / "out.csv"
    interrupted(source, out, tmp_path / "none")
    (tmp_path / ".out.csv.fitcheck" / "block-00000002-20.json").write_bytes(damage)
    score_file(source, out, assessor=Stub(), versions=VERSIONS, processes=1)
    found = rows(out)
    assert [row["ref"] for row in found] == [str(n) for n in range(N_ROWS)]


def test_without_versions_nothing_is_kept(tmp_path: Path) -> None:
    source = ideas(tmp_path, "stop")
    with pytest.raises(KeyboardInterrupt):
        score_file(source, tmp_path / "out.csv", assessor=Interrupted(), processes=1)
    assert [p.name for p in tmp_path.iterdir()] == ["in.csv"]


def test_two_runs_onto_one_output(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    told: list[str] = []

    def second(done: int, total: int) -> None:
        if done == 30:
            with pytest.raises(UseCaseError, match=r"out\.csv: another run of fitcheck is writing it") as error:
                score_file(table, out, assessor=Stub(), versions=VERSIONS)
            told.append(str(error.value))

    score_file(table, out, assessor=Stub(), versions=VERSIONS, processes=1, progress=second)
    assert len(told) == 1
    all_there(out)


def test_a_table_that_changes_while_it_is_read(table: Path, tmp_path: Path) -> None:
    def change(done: int, total: int) -> None:
        if done == 30:
            os.utime(table, (0, 0))

    with pytest.raises(UseCaseError, match="it changed while it was read"):
        score_file(table, tmp_path / "out.csv", assessor=Stub(), processes=1, progress=change)


@contextmanager
def files_up_to(n_bytes: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "xlsx", "csv.gz"])
def test_a_full_disk(table: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"out.{form}"
    with files_up_to(700), pytest.raises(UseCaseError, match="can't be written: File too large"):
        score_file(table, out, assessor=Stub(), versions=VERSIONS, processes=1)
    assert not out.exists()
    score_file(table, out, assessor=Stub(), versions=VERSIONS, processes=1)
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
    assert out.is_file()


def test_a_full_disk_after_some_blocks(table: Path, tmp_path: Path) -> None:
    out, seen, remarks = tmp_path / "out.csv", tmp_path / "seen", list[str]()
    with files_up_to(9000), pytest.raises(UseCaseError, match="File too large"):
        score_file(table, out, assessor=Stub(), versions=VERSIONS, processes=1, remark=remarks.append)
    assert "are kept" in remarks[0]
    score_file(table, out, assessor=Stub(seen=seen), versions=VERSIONS, processes=1)
    assert len(seen.read_text().splitlines()) < N_ROWS
    all_there(out)


def test_what_is_in_the_way_of_the_journal(table: Path, tmp_path: Path) -> None:
    (tmp_path / ".out.csv.fitcheck").write_text("mine")
    with pytest.raises(UseCaseError, match="is in the way"):
        score_file(table, tmp_path / "out.csv", assessor=Stub(), versions=VERSIONS)
    assert (tmp_path / ".out.csv.fitcheck").read_text() == "mine"


def test_workers_give_what_one_process_gives(tmp_path: Path) -> None:
    source = ideas(tmp_path)
    score_file(source, tmp_path / "one.csv", assessor=Stub(), processes=1)
    score_file(source, tmp_path / "two.csv", assessor=Stub(), processes=2)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    all_there(tmp_path / "two.csv")


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    source = ideas(tmp_path, "die")
    score_file(source, tmp_path / "out.csv", assessor=DiesOnce(mark=tmp_path / "mark"), processes=2)
    assert (tmp_path / "mark").exists()
    all_there(tmp_path / "out.csv")


def test_a_worker_that_dies_again_ends_the_run(tmp_path: Path) -> None:
    source, out, seen = ideas(tmp_path, "die"), tmp_path / "out.csv", tmp_path / "seen"
    with pytest.raises(WorkerDied, match="died twice over the same rows"):
        score_file(source, out, assessor=DiesAlways(), versions=VERSIONS, processes=2)
    score_file(source, out, assessor=Stub(seen=seen), versions=VERSIONS, processes=1)
    assert len(seen.read_text().splitlines()) == 60
    all_there(out)


def test_leaving_early_waits_for_no_half_written_result() -> None:
    def leave() -> None:
        for _ in range(4):
            tasks = ((n, Task({}, ["x" * 20_000_000])) for n in range(6))
            judged = judge_in_order(tasks, Stub(), today=None, processes=2)
            next(judged)
            judged.close()  # type: ignore[attr-defined]

    leaving = threading.Thread(target=leave, daemon=True)
    leaving.start()
    leaving.join(50)
    assert not leaving.is_alive()


def test_what_a_worker_cannot_load_is_said(table: Path, tmp_path: Path) -> None:
    with pytest.raises(UseCaseError, match="the pack is broken"):
        score_file(table, tmp_path / "out.csv", assessor=CannotLoad(), processes=2)


def test_processes_by_the_size_of_the_table() -> None:
    assert default_processes(1000) == 1
    assert default_processes(1001) == len(os.sched_getaffinity(0))


SCRIPT = """
import sys
from pathlib import Path
import fitcheck.batch
fitcheck.batch.ROWS_PER_BLOCK = 20
from table_stubs import Stub
if __name__ == "__main__":
    print("begun", flush=True)
    fitcheck.batch.score_file(sys.argv[1], sys.argv[2], assessor=Stub(seconds=float(sys.argv[3])),
                              versions={"model": "1"}, processes=int(sys.argv[4]))
"""


def start(folder: Path, seconds: float, processes: int) -> subprocess.Popen[bytes]:
    script = folder / "run.py"
    script.write_text(SCRIPT)
    tests = Path(__file__).parent
    return subprocess.Popen(
        [sys.executable, script, folder / "in.csv", folder / "out.csv", str(seconds), str(processes)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(tests.parent), str(tests)])},
        start_new_session=True,
    )


def test_kill_9_at_random_moments(table: Path, tmp_path: Path) -> None:
    out, dice, kills = tmp_path / "out.csv", random.Random(5), 0
    while not out.exists():
        assert kills < 50
        process = start(tmp_path, 0.001, 1)
        assert process.stdout is not None
        process.stdout.readline()
        # on a busy machine a run may take longer to begin than these moments last: they grow
        time.sleep(dice.uniform(0, 0.7 + kills * 0.03))
        process.kill()
        process.communicate()
        kills += 1
    assert kills > 1
    all_there(out)
    score_file(table, out, assessor=Stub(), versions=VERSIONS)
    all_there(out)
    assert not (tmp_path / ".out.csv.fitcheck").exists()


def alive_in(session: int) -> list[str]:
    """Return the processes of a session that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, its_session = stat.read_text().rpartition(")")[2].split()[:4]
        except (OSError, ValueError):
            continue
        if int(its_session) == session and state != "Z":
            found.append(stat.parent.name)
    return found


def wait_until_none_is_alive(session: int) -> None:
    deadline = time.monotonic() + 10
    while alive_in(session):
        assert time.monotonic() < deadline, alive_in(session)
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_workers_end_with_their_parent(table: Path, tmp_path: Path, number: signal.Signals) -> None:
    process = start(tmp_path, 0.05, 2)
    deadline = time.monotonic() + 20
    while not list(tmp_path.glob(".out.csv.fitcheck/block-*.json")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert len(alive_in(process.pid)) >= 3
    if number is signal.SIGINT:
        # as a terminal does, to all of them
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    process.wait(timeout=10)
    wait_until_none_is_alive(process.pid)
    assert process.communicate()[1].count(b"Traceback") == (1 if number is signal.SIGINT else 0)
