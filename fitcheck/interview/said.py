"""What somebody says instead of an answer: that they don't know, want to stop, or nothing that names a task."""

from __future__ import annotations

import re
from typing import Literal

from fitcheck.asking.questions import says_no_task
from fitcheck.errors import UseCaseError
from fitcheck.jobs.verbs import verb_pattern
from fitcheck.naming import is_vague
from fitcheck.records import Report
from fitcheck.text import Language, detect_language, fold, normalise

__all__ = ["Remark", "meaning_of", "names_a_job"]

Remark = Literal["skip", "unknown", "quit", "why", "others", "several"]

_WORDS: dict[Remark, str] = {
    "skip": "skip|s|pass|next|-+|跳过|略过?|下一个|下一题|跳",
    "quit": "q|quit|exit|stop|end|bye|:q|退出|结束|不问了|停|算了",
    "why": r"\?+|？+|h|help|why|帮助|为什么|什么意思",
    "others": "0|other|others|something else|none of (?:these|them|the above)|none|neither|more"
    "|别的|其他|其它|都不是|以上都不是|没有合适的|看看别的",
    "unknown": (
        r"(?:sorry,? )?(?:i|we) (?:really )?(?:don['’]?t|do not|dont|didn['’]?t|can['’]?t) (?:know|care|say"
        r"|tell|mind|remember)(?: yet)?"
        r"|(?:i['’]?m |we['’]?re |i am )?(?:not (?:really )?(?:sure|certain|clear|decided)|unsure"
        r"|undecided)(?: yet)?|unclear|unknown|unsaid"
        r"|(?:i have |we have )?no (?:idea|clue)|no opinion|dunno|idk|tbd|n/?a|not yet|whatever|anything|something"
        r"|any|all|everything|maybe|perhaps"
        r"|nothing|hard to say|it depends|depends|you tell me|who knows|good question"
        "|我?们?也?(?:还|都|真)?(?:不知道|不晓得|不清楚|不确定|不太确定|不太清楚|不明白|不懂|没想好|没想过|没想清楚|没决定|没定|说不好"
        "|说不清|说不准|不好说"
        "|没想法|没主意|不了解)呢?|随便|都行|都可以|无所谓|看情况|待定|未定|不详|什么都行|没有|唔知|無所謂|不|没"
    ),
}
_PATTERNS: dict[Remark, re.Pattern[str]] = {kind: re.compile(words) for kind, words in _WORDS.items()}
_SEVERAL = re.compile(r"\d+(?:\s*(?:,|，|、|;|；|/|&|\+|\s|and|or|to|和|与|或|-)\s*\d+)+")
_ALSO: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\A(?:(?:it|the model|the bot) (?:should|must|could|will|has to) |to )?(?:translat|proofread|transcrib"
        r"|book|post|tell|chase|find|notify"
        r"|remind|inform|alert|explain|teach|advise|guide|search|suggest|propose|collect|gather|compare|match"
        r"|link|enter|record|file|test|fix"
        r"|watch|warn|list|show|prepare|design|number|group|assess|judge|check)\w* \w{3}"
    ),
    "zh": re.compile(
        "催|查[重找询验]|找[出到]|写|译|算|填[写报表]|核[对验实算]|比[对较]|改[写错]|录入|提醒|通知|回访|讲解|整理|校对|陪聊|派单|登记|开票"
    ),
}
"""Verbs that name a job where somebody was asked for one."""
_SURE_ALONE = 0.6


def meaning_of(said: str) -> Remark | None:
    """Return what a remark means that is no answer; None for what may be one.

    >>> meaning_of("I dont know"), meaning_of("不知道"), meaning_of("1, 2"), meaning_of("draft reminders")
    ('unknown', 'unknown', 'several', None)
    """
    if not said.strip():
        return "skip"
    try:
        words = " ".join(fold(normalise(said)).split()).strip(" .。!！,，;；~…")
    except UseCaseError:
        # empty but for what can't be seen, or too long: whoever takes it says so
        return None
    for kind, pattern in _PATTERNS.items():
        if pattern.fullmatch(words):
            return kind
    return "several" if _SEVERAL.fullmatch(words) else None


def names_a_job(words: str, alone: Report) -> bool:
    """Say whether somebody's own words name a job.

    Args:
        words: The words.
        alone: The report on these words by themselves.
    """
    folded = fold(normalise(words))
    lang = detect_language(folded)
    if len(re.findall(r"[^\W\d_]", folded)) < 2:
        return False
    if any(e.source == "rule" and e.role == "core" for e in alone.ledger):
        return True
    if verb_pattern(lang).search(folded) is not None or _ALSO[lang].search(folded) is not None:
        return not is_vague(folded)
    # a verb that the lists don't hold: scenarios know it all the same
    _, sure = alone.concepts.get("category", ("", 0.0))
    several = lang == "en" and len(re.findall(r"[a-z][a-z'’-]+", folded)) > 1
    return several and sure >= _SURE_ALONE and not says_no_task(alone)
