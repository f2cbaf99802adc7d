"""An estimate in a terminal: the money first, then what it rests on, and on request every formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fitcheck.cost.answer import ALTERNATIVE, LABOUR, LOOP, Estimate
from fitcheck.cost.prices import source_in
from fitcheck.render.cost_explained import explained
from fitcheck.render.cost_words import (
    break_even_words,
    ends_of,
    in_currency,
    input_value,
    money,
    name_of_kind,
    periods,
    said_figure,
    say_cost,
    source_word,
    subtitle,
    unit_word,
)
from fitcheck.render.layout import MAX_WIDTH, WIDTH, Page, bar, pad, widest
from fitcheck.text import Language

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["estimate_text", "print_estimate"]

_SWING_BAR = 16


def estimate_text(
    estimate: Estimate,
    *,
    lang: Language = "en",
    width: int | None = None,
    colour: bool = False,
    explain: bool = False,
) -> str:
    """Return an estimate as lines for a terminal.

    Args:
        estimate: The estimate.
        lang: The reader's language.
        width: In cells; None for 80.
        colour: Whether to write ANSI colours.
        explain: Whether to write out every formula with its figures.
    """
    page = Page(width or WIDTH)
    _write(page, estimate, lang, explain)
    return page.text(colour=colour)


def print_estimate(estimate: Estimate, console: Console, *, lang: Language = "en", explain: bool = False) -> None:
    """Print an estimate to a console, in colour where the console has colours."""
    page = Page(min(console.width, MAX_WIDTH))
    _write(page, estimate, lang, explain)
    page.print(console)


def _write(page: Page, estimate: Estimate, lang: Language, explain: bool) -> None:
    _headline(page, estimate, lang)
    _beside(page, estimate, lang)
    _figures(page, estimate, LABOUR, say_cost("labour", lang), lang)
    _said(page, estimate, "labour", lang)
    _figures(page, estimate, ALTERNATIVE, say_cost("alternative", lang), lang, name_of_kind(estimate, lang))
    _figures(page, estimate, LOOP, say_cost("loop", lang), lang)
    _said(page, estimate, "loop", lang)
    _sensitivity(page, estimate, lang)
    if estimate.notes:
        page.heading(say_cost("notes", lang))
        for note in estimate.notes:
            page.paragraph(note[lang], hang=2)
    _assumptions(page, estimate, lang)
    if explain:
        _formulas(page, estimate, lang)
    page.heading(say_cost("sources", lang))
    for source in estimate.sources:
        page.paragraph(source_in(source, lang), hang=2, style="dim")


def _headline(page: Page, estimate: Estimate, lang: Language) -> None:
    if estimate.title is not None:
        page.line((estimate.title[lang], "bold"))
    for row in subtitle(estimate, lang):
        page.paragraph(row, indent=0)
    page.blank()
    rows = periods(estimate)
    ends = ends_of(estimate)
    heads = [say_cost(which, lang) for which in ends] if len(ends) > 1 else [""]
    cells = [[money(getattr(shown, which), lang) for which in ends] for _, shown in rows]
    names = [say_cost(period, lang) for period, _ in rows]
    wide = widest(names)
    columns = [max(widest([head]), widest(row[i] for row in cells)) for i, head in enumerate(heads)]
    if len(ends) > 1:
        page.line(
            "  ", " " * wide, *((f"  {pad(h, c, right=True)}", "dim") for h, c in zip(heads, columns, strict=True))
        )
    unit = unit_word(estimate.currency, lang)
    for name, amounts in zip(names, cells, strict=True):
        shown = [f"  {pad(cell, c, right=True)}" for cell, c in zip(amounts, columns, strict=True)]
        styles = ["bold" if which == "mid" else "" for which in ends]
        page.line("  ", pad(name, wide), *zip(shown, styles, strict=True), f" {unit}")
    if len(ends) > 1:
        page.paragraph(say_cost("range", lang), style="dim")
    if len(rows) == 1:
        page.paragraph(say_cost("no volume", lang))


def _beside(page: Page, estimate: Estimate, lang: Language) -> None:
    both = [(way, estimate.range(f"usd_per_month_{way}")) for way in ("api", "own")]
    if any(shown is None for _, shown in both):
        return
    page.heading(say_cost("break-even", lang))
    for way, shown in both:
        assert shown is not None
        words = in_currency(estimate, shown, "USD/month", lang)
        page.paragraph(f"{say_cost('by api' if way == 'api' else 'on own', lang)}: {words}", hang=2)
    if estimate.break_even is not None:
        page.paragraph(break_even_words(estimate, lang), hang=2)


def _figures(
    page: Page, estimate: Estimate, names: tuple[str, ...], heading: str, lang: Language, remark: str = ""
) -> None:
    shown = [name for name in names if name in estimate.sheet]
    if not shown:
        return
    page.heading(heading, remark)
    rows = [said_figure(estimate, name, lang) for name in shown]
    wide = widest(value for value, _ in rows)
    for value, words in rows:
        page.entry([(pad(value, wide, right=True), "bold")], words)


def _said(page: Page, estimate: Estimate, name: str, lang: Language) -> None:
    if name in estimate.says:
        page.paragraph(f"→ {estimate.says[name][lang]}", hang=2)


def _sensitivity(page: Page, estimate: Estimate, lang: Language) -> None:
    rows = estimate.sensitivity
    if not rows:
        return
    page.heading(say_cost("what moves", lang), say_cost("each at its ends", lang))
    largest = max(abs(row["at_high"] - row["at_low"]) for row in rows)
    ends = [f"{money_of(row['at_low'], lang)} … {money_of(row['at_high'], lang)}" for row in rows]
    wide = widest(ends)
    for row, end in zip(rows, ends, strict=True):
        drawn = bar(abs(row["at_high"] - row["at_low"]) / largest, _SWING_BAR)
        page.entry([(pad(drawn, _SWING_BAR), "cyan"), (pad(end, wide, right=True), "")], row[lang])


def money_of(value: float, lang: Language) -> str:
    """Write a float amount."""
    from decimal import Decimal

    return money(Decimal(f"{value:.6g}"), lang)


def _assumptions(page: Page, estimate: Estimate, lang: Language) -> None:
    page.heading(say_cost("assumed", lang), say_cost("assumed remark", lang))
    for one in estimate.sheet.inputs.values():
        if one.name.endswith("_factor") and one.low == one.mid == one.high == 1:
            continue
        unit = unit_word(one.unit, lang)
        source = source_word(one, lang)
        page.entry([(one.name, "bold")], f"{input_value(one)} {unit}".rstrip())
        page.paragraph(
            f"{one.zh if lang == 'zh' else one.en}{'；' if lang == 'zh' else '; '}{source}", indent=4, style="dim"
        )


def _formulas(page: Page, estimate: Estimate, lang: Language) -> None:
    page.heading(say_cost("formulas", lang))
    sheet = estimate.sheet
    for line in sheet.lines.values():
        unit = unit_word(line.unit, lang)
        page.entry([(line.name, "bold")], line.zh if lang == "zh" else line.en)
        page.paragraph(f"= {line.formula}", indent=4, hang=2)
        page.paragraph(f"= {sheet.explain(line.name)}", indent=4, hang=2)
        page.paragraph(f"= {money(sheet[line.name], lang)} {unit}".rstrip(), indent=4, hang=2)
    for words in explained(estimate, lang):
        page.paragraph(words, hang=2)
