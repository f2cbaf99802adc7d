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
    PriceVariant,
    Provider,
    StartDateConstraint,
    TieredPrices,
    TimeOfDateConstraint,
)

from fitcheck.cost.dates import day_in_name, held_since, name_on
from fitcheck.cost.overlay import batch_share, overlay_sellers, sellers_of, similar_names
from fitcheck.cost.prices import Rate, UnitPrice, list_version, read_on, refuse_before, source_text
from fitcheck.cost.update import stored_list
from fitcheck.errors import PriceUnknown

__all__ = ["bundled_list", "forget_prices", "listed_models", "listed_price", "start_days"]

_BATCH = {"processing": "batch"}
_NEAR = 0.7
"""Providers' names are short: what is less alike than this shares a few letters only."""


def listed_price(
    model: str,
    provider: str | None,
    on: dt.date,
    *,
    batch: bool = False,
    prices: data_snapshot.DataSnapshot | None = None,
) -> UnitPrice:
    """Return what genai-prices lists for a model at a provider on a day; see `prices.unit_price`.

    Args:
        prices: Another list than the one in force.

    Raises:
        PriceUnknown: Model or provider are not listed, nothing shows that it was sold then, or no
            batch price is known for that day.
    """
    name = model.strip().lower()
    if prices is not None:
        return _price_in(prices, name, provider, on, batch)
    prices = _list_in_force()
    return _price_in_force(name, provider, on, batch, (id(prices), prices.timestamp))


def listed_models() -> Iterator[tuple[str, str]]:
    """Yield the provider's and the model's id of every row of the list."""
    for seller in _list_in_force().providers:
        for entry in seller.models:
            yield seller.id, entry.id


def start_days(model: str, provider: str, *, prices: data_snapshot.DataSnapshot | None = None) -> list[dt.date]:
    """Return the days on which the listed price changes, from the first that is known, in order."""
    prices = prices or _list_in_force()
    seller = _find_provider(prices, model, provider)
    entry = _find_model(prices, seller, model)
    since = _held_since(prices, entry, seller, model)
    return sorted({since, *(day for day in _changes(entry) if day > since)})


@lru_cache(maxsize=1)
def bundled_list() -> data_snapshot.DataSnapshot:
    """Return the list that the installed package brings."""
    from genai_prices.data import providers

    return data_snapshot.DataSnapshot(providers, from_auto_update=False)


def _list_in_force() -> data_snapshot.DataSnapshot:
    """Return the list that this process has set, or the one that a user has fetched, or the installed one."""
    prices = data_snapshot.get_snapshot()
    if prices.providers is not bundled_list().providers:
        return prices
    return stored_list() or prices


@lru_cache(maxsize=256)
def _price_in_force(
    model: str, provider: str | None, on: dt.date, batch: bool, which_list: tuple[object, ...]
) -> UnitPrice:
    """`which_list` only tells an updated list from the one before, so that no old price is kept."""
    return _price_in(_list_in_force(), model, provider, on, batch)


def forget_prices() -> None:
    """Drop the prices that were looked up, since another list is in force now."""
    _price_in_force.cache_clear()


def _price_in(
    prices: data_snapshot.DataSnapshot, model: str, provider: str | None, on: dt.date, batch: bool
) -> UnitPrice:
    seller = _find_provider(prices, model, provider)
    name = name_on(model, seller.id, on)
    entry = _find_model(prices, seller, name)
    refuse_before(_held_since(prices, entry, seller, name), model, seller.id, on)
    source = source_text(list_version(), updated_on=prices.timestamp.date() if prices.from_auto_update else None)
    share: Decimal | None = None
    listed = _dearest_of_day(entry, on)
    if batch:
        entry, listed, share, term = _in_batches(entry, seller, model, on, listed)
        source += term
    if listed.input_mtok is None and listed.output_mtok is None:
        raise PriceUnknown(
            f"{model!r} at {seller.id!r} is listed without a price by the token (free of charge, or sold by the "
            "hour, the page or the character); name another model"
        )
    return UnitPrice(
        model=name,
        listed_as=entry.id,
        provider=seller.id,
        on=on,
        source=source,
        input=_rate(listed.input_mtok, share),
        output=_rate(listed.output_mtok, share),
        # where only a share is known, nobody says that a cache makes a batch cheaper still
        cache_read=() if share is not None else _rate(listed.cache_read_mtok),
        output_image=_rate(listed.output_image_mtok, share),
        usd_per_request=_rate(listed.requests_kcount)[0][1] / 1000 if listed.requests_kcount else Decimal(0),
        batch=batch,
        context=entry.context_window,
    )


