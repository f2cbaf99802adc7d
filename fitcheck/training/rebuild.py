"""Rebuild the shipped model: encoder, views, joint weights, neighbours and card.

Only the train split is read. Out-of-fold predictions hold out whole kinds of writing
(inventory entries, job tasks, mails…): the joint weights and the calibration then see
texts unlike those that the views were fitted on, as strangers' ideas are.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fitcheck.corpus import CONCEPTS, Scenario, corpus_hash, load_corpus
from fitcheck.encoder import StaticEncoder
from fitcheck.lexical import count_features
from fitcheck.matching import Matcher, literals_of
from fitcheck.reading import CARD, LITERALS, VIEWS, WEIGHTS, concept_columns
from fitcheck.records import LEARNED, Evidence
from fitcheck.resources import model_dir, rules_dir
from fitcheck.rules import PACK, Rule, load_rules, rules_hash, save_pack
from fitcheck.tasks import core_text, split_tasks
from fitcheck.text import fold, normalise
from fitcheck.training.joint import fit_joint, rule_columns
from fitcheck.training.meaning import HELD_OUT
from fitcheck.training.views import FittedViews, Inputs, corner_of, fit_views

__all__ = ["REAL_SHARES", "train"]

REAL_SHARES = {"fit": 0.36, "assist": 0.15, "overkill": 0.13, "unfit": 0.36}
"""The verdicts' shares among real ideas that three readers labelled; the corpora hold more of the rare ones."""

_FOLDS = 5

Array = npt.NDArray[Any]


