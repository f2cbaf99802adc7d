"""Mixed ideas turned: only the parts that are no model's job change hands, the other jobs stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fitcheck.beside import Part
from fitcheck.jobs.deeds import DECIDED, attended, is_deed, job_as_quoted
from fitcheck.jobs.verbs import job_verb, verb_pattern
from fitcheck.records import Report, Verdict
from fitcheck.text import Language, fold
from fitcheck.turns.files import JOB, Change, load_changes

__all__ = ["TurnedParts", "faulty_parts", "turned_parts"]

_FOR_A_MODEL = (Verdict.FIT, Verdict.ASSIST)
_ZH_JOINS = r"(?:并且|并|然后|接着|随后|同时|再)+"
_JOINS = re.compile(
    rf"^(?:(?:and|then|or|also)(?:\s+|$))+|^{_ZH_JOINS}|\s+(?:and|then|or)$|(?<=[，,、;；。\s]){_ZH_JOINS}$", re.I
)
# what stands between two jobs and says their order alone
_ORDER = re.compile(r"(?:finally|lastly|next|afterwards|after (?:that|this)|此后|之后|随后|最后|其次)", re.I)
_MARKS = " \n\t,，、;；:：。.!?！？()（）-–—"
_FEW = 3
# beside jobs that stay, "only" would deny them
_ONLY = {
    "en": ("The language model only", "For that job the language model only"),
    "zh": ("大模型只", "在这件事上，大模型只"),
}


@dataclass(frozen=True, slots=True)
class TurnedParts:
    """A mixed idea's sentences after the change.

    Attributes:
        kind: The change of the first part that changes hands.
        words: The change as a clause, by language.
        sentences: In order.
        facts: What facts become that were given.
    """

    kind: str
    words: dict[str, str]
    sentences: tuple[str, ...]
    facts: dict[str, Any]


def faulty_parts(report: Report) -> list[Part]:
    """Return the parts that must change hands."""
    return [p for p in report.parts if p.verdict not in _FOR_A_MODEL or is_deed(p.text, report.lang)]


def turned_parts(report: Report) -> Iterator[TurnedParts]:
    """Yield a mixed idea with its faulty parts turned: briefly, then with what is left there for a model."""
    faulty = faulty_parts(report)
    between = _between(report)
    if not faulty or between is None:
        return
    lang = report.lang
    handed = {part.start: (_change_for(part, lang), job_as_quoted(part.text, lang)) for part in faulty}
    stays = len(faulty) < len(report.parts)
    words = {
        "en": " and ".join(f'"{job}" goes to {change.who.en}' for change, job in handed.values()),
        "zh": "，".join(f"“{job}”交给{change.who.zh}" for change, job in handed.values()),
    }
    if stays:
        words = {"en": f"{words['en']}, and the rest stays", "zh": f"{words['zh']}，其余不变"}
    people = [change for change, _ in handed.values() if change.by == "person"]
    facts = {**handed[faulty[0].start][0].facts, "decides": "person" if people else "method"}
    facts = {name: facts[name] for name in ("decides", "human_review") if name in facts}
    # where no job stays, the last one that a person decides leaves the model its preparation
    told = (people or [change for change, _ in handed.values()])[-1]
    for full in (False, True) if stays else (True,):
        sentences: list[tuple[int, str]] = list(between)
        for part in report.parts:
            if part.start not in handed:
                sentences.append((part.start, _as_sentence(part.text, lang)))
                continue
            change, job = handed[part.start]
            restated = getattr(change.restate, lang)
            if not full or (not stays and change is not told):
                restated = _first_sentence(restated, lang)
            elif stays:
                restated = restated.replace(*_ONLY[lang], 1)
            sentences.append((part.start, restated.replace(JOB, job)))
        yield TurnedParts(told.id, words, tuple(text for _, text in sorted(sentences)), facts)


def _change_for(part: Part, lang: Language) -> Change:
    """Return what a part is turned by: a person's where it is a deed."""
    deed = part.category in DECIDED or is_deed(part.text, lang)
    category = part.category
    if deed and category not in DECIDED:
        category = "autonomous-decision"
    changes = load_changes(Verdict.UNFIT if deed or part.verdict is not Verdict.OVERKILL else Verdict.OVERKILL)
    usable = [c for c in changes if c.restate is not None and (not deed or c.by == "person")]
    return min(usable, key=lambda c: (category not in c.categories, bool(c.categories), c.order))


def _between(report: Report) -> list[tuple[int, str]] | None:
    """Return the words outside all parts as sentences, with where they stand; nothing where they hold a deed."""
    found: list[tuple[int, str]] = []
    at = 0
    ends = [*((part.start, part.end) for part in report.parts), (len(report.text), len(report.text))]
    for start, end in ends:
        for sentence in re.split(r"(?<=[.!?。！？\n])\s*", report.text[at:start]):
            words = _JOINS.sub("", attended(sentence.strip(_MARKS), report.lang)).strip(_MARKS)
            if len(words) > _FEW and not _ORDER.fullmatch(words):
                if is_deed(words, report.lang):
                    return None
                found.append((at, words))
        at = end
    return found


def _as_sentence(words: str, lang: Language) -> str:
    """Return a job that stays as a sentence: one without a subject gets the model for it."""
    words = words.strip(_MARKS) if "(" not in words else words
    head = verb_pattern("en").match(fold(words)) if lang == "en" else None
    return f"The language model {words[0].lower()}{words[1:]}" if head and job_verb(head)[1] == 1 else words


def _first_sentence(text: str, lang: Language) -> str:
    stop = "。" if lang == "zh" else ". "
    return text.partition(stop)[0] + stop.strip()
