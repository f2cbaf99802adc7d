"""What comes back: work saved, the simpler tool, the commercial loop; all by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitcheck.cost.formulas import EXACT, drawn_functions
from fitcheck.cost.labour import CAPACITY_NOTE, WAGE, labour_lines, labour_words
from fitcheck.cost.loop import LoopState, loop_lines, loop_state, loop_words
from fitcheck.cost.sheet import Input, Line, Range, Sheet, exact
from fitcheck.cost.sheet import given as said
from fitcheck.cost.simpler import _middles, find_simpler, middle_costs, run_cost_ratio, simpler_lines, techniques
from fitcheck.errors import CostError
from fitcheck.rules import Technique
from fitcheck.text import detect_language

D = Decimal


def number(name: str, value: str | int) -> Input:
    return said(name, value, "", name, name)


def base(calls: str | int = 10_000, usd_per_call: str = "0.002") -> tuple[list[Input], list[Line]]:
    """What the rest of an estimate brings: a volume and the cost by API."""
    month = "usd_per_call * calls_per_month"
    return [number("calls_per_month", calls), number("usd_per_call", usd_per_call)], [
        Line("usd_per_month_api", month, "USD/month", "api", "api"),
        Line("usd_per_month", "usd_per_month_api", "USD/month", "month", "month"),
    ]


def sheet_of(part: tuple[list[Input], list[Line]], *, set_to: Iterable[Input] = (), **more: str | int) -> Sheet:
    inputs, lines = base(**more)  # type: ignore[arg-type]
    fixed = {one.name: one for one in set_to}
    return Sheet([*inputs, *(fixed.get(one.name, one) for one in part[0])], [*lines, *part[1]])


# work saved


LABOUR = [number("adoption_share", "0.5"), number("realised_share", "0.4"), number("review_minutes_per_use", "0.3")]


def test_hours_and_money_by_hand() -> None:
    sheet = sheet_of(labour_lines(minutes_saved=6, wage=30), set_to=LABOUR)
    # 10,000 x 6 / 60; 10,000 x .3 / 60; 1,000 x .5 x .4 - 50; x 30
    assert sheet["hours_saved_gross_per_month"] == 1_000
    assert sheet["hours_review_per_month"] == 50
    assert sheet["hours_saved_net_per_month"] == 150
    assert sheet["usd_capacity_per_month"] == 4_500
    # less 10,000 x .002
    assert sheet["usd_net_per_month"] == 4_480


def test_time_lost_is_lost_in_full_whatever_share_of_savings_is_put_to_work() -> None:
    inputs, lines = base()
    more, rest = labour_lines(has_gross=True)
    fixed = {one.name: one for one in LABOUR}
    gross = number("hours_saved_gross_per_month", -100)
    sheet = Sheet([*inputs, gross, *(fixed.get(one.name, one) for one in more)], [*lines, *rest])
    # -100 x .5 - 50
    assert sheet["hours_saved_net_per_month"] == -100


def test_no_capacity_is_cash_until_somebody_says_so() -> None:
    sheet = sheet_of(labour_lines(minutes_saved=6, wage=30), set_to=LABOUR)
    assert (sheet["usd_cash_per_month"], sheet["usd_net_cash_per_month"]) == (0, -20)


def test_a_cashable_share_makes_cash() -> None:
    sheet = sheet_of(labour_lines(minutes_saved=6, wage=30), set_to=[*LABOUR, number("cashable_share", "0.2")])
    assert sheet["usd_cash_per_month"] == 900


def test_hours_lost_cost_no_cash() -> None:
    lost = [*LABOUR, number("cashable_share", 1), number("review_minutes_per_use", 5)]
    sheet = sheet_of(labour_lines(minutes_saved=6, wage=30), set_to=lost)
    assert sheet["usd_capacity_per_month"] < 0 == sheet["usd_cash_per_month"]


def test_the_hours_that_would_cover_the_cost() -> None:
    # 20 USD / 30
    sheet = sheet_of(labour_lines(minutes_saved=6, wage=30), set_to=LABOUR)
    assert round(sheet["hours_to_cover_per_month"], 4) == D("0.6667")


def test_hours_that_stand_already_are_used() -> None:
    inputs, lines = base()
    more, rest = labour_lines(has_gross=True)
    sheet = Sheet([*inputs, number("hours_saved_gross_per_month", 80), *more], [*lines, *rest])
    assert "minutes_saved_per_use" not in sheet and sheet["hours_saved_net_per_month"] < 80


def test_without_a_cost_nothing_is_set_against_it() -> None:
    names = {line.name for line in labour_lines(has_cost=False)[1]}
    assert "usd_capacity_per_month" in names and not names & {"usd_net_per_month", "hours_to_cover_per_month"}


def test_what_was_said_is_marked_as_said() -> None:
    inputs = {one.name: one for one in labour_lines(minutes_saved="2..4", wage=50)[0]}
    assert inputs["minutes_saved_per_use"].is_given and inputs["usd_wage_per_hour"].is_given
    assert not inputs["adoption_share"].is_given


def test_negative_minutes_are_refused_by_name() -> None:
    with pytest.raises(CostError, match=r"^minutes_saved: -3"):
        labour_lines(minutes_saved=-3)


@pytest.mark.parametrize("part", [labour_lines, lambda wage: simpler_lines("human-work", wage=wage)])
def test_a_negative_wage_is_refused_by_name(part: Callable[..., object]) -> None:
    with pytest.raises(CostError, match=r"^wage: -3"):
        part(wage=-3)


def test_capacity_is_not_cash_in_both_languages() -> None:
    assert "capacity released is not cash saved" in CAPACITY_NOTE["en"] and "现金" in CAPACITY_NOTE["zh"]


@pytest.mark.parametrize(
    ("net", "en"),
    [
        ((1, 5, 9), "the capacity released covers the cost"),
        ((-1, 5, 9), "the capacity released covers the cost at middle values, not over the whole range"),
        ((-9, -5, 1), "the capacity released does not cover the cost at middle values"),
        ((-9, -5, -1), "the capacity released does not cover the cost"),
    ],
)
def test_the_words_follow_the_range(net: tuple[int, int, int], en: str) -> None:
    assert labour_words(Range(*map(D, net)))["en"] == en


def test_an_unknown_saving_is_said_to_be_unknown() -> None:
    assert "can't be said" in labour_words(Range(D("NaN"), D("NaN"), D("NaN")))["en"]


# the simpler tool


def test_every_technique_of_the_closed_list_has_a_row() -> None:
    assert set(techniques()) == set(get_args(Technique))


@pytest.mark.parametrize("row", techniques().values(), ids=lambda r: r.kind)
def test_a_row_is_whole_and_in_order(row: object) -> None:
    one = find_simpler(row.kind)  # type: ignore[attr-defined]
    ranges = (one.build_days, one.keep_days, one.core_s, one.minutes)
    assert all(low <= mid <= high for low, mid, high in ranges)
    assert {"core": one.core_s[0] > 0, "people": not one.core_s[2], "model": not one.build_days[2]}[one.by]


def test_a_regex_by_hand() -> None:
    set_to = [
        number("build_days_alternative", 2),
        number("keep_days_per_month_alternative", "0.02"),
        number("usd_builder_per_day", 400),
        number("core_seconds_per_call_alternative", "0.00002"),
        number("usd_per_core_hour", "0.036"),
    ]
    sheet = sheet_of(simpler_lines("regex-or-parser"), set_to=set_to, calls=100_000)
    assert sheet["usd_build_alternative"] == 800
    # 20 microseconds x .036 / 3,600
    assert sheet["usd_per_call_alternative"] == D("2E-10")
    # .02 x 400 + 100,000 x 2e-10
    assert sheet["usd_per_month_alternative"] == D("8.00002")
    # 800 / (200 - 8.00002)
    assert round(sheet["months_until_alternative_pays"], 4) == D("4.1667")
    # .002 / 2e-10
    assert sheet["times_dearer"] == 10_000_000


def test_people_cost_their_minutes() -> None:
    set_to = [number("minutes_per_call_alternative", 15), number("usd_wage_per_hour", 20)]
    sheet = sheet_of(simpler_lines("person-decides"), set_to=set_to)
    assert (sheet["usd_per_call_alternative"], sheet["times_dearer"]) == (5, D("0.0004"))


def test_a_stated_wage_is_what_people_cost() -> None:
    sheet = sheet_of(simpler_lines("person-decides", wage=20), set_to=[number("minutes_per_call_alternative", 15)])
    assert sheet["usd_per_call_alternative"] == 5


def test_the_short_line_takes_a_stated_wage() -> None:
    usual, stated = (middle_costs("person-decides", wage=wage) for wage in (30, 60))
    assert usual == middle_costs("person-decides")
    assert usual is not None and stated is not None and usual[2] is not None
    assert stated == (usual[0], usual[1], 2 * usual[2])


def test_a_stated_wage_changes_no_program() -> None:
    assert middle_costs("solver", wage=90) == middle_costs("solver")
    assert "usd_wage_per_hour" not in {one.name for one in simpler_lines("solver", wage=90)[0]}


def test_both_parts_assume_the_same_wage() -> None:
    (saved,), (doing,) = ([one for one in part[0] if one.name == WAGE.name] for part in PEOPLE)
    assert saved == doing == WAGE


PEOPLE = (labour_lines(), simpler_lines("human-work"))


def test_a_tool_dearer_than_the_model_never_pays() -> None:
    sheet = sheet_of(simpler_lines("human-work"), calls=1_000)
    assert sheet["months_until_alternative_pays"].is_infinite()


def test_without_a_volume_there_is_no_month() -> None:
    names = {line.name for line in simpler_lines("solver", has_volume=False)[1]}
    assert names == {"usd_build_alternative", "usd_per_call_alternative", "times_dearer"}


def test_the_techniques_name_stands_in_the_texts() -> None:
    inputs, _ = simpler_lines("solver", instead=("a solver", "求解器"))
    assert (inputs[0].en, inputs[0].zh) == ("days to build: a solver", "开发天数：求解器")


@pytest.mark.parametrize("kind", ["language-model", "language-model-with-review", "retrieval-with-sources"])
def test_a_language_model_is_no_simpler_tool(kind: str) -> None:
    with pytest.raises(CostError, match=r"^instead: .* is a language model itself"):
        simpler_lines(kind)


def test_an_unknown_technique_offers_the_nearest() -> None:
    with pytest.raises(CostError, match=r"instead: 'regex' is no technique"):
        run_cost_ratio("regex", D("0.001"))


def test_how_many_times_a_regex_by_hand() -> None:
    # .0001 / (20e-6 x .04 / 3,600)
    ratio = run_cost_ratio("regex-or-parser", D("0.0001"))
    assert ratio is not None and round(ratio) == 450_000


@pytest.mark.parametrize("kind", ["person-decides", "language-model", "measure-first"])
def test_only_programs_have_a_ratio(kind: str) -> None:
    assert run_cost_ratio(kind, D("0.001")) is None


def test_the_quick_reading_agrees_with_the_whole_one() -> None:
    quick = {
        kind: {n: D(v) for n, v in row.items() if n in ("build", "keep", "core_s", "minutes")}
        for kind, row in _middles().items()
    }
    whole = {
        kind: {
            "build": row.build_days[1],
            "keep": row.keep_days[1],
            **({"core_s": row.core_s[1]} if row.by == "core" else {"minutes": row.minutes[1]}),
        }
        if row.by != "model"
        else {}
        for kind, row in techniques().items()
    }
    assert quick == whole


@pytest.mark.parametrize("kind", ["regex-or-parser", "solver", "person-decides", "approval-workflow"])
def test_the_short_line_agrees_with_the_sheet(kind: str) -> None:
    sheet = sheet_of(simpler_lines(kind))
    build, keep, run = middle_costs(kind) or (0, 0, None)
    assert (build, run) == pytest.approx(
        (float(sheet["usd_build_alternative"]), float(sheet["usd_per_call_alternative"]))
    )
    assert keep == float(sheet["keep_days_per_month_alternative"] * sheet["usd_builder_per_day"])


def test_a_language_model_has_no_short_line() -> None:
    assert middle_costs("language-model") is None


def test_what_runs_at_no_call_costs_nothing_a_call() -> None:
    assert middle_costs("measure-first") == (2_000, 0, None)


def test_the_ratio_agrees_with_the_sheet() -> None:
    sheet = sheet_of(simpler_lines("solver"), usd_per_call="0.01")
    ratio = run_cost_ratio("solver", D("0.01"))
    assert ratio is not None and abs(ratio / sheet["times_dearer"] - 1) < D("1e-20")


# the loop


def test_a_loop_by_hand() -> None:
    set_to = [number("usd_fixed_per_month", 36), number("usd_build", 880), number("api_price_rise", 2)]
    sheet = sheet_of(loop_lines("0.02"), set_to=set_to)
    assert (sheet["usd_cost_per_use"], sheet["usd_margin_per_use"]) == (D("0.002"), D("0.018"))
    # .018 x 10,000 - 36
    assert sheet["usd_margin_per_month"] == 144
    # 36 / .018
    assert sheet["break_even_calls_per_month"] == 2_000
    # 880 / 144
    assert round(sheet["months_until_paid_back"], 4) == D("6.1111")
    # 144 - 20
    assert sheet["usd_margin_per_month_dearer_api"] == 124


def own_loop(*, calls_per_s: str = "1", hours_on: int = 730) -> Sheet:
    figures: dict[str, str | int] = {
        "calls_per_month": 10_000, "usd_per_month_own": 300, "cards": 250,
        "replicas_own": 2, "calls_per_s_replica": calls_per_s, "hours_on_per_month": hours_on,
    }  # fmt: skip
    line = Line("usd_per_call", "usd_per_month_own / calls_per_month", "USD", "call", "call")
    more, rest = loop_lines("0.1", way="own", cards_line="cards")
    return Sheet([*(number(name, value) for name, value in figures.items()), *more], [line, *rest])


def test_own_cards_must_be_paid_by_all_uses() -> None:
    sheet = own_loop()
    # 300 / .1, and 10,000 x (.1 - .03) - (3 - 1) x 250
    assert (sheet["break_even_calls_per_month"], sheet["usd_margin_per_month"]) == (3_000, 700)
    assert sheet["usd_margin_per_month_dearer_cards"] == 200


def test_own_cards_never_pay_by_more_calls_than_they_carry() -> None:
    # 3,000 calls pay for them; two replicas carry 2 x calls a second x 3,600 x hours
    enough, too_few = own_loop(calls_per_s="0.5", hours_on=1), own_loop(calls_per_s="0.4", hours_on=1)
    assert (enough["calls_carried_per_month_own"], enough["break_even_calls_per_month"]) == (3_600, 3_000)
    assert (too_few["calls_carried_per_month_own"], too_few["break_even_calls_per_month"]) == (2_880, D("Infinity"))


def test_a_loss_on_each_use_never_breaks_even_even_with_nothing_fixed() -> None:
    sheet = sheet_of(loop_lines("0.001"))
    assert sheet["break_even_calls_per_month"].is_infinite() and sheet["months_until_paid_back"].is_infinite()


def test_only_paid_uses_bring_money() -> None:
    sheet = sheet_of(loop_lines("0.02"), set_to=[number("paid_share", "0.05")])
    # .02 x .05 - .002
    assert sheet["usd_margin_per_use"] == D("-0.001")


def test_without_a_volume_the_margin_of_a_use_is_left() -> None:
    inputs, lines = loop_lines("0.02", has_volume=False)
    sheet = Sheet([number("usd_per_call", "0.002"), *inputs], lines)
    assert loop_state(sheet) == "closes" and "usd_margin_per_month" not in sheet


@pytest.mark.parametrize(
    ("value", "state"),
    [
        ("0.05", "closes"),
        ("0.0025", "breaks-when-dearer"),
        ("0.0005..0.003..0.006", "closes-in-the-middle"),
        ("0.001", "open"),
    ],
)
def test_the_state_of_a_loop(value: str, state: LoopState) -> None:
    assert loop_state(sheet_of(loop_lines(value))) == state


def test_without_a_value_not_enough_is_said() -> None:
    assert loop_state(Sheet(*base())) == "unsaid"


@pytest.mark.parametrize("state", get_args(LoopState))
def test_every_state_has_words_in_both_languages(state: LoopState) -> None:
    words = loop_words(state)
    assert (detect_language(words["en"]), detect_language(words["zh"])) == ("en", "zh")


def test_a_negative_value_is_refused_by_name() -> None:
    with pytest.raises(CostError, match=r"^value: -1"):
        loop_lines(-1)


# what all parts hold to


@pytest.mark.parametrize(
    "part",
    [labour_lines(), simpler_lines("solver"), simpler_lines("human-work"), loop_lines(1), loop_lines(1, way="own")],
    ids=["labour", "core", "people", "loop-api", "loop-own"],
)
def test_every_input_has_a_source_and_two_languages(part: tuple[list[Input], list[Line]]) -> None:
    inputs, lines = part
    assert all(one.source and one.en and one.zh for one in inputs) and all(line.en and line.zh for line in lines)


@given(
    st.integers(-(10**6), 10**6),
    st.integers(-(10**6), 10**6),
)
def test_break_even_over_numbers_and_over_draws_agree(fixed: int, gain: int) -> None:
    exact_value = EXACT["break_even"](D(fixed), D(gain))
    drawn = float(drawn_functions()["break_even"](np.array([fixed]), np.array([gain]))[0])
    assert drawn == pytest.approx(float(exact_value))


def test_ranges_widen_through_a_part() -> None:
    inputs, lines = base()
    wage = exact("usd_wage_per_hour", (10, 30, 60), "USD/hour", "wage", "时薪", "a test")
    more, rest = labour_lines(minutes_saved=6)
    sheet = Sheet([*inputs, *(wage if one.name == wage.name else one for one in more)], [*lines, *rest])
    span = sheet.range("usd_capacity_per_month")
    assert span.low < span.mid < span.high
