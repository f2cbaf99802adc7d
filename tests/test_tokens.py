"""Token estimates: against true counts, from sizes, by family, and with tokenizers that lie on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import tokens as benchmark
from fitcheck.corpus import load_corpus
from fitcheck.cost.families import tiktoken_encoding
from fitcheck.cost.tokens import FAMILIES, TokenEstimate, count_tokens, estimate_tokens, family_of
from fitcheck.errors import CostError

TRUE_COUNTS = json.loads((Path(__file__).parent / "token_counts.json").read_text("utf-8"))
MEASURED = [family for family in FAMILIES if family != "other"]


@pytest.fixture(scope="module")
def counted() -> dict[str, list[tuple[str, dict[str, int]]]]:
    """Texts with their true counts by family, by kind of text."""
    scenarios = {s.id: s for s in load_corpus()}
    found: dict[str, list[tuple[str, dict[str, int]]]] = {"en": [], "zh": [], "code": []}
    for row in TRUE_COUNTS["scenarios"]:
        scenario = scenarios[row["id"]]
        found[scenario.lang].append((scenario.text, row["counts"]))
    found["code"] = [(row["text"], row["counts"]) for row in TRUE_COUNTS["code"]]
    return found


# against true counts


def test_the_table_covers_every_measured_family_and_kind(counted: Any) -> None:
    assert {kind: len(texts) for kind, texts in counted.items()} == {"en": 40, "zh": 40, "code": 6}
    assert all(set(counts) == set(MEASURED) for texts in counted.values() for _, counts in texts)


@pytest.mark.parametrize("family", MEASURED)
def test_nine_of_ten_true_counts_lie_in_the_interval(family: str, counted: Any) -> None:
    inside = [
        e.low <= counts[family] <= e.high
        for kind, texts in counted.items()
        for text, counts in texts
        for e in [estimate_tokens(text, family=family, kind="code" if kind == "code" else "prose")]
    ]
    assert sum(inside) / len(inside) >= 0.9


@pytest.mark.parametrize("kind", ["en", "zh", "code"])
@pytest.mark.parametrize("family", MEASURED)
def test_the_middle_is_off_by_less_than_a_tenth_on_average(family: str, kind: str, counted: Any) -> None:
    errors = [
        abs(estimate_tokens(text, family=family).mid - counts[family]) / counts[family]
        for text, counts in counted[kind]
    ]
    assert sum(errors) / len(errors) < 0.1


@pytest.mark.parametrize("family", MEASURED)
def test_an_interval_says_something(family: str, counted: Any) -> None:
    joined = "\n".join(text for text, _ in counted["en"])
    estimate = estimate_tokens(joined, family=family)
    assert estimate.high / estimate.low < 1.35


def test_the_range_of_other_spans_every_family(counted: Any) -> None:
    spans = [
        e.low <= min(counts.values()) and max(counts.values()) <= e.high
        for text, counts in counted["en"] + counted["zh"]
        for e in [estimate_tokens(text, family="other")]
    ]
    assert sum(spans) / len(spans) >= 0.9


def test_mixed_text_is_read_by_its_own_shares(counted: Any) -> None:
    both = [en + "\n" + zh for (en, _), (zh, _) in zip(counted["en"], counted["zh"], strict=True)]
    sums = [a["qwen"] + b["qwen"] for (_, a), (_, b) in zip(counted["en"], counted["zh"], strict=True)]
    off = [abs(estimate_tokens(t, family="qwen").mid - n) / n for t, n in zip(both, sums, strict=True)]
    assert sum(off) / len(off) < 0.08


# what any text gives


@given(st.text(max_size=300), st.sampled_from(list(FAMILIES)))
def test_low_middle_and_high_are_in_order(text: str, family: str) -> None:
    e = estimate_tokens(text, family=family)
    assert 0 <= e.low <= e.mid <= e.high


@given(st.text(min_size=1, max_size=300))
def test_no_text_has_more_tokens_than_bytes(text: str) -> None:
    assert estimate_tokens(text).high <= len(text.encode("utf-8", "surrogatepass"))


def test_no_text_has_no_tokens() -> None:
    e = estimate_tokens("")
    assert (e.low, e.mid, e.high) == (0, 0, 0)


def test_code_has_the_wider_interval() -> None:
    text = "def total(rows):\n    return sum(row.amount for row in rows if row.paid)\n" * 20
    prose, code = estimate_tokens(text), estimate_tokens(text, kind="code")
    assert code.low < prose.low and prose.high < code.high


# from sizes


def test_a_page_of_english_is_500_words() -> None:
    # 500 words x 1.30 tokens
    assert estimate_tokens(pages=1).mid == estimate_tokens(words=500).mid == 650


def test_a_page_of_chinese_is_800_characters() -> None:
    # 800 characters x 0.81 tokens
    assert estimate_tokens(pages=1, lang="zh").mid == estimate_tokens(characters=800, lang="zh").mid == 648


def test_a_page_is_less_sure_than_its_words() -> None:
    page, words = estimate_tokens(pages=1), estimate_tokens(words=500)
    assert page.low < words.low and words.high < page.high


def test_half_of_a_mixed_size_is_each_language() -> None:
    mixed = estimate_tokens(characters=2000, lang="mixed")
    halves = [estimate_tokens(characters=1000, lang="en"), estimate_tokens(characters=1000, lang="zh")]
    assert mixed.mid == sum(half.mid for half in halves)


def test_a_page_says_what_it_is_taken_for() -> None:
    assert "500 words (400 to 600" in estimate_tokens(pages=2).how


def test_sizes_agree_with_the_texts_themselves(counted: Any) -> None:
    text = "\n".join(text for text, _ in counted["en"])
    by_text, by_words = estimate_tokens(text), estimate_tokens(words=len(text.split()))
    assert by_words.low <= by_text.mid <= by_words.high


@pytest.mark.parametrize("size", [-1, float("nan"), float("inf"), True, 10**13])
def test_a_size_that_makes_no_sense_is_refused_by_name(size: float) -> None:
    with pytest.raises(CostError, match=r"^words: "):
        estimate_tokens(words=size)


def test_two_sizes_are_refused() -> None:
    with pytest.raises(CostError, match="exactly one of text, words, characters, pages, not words and pages"):
        estimate_tokens(words=10, pages=1)


def test_no_size_is_refused() -> None:
    with pytest.raises(CostError, match="not none"):
        estimate_tokens()


@pytest.mark.parametrize(("field", "value"), [("lang", "fr"), ("kind", "poem")])
def test_an_unknown_language_or_kind_is_refused_by_name(field: str, value: str) -> None:
    with pytest.raises(CostError, match=rf"^{field}: '{value}'"):
        estimate_tokens("text", **{field: value})  # type: ignore[arg-type]


# families


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("gpt-4o-mini", "o200k"),
        ("gpt-4.1", "o200k"),
        ("gpt-5-nano", "o200k"),
        ("o3-mini", "o200k"),
        ("openai/gpt-oss-120b", "o200k"),
        ("gpt-4-turbo", "cl100k"),
        ("gpt-4", "cl100k"),
        ("gpt-3.5-turbo", "cl100k"),
        ("meta-llama/Llama-3.3-70B-Instruct", "llama3"),
        ("Llama-4-Maverick", "llama4"),
        ("Qwen3-Coder-30B-A3B-Instruct", "qwen"),
        ("通义千问-max", "qwen"),
        ("qwen3.5-27b", "other"),
        ("deepseek-chat", "deepseek"),
        ("DeepSeek-R1-Distill-Llama-70B", "llama3"),
        ("DeepSeek-R1-Distill-Qwen-32B", "qwen"),
        ("gemini-2.5-flash", "gemini"),
        ("claude-3-5-sonnet-20241022", "claude"),
        ("claude-opus-4-6", "claude"),
        ("claude-opus-4-7", "claude-4.7"),
        ("claude-sonnet-5", "claude-4.7"),
        ("claude-haiku-4-5", "claude"),
        ("mistral-small-latest", "mistral"),
        ("glm-4.6", "other"),
        ("kimi-k2", "other"),
        ("ernie-4.0", "other"),
        ("my-own-model", None),
    ],
)
def test_which_family_a_model_belongs_to(model: str, family: str | None) -> None:
    assert family_of(model) == family


def test_a_model_may_stand_for_its_family() -> None:
    assert estimate_tokens(words=100, family="claude-3-haiku") == estimate_tokens(words=100, family="claude")


@pytest.mark.parametrize("maker", ["glm", "kimi", "doubao"])
def test_a_maker_that_was_not_measured_gets_the_widest_range(maker: str) -> None:
    assert estimate_tokens(words=100, family=maker) == estimate_tokens(words=100, family="other")


def test_an_unknown_family_offers_the_nearest() -> None:
    with pytest.raises(CostError, match=r"family: 'o20k' .* did you mean o200k"):
        estimate_tokens("text", family="o20k")


def test_chinese_takes_more_tokens_of_the_older_openai_tokenizer() -> None:
    old, new = (estimate_tokens(characters=1000, lang="zh", family=f).mid for f in ("cl100k", "o200k"))
    assert old > 1.3 * new


# counted


@pytest.fixture
def word_tokenizer(tmp_path: Path) -> Path:
    """A tokenizer.json with one token a word."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    built = Tokenizer(models.WordLevel({"a": 0, "b": 1, "?": 2}, unk_token="?"))
    built.pre_tokenizer = pre_tokenizers.Whitespace()
    path = tmp_path / "tokenizer.json"
    built.save(str(path))
    return path


