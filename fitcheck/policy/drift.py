"""What has moved since the lock file was written, and what moved it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from fitcheck.policy.drift_words import say_drift
from fitcheck.policy.escaping import shown
from fitcheck.policy.found import Finding
from fitcheck.policy.lock import (
    Lock,
    Locked,
    LockedCost,
    find_lock,
    read_lock,
    record,
    rules_version,
    write_lock,
)
from fitcheck.policy.telling import as_listed
from fitcheck.records import Report, Verdict
from fitcheck.render.content import percent, usd
from fitcheck.text import Language
from fitcheck.wording import say

if TYPE_CHECKING:
    from fitcheck.policy.document import Policy
    from fitcheck.policy.entries import Entry

__all__ = ["REQUIREMENT", "Drift", "compare", "drift_findings", "freshly_locked", "lock_findings", "update_lock"]

REQUIREMENT = "drift"
"""The requirement's name in findings."""

_MOVED = 0.1
"""By how much a month's cost has to move to be told, as a share."""

_ROWS_TOLD = 3

Kind = Literal["verdict", "cost", "expired", "unrecorded"]


@dataclass(frozen=True, slots=True)
class Drift:
    """One thing that is not as the lock file has it.

    Attributes:
        kind: A `verdict` turned, the `cost` moved by over a tenth, evidence that the idea leans on has `expired`, or
            the idea is `unrecorded`.
        message: What, in one line.
        causes: What brought it about: an edited idea, a changed fact, a model, rules or prices of another version.
        rows: The ledger's rows that moved, those that moved most first.
    """

    kind: Kind
    message: str
    causes: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()

    @property
    def severity(self) -> Literal["error", "warning"]:
        """Only a verdict that turned fails a check."""
        return "error" if self.kind == "verdict" else "warning"


def lock_findings(
    judged: Sequence[tuple[Entry, Report]],
    policy: Policy | None,
    *,
    start: Path,
    lang: Language = "en",
    today: dt.date | None = None,
) -> list[Finding]:
    """Return what moved since the lock file was written; nothing where there is none.

    Args:
        judged: The ideas and today's reports on them.
        policy: Whose rules and risk they were judged by; None for the shipped rules.
        start: The folder from which on a lock file is looked for, upwards.
        lang: The language of the messages.
        today: The day that the reports hold for; None for today.

    Raises:
        UseCaseError: The lock file is broken.
    """
    path = find_lock(start)
    if path is None:
        return []
    lock = read_lock(path)
    return drift_findings(lock, freshly_locked(judged, policy, lock_path=path, today=today), judged, lang=lang)


def update_lock(
    path: Path,
    judged: Sequence[tuple[Entry, Report]],
    policy: Policy | None,
    *,
    lang: Language = "en",
    today: dt.date | None = None,
) -> list[Finding]:
    """Record ideas in a lock file, and return what moved since it was written before.

    Args:
        path: The lock file.
        judged: As in `lock_findings`, as the others.
        policy: As there.
        lang: As there.
        today: As there.

    Raises:
        UseCaseError: The lock file that stands there is broken.
    """
    before = read_lock(path) if path.exists() else None
    now = freshly_locked(judged, policy, lock_path=path, today=today)
    write_lock(path, now, before=before)
    return [] if before is None else drift_findings(before, now, judged, lang=lang)


def drift_findings(
    lock: Lock, now: Mapping[str, Locked], judged: Sequence[tuple[Entry, Report]], *, lang: Language = "en"
) -> list[Finding]:
    """Return what moved since a lock was written, as findings.

    Args:
        lock: What `read_lock` read.
        now: What would be locked today, by id; see `freshly_locked`.
        judged: The ideas and today's reports on them.
        lang: The language of the messages.
    """
    findings = []
    for entry, report in judged:
        for drift in compare(lock.ideas.get(entry.id), now[entry.id], lang=lang):
            message = drift.message
            if told := (*drift.causes, *drift.rows[:_ROWS_TOLD]):
                message += say_drift("because", lang) + say_drift("and", lang).join(told)
            remedy = say_drift("record new" if drift.kind == "unrecorded" else "record", lang)
            findings.append(Finding(entry, REQUIREMENT, drift.severity, message, remedy, report))
    return findings


