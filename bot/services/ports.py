"""What the services need from storage: one unit of work is one transaction."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol

from bot.domain.contacts import Contact
from bot.domain.conversation import Conversation, Delivery
from bot.domain.inbox import Channel
from bot.services.alarm_ports import AlarmRows
from bot.services.faq_ports import Gaps, Votes
from bot.services.flood_ports import Floods
from bot.services.heartbeat_ports import Heartbeats
from bot.services.inbox_ports import Inbox, Turns
from bot.services.mail_tally_ports import MailTally
from bot.services.overview_ports import Overviews
from bot.services.parked_ports import Parked
from bot.services.plan_ports import Plans, Questions
from bot.services.review_ports import DueMoments, Links, Reviews


class Conversations(Protocol):
    """The conversations."""

    async def of(self, channel: Channel, address: str) -> Conversation:
        """Find the conversation of an address; make it, and its person, when it is new."""
        ...

    async def find(self, channel: Channel, address: str) -> Conversation | None:
        """Find the conversation of an address."""
        ...

    async def get(self, conversation_id: str) -> Conversation:
        """Give a conversation by its id."""
        ...

    async def find_by_id(self, conversation_id: str) -> Conversation | None:
        """Give a conversation by its id, None when it is gone."""
        ...

    async def of_person(self, person_id: str) -> list[Conversation]:
        """Give the conversations of a person, the newest first."""
        ...

    async def save(self, conversation: Conversation) -> None:
        """Store what is open, the plan in hand and whether the channel is closed."""
        ...


class Contacts(Protocol):
    """Role addresses, entered by the beheerder."""

    async def all(self) -> list[Contact]:
        """Give every contact."""
        ...

    async def add(self, contact: Contact) -> None:
        """Store a contact."""
        ...

    async def save(self, contact: Contact) -> None:
        """Store what changed of a contact."""
        ...

    async def remove(self, contact_id: str) -> bool:
        """Remove a contact; False when there was none with this id."""
        ...


class Outbox(Protocol):
    """What waits to be sent."""

    async def add(self, delivery: Delivery, now: datetime) -> bool:
        """Queue a delivery; False when one with its key was queued before."""
        ...

    async def state_of_plan(self, plan_id: str) -> str | None:
        """Give the state of a plan's hand-over (`retrying` after a failure), None without one."""
        ...

    async def cancel_of_plan(self, plan_id: str, *, but_to: str | None) -> None:
        """Let no e-mail about a plan leave that has not left yet, except to this address.

        One that is under way at this very moment may still arrive; it is not tried again.
        """
        ...

    async def is_mailed(self, keys: str, address: str) -> bool:
        """Say whether a mail with a key that begins with `keys` goes, or went, to an address."""
        ...


class People(Protocol):
    """The rights of a person over what is stored about them."""

    async def export(self, person_id: str) -> dict[str, Any]:
        """Give everything that is stored about a person, as JSON."""
        ...

    async def delete(self, person_id: str, keep_turn: int | None) -> None:
        """Delete everything of a person but the bare row of the message being answered.

        Without such a message the person and the chat go too.
        """
        ...


class UnitOfWork(Protocol):
    """One transaction; leaving it without an error commits it."""

    @property
    def conversations(self) -> Conversations:
        """Give who talks where."""
        ...

    @property
    def inbox(self) -> Inbox:
        """Give what came in."""
        ...

    @property
    def turns(self) -> Turns:
        """Give what was answered."""
        ...

    @property
    def plans(self) -> Plans:
        """Give the plans."""
        ...

    @property
    def questions(self) -> Questions:
        """Give their questions."""
        ...

    @property
    def contacts(self) -> Contacts:
        """Give the role addresses."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Give what goes out."""
        ...

    @property
    def gaps(self) -> Gaps:
        """Give what was lacking."""
        ...

    @property
    def votes(self) -> Votes:
        """Give the thumbs."""
        ...

    @property
    def people(self) -> People:
        """Give the rights of a person."""
        ...

    @property
    def links(self) -> Links:
        """Give the links that were given out."""
        ...

    @property
    def reviews(self) -> Reviews:
        """Give what happened to plans."""
        ...

    @property
    def due(self) -> DueMoments:
        """Give what is to happen later."""
        ...

    @property
    def overview(self) -> Overviews:
        """Give the plans that were handed over, as lists and numbers."""
        ...

    @property
    def alarms(self) -> AlarmRows:
        """Give the alarms to the operator."""
        ...

    @property
    def parked(self) -> Parked:
        """Give the messages that were put aside."""
        ...

    @property
    def floods(self) -> Floods:
        """Give who goes too fast."""
        ...

    @property
    def mail_tally(self) -> MailTally:
        """Give how much was mailed to typed addresses."""
        ...

    @property
    def heartbeats(self) -> Heartbeats:
        """Give when a channel was last open to us."""
        ...

    def savepoint(self) -> AbstractAsyncContextManager[object]:
        """Open a part of this transaction; leaving it with an error undoes that part alone."""
        ...


class Store(Protocol):
    """Opens transactions."""

    def write(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a transaction that may change things."""
        ...

    def read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a transaction that only reads."""
        ...
