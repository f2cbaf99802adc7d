"""What a large language model would take to judge the same ideas: money at listed prices, and hours.

An estimate: nothing is sent anywhere. Tokens are estimated as `fitcheck cost` does it, prices are those
of the day, and the speeds are others' measurements, named with their dates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.layout import table

__all__ = ["JUDGES", "Judge", "bills", "print_bills"]

PROMPT_TOKENS = 1_700
"""A labelling guide of 1,300 words: what a verdict means, how to read an idea, a few examples."""
ANSWER_TOKENS = 150
"""A verdict, a probability for each and a sentence of reasons."""
_MANY = 1_000_000
_AT_ONCE = 50
"""Calls in flight at a time; accounts differ in what they are allowed."""


@dataclass(frozen=True, slots=True)
class Judge:
    """A model that could judge, and how fast its answers come.

    Attributes:
        model: Its name in the price list.
        provider: Who sells it.
        first_s: Seconds to the first token.
        tokens_per_s: Tokens a second from then on, for one call.
        source: Who measured these two, and when.
    """

    model: str
    provider: str
    first_s: float
    tokens_per_s: float
    source: str

    @property
    def call_s(self) -> float:
        """Seconds from the question to the end of the answer."""
        return self.first_s + ANSWER_TOKENS / self.tokens_per_s


JUDGES: tuple[Judge, ...] = (
    Judge(
        "gpt-4o-mini",
        "openai",
        0.0,
        59.0,
        "500 tokens in 8.7 s, the wait for the first among them: "
        "https://community.openai.com/t/inference-speed-of-different-models/1307310, seen 2026-11-23",
    ),
    Judge(
        "claude-sonnet-4-6",
        "anthropic",
        0.74,
        104.0,
        "medians of 2026-06-24: https://induwara.lk/tools/ai-llm-speed-comparison, seen 2026-11-23",
    ),
)


def bills(
    texts: Mapping[str, Sequence[str]], judges: Sequence[Judge] = JUDGES, *, on: dt.date | None = None
) -> list[dict[str, Any]]:
    """Return what each judge would take, by model.

    Args:
        texts: Texts by language.
        judges: The models.
        on: The day that prices are for; None for today.

    Returns:
        For each judge `usd` at list price and `usd_least`, the cheaper of a prompt cache for the guide
        and the batch price; `hours` with some calls in flight, `hours_singly` with one at a time; and the
        same for a million ideas like these.

    Raises:
        fitcheck.PriceUnknown: A model has no listed price on that day.
    """
    from fitcheck.cost.tokens import estimate_tokens

    found = []
    for judge in judges:
        counts = [estimate_tokens(t, family=judge.model).mid for ideas in texts.values() for t in ideas]
        tokens_in = PROMPT_TOKENS + sum(counts) / len(counts)
        usd, usd_least, priced_on = _usd_per_call(judge, tokens_in, on)
        hours = len(counts) * judge.call_s / 3600
        found.append(
            {
                "model": judge.model,
                "priced_on": priced_on,
                "ideas": len(counts),
                "tokens_in": tokens_in,
                "tokens_out": ANSWER_TOKENS,
                "usd": usd * len(counts),
                "usd_least": usd_least * len(counts),
                "hours_singly": hours,
                "hours": hours / _AT_ONCE,
                "calls_at_once": _AT_ONCE,
                "usd_a_million": usd * _MANY,
                "usd_least_a_million": usd_least * _MANY,
                "hours_a_million": _MANY * judge.call_s / 3600 / _AT_ONCE,
                "speed_source": judge.source,
            }
        )
    return found


def _usd_per_call(judge: Judge, tokens_in: float, on: dt.date | None) -> tuple[float, float, str]:
    """Return USD a call at list price and by the cheapest listed way, and the day of the prices."""
    from fitcheck import estimate_cost
    from fitcheck.errors import PriceUnknown

    asked = {"model": judge.model, "provider": judge.provider, "tokens_in": tokens_in, "tokens_out": ANSWER_TOKENS}
    listed = estimate_cost(**asked, on=on)
    if listed.usd_per_call is None:
        raise PriceUnknown(f"no price a call for {judge.model}")
    usd = [float(listed.usd_per_call.mid)]
    for way in ({"cached": PROMPT_TOKENS / tokens_in}, {"batch": True}):
        try:
            one = estimate_cost(**asked, on=on, **way).usd_per_call
        except PriceUnknown:
            continue
        if one is not None:
            usd.append(float(one.mid))
    return usd[0], min(usd), listed.on.isoformat()


def print_bills(console: Any, found: Sequence[Mapping[str, Any]]) -> None:
    """Print what judging by a large language model would take."""
    rows = [
        [
            bill["model"],
            f"{bill['usd']:,.2f}",
            f"{bill['usd_least']:,.2f}",
            f"{bill['hours_singly']:,.1f}",
            f"{bill['hours']:,.2f}",
            f"{bill['usd_a_million']:,.0f}",
            f"{bill['usd_least_a_million']:,.0f}",
            f"{bill['hours_a_million']:,.0f}",
        ]
        for bill in found
    ]
    heads = ("USD", "least", "h singly", f"h by {_AT_ONCE}", "USD a million", "least", f"h by {_AT_ONCE}")
    first = found[0]
    table(
        console,
        f"The same {first['ideas']:,} ideas judged by an LLM, an estimate: {first['tokens_in']:,.0f} tokens in "
        f"({PROMPT_TOKENS:,} of them a guide), {ANSWER_TOKENS} out, prices of {first['priced_on']}",
        ("model", *heads),
        rows,
    )
    console.print("least: the cheaper of a prompt cache for the guide and the batch price.")
    for bill in found:
        console.print(f"{bill['model']}: {bill['speed_source']}", markup=False)
    console.print()
