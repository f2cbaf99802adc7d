"""What `hardware.toml` says: prices of cards, the servers around them, electricity and staff by region.

The file is read once, on first use.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from fitcheck.cost.sheet import Input
from fitcheck.errors import CostError

__all__ = [
    "REGIONS",
    "CardPrice",
    "Region",
    "Server",
    "assumption",
    "card_price",
    "find_region",
    "prices_day",
    "server_around",
    "three",
]

HARDWARE = Path(__file__).with_name("hardware.toml")

Three = tuple[Decimal, Decimal, Decimal]
"""Low, middle, high."""

REGIONS = ("world", "us", "eu", "china")
"""Where cards may stand."""


@dataclass(frozen=True, slots=True)
class CardPrice:
    """What a card costs.

    Attributes:
        name: As in `gpus.toml`.
        server: The kind of server that it sits in.
        usd_per_hour: Rent of one card.
        usd: Purchase of one card, without its server.
        at: What kind of price the purchase price is: `list`, `street`, `contract`, or `blocked`
            (sold past an export ban).
        source: Where the prices are from, with the day.
    """

    name: str
    server: str
    usd_per_hour: Three
    usd: Three
    at: str
    source: str


@dataclass(frozen=True, slots=True)
class Server:
    """What stands around the cards, for each card: host, network, chassis.

    Attributes:
        kind: Its name in `hardware.toml`.
        en: What it is.
        zh: The same in Chinese.
        usd: Purchase, USD per card.
        w: Power, watts per card.
        source: Where the figures are from, with the day.
    """

    kind: str
    en: str
    zh: str
    usd: Three
    w: Three
    source: str


@dataclass(frozen=True, slots=True)
class Region:
    """Electricity and staff where the cards stand.

    Attributes:
        id: One of `REGIONS`.
        en: Its name.
        zh: The same in Chinese.
        usd_per_kwh: Electricity for firms.
        g_co2_per_kwh: Grams of CO2 equivalents per kilowatt-hour from the grid.
        usd_engineer_per_year: An operations engineer with all that an employer pays.
        kwh_source: Where the price is from, with the day.
        co2_source: Where the emissions are from.
        staff_source: Where the pay is from.
    """

    id: str
    en: str
    zh: str
    usd_per_kwh: Three
    g_co2_per_kwh: Three
    usd_engineer_per_year: Three
    kwh_source: str
    co2_source: str
    staff_source: str


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, Any]]:
    """Return the file's tables by name, kind or id."""
    import tomllib

    found = tomllib.loads(HARDWARE.read_text("utf-8"), parse_float=Decimal)
    keys = {"card": "name", "server": "kind", "region": "id", "input": "name"}
    return {table: {row[key]: row for row in found[table]} for table, key in keys.items()}


@lru_cache(maxsize=1)
def prices_day() -> dt.date:
    """Return the last day on which a card's price was looked up."""
    return max(dt.date.fromisoformat(row["seen"]) for row in _tables()["card"].values() if row["seen"])


def three(values: list[int | Decimal]) -> Three:
    """Return low, middle and high as exact numbers."""
    low, mid, high = (Decimal(v) for v in values)
    return low, mid, high


def _with_day(source: str, seen: str) -> str:
    return f"{source} ({seen})" if seen else f"{source}; not looked up"


def card_price(name: str) -> CardPrice | None:
    """Return what a card costs, by its name in `gpus.toml`, or None where no price is known.

    >>> price = card_price("H100 SXM")
    >>> price.usd_per_hour[1], price.server, card_price("Abacus")
    (Decimal('3.4'), 'hgx', None)
    """
    row = _tables()["card"].get(name)
    if row is None:
        return None
    prices = (three(row["usd_per_hour"]), three(row["usd"]))
    return CardPrice(row["name"], row["server"], *prices, row["at"], _with_day(row["source"], row["seen"]))


def server_around(kind: str) -> Server:
    """Return what stands around a card."""
    row = _tables()["server"][kind]
    source = _with_day(row["source"], row["seen"])
    return Server(row["kind"], row["en"], row["zh"], three(row["usd"]), three(row["w"]), source)


def find_region(name: str) -> Region:
    """Return a region by its id.

    Raises:
        CostError: There is none of that name.

    >>> find_region("china").usd_per_kwh[1]
    Decimal('0.085')
    """
    row = _tables()["region"].get(name.strip().lower())
    if row is None:
        near = get_close_matches(name.strip().lower(), REGIONS, n=1, cutoff=0.5)
        todo = f"did you mean {near[0]}?" if near else f"there are {', '.join(REGIONS)}"
        raise CostError(f"region: {name!r} is not known; {todo}")
    return Region(
        id=row["id"],
        en=row["en"],
        zh=row["zh"],
        usd_per_kwh=three(row["usd_per_kwh"]),
        g_co2_per_kwh=three(row["g_co2_per_kwh"]),
        usd_engineer_per_year=three(row["usd_engineer_per_year"]),
        kwh_source=_with_day(row["kwh_source"], row["seen"]),
        co2_source=_with_day(row["co2_source"], row["seen"]),
        staff_source=_with_day(row["staff_source"], row["seen"]),
    )


def assumption(name: str) -> Input:
    """Return an assumption as an input of a sheet.

    >>> assumption("pue").mid
    Decimal('1.4')
    """
    row = _tables()["input"][name]
    return Input(name, *three(row["values"]), row["unit"], row["en"], row["zh"], _with_day(row["source"], row["seen"]))
