"""What given facts say on the lens's axes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from fitcheck.use_case import UseCase

__all__ = ["LINKS", "Given", "given_on", "suppliers_by_link"]

LINKS = ("hardware", "cloud", "model", "data")
"""The links of the chain above an application."""

_QUICK_DAYS, _SLOW_DAYS = 5.0, 30.0
"""A swap within a working week is a way out; one of six weeks and more is none."""


@dataclass(frozen=True, slots=True)
class Given:
    """What facts say on one axis.

    Attributes:
        value: Of the axis's closed list.
        confidence: 0 to 1, by judgement: `outright` facts name the value itself, others suggest it.
        facts: The facts that say so.
        outright: Whether they settle the axis; otherwise the idea's words go before them.
    """

    value: str
    confidence: float
    facts: tuple[str, ...]
    outright: bool = True


def given_on(axis: str, use_case: UseCase) -> Given | None:
    """Return what the facts say on an axis, or None where they are silent.

    >>> given_on("need", UseCase(text="Sort the mail", without_it="stops")).value
    'need'
    """
    read = _READ.get(axis)
    return None if read is None else read(use_case)


def suppliers_by_link(use_case: UseCase) -> dict[str, tuple[str, ...]]:
    """Return the named suppliers at each link; a name without a link supplies the model.

    >>> suppliers_by_link(UseCase(text="x", suppliers=("openai", "hardware: nvidia")))
    {'hardware': ('nvidia',), 'model': ('openai',)}
    """
    named: dict[str, list[str]] = {link: [] for link in LINKS}
    for entry in use_case.suppliers or ():
        link, colon, name = entry.partition(":")
        link = link.strip().lower()
        if not colon or link not in named:
            link, name = "model", entry
        if name.strip() and name.strip() not in named[link]:
            named[link].append(name.strip())
    return {link: tuple(names) for link, names in named.items() if names}


def _need(case: UseCase) -> Given | None:
    if case.without_it is not None:
        value = "decoration" if case.without_it == "nothing" else "need"
        return Given(value, 0.8 if case.without_it == "slower" else 0.95, ("without_it",))
    if case.existing_quality == "works":
        return Given("decoration", 0.6, ("existing_quality",), outright=False)
    if case.existing_quality == "poor":
        return Given("need", 0.7, ("existing_quality",), outright=False)
    return None


def _payer(case: UseCase) -> Given | None:
    if case.payer is not None:
        return Given(case.payer, 0.95, ("payer",))
    if case.charge not in (None, "none"):
        return Given("customers", 0.85, ("charge",))
    if case.minutes_saved_per_call is not None:
        return Given("savings", 0.8, ("minutes_saved_per_call",), outright=False)
    return None


def _dependence(case: UseCase) -> Given | None:
    if case.exit_ready:
        return Given("exit", 0.9, ("exit_ready",))
    alone = [link for link, names in suppliers_by_link(case).items() if len(names) == 1]
    several = Counter({link: len(names) for link, names in suppliers_by_link(case).items()})
    if case.swap_days is not None and case.swap_days <= _QUICK_DAYS:
        return Given("exit", 0.8, ("swap_days",))
    if case.swap_days is not None and case.swap_days >= _SLOW_DAYS:
        return Given("locked", 0.8, ("swap_days",))
    if several["model"] > 1:
        return Given("exit", 0.75, ("suppliers",))
    if "model" in alone and case.exit_ready is False:
        return Given("locked", 0.9, ("suppliers", "exit_ready"))
    if case.exit_ready is False:
        return Given("locked", 0.7, ("exit_ready",))
    if case.deployment == "own_gpus":
        return Given("exit", 0.65, ("deployment",), outright=False)
    if "model" in alone:
        return Given("locked", 0.65, ("suppliers",), outright=False)
    return None


def _data(case: UseCase) -> Given | None:
    if case.data_rights is None:
        return None
    return Given("doubtful" if case.data_rights == "unclear" else "lawful", 0.95, ("data_rights",))


def _data_use(case: UseCase) -> Given | None:
    if case.data_terms == "no-training":
        return Given("guarded", 0.95, ("data_terms",))
    if case.data_terms is not None and case.data_sensitivity != "public":
        if case.data_sensitivity is None:
            return Given("exposed", 0.6, ("data_terms",), outright=False)
        return Given("exposed", 0.9, ("data_terms", "data_sensitivity"))
    if case.deployment == "own_gpus" and case.data_terms is None:
        return Given("guarded", 0.85, ("deployment",))
    return None


def _moat(case: UseCase) -> Given | None:
    if case.moat is not None:
        return Given(case.moat, 0.95, ("moat",))
    if case.payer in ("savings", "nobody"):
        return Given("internal", 0.75, ("payer",), outright=False)
    if case.payer == "customers":
        return Given("none", 0.6, ("payer",), outright=False)
    return None


def _charge(case: UseCase) -> Given | None:
    if case.charge is None:
        return None
    return Given("unsaid" if case.charge == "none" else case.charge, 0.95, ("charge",))


_READ: dict[str, Callable[[UseCase], Given | None]] = {
    "need": _need,
    "payer": _payer,
    "dependence": _dependence,
    "data": _data,
    "data-use": _data_use,
    "moat": _moat,
    "charge": _charge,
}
