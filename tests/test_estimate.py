"""An estimate by API: money by period, ranges, what-ifs, overrides, and clear refusals."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fitcheck
from fitcheck.cost import estimate_cost, unit_price
from fitcheck.cost.answer import Estimate
from fitcheck.errors import CostError, PriceUnknown

ON = dt.date(2026, 11, 22)


def mini(**asked: object) -> Estimate:
    return estimate_cost(**{"model": "gpt-4o-mini", "provider": "openai", "on": ON, **asked})


def test_a_month_is_what_its_calls_add_up_to() -> None:
    # 900 x 0.15 + 200 x 0.60 USD per million tokens
    estimate = mini(calls=40_000, tokens_in=900, tokens_out=200)
    assert estimate.usd_per_call.mid == Decimal("0.000255")
    assert estimate.usd_per_month.mid == Decimal("10.2")
    assert estimate.usd_per_year.mid == Decimal("122.4")


def test_a_million_tenths_of_a_cent_add_up_without_drift() -> None:
    assert mini(calls=3, tokens_in=1_000_000, tokens_out=0).usd_per_month.mid == Decimal("0.45")


def test_the_price_is_that_of_the_day() -> None:
    asked = {"model": "gpt-4o", "provider": "openai", "calls": 1, "tokens_in": 1_000_000, "tokens_out": 1_000_000}
    assert estimate_cost(on="2024-07-20", **asked).usd_per_call.mid == 20
    assert estimate_cost(on="2026-11-22", **asked).usd_per_call.mid == Decimal("12.5")


@pytest.mark.parametrize(("per", "calls", "month"), [("day", 10, 210), ("month", 10, 10), ("year", 120, 10)])
def test_calls_are_counted_per_day_month_or_year(per: str, calls: int, month: int) -> None:
    assert mini(calls=calls, per=per, days_per_month=21).sheet["calls_per_month"] == month


def test_a_day_is_a_day_of_use() -> None:
    estimate = mini(calls=2100, days_per_month=21, tokens_in=1000, tokens_out=0)
    assert estimate.usd_per_day.mid == Decimal("0.015")


def test_cached_tokens_cost_the_cached_price() -> None:
    # half of the input at 0.15, half at 0.075
    assert mini(calls=1, tokens_in=1_000_000, tokens_out=0, cached="0.5").usd_per_call.mid == Decimal("0.1125")


def test_a_long_request_is_repriced_as_a_whole_and_a_month_is_not() -> None:
    price = unit_price("gemini-2.5-pro", "google", ON)
    assert len(price.input) > 1
    asked = {"model": "gemini-2.5-pro", "provider": "google", "on": ON, "tokens_out": 1000}
    long = estimate_cost(calls=1, tokens_in=250_000, **asked)
    assert long.usd_per_call.mid == price.per_call(250_000, 1000)
    many_short = estimate_cost(calls=1000, tokens_in=1000, **asked)
    assert many_short.usd_per_month.mid == 1000 * price.per_call(1000, 1000)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 500_000), st.integers(0, 50_000), st.sampled_from(["0", "0.25", "1"]))
def test_the_sheet_and_the_price_agree(tokens_in: int, tokens_out: int, cached: str) -> None:
    price = unit_price("gemini-2.5-pro", "google", ON)
    found = estimate_cost(
        model="gemini-2.5-pro", provider="google", on=ON, tokens_in=tokens_in, tokens_out=tokens_out, cached=cached
    ).usd_per_call.mid
    part = Decimal(tokens_in) * Decimal(cached)
    if part == part.to_integral_value():
        assert found == price.per_call(tokens_in, tokens_out, tokens_cached=int(part))
    assert found >= 0


def test_a_chinese_price_is_turned_into_dollars_at_the_stated_rate() -> None:
    asked = {"model": "qwen-plus", "provider": "dashscope", "calls": 1, "tokens_in": 100_000, "tokens_out": 0}
    price = unit_price("qwen-plus", "dashscope", ON)
    assert price.currency == "CNY"
    estimate = estimate_cost(on=ON, cny_per_usd=8, currency="CNY", **asked)
    yuan = price.per_call(100_000, 0)
    assert estimate.usd_per_call.mid == yuan / 8
    assert estimate.range("cny_per_call").mid == yuan


def test_without_a_stated_rate_its_range_is_shown() -> None:
    estimate = estimate_cost(model="qwen-plus", provider="dashscope", on=ON, calls=1, tokens_in=1000, tokens_out=100)
    assert estimate.usd_per_call.low < estimate.usd_per_call.mid < estimate.usd_per_call.high
    assert [row["name"] for row in estimate.sensitivity] == ["cny_per_usd"]


def test_a_range_goes_in_and_a_range_comes_out() -> None:
    estimate = mini(calls="1000..3000", tokens_in=(500, 800, 2000), tokens_out=100)
    shown = estimate.usd_per_month
    assert shown.low < shown.mid < shown.high
    ends = [mini(calls=c, tokens_in=t, tokens_out=100).usd_per_month.mid for c, t in ((1000, 500), (3000, 2000))]
    assert ends[0] < shown.low and shown.high < ends[1]


def test_the_same_question_gives_the_same_answer() -> None:
    asked = {"calls": "1000..3000", "tokens_in": "500..2000"}
    assert mini(**asked).to_json() == mini(**asked).to_json()


def test_what_moves_it_most_comes_first() -> None:
    estimate = mini(calls="1000..1100", tokens_in="500..5000", tokens_out=10)
    assert [row["name"] for row in estimate.sensitivity] == ["tokens_in", "calls_given_per_month"]


@pytest.mark.parametrize("factor", ["price_factor", "volume_factor"])
def test_a_what_if_multiplies(factor: str) -> None:
    asked = {"calls": 1000, "tokens_in": 1000, "tokens_out": 100}
    assert mini(**asked, **{factor: 2}).usd_per_month.mid == 2 * mini(**asked).usd_per_month.mid


def test_any_input_can_be_set_by_its_name() -> None:
    estimate = mini(calls=1, tokens_in=1_000_000, tokens_out=0, set={"usd_per_mtok_in": "0.3"})
    assert estimate.usd_per_call.mid == Decimal("0.3")
    assert estimate.sheet.inputs["usd_per_mtok_in"].is_given


def test_without_a_volume_a_call_is_priced_and_nothing_else() -> None:
    values = mini(tokens_in=1000, tokens_out=0).to_dict()
    assert values["usd_per_call"]["mid"] == pytest.approx(0.00015)
    assert values["usd_per_day"] is values["usd_per_month"] is values["usd_per_year"] is None


def test_json_carries_the_promised_keys() -> None:
    values = json.loads(mini(calls=1000).to_json())
    for period in ("call", "day", "month", "year"):
        assert set(values[f"usd_per_{period}"]) == {"low", "mid", "high"}
    for key in ("assumptions", "sensitivity", "break_even", "alternative", "labour", "sources"):
        assert key in values
    assert any("genai-prices" in source for source in values["sources"])
    assert {"name", "low", "mid", "high", "unit", "en", "zh", "source"} == set(values["assumptions"][0])


def test_sizes_that_nobody_gave_are_assumed_with_a_range() -> None:
    estimate = mini(calls=1000)
    one = estimate.sheet.inputs["tokens_in"]
    assert one.low < one.mid < one.high
    assert one.source.startswith("assumed")


def test_a_use_case_asks_with_its_facts() -> None:
    case = fitcheck.UseCase(
        text="Draft replies", users=100, calls_per_user_per_day=2, tokens_in=1000, tokens_out=0, model="gpt-4o-mini"
    )
    estimate = fitcheck.estimate_cost(case, on=ON)
    assert estimate.sheet["calls_per_month"] == 100 * 2 * 21
    assert estimate.range("usd_per_user").mid == estimate.usd_per_month.mid / 100


def test_every_figure_can_be_worked_out_from_what_is_printed() -> None:
    estimate = mini(calls=40_000, tokens_in=900, tokens_out=200)
    sheet = estimate.sheet
    for name, line in sheet.lines.items():
        assert sheet.explain(name)
        assert sheet.needed(name) - {name} <= {*sheet.inputs, *sheet.lines}, line.formula
    assert sheet.explain("usd_per_month_api") == "0.000255 x 40,000"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"calls": -5}, "calls: -5 makes no sense"),
        ({"calls": 0}, "calls: 0 makes no sense; give more than 0"),
        ({"calls": "many"}, "calls: 'many' is no figure"),
        ({"calls": 10**18}, "calls: 1000000000000000000 makes no sense"),
        ({"calls": "9..1"}, "calls: '9..1' is not in order"),
        ({"calls": float("nan")}, "calls: nan is no finite number"),
        ({"tokens_in": -1}, "tokens_in: -1 makes no sense"),
        ({"tokens_in": 10**9}, "tokens_in: 1000000000 makes no sense; give 0 or more and at most 100000000"),
        ({"cached": 1.5}, "cached: 1.5 makes no sense; give 0 or more and at most 1"),
        ({"on": "yesterday"}, "on: 'yesterday' is no day; write it as 2026-11-22"),
        ({"per": "week"}, "per: 'week' is none of day, month, year"),
        ({"currency": "EUR"}, "currency: 'EUR' is none of USD, CNY"),
        ({"days_per_month": 40}, "days_per_month: 40 makes no sense"),
        ({"set": {"token_in": 5}}, "token_in: this estimate has no such input; did you mean tokens_in"),
        ({"modell": "x"}, "modell: no such question about cost; did you mean model"),
        ({"people": 5}, "people: only a preset counts people"),
        ({"preset": "code-asistant"}, "did you mean code-assistant"),
        ({"instead": "regex"}, "instead: 'regex' is no technique; did you mean regex-or-parser"),
        ({"gpu": "H100 SXM"}, "calls: own cards cost the same whether used or not"),
        ({"way": "own", "calls": 5}, "gpu: name the card"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_name(asked: dict[str, object], words: str) -> None:
    with pytest.raises(CostError) as caught:
        mini(**asked)
    assert words in str(caught.value)


def test_no_model_is_refused() -> None:
    with pytest.raises(CostError, match=r"model: name one, such as gpt-4o-mini"):
        estimate_cost(calls=5)


def test_a_day_before_the_launch_is_refused() -> None:
    with pytest.raises(PriceUnknown, match="2024-07-18"):
        estimate_cost(model="gpt-4o-mini", provider="openai", calls=1, on="2024-07-01")


def test_a_request_longer_than_its_price_is_known_for_is_refused() -> None:
    price = unit_price("qwen-plus", "dashscope", ON)
    assert price.max_tokens_in is not None
    with pytest.raises(PriceUnknown, match=str(price.max_tokens_in)):
        estimate_cost(model="qwen-plus", provider="dashscope", on=ON, tokens_in=price.max_tokens_in + 1)


def test_an_exchange_rate_that_cancels_moves_nothing() -> None:
    estimate = estimate_cost(
        model="doubao-seed-1.6",
        provider="volcengine",
        on=ON,
        calls=1000,
        tokens_in=1000,
        tokens_out=100,
        currency="CNY",
    )
    assert estimate.sensitivity == []
    assert "CNY" in str(estimate)


def test_an_image_is_priced_by_its_own_tokens() -> None:
    asked = {"model": "gpt-image-1.5", "provider": "openai", "on": ON, "tokens_in": 0, "tokens_out": 1_000_000}
    assert estimate_cost(output="image", **asked).usd_per_call.mid == 32
    assert estimate_cost(**asked).usd_per_call.mid == 10


def test_a_label_is_assumed_to_be_short() -> None:
    case = fitcheck.UseCase(text="Sort mails", output="label", model="gpt-4o-mini")
    assert estimate_cost(case, on=ON).sheet["tokens_out"] == 10


def test_a_year_of_days_is_365_of_them() -> None:
    assert mini(calls=1, per="day").sheet["calls_per_month"] * 12 == pytest.approx(365)


def test_a_preset_counts_people_by_their_own_name() -> None:
    assert estimate_cost("code-assistant", developers=70, way="api", on=ON).sheet["developers"] == 70


def test_own_cards_need_no_price_beside_them() -> None:
    estimate = estimate_cost("code-assistant", people=100, on="2025-01-01")
    assert estimate.way == "own"
    assert estimate.break_even is None
    assert any("No API beside it" in note["en"] for note in estimate.notes)


def test_an_open_model_is_set_beside_the_middle_of_those_who_serve_it() -> None:
    estimate = estimate_cost(
        model="Llama-3.3-70B-Instruct", gpu="H100 SXM", calls=2_000_000, tokens_in=1500, tokens_out=300, on=ON
    )
    assert estimate.names["api_model"].lower().endswith("llama-3.3-70b-instruct")
    assert estimate.break_even is not None


def test_a_target_for_the_first_token_bounds_the_wait() -> None:
    asked = {"model": "Llama-3.1-8B-Instruct", "gpu": "H100 SXM", "calls": 2_000_000, "tokens_in": 500, "on": ON}
    assert estimate_cost(max_ttft_ms=400, **asked).sheet["max_wait_s"] < Decimal("0.4")


def test_given_cards_that_often_fall_short_are_noted() -> None:
    asked = {"model": "Llama-3.1-8B-Instruct", "gpu": "L4", "tokens_in": 1000, "tokens_out": 300, "on": ON}
    estimate = estimate_cost(gpus=2, calls="300000..637569..1500000", **asked)
    assert any("of the draws only" in note["en"] for note in estimate.notes)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"rent": 2}, "rent: is about own cards; name the card by gpu"),
        ({"kwh": "0.2"}, "kwh: is about own cards"),
        ({"precision": "fp8"}, "precision: is about own cards"),
        ({"hardware_factor": 3}, "hardware_factor: is about own cards"),
        ({"wage": 30}, "wage: say what it pays for"),
        ({"minutes_saved": 3, "calls": None}, "minutes_saved: is counted over calls"),
        ({"batch": "no"}, "batch: 'no' is neither True nor False"),
        ({"model": 5}, "model: 5 is no text"),
        ({"gpu": "H100 SXM", "gpus": 2.5}, "gpus: 2.5 makes no sense"),
        ({"set": "x=1"}, "set: 'x=1' is no mapping"),
        ({"on": 20240901}, "on: 20240901 is no day"),
        ({"set": {"tokens_cached_share": None}}, "tokens_cached_share: None is no figure"),
        ({"set": {"days_per_year": 400}}, "days_per_year: 400 makes no sense"),
        ({"set": {"volume_factor": 0}}, "volume_factor: 0 makes no sense"),
    ],
)
def test_what_would_change_nothing_or_is_of_the_wrong_kind_is_refused(asked: dict[str, object], words: str) -> None:
    with pytest.raises(CostError) as caught:
        mini(**{"calls": 1000, **asked})
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pue", "0.2"),
        ("availability", "0"),
        ("busy_hours_per_day", "100"),
        ("hours_on_per_month", "2000"),
        ("gpus_per_replica", "0"),
        ("calls_at_once", "0"),
        ("spare_replicas", "0.5"),
        ("time_saved_share", "5"),
    ],
)
def test_an_input_cannot_be_set_beyond_what_makes_sense(name: str, value: str) -> None:
    with pytest.raises(CostError, match=f"^{name}: "):
        estimate_cost("code-assistant", people=1000, on=ON, set={name: value})


def test_a_model_far_too_large_for_the_card_is_refused() -> None:
    with pytest.raises(CostError, match=r"gpu: one copy of .* would be spread over"):
        estimate_cost(model="Llama-3.1-405B-Instruct", gpu="L4", calls=1000, on=ON)


def test_a_day_of_time_is_a_day() -> None:
    assert mini(on=dt.datetime(2024, 9, 1, 12)).on == dt.date(2024, 9, 1)


def test_what_is_no_idea_is_refused() -> None:
    with pytest.raises(CostError, match="give a UseCase or a preset's name, not dict"):
        estimate_cost({"text": "x"}, model="gpt-4o-mini")


@pytest.mark.parametrize(
    ("said", "least", "most"), [("2 pages", 1000, 1700), ("800 words", 900, 1300), ("3 页", 1200, 2400)]
)
def test_a_size_is_turned_into_tokens_with_an_interval(said: str, least: int, most: int) -> None:
    one = mini(calls=1, tokens_in=said).sheet.inputs["tokens_in"]
    assert least < one.mid < most
    assert one.low < one.mid < one.high
    assert "o200k" in one.source


@pytest.mark.parametrize(
    ("said", "plain"),
    [("1.200 words", "1200 words"), ("1.2k words", "1200 words"), ("1,5 pages", "1.5 pages"), ("3千字", "3000 字")],
)
def test_a_size_is_read_as_people_write_it(said: str, plain: str) -> None:
    one, other = (mini(calls=1, tokens_in=size).sheet.inputs["tokens_in"] for size in (said, plain))
    assert (one.low, one.mid, one.high) == (other.low, other.mid, other.high)


def test_calls_that_pass_the_models_context_are_remarked_on() -> None:
    remarks = [[n for n in mini(tokens_in=said, tokens_out=100).notes if "context" in n["en"]] for said in (3e6, 1e5)]
    assert [len(found) for found in remarks] == [1, 0]
    assert "3,000,000 tokens in and 100 out pass the 128,000" in remarks[0][0]["en"]
    assert "上下文长度 128,000" in remarks[0][0]["zh"]


def test_the_longest_of_a_range_is_held_against_the_context() -> None:
    assert any("200,000 tokens in" in note["en"] for note in mini(tokens_in="1000..200000", tokens_out=100).notes)


def test_a_file_is_turned_into_tokens(tmp_path: Path) -> None:
    path = tmp_path / "prompt.txt"
    path.write_text("Draft a reply to this customer and keep it short. " * 20, "utf-8")
    one = mini(calls=1, tokens_in=f"@{path}").sheet.inputs["tokens_in"]
    assert 180 < one.mid < 240


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("@nowhere.txt", "nowhere.txt can't be read"),
        ("3 furlongs", "no figure; give tokens, .* or a size, such as 800 words"),
        ("1.200 Wörter", "no figure; give tokens, .* or a size, such as 800 words"),
        ("800..1200 words", "no size; give one number and its unit"),
        ("1.200 pages", "can be 1.200 pages or 1200; write 1.2000 pages or 1200 pages"),
    ],
)
def test_what_is_no_size_is_refused(said: str, words: str) -> None:
    with pytest.raises(CostError, match=f"tokens_in: .*{words}"):
        mini(tokens_in=said)


def test_a_use_case_without_a_model_is_told_the_line_to_write() -> None:
    idea = fitcheck.UseCase(text="Compute payroll", calls_per_month=1000)
    with pytest.raises(CostError, match="cost line assumes where an estimate assumes none") as caught:
        estimate_cost(idea)
    assert "estimate_cost(idea, model='gpt-4o-mini')" in str(caught.value)
    assert estimate_cost(idea, model="gpt-4o-mini").usd_per_month.mid > 0
