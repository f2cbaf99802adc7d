"""Whether verdicts stay where only the wording changes, and move where the meaning does.

`python -m benchmarks.robustness [--texts N] [--only TEST ...] [--json FILE]`. After CheckList
(Ribeiro et al. 2020, arXiv:2005.04118): invariance tests on texts of the test split, and
directional tests on texts made from templates.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, Literal

from benchmarks.layout import number, open_console, percent, table
from benchmarks.options import positive
from benchmarks.perturb import INJECTIONS, TEMPLATES, TRANSFORMATIONS, join
from benchmarks.sets import VERDICTS
from fitcheck.corpus import Scenario, load_corpus
from fitcheck.errors import CorpusError, FitcheckError

__all__ = ["DIRECTION", "INVARIANCE", "TESTS", "Case", "Outcome", "figures_of", "judge", "main", "template_cases"]

INVARIANCE = (*TRANSFORMATIONS, "twins")
DIRECTION = {
    "negation": "not the negated task's verdict",
    "decides": "p(unfit) falls and p(assist) rises",
    "sends": "p(unfit) falls",
    "existing": "p(overkill) + p(unfit) falls",
    "injection": "what isn't fit doesn't become fit",
}
"""What must happen from before to after, by test."""
TESTS = (*INVARIANCE, *DIRECTION)

_BLOCK = 256
_EXAMPLES = 20
_LANGS = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Case:
    """A text before and after a change, and what the change may do.

    Attributes:
        lang: `en` or `zh`, or `en-zh` for twins.
        before, after: The texts.
        falls: Verdicts whose summed probability must fall; empty with `never` for invariance.
        rises: Verdicts whose summed probability must rise too.
        never: The verdict that the text after must not get.
        group: The template or the injected text.
    """

    lang: str
    before: str
    after: str
    falls: tuple[str, ...] = ()
    rises: tuple[str, ...] = ()
    never: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case.

    Attributes:
        case: The case.
        verdicts: The strongest of four before and after.
        watched: The probability that the test looks at, before and after: of what must fall, of the verdict
            that must not come, or of the winner before.
        rising: The probability of what must rise, before and after; None where nothing must.
        holds: Whether the change did what it may.
        still: Whether what should fall leads even after it.
    """

    case: Case
    verdicts: tuple[str, str]
    watched: tuple[float, float]
    rising: tuple[float, float] | None
    holds: bool
    still: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit code: 0, or 2 where fitcheck itself did not run."""
    options = _parser().parse_args(arguments)
    names = [name for name in TESTS if not options.only or name in options.only]
    try:
        sample, twins = _sample(load_corpus(), options.texts)
        assessor = _make_assessor(options.reading)
        tests = _measure(names, sample, twins, _Answers(assessor))
        if not any(test["by_language"]["all"]["n"] for test in tests.values()):
            raise CorpusError("no text that these tests could change; raise --texts")
    except FitcheckError as error:
        print(f"benchmarks.robustness: {error}", file=sys.stderr)
        return 2
    _print(tests, len(sample))
    if options.json:
        values = {"texts": len(sample), "versions": asdict(assessor.versions), "tests": tests}
        Path(options.json).write_text(json.dumps(values, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.robustness", description="Whether verdicts stay and move as they should."
    )
    parser.add_argument("--texts", type=positive, default=400, metavar="N", help="ideas of the test split (400)")
    parser.add_argument("--reading", default="cascade", choices=("cascade", "first", "fast"), help="how it reads")
    parser.add_argument("--only", metavar="TEST", nargs="+", choices=TESTS, help=", ".join(TESTS))
    parser.add_argument("--json", metavar="FILE", help="write every figure and failing examples to this file too")
    return parser


def _make_assessor(reading: Literal["cascade", "first", "fast"] = "cascade") -> Any:
    from fitcheck import Assessor

    return Assessor(reading=reading)


def _sample(scenarios: Iterable[Scenario], n_texts: int) -> tuple[list[Scenario], list[tuple[Scenario, Scenario]]]:
    """Draw ideas of the test split evenly over verdicts and languages, and the twins of those drawn.

    Returns:
        The ideas, at most `n_texts`, the same each time; English and Chinese twins of one verdict, once each.
    """
    tested = [s for s in scenarios if s.split == "test"]
    cells: dict[tuple[str, str], list[Scenario]] = {}
    for scenario in sorted(tested, key=lambda s: s.id):
        cells.setdefault((scenario.verdict.value, scenario.lang), []).append(scenario)
    for cell, members in cells.items():
        Random(" ".join(cell)).shuffle(members)
    longest = max((len(members) for members in cells.values()), default=0)
    drawn = [cells[cell][turn] for turn in range(longest) for cell in sorted(cells) if turn < len(cells[cell])]
    drawn = drawn[:n_texts]
    pairs: dict[str, dict[str, Scenario]] = {}
    for scenario in tested:
        if scenario.pair is not None:
            pairs.setdefault(scenario.pair, {})[scenario.lang] = scenario
    wanted = dict.fromkeys(s.pair for s in drawn if s.pair is not None)
    both = [(pairs[p]["en"], pairs[p]["zh"]) for p in wanted if len(pairs[p]) == 2]
    return drawn, [(en, zh) for en, zh in both if en.verdict is zh.verdict]


class _Answers:
    """The probabilities of texts, each computed once."""

    def __init__(self, assessor: Any) -> None:
        self._assessor = assessor
        self._known: dict[str, list[float]] = {}

    def of(self, texts: Iterable[str]) -> list[list[float]]:
        """Return the four probabilities of each text, in the order of `VERDICTS`."""
        wanted = list(texts)
        unknown = [t for t in dict.fromkeys(wanted) if t not in self._known]
        for begin in range(0, len(unknown), _BLOCK):
            block = unknown[begin : begin + _BLOCK]
            rows = [[float(p) for p in row] for row in self._assessor.probabilities(block)]
            self._known.update(zip(block, rows, strict=True))
        return [self._known[t] for t in wanted]


def _measure(
    names: Sequence[str], sample: Sequence[Scenario], twins: Sequence[tuple[Scenario, Scenario]], answers: _Answers
) -> dict[str, Any]:
    tests = {}
    for name in names:
        if sys.stderr.isatty():
            print(f"\r{name:<20}", end="" if name != names[-1] else "\n", file=sys.stderr, flush=True)
        cases = list(_cases(name, sample, twins, answers))
        before, after = answers.of(c.before for c in cases), answers.of(c.after for c in cases)
        outcomes = [judge(*row) for row in zip(cases, before, after, strict=True)]
        tests[name] = {"must": DIRECTION.get(name, "the verdict stays")} | figures_of(outcomes)
    return tests


def _cases(
    name: str, sample: Sequence[Scenario], twins: Sequence[tuple[Scenario, Scenario]], answers: _Answers
) -> Iterator[Case]:
    if name in TEMPLATES:
        yield from template_cases(name)
    elif name == "twins":
        yield from (Case("en-zh", en.text, zh.text) for en, zh in twins)
    elif name == "injection":
        rows = answers.of(s.text for s in sample)
        yield from _injections(s for s, row in zip(sample, rows, strict=True) if _strongest(row) != "fit")
    else:
        for scenario in sample:
            changed = TRANSFORMATIONS[name](scenario.text, scenario.lang, Random(f"{name} {scenario.id}"))
            if changed is not None:
                yield Case(scenario.lang, scenario.text, changed)


def _injections(scenarios: Iterable[Scenario]) -> Iterator[Case]:
    for s in scenarios:
        for order in INJECTIONS[s.lang]:
            yield Case(s.lang, s.text, join(order, s.text, lang=s.lang), never="fit", group=f"before: {order}")
            yield Case(s.lang, s.text, join(s.text, order, lang=s.lang), never="fit", group=f"behind: {order}")


def template_cases(name: str) -> list[Case]:
    """Return the cases of a directional test that is made from templates."""
    falls = {"decides": ("unfit",), "sends": ("unfit",), "existing": ("overkill", "unfit")}.get(name, ())
    rises = ("assist",) if name == "decides" else ()
    cases = []
    for lang in _LANGS:
        templates, rows = TEMPLATES[name][lang]
        for (old, new), row in product(templates, rows.splitlines()):
            cells = [cell.strip() for cell in row.split("|")]
            before, after = _capital(old.format(*cells)), _capital(new.format(*cells))
            never = cells[1] if name == "negation" else None
            cases.append(Case(lang, before, after, falls, rises, never, group=f"{old} -> {new}"))
    return cases


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def judge(case: Case, before: Sequence[float], after: Sequence[float]) -> Outcome:
    """Say whether the probabilities (in the order of `VERDICTS`) went where the case lets them go."""
    verdicts = _strongest(before), _strongest(after)
    watched_verdicts = case.falls or (case.never or verdicts[0],)
    watched = _sum(before, watched_verdicts), _sum(after, watched_verdicts)
    rising = (_sum(before, case.rises), _sum(after, case.rises)) if case.rises else None
    if case.never is not None:
        holds = verdicts[1] != case.never
    elif case.falls:
        holds = watched[1] < watched[0] and (rising is None or rising[1] > rising[0])
    else:
        holds = verdicts[0] == verdicts[1]
    return Outcome(case, verdicts, watched, rising, holds, still=verdicts[1] in case.falls)


def _strongest(row: Sequence[float]) -> str:
    return max(zip(row, VERDICTS, strict=True), key=lambda pair: pair[0])[1]


def _sum(row: Sequence[float], verdicts: Iterable[str]) -> float:
    return sum(row[VERDICTS.index(v)] for v in verdicts)


def figures_of(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return a test's rates.

    Returns:
        `by_language`, with `all` last: `n`, `holds` (a share; None without a case), `failed` and `still` (counts),
        mean probability that is watched `before` and `after`, mean `change` and `absolute_change`, and
        `rising_before` and `rising_after` where something must rise; `texts`, how many different texts stood
        before, and `failed_texts`, how many of them failed at least once. `by_group`: the first two by template or
        injected text. `examples`: failing cases, the largest change first, then those where what fell leads still;
        at most 20, no language crowding out another.
    """
    langs = [lang for lang in (*_LANGS, "en-zh") if any(o.case.lang == lang for o in outcomes)]
    by_language = {lang: _rates([o for o in outcomes if o.case.lang == lang]) for lang in langs}
    groups = dict.fromkeys(o.case.group for o in outcomes if o.case.group is not None)
    by_group = {group: _rates([o for o in outcomes if o.case.group == group]) for group in groups}
    return {
        "by_language": by_language | {"all": _rates(outcomes)},
        "by_group": {group: {key: rates[key] for key in ("n", "holds")} for group, rates in by_group.items()},
        "examples": [_example(o) for lang in langs for o in _worst(outcomes, lang)[: _EXAMPLES // len(langs)]],
    }


def _rates(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    rising = [o.rising for o in outcomes if o.rising is not None]
    figures = {
        "n": len(outcomes),
        "holds": _mean(o.holds for o in outcomes),
        "failed": sum(not o.holds for o in outcomes),
        "still": sum(o.still for o in outcomes),
        "texts": len({o.case.before for o in outcomes}),
        "failed_texts": len({o.case.before for o in outcomes if not o.holds}),
        "before": _mean(o.watched[0] for o in outcomes),
        "after": _mean(o.watched[1] for o in outcomes),
        "change": _mean(_change(o) for o in outcomes),
        "absolute_change": _mean(abs(_change(o)) for o in outcomes),
    }
    if rising:
        figures |= {"rising_before": _mean(r[0] for r in rising), "rising_after": _mean(r[1] for r in rising)}
    return figures


def _change(outcome: Outcome) -> float:
    return outcome.watched[1] - outcome.watched[0]


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return sum(listed) / len(listed) if listed else None


def _worst(outcomes: Iterable[Outcome], lang: str) -> list[Outcome]:
    failed = [o for o in outcomes if o.case.lang == lang and (o.still or not o.holds)]
    return sorted(failed, key=lambda o: (o.holds, -abs(_change(o))))


def _example(outcome: Outcome) -> dict[str, Any]:
    case = outcome.case
    return {
        "lang": case.lang,
        "before": case.before,
        "after": case.after,
        "verdict_before": outcome.verdicts[0],
        "verdict_after": outcome.verdicts[1],
        "watched": [round(p, 4) for p in outcome.watched],
        "holds": outcome.holds,
        "group": case.group,
    }


def _print(tests: Mapping[str, Mapping[str, Any]], n_texts: int) -> None:
    console = open_console()
    stay = [[name, *_stay_cells(test["by_language"])] for name, test in tests.items() if name in INVARIANCE]
    if stay:
        heads = [f"{lang} {what}" for lang in _LANGS for what in ("n", "stays", "change")]
        title = f"The verdict should stay: {n_texts:,} ideas of the test split, changed without changing their meaning"
        table(console, title, ("test", *heads, "all n", "stays", "change"), stay)
        console.print("change: mean absolute change of the probability of the verdict that led before\n")
    move = [row for name, test in tests.items() if name in DIRECTION for row in _move_rows(name, test)]
    if move:
        heads = ["n", "holds", "failed", "still", "p from", "p to", "rises from", "to"]
        table(console, "The answer should move as said, or not be moved", ("test", "must", "", *heads), move, text=3)
        console.print(
            "p: mean probability of what must fall or must not come; still: where it leads even after its fall"
        )
    if "injection" in tests:
        rates = tests["injection"]["by_language"]["all"]
        console.print(f"injection: {rates['failed_texts']} of {rates['texts']} ideas became fit at least once")


def _stay_cells(by_language: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for lang in (*_LANGS, "all"):
        rates = by_language.get(lang)
        yield f"{rates['n']:,}" if rates else "-"
        yield percent(rates["holds"] if rates else None)
        yield number(rates["absolute_change"] if rates else None)


def _move_rows(name: str, test: Mapping[str, Any]) -> Iterator[list[str]]:
    cells: tuple[tuple[str, Callable[[Any], str]], ...] = (
        ("holds", percent),
        ("failed", str),
        ("still", str),
        ("before", number),
        ("after", number),
        ("rising_before", number),
        ("rising_after", number),
    )
    for lang, rates in test["by_language"].items():
        if lang != "all":
            yield [name, test["must"], lang, f"{rates['n']:,}", *(write(rates.get(key)) for key, write in cells)]


if __name__ == "__main__":
    sys.exit(main())
