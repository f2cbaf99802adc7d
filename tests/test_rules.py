"""Rules: what is refused, with the author's line; and that every shipped rule keeps its own examples."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from fitcheck.errors import RuleError
from fitcheck.matching import Matcher
from fitcheck.records import Verdict
from fitcheck.resources import rules_dir
from fitcheck.rule_packs import PACK, load_beside, load_rules, read_rule, rule_files, rules_hash, save_pack
from fitcheck.rules import Rule
from fitcheck.tasks import split_tasks
from fitcheck.text import normalise

GOOD = """\
schema = 1
id = "harbour-fees"
severity = "high"

[weight]
core = { overkill = 1.5 }
auxiliary = { assist = 0.4 }

[title]
en = "Harbour fees"
zh = "停泊费"

[why]
en = "The tariff gives the fee."
zh = "价目表里有。"

[instead]
kind = "lookup-or-sql"
en = "Look it up."
zh = "查表。"

[[when]]
text.en = ['berth(?:ing)? fees?', 'harbour dues']
text.zh = ['停泊费']
unless.en = ['newsletter']

[[when]]
facts = { output = { equals = "number" }, calls_per_month = { at_least = 100 } }
concepts = { format = "fixed" }

[[source]]
claim = "Fees are in the tariff."
title = "A tariff"
seen = 2026-01-31
expires = 2027-01-31

