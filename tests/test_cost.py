"""The cost line: prices by day, tokens, calls, assumptions, and where cost decides."""

from __future__ import annotations

import datetime as dt
import json
import math
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitcheck.cost import Cost, cost_evidence, estimate_cost
from fitcheck.cost.estimate import ASSUMED_MODELS
from fitcheck.cost.prices import SNAPSHOT, UnitPrice, unit_price
from fitcheck.cost.sizes import in_language, typical_size
from fitcheck.errors import PriceUnknown, UseCaseError
from fitcheck.records import UseCase, Verdict

JULY_2024 = dt.date(2024, 7, 20)
NOVEMBER_2026 = dt.date(2026, 11, 22)


def case(**facts: object) -> UseCase:
    return UseCase.read({"text": "Draft replies to customers", **facts})


def per_mtok(price: UnitPrice) -> tuple[str, str]:
    return str(price.input[0][1]), str(price.output[0][1])


# prices by day


@pytest.mark.parametrize(
    ("model", "on", "expected"),
    [
        ("gpt-4o-mini", JULY_2024, ("0.15", "0.6")),
        ("gpt-4o", JULY_2024, ("5", "15")),
        ("gpt-4o", dt.date(2024, 10, 1), ("5", "15")),
        ("gpt-4o", dt.date(2024, 10, 2), ("2.5", "10")),
        ("gpt-4o", NOVEMBER_2026, ("2.5", "10")),
        # the version was cheaper from its own first day, before the bare name moved to it
        ("gpt-4o-2024-08-06", dt.date(2024, 8, 6), ("2.5", "10")),
        # GPT-4 Turbo at a third to a half of GPT-4
        ("gpt-4", dt.date(2023, 11, 5), ("30", "60")),
        ("gpt-4-1106-preview", dt.date(2023, 11, 6), ("10", "30")),
        # a change that the list records
        ("o3", dt.date(2025, 6, 9), ("10", "40")),
        ("o3", dt.date(2025, 6, 10), ("2", "8")),
    ],
)
def test_price_of_its_day(model: str, on: dt.date, expected: tuple[str, str]) -> None:
    assert per_mtok(unit_price(model, "openai", on)) == expected


@pytest.mark.parametrize(
    ("model", "provider", "on", "first"),
    [
        ("gpt-4o-mini", "openai", dt.date(2024, 7, 17), "2024-07-18"),
        ("gpt-4o", "openai", dt.date(2024, 5, 12), "2024-05-13"),
        ("gpt-4o-2024-08-06", "openai", JULY_2024, "2024-08-06"),
        ("gpt-4o-2024-11-20", "openai", dt.date(2024, 9, 1), "2024-11-20"),
        ("claude-3-5-sonnet", "anthropic", dt.date(2024, 6, 19), "2024-06-20"),
        ("claude-3-5-sonnet-20241022", "anthropic", JULY_2024, "2024-10-22"),
        ("o1-mini", "openai", dt.date(2024, 12, 1), "2025-04-16"),
        # nothing vouches for an earlier day than the one on which the list was read
        ("deepseek-chat", "deepseek", dt.date(2024, 12, 20), "2026-11-22"),
    ],
)
def test_a_day_before_the_first_known_one_is_refused(model: str, provider: str, on: dt.date, first: str) -> None:
    with pytest.raises(PriceUnknown, match=first):
        unit_price(model, provider, on)


def test_peak_hours_count() -> None:
    assert per_mtok(unit_price("deepseek-chat", "deepseek", NOVEMBER_2026)) == ("0.27", "1.1")


def test_the_list_s_own_name_for_a_provider_is_reported() -> None:
    price = unit_price(" GPT-4o-mini ", None, NOVEMBER_2026)
    assert (price.provider, price.model, price.on) == ("openai", "gpt-4o-mini", NOVEMBER_2026)
    assert price.source.startswith("genai-prices ")


