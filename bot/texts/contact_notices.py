"""What contacts read when something happened to a plan that they have, or asked about."""

from __future__ import annotations

from datetime import datetime

from bot.domain.dutch_time import AMSTERDAM
from bot.domain.plan import Plan
from bot.domain.plan_events import PlanEvent
from bot.domain.plan_states import Action
from bot.domain.text import capital, shortened
from bot.texts.plan_intake import title_of
from bot.texts.review import NOTHING_YET, STATES, moment_label, passed_on

_LIES_WITH = "Dit plan ligt nu bij {holder}."


def holder_text(
    plan: Plan, event: PlanEvent, title: str, asker: str = "", holder: str = ""
) -> tuple[str, tuple[str, ...]] | None:
    """Give subject and paragraphs for who is told of an event; None where there is nothing to tell.

    `asker` names who asked or invited, and `holder` who has the plan, where that is another than
    the reader.
    """
    said = _told(plan, event, title, asker)
    if said is None or not holder:
        return said
    return said[0], (*said[1], _LIES_WITH.format(holder=holder))


def decided_text(plan: Plan, decision: PlanEvent, who: str) -> tuple[str, tuple[str, ...]]:
    """Give subject and paragraphs for who has a plan about which `who`, another, decided."""
    about = f"plan {plan.reference} “{shortened(title_of(plan), 60)}”"
    state = STATES[decision.after]
    said = f"\n\n“{decision.text}”" if decision.text else ""
    return f"Besluit over {about}: {state}", (
        f"{capital(who)} heeft over dit plan besloten: {state}.{said}",
        "De docent heeft het besluit gekregen. Je hoeft niets meer te doen.",
    )


def _told(
    plan: Plan, event: PlanEvent, title: str, asker: str
) -> tuple[str, tuple[str, ...]] | None:
    question = f"de vraag van {asker}" if asker else "je vraag"
    about = f"plan {plan.reference} “{shortened(title_of(plan), 60)}”"
    said = f"\n\n“{event.text}”" if event.text else ""
    match event.action:
        case Action.FORWARD:
            return (
                f"Lees {about}: het is naar jou doorgestuurd",
                (f"{capital(event.name)} stuurt je dit plan door.{said}",),
            )
        case Action.ESCALATE:
            return (
                f"Lees {about}: het ligt nu bij jou",
                (passed_on(event)[1].format(holder=event.data.get("from", "de vorige")),),
            )
        case Action.REVISE if event.data.get("kept"):
            return (
                f"Kies hoe het verdergaat met {about}",
                (f"De docent las {question} bij “{title}” en laat het antwoord zo staan.",),
            )
        case Action.REVISE:
            before = event.data.get("old") or NOTHING_YET
            return (
                f"Kijk wat er veranderd is in {about}",
                (
                    f"De docent heeft {question} bij “{title}” beantwoord:{said}",
                    f"Eerst stond er:\n\n“{before}”",
                ),
            )
        case Action.WITHDRAW:
            return (
                f"Ingetrokken: {about}",
                (f"De docent heeft dit plan ingetrokken. Je hoeft niets meer te doen.{said}",),
            )
        case Action.LAPSE:
            return (
                f"Kies wat je doet met {about}: de docent antwoordt niet",
                (
                    f"Op {question} bij “{title}” kwam geen antwoord, ook niet na twee "
                    "herinneringen. De vraag is gesloten; het plan is zoals het was.",
                ),
            )
        case Action.CHOOSE_MOMENT if event.data.get("moment"):
            moment = moment_label(
                datetime.fromisoformat(event.data["moment"]).astimezone(AMSTERDAM)
            )
            return (
                f"Gesprek op {moment}, over {about}",
                (f"De docent kiest dit moment{_with(asker)}: {moment}.{said}",),
            )
        case Action.CHOOSE_MOMENT if asker:
            return (
                f"Nog geen moment voor een gesprek over {about}",
                (f"Geen van de momenten past de docent{_with(asker)}.{said}",),
            )
        case Action.CHOOSE_MOMENT:
            return (
                f"Stel een ander moment voor om te praten over {about}",
                (f"Geen van de momenten past de docent.{said}",),
            )
    return None


def _with(asker: str) -> str:
    return f" voor het gesprek met {asker}" if asker else ""
