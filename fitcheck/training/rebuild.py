"""Rebuild the shipped model: encoders, views, joint weights, neighbours and card.

Only the train split is read. Out-of-fold predictions hold out whole kinds of writing
(inventory entries, job tasks, mails…): the joint weights and the calibration then see
texts unlike those that the views were fitted on, as strangers' ideas are.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from fitcheck.combine import Weights, in_nats, probabilities
from fitcheck.corpus import Scenario, corpus_hash, load_corpus
from fitcheck.encoder import StaticEncoder, load_static
from fitcheck.judge import Judge
from fitcheck.lexical import count_features
from fitcheck.matching import Matcher, literals_of
from fitcheck.reading import (
    CARD,
    DEEP_VIEW,
    FULL,
    LITERALS,
    NEIGHBOUR_DIM,
    VIEWS,
    WEIGHTS,
    ScenarioReader,
    concept_columns,
)
from fitcheck.records import LEARNED, Evidence
from fitcheck.resources import model_dir, rules_dir
from fitcheck.rule_packs import PACK, load_rules, rules_hash, save_pack
from fitcheck.rules import Rule
from fitcheck.sift import FAST, WORDING
from fitcheck.tasks import core_text, masked, split_tasks, told
from fitcheck.taxonomy import CONCEPTS
from fitcheck.text import fold, normalise
from fitcheck.training.held_back import is_held_back
from fitcheck.training.joint import Joint, fit_joint, rule_columns
from fitcheck.training.meaning import HELD_OUT
from fitcheck.training.second import (
    SHARE,
    choose_sure,
    enough,
    factors,
    fit_heads,
    fit_second,
    joint_probabilities,
    mix,
)
from fitcheck.training.sieve import fit_sieve
from fitcheck.training.views import FittedViews, Inputs, fit_views, least_similarity_of
from fitcheck.training.writing import write_json, write_tensors
from fitcheck.tuned import TUNED, TunedEncoder
from fitcheck.use_case import UseCase

__all__ = ["EPOCHS", "REAL_SHARES", "sample_of", "train"]

EPOCHS = 2.0
"""Passes of the tuning over the scenarios."""
REAL_SHARES = {"fit": 0.36, "assist": 0.15, "overkill": 0.13, "unfit": 0.36}
"""The verdicts' shares among real ideas that three readers labelled; the corpora hold more of the rare ones."""

_FOLDS = 5
_BLOCK = 256
_READ_ALL = 2.0
_SHORTEN = 1.5
"""Passes of the shortening for each of the tuning."""
_SAMPLE = 4_000

Array = npt.NDArray[Any]
Heads = tuple[Array, Array]
"""Weights of shape (dim, 4 + n_values) and biases: the verdicts, then the concepts."""


