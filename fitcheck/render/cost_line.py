"""A report's cost line: the calls, what stands beside them, and what was assumed."""

from __future__ import annotations

import math

from fitcheck.cost.prices import source_in
from fitcheck.labels import TECHNIQUES
from fitcheck.records import Cost, SimplerCost
from fitcheck.render.content import clean, usd
from fitcheck.text import Language
from fitcheck.wording import say

__all__ = ["cost_lines"]


def cost_lines(cost: Cost, lang: Language) -> tuple[str, tuple[str, ...]]:
    """Return the cost in one line, and below it where it is from and what was assumed."""
    per_1000 = say("per 1000", lang, usd=usd(cost.usd_per_1000_calls))
    per_call = say("per call", lang, tokens_in=f"{cost.tokens_in:,}", tokens_out=f"{cost.tokens_out:,}")
    head = per_1000
    below = [per_call]
    if cost.usd_per_month is not None and cost.calls_per_month is not None:
        head = say("per month", lang, usd=usd(cost.usd_per_month), calls=f"{cost.calls_per_month:,.0f}")
        below = [f"{per_1000}{'；' if lang == 'zh' else '; '}{per_call}"]
    priced = say(
        "priced",
        lang,
        model=clean(cost.model),
        provider=clean(cost.provider),
        date=clean(cost.priced_on),
        source=clean(source_in(cost.price_source, lang)),
    )
    simpler = () if cost.simpler is None else (_simpler_line(cost.simpler, lang),)
    return head, (*below, *simpler, priced, *(clean(a[lang]) for a in cost.assumptions))


def _simpler_line(simpler: SimplerCost, lang: Language) -> str:
    """Say what the simpler tool would cost for the same calls."""
    en, zh = TECHNIQUES[simpler.kind]
    parts = []
    if simpler.times_dearer is not None and simpler.times_dearer >= 1:
        parts.append(say("simpler times", lang, times=_round(simpler.times_dearer)))
    parts.append(say("simpler build", lang, usd=_round(simpler.usd_build)))
    if simpler.usd_per_month is None:
        parts.append(say("simpler kept", lang, usd=_round(simpler.usd_per_month_kept)))
    else:
        parts.append(say("simpler month", lang, usd=_round(simpler.usd_per_month)))
        if simpler.months_until_paid is None:
            parts.append(say("simpler unpaid", lang))
        elif simpler.months_until_paid <= 1:
            parts.append(say("simpler soon", lang))
        else:
            parts.append(say("simpler paid", lang, months=_round(simpler.months_until_paid)))
    return say("simpler", lang, tool=zh if lang == "zh" else en, parts=("；" if lang == "zh" else "; ").join(parts))


def _round(value: float) -> str:
    """Write an order of magnitude: two significant digits, grouped."""
    if value < 10:
        return f"{value:.2g}"
    digits = math.floor(math.log10(value)) - 1
    return f"{round(value / 10**digits) * 10**digits:,}"
