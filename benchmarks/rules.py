"""What each rule does on the train split of `corpora/`: `python -m benchmarks.rules [--rules PATH] [--json FILE]`.

The test split stays out: whoever mends a rule by this table must not have seen it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.layout import number, open_console, percent, table
from benchmarks.sets import CONCEPTS
from fitcheck.corpus import Scenario, load_corpus
from fitcheck.errors import FitcheckError
from fitcheck.matching import Matcher
from fitcheck.rule_packs import load_rules
from fitcheck.rules import Rule
from fitcheck.tasks import split_tasks
from fitcheck.text import normalise

__all__ = ["Firing", "fire_all", "main", "rule_figures"]


@dataclass(frozen=True, slots=True)
class Firing:
    """One rule on one scenario.

    Attributes:
        rule: The rule's id.
        role: The role of the task that it fired on.
        argues: The verdict argued for in that role, or None where the rule is silent there.
        counts: Whether its weight enters the ledger: within a family and a role only the strongest does.
    """

    rule: str
    role: str
    argues: str | None
    counts: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit code: 0, or 2 for a broken pack or corpus."""
    options = _parser().parse_args(arguments)
    try:
        rules = load_rules(options.rules)
        scenarios = [s for s in load_corpus() if s.split == "train"]
    except FitcheckError as error:
        print(f"benchmarks.rules: {error}", file=sys.stderr)
        return 2
    firings = fire_all(rules, scenarios)
    figures = rule_figures(rules, scenarios, firings)
    _print(figures, options.sort)
    if options.json:
        Path(options.json).write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rules", description="What each rule does.")
    parser.add_argument("--rules", metavar="PATH", help="a pack of rules; else the shipped ones")
    parser.add_argument("--sort", choices=("id", "precision", "fired", "conflict"), default="id")
    parser.add_argument("--json", metavar="FILE", help="write every figure to this file too")
    return parser


def fire_all(rules: Sequence[Rule], scenarios: Iterable[Scenario]) -> list[list[Firing]]:
    """Match a pack against scenarios, each with its labelled concepts.

    Returns:
        For each scenario, in order, every rule that fired.
    """
    matcher = Matcher(rules)
    every = []
    for scenario in scenarios:
        text = normalise(scenario.text)
        tasks = split_tasks(text)
        concepts = {name: getattr(scenario, name) for name in CONCEPTS}
        fired = matcher.fired(text, tasks, facts={}, concepts=concepts)
        leading = {(e.id, e.role) for e in matcher.match(text, tasks, concepts=concepts)} if fired else set()
        row = []
        for f in fired:
            argued = f.rule.argues(f.role)
            verdict = argued[0].value if argued else None
            row.append(Firing(f.rule.id, f.role, verdict, (f.rule.id, f.role) in leading))
        every.append(row)
    return every


def rule_figures(
    rules: Sequence[Rule], scenarios: Sequence[Scenario], firings: Sequence[Sequence[Firing]]
) -> dict[str, Any]:
    """Return the figures of each rule and of the pack.

    Per rule: `fired`, on how many scenarios and in which languages; `coverage`, their
    share; `core`, how often on the core task; `precision`, the share of those whose
    label is the verdict argued for, and `base_rate`, the share that label has anywhere;
    `counts`, the share of its firings whose weight enters the ledger; `overlap`, the
    share where another rule fires too; `conflict`, the share of core firings where
    another rule argues on the core task for another verdict.
    """
    labels = [str(s.verdict) for s in scenarios]
    found: dict[str, list[tuple[int, Firing]]] = {rule.id: [] for rule in rules}
    for index, row in enumerate(firings):
        for firing in row:
            found[firing.rule].append((index, firing))
    by_rule = {
        rule.id: {"family": rule.family} | _one_rule(rule, found[rule.id], scenarios, firings, labels) for rule in rules
    }
    n_fired = sum(bool(row) for row in firings)
    n_mixed = sum(len({f.argues for f in row if f.role == "core" and f.argues}) > 1 for row in firings)
    return {
        "scenarios": len(scenarios),
        "rules": len(rules),
        "covered": n_fired / len(scenarios) if scenarios else None,
        "in_conflict": n_mixed / len(scenarios) if scenarios else None,
        "never_fired": [rule for rule, f in by_rule.items() if not f["fired"]],
        "by_rule": by_rule,
    }


def _one_rule(
    rule: Rule,
    found: Sequence[tuple[int, Firing]],
    scenarios: Sequence[Scenario],
    firings: Sequence[Sequence[Firing]],
    labels: Sequence[str],
) -> dict[str, Any]:
    core = [(index, f) for index, f in found if f.role == "core" and f.argues]
    against = [any(o.role == "core" and o.argues not in (None, f.argues) for o in firings[i]) for i, f in core]
    argued = rule.argues("core")
    verdict = argued[0].value if argued else None
    return {
        "argues": verdict,
        "fired": len(found),
        "fired_en": sum(scenarios[i].lang == "en" for i, _ in found),
        "fired_zh": sum(scenarios[i].lang == "zh" for i, _ in found),
        "coverage": len(found) / len(scenarios) if scenarios else None,
        "core": len(core),
        "precision": _share(labels[i] == f.argues for i, f in core),
        "base_rate": _share(label == verdict for label in labels) if verdict else None,
        "counts": _share(f.counts for _, f in found),
        "overlap": _share(len(firings[i]) > 1 for i, _ in found),
        "conflict": _share(against),
    }


def _share(values: Iterable[bool]) -> float | None:
    marks = list(values)
    return sum(marks) / len(marks) if marks else None


def _print(figures: Mapping[str, Any], sort: str) -> None:
    console = open_console()
    by_rule = list(figures["by_rule"].items())
    if sort != "id":
        # what needs a look comes first: low precision, few firings, many conflicts
        sign = -1 if sort == "conflict" else 1
        by_rule.sort(key=lambda r: (r[1][sort] is None, sign * (r[1][sort] or 0), r[0]))
    rows = [
        [
            f"{f['family']}/{rule}",
            f["argues"] or "-",
            f"{f['fired']:,}",
            f"{f['fired_en']:,}",
            f"{f['fired_zh']:,}",
            percent(f["coverage"]),
            f"{f['core']:,}",
            number(f["precision"], 2),
            number(f["base_rate"], 2),
            number(f["counts"], 2),
            number(f["overlap"], 2),
            number(f["conflict"], 2),
        ]
        for rule, f in by_rule
    ]
    heads = ("fired", "en", "zh", "cover", "core", "prec", "base", "counts", "overlap", "conflict")
    title = f"{figures['rules']} rules on {figures['scenarios']:,} training scenarios (concepts as labelled)"
    table(console, title, ("rule", "argues", *heads), rows, text=2)
    console.print(
        f"Some rule fires on {percent(figures['covered'])}; "
        f"rules argue for different verdicts on the core task of {percent(figures['in_conflict'])}"
    )
    if figures["never_fired"]:
        console.print(f"Never fired: {', '.join(figures['never_fired'])}")


if __name__ == "__main__":
    sys.exit(main())
