"""Parts, a turn, findings and a plan made by hand, for the tests of what readers see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from samples import ASSIST, FIT, INFO, OVERKILL, UNCLEAR, UNFIT, four, said, softmax

from fitcheck.beside import LensFinding, Part, Plan, PlanStep, Question, Tool, Turn
from fitcheck.lens.axes import AXES, USUAL
from fitcheck.records import Report, Task
from fitcheck.use_case import UseCase

__all__ = ["FINDINGS", "MIXED", "PLAN", "fed_beside", "finding", "findings", "nothing_beside"]


def finding(axis: str, value: str, **more: object) -> LensFinding:
    """Return a finding with words made up from its axis and value."""
    says = {"en": f"It says {value} on {axis}.", "zh": f"{axis} 一项说的是 {value}。"}
    do = {"en": f"Look to {axis} first.", "zh": f"先看 {axis}。"}
    given: dict[str, object] = {"confidence": 0.5, "basis": "usual", "says": says, "do": do} | more
    return LensFinding(axis, value, **given)  # type: ignore[arg-type]


def findings(*told: LensFinding) -> tuple[LensFinding, ...]:
    """Return one finding for each axis: the usual answers, but for those that are told."""
    by_axis = {f.axis: f for f in told}
    return tuple(by_axis.get(axis) or finding(axis, USUAL[axis]) for axis in AXES)


_TEXT = (
    "Trade on earnings news: read the releases as they come in, then buy or sell before the others do. "
    "The desk runs wholly on one vendor's model, on its free credits."
)

FINDINGS = findings(
    finding(
        "role",
        "core",
        confidence=0.81,
        basis="scenarios",
        says={"en": "What is traded on is the model's output.", "zh": "拿去交易的就是模型的产出。"},
        do={"en": "Measure the output itself.", "zh": "直接衡量产出本身。"},
    ),
    finding(
        "innovation",
        "way-of-working",
        confidence=0.64,
        basis="scenarios",
        says={"en": "A machine acts where traders did.", "zh": "原来由交易员做的，改由机器做。"},
        do={"en": "Keep the old way ready.", "zh": "老办法先留着。"},
    ),
    finding(
        "payer",
        "savings",
        confidence=1.0,
        basis="facts",
        facts=("payer", "usd_value_per_call"),
        says={
            "en": "USD 0.40 comes back for each call that costs USD 0.02.",
            "zh": "每次花 0.02 美元，收回 0.40 美元。",
        },
        do={"en": "Check the 0.40 on a month of real calls.", "zh": "拿一个月的真实调用核对这 0.40。"},
    ),
    finding(
        "dependence",
        "locked",
        confidence=0.9,
        basis="words",
        quote="The desk runs wholly on one vendor's model",
        start=98,
        says={"en": "One supplier carries the whole.", "zh": "全靠一家供应商。"},
        do={
            "en": "Run the same test set on a second model and write down the days that a change takes.",
            "zh": "用同一套测试题跑第二个模型，记下换过去要几天。",
        },
        sources=({"title": "digoal, 德说-第278期", "url": "https://github.com/digoal/blog"},),
    ),
    finding(
        "price",
        "subsidised",
        confidence=0.86,
        basis="words",
        quote="on its free credits",
        start=142,
        says={"en": "It lives on credits that end.", "zh": "靠的是会用完的赠送额度。"},
        do={"en": "Work the month out at list price.", "zh": "按标价把一个月的账算一遍。"},
    ),
)

PLAN = Plan(
    id="replace/quantitative-trading-model",
    title={"en": "A tested trading model, and people who answer for it", "zh": "经过回测的交易模型，加上担责的人"},
    steps=(
        PlanStep("do", {"en": "Write the signal down as a rule and test it on ten years of prices.",
                        "zh": "把信号写成规则，用十年行情回测。"}),
        PlanStep("do", {"en": "Set limits for size and loss, and a switch that stops all orders.",
                        "zh": "定好仓位和亏损上限，再加一个停止全部下单的开关。"}),
        PlanStep("do", {"en": "Trade on paper for a quarter.", "zh": "先模拟盘跑一个季度。"}),
        PlanStep("measure", {"en": "Return after costs against the index.", "zh": "扣除成本后的收益，与指数相比。"}),
        PlanStep("baseline", {"en": "Holding the index.", "zh": "持有指数。"}),
        PlanStep("case", {"en": "A release that is withdrawn an hour later.", "zh": "一小时后撤回的公告。"}),
    ),
    tools=(
        Tool("backtrader", "https://www.backtrader.com", "GPL-3.0-or-later",
             {"en": "tests a rule on past prices", "zh": "用历史行情回测规则"}),
        Tool("vnpy", "https://www.vnpy.com", "MIT", {"en": "trades and tests in China", "zh": "国内市场的交易与回测"}),
    ),
    cost={"en": "Some USD 40,000 to build; the calls would be USD 900 a month.",
          "zh": "开发约 4 万美元；调用费每月 900 美元。"},
)  # fmt: skip

_LEDGER = [
    *four("prior", "prior", 0.42, 0.03, -0.11, -0.34),
    *four("scenarios", "whole text", -0.9, 0.1, -0.7, 1.5),
    said("trades-by-itself", UNFIT, 1.4, "core", "then buy or sell before the others do"),
]

MIXED = Report(
    use_case=UseCase(text=_TEXT),
    text=_TEXT,
    lang="en",
    verdict=UNFIT,
    probabilities=softmax(_LEDGER),
    ledger=tuple(_LEDGER),
    tasks=(
        Task("Trade on earnings news", 0, 22, "core"),
        Task("read the releases as they come in", 24, 57, "auxiliary"),
    ),
    concepts={"category": ("investment-trading", 0.93)},
    rules={
        "trades-by-itself": {
            "title": {"en": "Trades among adversaries", "zh": "与对手博弈的交易"},
            "why": {"en": "Whoever reads the same news trades against you.", "zh": "读同一条新闻的人就是你的对手。"},
            "instead": {"en": "A tested trading model.", "zh": "经过回测的交易模型。"},
        }
    },
    instead={"kind": "quantitative-trading-model", "en": "a tested trading model", "zh": "经过回测的交易模型"},
    questions=(Question("decides", (("person", ASSIST), ("model", UNFIT)), 0.4),),
    parts=(
        Part("read the releases as they come in", 24, 57, ASSIST, {"assist": 0.7, "fit": 0.2, "overkill": 0.05,
             "unfit": 0.05}, "financial-reading"),
        Part("then buy or sell before the others do", 59, 96, UNFIT, {"assist": 0.1, "fit": 0.1, "overkill": 0.05,
             "unfit": 0.75}, "investment-trading",
             {"kind": "quantitative-trading-model", "en": "a tested trading model", "zh": "经过回测的交易模型"}),
    ),
    turn=Turn(
        "a-person-decides",
        {"en": "The model reads the news for the analyst who decides.", "zh": "模型替做决定的分析师读新闻。"},
        UseCase(text="Read the earnings releases as they come in and note for the analyst what they say; she decides."),
        ASSIST,
        0.83,
    ),
    info=INFO,
)  # fmt: skip


_BY_VERDICT = {
    FIT: findings(finding("need", "decoration", basis="words", quote="just for fun", start=0), finding("role", "core")),
    ASSIST: findings(finding("need", "need", basis="words", quote="weeks behind", start=0), FINDINGS[3]),
    OVERKILL: findings(finding("need", "need", basis="facts", facts=("without_it",)), finding("dependence", "exit")),
    UNFIT: FINDINGS,
    UNCLEAR: findings(),
}


def lens_by_verdict(report: Report) -> tuple[LensFinding, ...]:
    """Return findings made up from a report's verdict."""
    return _BY_VERDICT[report.verdict]


def plan_by_verdict(report: Report) -> Plan | None:
    """Return a plan where the model is not to do it."""
    return PLAN if report.verdict in (OVERKILL, UNFIT) else None


@contextmanager
def fed_beside() -> Iterator[None]:
    """Let reports have findings and plans made up from their verdicts, whatever the shipped rules say."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fitcheck.lens.read_lens", lens_by_verdict)
        patch.setattr("fitcheck.plans.plan_for", plan_by_verdict)
        yield


@contextmanager
def nothing_beside() -> Iterator[None]:
    """Let reports have neither findings nor a plan."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fitcheck.lens.read_lens", lambda _: ())
        patch.setattr("fitcheck.plans.plan_for", lambda _: None)
        yield
