"""Text: one normal form, its language, its clauses; in bounded time whatever comes in."""

from __future__ import annotations

import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fitcheck.errors import FitcheckError, UseCaseError
from fitcheck.text import MAX_CHARS, clause_spans, detect_language, fold, normalise

# what ideas are made of, marks between clauses above all
PIECES = st.sampled_from(
    [
        *"abz019 \n\t.,;:!?()-–—'\"",
        *"，。；：！？（）、“”工资信模型庫İßﬁé",
        ", and the ",
        "; then ",
        " instead of ",
        "e.g. ",
        "1,000",
        "9:30",
        "3.5",
        "然后",
        "\u200b",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    ]
)
IDEAS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=60).map("".join))


def normal(text: str) -> str:
    """Return the normal form of a generated text, if it has one."""
    try:
        return normalise(text)
    except UseCaseError:
        assume(False)
        raise


def clauses(text: str) -> list[str]:
    """Return the clauses of a text that needs normalising first."""
    text = normalise(text)
    return [text[start:end] for start, end in clause_spans(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("  Draft\x00 the\u200b letter \x07", "Draft the letter"),
        ("ＬＬＭ　ｄｒａｆｔｓ", "LLM drafts"),
        ("ﬁle the ﬀ form ①", "file the ff form 1"),
        ("a\r\n\r\n  b\u2029c\rd", "a\nb\nc\nd"),
        ("soft\u00adhyphen, \u202eright to left\u202c", "softhyphen, right to left"),
        ("cafe\u0301", "café"),
        ("half \ud800 a character", "half a character"),
        ("工资，\u3000信", "工资, 信"),
        ("a\u00a0\u2009 b", "a b"),
    ],
)
def test_one_normal_form(text: str, wanted: str) -> None:
    assert normalise(text) == wanted


@pytest.mark.parametrize("text", ["", "   ", "\n\t \u3000", "\u200b\ufeff", "\x00\x01", "\ud800"])
def test_an_empty_idea_is_refused_with_advice(text: str) -> None:
    with pytest.raises(UseCaseError, match="the idea is empty: say in a sentence"):
        normalise(text)


def test_the_longest_idea_is_read_and_one_character_more_is_not() -> None:
    assert len(normalise("a" * MAX_CHARS)) == MAX_CHARS
    with pytest.raises(UseCaseError, match="100,001 characters, and at most 100,000 are read"):
        normalise("a" * (MAX_CHARS + 1))


@pytest.mark.parametrize("text", ["a" * 10_000_000, "字" * 10_000_000, "\u200b" * 10_000_000, "\ufdfa" * 300_000])
def test_megabytes_are_refused_fast(text: str) -> None:
    begin = time.perf_counter()
    with pytest.raises(UseCaseError, match="at most 100,000 are read"):
        normalise(text)
    assert time.perf_counter() - begin < 5


def test_the_error_is_both_a_fitcheck_and_a_value_error() -> None:
    with pytest.raises(FitcheckError) as caught:
        normalise("")
    assert isinstance(caught.value, ValueError)


@settings(deadline=None)
@given(IDEAS)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normal(text)
    assert normalise(once) == once


@settings(deadline=None)
@given(IDEAS)
def test_what_is_dropped_leaves_no_trace(text: str) -> None:
    assert normalise(f"\x00{normal(text)}\x07") == normal(text)


@settings(deadline=None)
@given(IDEAS)
def test_nothing_invisible_is_left(text: str) -> None:
    kinds = {unicodedata.category(c) for c in normal(text) if c != "\n"}
    assert not kinds & {"Cc", "Cf", "Cs", "Co", "Cn"}


@settings(deadline=None)
@given(IDEAS)
def test_folding_keeps_the_length(text: str) -> None:
    text = normal(text)
    assert len(fold(text)) == len(text)


def test_folding_lowers_and_simplifies() -> None:
    assert fold("OCR 發票 DRAFT") == "ocr 发票 draft"
    # the capital dotted I is two characters in lower case, and only it stays
    assert fold("İSTANBUL AI") == "İstanbul ai"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Draft the letter", "en"),
        ("起草一封信", "zh"),
        ("用 GPT 改写 cover letter", "zh"),
        ("Translate the column 发票 into plain English", "en"),
        ("12345", "en"),
        ("Résumé für Zürich", "en"),
    ],
)
def test_language(text: str, lang: str) -> None:
    assert detect_language(text) == lang


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Regexes pull the IDs, and the model drafts the reply.",
            ["Regexes pull the IDs", "and the model drafts the reply"],
        ),
        ("Sum the hours, then draft the letter", ["Sum the hours", "then draft the letter"]),
        ("Sort the mail (new cases only) - then answer", ["Sort the mail", "(new cases only)", "then answer"]),
        ("It writes while the clerk decides", ["It writes", "while the clerk decides"]),
        ("Summarise rather than decide", ["Summarise", "rather than decide"]),
        ("Words, sentences and letters", ["Words, sentences and letters"]),
        ("Is it late? Yes! Then write.", ["Is it late", "Yes", "Then write"]),
        ("Read Dr. Lee's notes, e.g. on asthma. Sum up.", ["Read Dr. Lee's notes, e.g. on asthma", "Sum up"]),
        ("先算工资，再起草信；最后翻译。发送", ["先算工资", "再起草信", "最后翻译", "发送"]),
        ("模型起草（编辑改定）——不发送", ["模型起草", "编辑改定", "不发送"]),
        ("用GPT写回复:客户来信\n第二件事", ["用GPT写回复", "客户来信", "第二件事"]),
    ],
)
def test_clauses(text: str, wanted: list[str]) -> None:
    assert clauses(text) == wanted


@pytest.mark.parametrize("number", ["1,000", "1,234,567.89", "9:30", "3.5", "2.0.1", "10:00-11:30"])
@pytest.mark.parametrize(
    "frame",
    ["There are {}, and the model reads each", "Up to {}. Then stop", "每天{}，再写信", "共{}份：由人看", "{}个字"],
)
def test_numbers_stay_whole(number: str, frame: str) -> None:
    assert sum(number in clause for clause in clauses(frame.format(number))) == 1


@settings(deadline=None)
@given(IDEAS)
def test_clauses_are_in_order_and_lose_no_word(text: str) -> None:
    text = normal(text)
    spans = clause_spans(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
    covered = {i for start, end in spans for i in range(start, end)}
    assert not [c for i, c in enumerate(text) if c.isalnum() and i not in covered]


@settings(max_examples=30, deadline=None)
@given(st.text(alphabet=st.sampled_from("大a(,.;: \n、（"), min_size=1, max_size=6))
def test_cutting_takes_a_bounded_time(unit: str) -> None:
    assume(unit.strip())
    text = normalise((unit * MAX_CHARS)[: MAX_CHARS - 1] + "x")
    begin = time.perf_counter()
    clause_spans(text)
    fold(text)
    assert time.perf_counter() - begin < 3


@pytest.mark.parametrize("unit", ["(", ", ", ". ", ", and the ", " - ", "，", "（大", "1,0", "e.g. ", ") ", "and "])
def test_hostile_text_is_cut_fast(unit: str) -> None:
    text = normalise((unit * MAX_CHARS)[: MAX_CHARS - 1] + "x")
    begin = time.perf_counter()
    spans = clause_spans(text)
    assert time.perf_counter() - begin < 3
    assert text[spans[-1][0] : spans[-1][1]].endswith("x")
