"""The cost line of a report: tokens, calls and a dated price, with every assumption said."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from decimal import Decimal

from fitcheck.cost.prices import UnitPrice, unit_price
from fitcheck.cost.sizes import WORKING_DAYS_PER_MONTH, in_language, typical_size
from fitcheck.errors import PriceUnknown, UseCaseError
from fitcheck.quantities import CNY_PER_USD
from fitcheck.records import Cost, Evidence, SimplerCost, Verdict
from fitcheck.use_case import UseCase
from fitcheck.volumes import stated_volume

__all__ = ["ASSUMED_MODELS", "cost_evidence", "cost_line", "monthly_calls", "with_listed_model", "with_simpler"]

_TEXT_MODEL = ("openai", "gpt-4o-mini")
_IMAGE_MODEL = ("openai", "gpt-image-1.5")
_CODE_MODEL = ("openai", "gpt-4.1-mini")
ASSUMED_MODELS = (_TEXT_MODEL, _IMAGE_MODEL, _CODE_MODEL)
"""Provider and model assumed for text, for images, and by the presets for code.

gpt-4o-mini: small, widely used, at one price since its launch, within what the large providers' small
models cost in November 2026 (0.10 to 1 USD per million input tokens), and without hidden thinking, so
that what is read and written is what is billed. gpt-image-1.5: its maker gives tokens and price per image.
"""

_MAX_LOG_ODDS = 3.0
_MOST_CALLS = 1e15
_CLEARLY = 1.05
"""Below this ratio two costs are the same, as far as anybody knows."""


def cost_line(
    use_case: UseCase, *, text_lang: str = "en", category: str | None = None, today: dt.date | None = None
) -> Cost:
    """Estimate what an idea's calls would cost by API.

    Args:
        use_case: The idea and its facts; what is not given is assumed, and said.
        text_lang: The language of what the model reads and writes, `en` or `zh`.
        category: The core task's category, for the size of a call.
        today: The day that prices are for; None for the present day (UTC).

    Raises:
        PriceUnknown: No price is known for that model at that provider on that day.
        UseCaseError: The volume is beyond any number.

    >>> case = UseCase(text="Draft replies", tokens_in=1000, tokens_out=500, calls_per_month=10_000)
    >>> cost_line(case, today=dt.date(2024, 7, 20)).usd_per_month
    4.5
    """
    on = today or dt.datetime.now(dt.UTC).date()
    said: list[dict[str, str]] = []
    is_image = use_case.output == "image" or (use_case.output is None and category == "image-media-generation")
    price = _price(use_case, is_image, on, said)
    tokens_in, tokens_out = _tokens(use_case, category, text_lang, price, said)
    tokens_cached = round(tokens_in * (use_case.cached_share or 0))
    if is_image:
        usd = price.per_call(tokens_in, 0, tokens_cached=tokens_cached, tokens_image=tokens_out)
    else:
        usd = price.per_call(tokens_in, tokens_out, tokens_cached=tokens_cached)
    if price.currency != "USD":
        usd /= CNY_PER_USD[1]
        said.append(
            _pair(
                f"listed in CNY, at {CNY_PER_USD[1]} CNY to the USD",
                f"标价为人民币，按 1 美元兑 {CNY_PER_USD[1]} 元折算",
            )
        )
    if not is_image and (too_long := price.longer_than_context(tokens_in, tokens_out)):
        said.append(too_long)
    calls = _calls(use_case, said)
    said += _limits(use_case, price)
    # exact until the end, so that a month is what its calls add up to
    usd_per_month = None if calls is None else float(usd * Decimal(str(calls)))
    if usd_per_month is not None and not math.isfinite(usd_per_month):
        raise UseCaseError(f"{calls:g} calls per month can't be priced; give the calls of one month")
    return Cost(
        model=price.model,
        provider=price.provider,
        priced_on=on.isoformat(),
        price_source=price.source,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        calls_per_month=calls,
        usd_per_call=float(usd),
        usd_per_1000_calls=float(usd * 1000),
        usd_per_month=usd_per_month,
        assumptions=tuple(said),
    )


def with_simpler(cost: Cost, kind: str, *, wage: float | None = None) -> Cost:
    """Set a simpler tool beside the calls' cost, at its middle values.

    Args:
        cost: What the calls would cost.
        kind: The technique, from the rules' closed list; a language model after all leaves the cost as it is.
        wage: USD an hour of those who do the work, where people do it; None for a usual one.
    """
    from fitcheck.cost.simpler import middle_costs

    found = middle_costs(kind, wage=wage)
    if found is None:
        return cost
    build, kept, run = found
    month = months = None
    if cost.calls_per_month is not None and cost.usd_per_month is not None and run is not None:
        month = kept + run * cost.calls_per_month
        months = build / (cost.usd_per_month - month) if cost.usd_per_month > month else None
    times = cost.usd_per_call / run if run else None
    return replace(cost, simpler=SimplerCost(kind, build, kept, run, month, times, months))


def cost_evidence(cost: Cost, use_case: UseCase) -> list[Evidence]:
    """Argue where cost decides.

    Against an idea whose call costs more than all that is known to come back from it. The value of a call is what
    its answer is worth or the wage that it saves, whichever is more. Log-odds are 1 where the cost is barely above
    the value, and grow by ln(cost / value), up to 3.

    And for the simpler tool where it has been paid back within a year of calls: log-odds are ln(a year of the
    model / a year of the tool with its building), up to 1, since a tool that does the job is chosen for being
    right, and only then for being cheap.

    Returns:
        A row for each; an unknown value or volume is silence.
    """
    found = []
    values = []
    if use_case.usd_value_per_call is not None:
        values.append(use_case.usd_value_per_call)
    if use_case.minutes_saved_per_call is not None and use_case.usd_wage_per_hour is not None:
        values.append(use_case.minutes_saved_per_call / 60 * use_case.usd_wage_per_hour)
    if values and cost.usd_per_call > max(values):
        found.append(_argues("dearer-than-its-value", 1, cost.usd_per_call, max(values), _MAX_LOG_ODDS))
    simpler = cost.simpler
    if simpler is not None and simpler.usd_per_month is not None and cost.usd_per_month is not None:
        a_year = simpler.usd_build + 12 * simpler.usd_per_month
        if 12 * cost.usd_per_month > a_year * _CLEARLY:
            found.append(_argues("dearer-than-simpler", 0, 12 * cost.usd_per_month, a_year, 1.0))
    return found


def _argues(name: str, base: float, cost: float, beside: float, most: float) -> Evidence:
    log_odds = most if beside <= 0 else min(most, base + math.log(cost / beside))
    return Evidence(source="cost", id=name, verdict=Verdict.OVERKILL, log_odds=round(log_odds, 2))


def _price(use_case: UseCase, is_image: bool, on: dt.date, said: list[dict[str, str]]) -> UnitPrice:
    if use_case.model is None:
        provider, model = _IMAGE_MODEL if is_image else _TEXT_MODEL
        price = unit_price(model, use_case.provider or provider, on)
        said.append(
            _pair(f"model not given: {model} by {price.provider}", f"未给出模型：按 {price.provider} 的 {model} 计")
        )
        return price
    price = unit_price(use_case.model, use_case.provider, on)
    if use_case.provider is None:
        said.append(_pair(f"provider not given: {price.provider}", f"未给出服务商：按 {price.provider} 计"))
    if price.model != use_case.model.strip().lower():
        said.append(_pair(f"{use_case.model} stood for {price.model} then", f"{use_case.model} 当时指 {price.model}"))
    elif price.listed_as.lower() != price.model:
        said.append(_pair(f"priced as {price.listed_as}", f"按 {price.listed_as} 的价格计"))
    if is_image and not price.output_image and "image" not in price.listed_as.lower():
        raise PriceUnknown(
            f"{price.model!r} at {price.provider!r} has no price for images; "
            f"name an image model such as {_IMAGE_MODEL[1]!r} by {_IMAGE_MODEL[0]!r}"
        )
    return price


def _tokens(
    use_case: UseCase, category: str | None, text_lang: str, price: UnitPrice, said: list[dict[str, str]]
) -> tuple[int, int]:
    if use_case.tokens_in is not None and use_case.tokens_out is not None:
        return use_case.tokens_in, use_case.tokens_out
    size = typical_size(use_case.output, category)
    assumed_in = in_language(size.tokens_in, text_lang, price.provider)
    assumed_out = size.tokens_out if size.is_image else in_language(size.tokens_out, text_lang, price.provider)
    tokens_in = assumed_in if use_case.tokens_in is None else use_case.tokens_in
    tokens_out = assumed_out if use_case.tokens_out is None else use_case.tokens_out
    if use_case.tokens_in is None and use_case.tokens_out is None:
        en, zh = f"{tokens_in:,} in and {tokens_out:,} out", f"输入 {tokens_in:,}、输出 {tokens_out:,}"
    elif use_case.tokens_in is None:
        en, zh = f"{tokens_in:,} in", f"输入 {tokens_in:,}"
    else:
        en, zh = f"{tokens_out:,} out", f"输出 {tokens_out:,}"
    said.append(_pair(f"tokens per call not given: {en} ({size.en})", f"未给出每次调用的词元数：{zh}（{size.zh}）"))
    if use_case.model is not None and use_case.tokens_out is None and _may_think(price.model):
        said.append(
            _pair(
                "if it is a reasoning model, its thinking is billed as output too and is not counted here",
                "如果它是推理模型，思考过程也按输出计费，这里未计入",
            )
        )
    return tokens_in, tokens_out


def _may_think(model: str) -> bool:
    from fitcheck.cost.overlay import never_thinks

    return not never_thinks(model)


def with_listed_model(use_case: UseCase, on: dt.date | None = None) -> tuple[UseCase, str]:
    """Return an idea as it can be judged where its model has no listed price: without the model, and why; else empty.

    What its calls cost is not known then: the idea returned would be priced by another model.

    >>> with_listed_model(UseCase(text="Draft replies", model="gpt-9"))[1].startswith("no model 'gpt-9'")
    True
    """
    if use_case.model is None:
        return use_case, ""
    try:
        unit_price(use_case.model, use_case.provider, on or dt.date.today())
    except PriceUnknown as error:
        return use_case.model_copy(update={"model": None, "provider": None}), f"{error}; judged without a cost"
    return use_case, ""


def monthly_calls(use_case: UseCase) -> float | None:
    """Return the calls of a month as the facts give them, outright or by users; None where they don't.

    >>> monthly_calls(UseCase(text="Draft replies", users=10, calls_per_user_per_day=2))
    420.0
    """
    if use_case.calls_per_month is not None:
        return use_case.calls_per_month
    if use_case.users is not None and use_case.calls_per_user_per_day is not None:
        return use_case.users * use_case.calls_per_user_per_day * WORKING_DAYS_PER_MONTH
    return None


def _calls(use_case: UseCase, said: list[dict[str, str]]) -> float | None:
    calls = monthly_calls(use_case)
    if calls is None:
        stated = stated_volume(use_case.text)
        if stated is None:
            said.append(
                _pair(
                    "calls per month not given: the cost is per 1,000 calls", "未给出每月调用次数：按每 1,000 次调用计"
                )
            )
        else:
            said.append(
                _pair(
                    f"calls per month not confirmed: {stated.offer['en']}; until then the cost is per 1,000 calls",
                    f"每月调用次数待确认：{stated.offer['zh']}；在此之前按每 1,000 次调用计",
                )
            )
        return None
    if calls > _MOST_CALLS:
        raise UseCaseError(f"{calls:g} calls per month can't be priced; give the calls of one month")
    if use_case.calls_per_month is None:
        users, a_day = use_case.users, use_case.calls_per_user_per_day
        said.append(
            _pair(
                f"calls per month: {users:,} users x {a_day:g} a day x {WORKING_DAYS_PER_MONTH} working days",
                f"每月调用次数：{users:,} 位用户 × 每天 {a_day:g} 次 × {WORKING_DAYS_PER_MONTH} 个工作日",
            )
        )
    return calls


def _limits(use_case: UseCase, price: UnitPrice) -> list[dict[str, str]]:
    """Say what the figure leaves out."""
    rows = []
    if use_case.cached_share:
        if price.cache_read:
            rows.append(_pair("writing the prompt cache is not counted", "未计提示缓存的写入费用"))
        else:
            rows.append(_pair("no cheaper price for cached tokens is listed", "价目表没有更低的缓存读取价"))
        rows.append(_pair("list price, no batch or volume discount", "按标价，不含批量折扣"))
    else:
        rows.append(_pair("list price, no prompt cache, no batch or volume discount", "按标价，不含提示缓存和批量折扣"))
    if use_case.input in ("image", "audio", "mixed"):
        rows.append(_pair("input counted as text: pictures and sound cost more", "输入按文本计：图片和语音另计"))
    if use_case.deployment == "own_gpus":
        rows.append(_pair("own GPUs are not priced: this is the API's price", "未计自有显卡成本：此处为 API 价格"))
    return rows


def _pair(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}