@pytest.mark.parametrize(
    ("model", "provider", "words"),
    [
        ("gpt-4o-mimi", "openai", ["gpt-4o-mimi", "did you mean", "gpt-4o-mini"]),
        ("claude-sonnet-4-5", "openai", ["claude-sonnet-4-5", "listed at anthropic"]),
        ("gpt-4o-mini", "opnai", ["opnai", "openai"]),
        ("qwen/qwen3.6-35b-a3b", None, ["name the provider", "openrouter"]),
        ("zzzz", None, ["zzzz", "leave the model out"]),
        ("", "openai", ["no model's name"]),
        ("x" * 100_000, "openai", ["no model's name"]),
        ("whisper-large-v3", "groq", ["without a price by the token"]),
    ],
)
def test_an_unknown_price_says_what_to_do(model: str, provider: str | None, words: list[str]) -> None:
    with pytest.raises(PriceUnknown) as caught:
        unit_price(model, provider, NOVEMBER_2026)
    message = str(caught.value)
    assert [w for w in words if w not in message] == []
    assert len(message) < 500


def test_every_listed_price_is_what_the_library_computes() -> None:
    from genai_prices import Usage, calc_price, data_snapshot

    # one long request and one short one, so that both steps of a stepped price are met
    usages = [(1_000, 0, 400), (400_000, 100_000, 400)]
    on = NOVEMBER_2026
    checked = 0
    for provider in data_snapshot.get_snapshot().providers:
        if provider.id not in {"openai", "anthropic", "google", "mistral", "x-ai", "perplexity", "azure", "zai"}:
            continue
        for model in provider.models:
            if provider.find_model(model.id) is not model:
                continue  # a row that does not match its own id; the library can't be asked for it
            try:
                price = unit_price(model.id, provider.id, on)
            except PriceUnknown:
                continue
            for tokens_in, tokens_cached, tokens_out in usages:
                theirs = calc_price(
                    Usage(input_tokens=tokens_in, cache_read_tokens=tokens_cached, output_tokens=tokens_out),
                    model.id,
                    provider_id=provider.id,
                    genai_request_timestamp=dt.datetime.combine(on, dt.time(12), tzinfo=dt.UTC),
                ).total_price
                ours = price.usd_per_call(tokens_in, tokens_out, tokens_cached=tokens_cached)
                assert ours == theirs, (provider.id, model.id)
                checked += 1
    assert checked > 400


def test_every_model_of_the_list_has_a_price_or_a_clear_refusal() -> None:
    from genai_prices import data_snapshot

    priced = 0
    refusals = []
    for provider in data_snapshot.get_snapshot().providers:
        for model in provider.models:
            try:
                priced += unit_price(model.id, provider.id, NOVEMBER_2026).usd_per_call(1_000, 400) >= 0
            except PriceUnknown as error:
                refusals.append(str(error))
    assert priced > 2_000
    assert [r for r in refusals if "without a price by the token" not in r] == []


def test_a_long_request_is_priced_at_its_own_step_and_never_added_up_first() -> None:
    price = unit_price("gpt-5.4", "openai", NOVEMBER_2026)
    assert price.usd_per_call(272_000, 0) == Decimal("0.68")
    assert price.usd_per_call(272_001, 0) == Decimal("1.360005")
    short = estimate_cost(
        case(model="gpt-5.4", provider="openai", tokens_in=1_000, tokens_out=0, calls_per_month=1_000_000),
        today=NOVEMBER_2026,
    )
    assert short.usd_per_month == pytest.approx(2_500)


def test_a_fee_for_each_request_is_counted() -> None:
    price = unit_price("sonar", "perplexity", NOVEMBER_2026)
    assert price.usd_per_request == Decimal("0.012")
    assert price.usd_per_call(0, 0) == Decimal("0.012")


# the copy of the assumed models' prices


def test_the_copy_is_what_the_installed_list_says() -> None:
    from fitcheck.cost.snapshot import build

    copy = json.loads(SNAPSHOT.read_text("utf-8"))
    assert build(dt.date.fromisoformat(copy["read_on"])) == copy, "run python -m fitcheck.cost.snapshot"
    assert len(copy["models"]) == len(ASSUMED_MODELS)


