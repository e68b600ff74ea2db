"""`wegwijzer plans history`: everything that was done to a plan, and by whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

import typer

from bot.cli.database import with_database
from bot.domain.contacts import OPERATOR_ID, Contact
from bot.domain.dutch_time import AMSTERDAM
from bot.domain.errors import SettingsError
from bot.domain.plan import Plan
from bot.domain.plan_events import PlanEvent, Review
from bot.services.review_history import moment_labels
from bot.services.review_input import askable
from bot.storage.database import Database
from bot.texts.overview import acting_role, audit_text, holder_text, stage_text
from bot.texts.plan_intake import title_of
from bot.texts.review_page import history_text


@dataclass(frozen=True)
class _Trail:
    plan: Plan
    review: Review
    events: tuple[PlanEvent, ...]
    titles: Mapping[str, str]
    contacts: Mapping[str, Contact]


def history(
    reference: Annotated[str, typer.Argument(help="Het nummer, bijvoorbeeld STO-2026-0001.")],
) -> None:
    """Laat alles zien wat er met een plan gebeurde: wanneer, wie, wat en welke versie."""

    async def read(database: Database) -> _Trail | None:
        async with database.read() as uow:
            found = await uow.reviews.by_reference(reference.strip().upper())
            if found is None:
                return None
            plan, review = found
            return _Trail(
                plan,
                review,
                await uow.reviews.events(plan.id),
                askable(await uow.plans.summary(plan.id) or {}),
                {contact.id: contact for contact in await uow.contacts.all()},
            )

    trail = with_database(read)
    if trail is None:
        raise SettingsError(f"Er is geen verstuurd plan met nummer {reference}.")
    print("\n".join(_lines(trail)))


def _lines(trail: _Trail) -> Iterator[str]:
    plan, review = trail.plan, trail.review
    is_held_back = review.leaves_at is not None and not review.is_released
    holder = trail.contacts.get(review.holder_id or "")
    yield f"{plan.reference} {title_of(plan)}"
    yield f"Stand: {stage_text(plan.status, is_held_back=is_held_back)}, versie {review.version}"
    name, role = (holder.name, review.holder_role) if holder else (None, None)
    yield f"Ligt bij: {holder_text(role, name, is_own=False)}"
    for event in trail.events:
        yield ""
        yield _line(event, trail)
        yield from (f"    {line}" for line in event.text.splitlines())


def _line(event: PlanEvent, trail: _Trail) -> str:
    to = event.data.get("to")
    contact = trail.contacts.get(to or "")
    role = holder_text(None, None, is_own=False) if to == OPERATOR_ID else str(to or "")
    what = history_text(
        event,
        trail.titles.get(event.step or "", event.step or ""),
        f"{contact.name or contact.email} ({contact.id})" if contact else role,
        moment_labels(event),
    )
    when = event.at.astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M:%S")
    who = f"{event.name}, {acting_role(event.role)}"
    if event.contact_id:
        who += f" ({event.contact_id})"
    return f"{when}  {who}: {audit_text(event, what)}"
