"""The last component of the pipeline: sets the intent that follows from text and what is open."""

from __future__ import annotations

from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from wegwijzer_rasa.judgement import Guess, Heard, judge, likely_answer, likely_right
from wegwijzer_rasa.wire import READ_AT_MOST, open_entity


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class PlanJudge(GraphComponent):
    """Replaces the ranking's first choice by the judgement; leaves the ranking as it is."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PlanJudge:
        """Make the component; it has nothing to configure and nothing to load."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Set `intent`, `suggestions` and the entity `open` on each message."""
        for message in messages:
            metadata = message.get("metadata") or {}
            open_kind = metadata.get("open", "none")
            # The message's own text was made harmless for Rasa; this one is what was typed.
            text = (metadata.get("text") or message.get("text"))[:READ_AT_MOST]
            ranking = [
                Guess(line["name"], float(line["confidence"]))
                for line in message.get("intent_ranking") or []
            ]
            # Rasa's own classifiers give no likelihoods; then the shares have to do.
            likely = message.get("likelihoods") or {}
            sure = likely.get("sure", likely_right(ranking))
            answer = likely.get("answer", likely_answer(ranking))
            heard = Heard(
                text,
                ranking,
                sure,
                answer,
                only_choices=metadata.get("only_choices") is True,
                is_choice=metadata.get("is_choice") is True,
                whole_plan=metadata.get("whole_plan") is True,
            )
            verdict = judge(heard, open_kind, metadata.get("step"))
            intent = {"name": verdict.intent, "confidence": verdict.confidence}
            message.set("intent", intent, add_to_output=True)
            message.set("is_guess", verdict.is_guess, add_to_output=True)
            message.set("suggestions", list(verdict.suggestions), add_to_output=True)
            message.set("entities", [open_entity(open_kind)], add_to_output=True)
        return messages
