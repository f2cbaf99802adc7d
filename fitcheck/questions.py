"""Facts worth asking for: those whose answer would turn the verdict or move it most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fitcheck.combine import Decision
from fitcheck.records import Question, UseCase, Verdict

__all__ = ["ask"]

_MOST = 3
_LEAST_SHIFT = 0.1
_SURE = 0.9

_ANSWERS: dict[str, tuple[Any, ...]] = {
    "decides": ("model", "person", "method"),
    "human_review": (True, False),
    "stakes": ("high", "low"),
    "format": ("fixed", "free"),
    "existing_quality": ("works", "poor"),
    "error_tolerance": ("none", "some"),
    "same_answer_required": (True, False),
}
_CONCEPT_OF = {"human_review": "review", "existing_quality": "existing"}
_BETTER = {Verdict.FIT: 3, Verdict.ASSIST: 2, Verdict.OVERKILL: 1, Verdict.UNFIT: 0, Verdict.UNCLEAR: -1}
# what a proposer can change, in contrast to what simply is so
_CHANGEABLE = (("human_review", True), ("decides", "person"), ("decides", "method"))


def ask(
    use_case: UseCase,
    decision: Decision,
    concepts: Mapping[str, tuple[str, float]],
    again: Callable[[Sequence[Mapping[str, Any]]], Sequence[dict[str, float]]],
) -> tuple[tuple[Question, ...], Question | None]:
    """Re-assess under the plausible values of each fact that is not given.

    Args:
        use_case: The idea and its facts.
        decision: The verdict as things stand.
        concepts: The predicted concepts; what the text settles by itself is not asked.
        again: Gives the probabilities under other facts: one answer for each set of changed fields.

    Returns:
        At most three questions, the weightiest first; and the change that would better the
        verdict, if one of the facts within the proposer's reach does.
    """
    if decision.why_unclear == "no task":
        return (), None
    questions: list[tuple[bool, Question]] = []
    turn: Question | None = None
    open_facts = {fact: values for fact, values in _ANSWERS.items() if getattr(use_case, fact) is None}
    outcomes = iter(again([{fact: answer} for fact, values in open_facts.items() for answer in values]))
    for fact, values in open_facts.items():
        value, probability = concepts.get(_CONCEPT_OF.get(fact, fact), ("", 0.0))
        settled = probability >= _SURE and value != "unsaid"
        answers, shift = [], 0.0
        for answer in values:
            shares = next(outcomes)
            verdict = Verdict(max(shares, key=shares.__getitem__))
            answers.append((_word(answer), verdict))
            moved = max(abs(shares[v] - decision.probabilities[v]) for v in shares)
            shift = max(shift, moved)
            if (fact, answer) in _CHANGEABLE and _BETTER[verdict] > _BETTER[decision.verdict] >= 0 and turn is None:
                turn = Question(fact, ((_word(answer), verdict),), round(moved, 3))
        turns = len({v for _, v in answers}) > 1
        if not settled and (turns or shift >= _LEAST_SHIFT):
            questions.append((turns, Question(fact, tuple(answers), round(shift, 3))))
    questions.sort(key=lambda item: (not item[0], -item[1].shift, item[1].fact))
    return tuple(q for _, q in questions[:_MOST]), turn


def _word(answer: Any) -> str:
    return ("no", "yes")[answer] if isinstance(answer, bool) else str(answer)
