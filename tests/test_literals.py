"""Literals that patterns can't do without: whatever a pattern finds, its text is never passed over."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import re2
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fitcheck import tasks
from fitcheck.corpus import load_corpus
from fitcheck.literal_index import LiteralIndex, count_literals
from fitcheck.literals import Literals, by_rarity, cover, required_literals
from fitcheck.matching import literals_of
from fitcheck.reading import LITERALS
from fitcheck.resources import model_dir
from fitcheck.rule_packs import load_rules
from fitcheck.tasks import split_tasks
from fitcheck.text import fold, normalise


@pytest.fixture(scope="module")
def literals() -> dict[str, Literals | None]:
    """Return the shipped patterns' literals, as the model's folder holds them."""
    return dict(json.loads((model_dir() / LITERALS).read_text("utf-8")))


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Return the rules' examples and some of the scenarios, folded."""
    rules, scenarios = load_rules(), load_corpus()[::16]
    found = [fold(normalise(t)) for t in [e.text for r in rules for e in r.example] + [s.text for s in scenarios]]
    assert len(found) > 1000
    return found


def test_no_shipped_pattern_is_overlooked(literals: dict[str, Literals | None], texts: list[str]) -> None:
    patterns = list(literals)
    assert len(patterns) > 500
    index, search = LiteralIndex(patterns, literals), searcher(patterns)
    overlooked, n_found = [], 0
    for folded in texts:
        found = search(folded)
        n_found += len(found)
        overlooked += [(patterns[i], folded) for i in found - set(index.candidates(folded))]
    assert overlooked == []
    assert n_found > len(texts)
    # the set of patterns answers like each of them alone
    alone = {i: re2.compile(patterns[i]) for i in range(0, len(patterns), 10)}
    for folded in texts[::50]:
        assert search(folded) & alone.keys() == {i for i, one in alone.items() if one.search(folded)}


def searcher(patterns: list[str]) -> Any:
    """Return a function from a text to the numbers of the patterns that RE2 finds in it."""
    options = re2.Options()
    options.max_mem = 64 << 20
    options.log_errors = False
    sets = []
    for begin in range(0, len(patterns), 10):
        one = re2.Set.SearchSet(options)
        for pattern in patterns[begin : begin + 10]:
            one.Add(pattern)
        one.Compile()
        sets.append((begin, one))
    return lambda text: {begin + i for begin, one in sets for i in one.Match(text) or ()}


def test_the_shipped_literals_are_those_of_the_shipped_rules(literals: dict[str, Literals | None]) -> None:
    some = load_rules()[::20]
    own = literals_of(some)
    assert {p: _in_any_order(literals[p]) for p in own} == {p: _in_any_order(its) for p, its in own.items()}


def _in_any_order(literals: object) -> object:
    """Return literals without their order, which hangs on the texts that were looked at."""
    return frozenset(map(_in_any_order, literals)) if isinstance(literals, list) else literals


def test_few_texts_and_many_have_the_same_candidates(literals: dict[str, Literals | None], texts: list[str]) -> None:
    few, many = (LiteralIndex(list(literals), literals, few=n) for n in (1000, 0))
    for folded in texts[::100]:
        assert few.candidates(folded) == many.candidates(folded)


def test_the_order_of_literals_moves_no_candidate(literals: dict[str, Literals | None], texts: list[str]) -> None:
    counts = count_literals([own for own in literals.values() if own], texts[:300])
    against = {string: -n for string, n in counts.items()}
    turned = {pattern: own and by_rarity(own, against) for pattern, own in literals.items()}
    assert turned != literals
    for few in (1000, 0):
        one, other = (LiteralIndex(list(its), its, few=few) for its in (literals, turned))
        assert all(one.candidates(folded) == other.candidates(folded) for folded in texts[::50])


def test_literals_are_counted_by_texts() -> None:
    assert count_literals([["fees", ["cost", ["sum"]]]], ["fees fees", "the sum", "no"]) == {"fees": 1, "sum": 1}
    assert not count_literals([["fees"]], [])
    assert not count_literals([], ["fees"])


def test_nearly_all_shipped_patterns_are_spared(literals: dict[str, Literals | None], texts: list[str]) -> None:
    index = LiteralIndex(list(literals), literals)
    assert sum(len(index.candidates(folded)) for folded in texts) / len(texts) < len(literals) / 30


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        (r"extract\w* (?:the )?invoices?", [[" invoice", "extract"]]),
        (r"pull\w* (?:the )?invoices?", [[" invoice", "pull"]]),
        (r"\b(?:sum|total) fees\b", ["sum fees", "total fees"]),
        ("optimi[sz]er|solvers?", ["solver", "optimiser", "optimizer"]),
        ("发票|单据", ["单据", "发票"]),
        ("(?:提成|奖金).{0,4}(?:算|发|核)", [[["奖金", "提成"], ["发", "核", "算"]]]),
        ("(?:写|拟.*稿)件", [["件", ["写", ["拟", "稿"]]]]),
        ("(?:ab)+c", ["ab"]),
        ("(?:ab)*cd", ["cd"]),
        ("(?:ab){0,2}cd?", None),
        ("(?:ab){2}cd?", ["abab"]),
        ("(?s:ab.cd)", [["ab", "cd"]]),
        ("abc{2,}", ["abcc"]),
        ("abc?", ["ab"]),
        ("ab|", None),
        ("(?:ab|c)", None),
        (r"a\.b", ["a.b"]),
        (r"ab\ncd", ["ab\ncd"]),
        (r"[abc]d", ["ad", "bd", "cd"]),
        (r"[^abc]d", None),
        (r"[a-c]d", None),
        (r"[]x]yz", ["yz"]),
        ("ab(?!cd)ef", ["abef"]),
        ("(?<=ab)cd", ["cd"]),
        ("[[:alpha:]]bc", None),
        (r"\123bc", None),
        (r"\pLbc", None),
        (r"\x41bc", None),
        (r"\Qa.b\E", None),
        ("(?i)ABC", None),
        ("(?P<name>abc)", None),
        ("ab{", None),
        ("ab{x}", None),
        ("(?:ab", None),
        ("ab)", None),
        ("ab\\", None),
        ("[ab", None),
        ("", None),
    ],
)
def test_required_literals(pattern: str, literals: Literals | None) -> None:
    assert required_literals(pattern) == literals


