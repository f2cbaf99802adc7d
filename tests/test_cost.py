"""The cost line: tokens, calls, assumptions, and where cost decides."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fitcheck
from fitcheck.cost import Cost, cost_evidence, cost_line, unit_price
from fitcheck.cost.sizes import in_language, typical_size
from fitcheck.errors import PriceUnknown, UseCaseError
from fitcheck.records import Report, Verdict
from fitcheck.use_case import UseCase

JULY_2024 = dt.date(2024, 7, 20)
NOVEMBER_2026 = dt.date(2026, 11, 22)


def case(**facts: object) -> UseCase:
    return UseCase.read({"text": "Draft replies to customers", **facts})


# the estimate


def test_every_number_by_hand() -> None:
    cost = cost_line(
        case(
            model="gpt-4o",
            provider="openai",
            tokens_in=2_000,
            tokens_out=500,
            calls_per_month=20_000,
        ),
        today=JULY_2024,
    )
    # 2,000 x 5 / 1e6 + 500 x 15 / 1e6 = 0.01 + 0.0075
    assert cost.usd_per_call == 0.0175
    assert cost.usd_per_1000_calls == 17.5
    assert cost.usd_per_month == pytest.approx(350)
    assert (cost.model, cost.provider, cost.priced_on) == ("gpt-4o-2024-05-13", "openai", "2024-07-20")
    assert (cost.tokens_in, cost.tokens_out, cost.calls_per_month) == (2_000, 500, 20_000)


def test_a_cached_share_is_charged_at_the_cache_s_price() -> None:
    facts = {"model": "gpt-4o-mini", "provider": "openai", "tokens_in": 10_000, "tokens_out": 1_000}
    half = cost_line(case(**facts, cached_share=0.5), today=NOVEMBER_2026)
    # 5,000 x 0.15 + 5,000 x 0.075 + 1,000 x 0.60, over a million
    assert half.usd_per_call == 0.001725
    # the version of May 2024 has no cheaper price for cached tokens
    early = {**facts, "model": "gpt-4o"}
    with_cache = cost_line(case(**early, cached_share=0.9), today=JULY_2024)
    assert with_cache.usd_per_call == cost_line(case(**early), today=JULY_2024).usd_per_call
    assert any("no cheaper price for cached tokens" in row["en"] for row in with_cache.assumptions)


def test_volume_from_users_and_days() -> None:
    cost = cost_line(case(users=1_000, calls_per_user_per_day=8, tokens_in=1_000, tokens_out=400), today=NOVEMBER_2026)
    # 1,000 x 8 x 21 = 168,000 calls at 0.00015 + 0.00024 USD
    assert cost.calls_per_month == 168_000
    assert cost.usd_per_month == pytest.approx(65.52)
    assert any("21 working days" in row["en"] and "21 个工作日" in row["zh"] for row in cost.assumptions)


def test_given_calls_win_over_users() -> None:
    cost = cost_line(case(users=1_000, calls_per_user_per_day=8, calls_per_month=10), today=NOVEMBER_2026)
    assert cost.calls_per_month == 10
    assert not any("working days" in row["en"] for row in cost.assumptions)


@pytest.mark.parametrize("a_day", [1e9, 1e308])
def test_more_calls_by_users_than_can_be_priced_is_an_error(a_day: float) -> None:
    idea = case(users=10**9, calls_per_user_per_day=a_day, tokens_in=0, tokens_out=0)
    with pytest.raises(UseCaseError, match="can't be priced; give the calls of one month"):
        cost_line(idea, today=NOVEMBER_2026)


@pytest.mark.parametrize("facts", [{}, {"users": 10}, {"calls_per_user_per_day": 3}])
def test_without_a_volume_there_is_no_month(facts: dict[str, object]) -> None:
    cost = cost_line(case(**facts), today=NOVEMBER_2026)
    assert cost.calls_per_month is None
    assert cost.usd_per_month is None
    # 1,000 tokens in and 400 out: 0.15 + 0.24 USD per 1,000 calls
    assert cost.usd_per_1000_calls == 0.39


def test_everything_that_is_assumed_is_said_in_both_languages() -> None:
    rows = cost_line(case(input="audio", deployment="own_gpus"), today=NOVEMBER_2026).assumptions
    assert all(set(row) == {"en", "zh"} and row["en"] and row["zh"] for row in rows)
    assert all(any("\u4e00" <= c <= "\u9fff" for c in row["zh"]) for row in rows)
    english = " | ".join(row["en"] for row in rows)
    expected = ["model not given", "tokens per call not given", "calls per month not given", "no prompt cache"]
    assert [part for part in [*expected, "sound cost more", "own GPUs are not priced"] if part not in english] == []


def test_what_is_given_is_not_assumed() -> None:
    cost = cost_line(
        case(model="gpt-4o-mini", provider="openai", tokens_in=1, tokens_out=1, calls_per_month=1),
        today=NOVEMBER_2026,
    )
    assert [row["en"] for row in cost.assumptions] == ["list price, no prompt cache, no batch or volume discount"]


def test_only_the_missing_half_of_the_tokens_is_assumed() -> None:
    cost = cost_line(case(tokens_in=77), today=NOVEMBER_2026)
    assert (cost.tokens_in, cost.tokens_out) == (77, 400)
    assert any("not given: 400 out" in row["en"] for row in cost.assumptions)


def test_a_name_that_has_moved_on_and_a_missing_provider_are_said() -> None:
    rows = cost_line(case(model="gpt-4o", tokens_in=1, tokens_out=1), today=JULY_2024).assumptions
    english = " | ".join(row["en"] for row in rows)
    assert "provider not given: openai" in english
    assert "gpt-4o stood for gpt-4o-2024-05-13 then" in english


def test_an_image_is_priced_as_an_image() -> None:
    cost = cost_line(case(), category="image-media-generation", today=NOVEMBER_2026)
    assert cost.model == "gpt-image-1.5"
    # 100 x 5 / 1e6 + 1,056 x 32 / 1e6
    assert cost.usd_per_call == pytest.approx(0.0005 + 0.033792)
    assert cost_line(case(output="image"), today=NOVEMBER_2026).usd_per_call == cost.usd_per_call
    with pytest.raises(PriceUnknown, match=r"gpt-image-1\.5"):
        cost_line(case(output="image", model="gpt-4o-mini", provider="openai"), today=NOVEMBER_2026)


def test_the_kind_of_call_sets_its_size() -> None:
    label = cost_line(case(output="label"), category="summarisation", today=NOVEMBER_2026)
    summary = cost_line(case(), category="summarisation", today=NOVEMBER_2026)
    assert label.tokens_out < summary.tokens_out < summary.tokens_in
    assert typical_size(None, "no-such-category") == typical_size("text", None)


def test_chinese_needs_more_tokens_with_older_tokenizers() -> None:
    assert in_language(1_000, "zh", "openai") == 1_000
    assert in_language(1_000, "zh", "mistral") == 1_260
    facts = {"model": "mistral-small-latest", "provider": "mistral"}
    english = cost_line(case(**facts), text_lang="en", today=NOVEMBER_2026)
    chinese = cost_line(case(**facts), text_lang="zh", today=NOVEMBER_2026)
    assert chinese.tokens_in == math.ceil(english.tokens_in * 34 / 27)


def test_the_present_day_is_the_default() -> None:
    before = dt.datetime.now(dt.UTC).date()
    priced_on = dt.date.fromisoformat(cost_line(case()).priced_on)
    assert before <= priced_on <= dt.datetime.now(dt.UTC).date()


def test_a_volume_beyond_any_number_is_refused() -> None:
    with pytest.raises(UseCaseError, match="calls of one month"):
        cost_line(
            case(calls_per_month=1e308, tokens_in=10**15, tokens_out=10**15, model="gpt-4o", provider="openai"),
            today=NOVEMBER_2026,
        )


@given(
    calls=st.floats(min_value=0.001, max_value=1e12),
    tokens_in=st.integers(0, 10**6),
    tokens_out=st.integers(0, 10**5),
    share=st.floats(0, 1),
)
def test_twice_the_calls_cost_twice_as_much(calls: float, tokens_in: int, tokens_out: int, share: float) -> None:
    def month(n_calls: float) -> Cost:
        facts = {"tokens_in": tokens_in, "tokens_out": tokens_out, "cached_share": share}
        return cost_line(case(calls_per_month=n_calls, **facts), today=NOVEMBER_2026)

    once, twice = month(calls), month(2 * calls)
    assert once.usd_per_month is not None
    # a float is read as it is printed, so that doubling one may move its last digit
    assert twice.usd_per_month == pytest.approx(2 * once.usd_per_month, rel=1e-14)
    assert twice.usd_per_call == once.usd_per_call


# where cost decides


def priced(usd_per_call: float) -> Cost:
    return Cost("m", "p", "2026-11-22", "test", 1, 1, None, usd_per_call, 1_000 * usd_per_call, None)


@pytest.mark.parametrize(
    ("usd_per_call", "facts", "log_odds"),
    [
        (0.02, {"usd_value_per_call": 0.01}, 1.69),  # 1 + ln 2
        (0.0101, {"usd_value_per_call": 0.01}, 1.01),
        (1.0, {"usd_value_per_call": 0.001}, 3.0),
        (0.01, {"usd_value_per_call": 0}, 3.0),
        # half a minute at 6 USD an hour is 0.05 USD
        (0.1, {"minutes_saved_per_call": 0.5, "usd_wage_per_hour": 6}, 1.69),
    ],
)
def test_a_call_dearer_than_its_value_argues_overkill(
    usd_per_call: float, facts: dict[str, float], log_odds: float
) -> None:
    (row,) = cost_evidence(priced(usd_per_call), case(**facts))
    assert (row.source, row.id, row.verdict) == ("cost", "dearer-than-its-value", Verdict.OVERKILL)
    assert row.log_odds == log_odds


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"usd_value_per_call": 0.01},
        {"minutes_saved_per_call": 5},
        {"usd_wage_per_hour": 30},
        # worth less than it costs, but the work that it saves is worth more
        {"usd_value_per_call": 0.001, "minutes_saved_per_call": 5, "usd_wage_per_hour": 30},
    ],
)
def test_cost_is_silent_where_the_value_is_unknown_or_greater(facts: dict[str, float]) -> None:
    assert cost_evidence(priced(0.01), case(**facts)) == []


def test_an_idle_call_without_cost_or_value_is_silent() -> None:
    assert cost_evidence(priced(0.0), case(usd_value_per_call=0)) == []


def with_volume(text: str, **facts: object) -> Report:
    values = {"text": text, "calls_per_month": 3_000_000, "tokens_in": 2_000, "tokens_out": 200, **facts}
    return fitcheck.assess(fitcheck.UseCase.read(values), today=NOVEMBER_2026)


PULL = "Use an LLM to pull order numbers of the form AB-123456 out of mails"


def test_a_report_with_volume_shows_the_simpler_tool_beside_the_model() -> None:
    report = with_volume(PULL)
    assert report.verdict is Verdict.OVERKILL
    simpler = report.cost.simpler
    assert simpler is not None and simpler.kind == "regex-or-parser"
    assert simpler.times_dearer is not None and simpler.times_dearer > 1_000
    assert simpler.usd_per_month is not None and simpler.usd_per_month < report.cost.usd_per_month
    text = str(report)
    assert "Beside it a regular expression or parser: a call costs 1/" in text
    assert "旁" not in text


def test_where_the_simpler_tool_is_paid_back_cost_argues_for_it() -> None:
    rows = [e for e in with_volume(PULL).ledger if e.source == "cost"]
    assert [(e.id, e.verdict) for e in rows] == [("dearer-than-simpler", Verdict.OVERKILL)]
    assert 0 < rows[0].log_odds <= 1


def test_where_it_is_never_paid_back_cost_is_silent_and_the_report_says_so() -> None:
    report = with_volume(PULL, calls_per_month=2_000)
    assert not [e for e in report.ledger if e.source == "cost"]
    assert report.cost.simpler is not None and report.cost.simpler.months_until_paid is None
    assert "choose it for being right, not for being cheap" in str(report)


def test_the_simpler_tool_is_named_in_chinese_too() -> None:
    report = with_volume("用大模型从邮件里提取形如 AB-123456 的订单号")
    assert report.cost.simpler is not None
    assert "换成正则表达式或解析器" in str(report)


def test_an_idea_that_fits_has_no_simpler_tool_beside_it() -> None:
    report = with_volume("Draft friendly replies to customer mails; a clerk edits each before it goes out")
    assert report.verdict is Verdict.FIT
    assert report.cost.simpler is None


def test_a_chinese_price_is_said_in_dollars_with_its_rate() -> None:
    long = case(model="qwen-plus", provider="dashscope", tokens_in=100_000, tokens_out=0)
    cost = cost_line(long, today=NOVEMBER_2026)
    yuan = unit_price("qwen-plus", "dashscope", NOVEMBER_2026).per_call(100_000, 0)
    assert cost.usd_per_call == pytest.approx(float(yuan / Decimal("7.1")))
    assert any("7.1 CNY to the USD" in a["en"] for a in cost.assumptions)


@pytest.mark.parametrize(
    ("model", "may_think"),
    [("gpt-4o-mini", False), ("gpt-4.1", False), ("claude-3-5-sonnet", False), ("o3", True), ("gpt-5", True)],
)
def test_thinking_is_spoken_of_only_where_the_model_may_think(model: str, may_think: bool) -> None:
    rows = cost_line(case(model=model), today=NOVEMBER_2026).assumptions
    assert any("reasoning model" in row["en"] for row in rows) is may_think


def test_a_call_that_passes_the_models_context_is_remarked_on() -> None:
    for provider in ("openai", None):
        rows = [
            cost_line(case(model="gpt-4o-mini", provider=provider, tokens_in=n), today=NOVEMBER_2026).assumptions
            for n in (3_000_000, 3000)
        ]
        assert [sum("context" in row["en"] for row in said) for said in rows] == [1, 0]
