"""Worker processes that judge blocks of rows, in order and with bounded look-ahead.

`concurrent.futures` runs them. Of what stands ready it alone tells at once that a worker died and keeps the results
apart from it; joblib's workers outlive a killed parent by minutes, and its results pile up where the reader is slow.
Ours are spawned, never forked: a fork copies locks that other threads hold.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import SpawnContext
from typing import Any, TypeVar

from fitcheck.errors import FitcheckError
from fitcheck.rows import Assesses, Task, judge_rows

__all__ = ["WorkerDied", "default_processes", "judge_in_order", "no_interrupts", "start_work"]

T = TypeVar("T")
Judged = Iterable[list[Any]]

_SMALL_TABLE_ROWS = 1000
_BLOCKS_PER_WORKER = 3


class WorkerDied(FitcheckError, RuntimeError):
    """A worker process ended twice over the same rows: killed, or out of memory."""


def default_processes(n_rows: int) -> int:
    """Return how many worker processes a table is worth: one core each, and one where starting them takes longer."""
    if n_rows <= _SMALL_TABLE_ROWS:
        return 1
    usable = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
    return usable or 1


def judge_in_order(
    items: Iterable[tuple[T, Task | None]], assessor: Assesses, *, today: dt.date | None, processes: int
) -> Iterator[tuple[T, Judged | None]]:
    """Yield each item with its task's judged rows; an item without a task comes through as it is, in its place.

    Args:
        items: Read only a few blocks ahead.
        assessor: Where there are several processes, it is copied to each of them, and should be small until it is used.
        today: As in `Assessor.assess_each`.
        processes: How many judge; 1 judges here, row by row as the rows are taken.

    Raises:
        WorkerDied: A process ended twice over the same rows.
    """
    if processes == 1:
        for item, task in items:
            yield item, None if task is None else judge_rows(task, assessor, today)
        return
    with _workers(assessor, today, processes) as pool:
        waiting: deque[tuple[T, Task | None]] = deque()
        for one in items:
            waiting.append(one)
            if one[1] is not None:
                pool.begin(one[1])
            if pool.n_begun >= _BLOCKS_PER_WORKER * processes or waiting[0][1] is None:
                yield _next(waiting, pool)
        while waiting:
            yield _next(waiting, pool)


def _next(waiting: deque[tuple[T, Task | None]], pool: _Pool) -> tuple[T, Judged | None]:
    item, task = waiting.popleft()
    return item, None if task is None else pool.end_first()


class _Context(SpawnContext):
    """Spawns, and remembers the processes, so that they can be ended at once."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[Any] = []

    # a method where the library has a class: it is only ever called
    def Process(self, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        process = SpawnContext.Process(*args, **kwargs)
        self.started.append(process)
        return process


@dataclass(slots=True)
class _Pool:
    """The workers, and the tasks that were begun, the first first."""

    assessor: Assesses
    today: dt.date | None
    processes: int
    _tasks: deque[tuple[Task, Future[list[list[Any]]]]] = field(default_factory=deque)
    _executor: ProcessPoolExecutor | None = None
    _context: _Context = field(default_factory=_Context)

    @property
    def n_begun(self) -> int:
        return len(self._tasks)

    def begin(self, task: Task) -> None:
        self._tasks.append((task, self._submit(task)))

    def _submit(self, task: Task) -> Future[list[list[Any]]]:
        with no_interrupts():
            if self._executor is None:
                self._context = _Context()
                self._executor = ProcessPoolExecutor(
                    self.processes,
                    mp_context=self._context,
                    initializer=start_work,
                    initargs=(self.assessor, self.today),
                )
            try:
                return self._executor.submit(_judge, task)
            except BrokenProcessPool as error:
                broken: Future[list[list[Any]]] = Future()
                broken.set_exception(error)
                return broken

    def end_first(self) -> list[list[Any]]:
        """Return the first task's rows; what a dying worker takes with it is judged once more."""
        try:
            rows = self._tasks[0][1].result()
        except BrokenProcessPool:
            rows = self._judged_alone()
        self._tasks.popleft()
        return rows

    def _judged_alone(self) -> list[list[Any]]:
        """Judge the first task while no other is under way, so that none is blamed for another's death."""
        self.stop()
        try:
            rows = self._submit(self._tasks[0][0]).result()
        except BrokenProcessPool:
            raise WorkerDied(
                "a worker process died twice over the same rows: killed, or out of memory; "
                "fewer --processes need less of it"
            ) from None
        first, *others = self._tasks
        self._tasks = deque([first, *((t, f if _has_result(f) else self._submit(t)) for t, f in others)])
        return rows

    def stop(self) -> None:
        """End all workers at once, whatever they do."""
        if self._executor is None:
            return
        for process in self._context.started:
            if process.is_alive():
                process.kill()
        _let_go_of_results(self._executor)
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._executor = None


def _let_go_of_results(executor: ProcessPoolExecutor) -> None:
    """Close this process's own end for writing results: who reads one that a killed worker left half would wait."""
    writer = getattr(getattr(executor, "_result_queue", None), "_writer", None)
    if writer is not None:
        writer.close()


def _has_result(future: Future[Any]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


@contextmanager
def _workers(assessor: Assesses, today: dt.date | None, processes: int) -> Iterator[_Pool]:
    pool = _Pool(assessor, today, processes)
    try:
        yield pool
    finally:
        pool.stop()


@contextmanager
def no_interrupts() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach: the parent hears it and ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    # another thread may take the signal, and Python would then interrupt this one in the midst of a start
    came: list[int] = []
    handler = signal.getsignal(signal.SIGINT) if threading.current_thread() is threading.main_thread() else None
    if handler is not None:
        signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        if handler is not None:
            signal.signal(signal.SIGINT, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if came:
            signal.raise_signal(signal.SIGINT)


_assessor: Assesses | None = None
_today: dt.date | None = None


def start_work(assessor: Assesses, today: dt.date | None) -> None:
    """Make ready a worker; whatever takes long waits for the first task, whose errors are told."""
    global _assessor, _today
    _assessor, _today = assessor, today
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # the cores are shared out among the workers already
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    threading.Thread(target=_end_with_parent, daemon=True, name="fitcheck-parent").start()


def _end_with_parent() -> None:
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _judge(task: Task) -> list[list[Any]]:
    if _assessor is None:
        raise AssertionError("the worker was not started as one")
    return list(judge_rows(task, _assessor, _today))
