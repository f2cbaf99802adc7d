"""What would turn a verdict: the smallest change of an idea that gets a better one, found by assessing it.

A changed fact is smaller than a sentence that is added, that smaller than a sentence that takes the place
of the one that names the job, and that smaller than an idea narrowed to this sentence. The changes are
files under rules/turns. None is believed: what is told of one is what fitcheck answers the changed idea.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice
from typing import Any, Protocol

from fitcheck.alternatives import ALTERNATIVES
from fitcheck.beside import Part, Turn
from fitcheck.clauses import Judges, how_read
from fitcheck.jobs.deeds import (
    DECIDED,
    attended,
    is_deed,
    job_as_quoted,
    names_no_job,
    needs_person,
    says_person_decides,
)
from fitcheck.jobs.words import LONGEST
from fitcheck.naming import is_vague
from fitcheck.records import LEARNED, Report, Task, Verdict
from fitcheck.taxonomy import CATEGORY_VERDICT
from fitcheck.text import Language, fold
from fitcheck.turns.files import JOB, TURNED, Change, load_changes
from fitcheck.turns.mixed import faulty_parts, turned_parts
from fitcheck.use_case import UseCase

__all__ = ["Assesses", "find_turn"]

_SURE = 0.5
"""A better verdict that is less likely than this turns nothing."""

_LONGEST_IDEA = 5_000
"""Of a longer text, in characters, only the job is kept."""
_WITHOUT_METHOD = frozenset(("autonomous-decision", "autonomous-action", "bodily-work"))
_BLOCK = 6
"""So many changes are tried at once: the first few mostly do."""
_SPEAKS = 0.4
"""A clause whose share of the verdict is as large speaks for it."""

_WORDY = {"en": 40, "zh": 14}
"""What fewer characters say is weighed less."""

_ENDINGS = (".", "!", "?", "。", "！", "？")
# what normalising took from Chinese
_FULL_WIDTH = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_BETWEEN_CHARACTERS = re.compile(r"(?<=[A-Za-z\u3400-\u9fff”])[,;:?!](?=[\u3400-\u9fff“])")
_ENDS_A_SENTENCE = re.compile(r"[.!?;。！？；\n]")
# a sentence that leaves everything to the model contradicts one that doesn't
_LEFT_TO_THE_MODEL = re.compile(
    r"\b(?:without (?:an?y?|human|further|asking|waiting|review|approval)|no (?:human|person|one|review|approval|need)"
    r"|nobody|unattended|by itself|on its own|automatic\w*|straight|directly|final(?:ly)?|at once|immediately|binding"
    r"|auto-?\w+|decid(?:es?|ing)|in place of|instead of|replac\w+|no longer)\b"
    r"|决定|判定|裁定|不经|无需|无须|不用|不需要|直接|自动|自行|当即|立即|不再|没人|无人|不必|全权|说了算|取代|代替|替代|最终|生效",
    re.I,
)

# "have an LLM do this task for us"
_HANDED_OVER = re.compile(
    r"\b(?:do|handle|perform) (?:this|it|that)\b.{0,20}\bfor us\b"
    r"|(?:替|帮|为)我们?做(?:这|此)|这(?:件|项|个)?(?:事|工作|任务|活)\w{0,3}交给",
    re.I,
)


class Assesses(Judges, Protocol):
    """What assesses changed ideas: an `Assessor`."""

    def assess(self, idea: UseCase, /, *, today: dt.date | None = None) -> Report:
        """Assess one idea."""
        ...


@dataclass(frozen=True, slots=True)
class _Changed:
    """A changed idea that may get a better verdict."""

    kind: str
    words: dict[str, str]
    use_case: UseCase
    changes: dict[str, Any] = field(default_factory=dict)


def find_turn(assessor: Assesses, report: Report) -> Turn | None:
    """Return the smallest change that gets a better verdict: `fit`, or `assist` where it was `overkill` or `unfit`.

    Args:
        assessor: The one that the report is from.
        report: The report; its facts are kept but for those that the change speaks against.

    Returns:
        None for `fit` and `unclear`, and where no change is known that does it.
    """
    if report.verdict not in TURNED:
        return None
    today, reading = how_read(report)
    changed = chain(_by_fact(report), _by_words(assessor, report, needs_person(report)))
    while block := list(islice(changed, _BLOCK)):
        rows = assessor.probabilities([one.use_case for one in block], today=today, reading=reading).tolist()
        for one, row in zip(block, rows, strict=True):
            if not _is_better(LEARNED[row.index(max(row))], report.verdict):
                continue
            # the block only says where to look; this is what a user gets for the changed idea
            found = assessor.assess(one.use_case, today=today)
            if _is_better(found.verdict, report.verdict) and found.probability >= _SURE:
                return Turn(one.kind, one.words, one.use_case, found.verdict, round(found.probability, 4), one.changes)
    return None


def _is_better(verdict: Verdict, than: Verdict) -> bool:
    """Say whether a verdict leaves a job to a model where another left less.

    An idea that merely becomes plain software's job is no better an idea for a model.
    """
    return verdict is Verdict.FIT if than is Verdict.ASSIST else verdict in (Verdict.FIT, Verdict.ASSIST)


def _by_fact(report: Report) -> Iterator[_Changed]:
    """Yield the fact that turns the verdict, but for plain software's jobs: whoever checks a sum, it stays a sum."""
    turn = report.turn
    if turn is None or not turn.changes or report.verdict is Verdict.OVERKILL:
        return
    category = report.concepts["category"][0]
    # only what another method is made for can be left to it
    has_method = CATEGORY_VERDICT[category] is Verdict.UNFIT and category not in _WITHOUT_METHOD
    if turn.changes.get("decides") == "method" and (not has_method or needs_person(report)):
        return
    by_person = turn.changes.get("decides") == "person" or turn.changes.get("human_review") is True
    # a text that leaves people out contradicts the fact, and one that has them decide says it already
    if by_person and (_leaves_out(report) or says_person_decides(report.text, report.lang)):
        return
    if not (by_person is False and faulty_parts(report)):
        yield _Changed(turn.kind, turn.words, turn.use_case, turn.changes)


