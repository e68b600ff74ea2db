"""How a state machine does things: by the services, and again when the transaction failed."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, ClassVar, TypeVar

from hypothesis.stateful import RuleBasedStateMachine
from structlog.testing import capture_logs

from bot.domain.inbox import Kind
from bot.domain.plan_states import Action
from bot.domain.turn import Choice
from bot.services.turns import UseCase
from bot.storage.database import Database
from tests.clocks import SteppingClock
from tests.faults.check_model import everything
from tests.faults.failing import FailedStatementError, Failing
from tests.faults.model import Written
from tests.person import Person, make_services
from tests.reviews import actor, add_contacts, current, filled_in

T = TypeVar("T")
TEACHERS = 3


class Machinery(RuleBasedStateMachine):
    """Every step is done by the services, and done again when its transaction failed."""

    #: Gives the address of a new migrated database.
    new_database: ClassVar[Callable[[], str]]
    #: How often each thing was done in all examples, and how often a statement failed.
    done: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._numbers = itertools.count(1)
        self.clock = SteppingClock()
        self.database = Database(type(self).new_database(), self.clock)
        self._failing = Failing(self.database)
        services = make_services(self.database, self.clock)
        self.written = [Written(str(1001 + number)) for number in range(TEACHERS)]
        self._people = [
            Person(self.database, services, self.clock, teacher.address) for teacher in self.written
        ]
        self._services = services
        self._run(add_contacts(self.database, "manager"))

    def _note(self, what: str) -> None:
        self.done[what] += 1

    def teardown(self) -> None:
        self.done["failed_statements"] += self._failing.failed
        self._run(self.database.close())
        self._runner.close()

    async def _manage(self, plan_id: str, action: Action, mark: str) -> None:
        async with self.database.write() as uow:
            seen, version = await current(uow, plan_id)
            order = filled_in(action, self.clock.now())
            order = replace(order, seen=seen, version=version, mark=mark)
            await self._services.desk.act(uow, actor("manager"), plan_id, order, self.clock.now())

    def _turn(
        self,
        number: int,
        use_case: UseCase,
        text: str = "",
        *,
        kind: Kind = Kind.TEXT,
        source: str | None = None,
        pressed: Choice | None = None,
        fails_at: int = 0,
        twice: bool = False,
    ) -> str:
        """Take a message to its end as the worker does; give what was said."""
        person = self._people[number]
        kind = Kind.PRESS if pressed else kind
        turn, attempt = self._run(person.arrive(text, kind, source, pressed))

        async def first() -> list[Any]:
            return await self._services.runner.run(turn, attempt, use_case)

        async def again() -> list[Any]:
            newer = await person.attempt(turn, pressed)
            return await self._services.runner.run(turn, newer, use_case)

        replies = self._in_spite_of_failure(first, again, fails_at)
        if twice:
            before = self._run(everything(self.database))
            assert self._run(first()) == replies
            assert self._run(everything(self.database)) == before
        return "\n".join(reply.text for reply in replies)

    def _in_spite_of_failure(
        self, work: Callable[[], Awaitable[T]], again: Callable[[], Awaitable[T]], fails_at: int
    ) -> T:
        """Do something; when its transaction fails nothing may be left of it, and it is redone."""
        before = self._run(everything(self.database)) if fails_at else {}
        try:
            with self._failing.at(fails_at):
                return self._run(work())
        except FailedStatementError:
            assert self._run(everything(self.database)) == before
        return self._run(again())

    async def _only_plan(self, number: int) -> str:
        person = self._people[number]
        async with self.database.read() as uow:
            talk = await uow.conversations.find(person.channel, person.address)
            assert talk
            (plan,) = await uow.plans.of(talk.person_id)
        return plan.id

    def _run(self, work: Awaitable[T]) -> T:
        async def waited() -> T:
            return await work

        with capture_logs():
            return self._runner.run(waited())
