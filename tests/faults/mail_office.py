"""Plans that are handed over while a mail server is away, and what delivers their e-mails."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import update

from bot.delivery.mail import Mailer
from bot.delivery.mail_sender import EmailSender
from bot.delivery.outcomes import Outcome, Retry, Sent
from bot.delivery.present_address import PresentAddressSender
from bot.delivery.smtp import SmtpMailer
from bot.delivery.worker import DeliveryWorker, Sender
from bot.domain.plan import Plan
from bot.services.alarms import Alarms
from bot.storage.database import Database
from bot.storage.outbox import OutboxRow
from bot.storage.tables import outbox
from tests.clocks import SteppingClock
from tests.integration.running_chat import HeardBell, stored
from tests.integration.smtp_server import Received
from tests.person import Person, made_book, make_services
from tests.waiting_plans import send_at_once

OPERATOR = "beheer@example.org"


class Forgetful:
    """The control: after a failure it says that the mail has left."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def send(self, row: OutboxRow) -> Outcome:
        outcome = await self._sender.send(row)
        return Sent() if isinstance(outcome, Retry) else outcome


@dataclass
class MailOffice:
    """Teachers who hand plans over, and a worker that mails by way of `port`."""

    database: Database
    clock: SteppingClock
    port: int
    is_forgetful: bool = False
    url: str = ""
    mailer: Mailer | None = None
    plans: list[Plan] = field(default_factory=list)
    bell: HeardBell = field(default_factory=HeardBell)

    def __post_init__(self) -> None:
        self.services = make_services(self.database, self.clock)

    def teacher(self, number: int) -> Person:
        return Person(self.database, self.services, self.clock, str(1000 + number))

    async def hand_over(self, count: int) -> None:
        for _ in range(count):
            teacher = self.teacher(len(self.plans))
            self.plans.append(await send_at_once(teacher, titel=f"Drones {len(self.plans)}"))

    async def where_is(self, number: int) -> str:
        """Let a teacher ask where the plan is; give what is said."""
        teacher = self.teacher(number)
        return await teacher.do(self.services.my_plans.status, "waar staat mijn plan")

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Deliver while the body runs."""
        mailer = self.mailer or SmtpMailer(self.url or f"smtp://localhost:{self.port}")
        email = EmailSender(self.database, mailer, "wegwijzer@sto.example", self.clock, made_book())
        sender: Sender = PresentAddressSender(
            self.database, email, self.services.access, self.clock
        )
        if self.is_forgetful:
            sender = Forgetful(sender)
        worker = DeliveryWorker(
            self.database, self.clock, {"email": sender}, self.bell, Alarms(OPERATOR)
        )
        running = asyncio.create_task(worker.run())
        try:
            yield
        finally:
            running.cancel()
            await asyncio.wait({running})

    async def leap(self, **delta: float) -> None:
        """Let time pass; return once all that is due by then was tried."""
        self.clock.step(**delta)
        self.bell.ring()
        await self.bell.until(self._all_tried, within=120)

    async def _all_tried(self) -> bool | None:
        async with self.database.read() as uow:
            # In this order: what is taken up in between is seen as being sent.
            if await uow.outbox.has_due(["email"], self.clock.now()):
                return None
            return None if await uow.outbox.count("sending", "email") else True

    async def skip_to_try(self, tries: int) -> None:
        """Let all that waits have been tried so often."""
        async with self.database.engine.begin() as connection:
            await connection.execute(update(outbox).values(tries=tries - 1))

    async def leave_moments(self, prefix: str) -> list[datetime]:
        """Give when the mails whose key begins so were sent, the earliest first."""
        rows = await stored(self.database, outbox)
        return sorted(row.sent_at for row in rows if row.key.startswith(prefix) and row.sent_at)


def wrongs(plans: Iterable[Plan], received: Iterable[Received]) -> list[str]:
    """Say which plans did not come at the mail server exactly once, and what came besides."""
    came = Counter(
        mail.message["Message-ID"] for mail in received if mail.recipients != (OPERATOR,)
    )
    found = []
    for plan in plans:
        times = came.pop(f"<hand_over.{plan.id}@sto.example>", 0)
        if times != 1:
            found.append(f"{plan.reference} came {times} times")
    return [*found, *(f"{message_id} belongs to no plan" for message_id in came)]


def hours(moment: timedelta) -> float:
    return round(moment / timedelta(hours=1), 2)
