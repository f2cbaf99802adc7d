"""What a report tells, in words, before it gets a shape."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from fitcheck.asking.answers import answer_words, question_words
from fitcheck.asking.named import NAMED
from fitcheck.asking.questions import is_nameless, says_no_task
from fitcheck.beside import Question
from fitcheck.labels import LABELS, label
from fitcheck.records import LEARNED, Evidence, Report, Role, Verdict
from fitcheck.text import Language
from fitcheck.wording import say

__all__ = [
    "LedgerRow",
    "Reason",
    "advice",
    "against",
    "clean",
    "concept_lines",
    "decisive_line",
    "ledger_rows",
    "nats",
    "other_clauses",
    "percent",
    "question_lines",
    "reasons",
    "shorten",
    "usd",
    "verdict_sentence",
    "versions_line",
    "words_alone",
]

_MAX_QUOTE = 90
_MAX_REASONS = 3
_LOUD = 0.5
_SOURCES = ("prior", "scenarios", "rule", "cost", "block")
_FACT_OF_CONCEPT = {"category": "task_category", "review": "human_review", "existing": "existing_quality"}


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One piece of evidence as a line of the ledger.

    Attributes:
        name: What it is, in the reader's language.
        sizes: Log-odds in nats by the verdict that they argue for.
        details: The rule's id, the role, the words that it rests on, what it outshines.
        stale: True where its source has passed its date.
    """

    name: str
    sizes: dict[Verdict, float]
    details: tuple[str, ...] = ()
    stale: bool = False

    @property
    def strongest(self) -> tuple[Verdict, float]:
        """The verdict that the row argues for most, and how much."""
        return max(self.sizes.items(), key=lambda item: item[1])


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the strongest arguments, told in sentences.

    Attributes:
        title: The argument in a few words.
        verdict: What it argues for.
        log_odds: How much, in nats.
        why: The argument in a sentence or two; empty where there is none.
        quote: The words of the idea that it rests on; empty where there are none.
    """

    title: str
    verdict: Verdict
    log_odds: float
    why: str = ""
    quote: str = ""


def clean(text: str) -> str:
    """Return a text without control and formatting characters, on one line.

    >>> clean("a\\x1b[31m\\nb\\u202e")
    'a[31m b'
    """
    if text.isprintable():
        return " ".join(text.split())
    kept = (" " if c in "\n\r\t\u2028\u2029" else c for c in text)
    return " ".join("".join(c for c in kept if unicodedata.category(c) not in _DROPPED).split())


_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def shorten(text: str, n_chars: int = _MAX_QUOTE) -> str:
    """Return a cleaned text of at most `n_chars` characters, cut at a space where one is near.

    >>> shorten("one two three", 9)
    'one two…'
    """
    text = clean(text)
    if len(text) <= n_chars:
        return text
    cut = text[: n_chars - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > n_chars * 2 // 3 else cut).rstrip(" ,，、;；:：") + "…"


def nats(size: float) -> str:
    """Return log-odds with sign and two decimals.

    >>> nats(1.6), nats(-0.0)
    ('+1.60', '0.00')
    """
    return f"{size:+.2f}" if round(size, 2) else "0.00"


def percent(probability: float) -> str:
    """Return a probability for reading; what is not certain is never shown as 0% or 100%.

    >>> percent(0.864), percent(0.0004), percent(0.9999)
    ('86%', '<1%', '>99%')
    """
    if 0 < probability < 0.005:
        return "<1%"
    if 0.995 <= probability < 1:
        return ">99%"
    return f"{probability:.0%}"


def usd(amount: float) -> str:
    """Return an amount with the digits that matter.

    >>> usd(0), usd(0.00045), usd(0.4501), usd(4.5), usd(99.999), usd(1234567.8)
    ('0', '0.00045', '0.45', '4.50', '100', '1,234,568')
    """
    if amount >= 99.995:
        return f"{amount:,.0f}"
    if amount >= 0.995:
        return f"{amount:.2f}"
    return format(Decimal(f"{amount:.3g}"), "f")


def verdict_sentence(report: Report, lang: Language) -> str:
    """Say what the proposer should do."""
    sentence = say(f"do {report.verdict.value}", lang)
    if report.why_unclear is not None:
        reason = say(report.why_unclear, lang)
        return f"{sentence}{'' if lang == 'zh' else ' '}{reason}"
    return sentence


def words_alone(report: Report, lang: Language) -> str | None:
    """Say what the probabilities are worth where they are no verdict, or a guess at what the job might be."""
    if is_nameless(report.why_unclear):
        return say("words alone", lang)
    return say("a guess", lang) if report.why_unclear is None and says_no_task(report) else None


def ledger_rows(report: Report, lang: Language) -> tuple[LedgerRow, ...]:
    """Return the ledger with one row for each piece of evidence, the loudest rules first."""
    groups: dict[tuple[str, str, str | None, int], list[Evidence]] = {}
    for e in report.ledger:
        # each word that spoke is a row of its own
        place = e.start if e.source == "scenarios" else -1
        groups.setdefault((e.source, e.id, e.role, place), []).append(e)
    rows: list[tuple[int, float, int, LedgerRow]] = []
    for (source, *_), pieces in groups.items():
        sizes: dict[Verdict, float] = {}
        for e in pieces:
            sizes[e.verdict] = round(sizes.get(e.verdict, 0.0) + e.log_odds, 2)
        row = LedgerRow(
            name=_name(pieces[0], report, lang),
            sizes=sizes,
            details=_details(pieces[0], lang),
            stale=any(e.stale for e in pieces),
        )
        loudness = row.strongest[1] if source == "rule" else 0.0
        rows.append((_SOURCES.index(source), -loudness, len(rows), row))
    return tuple(row for *_, row in sorted(rows, key=lambda item: item[:3]))


def _name(e: Evidence, report: Report, lang: Language) -> str:
    if e.source == "prior":
        return say("prior", lang)
    if e.source == "scenarios":
        if e.id == "word":
            return say("word", lang, word=clean(e.quote))
        known = e.id in ("whole text", "core task", "meaning", "concepts", "wording", "second reading", NAMED)
        return say(e.id, lang) if known else say("scenarios", lang, id=clean(e.id))
    if e.source == "cost":
        return _cost_name(e, lang)
    title = _of_rule(report, e.id, "title", lang) or clean(e.id)
    return say("block", lang, title=title) if e.source == "block" else title


def _cost_name(e: Evidence, lang: Language) -> str:
    known = e.id in ("dearer-than-its-value", "dearer-than-simpler")
    return say(e.id, lang) if known else say("cost row", lang, id=clean(e.id))


def _why_cost(e: Evidence, lang: Language) -> str:
    known = e.id in ("dearer-than-its-value", "dearer-than-simpler")
    return say(f"{e.id} why", lang) if known else ""


def _details(e: Evidence, lang: Language) -> tuple[str, ...]:
    if e.source not in ("rule", "block"):
        return ()
    parts = [clean(e.id)]
    if e.role is not None:
        parts.append(say(e.role, lang))
    if e.quote:
        parts.append(f"“{shorten(e.quote)}”")
    if e.also:
        parts.append(f"{say('also', lang)} {', '.join(clean(a) for a in e.also)}")
    return tuple(parts)


def _of_rule(report: Report, rule_id: str, key: str, lang: Language) -> str:
    texts = report.rules.get(rule_id, {}).get(key)
    return clean(texts.get(lang, "")) if isinstance(texts, Mapping) else ""


def reasons(report: Report, lang: Language) -> tuple[Reason, ...]:
    """Return the strongest arguments for the verdict, the scenarios' voice among them where it leads.

    Where both sides spoke, the loudest of each of the two likeliest verdicts.
    """
    if report.verdict is Verdict.UNCLEAR:
        if report.why_unclear != "both sides spoke":
            return ()
        likeliest = sorted(LEARNED, key=lambda v: -report.probabilities[v.value])[:2]
        return tuple(r for v in likeliest for r in _arguments(report, v, lang)[:1])
    found = _arguments(report, report.verdict, lang)
    return tuple(found[:_MAX_REASONS])


def against(report: Report, lang: Language) -> Reason | None:
    """Return the loudest argument for another verdict, where it is loud enough to be heard."""
    if report.verdict is Verdict.UNCLEAR:
        return None
    others = [r for v in LEARNED if v is not report.verdict for r in _arguments(report, v, lang)[:1]]
    loudest = max(others, key=lambda r: r.log_odds, default=None)
    return loudest if loudest is not None and loudest.log_odds >= _LOUD else None


def _arguments(report: Report, verdict: Verdict, lang: Language) -> list[Reason]:
    """Return what argues for a verdict: rules, cost and caps by size, and the scenarios in one voice."""
    found = [
        Reason(
            title=_name(e, report, lang),
            verdict=verdict,
            log_odds=e.log_odds,
            why=_why_cost(e, lang) if e.source == "cost" else _of_rule(report, e.id, "why", lang),
            quote=shorten(e.quote) if e.quote else "",
        )
        for e in report.ledger
        if e.verdict is verdict and e.source in ("rule", "cost", "block") and e.log_odds > 0
    ]
    found += [_named(report, e, lang) for e in report.ledger if e.id == NAMED and e.verdict is verdict]
    found.sort(key=lambda r: -r.log_odds)
    voices = {v: round(sum(e.log_odds for e in _scenarios(report) if e.verdict is v), 2) for v in LEARNED}
    heard = voices[verdict]
    # the scenarios are a reason only for the verdict that they favour
    if 0 < heard == max(voices.values()) and (not found or heard > found[0].log_odds):
        words = say(verdict.value, lang)
        voice = Reason(
            title=say("scenarios why title", lang),
            verdict=verdict,
            log_odds=heard,
            why=say("scenarios why", lang, verdict=words),
        )
        # told first only where no rule explains the verdict: a rule's reason says more
        found.insert(min(1, len(found)), voice)
    return found


def _scenarios(report: Report) -> list[Evidence]:
    return [e for e in report.ledger if e.source == "scenarios" and e.id != NAMED]


def _named(report: Report, e: Evidence, lang: Language) -> Reason:
    """Tell what a task that the facts name usually gets."""
    category = report.use_case.task_category
    task = label(category, lang) if category is not None else say("by its output", lang)
    why = say("named task why", lang, task=task, verdict=say(e.verdict.value, lang))
    return Reason(say(NAMED, lang), e.verdict, e.log_odds, why)


def decisive_line(report: Report, lang: Language) -> str:
    """Say which clause the verdict hangs on, or nothing where its loss could not be seen in the percentages."""
    found = report.decisive
    if found is None:
        return ""
    whole, rest = percent(report.probabilities[report.verdict.value]), percent(found.probability_without)
    if whole == rest:
        return ""
    return say(
        "leans on" if found.verdict_without is report.verdict else "hangs on",
        lang,
        words=shorten(found.text),
        verdict=say(report.verdict.value, lang),
        other=say(found.verdict_without.value, lang),
        whole=whole,
        rest=rest,
    )


def advice(report: Report, lang: Language) -> tuple[str, str] | None:
    """Return a heading and what to do: the technique to use instead, or how to use the model well."""
    if report.instead is not None:
        words = clean(report.instead[lang])
        return say("instead", lang), words[:1].upper() + words[1:]
    if report.verdict is not Verdict.ASSIST:
        return None
    helpers = [e for e in report.ledger if e.source == "rule" and e.verdict is Verdict.ASSIST and e.log_odds > 0]
    for e in sorted(helpers, key=lambda e: -e.log_odds):
        if words := _of_rule(report, e.id, "instead", lang):
            return say("advice", lang), words
    return None


def concept_lines(report: Report, lang: Language) -> tuple[tuple[str, str, str], ...]:
    """Return what a reader notices: name, value, and its probability or "given"."""
    lines = []
    for name, (value, probability) in report.concepts.items():
        given = getattr(report.use_case, _FACT_OF_CONCEPT.get(name, name), None) is not None
        sure = say("given", lang) if given else percent(probability)
        lines.append((_label(name, lang), _label(value, lang), sure))
    return tuple(lines)


def _label(name: str, lang: Language) -> str:
    return label(name, lang) if name in LABELS else clean(name)


def other_clauses(report: Report, lang: Language) -> tuple[tuple[str, str], ...]:
    """Return the clauses beside the core: the part that each plays, and its words with the reason it is set aside."""
    names: dict[Role, str] = {"auxiliary": "beside it", "workflow": "workflow step", "dropped": "set aside"}
    lines = []
    for task in report.tasks:
        if task.role in names:
            words = f"“{shorten(task.text)}”"
            words = say("because", lang, words=words, reason=say(task.reason, lang)) if task.reason else words
            lines.append((say(names[task.role], lang), words))
    return tuple(lines)


def question_lines(asked: Question, lang: Language) -> tuple[str, tuple[tuple[str, Verdict], ...]]:
    """Return a question, and its answers in words with the verdict that each leads to.

    Where every answer leads to the same verdict the question says so, and no answers follow.
    """
    words = question_words(asked, lang)
    if len({verdict for _, verdict in asked.answers}) < 2:
        return f"{words} {say('same verdict', lang, points=f'{asked.shift * 100:.0f}')}", ()
    return words, tuple((answer_words(asked.fact, clean(value), lang), verdict) for value, verdict in asked.answers)


def versions_line(report: Report, lang: Language) -> str:
    """Return the versions behind a report, or an empty text."""
    if report.info is None:
        return ""
    return say(
        "versions",
        lang,
        fitcheck=clean(report.info.fitcheck),
        model=clean(report.info.model),
        rules=report.info.rules,
    )
