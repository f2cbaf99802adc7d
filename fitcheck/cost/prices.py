"""API prices by model, provider and day, standard or in batches.

They come from two lists. Our own `overlay.toml` answers first: dated rows, above all the
Chinese vendors' prices in CNY. All else comes from the package genai-prices, or from the
newer list that a user has fetched with `fitcheck.cost.update`. The package's import costs a
tenth of a second and brings an HTTP client, so the models that `estimate_cost` assumes lie
beside this file as `prices.json`, written from that list by `python -m fitcheck.cost.snapshot`.
Nothing here uses the network.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from fitcheck.errors import CostError, PriceUnknown
from fitcheck.text import Language

__all__ = [
    "SNAPSHOT",
    "Rate",
    "UnitPrice",
    "known_models",
    "list_version",
    "read_on",
    "refuse_before",
    "source_in",
    "source_text",
    "unit_price",
]

SNAPSHOT = Path(__file__).with_name("prices.json")
"""The copied prices."""

Rate = tuple[tuple[int, Decimal], ...]
"""Steps of (input tokens, money per million tokens): a step holds for requests with more input tokens than that."""

_MTOK = 1_000_000
_SOURCES_ZH = (
    (re.compile(r"^(genai-prices\b.*), read on (?=\d)"), r"\1，读取于 "),
    (re.compile(r"^(genai-prices\b.*), updated on (?=\d)"), r"\1，更新于 "),
    (re.compile(r"^fitcheck price overlay: (.*?), seen (\d{4}-\d\d-\d\d)"), r"fitcheck 自带价目：\1，查看于 \2"),
    (re.compile(r"^fitcheck price overlay: (.*?), from memory"), r"fitcheck 自带价目：\1，凭记忆"),
    (re.compile(r"^(fitcheck 自带价目：.*?), after "), r"\1，出自 "),
)
_LONGEST_NAME = 200
_ROUNDED = Decimal("1.05")
"""Lists write 128,000 for 131,072 and a million for 1,048,576."""


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """What one model costs at one provider on one day, at its dearest hour.

    Attributes:
        model: The model's name, in the version that it stood for on that day.
        listed_as: The price list's own name for it.
        provider: The provider's id in the price list.
        on: The day.
        source: Where the price is from: list, version and day.
        input: Money per million input tokens.
        output: Money per million output tokens; empty where none is charged.
        cache_read: Money per million input tokens served by a prompt cache; empty where that is no cheaper.
        output_image: Money per million tokens of a generated image; empty where none is listed.
        usd_per_request: A fee for each request; only prices in USD have one.
        currency: What the money is, `USD` or `CNY`.
        batch: Whether this is the price of requests handed in as a batch, answered within a day.
        max_tokens_in: The longest request that the price is known for; None where the list sets no limit.
        context: Tokens that the model has room for in one call, in and out together, as the list says; None where
            it doesn't.
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
    currency: str = "USD"
    batch: bool = False
    max_tokens_in: int | None = None
    context: int | None = None

    def per_call(self, tokens_in: int, tokens_out: int, *, tokens_cached: int = 0, tokens_image: int = 0) -> Decimal:
        """Price one request.

        One request at a time: a long one is charged at its own step for all its tokens, so the
        sum of a month's tokens must never be priced at once.

        Args:
            tokens_in: All input tokens.
            tokens_out: Tokens of text that come out.
            tokens_cached: The part of `tokens_in` that a prompt cache serves.
            tokens_image: Tokens of the image that comes out.

        Returns:
            Money, in `currency`.

        Raises:
            CostError: A count is negative, or more tokens are cached than come in.
            PriceUnknown: The request is longer than the price is known for.
        """
        counts = {"tokens_in": tokens_in, "tokens_out": tokens_out, "tokens_cached": tokens_cached}
        for field, count in {**counts, "tokens_image": tokens_image}.items():
            if count < 0:
                raise CostError(f"{field} is {count}; give a number of tokens from 0 up")
        if tokens_cached > tokens_in:
            raise CostError(f"tokens_cached is {tokens_cached}, more than tokens_in, {tokens_in}; it is a part of them")
        self.refuse_longer(tokens_in)
        parts = (
            (tokens_in - tokens_cached, self.input),
            (tokens_cached, self.cache_read or self.input),
            (tokens_out, self.output),
            (tokens_image, self.output_image or self.output),
        )
        return self.usd_per_request + sum((n * _step(rate, tokens_in) / _MTOK for n, rate in parts), Decimal(0))

    def refuse_longer(self, tokens_in: int | Decimal) -> None:
        """Refuse a request that is longer than the price is known for.

        Raises:
            PriceUnknown: It is.
        """
        if self.max_tokens_in is not None and tokens_in > self.max_tokens_in:
            raise PriceUnknown(
                f"tokens_in is {tokens_in}: the price of {self.model!r} at {self.provider!r} is known for requests of "
                f"up to {self.max_tokens_in} input tokens; shorten the request, or name another model"
            )

    def longer_than_context(self, tokens_in: int | Decimal, tokens_out: int | Decimal) -> dict[str, str] | None:
        """Say by language that a request passes the model's context, as the list gives it; None where it doesn't."""
        if self.context is None or tokens_in + tokens_out <= self.context * _ROUNDED:
            return None
        return {
            "en": (
                f"{tokens_in:,.0f} tokens in and {tokens_out:,.0f} out pass the {self.context:,} that the price list "
                f"gives as {self.model}'s context: no one call takes them; split it, or name a model with a longer one"
            ),
            "zh": (
                f"输入 {tokens_in:,.0f} 加输出 {tokens_out:,.0f} 词元，超过价目表所列 {self.model} 的上下文长度 "
                f"{self.context:,}：一次调用放不下；请拆分，或换上下文更长的模型"
            ),
        }


