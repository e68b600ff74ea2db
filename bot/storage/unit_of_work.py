"""One transaction with the queries of every feature at hand."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.clock import Clock
from bot.storage.contacts import SqlContacts
from bot.storage.conversations import SqlConversations
from bot.storage.directory_schools import SqlSchools
from bot.storage.due import SqlDueMoments
from bot.storage.faq import SqlGaps, SqlVotes
from bot.storage.inbox import SqlInbox
from bot.storage.links import SqlLinks
from bot.storage.outbox import SqlOutbox
from bot.storage.people import SqlPeople
from bot.storage.plans import SqlPlans
from bot.storage.questions import SqlQuestions
from bot.storage.reviews import SqlReviews
from bot.storage.turns import SqlTurns


class SqlUnitOfWork:
    """One transaction; it lives as long as its connection's transaction."""

    def __init__(self, connection: AsyncConnection, clock: Clock) -> None:
        """Offer the queries on `connection`."""
        self.conversations = SqlConversations(connection, clock)
        self.inbox = SqlInbox(connection)
        self.turns = SqlTurns(connection, clock)
        self.plans = SqlPlans(connection)
        self.questions = SqlQuestions(connection)
        self.contacts = SqlContacts(connection)
        self.outbox = SqlOutbox(connection)
        self.gaps = SqlGaps(connection)
        self.votes = SqlVotes(connection)
        self.people = SqlPeople(connection)
        self.links = SqlLinks(connection)
        self.reviews = SqlReviews(connection)
        self.due = SqlDueMoments(connection)
        self.schools = SqlSchools(connection)
