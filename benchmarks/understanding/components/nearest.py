"""How near a text comes to the lines of each intent, and to the answers of the FAQ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Mapping, Sequence

import numpy as np
from scipy.sparse import csr_matrix, load_npz, save_npz
from sklearn.preprocessing import normalize
from wegwijzer_rasa.text_features import TextFeatures, plain

#: One line may be near by chance; three say that the intent is.
_LINES = 3
#: An answer is longer than a question and says more than was asked: it only helps to choose.
_ANSWER_WEIGHT = 0.3
_RESPONSE = "utter_faq/"


class Nearest:
    """Compares by the letters within words, with the weights of rarer ones raised."""

    def __init__(self, lines: csr_matrix, begins: Sequence[int], answers: csr_matrix) -> None:
        """Hold the lines, those of each intent together, and one row of `answers` an intent."""
        self._lines = lines.T.tocsr()
        self._begins = list(begins)
        self._answers = answers.T.tocsr()

    @classmethod
    def learn(
        cls,
        features: TextFeatures,
        plains: Sequence[str],
        labels: Sequence[str],
        names: Sequence[str],
        answers: Mapping[str, str],
    ) -> Nearest:
        """Keep the lines of every intent in `names`, and the answers of those that have one."""
        order = np.argsort(np.asarray(labels), kind="stable")
        sorted_labels = np.asarray(labels)[order]
        begins = [int(np.searchsorted(sorted_labels, name)) for name in names]
        lines = letters(features, features.of([plains[i] for i in order]))
        texts = [plain(answers.get(name, "")) for name in names]
        return cls(lines, begins, letters(features, features.of(texts)))

    def scores(self, rows: csr_matrix) -> np.ndarray:
        """Give for each row of letters how near it comes to each intent: 0 to about 1."""
        alike = (rows @ self._lines).toarray()
        told = (rows @ self._answers).toarray()
        ends = [*self._begins[1:], alike.shape[1]]
        near = [
            _mean_of_best(alike[:, begin:end])
            for begin, end in zip(self._begins, ends, strict=True)
        ]
        scores: np.ndarray = np.column_stack(near) + _ANSWER_WEIGHT * told
        return scores

    def write(self, folder: Path) -> None:
        """Store it in a folder."""
        save_npz(folder / "lines.npz", self._lines)
        save_npz(folder / "answers.npz", self._answers)
        (folder / "begins.json").write_text(json.dumps(self._begins), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Nearest:
        """Read back what `write` stored."""
        begins = json.loads((folder / "begins.json").read_text(encoding="utf-8"))
        lines, answers = load_npz(folder / "lines.npz"), load_npz(folder / "answers.npz")
        return cls(lines.T.tocsr(), begins, answers.T.tocsr())


def letters(features: TextFeatures, rows: csr_matrix) -> csr_matrix:
    """Give the part of each row that is about letters, of length one."""
    return normalize(rows[:, features.letters_from :], copy=True)


def answers_of(responses: Mapping[str, Sequence[Mapping[str, str]]]) -> dict[str, str]:
    """Give the answer of each intent from the responses beside the training lines."""
    return {
        f"faq_{key[len(_RESPONSE) :]}": said[0]["text"]
        for key, said in responses.items()
        if key.startswith(_RESPONSE)
    }


def _mean_of_best(alike: np.ndarray) -> np.ndarray:
    kept = min(_LINES, alike.shape[1])
    best = np.partition(alike, alike.shape[1] - kept, axis=1)[:, alike.shape[1] - kept :]
    mean: np.ndarray = best.mean(axis=1)
    return mean
