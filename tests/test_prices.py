"""API prices: by model, provider, day and currency, in batches, from the list and from the overlay."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitcheck.cost.line import ASSUMED_MODELS, cost_line
from fitcheck.cost.overlay import OVERLAY, never_thinks, overlay_sellers
from fitcheck.cost.prices import SNAPSHOT, UnitPrice, known_models, source_in, unit_price
from fitcheck.cost.update import data_folder, stored_copy, update_prices
from fitcheck.errors import CostError, PriceUnknown
from fitcheck.use_case import UseCase

JULY_2024 = dt.date(2024, 7, 20)
NOVEMBER_2026 = dt.date(2026, 11, 22)


@pytest.fixture(autouse=True, scope="module")
def no_fetched_list(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep a list that whoever runs the tests has fetched out of them."""
    folder = tmp_path_factory.mktemp("data") / "fitcheck"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fitcheck.cost.update.data_folder", lambda: folder)
        yield folder


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
                ours = price.per_call(tokens_in, tokens_out, tokens_cached=tokens_cached)
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
                priced += unit_price(model.id, provider.id, NOVEMBER_2026).per_call(1_000, 400) >= 0
            except PriceUnknown as error:
                refusals.append(str(error))
    assert priced > 2_000
    assert [r for r in refusals if "without a price by the token" not in r] == []


def test_a_long_request_is_priced_at_its_own_step_and_never_added_up_first() -> None:
    price = unit_price("gpt-5.4", "openai", NOVEMBER_2026)
    assert price.per_call(272_000, 0) == Decimal("0.68")
    assert price.per_call(272_001, 0) == Decimal("1.360005")
    short = cost_line(
        case(model="gpt-5.4", provider="openai", tokens_in=1_000, tokens_out=0, calls_per_month=1_000_000),
        today=NOVEMBER_2026,
    )
    assert short.usd_per_month == pytest.approx(2_500)


def test_a_fee_for_each_request_is_counted() -> None:
    price = unit_price("sonar", "perplexity", NOVEMBER_2026)
    assert price.usd_per_request == Decimal("0.012")
    assert price.per_call(0, 0) == Decimal("0.012")


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


