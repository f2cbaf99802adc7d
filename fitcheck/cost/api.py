"""The API's share of an estimate: what one call takes, and what that costs by a dated price."""

from __future__ import annotations

from decimal import Decimal

from fitcheck.cost.prices import Rate, UnitPrice
from fitcheck.cost.sheet import Input, Line, exact

__all__ = ["api_lines"]


def api_lines(price: UnitPrice, *, is_image: bool = False) -> tuple[list[Input], list[Line]]:
    """Return the inputs and lines that price a call, over `tokens_in`, `tokens_out` and `tokens_cached_share`.

    A long request is charged at its own step for all its tokens, so the step is taken per call
    and never from a month's tokens. A price in another currency is turned into
    USD at `cny_per_usd`. Of an image, `tokens_out` are the image's.
    """
    inputs: list[Input] = []
    lines: list[Line] = []
    written = (price.output_image if is_image else ()) or price.output
    rates = {"in": price.input, "cached": price.cache_read or price.input, "out": written}
    words = {"in": ("input", "输入"), "cached": ("cached input", "缓存命中的输入"), "out": ("output", "输出")}
    for which, rate in rates.items():
        _rate_lines(price, which, words[which], rate, inputs, lines)
    fee = ""
    if price.usd_per_request:
        inputs.append(
            exact(
                "usd_per_request", price.usd_per_request, "USD", "fee for each request", "每次请求的费用", price.source
            )
        )
        fee = " + usd_per_request"
    lines += [
        Line(
            "tokens_cached",
            "tokens_in * tokens_cached_share",
            "tokens",
            "input tokens that a prompt cache serves",
            "由提示缓存提供的输入词元",
        ),
        Line(
            "usd_per_call_api",
            "price_factor * (((tokens_in - tokens_cached) * usd_per_mtok_in + tokens_cached * usd_per_mtok_cached"
            f" + tokens_out * usd_per_mtok_out) / 1000000{fee})",
            "USD",
            f"one call by API, {price.model} by {price.provider}",
            f"每次 API 调用（{price.provider} 的 {price.model}）",
        ),
    ]
    return inputs, lines


def _rate_lines(
    price: UnitPrice, which: str, words: tuple[str, str], rate: Rate, inputs: list[Input], lines: list[Line]
) -> None:
    en, zh = f"price of {words[0]} tokens", f"{words[1]}词元单价"
    unit = f"{price.currency}/M tokens"
    name = f"usd_per_mtok_{which}"
    is_foreign = price.currency != "USD"
    steps = rate or ((0, Decimal(0)),)
    if len(steps) == 1 and not is_foreign:
        inputs.append(exact(name, steps[0][1], unit, en, zh, price.source))
        return
    own = f"{price.currency.lower()}_per_mtok_{which}"
    names = [own if len(steps) == 1 else f"{own}_above_{above}" for above, _ in steps]
    for one, (above, usd) in zip(names, steps, strict=True):
        beyond = f", requests above {above:,} tokens" if above else ""
        beyond_zh = f"（请求超过 {above:,} 词元）" if above else ""
        inputs.append(exact(one, usd, unit, en + beyond, zh + beyond_zh, price.source))
    pairs = ", ".join(f"{above}, {one}" for one, (above, _) in zip(names, steps, strict=True))
    formula = names[0] if len(steps) == 1 else f"tier(tokens_in, {pairs})"
    lines.append(Line(name, f"{formula} / cny_per_usd" if is_foreign else formula, "USD/M tokens", en, zh))
