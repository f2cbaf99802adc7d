"""Whether what would turn a verdict does turn it: `python -m benchmarks.turns [--data DIR] [--limit N] [--json FILE]`.

Every suggestion on the panel is put to a fresh assessor: the changed idea must get the better verdict that
was foretold. The panel is measured on, never tuned on.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.layout import open_console, percent, table
from benchmarks.options import positive
from benchmarks.sets import Idea, SetError, data_folder, origins, own_test_split, read_set
from fitcheck.jobs.parts import find_parts
from fitcheck.pipeline import Assessor
from fitcheck.records import Verdict
from fitcheck.turns.finding import find_turn

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Suggestion", "figures", "main", "suggestions", "turn_times"]

TURNABLE = (Verdict.UNFIT, Verdict.OVERKILL)
_BETTER = (Verdict.FIT, Verdict.ASSIST)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What was suggested for one idea, and what a fresh assessor says of it.

    Attributes:
        idea: The idea's id.
        lang: `en` or `zh`.
        category: Its core task, as assessed.
        verdict: Its verdict, as assessed.
        kind: Which change; empty where none was found.
        foretold: The verdict that the changed idea was to get; empty where none was found.
        fresh: The verdict that a fresh assessor gives it; empty where none was found.
        n_chars: Characters of the idea.
        n_chars_changed: Characters of the changed idea; 0 where none was found.
    """

    idea: str
    lang: str
    category: str
    verdict: str
    kind: str
    foretold: str
    fresh: str
    n_chars: int
    n_chars_changed: int

    @property
    def holds(self) -> bool:
        """Whether the changed idea gets the verdict that was foretold, and a better one."""
        return self.fresh == self.foretold and self.fresh in _BETTER


def suggestions(assessor: Assessor, fresh: Assessor, ideas: Sequence[Idea]) -> Iterator[Suggestion]:
    """Yield what is suggested for each idea that a change may turn.

    Args:
        assessor: Finds the changes.
        fresh: Assesses the changed ideas; another one than `assessor`.
        ideas: The ideas; those that get another verdict than `unfit` and `overkill` are passed over.
    """
    for idea, report in zip(ideas, assessor.assess_many([one.text for one in ideas]), strict=True):
        if report.verdict not in TURNABLE:
            continue
        turn = find_turn(assessor, report)
        yield Suggestion(
            idea=idea.id,
            lang=idea.lang,
            category=report.concepts["category"][0],
            verdict=report.verdict.value,
            kind=turn.kind if turn else "",
            foretold=turn.verdict.value if turn else "",
            fresh=fresh.assess(turn.use_case).verdict.value if turn else "",
            n_chars=len(idea.text),
            n_chars_changed=len(turn.use_case.text) if turn else 0,
        )


def figures(found: Sequence[Suggestion]) -> dict[str, Any]:
    """Add up: ideas, share with a suggestion, share of suggestions that hold, median lengths in characters."""
    made = [s for s in found if s.kind]
    return {
        "ideas": len(found),
        "suggested": len(made) / len(found) if found else None,
        "right": sum(s.holds for s in made) / len(made) if made else None,
        "median_chars": median(s.n_chars for s in made) if made else None,
        "median_chars_changed": median(s.n_chars_changed for s in made) if made else None,
    }


def turn_times(assessor: Assessor, texts: Sequence[str]) -> dict[str, float]:
    """Time assessing, finding parts and finding turns on the same texts, in one run.

    Returns:
        `assess_ms`, per idea; `parts` and `turn`, per idea as a ratio to it.
    """
    assessor.assess_many(texts[:20])
    reports, assess_s = _timed(lambda: assessor.assess_many(texts))
    _, parts_s = _timed(lambda: find_parts(assessor, reports))
    turned = [r for r in reports if r.verdict in TURNABLE]
    _, turn_s = _timed(lambda: [find_turn(assessor, r) for r in turned])
    each = assess_s / len(texts)
    return {
        "assess_ms": 1000 * each,
        "parts": parts_s / assess_s,
        "turn": turn_s / len(turned) / each if turned else 0.0,
    }


def _timed(run: Any) -> tuple[Any, float]:
    begin = time.perf_counter()
    result = run()
    return result, time.perf_counter() - begin


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; return the exit code: 1 where a suggestion does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.turns", description=__doc__.splitlines()[0])
    parser.add_argument("--data", help="folder of the panel (default: FITCHECK_DATA, else ../shared/data)")
    parser.add_argument("--limit", type=positive, help="only the first so many ideas")
    parser.add_argument("--json", type=Path, help="write every suggestion and the figures there")
    options = parser.parse_args(arguments)
    console = open_console()
    folder = data_folder(options.data)
    try:
        panel = read_set("panel", folder)
    except SetError as error:
        print(error, file=sys.stderr)
        return 2
    if panel is None:
        print(f"{folder}: no panel.csv there; it is\n{origins(['panel'])}", file=sys.stderr)
        return 0
    assessor, fresh = Assessor(), Assessor()
    found = list(suggestions(assessor, fresh, panel.ideas[: options.limit]))
    times = turn_times(assessor, [idea.text for idea in own_test_split().ideas[:500]])
    groups: dict[str, Sequence[Suggestion]] = {"all": found, **_groups(found)}
    _print(console, groups, times)
    if options.json is not None:
        rows = {"figures": {name: figures(own) for name, own in groups.items()}, "times": times}
        text = json.dumps(rows | {"suggestions": [asdict(s) for s in found]}, ensure_ascii=False, indent=1)
        options.json.write_text(text + "\n", "utf-8")
    return 0 if all(s.holds for s in found if s.kind) else 1


def _groups(found: Sequence[Suggestion]) -> Mapping[str, list[Suggestion]]:
    groups: dict[str, list[Suggestion]] = {}
    for name in ("verdict", "lang", "category"):
        for value in sorted({getattr(s, name) for s in found}):
            groups[f"{name} {value}"] = [s for s in found if getattr(s, name) == value]
    return groups


def _print(console: Console, groups: Mapping[str, Sequence[Suggestion]], times: Mapping[str, float]) -> None:
    rows = []
    for name, own in groups.items():
        values = figures(own)
        lengths = [values["median_chars"], values["median_chars_changed"]]
        rows.append(
            [
                name,
                str(values["ideas"]),
                percent(values["suggested"]),
                percent(values["right"]),
                *("-" if length is None else f"{length:.0f}" for length in lengths),
            ]
        )
    head = ["group", "ideas", "suggested", "right", "characters", "changed"]
    table(console, "What would turn it", head, rows)
    kinds = Counter(s.kind for s in groups["all"] if s.kind)
    table(console, "Changes", ["change", "ideas"], [[kind, str(count)] for kind, count in kinds.most_common()])
    console.print(
        f"Assessing one idea: {times['assess_ms']:.2f} ms; finding its parts takes {percent(times['parts'])} of that, "
        f"finding what would turn it {times['turn']:.1f} times that"
    )


if __name__ == "__main__":
    sys.exit(main())
