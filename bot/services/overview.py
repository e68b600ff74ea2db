"""The plans of a region (or school, or everything) as somebody who receives plans sees them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.access import Purpose
from bot.domain.contacts import Contact
from bot.domain.dutch_time import AMSTERDAM
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.figures import Month, by_month
from bot.domain.notices import Notice
from bot.domain.plan import PlanStatus
from bot.domain.roles import REVIEWERS, Actor, Role
from bot.domain.text import folded
from bot.services.access import Access, Visit, actor_of
from bot.services.directory_search import DirectorySearch
from bot.services.notices import Notices
from bot.services.overview_lines import LineMaker, PlanLine
from bot.services.overview_ports import Findable, Scope, Sorting, WaitsFor, Wanted
from bot.services.ports import UnitOfWork
from bot.services.school_days_content import SchoolDays
from bot.texts import overview as words

PAGE = 50
#: More plans than this that wait for one person are counted, not shown.
_MOST_WAITING = 10
#: The figures are about plans of the last year.
_YEAR = timedelta(days=365)
#: More than anybody reads; the database takes no endless list of ids.
_MOST_FOUND = 5_000
_HOUR = 3_600


@dataclass(frozen=True)
class Filters:
    """What is asked of the overview; `search` looks in title, school and reference."""

    stage: PlanStatus | None = None
    school: str | None = None
    waits_for: WaitsFor | None = None
    search: str = ""
    order: Sorting = Sorting.NEWEST
    page: int = 1


@dataclass(frozen=True)
class StageCount:
    """How many plans stand somewhere; a decision that has not left is counted apart."""

    status: PlanStatus
    is_held_back: bool
    count: int


@dataclass(frozen=True)
class Overview:
    """Everything that the page shows; `waiting_total` and `total` count what is not shown too."""

    heading: str
    waiting: tuple[PlanLine, ...]
    waiting_total: int
    lines: tuple[PlanLine, ...]
    total: int
    page: int
    pages: int
    schools: tuple[str, ...]
    stages: tuple[StageCount, ...]
    months: tuple[Month, ...]


class RegionOverview:
    """The use cases of an overview; it only reads, but for the mail that brings the link."""

    def __init__(
        self,
        access: Access,
        notices: Notices,
        directory: DirectorySearch,
        school_days: SchoolDays,
    ) -> None:
        """Know people by `access`, regions by `directory`, their free days by `school_days`."""
        self._access = access
        self._notices = notices
        self._lines = LineMaker(directory, school_days)

    async def show(
        self, uow: UnitOfWork, actor: Actor, filters: Filters, now: datetime
    ) -> Overview:
        """Give one page; raises NotFoundError for who receives no plans."""
        scope, schools = await _scope(uow, actor)
        wanted = await _wanted(uow, scope, filters)
        page = max(1, filters.page)
        rows, total = await uow.overview.rows(scope, wanted, PAGE, (page - 1) * PAGE)
        if not rows and page > 1:
            page = 1
            rows, total = await uow.overview.rows(scope, wanted, PAGE)
        mine = Wanted(waits_for=WaitsFor.ME, order=Sorting.WAITING)
        waiting, waiting_total = await uow.overview.rows(scope, mine, _MOST_WAITING)
        stages = await uow.overview.stages(scope)
        places = list(PlanStatus)
        return Overview(
            heading=self.heading(actor),
            waiting=self._lines.waiting(waiting, actor, now),
            waiting_total=waiting_total,
            lines=self._lines.make(rows, actor, now),
            total=total,
            page=page,
            pages=max(1, -(-total // PAGE)),
            schools=schools,
            stages=tuple(
                StageCount(status, is_held_back, stages[status, is_held_back])
                for status, is_held_back in sorted(stages, key=lambda one: places.index(one[0]))
            ),
            months=by_month(await uow.overview.timings(scope, now - _YEAR), AMSTERDAM),
        )

    async def export(
        self, uow: UnitOfWork, actor: Actor, filters: Filters, now: datetime
    ) -> tuple[PlanLine, ...]:
        """Give all plans that the filters leave; raises NotFoundError for who receives none."""
        scope, _ = await _scope(uow, actor)
        rows, _ = await uow.overview.rows(scope, await _wanted(uow, scope, filters))
        return self._lines.make(rows, actor, now)

    def heading(self, actor: Actor) -> str:
        """Say whose plans the overview shows."""
        return words.heading(actor, self._lines.region_name(actor.region_id))

    async def send_overview(self, uow: UnitOfWork, visit: Visit, now: datetime) -> None:
        """Mail who came in the link to the overview; raises NotAllowedError for who is no contact.

        A link to one plan may so bring the link to all, because it goes to the known address alone.
        """
        contact = await self._access.contact(uow, visit.actor.contact_id)
        if contact is None:
            raise NotAllowedError
        await self.mail_to(uow, contact, now)

    async def mail_to(self, uow: UnitOfWork, contact: Contact, now: datetime) -> tuple[str, bool]:
        """Mail a contact the link to the overview, to its own address, once in a clock hour.

        Gives the id of the link, and whether it was mailed now.
        """
        link = await self._access.book.give(
            uow, now, Purpose.REGION, contact_id=contact.id, email=contact.email
        )
        subject, paragraphs = words.overview_mail(self.heading(actor_of(contact)))
        notice = Notice(subject, paragraphs, link_id=link.id, link_label=words.OPEN)
        key = f"overview:{link.id}:{int(now.timestamp()) // _HOUR}"
        return link.id, await self._notices.to_address(uow, now, contact.email, key, notice)


async def _scope(uow: UnitOfWork, actor: Actor) -> tuple[Scope, tuple[str, ...]]:
    """Give all plans that exist for an actor, and the schools to choose from among them.

    At a school there is nothing to choose: nearly all plans are its own.
    """
    if actor.role not in REVIEWERS:
        raise NotFoundError
    known = await uow.overview.schools(Scope(actor))
    if actor.role is not Role.SCHOOL_CONTACT:
        return Scope(actor), tuple(known)
    # A school is stored as the teacher wrote it: with other accents or dots it is the same one.
    own = tuple(name for name in known if actor.school and folded(name) == folded(actor.school))
    return Scope(actor, own), ()


async def _wanted(uow: UnitOfWork, scope: Scope, filters: Filters) -> Wanted:
    wanted = Wanted(filters.stage, filters.school, filters.waits_for, order=filters.order)
    search = filters.search.strip()
    if not search:
        return wanted
    # Databases differ in what they know of capitals and accents; so we look ourselves.
    found = [one.plan_id for one in await uow.overview.findable(scope) if _fits(one, search)]
    return replace(wanted, plan_ids=tuple(found[:_MOST_FOUND]))


def _fits(plan: Findable, search: str) -> bool:
    """Say whether a plan has the search in it; signs in the search must be there as they are."""
    sought = _plain(search)
    is_words = folded(search) == sought
    for text in (plan.title, plan.school, plan.reference):
        if sought in _plain(text) or (is_words and sought in folded(text)):
            return True
    return False


def _plain(text: str) -> str:
    """Give `text` without capitals and accents, and with single spaces."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(one for one in apart if unicodedata.category(one) != "Mn").split())
