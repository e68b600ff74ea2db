"""The clock of the machine jumps: reminders come once, and every message is answered once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.dutch_time import AMSTERDAM
from bot.services.clock_worker import ClockWorker
from bot.storage.database import Database
from bot.storage.tables import answer, outbox
from tests.clocks import SteppingClock
from tests.integration.running_chat import Chat, stored
from tests.person import Person, make_services
from tests.reviews import CONTACTS, add_contacts
from tests.waiting_plans import send_at_once

pytest_plugins = ["tests.integration.chat_fixtures"]

HOUR = timedelta(hours=1)
#: A Thursday before the clocks change, in both directions.
BEFORE_CHANGES = (datetime(2027, 3, 25, 9, 0, tzinfo=UTC), datetime(2027, 10, 28, 9, 0, tzinfo=UTC))


@pytest.mark.parametrize("handed_over", BEFORE_CHANGES, ids=["to summer", "to winter"])
async def test_jumps_and_summer_time_remind_once_by_day(
    database: Database, clock: SteppingClock, handed_over: datetime
) -> None:
    clock.moment = handed_over
    services = make_services(database, clock)
    await add_contacts(database, "manager")
    await send_at_once(Person(database, services, clock))
    worker = ClockWorker(database, services.clockwork, clock)
    reminded_at: list[datetime] = []

    async def look(moment: datetime) -> None:
        before = len(await mails(database))
        clock.moment = moment
        await worker.look()
        reminded_at.extend([moment] * (len(await mails(database)) - before))

    # Twelve days, every hour, and by day the clock jumps back and forth.
    for hours in range(12 * 24):
        moment = handed_over.replace(hour=0) + hours * HOUR
        await look(max(moment, handed_over))
        if 6 <= moment.hour <= 9:
            await look(max(moment - HOUR, handed_over))
            await look(max(moment, handed_over))

    (reminder,) = reminded_at
    assert reminder - handed_over > timedelta(days=5)
    # At the hour of the Dutch clock, whatever it was before the change.
    assert (reminder.astimezone(AMSTERDAM).hour, reminder.minute) == (9, 0)


async def mails(database: Database) -> list[str]:
    """The mails to the manager behind the one that brought the plan."""
    address = CONTACTS["manager"].email
    rows = [row.key for row in await stored(database, outbox) if row.address == address]
    return rows[1:]


@pytest.mark.parametrize("hours", [-1, 1])
async def test_jump_between_messages_answers_each_once(chat: Chat, hours: int) -> None:
    user = chat.world.user()
    await chat.plan_of(user, until="doelen")
    user.send_text("EERSTE")
    await user.wait_for("activiteiten")

    chat.leap(hours=hours)
    user.send_text("TWEEDE")
    await user.wait_for("mijlpalen")
    chat.leap(hours=-hours)
    user.send_text("DERDE")
    await user.wait_for("Samenwerking")

    given = [
        (row.step, row.text)
        for row in await stored(chat.database, answer)
        if row.step in ("doelen", "activiteiten", "mijlpalen")
    ]
    assert given == [("doelen", "EERSTE"), ("activiteiten", "TWEEDE"), ("mijlpalen", "DERDE")]
    said = Counter(message.text for message in user.received)
    assert {text: times for text, times in said.items() if times > 1} == {}
