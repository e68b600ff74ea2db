"""A tracker store that forgets: each turn starts from nothing, the database holds the truth."""

from __future__ import annotations

from typing import Any, Iterable, Optional, Text

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker


class ForgetfulTrackerStore(TrackerStore):
    """Keeps nothing, so nothing can grow, diverge from the database or need deleting."""

    def __init__(
        self,
        domain: Optional[Domain],
        host: Optional[Text] = None,
        event_broker: Optional[EventBroker] = None,
        **kwargs: Any,
    ) -> None:
        """Take what Rasa hands to every store; there is no host to connect to."""
        super().__init__(domain, event_broker)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep nothing."""

    async def retrieve(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        """Know nobody."""
        return None

    async def keys(self) -> Iterable[Text]:
        """List nobody."""
        return []
