"""A portfolio as the plain values that the page's script reads.

Whatever the page says stands here in both languages, as numbers into one table of texts:
a text that is the same in both, or that several ideas share, is written once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from fitcheck import __version__
from fitcheck.beside import LensFinding
from fitcheck.fact_words import fact_label, question
from fitcheck.labels import LABELS, TECHNIQUES
from fitcheck.portfolio import sums
from fitcheck.portfolio.beside import axis_words, packed_axes, packed_lens, packed_parts, packed_plan, packed_values
from fitcheck.portfolio.record import VERDICTS, Entry, Portfolio
from fitcheck.portfolio.words import PAGE, column_words
from fitcheck.records import LEARNED, Report
from fitcheck.render import content
from fitcheck.render.beside_words import turn_lines
from fitcheck.render.cost_line import cost_lines
from fitcheck.row_errors import error_words
from fitcheck.text import Language
from fitcheck.wording import SYMBOLS, say

__all__ = ["MAX_CHARS_SHOWN", "Texts", "pack"]

MAX_CHARS_SHOWN = 4000
"""As much of an idea stands on the page, in characters."""

_DIGITS = 4
_MOST = 1e300
_DECIDES = ("model", "person", "method", "none")


class Texts:
    """A table of texts in two languages, each written once."""

    def __init__(self) -> None:
        self.rows: list[str | tuple[str, str]] = []
        self._places: dict[tuple[str, str], int] = {}

    def __call__(self, en: str, zh: str) -> int:
        """Return the place of a text, adding it where it is new."""
        place = self._places.get((en, zh))
        if place is None:
            place = self._places[en, zh] = len(self.rows)
            self.rows.append(en if en == zh else (en, zh))
        return place

    def same(self, text: str) -> int:
        """Return the place of a text that is the same in both languages."""
        return self(text, text)

    def pairs(self, en: Iterable[str], zh: Iterable[str]) -> list[int]:
        """Return the places of texts that stand in the same order in both languages."""
        return [self(a, b) for a, b in zip(en, zh, strict=True)]


def pack(portfolio: Portfolio) -> dict[str, Any]:
    """Return what the page shows, as values that `json.dumps` takes."""
    texts = Texts()
    info = next((e.report.info for e in portfolio.entries if e.report is not None and e.report.info), None)
    ideas = [_idea(entry, lens, texts) for entry, lens in zip(portfolio.entries, portfolio.lenses, strict=True)]
    added = sums.money(portfolio.entries)
    own = {"department": portfolio.department_column, "owner": portfolio.owner_column}
    return {
        "meta": {
            "title": content.shorten(portfolio.title, 200),
            "source": content.shorten(portfolio.source, 200),
            "made": portfolio.made,
            "different": portfolio.n_different,
            "department": content.shorten(portfolio.department_column, 60),
            "owner": content.shorten(portfolio.owner_column, 60),
            "fitcheck": info.fitcheck if info is not None else __version__,
            "model": content.clean(info.model) if info is not None else "",
            "rules": info.rules if info is not None else 0,
        },
        "verdicts": [*VERDICTS, "error"],
        "symbols": [*(SYMBOLS[v] for v in VERDICTS), "!"],
        "words": {f"p:{key}": pair for key, pair in PAGE.items()}
        | {f"p:{key}": column_words(key, content.shorten(name, 60)) for key, name in own.items()}
        | {f"v:{v}": (say(v, "en"), say(v, "zh")) for v in VERDICTS}
        | {"v:error": PAGE["error"]}
        | {f"d:{v}": (say(f"do {v}", "en"), say(f"do {v}", "zh")) for v in VERDICTS}
        | {f"l:{key}": pair for key, pair in LABELS.items()}
        | axis_words()
        | {f"t:{key}": pair for key, pair in TECHNIQUES.items()}
        | {
            f"w:{key}": (say(key, "en"), say(key, "zh"))
            for key in ("unit", "softmax", "total", "probability", "stale mark")
        },
        "ideas": ideas,
        "texts": texts.rows,
        "counts": portfolio.counts,
        "money": {
            "usd": [_as_shown(added.usd_per_month[v]) for v in VERDICTS],
            "known": [added.n_known[v] for v in VERDICTS],
            "build": _as_shown(added.usd_to_build),
            "burnt": _as_shown(added.usd_burnt),
            "cheaper": added.n_cheaper,
            "dearer": added.n_dearer,
            "saved": _as_shown(added.usd_saved),
            "once": _as_shown(added.usd_build),
        },
        "groups": [[list(g.members), g.similarity] for g in portfolio.groups],
        "themes": [[list(t.members), t.category, list(t.words)] for t in portfolio.themes],
        "asks": [
            [
                [fact_label(a.fact, "en"), fact_label(a.fact, "zh")],
                [question(a.fact, "en"), question(a.fact, "zh")],
                list(a.members),
                list(a.turned),
                [[content.shorten(owner, 60), n] for owner, n in a.by_owner],
            ]
            for a in sums.asks(portfolio.entries)
        ],
        "instead": [
            [a.kind, list(a.members), a.n_known]
            + [_as_shown(amount) for amount in (a.usd_model, a.usd_simpler, a.usd_saved, a.usd_build)]
            for a in sums.alternatives(portfolio.entries)
        ],
        "axes": packed_axes(),
    }


_BOTH: tuple[Language, Language] = ("en", "zh")


def _idea(entry: Entry, lens: Sequence[LensFinding], texts: Texts) -> dict[str, Any]:
    """Return one idea; what is unknown is left out."""
    values: dict[str, Any] = {
        "n": entry.number,
        "v": (*VERDICTS, "error").index(entry.verdict),
        "dep": content.shorten(entry.department, 60),
        "own": content.shorten(entry.owner, 60),
    }
    report = entry.report
    told = [content.shorten(error_words(entry.error, lang), 600) for lang in _BOTH]
    error = texts(*told) if entry.error else None
    if report is None:
        return values | {"err": error}
    text = content.clean(report.use_case.text)
    category, decides = report.concepts.get("category"), report.concepts.get("decides")
    values |= {
        "id": content.shorten(report.use_case.id or "", 60),
        "t": text[:MAX_CHARS_SHOWN],
        "cut": len(text) > MAX_CHARS_SHOWN or None,
        "p": [_chance(report.probabilities[v.value]) for v in LEARNED],
        "c": category[0] if category is not None and category[0] in LABELS else None,
        "d": decides[0] if decides is not None and decides[0] in _DECIDES else None,
        "usd": None if entry.usd_per_month is None else _as_shown(entry.usd_per_month),
        "calls": sums.calls_per_month(report),
        "val": sums.usd_value_per_month(report),
        "st": sums.high_stakes(report),
        "l": packed_values(lens),
        "x": _details(report, lens, texts),
        "err": error,
    }
    return {k: v if k == "usd" else _short(v) for k, v in values.items() if v is not None and v != ""}


def _short(value: Any) -> Any:
    return float(f"{_finite(value):.6g}") if isinstance(value, float) else value


def _as_shown(amount: float) -> float:
    """Round an amount as every other form writes it, so that the script has nothing left to round.

    >>> _as_shown(0.003844), _as_shown(7.504), _as_shown(1234567.8)
    (0.00384, 7.5, 1234568.0)
    """
    return float(content.usd(_finite(amount)).replace(",", ""))


def _chance(probability: float) -> float:
    """Shorten a probability, but not so far that its percentage would be another one."""
    short = round(probability, _DIGITS)
    return short if content.percent(short) == content.percent(probability) else probability


def _finite(value: float) -> float:
    """Bound what a volume beyond all sense adds up to: JSON knows no infinity."""
    return max(-_MOST, min(_MOST, value))


def _details(report: Report, lens: Sequence[LensFinding], texts: Texts) -> list[Any]:
    """Return what the ledger's panel shows, part by part, as the script takes it apart."""
    both: tuple[Language, Language] = ("en", "zh")
    rows = [content.ledger_rows(report, lang) for lang in both]
    ledger = [
        [
            texts(en.name, zh.name),
            texts.pairs(en.details, zh.details),
            [en.sizes.get(v) for v in LEARNED],
            *([1] if en.stale else []),
        ]
        for en, zh in zip(*rows, strict=True)
    ]
    arguments = [content.reasons(report, lang) for lang in both]
    counter = [c for lang in both if (c := content.against(report, lang)) is not None]
    advice = [a for lang in both if (a := content.advice(report, lang)) is not None]
    turns = [turn_lines(report.turn, lang) for lang in both]
    costs = [cost_lines(report.cost, lang) for lang in both] if report.cost is not None else []
    clauses = [content.other_clauses(report, lang) for lang in both]
    concepts = [content.concept_lines(report, lang) for lang in both]
    facts = {name: str(value) for name, value in report.use_case.facts().items()}
    return [
        texts.pairs(*([content.verdict_sentence(report, lang)] for lang in both))[0],
        [_argument(en, zh, texts) for en, zh in zip(*arguments, strict=True)],
        _argument(counter[0], counter[1], texts) if counter else 0,
        [texts(advice[0][i], advice[1][i]) for i in (0, 1)] if advice else 0,
        texts.pairs(*turns),
        [_question(report, i, texts) for i in range(len(report.questions))],
        texts.pairs(*([head, *below] for head, below in costs)) if costs else [],
        [
            texts(
                content.shorten(say("core words", "en")),
                content.shorten(say("core words", "zh")),
            ),
            texts.same(f"“{content.shorten(report.core_task, 600)}”" if report.core_task else ""),
        ],
        [[texts(a[0], b[0]), texts(a[1], b[1])] for a, b in zip(*clauses, strict=True)],
        [[texts(a[i], b[i]) for i in range(3)] for a, b in zip(*concepts, strict=True)],
        ledger,
        [report.totals()[v.value] for v in LEARNED],
        [
            [texts.same(content.shorten(n.text, 240)), n.verdict.value, round(n.similarity, 2)]
            for n in report.neighbours
        ],
        [texts(content.clean(n["en"]), content.clean(n["zh"])) for n in report.notes],
        [
            [texts(fact_label(k, "en"), fact_label(k, "zh")), texts.same(content.shorten(v, 120))]
            for k, v in facts.items()
        ],
        packed_parts(report.parts, texts),
        packed_lens(lens, texts),
        packed_plan(report.plan, texts),
    ]


def _argument(en: content.Reason, zh: content.Reason, texts: Texts) -> list[Any]:
    return [texts(en.title, zh.title), en.verdict.value, en.log_odds, texts(en.why, zh.why), texts.same(en.quote)]


def _question(report: Report, place: int, texts: Texts) -> list[Any]:
    asked = report.questions[place]
    (en, en_answers), (zh, zh_answers) = (content.question_lines(asked, lang) for lang in ("en", "zh"))
    answers = [[texts(a, b), v.value] for (a, v), (b, _) in zip(en_answers, zh_answers, strict=True)]
    return [texts(en, zh), answers]
