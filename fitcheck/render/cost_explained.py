"""What a sheet's formulas can't say by themselves: their functions, and figures that come from elsewhere."""

from __future__ import annotations

from decimal import Decimal

from fitcheck.cost.answer import Estimate
from fitcheck.cost.formulas import names_in
from fitcheck.render.cost_words import about
from fitcheck.text import Language

__all__ = ["explained"]

_FUNCTIONS: dict[str, tuple[str, str]] = {
    "annuity": (
        "annuity(r, n): what one unit of debt costs a year, r / (1 - (1 + r)^-n)",
        "annuity(r, n)：一单位借款每年的偿还额，r / (1 - (1 + r)^-n)",
    ),
    "break_even": (
        "break_even(fixed, gain): fixed / gain; never where a use gains nothing",
        "break_even(固定, 毛利)：固定 / 毛利；毛利不为正则永不",
    ),
    "ceil": ("ceil(x): x rounded up", "ceil(x)：向上取整"),
    "floor": ("floor(x): x rounded down", "floor(x)：向下取整"),
    "maximum": ("maximum(...): the largest", "maximum(...)：取最大"),
    "minimum": ("minimum(...): the smallest", "minimum(...)：取最小"),
    "ratio": ("ratio(a, b): a / b; never where b is 0", "ratio(a, b)：a / b；b 为 0 则永不"),
    "servers": (
        "servers(calls a second, seconds a call, slots, longest wait, share that may wait longer, variability): "
        "the fewest servers by Erlang's delay formula with Allen and Cunneen's wait",
        "servers(每秒调用, 每次秒数, 空位, 最长等待, 允许超时比例, 波动)："
        "按 Erlang 等待公式（Allen-Cunneen 修正）的最少服务器数",
    ),
    "tier": ("tier(v, 0, a, s, b): a, or b where v is above s", "tier(v, 0, a, s, b)：取 a；v 超过 s 时取 b"),
    "until_paid": (
        "until_paid(once, gain): once / gain; never where nothing is gained",
        "until_paid(一次性, 每期收益)：一次性 / 每期收益；无收益则永不",
    ),
}
_SPEED = (
    "output_tokens_per_s_replica: the calibrated roofline for {gpus} cards and {calls} calls at once: {speeds} "
    "tokens/s; {first:.0f} ms to the first token, {next:.1f} ms for each further one; bound by {bound}",
    "output_tokens_per_s_replica：校准过的 roofline，{gpus} 张卡、同时 {calls} 个调用：{speeds} 词元/秒；"
    "首词元 {first:.0f} 毫秒，其后每词元 {next:.1f} 毫秒；瓶颈 {bound}",
)
_CROSSING = (
    "the volume from which own cards are cheaper: volume_factor is varied from one call to 100,000 times this volume, "
    "all else at its middle, and the two costs compared",
    "API 与自有显卡的分界用量：让 volume_factor 从一次调用变到本次用量的 10 万倍，其余取中间值，逐点比较",
)
_RANGES = (
    "low and high: inputs are drawn independently (triangles within limits, log-normal halves where a range is an 80% "
    "interval), and the 10th and 90th percentile of the results taken",
    "低与高：各项输入独立抽样（范围内三角分布，80% 区间按对数正态），取第 10 与第 90 百分位",
)


def explained(estimate: Estimate, lang: Language) -> list[str]:
    """Return what the formulas' functions do, and where the figures without a formula are from."""
    at = 1 if lang == "zh" else 0
    used: set[str] = set().union(*(names_in(line.formula) for line in estimate.sheet.lines.values()))
    rows = [_FUNCTIONS[name][at] for name in sorted(used & _FUNCTIONS.keys())]
    served = estimate.served
    if served is not None:
        three = (served.low, served.output_tokens_per_s, served.high)
        rows.append(
            _SPEED[at].format(
                gpus=served.gpus,
                calls=served.concurrency,
                speeds=", ".join(about(Decimal(f"{v:.6g}"), lang) for v in three),
                first=served.ttft_ms,
                next=served.tpot_ms,
                bound=served.bound,
            )
        )
    if estimate.break_even is not None:
        rows.append(_CROSSING[at])
    return [*rows, _RANGES[at]]
