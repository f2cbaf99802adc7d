"""FitClassifier keeps scikit-learn's conventions and speaks in log-odds."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pytest
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

import fitcheck
from fitcheck.classifier import FitClassifier
from fitcheck.records import LEARNED

Floats = npt.NDArray[np.float64]


def blobs(sizes: Iterable[int] = (30, 20, 10, 15)) -> tuple[Floats, npt.NDArray[np.str_]]:
    """Return points round one centre per verdict, shape (n, 6), and the verdicts."""
    rng = np.random.default_rng(7)
    named = list(zip(sorted(v.value for v in LEARNED), sizes, strict=False))
    points = [rng.normal(scale=1.5, size=6) + rng.normal(size=(n, 6)) for _, n in named]
    return np.vstack(points), np.array([name for name, n in named for _ in range(n)])


def test_every_check_of_scikit_learn_passes() -> None:
    results = check_estimator(FitClassifier(), on_fail=None, on_skip=None)
    failed = {r["check_name"]: str(r["exception"]) for r in results if r["status"] == "failed"}
    assert failed == {}
    # those that need what is not installed
    left_out = {r["check_name"] for r in results if r["status"] != "passed"}
    assert left_out <= {"check_array_api_input", "check_classifier_data_not_an_array"}
    assert len(results) - len(left_out) >= 50


def test_it_is_the_public_one() -> None:
    assert fitcheck.FitClassifier is FitClassifier


def test_arguments_are_keywords_and_only_stored() -> None:
    shares = {"fit": 1.0}
    model = FitClassifier(C=2.0, max_iter=5, class_shares=shares, random_state=3)
    assert model.get_params() == {"C": 2.0, "max_iter": 5, "class_shares": shares, "random_state": 3}
    assert clone(model).get_params() == model.get_params()
    assert {name for name in vars(model) if name.endswith("_")} == set()
    with pytest.raises(TypeError, match="positional"):
        FitClassifier(2.0)  # type: ignore[misc]


def test_fit_returns_itself_and_sets_its_attributes() -> None:
    X, y = blobs()
    model = FitClassifier()
    assert model.fit(X, y) is model
    assert model.classes_.tolist() == ["assist", "fit", "overkill", "unfit"]
    assert (model.coef_.shape, model.intercept_.shape, model.n_features_in_) == ((4, 6), (4,), 6)


@pytest.mark.parametrize("name", ["predict", "predict_proba", "predict_log_proba", "decision_function"])
def test_nothing_is_predicted_before_the_fit(name: str) -> None:
    with pytest.raises(NotFittedError):
        getattr(FitClassifier(), name)([[0.0]])


@pytest.mark.parametrize("sizes", [(30, 20, 10, 15), (25, 15), (10, 10, 10)])
def test_it_agrees_with_logistic_regression(sizes: tuple[int, ...]) -> None:
    X, y = blobs(sizes)
    ours, theirs = FitClassifier(C=1.0).fit(X, y), LogisticRegression(C=1.0).fit(X, y)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-6)
    assert ours.predict(X).tolist() == theirs.predict(X).tolist()


def test_log_odds_are_centred_and_lead_to_the_probabilities() -> None:
    X, y = blobs()
    model = FitClassifier().fit(X, y)
    scores = model.decision_function(X)
    np.testing.assert_allclose(scores.sum(axis=1), 0, atol=1e-9)
    powers = np.exp(scores)
    np.testing.assert_allclose(model.predict_proba(X), powers / powers.sum(axis=1, keepdims=True), atol=1e-12)
    np.testing.assert_allclose(model.predict_log_proba(X), np.log(model.predict_proba(X)), atol=1e-9)
    assert (model.classes_[scores.argmax(axis=1)] == model.predict(X)).all()


def test_with_two_classes_the_log_odds_are_those_of_the_second() -> None:
    X, y = blobs((20, 20))
    model = FitClassifier().fit(X, y)
    scores, shares = model.decision_function(X), model.predict_proba(X)
    assert scores.shape == (40,)
    np.testing.assert_allclose(scores, np.log(shares[:, 1] / shares[:, 0]), atol=1e-9)


def test_sparse_and_dense_agree() -> None:
    X, y = blobs()
    X[np.abs(X) < 1] = 0
    dense, sparse = FitClassifier().fit(X, y), FitClassifier().fit(csr_matrix(X), y)
    np.testing.assert_allclose(dense.coef_, sparse.coef_, atol=1e-4)
    np.testing.assert_allclose(dense.decision_function(X), dense.decision_function(csr_matrix(X)), atol=1e-12)


def test_fitting_twice_gives_the_same() -> None:
    X, y = blobs()
    first, second = FitClassifier().fit(X, y), FitClassifier().fit(X, y)
    np.testing.assert_array_equal(first.coef_, second.coef_)


def test_large_log_odds_give_finite_probabilities() -> None:
    X, y = blobs()
    model = FitClassifier().fit(X, y)
    assert np.isfinite(model.predict_log_proba(X * 1e5)).all()
    np.testing.assert_allclose(model.predict_proba(X * 1e5).sum(axis=1), 1)


def test_class_shares_move_the_intercept_by_the_right_amount() -> None:
    X, y = blobs((30, 20, 10, 20))
    wanted = {"assist": 0.1, "fit": 0.2, "overkill": 0.3, "unfit": 0.4}
    plain, moved = FitClassifier().fit(X, y), FitClassifier(class_shares=wanted).fit(X, y)
    np.testing.assert_array_equal(plain.coef_, moved.coef_)
    had = np.array([30, 20, 10, 20]) / 80
    np.testing.assert_allclose(moved.intercept_ - plain.intercept_, np.log([0.1, 0.2, 0.3, 0.4]) - np.log(had))


def test_the_shares_in_training_move_nothing() -> None:
    X, y = blobs((30, 10))
    same = {"assist": 0.75, "fit": 0.25}
    plain, moved = FitClassifier().fit(X, y), FitClassifier(class_shares=same).fit(X, y)
    np.testing.assert_allclose(plain.intercept_, moved.intercept_)


def test_a_class_without_a_share_is_named() -> None:
    X, y = blobs((10, 10))
    with pytest.raises(ValueError, match=r"class_shares lacks \['fit'\]"):
        FitClassifier(class_shares={"assist": 0.5}).fit(X, y)


def test_one_class_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 2 classes, got 1 class"):
        FitClassifier().fit([[0.0], [1.0]], ["fit", "fit"])


def test_it_works_in_scikit_learns_tools() -> None:
    X, y = blobs()
    scores = cross_val_score(make_pipeline(StandardScaler(), FitClassifier(max_iter=50)), X, y, cv=3)
    assert scores.mean() > 0.6
