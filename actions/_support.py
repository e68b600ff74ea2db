"""The one shape of our custom actions: take the turn from the tracker, run one use case."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.services.doubt import with_doubt
from bot.services.turns import TurnRunner, UseCase


class TurnAction(Action):
    """A custom action that runs one use case for the turn in the message's metadata.

    Rasa hears only that the turn is saved: the words stay in our own database.
    """

    def __init__(self, name: str, use_case: UseCase, runner: TurnRunner) -> None:
        """Run `use_case` under the name that the domain gives it."""
        self._name = name
        self._use_case = with_doubt(use_case)
        self._runner = runner

    def name(self) -> str:
        """Give the name in the domain."""
        return self._name

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Run the use case and tell Rasa that the turn is saved."""
        message = tracker.latest_message
        turn = message["metadata"]
        await self._runner.run(
            turn["turn"],
            turn["attempt"],
            self._use_case,
            intent=message["intent"]["name"],
            suggestions=tuple(message.get("suggestions") or ()),
            is_guess=bool(message.get("is_guess")),
        )
        dispatcher.utter_message(json_message={"turn": turn["turn"], "saved": True})
        return []