@pytest.mark.parametrize(("provider", "model"), ASSUMED_MODELS)
def test_the_copy_and_the_library_give_the_same_price(
    provider: str, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fitcheck.cost.listed import listed_price

    monkeypatch.delitem(sys.modules, "genai_prices")
    assert unit_price(model, provider, NOVEMBER_2026) == listed_price(model, provider, NOVEMBER_2026)


def test_an_updated_list_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    from genai_prices import data_snapshot, types

    model = types.ModelInfo(
        id="gpt-4o-mini",
        match=types.ClauseEquals("gpt-4o-mini"),
        prices=types.ModelPrice(input_mtok=Decimal(7), output_mtok=Decimal(8)),
    )
    provider = types.Provider(id="openai", name="OpenAI", api_pattern="x", models=[model])
    updated = data_snapshot.DataSnapshot([provider], from_auto_update=True, timestamp=dt.datetime(2027, 1, 2))
    monkeypatch.setattr(data_snapshot, "_custom_snapshot", updated)
    price = unit_price("gpt-4o-mini", "openai", dt.date(2027, 1, 3))
    assert per_mtok(price) == ("7", "8")
    assert price.source == "genai-prices, updated on 2027-01-02"


def test_the_default_estimate_loads_neither_the_library_nor_a_network_client() -> None:
    program = (
        "import sys\n"
        "from fitcheck.cost import estimate_cost\n"
        "from fitcheck.records import UseCase\n"
        "assert estimate_cost(UseCase(text='Draft replies')).usd_per_call > 0\n"
        "print(sorted({'httpx', 'httpx2', 'numpy', 'genai_prices', 'asyncio', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# the estimate


def test_every_number_by_hand() -> None:
    cost = estimate_cost(
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
    half = estimate_cost(case(**facts, cached_share=0.5), today=NOVEMBER_2026)
    # 5,000 x 0.15 + 5,000 x 0.075 + 1,000 x 0.60, over a million
    assert half.usd_per_call == 0.001725
    # the version of May 2024 has no cheaper price for cached tokens
    early = {**facts, "model": "gpt-4o"}
    with_cache = estimate_cost(case(**early, cached_share=0.9), today=JULY_2024)
    assert with_cache.usd_per_call == estimate_cost(case(**early), today=JULY_2024).usd_per_call
    assert any("no cheaper price for cached tokens" in row["en"] for row in with_cache.assumptions)


def test_volume_from_users_and_days() -> None:
    cost = estimate_cost(
        case(users=1_000, calls_per_user_per_day=8, tokens_in=1_000, tokens_out=400), today=NOVEMBER_2026
    )
    # 1,000 x 8 x 21 = 168,000 calls at 0.00015 + 0.00024 USD
    assert cost.calls_per_month == 168_000
    assert cost.usd_per_month == pytest.approx(65.52)
    assert any("21 working days" in row["en"] and "21 个工作日" in row["zh"] for row in cost.assumptions)


def test_given_calls_win_over_users() -> None:
    cost = estimate_cost(case(users=1_000, calls_per_user_per_day=8, calls_per_month=10), today=NOVEMBER_2026)
    assert cost.calls_per_month == 10
    assert not any("working days" in row["en"] for row in cost.assumptions)


@pytest.mark.parametrize("facts", [{}, {"users": 10}, {"calls_per_user_per_day": 3}])
def test_without_a_volume_there_is_no_month(facts: dict[str, object]) -> None:
    cost = estimate_cost(case(**facts), today=NOVEMBER_2026)
    assert cost.calls_per_month is None
    assert cost.usd_per_month is None
    # 1,000 tokens in and 400 out: 0.15 + 0.24 USD per 1,000 calls
    assert cost.usd_per_1000_calls == 0.39


def test_everything_that_is_assumed_is_said_in_both_languages() -> None:
    rows = estimate_cost(case(input="audio", deployment="own_gpus"), today=NOVEMBER_2026).assumptions
    assert all(set(row) == {"en", "zh"} and row["en"] and row["zh"] for row in rows)
    assert all(any("\u4e00" <= c <= "\u9fff" for c in row["zh"]) for row in rows)
    english = " | ".join(row["en"] for row in rows)
    expected = ["model not given", "tokens per call not given", "calls per month not given", "no prompt cache"]
    assert [part for part in [*expected, "sound cost more", "own GPUs are not priced"] if part not in english] == []


def test_what_is_given_is_not_assumed() -> None:
    cost = estimate_cost(
        case(model="gpt-4o-mini", provider="openai", tokens_in=1, tokens_out=1, calls_per_month=1),
        today=NOVEMBER_2026,
    )
    assert [row["en"] for row in cost.assumptions] == ["list price, no prompt cache, no batch or volume discount"]


def test_only_the_missing_half_of_the_tokens_is_assumed() -> None:
    cost = estimate_cost(case(tokens_in=77), today=NOVEMBER_2026)
    assert (cost.tokens_in, cost.tokens_out) == (77, 400)
    assert any("not given: 400 out" in row["en"] for row in cost.assumptions)


def test_a_name_that_has_moved_on_and_a_missing_provider_are_said() -> None:
    rows = estimate_cost(case(model="gpt-4o", tokens_in=1, tokens_out=1), today=JULY_2024).assumptions
    english = " | ".join(row["en"] for row in rows)
    assert "provider not given: openai" in english
    assert "gpt-4o stood for gpt-4o-2024-05-13 then" in english


def test_an_image_is_priced_as_an_image() -> None:
    cost = estimate_cost(case(), category="image-media-generation", today=NOVEMBER_2026)
    assert cost.model == "gpt-image-1.5"
    # 100 x 5 / 1e6 + 1,056 x 32 / 1e6
    assert cost.usd_per_call == pytest.approx(0.0005 + 0.033792)
    assert estimate_cost(case(output="image"), today=NOVEMBER_2026).usd_per_call == cost.usd_per_call
    with pytest.raises(PriceUnknown, match=r"gpt-image-1\.5"):
        estimate_cost(case(output="image", model="gpt-4o-mini", provider="openai"), today=NOVEMBER_2026)


def test_the_kind_of_call_sets_its_size() -> None:
    label = estimate_cost(case(output="label"), category="summarisation", today=NOVEMBER_2026)
    summary = estimate_cost(case(), category="summarisation", today=NOVEMBER_2026)
    assert label.tokens_out < summary.tokens_out < summary.tokens_in
    assert typical_size(None, "no-such-category") == typical_size("text", None)


def test_chinese_needs_more_tokens_with_older_tokenizers() -> None:
    assert in_language(1_000, "zh", "openai") == 1_000
    assert in_language(1_000, "zh", "mistral") == 1_260
    facts = {"model": "mistral-small-latest", "provider": "mistral"}
    english = estimate_cost(case(**facts), text_lang="en", today=NOVEMBER_2026)
    chinese = estimate_cost(case(**facts), text_lang="zh", today=NOVEMBER_2026)
    assert chinese.tokens_in == math.ceil(english.tokens_in * 34 / 27)


def test_the_present_day_is_the_default() -> None:
    before = dt.datetime.now(dt.UTC).date()
    priced_on = dt.date.fromisoformat(estimate_cost(case()).priced_on)
    assert before <= priced_on <= dt.datetime.now(dt.UTC).date()


def test_a_volume_beyond_any_number_is_refused() -> None:
    with pytest.raises(UseCaseError, match="calls of one month"):
        estimate_cost(
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
        return estimate_cost(case(calls_per_month=n_calls, **facts), today=NOVEMBER_2026)

    once, twice = month(calls), month(2 * calls)
    assert once.usd_per_month is not None
    assert twice.usd_per_month == 2 * once.usd_per_month
    assert twice.usd_per_call == once.usd_per_call


@given(
    model=st.sampled_from(["gpt-4o-mini", "gpt-5.4", "gpt-6-luna"]),
    tokens_in=st.integers(0, 10**6),
    tokens_out=st.integers(0, 10**5),
    more=st.integers(0, 10**5),
)
def test_more_tokens_never_cost_less(model: str, tokens_in: int, tokens_out: int, more: int) -> None:
    price = unit_price(model, "openai", NOVEMBER_2026)
    usd = price.usd_per_call(tokens_in, tokens_out)
    assert 0 <= usd <= price.usd_per_call(tokens_in + more, tokens_out)
    assert usd <= price.usd_per_call(tokens_in, tokens_out + more)
    assert price.usd_per_call(tokens_in, tokens_out, tokens_cached=tokens_in // 2) <= usd


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
