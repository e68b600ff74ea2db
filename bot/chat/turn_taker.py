"""Takes one message of a conversation to its end: answered, kept for later, or parked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from bot.chat.rasa_client import RasaClient, RasaFailedError, RasaUnavailableError
from bot.chat.rasa_doubt import RasaDoubt
from bot.domain.conversation import Conversation, InboxRow
from bot.domain.errors import StaleAttemptError
from bot.domain.inbox import Kind
from bot.domain.plan import CONFIRM
from bot.domain.plan_questions import choices_in
from bot.domain.text import folded
from bot.domain.troubles import Trouble
from bot.domain.turn import ONE_TURN, Choice, Open, OpenKind, Reply
from bot.services.alarms import LOG_ONLY, Alarms
from bot.services.asked_answer import just_asked, step_asked
from bot.services.backoff import backoff
from bot.services.bell import Bell, Broadcast
from bot.services.clock import Clock
from bot.services.long_answer import begun_before
from bot.services.turns import TurnRunner, UseCase
from bot.storage.database import Database
from bot.storage.unit_of_work import SqlUnitOfWork
from bot.texts import conversation as words

log = structlog.get_logger()

#: More at once only makes queues in Rasa, which is one thread (measured: 82 turns a second).
RASA_AT_ONCE = 4
#: A message that fails this often by itself is put aside for the beheerder.
MOST_FAILURES = 5
#: Typing is shown when a turn takes longer than this.
TYPING_AFTER = 0.5
_TYPING_AGAIN = 4.5
_FIRST_RETRY = 0.5
_LAST_RETRY = 30.0


@dataclass(frozen=True)
class Desk:
    """The use cases that need no Rasa."""

    commands: Mapping[str, UseCase]
    #: by the intent of the button
    presses: Mapping[str, UseCase]
    link: UseCase
    at_desk: UseCase
    edit: UseCase
    go_on: UseCase
    only_text: UseCase
    expired: UseCase


@dataclass(frozen=True)
class Bells:
    """Who has to know when something was said: the delivery worker, and pages that wait."""

    outbox: Bell
    said: Broadcast


Typing = Callable[[Conversation], Awaitable[None]]


class TurnTaker:
    """Brings messages to Rasa or straight to a service, and settles what fails."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        rasa: RasaClient,
        runner: TurnRunner,
        desk: Desk,
        bells: Bells,
        typing: Typing,
        alarms: Alarms = LOG_ONLY,
    ) -> None:
        """Answer with `desk` what needs no Rasa; tell by `alarms` of what is put aside."""
        self._database = database
        self._clock = clock
        self._rasa = RasaDoubt(rasa)
        self._runner = runner
        self._desk = desk
        self._bells = bells
        self._typing = typing
        self._alarms = alarms
        self._places = asyncio.Semaphore(RASA_AT_ONCE)
        self.rasa_is_ready = False

    async def take_one(self, conversation_id: str) -> bool:
        """Take the oldest open message; False when there is none, or it has to wait."""
        begun = await self._begin(conversation_id)
        if begun is None:
            return False
        row, talk = begun
        try:
            async with self._shown_typing(talk):
                await self._answer(row)
        except (RasaUnavailableError, RasaFailedError, StaleAttemptError) as error:
            return await self._settle(row, talk, error)
        except Exception as error:
            log.exception("turn_failed", turn=row.id, error=type(error).__name__)
            return await self._settle(row, talk, error)
        self._ring(talk)
        return True

    def _ring(self, talk: Conversation) -> None:
        self._bells.outbox.ring()
        self._bells.said.ring(talk.address)

    async def _begin(self, conversation_id: str) -> tuple[InboxRow, Conversation] | None:
        async with self._database.read() as uow:
            if await uow.inbox.first_open(conversation_id, self._clock.now()) is None:
                return None
        async with self._database.write() as uow:
            row_id = await uow.inbox.first_open(conversation_id, self._clock.now())
            if row_id is None:
                return None
            talk = await uow.conversations.get(conversation_id)
            row = await uow.inbox.get(row_id)
            pressed = await pressed_choice(uow, row)
            await uow.inbox.begin_attempt(row_id, await what_is_open(uow, talk, row), pressed)
            return await uow.inbox.get(row_id), talk

    async def _answer(self, row: InboxRow) -> None:
        use_case = self._without_rasa(row) or await self._going_on(row)
        if use_case:
            await self._runner.run(row.id, row.attempt, use_case)
            return
        if not self.rasa_is_ready:
            raise RasaUnavailableError
        async with self._places:
            await self._rasa.turn(row)
        async with self._database.read() as uow:
            if await uow.turns.replies(row.id) is None:
                raise RasaFailedError("nothing_saved")

    async def _going_on(self, row: InboxRow) -> UseCase | None:
        async with self._database.read() as uow:
            return self._desk.go_on if await begun_before(uow, row) else None

    def _without_rasa(self, row: InboxRow) -> UseCase | None:
        match row.kind:
            case Kind.COMMAND:
                return self._desk.commands[row.text]
            case Kind.EDIT:
                return self._desk.edit
            case Kind.OTHER:
                return self._desk.only_text
            case Kind.LINK:
                return self._desk.link
            case Kind.PRESS if row.pressed is None:
                return self._desk.expired
        if row.pressed:
            return self._desk.presses.get(row.pressed.intent)
        return self._desk.at_desk if row.open.kind is OpenKind.DESK else None

    async def _settle(self, row: InboxRow, talk: Conversation, error: Exception) -> bool:
        """Fence the attempt, and keep the message unless it was answered after all."""
        is_away = isinstance(error, RasaUnavailableError)
        # Each failure takes two numbers: the attempt itself, and the fence behind it.
        wait = backoff((row.attempt + 1) // 2, _FIRST_RETRY, _LAST_RETRY)
        async with self._database.write() as uow:
            await uow.inbox.get(row.id)
            if await uow.turns.replies(row.id) is not None:
                self._ring(talk)
                return True
            now = self._clock.now()
            failures = await uow.inbox.postpone(
                row.id, now, 0.25 if is_away else wait, failed=not is_away
            )
            if failures >= MOST_FAILURES:
                log.error("turn_parked", turn=row.id, error=type(error).__name__)
                await uow.inbox.park(row.id)
                # Each time: it may have been put aside before, and tried again by the operator.
                await _say(uow, talk, f"parked:{row.id}:{row.attempt}", words.PARKED, row.id)
                await self._alarms.tell(uow, now, Trouble.PARKED)
            elif await uow.inbox.tell_once(row.id):
                log.warning("turn_kept", turn=row.id, error=type(error).__name__)
                text = words.STARTING if is_away and not self.rasa_is_ready else words.KEPT
                await _say(uow, talk, f"kept:{row.id}", text, row.id)
        self._ring(talk)
        return failures >= MOST_FAILURES

    @asynccontextmanager
    async def _shown_typing(self, talk: Conversation) -> AsyncIterator[None]:
        task = asyncio.create_task(self._keep_typing(talk))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _keep_typing(self, talk: Conversation) -> None:
        await asyncio.sleep(TYPING_AFTER)
        while True:
            await self._typing(talk)
            await asyncio.sleep(_TYPING_AGAIN)


async def what_is_open(uow: SqlUnitOfWork, talk: Conversation, row: InboxRow) -> Open:
    """Give what a conversation waits for now, to be frozen in the message that is taken up."""
    side = talk.open_kind if talk.open_kind in ONE_TURN else None
    if row.kind is Kind.QUESTION:
        side = OpenKind.QUESTION
    if talk.base not in (OpenKind.PLAN, OpenKind.CONFIRM) or not talk.plan_id:
        is_typed = row.kind is Kind.TEXT and side is None and talk.base is OpenKind.NONE
        asked = await just_asked(uow, talk, row) if is_typed else None
        if asked:
            return Open(OpenKind.PLAN, asked.id, asked.open_step)
        return Open(side or talk.open_kind)
    plan = await uow.plans.get(talk.plan_id)
    # An answer that was closed meanwhile is still what the person is typing.
    step = plan.open_step if plan.is_at_answer else step_asked(talk)
    if step is None:
        return Open(side or OpenKind.NONE)
    kind = OpenKind.CONFIRM if step == CONFIRM else OpenKind.PLAN
    if side or kind is OpenKind.CONFIRM:
        return Open(side or kind, plan.id, step)
    question = (await uow.questions.get(plan.questions_version))[step]
    return Open(kind, plan.id, step, *choices_in(question, row.text))


async def pressed_choice(uow: SqlUnitOfWork, row: InboxRow) -> Choice | None:
    """Find the button: by its key, or by its label among the buttons that were shown last."""
    if row.kind is Kind.PRESS:
        by_key = await uow.inbox.choice_by_key(row.conversation_id, row.text)
        if by_key:
            return by_key
    if row.kind not in (Kind.PRESS, Kind.TEXT):
        return None
    said = folded(row.text)
    for choice in await uow.inbox.last_choices(row.conversation_id):
        if said and folded(choice.label) == said:
            return choice
    return None


async def _say(uow: SqlUnitOfWork, talk: Conversation, key: str, text: str, turn_id: int) -> None:
    await uow.turns.say(talk, key, [Reply(text)], turn_id=turn_id)
