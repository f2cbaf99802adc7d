"""API prices by model, provider and day.

They come from the price list of the package genai-prices. Its import costs a tenth of a
second and brings an HTTP client, so the models that `estimate_cost` assumes lie beside this
file as `prices.json`, written from that list by `python -m fitcheck.cost.snapshot`. The copy
serves while the installed list is the one it was taken from; nothing here uses the network.
"""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from fitcheck.errors import PriceUnknown

__all__ = [
    "SNAPSHOT",
    "Rate",
    "UnitPrice",
    "list_version",
    "read_on",
    "refuse_before",
    "source_text",
    "unit_price",
]

SNAPSHOT = Path(__file__).with_name("prices.json")
"""The copied prices."""

Rate = tuple[tuple[int, Decimal], ...]
"""Steps of (input tokens, USD per million tokens): a step holds for requests with more input tokens than that."""

_MTOK = 1_000_000
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """What one model costs at one provider on one day, at its dearest hour.

    Attributes:
        model: The model's name, in the version that it stood for on that day.
        listed_as: The price list's own name for it.
        provider: The provider's id in the price list.
        on: The day.
        source: Where the price is from: package, version and day.
        input: USD per million input tokens.
        output: USD per million output tokens; empty where none is charged.
        cache_read: USD per million input tokens served by a prompt cache; empty where that is no cheaper.
        output_image: USD per million tokens of a generated image; empty where none is listed.
        usd_per_request: A fee for each request.
    """

    model: str
    listed_as: str
    provider: str
    on: dt.date
    source: str
    input: Rate
    output: Rate
    cache_read: Rate = ()
    output_image: Rate = ()
    usd_per_request: Decimal = Decimal(0)

    def usd_per_call(
        self, tokens_in: int, tokens_out: int, *, tokens_cached: int = 0, tokens_image: int = 0
    ) -> Decimal:
        """Price one request.

        One request at a time: a long one is charged at its own step for all its tokens, so the
        sum of a month's tokens must never be priced at once.

        Args:
            tokens_in: All input tokens.
            tokens_out: Tokens of text that come out.
            tokens_cached: The part of `tokens_in` that a prompt cache serves.
            tokens_image: Tokens of the image that comes out.

        Returns:
            USD.
        """
        parts = (
            (tokens_in - tokens_cached, self.input),
            (tokens_cached, self.cache_read or self.input),
            (tokens_out, self.output),
            (tokens_image, self.output_image or self.output),
        )
        return self.usd_per_request + sum((n * _step(rate, tokens_in) / _MTOK for n, rate in parts), Decimal(0))


def _step(rate: Rate, tokens_in: int) -> Decimal:
    return next((usd for above, usd in reversed(rate) if tokens_in > above or above == 0), Decimal(0))


def unit_price(model: str, provider: str | None, on: dt.date) -> UnitPrice:
    """Return what a model costs at a provider on a day.

    Args:
        model: The model's name.
        provider: Who serves it; None for the provider that the price list goes by for such names.
        on: The day. A day after the list was made gets the list's last price, or an announced one.

    Raises:
        PriceUnknown: Model or provider are not listed, or nothing shows that it was sold then.

    >>> str(unit_price("gpt-4o", "openai", dt.date(2024, 7, 20)).output[0][1])
    '15'
    """
    model = model.strip().lower()
    if not 0 < len(model) <= _LONGEST_NAME:
        raise PriceUnknown(f"{model[:40]!r} is no model's name; name one such as 'gpt-4o-mini', or leave it out")
    copied = _snapshot_price(model, provider, on)
    if copied is not None:
        return copied
    from fitcheck.cost.listed import listed_price

    return listed_price(model, provider, on)


@lru_cache(maxsize=1)
def list_version() -> str:
    """Return the installed version of genai-prices."""
    from importlib.metadata import version

    return version("genai-prices")


def refuse_before(held_since: dt.date, model: str, provider: str, on: dt.date) -> None:
    """Refuse a day before the first one on which a price is known to have held.

    Raises:
        PriceUnknown: `on` is before `held_since`.
    """
    if on < held_since:
        raise PriceUnknown(
            f"no price for {model!r} at {provider!r} on {on}: the first day on which its listed price is known "
            f"to have held is {held_since}; ask for that day or a later one, or name a model that was sold then"
        )


def _snapshot_price(model: str, provider: str | None, on: dt.date) -> UnitPrice | None:
    # once the library is loaded it is as quick, and its user may have updated it
    if provider is None or "genai_prices" in sys.modules:
        return None
    copy = _snapshot()
    row = copy["models"].get(f"{provider.strip().lower()}/{model}")
    if row is None or copy["version"] != list_version():
        return None
    refuse_before(dt.date.fromisoformat(row["held_since"]), model, row["provider"], on)
    rates = next(r for r in reversed(row["rates"]) if dt.date.fromisoformat(r["from"]) <= on)
    return UnitPrice(
        model=model,
        listed_as=row["listed_as"],
        provider=row["provider"],
        on=on,
        source=source_text(copy["version"]),
        usd_per_request=Decimal(rates.get("usd_per_request", "0")),
        **{
            name: tuple((above, Decimal(usd)) for above, usd in rates.get(name, ()))
            for name in ("input", "output", "cache_read", "output_image")
        },
    )


def source_text(version: str) -> str:
    """Name the price list and, where it is the one that was copied, the day on which it was read.

    >>> source_text("99.0")
    'genai-prices 99.0'
    """
    known = version == _snapshot()["version"]
    return f"genai-prices {version}" + (f", read on {read_on()}" if known else "")


def read_on() -> dt.date:
    """Return the day on which the copied list was read: what it lists was sold then."""
    return dt.date.fromisoformat(_snapshot()["read_on"])


@lru_cache(maxsize=1)
def _snapshot() -> dict[str, Any]:
    import json

    values: dict[str, Any] = json.loads(SNAPSHOT.read_text("utf-8"))
    return values
