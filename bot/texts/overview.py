"""What those who receive plans read in the overview of their plans."""

from __future__ import annotations

from bot.domain.figures import ENOUGH, Span
from bot.domain.plan import WRITING, PlanStatus
from bot.domain.plan_events import PlanEvent
from bot.domain.roles import Actor, Role
from bot.domain.summary import RecipientRole
from bot.texts.review import STATES
from bot.texts.review_page import YOU, ask_of_holder
from bot.texts.summary import dutch_date, role_name

NOT_SENT_YET = " (nog niet verstuurd)"
_INVITED = (
    "De docent kiest een moment voor het gesprek. Praat samen, en kies daarna wat je met het "
    "plan doet."
)
#: The stages that a plan can be filtered by, in the order of the road.
STAGES = {status: text for status, text in STATES.items() if status not in WRITING}
#: Who is to act, as a plan can be filtered by it; the keys are what an address carries.
WAITS_FOR = {
    "mij": "ik",
    "regio": "iemand in de regio of op school",
    "docent": "de docent",
}
ORDERS = {
    "nieuwste": "nieuwste eerst",
    "oudste": "oudste eerst",
    "wachttijd": "langst gewacht eerst",
    "stand": "op stand",
}
SHEET = "Plannen"
_OTHER_ROLES = {
    Role.TEACHER: "docent",
    Role.MANAGEMENT: "schoolleiding",
    Role.CLOCK: "automatisch",
}

COLUMNS = (
    "nummer",
    "titel",
    "stand",
    "school",
    "regio",
    "vorm",
    "gevraagd bedrag (euro)",
    "ligt bij",
    "wacht sinds",
    "verstuurd op",
    "laatste wijziging",
    "eerste reactie op",
    "besluit op",
    "versie",
)
NAME_COLUMNS = ("docent", "e-mail docent")

OPEN = "Open het overzicht"
_MAIL = (
    "In dit overzicht zie je welke plannen op jou wachten, en waar elk ander plan staat.",
    "De link werkt 30 dagen. Daarna vraag je op dezelfde pagina een nieuwe aan.",
)
MAILED = "Het overzicht is onderweg naar je eigen e-mailadres."
MAILED_HINT = (
    "Je krijgt er hoogstens één per klokuur. Zie je hem niet? Kijk dan ook bij je ongewenste mail."
)


def stage_text(status: PlanStatus, *, is_held_back: bool) -> str:
    """Give where a plan stands, also while its decision has not left for the teacher."""
    return STATES[status] + (NOT_SENT_YET if is_held_back else "")


def ask_text(status: PlanStatus) -> str:
    """Say what is asked of the one with whom a plan waits."""
    if status is PlanStatus.INVITED:
        return _INVITED
    return ask_of_holder(status, is_released=False)


def holder_text(role: Role | None, name: str | None, *, is_own: bool) -> str:
    """Name who has a plan; what lay with a contact who is gone lies with the beheerder."""
    if is_own:
        return YOU
    return name or role_name(RecipientRole((role or Role.OPERATOR).value))


def acting_role(role: Role) -> str:
    """Name as what somebody acted, for the beheerder."""
    return _OTHER_ROLES.get(role) or role_name(RecipientRole(role.value))


def audit_text(event: PlanEvent, what: str) -> str:
    """Say what was done, from which stage to which and to which version, for the beheerder."""
    before, after = STATES[event.before], STATES[event.after]
    stage = before if event.before is event.after else f"{before} → {after}"
    version = f", versie {event.version}" if event.version else ""
    return f"{what} [{stage}{version}]"


def heading(actor: Actor, region: str | None) -> str:
    """Give the heading of the page, by whose plans it shows."""
    match actor.role:
        case Role.PROGRAMME_MANAGER:
            return f"Plannen in regio {region}" if region else "Plannen in jouw regio"
        case Role.SCHOOL_CONTACT:
            return f"Plannen van {actor.school}" if actor.school else "Plannen van jouw school"
        case Role.OPERATOR:
            return "Alle plannen"
    return "Plannen die bij jou kwamen"


def amount_text(euros: int | None) -> str:
    """Give an amount as it is written in Dutch; empty when there is none."""
    return "" if euros is None else f"€\u00a0{euros:,}".replace(",", ".")


def age_text(days: int) -> str:
    """Say how many days ago something was."""
    return "vandaag" if days < 1 else f"{_days(days)} geleden"


def waited_text(school_days: int) -> str:
    """Say how long a plan has waited, in school days."""
    if school_days < 1:
        return "nog geen schooldag"
    return f"{school_days} {'schooldag' if school_days == 1 else 'schooldagen'}"


def span_text(span: Span) -> str:
    """Give the median of a figure; over too few plans only that they are too few."""
    if not span.count:
        return "–"
    if span.days is None:
        return f"minder dan {ENOUGH} plannen"
    return _days(round(span.days)) if span.days >= 1 else "binnen een dag"


def month_text(month: str | None) -> str:
    """Name a month (`2026-11`): `november 2026`; without one all months together."""
    if month is None:
        return "samen"
    return dutch_date(f"{month}-01").partition(" ")[2]


def overview_mail(heading_: str) -> tuple[str, tuple[str, ...]]:
    """Give subject and paragraphs of the mail that brings the overview."""
    return f"Open je overzicht: {heading_[:1].lower()}{heading_[1:]}", _MAIL


def _days(days: int) -> str:
    return f"{days} {'dag' if days == 1 else 'dagen'}"


def file_name(heading_: str, day: str, ending: str) -> str:
    """Give the name of an export that was made on `day`."""
    return f"{heading_} {day}.{ending}"
