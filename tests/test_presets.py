"""Presets: each parses, its formulas evaluate, both languages are there, and a broken file is named with its line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from fitcheck.cost.asking import CostQuestion
from fitcheck.cost.budget import Asked
from fitcheck.cost.labour import labour_lines
from fitcheck.cost.preset_file import read_preset
from fitcheck.cost.presets import AGREED, Preset, load_preset, load_presets, preset_names
from fitcheck.cost.prices import unit_price
from fitcheck.cost.sheet import Line, Sheet, given
from fitcheck.cost.simpler import find_simpler
from fitcheck.errors import CostError
from fitcheck.text import detect_language

NOVEMBER_2026 = dt.date(2026, 11, 22)
FACTORS = [given(name, 1, "", name, name) for name in AGREED]
PRESETS = load_presets()
by_id = pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.id)


def sheet_of(preset: Preset, *, factors: list = FACTORS) -> Sheet:  # type: ignore[type-arg]
    return Sheet([*preset.inputs, *factors], preset.lines)


def test_there_are_five() -> None:
    assert preset_names() == (
        "batch-extraction",
        "code-assistant",
        "document-qa",
        "meeting-minutes",
        "support-assistant",
    )


@by_id
def test_a_preset_has_its_files_name(preset: Preset) -> None:
    assert load_preset(preset.id) is preset


@by_id
def test_every_formula_evaluates_with_what_an_estimate_adds(preset: Preset) -> None:
    inputs, lines = labour_lines(has_gross=True)
    names = {one.name for one in preset.inputs}
    money = [
        Line(
            "usd_per_month_api", "calls_per_month * (tokens_in + 4 * tokens_out) / 10000000", "USD/month", "api", "api"
        ),
        Line("usd_per_month", "usd_per_month_api * price_factor", "USD/month", "a month", "每月"),
    ]
    rest = [one for one in inputs if one.name not in names]
    sheet = Sheet([*preset.inputs, *FACTORS, *rest], [*preset.lines, *money, *lines])
    assert all(value.is_finite() for value in sheet.values.values())
    assert sheet["usd_per_month"] > 0


@by_id
def test_every_input_and_line_is_said_in_both_languages(preset: Preset) -> None:
    rows = [(one.en, one.zh) for one in preset.inputs] + [(line.en, line.zh) for line in preset.lines]
    rows += [(pair["en"], pair["zh"]) for pair in (preset.title, preset.about, *preset.notes)]
    assert all(detect_language(en) == "en" and detect_language(zh) == "zh" for en, zh in rows)


@by_id
def test_every_assumption_has_a_source(preset: Preset) -> None:
    assert all(len(one.source) > 10 for one in preset.inputs)


@by_id
def test_only_counts_and_conventions_have_no_range(preset: Preset) -> None:
    exact = {one.name for one in preset.inputs if one.low == one.high}
    assert exact <= {preset.people_input, "active_days_per_month", "adoption_share", "review_minutes_per_use"}


@by_id
def test_twice_the_people_make_twice_the_calls(preset: Preset) -> None:
    sheet = sheet_of(preset)
    twice = sheet.at(**{preset.people_input: 2 * sheet[preset.people_input]})
    assert twice["calls_per_month"] == 2 * sheet["calls_per_month"]


@by_id
def test_twice_the_volume_saves_twice_the_hours(preset: Preset) -> None:
    sheet = sheet_of(preset)
    twice = sheet.at(volume_factor=2)
    # a developer who asks twice as often has no more hours
    times = 1 if preset.id == "code-assistant" else 2
    assert twice["calls_per_month"] == 2 * sheet["calls_per_month"]
    assert twice["hours_saved_gross_per_month"] == times * sheet["hours_saved_gross_per_month"]


@by_id
def test_its_model_by_api_has_a_price(preset: Preset) -> None:
    price = unit_price(preset.api.model, preset.api.provider, NOVEMBER_2026, batch=preset.api.batch)
    assert price.per_call(1000, 100) > 0


def test_what_stands_beside_a_preset_is_a_technique() -> None:
    assert [find_simpler(p.instead).by for p in PRESETS if p.instead] == ["core"]


# by hand


def test_a_thousand_developers_by_hand() -> None:
    sheet = sheet_of(load_preset("code-assistant"))
    # 1,000 x .65 x (120 + 12) x 21
    assert sheet["calls_per_month"] == 1_801_800
    # (120 x 1,500 + 12 x 3,000) / 132 and (120 x 20 + 12 x 400) / 132
    assert (round(sheet["tokens_in"], 1), round(sheet["tokens_out"], 1)) == (Decimal("1636.4"), Decimal("54.5"))
    # 1,000 x .65 x 2.5 x 21 x .1
    assert sheet["hours_saved_gross_per_month"] == Decimal("3412.5")


def test_a_code_assistant_may_cost_time() -> None:
    assert sheet_of(load_preset("code-assistant")).range("hours_saved_gross_per_month").low < 0


def test_ten_thousand_tickets_by_hand() -> None:
    sheet = sheet_of(load_preset("support-assistant"))
    # 10,000 x .6 x 3 drafts; 10,000 x .6 x 15 min x .13 / 60
    assert (sheet["calls_per_month"], sheet["hours_saved_gross_per_month"]) == (18_000, 195)


def test_five_hundred_readers_by_hand() -> None:
    sheet = sheet_of(load_preset("document-qa"))
    # 500 x .4 x 4 x 21; 500 + 6 x 400; 16,800 x 4 / 60
    assert (sheet["calls_per_month"], sheet["tokens_in"]) == (16_800, 2_900)
    assert sheet["hours_saved_gross_per_month"] == 1_120


def test_a_hundred_thousand_documents_by_hand() -> None:
    sheet = sheet_of(load_preset("batch-extraction"))
    # 100,000 x 1.03; 500 + 2 x 670; 100,000 x 3 / 60
    assert (sheet["calls_per_month"], sheet["tokens_in"]) == (103_000, 1_840)
    assert sheet["hours_saved_gross_per_month"] == 5_000


def test_a_thousand_meetings_by_hand() -> None:
    sheet = sheet_of(load_preset("meeting-minutes"))
    # 500 + 45 x 140 x 1.4; 1,000 x 15 / 60
    assert (sheet["tokens_in"], sheet["hours_saved_gross_per_month"]) == (9_320, 250)


# in an estimate


def test_people_set_the_count() -> None:
    asked = Asked(NOVEMBER_2026)
    asked.add(FACTORS)
    question = CostQuestion(preset="code-assistant", people=200)
    load_preset("code-assistant").add_to(asked, question)
    assert asked.inputs["developers"].is_given and asked.value("calls_per_month") == 360_360


@pytest.mark.parametrize("name", ["code-assistant", "document-qa"])
def test_users_are_the_people_where_people_are_counted(name: str) -> None:
    asked = Asked(NOVEMBER_2026)
    asked.add(FACTORS)
    load_preset(name).add_to(asked, CostQuestion(users=70))
    assert asked.value("users") == asked.value(load_preset(name).people_input) == 70


def test_tickets_are_no_users() -> None:
    asked = Asked(NOVEMBER_2026)
    asked.add(FACTORS)
    load_preset("support-assistant").add_to(asked, CostQuestion(users=70))
    assert asked.value("tickets_per_month") == 10_000 and not asked.has("users")


def test_a_count_that_makes_no_sense_is_refused_by_its_option() -> None:
    with pytest.raises(CostError, match=r"^developers: "):
        load_preset("code-assistant").add_to(Asked(NOVEMBER_2026), CostQuestion(people=0))


def test_a_wage_replaces_the_assumed_one() -> None:
    asked = Asked(NOVEMBER_2026)
    load_preset("support-assistant").add_to(asked, CostQuestion(wage=22))
    assert asked.inputs["usd_wage_per_hour"].mid == 22 and asked.inputs["usd_wage_per_hour"].is_given


def test_calls_are_what_a_preset_works_out() -> None:
    with pytest.raises(CostError, match=r"^calls: code-assistant works them out; give --developers"):
        load_preset("code-assistant").add_to(Asked(NOVEMBER_2026), CostQuestion(calls=5))


def test_a_preset_fills_what_was_not_said() -> None:
    filled = load_preset("code-assistant").fill(CostQuestion())
    assert (filled.way, filled.gpu, filled.own_model) == ("own", "H100 SXM", "Qwen3-Coder-30B-A3B-Instruct")
    assert (filled.api_model, filled.provider) == ("gpt-4.1-mini", "openai")


def test_by_api_no_card_is_filled_in() -> None:
    filled = load_preset("code-assistant").fill(CostQuestion(way="api"))
    assert filled.gpu is None and not filled.wants_own


def test_a_model_that_is_named_is_that_of_the_way() -> None:
    own = load_preset("code-assistant").fill(CostQuestion(model="Qwen3-32B"))
    assert (own.own_model, own.api_model) == ("Qwen3-32B", "gpt-4.1-mini")
    api = load_preset("support-assistant").fill(CostQuestion(model="gpt-4.1"))
    assert (api.api_model, api.provider) == ("gpt-4.1", None)


def test_an_own_card_asked_for_makes_the_way_own() -> None:
    filled = load_preset("support-assistant").fill(CostQuestion(gpu="L40S"))
    assert (filled.way, filled.gpu, filled.own_model) == ("own", "L40S", "Qwen3-32B")


# errors


def test_an_unknown_preset_offers_the_nearest() -> None:
    with pytest.raises(CostError, match=r"preset: 'code-asistant' is no preset; did you mean code-assistant"):
        load_preset("code-asistant")


GOOD = (Path(str(Path(__file__).parents[1])) / "fitcheck/cost/presets/meeting-minutes.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("schema = 1", "schema = 2", 1, "schema 2 is unknown"),
        ('way = "api"', 'way = "cloud"', 5, "'cloud' is no way"),
        ("range = [25, 45, 90]", "range = [25, 45]", 23, "range is three numbers"),
        ("range = [25, 45, 90]", "range = [50, 45, 90]", 23, "not in order"),
        ("[input.tokens_per_word]", "[input.token_per_word]", None, "uses tokens_per_word, which stands nowhere"),
        ("meetings_per_month * calls_per_meeting", "meetings_per_month * 1.5", None, "whole numbers and names only"),
        ("meetings_per_month * calls_per_meeting", "meetings_per_month * (", None, "never closed"),
        ('unit = "words/minute"\n', "", 29, "lacks unit"),
        ('unit = "words/minute"', 'units = "words/minute"', 29, "units is unknown; did you mean unit"),
        ('input = "meetings_per_month"', 'input = "meetings"', 6, "sets the input 'meetings', which the file lacks"),
        ('"每场会议分钟数"]', "]", 23, "words are two texts"),
        ("[line.hours_saved_gross_per_month]", "[line.hours_saved]", None, "no line and no input hours_saved_gross"),
        ("max_ttft_ms", "max_tfft_ms", 9, "max_tfft_ms is no limit"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int | None, what: str) -> None:
    path = tmp_path / "mine.toml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(CostError) as caught:
        read_preset(path)
    message = str(caught.value)
    assert message.startswith(f"{path}:{line}:" if line else str(path)) and what in message


def test_no_toml_quotes_the_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("schema = \n", "utf-8")
    with pytest.raises(CostError, match=r"mine\.toml.*no TOML"):
        read_preset(path)


def test_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CostError, match=r"none\.toml: can't be read"):
        read_preset(tmp_path / "none.toml")
