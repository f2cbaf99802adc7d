"""Whether explanations are true: `python -m benchmarks.explanations [--data DIR] [--json FILE]`.

Clauses are deleted and the rest is assessed anew, so that what the ledger, the decisive clause and
the nearest scenarios claim can be held against what fitcheck then answers (erasure, after
DeYoung et al. 2020, arXiv:1911.03429: comprehensiveness and sufficiency).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.layout import number, open_console, percent, table
from benchmarks.sets import VERDICTS, Idea, IdeaSet, SetError, data_folder, origins, own_test_split, read_set
from fitcheck.clauses import Judges, decisive_clause, tried_clauses, without
from fitcheck.corpus import Scenario, load_corpus
from fitcheck.errors import FitcheckError
from fitcheck.records import Evidence, Report, Task
from fitcheck.text import fold, normalise

__all__ = [
    "Change",
    "Hold",
    "Likeness",
    "changes_of",
    "decisive_figures",
    "foretold",
    "hold_of",
    "ledger_figures",
    "likenesses",
    "main",
    "measure",
    "neighbour_figures",
]

LOUD = 0.3
"""From this many nats on a foretold change must have the right sign."""

_DRAWS = 20
_EXAMPLES = 20
_SAME = 1e-9
_LANGS = ("en", "zh")

Encode = Callable[[Sequence[str]], NDArray[Any]]


class Explains(Judges, Protocol):
    """What the benchmark asks of `fitcheck.Assessor`."""

    def assess_each(self, ideas: Iterable[str], /) -> Iterator[Report | FitcheckError]: ...


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict's total when a clause with quoted evidence is deleted.

    Attributes:
        idea: The idea's id.
        lang: `en` or `zh`.
        clause: The clause.
        verdict: The verdict.
        foretold: What the ledger's rows foretell, nats: their loss.
        actual: What became of the total.
        other: What became of it when another clause was deleted, drawn at random; None where there was none.
    """

    idea: str
    lang: str
    clause: str
    verdict: str
    foretold: float
    actual: float
    other: float | None


@dataclass(frozen=True, slots=True)
class Hold:
    """What the decisive clause of an idea holds, beside another of its clauses, drawn at random.

    Attributes:
        lang: `en` or `zh`.
        fall: How far the verdict's probability falls without it.
        other_fall: How far it falls without the other clause.
        turns: Whether the likeliest verdict is another without it.
        other_turns: The same of the other clause.
        alone: Whether the verdict is the likeliest of the decisive clause alone.
        other_alone: The same of the other clause.
        held: Whether assessing the idea without it gave what the report had said.
    """

    lang: str
    fall: float
    other_fall: float
    turns: bool
    other_turns: bool
    alone: bool
    other_alone: bool
    held: bool


