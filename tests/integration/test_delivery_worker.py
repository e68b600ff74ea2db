"""The delivery worker by itself: claims, order, retries, and what it survives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from bot.delivery.outcomes import ChannelClosed, GiveUp, Outcome, Retry, Sent, wait_before_retry
from bot.delivery.worker import AT_ONCE, CLAIM_SECONDS, MOST_SURPRISES, DeliveryWorker
from bot.domain.conversation import Delivery
from bot.domain.inbox import Channel
from bot.storage.database import Database
from bot.storage.outbox import OutboxRow
from bot.storage.tables import conversation, outbox
from tests.clocks import SteppingClock
from tests.integration.running_chat import HeardBell, refusing, sqlite_only, stored

Answer = Outcome | Exception | asyncio.Event


@dataclass
class Recipient:
    """A sender that notes what it is given and ends as told; an event holds a send."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    got: list[str] = field(default_factory=list)
    rang: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, row: OutboxRow) -> Outcome:
        text = row.payload["text"]
        self.got.append(text)
        self.rang.set()
        planned = self.answers.get(text)
        answer = planned.pop(0) if planned else Sent()
        if isinstance(answer, asyncio.Event):
            await answer.wait()
            return Sent()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def wait_for(self, *texts: str) -> None:
        """Return once these were sent, in whatever order."""
        async with asyncio.timeout(5):
            while sorted(self.got) != sorted(texts):
                self.rang.clear()
                await self.rang.wait()


@dataclass
class Office:
    """An outbox with a worker before it, and a recipient behind it."""

    database: Database
    clock: SteppingClock
    recipient: Recipient = field(default_factory=Recipient)
    bell: HeardBell = field(default_factory=HeardBell)

    def worker(self) -> DeliveryWorker:
        senders = {"telegram": self.recipient}
        return DeliveryWorker(self.database, self.clock, senders, self.bell)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[DeliveryWorker]:
        """Deliver while the body runs."""
        worker = self.worker()
        running = asyncio.create_task(worker.run())
        try:
            yield worker
        finally:
            running.cancel()
            await asyncio.wait({running})

    async def post(self, *texts: str, to: str = "1", channel: str = "telegram") -> None:
        """Queue deliveries for one conversation."""
        async with self.database.write() as uow:
            talk = await uow.conversations.of(Channel.TELEGRAM, to)
            for text in texts:
                delivery = Delivery(f"test:{text}", channel, to, {"text": text}, talk.id)
                await uow.outbox.add(delivery, self.clock.now())
        self.bell.ring()

    def leap(self, **delta: float) -> None:
        """Let time pass, and let the worker look."""
        self.clock.step(**delta)
        self.bell.ring()

    async def until(self, **wanted: str) -> dict[str, OutboxRow]:
        """Give the outbox by text once these texts are in these states."""

        async def look() -> dict[str, OutboxRow] | None:
            rows = {row.payload["text"]: row for row in await stored(self.database, outbox)}
            is_so = all(rows[text].state == state for text, state in wanted.items())
            return rows if is_so else None

        return await self.bell.until(look)

    async def until_tried(self, text: str, tries: int) -> None:
        """Return once this was tried so often and lies ready again."""

        async def look() -> bool | None:
            rows = {row.payload["text"]: row for row in await stored(self.database, outbox)}
            return (rows[text].tries, rows[text].state) == (tries, "due") or None

        await self.bell.until(look)


@pytest.fixture
def office(database: Database, clock: SteppingClock) -> Iterator[Office]:
    with capture_logs():
        yield Office(database, clock)


async def test_order_is_kept_within_a_conversation(office: Office) -> None:
    held = asyncio.Event()
    office.recipient.answers["een"] = [held]
    async with office.open():
        await office.post("een", "twee", to="1")
        await office.post("andere", to="2")
        await office.recipient.wait_for("een", "andere")
        await office.until(andere="sent")
        held.set()
        await office.until(een="sent", twee="sent")

    assert office.recipient.got == ["een", "andere", "twee"]


@sqlite_only
async def test_conversations_are_served_beside_each_other(office: Office) -> None:
    held = asyncio.Event()
    texts = [f"t{number}" for number in range(AT_ONCE + 2)]
    for number, text in enumerate(texts):
        office.recipient.answers[text] = [held]
        await office.post(text, to=str(number))
    async with office.open():
        await office.recipient.wait_for(*texts[:AT_ONCE])
        held.set()
        await office.recipient.wait_for(*texts)


async def test_other_side_says_when_to_try_again(office: Office) -> None:
    office.recipient.answers["een"] = [Retry("too_many_requests", 600)]
    async with office.open():
        await office.post("een")
        await office.until_tried("een", 1)
        office.leap(seconds=599)
        await office.post("andere", to="2")
        await office.until(andere="sent")
        before = list(office.recipient.got)
        office.leap(seconds=2)
        rows = await office.until(een="sent")

    assert before == ["een", "andere"]
    assert rows["een"].problem is None


@sqlite_only
async def test_waits_double_from_try_to_try(office: Office) -> None:
    office.recipient.answers["een"] = [Retry("away")] * 3
    due = []
    async with office.open():
        await office.post("een")
        for tries in (1, 2, 3):
            await office.until_tried("een", tries)
            (row,) = await stored(office.database, outbox)
            due.append((row.due_at - office.clock.now()).total_seconds())
            office.leap(seconds=due[-1])
        await office.until(een="sent")

    assert due == [wait_before_retry(tries) for tries in (1, 2, 3)] == [1, 2, 4]


