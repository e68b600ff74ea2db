"""Away for more than a day: Telegram has dropped what was said, and teachers are asked once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import insert, update
from structlog.testing import capture_logs

from bot.domain.dutch_time import AMSTERDAM
from bot.domain.inbox import Channel
from bot.domain.plan import TEACHER_IS_UP, PlanStatus
from bot.services.clock_worker import ClockWorker
from bot.services.heartbeat import ACTIVE, KEPT, Heartbeat
from bot.services.use_cases import UseCases
from bot.storage.database import Database
from bot.storage.heartbeats import heartbeat
from bot.storage.review_tables import due
from bot.storage.tables import conversation, inbox, outbox, plan
from bot.texts.heartbeat import away_text
from tests.clocks import SteppingClock
from tests.integration.running_chat import ChatMaker, refusing, stored
from tests.person import Person, content, make_services, write_plan

pytest_plugins = ["tests.integration.chat_fixtures"]

AWAY = "niet bereikbaar"


@dataclass
class School:
    """Teachers around one database, and the wegwijzer that goes and comes back."""

    database: Database
    clock: SteppingClock
    services: UseCases

    async def teacher(self, address: str, channel: Channel = Channel.TELEGRAM) -> Person:
        """Give somebody a plan that is being written."""
        person = Person(self.database, self.services, self.clock, address, channel)
        await write_plan(person, "school")
        return person

    async def reached(self) -> None:
        """Start anew, and let Telegram reach us."""
        beating = Heartbeat(self.database, self.clock)
        beating.reached()
        await beating.look()

    async def away(self, **delta: float) -> None:
        """Be reached, be away, and be reached again."""
        await self.reached()
        self.clock.step(**delta)
        await self.reached()

    async def told(self) -> list[str]:
        """Give the addresses that have heard by now that we were away, in order."""
        await ClockWorker(self.database, self.services.clockwork, self.clock).look()
        rows = await stored(self.database, outbox)
        return [row.address for row in rows if AWAY in row.payload.get("text", "")]


@pytest.fixture
def school(database: Database, clock: SteppingClock) -> School:
    # A Monday at ten, so that a day later is no quiet hour either.
    clock.step(days=1)
    return School(database, clock, make_services(database, clock))


async def test_teacher_is_asked_once_after_a_day(school: School) -> None:
    await school.teacher("1001")

    await school.away(hours=24, seconds=1)
    first = await school.told()
    school.clock.step(minutes=5)
    await school.reached()

    assert first == await school.told() == ["1001"]
    rows = await stored(school.database, outbox)
    (said,) = [row for row in rows if AWAY in row.payload["text"]]
    assert (said.state, said.payload["choices"]) == ("due", [])
    assert said.payload["text"] == (
        "Sorry, ik was een tijd niet bereikbaar: van ma 23 november, 10:00 tot di 24 november, "
        "10:00. Stuurde je toen iets en kreeg je geen antwoord? Stuur het dan nog eens. "
        "Wat je eerder invulde, is bewaard."
    )


@pytest.mark.parametrize(
    ("back", "told_at"),
    [
        (datetime(2026, 11, 24, 20, tzinfo=UTC), datetime(2026, 11, 25, 8, tzinfo=UTC)),
        (datetime(2026, 11, 25, 4, tzinfo=UTC), datetime(2026, 11, 25, 8, tzinfo=UTC)),
        (datetime(2026, 11, 28, 10, tzinfo=UTC), datetime(2026, 11, 30, 8, tzinfo=UTC)),
    ],
    ids=["evening", "night", "weekend"],
)
async def test_quiet_hours_are_kept(school: School, back: datetime, told_at: datetime) -> None:
    await school.teacher("1001")
    await school.reached()
    school.clock.moment = back
    await school.reached()

    at_once = await school.told()
    school.clock.moment = told_at - timedelta(seconds=1)
    before = await school.told()
    school.clock.step(seconds=1)

    assert (at_once, before, await school.told()) == ([], [], ["1001"])


async def test_first_start_tells_nobody(school: School) -> None:
    await school.teacher("1001")
    school.clock.step(days=3)

    await school.reached()

    assert await school.told() == []
    assert len(await stored(school.database, heartbeat)) == 1


async def test_a_day_itself_is_not_too_long(school: School) -> None:
    await school.teacher("1001")

    await school.away(seconds=KEPT.total_seconds())

    assert await school.told() == []


async def test_each_long_absence_is_told(school: School) -> None:
    await school.teacher("1001")
    for _ in range(2):
        await school.away(hours=25)
        await school.told()

    assert await school.told() == ["1001"] * 2


async def test_outage_while_running_is_noticed(school: School) -> None:
    await school.teacher("1001")
    beating = Heartbeat(school.database, school.clock)
    for hours in (0, 24.5):
        school.clock.step(hours=hours)
        beating.reached()
        await beating.look()

    assert await school.told() == ["1001"]


async def test_two_processes_tell_it_once(school: School) -> None:
    await school.teacher("1001")
    await school.reached()
    school.clock.step(hours=25)

    await asyncio.gather(*(school.reached() for _ in range(4)))

    assert await school.told() == ["1001"]


async def test_two_plans_of_one_teacher_are_one_message(school: School) -> None:
    await school.teacher("1001")
    (first,) = await stored(school.database, plan)
    async with school.database.engine.begin() as connection:
        await connection.execute(insert(plan).values({**first._mapping, "id": "another"}))

    await school.away(hours=25)

    assert await school.told() == ["1001"]


async def test_blocked_and_other_channels_are_left(school: School) -> None:
    for address in ("1001", "1002", "1003"):
        await school.teacher(address)
    await school.teacher("browser", Channel.WEB)
    await block(school, "1002")

    await school.away(hours=25)
    await block(school, "1003")

    assert await school.told() == ["1001"]


async def test_who_was_silent_for_long_is_left(school: School) -> None:
    await school.teacher("1001")
    school.clock.step(days=ACTIVE.days, seconds=1)
    await school.teacher("1002")

    await school.away(hours=25)

    assert await school.told() == ["1002"]


async def test_who_deleted_everything_hears_nothing(school: School) -> None:
    gone, late = await school.teacher("1001"), await school.teacher("1002")
    await school.teacher("1003")
    await delete_all(gone)

    await school.away(hours=25)
    await delete_all(late)

    assert await school.told() == ["1003"]
    assert [row.state for row in await stored(school.database, due)] == ["done"]


@pytest.mark.parametrize("status", list(PlanStatus))
async def test_only_whose_turn_it_is_hears(school: School, status: PlanStatus) -> None:
    await school.teacher("1001")
    await set_status(school, status)

    await school.away(hours=25)

    assert await school.told() == (["1001"] if status in TEACHER_IS_UP else [])


async def test_plan_that_was_sent_meanwhile_is_left(school: School) -> None:
    await school.teacher("1001")

    await school.away(hours=25)
    await set_status(school, PlanStatus.SUBMITTED)

    assert await school.told() == []


async def test_nobody_is_told_when_it_is_not_written_down(school: School) -> None:
    await school.teacher("1001")
    await school.reached()
    school.clock.step(hours=25)
    beating = Heartbeat(school.database, school.clock)
    beating.reached()

    async with refusing(school.database, due):
        with pytest.raises(Exception, match="due"):
            await beating.look()
    nobody = await stored(school.database, due)
    await beating.look()

    assert nobody == []
    assert await school.told() == ["1001"]


async def test_beats_are_few(school: School) -> None:
    beating = Heartbeat(school.database, school.clock)
    await beating.look()
    assert await stored(school.database, heartbeat) == []

    moments = []
    for _ in range(4):
        beating.reached()
        await beating.look()
        moments.append((await stored(school.database, heartbeat))[0].at)
        school.clock.step(seconds=30)

    assert moments == [moments[0]] * 2 + [moments[0] + timedelta(minutes=1)] * 2


def test_moments_are_in_dutch_time() -> None:
    summer, winter = datetime(2026, 7, 1, 22, 30, tzinfo=UTC), datetime(2026, 12, 1, 8, tzinfo=UTC)

    said = away_text(summer, winter)

    assert "van do 2 juli, 00:30 tot di 1 december, 09:00" in said


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_start_after_a_long_stop_asks_the_teacher(
    chats: ChatMaker, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.running_telegram._ASK_SECONDS", 0.1)
    go_to_school_days(chats.clock)
    user = chats.world.user()
    run = chats.run if mode == "polling" else chats.run_with_webhook
    with capture_logs() as logs:
        async with run() as chat:
            await chat.plan_of(user, until="doelen")
            await user.ask("/help")
            await noted(chats)
        user.send_text("mijn doelen")
        chats.clock.step(hours=25)
        chats.world.expire_updates()
        user.send_text("/help")

        async with run():
            await user.wait_for(2)
            await noted(chats)
            await user.wait_for(AWAY)

        async with run():
            await user.ask("/help")

    assert "mijn doelen" not in [row.text for row in await stored(chats.database, inbox)]
    assert sum(AWAY in message.text for message in user.received) == 1
    assert [entry["event"] for entry in logs if "part" in entry] == []


def go_to_school_days(clock: SteppingClock) -> None:
    """Go to ten in the morning of a school day before another one, wherever the school is."""
    calendar = content().school_days.calendar
    day = clock.now().date() + timedelta(days=1)
    while not all(calendar.is_school_day(day + timedelta(days=n), None) for n in range(2)):
        day += timedelta(days=1)
    ten = datetime.combine(day, time(10), tzinfo=AMSTERDAM)
    clock.step(seconds=(ten - clock.now()).total_seconds())


async def noted(chats: ChatMaker) -> None:
    """Wait until it is written down that Telegram reached us just now."""
    since = chats.clock.now() - timedelta(minutes=5)
    async with asyncio.timeout(10):
        while True:
            rows = await stored(chats.database, heartbeat)
            if any(row.at > since for row in rows if row.channel == Channel.TELEGRAM):
                return
            # Nobody waits for this worker, so nothing tells when it has written.
            await asyncio.sleep(0.02)


async def block(school: School, address: str) -> None:
    async with school.database.engine.begin() as connection:
        blocked = update(conversation).where(conversation.c.address == address)
        await connection.execute(blocked.values(is_closed=True))


async def set_status(school: School, status: PlanStatus) -> None:
    async with school.database.engine.begin() as connection:
        await connection.execute(update(plan).values(status=status.value))


async def delete_all(person: Person) -> None:
    await person.do(person.services.privacy.ask_delete, "/verwijder")
    await person.press(person.services.privacy.delete, "Ja, wis alles")