def test_the_assumed_models_and_the_overlay_load_neither_the_library_nor_a_network_client() -> None:
    program = (
        "import sys\n"
        "from fitcheck.cost.line import cost_line\n"
        "from fitcheck.records import UseCase\n"
        "assert cost_line(UseCase(text='Draft replies')).usd_per_call > 0\n"
        "import datetime as dt\n"
        "from fitcheck.cost.prices import unit_price\n"
        "assert unit_price('doubao-pro-32k', None, dt.date(2024, 5, 15)).currency == 'CNY'\n"
        "print(sorted({'httpx', 'httpx2', 'numpy', 'genai_prices', 'asyncio', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@given(
    model=st.sampled_from(["gpt-4o-mini", "gpt-5.4", "gpt-6-luna"]),
    tokens_in=st.integers(0, 10**6),
    tokens_out=st.integers(0, 10**5),
    more=st.integers(0, 10**5),
)
def test_more_tokens_never_cost_less(model: str, tokens_in: int, tokens_out: int, more: int) -> None:
    price = unit_price(model, "openai", NOVEMBER_2026)
    usd = price.per_call(tokens_in, tokens_out)
    assert 0 <= usd <= price.per_call(tokens_in + more, tokens_out)
    assert usd <= price.per_call(tokens_in, tokens_out + more)
    assert price.per_call(tokens_in, tokens_out, tokens_cached=tokens_in // 2) <= usd


# further published prices, each with its source; worked out by hand


@pytest.mark.parametrize(
    ("model", "provider", "on", "tokens", "money"),
    [
        # (input, output, cached) tokens and what one request of that size costs, in the list's currency
        # ByteDance, 15 May 2024: 0.8 and 2 CNY per million (posts.careerengine.us/p/6652a7c2e262620b292fa7af)
        ("doubao-pro-32k", "volcengine", dt.date(2024, 5, 15), (10_000, 1_000, 0), "0.010"),
        # 5 and 9 CNY (niaogebiji.com/article-676887-1.html)
        ("doubao-pro-128k", "volcengine", dt.date(2024, 5, 15), (100_000, 1_000, 0), "0.509"),
        # 0.3 and 0.6 CNY (as doubao-pro-32k)
        ("doubao-lite-32k", "volcengine", dt.date(2024, 5, 21), (10_000, 10_000, 0), "0.009"),
        # volcengine.com/docs/82379/1330310: 0.8 and 2 CNY since January 2025
        ("doubao-1-5-pro-32k-250115", "volcengine", dt.date(2025, 2, 1), (1_000_000, 1_000_000, 0), "2.8"),
        # the same page, by length: 0.8 and 8; 1.2 and 16 above 32K; 2.4 and 24 above 128K; cached 0.16
        ("doubao-seed-1.6", "volcengine", dt.date(2025, 7, 1), (32_000, 1_000, 0), "0.0336"),
        ("doubao-seed-1.6", "volcengine", dt.date(2025, 7, 1), (100_000, 1_000, 0), "0.136"),
        ("doubao-seed-1.6", "volcengine", dt.date(2025, 7, 1), (200_000, 1_000, 100_000), "0.28"),
        # Alibaba, 21 May 2024 (wenshannet.com/company/112711.html): 0.5 CNY in; out 2 (llm-price)
        ("qwen-long", "dashscope", dt.date(2024, 5, 21), (1_000_000, 0, 0), "0.5"),
        # llm-price, src/data/qwen.ts: 40 and 120 CNY
        ("qwen-max", "dashscope", dt.date(2024, 6, 1), (1_000, 1_000, 0), "0.16"),
        # lobe-chat, end of 2024: 20 and 60, 0.8 and 2, 0.3 and 0.6 CNY
        ("qwen-max", "dashscope", dt.date(2024, 12, 1), (1_000, 1_000, 0), "0.08"),
        ("qwen-plus", "dashscope", dt.date(2024, 12, 1), (10_000, 1_000, 0), "0.010"),
        ("qwen-turbo", "dashscope", dt.date(2024, 12, 1), (10_000, 1_000, 0), "0.0036"),
        # help.aliyun.com of 2025 through dify: 6 and 24, 10 and 40, 15 and 60 CNY by length
        ("qwen3-max", "dashscope", dt.date(2025, 10, 1), (50_000, 1_000, 0), "0.54"),
        # Zhipu: 5 CNY, then 1 CNY since 11 May 2024 (posts.careerengine.us/p/6652a7c2e262620b292fa7af)
        ("glm-3-turbo", "zhipuai", dt.date(2024, 5, 10), (500_000, 500_000, 0), "5"),
        ("glm-3-turbo", "zhipuai", dt.date(2024, 5, 11), (500_000, 500_000, 0), "1"),
        # 100 CNY (wpsshop.cn/w/weixin_40725706/article/detail/836984: 0.1 CNY per thousand)
        ("glm-4", "zhipuai", dt.date(2024, 6, 1), (1_000, 0, 0), "0.1"),
        # docs.bigmodel.cn/cn/guide/models/text/glm-4: 5 CNY
        ("glm-4-plus", "zhipuai", dt.date(2025, 6, 1), (1_000_000, 1_000_000, 0), "10"),
        # help.aliyun.com/zh/model-studio/glm-4-5: 3 and 14, 4 and 16 above 32K
        ("glm-4.5", "zhipuai", dt.date(2025, 8, 1), (10_000, 1_000, 0), "0.044"),
        ("glm-4.5", "zhipuai", dt.date(2025, 8, 1), (40_000, 1_000, 0), "0.176"),
        # Baidu: free since 21 May 2024 (wenshannet.com/company/112711.html)
        ("ernie-speed-8k", "baidu", dt.date(2024, 5, 21), (1_000_000, 1_000_000, 0), "0"),
        # 120 CNY (one-api); 30 and 90 CNY later that year (lobe-chat)
        ("ernie-4.0-8k", "baidu", dt.date(2024, 6, 1), (1_000, 1_000, 0), "0.24"),
        ("ernie-4.0-8k", "baidu", dt.date(2024, 12, 1), (1_000, 1_000, 0), "0.12"),
        # DeepSeek in CNY (xmsumi.com/detail/310): 1 and 2; then 2 and 8, cached 0.5
        ("deepseek-chat", "deepseek-cn", dt.date(2024, 5, 6), (1_000_000, 1_000_000, 0), "3"),
        ("deepseek-chat", "deepseek-cn", dt.date(2025, 2, 8), (1_000_000, 1_000_000, 0), "3"),
        ("deepseek-chat", "deepseek-cn", dt.date(2025, 2, 9), (1_000_000, 1_000_000, 500_000), "9.25"),
        # api-docs.deepseek.com through lobe-chat: 4 and 12 on 6 September, 2 and 3 on 29 September 2025
        ("deepseek-chat", "deepseek-cn", dt.date(2025, 9, 28), (1_000_000, 1_000_000, 0), "16"),
        ("deepseek-chat", "deepseek-cn", dt.date(2025, 9, 29), (1_000_000, 1_000_000, 0), "5"),
        # Moonshot in China (explinks.com): 12 CNY
        ("moonshot-v1-8k", "moonshot-cn", dt.date(2024, 6, 3), (500_000, 500_000, 0), "12"),
        # platform.moonshot.cn/docs/pricing/chat: 4 and 16, cached 1
        ("kimi-k2-0905-preview", "moonshot-cn", dt.date(2025, 9, 5), (10_000, 1_000, 8_000), "0.032"),
        # anthropic.com/news/claude-3-family: 15 and 75 USD; anthropic.com/news/claude-3-haiku: 0.25 and 1.25
        ("claude-3-opus-20240229", "anthropic", dt.date(2024, 3, 4), (1_000, 1_000, 0), "0.09"),
        ("claude-3-haiku", "anthropic", dt.date(2024, 3, 13), (1_000_000, 1_000_000, 0), "1.5"),
        # anthropic.com/news/claude-sonnet-4-5: 3 and 15 USD; above 200K 6 and 22.5
        ("claude-sonnet-4-5", "anthropic", dt.date(2025, 9, 29), (200_001, 0, 0), "1.200006"),
        # openai.com/index/new-embedding-models-and-api-updates: 0.5 and 1.5 USD
        ("gpt-3.5-turbo", "openai", dt.date(2024, 2, 16), (1_000_000, 1_000_000, 0), "2"),
        # openai.com/index/gpt-4-1: 2 and 8 USD, cached 0.5
        ("gpt-4.1", "openai", dt.date(2025, 4, 14), (1_000_000, 0, 500_000), "1.25"),
        # aipromptshub.co/model/gpt-5: 1.25 and 10 USD, cached 0.125
        ("gpt-5", "openai", dt.date(2025, 8, 7), (1_000_000, 100_000, 1_000_000), "1.125"),
        # archive.fo/dYUtw, docs.x.ai on 2 June 2025: 3 and 15 USD, cached 0.75
        ("grok-3", "x-ai", dt.date(2025, 6, 2), (1_000_000, 1_000_000, 1_000_000), "15.75"),
        # ai.google.dev: 1.25 and 10 USD; above 200K 2.5 and 15
        ("gemini-2.5-pro", "google", dt.date(2025, 7, 7), (100_000, 10_000, 0), "0.225"),
        ("gemini-2.5-pro", "google", dt.date(2025, 7, 7), (400_000, 10_000, 0), "1.15"),
    ],
)
def test_published_price(model: str, provider: str, on: dt.date, tokens: tuple[int, int, int], money: str) -> None:
    tokens_in, tokens_out, tokens_cached = tokens
    price = unit_price(model, provider, on)
    assert price.per_call(tokens_in, tokens_out, tokens_cached=tokens_cached) == Decimal(money)


# batches


@pytest.mark.parametrize(
    ("model", "provider", "on", "expected"),
    [
        # OpenAI's half price since April 2024 (1ai.net/en/8172.html); on GPT-4o of July 2024, 5 and 15 USD
        ("gpt-4o", "openai", JULY_2024, ("2.5", "7.5")),
        ("gpt-4o-mini", "openai", dt.date(2024, 8, 1), ("0.075", "0.30")),
        # claude.com/blog/message-batches-api of 8 October 2024
        ("claude-3-5-sonnet", "anthropic", dt.date(2024, 10, 8), ("1.5", "7.5")),
        # developers.googleblog.com, 7 July 2025
        ("gemini-2.5-flash", "google", dt.date(2025, 7, 7), ("0.15", "1.25")),
        # the list's own
        ("gpt-4o", "openai", NOVEMBER_2026, ("1.25", "5")),
        ("claude-haiku-4-5", "anthropic", NOVEMBER_2026, ("0.5", "2.5")),
        # a row of its own in the list
        ("openai/gpt-4o", "openrouter", NOVEMBER_2026, ("1.25", "5")),
        # niaogebiji.com/article-676887-1.html: one CNY buys two million tokens
        ("glm-3-turbo", "zhipuai", dt.date(2024, 5, 11), ("0.5", "0.5")),
    ],
)
def test_batch_price_of_its_day(model: str, provider: str, on: dt.date, expected: tuple[str, str]) -> None:
    price = unit_price(model, provider, on, batch=True)
    assert price.batch
    assert tuple(Decimal(p) for p in per_mtok(price)) == tuple(Decimal(p) for p in expected)


@pytest.mark.parametrize(
    ("model", "provider", "on", "words"),
    [
        # the list's batch price starts later: the library itself would answer with the full price
        ("o1", "openai", dt.date(2026, 1, 1), "listed from 2026-10-14"),
        ("gpt-4-turbo", "openai", dt.date(2024, 4, 16), "listed from 2024-04-17"),
        ("claude-3-5-sonnet", "anthropic", dt.date(2024, 10, 7), "listed from 2024-10-08"),
        # a batch price that the list names without a figure
        ("gpt-3.5-turbo-1106", "openai", NOVEMBER_2026, "no batch price is listed"),
        ("grok-3", "x-ai", NOVEMBER_2026, "no batch price is listed"),
        # sold at Azure by OpenAI's list, whose batches are OpenAI's
        ("gpt-4o", "azure", NOVEMBER_2026, "no batch price is listed"),
        ("qwen-max", "dashscope", JULY_2024, "no batch price is listed"),
        ("glm-3-turbo", "zhipuai", dt.date(2024, 5, 1), "known from 2024-05-11"),
    ],
)
def test_a_batch_never_gets_the_full_price_unsaid(model: str, provider: str, on: dt.date, words: str) -> None:
    with pytest.raises(PriceUnknown, match=words):
        unit_price(model, provider, on, batch=True)


def test_the_day_before_a_listed_batch_price_starts_is_refused_or_has_an_announced_share() -> None:
    from genai_prices import data_snapshot

    shares = 0
    refusals = []
    for seller in data_snapshot.get_snapshot().providers:
        for model in seller.models:
            rows = [v.constraint for v in model.price_variants or () if dict(v.when) == {"processing": "batch"}]
            if not rows or None in rows:
                continue
            first = min(row.start_date for row in rows)
            try:
                price = unit_price(model.id, seller.id, first - dt.timedelta(days=1), batch=True)
            except PriceUnknown as error:
                refusals.append(str(error))
            else:
                assert "in batches 50%" in price.source, (seller.id, model.id)
                shares += 1
    assert shares >= 5
    assert len(refusals) > 80
    assert [r for r in refusals if "from 20" not in r and "first day" not in r and "no batch price" not in r] == []


def test_no_listed_batch_price_is_dearer_than_the_standard_one() -> None:
    from fitcheck.cost.listed import listed_models

    compared = []
    for provider, model in listed_models():
        try:
            batch = unit_price(model, provider, NOVEMBER_2026, batch=True)
        except PriceUnknown:
            continue
        standard = unit_price(model, provider, NOVEMBER_2026)
        compared.append(
            all(
                batch.per_call(n, 1_000, tokens_cached=c) < standard.per_call(n, 1_000, tokens_cached=c)
                or standard.per_call(n, 1_000) == 0
                for n, c in [(1_000, 0), (300_000, 0)]
            )
        )
    assert len(compared) > 150
    assert compared.count(False) == 0


def test_a_share_halves_every_step_and_grants_no_cache() -> None:
    on = dt.date(2025, 10, 1)
    price = unit_price("claude-sonnet-4-5", "anthropic", on, batch=True)
    assert price.input == ((0, Decimal("1.5")), (200_000, Decimal("3")))
    assert price.cache_read == ()
    assert "50% of it since 2024-12-17" in price.source


def test_batch_steps_of_the_overlay() -> None:
    price = unit_price("qwen3-vl-plus", "dashscope", NOVEMBER_2026, batch=True)
    # 0.5 and 5 CNY; 0.75 and 7.5 above 32K
    assert price.per_call(32_000, 1_000) == Decimal("0.021")
    assert price.per_call(40_000, 1_000) == Decimal("0.0375")


# the overlay


def test_the_overlay_says_its_source_day_and_currency() -> None:
    price = unit_price("qwen-plus", "dashscope", dt.date(2024, 6, 1))
    assert (price.currency, price.provider, price.listed_as) == ("CNY", "dashscope", "qwen-plus")
    assert price.source.startswith("fitcheck price overlay: llm-price")
    assert "seen 2026-11-22" in price.source


def test_the_overlay_answers_before_the_list() -> None:
    # genai-prices turns Zhipu's price into USD at a fixed rate
    assert unit_price("GLM-4-Plus", "zhipuai", NOVEMBER_2026).currency == "CNY"
    assert unit_price("glm-5", "zhipuai", NOVEMBER_2026).source.startswith("genai-prices")


def test_one_seller_with_two_lists_is_asked_for_by_name() -> None:
    usd = unit_price("deepseek-chat", None, NOVEMBER_2026)
    assert (usd.provider, usd.currency) == ("deepseek", "USD")
    cny = unit_price("deepseek-chat", "deepseek-cn", dt.date(2025, 3, 1))
    assert (cny.provider, cny.currency) == ("deepseek-cn", "CNY")


@pytest.mark.parametrize(
    ("name", "provider", "model"),
    [
        ("通义千问-Max", None, "qwen-max"),
        ("通义千问 Plus", "阿里云", "qwen-plus"),
        ("豆包-pro-32k", "火山引擎", "doubao-pro-32k"),
        ("Doubao_Pro_32K", "bytedance", "doubao-pro-32k"),
        ("文心一言4.0", "百度", "ernie-4.0-8k"),
        ("智谱ＧＬＭ-4", "智谱", "glm-4"),
        ("glm-3-turbo", "bigmodel", "glm-3-turbo"),
    ],
)
def test_a_chinese_name_means_one_model(name: str, provider: str | None, model: str) -> None:
    assert unit_price(name, provider, JULY_2024).model == model


@pytest.mark.parametrize(
    ("model", "provider", "on", "words"),
    [
        ("doubao-pro-32k", "volcengine", dt.date(2024, 5, 14), ["2024-05-15"]),
        ("豆包", None, JULY_2024, ["several models", "doubao-pro-32k", "doubao-lite-32k"]),
        ("通义千问", "dashscope", JULY_2024, ["several models", "qwen-long", "qwen-max"]),
        ("doubao", None, dt.date(2023, 1, 1), ["name a later day"]),
        ("qwen-maxx", "dashscope", JULY_2024, ["price overlay", "qwen-max"]),
        ("qwen-maxx", None, JULY_2024, ["did you mean", "qwen-max"]),
        ("zzzz", "volcengine", JULY_2024, ["price overlay", "doubao"]),
        ("ernie-4.0-8k", "openai", JULY_2024, ["listed at baidu"]),
        ("gpt-4o", "volcengin", JULY_2024, ["volcengine"]),
        ("deepseek-reasoner", "deepseek-cn", dt.date(2026, 8, 1), ["held until 2026-04-23"]),
        ("deepseek-v4-flash", "deepseek-cn", dt.date(2026, 9, 1), ["until 2026-08-16", "from 2026-09-10"]),
    ],
)
def test_what_the_overlay_does_not_know_is_said(
    model: str, provider: str | None, on: dt.date, words: list[str]
) -> None:
    with pytest.raises(PriceUnknown) as caught:
        unit_price(model, provider, on)
    assert [w for w in words if w not in str(caught.value)] == []


def test_a_request_longer_than_the_known_price_is_refused() -> None:
    price = unit_price("glm-4.5", "zhipuai", NOVEMBER_2026)
    assert price.per_call(128_000, 0) == Decimal("0.512")
    with pytest.raises(PriceUnknown, match="tokens_in is 128001"):
        price.per_call(128_001, 0)


@pytest.mark.parametrize("tokens", [(-1, 0, 0), (0, -1, 0), (10, 0, 11)])
def test_tokens_that_can_t_be_are_refused(tokens: tuple[int, int, int]) -> None:
    price = unit_price("gpt-4o-mini", "openai", NOVEMBER_2026)
    with pytest.raises(CostError, match="tokens_"):
        price.per_call(tokens[0], tokens[1], tokens_cached=tokens[2])


def overlay_rows() -> list[dict[str, object]]:
    rows = tomllib.loads(OVERLAY.read_text("utf-8"), parse_float=Decimal)["price"]
    assert len(rows) >= 25
    return list(rows)


def test_every_row_of_the_overlay_names_its_source_and_day() -> None:
    assert [row["model"] for row in overlay_rows() if not row["source"] or row["seen"] == ""] == []


def test_every_row_of_the_overlay_has_known_keys_only() -> None:
    known = {"provider", "model", "names", "currency", "from", "until", "input", "output", "cached_input"}
    known |= {"batch_input", "batch_output", "tiers", "max_tokens_in", "source", "seen", "note"}
    assert [(row["model"], set(row) - known) for row in overlay_rows() if set(row) - known] == []


def test_every_row_of_the_overlay_can_be_asked_for_on_its_first_day() -> None:
    for row in overlay_rows():
        on = row["from"]
        assert isinstance(on, dt.date)
        price = unit_price(str(row["model"]), str(row["provider"]), on)
        assert (price.input[0][1], price.output[0][1], price.currency) == (row["input"], row["output"], row["currency"])


def test_no_two_rows_of_the_overlay_start_on_the_same_day() -> None:
    starts = [(row["provider"], row["model"], row["from"]) for row in overlay_rows()]
    assert len(set(starts)) == len(starts)


def test_rates_of_the_overlay_rise_with_length_and_fall_with_a_cache() -> None:
    for row in overlay_rows():
        on = row["from"]
        assert isinstance(on, dt.date)
        price = unit_price(str(row["model"]), str(row["provider"]), on)
        for rate in (price.input, price.output, price.cache_read):
            assert list(rate) == sorted(rate), row
        assert all(cached[1] < full[1] for cached, full in zip(price.cache_read, price.input, strict=False)), row


def test_a_name_means_one_model_at_each_seller() -> None:
    means: dict[tuple[object, str], object] = {}
    for row in overlay_rows():
        names = row.get("names", [])
        assert isinstance(names, list)
        for name in (row["model"], *names):
            key = (row["provider"], str(name).casefold().replace("-", "").replace(" ", ""))
            assert means.setdefault(key, row["model"]) == row["model"], name


def test_the_overlay_leaves_the_assumed_models_to_their_copy() -> None:
    rows = {(row["provider"], row["model"]) for row in overlay_rows()}
    assert rows.isdisjoint(ASSUMED_MODELS)


def test_a_seller_of_the_overlay_is_marked_where_the_list_has_it_too() -> None:
    from genai_prices import data_snapshot

    listed = {seller.id for seller in data_snapshot.get_snapshot().providers}
    assert [s.provider for s in overlay_sellers() if s.is_listed_too != (s.provider in listed)] == []


@pytest.mark.parametrize("broken", ["model = 3", 'provider = "x"\nmodel = "y"\ncurrency = "CNY"'])
def test_a_broken_row_is_quoted(broken: str, tmp_path: Path) -> None:
    from fitcheck.cost.overlay import _read

    path = tmp_path / "overlay.toml"
    path.write_text(f"provider = []\nbatch = []\n[[price]]\n{broken}\n", "utf-8")
    with pytest.raises(CostError, match=r"overlay\.toml: \[\[price\]\] number 1"):
        _read(path)


def test_a_broken_beginning_is_quoted(tmp_path: Path) -> None:
    from fitcheck.cost.overlay import _read

    path = tmp_path / "overlay.toml"
    path.write_text('provider = []\nprice = []\nbatch = []\n[[never_thinks]]\nbegins = ["gpt-4("]\n', "utf-8")
    with pytest.raises(CostError, match=r"overlay\.toml: \[\[never_thinks\]\] number 1"):
        _read(path)


def test_rows_on_thinking_name_their_source_and_day_or_say_that_they_are_from_memory() -> None:
    rows = tomllib.loads(OVERLAY.read_text("utf-8"))["never_thinks"]
    assert len(rows) >= 10
    assert [row for row in rows if set(row) != {"maker", "begins", "source", "seen"}] == []
    assert [row["maker"] for row in rows if bool(row["source"]) != bool(row["seen"])] == []


@pytest.mark.parametrize(
    ("model", "never"),
    [
        ("gpt-4o-mini", True),
        ("us.anthropic.claude-3-5-sonnet-20240620-v1:0", True),
        ("gemini-2.0-flash", True),
        ("gemini-2.0-flash-thinking-exp", False),
        ("grok-4-fast-non-reasoning", True),
        ("grok-4-fast-reasoning", False),
        ("meta/llama-3.3-70b-instruct", True),
        ("nvidia/llama-3.1-nemotron-ultra-253b-v1", False),
        ("ministral-8b-latest", True),
        ("ministral-3-14b-reasoning-2512", False),
        ("o3", False),
    ],
)
def test_models_that_never_think_are_known_by_name(model: str, never: bool) -> None:
    assert never_thinks(model) is never


# the listing


def test_the_listing_is_filtered_by_text() -> None:
    found = list(known_models(JULY_2024, text="QWEN"))
    assert {("dashscope", "qwen-long"), ("dashscope", "qwen-max")} <= {(p, m) for p, m, _ in found}
    assert all("qwen" in m.lower() or p == "dashscope" for p, m, _ in found)


def test_the_listing_has_both_lists_and_no_model_twice() -> None:
    found = [(provider, model.lower()) for provider, model, _ in known_models(NOVEMBER_2026)]
    assert len(found) > 2_000
    assert len(set(found)) == len(found)
    assert {"zhipuai", "openai", "volcengine"} <= {provider for provider, _ in found}


def test_the_listing_is_of_its_day() -> None:
    assert [m for p, m, _ in known_models(dt.date(2024, 5, 14), text="豆包")] == []
    assert all(price.on == JULY_2024 for _, _, price in known_models(JULY_2024, text="claude"))


# a list that a user fetches


def fetched_list(*, gpt_4o_mini: str = "0.11", n_models: int = 3_000) -> bytes:
    """Return a list in the form in which it is fetched, with one real model and many that pad it out."""
    day = {"equals": "gpt-4o-mini-2024-07-18"}
    models = [
        {
            "id": "gpt-4o-mini",
            "match": {"or": [{"equals": "gpt-4o-mini"}, day]},
            "prices": {"input_mtok": gpt_4o_mini, "output_mtok": 0.44, "cache_read_mtok": 0.05},
        },
        {
            "id": "gpt-image-1.5",
            "match": {"or": [{"equals": "gpt-image-1.5"}, {"equals": "gpt-image-1.5-2025-12-16"}]},
            "prices": {"input_mtok": 5, "output_mtok": 10, "output_image_mtok": 32},
        },
        {"id": "brand-new", "match": {"equals": "brand-new"}, "prices": {"input_mtok": 1, "output_mtok": 2}},
    ]
    pad = [
        {"id": f"pad-{i}", "match": {"equals": f"pad-{i}"}, "prices": {"input_mtok": 1, "output_mtok": 1}}
        for i in range(n_models)
    ]
    seller = {"id": "openai", "name": "OpenAI", "api_pattern": "https://api\\.openai\\.com", "models": models + pad}
    return json.dumps([seller]).encode()


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "fitcheck"
    monkeypatch.setattr("fitcheck.cost.update.data_folder", lambda: folder)
    return folder


DECEMBER_2026 = dt.date(2026, 12, 20)


def test_a_fetched_list_is_in_force_and_named(own_folder: Path) -> None:
    said = update_prices(fetch=fetched_list, today=DECEMBER_2026)
    assert "2026-12-20" in said
    assert str(own_folder) in said
    price = unit_price("gpt-4o-mini", "openai", DECEMBER_2026)
    assert per_mtok(price) == ("0.11", "0.44")
    assert price.source == "genai-prices, updated on 2026-12-20"


def test_a_new_process_reads_the_fetched_list_without_the_library(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update_prices(fetch=fetched_list, today=DECEMBER_2026)
    program = (
        "import sys, datetime as dt, pathlib\n"
        "import fitcheck.cost.update as update\n"
        f"update.data_folder = lambda: pathlib.Path({str(own_folder)!r})\n"
        "from fitcheck.cost.prices import unit_price\n"
        "price = unit_price('gpt-4o-mini', 'openai', dt.date(2026, 12, 20))\n"
        "print(price.input[0][1], price.source, 'genai_prices' in sys.modules)\n"
        "print(unit_price('brand-new', 'openai', dt.date(2026, 12, 20)).input[0][1])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["0.11 genai-prices, updated on 2026-12-20 False", "1"]


def test_a_new_model_of_a_fetched_list_is_known_since_that_day(own_folder: Path) -> None:
    update_prices(fetch=fetched_list, today=DECEMBER_2026)
    with pytest.raises(PriceUnknown, match="2026-12-20"):
        unit_price("brand-new", "openai", DECEMBER_2026 - dt.timedelta(days=1))


def test_what_a_fetched_list_has_not_changed_stays_known_as_long(own_folder: Path) -> None:
    from genai_prices.data import providers

    seller = next(p for p in providers if p.id == "deepseek")
    old = next(m for m in seller.models if m.id == "deepseek-v3.2")
    raw = json.loads(fetched_list())
    same = {"id": old.id, "match": {"equals": old.id}, "prices": {"input_mtok": "0.2288", "output_mtok": "0.3432"}}
    raw.append({"id": "deepseek", "name": "DeepSeek", "api_pattern": "x", "models": [same]})
    update_prices(fetch=lambda: json.dumps(raw).encode(), today=DECEMBER_2026)
    assert per_mtok(unit_price(old.id, "deepseek", NOVEMBER_2026)) == ("0.2288", "0.3432")


def test_the_overlay_answers_before_a_fetched_list_too(own_folder: Path) -> None:
    update_prices(fetch=fetched_list, today=DECEMBER_2026)
    assert unit_price("qwen-long", None, DECEMBER_2026).provider == "dashscope"


def unreachable() -> bytes:
    raise OSError("Name or service not known")


def cut_short() -> bytes:
    return fetched_list()[:-100]


def not_prices() -> bytes:
    return b'{"message": "moved"}'


def almost_empty() -> bytes:
    return fetched_list(n_models=3)


@pytest.mark.parametrize(
    ("fetch", "words"),
    [
        (unreachable, "check the network"),
        (cut_short, "can't be read"),
        (not_prices, "not a list of providers"),
        (almost_empty, "not taken over"),
    ],
)
def test_a_failed_update_changes_nothing(fetch: object, words: str, own_folder: Path) -> None:
    update_prices(fetch=fetched_list, today=DECEMBER_2026)
    before = {path.name: path.read_bytes() for path in own_folder.iterdir()}
    with pytest.raises(PriceUnknown, match=words):
        update_prices(fetch=fetch, today=DECEMBER_2026 + dt.timedelta(days=1))  # type: ignore[arg-type]
    assert {path.name: path.read_bytes() for path in own_folder.iterdir()} == before


def test_no_network_is_a_clear_error(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx2

    def refuse(*_: object, **__: object) -> object:
        raise httpx2.ConnectError("connection refused")

    monkeypatch.setattr(httpx2, "get", refuse)
    with pytest.raises(PriceUnknown, match="ConnectError: connection refused"):
        update_prices()
    assert not own_folder.exists()


def test_the_list_is_fetched_where_the_library_fetches_it(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx2
    from genai_prices.update_prices import DEFAULT_UPDATE_URL

    asked = []

    def answer(url: str, **_: object) -> httpx2.Response:
        asked.append(url)
        return httpx2.Response(200, content=fetched_list(), request=httpx2.Request("GET", url))

    monkeypatch.setattr(httpx2, "get", answer)
    update_prices(today=DECEMBER_2026)
    assert asked == [DEFAULT_UPDATE_URL]


def test_a_folder_that_can_t_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    monkeypatch.setattr("fitcheck.cost.update.data_folder", lambda: tmp_path / "file" / "fitcheck")
    with pytest.raises(PriceUnknown, match="can't be kept"):
        update_prices(fetch=fetched_list, today=DECEMBER_2026)


def test_a_newer_update_replaces_the_older_one(own_folder: Path) -> None:
    update_prices(fetch=fetched_list, today=DECEMBER_2026)
    update_prices(fetch=lambda: fetched_list(gpt_4o_mini="0.1"), today=dt.date(2027, 1, 5))
    assert sorted(path.name for path in own_folder.iterdir()) == ["genai-prices-2027-01-05.json", "prices.json"]
    assert per_mtok(unit_price("gpt-4o-mini", "openai", dt.date(2027, 1, 5)))[0] == "0.1"


@pytest.mark.parametrize("content", ["", "{", '{"version": "x"}', '{"version": "0.2.3", "list": "gone.json"}', "[]"])
def test_a_broken_or_foreign_file_counts_as_none(content: str, own_folder: Path) -> None:
    own_folder.mkdir(parents=True)
    (own_folder / "prices.json").write_text(content, "utf-8")
    assert stored_copy() is None


def test_a_newer_release_of_the_library_wins_over_an_older_update(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update_prices(fetch=fetched_list, today=DECEMBER_2026)
    pointer = own_folder / "prices.json"
    copy = json.loads(pointer.read_text("utf-8"))
    pointer.write_text(json.dumps({**copy, "version": "0.0.1"}), "utf-8")
    assert stored_copy() is None


def test_the_data_folder_is_the_user_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere/data")
    assert data_folder() == Path("/somewhere/data/fitcheck")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert data_folder().parts[-3:] == ("Library", "Application Support", "fitcheck")
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", "/users/me/local")
    assert data_folder() == Path("/users/me/local/fitcheck")


@pytest.mark.parametrize(
    ("provider", "meant"),
    [("azur", "did you mean 'azure'? "), ("open-ai", "did you mean 'openai'? "), ("nope", ""), ("", "")],
)
def test_an_unknown_provider_is_told_the_near_ones_and_where_all_stand(provider: str, meant: str) -> None:
    with pytest.raises(PriceUnknown) as caught:
        unit_price("gpt-4o", provider, NOVEMBER_2026)
    wanted = f"no provider {provider!r} in the price list; {meant}fitcheck cost --models lists all of them"
    assert str(caught.value) == wanted


@pytest.mark.parametrize(
    ("source", "chinese"),
    [
        ("genai-prices 0.2.3, read on 2026-11-22", "genai-prices 0.2.3，读取于 2026-11-22"),
        ("genai-prices, updated on 2027-01-02", "genai-prices，更新于 2027-01-02"),
        (
            "fitcheck price overlay: lobe-chat, src/a.ts, after b.cn, seen 2026-11-22",
            "fitcheck 自带价目：lobe-chat, src/a.ts，出自 b.cn，查看于 2026-11-22",
        ),
        ("fitcheck price overlay: a page, from memory", "fitcheck 自带价目：a page，凭记忆"),
        ("a list", "a list"),
    ],
)
def test_a_source_is_told_in_chinese(source: str, chinese: str) -> None:
    assert source_in(source, "zh") == chinese
    assert source_in(source, "en") == source
