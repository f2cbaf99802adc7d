"""What an interview shows: a question with its numbered answers, and the verdict as it stands."""

from __future__ import annotations

from collections.abc import Mapping

from fitcheck.asking.answers import answer_words
from fitcheck.asking.examples import example_of
from fitcheck.asking.questions import says_no_task
from fitcheck.beside import Question
from fitcheck.labels import label
from fitcheck.records import Report, Verdict
from fitcheck.render.content import clean, percent, shorten, verdict_sentence
from fitcheck.render.layout import COLOURS, GAP, Page, pad, widest
from fitcheck.text import Language
from fitcheck.wording import SYMBOLS, say

__all__ = ["question_page", "tell", "verdict_page"]

_INDENT = 5

_SAY: dict[str, tuple[str, str]] = {
    "hint": ("a number; Enter skips, ? says why it is asked, q ends", "输入编号；回车跳过，? 看为什么问，q 结束"),
    "hint task": (
        "a number, or your own words for something else; Enter skips, ? says why, q ends",
        "输入编号，或者用自己的话说；回车跳过，? 看为什么问，q 结束",
    ),
    "hint nearest": ("a number; Enter leaves it open", "输入编号；回车就不细分"),
    "others": ("none of these: show the others", "都不是，看看别的"),
    "not yet": ("Not enough yet.", "还不够。"),
    "nearest": ("Which of these comes nearest?", "最接近下面哪一种？"),
    "not an answer": (
        "“{said}” is none of the answers: type a number from 1 to {n}.",
        "“{said}”不是给出的答案：请输入 1 到 {n} 的编号。",
    ),
    "open": ("That stays open.", "这个先空着。"),
    "one number": (
        "Only one at a time: type the number of what it should mostly do.",
        "一次只能选一个：请输入最主要那一项的编号。",
    ),
    "no job": (
        "“{said}” doesn't say what is to be done. Say it with a verb, such as “draft the reminders”, or type a number.",
        "“{said}”没说要它做什么。请用动词说，比如“起草催款信”，或者输入编号。",
    ),
    "all shown": (
        "That was all: type one of these numbers, say it in your own words, or press Enter to leave it open.",
        "就这些了：请输入上面的编号，或者用自己的话说，也可以按回车跳过。",
    ),
    "nothing": ("The idea says enough: there is nothing to ask.", "想法已经说得够清楚，没有要问的了。"),
    "so far": (
        "Nothing more to ask. As far as you have said, this is how things stand.",
        "没有更多要问的了。就目前所说的，结论如下。",
    ),
    "firm": ("That is enough for a firm verdict.", "够了，可以下结论。"),
    "three": (
        "Three answers are in; as far as you have said, this is what they come to.",
        "三个回答都有了，就目前所说的，结论如下。",
    ),
    "ended": ("No more answers: this is how things stand.", "没有更多回答了，目前的结论如下。"),
    "or": (" or ", " 或 "),
    "joined": ("{text}: {more}", "{text}：{more}"),
}


def tell(key: str, lang: Language, **values: object) -> str:
    """Return the words for a key, with its places filled."""
    words = _SAY[key][lang == "zh"]
    return words.format(**values) if values else words


def question_page(
    words: str,
    question: Question,
    lang: Language,
    *,
    width: int,
    number: str,
    hint: str,
    either: Mapping[str, tuple[Verdict, ...]] | None = None,
    more: bool = True,
) -> Page:
    """Lay a question out, each answer with its number and, where they differ, with what it leads to.

    Args:
        words: The question.
        question: Its answers; those of one and the same task are named exactly.
        lang: The reader's language.
        width: In cells.
        number: Which question it is.
        hint: How to answer; its key.
        either: By answer, the verdicts between which the next question decides.
        more: Whether there are tasks that were not shown yet.
    """
    page = Page(width)
    page.blank()
    page.entry([(number, "dim")], words, indent=0, style="bold")
    ways = either or {}
    answers = [
        (_answer(question, value, lang, hint), ways.get(value, (verdict,))) for value, verdict in question.answers
    ]
    differ = len({ways for _, ways in answers}) > 1
    mark = tell("or", lang)
    ends = {ways: f"→ {mark.join(say(v.value, lang) for v in ways)}" for _, ways in answers}
    room, digits = widest(words for words, _ in answers), len(str(len(answers)))
    beside = _INDENT + digits + GAP + room + GAP + widest(ends.values()) <= page.width
    for place, (text, to) in enumerate(answers, 1):
        cells = [(pad(str(place), digits, right=True), "bold")]
        colour = COLOURS[to[0].value] if len(to) == 1 else "dim"
        if differ and beside:
            page.line(" " * _INDENT, cells[0], " " * GAP, pad(text, room + GAP), (ends[to], colour))
        elif differ:
            page.entry([*cells, (pad(ends[to], widest(ends.values())), colour)], text, indent=_INDENT)
        else:
            page.entry(cells, text, indent=_INDENT)
    if hint == "hint task" and more:
        page.entry([(pad("0", digits, right=True), "bold")], tell("others", lang), indent=_INDENT, style="dim")
    page.paragraph(tell(hint, lang), indent=_INDENT, style="dim")
    return page


def _answer(question: Question, value: str, lang: Language, hint: str) -> str:
    if hint == "hint nearest":
        return f"{label(value, lang)}{example_of(value, lang)}"
    return answer_words(question.fact, clean(value), lang)


def verdict_page(report: Report, lang: Language, *, width: int, first: bool) -> Page:
    """Lay out the verdict as it stands; at first with the idea, and with what it is worth."""
    page = Page(width)
    if first:
        page.paragraph(f"“{shorten(report.use_case.text, 320)}”", indent=0, style="italic")
    verdict = report.verdict.value
    sure = "" if report.why_unclear else f" {percent(report.probability)}"
    word = f"{SYMBOLS[verdict]} {say(verdict, lang)}{sure}"
    sentence = tell("not yet", lang) if report.why_unclear and not first else verdict_sentence(report, lang)
    page.entry([(word, f"bold {COLOURS[verdict]}")], sentence, indent=0)
    if first and not report.why_unclear and says_no_task(report):
        page.paragraph(say("a guess", lang), style="dim")
    return page