@dataclass(frozen=True, slots=True)
class Likeness:
    """How an idea and a scenario are alike.

    Attributes:
        lang: `en` or `zh`.
        report: Whether the scenario's verdict is the report's; None where that is `unclear`.
        label: Whether it is the label; None where that is `unclear`.
        category: Whether the categories are one; None where nobody labelled the idea's.
        cosine: Of the static vectors, -1 to 1.
    """

    lang: str
    report: bool | None
    label: bool | None
    category: bool | None
    cosine: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit code: 0 also where the panel is absent, 2 for a broken set or no model."""
    options = _parser().parse_args(arguments)
    try:
        ideas = _read(data_folder(options.data))
        assessor = _make_assessor()
        scenarios = [s for s in load_corpus() if s.split == "train"]
        figures = measure(ideas, assessor, scenarios, assessor.reader.static.encode, _progress())
        if not figures["ideas"]:
            raise SetError(f"{ideas.name}: none of {len(ideas.ideas)} texts could be read")
    except (FitcheckError, SetError) as error:
        print(f"benchmarks.explanations: {error}", file=sys.stderr)
        return 2
    _print(figures)
    if options.json:
        values = {"versions": asdict(assessor.versions)} | figures
        Path(options.json).write_text(json.dumps(values, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.explanations", description="Whether explanations are true."
    )
    parser.add_argument("--data", metavar="DIR", help="third-party sets; else FITCHECK_DATA, else ../shared/data")
    parser.add_argument("--json", metavar="FILE", help="write every figure to this file too")
    return parser


def _read(folder: Path) -> IdeaSet:
    """Read the panel; where it is absent say so, and read our own test split."""
    panel = read_set("panel", folder)
    if panel is not None:
        return panel
    print(f"Not in {folder} (name another folder by --data or FITCHECK_DATA):\n\n{origins(['panel'])}\n")
    print("Measured on our own test split instead.\n")
    return own_test_split()


def _make_assessor() -> Any:
    from fitcheck import Assessor

    return Assessor(reading="full")


def _progress() -> Callable[[str], None] | None:
    """Return what names on standard error the step that runs, where somebody watches."""
    if not sys.stderr.isatty():
        return None
    return lambda step: print(f"{step} ...", file=sys.stderr, flush=True)


def measure(
    ideas: IdeaSet,
    assessor: Explains,
    scenarios: Sequence[Scenario],
    encode: Encode,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Return every figure of a set, ready for `json.dumps`.

    Args:
        ideas: The set.
        assessor: What answers.
        scenarios: Those that can be neighbours, to draw from.
        encode: Folded texts to unit vectors, shape (n_texts, dim): those that neighbours are found by.
        progress: Called with the name of each step.
    """
    tell = progress or (lambda step: None)
    tell("reading ideas")
    both = zip(ideas.ideas, assessor.assess_each([i.text for i in ideas.ideas]), strict=True)
    rows = [(idea, report) for idea, report in both if isinstance(report, Report)]
    tell("deleting clauses")
    many = [(idea, report) for idea, report in rows if len(report.tasks) > 1]
    shortened = list(_shortened([report for _, report in many], assessor))
    changes = [c for (i, r), left in zip(many, shortened, strict=True) for c in changes_of(i, r, left)]
    tell("looking for decisive clauses")
    holds = [hold_of(i, r, left, assessor) for (i, r), left in zip(many, shortened, strict=True)]
    decided = sum(r.verdict in VERDICTS for _, r in many)
    tell("comparing scenarios")
    nearest, drawn = likenesses(rows, scenarios, encode)
    quoted = [e for _, r in many for e in r.ledger if e.source == "rule" and e.quote]
    placed = [e for _, r in many for t in r.tasks for e in r.ledger if e.source == "rule" and _lies_in(e, t)]
    return {
        "set": ideas.name,
        "title": ideas.title,
        "ideas": len(rows),
        "not_readable": len(ideas.ideas) - len(rows),
        "of_two_clauses_or_more": len(many),
        "quotes": len(quoted),
        "quotes_in_no_single_clause": len(quoted) - len(placed),
        "ledger": _by_language(changes, ledger_figures),
        "worst": [asdict(c) for c in _worst(changes)],
        "decided": decided,
        "decisive": _by_language([h for h in holds if h is not None], decisive_figures),
        "neighbours": {lang: neighbour_figures(_of(nearest, lang), _of(drawn, lang)) for lang in (*_LANGS, "all")},
    }


def _shortened(reports: Sequence[Report], assessor: Explains) -> Iterator[dict[int, Report]]:
    """Yield for each report those on its idea without each tried clause, by the clause's number."""
    tried = [tried_clauses(report.tasks) for report in reports]
    texts = [without(r.text, r.tasks, n) for r, numbers in zip(reports, tried, strict=True) for n in numbers]
    answers = assessor.assess_each(texts)
    for numbers in tried:
        own = {n: next(answers) for n in numbers}
        yield {n: answer for n, answer in own.items() if isinstance(answer, Report)}


def _another(idea: Idea, number: int, shortened: Mapping[int, Report]) -> int | None:
    """Draw another clause of an idea, the same every time."""
    others = [n for n in shortened if n != number]
    return Random(f"{idea.id} {number}").choice(others) if others else None


# the ledger


def _lies_in(evidence: Evidence, task: Task) -> bool:
    """Say whether the words that a row rests on stand in a clause, all of them."""
    return bool(evidence.quote) and task.start <= evidence.start and evidence.start + len(evidence.quote) <= task.end


def foretold(report: Report, task: Task) -> dict[str, float]:
    """Return what the ledger foretells of each verdict's total when a clause goes, nats: minus the rows quoted from it.

    Empty where no rule's row is quoted from it.
    """
    rows = [e for e in report.ledger if e.source == "rule" and _lies_in(e, task)]
    if not rows:
        return {}
    return {v: round(0.0 - sum(e.log_odds for e in rows if e.verdict == v), 2) for v in VERDICTS}


def changes_of(idea: Idea, report: Report, shortened: Mapping[int, Report]) -> list[Change]:
    """Return the changes of all four totals for each clause of an idea that carries quoted evidence of a rule.

    Args:
        idea: The idea.
        report: Its report.
        shortened: The reports on it without a clause, by the clause's number.
    """
    whole = report.totals()
    found = []
    for n, rest in shortened.items():
        totals, another = rest.totals(), _another(idea, n, shortened)
        elsewhere = None if another is None else shortened[another].totals()
        found += [
            Change(
                idea.id,
                report.lang,
                report.tasks[n].text,
                v,
                size,
                round(totals[v] - whole[v], 2),
                None if elsewhere is None else round(elsewhere[v] - whole[v], 2),
            )
            for v, size in foretold(report, report.tasks[n]).items()
        ]
    return found


