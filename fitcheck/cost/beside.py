"""What stands beside the API's price in an estimate: own cards, work saved, the simpler tool, the loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitcheck.cost.asking import CostQuestion
from fitcheck.cost.budget import Asked, api
from fitcheck.cost.hardware import prices_day
from fitcheck.cost.sheet import exact
from fitcheck.errors import CostError
from fitcheck.labels import TECHNIQUES

if TYPE_CHECKING:
    from fitcheck.cost.answer import Way
    from fitcheck.cost.roofline import Throughput
    from fitcheck.cost.sheet import Sheet

_MOST_SERVERS = 2
"""Servers that one copy of a model may be spread over before somebody has to ask for it."""
_NEARLY_ALWAYS = 0.9
_FAR_DAYS = 90

__all__ = ["labour", "loop", "own_cards", "says", "simpler"]


def own_cards(asked: Asked, question: CostQuestion) -> Throughput:
    """Add what own cards cost at that volume.

    Raises:
        CostError: No volume, card or model is named, the model is unknown, or the card is too small.
    """
    if question.gpu is None:
        raise CostError("gpu: name the card, such as 'H100 SXM' or 'RTX 4090', or give a file with its figures")
    if not asked.has("calls_per_month"):
        raise CostError("calls: own cards cost the same whether used or not, so say how many calls, such as 2e6/month")
    model = question.own_model or question.model
    if model is None:
        raise CostError("model: name the open model that the cards run, such as Llama-3.3-70B-Instruct")
    from fitcheck.cost.cards import find_gpu
    from fitcheck.cost.owning import own_lines
    from fitcheck.cost.roofline import refuse_longer_than_context, throughput

    sheet = asked.sheet()
    refuse_longer_than_context(model, *(sheet.range(name).high for name in ("tokens_in", "tokens_out")))
    tokens_in, tokens_out = (max(1, round(sheet[name])) for name in ("tokens_in", "tokens_out"))
    card = find_gpu(question.gpu)
    served = throughput(
        model,
        card,
        gpus=question.gpus_per_replica,
        precision=question.precision,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        max_ttft_ms=question.max_ttft_ms,
        max_tpot_ms=question.max_tpot_ms,
    )
    if question.max_ttft_ms is not None:
        left = max(0.0, question.max_ttft_ms - served.ttft_ms) / 1000
        source = f"the {question.max_ttft_ms:g} ms to the first token, less {served.ttft_ms:.0f} ms for the prompt"
        words = ("longest wait for a place in a replica", "等待副本空位的最长时间")
        asked.add([exact("max_wait_s", f"{left:.4g}", "s", *words, source)])
    asked.add(
        *own_lines(
            served,
            card,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            gpus=question.gpus,
            rent=question.rent,
            buy=question.buy,
            deal=question.deal,
            kwh=question.kwh,
            pue=question.pue,
            region=question.region,
        )
    )
    if question.gpus_per_replica is None and served.gpus > _MOST_SERVERS * card.per_server:
        raise CostError(
            f"gpu: one copy of {served.model} would be spread over {served.gpus} x {served.gpu}, which nobody does; "
            f"name a larger card, or say gpus_per_replica={served.gpus} if you mean it"
        )
    asked.names |= {"own_model": str(model), "gpu": served.gpu, "precision": served.precision}
    if abs((asked.on - prices_day()).days) > _FAR_DAYS:
        asked.note(
            f"cards and rent as known on {prices_day()}, whatever day the API's prices are for",
            f"显卡价格与租金为 {prices_day()} 的行情，与 API 价格日期无关",
        )
    asked.notes += served.notes
    return served


def open_model(asked: Asked, question: CostQuestion, model: str) -> bool:
    """Price an open model by API at one of those who serve it, the one with the middle price.

    Returns:
        Whether anybody serves it on that day.
    """
    from fitcheck.cost.prices import known_models

    name = model.rpartition("/")[2].lower()
    served = [
        (price.per_call(1000, 1000), provider, listed)
        for provider, listed, price in known_models(asked.on, text=name)
        if listed.lower().rpartition("/")[2] == name and price.currency == "USD" and price.output
    ]
    if not served:
        return False
    _, provider, listed = sorted(served)[len(served) // 2]
    api(asked, question, listed, provider)
    asked.note(
        f"the API's price is that of {provider}, the middle of {len(served)} who serve {name}",
        f"API 价格取自 {provider}，为提供 {name} 的 {len(served)} 家中的中间价",
    )
    return True


def say_what_is_carried(asked: Asked, sheet: Sheet) -> None:
    """Note how often a given number of cards carries the busiest hour, where that is not nearly always."""
    if "gpus" not in sheet:
        return
    from fitcheck.cost.owning import share_carried

    share = share_carried(sheet)
    if share < _NEARLY_ALWAYS:
        asked.note(
            f"the given cards carry the busiest hour in {share:.0%} of the draws only: more cards, or a lower peak",
            f"仅在 {share:.0%} 的抽样中，现有显卡能承受最忙一小时：需要更多显卡或更低的峰值",
        )


def labour(asked: Asked, question: CostQuestion) -> None:
    """Add the work that is saved, where a preset works it out or minutes a call are given."""
    has_gross = asked.has("hours_saved_gross_per_month")
    if not asked.has("calls_per_month") or not (has_gross or question.minutes_saved is not None):
        return
    from fitcheck.cost.labour import CAPACITY_NOTE, labour_lines

    asked.add(*labour_lines(minutes_saved=question.minutes_saved, wage=question.wage, has_gross=has_gross))
    asked.note(**CAPACITY_NOTE)


def simpler(asked: Asked, question: CostQuestion) -> None:
    """Add the simpler tool's cost, where one is named."""
    if question.instead is None:
        return
    from fitcheck.cost.simpler import BUILD_NOTE, simpler_lines

    words = TECHNIQUES.get(question.instead)
    has_volume = asked.has("calls_per_month")
    asked.add(*simpler_lines(question.instead, has_volume=has_volume, instead=words, wage=question.wage))
    if words is not None:
        asked.names |= {"instead_en": words[0], "instead_zh": words[1]}
    asked.note(**BUILD_NOTE)


def loop(asked: Asked, question: CostQuestion, way: Way) -> None:
    """Add the commercial loop, where a use's value or price is given."""
    if question.value is None:
        return
    from fitcheck.cost.loop import loop_lines

    cards = next((n for n in ("usd_per_month_cards_own",) if asked.has(n)), None)
    asked.add(*loop_lines(question.value, way=way, has_volume=asked.has("calls_per_month"), cards_line=cards))


def says(sheet: Sheet) -> dict[str, dict[str, str]]:
    """Return in words whether savings cover the cost and whether the loop closes, by language."""
    words = {}
    if "usd_net_per_month" in sheet:
        from fitcheck.cost.labour import labour_words

        words["labour"] = labour_words(sheet.range("usd_net_per_month"))
    if "usd_value_per_use" in sheet:
        from fitcheck.cost.loop import loop_state, loop_words

        words["loop"] = loop_words(loop_state(sheet))
    return words
