"""How the time for a scored table grows with its rows, and how it falls with processes.

Tables are made by `benchmarks.rows`, another one each round, so that no text was seen before.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.layout import table
from benchmarks.processes import Timed, cores, fitcheck_command, run, run_timed

__all__ = ["Cell", "cells", "grow", "linearity", "print_growth", "readings"]

_SCALING_ROWS = 10_000
"""Processes between one and all are tried on the largest table up to this size, or on the smallest."""

_LEAST_ROWS = 10_000
"""Of a smaller table as many are timed as make so many rows: the time of a single one is mostly chance."""

_NAMES = {"cascade": "default", "fast": "--fast"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing that is measured: a reading, on tables of so many rows, by so many processes."""

    reading: str
    processes: int
    rows: int

    @property
    def name(self) -> str:
        """How it is called in the JSON."""
        return f"{self.reading}, {self.processes} processes, {self.rows} rows"


def readings() -> tuple[str, ...]:
    """Return fitcheck's readings in the order of the tables."""
    return tuple(_NAMES)


def cells(sizes: Sequence[int], n_cores: int, chosen: Sequence[str] = tuple(_NAMES)) -> list[Cell]:
    """Return what is measured, of the readings that are chosen.

    >>> [(c.processes, c.rows) for c in cells([1000, 100_000], 4) if c.reading == "fast"]
    [(1, 1000), (2, 1000), (4, 1000), (1, 100000), (4, 100000)]
    """
    sizes = sorted(set(sizes))
    scaled_at = max((n for n in sizes if n <= _SCALING_ROWS), default=sizes[0])
    found = []
    for reading in chosen:
        for rows in sizes:
            counts = {1, n_cores}
            if rows == scaled_at:
                counts |= {2**power for power in range(1, n_cores.bit_length()) if 2**power < n_cores}
            found += [Cell(reading, n, rows) for n in sorted(counts)]
    return found


