"""The clause that a verdict hangs on, found by deleting each in turn and assessing the rest anew.

Nothing is estimated: what is told about a clause is what fitcheck answers without it, read as
often as the whole idea was.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any, Literal, Protocol

import numpy.typing as npt

from fitcheck.reading import DEEP_VIEW
from fitcheck.records import LEARNED, Decisive, Report, Task, Verdict
from fitcheck.sift import WORDING
from fitcheck.use_case import UseCase

__all__ = ["MOST", "Judges", "decisive_clause", "how_read", "tried_clauses", "without"]

MOST = 12
"""Of an idea with more clauses than this the longest are tried."""

_ENDS_A_SENTENCE = re.compile(r"[.!?;。！？；\n]")


class Judges(Protocol):
    """What gives the four verdicts' probabilities: an `Assessor`."""

    def probabilities(
        self,
        ideas: Sequence[UseCase],
        /,
        *,
        today: dt.date | None = None,
        reading: Literal["cascade", "first", "fast", "full"] | None = None,
    ) -> npt.NDArray[Any]:
        """Return probabilities in the order of `LEARNED`, shape (n_ideas, 4)."""
        ...


def decisive_clause(assessor: Judges, report: Report) -> Decisive | None:
    """Return the clause whose deletion lowers the probability of the report's verdict most.

    Args:
        assessor: The one that the report is from.
        report: The report; its facts are kept while clauses go.

    Returns:
        None for an idea of one clause, for a verdict that is withheld, and where no deletion lowers it.
    """
    if report.verdict is Verdict.UNCLEAR or len(report.tasks) < 2:
        return None
    tried = tried_clauses(report.tasks)
    left = [without(report.text, report.tasks, number) for number in tried]
    ideas = [report.use_case.model_copy(update={"text": text}) for text in left]
    today, reading = how_read(report)
    rows = assessor.probabilities(ideas, today=today, reading=reading).tolist()
    own = LEARNED.index(report.verdict)
    number, row = min(zip(tried, rows, strict=True), key=lambda pair: pair[1][own])
    if row[own] >= report.probabilities[report.verdict.value]:
        return None
    task = report.tasks[number]
    return Decisive(task.text, task.start, task.end, row[own], LEARNED[row.index(max(row))])


def how_read(report: Report) -> tuple[dt.date | None, Literal["fast", "first", "full"]]:
    """Return the day that a report was priced on and how often its idea was read, so that another is read alike."""
    # a cost that speaks is part of the verdict
    priced_on = dt.date.fromisoformat(report.cost.priced_on) if report.cost is not None else None
    views = {e.id for e in report.ledger}
    return priced_on, "full" if DEEP_VIEW in views else "fast" if WORDING in views else "first"


def tried_clauses(tasks: Sequence[Task]) -> list[int]:
    """Return the numbers of the clauses that are tried, in order: all, or the longest `MOST`."""
    longest = sorted(range(len(tasks)), key=lambda n: tasks[n].start - tasks[n].end)
    return sorted(longest[:MOST])


def without(text: str, tasks: Sequence[Task], number: int) -> str:
    """Return an idea without one of its clauses and without the mark that set it off.

    Of the marks on its two sides the one that ends a sentence stays, so that no two sentences grow together.

    Args:
        text: The normalised text.
        tasks: All its clauses, in order; two or more.
        number: The one to delete.

    >>> from fitcheck.tasks import split_tasks
    >>> idea = "Sum the hours, then draft the letter. A clerk reads it."
    >>> [without(idea, split_tasks(idea), n) for n in range(2)]
    ['then draft the letter. A clerk reads it.', 'Sum the hours. A clerk reads it.']
    """
    before = text[: tasks[number - 1].end] if number else ""
    after = text[tasks[number + 1].start :] if number + 1 < len(tasks) else ""
    left = text[len(before) : tasks[number].start]
    right = text[tasks[number].end : len(text) - len(after)]
    if "(" in left and ")" in right:  # a clause in brackets takes them along
        left, right = left.replace("(", "", 1), right.replace(")", "", 1)
    if not before:
        return after
    if not after:
        return before + right
    return before + ((left if _ENDS_A_SENTENCE.search(left) else right) or ",") + after