def train(
    *,
    teacher: str | None,
    folder: Path,
    corpora: Path | None = None,
    rules: Path | None = None,
    seed: int = 0,
    progress: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Rebuild a model folder.

    Args:
        teacher: A sentence-transformers model, by name or folder, to distil the static encoder
            from; None keeps the encoder that lies in `folder`, or the shipped one in a new folder.
        folder: Where the model is written; files appear whole.
        corpora: The scenarios; None for the shipped ones.
        rules: The rules; None for the shipped ones.
        seed: Makes the run repeatable.
        progress: Called with a line about each stage.

    Returns:
        The model card.

    Raises:
        ModelUnavailable: The teacher can't be had.
        CorpusError: A scenario file is broken.
        RuleError: A rule file is broken.
    """
    all_scenarios, pack = load_corpus(corpora), load_rules(rules)
    scenarios = [s for s in all_scenarios if s.split == "train"]
    folder.mkdir(parents=True, exist_ok=True)
    if teacher is None:
        static = _kept_encoder(folder)
    else:
        from fitcheck.training.distil import distil, load_teacher

        progress(f"loading the teacher {teacher}")
        distil(load_teacher(teacher), scenarios, seed=seed, progress=progress).save(folder)
        static = StaticEncoder.load(folder)

    inputs = _inputs(scenarios, static)
    views, concepts, reads_well = _out_of_fold(inputs, progress)
    progress("fitting the final views")
    fitted = fit_views(inputs, np.arange(len(scenarios)), with_concept_view=concepts)
    progress("matching the rules and fitting the joint weights")
    labels = np.array([LEARNED.index(s.verdict) for s in scenarios])
    rule_rows, sample_weights = _rule_rows(scenarios, concepts, pack), _sample_weights(labels)
    joint = fit_joint(views, rule_rows, labels, sample_weights)
    card = {
        "model": "fitcheck-static",
        "made": dt.datetime.now(dt.UTC).date().isoformat(),
        "seed": seed,
        "teacher": _teacher_name(teacher, folder),
        "corpora_hash": corpus_hash(corpora),
        "rules_hash": rules_hash(pack),
        "scenarios": {"train": len(scenarios), "test": len(all_scenarios) - len(scenarios)},
        "held_out_forms": reads_well,
        "joint_loss_nats": round(joint.loss, 4),
        "weights": {
            "prior": {v.value: round(float(p), 4) for v, p in zip(LEARNED, joint.prior, strict=True)},
            "views": {name: round(float(s), 4) for name, s in zip(VIEWS, joint.views, strict=True)},
            "rules": {r.id: round(float(s), 4) for r, s in zip(pack, joint.rules, strict=True)},
            "default_rule": round(float(np.median(joint.rules)), 4),
            "least_similarity": _least_similarity(inputs),
        },
    }
    _save(folder, fitted, all_scenarios, scenarios, static, card)
    _write_tensors(
        folder / HELD_OUT,
        {
            "views": views.astype(np.float16),
            "rules": np.einsum("nkv,k->nv", rule_rows, joint.rules).astype(np.float16),
            "sample_weights": sample_weights.astype(np.float16),
        },
    )
    _write_json(folder / LITERALS, literals_of(pack), indent=None)
    save_pack(pack, rules or rules_dir(), folder / PACK)
    progress(f"wrote {folder}")
    return card


def _kept_encoder(folder: Path) -> StaticEncoder:
    """Return the folder's own encoder; a new folder starts from the shipped one."""
    if not any((folder / name).exists() for name in StaticEncoder.FILES):
        for name in StaticEncoder.FILES:
            shutil.copyfile(model_dir() / name, folder / name)
    return StaticEncoder.load(folder)


def _inputs(scenarios: Sequence[Scenario], static: StaticEncoder) -> Inputs:
    texts = [normalise(s.text) for s in scenarios]
    whole = [fold(t) for t in texts]
    core = [fold(core_text(t, split_tasks(t))) for t in texts]
    return Inputs(count_features(whole), count_features(core), static.encode(whole), static.encode(core), scenarios)


def _out_of_fold(inputs: Inputs, progress: Callable[[str], None]) -> tuple[Array, Array, dict[str, float]]:
    """Return view log-odds (n, 4 views, 4 verdicts), concept probabilities, and accuracies, all out of fold."""
    from joblib import Parallel, delayed
    from sklearn.model_selection import GroupKFold

    n = len(inputs.scenarios)
    forms = [s.form for s in inputs.scenarios]
    folds = list(GroupKFold(min(_FOLDS, len(set(forms)))).split(np.zeros(n), groups=forms))
    progress(f"fitting the views on {len(folds)} folds of {len(set(forms))} kinds of writing")
    fitted = Parallel(n_jobs=-1)(delayed(fit_views)(inputs, kept) for kept, _ in folds)
    views = np.zeros((n, len(VIEWS), len(LEARNED)))
    concepts = np.zeros((n, sum(len(v) for v in CONCEPTS.values())))
    for model, (_, held) in zip(fitted, folds, strict=True):
        scores, concepts[held] = model.views(inputs, held)
        for column, view in enumerate(VIEWS[:3]):
            views[held, column] = scores[view]
    for kept, held in folds:
        # the concept view of a fold is fitted on the other folds' out-of-fold concepts
        views[held, 3] = _concept_view(inputs, concepts, kept, held)
    labels = np.array([LEARNED.index(s.verdict) for s in inputs.scenarios])
    accuracy = {v: round(float((views[:, i].argmax(axis=1) == labels).mean()), 4) for i, v in enumerate(VIEWS)}
    for name, columns in concept_columns().items():
        truth = np.array([CONCEPTS[name].index(getattr(s, name)) for s in inputs.scenarios])
        accuracy[name] = round(float((concepts[:, columns].argmax(axis=1) == truth).mean()), 4)
    return views, concepts, accuracy


def _concept_view(inputs: Inputs, concepts: Array, kept: Array, held: Array) -> Array:
    from fitcheck.classifier import FitClassifier

    verdicts = np.array([LEARNED.index(inputs.scenarios[r].verdict) for r in kept])
    model = FitClassifier(C=1.0).fit(concepts[kept], verdicts)
    out = np.full((len(held), len(LEARNED)), -20.0)
    out[:, model.classes_] = concepts[held] @ model.coef_.T + model.intercept_
    centred: Array = out - out.mean(axis=1, keepdims=True)
    return centred


def _rule_rows(scenarios: Sequence[Scenario], concepts: Array, pack: Sequence[Rule]) -> Array:
    """Return what the rules say at their authors' weights, shape (n, n_rules, 4)."""
    matcher = Matcher(pack)
    columns = concept_columns()
    matched: list[list[Evidence]] = []
    for row, scenario in enumerate(scenarios):
        text = normalise(scenario.text)
        guessed = {n: CONCEPTS[n][int(concepts[row, c].argmax())] for n, c in columns.items()}
        matched.append(matcher.match(text, split_tasks(text), concepts=guessed))
    return rule_columns(matched, [r.id for r in pack])


def _sample_weights(labels: Array) -> Array:
    """Weigh the scenarios so that each verdict has its real share."""
    shares = np.bincount(labels, minlength=len(LEARNED)) / len(labels)
    wanted = np.array([REAL_SHARES[v.value] for v in LEARNED])
    weights: Array = (wanted / np.maximum(shares, 1e-9))[labels]
    return weights


def _least_similarity(inputs: Inputs) -> float:
    """Return the cosine to the nearest scenario of another corner, in its language, that 97 of 100 reach."""
    corners = np.array([corner_of(s) for s in inputs.scenarios])
    langs = np.array([s.lang for s in inputs.scenarios])
    nearest = np.empty(len(corners))
    for row in range(len(corners)):
        others = (corners != corners[row]) & (langs == langs[row])
        nearest[row] = (inputs.vectors[others] @ inputs.vectors[row]).max(initial=-1.0)
    return round(float(np.quantile(nearest, 0.03)), 3)


def _teacher_name(teacher: str | None, folder: Path) -> str:
    if teacher is not None:
        path = Path(teacher)
        # a folder's last part may say little: all-MiniLM-L6-v2/model
        return "/".join(path.parts[-2:]) if path.is_dir() else teacher
    try:
        return str(json.loads((folder / CARD).read_text("utf-8"))["teacher"])
    except (OSError, ValueError, KeyError):
        return "unknown"


def _save(
    folder: Path,
    fitted: FittedViews,
    all_scenarios: Sequence[Scenario],
    scenarios: Sequence[Scenario],
    static: StaticEncoder,
    card: dict[str, Any],
) -> None:
    """Write the weights small: float16, and int8 with one scale per column where they are many."""
    t = dict(fitted.tensors)
    tensors: dict[str, Array] = {}
    words = t.pop("concepts.words")
    scale = np.maximum(np.abs(words).max(axis=0) / 127, 1e-12)
    tensors["concepts.words.int8"] = np.rint(words / scale).astype(np.int8)
    tensors["concepts.words.scale"] = scale.astype(np.float32)
    for name, value in t.items():
        tensors[name] = np.ascontiguousarray(value, dtype=np.float16 if value.ndim == 2 else np.float32)
    tensors["words.idf"] = tensors["words.idf"].astype(np.float16)
    lines = {s.id: line for line, s in enumerate(all_scenarios)}
    vectors = static.encode([fold(normalise(s.text)) for s in scenarios])
    tensors["neighbours.int8"] = np.rint(vectors * 127).astype(np.int8)
    tensors["neighbours.scale"] = np.array([1 / 127], dtype=np.float32)
    tensors["neighbours.is_zh"] = np.array([s.lang == "zh" for s in scenarios], dtype=np.uint8)
    tensors["neighbours.line"] = np.array([lines[s.id] for s in scenarios], dtype=np.int32)
    _write_tensors(folder / WEIGHTS, tensors)
    _write_json(folder / CARD, card, indent=2)


def _write_tensors(path: Path, tensors: dict[str, Array]) -> None:
    from safetensors.numpy import save_file

    fresh = path.with_suffix(".new")
    save_file(tensors, fresh)
    fresh.chmod(0o644)  # safetensors writes files that only their owner may read
    fresh.replace(path)


def _write_json(path: Path, value: Any, *, indent: int | None) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(value, ensure_ascii=False, indent=indent) + "\n", "utf-8")
    fresh.replace(path)
