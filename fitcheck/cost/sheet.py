"""A small spreadsheet: named inputs with ranges, formulas over them, and every number traceable.

All of an estimate's arithmetic stands in such a sheet, so that each figure can be printed with
its formula and the figures that went in, any input can be overridden by its name, and the
range of each result comes from drawing all inputs from their ranges.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from fitcheck.cost.formulas import EXACT, compiled, drawn_functions, names_in, written_out
from fitcheck.errors import CostError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["DRAWS", "Input", "Line", "Range", "Sheet", "Spread", "exact", "given"]

DRAWS = 2_000
"""How often a simulation draws all inputs."""
_NOTHING = Decimal("1e-20")
LOW, HIGH = 0.1, 0.9
"""The quantiles of the draws that a range shows."""

Spread = Literal["bounds", "p80"]
"""What an input's low and high are: limits, or the 10th and 90th percentile."""


@dataclass(frozen=True, slots=True)
class Range:
    """A figure with its range: `mid` at the inputs' middle values, 80% of the draws between `low` and `high`.

    Of an input they are the ends of its own range.
    """

    low: Decimal
    mid: Decimal
    high: Decimal

    def to_dict(self) -> dict[str, float | None]:
        """Return numbers for JSON; None where there is no finite one."""
        return {name: _number(getattr(self, name)) for name in ("low", "mid", "high")}


