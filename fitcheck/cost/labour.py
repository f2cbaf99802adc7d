"""What the work that is saved is worth, and how little of it is cash."""

from __future__ import annotations

from fitcheck.cost.figures import Figure, input_of
from fitcheck.cost.sheet import Input, Line, Range, exact

__all__ = ["CAPACITY_NOTE", "WAGE", "labour_lines", "labour_words"]

CAPACITY_NOTE = {
    "en": "capacity released is not cash saved: hours become money only where fewer are paid for, "
    "or where the time is spent on what earns",
    "zh": "腾出的产能不等于省下的现金：只有少付工时，或把时间用在能挣钱的事上，才变成钱",
}
"""To be said beside every figure about work saved."""

WAGE = exact(
    "usd_wage_per_hour",
    (8, 30, 60),
    "USD/hour",
    "full cost of an hour of the people who do the work",
    "从事该工作者每小时的全部人力成本",
    "order of magnitude; private employers in the US paid 44.40 on average in September 2024, benefits included "
    "(bls.gov/ecec, published 2024-12-17)",
)
"""What an hour of work costs, where nobody said."""

_ADOPTION = exact(
    "adoption_share",
    ("0.3", "0.6", "0.9"),
    "share",
    "share of uses whose answer is really taken up",
    "答案真正被采用的比例",
    "order of magnitude; of those given an office assistant about 80% used it at all and a third daily "
    "(gov.uk, Microsoft 365 Copilot Experiment, 2025-06-02)",
)
_REALISED = exact(
    "realised_share",
    ("0.2", "0.5", "0.8"),
    "share",
    "share of the time saved that is put to work",
    "省下的时间真正用于工作的比例",
    "order of magnitude; users report 2.8% of hours saved, pay and hours show no effect above 1% "
    "(Humlum and Vestergaard 2025, BFI working paper 2025-56)",
)
_REVIEW = exact(
    "review_minutes_per_use",
    ("0.2", "1", "3"),
    "minutes",
    "minutes to check an answer",
    "每次核对答案的分钟数",
    "order of magnitude: to read 50 to 700 words at 240 a minute (silent reading of English non-fiction, "
    "Brysbaert 2019, from memory)",
)
_CASHABLE = exact(
    "cashable_share",
    0,
    "share",
    "share of the capacity that becomes cash: fewer hours paid, or more sold",
    "产能中变成现金的比例：少付工时或多卖出",
    "none, until somebody says which hours will no longer be paid for",
)
_MINUTES = exact(
    "minutes_saved_per_use",
    (0, 3, 10),
    "minutes",
    "minutes that a use saves",
    "每次使用节省的分钟数",
    "order of magnitude; in measured trials from none to half of the task's time",
)


def labour_lines(
    *,
    minutes_saved: Figure | None = None,
    wage: Figure | None = None,
    has_gross: bool = False,
    has_cost: bool = True,
) -> tuple[list[Input], list[Line]]:
    """Return inputs and lines about the hours that are saved.

    net hours = gross hours x adoption x realised share - review; capacity = net hours x wage;
    cash = capacity x cashable share, and none where the hours are negative. Time that a use costs is lost
    in full: the realised share lowers only what is saved.

    Args:
        minutes_saved: Minutes that a use saves, as a user said.
        wage: USD an hour, as a user said.
        has_gross: The sheet has `hours_saved_gross_per_month` already.
        has_cost: The sheet has `usd_per_month`, to set the capacity against.

    Returns:
        Inputs and lines over `calls_per_month` and, with a cost, `usd_per_month`.

    Raises:
        CostError: A figure makes no sense.
    """
    wage_input = WAGE if wage is None else input_of(WAGE.name, wage, WAGE.unit, WAGE.en, WAGE.zh, field="wage")
    inputs = [_ADOPTION, _REALISED, _REVIEW, wage_input, _CASHABLE]
    lines = []
    if not has_gross:
        one = _MINUTES
        if minutes_saved is not None:
            one = input_of(one.name, minutes_saved, one.unit, one.en, one.zh, field="minutes_saved")
        inputs.insert(0, one)
        lines.append(
            Line(
                "hours_saved_gross_per_month",
                "calls_per_month * minutes_saved_per_use / 60",
                "hours/month",
                "hours saved a month, if every answer were used and nothing checked",
                "每月毛节省工时（每个答案都用上且不核对）",
            )
        )
    lines += [
        Line(
            "hours_review_per_month",
            "calls_per_month * review_minutes_per_use / 60",
            "hours/month",
            "hours a month to check answers",
            "每月核对工时",
        ),
        Line(
            "hours_saved_net_per_month",
            "minimum(0, hours_saved_gross_per_month) * adoption_share"
            " + maximum(0, hours_saved_gross_per_month) * adoption_share * realised_share - hours_review_per_month",
            "hours/month",
            "hours a month that are really freed",
            "每月净节省工时",
        ),
        Line(
            "usd_capacity_per_month",
            "hours_saved_net_per_month * usd_wage_per_hour",
            "USD/month",
            "worth of the capacity released a month, which is not cash",
            "每月腾出产能的价值（并非现金）",
        ),
        Line(
            "usd_cash_per_month",
            "maximum(0, usd_capacity_per_month) * cashable_share",
            "USD/month",
            "cash saved a month",
            "每月省下的现金",
        ),
    ]
    if has_cost:
        lines += [
            Line(
                "usd_net_per_month",
                "usd_capacity_per_month - usd_per_month",
                "USD/month",
                "capacity released less cost, a month",
                "每月产能价值减成本",
            ),
            Line(
                "usd_net_cash_per_month",
                "usd_cash_per_month - usd_per_month",
                "USD/month",
                "cash saved less cost, a month",
                "每月省下现金减成本",
            ),
            Line(
                "hours_to_cover_per_month",
                "ratio(usd_per_month, usd_wage_per_hour)",
                "hours/month",
                "net hours a month that would cover the cost",
                "抵回成本所需的每月净工时",
            ),
        ]
    return inputs, lines


def labour_words(net: Range) -> dict[str, str]:
    """Say whether the capacity released covers the cost, from capacity less cost with its range.

    >>> from decimal import Decimal as D
    >>> labour_words(Range(D(-5), D(10), D(20)))["en"]
    'the capacity released covers the cost at middle values, not over the whole range'
    """
    if net.mid.is_nan():
        return {"en": "whether the saving covers the cost can't be said", "zh": "无法判断节省能否抵回成本"}
    if net.low > 0:
        return {"en": "the capacity released covers the cost", "zh": "腾出的产能抵得回成本"}
    if net.mid > 0:
        return {
            "en": "the capacity released covers the cost at middle values, not over the whole range",
            "zh": "按中间值，腾出的产能抵得回成本，但并非整个范围都如此",
        }
    if net.high > 0:
        return {
            "en": "the capacity released does not cover the cost at middle values",
            "zh": "按中间值，腾出的产能抵不回成本",
        }
    return {"en": "the capacity released does not cover the cost", "zh": "腾出的产能抵不回成本"}
