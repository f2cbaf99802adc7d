"""What `fitcheck cost` knows, as lists: presets, and models with their prices."""

from __future__ import annotations

import datetime as dt

from fitcheck.cost.budget import day
from fitcheck.cost.prices import Rate, UnitPrice, known_models
from fitcheck.errors import PriceUnknown
from fitcheck.render.layout import pad, widest
from fitcheck.text import Language

__all__ = ["models_text", "presets_text"]


def presets_text(*, lang: Language = "en", as_json: bool = False) -> str:
    """List the uses that fitcheck knows."""
    from fitcheck.cost.presets import load_presets

    presets = load_presets()
    if as_json:
        import json

        rows = [{"id": p.id, "title": p.title, "about": p.about, "people": p.people} for p in presets]
        return json.dumps(rows, ensure_ascii=False, indent=2)
    blocks = []
    for preset in presets:
        counted = f"--{preset.people} N"
        blocks.append(f"fitcheck cost {preset.id} {counted}\n    {preset.title[lang]}: {preset.about[lang]}")
    return "\n".join(blocks)


def models_text(text: str | None, *, on: str | None = None, as_json: bool = False) -> str:
    """List the models whose price on a day is known.

    Args:
        text: What the provider's or the model's name contains; None for all.
        on: The day, ISO 8601; None for the present one (UTC).
        as_json: As JSON instead of a table.

    Raises:
        PriceUnknown: There is none.
        CostError: `on` is no day.
    """
    when = day(on)
    rows = list(known_models(when, text=text or ""))
    if not rows:
        raise PriceUnknown(f"no model with {text!r} in its or its provider's name has a known price on {when}")
    if as_json:
        import json

        return json.dumps([_plain(provider, model, price, when) for provider, model, price in rows], indent=2)
    table: list[tuple[str, ...]] = [("provider", "model", "in", "cached", "out", "")]
    for provider, model, price in rows:
        rates = (price.input, price.cache_read, price.output)
        table.append((provider, model, *(_shown(rate) for rate in rates), price.currency))
    wide = [widest(row[column] for row in table) for column in range(6)]
    lines = [
        "  ".join(pad(cell, wide[i], right=i in (2, 3, 4)) for i, cell in enumerate(row)).rstrip() for row in table
    ]
    return "\n".join([f"prices of {when}, per million tokens; + where long requests cost more", *lines])


def _shown(rate: Rate) -> str:
    return f"{rate[0][1].normalize():f}{'+' if len(rate) > 1 else ''}" if rate else "-"


def _plain(provider: str, model: str, price: UnitPrice, when: dt.date) -> dict[str, object]:
    rates = {"input": price.input, "cached_input": price.cache_read, "output": price.output}
    steps = {
        name: [{"above_tokens": above, "per_mtok": float(value)} for above, value in rate]
        for name, rate in rates.items()
    }
    return {
        "provider": provider, "model": model, "currency": price.currency, "on": when.isoformat(), **steps,
        "source": price.source,
    }  # fmt: skip
