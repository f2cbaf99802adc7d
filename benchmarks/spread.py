"""Work spread over processes that are loaded before the clock starts."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from threading import BrokenBarrierError
from typing import Any

from benchmarks.peers import Setup, Work

__all__ = ["Answers", "Spread", "peak_mb"]

_BLOCK = 1_024
"""The most texts that go to a process at a time: what `Assessor` reads at once."""
_LEAST_BLOCKS = 2
_START_S = 300.0

_work: Work
"""What a worker process does; set there once."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers as they came back, block by block; an array or a table stays what it is."""

    blocks: tuple[Any, ...]

    def __len__(self) -> int:
        return sum(map(len, self.blocks))


class Spread:
    """The same work in several processes, in order.

    Args:
        load: Makes the work in each process; a function of a module, since it is sent there by its name.
        setup: What it is given; `processes` says how many there are.

    Raises:
        RuntimeError: A process did not come up in time.
    """

    def __init__(self, load: Callable[[Setup], Work], setup: Setup) -> None:
        self._processes = setup.processes
        context = get_context("spawn")
        # one core each: threads of several processes only get into each other's way
        os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
        self._pool = ProcessPoolExecutor(
            setup.processes, context, _start, (load, setup, context.Barrier(setup.processes))
        )
        self._peaks: dict[int, float] = {}
        # a worker takes its first block only when all are loaded
        for future in [self._pool.submit(_one_block, setup.warm_up[:1]) for _ in range(setup.processes)]:
            future.result()

    def __call__(self, texts: Sequence[str]) -> Answers:
        """Do the work on texts and return its answers in order."""
        # a few blocks for each process at least, so that none waits long for the others at the end
        size = max(1, min(_BLOCK, len(texts) // (_LEAST_BLOCKS * self._processes)))
        blocks = [list(texts[begin : begin + size]) for begin in range(0, len(texts), size)]
        answers = []
        for process, peak, found in self._pool.map(_one_block, blocks):
            self._peaks[process] = peak
            answers.append(found)
        return Answers(tuple(answers))

    @property
    def peak_mb(self) -> float:
        """The sum of the worker processes' own peaks; what they share counts in each, so it is an upper bound."""
        return sum(self._peaks.values())

    def close(self) -> None:
        """End the worker processes."""
        self._pool.shutdown()


def _start(load: Callable[[Setup], Work], setup: Setup, barrier: Any) -> None:
    global _work
    _work = load(setup)
    try:
        barrier.wait(_START_S)
    except BrokenBarrierError:
        raise RuntimeError(f"not all {setup.processes} processes came up within {_START_S:.0f} s") from None


def _one_block(texts: list[str]) -> tuple[int, float, Any]:
    return os.getpid(), peak_mb(), _work(texts)


def peak_mb() -> float:
    """Return this process's highest resident memory in MB (10^6 bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # kibibytes on Linux, bytes on macOS
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
