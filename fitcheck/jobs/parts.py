"""Mixed ideas: the jobs in one text, each with a verdict of its own.

An idea is cut where another job begins: a clause, or behind "and", "then", 并, 再, a verb of another
kind. What only tells who, where or how much stays with the job before it. Only ideas in which verbs of
two kinds stand are read again, part by part, so an idea of one job costs next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Protocol

from fitcheck.alternatives import alternative_for
from fitcheck.beside import Part
from fitcheck.clauses import Judges, how_read
from fitcheck.jobs.deeds import says_person_decides
from fitcheck.jobs.spans import RESTS_ON_READING, Span, job_spans
from fitcheck.jobs.verbs import TEXTS, Kind, verb_pattern
from fitcheck.jobs.words import job_words
from fitcheck.records import LEARNED, Report, Verdict
from fitcheck.sift import Columns
from fitcheck.taxonomy import CATEGORY_VERDICT, CONCEPTS
from fitcheck.text import Language, fold
from fitcheck.use_case import UseCase

__all__ = ["Reads", "find_parts"]

_SURE = 0.7
"""A part whose verdict is less likely is not told apart."""
_SURE_WITH_VERB = 0.5
"""Where the verb too names what is no model's job, or a rule does, it need be no likelier."""
_SURER = 0.85
_PERSON = "person-decides"
_VERY_SURE = 0.8
"""A part that is no model's job is shown beside a whole that contradicts it, where it is surer or a rule says so."""
_SPOKE = 0.15
"""From this probability on it may be that a whole is not the verdict that is given."""
_NEAR = 6
"""Neighbours with so few characters between them are shown as one."""

_SHORTEST = 3
"""Fewer characters are a name or a label."""
_LONGEST_IDEA = 5_000
_MOST = 6
"""An idea that is longer, in characters, or seems to have more jobs is a document."""

_BASED_ON = re.compile(
    r"\s(?:on the basis of|based on|according to|by reading|from reading|on|off|from) "
    rf"(?P<texts>(?:the |our |their |its )?(?:[\w'’-]+ ){{0,4}}?{TEXTS['en']})$"
)
_ZH_BASED_ON = re.compile(
    rf"(?:根据|依据|基于|凭)(?P<texts>[^,。;、]{{0,8}}?{TEXTS['zh']}+(?![人者书量表单和及与、]))(?:来|自动|直接)?"
)
_ANAPHORA = re.compile(r"\b(?:it|them|ones?|those|these|that|its|their)\b|它|他们|其|这些|那些|不合格的|差的")

_MARKS = " \n,，、;；:：。.!?()（）-–—"
_TEXTS = {lang: re.compile(words) for lang, words in TEXTS.items()}
_READS = re.compile(r"\b(?:read|review|scan|screen|mine|monitor|analy[sz])\w*|[读阅看览析筛]")
_WORDY = re.compile(r"[^\W_]")
_JOINED_BY = re.compile(
    r"[\s,，、;；:：。.!?()（）–—-]*(?:(?:and then|and also|and|then|or)\s+"
    r"|(?:并且|并|然后|接着|随后|同时|再|之?后(?=[抽提])))?",
    re.I,
)
_JOINS_ON = re.compile(r"(?<=[,，、;；:：。])\s*(?:and then|and|then|or|并且|并|然后|接着|随后|同时|再)$", re.I)
_FOR_A_MODEL = frozenset((Verdict.FIT, Verdict.ASSIST))
_USUAL: dict[tuple[Kind, Verdict], str] = {
    ("read", Verdict.ASSIST): "evidence-gathering",
    ("read", Verdict.FIT): "summarisation",
    ("word", Verdict.ASSIST): "commentary-on-numbers",
    ("word", Verdict.FIT): "report-drafting",
    ("label", Verdict.FIT): "text-classification",
    ("extract", Verdict.FIT): "free-extraction",
    ("extract", Verdict.ASSIST): "free-extraction",
    ("extract", Verdict.OVERKILL): "fixed-extraction",
    ("compute", Verdict.OVERKILL): "arithmetic-reporting",
    ("decide", Verdict.OVERKILL): "business-rules",
    ("decide", Verdict.UNFIT): "autonomous-decision",
    ("act", Verdict.UNFIT): "autonomous-action",
    ("act", Verdict.OVERKILL): "workflow-automation",
    ("predict", Verdict.UNFIT): "tabular-prediction",
    ("plan", Verdict.UNFIT): "optimisation",
    ("see", Verdict.UNFIT): "image-recognition",
    ("ask why", Verdict.UNFIT): "causal-inference",
    ("check", Verdict.UNFIT): "fact-verification",
}

_UNFIT_VERBS = frozenset(kind for kind, verdict in _USUAL if verdict is Verdict.UNFIT)
_DONE_TO_SOMEBODY: tuple[Kind, ...] = ("decide", "act")
"""Kinds that are judged with the model as the one that does it too: "fire them" alone doesn't say who fires."""
_BY_THE_MODEL = {"en": "Let the model {}", "zh": "由大模型{}"}