def _leaves_out(report: Report) -> bool:
    """Say whether an idea's words leave people out."""
    return attended(report.text, report.lang) != report.text.strip(" ,;，；、")


def _known_changes(report: Report, deed: bool) -> list[Change]:
    """Return the changes that may be offered: none that the text states, and no method for a deed."""
    known = list(load_changes(report.verdict))
    if deed:
        known = list(load_changes(Verdict.UNFIT if report.verdict is Verdict.OVERKILL else report.verdict))
        known = [c for c in known if c.by == "person"]
    if report.verdict is not Verdict.ASSIST and says_person_decides(report.text, report.lang):
        known = [c for c in known if c.by == "method"]
    return known


def _by_words(assessor: Judges, report: Report, deed: bool) -> Iterator[_Changed]:
    """Yield changes of the text, the smallest first.

    Args:
        assessor: The one that the report is from.
        report: The report.
        deed: Whether the idea holds a decision on people, money or an act, which stays with a person.
    """
    category = _category(report)
    known = _known_changes(report, deed)
    if deed and not any(category in c.categories for c in known):
        category = "autonomous-decision"
    changes = [c for c in known if category in c.categories] + [c for c in known if not c.categories]
    faulty = faulty_parts(report)
    mixed = len(faulty) < len(report.parts) or any(p.category not in DECIDED for p in faulty)
    left = _LEFT_TO_THE_MODEL.search(report.text) is not None or _leaves_out(report)
    if len(report.text) <= _LONGEST_IDEA and not left and not (faulty and mixed and not _all_deeds(faulty, report)):
        for change in changes:
            if change.add is not None:
                added = _in_script_of(report.text, getattr(change.add, report.lang))
                yield _changed(report, change, _joined([report.text, added], report.lang))
    if faulty:
        if len(report.text) <= _LONGEST_IDEA and not (deed and says_person_decides(report.text, report.lang)):
            for turned in turned_parts(report):
                text = _joined([_in_script_of(report.text, s) for s in turned.sentences], report.lang)
                yield _as_changed(report, turned.kind, turned.words, text, turned.facts)
        return
    restating = [(c, getattr(c.restate, report.lang)) for c in changes if c.restate is not None]
    if not restating or not report.tasks:
        return
    shares = _own_shares(assessor, report)
    job = max(range(len(shares)), key=shares.__getitem__)
    before, own, after = _kept(report, job, shares)
    for words in dict.fromkeys(job_as_quoted(text, report.lang) for text in (own, report.tasks[job].text)):
        if names_no_job(words):
            continue
        for context in ((before, after), ([], [])) if before or after else (([], []),):
            for change, restated in restating:
                sentence = _in_script_of(report.text, restated).replace(JOB, words)
                text = _joined([*context[0], sentence, *context[1]], report.lang)
                yield _changed(report, change, text)


