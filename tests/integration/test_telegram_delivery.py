"""What leaves through Telegram: whole, literal, in order, and nobody waits for somebody else."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pypdf
import pytest
from structlog.testing import capture_logs
from telegram import Bot

from bot.delivery.documents import DocumentMaker
from bot.delivery.pace import Pace
from bot.delivery.pdf import PdfFailedError
from bot.delivery.telegram import TelegramSender
from bot.delivery.text_parts import TELEGRAM_LIMIT, utf16_length
from bot.delivery.worker import CLAIM_SECONDS, DeliveryWorker
from bot.domain.inbox import Channel
from bot.domain.turn import Choice, Document, DocumentKind, Reply
from bot.storage.database import Database
from bot.storage.tables import conversation, outbox
from bot.texts.conversation import PDF_FAILED
from tests.botapi import BotApiServer, TelegramWorld, User
from tests.botapi.clients import connect
from tests.integration.running_chat import Chat, HeardBell, LeapingClock, sqlite_only, stored
from tests.person import made_book

pytest_plugins = ["tests.integration.chat_fixtures"]

CHOICES = (Choice("Terug", "cmd_back", None, "plan-7/doelen"), Choice("Overslaan", "cmd_skip"))


class BrokenDocuments(DocumentMaker):
    async def make(self, kind: DocumentKind, subject: str) -> bytes | None:
        raise PdfFailedError


@dataclass
class Post:
    """A delivery worker with nothing before it: replies go straight into the outbox."""

    database: Database
    clock: LeapingClock
    bot: Bot
    world: TelegramWorld
    bell: HeardBell

    @asynccontextmanager
    async def delivering(self, documents: DocumentMaker | None = None) -> AsyncIterator[None]:
        """Deliver while the body runs."""
        sender = TelegramSender(
            self.bot,
            documents or DocumentMaker(self.database, self.database.clock),
            Pace(1000),
            self._part_sent,
            made_book().fill,
        )
        worker = DeliveryWorker(self.database, self.clock, {"telegram": sender}, self.bell)
        running = asyncio.create_task(worker.run())
        try:
            yield
        finally:
            running.cancel()
            await asyncio.wait({running})

    def user(self) -> User:
        """Give a person to whom the bot may write."""
        user = self.world.user()
        user.send_text("hallo")
        return user

    async def say(self, user: User, *replies: Reply | str) -> None:
        """Queue replies, as an answered turn does."""
        said = [Reply(reply) if isinstance(reply, str) else reply for reply in replies]
        number = len(await stored(self.database, outbox)) + 1
        async with self.database.write() as uow:
            talk = await uow.conversations.of(Channel.TELEGRAM, str(user.id))
            await uow.turns.say(talk, f"turn:{number}", said, turn_id=number)
        self.bell.ring()

    def leap(self, **delta: float) -> None:
        """Let time pass, and let the worker look."""
        self.clock.step(**delta)
        self.bell.ring()

    async def _part_sent(self, row_id: int, parts: int) -> None:
        async with self.database.write() as uow:
            await uow.outbox.part_sent(row_id, parts)


@pytest.fixture
async def post(
    database: Database,
    telegram: BotApiServer,
    world: TelegramWorld,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Post]:
    # As the app sets it: how long to wait comes as a timedelta.
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    clock = LeapingClock()
    opened = Database(database.url, clock)
    with capture_logs():
        async with connect(telegram) as bot:
            yield Post(opened, clock, bot, world, HeardBell())
    await opened.close()


def texts(user: User) -> list[str]:
    return [message.text for message in user.received]


async def until(post: Post, *wanted: str, problem: str | None = None, times: int = 1) -> list[Any]:
    """Give the outbox once its rows are in these states, so many of them with this problem."""

    async def look() -> list[Any] | None:
        rows = await stored(post.database, outbox)
        found = sum(row.problem == problem for row in rows if problem)
        is_so = [row.state for row in rows] == list(wanted) and found == times * bool(problem)
        return rows if is_so else None

    return await post.bell.until(look)


@sqlite_only
async def test_long_text_is_split_and_only_the_last_part_has_buttons(post: Post) -> None:
    user = post.user()
    text = "\n\n".join(f"{number} " + "🚁" * 700 + " drones" for number in range(9))
    async with post.delivering():
        await post.say(user, Reply(text, CHOICES))
        await user.wait_for(lambda got: bool(got and got[-1].buttons))

    assert len(user.received) > 2
    assert all(utf16_length(part) <= TELEGRAM_LIMIT for part in texts(user))
    assert "".join("".join(texts(user)).split()) == "".join(text.split())
    assert [message.labels for message in user.received[:-1]] == [[]] * (len(user.received) - 1)
    assert user.received[-1].labels == ["Terug", "Overslaan"]


@sqlite_only
async def test_text_without_a_space_is_split_between_characters(post: Post) -> None:
    user = post.user()
    text = "👩🏽‍🔬" * 1500
    async with post.delivering():
        await post.say(user, text)
        await user.wait_for(lambda got: "".join(part.text for part in got) == text)

    assert all(part.endswith("🔬") for part in texts(user))


@sqlite_only
async def test_buttons_carry_an_opaque_key(post: Post) -> None:
    user = post.user()
    async with post.delivering():
        await post.say(user, Reply("Kies", CHOICES))
        (shown,) = await user.wait_for(1)

    for button in shown.buttons:
        assert 16 <= len((button.data or "").encode()) <= 64
        assert not any(word in (button.data or "") for word in ("cmd", "plan", "doelen"))
    assert len({button.data for button in shown.buttons}) == 2


@sqlite_only
async def test_user_text_is_never_read_as_markup(post: Post) -> None:
    user = post.user()
    text = "<b>vet</b> _*[klik](https://sterktechniekonderwijs.nl)* & `x` <script>\\!"
    async with post.delivering():
        await post.say(user, text)
        await user.wait_for(1)

    (call,) = post.world.calls_of("sendMessage")
    assert texts(user) == [text]
    assert not {"parse_mode", "entities"} & call.params.keys()


@sqlite_only
async def test_links_are_not_previewed(post: Post) -> None:
    user = post.user()
    async with post.delivering():
        await post.say(user, "https://sterktechniekonderwijs.nl " * 200)
        await user.wait_for(2)

    previews = [call.params["link_preview_options"] for call in post.world.calls_of("sendMessage")]
    assert previews == [{"is_disabled": True}] * 2


@sqlite_only
async def test_flood_limit_is_obeyed_in_order(post: Post) -> None:
    user, other = post.user(), post.user()
    post.world.fail("sendMessage", status=429, retry_after=1, chat_id=user.id)
    async with post.delivering():
        await post.say(user, "een", "twee")
        await until(post, "due", "due", problem="too_many_requests")
        await post.say(other, "van een ander")
        await other.wait_for(1)
        await user.wait_for(2)

    refused, *later = post.world.calls_of("sendMessage")
    assert [call.outcome for call in (refused, *later)] == [429, 200, 200, 200]
    assert min(call.at for call in later) - refused.at >= 0.95
    assert texts(user) == ["een", "twee"]


async def test_long_flood_limit_sends_nothing_twice(post: Post) -> None:
    user, other = post.user(), post.user()
    post.world.fail("sendMessage", status=429, retry_after=1, chat_id=user.id)
    async with post.delivering():
        await post.say(user, "een")
        await until(post, "due", problem="too_many_requests")
        await post.say(other, "van een ander")
        post.leap(seconds=CLAIM_SECONDS + 1)
        await other.wait_for(1)
        await user.wait_for(1)

    assert (texts(user), texts(other)) == (["een"], ["van een ander"])


@sqlite_only
async def test_stopping_does_not_wait_for_a_long_limit(post: Post) -> None:
    user, other = post.user(), post.user()
    post.world.fail("sendMessage", status=429, retry_after=3600)
    async with post.delivering():
        await post.say(user, "een")
        await until(post, "due", problem="too_many_requests")
        await post.say(other, "twee")
        await until(post, "due", "due", problem="too_many_requests", times=2)

    assert len(post.world.calls_of("sendMessage")) == 1


@sqlite_only
@pytest.mark.parametrize(
    ("fault", "arrived"),
    [
        ({"status": 500}, 1),
        ({"status": 502}, 1),
        ({"drop": "before"}, 1),
        # Telegram has no key to tell a repetition by: a lost reply means once more.
        ({"drop": "after"}, 2),
    ],
)
async def test_failing_sends_are_made_again(post: Post, fault: Any, arrived: int) -> None:
    user = post.user()
    post.world.fail("sendMessage", **fault)
    async with post.delivering():
        await post.say(user, "een", "twee")
        await until(post, "due", "due", problem="NetworkError")
        post.leap(seconds=2)
        await user.wait_for("twee")

    assert texts(user) == ["een"] * arrived + ["twee"]


@sqlite_only
async def test_failing_chat_keeps_nobody_else_waiting(post: Post) -> None:
    user, other = post.user(), post.user()
    fault = post.world.fail("sendMessage", times=None, status=500, chat_id=user.id)
    async with post.delivering():
        await post.say(user, "een", "twee")
        await fault.wait_for_hits()
        await post.say(other, "van een ander", "nog een")
        await other.wait_for(2)
        before = texts(user)
        fault.stop()
        await until(post, "due", "due", "sent", "sent", problem="NetworkError")
        post.leap(seconds=2)
        await user.wait_for(2)

    assert before == []
    assert texts(user) == ["een", "twee"]


async def test_blocked_chat_is_closed_and_given_up(post: Post) -> None:
    user, other = post.user(), post.user()
    user.block()
    async with post.delivering():
        await post.say(user, "een", "twee", "drie")
        await post.say(other, "van een ander")
        await other.wait_for(1)
        rows = await until(post, "given_up", "given_up", "given_up", "sent")

    assert [row.problem for row in rows] == ["blocked"] * 3 + [None]
    closed = [row.address for row in await stored(post.database, conversation) if row.is_closed]
    assert closed == [str(user.id)]
    assert len(post.world.calls_of("sendMessage")) == 2


@sqlite_only
async def test_deactivated_or_unknown_chat_is_closed(post: Post) -> None:
    gone, never = post.user(), post.world.user()
    gone.deactivate()
    async with post.delivering():
        await post.say(gone, "een")
        await post.say(never, "twee")
        await until(post, "given_up", "given_up")

    assert [row.is_closed for row in await stored(post.database, conversation)] == [True, True]


@sqlite_only
async def test_refused_message_is_given_up_and_the_next_one_goes(post: Post) -> None:
    user = post.user()
    post.world.fail("sendMessage", status=400, description="Bad Request: can't parse entities")
    async with post.delivering():
        await post.say(user, "een", "twee")
        rows = await until(post, "given_up", "sent")

    assert rows[0].problem == "bad_request"
    assert texts(user) == ["twee"]


@sqlite_only
async def test_revoked_token_loses_nothing(post: Post) -> None:
    user = post.user()
    post.world.is_token_revoked = True
    async with post.delivering():
        await post.say(user, "een")
        await until(post, "due", problem="token_refused")
        post.world.is_token_revoked = False
        post.leap(seconds=61)
        await user.wait_for(1)

    assert texts(user) == ["een"]


async def test_interrupted_text_goes_on_with_the_next_part(post: Post) -> None:
    user = post.user()
    parts = [letter * 4000 for letter in "abc"]
    first = post.world.fail("sendMessage", hold=True)
    async with post.delivering():
        await post.say(user, " ".join(parts))
        await first.wait_for_hits()
        post.world.fail("sendMessage", status=500)
        first.release()
        (row,) = await until(post, "due", problem="NetworkError")
        post.leap(seconds=2)
        await user.wait_for(3)

    assert row.parts_sent == 1
    assert texts(user) == parts


async def test_crash_halfway_repeats_nothing_that_was_recorded(post: Post) -> None:
    user = post.user()
    parts = [letter * 4000 for letter in "abc"]
    async with post.delivering():
        await post.say(user, " ".join(parts))
        await user.wait_for(3)
        await until(post, "sent")
    async with post.database.write() as uow:
        row_id = (await stored(post.database, outbox))[0].id
        await uow.outbox.retry(row_id, post.clock.now(), "as_after_a_crash")
    async with post.delivering():
        await until(post, "sent")

    assert texts(user) == parts


async def test_receipt_comes_with_its_pdf(chat: Chat) -> None:
    user = chat.world.user()
    await chat.plan_of(user, until="everything is answered")

    user.send_text("Versturen")
    received = await user.wait_for(lambda got: any(message.document for message in got))

    words, document = received[-2].text, received[-1].document
    assert "STO-" in words
    assert document is not None
    assert document.name.startswith("STO-")
    assert document.mime_type == "application/pdf"
    assert document.content.startswith(b"%PDF")
    assert "Drones" in pypdf.PdfReader(io.BytesIO(document.content)).pages[0].extract_text()


@sqlite_only
async def test_file_that_fails_does_not_stop_the_chat(post: Post) -> None:
    user = post.user()
    receipt = Document(DocumentKind.PLAN_PDF, "plan-7", "STO-2026-0001.pdf")
    async with post.delivering(BrokenDocuments(post.database, post.database.clock)):
        await post.say(user, Reply("Verstuurd!", document=receipt), "en verder")
        await until(post, "sent", "sent")

    assert texts(user) == ["Verstuurd!", PDF_FAILED, "en verder"]


@sqlite_only
async def test_file_of_a_deleted_plan_is_left_out(post: Post) -> None:
    user = post.user()
    receipt = Document(DocumentKind.PLAN_PDF, "gewist", "STO-2026-0001.pdf")
    async with post.delivering():
        await post.say(user, Reply("Verstuurd!", document=receipt))
        await until(post, "sent")

    assert texts(user) == ["Verstuurd!"]


@sqlite_only
async def test_file_is_sent_again_without_its_text(post: Post) -> None:
    user = post.user()
    post.world.fail("sendDocument", status=500)
    async with post.delivering():
        await post.say(user, "hallo")
        await user.wait_for(1)
        async with post.database.read() as uow:
            talk = await uow.conversations.find(Channel.TELEGRAM, str(user.id))
        assert talk
        data = Document(DocumentKind.MY_DATA, talk.person_id, "mijn-gegevens.json")
        await post.say(user, Reply("Alsjeblieft", document=data))
        await until(post, "sent", "due", problem="NetworkError")
        post.leap(seconds=2)
        received = await user.wait_for(lambda got: bool(got[-1].document))

    assert texts(user) == ["hallo", "Alsjeblieft", ""]
    document = received[-1].document
    assert document
    assert (document.name, document.content[:1]) == ("mijn-gegevens.json", b"{")
