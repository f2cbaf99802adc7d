"""An estimate's figures and sentences, in either language, for whatever lays them out."""

from __future__ import annotations

from decimal import Decimal

from fitcheck.cost.answer import Estimate
from fitcheck.cost.formulas import figure
from fitcheck.cost.names import plain_name
from fitcheck.cost.prices import source_in
from fitcheck.cost.sheet import Input, Range
from fitcheck.text import Language

__all__ = [
    "about",
    "break_even_words",
    "ends_of",
    "in_currency",
    "input_value",
    "money",
    "money_range",
    "name_of_kind",
    "periods",
    "said_figure",
    "say_cost",
    "source_word",
    "span",
    "subtitle",
    "unit_word",
]

_WORDS: dict[str, tuple[str, str]] = {
    "call": ("a call", "每次调用"),
    "day": ("a day of use", "每个使用日"),
    "month": ("a month", "每月"),
    "year": ("a year", "每年"),
    "user": ("a user and month", "每人每月"),
    "low": ("low", "低"),
    "mid": ("middle", "中"),
    "high": ("high", "高"),
    "by api": ("By API", "用 API"),
    "on own": ("On own cards", "用自有显卡"),
    "what moves": ("What moves it most", "影响最大的因素"),
    "assumed": ("What it rests on", "依据"),
    "assumed remark": (
        "change any: --set NAME=VALUE, --set NAME=LOW..HIGH",
        "都可以改：--set 名称=数值 或 --set 名称=低..高",
    ),
    "sources": ("Sources", "来源"),
    "notes": ("Mind", "注意"),
    "labour": ("Work saved", "节省的人力"),
    "alternative": ("The simpler tool", "更简单的办法"),
    "loop": ("Does the money come back", "钱能不能回来"),
    "break-even": ("API or own cards", "API 还是自有显卡"),
    "beside": ("Beside it", "另一种方式"),
    "formulas": ("Every figure", "每个数字的来历"),
    "given": ("given", "给定"),
    "never": ("never", "永不"),
    "unknown": ("unknown", "未知"),
    "range": (
        "low and high: 80% of 2,000 draws from the ranges below; middle: at their middle values",
        "低与高：按下列范围抽样 2,000 次，其中 80% 落在其间；中：各项取中间值",
    ),
    "no volume": (
        "No volume is given, so there is no cost by day or month: say --calls N/month.",
        "没有给出调用量，所以没有按日、按月的成本：请给出 --calls N/month。",
    ),
    "each at its ends": (
        "each from the low to the high end of its range, the others at the middle",
        "各项单独从低到高，其余取中",
    ),
}

_UNITS_ZH = {
    "USD": "美元",
    "CNY": "元",
    "USD/month": "美元/月",
    "CNY/month": "元/月",
    "CNY/hour": "元/小时",
    "USD/year": "美元/年",
    "CNY/year": "元/年",
    "USD/day": "美元/天",
    "CNY/day": "元/天",
    "USD/kWh": "美元/千瓦时",
    "USD/M tokens": "美元/百万词元",
    "CNY/M tokens": "元/百万词元",
    "CNY/USD": "元/美元",
    "tokens/s": "词元/秒",
    "calls": "次",
    "calls/s": "次/秒",
    "calls/year": "次/年",
    "hours/day": "小时/天",
    "days/month": "天/月",
    "share of the time": "（时间占比）",
    "s": "秒",
    "times": "倍",
    "kWh/month": "千瓦时/月",
    "kg CO2e/month": "千克 CO2e/月",
    "W": "瓦",
    "Wh": "瓦时",
    "tickets/month": "张工单/月",
    "documents/month": "份文档/月",
    "meetings/month": "场会议/月",
    "USD/hour": "美元/小时",
    "tokens": "词元",
    "hours/month": "小时/月",
    "hours": "小时",
    "minutes": "分钟",
    "days": "天",
    "calls/month": "次/月",
    "calls/day": "次/天",
    "months": "月",
    "cards": "张卡",
    "servers": "台服务器",
    "replicas": "个副本",
    "people": "人",
}


