"""How likely something is, from a few numbers and, if need be, how they go together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

#: There are as many weights as pairs of numbers, and far fewer lines at the edge: keep them small.
_FREEDOM = 0.1


@dataclass(frozen=True)
class Likelihood:
    """A logistic model of numbers, with `weights` for the pairs of them behind those of each.

    Pairs say that a weak first guess matters more where many words are unknown.
    """

    center: np.ndarray
    spread: np.ndarray
    weights: np.ndarray
    offset: float

    @classmethod
    def learn(
        cls, numbers: np.ndarray, is_true: np.ndarray, *, balanced: bool, in_pairs: bool
    ) -> Likelihood:
        """Learn how likely something is from rows of numbers."""
        scaler = StandardScaler().fit(numbers)
        terms = _terms(scaler.transform(numbers), in_pairs)
        of_terms = StandardScaler().fit(terms)
        model = LogisticRegression(
            C=_FREEDOM if in_pairs else 1.0,
            max_iter=3000,
            class_weight="balanced" if balanced else None,
        ).fit(of_terms.transform(terms), is_true)
        weights = model.coef_[0] / of_terms.scale_
        offset = float(model.intercept_[0] - weights @ of_terms.mean_)
        return cls(scaler.mean_, scaler.scale_, weights, offset)

    def of(self, numbers: np.ndarray) -> np.ndarray:
        """Give the likelihood of each row."""
        in_pairs = len(self.weights) > len(self.center)
        terms = _terms((numbers - self.center) / self.spread, in_pairs)
        likelihoods: np.ndarray = 1 / (1 + np.exp(-(terms @ self.weights + self.offset)))
        return likelihoods


def _terms(numbers: np.ndarray, in_pairs: bool) -> np.ndarray:
    if not in_pairs:
        return numbers
    first, second = np.triu_indices(numbers.shape[1])
    return np.column_stack([numbers, numbers[:, first] * numbers[:, second]])
