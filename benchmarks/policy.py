"""How long `fitcheck check` takes over a registry of 5,000 ideas, against the bar of 30 s on two cores.

    python -m benchmarks.policy [--ideas 5000] [--processes 2]

It writes a repository of that many use cases, half in TOML files and half in one table, with a policy of every kind
of requirement, and runs the command as a process, as CI does.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from fitcheck.corpus import load_corpus

BAR_S = 30.0
_PER_FILE = 50
_POLICY = """\
extends = "strict"

[[require]]
requirement = "cost-per-month"
at_most_usd = 500
where = { department = "d1" }

[[require]]
requirement = "cost-per-call"
at_most_usd = 0.05

[[require]]
requirement = "forbidden-rules"
rules = ["exact-arithmetic"]

[[require]]
requirement = "models"
deny = ["gpt-3.5*"]
unknown = "allow"

[[require]]
requirement = "providers"
allow = ["openai"]
unknown = "allow"
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ideas", type=int, default=5000)
    parser.add_argument("--processes", type=int, default=None, help="as in fitcheck check")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_repository(folder, arguments.ideas)
        seconds, summary = timed_check(folder, arguments.processes)
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
    if summary["ideas"] != arguments.ideas:
        raise SystemExit(f"{arguments.ideas:,} ideas were written and {summary['ideas']:,} checked")
    print(f"{summary['ideas']:,} ideas, {summary['asked']:,} requirements asked, {summary['errors']:,} errors")
    rate = summary["ideas"] / seconds
    print(f"{seconds:.1f} s on {cores} cores, {rate:.0f} ideas/s; the bar is {BAR_S:.0f} s for 5,000")


def write_repository(folder: Path, n_ideas: int) -> None:
    """Write a policy and so many use cases, from the shipped scenarios."""
    # every so-many-th, so that all kinds of texts are there
    scenarios = load_corpus()
    texts = [s.text for s in islice(scenarios, 0, None, max(1, len(scenarios) // n_ideas))][:n_ideas]
    if len(texts) < n_ideas:
        raise SystemExit(f"there are {len(texts):,} scenarios; ask for no more ideas than that")
    (folder / "fitcheck-policy.toml").write_text(_POLICY, "utf-8")
    half = len(texts) // 2
    for begin in range(0, half, _PER_FILE):
        blocks = [_toml(f"idea-{n}", texts[n]) for n in range(begin, min(begin + _PER_FILE, half))]
        (folder / f"part-{begin // _PER_FILE}.fit.toml").write_text("\n".join(blocks), "utf-8")
    with (folder / "table.fit.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "text", "owner", "department", "calls_per_month"])
        rows.writerows([f"row-{n}", text, "ann@example.com", f"d{n % 5}", 1000] for n, text in enumerate(texts[half:]))


def _toml(name: str, text: str) -> str:
    # a JSON string is a TOML string, but for this one character
    quoted = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f'[[use_case]]\nid = "{name}"\ntext = {quoted}\nowner = "ann"\nattributes.department = "d0"\n'


def timed_check(folder: Path, processes: int | None) -> tuple[float, dict[str, int]]:
    """Run the command over a folder and return its seconds and its summary."""
    command: Sequence[str] = [sys.executable, "-m", "fitcheck", "check", "--format", "json", "-o", "result.json", "-q"]
    more = [] if processes is None else ["--processes", str(processes)]
    own = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(p for p in (own, os.environ.get("PYTHONPATH")) if p)
    begun = time.perf_counter()
    done = subprocess.run([*command, *more], cwd=folder, env=os.environ | {"PYTHONPATH": path}, check=False)
    seconds = time.perf_counter() - begun
    if done.returncode not in (0, 1):
        raise SystemExit(f"fitcheck check ended with {done.returncode}")
    summary: dict[str, int] = json.loads((folder / "result.json").read_text("utf-8"))["summary"]
    return seconds, summary


if __name__ == "__main__":
    main()
