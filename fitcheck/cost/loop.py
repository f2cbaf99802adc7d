"""The commercial loop: whether what a use brings pays for what it costs."""

from __future__ import annotations

from typing import Literal

from fitcheck.cost.figures import Figure, input_of
from fitcheck.cost.sheet import Input, Line, Range, Sheet, exact

__all__ = ["LoopState", "loop_lines", "loop_state", "loop_words"]

LoopState = Literal["closes", "closes-in-the-middle", "breaks-when-dearer", "open", "unsaid"]
"""Whether money comes back: over the whole range, at middle values only, only while the supplier's prices or
cards are not dearer, not, or not enough said."""

_FIXED = exact(
    "usd_fixed_per_month",
    0,
    "USD/month",
    "other fixed costs a month: people, support, licences",
    "其他每月固定成本：人员、支持、许可",
    "none said; say your own",
)
_BUILD = exact(
    "usd_build",
    0,
    "USD",
    "what building it costs once",
    "一次性建设成本",
    "none said; say your own",
)
_PAID = exact(
    "paid_share",
    1,
    "share",
    "share of uses that somebody pays for",
    "有人付费的使用比例",
    "every use, unless said: free tiers and trials lower it",
)
_API_RISE = exact(
    "api_price_rise",
    2,
    "times",
    "if the supplier's prices rise to this many times",
    "假如供应商价格涨到几倍",
    "a question, not a forecast",
)
_CARDS_RISE = exact(
    "cards_price_rise",
    3,
    "times",
    "if cards cost this many times as much",
    "假如显卡价格涨到几倍",
    "a question; where supply is blocked cards have sold at several times list price",
)


def loop_lines(
    value: Figure,
    *,
    way: Literal["api", "own"] = "api",
    has_volume: bool = True,
    cards_line: str | None = None,
) -> tuple[list[Input], list[Line]]:
    """Return inputs and lines that set what a use brings against what it costs.

    By API each use costs; own cards cost by the month, so that there the break-even volume is the one
    that pays for the cards that stand, and never comes where it is beyond what they carry, fully used.

    Args:
        value: USD that a use is worth or sold for.
        way: How the model is run.
        has_volume: The sheet has `calls_per_month`, and for own cards the lines of `own_lines`.
        cards_line: The line with the monthly cost of own cards, for what dearer cards would do.

    Raises:
        CostError: `value` makes no sense.
    """
    inputs = [
        input_of(
            "usd_value_per_use", value, "USD", "what a use is worth or sold for", "每次使用的价值或售价", field="value"
        ),
        _PAID,
        _FIXED,
        _BUILD,
    ]
    lines = [
        Line("usd_cost_per_use", "usd_per_call", "USD", "cost of a use", "每次使用的成本"),
        Line(
            "usd_margin_per_use",
            "usd_value_per_use * paid_share - usd_cost_per_use",
            "USD",
            "margin of a use",
            "每次使用的毛利",
        ),
    ]
    pays_from = "break_even(usd_fixed_per_month, usd_margin_per_use)"
    if way == "own":
        pays_from = (
            "within(break_even(usd_fixed_per_month + usd_per_month_own, usd_value_per_use * paid_share),"
            " calls_carried_per_month_own)"
        )
        if has_volume:
            lines.append(
                Line(
                    "calls_carried_per_month_own",
                    "replicas_own * calls_per_s_replica * 3600 * hours_on_per_month",
                    "calls/month",
                    "calls a month that the cards carry, fully used",
                    "现有显卡满载时每月可处理的调用次数",
                )
            )
    if has_volume or way == "api":
        lines.append(
            Line(
                "break_even_calls_per_month",
                pays_from,
                "calls/month",
                "calls a month from which it pays" + (", on the cards that stand" if way == "own" else ""),
                "开始不亏的每月调用次数" + ("（按现有显卡）" if way == "own" else ""),
            )
        )
    if not has_volume:
        return inputs, lines
    lines += [
        Line(
            "usd_margin_per_month",
            "usd_margin_per_use * calls_per_month - usd_fixed_per_month",
            "USD/month",
            "margin a month",
            "每月毛利",
        ),
        Line(
            "months_until_paid_back",
            "break_even(usd_build, usd_margin_per_month)",
            "months",
            "months until building it is paid back",
            "建设成本回本月数",
        ),
    ]
    if way == "api":
        inputs.append(_API_RISE)
        lines.append(
            Line(
                "usd_margin_per_month_dearer_api",
                "usd_margin_per_month - (api_price_rise - 1) * usd_per_month_api",
                "USD/month",
                "margin a month after that price rise",
                "供应商涨价后的每月毛利",
            )
        )
    elif cards_line is not None:
        inputs.append(_CARDS_RISE)
        lines.append(
            Line(
                "usd_margin_per_month_dearer_cards",
                f"usd_margin_per_month - (cards_price_rise - 1) * {cards_line}",
                "USD/month",
                "margin a month if cards were dearer",
                "显卡涨价后的每月毛利",
            )
        )
    return inputs, lines


def loop_state(sheet: Sheet) -> LoopState:
    """Return whether the loop closes by a sheet's margin a month, or by that of a use where no volume is known."""
    name = next((n for n in ("usd_margin_per_month", "usd_margin_per_use") if n in sheet), None)
    if name is None or sheet[name].is_nan():
        return "unsaid"
    margin: Range = sheet.range(name)
    if margin.mid <= 0:
        return "open"
    dearer = [n for n in ("usd_margin_per_month_dearer_api", "usd_margin_per_month_dearer_cards") if n in sheet]
    if margin.low <= 0:
        return "closes-in-the-middle"
    return "breaks-when-dearer" if any(sheet[n] <= 0 for n in dearer) else "closes"


_WORDS: dict[LoopState, tuple[str, str]] = {
    "closes": ("the loop closes: a use brings more than it costs", "商业闭环成立：每次使用带来的多于花费"),
    "closes-in-the-middle": (
        "the loop closes at middle values, not over the whole range",
        "按中间值商业闭环成立，但并非整个范围都如此",
    ),
    "breaks-when-dearer": (
        "the loop closes today and breaks if the supplier's prices or cards get as dear as asked",
        "商业闭环目前成立；若供应商或显卡按假设涨价，则不再成立",
    ),
    "open": (
        "the loop does not close: what comes back doesn't pay for it, and a hope of lower prices is no income",
        "商业闭环不成立：带来的钱抵不回花费；“以后会更便宜”不是收入",
    ),
    "unsaid": (
        "not enough said: give what a use is worth or sold for",
        "信息不足：请给出每次使用的价值或售价",
    ),
}


def loop_words(state: LoopState) -> dict[str, str]:
    """Return the words for a state in both languages.

    >>> loop_words("unsaid")["en"]
    'not enough said: give what a use is worth or sold for'
    """
    en, zh = _WORDS[state]
    return {"en": en, "zh": zh}
