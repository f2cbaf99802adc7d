"""What stands beside the API's price in an estimate: own cards, work saved, the simpler tool, the loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitcheck.cost.asking import CostQuestion
from fitcheck.cost.budget import Asked
from fitcheck.errors import CostError
from fitcheck.labels import TECHNIQUES

if TYPE_CHECKING:
    from fitcheck.cost.answer import Way
    from fitcheck.cost.roofline import Throughput
    from fitcheck.cost.sheet import Sheet

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
    from fitcheck.cost.roofline import throughput

    sheet = asked.sheet()
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
    asked.names |= {"own_model": served.model, "gpu": served.gpu, "precision": served.precision}
    asked.notes += served.notes
    return served


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
    asked.add(*simpler_lines(question.instead, has_volume=asked.has("calls_per_month"), instead=words))
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
