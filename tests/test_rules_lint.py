"""The rule linter on packs that are broken on purpose, each in one way, and on the shipped pack."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest

from fitcheck.corpus import Scenario, load_corpus
from fitcheck.errors import RuleError
from fitcheck.matching import Matcher
from fitcheck.records import Verdict
from fitcheck.rule_packs import load_rules, read_rule
from fitcheck.rule_rows import rule_rows
from fitcheck.rules import Rule
from fitcheck.rules_lint import RulesLint, _capital, lint_rules, lint_text

GOOD = """\
schema = 1
id = "payroll"
[weight]
core = { overkill = 1.2 }
auxiliary = { assist = 0.3 }
[title]
en = "Payroll"
zh = "工资"
[why]
en = "A formula does it."
zh = "公式就能算。"
[instead]
kind = "plain-code-or-spreadsheet"
en = "A spreadsheet."
zh = "电子表格。"
[[when]]
text.en = ['payroll', 'calculate wages?']
text.zh = ['算工资']
[[source]]
claim = "c"
title = "t"
seen = 2026-01-01
[[example]]
lang = "en"
text = "Use an LLM to compute the payroll"
fires = "core"
[[example]]
lang = "en"
text = "Have it calculate wages"
fires = "core"
[[example]]
lang = "en"
text = "Draft the letter about pay"
fires = "no"
[[example]]
lang = "zh"
text = "让大模型每月算工资"
fires = "core"
[[example]]
lang = "zh"
text = "用AI算工资"
fires = "core"
[[example]]
lang = "zh"
text = "写一封关于薪酬的信"
fires = "no"
"""


def scenario(text: str, verdict: str, lang: str = "en") -> Scenario:
    return Scenario(
        id=text, pair=None, family="f", form="one-liner", lang=lang, text=text, verdict=Verdict(verdict),  # type: ignore[arg-type]
        role="core", category="arithmetic-reporting", decides="none", input="records", format="fixed", stakes="low",
        review="unsaid", existing="unsaid", alternative=None,
    )  # fmt: skip


SCENARIOS = (
    scenario("Use an LLM to run the payroll", "overkill"),
    scenario("每月算工资", "overkill", "zh"),
    scenario("Explain the payroll to staff", "fit"),
    scenario("Write a poem", "fit"),
)


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / "computation" / f"{name}.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def lint(folder: Path, *texts: str) -> RulesLint:
    for number, text in enumerate(texts):
        write(folder, "payroll" if number == 0 else f"other-{number}", text)
    return lint_rules(folder, SCENARIOS, today=dt.date(2026, 6, 1))


def test_a_good_rule_has_no_findings_and_its_figures_add_up(tmp_path: Path) -> None:
    done = lint(tmp_path, GOOD)
    assert done.findings == ()
    (row,) = done.rows
    assert (row.id, row.family, row.argues) == ("payroll", "computation", {"core": "overkill", "auxiliary": "assist"})
    assert (row.fires, row.speaks, row.by_lang) == (3, 3, {"en": 2, "zh": 1})
    assert row.coverage == pytest.approx(3 / 4)
    assert row.precision == pytest.approx(2 / 3)
    assert (row.overlap, row.conflict) == (0.0, 0.0)
    assert "0 errors, 0 warnings" in lint_text(done)


def test_overlap_and_conflict(tmp_path: Path) -> None:
    other = GOOD.replace('"payroll"', '"other-1"').replace("overkill = 1.2", "fit = 0.5")
    other = other.replace("'payroll', 'calculate wages?'", "'explain the payroll'").replace("'算工资'", "'每月算工资'")
    done = lint(tmp_path, GOOD, other)
    rows = {row.id: row for row in done.rows}
    assert rows["payroll"].overlap == rows["payroll"].conflict == pytest.approx(2 / 3)
    assert rows["other-1"].speaks == 2
    assert rows["other-1"].overlap == rows["other-1"].conflict == 1.0
    assert rows["other-1"].precision == 0.5


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("text.zh = ['算工资']\n", "", "no zh text patterns"),
        ("'payroll'", "'payroll', 'process(?:es|ing)?'", "fires on 'process' alone"),
        ("'payroll'", "'(?:use|run) .*'", "fires on 'use' alone"),
        ("'算工资'", "'算工资|处理'", "fires on '处理' alone"),
        ("'算工资'", "'分析'", "fires on '分析' alone"),
        ("'payroll'", "'payroll.{0,60}'", "{0,60} counts too far"),
        ("'payroll'", "'payroll(?:a{21})?'", "{21} counts too far"),
        ("'payroll'", "'payroll(?:a{2,})?(?:b{,30})?(?:c{0,400})?'", "{0,400} counts too far"),
        ('fires = "core"', 'fires = "auxiliary"', "example 1 says fires = 'auxiliary', and it is 'core'"),
        ("Draft the letter about pay", "Compute payroll", "example 3 says fires = 'no', and it is 'core'"),
        ("Use an LLM to compute the payroll", "Compute pay", "example 1 says fires = 'core', and it is 'no'"),
        ('wages"\nfires = "core"', 'pay"\nfires = "no"', "en has 1 examples that fire and 2 near misses"),
        ('薪酬的信"\nfires = "no"', '算工资"\nfires = "core"', "zh has 3 examples that fire and 0 near misses"),
        ("'payroll', 'calculate wages?'", "'pay(roll'", "not a pattern that RE2 takes"),
        ("'算工资'", "'(?:算工资)?'", "matches the empty string"),
        ("'payroll'", "'E-Payrolls?', 'payroll'", "the capital 'E' never matches"),
        ("'算工资'", "'算工资', 'OA系统'", "the capital 'O' never matches"),
        ("'payroll'", "'payroll (?:[A-Z]{2}\\d)', 'payroll'", "the capital 'A' never matches"),
        ('fires = "core"', 'fires = "core"\nfacts = { stakes = "hgh" }', "its facts: stakes = 'hgh'"),
        ('fires = "core"', 'fires = "core"\nfacts = { stake = "high" }', "did you mean 'stakes'?"),
        ('title = "t"', 'title = "t"\nurl = "example"', "source 1 has url = 'example', which is no address"),
        ("seen = 2026-01-01", "seen = 2030-01-01", "source 1 was seen on 2030-01-01, which is yet to come"),
        ("schema = 1", "schema = 2", "schema"),
        ('id = "payroll"', 'id = "wages"', "must be the file's name"),
        ("[title]", "[titel]", "titel: unknown key; did you mean 'title'?"),
        ('en = "Payroll"', 'en = Payroll', "not valid TOML"),
    ],
)  # fmt: skip
def test_one_broken_thing_is_one_kind_of_finding(tmp_path: Path, old: str, new: str, what: str) -> None:
    assert old in GOOD
    done = lint(tmp_path, GOOD.replace(old, new, 1))
    assert any(what in f.message for f in done.errors), [f.message for f in done.findings]
    for found in done.errors:
        assert found.path.endswith("payroll.toml")
        if found.line is not None:
            lines = Path(found.path).read_text("utf-8").splitlines()
            assert found.quote.strip() in lines[found.line - 1]
    assert what in lint_text(done)


@pytest.mark.parametrize(
    "pattern", [r"pay\S+ [a-zA-Z]+", "(?i)Pay", r"\p{Han}+pay", "P波|p波", r"pay[^A-Z]", "(?P<Name>pay)"]
)
def test_capitals_that_stand_for_no_capital_are_let_be(pattern: str) -> None:
    assert _capital(pattern) is None


def test_all_files_are_read_past_broken_ones(tmp_path: Path) -> None:
    bad = "not toml ["
    done = lint(tmp_path, GOOD, bad, GOOD, GOOD.replace('"payroll"', '"other-3"').replace("'payroll'", "'pay{0,99}'"))
    assert {Path(f.path).name for f in done.errors} == {"other-1.toml", "other-2.toml", "other-3.toml"}
    assert [row.id for row in done.rows] == ["other-3", "payroll"]


def test_an_id_twice(tmp_path: Path) -> None:
    write(tmp_path, "payroll", GOOD)
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / "payroll.toml").write_text(GOOD, encoding="utf-8")
    done = lint_rules(tmp_path, SCENARIOS)
    assert any("stands in" in f.message and f.line == 2 for f in done.errors)


def test_a_rule_that_fires_nowhere(tmp_path: Path) -> None:
    write(tmp_path, "payroll", GOOD)
    done = lint_rules(tmp_path, SCENARIOS[3:])
    assert [f.message.split(":")[0] for f in done.errors] == ["fires on none of 1 scenarios"]
    # scenarios carry no facts, so a rule that needs one is not to blame
    write(tmp_path, "payroll", GOOD.replace("[[source]]", "facts = { output = { equals = 'number' } }\n[[source]]"))
    assert not any("fires on none" in f.message for f in lint_rules(tmp_path, SCENARIOS[3:]).errors)


def test_concepts_are_tried_on_the_labels(tmp_path: Path) -> None:
    block = "[[when]]\nconcepts = { category = 'arithmetic-reporting' }\n[[source]]"
    done = lint(tmp_path, GOOD.replace("[[source]]", block))
    assert done.rows[0].speaks == len(SCENARIOS)


def test_an_expired_source_is_a_warning(tmp_path: Path) -> None:
    done = lint(tmp_path, GOOD.replace("seen = 2026-01-01", "seen = 2025-01-01\nexpires = 2026-05-31"))
    (found,) = done.findings
    assert found.level == "warning"
    assert "expiry date" in found.message
    assert found.line == 23


def test_nothing_to_check_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no rule file"):
        lint_rules(tmp_path, SCENARIOS)
    with pytest.raises(RuleError, match="no such file or folder"):
        lint_rules(tmp_path / "absent", SCENARIOS)


def test_backtracking_patterns_are_harmless(tmp_path: Path) -> None:
    hostile = GOOD.replace("'payroll'", r"'payroll', '(a+)+$', '(?:a|a)*b', '(?:.*a){12}x'")
    matcher = Matcher([read_rule(write(tmp_path, "payroll", hostile))])
    begin = time.perf_counter()
    fired = matcher.fired("a" * 100_000 + "!", (), facts={}, concepts={})
    assert time.perf_counter() - begin < 2
    assert fired == []


@pytest.fixture(scope="module")
def shipped() -> RulesLint:
    # every fifth scenario is enough for the checks that don't count; the full run is `fitcheck rules --check`
    return lint_rules(None, [s for s in load_corpus() if s.split == "train"][::5])


def test_the_shipped_pack_has_no_errors(shipped: RulesLint) -> None:
    assert [str(f) for f in shipped.errors if "fires on none" not in f.message] == []


def test_every_shipped_rule_has_a_row(shipped: RulesLint) -> None:
    rules: tuple[Rule, ...] = load_rules()
    assert [row.id for row in shipped.rows] == [rule.id for rule in rules]
    assert all(0 <= row.coverage <= 1 for row in shipped.rows)
    assert len({row.id for row in shipped.rows}) == len(rules)


def test_shipped_rules_that_seem_silent_fire_on_some_training_scenario(shipped: RulesLint) -> None:
    silent = {row.id for row in shipped.rows if not row.fires}
    rules = [rule for rule in load_rules() if rule.id in silent and not all(block.facts for block in rule.when)]
    if rules:
        scenarios = [s for s in load_corpus() if s.split == "train"]
        assert [row.id for row in rule_rows(rules, scenarios) if not row.fires] == []
