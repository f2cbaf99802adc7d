"""What the alternative costs beside the language model, in words that stay true at any volume."""

from __future__ import annotations

import math

from fitcheck.records import Cost, Report, SimplerCost, Verdict

__all__ = ["cost_words", "two_digits"]

_ONCE = frozenset(("econometrics-or-experiment", "measure-first"))
"""What is done for a question, however many calls the idea would make."""

_BY_PEOPLE = frozenset(("verification-with-sources", "person-decides", "approval-workflow", "human-work"))
_HOURS_OF_ONE_PERSON = 150
"""Working hours a month, order of magnitude."""

_MOST_PEOPLE = 20
"""People beyond whom doing each case by hand is no plan."""

_MANY_TIMES = 1000
_SMALL_MONTH_USD = 50
_REVIEW_MINUTES = 2
"""To look an output over; an order of magnitude, to be measured."""

Words = dict[str, str]


def cost_words(report: Report) -> Words | None:
    """Say what the plan costs beside the language model.

    Args:
        report: A report with a verdict; what is not known of its cost is left out.

    Returns:
        A sentence or two by language; None where no cost is known.
    """
    cost = report.cost
    if cost is None:
        return None
    if report.verdict in (Verdict.FIT, Verdict.ASSIST):
        return _with_review(cost) if report.verdict is Verdict.ASSIST else _calls(cost)
    simpler = cost.simpler
    if simpler is None:
        return _calls(cost)
    if simpler.kind in _ONCE:
        return _asked_once(cost, simpler)
    if simpler.kind in _BY_PEOPLE:
        return _done_by_people(cost, simpler, report.use_case.usd_wage_per_hour)
    return _done_by_software(cost, simpler)


def two_digits(value: float) -> str:
    """Write an order of magnitude: two significant digits, grouped.

    >>> two_digits(17280), two_digits(0.0004167)
    ('17,000', '0.00042')
    """
    if value <= 0:
        return "0"
    places = 1 - math.floor(math.log10(value))
    rounded = round(value, places)
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:.{max(0, places)}f}".rstrip("0").rstrip(".")


def _calls(cost: Cost) -> Words:
    """Say what the model's calls cost."""
    per_1000 = two_digits(cost.usd_per_1000_calls)
    if cost.usd_per_month is None:
        return {
            "en": f"The model's calls cost about USD {per_1000} per 1,000. Building and testing is not counted.",
            "zh": f"模型调用每千次约 {per_1000} 美元，未计开发与测试。",
        }
    month = two_digits(cost.usd_per_month)
    return {
        "en": f"The model's calls cost about USD {month} a month (USD {per_1000} per 1,000). "
        "Building and testing is not counted.",
        "zh": f"模型调用每月约 {month} 美元（每千次 {per_1000} 美元），未计开发与测试。",
    }


def _with_review(cost: Cost) -> Words:
    """Say what the calls cost, and that looking the outputs over costs more."""
    words = _calls(cost)
    if cost.calls_per_month is None:
        hours = two_digits(1000 * _REVIEW_MINUTES / 60)
        return {
            "en": f"{words['en']} Looking over 1,000 outputs at {_REVIEW_MINUTES} minutes each takes {hours} hours: "
            "that is the larger bill, so measure it.",
            "zh": f"{words['zh']}按每条看 {_REVIEW_MINUTES} 分钟算，复核一千条要 {hours} 小时：这才是大头，先量一量。",
        }
    hours_a_month = cost.calls_per_month * _REVIEW_MINUTES / 60
    hours, people = two_digits(hours_a_month), hours_a_month / _HOURS_OF_ONE_PERSON
    if people > _MOST_PEOPLE:
        return {
            "en": f"{words['en']} Nobody can look over every output at this volume ({hours} hours a month at "
            f"{_REVIEW_MINUTES} minutes each): say which ones a person must see.",
            "zh": f"{words['zh']}这样的量不可能条条复核（每条 {_REVIEW_MINUTES} 分钟，每月 {hours} 小时）："
            "先定清哪些必须过人。",
        }
    return {
        "en": f"{words['en']} Looking each output over for {_REVIEW_MINUTES} minutes takes {hours} hours a month: "
        "that is the larger bill, so measure it.",
        "zh": f"{words['zh']}每条复核 {_REVIEW_MINUTES} 分钟，每月 {hours} 小时：这才是大头，先量一量。",
    }


def _asked_once(cost: Cost, simpler: SimplerCost) -> Words:
    """Say what a study costs: it answers a question once, whatever the number of calls."""
    build = two_digits(simpler.usd_build)
    return {
        "en": f"It is paid for once and not per call: about USD {build} of working days. The model's calls are cheap "
        f"(USD {two_digits(cost.usd_per_1000_calls)} per 1,000) and don't answer the question.",
        "zh": f"按次数算没有意义，做一次约 {build} 美元的人工。模型调用便宜"
        f"（每千次 {two_digits(cost.usd_per_1000_calls)} 美元），但回答不了这个问题。",
    }


