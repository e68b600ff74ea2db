"""Runs one use case for one turn: state, replies and everything for others in one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.conversation import Conversation
from bot.domain.errors import StaleAttemptError
from bot.domain.plan import Plan
from bot.domain.turn import ONE_TURN, OpenKind, Reply, Turn
from bot.services.clock import Clock
from bot.services.ports import Store, UnitOfWork

#: After so many messages that were not understood a way out is offered.
_MISSED_IN_A_ROW = 2


@dataclass
class Work:
    """What a use case works with: the open transaction, the turn and the conversation."""

    uow: UnitOfWork
    turn: Turn
    conversation: Conversation
    now: datetime
    missed_before: int = 0
    #: what the message may fill in, see `wait_at_desk`
    pending: dict[str, Any] | None = None

    async def plan_in_hand(self) -> Plan | None:
        """Give the plan in hand, or None."""
        plan_id = self.conversation.plan_id
        return await self.uow.plans.get(plan_id) if plan_id else None

    async def own_plan(self, plan_id: str) -> Plan | None:
        """Give a plan of this person that nobody else changes until this turn is over, or None."""
        plan = await self.uow.plans.lock(plan_id)
        return plan if plan and plan.person_id == self.turn.person_id else None

    def open(self, kind: OpenKind, plan_id: str | None = None) -> None:
        """Say what the conversation waits for from here; with `plan_id` that plan is in hand.

        A side question is asked on top of what is open, for one message.
        """
        self.conversation = replace(
            self.conversation,
            open_kind=kind,
            under=self.conversation.base if kind in ONE_TURN else OpenKind.NONE,
            plan_id=plan_id or self.conversation.plan_id,
        )

    def wait_at_desk(self, pending: dict[str, Any]) -> None:
        """Wait for what an action on a plan needs: `pending` says which, under the key "kind".

        A plan that is being written stays in hand, and is open again afterwards.
        """
        self.conversation = replace(
            self.conversation,
            open_kind=OpenKind.DESK,
            under=self.conversation.base,
            pending=pending,
        )

    def missed_again(self) -> bool:
        """Count this message as not understood; tell if a way out is due, then count anew.

        It is due at the second in a row: saying the same once more helps nobody.
        """
        missed = self.missed_before + 1
        is_due = missed >= _MISSED_IN_A_ROW
        self.conversation = replace(self.conversation, missed=0 if is_due else missed)
        return is_due

    def put_plan_away(self) -> None:
        """Take no plan in hand."""
        self.conversation = replace(
            self.conversation, open_kind=OpenKind.NONE, under=OpenKind.NONE, plan_id=None
        )


UseCase = Callable[[Work], Awaitable[list[Reply]]]


class TurnRunner:
    """Runs use cases; the same turn twice changes nothing and says the same."""

    def __init__(self, store: Store, clock: Clock, expired: UseCase) -> None:
        """Use `expired` for a button that belongs to something that is no longer open."""
        self._store = store
        self._clock = clock
        self._expired = expired

    async def run(
        self,
        turn_id: int,
        attempt: int,
        use_case: UseCase,
        intent: str | None = None,
        suggestions: tuple[str, ...] = (),
        *,
        is_guess: bool = False,
    ) -> list[Reply]:
        """Run `use_case` for a turn, as it was understood, and commit; give its replies.

        A turn that was answered gives its saved replies. Raises StaleAttemptError when a newer
        attempt has taken the message over: then nothing is changed, however late this one comes.
        """
        async with self._store.write() as uow:
            row = await uow.inbox.get(turn_id)
            saved = await uow.turns.replies(turn_id)
            if saved is not None:
                return saved
            if row.attempt != attempt:
                raise StaleAttemptError
            turn = row.turn(intent, suggestions, is_guess=is_guess)
            conversation = await uow.conversations.get(row.conversation_id)
            # A side question held for this one message, whatever it says.
            back = replace(
                conversation,
                open_kind=conversation.base,
                under=OpenKind.NONE,
                missed=0,
                pending=None,
            )
            work = Work(
                uow, turn, back, self._clock.now(), conversation.missed, conversation.pending
            )
            replies = await (self._expired if _is_expired(turn) else use_case)(work)
            if work.conversation != conversation:
                await uow.conversations.save(work.conversation)
            await uow.turns.save(turn, work.conversation, replies)
            return replies


def _is_expired(turn: Turn) -> bool:
    at = turn.pressed.at if turn.pressed else None
    return at is not None and not turn.open.is_at(at)
