"""What a contact does with its own entry: say whether it still holds, couple a Telegram chat."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.domain.contacts import Contact
from bot.domain.errors import BadInputError, NotAllowedError
from bot.services.contacts import OwnEntry
from bot.texts.summary import dutch_date, role_name
from bot.web.access import Came
from bot.web.desk_answers import RefusedError
from bot.web.pages import page
from bot.web.parts import DeskParts
from bot.web.review_form import Refilled, refilled

DONE = {
    "klopt": "Dank je wel. De datum van vandaag staat er nu bij.",
    "niet": "Dank je wel. De beheerder krijgt je bericht en past het aan.",
}
NO_BOT = "Er is hier geen Telegram. Alles blijft per e-mail komen."


class OwnEntryPages:
    """Shows how a contact stands in the list, and takes what it says about that."""

    def __init__(self, parts: DeskParts) -> None:
        """Know contacts by the services in `parts`."""
        self._parts = parts

    async def show(self, request: Request, came: Came) -> Response:
        """Show the entry and ask whether it is right."""
        return await self._page(came, done=DONE.get(request.query_params.get("gedaan", ""), ""))

    async def take(self, _request: Request, came: Came) -> Response:
        """Note that the entry is right, or tell the operator what is wrong with it."""
        contacts, form = self._parts.services.contacts, came.form
        is_wrong = form.text("form") == "wrong"
        try:
            async with self._parts.store.write() as uow:
                if is_wrong:
                    await contacts.report_wrong(
                        uow, came.actor, form.text("text"), came.now, form.mark
                    )
                else:
                    await contacts.confirm(uow, came.actor, came.now)
        except BadInputError as error:
            return await self._page(came, 422, refilled(form, str(error), "text"))
        return RedirectResponse(f"{came.home}?gedaan={'niet' if is_wrong else 'klopt'}", 303)

    async def telegram(self, _request: Request, came: Came) -> Response:
        """Show the link that couples a chat, only now; or say nothing more in that chat."""
        contacts = self._parts.services.contacts
        async with self._parts.store.write() as uow:
            if came.form.text("form") == "uncouple":
                await contacts.uncouple(uow, came.actor)
                return RedirectResponse(came.home, 303)
            try:
                address = await contacts.couple(uow, came.actor, came.now)
            except NotAllowedError as error:
                raise RefusedError(409, str(error)) from None
        if address is None:
            raise RefusedError(409, NO_BOT)
        return page("couple.html", came=came, address=address)

    async def _page(
        self, came: Came, status: int = 200, form: Refilled | None = None, done: str = ""
    ) -> Response:
        filled = form or Refilled()
        async with self._parts.store.read() as uow:
            entry = await self._parts.services.contacts.entry(uow, came.actor)
            coupling = await self._parts.services.contacts.coupling(uow, came.actor)
        return page(
            "confirm.html",
            status=status,
            came=came,
            entry=_lines(entry),
            coupling=coupling,
            filled=filled,
            problem=filled.problem,
            done=done,
            new_mark=lambda: secrets.token_urlsafe(12),
        )


def _lines(entry: OwnEntry) -> list[tuple[str, str]]:
    contact: Contact = entry.contact
    role = role_name(contact.role)
    lines = [
        ("Naam", contact.name),
        ("Rol", role[:1].upper() + role[1:]),
        ("Regio", entry.region or "heel Nederland"),
        ("School", contact.school),
        ("E-mail", contact.email),
        ("Nagekeken", dutch_date(contact.checked_on) if contact.checked_on else None),
    ]
    return [(name, value) for name, value in lines if value]
