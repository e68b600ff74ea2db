"""Takes the likelihoods of the second model away, to see what they are worth."""

from __future__ import annotations

from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SharesOnly(GraphComponent):
    """Leaves the ranking as it is; without likelihoods the judge goes by its shares."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SharesOnly:
        """Make the component; it has nothing to configure and nothing to load."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Empty the likelihoods of each message."""
        for message in messages:
            message.set("likelihoods", {}, add_to_output=True)
        return messages
