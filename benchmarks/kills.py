"""Is a row lost or doubled where `fitcheck batch` is killed? Kill it at random moments, and compare what it writes.

    python -m benchmarks.kills                     # 50 kills over 4,000 rows, two worker processes
    python -m benchmarks.kills --kills 10 --rows 2000 --fast

Each run is a process of its own, ended by SIGKILL after a random time and begun again with the same command; when one
is done, its output is compared byte by byte with that of a run that nobody disturbed, and the next begins.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.options import positive
from benchmarks.rows import ideas

__all__ = ["Tally", "main"]

_OUT = "out.csv"
_SECONDS_TO_END = 10.0


@dataclass(slots=True)
class Tally:
    """What came of the kills.

    Attributes:
        kills: Processes that were killed before they had ended.
        finished: Outputs that were completed, each after some kills.
        lost: Rows that were missing from them.
        doubled: Rows that were there more than once.
        differing: Outputs that were not, byte for byte, what an undisturbed run writes.
        torn: Times that an output stood there, and not whole.
        left_over: Worker processes that outlived the killed one by seconds.
    """

    kills: int = 0
    finished: int = 0
    lost: int = 0
    doubled: int = 0
    differing: int = 0
    torn: int = 0
    left_over: int = 0

    @property
    def faults(self) -> int:
        """All that must not be."""
        return self.lost + self.doubled + self.differing + self.torn + self.left_over


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns 1 if a row was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=positive, default=50)
    parser.add_argument("--rows", type=positive, default=4000)
    parser.add_argument("--processes", type=positive, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fast", action="store_true", help="read with --fast, so that less of a run is judging")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_ideas(folder / "in.csv", options.rows)
        command = [
            *(sys.executable, "-m", "fitcheck", "batch", "in.csv", "-o", _OUT, "--quiet"),
            *("--processes", str(options.processes)),
            *(["--fast"] if options.fast else []),
        ]
        begin = time.perf_counter()
        subprocess.run(command, cwd=folder, check=True)
        seconds = time.perf_counter() - begin
        whole = (folder / _OUT).read_bytes()
        (folder / _OUT).unlink()
        tally = _kill(command, folder, whole, options.kills, seconds, random.Random(options.seed))
    print(
        f"{tally.kills} kills over {options.rows:,} rows ({seconds:.1f} s undisturbed, {options.processes} processes): "
        f"{tally.finished} outputs finished, {tally.lost} rows lost, {tally.doubled} doubled, "
        f"{tally.differing} outputs differing, {tally.torn} torn, {tally.left_over} processes left over"
    )
    return 1 if tally.faults else 0


def _write_ideas(path: Path, n_rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ref", "idea"])
        writer.writerows(enumerate(ideas(n_rows)))


def _kill(
    command: Sequence[str], folder: Path, whole: bytes, n_kills: int, seconds: float, dice: random.Random
) -> Tally:
    """Kill runs until there were enough, then let the last one end."""
    tally, out = Tally(), folder / _OUT
    while True:
        # a killed interpreter's helper complains of what it finds left over
        with (folder / "said").open("wb") as said:
            process = subprocess.Popen(command, cwd=folder, start_new_session=True, stderr=said)
        try:
            process.wait(None if tally.kills >= n_kills else dice.uniform(0, seconds))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            tally.kills += 1
            tally.left_over += not _all_ended(process.pid)
            tally.torn += out.exists() and out.read_bytes() != whole
        if process.returncode not in (0, -signal.SIGKILL):
            raise SystemExit((folder / "said").read_text("utf-8", "replace"))
        if not out.exists():
            continue
        tally.finished += 1
        _compare(out, whole, tally)
        out.unlink()
        if tally.kills >= n_kills:
            return tally


def _compare(out: Path, whole: bytes, tally: Tally) -> None:
    with out.open(encoding="utf-8", newline="") as file:
        found = [row["ref"] for row in csv.DictReader(file)]
    wanted = [row["ref"] for row in csv.DictReader(whole.decode().splitlines(keepends=True))]
    tally.lost += len(set(wanted) - set(found))
    tally.doubled += len(found) - len(set(found))
    tally.differing += out.read_bytes() != whole


def _all_ended(session: int) -> bool:
    """Say whether all processes of a session end soon; ends those that don't."""
    deadline = time.monotonic() + _SECONDS_TO_END
    while _runs(session):
        if time.monotonic() > deadline:
            os.killpg(session, signal.SIGKILL)
            return False
        time.sleep(0.02)
    return True


def _runs(session: int) -> bool:
    """Say whether a process of a session still runs; one that only waits to be noted as ended does not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, its_session = stat.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(its_session) == session and state != "Z":
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