def train(
    *,
    teacher: str | None,
    folder: Path,
    corpora: Path | None = None,
    rules: Path | None = None,
    seed: int = 0,
    epochs: float = EPOCHS,
    export: Path | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Rebuild a model folder.

    Args:
        teacher: A sentence-transformers model, by name or folder, to distil the static encoder
            from and to tune, which takes long on a processor; None keeps the encoders
            that lie in `folder`, or the shipped ones in a new folder.
        folder: Where the model is written; files appear whole.
        corpora: The scenarios; None for the shipped ones.
        rules: The rules; None for the shipped ones.
        seed: Makes the run repeatable.
        epochs: Passes of the tuning over the scenarios; 0 leaves the tuned encoder out.
        export: With a teacher, a folder for the tuned encoder as sentence-transformers loads it, unquantised.
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
        static = _kept_encoders(folder)
    else:
        static = _new_encoders(teacher, scenarios, folder, seed, epochs, export, progress)

    inputs = _inputs(scenarios, static)
    views, concepts, reads_well = _out_of_fold(inputs, progress)
    progress("fitting the final views")
    fitted = fit_views(inputs, np.arange(len(scenarios)), with_concept_view=concepts)
    progress("matching the rules and fitting the joint weights")
    labels = np.array([LEARNED.index(s.verdict) for s in scenarios])
    rule_rows, sample_weights = _rule_rows(scenarios, concepts, pack), _sample_weights(labels)
    joint = fit_joint(views, rule_rows, labels, sample_weights)
    second = None
    if (folder / TUNED).exists():
        progress("reading again with the tuned encoder")
        tuned = TunedEncoder(folder / TUNED, static)
        first = views, concepts, rule_rows, sample_weights
        second = _read_again(tuned, fitted, scenarios, inputs.whole, first, joint, pack)
        progress("too few scenarios are held back: no second reading" if second is None else str(second.figures))
    ids, least_similarity = [r.id for r in pack], least_similarity_of(inputs)
    card: dict[str, Any] = {
        "model": "fitcheck",
        "made": dt.datetime.now(dt.UTC).date().isoformat(),
        "seed": seed,
        "teacher": _teacher_name(teacher, folder),
        "corpora_hash": corpus_hash(corpora),
        "rules_hash": rules_hash(pack),
        "scenarios": {"train": len(scenarios), "test": len(all_scenarios) - len(scenarios)},
        "held_out_forms": reads_well,
        "joint_loss_nats": round(joint.loss, 4),
        "weights": {**factors(joint, VIEWS, ids), "least_similarity": least_similarity},
    }
    if second is not None:
        card["second_reading"] = second.figures
        card["weights"]["sure"] = second.figures["sure"]
        card[FULL] = {
            **factors(second.joint, (*VIEWS, DEEP_VIEW), ids),
            "default_rule": card["weights"]["default_rule"],
            "least_similarity": least_similarity,
        }
    _save(folder, fitted, second.heads if second else None, all_scenarios, scenarios, static, card)
    write_tensors(
        folder / HELD_OUT,
        {
            "views": views.astype(np.float16),
            "rules": np.einsum("nkv,k->nv", rule_rows, joint.rules).astype(np.float16),
            "sample_weights": sample_weights.astype(np.float16),
        },
    )
    write_json(folder / LITERALS, literals_of(pack, sample_of(scenarios)), indent=None)
    save_pack(pack, rules or rules_dir(), folder / PACK)
    progress("fitting the fast reading")
    prior = fit_sieve(scenarios, static, _teacher(folder, pack, card), np.array(list(REAL_SHARES.values())), folder)
    card[FAST] = {"prior": prior, "views": {WORDING: 1.0}, "rules": {}}
    write_json(folder / CARD, card, indent=2)
    progress(f"wrote {folder}")
    return card


def _new_encoders(
    teacher: str,
    scenarios: Sequence[Scenario],
    folder: Path,
    seed: int,
    epochs: float,
    export: Path | None,
    progress: Callable[[str], None],
) -> StaticEncoder:
    """Distil the static encoder from a teacher and tune the teacher itself."""
    from fitcheck.training.distil import distil, load_teacher

    progress(f"loading the teacher {teacher}")
    model = load_teacher(teacher)
    distil(model, scenarios, seed=seed, progress=progress).save(folder)
    load_static.cache_clear()
    static = StaticEncoder.load(folder)
    if not epochs:
        (folder / TUNED).unlink(missing_ok=True)
        return static
    from fitcheck.training.export import save_onnx, save_sentence_transformer
    from fitcheck.training.shorten import shorten
    from fitcheck.training.tune import tune

    whole = tune(model, static, scenarios, seed=seed, epochs=epochs, progress=progress)
    network = shorten(whole, static, scenarios, seed=seed, epochs=_SHORTEN * epochs, progress=progress)
    save_onnx(network, folder)
    if export is not None:
        save_sentence_transformer(network, static, export)
    return static


def _kept_encoders(folder: Path) -> StaticEncoder:
    """Keep the folder's own encoders; a new folder starts from the shipped ones."""
    if not any((folder / name).exists() for name in StaticEncoder.FILES):
        for name in (*StaticEncoder.FILES, TUNED):
            if (model_dir() / name).exists():
                shutil.copyfile(model_dir() / name, folder / name)
    return StaticEncoder.load(folder)


@dataclass(frozen=True, slots=True)
class _Again:
    """The second reading: its heads, its joint weights, and how it did on what was held back."""

    heads: Heads
    joint: Joint
    figures: dict[str, float]


def _read_again(
    tuned: TunedEncoder,
    fitted: FittedViews,
    scenarios: Sequence[Scenario],
    whole: Sequence[str],
    first: tuple[Array, Array, Array, Array],
    joint: Joint,
    pack: Sequence[Rule],
) -> _Again | None:
    """Fit the second reading's heads on what the tuning was shown, and its weights on what it was not.

    Returns None where too little was held back.
    """
    rows = np.array([row for row, s in enumerate(scenarios) if is_held_back(s)], dtype=np.int64)
    if not enough(len(rows)):
        return None
    views, concepts, rule_rows, weights = (values[rows] for values in first)
    held_back = [scenarios[r] for r in rows]
    vectors = tuned.encode(whole)
    shown = np.setdiff1d(np.arange(len(scenarios)), rows)
    heads = fit_heads(vectors[shown], [scenarios[r] for r in shown])
    own, mixed = mix(concepts, vectors[rows] @ heads[0] + heads[1])
    view = mixed @ fitted.tensors["concepts.verdict.weight"] + fitted.tensors["concepts.verdict.bias"]
    labels = np.array([LEARNED.index(s.verdict) for s in held_back])
    second = fit_second(
        views,
        view - view.mean(axis=1, keepdims=True),
        own,
        _rule_rows(held_back, mixed, pack),
        labels,
        weights,
        joint.rules,
    )
    figures = choose_sure(joint_probabilities(joint, views, rule_rows), second.probabilities, labels, weights)
    alone = float(np.average(own.argmax(axis=1) == labels, weights=weights))
    return _Again(heads, second.joint, {"rows_held_back": len(rows), "tuned_alone": round(alone, 4), **figures})


def _inputs(scenarios: Sequence[Scenario], static: StaticEncoder) -> Inputs:
    texts = [normalise(s.text) for s in scenarios]
    tasks = [split_tasks(t) for t in texts]
    whole = [fold(told(t, own)) for t, own in zip(texts, tasks, strict=True)]
    core = [fold(core_text(t, own)) for t, own in zip(texts, tasks, strict=True)]
    words, core_words = count_features(whole), count_features(core)
    return Inputs(whole, words, core_words, static.encode(whole), static.encode(core), scenarios)


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
        tasks = split_tasks(text)
        guessed = {n: CONCEPTS[n][int(concepts[row, c].argmax())] for n, c in columns.items()}
        matched.append(matcher.match(masked(text, tasks), tasks, concepts=guessed))
    return rule_columns(matched, [r.id for r in pack])


def _sample_weights(labels: Array) -> Array:
    """Weigh the scenarios so that each verdict has its real share."""
    shares = np.bincount(labels, minlength=len(LEARNED)) / len(labels)
    wanted = np.array([REAL_SHARES[v.value] for v in LEARNED])
    weights: Array = (wanted / np.maximum(shares, 1e-9))[labels]
    return weights


def sample_of(scenarios: Sequence[Scenario]) -> list[str]:
    """Return the normalised texts by which patterns' literals are put in order: every so many scenarios'."""
    return [normalise(s.text) for s in scenarios[:: max(1, len(scenarios) // _SAMPLE)]]


def _teacher(folder: Path, pack: Sequence[Rule], card: dict[str, Any]) -> Callable[[Sequence[str]], Array]:
    """Return what gives the probabilities of the model that now lies in a folder, each text read twice."""
    reader = ScenarioReader.load(folder)
    weights = Weights.from_card(card)
    full = Weights.from_card(card, FULL) if reader.tuned else weights
    matcher = Matcher(pack, scale=weights.rules, default_scale=weights.default_rule)
    judge = Judge(reader, matcher, {rule.id: rule for rule in pack}, weights, full)
    sure = _READ_ALL if reader.tuned else 0.0

    def teach(texts: Sequence[str]) -> Array:
        rows = []
        for begin in range(0, len(texts), _BLOCK):
            block = judge.prepare_all([UseCase(text=text) for text in texts[begin : begin + _BLOCK]])
            rows += [list(probabilities(in_nats(sums)).values()) for sums in judge.sums(block, None, sure)]
        return np.array(rows)

    return teach


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
    heads: Heads | None,
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
    if heads is not None:
        tensors["tuned.weight"], tensors["tuned.bias"] = (np.ascontiguousarray(h, dtype=np.float32) for h in heads)
        tensors["tuned.share"] = np.array([SHARE], dtype=np.float32)
    lines = {s.id: line for line, s in enumerate(all_scenarios)}
    vectors = static.encode([fold(normalise(s.text)) for s in scenarios])[:, :NEIGHBOUR_DIM]
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    tensors["neighbours.int8"] = np.rint(vectors * 127).astype(np.int8)
    tensors["neighbours.scale"] = np.array([1 / 127], dtype=np.float32)
    tensors["neighbours.is_zh"] = np.array([s.lang == "zh" for s in scenarios], dtype=np.uint8)
    tensors["neighbours.line"] = np.array([lines[s.id] for s in scenarios], dtype=np.int32)
    write_tensors(folder / WEIGHTS, tensors)
    write_json(folder / CARD, card, indent=2)
