"""The page of a plan for those who review it: read, and act."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.domain.errors import (
    BadInputError,
    ChangedMeanwhileError,
    NotAllowedError,
    NotFoundError,
)
from bot.domain.plan_states import DECISIONS, Action
from bot.domain.turn import DocumentKind
from bot.services.just_done import was_just_done
from bot.services.review_view import PlanView
from bot.texts import review_page as words
from bot.texts.review import ACTIONS
from bot.web.access import Came
from bot.web.desk_answers import RefusedError
from bot.web.downloads import download
from bot.web.pages import page
from bot.web.parts import DeskParts
from bot.web.review_form import (
    DECIDE,
    MOMENT_FIELDS,
    Refilled,
    field_of,
    read_order,
    refilled,
)

PDF_FAILED = "De pdf maken lukt nu niet. Probeer het over een minuut nog eens."


@dataclass(frozen=True)
class Shown:
    """What a page says besides the plan: what was just done (an action), or why it was not."""

    status: int = 200
    form: Refilled = field(default_factory=Refilled)
    done: str = ""


class ReviewPages:
    """Shows one plan and takes what is done with it.

    The page stands at `base`: that of a link to one plan, or under the overview of a region.
    """

    def __init__(self, parts: DeskParts) -> None:
        """Know plans by the services in `parts`."""
        self._parts = parts

    async def show(self, request: Request, came: Came, plan_id: str, base: str) -> Response:
        """Show the plan, with the version that the address names."""
        version = request.query_params.get("versie", "")
        done = request.query_params.get("gedaan", "")
        about = Refilled(Action.ASK, {"step": request.query_params.get("bij", "")})
        return await self._page(
            came,
            plan_id,
            base,
            Shown(form=about if about.values["step"] else Refilled(), done=done),
            int(version) if version.isdecimal() and len(version) < 6 else None,
        )

    async def take(self, _request: Request, came: Came, plan_id: str, base: str) -> Response:
        """Do what a form asks for; where it cannot, show the page again with what was typed."""
        try:
            order = read_order(came.form, came.now)
            async with self._parts.store.write() as uow:
                await self._parts.services.desk.act(uow, came.actor, plan_id, order, came.now)
        except BadInputError as error:
            form = refilled(came.form, str(error), field_of(error, came.form))
            return await self._page(came, plan_id, base, Shown(422, form))
        except ChangedMeanwhileError as error:
            return await self._page(
                came, plan_id, base, Shown(409, refilled(came.form, str(error)))
            )
        except NotAllowedError as error:
            return await self._page(
                came, plan_id, base, Shown(409, refilled(came.form, str(error)))
            )
        return RedirectResponse(f"{base}?gedaan={order.action.value}", 303)

    async def pdf(self, _request: Request, came: Came, plan_id: str) -> Response:
        """Give the newest version as a file."""
        view = await self._view(came, plan_id)
        try:
            content = await self._parts.make_document(DocumentKind.PLAN_PDF, plan_id)
        except Exception as error:
            raise RefusedError(503, PDF_FAILED) from error
        if content is None:
            raise NotFoundError
        return download(content, "application/pdf", f"{view.reference}.pdf")

    async def show_own(self, request: Request, came: Came) -> Response:
        """Show the plan of a link to one plan."""
        return await self.show(request, came, _own(came), came.home)

    async def take_own(self, request: Request, came: Came) -> Response:
        """Do something with the plan of a link to one plan."""
        return await self.take(request, came, _own(came), came.home)

    async def pdf_own(self, request: Request, came: Came) -> Response:
        """Give the file of the plan of a link to one plan."""
        return await self.pdf(request, came, _own(came))

    async def _view(self, came: Came, plan_id: str, version: int | None = None) -> PlanView:
        async with self._parts.store.read() as uow:
            return await self._parts.services.review_views.view(
                uow, came.actor, plan_id, came.now, version
            )

    async def _page(
        self, came: Came, plan_id: str, base: str, shown: Shown, version: int | None = None
    ) -> Response:
        view = await self._view(came, plan_id, version)
        async with self._parts.store.read() as uow:
            coupling = await self._parts.services.contacts.coupling(uow, came.actor)
            is_done = await was_just_done(uow, came.actor, plan_id, shown.done, came.now)
        is_outdated = shown.status == 409 and came.form.number("version") not in (0, view.version)
        return page(
            "review.html",
            status=shown.status,
            view=view,
            came=came,
            base=base,
            overview="" if base == came.home else came.home,
            forms=_forms(view),
            filled=shown.form,
            problem=words.NEW_VERSION if is_outdated else shown.form.problem,
            done=_done(shown.done) if is_done else "",
            coupling=coupling,
            labels=ACTIONS,
            decisions=[(action.value, ACTIONS[action], "") for action in DECISIONS],
            moment_fields=MOMENT_FIELDS,
            new_mark=lambda: secrets.token_urlsafe(12),
            targets=[(one.id, one.label, one.note) for one in view.targets],
        )


def _own(came: Came) -> str:
    if came.visit.link.plan_id is None:
        raise NotFoundError
    return came.visit.link.plan_id


def _forms(view: PlanView) -> list[str]:
    """Name the forms that the page shows; an old version is only to be read."""
    if not view.shown.is_newest:
        return []
    forms = [action.value for action in view.actions if action not in DECISIONS]
    return [*forms, DECIDE] if set(DECISIONS) & set(view.actions) else forms


def _done(name: str) -> str:
    return next((text for action, text in words.DONE.items() if action.value == name), "")
