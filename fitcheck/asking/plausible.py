"""Which answers to a question are plausible for an idea, as far as its text tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fitcheck.asking.groups import GROUPS, TaskGroup
from fitcheck.use_case import UseCase

__all__ = ["MATTERS", "SHAPES", "Shares", "likely_tasks", "plausible_answers", "shares_of_groups", "task_answers"]

Shares = Mapping[str, Mapping[str, float]]
"""By concept, the probability of each of its values."""

_LEAST = 0.05
_OFTEN = 0.4
_LEAST_TASK = 0.1
_MOST_TASKS = 7
_CONCEPT_OF = {"human_review": "review", "existing_quality": "existing"}
_VALUE_OF = {True: "yes", False: "no"}

_ANSWERS: dict[str, tuple[Any, ...]] = {
    "decides": ("model", "person", "method", "none"),
    "human_review": (True, False),
    "stakes": ("high", "low"),
    "format": ("fixed", "free"),
    "existing_quality": ("works", "poor"),
    "error_tolerance": ("none", "some"),
    "same_answer_required": (True, False),
    "output": ("text", "number", "label", "fields", "code", "image", "decision", "action"),
    "input": ("text", "code", "records", "numbers", "image", "audio", "sensor", "physical"),
    "data_sensitivity": ("regulated", "personal", "internal"),
    "latency_budget_s": (0.1, 3, 60),
    "calls_per_month": (1_000, 100_000, 20_000_000),
    "labelled_examples": (0, 1_000),
    "usd_per_error": (1, 1_000),
}
"""The facts that can move a verdict, by a concept or by a rule that asks for them, and the answers told apart."""

SHAPES: dict[str, tuple[Any, ...]] = {fact: _ANSWERS[fact] for fact in ("output", "format")}
"""What names a task together, asked where nobody names it."""

MATTERS: dict[str, tuple[Any, ...]] = {fact: _ANSWERS[fact] for fact in ("decides", "format", "human_review", "stakes")}
"""What mostly matters, asked where the report has no better question."""

_COMES_OUT: dict[str, tuple[str, ...]] = {
    "write": ("text",),
    "reword": ("text",),
    "answer": ("text",),
    "read": ("text", "label", "fields"),
    "code": ("code",),
    "media": ("image",),
    "prepare": ("text", "label"),
    "fields": ("fields", "label", "text"),
    "count": ("number", "text"),
    "steps": ("action", "label"),
    "forecast": ("number", "label"),
    "plan": ("decision",),
    "recognise": ("text", "label", "number"),
    "decide": ("decision", "action"),
    "truth": ("text", "label"),
    "meet": ("text",),
    "hands": ("action",),
}
_QUICK = (
    "sensor-control",
    "anomaly-fraud-security",
    "investment-trading",
    "recommendation-ranking",
    "image-recognition",
    "biometrics",
    "autonomous-action",
)
"""Where an answer may be wanted within a tenth of a second."""


def shares_of_groups(shares: Shares) -> dict[str, float]:
    """Return each group's probability by its id; how often it is meant where the categories' are not known."""
    category = shares.get("category", {})
    if not category:
        return {group.id: group.often for group in GROUPS}
    return {group.id: sum(category.get(c, 0.0) for c in group.categories) for group in GROUPS}


def task_answers(shares: Shares) -> tuple[TaskGroup, ...]:
    """Return the likeliest groups of tasks, with each verdict among them, in the order of reading."""
    likely = shares_of_groups(shares)
    # a text that names no task tells little: what is often meant counts as much
    ranked = sorted(GROUPS, key=lambda group: -(likely[group.id] / 2 + group.often))
    chosen = ranked[:_MOST_TASKS]
    for verdict in dict.fromkeys(group.verdict for group in GROUPS):
        if not any(group.verdict is verdict for group in chosen):
            spare = max(
                (g for g in chosen if sum(o.verdict is g.verdict for o in chosen) > 1),
                key=ranked.index,
            )
            chosen[chosen.index(spare)] = next(group for group in ranked if group.verdict is verdict)
    return tuple(group for group in GROUPS if group in chosen)


def likely_tasks(shares: Shares) -> tuple[TaskGroup, ...]:
    """Return the groups of tasks that a text leaves open, in the order of reading; none where there is but one."""
    likely = shares_of_groups(shares)
    found = tuple(group for group in GROUPS if likely[group.id] >= _LEAST_TASK)
    return found if len(found) > 1 else ()


def plausible_answers(use_case: UseCase, shares: Shares) -> dict[str, tuple[Any, ...]]:
    """Return the facts that are not given and could be asked for, with their plausible answers.

    Args:
        use_case: The idea and its facts.
        shares: What the text tells of the concepts; empty where nothing is known, and all is plausible.
    """
    likely = shares_of_groups(shares)
    found: dict[str, tuple[Any, ...]] = {}
    for fact, values in _ANSWERS.items():
        if getattr(use_case, fact) is not None or not _matters(fact, use_case, shares):
            continue
        found[fact] = _told(fact, values, shares, likely) if shares else values
    return {fact: values for fact, values in found.items() if len(values) > 1}


def _told(fact: str, values: tuple[Any, ...], shares: Shares, likely: Mapping[str, float]) -> tuple[Any, ...]:
    """Return the values that the text leaves open."""
    if fact == "output":
        return tuple(
            v for v in values if sum(share for group, share in likely.items() if v in _COMES_OUT[group]) >= _LEAST
        )
    known = shares.get(_CONCEPT_OF.get(fact, fact))
    if known is None:
        return values
    # what is left unsaid may be either
    unsaid = known.get("unsaid", 0.0)
    return tuple(v for v in values if known.get(_VALUE_OF.get(v, v), 0.0) + unsaid / len(values) >= _LEAST)


def _matters(fact: str, use_case: UseCase, shares: Shares) -> bool:
    """Say whether a fact is worth a thought: some matter only beside another fact, or to some kinds of tasks."""
    if fact == "latency_budget_s":
        return sum(shares.get("category", {}).get(category, 0.0) for category in _QUICK) >= _OFTEN
    if fact == "calls_per_month":
        return use_case.users is not None
    if fact == "labelled_examples":
        return use_case.calls_per_month is not None or use_case.latency_budget_s is not None
    if fact == "usd_per_error":
        return use_case.error_tolerance not in (None, "none")
    return True
