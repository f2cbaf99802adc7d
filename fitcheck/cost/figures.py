"""Numbers as people give them: one figure, or a range, checked and named in every error."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from fitcheck.cost.sheet import Input
from fitcheck.errors import CostError
from fitcheck.numerals import is_grouped_count, read_number
from fitcheck.quantities import read_share

__all__ = ["HUGE", "Figure", "input_of", "read_figure"]

Figure = str | int | float | Decimal | Sequence[str | int | float | Decimal]
"""One number, or (low, high), or (low, middle, high); as text `LOW..HIGH` or `LOW..MID..HIGH`, each such as 30k."""

HUGE = Decimal(10) ** 15
"""No figure is larger."""

_COUNTS = (
    "calls", "users", "tickets", "documents", "meetings", "developers", "people", "tokens_in", "tokens_out",
    "calls_per_month", "calls_given_per_day", "calls_given_per_month", "calls_given_per_year",
)  # fmt: skip
"""What is counted: there a dot before three digits parts thousands."""


_TODO = "give one number, LOW..HIGH or LOW..MID..HIGH"


def read_figure(
    name: str,
    value: Figure,
    *,
    least: Decimal | int = 0,
    most: Decimal | int = HUGE,
    above: bool = False,
    todo: str = _TODO,
) -> tuple[Decimal, Decimal, Decimal]:
    """Return low, middle and high of a figure.

    Args:
        name: The field, named in errors.
        value: The figure. Between two ends the middle is their mean.
        least: The smallest value that makes sense.
        most: The largest.
        above: Whether the smallest value itself makes no sense.
        todo: What an error tells to give in place of what is no figure.

    Raises:
        CostError: It is no number, out of bounds, or not in order.

    >>> read_figure("kwh", "0.1..0.3")
    (Decimal('0.1'), Decimal('0.2'), Decimal('0.3'))
    >>> read_figure("calls", "1.000")[1], read_figure("tickets", "30k")[1], read_figure("cached", "90%")[1]
    (Decimal('1000'), Decimal('30000'), Decimal('0.9'))
    """
    if isinstance(value, str):
        parts: list[str | int | float | Decimal] = list(value.split(".."))
    elif isinstance(value, int | float | Decimal):
        parts = [value]
    elif isinstance(value, Sequence):
        parts = list(value)
    else:
        raise CostError(f"{name}: {value!r} is no figure; {todo}")
    if not 1 <= len(parts) <= 3:
        raise CostError(f"{name}: {value!r} is no figure; {todo}")
    numbers = [_number(name, part, value, todo) for part in parts]
    for number in numbers:
        if number < least or number > most or (above and number == least):
            bounds = f"more than {least}" if above else f"{least} or more"
            upper = "" if most == HUGE else f" and at most {most}"
            raise CostError(f"{name}: {number} makes no sense; give {bounds}{upper}" + _too_large(number, most))
    if numbers != sorted(numbers):
        raise CostError(f"{name}: {value!r} is not in order; give LOW..MID..HIGH from low to high")
    if len(numbers) == 2:
        return numbers[0], (numbers[0] + numbers[1]) / 2, numbers[1]
    return numbers[0], numbers[len(numbers) // 2], numbers[-1]


def input_of(
    name: str,
    value: Figure,
    unit: str,
    en: str,
    zh: str,
    source: str = "given",
    *,
    field: str | None = None,
    least: Decimal | int = 0,
    most: Decimal | int = HUGE,
    above: bool = False,
    todo: str = _TODO,
) -> Input:
    """Return a figure that a user gave as an input of a sheet.

    Args:
        name: The input's name in the sheet.
        value: The figure.
        unit: Its unit.
        en: What it is.
        zh: The same in Chinese.
        source: Where it is from.
        field: What the user calls it, named in errors; `name` if not given.
        least: The smallest value that makes sense.
        most: The largest.
        above: Whether the smallest value itself makes no sense.
        todo: What an error tells to give in place of what is no figure.

    Raises:
        CostError: As `read_figure`.
    """
    low, mid, high = read_figure(field or name, value, least=least, most=most, above=above, todo=todo)
    return Input(name, low, mid, high, unit, en, zh, source)


def _number(name: str, part: str | int | float | Decimal, value: object, todo: str) -> Decimal:
    if isinstance(part, bool) or not isinstance(part, str | int | float | Decimal):
        raise CostError(f"{name}: {value!r} is no figure; give a number")
    try:
        number = _written(name, part.strip()) if isinstance(part, str) else Decimal(str(part))
    except InvalidOperation:
        raise CostError(f"{name}: {value!r} is no figure; {todo}") from None
    if not number.is_finite():
        raise CostError(f"{name}: {value!r} is no finite number")
    return number


def _written(name: str, part: str) -> Decimal:
    """Read a number as a program writes it, else as people do."""
    counts = name in _COUNTS
    if not (counts and is_grouped_count(part)):
        try:
            return Decimal(part)
        except InvalidOperation:
            pass
    is_share = name == "cached" or name.endswith("_share")
    number = read_share(part) if is_share else read_number(part, counts=counts)
    if number is None:
        raise InvalidOperation
    return number


def _too_large(number: Decimal, most: Decimal | int) -> str:
    return f", below {most:.0e}" if number > most == HUGE else ""