[[example]]
lang = "en"
text = "An LLM answers what the berth fees are."
fires = "core"
"""
SHIPPED = rule_files(rules_dir())


def write(folder: Path, text: str | bytes, *, name: str = "harbour-fees", family: str = "lookup") -> Path:
    """Write a rule file where a pack has it."""
    path = folder / family / f"{name}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def refusal(path: Path) -> str:
    """Return what the author of a broken rule reads, without the folder."""
    with pytest.raises(RuleError) as caught:
        read_rule(path)
    return str(caught.value).replace(str(path), "RULE")


def test_a_good_rule_is_read(tmp_path: Path) -> None:
    rule = read_rule(write(tmp_path, GOOD))
    assert (rule.id, rule.family, rule.severity) == ("harbour-fees", "lookup", "high")
    assert rule.argues("core") == (Verdict.OVERKILL, 1.5)
    assert rule.argues("auxiliary") == rule.argues("workflow") == (Verdict.ASSIST, 0.4)
    assert rule.argues("dropped") is None
    assert list(rule.when[0].text.compiled()) == [
        r"\b(?:berth(?:ing)? fees?)\b",
        r"\b(?:harbour dues)\b",
        "停泊费",
    ]


def test_a_rule_expires_with_its_source(tmp_path: Path) -> None:
    rule = read_rule(write(tmp_path, GOOD))
    assert not rule.expired(dt.date(2027, 1, 31))
    assert rule.expired(dt.date(2027, 2, 1))


# what the author wrote, what the loader should quote, and what it should say
BROKEN = {
    "an unknown key": ('severity = "high"', 'severity = "high"\ncolour = "red"', 'colour = "red"', "colour"),
    "an unknown severity": ('severity = "high"', 'severity = "hihg"', 'severity = "hihg"', "'note', 'high' or 'block'"),
    "two verdicts in a role": (
        "core = { overkill = 1.5 }",
        "core = { overkill = 1.5, unfit = 1 }",
        "core = { overkill = 1.5, unfit = 1 }",
        "name exactly one of fit, assist, overkill, unfit",
    ),
    "a verdict that nothing argues for": (
        "core = { overkill = 1.5 }",
        "core = { unclear = 1.5 }",
        "core = { unclear = 1.5 }",
        "name exactly one of fit, assist, overkill, unfit",
    ),
    "a weight of zero": (
        "auxiliary = { assist = 0.4 }",
        "auxiliary = { assist = 0 }",
        "auxiliary = { assist = 0 }",
        "greater than 0",
    ),
    "a negative weight": (
        "core = { overkill = 1.5 }",
        "core = { overkill = -1.5 }",
        "core = { overkill = -1.5 }",
        "greater than 0",
    ),
    "an unknown role": (
        "auxiliary = { assist = 0.4 }",
        "assistant = { assist = 0.4 }",
        "assistant = { assist = 0.4 }",
        "'core', 'auxiliary', 'workflow' or 'dropped'",
    ),
    "a missing Chinese title": ('zh = "停泊费"\n', "", "[title]", "title.zh: Field required"),
    "no weight": ("core = { overkill = 1.5 }\nauxiliary = { assist = 0.4 }", "", "[weight]", "weight: "),
    "an empty Chinese why": ('zh = "价目表里有。"', 'zh = ""', 'zh = ""', "why.zh"),
    "an unknown technique": ('kind = "lookup-or-sql"', 'kind = "magic"', 'kind = "magic"', "instead.kind"),
    "an unknown fact": ("output = {", "outputs = {", "outputs = {", "unknown fact 'outputs'"),
    "an unknown test on a fact": ("at_least = 100", "over = 100", "over = 100", "when.1.facts.calls_per_month.over"),
    "an unknown concept": ("{ format =", "{ shape =", "{ shape =", "unknown concept 'shape'"),
    "a broken pattern": ("'harbour dues'", "'harbour (dues'", "'harbour (dues'", "not a pattern that RE2 takes"),
    "a look-behind": ("'newsletter'", "'(?<!old )newsletter'", "'(?<!old )newsletter'", "not a pattern that RE2 takes"),
    "a pattern that matches nothing": ("'停泊费'", "'(?:停泊费)?'", "'(?:停泊费)?'", "matches the empty string"),
    "a date that is none": ("seen = 2026-01-31", 'seen = "spring"', 'seen = "spring"', "source.0.seen"),
    "an unknown role in an example": ('fires = "core"', 'fires = "maybe"', 'fires = "maybe"', "example.0.fires"),
    "an id that is not the file's name": (
        'id = "harbour-fees"',
        'id = "harbor-fees"',
        'id = "harbor-fees"',
        "the id must be the file's name, 'harbour-fees'",
    ),
    "an id in capitals": ('id = "harbour-fees"', 'id = "Harbour"', 'id = "Harbour"', "id: "),
    "a family": ("schema = 1", 'schema = 1\nfamily = "x"', 'family = "x"', "the folder's name is the family"),
    "another schema": ("schema = 1", "schema = 2", "schema = 2", "schema: "),
    "broken TOML": ("[instead]\nkind", "[instead\nkind", "[instead", "not valid TOML"),
    "a misspelt key": ("unless.en", "unles.en", "unles.en", "when.0.unles: unknown key; did you mean 'unless'?"),
    "a misspelt table": ("[title]", "[titel]", "[titel]", "titel: unknown key; did you mean 'title'?"),
    "a misspelt list of tables": ("[[source]]", "[[sources]]", "[[sources]]", "unknown key; did you mean 'source'?"),
    "a misspelt key of a source": ("claim = ", "clam = ", "clam = ", "unknown key; did you mean 'claim'?"),
    "a key that is like none": (
        'severity = "high"',
        'colour = "high"',
        'colour = "high"',
        "unknown key; known: schema",
    ),
    "a misspelt verdict": (
        "core = { overkill = 1.5 }",
        "core = { overkil = 1.5 }",
        "core = { overkil = 1.5 }",
        "weight.core.overkil: name exactly one of fit, assist, overkill, unfit; did you mean 'overkill'?",
    ),
    "a weight that is no number": (
        "core = { overkill = 1.5 }",
        "core = { overkill = nan }",
        "core = { overkill = nan }",
        "should be a finite number",
    ),
    "a weight without its verdict": (
        "core = { overkill = 1.5 }",
        "core = 1.5",
        "core = 1.5",
        "write a verdict and its size, such as { overkill = 1.5 }",
    ),
    "a bound that is no number": ("at_least = 100", "at_least = nan", "at_least = nan", "should be a finite number"),
    "a pattern outside a list": (
        "text.zh = ['停泊费']",
        "text.zh = '停泊费'",
        "text.zh = '停泊费'",
        "when.0.text.zh: write it as a list: ['停泊费']",
    ),
    "an empty pattern": ("'harbour dues'", "''", "''", "an empty pattern; write what the rule looks for"),
    "a table for a list of tables": ("[[source]]", "[source]", "[source]", "with two brackets: [[source]]"),
    "a fact without a test": (
        'output = { equals = "number" }',
        'output = "number"',
        'output = "number"',
        "write it as a test, such as { equals = 'number' }",
    ),
    "a misspelt fact": ("output = {", "outptu = {", "outptu = {", "unknown fact 'outptu'; did you mean 'output'?"),
    "a misspelt technique": ('"lookup-or-sql"', '"lookup-or-sq"', '"lookup-or-sq"', "did you mean 'lookup-or-sql'?"),
    "a key that stands twice": ('zh = "查表。"', 'zh = "查表。"\nzh = "查"', 'zh = "查"', "not valid TOML"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_rule_is_refused_with_its_line(case: str, tmp_path: Path) -> None:
    written, changed, line, said = BROKEN[case]
    assert GOOD.count(written) == 1
    text = GOOD.replace(written, changed)
    message = refusal(write(tmp_path, text))
    head, _, quoted = message.partition("\n")
    number = next(n for n, author in enumerate(text.splitlines(), 1) if line in author)
    assert said in head
    assert head.startswith(f"RULE:{number}: ")
    assert quoted == f"    {number} | {text.splitlines()[number - 1]}"


@pytest.mark.parametrize(
    ("cut", "said"),
    [
        ("schema = 1\n", "schema: Field required"),
        ("[weight]\ncore = { overkill = 1.5 }\nauxiliary = { assist = 0.4 }\n", "weight: Field required"),
        (GOOD[GOOD.index("[[source]]") : GOOD.index("[[example]]")], "source: Field required"),
        (GOOD[GOOD.index("[[when]]") : GOOD.index("[[source]]")], "when: Field required"),
    ],
)
def test_what_a_rule_lacks_is_named_with_the_file(cut: str, said: str, tmp_path: Path) -> None:
    assert GOOD.count(cut) == 1
    assert refusal(write(tmp_path, GOOD.replace(cut, ""))) == f"RULE: {said}"


def test_a_block_that_says_nothing_is_refused(tmp_path: Path) -> None:
    message = refusal(write(tmp_path, GOOD.replace("text.en", "unless.zh").replace("text.zh = ['停泊费']\n", "")))
    assert "a [[when]] block needs text, facts or concepts" in message
    assert message.startswith(f"RULE:{GOOD.splitlines().index('[[when]]') + 1}: ")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.encode() + b"\xff")
    assert refusal(path) == f"RULE: not UTF-8 (byte {len(GOOD.encode())}); save it as UTF-8"
    assert "save it as UTF-8" in refusal(write(tmp_path, GOOD.encode("gb18030")))


def test_a_file_that_is_too_long_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD + "#" * 300_000)
    assert refusal(path) == "RULE: over 200,000 bytes; one file holds one rule, change or plan"


def test_a_missing_file_or_folder_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "no" / "rule.toml") == "RULE: No such file or directory"
    with pytest.raises(RuleError, match="no such file or folder; give a folder of"):
        load_rules(tmp_path / "nowhere")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no rule file in it; a pack holds"):
        load_rules(tmp_path)


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD, family="fees")
    with pytest.raises(RuleError, match="harbour-fees") as caught:
        load_rules(tmp_path)
    assert "lookup" in str(caught.value)
    assert "fees" in str(caught.value)


def test_an_extra_rule_with_the_id_of_another_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("harbour-fees", "payroll-and-tax"), name="payroll-and-tax", family="ours")
    for extra in (tmp_path, path, str(path)):
        with pytest.raises(RuleError, match=r"payroll-and-tax\.toml:2: .*computation/.*an id of its own"):
            load_beside(load_rules(), extra)
    path.unlink()
    assert [rule.id for rule in load_beside(load_rules(), write(tmp_path, GOOD))] == ["harbour-fees"]


def test_a_pack_is_read_in_order_and_one_file_is_a_pack(tmp_path: Path) -> None:
    first = write(tmp_path, GOOD.replace("harbour-fees", "b"), name="b", family="a")
    write(tmp_path, GOOD.replace("harbour-fees", "a"), name="a", family="b")
    assert [(r.family, r.id) for r in load_rules(tmp_path)] == [("a", "b"), ("b", "a")]
    assert [r.id for r in load_rules(first)] == ["b"]


def test_the_hash_follows_what_decides_and_not_the_words(tmp_path: Path) -> None:
    plain = [read_rule(write(tmp_path, GOOD))]
    reworded = [read_rule(write(tmp_path, GOOD.replace("Look it up.", "Look it up in the table.")))]
    heavier = [read_rule(write(tmp_path, GOOD.replace("1.5", "1.6")))]
    other = [read_rule(write(tmp_path, GOOD.replace("harbour dues", "harbour dues?")))]
    assert rules_hash(plain) == rules_hash(reworded)
    assert len({rules_hash(plain), rules_hash(heavier), rules_hash(other)}) == 3


def test_a_kept_pack_is_read_while_the_folder_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, model = tmp_path / "rules", tmp_path / "model"
    folder.mkdir()
    model.mkdir()
    monkeypatch.setattr("fitcheck.rule_packs.rules_dir", lambda: folder)
    monkeypatch.setattr("fitcheck.rule_packs.model_dir", lambda: model)
    path = write(folder, GOOD)
    plain = load_rules()
    save_pack(plain, folder, model / PACK)
    assert load_rules() == plain
    # what is kept is what is read: a mark in it shows
    kept = (model / PACK).read_bytes()
    (model / PACK).write_bytes(kept.replace(b"Harbour fees", b"Harbour FEES"))
    assert load_rules()[0].title.en == "Harbour FEES"
    path.write_text(GOOD.replace("1.5", "1.25"), "utf-8")
    assert load_rules()[0].argues("core") == (Verdict.OVERKILL, 1.25)
    for broken in (b"", b"\n", kept[:-40], b"\xff\xfe"):
        (model / PACK).write_bytes(broken)
        assert load_rules()[0].title.en == "Harbour fees"


def test_there_are_rules_to_check() -> None:
    assert len(SHIPPED) >= 80
    assert len({p.stem for p in SHIPPED}) == len(SHIPPED)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_each_shipped_rule_keeps_its_examples(path: Path) -> None:
    rule = read_rule(path)
    assert rule.example
    matcher = Matcher([rule])
    wrong = [(e.fires, got, e.text) for e in rule.example if (got := role_of(matcher, e.text, e.facts)) != e.fires]
    assert wrong == []
    quota = Counter((e.lang, e.fires != "no") for e in rule.example)
    assert min(quota["en", True], quota["zh", True]) >= 2
    assert min(quota["en", False], quota["zh", False]) >= 1
    assert_examples_argue(rule)


def role_of(matcher: Matcher, text: str, facts: dict[str, object]) -> str:
    """Return the role at which a matcher of one rule fires, or `no`."""
    text = normalise(text)
    fired = matcher.fired(text, split_tasks(text), facts=facts, concepts={})
    return fired[0].role if fired else "no"


def assert_examples_argue(rule: Rule) -> None:
    """Check that some example fires at a role at which the rule has something to say."""
    assert any(e.fires != "no" and rule.argues(e.fires) for e in rule.example)