@sqlite_only
async def test_unforeseen_error_stops_nobody_else(office: Office) -> None:
    office.recipient.answers["een"] = [ValueError("onverwacht")]
    async with office.open():
        await office.post("een")
        await office.post("andere", to="2")
        await office.until(andere="sent")
        await office.until_tried("een", 1)
        office.leap(seconds=2)
        await office.until(een="sent")


@sqlite_only
async def test_message_that_never_works_lets_the_chat_go_on(office: Office) -> None:
    office.recipient.answers["een"] = [ValueError("onverwacht")] * MOST_SURPRISES
    async with office.open():
        await office.post("een", "twee")
        for tries in range(1, MOST_SURPRISES):
            await office.until_tried("een", tries)
            office.leap(hours=1)
        rows = await office.until(een="given_up", twee="sent")

    assert rows["een"].problem == "unexpected"


async def test_closed_channel_gives_up_the_rest(office: Office) -> None:
    office.recipient.answers["een"] = [ChannelClosed("blocked")]
    async with office.open():
        await office.post("een", "twee")
        await office.post("andere", to="2")
        await office.until(een="given_up", twee="given_up", andere="sent")

    closed = [row.address for row in await stored(office.database, conversation) if row.is_closed]
    assert closed == ["1"]
    assert "twee" not in office.recipient.got


@sqlite_only
async def test_given_up_delivery_keeps_its_reason(office: Office) -> None:
    office.recipient.answers["een"] = [GiveUp("rejected_550")]
    async with office.open():
        await office.post("een", "twee")
        rows = await office.until(een="given_up", twee="sent")

    assert (rows["een"].problem, rows["een"].sent_at) == ("rejected_550", None)


async def test_claim_of_a_dead_process_runs_out(office: Office) -> None:
    await office.post("een")
    async with office.database.write() as uow:
        now = office.clock.now()
        (row,) = await uow.outbox.claim(["telegram"], now, limit=5, seconds=CLAIM_SECONDS)
    async with office.open():
        await office.post("andere", to="2")
        await office.until(andere="sent")
        before = list(office.recipient.got)
        office.leap(seconds=CLAIM_SECONDS + 1)
        await office.until(een="sent")

    assert row.tries == 1
    assert before == ["andere"]


async def test_slow_send_is_not_made_twice(office: Office) -> None:
    held = asyncio.Event()
    office.recipient.answers["een"] = [held]
    async with office.open():
        await office.post("een")
        await office.recipient.wait_for("een")
        for number in (1, 2):
            office.leap(seconds=CLAIM_SECONDS + 1)
            await office.post(f"andere{number}", to="2")
            await office.until(**{f"andere{number}": "sent"})
        held.set()
        await office.until(een="sent")

    assert office.recipient.got.count("een") == 1


async def test_two_workers_send_each_delivery_once(office: Office) -> None:
    texts = [f"t{number}" for number in range(20)]
    for number, text in enumerate(texts):
        await office.post(text, to=str(number % 5))
    async with office.open(), office.open():
        await office.recipient.wait_for(*texts)
        await office.until(**dict.fromkeys(texts, "sent"))

    for chat in range(5):
        mine = [text for text in office.recipient.got if int(text[1:]) % 5 == chat]
        assert mine == texts[chat::5]


@sqlite_only
async def test_stopping_finishes_what_is_being_sent(office: Office) -> None:
    held = asyncio.Event()
    office.recipient.answers["een"] = [held]
    await office.post("een", "twee")
    running = asyncio.create_task(office.worker().run())
    await office.recipient.wait_for("een")

    running.cancel()
    held.set()
    await asyncio.wait({running}, timeout=5)

    assert [row.state for row in await stored(office.database, outbox)] == ["sent", "due"]


@sqlite_only
async def test_other_channels_are_left_alone(office: Office) -> None:
    async with office.open():
        await office.post("een", channel="email")
        await office.post("twee", to="2")
        rows = await office.until(twee="sent")

    assert rows["een"].state == "due"


@sqlite_only
@pytest.mark.parametrize(
    ("answer", "is_empty"), [(Sent(), True), (GiveUp("no"), True), (Retry("away"), False)]
)
async def test_drain_tells_whether_all_has_left(
    office: Office, answer: Outcome, is_empty: bool
) -> None:
    office.recipient.answers["een"] = [answer]
    async with office.open() as worker:
        await office.post("een")

        assert await worker.drain("telegram", 5 if is_empty else 0.2) is is_empty


async def test_worker_survives_a_database_that_was_away(office: Office) -> None:
    async with office.open():
        async with refusing(office.database, outbox):
            await office.bell.looked()
            await office.bell.looked()
        await office.post("een")
        await office.until(een="sent")


async def test_what_has_left_is_not_sent_again_after_an_outage(office: Office) -> None:
    held = asyncio.Event()
    office.recipient.answers["een"] = [held]
    async with office.open():
        await office.post("een")
        await office.recipient.wait_for("een")
        async with refusing(office.database, outbox):
            held.set()
            await office.bell.looked()
        office.leap(seconds=CLAIM_SECONDS + 1)
        await office.until(een="sent")

    assert office.recipient.got == ["een"]
