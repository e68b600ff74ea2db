"""What the clock says: reminders, several plans in one message, and how the teacher sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.access import link_mark
from bot.domain.contacts import Contact
from bot.domain.dutch_time import AMSTERDAM
from bot.domain.plan import Plan, PlanStatus
from bot.domain.plan_events import PlanEvent
from bot.domain.summary import RecipientRole
from bot.domain.text import capital, shortened
from bot.texts.plan_intake import title_of
from bot.texts.review import named
from bot.texts.summary import dutch_date, role_name

_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")

#: What is asked of the one who has the plan.
_ASKS = {
    PlanStatus.SUBMITTED: "lees {plan} en laat weten dat je het hebt",
    PlanStatus.RECEIVED: "kies wat je doet met {plan}",
    PlanStatus.REVISED: "kijk wat er veranderd is in {plan}",
    PlanStatus.INVITED: "kies hoe het verdergaat met {plan}",
}
_SUBJECTS = ("Herinnering: {ask}", "Tweede herinnering: {ask}")
_WAITS = "Dit plan{where} ligt sinds {since} bij jou. De docent wacht op je reactie."
_ONE_MORE = "Reageer je niet, dan stuur ik op {date} nog één herinnering."
_THEN_ON = "Reageer je niet, dan gaat het plan op {date} naar {to}."
_LAST_OF_ALL = (
    "Dit is mijn laatste herinnering. Na jou is er niemand meer naar wie het plan vanzelf gaat."
)
_FOR_ANOTHER = (
    "Kun je het niet doen, of hoort het bij iemand anders? Open het plan en stuur het door."
)
_SEVERAL = "Reageer op {count} plannen die op je wachten"
_SEVERAL_FIRST = "Deze {count} plannen wachten op je reactie. Bij elk plan staat een eigen link."
_ONE_FOR_ANOTHER = "Hoort er een bij iemand anders? Open dat plan en stuur het door."

_TEACHER = "Er wacht nog een vraag op je, bij “{title}” in {plan}:\n\n“{text}”"
_TEACHER_ONE_MORE = "Alleen dit antwoord kun je veranderen; de rest van je plan ligt vast."
_TEACHER_THEN = "Komt er vóór {date} geen antwoord, dan gaat je plan verder zoals het was."

NUDGE_ME = "Herinner me over een week"
NUDGE_AT = (
    "Goed. Op {date} stuur ik je één bericht over je plan “{title}”. "
    'Wil je eerder verder? Typ "verder".'
)
NUDGE_ONLY_HERE = (
    "Je ziet het hier als je de chat weer opent: een e-mailadres heb ik nog niet van je."
)
NUDGE = (
    "Je vroeg of ik je aan je plan “{title}” wilde herinneren. Het staat nog precies zoals je het "
    "achterliet. Heb je nu even tijd? Later mag ook; ik vraag het niet nog eens."
)
DRAFT_ENDS = (
    "Aan je plan “{title}” heb je al lang niets veranderd. Na {date} wis ik het, met je "
    "antwoorden. Wil je het houden? Ga er dan vóór die tijd mee verder. Anders hoef je niets te "
    "doen."
)
NOTHING_TO_NUDGE = "Aan dit plan hoef ik je niet te herinneren: je werkt er niet meer aan."

_REGION_UNTIL = "{who} heeft tot {date} om te reageren. Daarna stuur ik een herinnering"
_REGION_LAST_UNTIL = (
    "{who} kreeg al een herinnering, en heeft tot {date} om te reageren. "
    "Dan stuur ik een tweede herinnering"
)
_REGION_THEN = "; reageert er dan nog niemand, dan gaat je plan op {date} naar {to}."
_REGION_REMINDED = (
    "{who} kreeg twee herinneringen. Reageert er niemand, dan gaat je plan op {date} naar {to}."
)
_END_OF_ROUTE = "{who} kreeg twee herinneringen en is de laatste op de route. " + (
    "Wil je niet langer wachten? Typ dan “ik wil een mens spreken”."
)
BUSY = "{who} is met je plan bezig."
_TEACHER_UNTIL = "Jij bent aan zet: er wacht een vraag bij een antwoord. "
_TEACHER_REMIND = "Ik herinner je eraan op {date}. "
_TEACHER_LAPSE = "Komt er vóór {date} geen antwoord, dan gaat je plan verder zoals het was."


@dataclass(frozen=True)
class Reminded:
    """One plan of which somebody is reminded for the `number`-th time, and what follows then.

    `next_to` is who gets the plan at `next_at`; None when another reminder follows then. Without
    `next_at` nothing follows.
    """

    plan: Plan
    number: int
    since: datetime
    link_id: str
    school: str | None = None
    next_at: datetime | None = None
    next_to: str | None = None


def holder_name(contact: Contact | None, role: RecipientRole) -> str:
    """Give how anybody reads who has a plan, also when the contact is gone."""
    return contact.name if contact and contact.name else f"de {role_name(role)}"


def day_of(moment: datetime) -> str:
    """Give the day of a moment in the Netherlands: `dinsdag 1 december`."""
    day = moment.astimezone(AMSTERDAM).date()
    return f"{_DAYS[day.weekday()]} {dutch_date(day.isoformat()).rpartition(' ')[0]}"


def reminder(item: Reminded) -> tuple[str, tuple[str, ...]]:
    """Give subject and paragraphs of a reminder about one plan."""
    where = f" van {item.school}" if item.school else ""
    waits = _WAITS.format(where=where, since=day_of(item.since))
    subject = _SUBJECTS[item.number - 1].format(ask=_ask(item.plan))
    return subject, (waits, _what_follows(item), _FOR_ANOTHER)


def digest(items: Sequence[Reminded]) -> tuple[str, tuple[str, ...]]:
    """Give the same for several plans in one message, each with its link."""
    count = len(items)
    each = (
        f"{capital(_ask(item.plan))}{f' ({item.school})' if item.school else ''}.\n"
        f"{_what_follows(item)}\n{link_mark(item.link_id)}"
        for item in items
    )
    first = _SEVERAL_FIRST.format(count=count)
    return _SEVERAL.format(count=count), (first, *each, _ONE_FOR_ANOTHER)


def teacher_reminder(
    plan: Plan, question: PlanEvent, title: str, number: int, lapses_at: datetime | None
) -> str:
    """Remind the teacher of a question; `title` is that of the answer, `lapses_at` its last day."""
    said = _TEACHER.format(title=title, plan=named(plan), text=question.text)
    is_last = number > 1 and lapses_at
    after = _TEACHER_THEN.format(date=day_of(lapses_at)) if is_last and lapses_at else ""
    return f"{said}\n\n{after or _TEACHER_ONE_MORE}"


def region_clock(
    who: str, reminders: Sequence[datetime], then: datetime | None, to: str | None
) -> str:
    """Tell the teacher until when `who` may be silent: the reminders to come, and what follows."""
    who = capital(who)
    follows = _REGION_THEN.format(date=day_of(then), to=to) if then and to else "."
    if len(reminders) > 1:
        return _REGION_UNTIL.format(who=who, date=day_of(reminders[0])) + follows
    if reminders:
        return _REGION_LAST_UNTIL.format(who=who, date=day_of(reminders[0])) + follows
    if then and to:
        return _REGION_REMINDED.format(who=who, date=day_of(then), to=to)
    return _END_OF_ROUTE.format(who=who)


def teacher_clock(reminders: Sequence[datetime], then: datetime | None) -> str:
    """Tell the teacher how long a question stays open."""
    remind = _TEACHER_REMIND.format(date=day_of(reminders[0])) if reminders else ""
    lapse = _TEACHER_LAPSE.format(date=day_of(then)) if then else ""
    return f"{_TEACHER_UNTIL}{remind}{lapse}".strip()


def busy(who: str) -> str:
    """Say no more than that somebody is at it."""
    return BUSY.format(who=capital(who))


def _ask(plan: Plan) -> str:
    about = f"plan {plan.reference} “{shortened(title_of(plan), 60)}”"
    return _ASKS[plan.status].format(plan=about)


def _what_follows(item: Reminded) -> str:
    if item.next_at is None:
        return _LAST_OF_ALL
    words = _THEN_ON if item.next_to else _ONE_MORE
    return words.format(date=day_of(item.next_at), to=item.next_to)
