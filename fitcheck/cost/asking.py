"""What may be asked about a cost, and how an idea's facts ask it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

from fitcheck.cost.figures import Figure
from fitcheck.cost.sizes import WORKING_DAYS_PER_MONTH
from fitcheck.errors import CostError

if TYPE_CHECKING:
    from pathlib import Path

    from fitcheck.cost.answer import Currency, Way
    from fitcheck.use_case import UseCase

__all__ = ["CostQuestion", "Per", "read_question", "refuse_unused"]

Per = Literal["day", "month", "year"]

_CLOSED = {
    "per": ("day", "month", "year"),
    "way": ("api", "own"),
    "deal": ("rent", "buy"),
    "currency": ("USD", "CNY"),
}
_TEXTS = ("preset", "model", "provider", "api_model", "own_model", "precision", "region", "instead")
_COUNTS = ("gpus", "gpus_per_replica")
_OF_OWN_CARDS = (
    *("own_model", "gpus", "gpus_per_replica", "precision", "rent", "buy", "deal", "region", "kwh", "pue"),
    *("max_ttft_ms", "max_tpot_ms", "hardware_factor"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostQuestion:
    """What is asked of an estimate; every field may be left out.

    A figure is one number, or a range: (low, high), (low, middle, high), or as text `LOW..HIGH`,
    `LOW..MID..HIGH`.

    Attributes:
        preset: A use that fitcheck knows, such as `code-assistant`; its assumptions fill what is not given.
        people: How many of whom the preset counts: developers, users, tickets, documents, meetings.
        output: What comes out, as a use case's field of that name says; it sizes a call that nobody sized.
        model: The model's name.
        provider: Who serves it by API.
        on: The day that prices are for; the present day (UTC) if not given.
        calls: How often it is called.
        per: Per `day` of use, `month` or `year`.
        days_per_month: Days of use in a month.
        users: People who use it.
        tokens_in: Input tokens a call.
        tokens_out: Output tokens a call.
        cached: Share of the input tokens that a prompt cache serves, 0 to 1.
        batch: Whether the API's batch price applies.
        way: `api` or `own`; which of the two the headline is about.
        api_model: The model by API that own cards are set beside; `model` itself if not given.
        gpu: A card's name or its figures; asks for own cards.
        own_model: The model that own cards run; `model` itself if not given.
        gpus: How many cards there are; as many as the load needs if not given.
        gpus_per_replica: Cards that one copy of the model is spread over; the fewest that hold it if not given.
        precision: Of the weights on own cards, such as `fp8`.
        rent: USD an hour and card.
        buy: USD a card.
        deal: Whether cards are rented (`rent`) or bought (`buy`) at known prices, where none is given.
        region: Where the cards stand, for electricity and staff: `world`, `us`, `eu`, `china`.
        kwh: USD a kilowatt-hour.
        pue: The data centre's power usage effectiveness, 1 or more.
        max_ttft_ms: Longest time to the first token, milliseconds.
        max_tpot_ms: Longest time for each further token, milliseconds.
        instead: The simpler technique to set beside it, such as `regex-or-parser`.
        minutes_saved: Minutes of work that a call saves.
        wage: USD an hour of those who save it.
        value: USD that a use is worth or is sold for.
        price_factor: What if the API's prices were this many times as high.
        volume_factor: What if it were used this many times as much.
        hardware_factor: What if cards and rent were this many times as dear.
        currency: Of the figures shown, `USD` or `CNY`.
        cny_per_usd: The exchange rate.
        set: Any input of the estimate by its name, as `--explain` prints them.
    """

    preset: str | None = None
    people: Figure | None = None
    output: str | None = None
    model: str | None = None
    provider: str | None = None
    on: dt.date | str | None = None
    calls: Figure | None = None
    per: Per = "month"
    days_per_month: Figure | None = None
    users: Figure | None = None
    tokens_in: Figure | None = None
    tokens_out: Figure | None = None
    cached: Figure | None = None
    batch: bool = False
    way: Way | None = None
    api_model: str | None = None
    gpu: str | Mapping[str, Any] | Path | None = None
    own_model: str | None = None
    gpus: int | None = None
    gpus_per_replica: int | None = None
    precision: str | None = None
    rent: Figure | None = None
    buy: Figure | None = None
    deal: Literal["rent", "buy"] = "rent"
    region: str = "world"
    kwh: Figure | None = None
    pue: Figure | None = None
    max_ttft_ms: float | None = None
    max_tpot_ms: float | None = None
    instead: str | None = None
    minutes_saved: Figure | None = None
    wage: Figure | None = None
    value: Figure | None = None
    price_factor: Figure | None = None
    volume_factor: Figure | None = None
    hardware_factor: Figure | None = None
    currency: Currency = "USD"
    cny_per_usd: Figure | None = None
    set: Mapping[str, Figure] | None = None

    @property
    def wants_own(self) -> bool:
        """Whether own cards are asked for."""
        return self.gpu is not None or self.way == "own"


_NOTHING = CostQuestion()


def read_question(idea: UseCase | str | None, asked: Mapping[str, Any]) -> CostQuestion:
    """Return the question that an idea's facts and named fields ask.

    Raises:
        CostError: A field is unknown, or its value is none of the few that it may have.
    """
    known = {f.name for f in fields(CostQuestion)}
    asked = _with_people(idea if isinstance(idea, str) else asked.get("preset"), asked)
    for name in asked:
        if name not in known:
            from difflib import get_close_matches

            near = get_close_matches(name, sorted(known), n=3, cutoff=0.5)
            todo = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(sorted(known))}"
            raise CostError(f"{name}: no such question about cost; {todo}")
    for name, allowed in _CLOSED.items():
        value = asked.get(name)
        if value is not None and value not in allowed:
            raise CostError(f"{name}: {value!r} is none of {', '.join(allowed)}")
    said = {name: value for name, value in asked.items() if value is not None}
    _check_types(said)
    if isinstance(idea, str):
        return CostQuestion(**{"preset": idea, **said})
    if idea is None:
        return CostQuestion(**said)
    if not hasattr(idea, "calls_per_month"):
        raise CostError(f"the idea: give a UseCase or a preset's name, not {type(idea).__name__}")
    return CostQuestion(**{**_facts_of(idea), **said})


def _with_people(preset: object, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take what a preset counts by its own name too: `developers=1000`."""
    from fitcheck.cost.presets import load_preset, preset_names

    if preset not in preset_names():
        return asked
    counted = load_preset(str(preset)).people
    if counted not in asked or counted == "users":
        return asked
    return {**{name: value for name, value in asked.items() if name != counted}, "people": asked[counted]}


