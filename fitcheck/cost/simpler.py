"""What the simpler tool costs: to build, to keep, to run, and when it pays against a language model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from fitcheck.cost.figures import Figure, input_of
from fitcheck.cost.hardware import three
from fitcheck.cost.labour import WAGE
from fitcheck.cost.sheet import Input, Line, exact
from fitcheck.errors import CostError

__all__ = ["BUILD_NOTE", "Simpler", "find_simpler", "middle_costs", "run_cost_ratio", "simpler_lines", "techniques"]

_ORDER = "order of magnitude by this project's authors, 2026-11-22"
_SECONDS_PER_HOUR = 3600

BUILD_NOTE = {
    "en": "what building and testing the language model's version costs is not counted: it takes days as well",
    "zh": "未计大模型方案自身的开发与测试成本：那同样需要若干天",
}
"""To be said beside the simpler tool's building cost."""

_CORE_HOUR = exact(
    "usd_per_core_hour",
    ("0.015", "0.04", "0.10"),
    "USD/hour",
    "an hour of one processor core",
    "一个处理器核一小时",
    "0.0816 an hour for two cores (m7g.large, us-east-1, June 2026, factualminds.com, seen 2026-11-22); "
    "spot and owned machines less, small instances more",
)
_BUILDER_DAY = exact(
    "usd_builder_per_day",
    (120, 400, 900),
    "USD/day",
    "a day of the person who builds and keeps it",
    "开发维护人员一天的成本",
    "order of magnitude: 8 hours at 15 to 110 USD; employers in the US pay about 100 an hour for a software "
    "developer (144,570 a year by BLS 2024, ler.me, and benefits of 29.6% of cost, bls.gov/ecec, 2024-12-17)",
)

Three = tuple[Decimal, Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Simpler:
    """What a technique takes.

    Attributes:
        kind: Its name in the rules' closed list.
        by: A program on a `core`, `people`, or a language `model` after all.
        build_days: To build it; low, middle, high.
        keep_days: A month, to keep it right.
        core_s: Seconds on one core a call, where a program does it.
        minutes: Minutes of a person a call, where people do it.
        source: Where the figures are from.
    """

    kind: str
    by: Literal["core", "people", "model"]
    build_days: Three
    keep_days: Three
    core_s: Three
    minutes: Three
    source: str


@lru_cache(maxsize=1)
def techniques() -> dict[str, Simpler]:
    """Return what every technique takes, by its kind; read once."""
    import tomllib

    rows = tomllib.loads((files("fitcheck.cost") / "simpler.toml").read_text("utf-8"), parse_float=Decimal)
    return {kind: _row(kind, row) for kind, row in rows.items()}


def _row(kind: str, row: Mapping[str, Any]) -> Simpler:
    nothing = [0, 0, 0]
    build, keep, core_s, minutes = (three(row.get(name, nothing)) for name in ("build", "keep", "core_s", "minutes"))
    return Simpler(kind, row["by"], build, keep, core_s, minutes, row.get("source", _ORDER))


def find_simpler(kind: str) -> Simpler:
    """Return what a technique takes.

    Raises:
        CostError: There is no technique of that name; it offers the nearest.
    """
    found = techniques().get(kind)
    if found is None:
        near = get_close_matches(kind, techniques(), n=3, cutoff=0.5)
        todo = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(techniques())}"
        raise CostError(f"instead: {kind!r} is no technique; {todo}")
    return found


def run_cost_ratio(kind: str, usd_per_call: Decimal) -> Decimal | None:
    """Return how many times a technique's running cost a call costs, at middle values.

    Args:
        kind: A technique of the rules' closed list.
        usd_per_call: What a call of the language model costs.

    Returns:
        USD per call over (seconds on one core x price of a core second); None where no program does it.

    Raises:
        CostError: There is no technique of that name.

    >>> round(run_cost_ratio("regex-or-parser", Decimal("0.0001")))
    450000
    """
    row = _middles().get(kind)
    if row is None or row["by"] != "core":
        find_simpler(kind)
        return None
    return usd_per_call / (Decimal(row["core_s"]) * _CORE_HOUR.mid / _SECONDS_PER_HOUR)


def middle_costs(kind: str, *, wage: float | None = None) -> tuple[float, float, float | None] | None:
    """Return USD to build, USD a month to keep, and USD a call, at middle values, for a report's short line.

    Args:
        kind: A technique of the rules' closed list.
        wage: USD an hour of those who do it, as a user said; for what people do.

    Returns:
        Three figures, the last None where nothing runs at a call; or None for a language model itself.

    Raises:
        CostError: There is no technique of that name.

    >>> middle_costs("solver")
    (8000.0, 800.0, 0.00011111111111111112)
    """
    row = _middles().get(kind)
    if row is None:
        find_simpler(kind)
        return None
    if row["by"] == "model":
        return None
    day = float(_BUILDER_DAY.mid)
    if row["by"] == "core":
        run = float(row["core_s"]) * float(_CORE_HOUR.mid) / _SECONDS_PER_HOUR
    else:
        run = float(row["minutes"]) * (float(WAGE.mid) if wage is None else wage) / 60
    return float(row["build"]) * day, float(row["keep"]) * day, run or None


