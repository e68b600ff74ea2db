"""A pipeline's only trained component: ranks intents by the training lines that come nearest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Text

import numpy as np
from nearest import Nearest, answers_of, letters
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from wegwijzer_rasa.text_features import TextFeatures, plain
from wegwijzer_rasa.wire import READ_AT_MOST

_SHOWN = 10
#: Turns nearness into shares that add up to one.
_SHARPNESS = 18.0


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NearestLines(GraphComponent):
    """Sets the ranking of a message; there are no likelihoods."""

    def __init__(self, storage: ModelStorage, resource: Resource) -> None:
        self._storage = storage
        self._resource = resource
        self._features = TextFeatures()
        self._intents: List[str] = []
        self._nearest: Nearest | None = None

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NearestLines:
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
    ) -> NearestLines:
        """Make the component with what was trained."""
        component = cls(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            stored = json.loads((folder / "names.json").read_text(encoding="utf-8"))
            component._features = TextFeatures.from_dict(stored["features"])
            component._intents = stored["intents"]
            component._nearest = Nearest.read(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the lines of every intent, and the answers, and store them."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        plains = [plain(example.get(TEXT)) for example in examples]
        labels = [example.get(INTENT) for example in examples]
        self._features.fit(plains)
        self._intents = sorted(set(labels))
        answers = answers_of(training_data.responses)
        self._nearest = Nearest.learn(self._features, plains, labels, self._intents, answers)
        with self._storage.write_to(self._resource) as folder:
            self._nearest.write(folder)
            _write_names(folder / "names.json", self._features, self._intents)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Give the training data to the next component, unchanged."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Rank each message."""
        if self._nearest is None:
            raise RuntimeError("the lines are neither trained nor loaded")
        for message in messages:
            metadata = message.get("metadata") or {}
            text = (metadata.get("text") or message.get(TEXT) or "")[:READ_AT_MOST]
            row = letters(self._features, self._features.of([plain(text)]))
            powers = np.exp(_SHARPNESS * self._nearest.scores(row)[0])
            shares = powers / powers.sum()
            ranking = [
                {"name": self._intents[i], "confidence": float(shares[i])}
                for i in np.argsort(-shares)[:_SHOWN]
            ]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages


def _write_names(path: Path, features: TextFeatures, intents: List[str]) -> None:
    stored = {
        name: {"terms": part["terms"], "weights": [float(weight) for weight in part["weights"]]}
        for name, part in features.to_dict().items()
    }
    path.write_text(json.dumps({"features": stored, "intents": intents}), encoding="utf-8")