def grow(sizes: Sequence[int], n_rounds: int, given: Path, folder: Path, chosen: Sequence[str]) -> dict[str, Any]:
    """Measure scored tables, in processes of their own, round after round.

    Args:
        sizes: Rows of the tables.
        n_rounds: How often.
        given: The file of texts that `benchmarks.one_run` takes: what each process reads before the clock starts.
        folder: Where tables may be written.
        chosen: The readings, of `readings()`.

    Returns:
        `cells`, by their names, with rows a second (best and median), microseconds a row (median) and
        the highest peak memory; `linearity` by reading and processes; `commands`, the whole of
        `fitcheck batch` from start to written file.

    Raises:
        RunFailed: A process did not end well.
    """
    sizes = sorted(set(sizes))
    measured: dict[Cell, list[dict[str, float]]] = {cell: [] for cell in cells(sizes, cores(), chosen)}
    commands: dict[str, dict[str, Any]] = {}
    for number in range(n_rounds):
        for rows in sizes:
            lines = folder / f"{rows}.jsonl"
            n_made = rows * max(1, _LEAST_ROWS // rows)
            run([sys.executable, "-m", "benchmarks.rows", str(n_made), str(lines), "--seed", str(number)])
            for cell, done in measured.items():
                if cell.rows == rows:
                    done.append(json.loads(run(_command(cell, given, lines))))
            lines.unlink()
    for rows in sizes:
        commands |= _whole_commands(rows, folder, chosen)
    figures = {cell: _summary(cell, done) for cell, done in measured.items()}
    return {
        "cells": {cell.name: one for cell, one in figures.items()},
        "linearity": linearity(figures),
        "commands": commands,
    }


def _command(cell: Cell, given: Path, lines: Path) -> list[str]:
    command = [sys.executable, "-m", "benchmarks.one_run", "table_rows", "--texts", str(given), "--rows", str(lines)]
    return [*command, "--table", str(cell.rows), "--reading", cell.reading, "--processes", str(cell.processes)]


def _summary(cell: Cell, done: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    per_s = [one["ideas_per_s"] for one in done]
    return {
        "reading": cell.reading,
        "processes": cell.processes,
        "rows": cell.rows,
        "rows_per_s": {"best": max(per_s), "median": median(per_s)},
        "us_per_row": 1e6 / median(per_s),
        "load_s": median(one["load_s"] for one in done),
        "ready_s": median(one["ready_s"] for one in done),
        "peak_mb": max(one["peak_mb"] for one in done),
    }


def linearity(figures: Mapping[Cell, Mapping[str, Any]]) -> dict[str, float]:
    """Return a row's time in the largest table over its time in the smallest; 1 is linear, more is worse."""
    found = {}
    for reading, processes in dict.fromkeys((cell.reading, cell.processes) for cell in figures):
        times = {
            c.rows: one["us_per_row"] for c, one in figures.items() if (c.reading, c.processes) == (reading, processes)
        }
        if len(times) > 1:
            found[f"{reading}, {processes} processes"] = times[max(times)] / times[min(times)]
    return found


def _whole_commands(rows: int, folder: Path, chosen: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Time `fitcheck batch` on one table, from the start of the process to the written file."""
    source, target = folder / f"{rows}.csv", folder / f"{rows}.scored.csv"
    run([sys.executable, "-m", "benchmarks.rows", str(rows), str(source), "--seed", "1000"])
    found = {}
    for reading in chosen:
        command = [*fitcheck_command(), "batch", str(source), "-o", str(target), "--quiet"]
        timed: Timed = run_timed([*command, "--fast"] if reading == "fast" else command)
        found[f"{reading}, {rows} rows"] = {
            "reading": reading,
            "rows": rows,
            "seconds": timed.seconds,
            "rows_per_s": rows / timed.seconds,
            "peak_mb": timed.peak_mb,
        }
        target.unlink()
    source.unlink()
    return found


def print_growth(console: Any, figures: Mapping[str, Any], n_rounds: int) -> None:
    """Print what `grow` measured."""
    one_process = {
        (one["reading"], one["rows"]): one["rows_per_s"]["median"]
        for one in figures["cells"].values()
        if one["processes"] == 1
    }
    show = partial(table, console, text=1)
    show(
        f"Scored tables by size and processes, medians of {n_rounds}; neither loading nor making ready is in it",
        (
            "reading",
            "rows",
            "processes",
            "rows/s",
            "best",
            "µs a row",
            "of one process",
            "load s",
            "ready s",
            "peak MB",
        ),
        [
            [
                _NAMES[one["reading"]],
                f"{one['rows']:,}",
                str(one["processes"]),
                f"{one['rows_per_s']['median']:,.0f}",
                f"{one['rows_per_s']['best']:,.0f}",
                f"{one['us_per_row']:,.0f}",
                f"{one['rows_per_s']['median'] / one_process[one['reading'], one['rows']]:.2f}x",
                f"{one['load_s']:.1f}",
                f"{one['ready_s']:.1f}",
                f"{one['peak_mb']:,.0f}",
            ]
            for one in figures["cells"].values()
        ],
    )
    for name, ratio in figures["linearity"].items():
        reading, _, rest = name.partition(", ")
        console.print(
            f"{_NAMES[reading]}, {rest}: a row of the largest table takes {ratio:.2f} times one of the smallest"
        )
    console.print()
    show(
        "fitcheck batch, the whole command: start, loading, reading and writing a CSV",
        ("reading", "rows", "seconds", "rows/s", "peak MB"),
        [
            [
                _NAMES[one["reading"]],
                f"{one['rows']:,}",
                f"{one['seconds']:,.1f}",
                f"{one['rows_per_s']:,.0f}",
                "-" if one["peak_mb"] is None else f"{one['peak_mb']:,.0f}",
            ]
            for one in figures["commands"].values()
        ],
    )
    if any(one["peak_mb"] is None for one in figures["commands"].values()):
        console.print(
            "Without psutil the command's memory is not known: pip install 'usecase-fitcheck[bench]'", markup=False
        )
