"""Questions: the facts whose answer would turn the verdict or move it most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from fitcheck.combine import Decision
from fitcheck.questions import ask
from fitcheck.records import LEARNED, UseCase, Verdict

FIT, ASSIST, OVERKILL, UNFIT, UNCLEAR = Verdict
Shares = dict[str, float]


def shares(verdict: Verdict, share: float = 0.7) -> Shares:
    """Return probabilities with one verdict ahead."""
    return {v.value: share if v is verdict else (1 - share) / 3 for v in LEARNED}


def decided(verdict: Verdict, share: float = 0.7, why: str | None = None) -> Decision:
    """Return a decision for a verdict."""
    return Decision(verdict, shares(FIT if verdict is UNCLEAR else verdict, share), why)


def world(start: Shares, **answers: dict[Any, Shares]) -> Callable[[Sequence[Mapping[str, Any]]], list[Shares]]:
    """Return a re-assessment in which some answers lead elsewhere and all others change nothing."""

    def one(changes: Mapping[str, Any]) -> Shares:
        for fact, outcomes in answers.items():
            if fact in changes and changes[fact] in outcomes:
                return outcomes[changes[fact]]
        return start

    return lambda all_changes: [one(changes) for changes in all_changes]


IDEA = UseCase(text="Grant refunds")


def test_a_fact_that_turns_the_verdict_is_asked() -> None:
    again = world(shares(FIT), stakes={"high": shares(ASSIST, 0.6)})
    (question,), turn = ask(IDEA, decided(FIT), {}, again)
    assert (question.fact, question.answers) == ("stakes", (("high", ASSIST), ("low", FIT)))
    assert question.shift == 0.567  # of fit, from 0.7 to 0.133
    assert turn is None


def test_a_fact_that_moves_much_without_turning_is_asked_too() -> None:
    again = world(shares(FIT), format={"free": shares(FIT, 0.85)}, stakes={"high": shares(FIT, 0.72)})
    questions, _ = ask(IDEA, decided(FIT), {}, again)
    assert [(q.fact, q.shift) for q in questions] == [("format", 0.15)]


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
    assert (turn.fact, turn.answers) == ("human_review", (("yes", ASSIST),))


def test_a_change_within_reach_is_told_even_where_the_text_settles_the_fact() -> None:
    again = world(shares(UNFIT), decides={"person": shares(ASSIST)})
    questions, turn = ask(IDEA, decided(UNFIT), {"decides": ("model", 0.99)}, again)
    assert questions == ()
    assert turn is not None
    assert turn.fact == "decides"


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


def test_an_idea_without_a_task_is_asked_nothing() -> None:
    again = world(shares(FIT), stakes={"high": shares(ASSIST)})
    assert ask(IDEA, decided(UNCLEAR, why="no task"), {}, again) == ((), None)


def test_where_both_sides_spoke_the_question_that_settles_it_is_asked() -> None:
    even = {"fit": 0.45, "assist": 0.05, "overkill": 0.05, "unfit": 0.45}
    again = world(even, decides={"person": shares(ASSIST), "model": shares(UNFIT)})
    questions, turn = ask(IDEA, Decision(UNCLEAR, even, "both sides spoke"), {}, again)
    assert [q.fact for q in questions] == ["decides"]
    assert turn is None
