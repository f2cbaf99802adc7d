"""`fitcheck ask`: from a vague idea to a firm verdict in at most three answers, and what a report's answers do."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import fitcheck
from fitcheck.asking.answers import answer_words, question_words, said_value, why_asked, with_answer
from fitcheck.asking.groups import GROUPS, group_of
from fitcheck.asking.named import NAMED, usual_verdict
from fitcheck.asking.plausible import MATTERS, SHAPES
from fitcheck.asking.questions import is_firm, says_no_task
from fitcheck.beside import Question
from fitcheck.errors import UseCaseError
from fitcheck.interview.talk import MOST_ANSWERS, fact_option, interview
from fitcheck.pipeline import Assessor
from fitcheck.records import Report, Verdict
from fitcheck.render import report_text
from fitcheck.render.layout import Page
from fitcheck.taxonomy import CATEGORIES, CATEGORY_VERDICT
from fitcheck.text import Language
from fitcheck.use_case import UseCase

FIT, ASSIST, OVERKILL, UNFIT, UNCLEAR = Verdict
LANGUAGES: tuple[Language, ...] = ("en", "zh")

# a vague idea, what its proposer answers one after the other, and what it then is
VAGUE = [
    (
        "AI for our invoices",
        ["pull out, check, convert or match numbers and dates", "fixed-format extraction"],
        OVERKILL,
    ),
    ("GPT for the HR department", ["find or answer from documents, or talk with people"], FIT),
    (
        "We should do something with LLMs in procurement",
        ["prepare the papers for the one who decides or signs"],
        ASSIST,
    ),
    ("Use AI in the warehouse", ["plan under limits: rosters, routes, schedules, stock", ""], UNFIT),
    ("A language model for the claims desk", ["0", "decide about people or money, or carry things out", ""], UNFIT),
    ("发票上用点AI", ["查数、算数，或出固定的报表", ""], OVERKILL),
    ("给人事部用大模型", ["写东西、回消息：邮件、信函、文案、报告、初稿"], FIT),
    ("客服上大模型", ["查文档、答问题，或者陪人对话"], FIT),
    ("大模型赋能采购", ["预测各种物料下个季度的用量"], UNFIT),
    ("把AI用到理赔里", ["为做决定或签字的人准备材料"], ASSIST),
]


class Proposer:
    """Gives prepared answers, and keeps what was shown."""

    width = 80

    def __init__(self, *answers: str) -> None:
        self.left = list(answers)
        self.shown = ""

    def tell(self, page: Page) -> None:
        self.shown += page.text() + "\n"

    def hear(self) -> str | None:
        return self.left.pop(0) if self.left else None


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    return Assessor()


def ask(*arguments: str, answers: bytes | str = "") -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process, with answers on its standard input."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "fitcheck", *arguments],
        input=answers.encode() if isinstance(answers, str) else answers,
        capture_output=True,
        cwd=Path(fitcheck.__file__).parents[1],
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        timeout=120,
    )


@pytest.mark.parametrize(("idea", "answers", "verdict"), VAGUE, ids=[idea for idea, _, _ in VAGUE])
def test_a_vague_idea_gets_a_firm_verdict(assessor: Assessor, idea: str, answers: list[str], verdict: Verdict) -> None:
    before = assessor.assess(idea)
    assert says_no_task(before)
    proposer = Proposer(*answers)
    report = interview(assessor, UseCase(text=idea), proposer)
    assert len([a for a in answers if a not in ("", "0")]) <= MOST_ANSWERS
    assert report.verdict is verdict
    assert is_firm(report.verdict, report.probability)
    assert proposer.left == []


def test_the_command_asks_and_tells_how_to_get_the_report_without(tmp_path: Path) -> None:
    done = ask("ask", "AI for our invoices", "--json", answers="4\n1\n")
    assert done.returncode == 0, done.stderr.decode()
    report, talk = json.loads(done.stdout), done.stderr.decode()
    assert report["verdict"] == "overkill"
    assert report["probability"] >= 0.6
    assert "1/3  What is the model to do?" in talk
    command = talk.rstrip().splitlines()[-1].strip()
    assert command == "fitcheck 'AI for our invoices' --fact task_category=fixed-extraction --json"
    again = ask(*shlex.split(command)[1:])
    assert json.loads(again.stdout) == report


def test_the_command_asks_in_chinese_and_shows_the_report() -> None:
    done = ask("ask", "给人事部用大模型", answers="1\n")
    assert done.returncode == 0, done.stderr.decode()
    shown = done.stdout.decode()
    assert "适合" in shown.splitlines()[0]
    assert "已说明的任务" in shown
    assert "要模型做什么？" in done.stderr.decode()
    assert "不用再问，直接得到这份报告：" in done.stderr.decode()


def test_at_the_end_of_input_the_report_says_how_things_stand(assessor: Assessor) -> None:
    proposer = Proposer()
    report = interview(assessor, UseCase(text="AI for our invoices"), proposer)
    assert report.verdict is UNCLEAR
    assert "No more answers" in proposer.shown


def test_an_idea_that_says_enough_is_asked_nothing(assessor: Assessor) -> None:
    proposer = Proposer("1")
    report = interview(assessor, UseCase(text="Write a birthday poem for a colleague"), proposer)
    assert report.verdict is FIT
    assert proposer.left == ["1"]
    assert "nothing to ask" in proposer.shown


def test_a_question_mark_says_why_it_is_asked(assessor: Assessor) -> None:
    proposer = Proposer("?", "？")
    interview(assessor, UseCase(text="AI for our invoices"), proposer)
    assert " ".join(proposer.shown.split()).count("Without a task nothing can be judged") == 2


def test_what_is_no_answer_is_asked_again(assessor: Assessor) -> None:
    proposer = Proposer("99", "1")
    assert interview(assessor, UseCase(text="AI for our invoices"), proposer).verdict is FIT
    assert "“99” is none of the answers: type a number from 1 to 7." in proposer.shown


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("blah", "doesn't say what is to be done"),
        ("the invoices", "doesn't say what is to be done"),
        ("发票", "doesn't say what is to be done"),
        ("1,2", "Only one at a time"),
        ("I dont know", "That stays open"),
        ("不知道", "That stays open"),
        ("skip", "That stays open"),
        ("q", "No more answers"),
    ],
)
def test_what_names_no_task_never_enters_the_idea(assessor: Assessor, said: str, told: str) -> None:
    proposer = Proposer(said)
    report = interview(assessor, UseCase(text="AI for our invoices"), proposer)
    assert report == assessor.assess("AI for our invoices")
    assert told in " ".join(proposer.shown.split())


def test_the_list_of_other_tasks_comes_to_an_end(assessor: Assessor) -> None:
    proposer = Proposer("0", "0", "0")
    interview(assessor, UseCase(text="AI for our invoices"), proposer)
    assert proposer.shown.count("none of these: show the others") == 2
    assert "That was all" in proposer.shown


def test_a_skipped_question_counts(assessor: Assessor) -> None:
    proposer = Proposer("", "4")
    interview(assessor, UseCase(text="AI for our invoices"), proposer)
    assert [f"{n}/3" in proposer.shown for n in (1, 2, 3)] == [True, True, True]
    assert "fields come out       → overkill or fit" in proposer.shown


def test_a_verdict_that_an_open_question_turns_is_not_called_firm(assessor: Assessor) -> None:
    proposer = Proposer("4", "", "", "", "", "")
    interview(assessor, UseCase(text="AI for our contracts"), proposer)
    assert "the answer is free in form                → fit" in proposer.shown
    assert "firm" not in proposer.shown
    assert "As far as you have said" in proposer.shown


def test_a_question_can_be_answered_by_number(assessor: Assessor) -> None:
    report = assessor.assess("AI for our emails")
    asked = report.questions[1]
    answered = report.answer(asked, 1, assessor)
    assert answered.use_case.facts() == {**asked.given, asked.fact: asked.answers[0][0]}
    assert answered.verdict is asked.answers[0][1]
    with pytest.raises(UseCaseError, match="no answer 9"):
        report.answer(asked, 9, assessor)


def test_a_question_has_words() -> None:
    asked = Question("human_review", (("yes", FIT), ("no", ASSIST)), 0.3)
    assert asked.words["zh"] == question_words(asked, "zh")
    assert asked.answer_words["en"] == ("a person checks each output", "nobody checks the output")


@pytest.mark.parametrize("idea", [None, 5, ["a"]])
def test_what_is_no_idea_is_refused_with_what_is_taken(assessor: Assessor, idea: Any) -> None:
    with pytest.raises(UseCaseError, match="an idea is a text, a mapping"):
        assessor.assess(idea)


def test_the_other_tasks_are_shown_on_request(assessor: Assessor) -> None:
    proposer = Proposer("0")
    interview(assessor, UseCase(text="AI for our invoices"), proposer)
    for group in GROUPS:
        assert group.en.split(",")[0].split(":")[0] in proposer.shown


def test_own_words_are_put_to_the_text(assessor: Assessor) -> None:
    proposer = Proposer("draft the reminders to customers who have not paid")
    report = interview(assessor, UseCase(text="AI for our invoices"), proposer)
    assert report.use_case.text == "AI for our invoices: draft the reminders to customers who have not paid"
    assert report.use_case.task_category is None
    assert report.verdict is FIT


def test_who_skips_the_task_is_asked_what_comes_out(assessor: Assessor) -> None:
    proposer = Proposer("", "4", "1")
    report = interview(assessor, UseCase(text="AI for our invoices"), proposer)
    assert report.use_case.facts() == {"output": "fields", "format": "fixed"}
    assert report.verdict is OVERKILL
    assert is_firm(report.verdict, report.probability)


def test_who_skips_everything_gets_the_first_report(assessor: Assessor) -> None:
    report = interview(assessor, UseCase(text="AI for our invoices"), Proposer(*[""] * 20))
    assert report == assessor.assess("AI for our invoices")


def test_no_more_than_three_answers_are_taken(assessor: Assessor) -> None:
    class Undecided:
        """Never firm, whatever it is told."""

        def assess(self, idea: UseCase) -> Report:
            report = assessor.assess(idea)
            object.__setattr__(report, "probabilities", dict.fromkeys(report.probabilities, 0.25))
            return report

        def assess_many(self, ideas: Iterable[UseCase]) -> list[Report]:
            return [self.assess(idea) for idea in ideas]

    proposer = Proposer(*["1"] * 9)
    report = interview(Undecided(), UseCase(text="AI for our invoices"), proposer)
    assert len(proposer.left) == 9 - MOST_ANSWERS
    assert len(report.use_case.facts()) == MOST_ANSWERS
    assert "Three answers are in" in proposer.shown


def test_questions_can_be_in_another_language_than_the_idea(assessor: Assessor) -> None:
    proposer = Proposer()
    interview(assessor, UseCase(text="AI for our invoices"), proposer, lang="zh")
    assert "要模型做什么？" in proposer.shown
    assert "What is" not in proposer.shown


@pytest.mark.parametrize("width", [50, 80, 100])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_line_is_wider_than_the_terminal(assessor: Assessor, lang: Language, width: int) -> None:
    from rich.cells import cell_len

    proposer = Proposer("0", "?", "1", "x")
    proposer.width = width
    interview(assessor, UseCase(text="AI for our invoices"), proposer, lang=lang)
    assert max(cell_len(line) for line in proposer.shown.splitlines()) <= width


def test_a_bad_fact_is_refused_before_anything_is_asked() -> None:
    done = ask("ask", "AI for our invoices", "--fact", "stakes=huge", answers="1\n")
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"stakes = 'huge'" in done.stderr


def test_help_shows_how_it_is_called() -> None:
    shown = ask("ask", "--help").stdout.decode()
    assert 'fitcheck ask "AI for our invoices"' in shown
    assert 'fitcheck ask "给人事部用大模型"' in shown


# what a report's answers do


@pytest.mark.parametrize(
    ("fact", "value", "known"),
    [
        ("human_review", True, True),
        ("human_review", "yes", True),
        ("human_review", "nobody checks the output", False),
        ("human_review", "没有人复核", False),
        ("decides", "A person decides or signs.", "person"),
        ("calls_per_month", "about a hundred thousand times", 100_000),
        ("latency_budget_s", "十分之一秒以内", 0.1),
        ("task_category", "lookup", "lookup"),
        ("task_category", "look-up", "lookup"),
        ("task_category", "不经意", None),
    ],
)
def test_an_answer_is_a_value_or_its_words(fact: str, value: Any, known: Any) -> None:
    idea = UseCase(text="Grant refunds")
    if known is None:
        with pytest.raises(UseCaseError, match="no such category"):
            with_answer(idea, fact, value)
    else:
        assert getattr(with_answer(idea, fact, value), fact) == known


@pytest.mark.parametrize(("fact", "value"), [("stakez", "high"), ("text", "Other"), ("stakes", "huge"), ("users", -1)])
def test_what_is_no_answer_is_an_error(assessor: Assessor, fact: str, value: Any) -> None:
    report = assessor.assess("Grant refunds to customers")
    with pytest.raises(UseCaseError, match=fact):
        report.answer(fact, value, assessor)


@pytest.mark.parametrize("idea", ["AI for our invoices", "大模型赋能采购", "Sort job applications for the recruiter"])
def test_an_answer_leads_where_the_question_said(assessor: Assessor, idea: str) -> None:
    report = assessor.assess(idea)
    assert report.questions
    for asked in report.questions:
        start = report
        for fact, value in asked.given.items():
            start = start.answer(fact, value, assessor)
        for value, verdict in asked.answers:
            assert start.answer(asked.fact, value, assessor).verdict is verdict


def test_an_answer_in_the_words_of_the_question_is_the_offered_task(assessor: Assessor) -> None:
    report = assessor.assess("AI for our invoices")
    offered = dict(report.questions[0].answers)
    task = next(t for t in offered if group_of(t).id == "count")  # type: ignore[union-attr]
    for lang in LANGUAGES:
        answered = report.answer("task_category", answer_words("task_category", task, lang), assessor)
        assert answered.use_case.task_category == task
        assert answered.verdict is OVERKILL


def test_an_answer_leaves_the_first_report_as_it_was(assessor: Assessor) -> None:
    report = assessor.assess({"text": "AI for our invoices", "id": "F-1", "users": 30})
    answered = report.answer("stakes", "high", assessor)
    assert report.use_case.stakes is None
    assert answered.use_case == UseCase(text="AI for our invoices", id="F-1", users=30, stakes="high")


# a task that facts name

TOPICS = ["AI for our invoices", "Use AI in the warehouse", "用AI管仓库", "给人事部用大模型"]


@pytest.mark.parametrize("topic", TOPICS)
def test_a_named_task_gets_its_usual_verdict(assessor: Assessor, topic: str) -> None:
    named = [c for c in CATEGORIES if CATEGORY_VERDICT[c] is not UNCLEAR]
    reports = assessor.assess_many([{"text": topic, "task_category": category} for category in named])
    assert [r.verdict for r in reports] == [CATEGORY_VERDICT[c] for c in named]
    assert sum(is_firm(r.verdict, r.probability) for r in reports) >= 0.98 * len(reports)


def test_a_named_task_is_a_row_of_the_ledger_and_a_reason(assessor: Assessor) -> None:
    report = assessor.assess({"text": "AI for our invoices", "task_category": "lookup"})
    (row,) = [e for e in report.ledger if e.id == NAMED]
    assert (row.verdict, row.log_odds) == (OVERKILL, 2.2)
    assert "Such tasks (look-up) usually come out overkill." in report_text(report)


def test_a_text_that_tells_the_named_job_keeps_its_say(assessor: Assessor) -> None:
    text = "Write a birthday poem for a colleague"
    free, named = assessor.assess(text), assessor.assess({"text": text, "task_category": "creative-writing"})
    views = ("whole text", "core task", "meaning", "second reading")
    told = [[(e.id, e.verdict, e.log_odds) for e in r.ledger if e.id in views] for r in (free, named)]
    assert told[0] == told[1] != []


def test_a_false_name_does_not_silence_the_rules(assessor: Assessor) -> None:
    text = "The model alone rejects asylum applications; nobody reviews it."
    report = assessor.assess({"text": text, "task_category": "correspondence-drafting", "human_review": False})
    assert [e.id for e in report.ledger if e.source == "rule" and e.verdict is UNFIT]
    assert report.verdict is UNFIT


@pytest.mark.parametrize(
    ("category", "facts", "verdict"),
    [
        ("autonomous-decision", {"decides": "person"}, ASSIST),
        ("autonomous-action", {"human_review": True}, ASSIST),
        ("autonomous-action", {"human_review": False}, UNFIT),
        ("fixed-extraction", {"format": "free"}, FIT),
        ("free-extraction", {"format": "fixed"}, OVERKILL),
        ("forecasting", {"decides": "person"}, UNFIT),
        ("model-infrastructure", {}, UNCLEAR),
    ],
)
def test_other_facts_say_which_task_it_really_is(category: str, facts: dict[str, Any], verdict: Verdict) -> None:
    assert usual_verdict(category, facts) is verdict


def test_output_and_form_name_a_task_for_a_vague_text_alone(assessor: Assessor) -> None:
    shape = {"output": "fields", "format": "fixed"}
    vague = assessor.assess({"text": "AI for our invoices", **shape})
    assert vague.verdict is OVERKILL
    assert [e.id for e in vague.ledger if e.id == NAMED] == [NAMED]
    told = assessor.assess({"text": "Pull the invoice numbers out of our mails", **shape})
    assert [e for e in told.ledger if e.id == NAMED] == []


# the words


def test_every_category_with_a_verdict_has_one_group() -> None:
    grouped = [category for group in GROUPS for category in group.categories]
    assert sorted(grouped) == sorted(c for c in CATEGORIES if CATEGORY_VERDICT[c] is not UNCLEAR)
    for group in GROUPS:
        assert {CATEGORY_VERDICT[c] for c in group.categories} == {group.verdict}, group.id


@pytest.mark.parametrize("fact", ["task_category", *SHAPES, *MATTERS, "calls_per_month", "usd_per_error"])
def test_whatever_can_be_asked_has_words_in_both_languages(fact: str) -> None:
    en, zh = (question_words(Question(fact, (), 0.0), lang) for lang in LANGUAGES)
    assert en.isascii()
    assert not zh.isascii()
    assert why_asked(fact, "en") != why_asked(fact, "zh")


def test_words_of_an_answer_say_which_value_they_stand_for() -> None:
    for fact, values in {**SHAPES, **MATTERS}.items():
        for value in values:
            raw = fact_option(fact, value).partition("=")[2]
            for lang in LANGUAGES:
                assert said_value(fact, answer_words(fact, raw, lang)) == raw


def test_options_read_back_as_the_facts_they_are() -> None:
    from fitcheck.ideas import build_use_case

    facts: dict[str, Any] = {"human_review": False, "calls_per_month": 2e7, "latency_budget_s": 0.1}
    facts |= {"suppliers": ("openai", "cloud: azure"), "task_category": "lookup"}
    again = build_use_case("x", facts=[fact_option(name, value) for name, value in facts.items()])
    assert again.facts() == facts