def _step(rate: Rate, tokens_in: int) -> Decimal:
    return next((money for above, money in reversed(rate) if tokens_in > above or above == 0), Decimal(0))


def unit_price(model: str, provider: str | None, on: dt.date, *, batch: bool = False) -> UnitPrice:
    """Return what a model costs at a provider on a day.

    Args:
        model: The model's name, or a Chinese name that means one model.
        provider: Who serves it, by id or common name; None for the one that the lists go by for such names.
        on: The day. A day after the list was made gets the list's last price, or an announced one.
        batch: The price of requests handed in as a batch, answered within a day.

    Raises:
        PriceUnknown: Model or provider are not listed, nothing shows that it was sold then, or no
            batch price is listed for that day: a batch never gets the full price unsaid.

    >>> str(unit_price("gpt-4o", "openai", dt.date(2024, 7, 20)).output[0][1])
    '15'
    >>> price = unit_price("doubao-pro-32k", "volcengine", dt.date(2024, 5, 15))
    >>> str(price.input[0][1]), price.currency
    ('0.8', 'CNY')
    """
    model = model.strip().lower()
    if not 0 < len(model) <= _LONGEST_NAME:
        raise PriceUnknown(f"{model[:40]!r} is no model's name; name one such as 'gpt-4o-mini', or leave it out")
    if not batch and (copied := _snapshot_price(model, provider, on)) is not None:
        return copied
    from fitcheck.cost.overlay import overlay_price, provider_id

    provider = provider_id(provider)
    ours = overlay_price(model, provider, on, batch=batch)
    if ours is not None:
        return ours
    from fitcheck.cost.listed import listed_price

    return listed_price(model, provider, on, batch=batch)


def known_models(on: dt.date, *, text: str = "") -> Iterator[tuple[str, str, UnitPrice]]:
    """Yield what could be priced on a day, for people who don't know the names.

    Args:
        on: The day.
        text: What the provider's or the model's name contains, in any case; empty for all.

    Yields:
        Provider, model and standard price: the overlay's first, then those of genai-prices.

    >>> [model for _, model, _ in known_models(dt.date(2024, 5, 21), text="doubao")]
    ['doubao-lite-32k', 'doubao-pro-32k', 'doubao-pro-128k']
    """
    from fitcheck.cost.overlay import overlay_models

    wanted = text.strip().casefold()
    seen = set()
    for price, names in overlay_models(on):
        seen.add((price.provider, price.listed_as.lower()))
        if any(wanted in name.casefold() for name in (price.provider, *names)):
            yield price.provider, price.model, price
    from fitcheck.cost.listed import listed_models

    for provider, model in listed_models():
        if (provider, model.lower()) in seen or not (wanted in provider.casefold() or wanted in model.casefold()):
            continue
        try:
            yield provider, model, unit_price(model, provider, on)
        except PriceUnknown:
            continue


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
    from fitcheck.cost.update import stored_copy

    updated = stored_copy()
    copy = updated or _snapshot()
    row = copy["models"].get(f"{provider.strip().lower()}/{model}")
    if row is None or (updated is None and copy["version"] != list_version()):
        return None
    refuse_before(dt.date.fromisoformat(row["held_since"]), model, row["provider"], on)
    rates = next(r for r in reversed(row["rates"]) if dt.date.fromisoformat(r["from"]) <= on)
    read: dict[str, Rate] = {
        name: tuple((above, Decimal(money)) for above, money in rates[name])
        for name in ("input", "output", "cache_read", "output_image")
    }
    return UnitPrice(
        model=model,
        listed_as=row["listed_as"],
        provider=row["provider"],
        on=on,
        source=source_text(copy["version"], updated_on=updated["fetched_on"] if updated else None),
        input=read["input"],
        output=read["output"],
        cache_read=read["cache_read"],
        output_image=read["output_image"],
        usd_per_request=Decimal(rates["usd_per_request"]),
        # a list that was fetched by an earlier version has none
        context=row.get("context"),
    )


def source_text(version: str, *, updated_on: dt.date | str | None = None) -> str:
    """Name the price list and the day on which it was fetched or, where it is the one that was copied, read.

    >>> source_text("99.0")
    'genai-prices 99.0'
    >>> source_text("99.0", updated_on="2027-01-02")
    'genai-prices, updated on 2027-01-02'
    """
    if updated_on is not None:
        return f"genai-prices, updated on {updated_on}"
    known = version == _snapshot()["version"]
    return f"genai-prices {version}" + (f", read on {read_on()}" if known else "")


def source_in(source: str, lang: Language) -> str:
    """Return a price's source for reading; what the overlay remarks on a row stays in English.

    >>> source_in("genai-prices 99.0, read on 2027-01-02", "zh")
    'genai-prices 99.0，读取于 2027-01-02'
    """
    if lang == "en":
        return source
    for pattern, words in _SOURCES_ZH:
        source = pattern.sub(words, source)
    return source


def read_on() -> dt.date:
    """Return the day on which the copied list was read: what it lists was sold then."""
    return dt.date.fromisoformat(_snapshot()["read_on"])


@lru_cache(maxsize=1)
def _snapshot() -> dict[str, Any]:
    import json

    values: dict[str, Any] = json.loads(SNAPSHOT.read_text("utf-8"))
    return values