_SETTLED = frozenset(("autonomous-decision", "autonomous-action", "causal-inference", "fact-verification"))
"""Categories that the verb alone settles."""


class Reads(Judges, Protocol):
    """What reads parts: an `Assessor`."""

    def columns(self, texts: Sequence[str], /) -> Columns:
        """Read texts fast."""
        ...


@dataclass(frozen=True, slots=True)
class _Job:
    """One job's words.

    Attributes:
        start, end: Where they stand in the normalised text.
        kind: What kind of verb names it.
        read: What is read to judge it: its words, with those that they refer to.
    """

    start: int
    end: int
    kind: Kind
    read: str


def find_parts(assessor: Reads, reports: Sequence[Report]) -> list[tuple[Part, ...]]:
    """Return for each report the parts of a mixed idea, in order; none for an idea of one job.

    Args:
        assessor: The one that the reports are from.
        reports: Any number; they are read together.
    """
    found: list[tuple[Part, ...]] = [()] * len(reports)
    mixed = [(row, jobs) for row, report in enumerate(reports) if len(jobs := _jobs(report)) > 1]
    # the fast reading tells no clauses apart
    mixed = [(row, jobs) for row, jobs in mixed if how_read(reports[row])[1] != "fast"]
    if not mixed:
        return found
    reads = [job.read for _, jobs in mixed for job in jobs]
    handed = [_handed_over(reports[row], job) for row, jobs in mixed for job in jobs]
    seen = iter(assessor.columns(reads).category.tolist())
    again = [text for text in handed if text]
    rows = assessor.probabilities([UseCase(text=text) for text in reads + again], reading="first").tolist()
    others = iter(rows[len(reads) :])
    own = LEARNED.index(Verdict.UNFIT)
    shares = iter(
        [max(row, next(others), key=lambda r: r[own]) if text else row for row, text in zip(rows, handed, strict=False)]
    )
    for row, jobs in mixed:
        parts = [_part(reports[row], job, next(shares), CONCEPTS["category"][next(seen)]) for job in jobs]
        sure = [(part, _is_sure(reports[row], job, part)) for job, part in zip(jobs, parts, strict=True)]
        found[row] = _agreed(reports[row], [part for part, is_sure in sure if is_sure])
    return found


def _handed_over(report: Report, job: _Job) -> str:
    """Return a job with the model as the one that does it, where that is the question; else nothing."""
    if job.kind not in _DONE_TO_SOMEBODY:
        return ""
    words = job_words(report.text[slice(*_trimmed(report.text, job.start, job.end))], report.lang)
    return _BY_THE_MODEL[report.lang].format(words)


def _is_sure(report: Report, job: _Job, part: Part) -> bool:
    """Say whether a part is sure enough to be told apart."""
    if part.verdict is Verdict.UNFIT and (job.kind in _UNFIT_VERBS or _rests_on_rule(report, part)):
        return _how_sure(part) >= _SURE_WITH_VERB
    return _how_sure(part) >= _SURE


def _rests_on_rule(report: Report, part: Part) -> bool:
    """Say whether a rule on the ledger that speaks of a part argues for its verdict."""
    return any(
        e.source == "rule" and e.role == "core" and e.verdict is part.verdict and e.log_odds > 0
        for e in report.ledger
        if part.start <= e.start < part.end
    )


def _jobs(report: Report) -> list[_Job]:
    """Return an idea's jobs, as far as their verbs tell."""
    if len(report.text) > _LONGEST_IDEA:
        return []
    text, folded, lang = report.text, fold(report.text), report.lang
    spans = job_spans(report, folded)
    if len(spans) == 1:
        return _based_on(text, folded, spans[0], lang)
    jobs: list[_Job] = []
    thing = ""
    for span in spans:
        start, end, kind = span.start, span.end, span.kind
        words = text[slice(*_trimmed(text, start, end))]
        # what a person is said to do is no job for the model
        if len(words) < _SHORTEST or (kind in _DONE_TO_SOMEBODY and says_person_decides(words, lang)):
            continue
        read = _reading_of(words, lang) if kind == "read" else words
        if jobs and kind != "read" and _ANAPHORA.search(words):
            read = f"{thing}: {words}"
        jobs.append(_Job(start, end, kind, read))
        thing = thing or _object(words, lang)
    return jobs if len(jobs) <= _MOST else []


def _based_on(text: str, folded: str, span: Span, lang: Language) -> list[_Job]:
    """Cut "trade on earnings news" into the reading of the news and the trade."""
    start, end, kind = span.start, span.end, span.kind
    found = (_ZH_BASED_ON if lang == "zh" else _BASED_ON).search(folded[start:end])
    if found is None or kind not in RESTS_ON_READING:
        return []
    begin, stop = start + found.start("texts"), start + found.end("texts")
    rest = (start + found.end(), end) if lang == "zh" else (start, start + found.start())
    if not _WORDY.search(text, *rest):
        return []
    whole = text[start:end]
    jobs = [_Job(begin, stop, "read", _reading_of(text[begin:stop], lang)), _Job(*rest, kind, whole)]
    return sorted(jobs, key=attrgetter("start"))


