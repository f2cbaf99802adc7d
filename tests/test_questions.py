"""Questions: the facts whose answer would turn the verdict or move it most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from fitcheck.asking.answers import with_answer
from fitcheck.asking.questions import ask, is_firm
from fitcheck.combine import Decision
from fitcheck.corpus import load_corpus, split_of
from fitcheck.pipeline import Assessor, Idea
from fitcheck.records import LEARNED, Verdict
from fitcheck.taxonomy import CATEGORY_VERDICT
from fitcheck.use_case import UseCase

FIT, ASSIST, OVERKILL, UNFIT, UNCLEAR = Verdict
Shares = dict[str, float]


def shares(verdict: Verdict, share: float = 0.7) -> Shares:
    """Return probabilities with one verdict ahead."""
    return {v.value: share if v is verdict else (1 - share) / 3 for v in LEARNED}


def decided(verdict: Verdict, share: float = 0.7, why: str | None = None) -> Decision:
    """Return a decision for a verdict."""
    return Decision(verdict, shares(FIT if verdict is UNCLEAR else verdict, share), why)


def likeliest(found: Shares) -> Decision:
    """Return the decision for whatever is likeliest."""
    return Decision(Verdict(max(found, key=found.__getitem__)), found, None)


def world(
    start: Shares, **answers: Mapping[Any, Shares | Decision]
) -> Callable[[Sequence[Mapping[str, Any]]], list[Decision]]:
    """Return a re-assessment in which some answers lead elsewhere and all others change nothing."""

    def one(changes: Mapping[str, Any]) -> Decision:
        for fact, outcomes in answers.items():
            if fact in changes and changes[fact] in outcomes:
                found = outcomes[changes[fact]]
                return found if isinstance(found, Decision) else likeliest(found)
        return likeliest(start)

    return lambda all_changes: [one(changes) for changes in all_changes]


IDEA = UseCase(text="Grant refunds")


def test_a_fact_that_turns_the_verdict_is_asked() -> None:
    again = world(shares(FIT), stakes={"high": shares(ASSIST, 0.6)})
    (question,), turn = ask(IDEA, decided(FIT), {}, again)
    assert (question.fact, question.answers) == ("stakes", (("high", ASSIST), ("low", FIT)))
    assert question.shift == 0.567  # of fit, from 0.7 to 0.133
    assert turn is None


def test_of_the_facts_that_turn_nothing_one_is_asked_where_the_verdict_is_unsure() -> None:
    again = world(shares(FIT, 0.6), format={"free": shares(FIT, 0.85)}, stakes={"high": shares(FIT, 0.75)})
    assert [(q.fact, q.shift) for q in ask(IDEA, decided(FIT, 0.6), {}, again)[0]] == [("format", 0.25)]
    assert ask(IDEA, decided(FIT, 0.7), {}, again)[0] == ()


def test_beside_a_fact_that_turns_none_is_asked_that_does_not() -> None:
    again = world(shares(FIT, 0.6), format={"free": shares(FIT, 0.95)}, stakes={"high": shares(ASSIST, 0.6)})
    assert [q.fact for q in ask(IDEA, decided(FIT, 0.6), {}, again)[0]] == ["stakes"]


def test_a_task_whose_name_tells_the_form_is_not_asked_for_it() -> None:
    known = UseCase(text="Our invoices", task_category="fixed-extraction")
    assert ask(known, decided(OVERKILL), {}, world(shares(OVERKILL), format={"free": shares(FIT)}))[0] == ()


def test_the_question_for_a_volume_says_what_the_text_says_of_it() -> None:
    again = world(shares(FIT), calls_per_month={20_000_000: shares(OVERKILL)})
    for text, said in (("Answer 50,000 chats a day", True), ("Answer chats", False)):
        (question,), _ = ask(UseCase(text=text, users=500), decided(FIT), {}, again)
        assert question.fact == "calls_per_month"
        assert ("confirm with calls_per_month=1500000" in question.words["en"]) is said
        assert ("属实请以 calls_per_month=1500000 确认" in question.words["zh"]) is said


def test_nothing_is_asked_where_nothing_moves() -> None:
    assert ask(IDEA, decided(FIT), {}, world(shares(FIT))) == ((), None)


def test_what_is_given_is_not_asked() -> None:
    again = world(shares(FIT), stakes={"high": shares(ASSIST)})
    known = UseCase(text="Grant refunds", stakes="low")
    assert ask(known, decided(FIT), {}, again) == ((), None)


def test_a_false_that_is_given_is_not_asked() -> None:
    known = UseCase(text="Grant refunds", human_review=False)
    again = world(shares(FIT), human_review={True: shares(ASSIST)})
    assert ask(known, decided(FIT), {}, again)[0] == ()


@pytest.mark.parametrize(
    ("fact", "concept", "answer"),
    [("stakes", "stakes", "high"), ("human_review", "review", True), ("existing_quality", "existing", "works")],
)
def test_what_the_text_settles_is_not_asked(fact: str, concept: str, answer: Any) -> None:
    again = world(shares(FIT), **{fact: {answer: shares(OVERKILL)}})
    assert [q.fact for q in ask(IDEA, decided(FIT), {concept: ("any", 0.89)}, again)[0]] == [fact]
    assert ask(IDEA, decided(FIT), {concept: ("any", 0.9)}, again)[0] == ()
    # that the text is sure to leave it open settles nothing
    assert [q.fact for q in ask(IDEA, decided(FIT), {concept: ("unsaid", 0.99)}, again)[0]] == [fact]


def test_at_most_three_are_asked_those_that_turn_first() -> None:
    again = world(
        shares(FIT),
        stakes={"high": shares(FIT, 0.99)},
        format={"fixed": shares(OVERKILL, 0.5)},
        error_tolerance={"none": shares(ASSIST, 0.6)},
        same_answer_required={True: shares(OVERKILL, 0.9)},
        decides={"model": shares(FIT, 0.97)},
    )
    questions, _ = ask(IDEA, decided(FIT), {}, again)
    assert [q.fact for q in questions] == ["same_answer_required", "error_tolerance", "format"]


def test_yes_and_no_are_written_as_words() -> None:
    again = world(shares(UNFIT), human_review={True: shares(ASSIST)})
    (question,), _ = ask(IDEA, decided(UNFIT), {}, again)
    assert question.answers == (("yes", ASSIST), ("no", UNFIT))


def test_the_change_that_would_better_the_verdict_is_told() -> None:
    again = world(shares(UNFIT), human_review={True: shares(ASSIST)}, stakes={"low": shares(FIT)})
    questions, turn = ask(IDEA, decided(UNFIT), {}, again)
    assert {q.fact for q in questions} == {"human_review", "stakes"}
    assert turn is not None
    assert (turn.kind, turn.changes, turn.verdict) == ("human_review=yes", {"human_review": True}, ASSIST)
    assert turn.use_case == UseCase(text="Grant refunds", human_review=True)
    assert turn.words == {"en": "a person checks each output", "zh": "每份输出都有人复核"}


def test_a_change_within_reach_is_told_even_where_the_text_settles_the_fact() -> None:
    again = world(shares(UNFIT), decides={"person": shares(ASSIST)})
    questions, turn = ask(IDEA, decided(UNFIT), {"decides": ("model", 0.99)}, again)
    assert questions == ()
    assert turn is not None
    assert turn.changes == {"decides": "person"}


@pytest.mark.parametrize(
    ("before", "fact", "answer", "after"),
    [
        # not within the proposer's reach
        (UNFIT, "stakes", "low", FIT),
        # not better
        (ASSIST, "decides", "person", UNFIT),
        (FIT, "human_review", True, ASSIST),
    ],
)
def test_no_turn_is_told(before: Verdict, fact: str, answer: Any, after: Verdict) -> None:
    _, turn = ask(IDEA, decided(before), {}, world(shares(before), **{fact: {answer: shares(after)}}))
    assert turn is None


def test_a_withheld_verdict_is_told_as_such_and_turns_nothing_for_the_better() -> None:
    withheld = decided(UNCLEAR, 0.4, "both sides spoke")
    assert withheld.probabilities["fit"] == 0.4
    questions, turn = ask(IDEA, decided(UNFIT), {}, world(shares(UNFIT), decides={"method": withheld}))
    assert [(q.fact, dict(q.answers)["method"]) for q in questions] == [("decides", UNCLEAR)]
    assert turn is None


def by_task(changes: Mapping[str, Any]) -> Decision:
    """Return what a world answers in which a named task gets its usual verdict, and a person makes it `assist`."""
    task = changes.get("task_category")
    if task is None:
        return decided(FIT, 0.3)
    return decided(ASSIST if changes.get("decides") == "person" else CATEGORY_VERDICT[task])


def by_tasks(all_changes: Sequence[Mapping[str, Any]]) -> list[Decision]:
    return [by_task(changes) for changes in all_changes]


@pytest.mark.parametrize("why", ["no task", "nothing spoke"])
def test_where_no_task_is_named_the_task_is_asked_first(why: str) -> None:
    questions, turn = ask(IDEA, decided(UNCLEAR, 0.4, why), {}, by_tasks)
    assert questions[0].fact == "task_category"
    assert 2 <= len(questions) <= 3
    assert turn is None


def test_the_tasks_offered_lead_to_each_verdict() -> None:
    first = ask(IDEA, decided(UNCLEAR, 0.4, "no task"), {}, by_tasks)[0][0]
    assert len(first.answers) == 7
    assert {verdict for _, verdict in first.answers} == {FIT, ASSIST, OVERKILL, UNFIT}
    assert all(verdict is CATEGORY_VERDICT[task] for task, verdict in first.answers)


def test_the_likeliest_task_of_a_group_is_offered() -> None:
    told = {"category": {"translation-localisation": 0.6, "summarisation": 0.1}}
    first = ask(IDEA, decided(UNCLEAR, 0.4, "no task"), {}, by_tasks, told)[0][0]
    assert "translation-localisation" in dict(first.answers)


def test_beside_the_task_a_question_says_for_which_task_it_holds() -> None:
    _, second, *_ = ask(IDEA, decided(UNCLEAR, 0.4, "no task"), {}, by_tasks)[0]
    assert second.fact == "decides"
    assert list(second.given) == ["task_category"]
    assert dict(second.answers)["person"] is ASSIST
    assert dict(second.answers)["model"] is CATEGORY_VERDICT[second.given["task_category"]] is not ASSIST


def test_a_given_task_is_not_asked() -> None:
    known = UseCase(text="AI for us", task_category="lookup")
    assert "task_category" not in [q.fact for q in ask(known, decided(UNCLEAR, 0.4, "nothing spoke"), {}, by_tasks)[0]]


def test_a_verdict_that_guesses_at_the_task_asks_for_it() -> None:
    told = {"category": {"summarisation": 0.3, "lookup": 0.3, "forecasting": 0.04}}
    asked = ask(IDEA, decided(FIT, 0.5), {"category": ("summarisation", 0.3)}, by_tasks, told)[0]
    assert asked[0].answers == (("summarisation", FIT), ("lookup", OVERKILL))
    sure = ask(IDEA, decided(FIT, 0.5), {"category": ("summarisation", 0.8)}, by_tasks, told)[0]
    assert "task_category" not in [q.fact for q in sure]


def test_implausible_answers_are_not_tried() -> None:
    told = {"decides": {"model": 0.5, "person": 0.46, "method": 0.01, "none": 0.03}}
    tried: list[dict[str, Any]] = []

    def again(all_changes: Sequence[Mapping[str, Any]]) -> list[Decision]:
        tried.extend(dict(c) for c in all_changes)
        return [decided(UNFIT if c.get("decides") == "model" else FIT) for c in all_changes]

    questions, _ = ask(IDEA, decided(FIT), {"decides": ("model", 0.5)}, again, told)
    assert questions[0].answers == (("model", UNFIT), ("person", FIT))
    # the proposer could change that, however unlikely it is as things stand
    assert {"decides": "method"} in tried
    assert {"decides": "none"} not in tried


@pytest.mark.parametrize(
    ("facts", "fact", "asked"),
    [
        ({}, "labelled_examples", False),
        ({"calls_per_month": 2e6}, "labelled_examples", True),
        ({}, "calls_per_month", False),
        ({"users": 90_000}, "calls_per_month", True),
        ({"error_tolerance": "some"}, "usd_per_error", True),
        ({}, "latency_budget_s", False),
    ],
)
def test_some_facts_matter_only_beside_others(facts: dict[str, Any], fact: str, asked: bool) -> None:
    idea = UseCase(text="Grant refunds", **facts)

    def again(all_changes: Sequence[Mapping[str, Any]]) -> list[Decision]:
        return [decided(OVERKILL if c.get(fact) in (1_000, 20_000_000) else FIT) for c in all_changes]

    assert (fact in [q.fact for q in ask(idea, decided(FIT), {}, again)[0]]) is asked


def test_a_firm_verdict_is_sure_and_no_abstention() -> None:
    assert is_firm(FIT, 0.6)
    assert not is_firm(FIT, 0.59)
    assert not is_firm(UNCLEAR, 0.9)


def test_where_both_sides_spoke_the_question_that_settles_it_is_asked() -> None:
    even = {"fit": 0.45, "assist": 0.05, "overkill": 0.05, "unfit": 0.45}
    again = world(even, decides={"person": shares(ASSIST), "model": shares(UNFIT)})
    questions, turn = ask(IDEA, Decision(UNCLEAR, even, "both sides spoke"), {}, again)
    assert [q.fact for q in questions] == ["decides"]
    assert turn is None


# what is promised of an answer and of a change is what assessing gives

DOUBTFUL: tuple[Idea, ...] = (
    "Diagnose patients from their symptoms in a chat without a doctor",
    "Simulate how 1,000 voters would answer our poll instead of asking them",
    "A password generator",
    "Begging for an AI to name my cat, ginger, lazy, name must be funny",
    "Cutting KV cache memory in our LLM serving stack by half",
    "AI for our invoices",
    "给人事部用大模型",
    "AI面试官自动筛选候选人并直接发拒信",
    {"text": "Sort mail by its sender", "users": 9_000, "minutes_saved_per_call": 0.001, "usd_wage_per_hour": 20},
    {"text": "用大模型按发件人给邮件分类", "users": 9_000, "calls_per_month": 2_000_000, "usd_value_per_call": 1e-6},
)


@pytest.mark.parametrize("risk", [None, 0.35])
def test_every_verdict_that_is_promised_is_what_assessing_gives(risk: float | None) -> None:
    assessor = Assessor(risk=risk)
    tests = [s for s in load_corpus() if split_of(s.family) == "test"]
    ideas: list[Idea] = list(DOUBTFUL)
    for lang in ("en", "zh"):
        own = [s.text for s in tests if s.lang == lang]
        ideas += own[:: len(own) // 40]
    promised: list[tuple[str, UseCase, Verdict]] = []
    for report in assessor.assess_many(ideas):
        for asked in report.questions:
            for value, verdict in asked.answers:
                case = with_answer(report.use_case, asked, value, report.questions)
                promised.append((f"{report.text}: {asked.given} {asked.fact}={value}", case, verdict))
        if report.turn is not None:
            promised.append((f"{report.text}: {report.turn.kind}", report.turn.use_case, report.turn.verdict))
    found = assessor.assess_many([case for _, case, _ in promised])
    assert len(promised) > 60
    told = {words: verdict for words, _, verdict in promised}
    assert told == {words: one.verdict for (words, *_), one in zip(promised, found, strict=True)}
