"""The trained component of the pipeline: ranks the intents of a message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Text

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from wegwijzer_rasa.ranking import Ranking
from wegwijzer_rasa.wire import READ_AT_MOST

#: Rasa's own components give ten too; more only makes every message bigger.
_SHOWN = 10
_LIKELIHOODS = ("sure", "answer")
_PARTS = ("center", "spread", "weights")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentRanker(GraphComponent):
    """Sets the ranking of a message, and the two likelihoods that the judge reads."""

    def __init__(self, storage: ModelStorage, resource: Resource) -> None:
        self._storage = storage
        self._resource = resource
        self._ranking: Ranking | None = None

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentRanker:
        """Make the component to be trained; it has nothing to configure."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentRanker:
        """Make the component with what was trained."""
        component = cls(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._ranking = _read(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the lines of every intent and store what was learned."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        self._ranking = Ranking.learn(
            [example.get(TEXT) for example in examples],
            [example.get(INTENT) for example in examples],
        )
        with self._storage.write_to(self._resource) as folder:
            _write(self._ranking, folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Give the training data to the next component, unchanged."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Rank each message."""
        if self._ranking is None:
            raise RuntimeError("the ranking is neither trained nor loaded")
        for message in messages:
            metadata = message.get("metadata") or {}
            # The message's own text was made harmless for Rasa; this one is what was typed.
            text = metadata.get("text") or message.get(TEXT) or ""
            ranked = self._ranking.rank(text[:READ_AT_MOST])
            ranking = [
                {"name": intent, "confidence": share} for intent, share in ranked.guesses[:_SHOWN]
            ]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
            likelihoods = {"sure": ranked.sure, "answer": ranked.answer}
            message.set("likelihoods", likelihoods, add_to_output=True)
        return messages


def _write(ranking: Ranking, folder: Path) -> None:
    stored = ranking.to_dict()
    features = stored["features"]
    arrays = {
        "weights": stored["weights"],
        "offsets": stored["offsets"],
        "seen_at": stored["seen"].indices,
        "seen_from": stored["seen"].indptr,
        **{f"of_{name}": np.asarray(part["weights"]) for name, part in features.items()},
        **{
            f"{name}_{part}": value
            for name in _LIKELIHOODS
            for part, value in stored[name].items()
            if part != "offset"
        },
    }
    np.savez(folder / "arrays.npz", **arrays)
    names = {
        "intents": stored["intents"],
        "terms": {name: part["terms"] for name, part in features.items()},
        "offsets": {name: stored[name]["offset"] for name in _LIKELIHOODS},
    }
    (folder / "names.json").write_text(json.dumps(names), encoding="utf-8")


def _read(folder: Path) -> Ranking:
    names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
    # Numbers and words only: reading the model can run no code.
    with np.load(folder / "arrays.npz", allow_pickle=False) as stored:
        arrays = dict(stored)
    at, begins = arrays["seen_at"], arrays["seen_from"]
    shape = (len(begins) - 1, len(arrays["weights"]))
    return Ranking.from_dict(
        {
            "intents": names["intents"],
            "weights": arrays["weights"],
            "offsets": arrays["offsets"],
            "seen": csr_matrix((np.ones(len(at), np.float32), at, begins), shape),
            "features": {
                name: {"terms": terms, "weights": arrays[f"of_{name}"]}
                for name, terms in names["terms"].items()
            },
            **{
                name: {
                    "offset": offset,
                    **{part: arrays[f"{name}_{part}"] for part in _PARTS},
                }
                for name, offset in names["offsets"].items()
            },
        }
    )
