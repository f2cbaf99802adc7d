"""Facts worth asking for: those whose answer would turn the verdict or move it most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fitcheck.asking.named import NAMED
from fitcheck.asking.plausible import Shares, likely_tasks, plausible_answers, shares_of_groups, task_answers
from fitcheck.beside import Question, Turn
from fitcheck.combine import Decision
from fitcheck.fact_words import clause
from fitcheck.records import Report, Verdict
from fitcheck.use_case import UseCase
from fitcheck.volumes import stated_volume

__all__ = ["Again", "ask", "is_firm", "is_nameless", "is_settled", "says_no_task", "tells_the_form"]

Again = Callable[[Sequence[Mapping[str, Any]]], Sequence[Decision]]
"""Gives what would be decided under other facts: one decision for each set of changed fields."""

_MOST = 3
_LEAST_SHIFT = 0.1
_UNSURE = 0.7
"""Below it a question that only moves the probability is worth asking, if no other is."""
_SURE = 0.9
_FIRM = 0.6
_VAGUE_TASK = 0.45
"""Below it the text doesn't say which job it is about."""
_LOUD = 0.5
"""A rule that argues for so many nats knows the job."""
_NAMELESS = ("no task", "nothing spoke")
_LIKELY_TASKS = 4
_WITH_A_TASK: dict[str, tuple[Any, ...]] = {
    "decides": ("model", "person"),
    "format": ("fixed", "free"),
    "human_review": (True, False),
    "stakes": ("high", "low"),
}
"""What is asked beside the task where the text names none."""

_TELL_THE_FORM = ("fixed-extraction", "free-extraction", "template-fill", "keyword-filter", "arithmetic-reporting")
"""Tasks whose very name says whether the form is fixed."""
_WORTH_A_MODEL = (Verdict.FIT, Verdict.ASSIST)
_CONCEPT_OF = {"human_review": "review", "existing_quality": "existing"}
_BETTER = {Verdict.FIT: 3, Verdict.ASSIST: 2, Verdict.OVERKILL: 1, Verdict.UNFIT: 0, Verdict.UNCLEAR: -1}
# what a proposer can change, in contrast to what simply is so
_CHANGEABLE = (("human_review", True), ("decides", "person"), ("decides", "method"))


def ask(
    use_case: UseCase,
    decision: Decision,
    concepts: Mapping[str, tuple[str, float]],
    again: Again,
    shares: Shares | None = None,
) -> tuple[tuple[Question, ...], Turn | None]:
    """Re-assess under the plausible values of each fact that is not given.

    Where the text names no task, the task is asked first; the other questions then hold for one task of those.

    Args:
        use_case: The idea and its facts.
        decision: The verdict as things stand.
        concepts: The predicted concepts; what the text settles by itself is not asked.
        again: Gives what would be decided under other facts, all in one block.
        shares: By concept, the probability of each of its values; implausible answers are not tried.

    Returns:
        At most three questions that turn the verdict, the weightiest first; where none does and the verdict is unsure,
        the one that moves it most; and the change that would better the
        verdict, if one of the facts within the proposer's reach does.
    """
    shares = shares or {}
    if is_nameless(decision.why_unclear) and use_case.task_category is None:
        return _ask_the_task(use_case, decision, again, shares), None
    plausible = plausible_answers(use_case, shares)
    answers = {fact: values for fact, values in plausible.items() if not _settled(fact, concepts)}
    if tells_the_form(use_case.task_category):
        answers.pop("format", None)
    if use_case.task_category is None and _names_no_job(decision, concepts, shares):
        answers["task_category"] = tuple(g.likeliest(shares["category"]) for g in likely_tasks(shares))
    changes = [(fact, answer) for fact, answer in _CHANGEABLE if getattr(use_case, fact) is None]
    tried = dict.fromkeys((*((fact, answer) for fact, values in answers.items() for answer in values), *changes))
    found = dict(zip(tried, again([{fact: answer} for fact, answer in tried]), strict=True))
    questions: list[tuple[bool, Question]] = []
    for fact, values in answers.items():
        told = tuple((_word(answer), found[fact, answer].verdict) for answer in values)
        shift = max((_moved(found[fact, answer], decision) for answer in values), default=0.0)
        turns = len({v for _, v in told}) > 1
        if turns or shift >= _LEAST_SHIFT:
            questions.append((turns, Question(fact, told, round(shift, 3), stated=_stated(use_case, fact))))
    questions.sort(key=lambda item: (not item[0], -item[1].shift, item[1].fact))
    unsure = max(decision.probabilities.values()) < _UNSURE
    asked = [q for turns, q in questions if turns] or [q for _, q in questions[:1] if unsure]
    return tuple(asked[:_MOST]), _turn(use_case, decision, {c: found[c] for c in changes})


