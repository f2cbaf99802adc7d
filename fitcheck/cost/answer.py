"""What an estimate answers: money by call, day, month and year, with ranges, and what stands behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from fitcheck.cost.sheet import DRAWS, Range, Sheet

if TYPE_CHECKING:
    from fitcheck.cost.crossing import BreakEven
    from fitcheck.cost.roofline import Throughput

__all__ = ["Currency", "Estimate", "Way"]

Way = Literal["api", "own"]
Currency = Literal["USD", "CNY"]

_PERIODS = ("call", "day", "month", "year", "user")
_BIGGEST = 8


@dataclass(frozen=True)
class Estimate:
    """An estimate of what a use of a model costs.

    Attributes:
        way: What the headline figures are of: `api` or `own` cards.
        currency: Of the figures that are shown; those named `usd_` are in USD.
        sheet: Every input and every formula.
        on: The day that prices are for.
        title: What is estimated, by language; None where it is no preset.
        served: How fast one replica serves the model, where own cards are priced.
        break_even: From which volume own cards are cheaper than the API, where both are priced.
        instead: The simpler technique that it is set beside.
        notes: What a reader must know, by language.
        names: The models, cards and providers that are priced.
        says: In words, whether work saved covers the cost (`labour`) and whether the loop closes (`loop`), by language.
    """

    way: Way
    currency: Currency
    sheet: Sheet
    on: dt.date
    title: dict[str, str] | None = None
    served: Throughput | None = None
    break_even: BreakEven | None = None
    instead: str | None = None
    notes: tuple[dict[str, str], ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    says: dict[str, dict[str, str]] = field(default_factory=dict)

    def range(self, name: str) -> Range | None:
        """Return a figure of the sheet with its range, or None where this estimate has none of that name."""
        return self.sheet.range(name) if name in self.sheet else None

    @property
    def usd_per_call(self) -> Range | None:
        """USD per call."""
        return self.range("usd_per_call")

    @property
    def usd_per_day(self) -> Range | None:
        """USD per day of use; None where no volume is known."""
        return self.range("usd_per_day")

    @property
    def usd_per_month(self) -> Range | None:
        """USD per month; None where no volume is known."""
        return self.range("usd_per_month")

    @property
    def usd_per_year(self) -> Range | None:
        """USD per year; None where no volume is known."""
        return self.range("usd_per_year")

    @property
    def headline(self) -> str:
        """The figure that the estimate is about: a month's cost, or a call's where no volume is known."""
        code = self.currency.lower()
        return f"{code}_per_month" if "usd_per_month" in self.sheet else f"{code}_per_call"

    @cached_property
    def sensitivity(self) -> list[dict[str, Any]]:
        """Which inputs move the headline most, each by itself from the low to the high end of its range."""
        return [
            {"name": one.name, "en": one.en, "zh": one.zh, "at_low": float(low), "at_high": float(high)}
            for one, low, high in self.sheet.sensitivity(self.headline, top=_BIGGEST)
        ]

    def group(self, names: Iterable[str]) -> dict[str, dict[str, float | None]] | None:
        """Return those of some figures that this estimate has, or None where it has none."""
        found = {name: self.sheet.range(name).to_dict() for name in names if name in self.sheet}
        return found or None

    @property
    def sources(self) -> list[str]:
        """Where the inputs' values are from, each once, in the sheet's order; without what was given or assumed."""
        named = (one.source for one in self.sheet.inputs.values() if not one.is_given)
        return list(dict.fromkeys(source for source in named if not source.startswith("assumed")))

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain data."""
        out: dict[str, Any] = {
            "way": self.way,
            "currency": self.currency,
            "on": self.on.isoformat(),
            **self.names,
        }
        for code in dict.fromkeys(("usd", self.currency.lower())):
            for period in _PERIODS:
                figure = self.range(f"{code}_per_{period}")
                if figure is not None or period != "user":
                    out[f"{code}_per_{period}"] = figure and figure.to_dict()
        served = self.served
        out |= {
            "range": f"80% of {DRAWS:,} draws",
            "api": self.group(("usd_per_call_api", "usd_per_month_api")),
            "own": self.group(n for n in self.sheet.lines if n.endswith("_own") or "_own_" in n),
            "throughput": served and served.to_dict(),
            "assumptions": [
                {
                    "name": one.name,
                    "low": float(one.low),
                    "mid": float(one.mid),
                    "high": float(one.high),
                    "unit": one.unit,
                    "en": one.en,
                    "zh": one.zh,
                    "source": one.source,
                }
                for one in self.sheet.inputs.values()
            ],
            "sensitivity": self.sensitivity,
            "break_even": self.break_even and self.break_even.to_dict(),
            "alternative": self._alternative(),
            "labour": self._said("labour", LABOUR),
            "loop": self._said("loop", LOOP),
            "notes": list(self.notes),
            "sources": self.sources,
        }
        return out

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return all of it as JSON."""
        import json

        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent, allow_nan=False)

    def _alternative(self) -> dict[str, Any] | None:
        figures = self.group(ALTERNATIVE)
        return figures and {"kind": self.instead, **figures}

    def _said(self, name: str, figures: Iterable[str]) -> dict[str, Any] | None:
        found = self.group(figures)
        return found and {**found, **({"says": self.says[name]} if name in self.says else {})}

    def __str__(self) -> str:
        from importlib import import_module

        text: str = import_module("fitcheck.render").estimate_text(self)
        return text


LABOUR = (
    "hours_saved_gross_per_month",
    "hours_review_per_month",
    "hours_saved_net_per_month",
    "usd_capacity_per_month",
    "usd_cash_per_month",
    "usd_net_per_month",
    "usd_net_cash_per_month",
    "hours_to_cover_per_month",
)
"""The figures about work saved."""
ALTERNATIVE = (
    "usd_build_alternative",
    "usd_per_month_alternative",
    "usd_per_call_alternative",
    "months_until_alternative_pays",
    "times_dearer",
)
"""The figures about the simpler tool."""
LOOP = (
    "usd_value_per_use",
    "usd_cost_per_use",
    "usd_margin_per_use",
    "usd_margin_per_month",
    "usd_fixed_per_month",
    "break_even_calls_per_month",
    "months_until_paid_back",
    "usd_margin_per_month_dearer_api",
    "usd_margin_per_month_dearer_cards",
)
"""The figures about the commercial loop."""