@lru_cache(maxsize=1)
def _middles() -> dict[str, dict[str, str]]:
    """Return the middle values by kind: a report needs no more, and a TOML reader takes ten times as long."""
    text = (files("fitcheck.cost") / "simpler.toml").read_text("utf-8")
    found: dict[str, dict[str, str]] = {}
    for kind, name, word, middle in _ROW.findall(text):
        if kind:
            row = found[kind] = {}
        else:
            row[name] = word or middle
    return found


_ROW = re.compile(r'^(?:\[([\w-]+)\]|(\w+) = (?:"(\w+)"|\[[^,\]]+, ([^,\]]+),.*))$', re.MULTILINE)


def simpler_lines(
    kind: str,
    *,
    has_volume: bool = True,
    has_cost: bool = True,
    instead: tuple[str, str] | None = None,
    wage: Figure | None = None,
) -> tuple[list[Input], list[Line]]:
    """Return inputs and lines of a simpler technique, and when it pays.

    a call = core seconds x price of a core hour / 3600, or minutes x wage / 60;
    a month = days to keep it x price of a day + calls x a call;
    months until it pays = building cost / (a month of the language model - a month of it).

    Args:
        kind: A technique of the rules' closed list.
        has_volume: The sheet has `calls_per_month`.
        has_cost: The sheet has `usd_per_call`, and with a volume `usd_per_month`.
        instead: Its name in English and Chinese for the texts; else its kind.
        wage: USD an hour of those who do it, as a user said; without effect where a program does it.

    Raises:
        CostError: No technique of that name, or it is a language model itself; or `wage` makes no sense.
    """
    row = find_simpler(kind)
    if row.by == "model":
        raise CostError(
            f"instead: {kind!r} is a language model itself; name a simpler technique, such as lookup-or-sql"
        )
    en, zh = instead or (kind, kind)
    inputs = [
        exact("build_days_alternative", row.build_days, "days", f"days to build: {en}", f"开发天数：{zh}", row.source),
        exact(
            "keep_days_per_month_alternative",
            row.keep_days,
            "days/month",
            f"days a month to keep right: {en}",
            f"每月维护天数：{zh}",
            row.source,
        ),
        _BUILDER_DAY,
    ]
    if row.by == "core":
        inputs += [
            exact(
                "core_seconds_per_call_alternative",
                row.core_s,
                "s",
                f"seconds on one core a call: {en}",
                f"每次调用占用单核秒数：{zh}",
                row.source,
            ),
            _CORE_HOUR,
        ]
        run = "core_seconds_per_call_alternative * usd_per_core_hour / 3600"
    else:
        inputs += [
            exact(
                "minutes_per_call_alternative",
                row.minutes,
                "minutes",
                f"minutes of a person a call: {en}",
                f"每次占用人工分钟数：{zh}",
                row.source,
            ),
            WAGE if wage is None else input_of(WAGE.name, wage, WAGE.unit, WAGE.en, WAGE.zh, field="wage"),
        ]
        run = "minutes_per_call_alternative * usd_wage_per_hour / 60"
    lines = [
        Line(
            "usd_build_alternative",
            "build_days_alternative * usd_builder_per_day",
            "USD",
            f"to build: {en}",
            f"开发成本：{zh}",
        ),
        Line("usd_per_call_alternative", run, "USD", f"a call of it: {en}", f"每次调用：{zh}"),
    ]
    if has_volume:
        lines.append(
            Line(
                "usd_per_month_alternative",
                "keep_days_per_month_alternative * usd_builder_per_day + calls_per_month * usd_per_call_alternative",
                "USD/month",
                f"a month, kept and run: {en}",
                f"每月维护与运行：{zh}",
            )
        )
    if has_volume and has_cost:
        lines.append(
            Line(
                "months_until_alternative_pays",
                "until_paid(usd_build_alternative, usd_per_month - usd_per_month_alternative)",
                "months",
                "months until building it is paid back by the language model's cost saved",
                "省下的大模型费用抵回开发成本所需月数",
            )
        )
    if has_cost:
        lines.append(
            Line(
                "times_dearer",
                "ratio(usd_per_call, usd_per_call_alternative)",
                "times",
                "how many times its running cost a call of the language model costs",
                "大模型一次调用的费用是它运行费用的多少倍",
            )
        )
    return inputs, lines
