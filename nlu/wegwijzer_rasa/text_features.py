"""What the model sees of a text: its words, the letters within them, and its shape."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Dict, List, Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from wegwijzer_rasa.phrasing import is_question, words_of
from wegwijzer_rasa.wording import QUESTION_STARTS, QUESTION_WORDS

_WORD = re.compile(r"[a-z0-9&%]+")
_ANY_WORD = r"\S+"
_REPEATED = re.compile(r"(.)\1{2,}")
_LIST_ITEM = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s", re.MULTILINE)
_US = frozenset("wij we ons onze ik mijn leerlingen".split())
_YOU = frozenset("je jij jou jouw jullie you your".split())


def plain(text: str) -> str:
    """Give a text as the model reads it: lower case, no accents, words only."""
    text = unicodedata.normalize("NFKD", text.lower().replace("€", " euro "))
    text = "".join(char for char in text if not unicodedata.combining(char))
    return " ".join(_WORD.findall(_REPEATED.sub(r"\1\1", text)))


def shape_of(text: str) -> List[float]:
    """Give what tells a question from an answer besides its words, one number each."""
    words = words_of(text)
    asked = text.rstrip().endswith("?")
    return [
        float(asked),
        float("?" in text and not asked),
        float(is_question(text)),
        float(bool(words) and words[0] in QUESTION_STARTS),
        float(not QUESTION_WORDS.isdisjoint(words)),
        float(not _US.isdisjoint(words[:3])),
        float(not _YOU.isdisjoint(words)),
        float("\n" in text.strip() or bool(_LIST_ITEM.search(text))),
        float(any(char.isdigit() for char in text)),
        float(np.log1p(len(words))),
    ]


class TextFeatures:
    """Words and pairs of words beside the letters within words."""

    def __init__(self) -> None:
        self._words = TfidfVectorizer(
            ngram_range=(1, 2), sublinear_tf=True, token_pattern=_ANY_WORD, dtype=np.float32
        )
        self._letters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2, dtype=np.float32
        )

    def fit(self, plains: Sequence[str]) -> TextFeatures:
        """Learn the words and letters of texts that `plain` gave."""
        self._words.fit(plains)
        self._letters.fit(plains)
        return self

    def of(self, plains: Sequence[str]) -> csr_matrix:
        """Give one row of length one for each text: first its words, then its letters."""
        both = hstack([self._words.transform(plains), self._letters.transform(plains)])
        # Another type than the weights' would have these copied for every text.
        return normalize(both.tocsr(), copy=False).astype(np.float32)

    @property
    def letters_from(self) -> int:
        """Give the number of the first column that is about letters."""
        return len(self._words.vocabulary_)

    def known_share(self, text: str) -> float:
        """Give the share of a text's words that were learned."""
        words = text.split()
        known = sum(word in self._words.vocabulary_ for word in words)
        return known / len(words) if words else 0.0

    def to_dict(self) -> Dict[str, Any]:
        """Give what was learned, for storing: two vocabularies and their weights."""
        return {
            name: {"terms": _terms(part), "weights": part.idf_}
            for name, part in (("words", self._words), ("letters", self._letters))
        }

    @classmethod
    def from_dict(cls, stored: Dict[str, Any]) -> TextFeatures:
        """Read back what `to_dict` gave."""
        features = cls()
        for name, part in (("words", features._words), ("letters", features._letters)):
            part.vocabulary = {term: i for i, term in enumerate(stored[name]["terms"])}
            part._validate_vocabulary()
            part.idf_ = np.asarray(stored[name]["weights"], dtype=np.float32)
        return features


def _terms(part: TfidfVectorizer) -> List[str]:
    return sorted(part.vocabulary_, key=part.vocabulary_.__getitem__)
