"""Words and character runs as hashed features."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from fitcheck.lexical import N_BUCKETS, Features, count_features, weigh
from fitcheck.text import fold

TEXTS = st.lists(st.text(max_size=60).map(fold), max_size=6)
HALF = N_BUCKETS // 2


def sparse(features: Features) -> csr_matrix:
    """Return the same rows as scipy's matrix."""
    return csr_matrix((features.values, features.buckets, features.starts), shape=(len(features), N_BUCKETS))


def row(features: Features, number: int = 0) -> dict[int, float]:
    """Return one row as bucket -> value."""
    part = slice(features.starts[number], features.starts[number + 1])
    return dict(zip(features.buckets[part].tolist(), features.values[part].tolist(), strict=True))


def idf() -> npt.NDArray[np.float32]:
    """Return made-up inverse document frequencies, all above 0."""
    return np.random.default_rng(0).uniform(0.5, 3, N_BUCKETS).astype(np.float32)


# fixed: a shipped model's weights lie at these places, on every machine
SUM_IT = [887, 5082, 9439, 12769, 23425, 23725, 23803, 29371, 34015, 37912, 38322, 48373, 50446, 59506, 60173]
BUCKETS = {
    "sum it": [*SUM_IT, 73488, 107150, 116925],
    "算工资": [67416, 68867, 72056, 76759, 89424],
    "ai 算工资": [9211, 43403, 52165, 67416, 67921, 68867, 72056, 76759, 89424, 111672],
}


@pytest.mark.parametrize("text", BUCKETS)
def test_buckets_are_the_same_for_ever(text: str) -> None:
    features = count_features([text])
    assert features.buckets.tolist() == BUCKETS[text]
    assert features.values.tolist() == [1.0] * len(BUCKETS[text])


def test_words_fill_the_upper_half_and_character_runs_the_lower() -> None:
    # sum, it, "sum it" above; 6 runs of 3, 5 of 4, 4 of 5 characters below
    assert [b >= HALF for b in BUCKETS["sum it"]] == [False] * 15 + [True] * 3
    # three characters and two pairs; no character run crosses Chinese
    assert all(b >= HALF for b in BUCKETS["算工资"])


def test_what_repeats_counts_by_its_logarithm() -> None:
    once, thrice = row(count_features(["算"])), row(count_features(["算，算。算"]))
    (bucket,) = once
    assert thrice[bucket] == pytest.approx(1 + np.log(3))


@settings(deadline=None)
@given(TEXTS)
def test_rows_are_sorted_unique_and_in_range(texts: list[str]) -> None:
    features = count_features(texts)
    assert len(features) == len(texts)
    assert (features.starts.dtype, features.buckets.dtype, features.values.dtype) == ("int64", "int64", "float32")
    assert features.starts[-1] == len(features.buckets) == len(features.values)
    for number in range(len(texts)):
        buckets = features.buckets[features.starts[number] : features.starts[number + 1]]
        assert (np.diff(buckets) > 0).all()
        assert ((buckets >= 0) & (buckets < N_BUCKETS)).all()


@settings(deadline=None)
@given(TEXTS)
def test_a_text_reads_the_same_alone_and_among_others(texts: list[str]) -> None:
    together = weigh(count_features(texts), idf())
    for number, text in enumerate(texts):
        assert row(together, number) == pytest.approx(row(weigh(count_features([text]), idf())))


@settings(deadline=None)
@given(TEXTS)
def test_the_product_is_scipys(texts: list[str]) -> None:
    features = weigh(count_features(texts), idf())
    weights = np.random.default_rng(1).normal(size=(N_BUCKETS, 3)).astype(np.float32)
    np.testing.assert_allclose(features.dot(weights), sparse(features) @ weights, atol=1e-5)


def test_neighbouring_buckets_can_share_their_weights() -> None:
    features = count_features(["sum it", "算工资", ""])
    shared = np.random.default_rng(1).integers(-127, 127, size=(N_BUCKETS >> 1, 2)).astype(np.int8)
    whole = np.repeat(shared, 2, axis=0).astype(np.float32)
    product = features.dot(shared, shift=1)
    assert product.dtype == np.float32
    np.testing.assert_allclose(product, sparse(features) @ whole, atol=1e-3)


@settings(deadline=None)
@given(TEXTS)
def test_weighed_rows_have_length_one(texts: list[str]) -> None:
    features = weigh(count_features(texts), idf())
    lengths = np.sqrt(np.asarray(sparse(features).multiply(sparse(features)).sum(axis=1)).ravel())
    n_values = np.diff(features.starts)
    np.testing.assert_allclose(lengths[n_values > 0], 1, atol=1e-5)
    np.testing.assert_array_equal(lengths[n_values == 0], 0)


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    rare, common = count_features(["算"]).buckets[0], count_features(["信"]).buckets[0]
    frequencies = np.ones(N_BUCKETS, np.float32)
    frequencies[rare] = 4
    weighed = row(weigh(count_features(["算信"]), frequencies))
    assert weighed[int(rare)] == pytest.approx(4 * weighed[int(common)])


@pytest.mark.parametrize("texts", [[], [""], ["", "a", ""], ["\ud800"], ["!?"], ["\U0001f600" * 3]])
def test_texts_without_words_are_read_too(texts: list[str]) -> None:
    features = weigh(count_features(texts), idf())
    assert features.dot(np.ones((N_BUCKETS, 4), np.float32)).shape == (len(texts), 4)
    assert np.isfinite(features.values).all()


@settings(deadline=None)
@given(TEXTS)
def test_a_text_counts_the_same_alone_and_among_others(texts: list[str]) -> None:
    together = count_features([*texts, *["sum it"] * 130, *texts])
    for number, text in enumerate(texts):
        alone = row(count_features([text]))
        assert row(together, number) == row(together, len(texts) + 130 + number) == alone


def test_rows_can_be_picked_in_any_order() -> None:
    features = weigh(count_features(["sum it", "算工资", "", "ai 算工资"]), idf())
    picked = features.of(np.array([3, 2, 0, 3]))
    assert [row(picked, n) for n in range(4)] == [row(features, n) for n in (3, 2, 0, 3)]
