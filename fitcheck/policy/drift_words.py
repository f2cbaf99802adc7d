"""The sentences that say what moved since the lock file was written, in English and Chinese."""

from __future__ import annotations

from fitcheck.text import Language

__all__ = ["say_drift"]

_WORDS: dict[str, tuple[str, str]] = {
    "turned": (
        "the verdict turned from {was} ({was_sure}) to {now} ({now_sure}) since {since}",
        "结论自 {since} 以来由{was}（{was_sure}）变为{now}（{now_sure}）",
    ),
    "had": ("{verdict} had {sure}", "{verdict}的概率为 {sure}"),
    "asks for": (", and the policy asks for {least}", "，策略要求 {least}"),
    "asked for": (", and the policy asked for {least}", "，策略当时要求 {least}"),
    "cost": ("the cost moved {moved} since {since}", "成本自 {since} 以来变动：{moved}"),
    "a month": ("from {was} to {now} USD a month", "每月由 {was} 变为 {now} 美元"),
    "a thousand": ("from {was} to {now} USD per 1,000 calls", "每千次调用由 {was} 变为 {now} 美元"),
    "expired": (
        "evidence that the verdict leans on has expired since {since}: {rows}",
        "结论所依据的证据自 {since} 以来已过期：{rows}",
    ),
    "unrecorded": ("not recorded in fitcheck.lock", "尚未记入 fitcheck.lock"),
    "because": ("; what turned it: ", "；原因："),
    "and": ("; ", "；"),
    "edited": ("the idea's text was edited", "想法的文字改过"),
    "model": ("another model ({was} → {now})", "模型换了（{was} → {now}）"),
    "rules": ("other rules ({was} → {now})", "规则变了（{was} → {now}）"),
    "package": ("another fitcheck ({was} → {now})", "fitcheck 版本变了（{was} → {now}）"),
    "risk": ("another risk accepted ({was} → {now})", "可接受的风险变了（{was} → {now}）"),
    "priced model": ("another model is priced ({was} → {now})", "计价的模型换了（{was} → {now}）"),
    "price": (
        "the price changed, {was} → {now} USD per 1,000 calls",
        "价格变了，每千次调用 {was} → {now} 美元",
    ),
    "tokens": ("other tokens are assumed ({was} → {now} a call)", "假设的 token 数变了（每次 {was} → {now}）"),
    "unknown": ("unknown", "未知"),
    "absent": ("absent", "无"),
    "record": (
        "mend the idea, or if that is right record it: fitcheck lock",
        "请修改想法；如果新的结果是对的，运行 fitcheck lock 记下来",
    ),
    "record new": ("record it: fitcheck lock", "运行 fitcheck lock 记下来"),
}


def say_drift(key: str, lang: Language, **values: object) -> str:
    """Return a sentence with its values filled in."""
    return _WORDS[key][lang == "zh"].format(**values)
