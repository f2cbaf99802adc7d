"""What hangs on the suppliers: how many at each link, what dearer prices and a cut-off do."""

from __future__ import annotations

from fitcheck.lens.given import suppliers_by_link
from fitcheck.lens.money import usd
from fitcheck.records import Report
from fitcheck.use_case import UseCase

__all__ = ["upstream_words"]

_LINKS = {
    "hardware": ("cards", "显卡"),
    "cloud": ("cloud", "云"),
    "model": ("model", "模型"),
    "data": ("data", "数据"),
}


def upstream_words(report: Report) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return what follows from suppliers, swap and prices, by language, and the facts that it rests on.

    The words are empty where nothing is known of them.
    """
    case = report.use_case
    en: list[str] = []
    zh: list[str] = []
    facts: list[str] = []
    named = suppliers_by_link(case)
    if named:
        facts.append("suppliers")
        counts = [(_LINKS[link], len(names), "、".join(names), ", ".join(names)) for link, names in named.items()]
        en.append("Upstream: " + "; ".join(f"{words[0]} {n} ({names})" for words, n, _, names in counts) + ".")
        zh.append("上游：" + "；".join(f"{words[1]} {n} 家（{names}）" for words, n, names, _ in counts) + "。")
        alone = [link for link, names in named.items() if len(names) == 1]
        if alone:
            en.append(f"One supplier alone for {' and '.join(_LINKS[link][0] for link in alone)}.")
            zh.append(f"{'、'.join(_LINKS[link][1] for link in alone)}只靠一家。")
    cost = report.cost
    facts_of_cut = [name for name in ("swap_days", "exit_ready", "deployment") if getattr(case, name) is not None]
    if cost is not None and (named or facts_of_cut):
        now, per_en, per_zh = cost.usd_per_1000_calls, "for 1,000 calls", "每千次调用"
        if cost.usd_per_month is not None:
            now, per_en, per_zh = cost.usd_per_month, "a month", "每月"
        if case.deployment == "own_gpus":
            en.append(
                "On own cards a doubling of card prices doubles rent at once and, where they are bought, the next lot; "
                f"by API the same calls are {usd(now)} {per_en}."
            )
            zh.append(
                f"自有显卡：卡价翻倍，租金立刻翻倍，买的则下一批翻倍；同样的调用走 API 是{per_zh} {usd(now, 'zh')}。"
            )
        else:
            en.append(f"If the API's price doubled: {usd(2 * now)} instead of {usd(now)} {per_en}.")
            zh.append(f"API 涨价一倍：{per_zh}由 {usd(now, 'zh')} 变为 {usd(2 * now, 'zh')}。")
    cut_en, cut_zh = _cut_off(case)
    if facts or facts_of_cut:
        en.append(cut_en)
        zh.append(cut_zh)
    return {"en": " ".join(en), "zh": "".join(zh)}, (*facts, *facts_of_cut)


def _cut_off(case: UseCase) -> tuple[str, str]:
    """Say what a cut-off does."""
    if case.swap_days is not None:
        days = f"{case.swap_days:g}"
        en, zh = f"Cut off, another model runs after {days} working days", f"断供后换模型要 {days} 个工作日"
    else:
        en, zh = "Cut off, nobody has said how long a change of model takes", "断供后换一个模型要多久，没说"
    if case.without_it == "stops":
        return en + ", and work stops meanwhile.", zh + "，其间工作停摆。"
    if case.existing_solution is not None:
        return f"{en}; meanwhile today's way ({case.existing_solution}) has to do.", (
            f"{zh}；其间靠现有办法（{case.existing_solution}）顶着。"
        )
    return en + ".", zh + "。"
