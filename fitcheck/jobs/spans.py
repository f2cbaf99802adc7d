"""Where jobs stand in an idea, by the verbs that name them: no model is asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fitcheck.denial import ZH_MODEL
from fitcheck.jobs.verbs import TEXTS, Kind, job_verb, verb_pattern
from fitcheck.records import Report
from fitcheck.text import Language

__all__ = ["RESTS_ON_READING", "Span", "job_spans"]

RESTS_ON_READING: tuple[Kind, ...] = ("decide", "act", "predict", "plan")
"""What a person may do with what a model has read; another job of words takes the reading along."""

_LONGEST = 240
"""A job with what belongs to it takes at most so many characters."""

_EN_SUBJECT = (
    r"(?:(?:it|and|then|but|also|please|to|finally|afterwards|just|simply|automatically|instead|so|we|i"
    r"|want|would|like|could|can|should|shall|will|must|may|have|let|use|using|ask|get|make|need|for|by|llms?|ai|gpt[-\w.]*"
    r"|chatgpt|claude|gemini|copilot|an?|the|our|one|language|large|generative|model|tool|system|app|bot|chatbot|agent"
    r"|assistant|service|first|idea|plan|from now on|every \w+|each \w+|at night|overnight|twice|daily|weekly)"
    r"[\s:,–-]+)*"
)
_ZH_SUBJECT = (
    r"(?:我们|咱们|我|想|要|希望|打算|计划|建议|能不能|能否|可以|请|让|叫|由|用|拿|靠|交给|大语言模型|大模型|语言模型"
    r"|模型|ai|gpt|系统|机器人|助手|智能体|工具|它|先|再|然后|接着|随后|最后|同时|并且|并|顺便|还|也|就|都|会|来|去|帮"
    r"|自动|直接|替|每天|每晚|每周|每月|每次|夜里|早上|之后|后|把|将|给|对|为|向|按|照|据此|所有|全部|逐一|逐份|逐条|[:,、])*"
)
_EN_LEAD, _ZH_LEAD = re.compile(_EN_SUBJECT), re.compile(_ZH_SUBJECT)
_JOINS = re.compile(
    r"(?:,\s*(?:and |then |and then |or )?|\s(?:and|then|and then|or)\s+)(?:then |also |automatically |just )?$"
)
_JOIN_CHARS = 30
_ANOTHER_DOES = re.compile(r",\s+(?:and |but )?(?:she|he|they|we|i|you|(?:the|our) [a-z]+) ")
_ZH_ANOTHER_DOES = re.compile(rf"(?<![理缘自])由(?!{ZH_MODEL}|语言|生成)")
_ZH_JOINS = re.compile(r"并且|并|然后|接着|随后|同时|顺便|再|据此|之后|后(?!台|天|续)")
_OF_MODEL = re.compile(
    r"\b(?:it|llms?|ai|gpt[-\w.]*|chatgpt|claude|gemini|copilot|model|tool|system|app|bot|chatbot|agent|assistant|service"
    r"|use|using|have|let|get|want|would)\b|大模型|模型|ai|gpt|系统|机器人|助手|智能体|工具|它|让"
)
_ZH_FAR = 16
"""A verb that stands farther behind the subject is somebody else's."""
_ZH_NEAR = 10

_ENDS_A_SENTENCE = re.compile(r"[.!?;。！？；\n]")
_TEXTS = {lang: re.compile(words) for lang, words in TEXTS.items()}


@dataclass(frozen=True, slots=True)
class Span:
    """Where a job's words stand.

    Attributes:
        start, end: In the normalised text.
        kind: What kind of verb names it.
        of_model: Whether it is named with the model, or with a job that is.
        sentence: The number of its sentence.
    """

    start: int
    end: int
    kind: Kind
    of_model: bool
    sentence: int = 0


