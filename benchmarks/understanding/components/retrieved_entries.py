"""Joins what DIET and the response selector say into one ranking, as the plan judge reads it."""

from __future__ import annotations

from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

_RETRIEVAL_INTENT = "faq"
_SHOWN = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class RetrievedEntries(GraphComponent):
    """Spreads the share of the retrieval intent over the entries that the selector found."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RetrievedEntries:
        """Make the component; it has nothing to configure and nothing to load."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Put the entries into the ranking, each with its part of the retrieval intent's share."""
        for message in messages:
            ranking = message.get("intent_ranking") or []
            found = (message.get("response_selector") or {}).get(_RETRIEVAL_INTENT) or {}
            share = sum(line["confidence"] for line in ranking if line["name"] == _RETRIEVAL_INTENT)
            entries = [
                {
                    "name": line["intent_response_key"].replace("/", "_", 1),
                    "confidence": share * line["confidence"],
                }
                for line in found.get("ranking") or []
            ]
            others = [line for line in ranking if line["name"] != _RETRIEVAL_INTENT]
            joined = sorted([*others, *entries], key=lambda line: -line["confidence"])
            message.set("intent_ranking", joined[:_SHOWN], add_to_output=True)
        return messages
