"""FitClassifier: verdicts from vectors, a scikit-learn estimator.

This module imports scikit-learn; what an assessment needs of a fitted classifier is
plain numbers, read by `fitcheck.reading`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted, validate_data

__all__ = ["FitClassifier"]


class FitClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Multinomial logistic regression that speaks in log-odds.

    Args:
        C: Inverse strength of the L2 penalty.
        max_iter: Most steps of the solver (L-BFGS); a cut-off run is kept, as early stopping.
        class_shares: The classes' shares where the classifier will be used, by class; the
            intercept moves from the shares in training to these. None keeps those in training.
        random_state: Kept for scikit-learn's convention; the fit has no chance in it.

    Attributes:
        classes_: The classes, sorted.
        coef_: Shape (n_classes, n_features).
        intercept_: Shape (n_classes,).

    >>> X = np.array([[0.0, 1.0], [0.1, 0.9], [1.0, 0.0], [0.9, 0.2]])
    >>> model = FitClassifier(C=10).fit(X, ["fit", "fit", "unfit", "unfit"])
    >>> model.predict([[0.0, 0.8]]).tolist()
    ['fit']
    """

    def __init__(
        self,
        *,
        C: float = 10.0,
        max_iter: int = 100,
        class_shares: dict[str, float] | None = None,
        random_state: int | None = 0,
    ) -> None:
        self.C = C
        self.max_iter = max_iter
        self.class_shares = class_shares
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> FitClassifier:
        """Fit on vectors.

        Args:
            X: Shape (n_texts, n_features), dense or CSR.
            y: The verdicts, shape (n_texts,).

        Raises:
            ValueError: Fewer than two classes, or a class without a share in `class_shares`.
        """
        import warnings

        from sklearn.exceptions import ConvergenceWarning

        X, y = validate_data(self, X, y, accept_sparse="csr", dtype=[np.float64, np.float32])
        self.classes_ = np.unique(y)
        if len(self.classes_) < 2:
            raise ValueError(f"FitClassifier needs at least 2 classes, got {len(self.classes_)} class")
        model = LogisticRegression(C=self.C, max_iter=self.max_iter, random_state=self.random_state)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(X, y)
        coef, intercept = model.coef_, model.intercept_
        if len(self.classes_) == 2:
            coef, intercept = np.vstack([-coef / 2, coef / 2]), np.concatenate([-intercept / 2, intercept / 2])
        if self.class_shares is not None:
            missing = [c for c in self.classes_.tolist() if c not in self.class_shares]
            if missing:
                raise ValueError(f"class_shares lacks {missing}")
            wanted = np.array([self.class_shares[c] for c in self.classes_.tolist()])
            had = np.array([np.mean(y == c) for c in self.classes_])
            intercept = intercept + np.log(wanted) - np.log(had)
        self.coef_, self.intercept_ = coef, intercept
        self.n_iter_ = model.n_iter_
        return self

    def decision_function(self, X: Any) -> npt.NDArray[np.float64]:
        """Return log-odds in nats, shape (n_texts, n_classes), each row centred on zero.

        With two classes, shape (n_texts,), as scikit-learn has it: those of the second class.
        """
        scores = self._log_odds(X)
        return scores[:, 1] - scores[:, 0] if len(self.classes_) == 2 else scores

    def predict_log_proba(self, X: Any) -> npt.NDArray[np.float64]:
        """Return log-probabilities, shape (n_texts, n_classes)."""
        scores = self._log_odds(X)
        scores = scores - scores.max(axis=1, keepdims=True)
        out: npt.NDArray[np.float64] = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return out

    def predict_proba(self, X: Any) -> npt.NDArray[np.float64]:
        """Return probabilities, shape (n_texts, n_classes)."""
        return np.exp(self.predict_log_proba(X))

    def predict(self, X: Any) -> npt.NDArray[np.generic]:
        """Return the likeliest class of each row."""
        likeliest = self._log_odds(X).argmax(axis=1)
        chosen: npt.NDArray[np.generic] = self.classes_[likeliest]
        return chosen

    def _log_odds(self, X: Any) -> npt.NDArray[np.float64]:
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, accept_sparse="csr", dtype=[np.float64, np.float32])
        scores = np.asarray(X @ self.coef_.T) + self.intercept_
        return np.asarray(scores - scores.mean(axis=1, keepdims=True), dtype=np.float64)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags
