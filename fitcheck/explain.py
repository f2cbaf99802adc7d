"""A rule's page: what it looks for, what it argues, why, and how we know."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from fitcheck.fact_words import clause, fact_label
from fitcheck.labels import label
from fitcheck.records import Verdict
from fitcheck.render.content import clean, nats, shorten
from fitcheck.render.layout import COLOURS, MAX_WIDTH, WIDTH, Page, bar, pad, widest
from fitcheck.render.markup import escape, table
from fitcheck.rules import Block, Condition, Example, Rule, Source
from fitcheck.text import Language
from fitcheck.wording import say

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["explain_rule", "print_rule", "print_rules", "rule_json", "rule_markdown", "rules_table"]

_ROLES = ("core", "auxiliary", "workflow", "dropped")
_PATTERN_CHARS = 150
_LARGEST_WEIGHT = 5.0
_BAR = 20
_ROOMY = 76


def explain_rule(
    rule: Rule,
    *,
    lang: Language = "en",
    width: int | None = None,
    colour: bool = False,
    today: dt.date | None = None,
) -> str:
    """Return a rule's page for a terminal.

    Args:
        rule: The rule.
        lang: The reader's language.
        width: In cells; None for 80.
        colour: Whether to write ANSI colours.
        today: The day that sources are held against; None for the present day.
    """
    page = Page(width or WIDTH)
    _write(page, rule, lang, today or dt.date.today())
    return page.text(colour=colour)


def print_rule(rule: Rule, console: Console, *, lang: Language = "en", today: dt.date | None = None) -> None:
    """Print a rule's page to a console, in colour where the console has colours."""
    page = Page(min(console.width, MAX_WIDTH))
    _write(page, rule, lang, today or dt.date.today())
    page.print(console)


def rules_table(
    rules: Sequence[Rule],
    *,
    lang: Language = "en",
    width: int | None = None,
    colour: bool = False,
    today: dt.date | None = None,
) -> str:
    """Return the rules by family, for a terminal: id, what each argues for as the core task, title."""
    page = Page(width or WIDTH)
    _list(page, rules, lang, today or dt.date.today())
    return page.text(colour=colour)


def print_rules(
    rules: Sequence[Rule], console: Console, *, lang: Language = "en", today: dt.date | None = None
) -> None:
    """Print the rules by family to a console."""
    page = Page(min(console.width, MAX_WIDTH))
    _list(page, rules, lang, today or dt.date.today())
    page.print(console)


def rule_json(rule: Rule, *, today: dt.date | None = None, indent: int | None = 2) -> str:
    """Return a rule as JSON: all that its file says, its family, and whether it is stale."""
    import json

    values: dict[str, Any] = rule.model_dump(mode="json", by_alias=True, exclude_none=True)
    values["stale"] = rule.expired(today or dt.date.today())
    return json.dumps(values, ensure_ascii=False, indent=indent)


def rule_markdown(rule: Rule, lang: Language = "en", *, today: dt.date | None = None) -> str:
    """Return a rule's page in Markdown, its patterns in full."""
    today = today or dt.date.today()
    weights = [
        [say(role, lang), say(verdict.value, lang), nats(size)]
        for role in _ROLES
        if (argued := rule.argues(role)) and role in rule.weight
        for verdict, size in [argued]
    ]
    lines = [
        f"## {escape(_in(rule.title, lang))}",
        "",
        f"`{rule.id}` · {escape(rule.family)} · {say(f'{rule.severity} severity', lang)}"
        + (f" · **{say('stale mark', lang)}**" if rule.expired(today) else ""),
        "",
        escape(_in(rule.why, lang)),
        "",
        f"### {say('argues', lang)}",
        "",
        *table(["", say("verdict", lang), "nats"], weights, right=1),
        "",
        f"### {say('instead', lang)}",
        "",
        f"{escape(_in(rule.instead, lang))} (`{rule.instead.kind}`)",
        "",
        f"### {say('looks for', lang)}",
        "",
    ]
    if len(rule.when) > 1:
        lines += [say("any case", lang), ""]
    for number, block in enumerate(rule.when, 1):
        if len(rule.when) > 1:
            lines += [f"**{say('block n', lang, n=number)}**", ""]
        lines += _block_lines(block, lang)
    lines += [f"### {say('sources', lang)}", ""]
    for source in rule.source:
        figure = f" ({escape(source.figure)})" if source.figure else ""
        title = f"[{escape(source.title)}](<{_url(source.url)}>)" if source.url else escape(source.title)
        dates = say("and", lang).join(_dates(source, lang, today))
        lines.append(f"- {escape(source.claim)}{figure}<br>{title}; {dates}")
    if rule.example:
        lines += ["", f"### {say('examples', lang)}", ""]
        lines += [f"- {escape(_example(e, lang))} → {_outcome(e, lang)}" for e in rule.example]
    return "\n".join(lines).rstrip("\n") + "\n"


