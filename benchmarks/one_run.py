"""One timed run in a process of its own: `python -m benchmarks.one_run NAME --texts FILE`.

`benchmarks.speed` starts it, so that no run inherits another's caches or memory. Prints
one JSON object: seconds to load, ideas a second, milliseconds for a single idea, peak memory.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.options import positive
from benchmarks.peers import PEERS, Setup, Work
from benchmarks.spread import Spread, peak_mb

__all__ = ["RUNS", "main", "measure", "measure_rows"]

_AT_ONCE = 4_096
"""Rows of a long table that are in memory at once, for each process."""
_PEERS_BEFORE = 512
"""About so many texts a peer reads before the clock starts; more do not make it faster."""


def _assessor(setup: Setup) -> Any:
    from fitcheck import Assessor

    return Assessor(encoder=setup.encoder, reading=setup.reading)  # type: ignore[arg-type]


def assess_many(setup: Setup) -> Work:
    """Load fitcheck; the work is whole reports."""
    assessor = _assessor(setup)
    assessor.assess_many(setup.warm_up)
    work: Work = assessor.assess_many
    return work


def with_volume(setup: Setup) -> Work:
    """Load fitcheck; the work is whole reports on ideas with a volume, so that each is priced."""
    from fitcheck import UseCase

    assessor = _assessor(setup)

    def work(texts: list[str]) -> Any:
        ideas = [UseCase(text=text, calls_per_month=40_000, tokens_in=900, tokens_out=200) for text in texts]
        return assessor.assess_many(ideas)

    work(setup.warm_up)
    return work


def unpriced(setup: Setup) -> Work:
    """Load fitcheck and switch its pricing off; the work is the same reports without a cost."""
    from fitcheck import judge, reporting

    for room in (judge, reporting):
        vars(room)["price"] = lambda *_: None
    work = with_volume(setup)
    if any(report.cost for report in work(setup.warm_up[:1])):
        raise RuntimeError("fitcheck prices ideas elsewhere by now: this run would time the same as with a volume")
    return work


def probabilities(setup: Setup) -> Work:
    """Load fitcheck; the work is the four probabilities alone."""
    assessor = _assessor(setup)
    assessor.probabilities(setup.warm_up)
    work: Work = assessor.probabilities
    return work


def table_rows(setup: Setup) -> Work:
    """Load fitcheck; the work is a scored table: every column that `fitcheck batch` adds, the errors too."""
    import pyarrow as pa

    from fitcheck.frames import score_table

    assessor = _assessor(setup)

    def work(texts: list[str]) -> Any:
        return score_table(pa.table({"idea": texts}), text="idea", facts={}, assessor=assessor)

    work(setup.warm_up)
    return work


RUNS: dict[str, Callable[[Setup], Work]] = {
    "assess_many": assess_many,
    "with_volume": with_volume,
    "unpriced": unpriced,
    "probabilities": probabilities,
    "table_rows": table_rows,
} | {name: peer.load for name, peer in PEERS.items()}


def measure(
    load: Callable[[Setup], Work],
    setup: Setup,
    texts: Mapping[str, list[str]],
    singly: Sequence[str] = (),
    before: Sequence[str] = (),
) -> dict[str, Any]:
    """Time the loading, then the work on each language's texts, then on single ones.

    Args:
        load: One of `RUNS`.
        setup: What it is given.
        texts: Texts by language.
        singly: Other texts, each a call of its own, in one process only.
        before: Texts that each process reads before the clock starts, so that it runs as it does in a long table.
    """
    work, figures = _loaded(load, setup)
    if before:
        work([*before] * setup.processes)
    total_s, n_texts = 0.0, 0
    for lang, ideas in texts.items():
        seconds = _timed(work, ideas)
        figures[f"ideas_per_s_{lang}"] = len(ideas) / seconds
        total_s, n_texts = total_s + seconds, n_texts + len(ideas)
    figures |= {"ideas": n_texts, "ideas_per_s": n_texts / total_s, "peak_mb": _all_peaks_mb(work)}
    if len(singly) > 1 and setup.processes == 1:
        ms = [1000 * _timed(work, [text]) for text in singly]
        figures |= {"single_ms": median(ms), "single_ms_95": quantiles(ms, n=20, method="inclusive")[-1]}
    _close(work)
    return figures


def measure_rows(
    load: Callable[[Setup], Work], setup: Setup, file: Path, before: Sequence[str] = (), *, at_once: int = _AT_ONCE
) -> dict[str, Any]:
    """Time the work on a long table, of which only a part is in memory at a time; reading it isn't timed.

    Args:
        load: One of `RUNS`.
        setup: What it is given.
        file: One JSON string a line, as `benchmarks.rows` writes it.
        before: As in `measure`; what they take, and with them all that is made ready on the way, is `ready_s`.
        at_once: Rows that are given at once: a small table is timed as many of its size, one after the other.
    """
    work, figures = _loaded(load, setup)
    if before:
        figures["ready_s"] = _timed(work, [*before] * setup.processes)
    seconds, n_rows = 0.0, 0
    with file.open(encoding="utf-8") as lines:
        for texts in _parts(lines, at_once):
            seconds, n_rows = seconds + _timed(work, texts), n_rows + len(texts)
    figures |= {"ideas": n_rows, "ideas_per_s": n_rows / seconds, "peak_mb": _all_peaks_mb(work)}
    _close(work)
    return figures


def _loaded(load: Callable[[Setup], Work], setup: Setup) -> tuple[Work, dict[str, Any]]:
    began = time.perf_counter()
    work: Work = load(setup) if setup.processes == 1 else Spread(load, setup)
    return work, {"load_s": time.perf_counter() - began}


def _timed(work: Work, texts: list[str]) -> float:
    began = time.perf_counter()
    answers = work(texts)
    seconds = time.perf_counter() - began
    if len(answers) != len(texts):
        raise RuntimeError(f"{len(answers)} answers to {len(texts)} ideas")
    return seconds


def _parts(lines: Iterator[str], size: int) -> Iterator[list[str]]:
    while part := [json.loads(line) for line in islice(lines, size)]:
        yield part


def _all_peaks_mb(work: Work) -> float:
    return peak_mb() + (work.peak_mb if isinstance(work, Spread) else 0.0)


def _close(work: Work) -> None:
    if isinstance(work, Spread):
        work.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one and print its figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.one_run", description="One timed run.")
    parser.add_argument("name", choices=tuple(RUNS))
    parser.add_argument("--texts", metavar="FILE", required=True, help="JSON: training, texts by language, singly")
    parser.add_argument("--rows", metavar="FILE", help="a long table instead: one JSON string a line")
    parser.add_argument("--table", type=positive, metavar="N", help="the file holds tables of so many rows")
    parser.add_argument("--encoder", metavar="NAME", help="another encoder for fitcheck")
    parser.add_argument("--reading", default="cascade", choices=("cascade", "fast"), help="fitcheck's reading")
    parser.add_argument("--processes", type=positive, default=1, metavar="N", help="processes that share the work")
    parser.add_argument("--folder", metavar="FOLDER", help="where all-MiniLM-L6-v2 lies")
    options = parser.parse_args(arguments)
    given = json.loads(Path(options.texts).read_text(encoding="utf-8"))
    setup = replace(
        Setup(tuple((text, verdict) for text, verdict in given["training"])),
        encoder=options.encoder,
        reading=options.reading,
        processes=options.processes,
        folder=options.folder,
    )
    load = RUNS[options.name]
    if options.name in PEERS:
        given["before"] = given["before"][:: max(1, len(given["before"]) // _PEERS_BEFORE)]
    if options.rows:
        at_once = min(_AT_ONCE * setup.processes, options.table or sys.maxsize)
        figures = measure_rows(load, setup, Path(options.rows), given["before"], at_once=at_once)
    else:
        figures = measure(load, setup, given["texts"], given["singly"], given["before"])
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
