"""The public question: what would it cost?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitcheck.cost import beside, budget
from fitcheck.cost.answer import Estimate, Way
from fitcheck.cost.asking import CostQuestion, read_question, refuse_unused
from fitcheck.cost.budget import Asked
from fitcheck.cost.names import plain_name
from fitcheck.errors import CostError, PriceUnknown

if TYPE_CHECKING:
    from fitcheck.cost.presets import Preset
    from fitcheck.use_case import UseCase

__all__ = ["estimate_cost"]


def estimate_cost(idea: UseCase | str | None = None, /, **asked: Any) -> Estimate:
    """Estimate what a use of a model costs.

    Args:
        idea: A use case, whose facts fill what is not asked by name; or a preset's name. Without a preset the model
            must be named, here or there: only the cost line of a report assumes one.
        asked: The fields of `CostQuestion`.

    Raises:
        CostError: A field is unknown or makes no sense, no model is named, or a card is too small; it names the
            field.
        PriceUnknown: No price is known for that model at that provider on that day.

    >>> estimate = estimate_cost(model="gpt-4o-mini", provider="openai", calls=10_000, tokens_in=1000, tokens_out=500)
    >>> str(estimate.usd_per_month.mid.normalize())
    '4.5'
    """
    question = read_question(idea, asked)
    preset = _preset(question)
    has_said_api = question.api_model is not None or question.way == "api"
    if preset is None:
        refuse_unused(question)
    else:
        refuse_unused(replace(question, gpu=question.gpu or "the preset's"))
        question = preset.fill(question)
    draft = Asked(budget.day(question.on), said=dict(question.set or {}))
    budget.factors(draft, question)
    if preset is not None:
        preset.add_to(draft, question)
    budget.volume(draft, question)
    budget.tokens(draft, question)
    if idea is not None and not isinstance(idea, str) and not draft.has("calls_per_month"):
        _offer_volume(draft, idea)
    own = beside.own_cards(draft, question) if question.wants_own else None
    has_api = _api(draft, question, may_lack=question.wants_own and not has_said_api)
    if own is not None and has_api and plain_name(draft.names["own_model"]) != plain_name(draft.names["api_model"]):
        draft.note(
            f"two models are set side by side, {draft.names['own_model']} and {draft.names['api_model']}: "
            "their prices, not their answers, are compared",
            f"并列的是两个模型（{draft.names['own_model']} 与 {draft.names['api_model']}）：比较的是价格，不是答案质量",
        )
    way: Way = question.way or ("own" if own is not None else "api")
    budget.headline(draft, question, way)
    beside.labour(draft, question)
    beside.simpler(draft, question)
    beside.loop(draft, question, way)
    draft.refuse_unused()
    sheet = draft.sheet()
    if own is not None:
        from fitcheck.cost.owning import break_even_volume, check_gpus

        check_gpus(sheet)
        beside.say_what_is_carried(draft, sheet)
    return Estimate(
        way=way,
        currency=question.currency,
        sheet=sheet,
        on=draft.on,
        title=None if preset is None else preset.title,
        served=own,
        break_even=break_even_volume(sheet) if own is not None and has_api else None,
        instead=question.instead,
        notes=tuple(draft.notes),
        names=draft.names,
        says=beside.says(sheet),
    )


def _offer_volume(draft: Asked, idea: UseCase) -> None:
    """Note the volume that an idea's text states, for whoever is asked to give one."""
    from fitcheck.volumes import stated_volume

    stated = stated_volume(idea.text)
    if stated is not None:
        draft.note(f"calls a month not confirmed: {stated.offer['en']}", f"每月调用次数待确认：{stated.offer['zh']}")


def _api(draft: Asked, question: CostQuestion, *, may_lack: bool) -> bool:
    """Price the API, and say whether it could be: beside own cards a model that nobody sells is no error."""
    model = question.api_model or question.model
    if model is None:
        raise CostError(
            "model: name one, such as gpt-4o-mini, which a report's cost line assumes where an estimate assumes none: "
            "estimate_cost(idea, model='gpt-4o-mini'), or fitcheck cost --model gpt-4o-mini; "
            "fitcheck cost --models lists them"
        )
    try:
        budget.api(draft, question, model, question.provider)
    except PriceUnknown as error:
        if not may_lack:
            raise
        if question.provider is None and beside.open_model(draft, question, model):
            return True
        draft.note(f"No API beside it: {error}", f"未与 API 比较：{error}")
        return False
    return True


def _preset(question: CostQuestion) -> Preset | None:
    if question.preset is None:
        if question.people is not None:
            raise CostError("people: only a preset counts people; name one, such as code-assistant")
        return None
    from fitcheck.cost.presets import load_preset

    return load_preset(question.preset)
