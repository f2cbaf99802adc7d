"""Numbers as people write them: one grammar in every door, and no number that is read a thousand times wrong."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from command_line import ok, refused
from table_stubs import Stub

from fitcheck.batch import score_file
from fitcheck.cost import estimate_cost
from fitcheck.errors import CostError, UseCaseError
from fitcheck.ideas import build_use_case
from fitcheck.interview.talk import fact_option
from fitcheck.quantities import QUANTITIES, read_quantity, split_period
from fitcheck.tables import fact_from_cell
from fitcheck.tables.columns import fact_indices
from fitcheck.use_case import UseCase

A_DAY = 365 / 12

CALLS = {
    "1.000": 1_000,
    "12.500": 12_500,
    "40.000": 40_000,
    "1.250.000": 1_250_000,
    "12,500": 12_500,
    "40 000": 40_000,
    "40\u2009000": 40_000,
    "40\u202f000": 40_000,
    "40\xa0000": 40_000,
    "40'000": 40_000,
    "40’000": 40_000,
    "30，000": 30_000,
    "３０，０００": 30_000,
    "1.250.000,00": 1_250_000,
    "12000.0": 12_000,
    "3万次/天": 30_000 * A_DAY,
    "3万次/日": 30_000 * A_DAY,
    "日均3万": 30_000 * A_DAY,
    "月均3万": 30_000,
    "3万次/年": 2_500,
    "每月约300份": 300,
    "每天200单": 200 * A_DAY,
    "3万左右": 30_000,
    "3万+": 30_000,
    "约2亿": 200_000_000,
    "3千万": 30_000_000,
    "三万": 30_000,
    "十万": 100_000,
    "1.5億": 150_000_000,
    "3万人次": 30_000,
    "3k per day": 3_000 * A_DAY,
    "100/day": 100 * A_DAY,
    "3000/day": 3_000 * A_DAY,
    "30.000 pro Monat": 30_000,
    "30000/month": 30_000,
    "120/year": 10,
    "2.5/day": 2.5 * A_DAY,
    "1,000 per week": 1_000 * 365 / 7 / 12,
    "200/week": 200 * 365 / 7 / 12,
    "每周3万次": 30_000 * 365 / 7 / 12,
    "2e6": 2_000_000,
    "三万五千": 35_000,
    "3万5千": 35_000,
    "一亿三千万": 130_000_000,
    "一百零五": 105,
    "1.25k": 1_250,
    "1,5万": 15_000,
    "30 Mio.": 30_000_000,
    "3,00,000": 300_000,
    "1,250k": 1_250_000,
    "3万多次": 30_000,
    "~2k": 2_000,
}
REFUSED = (
    *(
        "12.5",
        "1,5",
        "1,234.50",
        "3-5万",
        "10-20k",
        "10 to 20",
        "3至5万",
        "暂无",
        "many",
        "-5",
        "每周200单/天",
        "每月3万次/天",
    ),
    *("十几万", "数万", "三万五", "1.00.000", "1e999999999", "9" * 500, "k", "万", "/day", "nan", "inf", "30 EUR"),
)


@pytest.mark.parametrize(("said", "calls"), CALLS.items())
def test_calls_of_a_month_in_every_door(said: str, calls: float) -> None:
    assert read_quantity("calls_per_month", said) == pytest.approx(calls)
    assert fact_from_cell("calls_per_month", said, said) == pytest.approx(calls)
    assert build_use_case("x", facts=[f"calls_per_month={said}"]).calls_per_month == pytest.approx(calls)
    assert build_use_case("x", options={"calls_per_month": said}).calls_per_month == pytest.approx(calls)
    assert UseCase.read({"text": "x", "calls_per_month": said}).calls_per_month == pytest.approx(calls)
    assert UseCase(text="x", calls_per_month=said).calls_per_month == pytest.approx(calls)  # type: ignore[arg-type]


@pytest.mark.parametrize("said", REFUSED)
def test_what_is_refused_says_what_to_write(said: str) -> None:
    with pytest.raises(UseCaseError, match="write") as caught:
        build_use_case("x", facts=[f"calls_per_month={said}"])
    assert "unable to parse" not in str(caught.value)


@pytest.mark.parametrize("fact", QUANTITIES)
@pytest.mark.parametrize("value", ["plenty", "3-5", [], {}])
def test_each_fact_that_is_a_number_has_a_remedy(fact: str, value: object) -> None:
    with pytest.raises(UseCaseError, match=f"{fact} = .*: .*write .*such as") as caught:
        UseCase.read({"text": "x", fact: value})
    assert "valid" not in str(caught.value)


def test_numbers_given_as_numbers_stay_as_they_are() -> None:
    case = UseCase.read({"text": "x", "calls_per_month": 12.5, "usd_per_error": 1.125, "users": 3})
    assert (case.calls_per_month, case.usd_per_error, case.users) == (12.5, 1.125, 3)
    assert fact_from_cell("calls_per_month", 12.5, "12.5") == 12.5
    assert fact_from_cell("calls_per_month", 1.5, "1.5", "Calls a month (k)") == 1_500
    assert fact_from_cell("calls_per_month", "1.5", "1.5", "月调用量（万次）") == 15_000
    assert fact_from_cell("calls_per_month", "5万", "5万", "月调用量（千次）") == 50_000


@pytest.mark.parametrize(
    ("fact", "value"),
    [("calls_per_month", 12.5), ("calls_per_month", 8.125), ("usd_value_per_call", 1.125), ("cached_share", 0.125)],
)
def test_a_fact_that_is_printed_reads_back(fact: str, value: float) -> None:
    assert getattr(build_use_case("x", facts=[fact_option(fact, value)]), fact) == value


@pytest.mark.parametrize(
    ("fact", "said", "value"),
    [
        *[
            ("usd_wage_per_hour", said, 1.5)
            for said in ("$1.50", "USD 1.50", "1.50 USD", "US$1,50", "1.50/h", "1,5 美元")
        ],
        *[
            ("usd_per_error", said, 8.4507)
            for said in ("60元", "￥60", "60 人民币", "CNY 60", "¥60", "60 RMB", "60元/次")
        ],
        *[("usd_per_error", "0,50", 0.5), ("usd_per_error", "3,5", 3.5), ("usd_per_error", "1,000", 1_000)],
        *[("usd_per_error", "1.234,50", 1_234.5), ("usd_per_error", "$2k", 2_000), ("usd_per_error", "0.125", 0.125)],
        *[("cached_share", "30%", 0.3), ("cached_share", "0,3", 0.3), ("cached_share", "0.125", 0.125)],
        *[("latency_budget_s", "2秒", 2), ("latency_budget_s", "2s", 2), ("latency_budget_s", "500 ms", 0.5)],
        *[("minutes_saved_per_call", "5分钟", 5), ("minutes_saved_per_call", "30 s", 0.5), ("swap_days", "5天", 5)],
        *[
            ("users", "1.000", 1_000),
            ("tokens_in", "1.200 tokens", 1_200),
            ("calls_per_user_per_day", "每人每天3次", 3),
        ],
    ],
)
def test_money_shares_and_times(fact: str, said: str, value: float) -> None:
    assert build_use_case("x", facts=[f"{fact}={said}"]).facts() == {fact: pytest.approx(value)}


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("1.000", "it can be 1 or 1000; write 1 or 1000"),
        ("1.125", r"it can be 1.125 or 1125; write 1.1250 or 1125"),
        ("€30", "in US dollars or yuan, such as"),
        ("60日元", "in US dollars or yuan, such as"),
        ("-3", "negative; write one amount"),
        ("负3元", "negative; write one amount"),
        ("3-5元", "a range; write one amount"),
    ],
)
def test_money_that_cannot_be_told_is_refused(said: str, what: str) -> None:
    with pytest.raises(UseCaseError, match=what):
        build_use_case("x", facts=[f"usd_per_error={said}"])
    assert read_quantity("usd_per_error", "1.1250") == 1.125


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("√", True),
        ("✓", True),
        ("✔", True),
        ("✔️", True),
        ("×", False),
        ("✗", False),
        ("不確定", None),
        ("不确定", None),
    ],
)
def test_signs_for_yes_and_no(said: str, value: bool | None) -> None:
    assert build_use_case("x", facts=[f"human_review={said}"]).human_review is value
    read = fact_from_cell("human_review", said, said)
    assert UseCase.read({"text": "x", "human_review": read}).human_review is value


@pytest.mark.parametrize(
    ("fact", "said", "value"),
    [
        *[
            ("stakes", "高", "high"),
            ("decides", "人", "person"),
            ("output", "文本", "text"),
            ("payer", "客户", "customers"),
        ],
        *[("data_terms", "不训练", "no-training"), ("data_terms", "unknown", "unknown"), ("stakes", "High", "high")],
        *[("task_category", "客户对话", "customer-conversation"), ("decides", "由人决定或签字", "person")],
    ],
)
def test_words_of_the_closed_lists_as_a_fact(fact: str, said: str, value: str) -> None:
    assert getattr(build_use_case("x", facts=[f"{fact}={said}"]), fact) == value


def scored(tmp_path: Path, header: str, row: str) -> tuple[dict[str, object], tuple[str, ...], str]:
    (tmp_path / "in.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    stub = Stub()
    summary = score_file(tmp_path / "in.csv", tmp_path / "out.csv", assessor=stub)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        return stub.facts, summary.notes, next(csv.DictReader(file))["error"]


@pytest.mark.parametrize("header", ["时薪", "时薪（元）", "时薪(元)", "小时工资（元/小时）", "hourly wage (CNY)"])
@pytest.mark.parametrize("cell", ["71", "71元", "￥71"])
def test_a_chinese_money_column_is_in_yuan_and_says_so(tmp_path: Path, header: str, cell: str) -> None:
    facts, notes, _ = scored(tmp_path, f"想法,{header}", f"起草,{cell}")
    assert facts == {"usd_wage_per_hour": 10}
    assert notes == (
        f"{header!r}: numbers without a currency are read as yuan, at 7.1 CNY to the USD; "
        "dollars are written $60 or 60 USD",
    )


@pytest.mark.parametrize(
    ("header", "cell", "usd"),
    [
        *[("时薪", "$10", 10), ("时薪（美元）", "10", 10), ("hourly wage", "10", 10), ("hourly wage", "71元", 10)],
        ("usd_wage_per_hour", "10.00", 10),
    ],
)
def test_dollars_stay_dollars(tmp_path: Path, header: str, cell: str, usd: float) -> None:
    assert scored(tmp_path, f"idea,{header}", f"Draft,{cell}")[0] == {"usd_wage_per_hour": usd}


@pytest.mark.parametrize(
    "header", ["hourly wage (EUR)", "时薪（欧元）", "时薪（港元）", "hourly wage (¥)", "出错损失（分）"]
)
def test_a_column_of_money_without_a_rate_is_no_fact(header: str) -> None:
    assert fact_indices(["idea", header], 0, "x", {}) == {}


def test_a_cell_that_is_a_range_says_what_to_write(tmp_path: Path) -> None:
    facts, _, error = scored(tmp_path, "idea,月调用量,人工复核", "Draft,3-5万,√")
    assert facts == {"human_review": True}
    assert "calls_per_month = '3-5万': a range; write one number, such as 30000 or 3万次/天" in error


@pytest.mark.parametrize(
    ("figures", "name", "value"),
    [
        ({"calls": "3万"}, "calls_per_month", 30_000),
        ({"calls": "40.000"}, "calls_per_month", 40_000),
        ({"calls": "1.000..3.000"}, "calls_per_month", 2_000),
        ({"calls": 100, "cached": "90%"}, "tokens_cached_share", 0.9),
        ({"calls": 100, "tokens_in": "1.200"}, "tokens_in", 1_200),
        ({"calls": 100, "price_factor": "1,5"}, "price_factor", 1.5),
        ({"calls": 100, "price_factor": "1.125"}, "price_factor", 1.125),
    ],
)
def test_figures_of_a_cost(figures: dict[str, str], name: str, value: float) -> None:
    estimate = estimate_cost(model="gpt-4o-mini", **{"tokens_in": 900, "tokens_out": 200, **figures})
    assert float(estimate.sheet[name]) == pytest.approx(value)


def test_a_figure_that_is_none_is_refused() -> None:
    with pytest.raises(CostError, match=r"calls: .3-5万. is no figure; give one number, LOW\.\.HIGH"):
        estimate_cost(model="gpt-4o-mini", calls="3-5万", tokens_in=900, tokens_out=200)


@pytest.mark.parametrize(
    ("said", "rest", "period"),
    [
        ("3万/月", "3万", "month"),
        ("1000/day", "1000", "day"),
        ("2e6/month", "2e6", "month"),
        ("9..10/year", "9..10", "year"),
    ],
)
def test_what_a_volume_is_per(said: str, rest: str, period: str) -> None:
    assert split_period(said) == (rest, period)
    assert split_period("1000/week") == ("1000/week", None)


def test_the_command_line_reads_them_too() -> None:
    report = json.loads(ok("assess", "Draft replies", "--calls-per-month", "1.200/day", "--tokens-in", "2k", "--json"))
    assert report["use_case"]["calls_per_month"] == 36_500
    assert report["use_case"]["tokens_in"] == 2_000
    assert "write one number, such as 30000" in refused("assess", "Draft replies", "--calls-per-month", "3-5k")
    priced = ok("cost", "--model", "gpt-4o-mini", "--calls", "3万/月", "--in", "900", "--out", "200", "--cached", "90%")
    assert priced == ok(
        "cost", "--model", "gpt-4o-mini", "--calls", "30000", "--in", "900", "--out", "200", "--cached", "0.9"
    )
