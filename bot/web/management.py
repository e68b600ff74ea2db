"""The page for the school's management: what is the idea, and what do you think of it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.domain.errors import BadInputError, NotAllowedError
from bot.domain.plan_states import MANAGEMENT_ACTIONS, Action
from bot.services.just_done import was_just_done
from bot.services.management_input import LONGEST_FUNCTION, LONGEST_NAME, Verdict
from bot.services.review_input import MAX_LENGTH
from bot.texts import management as words
from bot.web.access import Came
from bot.web.pages import page
from bot.web.parts import DeskParts
from bot.web.posted import REMARK, Posted
from bot.web.review_form import FieldError, Refilled, refilled

CHOOSE = "Kies wat je van het idee vindt."
CHOICES = {
    Action.ENDORSE: "Ik steun dit idee",
    Action.RETURN: "Ik geef het terug, met opmerkingen",
    Action.DECLINE: "Ik steun dit idee niet",
}
DONE = "Dank je wel. De docent hoort het meteen."
_IDEA_MARK = re.compile(r"[0-9a-f]{64}")
_FIELDS = {
    words.NAME_LACKS: "name",
    words.NAME_TOO_LONG.format(limit=LONGEST_NAME): "name",
    words.FUNCTION_LACKS: "function",
    words.FUNCTION_TOO_LONG.format(limit=LONGEST_FUNCTION): "function",
}


class ManagementPages:
    """Shows the idea and takes what the management thinks of it."""

    def __init__(self, parts: DeskParts) -> None:
        """Know plans by the services in `parts`."""
        self._parts = parts

    async def show(self, request: Request, came: Came) -> Response:
        """Show the idea."""
        return await self._page(came, done=request.query_params.get("gedaan", ""))

    async def take(self, _request: Request, came: Came) -> Response:
        """Pass on what the management thinks; else show the page again with what was typed."""
        try:
            verdict = read_verdict(came.form)
            async with self._parts.store.write() as uow:
                await self._parts.services.management.say(uow, came.visit, verdict, came.now)
        except BadInputError as error:
            form = refilled(came.form, str(error), _field_of(error, came.form))
            return await self._page(came, 422, form)
        except NotAllowedError as error:
            return await self._page(came, 409, refilled(came.form, str(error)))
        return RedirectResponse(f"{came.home}?gedaan={verdict.action.value}", 303)

    async def _page(
        self, came: Came, status: int = 200, form: Refilled | None = None, done: str = ""
    ) -> Response:
        filled = form or Refilled()
        async with self._parts.store.read() as uow:
            view = await self._parts.services.management.view(uow, came.actor, came.now)
            is_done = await was_just_done(uow, came.actor, view.plan_id, done, came.now)
        return page(
            "management.html",
            status=status,
            view=view,
            came=came,
            filled=filled,
            has_remarks=bool(_remarks(filled.values)),
            problem=filled.problem,
            done=DONE if is_done else "",
            choices=[(action.value, CHOICES[action], "") for action in MANAGEMENT_ACTIONS],
            new_mark=lambda: secrets.token_urlsafe(12),
        )


def read_verdict(form: Posted) -> Verdict:
    """Give what the form says; raises FieldError when nothing was chosen."""
    chosen = next((one for one in CHOICES if form.text("verdict") == one.value), None)
    if chosen is None:
        raise FieldError(CHOOSE, "verdict")
    return Verdict(
        action=chosen,
        name=form.text("name"),
        function=form.text("function"),
        text=form.text("text"),
        remarks=_remarks(form.fields),
        mark=form.mark,
        seen=seen if _IDEA_MARK.fullmatch(seen := form.text("seen")) else None,
    )


def _remarks(fields: Mapping[str, str]) -> dict[str, str]:
    """Give the remarks that hold something, by the key of the answer."""
    return {
        name.removeprefix(REMARK): text
        for name, text in fields.items()
        if name.startswith(REMARK) and text.strip()
    }


def _field_of(error: BadInputError, form: Posted) -> str:
    if isinstance(error, FieldError):
        return error.field
    too_long = [key for key, text in _remarks(form.fields).items() if len(text) > MAX_LENGTH]
    if too_long and len(form.text("text")) <= MAX_LENGTH:
        return REMARK + too_long[0]
    return _FIELDS.get(str(error), "text")
