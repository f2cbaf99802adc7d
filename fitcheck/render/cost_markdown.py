"""An estimate in Markdown, for a merge request or a memo."""

from __future__ import annotations

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
from fitcheck.render.markup import escape
from fitcheck.text import Language

__all__ = ["estimate_markdown"]


def estimate_markdown(estimate: Estimate, *, lang: Language = "en", explain: bool = False) -> str:
    """Return an estimate as Markdown.

    Args:
        estimate: The estimate.
        lang: The reader's language.
        explain: Whether to write out every formula with its figures.
    """
    title = estimate.title[lang] if estimate.title is not None else ("成本估算" if lang == "zh" else "Cost")
    lines = [f"## {escape(title)}", "", *(escape(row) for row in subtitle(estimate, lang)), ""]
    heads = ends_of(estimate)
    unit = unit_word(estimate.currency, lang)
    lines += [f"| {unit} | {' | '.join(say_cost(h, lang) for h in heads)} |", "| --- |" + " --: |" * len(heads)]
    for period, shown in periods(estimate):
        cells = " | ".join(money(getattr(shown, which), lang) for which in heads)
        lines.append(f"| {say_cost(period, lang)} | {cells} |")
    lines += ["", *([say_cost("range", lang), ""] if len(heads) > 1 else [])]
    if "usd_per_month" not in estimate.sheet:
        lines += [say_cost("no volume", lang), ""]
    lines += _beside(estimate, lang)
    for names, heading, remark in (
        (LABOUR, "labour", ""),
        (ALTERNATIVE, "alternative", name_of_kind(estimate, lang)),
        (LOOP, "loop", ""),
    ):
        lines += _figures(estimate, names, say_cost(heading, lang), remark, lang)
        if heading in estimate.says:
            lines += [f"**{escape(estimate.says[heading][lang])}**", ""]
    if estimate.notes:
        lines += [f"### {say_cost('notes', lang)}", "", *(f"- {escape(note[lang])}" for note in estimate.notes), ""]
    lines += _assumptions(estimate, lang)
    if explain:
        lines += _formulas(estimate, lang)
    lines += [
        f"### {say_cost('sources', lang)}",
        "",
        *(f"- {escape(source_in(source, lang))}" for source in estimate.sources),
    ]
    return "\n".join(lines)


def _beside(estimate: Estimate, lang: Language) -> list[str]:
    api, own = (estimate.range(f"usd_per_month_{way}") for way in ("api", "own"))
    if api is None or own is None:
        return []
    lines = [
        f"### {say_cost('break-even', lang)}",
        "",
        f"- {say_cost('by api', lang)}: {in_currency(estimate, api, 'USD/month', lang)}",
        f"- {say_cost('on own', lang)}: {in_currency(estimate, own, 'USD/month', lang)}",
    ]
    if estimate.break_even is not None:
        lines.append(f"- {escape(break_even_words(estimate, lang))}")
    return [*lines, ""]


def _figures(estimate: Estimate, names: tuple[str, ...], heading: str, remark: str, lang: Language) -> list[str]:
    shown = [said_figure(estimate, name, lang) for name in names if name in estimate.sheet]
    if not shown:
        return []
    head = f"### {heading}" + (f": {escape(remark)}" if remark else "")
    return [head, "", *(f"- {escape(words)}: {value}" for value, words in shown), ""]


def _assumptions(estimate: Estimate, lang: Language) -> list[str]:
    lines = [f"### {say_cost('assumed', lang)}", "", "| | | | |", "| --- | --- | --- | --- |"]
    for one in estimate.sheet.inputs.values():
        source = source_word(one, lang)
        value = f"{input_value(one)} {unit_word(one.unit, lang)}".rstrip()
        lines.append(f"| `{one.name}` | {value} | {escape(one.zh if lang == 'zh' else one.en)} | {escape(source)} |")
    return [*lines, ""]


def _formulas(estimate: Estimate, lang: Language) -> list[str]:
    sheet = estimate.sheet
    lines = [f"### {say_cost('formulas', lang)}", ""]
    for line in sheet.lines.values():
        value = f"{money(sheet[line.name], lang)} {unit_word(line.unit, lang)}".rstrip()
        words = escape(line.zh if lang == "zh" else line.en)
        lines.append(f"- `{line.name}`, {words}: `{line.formula}` = {sheet.explain(line.name)} = {value}")
    lines += [f"- {escape(words)}" for words in explained(estimate, lang)]
    return [*lines, ""]
