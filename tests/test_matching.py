"""Matching: which rules fire, what they count for, and that no pattern is overlooked."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest

from fitcheck.errors import RuleError
from fitcheck.matching import Matcher
from fitcheck.records import Evidence, Verdict
from fitcheck.rule_packs import load_rules
from fitcheck.rules import Rule
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


def test_unless_is_heeded_for_few_ideas_and_for_many() -> None:
    matcher = Matcher([rule("fees", en("fees?", unless={"en": ["waived?"], "zh": ["免收"]}), en("levy"))])
    for _ in range(20):
        assert [len(matcher.scan(t, ())) for t in ("the fee", "the fee is waived", "fee 免收", "levy waived")] == [
            1,
            0,
            0,
            1,
        ]


def test_many_texts_are_scanned_as_each_alone() -> None:
    rules = [
        rule(
            "fees", en("fees?", "harbour dues", unless={"en": ["waived?", "free|gratis"], "zh": ["免收"]}), en("levy")
        ),
        rule("letters", en("letters?.*dues", "dues"), {"text": {"zh": ["停泊费"]}}),
    ]
    texts = [
        "the fee",
        "the fee is waived. Dues",
        "fee 免收,停泊费",
        "a levy, gratis fees",
        "Letters about dues",
        "none",
    ]
    tasks = [split_tasks(text) for text in texts]
    together = Matcher(rules).scan_all([fold(text) for text in texts], tasks)
    assert together == [Matcher(rules).scan(text, own) for text, own in zip(texts, tasks, strict=True)]
    assert [[hit.rule.id for hit in hits] for hits in together] == [
        ["fees"],
        ["letters"],
        ["letters"],
        ["fees"],
        ["letters"],
        [],
    ]


def test_an_unless_may_be_long() -> None:
    words = [f"{'harbour' * 20}[a-z]{{1,20}}{number}" for number in range(2_000)]
    block = en("fees", unless={"en": ["|".join(words)], "zh": ["免收"]})
    assert fires(rule("fees", block), "the fees") == "core"
    assert fires(rule("fees", block), f"the fees, {'harbour' * 20}ab7") == "no"


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


def test_patterns_are_compiled_anew_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    import re2

    compiled = []
    original = re2.compile
    monkeypatch.setattr("re2.compile", lambda pattern, options: compiled.append(pattern) or original(pattern, options))
    monkeypatch.setattr("fitcheck.matching._COMPILED_FOR", 3)
    matcher = Matcher([rule("fees", en("fees"))])
    found = [[e.quote for e in matcher.match("the fees", split_tasks("the fees"), today=TODAY)] for _ in range(7)]
    assert found == [["fees"]] * 7
    assert len(compiled) == 3


def test_the_first_core_match_is_quoted_though_a_lesser_one_stands_before() -> None:
    text = "Sum the hours, then draft the fees letter; work out the fees; sum up the fees"
    found = match([rule("fees", en("fees?"))], text)
    assert [(e.role, e.start) for e in found] == [("core", text.index("the fees;") + 4)]


def test_a_match_of_nothing_ends() -> None:
    assert len(match([rule("fees", en("fees|$"))], "the 费用 fees")) == 1


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
