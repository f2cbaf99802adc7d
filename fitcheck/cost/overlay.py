"""Our own dated prices, which answer before genai-prices: `overlay.toml`.

Four kinds of rows, appended and never overwritten. `[[provider]]`: a seller's id and the
names that people know it by. `[[price]]`: what a model cost from a day on, per million
tokens. `[[batch]]`: since when a seller charges a share of the standard price for batches.
`[[never_thinks]]`: models that bill no hidden thinking as output.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from fitcheck.cost.prices import Rate, UnitPrice, refuse_before
from fitcheck.errors import CostError, PriceUnknown

__all__ = [
    "OVERLAY",
    "BatchShare",
    "Seller",
    "batch_share",
    "never_thinks",
    "overlay_models",
    "overlay_price",
    "overlay_sellers",
    "provider_id",
    "sellers_of",
    "similar_names",
]

OVERLAY = Path(__file__).with_name("overlay.toml")
"""The rows."""


@dataclass(frozen=True, slots=True)
class Seller:
    """A provider of the overlay.

    Attributes:
        provider: Its id; the same as in genai-prices where that lists it too.
        title: Its name.
        names: Other names that mean this provider.
        family: Names of its models as a family, which mean none of them alone.
        is_default: Whether its models may be asked for without naming the provider.
        is_listed_too: Whether genai-prices lists it as well.
    """

    provider: str
    title: str
    names: tuple[str, ...] = ()
    family: tuple[str, ...] = ()
    is_default: bool = True
    is_listed_too: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    provider: str
    model: str
    names: tuple[str, ...]
    currency: str
    first: dt.date
    last: dt.date | None
    rates: dict[str, Rate]
    max_tokens_in: int | None
    source: str


@dataclass(frozen=True, slots=True)
class BatchShare:
    """The share of the standard price that a seller charges in batches.

    Attributes:
        provider: The seller's id.
        models: The models' ids in genai-prices.
        first: The first day.
        share: Of the standard price, for input and output alike.
        source: Who says so, and when it was read.
    """

    provider: str
    models: tuple[str, ...]
    first: dt.date
    share: Decimal
    source: str


def overlay_price(model: str, provider: str | None, on: dt.date, *, batch: bool = False) -> UnitPrice | None:
    """Return the overlay's price of a model on a day, or None where it has no row for that model.

    Args:
        model: The model's name or one of its other names.
        provider: The seller's id; None for the one seller that answers to that name.
        on: The day.
        batch: The price in batches.

    Raises:
        PriceUnknown: The overlay knows the model, but not its price on that day or in batches; or the
            name means several models, or none at a seller that only the overlay lists.

    >>> price = overlay_price("通义千问-Plus", None, dt.date(2024, 6, 1))
    >>> price.model, str(price.output[0][1])
    ('qwen-plus', '12')
    """
    rows = _rows_of(_key(model), provider)
    if not rows:
        _refuse_family(model, provider, on)
        _refuse_stranger(model, provider)
        return None
    refuse_before(rows[0].first, model, rows[0].provider, on)
    row = next(r for r in reversed(rows) if r.first <= on)
    if row.last is not None and on > row.last:
        later = next((f", then again from {r.first}" for r in rows if r.first > on), "")
        raise PriceUnknown(
            f"no price for {row.model!r} at {row.provider!r} on {on}: the last one known held until "
            f"{row.last}{later}; ask for a day on which it is known, or name another model"
        )
    if batch and "batch_input" not in row.rates:
        first = next((f"; the first one is known from {r.first}" for r in rows if "batch_input" in r.rates), "")
        raise PriceUnknown(
            f"no batch price is listed for {row.model!r} at {row.provider!r} on {on}{first}; ask for the standard price"
        )
    return _unit_price(row, on, batch=batch)


def overlay_models(on: dt.date) -> Iterator[tuple[UnitPrice, tuple[str, ...]]]:
    """Yield each of the overlay's prices on a day, with all names of its model and its seller, in the file's order."""
    prices, sellers, *_ = _read(OVERLAY)
    titles = {seller.provider: (seller.title, *seller.names) for seller in sellers}
    for (provider, _), rows in prices.items():
        row = next((r for r in reversed(rows) if r.first <= on), None)
        if row is not None and (row.last is None or on <= row.last):
            yield _unit_price(row, on), (row.model, *(n for r in rows for n in r.names), *titles.get(provider, ()))


def overlay_sellers() -> tuple[Seller, ...]:
    """Return the overlay's providers."""
    return _read(OVERLAY)[1]


def provider_id(provider: str | None) -> str | None:
    """Turn a provider's common name into its id; leave a name that the overlay does not know.

    >>> provider_id("火山引擎"), provider_id("OpenAI")
    ('volcengine', 'openai')
    """
    if provider is None:
        return None
    key = _key(provider)
    for seller in overlay_sellers():
        if key in {_key(n) for n in (seller.provider, seller.title, *seller.names)}:
            return seller.provider
    return provider.strip().lower()


def batch_share(provider: str, model: str) -> tuple[BatchShare, ...]:
    """Return the rows on a listed model's price in batches, oldest first."""
    return tuple(row for row in _read(OVERLAY)[2] if row.provider == provider and model in row.models)


def never_thinks(model: str) -> bool:
    """Say whether a model is known to answer without hidden thinking; one that nobody names may think.

    >>> never_thinks("gpt-4o-mini"), never_thinks("anthropic/claude-3-5-sonnet"), never_thinks("o3")
    (True, True, False)
    """
    return _read(OVERLAY)[3].search(model.strip().lower()) is not None


def sellers_of(model: str) -> list[str]:
    """Return the ids of the providers at which the overlay has a price of a model."""
    return [at for (at, _), rows in _read(OVERLAY)[0].items() if _has(rows, _key(model))]


