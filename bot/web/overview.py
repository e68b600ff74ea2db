"""The overview of somebody's plans: the page, its files, and the plans behind it."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from typing import TypeVar
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.plan import PlanStatus
from bot.domain.text import clean
from bot.services.clock import dutch_date
from bot.services.overview import Filters
from bot.services.overview_lines import table
from bot.services.overview_ports import Sorting, WaitsFor
from bot.services.spreadsheets import CSV_TYPE, XLSX_TYPE, Cell, as_csv, as_xlsx
from bot.texts import overview as words
from bot.web.access import Came
from bot.web.downloads import download
from bot.web.pages import page
from bot.web.parts import DeskParts
from bot.web.review import ReviewPages

#: The longest name of a school in the database; a search is shorter.
_LONGEST = 200
#: Asks for an export with who the teachers are.
WITH_NAMES = "met_namen"
_Choice = TypeVar("_Choice", PlanStatus, WaitsFor, Sorting)


class OverviewPages:
    """Shows who came in by a link to a region what there is, and each plan of it."""

    def __init__(self, parts: DeskParts, review: ReviewPages) -> None:
        """Read by the services in `parts`; a plan itself is shown by `review`."""
        self._parts = parts
        self._overview = parts.services.overview
        self._review = review

    async def show(self, request: Request, came: Came) -> Response:
        """Show one page of plans, what waits, and figures."""
        filters = read_filters(request)
        async with self._parts.store.read() as uow:
            view = await self._overview.show(uow, came.actor, filters, came.now)
            coupling = await self._parts.services.contacts.coupling(uow, came.actor)
        return page(
            "overview.html",
            view=view,
            came=came,
            filters=filters,
            links=Links(came.home, filters),
            coupling=coupling,
            words=words,
            has_regions=came.actor.region_id is None,
            waits_for=words.WAITS_FOR,
            orders=words.ORDERS,
        )

    async def csv(self, request: Request, came: Came) -> Response:
        """Give the plans that the filter leaves as CSV."""
        rows = await self._rows(request, came)
        return download(as_csv(rows), CSV_TYPE, self._file_name(came, "csv"))

    async def xlsx(self, request: Request, came: Came) -> Response:
        """Give the plans that the filter leaves as a workbook."""
        rows = await self._rows(request, came)
        # Making one takes a second for a thousand plans, and nobody should wait for that.
        content = await asyncio.to_thread(as_xlsx, rows, words.SHEET)
        return download(content, XLSX_TYPE, self._file_name(came, "xlsx"))

    async def mail(self, _request: Request, came: Came) -> Response:
        """Mail the link to the overview to the contact's own address."""
        try:
            async with self._parts.store.write() as uow:
                await self._overview.send_overview(uow, came.visit, came.now)
        except NotAllowedError:
            raise NotFoundError from None
        return page("overview_mailed.html", came=came, words=words)

    async def plan(self, request: Request, came: Came) -> Response:
        """Show one plan, or do something with it."""
        plan_id, base = await self._plan(request, came)
        handle = self._review.take if request.method == "POST" else self._review.show
        return await handle(request, came, plan_id, base)

    async def pdf(self, request: Request, came: Came) -> Response:
        """Give the file of one plan."""
        plan_id, _ = await self._plan(request, came)
        return await self._review.pdf(request, came, plan_id)

    async def _plan(self, request: Request, came: Came) -> tuple[str, str]:
        """Give the id of the plan that the address names, and its page; whose it is comes later."""
        async with self._parts.store.read() as uow:
            found = await uow.reviews.by_reference(clean(request.path_params["reference"]))
        if found is None:
            raise NotFoundError
        return found[0].id, plan_address(came.home, found[0].reference or "")

    async def _rows(self, request: Request, came: Came) -> list[list[Cell]]:
        with_names = request.query_params.get(WITH_NAMES) == "ja"
        async with self._parts.store.read() as uow:
            lines = await self._overview.export(uow, came.actor, read_filters(request), came.now)
        return table(lines, with_names=with_names)

    def _file_name(self, came: Came, ending: str) -> str:
        heading = self._overview.heading(came.actor)
        return words.file_name(heading, dutch_date(came.now), ending)


@dataclass(frozen=True)
class Links:
    """The addresses on the page; they keep what the page was filtered by."""

    home: str
    filters: Filters

    def plan(self, reference: str) -> str:
        """Give the page of a plan."""
        return plan_address(self.home, reference)

    def page(self, number: int) -> str:
        """Give another page of the same plans."""
        return f"{self.home}?{urlencode({**self._kept(), 'pagina': number})}#plans"

    def file(self, ending: str, *, with_names: bool = False) -> str:
        """Give a file with the same plans, on all pages."""
        query = {**self._kept(), **({WITH_NAMES: "ja"} if with_names else {})}
        return f"{self.home}/plannen.{ending}" + (f"?{urlencode(query)}" if query else "")

    @property
    def is_filtered(self) -> bool:
        """Say whether some plans are left out."""
        return bool(self._kept().keys() - {"volgorde"})

    def _kept(self) -> dict[str, str]:
        given, usual = asdict(self.filters), asdict(Filters())
        return {
            name: str(given[field])
            for name, field in _FIELDS.items()
            if given[field] != usual[field]
        }


_FIELDS = {
    "stand": "stage",
    "school": "school",
    "wacht": "waits_for",
    "zoek": "search",
    "volgorde": "order",
}


def plan_address(home: str, reference: str) -> str:
    """Give the page of a plan under the overview that stands at `home`."""
    return f"{home}/plannen/{reference}"


def read_filters(request: Request) -> Filters:
    """Read what an address asks for; what it cannot mean is left out."""
    query = request.query_params
    number = query.get("pagina", "")
    is_number = number.isascii() and number.isdecimal() and len(number) < 6
    stage = _chosen(PlanStatus, query.get("stand"))
    return Filters(
        stage=stage if stage in words.STAGES else None,
        school=_text(query.get("school")) or None,
        waits_for=_chosen(WaitsFor, query.get("wacht")),
        search=_text(query.get("zoek")),
        order=_chosen(Sorting, query.get("volgorde")) or Sorting.NEWEST,
        page=max(1, int(number)) if is_number else 1,
    )


def _text(given: str | None) -> str:
    return clean(given or "").strip()[:_LONGEST]


def _chosen(kind: type[_Choice], given: str | None) -> _Choice | None:
    return next((one for one in kind if one.value == given), None)