def _write(page: Page, rule: Rule, lang: Language, today: dt.date) -> None:
    page.line((clean(_in(rule.title, lang)), "bold"))
    severity = say(f"{rule.severity} severity", lang)
    page.line((f"{rule.id} · {clean(rule.family)} · {severity}", "dim"))
    if rule.expired(today):
        page.line((say("stale mark", lang), "yellow"))
    page.blank()
    page.paragraph(clean(_in(rule.why, lang)))
    _weights(page, rule, lang)
    page.heading(say("instead", lang))
    page.paragraph(clean(_in(rule.instead, lang)))
    _conditions(page, rule, lang)
    page.heading(say("sources", lang))
    for source in rule.source:
        _source(page, source, lang, today)
    if rule.example:
        page.heading(say("examples", lang))
        outcomes = [_outcome(e, lang) for e in rule.example]
        for example, outcome in zip(rule.example, outcomes, strict=True):
            style = "dim" if example.fires == "no" else "green"
            page.entry([(pad(outcome, widest(outcomes)), style)], _example(example, lang))


def _weights(page: Page, rule: Rule, lang: Language) -> None:
    page.heading(say("argues", lang), say("weights", lang))
    roles = [role for role in _ROLES if role in rule.weight]
    names = widest(say(role, lang) for role in roles)
    for role in roles:
        argued = rule.argues(role)
        if argued is None:
            continue
        verdict, size = argued
        style = COLOURS[verdict.value]
        page.line(
            "  ",
            (pad(say(role, lang), names), "dim"),
            ("  " + pad(say(verdict.value, lang), widest(say(v.value, lang) for v in Verdict)), style),
            f"  {nats(size)}",
            (f"  {bar(size / _LARGEST_WEIGHT, _BAR)}", style),
        )


def _conditions(page: Page, rule: Rule, lang: Language) -> None:
    page.heading(say("looks for", lang), say("any case", lang) if len(rule.when) > 1 else "")
    keys = [list(_keys(block, lang)) for block in rule.when]
    names = widest(name for block in keys for name, _, _ in block)
    for number, block in enumerate(keys, 1):
        if len(keys) > 1:
            page.paragraph(say("block n", lang, n=number), style="bold dim")
        for i, (name, what, is_pattern) in enumerate(block):
            shown = "" if i and block[i - 1][0] == name else name
            words = shorten(what, _PATTERN_CHARS) if is_pattern else clean(what)
            page.entry([(pad(shown, names), "dim")], words, style="dim" if is_pattern else "")
    if any(is_pattern and len(what) > _PATTERN_CHARS for block in keys for _, what, is_pattern in block):
        page.paragraph(say("pattern", lang), style="dim")


def _source(page: Page, source: Source, lang: Language, today: dt.date) -> None:
    page.paragraph(clean(source.claim) + (f" ({clean(source.figure)})" if source.figure else ""))
    page.paragraph(clean(source.title), indent=4, style="dim")
    if source.url:
        page.paragraph(clean(source.url), indent=4, style="dim")
    stale = source.expires is not None and source.expires < today
    page.paragraph(say("and", lang).join(_dates(source, lang, today)), indent=4, style="yellow" if stale else "dim")


def _dates(source: Source, lang: Language, today: dt.date) -> Iterator[str]:
    """Say when a source was seen, and until when it holds or held."""
    yield say("seen", lang, date=source.seen.isoformat())
    if source.expires is not None:
        yield say("expired" if source.expires < today else "expires", lang, date=source.expires.isoformat())


