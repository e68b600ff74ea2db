"""The teacher asks the school's management for support, and goes on writing meanwhile."""

from __future__ import annotations

from bot.domain import plan_intake
from bot.domain.plan import Plan
from bot.domain.plan_events import is_overtaken, management_word
from bot.domain.plan_states import Action
from bot.domain.text import folded
from bot.domain.turn import Choice, Reply
from bot.services.asking import Asker
from bot.services.management_request import (
    MOST_ADDRESSES,
    MOST_ADDRESSES_A_DAY,
    Mailed,
    SupportRequests,
    read_address,
)
from bot.services.turns import Work
from bot.texts import management as words
from bot.texts import plan_intake as plan_words

#: What is pending while the address is typed.
ADDRESS = "management_mail"
#: Words that leave a question of the desk.
LEAVE = frozenset({"stop", "laat maar", "terug", "annuleren", "nee"})
LEAVE_CHOICE = Choice(words.LEAVE, "management_leave")
_SAID = {
    Mailed.ASKED: words.MAILED,
    Mailed.ASKED_AGAIN: words.MAILED_AGAIN,
    Mailed.ASKED_BEFORE: words.MAILED_BEFORE,
    Mailed.TOO_MANY_FOR_PLAN: words.TOO_MANY_FOR_PLAN.format(limit=MOST_ADDRESSES),
    Mailed.TOO_MANY_TODAY: words.TOO_MANY_TODAY.format(limit=MOST_ADDRESSES_A_DAY),
    Mailed.TOO_MANY_TO_ADDRESS: words.TOO_MANY_TO_ADDRESS,
    Mailed.TOO_MANY_FOR_ALL: words.TOO_MANY_FOR_ALL,
}


def offer_support(plan: Plan, *, first: str = "") -> Reply:
    """Offer to ask the management for support with a plan; it blocks nothing."""
    choices = (
        Choice(words.FORWARD, "management_forward", plan.id),
        Choice(words.MAIL, "management_mail", plan.id),
    )
    return Reply(f"{first} {words.OFFER}".strip(), choices)


class AskSupport:
    """The use cases of a teacher around the support of the management."""

    def __init__(self, asker: Asker, requests: SupportRequests) -> None:
        """Ask again with `asker` what was open; make the messages with `requests`."""
        self._asker = asker
        self._requests = requests

    async def offer(self, work: Work) -> list[Reply]:
        """Offer a message and a mail, for the plan of the button, else for the one at hand."""
        plan, problem = await self._plan(work)
        if plan is None:
            return await self._asker.again(work, first=problem)
        word = management_word(await work.uow.reviews.events(plan.id))
        first = ""
        if word and word.action is Action.ENDORSE:
            said = words.SUPPORTED_BEFORE if is_overtaken(word, plan) else words.SUPPORTED_ALREADY
            first = said.format(who=word.name)
        return [offer_support(plan, first=first), *await self._asker.again(work)]

    async def forward(self, work: Work) -> list[Reply]:
        """Give the text to forward, alone in its message, and ask again what was open."""
        plan, problem = await self._plan(work)
        if plan is None:
            return await self._asker.again(work, first=problem)
        message = Reply(await self._requests.message(work.uow, plan, work.now))
        return [message, *await self._asker.again(work, first=words.FORWARD_THIS)]

    async def mail(self, work: Work) -> list[Reply]:
        """Ask for the address of the management; the next message is read as that."""
        plan, problem = await self._plan(work)
        if plan is None:
            return await self._asker.again(work, first=problem)
        return _wait_for_address(work, plan, words.WHICH_ADDRESS)

    async def address(self, work: Work) -> list[Reply]:
        """Mail the address that was typed; what is no address is asked again."""
        if folded(work.turn.text) in LEAVE:
            return await self.leave(work)
        plan_id = (work.pending or {}).get("plan_id")
        plan, problem = await self._plan(work, plan_id)
        if plan is None:
            return await self._asker.again(work, first=problem)
        email = read_address(work.turn.text)
        if email is None:
            return _wait_for_address(work, plan, words.NOT_AN_ADDRESS)
        if email == (plan.text("email") or "").lower():
            return _wait_for_address(work, plan, words.OWN_ADDRESS)
        mailed = await self._requests.mail(work.uow, plan, email, work.now)
        return await self._asker.again(work, first=_SAID[mailed].format(email=email))

    async def leave(self, work: Work) -> list[Reply]:
        """Mail nothing, and ask again what was open."""
        return await self._asker.again(work, first=words.LEFT)

    async def change(self, work: Work) -> list[Reply]:
        """Open the answer that a remark is about, whatever plan is in hand."""
        plan_id, _, step = (work.turn.value or "").partition("|")
        plan, problem = await self._plan(work, plan_id, to_ask=False)
        if plan is None:
            return await self._asker.again(work, first=problem)
        questions = await work.uow.questions.get(plan.questions_version)
        if step not in plan_intake.road(questions, plan.answers):
            return await self._asker.again(work, first=plan_words.EXPIRED)
        changed = plan_intake.change(plan, questions, step)
        await work.uow.plans.save(plan, changed, work.turn, work.now)
        return await self._asker.ask(work, changed)

    async def stop(self, work: Work) -> list[Reply]:
        """Put the plan aside; nothing is sent and nothing is lost."""
        plan, problem = await self._plan(work, to_ask=False)
        if plan is None:
            return await self._asker.again(work, first=problem)
        await work.uow.plans.save(plan, plan_intake.stop(plan), work.turn, work.now)
        go_on = (Choice(plan_words.GO_ON, "pick_plan", plan.id),)
        if work.conversation.plan_id != plan.id:
            return [Reply(plan_words.STOPPED, go_on), *await self._asker.again(work)]
        work.put_plan_away()
        return [Reply(plan_words.STOPPED, go_on)]

    async def _plan(
        self, work: Work, plan_id: str | None = None, *, to_ask: bool = True
    ) -> tuple[Plan | None, str]:
        """Give the plan that is meant, if it is this person's and is being written.

        Else None, with the words that say why; `to_ask` for support it needs an idea. What is meant
        is the plan named, by the button or what is pending, else the one in hand, else the one
        last worked on.
        """
        plans = await work.uow.plans.of(work.turn.person_id)
        meant = plan_id or work.turn.value
        named = [plan for plan in plans if plan.id == meant] if meant else _at_hand(work, plans)
        if not named:
            return None, words.NOTHING_TO_ASK
        plan = named[0]
        if not plan.is_open:
            return None, words.TOO_LATE.format(reference=plan.reference)
        if to_ask and not plan.text("idee"):
            return None, words.NEEDS_IDEA
        return plan, ""


def _at_hand(work: Work, plans: list[Plan]) -> list[Plan]:
    in_hand = [plan for plan in plans if plan.id == work.conversation.plan_id]
    is_written = [plan for plan in plans if plan.is_open]
    return [*(plan for plan in in_hand if plan.is_open), *is_written, *plans]


def _wait_for_address(work: Work, plan: Plan, text: str) -> list[Reply]:
    work.wait_at_desk({"kind": ADDRESS, "plan_id": plan.id})
    return [Reply(text, (LEAVE_CHOICE,))]
