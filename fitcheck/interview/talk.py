"""Asking for what an idea leaves open, one question at a time, until its verdict is firm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Protocol

from fitcheck.alternatives import ALTERNATIVES
from fitcheck.asking.answers import question_words, said_value, why_asked, with_answer
from fitcheck.asking.groups import GROUPS, group_of
from fitcheck.asking.plausible import MATTERS, SHAPES, task_answers
from fitcheck.asking.questions import is_firm, is_nameless, is_settled, says_no_task, tells_the_form
from fitcheck.beside import Question
from fitcheck.errors import UseCaseError
from fitcheck.interview.pages import question_page, tell, verdict_page
from fitcheck.interview.said import meaning_of, names_a_job
from fitcheck.records import Report, Verdict
from fitcheck.render.content import clean, shorten
from fitcheck.render.layout import Page
from fitcheck.taxonomy import CATEGORIES
from fitcheck.text import Language
from fitcheck.use_case import UseCase

__all__ = ["MOST_ANSWERS", "Assesses", "Talks", "fact_option", "interview"]

MOST_ANSWERS = 3


class Assesses(Protocol):
    """What is needed of an assessor."""

    def assess(self, idea: UseCase) -> Report:
        """Assess one idea."""

    def assess_many(self, ideas: Iterable[UseCase]) -> list[Report]:
        """Assess several."""


class Talks(Protocol):
    """Somebody who answers."""

    @property
    def width(self) -> int:
        """The width that is laid out for, in cells."""

    def tell(self, page: Page) -> None:
        """Show some lines."""

    def hear(self) -> str | None:
        """Return one line of answer; None where no more come."""


class _Ended(Exception):
    """Nobody answers any more."""


def interview(assessor: Assesses, use_case: UseCase, talk: Talks, *, lang: Language | None = None) -> Report:
    """Ask until the verdict is firm, three questions are answered, or nothing is left to ask.

    Args:
        assessor: Assesses the idea, anew after each answer.
        use_case: The idea and what is known of it.
        talk: Who answers.
        lang: The language of the questions; None for the idea's own.

    Returns:
        The report on the idea with all that was answered.

    Raises:
        UseCaseError: The idea is empty, too long, or carries an unknown fact.
    """
    return _Interview(assessor, assessor.assess(use_case), talk, lang).hold()


def fact_option(fact: str, value: Any) -> str:
    """Return a fact as `--fact` takes it.

    >>> fact_option("human_review", False), fact_option("calls_per_month", 20000000.0)
    ('human_review=no', 'calls_per_month=20000000')
    >>> fact_option("calls_per_month", 12.5), fact_option("usd_value_per_call", 0.5)
    ('calls_per_month=1.25e+1', 'usd_value_per_call=0.5')
    """
    if isinstance(value, bool):
        return f"{fact}={'yes' if value else 'no'}"
    if isinstance(value, tuple):
        return f"{fact}={'; '.join(value)}"
    if not isinstance(value, float):
        return f"{fact}={value}"
    plain = f"{value:.15g}"
    # a fraction that could be thousands, or that no count has, is written as only a program does
    _, dot, digits = plain.partition(".")
    return (
        f"{fact}={Decimal(plain):e}" if dot and (fact == "calls_per_month" or len(digits) == 3) else f"{fact}={plain}"
    )


class _Interview:
    """One talk about one idea.

    Args:
        assessor: Assesses.
        report: On the idea as it came.
        talk: Who answers.
        lang: The language of the questions; None for the idea's own.
    """

    def __init__(self, assessor: Assesses, report: Report, talk: Talks, lang: Language | None) -> None:
        self._assessor, self._talk = assessor, talk
        self._report = report
        self._lang: Language = lang or report.lang
        self._n_answered = self._n_put = 0
        self._in_the_rough = False
        self._asked: set[str] = set()

    def hold(self) -> Report:
        """Ask, and return the last report."""
        self._show_verdict(first=True)
        end = "nothing"
        try:
            while not self._done():
                if self._n_answered == MOST_ANSWERS:
                    end = "three"
                    break
                question = self._next_question()
                if question is None:
                    end = "so far"
                    break
                self._asked.add(question.fact)
                if self._put(question):
                    self._show_verdict()
                    end = "firm" if self._done() else "so far"
        except _Ended:
            end = "ended"
        self._say(end)
        return self._report

    def _done(self) -> bool:
        named = "task_category" in self._asked or not says_no_task(self._report)
        case = self._report.use_case
        if self._in_the_rough and case.format is None and tells_the_form(case.task_category):
            return False
        return named and is_settled(self._report)

    def _next_question(self) -> Question | None:
        """Return what to ask next: the task where none is named, then what the report asks, then what shapes a task."""
        report, case = self._report, self._report.use_case
        if "task_category" not in self._asked and says_no_task(report):
            offered = [q for q in report.questions if q.fact == "task_category"]
            tasks = [value for value, _ in offered[0].answers] if offered else _tasks()
            return self._try("task_category", [value for value in tasks if value is not None])
        known = case.facts()
        for question in report.questions:
            if question.fact not in self._asked and question.given.items() <= known.items():
                return question
        # without a task nothing else matters, and what comes out in which form names one
        nameless = is_nameless(report.why_unclear)
        left = SHAPES if nameless else MATTERS
        for fact, values in left.items():
            if fact in known:
                continue
            if fact not in self._asked:
                tried = self._try(fact, values)
                firm = is_firm(report.verdict, report.probability)
                if nameless or not firm or len({verdict for _, verdict in tried.answers}) > 1:
                    return tried
            elif nameless:
                break
        return None

    def _try(self, fact: str, values: Sequence[Any]) -> Question:
        """Return a question with the verdict that each answer gets, by assessing them all."""
        case = self._report.use_case
        reports = self._assessor.assess_many([with_answer(case, fact, value) for value in values])
        words = [fact_option(fact, value).partition("=")[2] for value in values]
        return Question(fact, tuple(zip(words, (r.verdict for r in reports), strict=True)), 0.0)

    def _put(self, question: Question) -> bool:
        """Put a question until it is answered or skipped; say whether it was answered."""
        self._n_put += 1
        self._ask(question)
        seen: list[str] = []
        while True:
            said = self._hear()
            remark = None if _is_offered(question, said) else meaning_of(said)
            if not said or remark in ("skip", "unknown"):
                if said:
                    self._say("open")
                return False
            if remark == "quit":
                raise _Ended
            if remark == "why":
                self._say_words(why_asked(question.fact, self._lang))
            elif remark == "several":
                self._say("one number")
            elif remark == "others" and question.fact == "task_category":
                seen += [value for value, _ in question.answers]
                others = self._others(seen)
                if others is None:
                    self._say("all shown")
                else:
                    question = others
                    self._ask(question, more=len(question.answers) < len(GROUPS))
            elif self._take(question, said):
                self._n_answered += 1
                self._refine(question)
                return True

    def _take(self, question: Question, said: str) -> bool:
        """Take an answer, or say why it is none."""
        values = [value for value, _ in question.answers]
        number = _number(said)
        try:
            if number is not None and 1 <= number <= len(values):
                self._assess(with_answer(self._report.use_case, question.fact, values[number - 1]))
            elif number is None and (value := said_value(question.fact, said, values)) in (*values, *CATEGORIES):
                self._assess(with_answer(self._report.use_case, question.fact, value))
            elif number is None and question.fact == "task_category":
                if not names_a_job(said, self._assessor.assess(UseCase(text=said))):
                    self._say("no job", said=shorten(said, 40))
                    return False
                words = tell("joined", self._lang, text=self._report.use_case.text.strip(), more=said)
                self._assess(self._report.use_case.model_copy(update={"text": words}))
            else:
                self._say("not an answer", said=shorten(said, 40), n=len(values))
                return False
        except UseCaseError as error:
            self._say_words(str(error))
            return False
        return True

    def _refine(self, question: Question) -> None:
        """Ask which task of the chosen group it is, where what to use instead hangs on it."""
        category = self._report.use_case.task_category
        group = group_of(category) if category is not None and question.fact == "task_category" else None
        if group is None or self._n_answered == MOST_ANSWERS:
            return
        # a group of tasks says less than the task that stands for it
        self._in_the_rough = True
        tools = {ALTERNATIVES[c][0] for c in group.categories if c in ALTERNATIVES}
        if len(tools) < 2:
            return
        # all of a group come to the same, so no answer is told with its verdict
        nearer = Question("task_category", tuple((c, self._report.verdict) for c in group.categories), 0.0)
        self._n_put += 1
        self._ask(nearer, "nearest")
        while said := self._hear():
            remark = meaning_of(said)
            if remark == "quit":
                raise _Ended
            if remark in ("skip", "unknown", "others"):
                return
            if remark == "why":
                self._say_words(why_asked("nearest", self._lang))
                continue
            number = _number(said)
            named = said_value("task_category", said)
            if number is not None and 1 <= number <= len(group.categories):
                named = group.categories[number - 1]
            if named in group.categories:
                self._n_answered += 1
                self._in_the_rough = False
                self._assess(with_answer(self._report.use_case, "task_category", named))
                return
            self._say("not an answer", said=shorten(said, 40), n=len(group.categories))

    def _others(self, seen: Sequence[str]) -> Question | None:
        """Return the question with the tasks not offered yet; with all where all were, and None after that."""
        if len(seen) > len(GROUPS):
            return None
        shown = {group.id for value in seen if (group := group_of(value)) is not None}
        left = [group for group in GROUPS if group.id not in shown] or list(GROUPS)
        return self._try("task_category", [group.categories[0] for group in left])

    def _assess(self, use_case: UseCase) -> None:
        self._report = self._assessor.assess(use_case)

    def _hear(self) -> str:
        said = self._talk.hear()
        if said is None:
            raise _Ended
        return said.strip()

    def _either(self, question: Question) -> dict[str, tuple[Verdict, ...]] | None:
        """Return, where what comes out alone names no task, the verdicts that it gets with either form."""
        case = self._report.use_case
        if question.fact != "output" or case.format is not None or not is_nameless(self._report.why_unclear):
            return None
        values = [value for value, _ in question.answers]
        ways = [
            with_answer(with_answer(case, "output", v), "format", form) for v in values for form in SHAPES["format"]
        ]
        found = [report.verdict for report in self._assessor.assess_many(ways)]
        n = len(SHAPES["format"])
        return {value: tuple(dict.fromkeys(found[i * n : i * n + n])) for i, value in enumerate(values)}

    def _ask(self, question: Question, words: str | None = None, *, more: bool = True) -> None:
        hint = "hint nearest" if words else "hint task" if question.fact == "task_category" else "hint"
        page = question_page(
            tell(words, self._lang) if words else question_words(question, self._lang),
            question,
            self._lang,
            width=self._talk.width,
            # a question that was skipped leaves room for another
            number=f"{self._n_put}/{max(self._n_put, MOST_ANSWERS)}",
            hint=hint,
            either=self._either(question),
            more=more,
        )
        self._talk.tell(page)

    def _show_verdict(self, *, first: bool = False) -> None:
        self._talk.tell(verdict_page(self._report, self._lang, width=self._talk.width, first=first))

    def _say(self, key: str, **values: object) -> None:
        self._say_words(tell(key, self._lang, **values))

    def _say_words(self, words: str) -> None:
        page = Page(self._talk.width)
        page.paragraph(clean(words), indent=5, style="dim")
        self._talk.tell(page)


def _tasks() -> list[str]:
    return [group.categories[0] for group in task_answers({})]


def _is_offered(question: Question, said: str) -> bool:
    """Say whether words are one of the answers, however short."""
    values = [value for value, _ in question.answers]
    return said_value(question.fact, said, values) in values


def _number(said: str) -> int | None:
    digits = said.strip(" .)、。）")
    return int(digits) if digits.isdecimal() and len(digits) < 4 else None
