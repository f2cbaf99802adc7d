"""What a reader of a throughput must know, in both languages, and how much wider its interval is for it."""

from __future__ import annotations

from fitcheck.cost.architectures import ModelCard
from fitcheck.cost.cards import GpuCard
from fitcheck.cost.fitted import Fitted
from fitcheck.cost.steps import Setting

__all__ = ["limit_notes", "unmeasured"]

# the widest settings that were measured
_LONGEST_IN, _LONGEST_OUT, _SMALLEST_B = 20_000, 8_192, 8.0
_SLOW_LINK_GB_S = 128
# how much wider the interval is, in logarithms, where nothing was measured nearby: judgement, but for a GPU family
_UNMEASURED = 1.25

Note = dict[str, str]


def unmeasured(model: ModelCard, gpu: GpuCard, setting: Setting, fit: Fitted) -> tuple[float, tuple[Note, ...]]:
    """Say where a case lies outside what was measured.

    Returns:
        By what factor the interval is wider, in logarithms; and a note for each reason.
    """
    found: list[tuple[float, str, str]] = []
    if gpu.family not in fit.families:
        is_other_maker = gpu.family in ("cdna3", "cdna4", "ascend", "other")
        found.append(
            (
                fit.other_family ** (2 if is_other_maker else 1),
                f"{gpu.name}: no measurement of this GPU family is behind the figure; the interval is wider for it",
                f"{gpu.name}：该显卡系列没有实测数据，误差区间已相应放宽",
            )
        )
    is_dense = model.moe is None
    if setting.precision == "int8" or (is_dense and setting.precision == "int4") or _computes_wider(gpu, setting):
        found.append(
            (
                _UNMEASURED,
                f"{setting.precision} weights of this kind were not measured on such a card; the interval is wider",
                f"此类显卡上的 {setting.precision} 权重没有实测数据，误差区间已放宽",
            )
        )
    if setting.tokens_in > _LONGEST_IN or setting.tokens_out > _LONGEST_OUT:
        found.append(
            (
                _UNMEASURED,
                f"longer than any measured request ({_LONGEST_IN:,} tokens in, {_LONGEST_OUT:,} out); wider interval",
                f"超过实测的最大长度（输入 {_LONGEST_IN:,}、输出 {_LONGEST_OUT:,} 词元），误差区间已放宽",
            )
        )
    if model.total_params < _SMALLEST_B * 1e9:
        found.append(
            (
                _UNMEASURED,
                f"smaller than any measured model ({_SMALLEST_B:g} billion parameters); wider interval",
                f"小于实测的最小模型（{_SMALLEST_B * 10:g} 亿参数），误差区间已放宽",
            )
        )
    if setting.gpus > 1 and gpu.link_gb_s <= _SLOW_LINK_GB_S:
        found.append(
            (
                _UNMEASURED,
                f"{setting.gpus} x {gpu.name} talk over PCIe, which was hardly measured; wider interval",
                f"{setting.gpus} 张 {gpu.name} 经 PCIe 通信，实测很少，误差区间已放宽",
            )
        )
    if setting.gpus > gpu.per_server:
        found.append(
            (
                _UNMEASURED,
                f"{setting.gpus} cards are more than one usual server of {gpu.per_server}; links between servers are "
                "slower than assumed",
                f"{setting.gpus} 张卡超过一台常见服务器的 {gpu.per_server} 张，服务器之间的互联比假设的慢",
            )
        )
    wider = 1.0
    for factor, _, _ in found:
        wider *= factor
    return wider, tuple({"en": en, "zh": zh} for _, en, zh in found)


def _computes_wider(gpu: GpuCard, setting: Setting) -> bool:
    return setting.precision == "fp8" and gpu.unpacks("fp8")


def limit_notes(concurrency: int, most: int, broken: list[str]) -> tuple[Note, ...]:
    """Say where more is asked than fits, or than the limits allow.

    Args:
        concurrency: Requests at once that were asked for.
        most: Requests that fit in memory.
        broken: Names of the limits that do not hold.
    """
    notes: list[Note] = []
    if concurrency > most:
        notes.append(
            {
                "en": f"{concurrency:,} requests at once do not fit in memory; {most:,} run, the rest wait",
                "zh": f"显存放不下 {concurrency:,} 个并发请求：{most:,} 个在运行，其余等待",
            }
        )
    for name in broken:
        notes.append(
            {
                "en": f"{name} does not hold at {concurrency:,} requests at once; leave concurrency out to keep it",
                "zh": f"{concurrency:,} 个并发时达不到 {name}；不指定 concurrency 即可满足",
            }
        )
    return tuple(notes)
