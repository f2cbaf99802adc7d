"""What the pytest plugin costs a project that doesn't use it: `python -m benchmarks.plugin_start`.

Starts pytest on one empty test, in turn with an empty plugin and with fitcheck's, each in a process of its own, and
prints the medians by the clock and in processor time, the least processor time, their differences and their ratios.
(Being told of any plugin costs pytest a look at every installed package, so no plugin at all would be an unfair rival.)
The plugin's import alone, in a process that has pytest, is timed beside it. A difference of milliseconds between
medians of hundreds is mostly noise where other work is going on, so the bar is held against the least processor time
and the import.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.options import positive

__all__ = ["main"]

_ROOT = Path(__file__).resolve().parents[1]
_BAR_MS = 10.0
_PLUGIN = "fitcheck.pytest_plugin"
_IMPORT = f"import time, pytest; began = time.perf_counter(); import {_PLUGIN}; print(time.perf_counter() - began)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plugin_start", description="What the plugin costs.")
    parser.add_argument("--starts", type=positive, default=40, metavar="N", help="pairs of starts (40)")
    options = parser.parse_args(arguments)
    without: list[Start] = []
    with_it: list[Start] = []
    imports: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
        (folder / "test_nothing.py").write_text("def test_nothing():\n    pass\n", "utf-8")
        (folder / "empty_plugin.py").write_text("", "utf-8")
        # the first start compiles, and warms the disk's cache
        for plugin in ("empty_plugin", _PLUGIN):
            _start(folder, plugin)
        for number in range(options.starts):
            pair = [(without, "empty_plugin"), (with_it, _PLUGIN)]
            for starts, plugin in pair if number % 2 else reversed(pair):
                starts.append(_start(folder, plugin))
            imports.append(1000 * float(_run([sys.executable, "-c", _IMPORT], folder)))
    plain, ours = _summed(without), _summed(with_it)
    print(f"{options.starts} pairs of pytest starts on one empty test, ms")
    print(f"{'':20}{'clock':>10}{'processor':>12}{'least of it':>14}")
    for label, row in (
        ("an empty plugin", plain),
        ("fitcheck's", ours),
        ("difference", [b - a for a, b in zip(plain, ours, strict=True)]),
    ):
        print(f"{label:20}{row[0]:10.1f}{row[1]:12.1f}{row[2]:14.1f}")
    ratios = [b / a for a, b in zip(plain, ours, strict=True)]
    print(f"{'ratio':20}{ratios[0]:10.3f}{ratios[1]:12.3f}{ratios[2]:14.3f}")
    print(f"{'its import alone':20}{median(imports):10.1f}")
    held = "held" if max(median(imports), ours[2] - plain[2]) < _BAR_MS else "MISSED"
    print(f"{'bar':20}{_BAR_MS:10.1f}  {held}")
    return 0


def _summed(starts: Sequence[Start]) -> list[float]:
    """Return the medians, and the least processor time."""
    processor = [start.processor_ms for start in starts]
    return [median(start.clock_ms for start in starts), median(processor), min(processor)]


class Start(NamedTuple):
    """What one start took, in ms."""

    clock_ms: float
    processor_ms: float


def _start(folder: Path, plugin: str) -> Start:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", plugin]
    spent, began = _processor_s(), time.perf_counter()
    _run(command, folder)
    return Start(1000 * (time.perf_counter() - began), 1000 * (_processor_s() - spent))


def _processor_s() -> float:
    """Return what the processes that ended have taken of processors so far, in seconds."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _run(command: Sequence[str], folder: Path) -> str:
    paths = [str(_ROOT), str(folder), os.environ.get("PYTHONPATH", "")]
    # an installed fitcheck's entry point would load the plugin in both
    env = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in paths if p), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
