"""Telegram's side of the intake: store first, then confirm, acknowledge or leave."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

import structlog
from telegram import Bot, BotCommand
from telegram.constants import ChatAction
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.chat.commands import DESCRIPTIONS
from bot.chat.hold_up import HoldUp
from bot.chat.intake import Intake
from bot.chat.telegram_updates import (
    ALLOWED_UPDATES,
    Blocked,
    Ignored,
    NotPrivate,
    Pressed,
    Read,
    UnreadableError,
    read_update,
)
from bot.domain.conversation import Conversation
from bot.domain.inbox import Channel, Incoming
from bot.services.backoff import Backoff
from bot.services.ports import Store
from bot.storage.only_one import OnlyOne
from bot.texts.conversation import GROUP, NOT_YET

log = structlog.get_logger()

POLL_SECONDS = 25
_FIRST_WAIT = 0.5
_LAST_WAIT = 30.0
#: How often one who stands by looks whether it is its turn.
_STAND_BY = 2.0
#: This many conflicts within so many seconds are no restart or bad line but a second program.
_CONFLICTS = 3
_CONFLICTS_WITHIN = 600.0


class TelegramDoor:
    """Brings updates into the inbox, whether they were fetched or delivered."""

    def __init__(self, bot: Bot, intake: Intake, store: Store) -> None:
        """Answer Telegram itself with `bot`."""
        self._bot = bot
        self._intake = intake
        self._store = store
        self._side_tasks: set[asyncio.Task[None]] = set()
        self._leaving: set[int] = set()
        self._hold_up = HoldUp(self._say_not_yet)

    async def register(self) -> None:
        """Register the commands with their descriptions."""
        await self._bot.set_my_commands(
            [BotCommand(name, description) for name, description in DESCRIPTIONS.items()]
        )

    async def receive(self, updates: Sequence[dict[str, Any]]) -> None:
        """Store raw updates; when this returns they may be confirmed.

        What Telegram itself waits for (a press, a group to leave) follows after the commit, and
        may fail without harm. An update that cannot be read never keeps the others waiting. What
        is not stored is counted in the log, so that each update is to be found in one of the two.
        """
        read = [_read(update) for update in updates]
        # Before the messages: who writes again has opened the chat again.
        for item in read:
            if isinstance(item, Blocked):
                await close_channel(self._store, item.address)
        messages = [item.incoming if isinstance(item, Pressed) else item for item in read]
        incoming = [item for item in messages if isinstance(item, Incoming)]
        refused: set[str] = set()
        if incoming:
            with self._hold_up.noticed(item.address for item in incoming):
                await self._intake.store(incoming, refused.add)
        for update, item, message in zip(updates, read, messages, strict=True):
            is_refused = isinstance(message, Incoming) and message.key in refused
            _count(update, Ignored("too_fast") if is_refused else item)
            if isinstance(item, Pressed):
                self._afterwards(self._bot.answer_callback_query(item.query_id))
            elif isinstance(item, NotPrivate) and item.chat_id not in self._leaving:
                self._leaving.add(item.chat_id)
                self._afterwards(self._leave(item.chat_id))

    def _afterwards(self, step: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(_harmless(step))
        self._side_tasks.add(task)
        task.add_done_callback(self._side_tasks.discard)

    def _say_not_yet(self, address: str) -> None:
        # Past the outbox: that is in the database too.
        self._afterwards(self._bot.send_message(int(address), NOT_YET))

    async def _leave(self, chat_id: int) -> None:
        # Several updates tell that we are in a group; it hears the sentence once.
        try:
            await _harmless(self._bot.send_message(chat_id, GROUP))
            await _harmless(self._bot.leave_chat(chat_id))
        finally:
            self._leaving.discard(chat_id)

    async def show_typing(self, talk: Conversation) -> None:
        """Show that an answer is on its way; without it nothing is lost."""
        if talk.channel is not Channel.TELEGRAM:
            return
        try:
            await self._bot.send_chat_action(int(talk.address), ChatAction.TYPING)
        except TelegramError as error:
            log.info("typing_not_shown", error=type(error).__name__)


def _read(update: dict[str, Any]) -> Read:
    try:
        return read_update(update)
    except (UnreadableError, RecursionError) as error:
        log.warning("update_not_read", error=type(error).__name__)
        return Ignored("unreadable")


def _count(update: dict[str, Any], item: Read) -> None:
    match item:
        case Ignored(why):
            pass
        case NotPrivate():
            why = "not_private"
        case Blocked():
            why = "blocked"
        case _:
            return
    number = update.get("update_id")
    log.info("update_ignored", update=number if isinstance(number, int) else None, why=why)


async def _harmless(step: Coroutine[Any, Any, Any]) -> None:
    try:
        await step
    except TelegramError as error:
        log.info("telegram_side_step_failed", error=type(error).__name__)


async def close_channel(store: Store, address: str) -> None:
    """Note that nothing can be sent to this chat until its person writes again."""
    async with store.write() as uow:
        talk = await uow.conversations.find(Channel.TELEGRAM, address)
        if talk:
            await uow.conversations.save(replace(talk, is_closed=True))


class Poller:
    """Fetches updates and confirms only what is committed.

    The offset comes from the last batch alone and is used once: Telegram restarts its numbers
    after a quiet week, and a remembered maximum would then hide every new message.
    """

    def __init__(
        self,
        bot: Bot,
        door: TelegramDoor,
        reached: Callable[[], None],
        tell_taken: Callable[[], Awaitable[None]],
        turn: OnlyOne,
    ) -> None:
        """Bring what `bot` fetches to `door`, while it is our `turn`.

        `reached` is called each time that it is all in, `tell_taken` when another program fetches
        with the same token.
        """
        self._bot = bot
        self._door = door
        self._reached = reached
        self._tell_taken = tell_taken
        self._turn = turn
        self._conflicts: deque[float] = deque(maxlen=_CONFLICTS)

    async def run(self) -> None:
        """Poll until cancelled, or until Telegram no longer knows the token."""
        try:
            await self._poll()
        finally:
            await self._turn.let_go()

    async def _poll(self) -> None:
        offset: int | None = None
        wait = Backoff(_FIRST_WAIT, _LAST_WAIT)
        while True:
            try:
                await self._tell_of_conflicts()
                if not await self._turn.is_us():
                    await asyncio.sleep(_STAND_BY)
                    continue
                updates = await self._fetch(offset)
                if updates:
                    await self._door.receive(updates)
                offset = updates[-1]["update_id"] + 1 if updates else None
                self._reached()
                wait.reset()
            except InvalidToken:
                log.error("telegram_token_refused")
                return
            except RetryAfter as error:
                await asyncio.sleep(_seconds(error))
            except TimedOut:
                continue
            except (Conflict, NetworkError) as error:
                if isinstance(error, Conflict):
                    self._conflicts.append(time.monotonic())
                log.warning("telegram_not_reached", error=type(error).__name__)
                await asyncio.sleep(wait.next())
            except Exception as error:
                # Storing failed: the batch is not confirmed, so Telegram brings it again.
                log.exception("updates_not_stored", error=type(error).__name__)
                await asyncio.sleep(wait.next())

    async def _tell_of_conflicts(self) -> None:
        times = self._conflicts
        if len(times) == _CONFLICTS and times[-1] - times[0] <= _CONFLICTS_WITHIN:
            await self._tell_taken()
            times.clear()

    async def _fetch(self, offset: int | None) -> list[dict[str, Any]]:
        # The library's own get_updates fails a whole batch when one update cannot be parsed, and
        # logs its texts; in lower case the method (Telegram minds no case) gives the raw batch.
        asked: dict[str, Any] = {"timeout": POLL_SECONDS, "allowed_updates": list(ALLOWED_UPDATES)}
        if offset is not None:
            asked["offset"] = offset
        raw: Any = await self._bot.do_api_request(
            "getupdates", api_kwargs=asked, read_timeout=POLL_SECONDS + 10
        )
        return list(raw)


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return float(after) if isinstance(after, int | float) else after.total_seconds()
