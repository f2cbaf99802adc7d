"""What stands beside a verdict, in words: the parts of an idea, the lens's findings, the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fitcheck.beside import LensFinding, Part, Plan, Turn
from fitcheck.fact_words import fact_label
from fitcheck.labels import LABELS, axis_label, label, value_label
from fitcheck.lens.axes import USUAL
from fitcheck.render.content import clean, percent, shorten
from fitcheck.text import Language
from fitcheck.wording import say

__all__ = ["FindingWords", "LensWords", "is_spoken", "is_warned", "lens_words", "part_tool", "plan_steps", "turn_lines"]

_MAX_CHANGED = 600
_WARNINGS = frozenset((
    ("need", "decoration"), ("payer", "nobody"), ("assets", "heavy-without-means"), ("trap", "technology-first"),
    ("trap", "custom-delivery"), ("dependence", "locked"), ("price", "subsidised"), ("price", "hoped"),
    ("link", "spans"), ("data", "doubtful"), ("data-use", "exposed"), ("moat", "none"), ("track", "agents"),
))  # fmt: skip
# an idea always plays some part and is new in some way, so these two answer even where they are the usual ones
_ALWAYS_TOLD = frozenset(("role", "innovation"))


@dataclass(frozen=True, slots=True)
class FindingWords:
    """One finding of the lens, for a reader.

    Attributes:
        axis: What is asked, in a word or two.
        value: The answer, in a few words.
        says: The answer in a sentence or two.
        do: What to do about it.
        rests_on: The words or facts that it rests on, with quotation marks where it quotes.
        sure: How sure it is: a percentage, or that it was given.
        given: True where facts were given for it or the cost answers it.
        warns: True where something is to be mended.
    """

    axis: str
    value: str
    says: str
    do: str
    rests_on: str
    sure: str
    given: bool
    warns: bool


@dataclass(frozen=True, slots=True)
class LensWords:
    """The lens's findings by what a reader makes of them; every axis is in one of the three.

    Attributes:
        spoken: Those that say something out of the ordinary.
        usual: Those that say what is so for most ideas.
        unsaid: Those for which the idea doesn't say enough.
    """

    spoken: tuple[FindingWords, ...]
    usual: tuple[FindingWords, ...]
    unsaid: tuple[FindingWords, ...]


def is_spoken(finding: LensFinding) -> bool:
    """Say whether a finding tells more than the usual answer or silence."""
    if finding.value == "unsaid":
        return False
    if finding.axis in _ALWAYS_TOLD:
        return finding.basis != "usual"
    return finding.value != USUAL.get(finding.axis)


def is_warned(axis: str, value: str) -> bool:
    """Say whether an answer names something to be mended.

    >>> is_warned("dependence", "locked"), is_warned("dependence", "exit")
    (True, False)
    """
    return (axis, value) in _WARNINGS


def lens_words(findings: Sequence[LensFinding], lang: Language) -> LensWords:
    """Put findings into words, in their order."""
    told = [(f, _finding_words(f, lang)) for f in findings]
    return LensWords(
        spoken=tuple(words for f, words in told if is_spoken(f)),
        usual=tuple(words for f, words in told if not is_spoken(f) and f.value != "unsaid"),
        unsaid=tuple(words for f, words in told if f.value == "unsaid"),
    )


def _finding_words(finding: LensFinding, lang: Language) -> FindingWords:
    return FindingWords(
        axis=clean(axis_label(finding.axis, lang)),
        value=clean(value_label(finding.axis, finding.value, lang)),
        says=clean(finding.says.get(lang, "")),
        do=clean(finding.do.get(lang, "")),
        rests_on=_rests_on(finding, lang),
        sure=say("given", lang) if finding.basis == "facts" else percent(finding.confidence),
        given=finding.basis in ("facts", "cost"),
        warns=is_warned(finding.axis, finding.value),
    )


def _rests_on(finding: LensFinding, lang: Language) -> str:
    if finding.quote:
        return f"“{shorten(finding.quote)}”"
    if finding.basis == "cost":
        return say("worked out", lang)
    if finding.facts:
        return say("given facts", lang, names=say("list", lang).join(clean(fact_label(f, lang)) for f in finding.facts))
    if finding.basis == "usual":
        return say("nothing said" if finding.value == "unsaid" else "usual answer", lang)
    return say("like it", lang)


def turn_lines(turn: Turn | None, lang: Language) -> tuple[str, ...]:
    """Say what would turn the verdict, and to what; where words are changed, the changed idea follows."""
    if turn is None:
        return ()
    words, verdict = clean(turn.words[lang]), say(turn.verdict.value, lang)
    if turn.changes:
        return (say("if", lang, clause=words, verdict=verdict),)
    change = say("turned", lang, words=_sentence(words, lang), verdict=verdict, sure=percent(turn.probability))
    return change, shorten(turn.use_case.text, _MAX_CHANGED)


def _sentence(words: str, lang: Language) -> str:
    ended = words[:1].upper() + words[1:]
    if ended.endswith((".", "!", "?", "。", "！", "？", "；")):
        return ended
    return f"{ended}{'，' if lang == 'zh' else '.'}"


def part_tool(part: Part, lang: Language) -> str:
    """Say what a part of an idea is done with: what to use instead, else the name of its task.

    >>> from fitcheck.records import Verdict
    >>> part_tool(Part("read the news", 0, 13, Verdict.ASSIST, {}, "financial-reading"), "en")
    'reading financial texts'
    """
    if part.instead is not None:
        return clean(part.instead.get(lang, ""))
    return label(part.category, lang) if part.category in LABELS else clean(part.category)


def plan_steps(plan: Plan, kind: str, lang: Language) -> tuple[str, ...]:
    """Return a plan's steps of one kind, in order."""
    return tuple(clean(step.words.get(lang, "")) for step in plan.steps if step.kind == kind)