def refuse_unused(question: CostQuestion) -> None:
    """Refuse what was said and would change nothing.

    Raises:
        CostError: It names the field and what it needs.
    """
    if not question.wants_own:
        for name in _OF_OWN_CARDS:
            if getattr(question, name) != getattr(_NOTHING, name):
                raise CostError(f"{name}: is about own cards; name the card by gpu, or leave it out")
    if question.batch and question.way == "own":
        raise CostError("batch: is a price of the API's; leave it out for own cards")
    if question.rent is not None and question.buy is not None:
        raise CostError("rent, buy: give one of the two prices")
    if question.preset is None:
        if question.minutes_saved is not None and question.calls is None:
            raise CostError("minutes_saved: is counted over calls; say how many")
        if question.wage is not None and question.minutes_saved is None and question.instead is None:
            raise CostError("wage: say what it pays for, minutes_saved or a technique (instead) that people do")


def _check_types(said: Mapping[str, Any]) -> None:
    for name, value in said.items():
        if name in _TEXTS and not isinstance(value, str):
            raise CostError(f"{name}: {value!r} is no text")
        if name in _COUNTS and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
            raise CostError(f"{name}: {value!r} makes no sense; give a whole number of 1 or more")
        if name == "batch" and not isinstance(value, bool):
            raise CostError(f"batch: {value!r} is neither True nor False")
        if name in ("max_ttft_ms", "max_tpot_ms") and (not isinstance(value, int | float) or not 0 < value < 1e9):
            raise CostError(f"{name}: {value!r} makes no sense; give milliseconds above 0")
        if name == "set" and not isinstance(value, Mapping):
            raise CostError(f"set: {value!r} is no mapping of inputs' names to values")


def _facts_of(idea: UseCase) -> dict[str, Any]:
    facts = {
        "calls": idea.calls_per_month,
        "users": idea.users,
        "tokens_in": idea.tokens_in,
        "tokens_out": idea.tokens_out,
        "cached": idea.cached_share,
        "output": idea.output,
        "model": idea.model,
        "provider": idea.provider,
        "minutes_saved": idea.minutes_saved_per_call,
        "wage": idea.usd_wage_per_hour,
        "value": idea.usd_value_per_call,
        "way": "own" if idea.deployment == "own_gpus" else None,
    }
    if facts["calls"] is None and idea.users is not None and idea.calls_per_user_per_day is not None:
        facts |= {
            "calls": idea.users * idea.calls_per_user_per_day,
            "per": "day",
            "days_per_month": WORKING_DAYS_PER_MONTH,
        }
    return {name: value for name, value in facts.items() if value is not None}