def ledger_figures(changes: Sequence[Change]) -> dict[str, Any]:
    """Return how well the ledger's rows foretell what a deletion does.

    Returns:
        `loud`, over changes foretold to be `LOUD` nats or more, and `all`, over all four verdicts of the clauses:
        `n`, Spearman's `rank_correlation`, `median_gap` (nats, absolute), `median_foretold` and `median_actual`.
        `loud` has also `right_sign` (a share) and `by_chance`, the share that another clause's deletion gives.
    """
    loud = [c for c in changes if abs(c.foretold) >= LOUD]
    signs = {
        "right_sign": _mean(c.foretold * c.actual > 0 for c in loud),
        "by_chance": _mean(c.foretold * c.other > 0 for c in loud if c.other is not None),
    }
    return {"loud": _compared(loud) | signs, "all": _compared(changes)}


def _compared(changes: Sequence[Change]) -> dict[str, Any]:
    return {
        "n": len(changes),
        "rank_correlation": _rank_correlation([c.foretold for c in changes], [c.actual for c in changes]),
        "median_gap": _median(abs(c.actual - c.foretold) for c in changes),
        "median_foretold": _median(c.foretold for c in changes),
        "median_actual": _median(c.actual for c in changes),
    }


def _worst(changes: Iterable[Change]) -> list[Change]:
    """Return the loud changes with the wrong sign, the farthest first."""
    wrong = [c for c in changes if abs(c.foretold) >= LOUD and c.foretold * c.actual <= 0]
    return sorted(wrong, key=lambda c: -abs(c.actual - c.foretold))[:_EXAMPLES]


def _rank_correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Return Spearman's correlation; None where one side never varies."""
    if len(set(first)) < 2 or len(set(second)) < 2:
        return None
    from scipy.stats import spearmanr

    return float(spearmanr(first, second).statistic)


# the decisive clause


def hold_of(idea: Idea, report: Report, shortened: Mapping[int, Report], assessor: Judges) -> Hold | None:
    """Return what the decisive clause holds; None where the report has none or no other clause stands beside it.

    Args:
        idea: The idea.
        report: Its report.
        shortened: The reports on it without a clause, by the clause's number.
        assessor: What answers.
    """
    found = decisive_clause(assessor, report)
    number = next((n for n in shortened if found is not None and report.tasks[n].start == found.start), None)
    another = None if number is None else _another(idea, number, shortened)
    if found is None or number is None or another is None:
        return None
    verdict = report.verdict.value
    whole, own, other = report.probabilities[verdict], shortened[number].probabilities, shortened[another].probabilities
    pair = [report.use_case.model_copy(update={"text": report.tasks[n].text}) for n in (number, another)]
    alone = [VERDICTS[int(row.argmax())] == verdict for row in np.asarray(assessor.probabilities(pair))]
    return Hold(
        lang=report.lang,
        fall=whole - found.probability_without,
        other_fall=whole - other[verdict],
        turns=found.verdict_without != report.verdict,
        other_turns=_strongest(other) != verdict,
        alone=alone[0],
        other_alone=alone[1],
        held=abs(own[verdict] - found.probability_without) < _SAME and _strongest(own) == found.verdict_without,
    )


def _strongest(probabilities: Mapping[str, float]) -> str:
    return max(VERDICTS, key=probabilities.__getitem__)


def decisive_figures(holds: Sequence[Hold]) -> dict[str, Any]:
    """Return `n`, each field of `Hold` as a mean or a share over ideas, and `larger`, the share of larger falls."""
    return {
        "n": len(holds),
        "held": _mean(h.held for h in holds),
        "fall": _mean(h.fall for h in holds),
        "other_fall": _mean(h.other_fall for h in holds),
        "larger": _mean(h.fall > h.other_fall for h in holds),
        "turns": _mean(h.turns for h in holds),
        "other_turns": _mean(h.other_turns for h in holds),
        "alone": _mean(h.alone for h in holds),
        "other_alone": _mean(h.other_alone for h in holds),
    }


# the neighbours


