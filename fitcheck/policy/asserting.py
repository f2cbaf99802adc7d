"""An idea asserted in a test of one's own: `check_fit`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal, Protocol

from fitcheck.errors import PolicyFailure, UseCaseError
from fitcheck.labels import label
from fitcheck.pipeline import assess
from fitcheck.policy.telling import as_listed, told
from fitcheck.records import Report, Verdict
from fitcheck.render.content import percent, shorten, usd
from fitcheck.rule_packs import load_rules
from fitcheck.taxonomy import CONCEPTS
from fitcheck.text import Language
from fitcheck.use_case import UseCase

if TYPE_CHECKING:
    from fitcheck.rules import Rule

__all__ = ["check_fit"]


_Kind = tuple[str, str] | Literal["rule", "family"]


class _Assesses(Protocol):
    rules: dict[str, Rule]

    def assess(self, idea: UseCase, *, today: dt.date | None = None) -> Report: ...


def check_fit(
    idea: str | Mapping[str, Any] | UseCase,
    *,
    verdict: str | Verdict | Collection[str | Verdict] | None = None,
    without: str | Collection[str] = (),
    least_probability: float | None = None,
    max_usd_per_month: float | None = None,
    max_usd_per_call: float | None = None,
    facts: Mapping[str, Any] | None = None,
    assessor: _Assesses | None = None,
    today: dt.date | None = None,
    lang: Language | None = None,
) -> Report:
    """Assess an idea and require something of the report; what is not asked for is not looked at.

    Args:
        idea: A text, a mapping of `UseCase` fields, or a use case.
        verdict: The verdict that must come out, or several of which one must.
        without: What must not be found in the idea: rules by id, rule families, and what a reader notices, as
            `stakes=high` or `high-stakes`.
        least_probability: Of the verdict that came out, 0 to 1.
        max_usd_per_month: The most that the calls may cost. An unknown volume is a failure, not a pass.
        max_usd_per_call: The most that one call may cost.
        facts: Facts to add to the idea's own, by the names of `UseCase` fields.
        assessor: With your own rules; None for the shipped one.
        today: The day that prices and expiry dates are read for; None for today.
        lang: The language of the message; None for the idea's own.

    Returns:
        The report.

    Raises:
        PolicyFailure: Something that was asked for does not hold; an AssertionError, and the message shows the ledger.
        UseCaseError: The idea can't be read, nothing was asked for, or a name in `without` is none.

    >>> check_fit("Write a birthday poem for a colleague", verdict="fit", without=["high-stakes"]).verdict.value
    'fit'
    """
    __tracebackhide__ = True
    allowed = _verdicts(verdict)
    unwanted = (without,) if isinstance(without, str) else tuple(without)
    limits = (least_probability, max_usd_per_month, max_usd_per_call)
    if not allowed and not unwanted and limits == (None, None, None):
        raise UseCaseError(
            'check_fit asks for nothing, and would always pass: give verdict="fit", without=… or a limit'
        )
    _refuse_odd_limits(least_probability, max_usd_per_month, max_usd_per_call)
    rules = _rules(assessor) if unwanted else {}
    kinds = {name: _kind(name, rules) for name in unwanted}
    use_case = _use_case(idea, facts)
    report = assess(use_case, today=today) if assessor is None else assessor.assess(use_case, today=today)
    said = lang or report.lang
    broken = [
        *_verdict_broken(report, allowed, least_probability, said),
        *(line for name, kind in kinds.items() for line in _found(report, name, kind, rules, said)),
        *_cost_broken(report, max_usd_per_month, max_usd_per_call, said),
    ]
    if broken:
        asked = len([x for x in (allowed, *unwanted, *limits) if x not in (None, ())])
        head = _say("head", said, broken=len(broken), asked=asked)
        raise PolicyFailure("\n".join([head, *(f"  - {line}" for line in broken), "", told(report, lang=said)]))
    return report


def _rules(assessor: _Assesses | None) -> Mapping[str, Rule]:
    return {rule.id: rule for rule in load_rules()} if assessor is None else assessor.rules


def _use_case(idea: str | Mapping[str, Any] | UseCase, facts: Mapping[str, Any] | None) -> UseCase:
    if isinstance(idea, UseCase):
        values = {name: value for name, value in idea if value is not None}
    else:
        values = {"text": idea} if isinstance(idea, str) else dict(idea)
    return UseCase.read(values | dict(facts or {}))


def _verdicts(given: str | Verdict | Collection[str | Verdict] | None) -> tuple[Verdict, ...]:
    if given is None:
        return ()
    names = (given,) if isinstance(given, str) else tuple(given)
    if not names:
        raise UseCaseError("verdict: an empty list allows nothing; name one or more of them, or leave it out")
    for name in names:
        if name not in list(Verdict):
            raise UseCaseError(f"verdict: there is no {name!r}; {_nearest(str(name), list(Verdict))}")
    return tuple(Verdict(name) for name in names)


def _refuse_odd_limits(least_probability: float | None, *limits: float | None) -> None:
    if least_probability is not None and not 0 < least_probability <= 1:
        raise UseCaseError(f"least_probability = {least_probability}: a probability, above 0 and up to 1")
    for limit in limits:
        # not a number fails every comparison, and would pass for ever
        if limit is not None and not limit >= 0:
            raise UseCaseError(f"a limit of {limit} USD: give 0 or more")


def _kind(name: str, rules: Mapping[str, Rule]) -> _Kind:
    """Say what a name in `without` is: a rule, a family of rules, or a concept and its value.

    Raises:
        UseCaseError: It is none of them; offers the nearest.
    """
    if name in rules:
        return "rule"
    families = {rule.family for rule in rules.values()}
    if name in families:
        return "family"
    named = {
        spelling: (c, v) for c, values in CONCEPTS.items() for v in values for spelling in (f"{c}={v}", f"{v}-{c}")
    }
    named |= {value: ("category", value) for value in CONCEPTS["category"]}
    if name in named:
        return named[name]
    known = _nearest(name, [*rules, *sorted(families), *named])
    raise UseCaseError(f"without: no rule, rule family or concept is called {name!r}; {known}")


def _nearest(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, n=1)
    if near:
        return f"did you mean {str(near[0])!r}?"
    return f"known: {', '.join(known)}" if len(known) < 20 else "fitcheck rules lists the rules"


def _verdict_broken(
    report: Report, allowed: Sequence[Verdict], least_probability: float | None, lang: Language
) -> Iterator[str]:
    if allowed and report.verdict not in allowed:
        names = _say("or", lang).join(as_listed(v.value, lang) for v in allowed)
        yield _say("verdict", lang, allowed=names, came=as_listed(report.verdict.value, lang))
    if least_probability is not None and report.probability < least_probability:
        yield _say("probability", lang, least=percent(least_probability), came=percent(report.probability))


def _found(
    report: Report,
    name: str,
    kind: _Kind,
    rules: Mapping[str, Rule],
    lang: Language,
) -> Iterator[str]:
    if isinstance(kind, tuple):
        concept, wanted = kind
        value, share = report.concepts.get(concept, ("", 0.0))
        if value == wanted:
            yield _say(
                "concept", lang, name=name, concept=label(concept, lang), value=label(value, lang), share=percent(share)
            )
        return
    for e in report.ledger:
        if e.source != "rule":
            continue
        for rule in (rules[i] for i in (e.id, *e.also) if i in rules):
            if rule.id == name if kind == "rule" else rule.family == name:
                title = rule.title.zh if lang == "zh" else rule.title.en
                yield _say("rule", lang, name=name, rule=rule.id, title=title, quote=shorten(e.quote))


def _cost_broken(
    report: Report, max_usd_per_month: float | None, max_usd_per_call: float | None, lang: Language
) -> Iterator[str]:
    cost = report.cost
    if max_usd_per_month is not None:
        came = None if cost is None else cost.usd_per_month
        if came is None:
            yield _say("no volume" if cost else "no price", lang, limit=usd(max_usd_per_month))
        elif came > max_usd_per_month:
            yield _say("month", lang, limit=usd(max_usd_per_month), came=usd(came))
    if max_usd_per_call is not None:
        if cost is None:
            yield _say("no price", lang, limit=usd(max_usd_per_call))
        elif cost.usd_per_call > max_usd_per_call:
            yield _say("call", lang, limit=usd(max_usd_per_call), came=usd(cost.usd_per_call))


_WORDS: dict[str, tuple[str, str]] = {
    "head": (
        "the idea breaks {broken} of {asked} things asked of it",
        "这个想法没有满足 {asked} 项要求中的 {broken} 项",
    ),
    "or": (" or ", "或"),
    "verdict": ("verdict: asked for {allowed}, got {came}", "结论：要求 {allowed}，得到 {came}"),
    "probability": ("probability: asked for {least} or more, got {came}", "概率：要求不低于 {least}，得到 {came}"),
    "rule": (
        "without {name!r}: {rule} fired: {title} (“{quote}”)",
        "不得有 {name!r}：规则 {rule} 成立：{title}（“{quote}”）",
    ),
    "concept": ("without {name!r}: {concept}: {value} ({share})", "不得有 {name!r}：{concept}：{value}（{share}）"),
    "month": (
        "cost: at most {limit} USD a month, it would be {came}",
        "成本：每月不超过 {limit} 美元，预计 {came} 美元",
    ),
    "call": (
        "cost: at most {limit} USD a call, it would be {came}",
        "成本：每次调用不超过 {limit} 美元，预计 {came} 美元",
    ),
    "no volume": (
        "cost: at most {limit} USD a month, and the volume is unknown: add the fact calls_per_month",
        "成本：每月不超过 {limit} 美元，但不知道调用量：请补充 calls_per_month",
    ),
    "no price": (
        "cost: at most {limit} USD, and no price is known: check the facts model and provider",
        "成本：不超过 {limit} 美元，但查不到价格：请检查 model 和 provider",
    ),
}


def _say(key: str, lang: Language, **values: object) -> str:
    return _WORDS[key][lang == "zh"].format(**values)
