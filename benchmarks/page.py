"""How fast the portfolio's page opens and filters: `python -m benchmarks.page [--ideas N] [--rounds N]`.

The ideas are scenarios with a sentence of another one behind them, so that no two are the same. The page is opened
from a file in headless Chromium; a filter's time runs from the event until the next frame is drawn.
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.browser import Browser
from benchmarks.layout import open_console, table
from benchmarks.options import positive
from fitcheck.corpus import load_corpus
from fitcheck.pipeline import Assessor
from fitcheck.portfolio import Portfolio
from fitcheck.use_case import UseCase

__all__ = ["generate", "main"]

_FRAME = """((act) => new Promise((done) => { const begin = performance.now(); act();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin))); }))"""
_FIELD = "const field = document.querySelector('{}'); field.value = {}; field.dispatchEvent(new Event('{}'));"
_FIRST = "[...document.querySelector('[data-filter=category]').options][1].value"
_ACTIONS = {
    "search for a word": _FIELD.format("#search", "'report'", "input"),
    "search for a letter": _FIELD.format("#search", "'e'", "input"),
    "clear": "document.getElementById('clear').click();",
    "a verdict": "document.querySelector('.tile.fit').click();",
    "a category": _FIELD.format("[data-filter=category]", _FIRST, "change"),
    "a cost": _FIELD.format("[data-filter=least]", "'10'", "input"),
    "clear all": "document.getElementById('clear').click();",
    "sort by idea": "document.querySelector('[data-column=t] button').click();",
    "sort by cost": "document.querySelector('[data-column=usd] button').click();",
    "open a ledger": "document.querySelector('.grid .body [role=row]').click();",
}
_DEPARTMENTS = ("Finance", "Human Resources", "Legal", "Operations", "Customer Service", "IT")


def generate(n: int, *, seed: int = 0) -> list[UseCase]:
    """Return `n` ideas made of scenarios, two thirds of them with a volume."""
    chance = Random(seed)
    rows = list(load_corpus())
    ideas = []
    for number in range(n):
        row = chance.choice(rows)
        other = chance.choice(rows)
        tail = other.text.split(". ")[-1]
        calls = round(10 ** chance.uniform(1, 6)) if chance.random() < 0.67 else None
        value = round(10 ** chance.uniform(-2, 1), 3) if chance.random() < 0.4 else None
        text = f"{row.text} {tail}"
        ideas.append(UseCase(text=text, id=f"ID-{number}", calls_per_month=calls, usd_value_per_call=value))
    return ideas


def main(argv: Sequence[str] | None = None) -> None:
    """Print the times and the size."""
    parser = argparse.ArgumentParser(prog="benchmarks.page", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--ideas", type=positive, default=5000, help="how many ideas stand on the page")
    parser.add_argument("--rounds", type=positive, default=5, help="how often each time is taken; the median is shown")
    options = parser.parse_args(argv)
    ideas = generate(options.ideas)
    begin = time.perf_counter()
    reports = list(Assessor().assess_each(ideas))
    assessed = time.perf_counter()
    names = [_DEPARTMENTS[i % len(_DEPARTMENTS)] for i in range(len(reports))]
    page = Portfolio.of(reports, departments=names, owners=names).to_html().encode()
    made = time.perf_counter()
    rows = [
        ["judge the ideas", f"{assessed - begin:.1f} s"],
        ["make the page", f"{made - assessed:.1f} s"],
        ["its size", f"{len(page) / 1e6:.1f} MB, {len(gzip.compress(page)) / 1e6:.1f} MB packed"],
    ]
    with tempfile.TemporaryDirectory() as folder, Browser() as browser, browser.sized(1360, 900):
        path = Path(folder) / "page.html"
        path.write_bytes(page)
        rows.append(["load, until ready", f"{median(browser.open(path) for _ in range(options.rounds)):.2f} s"])
        taken: dict[str, list[float]] = {name: [] for name in _ACTIONS}
        for _ in range(options.rounds):
            browser.open(path)
            for name, act in _ACTIONS.items():
                taken[name].append(browser.run(f"{_FRAME}(() => {{ {act} }})"))
        rows += [[name, f"{median(times):.0f} ms (worst {max(times):.0f})"] for name, times in taken.items()]
        if browser.problems:
            raise SystemExit(f"the page said on the console: {browser.problems}")
    table(open_console(), f"A page of {options.ideas:,} ideas", ["what", "figure"], rows)


if __name__ == "__main__":
    main()