def likenesses(
    rows: Sequence[tuple[Idea, Report]], scenarios: Sequence[Scenario], encode: Encode
) -> tuple[list[Likeness], list[Likeness]]:
    """Return how alike each idea is to its nearest scenario, and to some drawn at random in its language.

    Args:
        rows: Ideas and their reports.
        scenarios: The scenarios to draw from.
        encode: Folded texts to unit vectors.
    """
    pools = {lang: [s for s in scenarios if s.lang == lang] for lang in _LANGS}
    nearest, drawn = [], []
    for idea, report in rows:
        if not report.neighbours:
            continue
        first = report.neighbours[0]
        nearest.append(_likeness(idea, report, first.verdict.value, first.category, first.similarity))
        pool = pools[report.lang]
        some = Random(idea.id).sample(pool, min(_DRAWS, len(pool)))
        vectors = encode([fold(t) for t in (report.text, *(normalise(s.text) for s in some))])
        drawn += [
            _likeness(idea, report, s.verdict.value, s.category, float(cosine))
            for s, cosine in zip(some, vectors[1:] @ vectors[0], strict=True)
        ]
    return nearest, drawn


def _likeness(idea: Idea, report: Report, verdict: str, category: str, cosine: float) -> Likeness:
    labelled = idea.concepts.get("category")
    return Likeness(
        lang=report.lang,
        report=report.verdict.value == verdict if report.verdict.value in VERDICTS else None,
        label=idea.label == verdict if idea.label in VERDICTS else None,
        category=labelled == category if labelled else None,
        cosine=cosine,
    )


def neighbour_figures(nearest: Sequence[Likeness], drawn: Sequence[Likeness]) -> dict[str, Any]:
    """Return, of the nearest scenario and of those drawn at random, `n`, the shares alike and the mean cosine."""
    return {"nearest": _alike(nearest), "random": _alike(drawn)}


def _alike(found: Sequence[Likeness]) -> dict[str, Any]:
    return {
        "n": len(found),
        "as_report": _mean(one.report for one in found if one.report is not None),
        "as_label": _mean(one.label for one in found if one.label is not None),
        "same_category": _mean(one.category for one in found if one.category is not None),
        "cosine": _mean(one.cosine for one in found),
    }


def _by_language(found: Sequence[Any], figures_of: Callable[[Sequence[Any]], dict[str, Any]]) -> dict[str, Any]:
    return {lang: figures_of(_of(found, lang)) for lang in (*_LANGS, "all")}


def _of(found: Sequence[Any], lang: str) -> list[Any]:
    return [one for one in found if lang in (one.lang, "all")]


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return sum(listed) / len(listed) if listed else None


def _median(values: Iterable[float]) -> float | None:
    listed = list(values)
    return float(np.median(listed)) if listed else None


# the screen


def _print(figures: Mapping[str, Any]) -> None:
    console = open_console()
    unread = f"; {figures['not_readable']} could not be read" if figures["not_readable"] else ""
    console.rule(f"[bold]{figures['set']}[/bold]  {figures['ideas']:,} ideas", align="left")
    console.print(figures["title"], style="dim")
    console.print(
        f"{figures['of_two_clauses_or_more']:,} have two clauses or more{unread}, "
        f"{figures['decided']:,} of these a verdict that isn't withheld\n"
        f"{figures['quotes_in_no_single_clause']:,} of {figures['quotes']:,} rows quoted from these "
        "lie in no single clause and are left out\n"
    )
    rows = [
        [
            what,
            lang,
            f"{f[key]['n']:,}",
            *(percent(f[key].get(name)) for name in ("right_sign", "by_chance")),
            *(number(f[key][name], 2) for name in ("rank_correlation", "median_gap", "median_foretold")),
            number(f[key]["median_actual"], 2),
        ]
        for key, what in (("loud", f"foretold {number(LOUD, 1)} nats or more"), ("all", "all four verdicts"))
        for lang, f in figures["ledger"].items()
    ]
    columns = ["", "", "n", "right sign", "by chance", "rank corr.", "median gap", "foretold", "actual"]
    table(console, "Ledger: totals without a clause, against the rows quoted from it", columns, rows, text=2)
    rows = []
    for lang, f in figures["decisive"].items():
        own = [number(f["fall"]), percent(f["turns"]), percent(f["alone"])]
        other = [number(f["other_fall"]), percent(f["other_turns"]), percent(f["other_alone"])]
        rows.append([lang, f"{f['n']:,}", percent(f["held"]), *own, *other, percent(f["larger"])])
    columns = ["", "n", "as said", "fall", "turns", "alone", "other: fall", "turns", "alone", "falls further"]
    table(console, "Decisive clause, against another clause drawn at random", columns, rows)
    rows = [
        [who, lang, f"{f[who]['n']:,}", *(percent(f[who][k]) for k in _SHARES), number(f[who]["cosine"], 2)]
        for who in ("nearest", "random")
        for lang, f in figures["neighbours"].items()
    ]
    columns = ["", "", "n", "report's verdict", "label", "category", "cosine"]
    table(console, "Scenarios: the nearest, against random ones in its language", columns, rows, text=2)


_SHARES = ("as_report", "as_label", "same_category")


if __name__ == "__main__":
    sys.exit(main())
