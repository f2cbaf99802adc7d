"""Processes that are measured from outside."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

__all__ = ["RunFailed", "Timed", "cores", "fitcheck_command", "run", "run_timed"]

_ROOT = Path(__file__).resolve().parents[1]
_LOOK_S = 0.05

# a limit that somebody set for other work would tie the libraries' hands
_LIMITS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS", "TOKENIZERS_PARALLELISM")


class RunFailed(RuntimeError):
    """A measured process did not end well."""


@dataclass(frozen=True, slots=True)
class Timed:
    """What a process and its children took.

    Attributes:
        seconds: Wall time from start to end.
        peak_mb: The highest sum of resident memory over the process and its children, in MB; what they
            share counts in each, so it is an upper bound. None without psutil.
    """

    seconds: float
    peak_mb: float | None


def cores() -> int:
    """Return the number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def fitcheck_command() -> list[str]:
    """Return the installed command of this interpreter, or the module where there is none."""
    script = Path(sys.executable).with_name("fitcheck")
    return [str(script)] if script.is_file() else [sys.executable, "-m", "fitcheck"]


def run(command: Sequence[str]) -> str:
    """Run a process from the repository's root, offline and with all cores, and return what it printed.

    Raises:
        RunFailed: It ended with an error.
    """
    done = subprocess.run(
        command, cwd=_ROOT, env=_environment(), capture_output=True, text=True, encoding="utf-8", errors="replace"
    )
    _refuse_failed(command, done.returncode, done.stderr)
    return done.stdout


def run_timed(command: Sequence[str]) -> Timed:
    """Run a process and measure it and its children.

    Raises:
        RunFailed: It ended with an error.
    """
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=_ROOT,
        env=_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    peak = None
    with process:
        if find_spec("psutil") is not None:
            peak = _watched_mb(process)
        _, errors = process.communicate()
        seconds = time.perf_counter() - began
    _refuse_failed(command, process.returncode, errors)
    return Timed(seconds, peak)


def _watched_mb(process: subprocess.Popen[str]) -> float:
    """Return the highest resident memory that was seen until the process ended."""
    import psutil

    peak = 0
    parent = psutil.Process(process.pid)
    while True:
        try:
            family = [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:
            family = []
        together = 0
        for one in family:
            try:
                together += one.memory_info().rss
            except psutil.Error:  # it ended since
                continue
        peak = max(peak, together)
        try:
            process.wait(_LOOK_S)
        except subprocess.TimeoutExpired:
            continue
        return peak / 1e6


def _environment() -> dict[str, str]:
    paths = [str(_ROOT), os.environ.get("PYTHONPATH", "")]
    kept = {name: value for name, value in os.environ.items() if name not in _LIMITS}
    return kept | {"PYTHONPATH": os.pathsep.join(p for p in paths if p), "HF_HUB_OFFLINE": "1"}


def _refuse_failed(command: Sequence[str], code: int, errors: str) -> None:
    if code != 0:
        tail = "\n".join(errors.strip().splitlines()[-3:])
        raise RunFailed(f"{' '.join(command)} ended with {code}:\n{tail}")
