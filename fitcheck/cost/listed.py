"""The adapter to genai-prices; importing it imports that package."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import astuple
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache

from genai_prices import data_snapshot
from genai_prices.types import (
    ClauseAnd,
    ClauseContains,
    ClauseEndsWith,
    ClauseEquals,
    ClauseOr,
    ClauseStartsWith,
    MatchLogic,
    ModelInfo,
    ModelPrice,
    Provider,
    StartDateConstraint,
    TieredPrices,
    TimeOfDateConstraint,
)

from fitcheck.cost.dates import day_in_name, held_since, name_on
from fitcheck.cost.prices import Rate, UnitPrice, list_version, read_on, refuse_before, source_text
from fitcheck.errors import PriceUnknown

__all__ = ["listed_price", "start_days"]


def listed_price(model: str, provider: str | None, on: dt.date) -> UnitPrice:
    """Return what genai-prices lists for a model at a provider on a day; see `prices.unit_price`.

    Raises:
        PriceUnknown: Model or provider are not listed, or nothing shows that it was sold then.
    """
    prices = data_snapshot.get_snapshot()
    return _listed_price(model.strip().lower(), provider, on, (id(prices), prices.timestamp))


@lru_cache(maxsize=256)
def _listed_price(model: str, provider: str | None, on: dt.date, which_list: tuple[object, ...]) -> UnitPrice:
    """`which_list` only tells an updated list from the one before, so that no old price is kept."""
    prices = data_snapshot.get_snapshot()
    seller = _find_provider(prices, model, provider)
    name = name_on(model, seller.id, on)
    entry = _find_model(prices, seller, name)
    refuse_before(_held_since(entry, seller, name), model, seller.id, on)
    listed = _dearest_of_day(entry, on)
    if listed.input_mtok is None and listed.output_mtok is None:
        raise PriceUnknown(
            f"{model!r} at {seller.id!r} is listed without a price by the token (free of charge, or sold by the "
            "hour, the page or the character); name another model"
        )
    updated = prices.timestamp.date() if prices.from_auto_update else None
    return UnitPrice(
        model=name,
        listed_as=entry.id,
        provider=seller.id,
        on=on,
        source=f"genai-prices, updated on {updated}" if updated else source_text(list_version()),
        input=_rate(listed.input_mtok),
        output=_rate(listed.output_mtok),
        cache_read=_rate(listed.cache_read_mtok),
        output_image=_rate(listed.output_image_mtok),
        usd_per_request=_rate(listed.requests_kcount)[0][1] / 1000 if listed.requests_kcount else Decimal(0),
    )


def start_days(model: str, provider: str) -> list[dt.date]:
    """Return the days on which the listed price changes, from the first that is known, in order."""
    prices = data_snapshot.get_snapshot()
    seller = _find_provider(prices, model, provider)
    entry = _find_model(prices, seller, model)
    since = _held_since(entry, seller, model)
    return sorted({since, *(day for day in _changes(entry) if day > since)})


def _find_provider(prices: data_snapshot.DataSnapshot, model: str, provider: str | None) -> Provider:
    try:
        return prices.find_provider(model, provider, None)
    except LookupError:
        pass
    if provider is not None:
        ids = [p.id for p in prices.providers]
        near = get_close_matches(provider.strip().lower(), ids, n=3) or sorted(ids)
        raise PriceUnknown(f"no provider {provider!r} in the price list; known: {', '.join(near)}") from None
    sellers = _sellers(prices, model)
    todo = f"name the provider, one of {', '.join(sellers)}" if sellers else _other_names(prices.providers, model)
    raise PriceUnknown(f"no provider goes by the name of the model {model!r}; {todo}") from None


def _find_model(prices: data_snapshot.DataSnapshot, seller: Provider, name: str) -> ModelInfo:
    entry = seller.find_model(name, all_providers=prices.providers)
    if entry is None:
        # some rows of the list do not match their own id
        entry = next((m for m in seller.models if m.id.lower() == name), None)
    if entry is not None:
        return entry
    sellers = _sellers(prices, name)
    todo = f"it is listed at {', '.join(sellers)}" if sellers else _other_names([seller], name)
    raise PriceUnknown(f"no model {name!r} at {seller.id!r} in the price list; {todo}")


def _sellers(prices: data_snapshot.DataSnapshot, name: str) -> list[str]:
    return [p.id for p in prices.providers if p.find_model(name) is not None][:8]


def _other_names(providers: list[Provider], name: str) -> str:
    near = get_close_matches(name, [m.id for p in providers for m in p.models], n=3, cutoff=0.5)
    if near:
        return f"did you mean {' or '.join(repr(n) for n in near)}?"
    return "name a model that is listed, or leave the model out and a usual one is assumed"


def _held_since(entry: ModelInfo, seller: Provider, name: str) -> dt.date:
    """Find the first day that anything vouches for: announcements, the names, the first recorded change."""
    known = held_since(name, seller.id) or day_in_name(name) or held_since(entry.id, seller.id)
    if known is not None:
        return known
    in_names = [day for text in (entry.id, *_names(entry.match)) if (day := day_in_name(text)) is not None]
    if in_names:
        return min(in_names)
    return min([*_changes(entry), read_on()])


def _changes(entry: ModelInfo) -> Iterator[dt.date]:
    if not isinstance(entry.prices, ModelPrice):
        for price in entry.prices:
            if isinstance(price.constraint, StartDateConstraint):
                yield price.constraint.start_date


def _names(match: MatchLogic) -> Iterator[str]:
    """Yield the names written out in a matching rule; patterns carry no day."""
    if isinstance(match, ClauseOr | ClauseAnd):
        for part in match.or_ if isinstance(match, ClauseOr) else match.and_:
            yield from _names(part)
    elif isinstance(match, ClauseEquals | ClauseStartsWith | ClauseEndsWith | ClauseContains):
        (name,) = astuple(match)
        yield name


def _dearest_of_day(entry: ModelInfo, on: dt.date) -> ModelPrice:
    """Some providers charge more in their peak hours; an estimate should not hope for the night."""
    hours = [dt.time(0, tzinfo=dt.UTC)]
    if not isinstance(entry.prices, ModelPrice):
        for price in entry.prices:
            if isinstance(price.constraint, TimeOfDateConstraint):
                hours += [price.constraint.start_time, price.constraint.end_time]
    offers = [entry.get_prices(dt.datetime.combine(on, h, tzinfo=h.tzinfo or dt.UTC)) for h in hours]
    return max(offers, key=lambda p: (_first_step(p.output_mtok), _first_step(p.input_mtok)))


def _first_step(price: Decimal | TieredPrices | None) -> Decimal:
    rate = _rate(price)
    return rate[0][1] if rate else Decimal(0)


def _rate(price: Decimal | TieredPrices | None) -> Rate:
    if price is None:
        return ()
    if isinstance(price, TieredPrices):
        return ((0, price.base), *((tier.start, tier.price) for tier in price.tiers))
    return ((0, price),)