@dataclass(frozen=True, slots=True)
class Input:
    """A number that is given or assumed.

    Attributes:
        name: Its name in formulas and on the command line.
        low: The low end of its range.
        mid: The middle value; half of the draws lie below it.
        high: The high end.
        unit: Such as `USD/hour`; empty for a bare number.
        en: What it is.
        zh: The same in Chinese.
        source: Where the value is from; `given` where a user said it.
        spread: What `low` and `high` mean.
    """

    name: str
    low: Decimal
    mid: Decimal
    high: Decimal
    unit: str
    en: str
    zh: str
    source: str
    spread: Spread = "bounds"

    def __post_init__(self) -> None:
        values = (self.low, self.mid, self.high)
        if not all(v.is_finite() for v in values):
            raise CostError(f"{self.name}: a range needs finite numbers, not {', '.join(map(str, values))}")
        if not self.low <= self.mid <= self.high:
            raise CostError(f"{self.name}: low {self.low}, middle {self.mid} and high {self.high} are not in order")

    @property
    def is_given(self) -> bool:
        """Whether a user said it."""
        return self.source == "given"

    def drawn(self, shares: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the values below which those shares of the draws lie.

        Args:
            shares: In (0, 1), shape (n,).

        Within bounds the density is a triangle on either side of the middle, each with half of
        the draws. Between percentiles it is a normal curve in two halves, in logarithms where
        the low end is above 0.
        """
        import numpy as np

        low, mid, high = (float(v) for v in (self.low, self.mid, self.high))
        below = shares < 0.5
        if self.spread == "bounds":
            down: npt.NDArray[np.float64] = mid - (mid - low) * (1 - np.sqrt(2 * np.minimum(shares, 0.5)))
            up: npt.NDArray[np.float64] = mid + (high - mid) * (1 - np.sqrt(2 * (1 - np.maximum(shares, 0.5))))
            return np.asarray(np.where(below, down, up))
        from statistics import NormalDist

        normal = NormalDist()
        steps = np.array([normal.inv_cdf(share) for share in shares.tolist()]) / normal.inv_cdf(HIGH)
        if low <= 0:
            return np.asarray(np.where(below, mid + steps * (mid - low), mid + steps * (high - mid)))
        return np.asarray(np.where(below, mid * (mid / low) ** steps, mid * (high / mid) ** steps))


@dataclass(frozen=True, slots=True)
class Line:
    """A figure that a formula gives.

    Attributes:
        name: Its name in later formulas.
        formula: A Python expression over names of inputs and earlier lines, whole numbers, and the
            functions of `formulas`.
        unit: Such as `USD/month`.
        en: What it is.
        zh: The same in Chinese.
    """

    name: str
    formula: str
    unit: str
    en: str
    zh: str


class Sheet:
    """Inputs and lines, evaluated once exactly and, on request, over draws.

    Raises:
        CostError: A name is unknown or stands twice.

    >>> tokens = given("tokens", 800, "", "tokens", "词元")
    >>> price = exact("price", ("0.1", "0.2", "0.4"), "USD", "price", "价格", "a price list")
    >>> sheet = Sheet([tokens, price], [Line("usd", "tokens * price / 1000", "USD", "cost", "成本")])
    >>> sheet["usd"], sheet.explain("usd")
    (Decimal('0.16'), '800 x 0.2 / 1,000')
    """

    def __init__(self, inputs: Iterable[Input], lines: Iterable[Line], *, seed: int = 0) -> None:
        self.inputs: dict[str, Input] = {}
        self.lines: dict[str, Line] = {}
        self.seed = seed
        for one in inputs:
            self._refuse_second(one.name)
            self.inputs[one.name] = one
        self.values: dict[str, Decimal] = {name: one.mid for name, one in self.inputs.items()}
        with localcontext(prec=28):
            for line in lines:
                self._refuse_second(line.name)
                self.lines[line.name] = line
                self.values[line.name] = Decimal(_evaluate(line, self.values, EXACT))

    def _refuse_second(self, name: str) -> None:
        if name in self.inputs or name in self.lines:
            raise CostError(f"{name}: stands twice in the sheet")

    def __getitem__(self, name: str) -> Decimal:
        return self.values[name]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def with_inputs(self, changed: Mapping[str, Input]) -> Sheet:
        """Return the sheet with other inputs.

        Raises:
            CostError: The sheet has no input of that name.
        """
        self._refuse_unknown(changed)
        return Sheet([changed.get(name, one) for name, one in self.inputs.items()], self.lines.values(), seed=self.seed)

    def at(self, **values: Decimal | int) -> dict[str, Decimal]:
        """Return all values with some inputs set, ranges left aside.

        Raises:
            CostError: The sheet has no input of that name.
        """
        self._refuse_unknown(values)
        fixed = {}
        for name, value in values.items():
            exact_value = Decimal(value)
            fixed[name] = replace(self.inputs[name], low=exact_value, mid=exact_value, high=exact_value)
        return self.with_inputs(fixed).values

    def over(self, inputs: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
        """Return figures over arrays of inputs.

        Args:
            inputs: Numbers or arrays that broadcast, by the inputs' names; middle values for those left out.
            names: The figures; only what they rest on is worked out.
        """
        import numpy as np

        wanted = list(names)
        needed: set[str] = set().union(*(self.needed(name) for name in wanted))
        known: dict[str, Any] = {name: inputs.get(name, float(one.mid)) for name, one in self.inputs.items()}
        functions = drawn_functions()
        with np.errstate(all="ignore"):
            for name, line in self.lines.items():
                if name in needed:
                    known[name] = _evaluate(line, known, functions)
        return {name: known[name] for name in wanted}

    def _refuse_unknown(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self.inputs:
                near = get_close_matches(name, self.inputs, n=3, cutoff=0.5)
                todo = f"did you mean {' or '.join(near)}?" if near else f"inputs are {', '.join(self.inputs)}"
                raise CostError(f"{name}: this estimate has no such input; {todo}")

    @cached_property
    def draws(self) -> dict[str, npt.NDArray[np.float64]]:
        """All inputs and lines over `DRAWS` draws, each of shape (DRAWS,); the same each time.

        Inputs are drawn independently by a Latin hypercube: each input's range is cut into
        as many equal shares as there are draws, and each share is drawn from once (McKay,
        Beckman and Conover 1979, Technometrics 21).
        """
        import numpy as np

        order = np.random.default_rng(self.seed)
        known: dict[str, Any] = {}
        for name, one in self.inputs.items():
            shares = (order.permutation(DRAWS) + order.random(DRAWS)) / DRAWS
            fixed = one.low == one.high
            known[name] = np.full(DRAWS, float(one.mid)) if fixed else one.drawn(np.clip(shares, 1e-6, 1 - 1e-6))
        found = self.over(known, self.lines)
        return known | {name: np.broadcast_to(np.asarray(v, dtype=np.float64), (DRAWS,)) for name, v in found.items()}

    def range(self, name: str) -> Range:
        """Return a figure with the range that its draws span."""
        import numpy as np

        mid = self.values[name]
        if name in self.inputs:
            one = self.inputs[name]
            return Range(one.low, mid, one.high)
        if all(one.low == one.high for one in self._inputs_of(name)):
            return Range(mid, mid, mid)
        drawn = np.sort(self.draws[name])
        # a quantile that is a draw itself is finite or not; one between two would be neither
        low, high = (_decimal(float(drawn[min(DRAWS - 1, int(q * DRAWS))])) for q in (LOW, HIGH))
        if mid.is_nan():
            return Range(low, mid, high)
        return Range(min(low, mid), mid, max(high, mid))

    def sensitivity(self, name: str, *, top: int | None = None) -> list[tuple[Input, Decimal, Decimal]]:
        """Return what each uncertain input does to a figure by itself, the largest swing first.

        Returns:
            (input, the figure at its low end, at its high end); inputs that move nothing are left out.
        """
        rows = []
        for one in self._inputs_of(name):
            if one.low == one.high:
                continue
            ends = [self.at(**{one.name: end})[name] for end in (one.low, one.high)]
            # what cancels out in a formula can leave a difference in the last digit
            if all(e.is_finite() for e in ends) and abs(ends[1] - ends[0]) > abs(self.values[name]) * _NOTHING:
                rows.append((one, ends[0], ends[1]))
        rows.sort(key=lambda row: (-abs(row[2] - row[1]), row[0].name))
        return rows[:top]

    def _inputs_of(self, name: str) -> list[Input]:
        needed = self.needed(name)
        return [one for one in self.inputs.values() if one.name in needed]

    def needed(self, name: str) -> set[str]:
        """Return the names that a figure rests on, directly or through other lines, with itself."""
        seen: set[str] = set()
        todo = [name]
        while todo:
            one = todo.pop()
            if one in seen:
                continue
            seen.add(one)
            if one in self.lines:
                todo += [n for n in names_in(self.lines[one].formula) if n in self.values]
        return seen

    def explain(self, name: str) -> str:
        """Return a line's formula with the figures that went in."""
        return written_out(self.lines[name].formula, self.values)


def exact(
    name: str,
    values: tuple[str | int | Decimal, ...] | str | int | Decimal,
    unit: str,
    en: str,
    zh: str,
    source: str,
    *,
    spread: Spread = "bounds",
) -> Input:
    """Return an input from one value, or from low, middle and high, written out so that nothing is rounded."""
    three = values if isinstance(values, tuple) else (values, values, values)
    low, mid, high = (Decimal(v) for v in three)
    return Input(name, low, mid, high, unit, en, zh, source, spread)


def given(name: str, value: str | int | Decimal, unit: str, en: str, zh: str) -> Input:
    """Return an input that a user said."""
    return exact(name, value, unit, en, zh, "given")


def _evaluate(line: Line, known: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]) -> Any:
    try:
        return eval(compiled(line.formula), {"__builtins__": {}, **functions}, known)
    except NameError as error:
        raise CostError(f"{line.name}: {error}, in {line.formula!r}") from None
    except ArithmeticError:
        used = ", ".join(f"{n} = {known[n]}" for n in sorted(names_in(line.formula)) if n in known)
        raise CostError(f"{line.name}: can't be worked out of {used}; change one of them") from None


def _decimal(value: float) -> Decimal:
    if math.isnan(value):
        return Decimal("NaN")
    return Decimal(f"{value:.6g}") if math.isfinite(value) else Decimal("Infinity").copy_sign(Decimal(value))


def _number(value: Decimal) -> float | None:
    return float(value) if value.is_finite() else None
