"""One transaction with the queries of every feature at hand."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.clock import Clock
from bot.storage.alarms import SqlAlarms
from bot.storage.contacts import SqlContacts
from bot.storage.conversations import SqlConversations
from bot.storage.directory_schools import SqlSchools
from bot.storage.due import SqlDueMoments
from bot.storage.faq import SqlGaps, SqlVotes
from bot.storage.floods import SqlFloods
from bot.storage.heartbeats import SqlHeartbeats
from bot.storage.inbox import SqlInbox
from bot.storage.links import SqlLinks
from bot.storage.mail_tally import SqlMailTally
from bot.storage.outbox import SqlOutbox
from bot.storage.overview import SqlOverviews
from bot.storage.parked import SqlParked
from bot.storage.people import SqlPeople
from bot.storage.plans import SqlPlans
from bot.storage.questions import SqlQuestions
from bot.storage.retention import SqlRetention
from bot.storage.reviews import SqlReviews
from bot.storage.set_aside import SqlSetAside
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
        self.retention = SqlRetention(connection)
        self.schools = SqlSchools(connection)
        self.alarms = SqlAlarms(connection)
        self.parked = SqlParked(connection)
        self.set_aside = SqlSetAside(connection)
        self.overview = SqlOverviews(connection)
        self.floods = SqlFloods(connection)
        self.mail_tally = SqlMailTally(connection)
        self.heartbeats = SqlHeartbeats(connection)
        self._connection = connection

    @property
    def has_erased(self) -> bool:
        """Say whether this transaction erased what somebody wrote."""
        erasers = (self.people, self.retention, self.inbox)
        return any(one.has_erased for one in erasers)

    def savepoint(self) -> AbstractAsyncContextManager[object]:
        """Open a part of this transaction; leaving it with an error undoes that part alone."""
        return self._connection.begin_nested()