def _category(report: Report) -> str:
    """Return the core task's category, or where no change is for it one that the technique to use instead is for."""
    category = report.concepts["category"][0] if "category" in report.concepts else ""
    if report.instead is None or any(category in change.categories for change in load_changes(report.verdict)):
        return category
    kind = report.instead["kind"]
    return next((c for c, (k, *_) in ALTERNATIVES.items() if k == kind), category)


def _all_deeds(faulty: Sequence[Part], report: Report) -> bool:
    return all(p.category in DECIDED or is_deed(p.text, report.lang) for p in faulty)


def _changed(report: Report, change: Change, text: str) -> _Changed:
    return _as_changed(report, change.id, change.words.model_dump(), text, change.facts)


def _as_changed(report: Report, kind: str, words: dict[str, str], text: str, facts: Mapping[str, Any]) -> _Changed:
    case = report.use_case
    given = {name: value for name, value in facts.items() if getattr(case, name) is not None}
    if case.task_category is not None:
        given["task_category"] = None  # the job is another one now
    return _Changed(kind, words, case.model_copy(update={"text": text, **given}))


def _own_shares(assessor: Judges, report: Report) -> list[float]:
    """Return for each clause how much it speaks for the report's verdict; the job is the one that does so most."""
    rows = assessor.probabilities([UseCase(text=t.text) for t in report.tasks], reading="fast")
    full = _WORDY[report.lang]
    shares = (rows[:, LEARNED.index(report.verdict)] * [min(1.0, len(t.text) / full) for t in report.tasks]).tolist()
    for e in report.ledger:
        if e.source == "rule" and e.role == "core" and e.verdict is report.verdict and e.start >= 0:
            for number, task in enumerate(report.tasks):
                if task.start <= e.start < task.end:
                    shares[number] += max(0.0, e.log_odds)
    # "have an LLM do this for us" names no job
    tasks = zip(report.tasks, shares, strict=True)
    return [-1.0 if t.role == "dropped" else 0.0 if is_vague(t.text) else s for t, s in tasks]


def _kept(report: Report, job: int, shares: Sequence[float]) -> tuple[list[str], str, list[str]]:
    """Return the sentence of the job, and those before and behind it that don't speak for the verdict as well."""
    before: list[str] = []
    after: list[str] = []
    own = ""
    for numbers in _sentences(report.text, report.tasks):
        text = report.text[report.tasks[numbers[0]].start : report.tasks[numbers[-1]].end]
        if job in numbers:
            before, own, after = after, text, []
        elif (
            len(text) >= _WORDY[report.lang]
            and max(shares[n] for n in numbers) < _SPEAKS
            and _LEFT_TO_THE_MODEL.search(text) is None
            and _HANDED_OVER.search(text) is None
        ):
            after.append(text)
    if len(report.text) > _LONGEST_IDEA:
        before, after = [], []
    if len(own) > LONGEST[report.lang]:
        own = report.tasks[job].text
    return before, own, after


def _sentences(text: str, tasks: Sequence[Task]) -> list[list[int]]:
    """Return the numbers of the clauses of each sentence."""
    found = [[0]]
    for number in range(1, len(tasks)):
        if _ENDS_A_SENTENCE.search(text, tasks[number - 1].end, tasks[number].start):
            found.append([])
        found[-1].append(number)
    return found


def _joined(sentences: Sequence[str], lang: Language) -> str:
    stop, space = ("。", "") if lang == "zh" else (".", " ")
    text = space.join(_begun(s) if s.endswith(_ENDINGS) else _begun(s) + stop for s in sentences)
    return _BETWEEN_CHARACTERS.sub(lambda m: _FULL_WIDTH[m[0]], text) if lang == "zh" else text


def _begun(sentence: str) -> str:
    """Return a sentence with a capital, but for a name such as iPhone or a bare letter."""
    return sentence[0].upper() + sentence[1:] if sentence[:2].isascii() and sentence[:2].islower() else sentence


def _in_script_of(text: str, sentence: str) -> str:
    """Return a sentence of ours in traditional characters where the idea is written in them."""
    folded = fold(text)
    return _traditional(sentence) if sum(a != b for a, b in zip(folded, text.lower(), strict=False)) > 1 else sentence


@lru_cache(maxsize=256)
def _traditional(sentence: str) -> str:
    from opencc import OpenCC

    return str(OpenCC("s2tw").convert(sentence))