def _reading_of(words: str, lang: Language) -> str:
    """Return what is judged of reading that somebody else's decision rests on."""
    if lang == "zh":
        return f"{'' if _READS.search(words) else '阅读'}{words}，归纳要点，供决定的人参考"
    return f"{'' if _READS.search(fold(words)) else 'read '}{words}, summed up for the person who decides"


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without the marks round it and the words that join it to its neighbours."""
    end = start + len(_JOINS_ON.sub("", text[start:end].rstrip(_MARKS)).rstrip(_MARKS))
    found = _JOINED_BY.match(text, start, end)
    if "(" in text[start:end] and text[end : end + 1] == ")":
        end += 1
    return (found.end() if found else start), end


def _object(words: str, lang: Language) -> str:
    """Return what a job is done to: the words behind its verb."""
    found = verb_pattern(lang).search(fold(words))
    return (words[found.end() :] if found else words).strip(_MARKS)[:60]


def _part(report: Report, job: _Job, row: Sequence[float], category: str) -> Part:
    verdict = LEARNED[max(range(len(row)), key=row.__getitem__)]
    usual = _USUAL.get((job.kind, verdict), category)
    if not _alike(CATEGORY_VERDICT[category], verdict) or (usual in _SETTLED and category != "investment-trading"):
        category = usual
    start, end = _trimmed(report.text, job.start, job.end)
    shares = {v.value: float(p) for v, p in zip(LEARNED, row, strict=True)}
    instead = alternative_for(verdict, {category: 1.0})
    return Part(report.text[start:end], start, end, verdict, shares, category, instead)


def _alike(one: Verdict, other: Verdict) -> bool:
    return one is other or {one, other} <= _FOR_A_MODEL


def _agreed(report: Report, parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the parts, neighbours that are alike joined, where they are told apart and agree with the whole."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if last is None or _side(last) != _side(part):
            joined.append(part)
            continue
        surer = max(last, part, key=_how_sure)
        if part.start - last.end <= _NEAR:
            surer = replace(surer, text=report.text[last.start : part.end], start=last.start, end=part.end)
        joined[-1] = surer
    verdicts = {part.verdict for part in joined}
    sides = {_side(part) for part in joined}
    # two jobs of one verdict are two where each is sure, or where one is a person's
    alike = len(verdicts) < 2 and _PERSON not in sides and any(_how_sure(part) < _SURER for part in joined)
    if len(sides) < 2 or alike:
        return ()
    return tuple(joined) if _agrees(report, joined) or any(_speaks_up(report, part) for part in joined) else ()


def _speaks_up(report: Report, part: Part) -> bool:
    """Say whether a reader must see a part, whatever the whole's verdict: it is no model's job, and surely so."""
    if part.verdict is not Verdict.UNFIT or report.verdict is Verdict.UNFIT:
        return False
    sure = _how_sure(part)
    return sure > _VERY_SURE or _rests_on_rule(report, part) or report.probability < min(_VERY_SURE, sure + 0.1)


def _agrees(report: Report, parts: Sequence[Part]) -> bool:
    """Say whether parts can be those of a whole.

    `assist` is what a part for a model beside one for another method may come to, and `fit` where a recogniser
    only takes down what a model then reads.
    """
    whole = report.verdict
    verdicts = {part.verdict for part in parts}
    if whole is Verdict.UNCLEAR:
        return True
    if whole is Verdict.ASSIST:
        spoke = Verdict.UNFIT not in verdicts or report.probabilities["unfit"] >= _SPOKE
        return spoke and bool(verdicts & _FOR_A_MODEL)
    if whole is Verdict.FIT:
        unfit = [part for part in parts if part.verdict is Verdict.UNFIT]
        return Verdict.FIT in verdicts and all(_side(part) == "ocr-or-speech-recogniser" for part in unfit)
    return whole in verdicts and (whole is Verdict.UNFIT or Verdict.UNFIT not in verdicts)


def _how_sure(part: Part) -> float:
    """Return how probable a part's side is: a model's job may be `fit` or `assist`."""
    if part.verdict in _FOR_A_MODEL:
        return part.probabilities["fit"] + part.probabilities["assist"]
    return part.probabilities[part.verdict.value]


def _side(part: Part) -> str:
    """Return what a part is told apart by: who or what does it."""
    if part.verdict in _FOR_A_MODEL:
        return "model"
    if part.verdict is Verdict.OVERKILL:
        return part.verdict.value  # plain software does both
    kind = part.instead["kind"] if part.instead is not None else part.verdict.value
    return _PERSON if kind == "approval-workflow" else kind
