"""Waivers that no longer stand for anything: expired, unused, or for an idea that isn't there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches

from fitcheck.policy.document import Policy, Waiver
from fitcheck.policy.entries import Entry
from fitcheck.policy.escaping import shown
from fitcheck.policy.found import Outcome, Problem
from fitcheck.policy.requirements import near
from fitcheck.text import Language

__all__ = ["waiver_problems"]

_MOST_NAMES = 20
_MOST_HINTS = 20


def waiver_problems(
    policy: Policy,
    entries: Sequence[Entry],
    outcomes: Sequence[Outcome],
    today: dt.date,
    lang: Language,
    registry: Collection[str] | None = None,
) -> Iterator[Problem]:
    """Yield what is wrong with a policy's waivers.

    Args:
        policy: Whose waivers.
        entries: What was checked.
        outcomes: What was asked of them.
        today: The day.
        lang: The language of the messages.
        registry: The ids of the whole registry; None where `entries` is all of it.
    """
    checked = {entry.id for entry in entries}
    known = checked if registry is None else checked | set(registry)
    broken = {(o.entry.id, o.requirement) for o in outcomes if o.finding is not None}
    n_unknown = 0
    for waiver in policy.waivers:
        if waiver.idea not in known:
            n_unknown += 1
            hint = _hint(waiver.idea, known, lang) if n_unknown <= _MOST_HINTS else ""
            yield _problem(
                "waiver-unknown",
                waiver,
                lang,
                f"the waiver is for {waiver.idea!r}, and no use case is called that" + (f"; {hint}" if hint else ""),
                f"豁免所指的 {waiver.idea!r} 在登记表中不存在" + (f"；{hint}" if hint else ""),
                "correct the name, or remove the waiver",
                "更正名称，或删除该豁免",
            )
        elif waiver.until < today:
            yield _problem(
                "waiver-expired",
                waiver,
                lang,
                f"the waiver of {waiver.requirement} for {waiver.idea!r} expired on {waiver.until.isoformat()}",
                f"{waiver.idea!r} 对 {waiver.requirement} 的豁免已于 {waiver.until.isoformat()} 到期",
                f"mend the idea, or have {waiver.who} decide again",
                f"改正该想法，或请 {waiver.who} 重新决定",
            )
        elif waiver.idea in checked and (waiver.idea, waiver.requirement) not in broken:
            yield _problem(
                "waiver-unused",
                waiver,
                lang,
                f"the waiver of {waiver.requirement} for {waiver.idea!r} is not needed: nothing breaks it",
                f"{waiver.idea!r} 对 {waiver.requirement} 的豁免已无必要：并无违反",
                "remove the waiver",
                "删除该豁免",
            )


def _hint(name: str, known: Collection[str], lang: Language) -> str:
    """Return the nearest name, or all of them where they are few: those of a large registry would say nothing."""
    names = sorted(known) if len(known) <= _MOST_NAMES else get_close_matches(name, known, n=1)
    return near(name, names, lang) if names else ""


def _problem(kind: str, waiver: Waiver, lang: Language, en: str, zh: str, remedy_en: str, remedy_zh: str) -> Problem:
    message, remedy = (en, remedy_en) if lang == "en" else (zh, remedy_zh)
    return Problem(kind, waiver.path, waiver.line, shown(message), shown(remedy))
