"""`fitcheck cost` as people meet it: what it prints, what it refuses, what it draws."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from decimal import Decimal
from pathlib import Path

import pytest
from command_line import ok, refused

from fitcheck.cost import estimate_cost
from fitcheck.cost.answer import Estimate
from fitcheck.cost.presets import load_presets
from fitcheck.errors import CostError
from fitcheck.render import estimate_markdown, estimate_text
from fitcheck.render.cost_plot import save_plot

PLAIN = ("cost", "--model", "gpt-4o-mini", "--provider", "openai", "--in", "900", "--out", "200")
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def assistant() -> Estimate:
    return estimate_cost("code-assistant", people=1000, on="2026-11-22")


def test_the_month_is_printed_with_its_day_and_source() -> None:
    text = ok(*PLAIN, "--calls", "40000/month", "--on", "2026-11-22")
    assert re.search(r"a month +10\.20 USD", text)
    assert "prices of 2026-11-22" in text
    assert "genai-prices" in text


def test_json_is_pure_and_holds_the_same_month() -> None:
    values = json.loads(ok(*PLAIN, "--calls", "40000", "--json"))
    assert values["usd_per_month"] == {"low": 10.2, "mid": 10.2, "high": 10.2}


def test_calls_a_day_are_days_of_use() -> None:
    values = json.loads(ok(*PLAIN, "--calls", "100/day", "--days", "20", "--json"))
    assert values["usd_per_day"]["mid"] == pytest.approx(0.0255)
    assert values["usd_per_month"]["mid"] == pytest.approx(0.51)


def test_explain_writes_out_every_formula() -> None:
    text = ok(*PLAIN, "--calls", "40000", "--explain")
    assert "= usd_per_call_api * calls_per_month" in text
    assert "= 0.000255 x 40,000" in text


def test_chinese_output_has_no_english_headings() -> None:
    text = ok(*PLAIN, "--calls", "40000", "--lang", "zh")
    assert "每月" in text
    assert not re.search(r"\b(a month|What it rests on|Sources)\b", text)


def test_the_sources_question_is_one_command() -> None:
    values = json.loads(ok("cost", "code-assistant", "--developers", "1000", "--json"))
    assert values["way"] == "own"
    day = values["usd_per_day"]
    assert 0 < day["low"] < day["mid"] < day["high"]
    assert values["api"]["usd_per_month_api"]["mid"] > 0
    assert values["labour"]["says"]["en"] and values["labour"]["says"]["zh"]
    assert {row["name"] for row in values["assumptions"]} >= {"developers", "usd_wage_per_hour", "time_saved_share"}
    assert any("capacity released is not cash saved" in note["en"] for note in values["notes"])


def test_a_changed_assumption_changes_the_answer() -> None:
    plain, dear = (
        json.loads(ok("cost", "code-assistant", "--developers", "1000", "--json", *more))
        for more in ((), ("--set", "usd_per_gpu_hour=9"))
    )
    assert dear["usd_per_month"]["mid"] > plain["usd_per_month"]["mid"]


def test_the_presets_and_the_models_are_listed() -> None:
    assert "fitcheck cost code-assistant --developers N" in ok("cost", "--presets")
    listed = ok("cost", "qwen-plus", "--models", "--on", "2026-11-22")
    assert re.search(r"dashscope +qwen-plus +0\.8 .* CNY", listed)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("cost",), "model: name one"),
        ((*PLAIN, "--calls", "10/week"), "calls: '10/week' says per 'week'; write N/day, N/month or N/year"),
        ((*PLAIN, "--calls", "-5"), "calls: -5 makes no sense"),
        (("cost", "--model", "gpt-4o-minni", "--calls", "5"), "gpt-4o-mini"),
        (("cost", "code-assistant", "--tickets", "5"), "tickets: code-assistant counts developers"),
        (("cost", "--model", "gpt-4o", "--developers", "5"), "developers: only a preset counts developers"),
        ((*PLAIN, "--set", "tokens"), "set: 'tokens' is no NAME=VALUE"),
        ((*PLAIN, "--calls", "5", "--plot", "cost.gif"), "ends in '.gif'; name a file in .svg, .png, .pdf"),
        ((*PLAIN, "--calls", "5", "--gpu", "H100 SXM"), "gpt-4o-mini"),
        (("cost", "--model", "Llama-3.3-70B-Instruct", "--gpu", "L4", "--gpus", "1", "--calls", "5"), "gpus"),
        ((*PLAIN, "--json", "--markdown"), "exclude each other"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(arguments: tuple[str, ...], words: str) -> None:
    message = refused(*arguments)
    assert words in message
    assert message.count("\n") == 1


@pytest.mark.parametrize("preset", [p.id for p in load_presets()])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("way", ["api", "own"])
def test_every_preset_reads_in_both_languages_and_ways(preset: str, lang: str, way: str) -> None:
    estimate = estimate_cost(preset, way=way, on="2026-11-22")
    text = estimate_text(estimate, lang=lang, explain=True)
    assert max(map(len, text.splitlines())) <= 100
    assert bool(HAN.search(text)) == (lang == "zh")
    for name in estimate.sheet.lines:
        assert name in text
    json.loads(estimate.to_json())


def test_printing_an_estimate_shows_it(assistant: Estimate) -> None:
    assert str(assistant) == estimate_text(assistant)
    assert "What moves it most" in str(assistant)


def test_markdown_tells_the_same_money(assistant: Estimate) -> None:
    page = estimate_markdown(assistant, explain=True)
    assert "| a month |" in page
    assert "### Work saved" in page
    for name in assistant.sheet.inputs:
        assert f"`{name}`" in page


def test_what_an_input_says_cannot_become_markup() -> None:
    estimate = estimate_cost(model="gpt-4o-mini", provider="openai", calls=5, on="2026-11-22")
    estimate.notes[0]["en"] = "<script>|`x`"
    assert "<script>" not in estimate_markdown(estimate)


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_a_picture_is_drawn_whole_and_the_same_each_time(assistant: Estimate, tmp_path: Path, ending: str) -> None:
    first, second = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    save_plot(assistant, first)
    save_plot(assistant, second)
    assert first.read_bytes() == second.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"a.{ending}", f"b.{ending}"]
    if ending == "svg":
        words = "".join(ElementTree.parse(first).getroot().itertext())
        assert "calls a month" in words and "What moves it most" in words


def test_a_picture_without_a_volume_says_so(tmp_path: Path) -> None:
    estimate = estimate_cost(model="gpt-4o-mini", provider="openai", on="2026-11-22")
    save_plot(estimate, tmp_path / "a.svg")
    assert "No volume is given" in "".join(ElementTree.parse(tmp_path / "a.svg").getroot().itertext())


def test_a_folder_that_is_not_there_leaves_nothing(assistant: Estimate, tmp_path: Path) -> None:
    with pytest.raises(CostError, match=r"there is no folder .*missing; make it first"):
        save_plot(assistant, tmp_path / "missing" / "a.png")
    assert not list(tmp_path.iterdir())


def test_the_break_even_lies_where_the_costs_cross(assistant: Estimate) -> None:
    even = assistant.break_even
    assert even is not None and not even.is_never
    factor = even.times_today
    above = assistant.sheet.at(volume_factor=factor * Decimal("1.0001"))
    below = assistant.sheet.at(volume_factor=factor * Decimal("0.9999"))
    assert above["usd_per_month_own"] < above["usd_per_month_api"]
    assert below["usd_per_month_own"] > below["usd_per_month_api"]


def test_a_card_of_ones_own_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "card.toml"
    path.write_text("name = 'mine'\nmemory_gib = 80\n", "utf-8")
    with pytest.raises(CostError, match=r"card\.toml"):
        estimate_cost(model="Llama-3.1-8B-Instruct", gpu=path, calls=1000)
