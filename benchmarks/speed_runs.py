"""The runs that `benchmarks.speed` sets side by side on the same texts, and their table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import median
from typing import Any

from benchmarks.layout import table
from benchmarks.peers import PEERS

__all__ = ["Run", "missing_for_tables", "planned", "print_runs", "ratios", "summary"]

_MINILM = PEERS["minilm_head"].title
_TOKENIZER = PEERS["tokenizer"].title
_FOR_TABLES = ("pyarrow", "narwhals")
_INSTALL = "pip install 'usecase-fitcheck[bench]'"


@dataclass(frozen=True, slots=True)
class Run:
    """A run of `benchmarks.one_run`: its name there and its further arguments."""

    name: str
    arguments: tuple[str, ...] = ()


def missing_for_tables() -> str | None:
    """Say what scored tables need and is not installed, None where all is there."""
    missing = [package for package in _FOR_TABLES if find_spec(package) is None]
    return f"{' and '.join(missing)} not installed: {_INSTALL}" if missing else None


def planned(
    n_cores: int, *, minilm: str | None, encoders: Sequence[str] = (), priced: bool = False
) -> tuple[dict[str, Run], dict[str, str]]:
    """Return the runs by their titles, and by title what can't be run, with what to install.

    Args:
        n_cores: Processes of the runs that share the work.
        minilm: Where MiniLM lies; None for its name.
        encoders: Other encoders of fitcheck's to measure.
        priced: Whether ideas with a volume are measured too.
    """
    runs, absent = {}, {}
    counts = (1, n_cores) if n_cores > 1 else (1,)
    for title, name in (
        ("reports, assess_many", "assess_many"),
        ("probabilities", "probabilities"),
        ("scored rows, score_table", "table_rows"),
    ):
        missing = missing_for_tables() if name == "table_rows" else None
        for reading, mark in (("cascade", ""), ("fast", " --fast")):
            for n in counts if name != "assess_many" else (1,):
                full = f"fitcheck{mark}, {title}" + (f", {n} processes" if n > 1 else "")
                if missing:
                    absent[full] = missing
                else:
                    runs[full] = Run(name, ("--reading", reading, "--processes", str(n)))
    if priced:
        runs["fitcheck, reports with a volume"] = Run("with_volume")
        runs["fitcheck, the same, unpriced"] = Run("unpriced")
    for encoder in encoders:
        runs[f"fitcheck, probabilities, {encoder}"] = Run("probabilities", ("--encoder", encoder))
    for name, peer in PEERS.items():
        if find_spec(peer.package) is None:
            absent[peer.title] = f"{peer.package} is not installed: {_INSTALL}"
        else:
            runs[peer.title] = Run(name, ("--folder", minilm) if minilm else ())
    return runs, absent


def summary(rounds: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    """Return best and median of each figure over rounds; memory is the highest that was seen."""
    figures: dict[str, Any] = {"ideas": int(rounds[0]["ideas"]), "rounds": len(rounds)}
    for name in rounds[0]:
        values = [one[name] for one in rounds]
        if name.startswith("ideas_per_s"):
            figures[name] = {"best": max(values), "median": median(values)}
        elif name == "load_s" or name.startswith("single_ms"):
            figures[name] = {"best": min(values), "median": median(values)}
    figures["peak_mb"] = max(one["peak_mb"] for one in rounds)
    return figures


def ratios(runs: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """Set each run beside MiniLM and beside the tokenizer alone, as far as these were measured (medians).

    Returns:
        By run: `ideas_per_s` and its languages, how many times MiniLM's; `less_memory`, MiniLM's over its
        own; `tokenizer_times`, how many times as long as the tokenizer alone it takes.
    """
    minilm, tokenizer = runs.get(_MINILM), runs.get(_TOKENIZER)
    found: dict[str, dict[str, float]] = {}
    for name, one in runs.items():
        beside: dict[str, float] = {}
        if minilm is not None and one is not minilm:
            beside = {k: one[k]["median"] / minilm[k]["median"] for k in one if k.startswith("ideas_per_s")}
            beside["less_memory"] = minilm["peak_mb"] / one["peak_mb"]
        if tokenizer is not None and one is not tokenizer:
            beside["tokenizer_times"] = tokenizer["ideas_per_s"]["median"] / one["ideas_per_s"]["median"]
        if beside:
            found[name] = beside
    return found


def print_runs(console: Any, figures: Mapping[str, Any], n_rounds: int) -> None:
    """Print the runs and their ratios, and say what is absent."""
    runs, beside = figures["runs"], figures["ratios"]
    n_ideas = next(iter(runs.values()))["ideas"]
    table(
        console,
        f"{n_ideas:,} ideas of the test split, a new process each time, medians of {n_rounds}",
        ("run", "ideas/s", "best", "English", "Chinese", "MiniLM", "tokenizer", "memory"),
        [
            [
                name,
                f"{one['ideas_per_s']['median']:,.0f}",
                f"{one['ideas_per_s']['best']:,.0f}",
                f"{one['ideas_per_s_en']['median']:,.0f}",
                f"{one['ideas_per_s_zh']['median']:,.0f}",
                _times(beside.get(name, {}).get("ideas_per_s")),
                _times(beside.get(name, {}).get("tokenizer_times")),
                _times(beside.get(name, {}).get("less_memory")),
            ]
            for name, one in runs.items()
        ],
    )
    console.print(
        "MiniLM: times as many ideas a second as MiniLM with its head; tokenizer: times as long as the tokenizer\n"
        "alone on all cores; memory: times less than MiniLM's. MiniLM reads most Chinese characters as [UNK].\n"
    )
    table(
        console,
        "The same runs: loading with a first small call, one idea at a time when warm, peak memory of all processes",
        ("run", "load s", "one idea, ms", "95% below, ms", "peak MB"),
        [
            [
                name,
                f"{one['load_s']['median']:.1f}",
                f"{one['single_ms']['median']:,.2f}" if "single_ms" in one else "-",
                f"{one['single_ms_95']['median']:,.2f}" if "single_ms_95" in one else "-",
                f"{one['peak_mb']:,.0f}",
            ]
            for name, one in runs.items()
        ],
    )
    for name, why in figures["absent"].items():
        console.print(f"Absent: {name}: {why}", markup=False)
    console.print()


def _times(ratio: float | None) -> str:
    if ratio is None:
        return "-"
    return f"{ratio:.0f}x" if ratio >= 100 else f"{ratio:.1f}x"