def test_a_tokenizer_file_counts(word_tokenizer: Path) -> None:
    assert count_tokens("a b a c", tokenizer=word_tokenizer) == TokenEstimate(4, 4, 4, "counted with tokenizer.json")


def test_a_count_is_exact_and_an_estimate_is_not(word_tokenizer: Path) -> None:
    assert count_tokens("a b", tokenizer=word_tokenizer).is_exact
    assert not estimate_tokens("a b a b a b").is_exact


def test_a_missing_tokenizer_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CostError, match=r"tokenizer: .*none\.json is no file"):
        count_tokens("a", tokenizer=tmp_path / "none.json")


def test_a_broken_tokenizer_file_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "tokenizer.json"
    broken.write_text("{", "utf-8")
    with pytest.raises(CostError, match=r"tokenizer: .*tokenizer\.json can't be read"):
        count_tokens("a", tokenizer=broken)


def test_without_a_tokenizer_an_estimate_comes_back() -> None:
    assert count_tokens("把金额抄到表里", "qwen") == estimate_tokens("把金额抄到表里", family="qwen")


def test_an_altered_tiktoken_file_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fb374d419588a4632f3f557e76b4b70aebbca790").write_text("YQ== 0\n", "utf-8")
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr("fitcheck.cost.families.find_spec", lambda name: object())
    tiktoken_encoding.cache_clear()
    try:
        assert tiktoken_encoding("o200k") is None
    finally:
        tiktoken_encoding.cache_clear()


# the benchmark


def test_the_benchmark_says_which_packages_count(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(benchmark, "_installed", dict)
    assert benchmark.main([]) == 0
    assert "pip install tiktoken" in capsys.readouterr().out


def test_the_benchmark_counts_what_lies_inside() -> None:
    # a counter that is always right, and one that is never
    texts = ["one two three four five six seven eight"] * 3
    right = benchmark.token_figures({"o200k": lambda t: estimate_tokens(t).mid}, {"x": ("prose", texts)})
    wrong = benchmark.token_figures({"o200k": lambda t: 1000}, {"x": ("prose", texts)})
    assert (right[0]["inside"], right[0]["error"], wrong[0]["inside"]) == (1, 0, 0)


def test_the_benchmark_refuses_a_family_that_is_none(capsys: Any) -> None:
    assert benchmark.main(["--tokenizer", "gpt=x.json"]) == 2
    assert "is not FAMILY=FILE" in capsys.readouterr().err


def test_estimating_loads_nothing_heavy() -> None:
    code = (
        "import sys; from fitcheck.cost.tokens import estimate_tokens; estimate_tokens('a b c');"
        "print(*{'numpy', 'scipy', 'genai_prices', 'tokenizers', 'tiktoken'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
