"""Whether money comes back: margin, break-even volume and payback of a use, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitcheck.records import Cost, Report
from fitcheck.text import Language
from fitcheck.use_case import UseCase

if TYPE_CHECKING:
    from fitcheck.cost.sheet import Sheet

__all__ = ["Loop", "price_words", "usd", "value_of_a_use", "work_out_loop"]

_A_BUILD = 10_000
"""USD; building costs are unknown, so payback is told for a sum that is easily scaled."""


class Loop:
    """The commercial loop of a use whose value is known.

    Args:
        cost: What a call costs.
        value: USD that a use brings: low, middle, high.
        is_wage: Whether the value is the wage of the work saved.
    """

    def __init__(self, cost: Cost, value: tuple[float, float, float], *, is_wage: bool) -> None:
        self.cost = cost
        self.value = value
        self.is_wage = is_wage
        self.sheet = _sheet(cost, value)
        self.usd_margin_per_use = float(self.sheet["usd_margin_per_use"])

    @property
    def closes(self) -> bool:
        """Whether a use brings more than it costs, at middle values."""
        return self.usd_margin_per_use > 0

    def words(self) -> dict[str, str]:
        """Say the sum and what it comes to, by language."""
        from fitcheck.cost.loop import loop_state, loop_words

        state = loop_words(loop_state(self.sheet))
        amounts = (self.cost.usd_per_call, self.value[1], abs(self.usd_margin_per_use))
        cost, value, margin = map(usd, amounts)
        en = [f"A use costs {cost} and brings {value}: {margin} is {'left' if self.closes else 'lost'}"]
        cost, value, margin = (usd(amount, "zh") for amount in amounts)
        zh = [f"每次使用花 {cost}，带来 {value}，{'剩' if self.closes else '亏'} {margin}"]
        if self.is_wage:
            en[0] += " (the wage of the time saved, before checking and take-up)"
            zh[0] += "（按省下工时的工资计，未扣核对与采用率）"
        with_fixed = self.sheet.at(usd_fixed_per_month=_A_BUILD)["break_even_calls_per_month"]
        if self.closes:
            n = f"{with_fixed:,.0f}"
            en.append(f"{usd(_A_BUILD)} of costs beside it, such as building it, come back after {n} uses")
            zh.append(f"此外每 {usd(_A_BUILD, 'zh')} 的花费（如建设费）要用 {n} 次才收回")
            if "usd_margin_per_month" in self.sheet:
                months = _round(float(self.sheet.at(usd_build=_A_BUILD)["months_until_paid_back"]))
                en[-1] += f", {months} months at this volume"
                zh[-1] += f"，按此用量约 {months} 个月"
        if "usd_margin_per_month" in self.sheet:
            month = float(self.sheet["usd_margin_per_month"])
            en.append(f"{usd(month)} a month in all")
            zh.append(f"每月合计 {usd(month, 'zh')}")
        return {"en": "; ".join([*en, state["en"]]) + ".", "zh": "；".join([*zh, state["zh"]]) + "。"}


def value_of_a_use(case: UseCase) -> tuple[tuple[float, float, float], tuple[str, ...], bool] | None:
    """Return what a use brings in USD (low, middle, high), the facts that say so, and whether it is a wage saved.

    >>> value_of_a_use(UseCase(text="x", minutes_saved_per_call=6, usd_wage_per_hour=30))
    ((3.0, 3.0, 3.0), ('minutes_saved_per_call', 'usd_wage_per_hour'), True)
    """
    if case.usd_value_per_call is not None:
        return (case.usd_value_per_call,) * 3, ("usd_value_per_call",), False
    if case.minutes_saved_per_call is None:
        return None
    hours = case.minutes_saved_per_call / 60
    if case.usd_wage_per_hour is not None:
        one = hours * case.usd_wage_per_hour
        return (one, one, one), ("minutes_saved_per_call", "usd_wage_per_hour"), True
    from fitcheck.cost.labour import WAGE

    low, mid, high = (hours * float(w) for w in (WAGE.low, WAGE.mid, WAGE.high))
    return (low, mid, high), ("minutes_saved_per_call",), True


def work_out_loop(report: Report) -> tuple[Loop, tuple[str, ...]] | None:
    """Return the loop and the facts that it rests on, or None where cost or value is unknown."""
    known = value_of_a_use(report.use_case)
    if known is None or report.cost is None:
        return None
    value, facts, is_wage = known
    volume = ("calls_per_month", "users", "calls_per_user_per_day")
    facts += tuple(name for name in volume if getattr(report.use_case, name) is not None)
    return Loop(report.cost, value, is_wage=is_wage), facts


def price_words(cost: Cost, loop: Loop | None) -> dict[str, str]:
    """Say what a use costs today at list price, and what it loses, whatever credits or hopes there are."""
    en = f"At list price on {cost.priced_on} a use costs {usd(cost.usd_per_call)}"
    zh = f"按 {cost.priced_on} 的标价，每次使用花 {usd(cost.usd_per_call, 'zh')}"
    if cost.usd_per_month is not None:
        en += f", {usd(cost.usd_per_month)} a month"
        zh += f"，每月 {usd(cost.usd_per_month, 'zh')}"
    if loop is not None and not loop.closes:
        en += f"; it brings {usd(loop.value[1])}, so each use loses {usd(-loop.usd_margin_per_use)} today"
        zh += f"；只带来 {usd(loop.value[1], 'zh')}，眼下每用一次亏 {usd(-loop.usd_margin_per_use, 'zh')}"
    return {"en": en + ".", "zh": zh + "。"}


def usd(amount: float, lang: Language = "en") -> str:
    """Write an amount with as many digits as tell it apart.

    >>> usd(0.00035), usd(2), usd(-1234.5)
    ('USD 0.00035', 'USD 2.00', '-USD 1,234')
    >>> usd(-8.52, "zh")
    '-8.52 美元'
    """
    size = abs(amount)
    digits = f"{size:,.0f}" if size >= 100 else f"{size:.2f}" if size >= 0.1 or size == 0 else f"{size:.2g}"
    if "e" in digits:
        digits = f"{size:.12f}".rstrip("0")
    sign = "-" if amount < 0 else ""
    return f"{sign}{digits} 美元" if lang == "zh" else f"{sign}USD {digits}"


def _round(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _sheet(cost: Cost, value: tuple[float, float, float]) -> Sheet:
    from fitcheck.cost.loop import loop_lines
    from fitcheck.cost.sheet import Line, Sheet, given

    has_volume = cost.calls_per_month is not None
    inputs = [given("usd_per_call", str(cost.usd_per_call), "USD", "cost of a call", "每次调用的成本")]
    lines = []
    if has_volume:
        inputs.append(given("calls_per_month", str(cost.calls_per_month), "calls/month", "calls", "调用次数"))
        lines.append(
            Line("usd_per_month_api", "usd_per_call * calls_per_month", "USD/month", "cost a month", "每月成本")
        )
    more_inputs, more_lines = loop_lines(tuple(str(v) for v in value), has_volume=has_volume)
    return Sheet([*inputs, *more_inputs], [*lines, *more_lines])