_ASSUMED_ZH = {
    "assumed: no what-if": "假设：不做变动",
    "assumed: no prompt cache": "假设：不用提示缓存",
    "assumed: every day, 365 by 12 months; working days are about 21": "假设：每天都用，每年 365 天；工作日约 21 天",
    "assumed: about what it was from 2023 to 2025; state your own": "假设：大致为 2023 至 2025 年的水平；请自行给出",
}


def say_cost(key: str, lang: Language) -> str:
    """Return the words for a key.

    Raises:
        KeyError: No such key.
    """
    en, zh = _WORDS[key]
    return zh if lang == "zh" else en


def unit_word(unit: str, lang: Language) -> str:
    """Return a unit in the reader's language; a share has none."""
    if unit == "share":
        return ""
    return _UNITS_ZH.get(unit, unit) if lang == "zh" else unit


def money(value: Decimal, lang: Language) -> str:
    """Write an amount: cents where it is below a thousand, significant digits where below a cent.

    >>> money(Decimal("12345.678"), "en"), money(Decimal("1.5"), "en"), money(Decimal("0.000255"), "en")
    ('12,346', '1.50', '0.000255')
    """
    if not value.is_finite():
        return say_cost("never" if value.is_infinite() else "unknown", lang)
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    if not size:
        return "0"
    if size >= 1:
        return f"{value:,.2f}"
    return figure(value.quantize(Decimal(1).scaleb(size.adjusted() - 2)))


def about(value: Decimal, lang: Language) -> str:
    """Write a figure that is no money to three significant digits.

    >>> about(Decimal("17023050"), "en"), about(Decimal("1.7801"), "en"), about(Decimal("0"), "en")
    ('17,000,000', '1.78', '0')
    """
    if not value.is_finite() or not value:
        return money(value, lang)
    digits = Decimal(1).scaleb(value.adjusted() - 2)
    return figure((value / digits).to_integral_value() * digits)


def money_range(shown: Range, lang: Language) -> str:
    """Write an amount with its range in brackets, where it has one."""
    mid = money(shown.mid, lang)
    return mid if shown.low == shown.high else f"{mid} ({span(shown, lang)})"


def span(shown: Range, lang: Language) -> str:
    """Write a range's two ends."""
    low, high = money(shown.low, lang), money(shown.high, lang)
    return f"{low} 至 {high}" if lang == "zh" else f"{low} to {high}"


def periods(estimate: Estimate) -> list[tuple[str, Range]]:
    """Return the headline's figures by period, in the estimate's currency, those that are known."""
    code = estimate.currency.lower()
    rows = [(period, estimate.range(f"{code}_per_{period}")) for period in ("call", "day", "month", "year", "user")]
    return [(period, found) for period, found in rows if found is not None]


def source_word(one: Input, lang: Language) -> str:
    """Say where an input's value is from."""
    if one.is_given:
        return say_cost("given", lang)
    if lang == "zh" and one.source.startswith("assumed"):
        return _ASSUMED_ZH.get(one.source, one.source.replace("assumed", "假设", 1))
    return source_in(one.source, lang)


def ends_of(estimate: Estimate) -> tuple[str, ...]:
    """Return which ends of the headline's figures are worth a column: the middle alone where nothing has a range."""
    has_range = any(shown.low != shown.high for _, shown in periods(estimate))
    return ("low", "mid", "high") if has_range else ("mid",)


def input_value(one: Input) -> str:
    """Write an input's value with its range."""
    if one.low == one.high:
        return figure(one.mid)
    return f"{figure(one.mid)} ({figure(one.low)}..{figure(one.high)})"


