"""The parts of an estimate that every one has: volume, tokens, the API's price, the headline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches

from fitcheck.cost.answer import Way
from fitcheck.cost.api import api_lines
from fitcheck.cost.asking import CostQuestion
from fitcheck.cost.figures import HUGE, Figure, input_of
from fitcheck.cost.prices import UnitPrice, read_on, unit_price
from fitcheck.cost.sheet import Input, Line, Sheet, exact
from fitcheck.cost.sizes import typical_size
from fitcheck.cost.sizing import read_tokens
from fitcheck.errors import CostError
from fitcheck.quantities import CNY_PER_USD, DAYS_PER_YEAR, MONTHS_PER_YEAR

__all__ = ["Asked", "api", "day", "exchange_rate", "factors", "headline", "tokens", "volume"]

_MONTHS = MONTHS_PER_YEAR
_EVERY_DAY = "assumed: every day; there are about 252 working days"
_PER = {
    "day": ("calls a day of use", "每个使用日的调用次数", " * active_days_per_month"),
    "month": ("calls a month", "每月调用次数", ""),
    "year": ("calls a year", "每年调用次数", f" / {_MONTHS}"),
}
_CNY_PER_USD = exact(
    "cny_per_usd",
    CNY_PER_USD,
    "CNY/USD",
    "exchange rate",
    "汇率",
    "assumed: about what it was from 2023 to 2025; state your own",
)

_BOUNDS: dict[str, tuple[Decimal | int, Decimal | int, bool]] = {
    "active_days_per_month": (0, 31, True),
    "adoption_share": (0, 1, False),
    "api_price_rise": (0, 1000, True),
    "availability": (0, 1, True),
    "busy_hours_per_day": (0, 24, True),
    "busy_over_load": (0, 100, False),
    "busy_share_of_tdp": (0, 2, False),
    "cny_per_usd": (0, 1000, True),
    "days_per_year": (0, 366, True),
    "hardware_factor": (0, 1000, True),
    "hours_on_per_month": (0, 744, True),
    "idle_share_of_tdp": (0, 1, False),
    "interest_share_per_year": (0, 1, False),
    "late_share": (0, 1, True),
    "maintenance_share_per_year": (0, 1, False),
    "peak_factor": (1, 1000, False),
    "price_factor": (0, 1000, True),
    "pue": (1, 5, False),
    "resale_share": (0, 1, False),
    "time_saved_share": (-1, 1, False),
    "volume_factor": (0, 10**6, True),
    "years_of_use": (0, 30, True),
}
"""By input: the least and the most that make sense, and whether the least itself makes none."""
_WHOLE = ("gpus_per_server", "spare_replicas")
_NOT_TO_SET = ("calls_at_once", "gpus_per_replica", "rated_tokens_in", "rated_tokens_out", "reading_share")


@dataclass
class Asked:
    """An estimate in the making: what was asked, and the sheet so far.

    Attributes:
        on: The day that prices are for.
        said: Values that a user set by an input's name; each replaces that input when it is added.
        inputs: Inputs so far, by name.
        lines: Lines so far; each may use the inputs and the lines before it.
        notes: What a reader must know, by language.
        names: Names for the head of the answer, such as the model's.
    """

    on: dt.date
    said: Mapping[str, Figure] = field(default_factory=dict)
    inputs: dict[str, Input] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def add(self, inputs: Iterable[Input], lines: Iterable[Line] = ()) -> None:
        """Add the inputs and lines of a part; an input that stands already wins."""
        for one in inputs:
            if not self.has(one.name):
                self.inputs[one.name] = self._as_said(one)
        self.lines += lines

    def _as_said(self, one: Input) -> Input:
        if one.name not in self.said:
            return one
        if one.name in _NOT_TO_SET:
            raise CostError(f"{one.name}: follows from the model and the card; change those (see --help)")
        least, most, above = _BOUNDS.get(
            one.name, (min(Decimal(0), one.low), 1 if one.unit == "share" else HUGE, False)
        )
        value = self.said[one.name]
        found = input_of(one.name, value, one.unit, one.en, one.zh, least=least, most=most, above=above)
        if one.name in _WHOLE and any(v != v.to_integral_value() for v in (found.low, found.mid, found.high)):
            raise CostError(f"{one.name}: {value!r} makes no sense; give a whole number")
        return found

    def has(self, name: str) -> bool:
        """Say whether an input or a line of that name stands already."""
        return name in self.inputs or any(line.name == name for line in self.lines)

    def note(self, en: str, zh: str) -> None:
        """Add a note."""
        self.notes.append({"en": en, "zh": zh})

    def value(self, name: str) -> Decimal:
        """Return the middle value of an input or a line."""
        return self.sheet()[name]

    def sheet(self) -> Sheet:
        """Return the sheet of what was asked so far."""
        return Sheet(self.inputs.values(), self.lines)

    def refuse_unused(self) -> None:
        """Refuse a value that was set for an input which the estimate doesn't have.

        Raises:
            CostError: It names the nearest inputs.
        """
        for name in self.said:
            if name not in self.inputs:
                near = get_close_matches(name, self.inputs, n=3, cutoff=0.5)
                todo = f"did you mean {' or '.join(near)}?" if near else f"its inputs are {', '.join(self.inputs)}"
                raise CostError(f"{name}: this estimate has no such input; {todo}")


def day(on: dt.date | str | None) -> dt.date:
    """Return the day that prices are for.

    Raises:
        CostError: It is no day.
    """
    if on is None:
        return dt.datetime.now(dt.UTC).date()
    if isinstance(on, dt.datetime):
        return on.date()
    if isinstance(on, dt.date):
        return on
    try:
        return dt.date.fromisoformat(on)
    except (TypeError, ValueError):
        raise CostError(f"on: {on!r} is no day; write it as 2026-11-22") from None


def factors(asked: Asked, question: CostQuestion) -> None:
    """Add the what-if factors: 1 each, unless said."""
    words = {
        "volume_factor": ("what if it is used this many times as much", "假如使用量变为几倍"),
        "price_factor": ("what if the API's prices are this many times as high", "假如 API 价格变为几倍"),
        "hardware_factor": ("what if cards and their rent are this many times as dear", "假如显卡及租金变为几倍"),
    }
    for name, (en, zh) in words.items():
        value = getattr(question, name)
        source = "assumed: no what-if" if value is None else "given"
        asked.add([input_of(name, 1 if value is None else value, "", en, zh, source, above=True)])


def volume(asked: Asked, question: CostQuestion) -> None:
    """Add how often it is called, and on how many days of a month.

    Raises:
        CostError: `calls`, `days_per_month` or `users` make no sense.
    """
    words = ("days", "days of use in a month", "每月使用天数")
    if question.days_per_month is not None:
        asked.add(
            [
                input_of(
                    "active_days_per_month",
                    question.days_per_month,
                    *words,
                    field="days_per_month",
                    above=True,
                    most=31,
                )
            ]
        )
    if not asked.has("active_days_per_month"):
        year = exact("days_per_year", DAYS_PER_YEAR, "days", "days of use in a year", "每年使用天数", _EVERY_DAY)
        asked.add([year], [Line("active_days_per_month", f"days_per_year / {_MONTHS}", *words)])
    if question.users is not None:
        asked.add([input_of("users", question.users, "people", "people who use it", "使用人数", above=True)])
    if asked.has("calls_per_month") or question.calls is None:
        return
    per = question.per
    en, zh, formula = _PER[per]
    name = f"calls_given_per_{per}"
    asked.add(
        [input_of(name, question.calls, f"calls/{per}", en, zh, field="calls", above=True)],
        [Line("calls_per_month", f"{name}{formula} * volume_factor", "calls/month", "calls a month", "每月调用次数")],
    )


def tokens(asked: Asked, question: CostQuestion) -> None:
    """Add what a call reads and writes.

    Raises:
        CostError: `tokens_in`, `tokens_out` or `cached` make no sense.
    """
    words = {
        "tokens_in": ("input tokens a call", "每次输入词元"),
        "tokens_out": ("output tokens a call", "每次输出词元"),
    }
    for name, (en, zh) in words.items():
        value = getattr(question, name)
        if value is not None and asked.has(name) and name not in asked.inputs:
            raise CostError(f"{name}: this preset works it out; set what it is worked out from (--explain shows it)")
        if value is not None:
            asked.inputs.pop(name, None)
            asked.add([read_tokens(name, value, en, zh, model=question.own_model or question.model)])
    size = typical_size(question.output, None)
    assumed = {"tokens_in": size.tokens_in, "tokens_out": size.tokens_out}
    for name, (en, zh) in words.items():
        middle = assumed[name]
        ends = (middle // 2, middle, middle * 2)
        asked.add([exact(name, ends, "tokens", en, zh, f"assumed: {size.en}; half to double")])
    cached, source = (0, "assumed: no prompt cache") if question.cached is None else (question.cached, "given")
    en, zh = "share of the input that a prompt cache serves", "由提示缓存提供的输入比例"
    asked.add([input_of("tokens_cached_share", cached, "share", en, zh, source, field="cached", most=1)])


def api(asked: Asked, question: CostQuestion, model: str, provider: str | None) -> UnitPrice:
    """Add what a call and a month cost by API.

    Raises:
        PriceUnknown: No price is known for that model at that provider on that day.
    """
    price = unit_price(model, provider, asked.on, batch=question.batch)
    longest_in, longest_out = (asked.sheet().range(name).high for name in ("tokens_in", "tokens_out"))
    price.refuse_longer(longest_in)
    if question.output != "image" and (too_long := price.longer_than_context(longest_in, longest_out)):
        asked.note(**too_long)
    if price.on > day(None):
        asked.note(
            f"nobody knows the prices of {price.on}: these are the last known ones, of {read_on()} or before",
            f"{price.on} 的价格尚无人知晓：此处为 {read_on()} 或更早的最新已知价格",
        )
    if question.cached is not None and not price.cache_read:
        asked.note("no cheaper price for cached tokens is listed for that day", "价目表当日没有更低的缓存读取价")
    if price.currency != "USD":
        exchange_rate(asked, question)
    asked.add(*api_lines(price, is_image=question.output == "image"))
    if asked.has("calls_per_month"):
        en, zh = (
            f"a month by API, {price.model} by {price.provider}",
            f"每月 API 成本（{price.provider} 的 {price.model}）",
        )
        asked.add([], [Line("usd_per_month_api", "usd_per_call_api * calls_per_month", "USD/month", en, zh)])
    asked.names |= {"api_model": price.model, "api_provider": price.provider, "api_price_source": price.source}
    if not question.batch:
        asked.note("API at list price: no batch or volume discount", "API 按标价计，不含批量折扣")
    return price


def headline(asked: Asked, question: CostQuestion, way: Way) -> None:
    """Add the figures of the chosen way by call, day, month, year and user."""
    chosen, chosen_zh = ("by API", "API") if way == "api" else ("on own cards", "自有显卡")
    lines = [Line("usd_per_call", f"usd_per_call_{way}", "USD", f"a call, {chosen}", f"每次调用（{chosen_zh}）")]
    if asked.has(f"usd_per_month_{way}"):
        lines += [
            Line("usd_per_month", f"usd_per_month_{way}", "USD/month", f"a month, {chosen}", f"每月（{chosen_zh}）"),
            Line("usd_per_day", "usd_per_month / active_days_per_month", "USD/day", "a day of use", "每个使用日"),
            Line("usd_per_year", f"usd_per_month * {_MONTHS}", "USD/year", "a year", "每年"),
        ]
        if asked.has("users"):
            lines.append(Line("usd_per_user", "usd_per_month / users", "USD/month", "a user and month", "每人每月"))
    if question.currency == "CNY":
        exchange_rate(asked, question)
        lines += [
            Line(
                line.name.replace("usd_", "cny_"),
                f"{line.name} * cny_per_usd",
                line.unit.replace("USD", "CNY"),
                line.en,
                line.zh,
            )
            for line in lines[:]
        ]
    asked.add([], lines)


def exchange_rate(asked: Asked, question: CostQuestion) -> None:
    """Add the exchange rate, as given or as it has been of late.

    Raises:
        CostError: `cny_per_usd` makes no sense.
    """
    if question.cny_per_usd is not None:
        asked.add([input_of("cny_per_usd", question.cny_per_usd, "CNY/USD", "exchange rate", "汇率", above=True)])
    asked.add([_CNY_PER_USD])
