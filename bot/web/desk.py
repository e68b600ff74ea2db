"""Every page behind a link, as one list."""

from __future__ import annotations

from starlette.routing import Route

from bot.domain.access import Purpose
from bot.web.access import Door
from bot.web.management import ManagementPages
from bot.web.overview import OverviewPages
from bot.web.own_entry import OwnEntryPages
from bot.web.parts import DeskParts
from bot.web.review import ReviewPages

_HOME = "/toegang/{link_id}"
#: Those with a contact behind them.
_OF_CONTACTS = (Purpose.REVIEW, Purpose.REGION, Purpose.CONFIRM)


def desk_routes(parts: DeskParts) -> list[Route]:
    """Give the door for links and the pages behind it; each has one page by its purpose."""
    door = Door(parts)
    review = ReviewPages(parts)
    management = ManagementPages(parts)
    entry = OwnEntryPages(parts)
    overview = OverviewPages(parts, review)
    shown = {
        Purpose.REVIEW: review.show_own,
        Purpose.REGION: overview.show,
        Purpose.MANAGEMENT: management.show,
        Purpose.CONFIRM: entry.show,
    }
    taken = {
        Purpose.REVIEW: review.take_own,
        Purpose.MANAGEMENT: management.take,
        Purpose.CONFIRM: entry.take,
    }
    return [
        Route("/l/nieuw", door.renew, methods=["POST"]),
        Route("/l/{word}", door.open),
        Route(_HOME, door.page(shown), methods=["GET"]),
        Route(_HOME, door.page(taken), methods=["POST"]),
        Route(f"{_HOME}/plan.pdf", door.page({Purpose.REVIEW: review.pdf_own})),
        Route(f"{_HOME}/plannen.csv", door.page({Purpose.REGION: overview.csv})),
        Route(f"{_HOME}/plannen.xlsx", door.page({Purpose.REGION: overview.xlsx})),
        Route(
            f"{_HOME}/plannen/{{reference}}",
            door.page({Purpose.REGION: overview.plan}),
            methods=["GET", "POST"],
        ),
        Route(
            f"{_HOME}/plannen/{{reference}}/plan.pdf",
            door.page({Purpose.REGION: overview.pdf}),
        ),
        Route(
            f"{_HOME}/overzicht",
            door.page({Purpose.REVIEW: overview.mail, Purpose.REGION: overview.mail}),
            methods=["POST"],
        ),
        Route(
            f"{_HOME}/telegram",
            door.page(dict.fromkeys(_OF_CONTACTS, entry.telegram)),
            methods=["POST"],
        ),
    ]
