"""One finding for every axis of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from fitcheck.beside import LensFinding
from fitcheck.lens.axes import AXES, USUAL
from fitcheck.lens.given import given_on
from fitcheck.lens.heads import Heads, load_heads, telling_clauses
from fitcheck.lens.hints import hint_on
from fitcheck.lens.pack import LensPack, load_lens
from fitcheck.lens.words import Spoken, quote_of, spoken_on
from fitcheck.records import Report, Task
from fitcheck.text import fold

__all__ = ["Answer", "answer_axes", "lens_values", "read_lens", "spoken_in", "values_of"]

Basis = Literal["words", "facts", "cost", "scenarios", "usual"]


@dataclass(frozen=True, slots=True)
class Answer:
    """An axis's answer before it is put into words.

    Attributes:
        value: Of the axis's closed list.
        confidence: 0 to 1.
        basis: As in `LensFinding`.
        facts: The facts that it rests on.
        spoken: The rule that spoke for it; None where none did.
    """

    value: str
    confidence: float
    basis: Basis
    facts: tuple[str, ...] = ()
    spoken: Spoken | None = None


def read_lens(report: Report) -> tuple[LensFinding, ...]:
    """Return one finding for each axis, in order.

    Args:
        report: The verdict on an idea; its text, clauses, facts, concepts, cost and probabilities are read.

    Raises:
        RuleError: A file of the lens is broken.
    """
    pack = load_lens()
    answers = answer_axes([report], pack)[0]
    telling = telling_clauses(report, {a: one.value for a, one in answers.items() if one.basis == "scenarios"})
    return tuple(_finding(pack, report, axis, answer, telling.get(axis)) for axis, answer in answers.items())


def lens_values(reports: Sequence[Report]) -> list[dict[str, str]]:
    """Return for each report the value of each axis, in order, without the words of `read_lens`.

    Raises:
        RuleError: A file of the lens is broken.
    """
    if not reports:
        return []
    return [{axis: answer.value for axis, answer in own.items()} for own in answer_axes(reports)]


def answer_axes(
    reports: Sequence[Report],
    pack: LensPack | None = None,
    *,
    heads: Heads | None = None,
    spoken: Sequence[Mapping[str, Spoken]] | None = None,
) -> list[dict[str, Answer]]:
    """Return for each report each axis's answer, in order.

    Args:
        reports: The verdicts on ideas; together they are read faster than one by one.
        pack: The lens's files; None for the shipped ones.
        heads: The trained models; None for the shipped ones.
        spoken: What the rules say on each, where that is known.
    """
    pack = pack or load_lens()
    heads = heads or load_heads()
    if spoken is None:
        spoken = [spoken_in(pack, report) for report in reports]
    guessed = heads.read(reports, [values_of(said) for said in spoken])
    return [
        {axis: _answer(axis, report, said.get(axis), own, heads, pack) for axis in AXES}
        for report, said, own in zip(reports, spoken, guessed, strict=True)
    ]


def spoken_in(pack: LensPack, report: Report) -> dict[str, Spoken]:
    """Return for each axis the strongest rule that speaks on a report's idea."""
    concepts = {name: value for name, (value, _) in report.concepts.items()}
    return spoken_on(pack, report.text, report.tasks, facts=report.use_case.facts(), concepts=concepts)


def values_of(spoken: Mapping[str, Spoken]) -> dict[str, str]:
    """Return the value that each rule spoke for, by axis."""
    return {axis: one.rule.value for axis, one in spoken.items()}


def _answer(
    axis: str,
    report: Report,
    spoken: Spoken | None,
    guessed: dict[str, tuple[str, float]],
    heads: Heads,
    pack: LensPack,
) -> Answer:
    given = given_on(axis, report.use_case)
    if given is not None and given.outright:
        agreeing = spoken if spoken is not None and spoken.rule.value == given.value else None
        return Answer(given.value, given.confidence, "facts", given.facts, agreeing)
    if axis in guessed:
        # the model has heard the rules, and weighs them with all else
        value, share = guessed[axis]
        if spoken is not None and spoken.rule.value == value:
            return Answer(value, share, "words", spoken=spoken)
        if given is None:
            if not pack.is_borne_out(axis, value, fold(report.text)):
                return Answer(USUAL[axis], heads.trust_in("usual", axis), "usual")
            return Answer(value, share, "scenarios")
    elif spoken is not None:
        return Answer(spoken.rule.value, heads.trust_in_rule(spoken.rule), "words", spoken=spoken)
    if given is not None:
        return Answer(given.value, given.confidence, "facts", given.facts)
    hint = hint_on(axis, report.concepts)
    if hint is not None:
        return Answer(hint.value, round(heads.trust_in("hint", axis) * hint.share, 2), "scenarios")
    return Answer(USUAL[axis], heads.trust_in("usual", axis), "usual")


def _finding(pack: LensPack, report: Report, axis: str, answer: Answer, telling: Task | None) -> LensFinding:
    says, do = pack.said[axis, answer.value]
    spoken = answer.spoken
    quote, start, rule = ("", -1, "") if telling is None else (telling.text, telling.start, "")
    if spoken is not None:
        rule = f"{axis}/{spoken.rule.id}"
        if spoken.rule.says is not None:
            says = {"en": spoken.rule.says.en, "zh": spoken.rule.says.zh}
        if spoken.rule.do is not None:
            do = {"en": spoken.rule.do.en, "zh": spoken.rule.do.zh}
        if spoken.start >= 0:
            quote, start = quote_of(report.text, report.tasks, spoken.start, spoken.end)
    more, facts, basis = _worked_out(axis, report, answer)
    return LensFinding(
        axis=axis,
        value=answer.value,
        confidence=answer.confidence,
        basis=basis,
        says=_joined(says, more),
        do=dict(do),
        quote=quote,
        start=start,
        facts=tuple(dict.fromkeys((*answer.facts, *facts))),
        sources=pack.sources[axis],
        rule=rule,
    )


def _worked_out(axis: str, report: Report, answer: Answer) -> tuple[dict[str, str], tuple[str, ...], Basis]:
    """Return what cost and facts add to an axis's words, the facts, and the basis where they are all there is."""
    if axis == "dependence":
        from fitcheck.lens.upstream import upstream_words

        more, facts = upstream_words(report)
        return more, facts, answer.basis
    if axis not in ("payer", "price"):
        return {}, (), answer.basis
    from fitcheck.lens.money import price_words, work_out_loop

    worked = work_out_loop(report)
    if axis == "payer":
        if worked is None:
            return {}, (), answer.basis
        loop, facts = worked
        return loop.words(), facts, "cost" if answer.value == USUAL[axis] else answer.basis
    loses = worked is not None and not worked[0].closes
    if report.cost is None or not (loses or answer.value != USUAL[axis]):
        return {}, (), answer.basis
    loop_or_none, facts = worked or (None, ())
    return price_words(report.cost, loop_or_none), facts, "cost" if answer.value == USUAL[axis] else answer.basis


def _joined(says: dict[str, str], more: dict[str, str]) -> dict[str, str]:
    if not more.get("en"):
        return dict(says)
    return {"en": f"{says['en']} {more['en']}", "zh": says["zh"] + more["zh"]}