def freshly_locked(
    judged: Sequence[tuple[Entry, Report]], policy: Policy | None, *, lock_path: Path, today: dt.date | None = None
) -> dict[str, Locked]:
    """Return what is to be locked of ideas that were just judged, by id.

    Args:
        judged: The ideas and the reports on them.
        policy: Whose rules and risk they were judged by; None for the shipped rules.
        lock_path: Where the lock file is or will be.
        today: The day that the reports hold for; None for today.
    """
    day, folder = today or dt.date.today(), lock_path.parent
    rules = rules_version(policy)
    risk = policy.risk if policy else None
    return {e.id: record(e, r, rules=rules, today=day, beside=folder, risk=risk) for e, r in judged}


def compare(before: Locked | None, now: Locked, *, lang: Language = "en") -> list[Drift]:
    """Return what moved between an idea's block in the lock file and the one that would be written today.

    Args:
        before: The block; None where there is none.
        now: Today's.
        lang: The language of the messages.
    """
    if before is None:
        return [Drift("unrecorded", say_drift("unrecorded", lang))]
    found = []
    causes, rows = tuple(_causes(before, now, lang)), tuple(_rows(before, now, lang))
    since = before.assessed.isoformat()
    if before.verdict is not now.verdict:
        values = {
            "was": as_listed(before.verdict.value, lang),
            "was_sure": _sure(before, "asked for", lang),
            "now": as_listed(now.verdict.value, lang),
            "now_sure": _sure(now, "asks for", lang),
        }
        found.append(Drift("verdict", say_drift("turned", lang, since=since, **values), causes, rows))
    if (moved := _cost_moved(before.cost, now.cost, lang)) is not None:
        cost_causes = tuple(_cost_causes(before, now, lang))
        found.append(Drift("cost", say_drift("cost", lang, since=since, moved=moved), cost_causes))
    if expired := sorted(now.stale_rows() - before.stale_rows()):
        names = ", ".join(shown(name) for name in expired)
        found.append(Drift("expired", say_drift("expired", lang, since=since, rows=names)))
    return found


def _sure(locked: Locked, asks: str, lang: Language) -> str:
    """Return how sure a verdict was; of an unclear one whose the probability is, and what was too little for."""
    found = percent(locked.probability)
    withheld = _leading(locked)
    if locked.verdict is not Verdict.UNCLEAR or withheld is None:
        return found
    had = say_drift("had", lang, verdict=say(withheld, lang), sure=found)
    if locked.risk is None or locked.probability >= 1 - locked.risk:
        return had
    return had + say_drift(asks, lang, least=_least(1 - locked.risk, locked.probability))


def _leading(locked: Locked) -> str | None:
    """Return the verdict that the ledger's rows add up to, or None where it has none."""
    totals: Counter[str] = Counter()
    for row in locked.sizes().values():
        totals.update(row)
    return max(totals, key=lambda verdict: totals[verdict], default=None)


def _least(asked: float, found: float) -> str:
    """Return what is asked as a percentage, with more places where it would read like what was found."""
    return percent(asked) if percent(asked) != percent(found) else f"{asked:.1%}"


def _causes(before: Locked, now: Locked, lang: Language) -> Iterator[str]:
    if before.text != now.text:
        yield say_drift("edited", lang)
    yield from _changed_facts(before.facts, now.facts, before.facts.keys() | now.facts.keys(), lang)
    if before.model != now.model:
        yield say_drift("model", lang, was=shown(before.model), now=shown(now.model))
    if before.rules != now.rules:
        yield say_drift("rules", lang, was=shown(before.rules), now=shown(now.rules))
    if before.fitcheck != now.fitcheck:
        yield say_drift("package", lang, was=shown(before.fitcheck), now=shown(now.fitcheck))
    if before.risk != now.risk:
        yield say_drift("risk", lang, was=_none(before.risk, lang), now=_none(now.risk, lang))
    yield from _price_causes(before, now, lang)


