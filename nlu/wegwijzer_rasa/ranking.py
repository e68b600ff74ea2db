"""Ranks what a text may mean, with a likelihood that the first guess is right.

A linear model over words and over letters within words, trained on the lines of the repository and
nothing else. Its own score says little about a text that fits nowhere. So a second, small model
turns how the first one came to its guess into two likelihoods; it learns from texts that the first
one had not seen (five folds).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix, vstack
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from wegwijzer_rasa.judgement import PLAN_ANSWER, UNKNOWN
from wegwijzer_rasa.likelihood import Likelihood
from wegwijzer_rasa.text_features import TextFeatures, plain, shape_of

_FOLDS = 5
_SEED = 7
_AT_ONCE = 2
#: Turns distances to the boundaries into shares that add up to one; only their order matters.
_SHARPNESS = 4.0
_NO_GUESS = (UNKNOWN, PLAN_ANSWER)
_NEVER = -9.0


@dataclass(frozen=True)
class Ranked:
    """Every intent with its share, best first, and what the second model says."""

    guesses: List[Tuple[str, float]]
    #: likelihood that the best guess besides `unknown` and `plan_answer` is right
    sure: float
    #: likelihood that the text answers a plan question, where one is open
    answer: float


class Ranking:
    """The trained model: texts in, ranked guesses out."""

    def __init__(
        self,
        features: TextFeatures,
        intents: Sequence[str],
        weights: np.ndarray,
        offsets: np.ndarray,
        seen: csr_matrix,
    ) -> None:
        """Hold the first model: one column of weights, and one row of `seen`, for each intent.

        `seen` tells which words and letters occur in the lines of an intent.
        """
        self.features = features
        self.intents = list(intents)
        self.weights = np.ascontiguousarray(weights, dtype=np.float32)
        self.offsets = np.asarray(offsets, dtype=np.float32)
        self.seen = seen
        self.is_guess = np.array([intent not in _NO_GUESS for intent in intents])
        self.sure: Likelihood | None = None
        self.answer: Likelihood | None = None

    @classmethod
    def learn(cls, texts: Sequence[str], intents: Sequence[str]) -> Ranking:
        """Learn from texts with their intents; `unknown` and `plan_answer` must be among them."""
        plains = [plain(text) for text in texts]
        labels = np.array(intents)
        names = sorted(set(intents))
        numbers: Dict[int, np.ndarray] = {}
        is_right = np.zeros(len(texts), dtype=bool)
        folds = list(
            StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED).split(plains, labels)
        )
        everything = np.arange(len(plains))
        *parts, whole = Parallel(n_jobs=_AT_ONCE)(
            delayed(cls._learn_first)([plains[i] for i in seen], labels[seen], names)
            for seen in [*(seen for seen, _ in folds), everything]
        )
        for number, (_, unseen) in enumerate(folds):
            part = parts[number]
            rows = part.features.of([plains[i] for i in unseen])
            scores = part.scores(rows)
            found = part.numbers([texts[i] for i in unseen], rows, scores)
            best = part._best(scores)
            for place, i in enumerate(unseen):
                numbers[i] = found[place]
                is_right[i] = names[best[place]] == labels[i]
        table = np.stack([numbers[i] for i in range(len(texts))])
        whole.sure = Likelihood.learn(table, is_right, balanced=False, in_pairs=True)
        meant = labels != UNKNOWN
        whole.answer = Likelihood.learn(
            table[meant], labels[meant] == PLAN_ANSWER, balanced=True, in_pairs=False
        )
        return whole

    @classmethod
    def _learn_first(
        cls, plains: Sequence[str], labels: np.ndarray, names: Sequence[str]
    ) -> Ranking:
        features = TextFeatures().fit(plains)
        rows = features.of(plains)
        model = LinearSVC(C=0.6, tol=1e-3, random_state=_SEED).fit(rows, labels)
        if list(model.classes_) != list(names):
            raise ValueError("an intent has too few lines")
        return cls(features, names, model.coef_.T, model.intercept_, _seen(rows, labels, names))

    def rank(self, text: str) -> Ranked:
        """Rank what a text may mean."""
        row = self.features.of([plain(text)])
        scores = self.scores(row)
        numbers = self.numbers([text], row, scores)
        if self.sure is None or self.answer is None:
            raise RuntimeError("the likelihoods are not learned")
        shares = _shares(scores)[0]
        order = np.argsort(-shares)
        return Ranked(
            [(self.intents[i], float(shares[i])) for i in order],
            float(self.sure.of(numbers)[0]),
            float(self.answer.of(numbers)[0]),
        )

    def scores(self, rows: csr_matrix) -> np.ndarray:
        """Give for each text its distance to the boundary of each intent."""
        scores: np.ndarray = rows @ self.weights + self.offsets
        return scores

    def _best(self, scores: np.ndarray) -> np.ndarray:
        best: np.ndarray = np.where(self.is_guess, scores, _NEVER).argmax(axis=1)
        return best

    def numbers(self, texts: Sequence[str], rows: csr_matrix, scores: np.ndarray) -> np.ndarray:
        """Give the numbers that the likelihoods are read from, one row for each text."""
        guesses = np.sort(np.where(self.is_guess, scores, _NEVER), axis=1)
        top, second = guesses[:, -1], guesses[:, -2]
        unknown = scores[:, self.intents.index(UNKNOWN)]
        answer = scores[:, self.intents.index(PLAN_ANSWER)]
        share = np.where(self.is_guess, _shares(scores), 0.0).max(axis=1)
        known = np.array([self.features.known_share(plain(text)) for text in texts])
        of_scores = [top, second, unknown, answer, np.log(share + 1e-6), known]
        covered = self._covered(rows, self._best(scores))
        return np.column_stack([*of_scores, *covered, np.array([shape_of(text) for text in texts])])

    def _covered(self, rows: csr_matrix, best: np.ndarray) -> List[np.ndarray]:
        """Give how much of each text's words, and of its letters, its best guess has seen."""
        weights = rows.multiply(rows).tocsr()
        seen = weights.multiply(self.seen[best]).tocsr()
        at = self.features.letters_from
        parts = [(seen[:, :at], weights[:, :at]), (seen[:, at:], weights[:, at:])]
        return [
            np.asarray(some.sum(axis=1)).ravel() / (np.asarray(all_.sum(axis=1)).ravel() + 1e-6)
            for some, all_ in parts
        ]

    def to_dict(self) -> Dict[str, Any]:
        """Give the whole model as plain values and arrays, for storing."""
        return {
            "features": self.features.to_dict(),
            "intents": self.intents,
            "weights": self.weights,
            "offsets": self.offsets,
            "seen": self.seen,
            "sure": self.sure and vars(self.sure),
            "answer": self.answer and vars(self.answer),
        }

    @classmethod
    def from_dict(cls, stored: Dict[str, Any]) -> Ranking:
        """Read back what `to_dict` gave."""
        features = TextFeatures.from_dict(stored["features"])
        model = cls(
            features, stored["intents"], stored["weights"], stored["offsets"], stored["seen"]
        )
        model.sure = Likelihood(**stored["sure"])
        model.answer = Likelihood(**stored["answer"])
        return model


def _seen(rows: csr_matrix, labels: np.ndarray, names: Sequence[str]) -> csr_matrix:
    seen = [rows[np.flatnonzero(labels == name)].max(axis=0) for name in names]
    table = vstack(seen).tocsr()
    table.data[:] = 1.0
    return table


def _shares(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(_SHARPNESS * (scores - scores.max(axis=1, keepdims=True)))
    shares: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
    return shares