def similar_names(model: str, provider: str | None = None) -> list[str]:
    """Return the overlay's names that are closest to a model's name."""
    from difflib import get_close_matches

    names = {
        _key(name): row.model
        for rows in _read(OVERLAY)[0].values()
        for row in rows
        if provider in (None, row.provider)
        for name in (row.model, *row.names)
    }
    return list(dict.fromkeys(names[key] for key in get_close_matches(_key(model), names, n=3, cutoff=0.6)))


def _rows_of(key: str, provider: str | None) -> tuple[_Row, ...]:
    prices, sellers, *_ = _read(OVERLAY)
    if provider is not None:
        return next((rows for (at, _), rows in prices.items() if at == provider and _has(rows, key)), ())
    default = {seller.provider for seller in sellers if seller.is_default}
    found = [rows for (at, _), rows in prices.items() if at in default and _has(rows, key)]
    return found[0] if len(found) == 1 else ()


def _has(rows: tuple[_Row, ...], key: str) -> bool:
    return any(key == _key(name) for row in rows for name in (row.model, *row.names))


def _refuse_family(model: str, provider: str | None, on: dt.date) -> None:
    for seller in overlay_sellers():
        if provider in (None, seller.provider) and _key(model) in {_key(name) for name in seller.family}:
            sold = [price.model for price, _ in overlay_models(on) if price.provider == seller.provider]
            todo = f"name one of {', '.join(sold[:8])}" if sold else f"none of them is priced on {on}, name a later day"
            raise PriceUnknown(f"{model!r} means several models of {seller.title}; {todo}")


def _refuse_stranger(model: str, provider: str | None) -> None:
    """Refuse a model that is unknown at a seller for whom nobody else lists prices."""
    if provider not in {seller.provider for seller in overlay_sellers() if not seller.is_listed_too}:
        return
    near = similar_names(model, provider) or sorted({m for at, m in _read(OVERLAY)[0] if at == provider})[:8]
    raise PriceUnknown(f"no model {model!r} at {provider!r} in the price overlay; name one such as {', '.join(near)}")


def _unit_price(row: _Row, on: dt.date, *, batch: bool = False) -> UnitPrice:
    prefix = "batch_" if batch else ""
    return UnitPrice(
        model=row.model,
        listed_as=row.model,
        provider=row.provider,
        on=on,
        source=row.source,
        input=row.rates[f"{prefix}input"],
        output=row.rates[f"{prefix}output"],
        # no list says that a cache makes a batch cheaper still
        cache_read=() if batch else row.rates.get("cached_input", ()),
        currency=row.currency,
        batch=batch,
        max_tokens_in=row.max_tokens_in,
    )


def _key(name: str) -> str:
    """Fold a name so that case, width, spaces, hyphens and underscores make no difference."""
    return re.sub(r"[\s_-]+", "", unicodedata.normalize("NFKC", name).casefold())


_Prices = dict[tuple[str, str], tuple[_Row, ...]]


@lru_cache(maxsize=4)
def _read(path: Path) -> tuple[_Prices, tuple[Seller, ...], tuple[BatchShare, ...], re.Pattern[str]]:
    values = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    sellers = tuple(
        Seller(
            provider=s["id"],
            title=s["name"],
            names=tuple(s.get("names", ())),
            family=tuple(s.get("family", ())),
            is_default=s.get("default", True),
            is_listed_too=s.get("listed_too", False),
        )
        for s in values["provider"]
    )
    prices: dict[tuple[str, str], list[_Row]] = {}
    for number, row in enumerate(values["price"], start=1):
        try:
            prices.setdefault((row["provider"], row["model"]), []).append(_row(row))
        except (KeyError, TypeError) as error:
            raise CostError(f"{path.name}: [[price]] number {number} ({row.get('model')}): {error!r}") from error
    ordered = {key: tuple(sorted(rows, key=lambda r: r.first)) for key, rows in prices.items()}
    shares = tuple(
        BatchShare(b["provider"], tuple(b["models"]), b["from"], Decimal(b["share"]), _source(b))
        for b in sorted(values["batch"], key=lambda b: b["from"])
    )
    return ordered, sellers, shares, _beginnings(values["never_thinks"], path.name)


def _beginnings(rows: list[dict[str, Any]], where: str) -> re.Pattern[str]:
    for number, row in enumerate(rows, start=1):
        try:
            re.compile("|".join(row["begins"]))
        except (KeyError, TypeError, re.error) as error:
            raise CostError(f"{where}: [[never_thinks]] number {number} ({row.get('maker')}): {error!r}") from error
    return re.compile(rf"(?:^|[/.])(?:{'|'.join(begins for row in rows for begins in row['begins'])})")


def _row(row: dict[str, Any]) -> _Row:
    steps = [{"above_tokens": 0, **row}, *row.get("tiers", ())]
    rates: dict[str, Rate] = {
        name: tuple((step["above_tokens"], Decimal(step[name])) for step in steps)
        for name in ("input", "output", "cached_input", "batch_input", "batch_output")
        if name in row
    }
    return _Row(
        provider=row["provider"],
        model=row["model"],
        names=tuple(row.get("names", ())),
        currency=row["currency"],
        first=row["from"],
        last=row.get("until"),
        rates=rates,
        max_tokens_in=row.get("max_tokens_in"),
        source=_source(row),
    )


def _source(row: dict[str, Any]) -> str:
    seen = f", seen {row['seen']}" if row["seen"] else ", from memory"
    note = f" ({row['note']})" if row.get("note") else ""
    return f"fitcheck price overlay: {row['source']}{seen}{note}"