def _in_batches(
    entry: ModelInfo, seller: Provider, model: str, on: dt.date, standard: ModelPrice
) -> tuple[ModelInfo, ModelPrice, Decimal | None, str]:
    """Find the batch price of a day: the list's own, a row of its own, or a share that the seller has announced.

    The list's own overrides the standard price from a day on; before it, the library would
    quietly answer with the standard price.
    """
    variants = [v for v in entry.price_variants or () if _is_batch(v) and any(entry is m for m in seller.models)]
    if any(v.constraint is None or v.constraint.active(_noon(on)) for v in variants):
        return entry, _dearest_of_day(entry, on, _BATCH), None, ""
    twin = next((m for m in seller.models if m.id == f"{entry.id}:batch"), None)
    if twin is not None:
        return twin, _dearest_of_day(twin, on), None, ""
    shares = batch_share(seller.id, entry.id)
    if held := [share for share in shares if share.first <= on]:
        term = f"; in batches {held[-1].share:.0%} of it since {held[-1].first} ({held[-1].source})"
        return entry, standard, held[-1].share, term
    starts = [v.constraint.start_date for v in variants if isinstance(v.constraint, StartDateConstraint)]
    if later := sorted({*starts, *(share.first for share in shares)}):
        raise PriceUnknown(
            f"no batch price for {model!r} at {seller.id!r} on {on}: it is listed from {later[0]}; ask for that day "
            "or a later one, or for the standard price"
        )
    raise PriceUnknown(f"no batch price is listed for {model!r} at {seller.id!r}; ask for the standard price")


def _is_batch(variant: PriceVariant) -> bool:
    has_price = variant.prices.input_mtok is not None or variant.prices.output_mtok is not None
    return dict(variant.when) == _BATCH and has_price


def _find_provider(prices: data_snapshot.DataSnapshot, model: str, provider: str | None) -> Provider:
    try:
        return prices.find_provider(model, provider, None)
    except LookupError:
        pass
    if provider is not None:
        ids = [p.id for p in prices.providers] + [seller.provider for seller in overlay_sellers()]
        near = list(dict.fromkeys(get_close_matches(provider.strip().lower(), ids, n=3, cutoff=_NEAR)))
        meant = f"did you mean {' or '.join(map(repr, near))}? " if near else ""
        raise PriceUnknown(
            f"no provider {provider!r} in the price list; {meant}fitcheck cost --models lists all of them"
        ) from None
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
    return [*sellers_of(name), *(p.id for p in prices.providers if p.find_model(name) is not None)][:8]


def _other_names(providers: list[Provider], name: str) -> str:
    near = get_close_matches(name, [m.id for p in providers for m in p.models], n=3, cutoff=0.5)
    near = list(dict.fromkeys([*near[:1], *similar_names(name), *near]))[:4]
    if near:
        return f"did you mean {' or '.join(repr(n) for n in near)}?"
    return "name a model that is listed, or leave the model out and a usual one is assumed"


def _held_since(prices: data_snapshot.DataSnapshot, entry: ModelInfo, seller: Provider, name: str) -> dt.date:
    """Find the first day that anything vouches for: announcements, the names, the first recorded change."""
    known = held_since(name, seller.id) or day_in_name(name) or held_since(entry.id, seller.id)
    if known is not None:
        return known
    in_names = [day for text in (entry.id, *_names(entry.match)) if (day := day_in_name(text)) is not None]
    if in_names:
        return min(in_names)
    return min([*_changes(entry), _listed_since(prices, entry, seller)])


def _listed_since(prices: data_snapshot.DataSnapshot, entry: ModelInfo, seller: Provider) -> dt.date:
    """Return the day on which a list with this price was read: a newer list alone vouches only for its own day."""
    if not prices.from_auto_update:
        return read_on()
    before = (m for p in bundled_list().providers if p.id == seller.id for m in p.models if m.id == entry.id)
    is_old = any(m.prices == entry.prices for m in before)
    return read_on() if is_old else prices.timestamp.date()


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


def _dearest_of_day(entry: ModelInfo, on: dt.date, context: dict[str, str] | None = None) -> ModelPrice:
    """Some providers charge more in their peak hours; an estimate should not hope for the night."""
    hours = [dt.time(0, tzinfo=dt.UTC)]
    if not isinstance(entry.prices, ModelPrice):
        for price in entry.prices:
            if isinstance(price.constraint, TimeOfDateConstraint):
                hours += [price.constraint.start_time, price.constraint.end_time]
    offers = [entry.get_prices(dt.datetime.combine(on, h, tzinfo=h.tzinfo or dt.UTC), context) for h in hours]
    return max(offers, key=lambda p: (_first_step(p.output_mtok), _first_step(p.input_mtok)))


def _noon(on: dt.date) -> dt.datetime:
    return dt.datetime.combine(on, dt.time(12), tzinfo=dt.UTC)


def _first_step(price: Decimal | TieredPrices | None) -> Decimal:
    rate = _rate(price)
    return rate[0][1] if rate else Decimal(0)


def _rate(price: Decimal | TieredPrices | None, share: Decimal | None = None) -> Rate:
    part = Decimal(1) if share is None else share
    if price is None:
        return ()
    if isinstance(price, TieredPrices):
        return ((0, price.base * part), *((tier.start, tier.price * part) for tier in price.tiers))
    return ((0, price * part),)
