"""What a table of ideas gains: the added columns, and one row of them from a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, count, islice
from typing import Any

from fitcheck.asking.answers import answer_words, question_words
from fitcheck.beside import Question
from fitcheck.errors import FitcheckError
from fitcheck.labels import label
from fitcheck.lens.axes import USUAL
from fitcheck.lens.finding import lens_values
from fitcheck.records import LEARNED, Cost, Report
from fitcheck.row_errors import error_words
from fitcheck.text import Language
from fitcheck.wording import say

__all__ = [
    "NUMBER_COLUMNS",
    "OUTPUT_COLUMNS",
    "PROBABILITY_COLUMNS",
    "added_columns",
    "bare_name",
    "output_names",
    "report_cells",
    "table_cells",
    "usd_cell",
    "with_remark",
]

OUTPUT_COLUMNS = (
    "verdict",
    "probability",
    *(f"p_{v.value}" for v in LEARNED),
    "core_task",
    "category",
    "decides",
    "reasons",
    "alternative",
    "usd_per_month",
    "questions",
    "parts",
    "role",
    "need",
    "findings",
    "error",
)
"""The columns that are added, in their order.

`probability` is that of the likeliest of the four verdicts that `p_fit` and so on list; where the verdict is `unclear`,
it belongs to the one that was withheld.
"""

PROBABILITY_COLUMNS = frozenset(("probability", *(f"p_{v.value}" for v in LEARNED)))
NUMBER_COLUMNS = PROBABILITY_COLUMNS | {"usd_per_month"}
"""Those of them that hold numbers; the others hold texts."""

_MAX_REASONS = 3
_BLOCK = 64
_HEAD = OUTPUT_COLUMNS[:3]
# a table that was scored more than once holds names with a number in the mark; earlier versions repeated the mark
_PREFIXES = re.compile(r"\A(?:fitcheck_(?:[0-9]+_)?)+")


def output_names(columns: Sequence[str]) -> tuple[str, ...]:
    """Name the added columns apart from the input's.

    >>> output_names(["idea", "Verdict"])[:2]
    ('fitcheck_verdict', 'probability')
    >>> output_names(["idea", "verdict", "fitcheck_verdict"])[0]
    'fitcheck_2_verdict'
    """
    taken = {name.strip().casefold() for name in columns}
    names = []
    for name in OUTPUT_COLUMNS:
        marked = chain((name, f"fitcheck_{name}"), (f"fitcheck_{number}_{name}" for number in count(2)))
        names.append(next(free for free in marked if free not in taken))
        taken.add(names[-1])
    return tuple(names)


def bare_name(column: str) -> str:
    """Return the name of an added column without the mark that keeps it apart.

    >>> bare_name("fitcheck_verdict"), bare_name("fitcheck_2_verdict")
    ('verdict', 'verdict')
    """
    return _PREFIXES.sub("", column)


def added_columns(columns: Sequence[str]) -> tuple[range, ...]:
    """Return where the columns stand that this version or an earlier one added, once for each time.

    An earlier version added fewer; each added its own in the order of `OUTPUT_COLUMNS`, those of the verdict first
    and `error` last.

    >>> added_columns(["idea", "verdict", *OUTPUT_COLUMNS[1:], "owner"])
    (range(1, 19),)
    """
    found = []
    begin = 0
    while begin + len(_HEAD) <= len(columns):
        names = [bare_name(name) for name in columns[begin:]]
        if tuple(names[: len(_HEAD)]) != _HEAD:
            begin += 1
            continue
        last, end = -1, begin
        for name in names:
            if name not in OUTPUT_COLUMNS or OUTPUT_COLUMNS.index(name) <= last:
                break
            last, end = OUTPUT_COLUMNS.index(name), end + 1
        found.append(range(begin, end))
        begin = end
    return tuple(found)


def report_cells(outcome: Report | FitcheckError, lang: Language | None = None) -> dict[str, Any]:
    """Return the added cells of one row by column: texts of one line, numbers as numbers, None where there is nothing.

    The texts are as they are: a file for spreadsheets still has to keep them from being computed.

    Args:
        outcome: What became of the row.
        lang: The language of our words in them; None for each idea's own, with errors in English.
    """
    return next(table_cells([outcome], lang))


def table_cells(outcomes: Iterable[Report | FitcheckError], lang: Language | None = None) -> Iterator[dict[str, Any]]:
    """Yield for each outcome what `report_cells` gives; it reads a block ahead, since findings are faster together."""
    remaining = iter(outcomes)
    while block := list(islice(remaining, _BLOCK)):
        # the fast reading cuts no clauses, and nothing stands beside its verdict
        full = [own for own in block if isinstance(own, Report) and not _is_fast(own)]
        findings = iter(lens_values(full))
        for own in block:
            if isinstance(own, Report):
                yield _report_cells(own, {} if _is_fast(own) else next(findings), lang or own.lang)
            else:
                yield dict.fromkeys(OUTPUT_COLUMNS) | {"error": _line(error_words(str(own), lang))}


def with_remark(cells: dict[str, Any], remark: str, unpriced: str = "", lang: Language | None = None) -> dict[str, Any]:
    """Return a judged row's cells with a remark on what could not be read of it, in `error`; any other's as they are.

    Args:
        cells: The row's.
        remark: Empty where there is none.
        unpriced: Why its model has no price; empty where it has one, else the row gets no cost.
        lang: As in `report_cells`.
    """
    if cells["verdict"] is None:
        return cells
    if unpriced:
        cells = cells | {"usd_per_month": None}
    if not (remark or unpriced):
        return cells
    said = "; ".join(filter(None, (remark, unpriced, cells["error"])))
    return cells | {"error": _line(error_words(said, lang))}


def _is_fast(report: Report) -> bool:
    return any(e.id == "wording" for e in report.ledger)


def _report_cells(report: Report, findings: Mapping[str, str], lang: Language) -> dict[str, Any]:
    category, decides = report.concepts.get("category"), report.concepts.get("decides")
    mark = "；" if lang == "zh" else "; "
    questions = mark.join(_asked(q, lang) for q in report.questions if len({v for _, v in q.answers}) > 1)
    return {
        "verdict": report.verdict.value,
        "probability": round(report.probability, 4),
        **{f"p_{name}": round(p, 4) for name, p in report.probabilities.items()},
        "core_task": None if _is_fast(report) else _line(report.core_task),
        "category": category[0] if category else None,
        "decides": decides[0] if decides else None,
        "reasons": _line(mark.join(_reasons(report, lang))),
        "alternative": _line((report.instead or {}).get(lang, "")),
        "usd_per_month": usd_cell(report.cost),
        "questions": _line(questions),
        "parts": _line(mark.join(f"{part.text}: {part.verdict.value}" for part in report.parts)),
        "role": findings.get("role"),
        "need": findings.get("need"),
        "findings": _line(mark.join(f"{axis}: {value}" for axis, value in findings.items() if _is_told(axis, value))),
        "error": None,
    }


def usd_cell(cost: Cost | None) -> float | None:
    """Return what a month costs as a cell has it: six digits are meant."""
    usd = None if cost is None else cost.usd_per_month
    return None if usd is None else float(f"{usd:.6g}")


def _asked(question: Question, lang: Language) -> str:
    """Return a question with its answers in plain words, and what each leads to."""
    answers = (f"{answer_words(question.fact, value, lang)} → {say(v.value, lang)}" for value, v in question.answers)
    return f"{question_words(question, lang)} {('，' if lang == 'zh' else ', ').join(answers)}"


def _is_told(axis: str, value: str) -> bool:
    """Say whether a finding is out of the ordinary, and has no column of its own."""
    return axis not in ("role", "need") and value not in ("unsaid", USUAL.get(axis))


def _line(text: str) -> str | None:
    # one line each: a cell with line breaks is hard to read in a spreadsheet
    return " ".join(text.split()) or None


def _reasons(report: Report, lang: Language) -> list[str]:
    """Return the titles of the strongest rules that speak for the verdict; without one, what spoke instead."""
    reasons = [say(report.why_unclear, lang)] if report.why_unclear else []
    rows = [e for e in report.ledger if e.source in ("rule", "block") and e.log_odds > 0 and e.id in report.rules]
    if not report.why_unclear:
        rows = [e for e in rows if e.verdict is report.verdict] or [e for e in rows if e.source == "block"]
    for row in sorted(rows, key=lambda e: (-e.log_odds, e.id)):
        title = report.rules[row.id]["title"][lang]
        if title not in reasons:
            reasons.append(title)
    if not reasons:
        reasons = [_scenario_reason(report, lang)]
    return reasons[:_MAX_REASONS]


def _scenario_reason(report: Report, lang: Language) -> str:
    verdict = say(report.verdict.value, lang)
    reason = say("scenarios why", lang, verdict=verdict)
    category = report.concepts.get("category")
    return f"{label(category[0], lang)}: {reason}" if category else reason
