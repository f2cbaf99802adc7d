"""Numbers as people write them: digits in groups, sizes such as 30k or 3万, Chinese numerals, and what hedges them."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Literal

__all__ = [
    "LONGEST",
    "MOST_DIGITS",
    "Dots",
    "bare_count",
    "fold_number",
    "is_grouped_count",
    "is_machine_written",
    "is_range",
    "read_number",
    "read_sized",
    "without_about",
    "without_or_so",
]

LONGEST, MOST_DIGITS = 100, 40
"""The longest text that is read as a number, in characters once folded, and the digits that it is reckoned with."""

Dots = Literal["thousands", "decimal", "unsure"]
"""What one dot before three digits means where no size follows; `unsure` refuses it."""

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
_RANGE = re.compile(r"[0-9十百千万亿kwm%元秒] ?(?:-|–|—|~|至|到|to|bis|\.\.+) ?[$¥]?[0-9一二两三四五六七八九十]")


def read_number(text: str, *, counts: bool = False) -> Decimal | None:
    """Return a figure of any kind, such as 3万, 30k or 1,5; None where it is none.

    Args:
        text: As somebody wrote it.
        counts: Whether it counts things: then a dot before three digits parts thousands.

    >>> read_number("1.000", counts=True), read_number("1.000"), read_number("0,15")
    (Decimal('1000'), Decimal('1.000'), Decimal('0.15'))
    """
    folded = fold_number(text)
    if len(folded) > LONGEST:
        return None
    with localcontext(prec=MOST_DIGITS):
        found = read_sized(bare_count(folded), "thousands" if counts else "decimal")
        return None if found is None else found[0]


def is_grouped_count(text: str) -> bool:
    """Say whether a text is digits in groups of three, which a count reads as thousands.

    >>> is_grouped_count("1.000"), is_grouped_count("0.125")
    (True, False)
    """
    return _GROUPED.fullmatch(fold_number(text)) is not None


def fold_number(text: str) -> str:
    """Return the form that everything else here reads: half-width, lower case, simplified, one blank between words.

    Of a text that is far too long only the beginning is read.

    >>> fold_number(" ３０，０００  張")
    '30,000 张'
    """
    return " ".join(unicodedata.normalize("NFKC", text[: 4 * LONGEST]).casefold().translate(_SIMPLER).split())


def is_machine_written(folded: str) -> bool:
    """Say whether a number has an exponent, as machines write it: 1.25e1."""
    return _MACHINE.fullmatch(folded) is not None


def is_range(folded: str) -> bool:
    """Say whether two numbers stand with a dash or a word such as "to" between them."""
    return _RANGE.search(folded) is not None


def without_about(folded: str) -> str:
    """Leave out one word before a number that says no more than "about"."""
    about = _ABOUT.match(folded)
    return folded[about.end() :] if about else folded


def without_or_so(folded: str) -> str:
    """Leave out what stands behind a number and says no more than "or so"."""
    return _without_end(folded, _OR_SO)


def bare_count(folded: str) -> str:
    """Leave out what stands around a number and says no more than "about" or what is counted.

    >>> bare_count("about 3万多次"), bare_count("200 tickets")
    ('3万', '200')
    """
    folded = without_about(folded)
    for _ in range(2):
        # 3万多次, 3万次左右
        folded = _without_end(without_or_so(folded), _COUNTER)
    return folded


def _without_end(folded: str, ending: re.Pattern[str]) -> str:
    for found in ending.finditer(folded):
        if found.end() == len(folded) and found.start():
            return folded[: found.start()]
    return folded


def read_sized(folded: str, dots: Dots) -> tuple[Decimal, bool] | None:
    """Return a number and whether it states a size of its own, such as 万; None where it is none.

    Raises:
        ValueError: It can be read as two numbers.

    >>> read_sized("3万", "unsure"), read_sized("30.5", "unsure")
    ((Decimal('30000'), True), (Decimal('30.5'), False))
    """
    if is_machine_written(folded):
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