def _done_by_people(cost: Cost, simpler: SimplerCost, wage: float | None) -> Words:
    """Say what people's work costs; at a volume that nobody can do by hand, say that instead of a sum."""
    if simpler.usd_per_call is None:
        return _calls(cost)
    if wage is None or wage <= 0:
        from fitcheck.cost.labour import WAGE

        wage = float(WAGE.mid)
    minutes = simpler.usd_per_call * 60 / wage
    each, model_call = two_digits(simpler.usd_per_call), two_digits(cost.usd_per_call)
    first_en = f"About {two_digits(minutes)} minutes of a person each (USD {each} at USD {two_digits(wage)} an hour); "
    first_zh = f"每件约占人工 {two_digits(minutes)} 分钟（时薪 {two_digits(wage)} 美元，合 {each} 美元）；"
    if cost.calls_per_month is None:
        return {
            "en": f"{first_en}a call of the model costs USD {model_call}, but it can't take the responsibility.",
            "zh": f"{first_zh}模型一次调用 {model_call} 美元，但它担不了这个责任。",
        }
    hours = cost.calls_per_month * minutes / 60
    calls = f"{cost.calls_per_month:,.0f}"
    if hours > _MOST_PEOPLE * _HOURS_OF_ONE_PERSON:
        people = two_digits(hours / _HOURS_OF_ONE_PERSON)
        return {
            "en": f"{first_en}{calls} a month would be the work of {people} people, so nobody does each by hand: let "
            "written rules settle the clear ones, and count how many are left for a person.",
            "zh": f"{first_zh}每月 {calls} 件要 {people} 个人，不可能件件人工：先让成文规则处理明确的，"
            "再数一数剩下多少要人看。",
        }
    return {
        "en": f"{first_en}that is {two_digits(hours)} hours a month for {calls}, beside USD "
        f"{two_digits(cost.usd_per_month or 0)} for the model's calls, which can't take the responsibility.",
        "zh": f"{first_zh}每月 {calls} 件共 {two_digits(hours)} 小时；模型调用每月 "
        f"{two_digits(cost.usd_per_month or 0)} 美元，但它担不了这个责任。",
    }


def _done_by_software(cost: Cost, simpler: SimplerCost) -> Words:
    """Say what a program costs to build and keep, and when that is paid back."""
    build, kept = two_digits(simpler.usd_build), two_digits(simpler.usd_per_month_kept)
    en = f"About USD {build} to build and USD {kept} a month to keep"
    zh = f"开发约 {build} 美元，维护每月约 {kept} 美元"
    if simpler.usd_per_month is None or cost.usd_per_month is None:
        run_en, run_zh = _running(simpler.times_dearer)
        return {"en": f"{en}; {run_en}.", "zh": f"{zh}；{run_zh}。"}
    month, of_model = two_digits(simpler.usd_per_month), two_digits(cost.usd_per_month)
    en += f"; kept and run USD {month} a month, beside USD {of_model} for the model's calls"
    zh += f"；连运行每月 {month} 美元，模型调用每月 {of_model} 美元"
    months = simpler.months_until_paid
    if months is not None:
        paid_en = "within a month" if months <= 1 else f"in about {two_digits(months)} months"
        paid_zh = "一个月内" if months <= 1 else f"约 {two_digits(months)} 个月"
        return {"en": f"{en}: paid back {paid_en}.", "zh": f"{zh}：{paid_zh}回本。"}
    if cost.usd_per_month < _SMALL_MONTH_USD:
        return {
            "en": f"{en}. At this volume money is no reason either way: choose it for being right.",
            "zh": f"{zh}。这点用量，钱不是理由：选它是因为靠得住。",
        }
    return {
        "en": f"{en}: not paid back at this volume, so choose it for being right, not for being cheap.",
        "zh": f"{zh}：按此用量不会回本，选它是因为可靠，而不是便宜。",
    }


def _running(times_dearer: float | None) -> tuple[str, str]:
    """Say how a run of the program compares with a call, without figures beyond belief."""
    if times_dearer is None:
        return "running it costs next to nothing", "运行几乎不花钱"
    if times_dearer > _MANY_TIMES:
        return (
            "running it costs next to nothing, not a thousandth of the model's call",
            "运行几乎不花钱，不到模型调用的千分之一",
        )
    if times_dearer >= 2:
        times = two_digits(times_dearer)
        return f"a call of the model costs {times} times a run of it", f"模型一次调用的费用是它的 {times} 倍"
    return "a run of it costs as much as the model's call or more", "它跑一次不比模型调用便宜"