def is_firm(verdict: Verdict, probability: float) -> bool:
    """Say whether a verdict needs no further question."""
    return verdict is not Verdict.UNCLEAR and probability >= _FIRM


def is_settled(report: Report) -> bool:
    """Say whether a verdict is firm: likely, with no open question that turns it between a model and no model."""
    if report.verdict is Verdict.UNCLEAR or report.probability < _UNSURE:
        return False
    worth = report.verdict in _WORTH_A_MODEL
    led_to = {verdict for asked in report.questions for _, verdict in asked.answers} - {Verdict.UNCLEAR}
    return all((verdict in _WORTH_A_MODEL) is worth for verdict in led_to)


def tells_the_form(category: str | None) -> bool:
    """Say whether a task's very name says whether the form is fixed."""
    return category in _TELL_THE_FORM


def is_nameless(why_unclear: str | None) -> bool:
    """Say whether a verdict is withheld for want of a task."""
    return why_unclear in _NAMELESS


def says_no_task(report: Report) -> bool:
    """Say whether neither facts nor words tell what the job is, so that even a sure verdict is a guess at one."""
    if report.use_case.task_category is not None or any(e.id == NAMED for e in report.ledger):
        return False
    if is_nameless(report.why_unclear):
        return True
    _, sure = report.concepts.get("category", ("", 1.0))
    ruled = any(e.source == "rule" and e.role == "core" and e.log_odds >= _LOUD for e in report.ledger)
    return sure < _VAGUE_TASK and not ruled


def _names_no_job(decision: Decision, concepts: Mapping[str, tuple[str, float]], shares: Shares) -> bool:
    """Say whether a verdict is a guess at what the job might be."""
    _, sure = concepts.get("category", ("", 1.0))
    unsure = max(decision.probabilities.values()) < _FIRM
    return "category" in shares and sure < _VAGUE_TASK and unsure


def _ask_the_task(use_case: UseCase, decision: Decision, again: Again, shares: Shares) -> tuple[Question, ...]:
    """Ask what the model is to do, and what would matter then."""
    category = shares.get("category", {})
    tasks = [group.likeliest(category) for group in task_answers(shares)]
    likely = shares_of_groups(shares)
    ranked = sorted(zip(task_answers(shares), tasks, strict=True), key=lambda pair: -likely[pair[0].id])
    followed = [
        ({"task_category": task}, fact, values)
        for _, task in ranked[:_LIKELY_TASKS]
        for fact, values in _WITH_A_TASK.items()
        if getattr(use_case, fact) is None
    ]
    changes: list[dict[str, Any]] = [{"task_category": task} for task in tasks]
    changes += [given | {fact: value} for given, fact, values in followed for value in values]
    outcomes = iter(again(changes))
    found = [next(outcomes) for _ in tasks]
    by_task = dict(zip(tasks, found, strict=True))
    told = tuple((task, its.verdict) for task, its in by_task.items())
    first = Question("task_category", told, round(max(_moved(its, decision) for its in found), 3))
    best: dict[str, Question] = {}
    for given, fact, values in followed:
        its = [next(outcomes) for _ in values]
        answers = tuple((_word(v), one.verdict) for v, one in zip(values, its, strict=True))
        shift = max(_moved(one, by_task[given["task_category"]]) for one in its)
        known = best.get(fact)
        if len({v for _, v in answers}) > 1 and (known is None or shift > known.shift):
            best[fact] = Question(fact, answers, round(shift, 3), given)
    beside = sorted(best.values(), key=lambda q: (-q.shift, q.fact))
    return (first, *beside[: _MOST - 1])


def _stated(use_case: UseCase, fact: str) -> dict[str, str]:
    volume = stated_volume(use_case.text) if fact == "calls_per_month" else None
    return {} if volume is None else volume.offer


def _settled(fact: str, concepts: Mapping[str, tuple[str, float]]) -> bool:
    value, probability = concepts.get(_CONCEPT_OF.get(fact, fact), ("", 0.0))
    return probability >= _SURE and value != "unsaid"


def _moved(found: Decision, before: Decision) -> float:
    return max(abs(found.probabilities[v] - share) for v, share in before.probabilities.items())


def _turn(use_case: UseCase, decision: Decision, found: Mapping[tuple[str, Any], Decision]) -> Turn | None:
    """Return the first change that gets a better verdict."""
    for (fact, answer), its in found.items():
        verdict = its.verdict
        if _BETTER[verdict] > _BETTER[decision.verdict] >= 0:
            words = {"en": clause(fact, _word(answer), "en"), "zh": clause(fact, _word(answer), "zh")}
            changed = use_case.model_copy(update={fact: answer})
            kind = f"{fact}={_word(answer)}"
            return Turn(kind, words, changed, verdict, round(its.probabilities[verdict], 4), {fact: answer})
    return None


def _word(answer: Any) -> str:
    return ("no", "yes")[answer] if isinstance(answer, bool) else str(answer)
