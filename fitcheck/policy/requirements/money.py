"""Requirements on what an idea costs."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from fitcheck.labels import TECHNIQUES
from fitcheck.policy.requirements.shape import AboutFacts, Breach, Case, Said
from fitcheck.records import Cost, SimplerCost

__all__ = ["CostAgainstAlternative", "CostPerCall", "CostPerMonth"]

_Usd = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class CostPerMonth(AboutFacts):
    """A month of calls costs at most so much."""

    title: ClassVar[Said] = Said("Cost per month", "每月费用")
    text: ClassVar[Said] = Said(
        "A month of calls by API costs at most this, at the day's prices.", "按当日价格，每月 API 调用费用不超过此数。"
    )
    at_most_usd: _Usd

    def ask(self, case: Case) -> Breach | None:
        cost = case.report.cost
        if cost is None:
            return self.not_known(*_NO_PRICE)
        if cost.usd_per_month is None:
            return self.not_known(
                Said("the cost of a month is not known: no volume is given", "每月费用未知：没有给出调用量"),
                _VOLUME,
            )
        if cost.usd_per_month <= self.at_most_usd:
            return None
        return Breach(
            Said(
                f"{_usd(cost.usd_per_month)} USD a month ({cost.model}); at most {_usd(self.at_most_usd)} is allowed",
                f"每月 {_usd(cost.usd_per_month)} 美元（{cost.model}）；上限 {_usd(self.at_most_usd)} 美元",
            ),
            _cheaper(cost),
        )


class CostPerCall(AboutFacts):
    """One call costs at most so much."""

    title: ClassVar[Said] = Said("Cost per call", "每次费用")
    text: ClassVar[Said] = Said(
        "One call by API costs at most this, at the day's prices.", "按当日价格，每次 API 调用费用不超过此数。"
    )
    at_most_usd: _Usd

    def ask(self, case: Case) -> Breach | None:
        cost = case.report.cost
        if cost is None:
            return self.not_known(*_NO_PRICE)
        if cost.usd_per_call <= self.at_most_usd:
            return None
        return Breach(
            Said(
                f"{_usd(cost.usd_per_call)} USD a call ({cost.model}); at most {_usd(self.at_most_usd)} is allowed",
                f"每次 {_usd(cost.usd_per_call)} 美元（{cost.model}）；上限 {_usd(self.at_most_usd)} 美元",
            ),
            _cheaper(cost),
        )


class CostAgainstAlternative(AboutFacts):
    """The model costs at most so many times what the simpler tool does."""

    title: ClassVar[Said] = Said("Cost against the alternative", "与替代方案相比的费用")
    text: ClassVar[Said] = Said(
        "Where a simpler tool would do the job, the model costs at most so many times as much to run.",
        "若有更简单的工具可用，大模型的运行费用不超过其若干倍。",
    )
    at_most_times: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0

    def applies(self, case: Case) -> bool:
        return case.report.cost is not None and case.report.cost.simpler is not None

    def ask(self, case: Case) -> Breach | None:
        cost = case.report.cost
        if cost is None or cost.simpler is None:
            return None
        times = _times_dearer(cost, cost.simpler)
        kind = cost.simpler.kind
        tool = Said(kind, TECHNIQUES[kind][1])
        if times is None:
            return self.not_known(
                Said(f"what {tool.en} costs to run is not known", f"{tool.zh}的运行费用未知"), _VOLUME
            )
        # keeping a tool right costs the same at any volume, so that a month's ratio is never above a call's
        if times > self.at_most_times and cost.calls_per_month is None and cost.simpler.usd_per_month_kept:
            return self.not_known(
                Said(
                    f"how many times what {tool.en} costs is not known: no volume is given",
                    f"与{tool.zh}相比的费用未知：没有给出调用量",
                ),
                _VOLUME,
            )
        if times <= self.at_most_times:
            return None
        return Breach(
            Said(
                f"{times:,.3g} times what {tool.en} costs to run; at most {self.at_most_times:g} is allowed",
                f"为{tool.zh}运行费用的 {times:,.3g} 倍；上限 {self.at_most_times:g} 倍",
            ),
            _instead(case, cost),
        )


_VOLUME = Said(
    "give calls_per_month, or users and calls_per_user_per_day",
    "写明 calls_per_month，或 users 与 calls_per_user_per_day",
)
_NO_PRICE = (
    Said("the cost is not known: no price is listed", "费用未知：没有列出价格"),
    Said("name a model and a provider that have a price (fitcheck cost --models)", "写明有价格的 model 与 provider"),
)


def _usd(amount: float) -> str:
    """Return an amount with cents, and small ones with two figures that count."""
    return f"{amount:,.2f}" if amount >= 0.1 else f"{amount:.2g}" if amount >= 1e-4 else f"{amount:.1e}"


def _times_dearer(cost: Cost, simpler: SimplerCost) -> float | None:
    """Return how many times the simpler tool's cost the model's is: of a month, else of a call; None if unknown."""
    if cost.usd_per_month is not None and simpler.usd_per_month:
        return cost.usd_per_month / simpler.usd_per_month
    return simpler.times_dearer


def _cheaper(cost: Cost) -> Said:
    return Said(
        f"fewer or shorter calls ({cost.tokens_in:,} tokens in, {cost.tokens_out:,} out), or a cheaper model than "
        f"{cost.model}",
        f"减少调用或缩短内容（输入 {cost.tokens_in:,}、输出 {cost.tokens_out:,} 词元），或换比 {cost.model} 便宜的模型",
    )


def _instead(case: Case, cost: Cost) -> Said:
    if case.report.instead is not None:
        return Said(f"use instead: {case.report.instead['en']}", f"改用：{case.report.instead['zh']}")
    return _cheaper(cost)
