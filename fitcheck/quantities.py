"""What a fact that is a number measures: counts, amounts of money, shares and times, and the units people write."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Literal

from fitcheck.numerals import (
    LONGEST,
    MOST_DIGITS,
    bare_count,
    fold_number,
    is_machine_written,
    is_range,
    read_sized,
    without_about,
    without_or_so,
)

__all__ = [
    "CNY_PER_USD",
    "COUNTED",
    "DAYS_PER_YEAR",
    "MONTHS_PER_YEAR",
    "QUANTITIES",
    "Currency",
    "Kind",
    "Period",
    "read_quantity",
    "read_share",
    "remedy",
    "split_period",
    "usd_of",
]

CNY_PER_USD = (Decimal("6.9"), Decimal("7.1"), Decimal("7.3"))
"""Low, middle and high of the rate that is assumed where nobody states one: about what it was from 2023 to 2025."""

DAYS_PER_YEAR, MONTHS_PER_YEAR = 365, 12
"""What a volume by the day, the week or the year is brought to a month by: every day of it counts."""

Currency = Literal["USD", "CNY"]
Period = Literal["day", "week", "month", "year"]
Kind = Literal["calls", "count", "daily", "money", "share", "seconds", "minutes", "days"]
"""What a fact measures; `daily` are calls of one user on one day."""

QUANTITIES: dict[str, Kind] = {
    "calls_per_month": "calls",
    "users": "count",
    "calls_per_user_per_day": "daily",
    "tokens_in": "count",
    "tokens_out": "count",
    "cached_share": "share",
    "latency_budget_s": "seconds",
    "usd_per_error": "money",
    "labelled_examples": "count",
    "swap_days": "days",
    "usd_value_per_call": "money",
    "minutes_saved_per_call": "minutes",
    "usd_wage_per_hour": "money",
}
"""The facts that are numbers, and what each measures."""
COUNTED = tuple(name for name, kind in QUANTITIES.items() if kind in ("calls", "count"))
"""Facts that count things, of which people write many in short: 5k, 1w, about 2,000."""

_REMEDIES: dict[Kind, str] = {
    "calls": "write one number, such as 30000 or 3万次/天",
    "count": "write one whole number, such as 30000, 30k or 3万",
    "daily": "write one number, such as 2.5",
    "money": "write one amount in US dollars or yuan, such as 1.50, $1.50 or 60元",
    "share": "write a share from 0 to 1, or per cent, such as 0.3 or 30%",
    "seconds": "write seconds, such as 2, 2s or 500 ms",
    "minutes": "write minutes, such as 5, 5 min or 30 s",
    "days": "write a number of working days, such as 5",
}

_NEGATIVE = re.compile(r"(?:-|负|minus) ?[$¥€£]? ?[0-9]")
_PERIODS: dict[Period, tuple[str, str]] = {
    "day": (
        r"(?:平均)?(?:日均|每日|每天|一天|天均)",
        r"(?:/ ?|per |an? |each |every |pro |am )(?:day|tag|d)|daily|täglich|(?:/ ?|每|一)[天日]",
    ),
    "week": (
        r"(?:平均)?(?:周均|每个?星期|每个?礼拜|每周|一周)",
        r"(?:/ ?|per |an? |each |every |pro |die )(?:week|woche|wk)|weekly|wöchentlich"
        r"|(?:/ ?|每|一)个?(?:周|星期|礼拜)",
    ),
    "month": (
        r"(?:平均)?(?:月均|每个?月|一个月)",
        r"(?:/ ?|per |an? |each |every |pro |im )(?:month|monat|mo)|monthly|monatlich|(?:/ ?|每|一)个?月",
    ),
    "year": (
        r"(?:平均)?(?:年均|每年|一年)",
        r"(?:/ ?|per |an? |each |every |pro |im )(?:year|jahr|yr)|yearly|annually|jährlich|p\.a\.|(?:/ ?|每|一)年",
    ),
}
_BEGINS = {period: re.compile(rf"{before} ?") for period, (before, _) in _PERIODS.items()}
_ENDS = {period: re.compile(rf" ?(?:{after})\Z") for period, (_, after) in _PERIODS.items()}
_PER_USER = re.compile(r"(?:每人|人均|每用户|每位用户) ?")
_CURRENCIES: dict[Currency, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "USD": (
        re.compile(r"(?:us ?\$|usd ?\$?|\$|美元|美金) ?"),
        re.compile(r" ?(?:us ?\$|usd|\$|(?:us )?dollars?|美元|美金)\Z"),
    ),
    "CNY": (
        re.compile(r"(?:¥|rmb|cny|人民币) ?"),
        re.compile(r" ?(?:¥|rmb|cny|yuan|人民币|元|块钱?|圆)\Z"),
    ),
}
_AN_HOUR = re.compile(r" ?(?:(?:/ ?|per |an? |每)(?:小?时|个小时|hour|hr|h))\Z")
_A_CALL = re.compile(r" ?(?:(?:/ ?|per |an? |each |每)(?:次|个|call|use|error|mistake))\Z")
_EACH = re.compile(r"每(?:个?小时|次) ?")
_WITHIN = re.compile(r"(?:within|under|below|at most|不超过|[<≤]) ?|(?<=[秒钟sn]) ?(?:以内|之?内)\Z")
_UNITS = {
    **dict.fromkeys(("ms", "msec", "millisecond", "milliseconds", "毫秒"), Decimal("0.001")),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "秒", "秒钟"), Decimal(1)),
    **dict.fromkeys(("min", "mins", "minute", "minutes", "分", "分钟"), Decimal(60)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "小时", "个小时"), Decimal(3600)),
}
_TIME = re.compile(r"(?P<number>.*?[0-9一二两三四五六七八九十半百]) ?(?P<unit>[a-z]+|毫秒|秒钟?|分钟?|个?小时)")
_DAYS = re.compile(r" ?(?:working days?|days?|d|个?工作日|[天日])\Z")


def read_quantity(fact: str, text: str, *, size: int = 1, currency: Currency = "USD") -> int | float:
    """Return the number that a text states of a fact.

    Args:
        fact: One of `QUANTITIES`.
        text: As somebody wrote it.
        size: What one stands for where the text states no size of its own, as a column's name may say.
        currency: Of an amount that states none.

    Raises:
        ValueError: It is no such number, or can be read as two; says what to write.

    >>> read_quantity("calls_per_month", "40.000"), read_quantity("calls_per_month", "日均3万次")
    (40000, 912500)
    >>> read_quantity("usd_wage_per_hour", "71元/小时"), read_quantity("cached_share", "30%")
    (10, 0.3)
    >>> read_quantity("users", "三万五千"), read_quantity("latency_budget_s", "500 ms")
    (35000, 0.5)
    """
    kind = QUANTITIES[fact]
    plain = text.strip()
    if plain.isascii() and plain.isdigit() and len(plain) < 16 and size == 1 and kind != "money":
        return int(plain)
    folded = fold_number(text)
    with localcontext(prec=MOST_DIGITS):
        number = _READERS[kind](fact, folded, size, currency) if len(folded) <= LONGEST else None
        if number is None:
            is_short_range = len(folded) <= LONGEST and is_range(folded)
            is_negative = _NEGATIVE.match(folded) is not None and not is_short_range
            what = "a range; " if is_short_range else "negative; " if is_negative else ""
            raise ValueError(what + _REMEDIES[kind])
        return _number_of(number)


def remedy(fact: str) -> str:
    """Say how a fact that is a number is written; empty for any other fact.

    >>> remedy("calls_per_month"), remedy("stakes")
    ('write one number, such as 30000 or 3万次/天', '')
    """
    return _REMEDIES[QUANTITIES[fact]] if fact in QUANTITIES else ""


def read_share(text: str) -> Decimal | None:
    """Return a share, such as 0.9, 0,9 or 90%; None where it is none.

    >>> read_share("90%"), read_share("0,15"), read_share("百分之30")
    (Decimal('0.9'), Decimal('0.15'), Decimal('0.3'))
    """
    folded = fold_number(text)
    if len(folded) > LONGEST:
        return None
    with localcontext(prec=MOST_DIGITS):
        return _share("", folded, 1, "USD")


def split_period(text: str) -> tuple[str, Period | None]:
    """Return a volume without what it is per, and that: a day, a month or a year; None where it says none of these.

    >>> split_period("3万次/天"), split_period("月均3万"), split_period("30k")
    (('3万次', 'day'), ('3万', 'month'), ('30k', None))
    """
    rest, period = _without_period(fold_number(text))
    # a cost is worked out by the day, the month or the year
    return (text.strip(), None) if period in (None, "week") else (rest, period)


def usd_of(amount: Decimal | float, currency: Currency) -> float:
    """Return an amount in US dollars, at the middle of `CNY_PER_USD`, to six digits where it was converted.

    >>> usd_of(60, "CNY"), usd_of(60, "USD")
    (8.4507, 60.0)
    """
    return float(f"{Decimal(str(amount)) / CNY_PER_USD[1]:.6g}") if currency == "CNY" else float(amount)


def _number_of(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _without_period(folded: str) -> tuple[str, Period | None]:
    for period, begins in _BEGINS.items():
        if head := begins.match(folded):
            return folded[head.end() :], period
    for period, ends in _ENDS.items():
        if tail := ends.search(folded):
            return folded[: tail.start()], period
    return folded, None


def _calls(fact: str, folded: str, size: int, currency: Currency) -> Decimal | None:
    rest, period = _without_period(without_about(folded))
    found = read_sized(bare_count(rest), "thousands" if size == 1 else "decimal")
    if found is None or (period is not None and _without_period(rest)[1] is not None):
        return None
    number = found[0] if found[1] else found[0] * size
    if period == "day":
        return number * DAYS_PER_YEAR / MONTHS_PER_YEAR
    if period == "week":
        return number * DAYS_PER_YEAR / 7 / MONTHS_PER_YEAR
    if period == "year":
        return number / MONTHS_PER_YEAR
    _refuse_fraction(folded, number, found[1] or size != 1)
    return number


def _count(fact: str, folded: str, size: int, currency: Currency) -> Decimal | None:
    found = read_sized(bare_count(folded), "thousands" if size == 1 else "decimal")
    if found is None:
        return None
    number = found[0] if found[1] else found[0] * size
    _refuse_fraction(folded, number, is_sized=False)
    return number


def _refuse_fraction(folded: str, number: Decimal, is_sized: bool) -> None:
    whole = number.to_integral_value()
    # what a machine wrote, such as 1.25e1, is taken at its word by what counts no heads
    if number != whole and not is_sized and not is_machine_written(folded):
        low = int(number)
        raise ValueError(f"a count has no fraction; write a whole number, such as {low} or {low + 1}")


def _daily(fact: str, folded: str, size: int, currency: Currency) -> Decimal | None:
    if head := _PER_USER.match(folded):
        folded = folded[head.end() :]
    rest, period = _without_period(folded)
    found = read_sized(bare_count(rest), "unsure") if period in (None, "day") else None
    return None if found is None else found[0]


def _money(fact: str, folded: str, size: int, currency: Currency) -> Decimal | None:
    each = _EACH.match(folded)
    rest = folded[each.end() :] if each else folded
    rest = (_AN_HOUR if fact == "usd_wage_per_hour" else _A_CALL).sub("", rest)
    rest = without_or_so(without_about(rest))
    stated: set[Currency] = set()
    for name, (before, after) in _CURRENCIES.items():
        for _ in range(2):
            # 60元人民币
            if head := before.match(rest):
                rest = rest[head.end() :]
                stated.add(name)
            if tail := after.search(rest):
                rest = rest[: tail.start()]
                stated.add(name)
    found = read_sized(rest, "unsure") if len(stated) < 2 else None
    if found is None:
        return None
    one = stated.pop() if stated else currency
    return Decimal(str(usd_of(found[0], one))) if one == "CNY" else found[0]


def _share(fact: str, folded: str, size: int, currency: Currency) -> Decimal | None:
    rest = without_about(folded)
    bare = re.sub(r"\A百分之| ?(?:%|per ?cent|prozent)\Z", "", rest)
    if re.fullmatch(r"[0-9]*,[0-9]+", bare):
        # no share is a thousand
        bare = bare.replace(",", ".")
    found = read_sized(bare, "decimal")
    if found is None or (found[1] and bare == rest):
        return None
    return found[0] if bare == rest or bare == rest.replace(",", ".") else found[0] / 100


def _time(unit: Decimal) -> Callable[[str, str, int, Currency], Decimal | None]:
    def read(fact: str, folded: str, size: int, currency: Currency) -> Decimal | None:
        rest = without_or_so(without_about(_WITHIN.sub("", folded)))
        factor = Decimal(1)
        if timed := _TIME.fullmatch(rest):
            if timed["unit"] not in _UNITS:
                return None
            rest, factor = timed["number"], _UNITS[timed["unit"]] / unit
        found = read_sized(rest, "unsure")
        return None if found is None else found[0] * factor

    return read


def _days(fact: str, folded: str, size: int, currency: Currency) -> Decimal | None:
    found = read_sized(_DAYS.sub("", without_about(folded)), "unsure")
    return None if found is None else found[0]


_READERS: dict[Kind, Callable[[str, str, int, Currency], Decimal | None]] = {
    "calls": _calls,
    "count": _count,
    "daily": _daily,
    "money": _money,
    "share": _share,
    "seconds": _time(Decimal(1)),
    "minutes": _time(Decimal(60)),
    "days": _days,
}