def _list(page: Page, rules: Sequence[Rule], lang: Language, today: dt.date) -> None:
    families = sorted({rule.family for rule in rules})
    names = widest(rule.id for rule in rules)
    verdicts = widest(say(v.value, lang) for v in Verdict)
    for family in families:
        page.heading(clean(family)) if family != families[0] else page.line((clean(family), "bold"))
        for rule in sorted((r for r in rules if r.family == family), key=lambda r: r.id):
            argued = next((a for role in _ROLES if (a := rule.argues(role))), None)
            verdict, size = argued if argued else (Verdict.UNCLEAR, 0.0)
            title = clean(_in(rule.title, lang))
            if rule.expired(today):
                title = say("because", lang, words=title, reason=say("stale mark", lang))
            cells = [
                (pad(rule.id, names), ""),
                (pad(say(verdict.value, lang), verdicts), COLOURS[verdict.value]),
                (nats(size), "dim"),
            ]
            if page.width >= _ROOMY:
                page.entry(cells, title)
            else:
                page.entry(cells[:-1], nats(size), style="dim")
                page.paragraph(title, indent=4)
    page.blank()
    page.line((say("count", lang, n=len(rules), m=len(families)), "dim"))


def _keys(block: Block, lang: Language) -> Iterator[tuple[str, str, bool]]:
    """Yield what a block asks for: the key in words, what it asks, and whether that is a pattern."""
    for name, condition in block.facts.items():
        yield say("facts", lang), _condition(name, condition, lang), False
    for name, wanted in block.concepts.items():
        values = (wanted,) if isinstance(wanted, str) else wanted
        words = say("or", lang).join(label(v, lang) for v in values)
        yield say("reads", lang), say("pair", lang, fact=label(name, lang), values=words), False
    for key, patterns in (("words", block.text), ("unless", block.unless)):
        if patterns is not None:
            yield from ((say(f"{key} en", lang), pattern, True) for pattern in patterns.en)
            yield from ((say(f"{key} zh", lang), pattern, True) for pattern in patterns.zh)


def _condition(fact: str, condition: Condition, lang: Language) -> str:
    """Say what is asked of a fact."""
    parts = []
    if condition.equals is not None:
        parts.append(clause(fact, _plain(condition.equals), lang))
    if condition.one_of is not None:
        parts.append(say("or", lang).join(clause(fact, _plain(v), lang) for v in condition.one_of))
    bounds = [
        say(words, lang, value=_plain(value))
        for words, value in (("at least", condition.at_least), ("at most", condition.at_most))
        if value is not None
    ]
    if bounds:
        parts.append(say("pair", lang, fact=fact_label(fact, lang), values=say("and", lang).join(bounds)))
    return say("and", lang).join(parts)


def _plain(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


def _outcome(example: Example, lang: Language) -> str:
    return say("silent", lang) if example.fires == "no" else say("fires", lang, role=say(example.fires, lang))


def _example(example: Example, lang: Language) -> str:
    """Return an example's text, with the facts that are given beside it."""
    text = clean(example.text)
    if not example.facts:
        return text
    facts = say("and", lang).join(clause(name, _plain(value), lang) for name, value in example.facts.items())
    return say("because", lang, words=text, reason=clean(facts))


def _in(texts: Any, lang: Language) -> str:
    words: str = getattr(texts, lang)
    return words


def _block_lines(block: Block, lang: Language) -> list[str]:
    """Return what a block asks for in Markdown: facts in words, patterns as they are written."""
    lines: list[str] = []
    patterns: dict[str, list[str]] = {}
    for name, what, is_pattern in _keys(block, lang):
        if is_pattern:
            patterns.setdefault(name, []).append(clean(what))
        else:
            lines.append(f"- {escape(say('pair', lang, fact=name, values=what))}")
    if lines:
        lines.append("")
    for name, written in patterns.items():
        # a fence longer than any run of its own marks inside can't be closed from within
        fence = "`" * max(3, 1 + max((len(run) for p in written for run in re.findall("`+", p)), default=0))
        lines += [f"{escape(name)}{'：' if lang == 'zh' else ':'}", "", f"{fence}text", *written, fence, ""]
    return lines


def _url(url: str) -> str:
    return clean(url).replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