def subtitle(estimate: Estimate, lang: Language) -> list[str]:
    """Say which model is priced, where, and for which day."""
    names = estimate.names
    rows = []
    if estimate.way == "own" and estimate.served is not None:
        served = estimate.served
        cards = figure(estimate.sheet["gpus_own"]) if "gpus_own" in estimate.sheet else figure(Decimal(served.gpus))
        asked = names.get("own_model", served.model)
        same = plain_name(asked) == plain_name(served.model)
        alike = "" if same else f"，按 {served.model} 计" if lang == "zh" else f", computed as {served.model}"
        model = f"{served.model if same else asked} ({served.precision}{alike})"
        rows.append(f"{cards} 张 {served.gpu} 上的 {model}" if lang == "zh" else f"{model} on {cards} x {served.gpu}")
    elif "api_model" in names:
        model, provider = names["api_model"], names["api_provider"]
        rows.append(f"{provider} 的 {model} API" if lang == "zh" else f"{model} by API of {provider}")
    rows.append(f"价格日期 {estimate.on}" if lang == "zh" else f"prices of {estimate.on}")
    return ["，".join(rows) if lang == "zh" else ", ".join(rows)]


def name_of_kind(estimate: Estimate, lang: Language) -> str:
    """Name the simpler technique."""
    return (estimate.names.get(f"instead_{lang}") or estimate.instead or "") if estimate.instead else ""


def in_currency(estimate: Estimate, shown: Range, unit: str, lang: Language) -> str:
    """Write an amount in USD in the estimate's currency, at the middle exchange rate, with its range and unit."""
    if estimate.currency == "CNY":
        rate = estimate.sheet["cny_per_usd"]
        shown, unit = Range(shown.low * rate, shown.mid * rate, shown.high * rate), unit.replace("USD", "CNY")
    return f"{money_range(shown, lang)} {unit_word(unit, lang)}"


def said_figure(estimate: Estimate, name: str, lang: Language) -> tuple[str, str]:
    """Return a figure with its range and unit, and what it is."""
    sheet = estimate.sheet
    what = sheet.lines.get(name) or sheet.inputs[name]
    shown = sheet.range(name)
    if what.unit.startswith("USD"):
        return in_currency(estimate, shown, what.unit, lang), what.zh if lang == "zh" else what.en
    if what.unit.startswith("CNY"):
        value = money_range(shown, lang)
    else:
        low, mid, high = (about(getattr(shown, end), lang) for end in ("low", "mid", "high"))
        value = mid if low == high else f"{mid} ({low}{' 至 ' if lang == 'zh' else ' to '}{high})"
    return f"{value} {unit_word(what.unit, lang)}".rstrip(), what.zh if lang == "zh" else what.en


def break_even_words(estimate: Estimate, lang: Language) -> str:
    """Say from which volume own cards are cheaper than the API, or that they never are."""
    even = estimate.break_even
    if even is None:
        return ""
    is_zh = lang == "zh"
    if even.is_never:
        return (
            "自有显卡在所查看的用量范围内都不比 API 便宜。"
            if is_zh
            else "Own cards are at no volume cheaper than the API, as far as one looked."
        )
    low, mid, high = (about(getattr(even.calls_per_month, end), lang) for end in ("low", "mid", "high"))
    calls = f"{mid} ({low}..{high})"
    times = about(even.times_today, lang)
    first = even.first_calls_per_month
    part = part_zh = ""
    if first is not None and first < even.calls_per_month.mid * Decimal("0.98"):
        part = f" Below that, in part, from {about(first, lang)} on, until the next card is needed."
        part_zh = f"在此之前，从 {about(first, lang)} 次起有时也更便宜，直到需要再加显卡。"
    load = f"{float(even.load or 0):.0%}"
    if is_zh:
        return f"自有显卡从每月 {calls} 次调用起更便宜，是本次用量的 {times} 倍，届时显卡平均负载 {load}。{part_zh}"
    return (
        f"Own cards are always cheaper from {calls} calls a month, {times} times this volume, with the cards then "
        f"{load} used on average.{part}"
    )