def _changed_facts(
    before: Mapping[str, Any], now: Mapping[str, Any], names: Collection[str], lang: Language
) -> Iterator[str]:
    for name in sorted(names):
        if before.get(name) != now.get(name):
            yield f"{name} {_none(before.get(name), lang)} → {_none(now.get(name), lang)}"


_COST_FACTS = frozenset(
    {
        "calls_per_month",
        "users",
        "calls_per_user_per_day",
        "tokens_in",
        "tokens_out",
        "cached_share",
        "model",
        "provider",
    }
)


def _cost_causes(before: Locked, now: Locked, lang: Language) -> Iterator[str]:
    yield from _changed_facts(before.facts, now.facts, _COST_FACTS, lang)
    yield from _price_causes(before, now, lang)
    if before.text != now.text:
        yield say_drift("edited", lang)


def _price_causes(before: Locked, now: Locked, lang: Language) -> Iterator[str]:
    """Yield what changed about the price where no fact did: the model taken, its price, the tokens assumed."""
    was, new = before.cost, now.cost
    if was is None or new is None:
        return
    same_model = (was.model, was.provider) == (new.model, new.provider)
    same_tokens = (was.tokens_in, was.tokens_out) == (new.tokens_in, new.tokens_out)
    stated = ("model", "provider")
    if not same_model and all(before.facts.get(n) == now.facts.get(n) for n in stated):
        values = {"was": f"{was.model}, {was.provider}", "now": f"{new.model}, {new.provider}"}
        yield say_drift("priced model", lang, **{k: shown(v) for k, v in values.items()})
    if same_model and same_tokens and was.usd_per_1000_calls != new.usd_per_1000_calls:
        origins = (was.priced_on, new.priced_on) if was.source == new.source else (was.source, new.source)
        sources = f" ({' → '.join(shown(str(origin)) for origin in origins)})"
        yield say_drift("price", lang, was=usd(was.usd_per_1000_calls), now=usd(new.usd_per_1000_calls)) + sources
    stated = ("tokens_in", "tokens_out")
    if not same_tokens and all(before.facts.get(n) == now.facts.get(n) for n in stated):
        yield say_drift(
            "tokens", lang, was=f"{was.tokens_in}+{was.tokens_out}", now=f"{new.tokens_in}+{new.tokens_out}"
        )


def _cost_moved(before: LockedCost | None, now: LockedCost | None, lang: Language) -> str | None:
    """Say from what to what the cost moved, or return None where it hardly did."""
    was, new = (None if c is None else c.usd_per_month for c in (before, now))
    if was is not None and new is not None:
        if abs(new - was) <= _MOVED * max(was, new):
            return None
        return say_drift("a month", lang, was=usd(was), now=usd(new))
    if (was is None) != (new is None):
        amounts = (say_drift("unknown", lang) if x is None else usd(x) for x in (was, new))
        return say_drift("a month", lang, **dict(zip(("was", "now"), amounts, strict=True)))
    if before is not None and now is not None:
        one, other = before.usd_per_1000_calls, now.usd_per_1000_calls
        if abs(other - one) > _MOVED * max(one, other):
            return say_drift("a thousand", lang, was=usd(one), now=usd(other))
    return None


def _rows(before: Locked, now: Locked, lang: Language) -> Iterator[str]:
    """Yield the ledger's rows that differ, those that moved most first."""
    was, new = before.sizes(), now.sizes()
    moved = {
        name: max(abs(new.get(name, {}).get(v, 0.0) - was.get(name, {}).get(v, 0.0)) for v in verdicts)
        for name in was.keys() | new.keys()
        if (verdicts := was.get(name, {}).keys() | new.get(name, {}).keys())
    }
    for name in sorted(moved, key=lambda n: (-moved[n], n)):
        if moved[name] >= 0.005:
            sides = (locked.ledger.get(name) for locked in (before, now))
            values = [shown(side) if side is not None else say_drift("absent", lang) for side in sides]
            yield f"{shown(name)}: {values[0]} → {values[1]}"


def _none(value: Any, lang: Language) -> str:
    if value is None:
        return say_drift("unknown", lang)
    if isinstance(value, bool):
        return str(value).lower()
    return shown(f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value))
