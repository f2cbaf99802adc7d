"""A rule's page, in a terminal, in Markdown and in JSON."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

from fitcheck.explain import explain_rule, rule_json, rule_markdown, rules_table
from fitcheck.rule_packs import load_rules, read_rule
from fitcheck.rules import Rule
from fitcheck.text import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh")
TODAY = dt.date(2026, 11, 22)
LATER = dt.date(2029, 1, 1)

RULE = r"""
schema = 1
id = "counts-by-hand"
severity = "high"

[weight]
core = { overkill = 1.6 }
auxiliary = { assist = 0.4 }

[title]
en = "Counts what a formula counts"
zh = "替公式数数"
[why]
en = "A formula gives the same sum every time [red]and[/] costs nothing | a model does not."
zh = "公式每次得出同一个数，几乎不花钱；模型做不到。"
[instead]
kind = "plain-code-or-spreadsheet"
en = "A spreadsheet."
zh = "用电子表格。"

[[when]]
text.en = ['add(?:s|ing)? up (?:the )?`?totals`?', 'sum <b>|</b>']
text.zh = ['(?:合计|加总)']
unless.en = ['explain(?:s|ing)?']
facts = { output = { one_of = ["number", "fields"] }, calls_per_month = { at_least = 1000000 } }

[[when]]
concepts = { category = "arithmetic-reporting", decides = ["model", "method"] }

[[source]]
claim = "Sums by a model are now and then wrong."
figure = "3 of 100"
title = "A [study] of sums <2024>"
url = "https://example.org/a(b)"
seen = 2026-11-22
expires = 2027-06-30

[[source]]
claim = "Arithmetic is solved."
title = "An old book"
seen = 2026-11-22

[[example]]
lang = "en"
text = "Adding up totals of each till."
fires = "core"

[[example]]
lang = "zh"
text = "把每台收银机加总。"
fires = "core"
facts = { output = "number", human_review = false }

[[example]]
lang = "en"
text = "Explain | the totals."
fires = "no"
"""


@pytest.fixture
def rule(tmp_path: Path) -> Rule:
    path = tmp_path / "computation" / "counts-by-hand.toml"
    path.parent.mkdir()
    path.write_text(RULE, "utf-8")
    return read_rule(path)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_golden_page(rule: Rule, lang: Language, golden: Callable[[str, str], None]) -> None:
    golden(f"rule.{lang}.txt", explain_rule(rule, lang=lang, today=TODAY) + "\n")
    golden(f"rule.{lang}.md", rule_markdown(rule, lang, today=TODAY))


def test_a_source_past_its_date_is_marked(rule: Rule) -> None:
    assert "past its date" not in explain_rule(rule, today=TODAY)
    assert "past its date since 2027-06-30" in explain_rule(rule, today=LATER)
    assert "2027-06-30 起已过期" in explain_rule(rule, lang="zh", today=LATER)
    assert "**source past its date**" in rule_markdown(rule, today=LATER)
    assert json.loads(rule_json(rule, today=LATER))["stale"] is True
    assert json.loads(rule_json(rule, today=TODAY))["stale"] is False
    assert "source past its date" in rules_table([rule], width=100, today=LATER)
    assert "source past its date" not in rules_table([rule], today=TODAY)


def test_the_last_day_still_holds(rule: Rule) -> None:
    assert "past its date" not in explain_rule(rule, today=dt.date(2027, 6, 30))


def test_conditions_are_told_in_words(rule: Rule) -> None:
    text = " ".join(explain_rule(rule, today=TODAY).split())
    assert "a number comes out or fields come out" in text
    assert "calls per month: at least 1,000,000" in text
    assert "who decides: the model decides or another method decides" in text
    assert "(a number comes out; nobody checks the output)" in text


def test_weights_stand_by_role(rule: Rule) -> None:
    text = explain_rule(rule, today=TODAY)
    assert re.search(r"core +overkill +\+1\.60", text)
    assert re.search(r"auxiliary +assist +\+0\.40", text)
    assert "workflow" not in text


def test_json_is_the_whole_rule(rule: Rule) -> None:
    values = json.loads(rule_json(rule, today=TODAY))
    assert values["schema"] == 1
    assert values["family"] == "computation"
    assert values["weight"] == {"core": {"overkill": 1.6}, "auxiliary": {"assist": 0.4}}
    assert values["source"][0]["expires"] == "2027-06-30"
    assert values["when"][0]["text"]["zh"] == ["(?:合计|加总)"]


def test_markdown_escapes_what_the_rule_says(rule: Rule) -> None:
    text = rule_markdown(rule, today=TODAY)
    assert r"\[red\]and\[/\] costs nothing &#124; a model" in text
    assert r"[A \[study\] of sums &lt;2024&gt;](<https://example.org/a(b)>)" in text
    assert "- Explain &#124; the totals. → stays silent" in text
    # patterns stand in a fence, as they are written
    assert "```text\nadd(?:s|ing)? up (?:the )?`?totals`?\nsum <b>|</b>\n```" in text


def test_markup_in_a_rule_is_shown_literally(rule: Rule) -> None:
    assert "[red]and[/]" in explain_rule(rule, today=TODAY)
    assert "[red]and[/]" in re.sub(r"\x1b\[[\d;]*m", "", explain_rule(rule, colour=True, today=TODAY))
    assert "\x1b" not in explain_rule(rule, today=TODAY)


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_shipped_rule_has_its_page(width: int, lang: Language) -> None:
    rules = load_rules()
    for rule in rules:
        text = explain_rule(rule, lang=lang, width=width, today=TODAY)
        assert max(cell_len(line) for line in text.split("\n")) <= width
        assert rule_markdown(rule, lang, today=TODAY).startswith("## ")
    table = rules_table(rules, lang=lang, width=width, today=TODAY)
    assert max(cell_len(line) for line in table.split("\n")) <= width
    assert all(re.search(rf"^  {rule.id} ", table, re.M) for rule in rules)
    assert str(len(rules)) in table.split("\n")[-1]


def test_the_table_aligns_in_chinese() -> None:
    lines = rules_table(load_rules(), lang="zh", width=120, today=TODAY).split("\n")
    rows = [line for line in lines if re.search(r"\+\d\.\d\d", line)]
    assert len(rows) == len(load_rules())
    assert len({cell_len(line[: re.search(r"\+\d\.\d\d", line).end()]) for line in rows}) == 1  # type: ignore[union-attr]
