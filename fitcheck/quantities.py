"""Numbers as people write them: counts, amounts of money, shares and times, in English, Chinese and German habits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Literal

__all__ = [
    "CNY_PER_USD",
    "COUNTED",
    "DAYS_PER_YEAR",
    "MONTHS_PER_YEAR",
    "QUANTITIES",
    "Currency",
    "Kind",
    "Period",
    "is_grouped_count",
    "read_number",
    "read_quantity",
    "remedy",
    "split_period",
    "usd_of",
]

CNY_PER_USD = (Decimal("6.9"), Decimal("7.1"), Decimal("7.3"))
"""Low, middle and high of the rate that is assumed where nobody states one: about what it was from 2023 to 2025."""

DAYS_PER_YEAR, MONTHS_PER_YEAR = 365, 12
"""What a volume by the day or by the year is brought to a month by: every day of it counts."""

Currency = Literal["USD", "CNY"]
Period = Literal["day", "month", "year"]
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
_LONGEST = 100
_MOST_DIGITS = 40

_SIMPLER = str.maketrans("萬億兩個約張筆單條戶週時鐘錢圓餘過數頁’ʼ`´−", "万亿两个约张笔单条户周时钟钱圆余过数页''''-")
_MACHINE = re.compile(r"\+?[0-9]+(?:\.[0-9]*)?e[+-]?[0-9]{1,2}")
_GROUPED = re.compile(r"(?!0)[0-9]{1,3}([,.'_ ])[0-9]{3}(?:\1[0-9]{3})*")
_GROUPED_DECIMAL = re.compile(r"([0-9]{1,3}(?:([,.'_ ])[0-9]{3})(?:\2[0-9]{3})*)(?!\2)([.,])([0-9]+)")
_LAKHS = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}")
_PLAIN = re.compile(r"[0-9]+[.,]?|[0-9]*[.,][0-9]+")
_SIZED = re.compile(
    r"(?P<number>[0-9.,'_ ]+?) ?(?P<size>k|w|m|thousands?|tsd\.?|tausend|millions?|mio\.?|mln\.?|mn|billions?|bn"
    r"|[十百千万亿]+)?"
)
_SIZES = {
    "": 0, "k": 3, "thousand": 3, "tsd": 3, "tausend": 3, "w": 4, "m": 6, "million": 6, "mio": 6, "mln": 6, "mn": 6,
    "billion": 9, "bn": 9,
}  # fmt: skip
_PLACES = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_DIGITS = {digit: value for value, digits in enumerate(("零〇", "一", "二两", *"三四五六七八九")) for digit in digits}
_NUMERAL = re.compile(r"[0-9]+(?:\.[0-9]+)?|[零〇一二两三四五六七八九十百千万亿]")

_ABOUT = re.compile(
    r"(?:about|around|roughly|approx(?:imately|\.)?|circa|ca\.?|some|over|more than|up to|etwa|rund"
    r"|大约|大概|约为|约|将近|近|差不多|超过|[~≈>]) ?"
)
_OR_SO = re.compile(r" ?(?:左右|上下|以上|or so|\+)|(?<=[十百千万亿次条个人件份单])[多余](?=\Z)")
_COUNTER = re.compile(
    r"(?:(?<=[0-9kw十百千万亿多余 +]) ?)(?:calls?|requests?|users?|people|persons?|tokens?|examples?|samples?|tickets?"
    r"|orders?|documents?|e?mails?|messages?|queries|uses|anfragen|人次|词元|[次条个人件份单笔张封篇通页户名位])"
)
_PERIODS: dict[Period, tuple[str, str]] = {
    "day": (
        r"(?:平均)?(?:日均|每日|每天|一天|天均)",
        r"(?:/ ?|per |an? |each |every |pro |am )(?:day|tag|d)|daily|täglich|(?:/ ?|每|一)[天日]",
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
_RANGE = re.compile(r"[0-9十百千万亿kwm%元秒] ?(?:-|–|—|~|至|到|to|bis|\.\.+) ?[$¥]?[0-9一二两三四五六七八九十]")


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
    folded = _folded(text)
    with localcontext(prec=_MOST_DIGITS):
        number = _READERS[kind](fact, folded, size, currency) if len(folded) <= _LONGEST else None
        if number is None:
            is_range = _RANGE.search(folded) is not None and len(folded) <= _LONGEST
            raise ValueError(("a range; " if is_range else "") + _REMEDIES[kind])
        return _number_of(number)


def remedy(fact: str) -> str:
    """Say how a fact that is a number is written; empty for any other fact.

    >>> remedy("calls_per_month"), remedy("stakes")
    ('write one number, such as 30000 or 3万次/天', '')
    """
    return _REMEDIES[QUANTITIES[fact]] if fact in QUANTITIES else ""


def read_number(text: str, *, counts: bool = False, share: bool = False) -> Decimal | None:
    """Return a figure of any kind, such as 3万, 30k or 1,5; None where it is none.

    Args:
        text: As somebody wrote it.
        counts: Whether it counts things: then a dot before three digits parts thousands.
        share: Whether per cent may be written.

    >>> read_number("1.000", counts=True), read_number("1.000"), read_number("0,15"), read_number("90%", share=True)
    (Decimal('1000'), Decimal('1.000'), Decimal('0.15'), Decimal('0.9'))
    """
    folded = _folded(text)
    if len(folded) > _LONGEST:
        return None
    with localcontext(prec=_MOST_DIGITS):
        if share:
            return _share("", folded, 1, "USD")
        found = _sized(_counted(folded), "thousands" if counts else "decimal")
        return None if found is None else found[0]


def is_grouped_count(text: str) -> bool:
    """Say whether a text is digits in groups of three, which a count reads as thousands.

    >>> is_grouped_count("1.000"), is_grouped_count("0.125")
    (True, False)
    """
    return _GROUPED.fullmatch(_folded(text)) is not None


def split_period(text: str) -> tuple[str, Period | None]:
    """Return a volume without what it is per, and that: a day, a month or a year; None where it does not say.

    >>> split_period("3万次/天"), split_period("月均3万"), split_period("30k")
    (('3万次', 'day'), ('3万', 'month'), ('30k', None))
    """
    rest, period = _without_period(_folded(text))
    return (text.strip(), None) if period is None else (rest, period)


def usd_of(amount: Decimal | float, currency: Currency) -> float:
    """Return an amount in US dollars, at the middle of `CNY_PER_USD`, to six digits where it was converted.

    >>> usd_of(60, "CNY"), usd_of(60, "USD")
    (8.4507, 60.0)
    """
    return float(f"{Decimal(str(amount)) / CNY_PER_USD[1]:.6g}") if currency == "CNY" else float(amount)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text[: 4 * _LONGEST]).casefold().translate(_SIMPLER).split())


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


def _counted(folded: str) -> str:
    """Leave out what stands around a number and says no more than "about" or what is counted."""
    if about := _ABOUT.match(folded):
        folded = folded[about.end() :]
    for _ in range(2):
        # 3万多次, 3万次左右
        folded = _without_end(_without_end(folded, _OR_SO), _COUNTER)
    return folded


def _without_end(folded: str, ending: re.Pattern[str]) -> str:
    for found in ending.finditer(folded):
        if found.end() == len(folded) and found.start():
            return folded[: found.start()]
    return folded


Dots = Literal["thousands", "decimal", "unsure"]
"""What one dot before three digits means where no size follows; `unsure` refuses it."""


def _sized(folded: str, dots: Dots) -> tuple[Decimal, bool] | None:
    """Return a number and whether it states a size of its own, such as 万; None where it is none.

    Raises:
        ValueError: It can be read as two numbers.
    """
    if _MACHINE.fullmatch(folded):
        return Decimal(folded), False
    if found := _SIZED.fullmatch(folded):
        size = (found["size"] or "").removesuffix(".")
        number = _digits(found["number"], "decimal" if size else dots)
        if number is None:
            return None
        if size and size[0] in _PLACES:
            places = sum(_PLACES[one] for one in size)
            # 千万 and 万亿 are sizes, 万千 is none
            grows = all(_PLACES[a] < _PLACES[b] for a, b in pairwise(size))
            return (number * 10**places, True) if grows else None
        return number * 10 ** _SIZES[size if size in _SIZES else size.removesuffix("s")], bool(size)
    numeral = _numeral(folded)
    return None if numeral is None else (numeral, True)


def _digits(written: str, dots: Dots) -> Decimal | None:
    written = written.strip()
    if grouped := _GROUPED.fullmatch(written):
        parts = written.split(grouped[1])
        whole = Decimal("".join(parts))
        if grouped[1] != "." or len(parts) > 2 or dots == "thousands":
            return whole
        decimal = Decimal(written)
        if dots == "decimal":
            return decimal
        # three digits behind the dot stay in doubt, four don't
        plain = f"{decimal}0" if parts[1][-1] != "0" else f"{decimal.normalize():f}"
        raise ValueError(f"it can be {decimal.normalize():f} or {whole}; write {plain} or {whole}")
    if mixed := _GROUPED_DECIMAL.fullmatch(written):
        return Decimal(f"{re.sub('[^0-9]', '', mixed[1])}.{mixed[4]}")
    if _LAKHS.fullmatch(written):
        return Decimal(written.replace(",", ""))
    if _PLAIN.fullmatch(written):
        return Decimal(written.replace(",", "."))
    return None


def _numeral(written: str) -> Decimal | None:
    """Read Chinese numerals, also among digits, such as 三万五千 or 3万5千; None for what is loose, such as 三万五."""
    total = section = Decimal(0)
    number: Decimal | None = None
    last, is_after_zero = 0, False
    tokens = _NUMERAL.findall(written)
    if not tokens or "".join(tokens) != written:
        return None
    for token in tokens:
        if token in "零〇":
            if number is not None:
                return None
            is_after_zero = True
        elif token in _DIGITS or token not in _PLACES:
            if number is not None:
                return None
            number = Decimal(_DIGITS.get(token, token))
        elif token in "万亿":
            section += number or 0
            if not section and not total:
                return None
            big = Decimal(10) ** _PLACES[token]
            total = total + section * big if section and total >= big else (total + section) * big
            section, number, last, is_after_zero = Decimal(0), None, _PLACES[token], False
        else:
            if number is None and token != "十":
                return None
            section += (1 if number is None else number) * Decimal(10) ** _PLACES[token]
            number, last, is_after_zero = None, _PLACES[token], False
    if number is not None and last > 1 and not is_after_zero:
        return None
    return total + section + (number or 0)


def _calls(fact: str, folded: str, size: int, currency: Currency) -> Decimal | None:
    about = _ABOUT.match(folded)
    rest, period = _without_period(folded[about.end() :] if about else folded)
    found = _sized(_counted(rest), "thousands" if size == 1 else "decimal")
    if found is None or (period is not None and _without_period(rest)[1] is not None):
        return None
    number = found[0] if found[1] else found[0] * size
    if period == "day":
        return number * DAYS_PER_YEAR / MONTHS_PER_YEAR
    if period == "year":
        return number / MONTHS_PER_YEAR
    _refuse_fraction(folded, number, found[1] or size != 1)
    return number


def _count(fact: str, folded: str, size: int, currency: Currency) -> Decimal | None:
    found = _sized(_counted(folded), "thousands" if size == 1 else "decimal")
    if found is None:
        return None
    number = found[0] if found[1] else found[0] * size
    _refuse_fraction(folded, number, is_sized=False)
    return number


def _refuse_fraction(folded: str, number: Decimal, is_sized: bool) -> None:
    whole = number.to_integral_value()
    # what a machine wrote, such as 1.25e1, is taken at its word by what counts no heads
    if number != whole and not is_sized and not _MACHINE.fullmatch(folded):
        low = int(number)
        raise ValueError(f"a count has no fraction; write a whole number, such as {low} or {low + 1}")


def _daily(fact: str, folded: str, size: int, currency: Currency) -> Decimal | None:
    if head := _PER_USER.match(folded):
        folded = folded[head.end() :]
    rest, period = _without_period(folded)
    found = _sized(_counted(rest), "unsure") if period in (None, "day") else None
    return None if found is None else found[0]


def _money(fact: str, folded: str, size: int, currency: Currency) -> Decimal | None:
    each = _EACH.match(folded)
    rest = folded[each.end() :] if each else folded
    rest = (_AN_HOUR if fact == "usd_wage_per_hour" else _A_CALL).sub("", rest)
    about = _ABOUT.match(rest)
    rest = _without_end(rest[about.end() :] if about else rest, _OR_SO)
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
    found = _sized(rest, "unsure") if len(stated) < 2 else None
    if found is None:
        return None
    one = stated.pop() if stated else currency
    return Decimal(str(usd_of(found[0], one))) if one == "CNY" else found[0]


def _share(fact: str, folded: str, size: int, currency: Currency) -> Decimal | None:
    about = _ABOUT.match(folded)
    rest = folded[about.end() :] if about else folded
    bare = re.sub(r"\A百分之| ?(?:%|per ?cent|prozent)\Z", "", rest)
    if re.fullmatch(r"[0-9]*,[0-9]+", bare):
        # no share is a thousand
        bare = bare.replace(",", ".")
    found = _sized(bare, "decimal")
    if found is None or (found[1] and bare == rest):
        return None
    return found[0] if bare == rest or bare == rest.replace(",", ".") else found[0] / 100


def _time(unit: Decimal) -> Callable[[str, str, int, Currency], Decimal | None]:
    def read(fact: str, folded: str, size: int, currency: Currency) -> Decimal | None:
        rest = _WITHIN.sub("", folded)
        about = _ABOUT.match(rest)
        rest = _without_end(rest[about.end() :] if about else rest, _OR_SO)
        factor = Decimal(1)
        if timed := _TIME.fullmatch(rest):
            if timed["unit"] not in _UNITS:
                return None
            rest, factor = timed["number"], _UNITS[timed["unit"]] / unit
        found = _sized(rest, "unsure")
        return None if found is None else found[0] * factor

    return read


def _days(fact: str, folded: str, size: int, currency: Currency) -> Decimal | None:
    about = _ABOUT.match(folded)
    found = _sized(_DAYS.sub("", folded[about.end() :] if about else folded), "unsure")
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