def job_spans(report: Report, folded: str) -> list[Span]:
    """Return the jobs that an idea names for the model, in order.

    Args:
        report: The idea's report; its clauses are cut further where a verb of another kind is joined on.
        folded: What `fitcheck.text.fold` returns for the report's text.
    """
    spans = _spans(report, folded)
    if len(spans) > 1:  # named with the model, or beside another job of the same sentence
        sentences = Counter(span.sentence for span in spans)
        spans = [span for span in spans if span.of_model or sentences[span.sentence] > 1]
    return _gathered(folded, spans, report.lang)


def _spans(report: Report, folded: str) -> list[Span]:
    """Return where jobs stand, each with the clauses of its sentence that name none."""
    cut = _zh_cuts if report.lang == "zh" else _en_cuts
    spans: list[Span] = []
    before, sentence, goes_on = 0, 0, False
    for task in report.tasks:
        if _ENDS_A_SENTENCE.search(report.text, before, task.start):
            sentence, goes_on = sentence + 1, False
        goes_on = goes_on and task.reason != "to the evaluator"
        before = task.end
        cuts = [] if task.role == "dropped" else cut(folded, task.start, task.end)
        if cuts:
            ends = [found.start for found in cuts[1:]] + [task.end]
            spans += [replace(found, end=end, sentence=sentence) for found, end in zip(cuts, ends, strict=True)]
            goes_on = True
        elif goes_on and task.end - spans[-1].start <= _LONGEST:
            spans[-1] = replace(spans[-1], end=task.end)
        else:
            goes_on = False
    return spans


def _en_cuts(folded: str, start: int, end: int) -> list[Span]:
    """Return where jobs begin in an English clause, and their kinds; nothing where it begins with none."""
    clause = folded[start:end]
    verb = verb_pattern("en")
    lead = _EN_LEAD.match(clause)
    head = verb.match(clause, lead.end() if lead else 0)
    if head is None:
        return []
    kind, form = job_verb(head)
    cuts = [Span(start, end, kind, _OF_MODEL.search(clause, 0, head.start()) is not None)]
    for found in verb.finditer(clause, head.end()):
        other, its = job_verb(found)
        if _ANOTHER_DOES.search(clause, head.end(), found.start()):
            break
        joined = _JOINS.search(clause, max(head.end(), found.start() - _JOIN_CHARS), found.start())
        if joined is not None and joined.end() == found.start() and its == form:
            cuts.append(Span(start + joined.start(), end, other, True))
    return cuts


def _zh_cuts(folded: str, start: int, end: int) -> list[Span]:
    """Return where jobs begin in a Chinese clause, and their kinds; nothing where it names none."""
    cuts: list[Span] = []
    at = start
    if _ZH_ANOTHER_DOES.search(folded, start, end):
        return cuts
    for found in verb_pattern("zh").finditer(folded, start, end):
        kind, _ = job_verb(found)
        if not cuts:
            lead = _ZH_LEAD.match(folded, start, found.start())
            between = folded[lead.end() if lead else start : found.start()]
            if len(between) <= _ZH_FAR:
                cuts.append(Span(start, end, kind, _OF_MODEL.search(folded, start, found.start()) is not None))
        else:
            joined = list(_ZH_JOINS.finditer(folded, at, found.start()))
            if joined and found.start() - joined[-1].end() <= _ZH_NEAR:
                cuts.append(Span(joined[-1].start(), end, kind, True))
        at = found.end()
    return cuts


def _gathered(folded: str, spans: Sequence[Span], lang: Language) -> list[Span]:
    """Join neighbours of one kind, and reading to what it is done for, but for what a person could do with it."""
    told: list[Span] = []
    for span in spans:
        last = told[-1] if told else None
        if last is None or last.sentence != span.sentence:
            told.append(span)
        elif last.kind == span.kind:
            told[-1] = replace(last, end=span.end)
        elif last.kind == "read" and not (
            span.kind in RESTS_ON_READING and _TEXTS[lang].search(folded, last.start, last.end)
        ):
            told[-1] = replace(span, start=last.start)
        else:
            told.append(span)
    return told