def test_every_cover_is_found_where_the_literals_are() -> None:
    assert cover([["件", ["写", ["拟", "稿"]]], "单据"]) == ["件", "单据"]


ATOMS = st.sampled_from(
    [
        *["a", "b", "ab", "c", "发", "票", " ", "-", "{", "}", "]", r"\.", r"\-", r"\141", r"\x61", r"\n"],
        *[".", "^", "$", r"\w", r"\d", r"\b", r"\pL", "[ab]", "[^a]", "[]c]", r"[\]a]", "[[:alpha:]]"],
    ]
)
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: "(?:" + "|".join(parts) + ")"),
        st.lists(inner, min_size=1, max_size=3).map("|".join),
        inner.map("({})".format),
        st.builds("(?:{}){}".format, inner, st.sampled_from(["?", "*", "+", "{2}", "{0,1}", "{1,3}", "+?", "??"])),
        st.builds("{}{}".format, inner, st.sampled_from(["?", "*", "+", "{2}", "{0,1}", "{2,}?"])),
    ),
    max_leaves=12,
)
TEXTS = st.text(alphabet="abc发票 .-{}]1", max_size=12)


@settings(deadline=None)
@given(PATTERNS, st.lists(TEXTS, min_size=1, max_size=8))
def test_no_pattern_is_overlooked(pattern: str, texts: list[str]) -> None:
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(pattern, options)
    except re2.error:
        assume(False)
    few, many = LiteralIndex([pattern], {pattern: required_literals(pattern)}), LiteralIndex([pattern], few=0)
    for text in texts:
        if compiled.search(text):
            assert few.candidates(text) == many.candidates(text) == [0]


@settings(deadline=None)
@given(st.lists(PATTERNS, min_size=2, max_size=6), st.lists(TEXTS, min_size=1, max_size=8))
def test_patterns_do_not_disturb_each_other(patterns: list[str], texts: list[str]) -> None:
    together = LiteralIndex(patterns, few=0)
    alone = [LiteralIndex([pattern], few=0) for pattern in patterns]
    for text in texts:
        assert together.candidates(text) == [n for n, one in enumerate(alone) if one.candidates(text)]


def test_known_literals_are_taken_as_given() -> None:
    for few in (0, 8):
        index = LiteralIndex(["abc", "d+"], {"abc": ["xyz"], "d+": None}, few=few)
        assert index.candidates("abc") == [1]
        assert index.candidates("xyz") == [0, 1]


def test_what_is_unknown_is_worked_out_when_many_texts_come() -> None:
    index = LiteralIndex(["发票", "合同"])
    assert [index.candidates("整理发票") for _ in range(10)] == [[0, 1]] * 8 + [[0]] * 2


# --- the same for the patterns of clauses, which are Python's ---


def test_no_pattern_of_clauses_is_overlooked(texts: list[str]) -> None:
    index = LiteralIndex([p.pattern for p in tasks._PATTERNS], few=0)
    n_found = 0
    for folded in texts:
        found = [n for n, pattern in enumerate(tasks._PATTERNS) if pattern.search(folded)]
        n_found += len(found)
        assert set(found) <= set(index.candidates(folded)), folded
    assert n_found > len(texts) / 10


@settings(deadline=None, max_examples=25, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_matches_of_clauses_are_not_overlooked(data: Any) -> None:
    number = data.draw(st.integers(0, len(tasks._PATTERNS) - 1))
    # lookarounds can't be drawn from; where one of them fails, there is no match and nothing to check
    pattern = re.sub(r"\(\?<?[=!](?:[^()]|\([^()]*(?:\([^()]*\)[^()]*)*\))*\)", "", tasks._PATTERNS[number].pattern)
    text = fold(data.draw(st.from_regex(re.compile(pattern, re.I))))
    assume(tasks._PATTERNS[number].search(text))
    index = LiteralIndex([p.pattern for p in tasks._PATTERNS], few=0)
    assert number in index.candidates(text.translate(tasks._READ_ALIKE))


@pytest.mark.parametrize(
    "text", ["Replace the scrİpt wıth Claude", "The solver decıdes; the model drafts", "It does NOT decide, then wrıte"]
)
def test_letters_that_re_takes_for_others_change_no_clause(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_INDEX", LiteralIndex([p.pattern for p in tasks._PATTERNS], few=1000))
    unfiltered = split_tasks(normalise(text))
    monkeypatch.setattr(tasks, "_INDEX", LiteralIndex([p.pattern for p in tasks._PATTERNS], few=0))
    assert split_tasks(normalise(text)) == unfiltered
