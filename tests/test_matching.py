"""Matching: which rules fire, what they count for, and that no pattern is overlooked."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
import re2
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fitcheck.corpus import load_corpus
from fitcheck.errors import RuleError
from fitcheck.literals import LiteralIndex, required_literals
from fitcheck.matching import Matcher
from fitcheck.records import Evidence, Verdict
from fitcheck.rules import Rule, load_rules
from fitcheck.tasks import split_tasks
from fitcheck.text import MAX_CHARS, fold, normalise

TODAY = dt.date(2026, 6, 1)


def rule(name: str, *blocks: dict[str, Any], family: str = "lookup", **changes: Any) -> Rule:
    """Make a rule that argues `overkill` at core and `assist` beside it."""
    words = {"en": "x", "zh": "x"}
    values = {
        "schema": 1,
        "id": name,
        "family": family,
        "weight": {"core": {"overkill": 1.5}, "auxiliary": {"assist": 0.4}},
        "title": words,
        "why": words,
        "instead": {**words, "kind": "template"},
        "when": blocks,
        "source": [{"claim": "x", "title": "x", "seen": dt.date(2026, 1, 31)}],
    }
    return Rule.model_validate(values | changes)


def en(*patterns: str, **more: Any) -> dict[str, Any]:
    """Make a block that looks for English patterns."""
    return {"text": {"en": patterns}, **more}


def match(rules: list[Rule], text: str, *, today: dt.date = TODAY, **known: Any) -> list[Evidence]:
    """Match rules against a text that needs normalising first."""
    text = normalise(text)
    return Matcher(rules).match(text, split_tasks(text), today=today, **known)


def fires(one: Rule, text: str, facts: dict[str, Any] | None = None, concepts: dict[str, str] | None = None) -> str:
    """Return the role at which a rule fires, or `no`."""
    text = normalise(text)
    fired = Matcher([one]).fired(text, split_tasks(text), facts=facts or {}, concepts=concepts or {})
    assert len(fired) <= 1
    return fired[0].role if fired else "no"


# --- what fires ---


def test_evidence_quotes_the_words_as_written() -> None:
    (row,) = match([rule("fees", en("berth(?:ing)? fees?"))], "An LLM looks up the Berthing FEES of each boat.")
    assert row == Evidence("rule", "fees", Verdict.OVERKILL, 1.5, role="core", quote="Berthing FEES", start=20)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("the model adds up the fees", "core"),
        ("sort the mail, then write a note on the fees", "auxiliary"),
        ("sort the mail. Pre-fill the fees", "workflow"),
        ("sort the mail. It never touches the fees", "dropped"),
        ("sort the mail, then write a note on the fees, and the model adds up the fees", "core"),
        ("coffees are free", "no"),
        ("the feestje costs nothing", "no"),
        ("停泊fees由模型算", "core"),
        ("THE FEES", "core"),
    ],
)
def test_the_role_of_the_words(text: str, role: str) -> None:
    assert fires(rule("fees", en("fees?")), text) == role


@pytest.mark.parametrize("text", ["模型查停泊費", "模型查停泊费", "查停泊费用的模型"])
def test_chinese_needs_no_boundaries_and_reads_both_scripts(text: str) -> None:
    assert fires(rule("fees", {"text": {"zh": ["停泊费"]}}), text) == "core"


def test_a_pattern_stays_within_a_sentence() -> None:
    one = rule("fees", {"text": {"en": ["sum.*fees"], "zh": ["合计.*费"]}})
    assert fires(one, "sum up all the fees") == "core"
    assert fires(one, "合计本月的停泊费") == "core"
    for apart in ("sum it up. Then the fees", "sum it up! fees", "sum\nfees", "先合计；再说费", "先合计。费"):
        assert fires(one, apart) == "no", apart


def test_any_block_is_enough_and_a_rule_counts_once() -> None:
    one = rule("fees", en("fees", "harbour dues"), en("dues"))
    rows = match([one], "fees and harbour dues and fees and dues")
    assert [(r.id, r.log_odds, r.quote) for r in rows] == [("fees", 1.5, "fees")]


def test_unless_silences_its_block_wherever_it_stands() -> None:
    block = en("fees", unless={"en": ["newsletters?"], "zh": ["通讯"]})
    assert fires(rule("fees", block), "It adds up fees. It is not a newsletter.") == "no"
    assert fires(rule("fees", block), "It adds up fees,见通讯") == "no"
    assert fires(rule("fees", block), "It adds up fees.") == "core"
    assert fires(rule("fees", block, en("adds up")), "It adds up fees for the newsletter.") == "core"


@pytest.mark.parametrize(
    ("condition", "value", "holds"),
    [
        ({"equals": "number"}, "number", True),
        ({"equals": "number"}, "text", False),
        ({"equals": False}, False, True),
        ({"equals": False}, None, False),
        ({"one_of": ["number", "label"]}, "label", True),
        ({"one_of": ["number", "label"]}, "text", False),
        ({"at_least": 100}, 100, True),
        ({"at_least": 100}, 99.5, False),
        ({"at_most": 0}, 0, True),
        ({"at_least": 1, "at_most": 5}, 6, False),
        ({"at_least": 1, "at_most": 5}, None, False),
    ],
)
def test_facts(condition: dict[str, Any], value: Any, holds: bool) -> None:
    name = "calls_per_month" if {"at_least", "at_most"} & condition.keys() else "output"
    name = "human_review" if isinstance(condition.get("equals"), bool) else name
    facts = {} if value is None else {name: value}
    silent = rule("fees", {"facts": {name: condition}})
    spoken = rule("fees", en("fees", facts={name: condition}))
    assert fires(silent, "anything", facts) == ("core" if holds else "no")
    assert fires(spoken, "the fees", facts) == ("core" if holds else "no")
    assert fires(spoken, "anything", facts) == "no"


def test_concepts() -> None:
    one = rule("fees", {"concepts": {"format": "fixed", "decides": ["model", "method"]}})
    assert fires(one, "anything", concepts={"format": "fixed", "decides": "method"}) == "core"
    assert fires(one, "anything", concepts={"format": "fixed", "decides": "person"}) == "no"
    assert fires(one, "anything", concepts={"format": "fixed"}) == "no"


def test_a_fact_quotes_nothing() -> None:
    (row,) = match([rule("fees", {"facts": {"stakes": {"equals": "high"}}})], "anything", facts={"stakes": "high"})
    assert (row.quote, row.start, row.role) == ("", -1, "core")


# --- what counts ---


def test_only_the_strongest_of_a_family_counts_for_a_role() -> None:
    rules = [
        rule("a-weak", en("fees"), weight={"core": {"unfit": 0.5}}),
        rule("b-strong", en("fees"), weight={"core": {"overkill": 2}}),
        rule("c-strong", en("fees"), weight={"core": {"fit": 2}}),
        rule("elsewhere", en("fees"), family="other", weight={"core": {"unfit": 0.3}}),
    ]
    rows = {r.id: r for r in match(rules, "the fees")}
    assert rows.keys() == {"b-strong", "elsewhere"}
    assert rows["b-strong"].also == ("c-strong", "a-weak")
    assert rows["elsewhere"].also == ()


def test_a_family_counts_once_for_each_role() -> None:
    rules = [rule("sums", en("adds up")), rule("letters", en("letters?"))]
    rows = match(rules, "The model adds up the hours, then writes a letter.")
    assert [(r.id, r.role, r.verdict, r.log_odds, r.also) for r in rows] == [
        ("letters", "auxiliary", Verdict.ASSIST, 0.4, ()),
        ("sums", "core", Verdict.OVERKILL, 1.5, ()),
    ]


def test_a_rule_is_silent_at_a_role_that_it_does_not_name() -> None:
    silent, speaking = rule("a", en("fees")), rule("b", en("fees"), weight={"dropped": {"assist": 0.7}})
    text = "Sort the mail. It never touches the fees."
    assert match([silent], text) == []
    (row,) = match([silent, speaking], text)
    assert (row.id, row.role, row.verdict, row.also) == ("b", "dropped", Verdict.ASSIST, ())


def test_a_workflow_weighs_as_what_is_beside_the_core() -> None:
    (row,) = match([rule("fees", en("fees"))], "Sort the mail. Pre-fill the fees.")
    assert (row.role, row.verdict, row.log_odds) == ("workflow", Verdict.ASSIST, 0.4)


def test_the_fitted_scale_multiplies_the_written_weight() -> None:
    rules = [rule("known", en("fees")), rule("new", en("fees"), family="b"), rule("mute", en("fees"), family="c")]
    matcher = Matcher(rules, scale={"known": 0.333, "mute": 0.0}, default_scale=0.5)
    rows = matcher.match("fees", split_tasks("fees"), today=TODAY)
    assert {r.id: r.log_odds for r in rows} == {"known": 0.5, "new": 0.75}


def test_evidence_that_has_aged_says_so() -> None:
    source = {"claim": "x", "title": "x", "seen": dt.date(2025, 1, 1), "expires": dt.date(2026, 1, 1)}
    one = rule("fees", en("fees"), source=[source])
    assert [match([one], "fees", today=day)[0].stale for day in (dt.date(2026, 1, 1), dt.date(2026, 1, 2))] == [
        False,
        True,
    ]


def test_no_rules_and_no_words_give_silence() -> None:
    assert match([], "fees") == []
    assert match([rule("fees", en("fees"))], "letters") == []


def test_the_order_of_the_pack_does_not_matter() -> None:
    rules = load_rules()
    text = "Retire the regex that pulls order numbers and let GPT do it; then draft the letter. 用模型算工资"
    assert match(list(rules), text) == match(list(reversed(rules)), text)


def test_a_pattern_that_is_broken_is_named() -> None:
    with pytest.raises(RuleError, match="RE2 does not take the pattern"):
        match([rule("fees", en("fees(?=x)"))], "fees x")


# --- in a bounded time ---


@pytest.mark.parametrize("pattern", ["(a+)+$", "(?:a|a)*b", "(?:a|aa)+c", "a.*a.*a.*b", "(?:x*)*y", "(a?){50}a{50}$"])
@pytest.mark.parametrize("unit", ["a", "a ", "ax"])
def test_a_hostile_pattern_takes_a_bounded_time(pattern: str, unit: str) -> None:
    text = (unit * MAX_CHARS)[: MAX_CHARS - 1] + "!"
    matcher = Matcher([rule("hostile", {"text": {"zh": [pattern]}, "unless": {"zh": [pattern + "z"]}})])
    tasks = split_tasks("a")
    begin = time.perf_counter()
    matcher.fired(text, tasks, facts={}, concepts={})
    assert time.perf_counter() - begin < 5


@pytest.mark.parametrize("unit", ["a ", "extract the invoice number ", "由模型决定,", "regex ", ", and the "])
def test_a_long_idea_meets_all_rules_in_a_bounded_time(unit: str) -> None:
    text = normalise((unit * MAX_CHARS)[: MAX_CHARS - 1] + "x")
    matcher, tasks = Matcher(load_rules()), split_tasks(text)
    begin = time.perf_counter()
    matcher.match(text, tasks, today=TODAY)
    assert time.perf_counter() - begin < 20


# --- the literals: what RE2 finds is never left out ---


def test_no_shipped_pattern_is_overlooked() -> None:
    rules = load_rules()
    parts = [part for r in rules for b in r.when for part in (b.text, b.unless) if part]
    patterns = sorted({p for part in parts for p in part.compiled()})
    texts = [e.text for r in rules for e in r.example] + [s.text for s in load_corpus()[::8]]
    assert len(patterns) > 500
    assert len(texts) > 1000
    index, search = LiteralIndex(patterns), searcher(patterns)
    overlooked, n_found = [], 0
    for text in texts:
        folded = fold(normalise(text))
        found = search(folded)
        n_found += len(found)
        overlooked += [(patterns[i], text) for i in found - set(index.candidates(folded))]
    assert overlooked == []
    assert n_found > len(texts)
    # the set of patterns answers like each of them alone
    alone = {i: re2.compile(patterns[i]) for i in range(0, len(patterns), 10)}
    for text in texts[::50]:
        folded = fold(normalise(text))
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


def test_most_shipped_patterns_are_spared() -> None:
    patterns = [p for r in load_rules() for b in r.when if b.text for p in b.text.compiled()]
    index = LiteralIndex(patterns)
    assert len(index.candidates("draft the weekly letter to the parents of our school")) < len(patterns) / 5


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        (r"extract\w* (?:the )?invoices?", {"extract"}),
        (r"pull\w* (?:the )?invoices?", {"invoice"}),
        (r"\b(?:sum|total) fees\b", {" fees"}),
        ("发票|单据", {"发票", "单据"}),
        ("(?:ab)+c", {"ab"}),
        ("(?:ab)*cd", {"cd"}),
        ("(?:ab){0,2}cd?", None),
        ("abc{2,}", {"abc"}),
        ("abc?", {"ab"}),
        ("ab|", None),
        ("(?:ab|c)", None),
        (r"a\.b", {"a.b"}),
        (r"[abc]d", None),
        (r"[]x]yz", {"yz"}),
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
def test_required_literals(pattern: str, literals: set[str] | None) -> None:
    found = required_literals(pattern)
    assert (found if found is None else set(found)) == literals


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
    index = LiteralIndex([pattern])
    for text in texts:
        if compiled.search(text):
            assert index.candidates(text) == [0]


def test_known_literals_are_taken_as_given() -> None:
    index = LiteralIndex(["abc", "d+"], {"abc": ["xyz"], "d+": None})
    assert index.candidates("abc") == [1]
    assert index.candidates("xyz") == [0, 1]


def test_an_index_of_short_literals_alone_is_built_once() -> None:
    index = LiteralIndex(["发票", "合同"])
    for _ in range(10):
        assert index.candidates("整理发票") == [0]
    assert sum(len(entries) for entries in index._short.values()) == 2
