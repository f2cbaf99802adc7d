"""Entries checked against a policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from fitcheck.cost import with_listed_model
from fitcheck.errors import FitcheckError, PriceUnknown, UseCaseError
from fitcheck.policy.document import Policy, Waiver
from fitcheck.policy.doubts import doubts
from fitcheck.policy.entries import Entry
from fitcheck.policy.errors import PolicyError
from fitcheck.policy.escaping import shown, shown_path
from fitcheck.policy.found import Assesses, CheckResult, Finding, Outcome, Problem
from fitcheck.policy.keys import key_of
from fitcheck.policy.requirements import Case, ForbiddenRules, Requirement, near, same
from fitcheck.policy.waivers import waiver_problems
from fitcheck.records import Report
from fitcheck.text import Language
from fitcheck.use_case import UseCase

__all__ = ["Assesses", "CheckResult", "Finding", "Outcome", "Problem", "check_entries"]


_USUAL = frozenset({"department", "criticality", "agreement", "exit_plan"})
"""Attributes that policies name even where no entry has them yet."""


def check_entries(
    entries: Sequence[Entry],
    policy: Policy,
    assessor: Assesses,
    *,
    today: dt.date | None = None,
    lang: Language | None = None,
    registry: Collection[str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> CheckResult:
    """Check entries against a policy.

    Args:
        entries: Of a registry.
        policy: What to require.
        assessor: Judges the ideas.
        today: The day that prices, evidence and waivers are read for; None for today.
        lang: The language of the messages; None for the policy's.
        registry: The ids of the whole registry, where `entries` is only a part of it: waivers for its other
            ideas are left alone. None where `entries` is all there is.
        progress: Called with the number of ideas judged so far.

    Raises:
        UseCaseError: No entry, or one whose idea can't be judged.
        PolicyError: The policy names a rule or a key of the entries that is none.
    """
    if not entries:
        raise UseCaseError("no use case to check: an empty registry is no pass")
    day, said = today or dt.date.today(), lang or policy.lang
    _refuse_strange_keys(policy, entries)
    _refuse_strange_rules(policy, getattr(assessor, "rules", None))
    waivers = {(w.idea, w.requirement): w for w in policy.waivers}
    packs = tuple(pack for pack in (policy.rules, policy.extra_rules) if pack is not None)
    outcomes: list[Outcome] = []
    judged = []
    for entry, report in _judged(entries, assessor, day):
        judged.append((entry, report))
        outcomes += _ask(Case(entry, report, day, packs), policy, waivers, said)
        if progress is not None:
            progress(len(judged))
    cases = [Case(entry, report, day) for entry, report in judged]
    return CheckResult(
        entries=tuple(entries),
        outcomes=tuple(outcomes),
        findings=tuple(o.finding for o in outcomes if o.finding is not None),
        policy=policy,
        problems=(
            *waiver_problems(policy, entries, outcomes, day, said, registry),
            *doubts(policy, entries, day, said),
        ),
        judged=tuple(judged),
        idle=tuple(r.id for r in policy.requirements if r.where and not any(map(r.is_for, cases))),
        lang=said,
    )


def _judged(entries: Sequence[Entry], assessor: Assesses, day: dt.date) -> Iterator[tuple[Entry, Report]]:
    # a model of one's own has no listed price, and needs none to be judged
    asked = [with_listed_model(entry.use_case, day)[0] for entry in entries]
    outcomes = _placed(entries, asked, assessor, day)
    for entry, idea, outcome in zip(entries, asked, outcomes, strict=True):
        unpriced = idea is not entry.use_case
        yield entry, replace(outcome, use_case=entry.use_case, cost=None) if unpriced else outcome


def _placed(entries: Sequence[Entry], asked: Sequence[UseCase], assessor: Assesses, day: dt.date) -> Iterator[Report]:
    """Yield each idea's report; the first that can't be judged is named with its place."""
    outcomes = assessor.assess_each(asked, today=day)
    for n_done, entry in enumerate(entries):
        try:
            outcome = next(outcomes)
        except (UseCaseError, PriceUnknown):
            # what an idea met while a block of them was judged does not say which it was
            for other, idea in zip(entries[n_done:], asked[n_done:], strict=True):
                try:
                    list(assessor.assess_each([idea], today=day))
                except (UseCaseError, PriceUnknown) as error:
                    raise _unjudged(other, error) from None
            raise
        if not isinstance(outcome, Report):
            raise _unjudged(entry, outcome)
        yield outcome


def _unjudged(entry: Entry, error: FitcheckError) -> UseCaseError:
    return UseCaseError(f"{shown_path(entry.path)}:{entry.line}: {entry.id}: {error}")


def _ask(case: Case, policy: Policy, waivers: Mapping[tuple[str, str], Waiver], lang: Language) -> Iterator[Outcome]:
    for one in policy.requirements:
        if not one.is_for(case) or not one.applies(case):
            continue
        breach = one.ask(case)
        finding = None
        if breach is not None:
            waiver = waivers.get((case.entry.id, one.id))
            message, remedy = (shown(getattr(s, lang)) for s in (breach.message, breach.remedy))
            finding = Finding(
                entry=case.entry,
                requirement=one.id,
                severity="warning" if one.severity == "warning" else "error",
                message=message,
                remedy=remedy,
                report=case.report,
                waived=waiver if waiver is not None and case.today <= waiver.until else None,
            )
        yield Outcome(case.entry, one.id, case.report, finding)


def _refuse_strange_keys(policy: Policy, entries: Sequence[Entry]) -> None:
    """Refuse a key of `where` that no entry has and that looks like one that they have or often have."""
    narrowed = [(one, key) for one in policy.requirements for key in one.where]
    if not narrowed:
        return
    # an attribute that no idea has yet may be right
    known = {*UseCase.model_fields, "verdict", "owner", "expect", *(k for e in entries for k in e.attributes)}
    for one, key in narrowed:
        is_known = key in known or key_of(key) in {*map(key_of, known), *_USUAL}
        close = [] if is_known else get_close_matches(key, known | _USUAL, n=1, cutoff=0.75)
        if close:
            raise _at(policy, one, f"where = {{ {key} = … }}: no use case has it; did you mean {close[0]!r}?")


def _refuse_strange_rules(policy: Policy, rules: Any) -> None:
    if not isinstance(rules, Mapping):
        return
    for one in policy.requirements:
        for name in one.rules if isinstance(one, ForbiddenRules) else ():
            if "*" not in name and name not in rules:
                raise _at(policy, one, f"rules: there is no rule {name!r}; {near(name, list(rules))[:300]}")
            if "*" in name and not any(same(rule, [name]) for rule in rules):
                hint = near(name.replace("*", ""), list(rules))[:300]
                raise _at(policy, one, f"rules: {name!r} matches no rule, so nothing is forbidden; {hint}")


def _at(policy: Policy, one: Requirement, what: str) -> PolicyError:
    path, line = policy.places.get(one.id, (policy.path, 1))
    return PolicyError(f"{shown_path(path)}:{line}: {one.id}: {what}")
