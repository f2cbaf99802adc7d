"""How right the lens is, axis by axis: `python -m benchmarks.lens [--json FILE]`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from benchmarks.layout import number, open_console, percent, table
from benchmarks.metrics import agreement
from fitcheck.errors import FitcheckError
from fitcheck.lens import AXES, USUAL
from fitcheck.lens.finding import answer_axes
from fitcheck.lens.heads import Heads, load_heads
from fitcheck.lens.pack import load_lens
from fitcheck.lens.scenarios import LensScenario, read_lens_scenarios
from fitcheck.records import Report

__all__ = ["lens_figures", "main"]

_BAR = 0.85
"""The agreement with the second reader that is asked for."""
_ROUNDS = 5

Answers = list[dict[str, str]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit code: 2 where the scenarios or the model can't be read."""
    options = _parser().parse_args(arguments)
    try:
        figures = _measure(options.split)
    except FitcheckError as error:
        print(f"benchmarks.lens: {error}", file=sys.stderr)
        return 2
    _print(figures)
    if options.json:
        Path(options.json).write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        print(f"all figures: {options.json}", file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lens", description="How right the lens is.")
    parser.add_argument(
        "--split", default="test", choices=("test", "train"), help="held-out ideas, or those that it was fitted to"
    )
    parser.add_argument("--json", metavar="FILE", help="write every figure to this file too")
    return parser


def _measure(split: Literal["test", "train"]) -> dict[str, Any]:
    from fitcheck import Assessor

    scenarios = read_lens_scenarios(split)
    texts = [s.text for s in scenarios]
    assessor = Assessor()
    reports = assessor.assess_many(texts)
    figures = lens_figures(scenarios, reports)
    return {"split": split, **figures, "time": _time_each(assessor, texts)}


def lens_figures(scenarios: Sequence[LensScenario], reports: Sequence[Report]) -> dict[str, Any]:
    """Return every figure of the lens on some labelled ideas.

    Args:
        scenarios: The labelled ideas.
        reports: Their reports, in the same order.
    """
    whole = load_heads()
    # the share of right answers that a way is trusted with moves no answer but where a model's stands against a rule's
    ways = {
        "lens": _answers(reports, whole),
        "rules": _answers(reports, replace(whole, axes=())),
        "usual": [dict(USUAL) for _ in scenarios],
    }
    figures: dict[str, Any] = {
        "ideas": len(scenarios),
        "pairs": len({s.pair for s in scenarios}),
        "read_twice": sum(s.second is not None for s in scenarios),
        "axes_with_a_model": list(whole.axes),
        "by_axis": {},
        "by_basis": _by_basis(scenarios, reports, whole),
    }
    for lang in (None, "en", "zh"):
        rows = [n for n, s in enumerate(scenarios) if lang in (None, s.lang)]
        for axis in AXES:
            figures["by_axis"].setdefault(axis, {})[lang or "both"] = _axis_figures(axis, scenarios, ways, rows)
    return figures


def _axis_figures(
    axis: str, scenarios: Sequence[LensScenario], ways: Mapping[str, Answers], rows: Sequence[int]
) -> dict[str, Any]:
    author = [scenarios[n].labels[axis] for n in rows]
    twice = [(n, second[axis]) for n in rows if (second := scenarios[n].second) is not None]
    figures: dict[str, Any] = {
        "said": sum(label != USUAL[axis] for label in author) / len(author),
        "readers": agreement([scenarios[n].labels[axis] for n, _ in twice], [label for _, label in twice]),
    }
    for way, answers in ways.items():
        figures[way] = {
            "answered": sum(answers[n][axis] != USUAL[axis] for n in rows) / len(rows),
            "author": agreement(author, [answers[n][axis] for n in rows]),
            "second": agreement([label for _, label in twice], [answers[n][axis] for n, _ in twice]),
        }
    return figures


def _by_basis(scenarios: Sequence[LensScenario], reports: Sequence[Report], heads: Heads) -> dict[str, Any]:
    """Return for each basis how sure its answers are and how often they are right by the author's labels."""
    pack = load_lens()
    rows: dict[str, list[tuple[float, bool]]] = {}
    for scenario, own in zip(scenarios, answer_axes(reports, pack, heads=heads), strict=True):
        for axis, answer in own.items():
            rows.setdefault(answer.basis, []).append((answer.confidence, answer.value == scenario.labels[axis]))
    return {
        basis: {
            "n": len(each),
            "confidence": sum(confidence for confidence, _ in each) / len(each),
            "right": sum(is_right for _, is_right in each) / len(each),
        }
        for basis, each in sorted(rows.items())
    }


def _answers(reports: Sequence[Report], heads: Heads) -> Answers:
    pack = load_lens()
    return [{axis: a.value for axis, a in own.items()} for own in answer_axes(reports, pack, heads=heads)]


def _time_each(assessor: Any, texts: Sequence[str]) -> dict[str, float]:
    """Time the lens beside assessing, one idea after the other, in the same run; the best of some rounds."""
    texts = texts[:100]
    reports = [assessor.assess(text) for text in texts]
    assess_s, lens_s = [], []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        for text in texts:
            assessor.assess(text)
        middle = time.perf_counter()
        for report in reports:
            _ = report.lens
        lens_s.append((time.perf_counter() - middle) / len(texts))
        assess_s.append((middle - start) / len(texts))
    return {
        "ms_per_lens": 1000 * min(lens_s),
        "ms_per_assessment": 1000 * min(assess_s),
        "ratio": min(lens_s) / min(assess_s),
    }


def _print(figures: Mapping[str, Any]) -> None:
    console = open_console()
    console.print(
        f"{figures['ideas']} ideas of the {figures['split']} split, {figures['pairs']} pairs, "
        f"{figures['read_twice']} read twice; models for: {', '.join(figures['axes_with_a_model']) or 'none'}"
    )
    by_axis = figures["by_axis"]
    heads = ("axis", "lens", "rules", "usual", "readers", "macro-F1", "rules", "usual", "readers", "kappa", "answered")
    rows = []
    for axis, each in by_axis.items():
        f = each["both"]
        ways = [f[way]["second"] for way in ("lens", "rules", "usual")]
        rows.append(
            [
                axis,
                *(number(way["accuracy"]) for way in ways),
                number(f["readers"]["accuracy"]),
                *(number(way["macro_f1"]) for way in ways),
                number(f["readers"]["macro_f1"]),
                number(f["readers"]["kappa"]),
                percent(f["lens"]["answered"]),
            ]
        )
    table(console, "Against the second reader: accuracy, then macro-F1; the readers among themselves", heads, rows)
    columns = ("axis", "lens", "rules", "usual", "macro-F1", "en", "zh", "en, second", "zh, second", "said")
    rows = []
    for axis, each in by_axis.items():
        f = each["both"]
        rows.append(
            [
                axis,
                *(number(f[way]["author"]["accuracy"]) for way in ("lens", "rules", "usual")),
                number(f["lens"]["author"]["macro_f1"]),
                *(number(each[lang]["lens"]["author"]["accuracy"]) for lang in ("en", "zh")),
                *(number(each[lang]["lens"]["second"]["accuracy"]) for lang in ("en", "zh")),
                percent(f["said"]),
            ]
        )
    table(console, "Against the author; by language; how many ideas are labelled otherwise than usual", columns, rows)
    scores = {axis: each["both"]["lens"]["second"]["accuracy"] for axis, each in by_axis.items()}
    below = [f"{axis} {number(score)}" for axis, score in scores.items() if score is not None and score < _BAR]
    console.print(f"Below {number(_BAR, 2)} against the second reader: {', '.join(below) or 'no axis'}")
    told = [
        f"{basis} {number(b['confidence'], 2)} sure, {number(b['right'], 2)} right of {b['n']:,}"
        for basis, b in figures["by_basis"].items()
    ]
    console.print(f"What answers rest on: {'; '.join(told)}")
    took = figures["time"]
    console.print(
        f"The lens takes {took['ms_per_lens']:.2f} ms an idea, {number(took['ratio'])} of an assessment "
        f"({took['ms_per_assessment']:.2f} ms) in the same run"
    )


if __name__ == "__main__":
    sys.exit(main())
