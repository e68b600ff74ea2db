"""The school's management answers in a chat: the same as on the page, question by question."""

from __future__ import annotations

from typing import Any

from bot.domain.access import Link
from bot.domain.errors import BadInputError, NotAllowedError
from bot.domain.inbox import Channel
from bot.domain.plan_states import Action
from bot.domain.text import folded
from bot.domain.turn import Choice, OpenKind, Reply
from bot.services.access import Access, Visit
from bot.services.asking import Asker
from bot.services.management import Management
from bot.services.management_asking import LEAVE
from bot.services.management_input import Verdict, read_function, read_name
from bot.services.management_view import ManagementView
from bot.services.turns import UseCase, Work
from bot.texts import management as words
from bot.texts import management_chat as chat_words
from bot.texts import review as review_words

#: What is pending while somebody fills in who they are and why.
NAME, FUNCTION, TEXT = "management_name", "management_function", "management_text"
#: The intents of the buttons.
PRESSES = {
    Action.ENDORSE: "management_endorse",
    Action.RETURN: "management_return",
    Action.DECLINE: "management_decline",
}
_NOT_SAID_CHOICE = Choice(words.LEAVE, "management_not_said")


class ManagementChat:
    """The use cases of who opened a link of the management in a chat."""

    def __init__(self, access: Access, management: Management, asker: Asker) -> None:
        """Let in by `access`; what is open besides is asked again with `asker`."""
        self._access = access
        self._management = management
        self._asker = asker

    async def open(self, work: Work, link: Link) -> list[Reply]:
        """Show the plan and what is asked; the teacher's own link is not for the teacher."""
        visit = await self._access.visit(work.uow, link.id, work.now)
        if visit is None:
            return await self._asker.again(work, first=review_words.LINK_IS_OVER)
        if await self._is_own(work, visit):
            return await self._asker.again(work, first=words.OWN_PLAN)
        view = await self._management.view(work.uow, visit.actor, work.now)
        return [
            Reply(_shown(view), _choices(view, link.id)),
            *await self._open_besides(work),
        ]

    def begin(self, action: Action) -> UseCase:
        """Give the use case of a button: it asks who presses it."""

        async def ask_name(work: Work) -> list[Reply]:
            link_id = work.turn.value or ""
            visit = await self._access.visit(work.uow, link_id, work.now)
            if visit is None:
                return await self._asker.again(work, first=review_words.LINK_IS_OVER)
            if await self._is_own(work, visit):
                return await self._asker.again(work, first=words.OWN_PLAN)
            view = await self._management.view(work.uow, visit.actor, work.now)
            if view.closed:
                return await self._ended(work, view.closed)
            pending = {
                "kind": NAME,
                "link_id": link_id,
                "action": action.value,
                "seen": view.idea_mark,
            }
            return _wait(work, pending, f"{words.WHICH_NAME}\n\n{words.WHO_READS}")

        return ask_name

    async def name(self, work: Work) -> list[Reply]:
        """Read name and function, divided at the first comma; without one ask the function."""
        if folded(work.turn.text) in LEAVE:
            return await self.not_said(work)
        pending = dict(work.pending or {})
        name, _, function = work.turn.text.partition(",")
        try:
            pending["name"] = read_name(name)
            if not function.strip():
                return _wait(work, {**pending, "kind": FUNCTION}, words.WHICH_FUNCTION)
            pending["function"] = read_function(function)
        except BadInputError as problem:
            return _wait(work, work.pending or {}, str(problem))
        return await self._ask_text(work, pending)

    async def function(self, work: Work) -> list[Reply]:
        """Read the function."""
        if folded(work.turn.text) in LEAVE:
            return await self.not_said(work)
        pending = dict(work.pending or {})
        try:
            pending["function"] = read_function(work.turn.text)
        except BadInputError as problem:
            return _wait(work, pending, str(problem))
        return await self._ask_text(work, pending)

    async def text(self, work: Work) -> list[Reply]:
        """Read what is said to the teacher, and pass it on."""
        if folded(work.turn.text) in LEAVE:
            return await self.not_said(work)
        return await self._say(work, dict(work.pending or {}), work.turn.text)

    async def not_said(self, work: Work) -> list[Reply]:
        """Pass nothing on."""
        return await self._ended(work, words.NOT_SAID)

    async def _ask_text(self, work: Work, pending: dict[str, Any]) -> list[Reply]:
        action = Action(pending["action"])
        if action is Action.ENDORSE:
            return await self._say(work, pending, "")
        return _wait(work, {**pending, "kind": TEXT}, words.WHICH_TEXT[action])

    async def _say(self, work: Work, pending: dict[str, Any], text: str) -> list[Reply]:
        visit = await self._access.visit(work.uow, pending["link_id"], work.now)
        if visit is None:
            return await self._asker.again(work, first=review_words.LINK_IS_OVER)
        action = Action(pending["action"])
        mark = f"turn:{work.turn.id}"
        is_telegram = work.conversation.channel is Channel.TELEGRAM
        who, seen = (pending["name"], pending["function"]), pending.get("seen")
        verdict = Verdict(action, *who, text, mark=mark, seen=seen)
        try:
            await self._management.say(work.uow, visit, verdict, work.now, is_telegram=is_telegram)
        except BadInputError as problem:
            return _wait(work, pending, str(problem))
        except NotAllowedError as problem:
            return await self._ended(work, str(problem))
        said = words.PASSED_ON.format(who=pending["name"], said=words.SAID[action])
        view = await self._management.view(work.uow, visit.actor, work.now)
        return [Reply(said, _choices(view, visit.link.id)), *await self._open_besides(work)]

    async def _is_own(self, work: Work, visit: Visit) -> bool:
        plan = await work.uow.plans.get(visit.link.plan_id or "")
        return plan.person_id == work.turn.person_id

    async def _ended(self, work: Work, text: str) -> list[Reply]:
        return [Reply(text), *await self._open_besides(work)]

    async def _open_besides(self, work: Work) -> list[Reply]:
        """Ask again what was open in this chat; who only came for this plan gets no menu."""
        if work.conversation.open_kind is OpenKind.NONE:
            return []
        return await self._asker.again(work)


def _shown(view: ManagementView) -> str:
    return chat_words.shown(
        title=view.title,
        who=(view.teacher, view.school, view.region),
        asked=view.asked,
        answers=[(answer.title, answer.text or "") for answer in view.answers],
        still_open=view.still_open,
        last=view.word.sentence if view.word else None,
        closed=view.closed,
    )


def _choices(view: ManagementView, link_id: str) -> tuple[Choice, ...]:
    if view.closed:
        return ()
    return tuple(Choice(label, PRESSES[action], link_id) for action, label in words.BUTTONS.items())


def _wait(work: Work, pending: dict[str, Any], text: str) -> list[Reply]:
    work.wait_at_desk(pending)
    return [Reply(text, (_NOT_SAID_CHOICE,))]
