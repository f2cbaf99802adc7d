"""How often a text says that something comes up: offered where it is clear, and never taken as a fact."""

from __future__ import annotations

import time

import pytest

from fitcheck import UseCase, estimate_cost
from fitcheck.asking.answers import question_words
from fitcheck.beside import Question
from fitcheck.cost import cost_line
from fitcheck.volumes import stated_volume

CLEAR = [
    ("We get 50,000 chats a day in support", "50,000 chats a day", 1_500_000),
    ("客服机器人回复客户咨询，每天5万次咨询", "每天5万次咨询", 1_500_000),
    ("Read 50.000 mails per month", "50.000 mails per month", 50_000),
    ("30k requests/day", "30k requests/day", 910_000),
    ("every week we get about 300 mails", "every week we get about 300 mails", 1_300),
    ("Sort 120,000 documents a year", "120,000 documents a year", 10_000),
    ("每天处理三千封邮件", "每天处理三千封邮件", 91_000),
    ("摘要合同，每月约2,000份合同", "每月约2,000份合同", 2_000),
    ("自动回复，3万次/天", "3万次/天", 910_000),
]
UNCLEAR = [
    "Draft replies to customers",
    "300-500 mails a day",
    "300 mails to 500 mails a day",
    "50,000 chats a day and 300 mails a week",
    "50 mails a day per agent",
    "500 agents, 20 chats a day",
    "If we get 500 mails a day, a person helps",
    "$50,000 orders a day",
    "10 pages a day",
    "99999999999999999999 calls a day",
    "每天三百到五百封邮件",
    "每人每天50次咨询",
    "100名员工，每天50次咨询",
    "每天不到500封邮件",
    "每天10点发送报告",
]


@pytest.mark.parametrize(("text", "words", "calls"), CLEAR)
def test_one_clear_volume_is_read(text: str, words: str, calls: int) -> None:
    found = stated_volume(text)
    assert found is not None
    assert (found.words, found.calls_per_month) == (words, calls)


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_is_not_clear_is_left_alone(text: str) -> None:
    assert stated_volume(text) is None


@pytest.mark.parametrize("piece", ["十万", "1,000 ", "每天一", "5 a-b c ", "every day "])
def test_no_text_takes_long(piece: str) -> None:
    start = time.perf_counter()
    stated_volume(piece * 3000 + "每天 a day")
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(("text", "words", "calls"), CLEAR)
def test_the_cost_line_offers_the_volume_and_does_not_use_it(text: str, words: str, calls: int) -> None:
    cost = cost_line(UseCase(text=text))
    plain = cost_line(UseCase(text="Draft replies"))
    assert (cost.calls_per_month, cost.usd_per_month, cost.usd_per_call) == (None, None, plain.usd_per_call)
    for lang in ("en", "zh"):
        said = [row[lang] for row in cost.assumptions if f"calls_per_month={calls}" in row[lang]]
        assert len(said) == 1 and words in said[0]
    assert not any("calls per month not given" in row["en"] for row in cost.assumptions)


def test_a_volume_that_is_given_is_not_asked_for_again() -> None:
    given = UseCase(text=CLEAR[0][0], calls_per_month=1000)
    assert not any("the text says" in row["en"] for row in cost_line(given).assumptions)


def test_an_estimate_of_an_idea_offers_its_volume() -> None:
    estimate = estimate_cost(UseCase(text=CLEAR[0][0]), model="gpt-4o-mini")
    assert [note["en"] for note in estimate.notes if "calls_per_month=1500000" in note["en"]]
    assert estimate.usd_per_month is None


def test_the_question_for_the_volume_says_what_the_text_says() -> None:
    found = stated_volume(CLEAR[0][0])
    assert found is not None
    asked = Question("calls_per_month", (), 0.2, stated=found.offer)
    assert question_words(asked, "en") == (
        "How often would it be called a month? (the text says “50,000 chats a day”, about 1,500,000 a month; "
        "confirm with calls_per_month=1500000)"
    )
    assert "文中写有“50,000 chats a day”" in question_words(asked, "zh")
