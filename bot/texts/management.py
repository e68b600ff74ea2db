"""What is said around asking the school's management for support: to the teacher, and to them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.plan import Plan, PlanStatus
from bot.domain.plan_events import PlanEvent
from bot.domain.plan_states import Action
from bot.domain.text import capital
from bot.texts.plan_intake import title_of

ASK_SUPPORT = "Vraag om steun"
ASK_AGAIN = "Vraag opnieuw om steun"
FORWARD = "Maak een bericht"
MAIL = "Mail het voor mij"
LEAVE = "Laat maar"
CHANGE = "Verander: {title}"
STOP = "Stop met dit plan"

OFFER = (
    "Ik kan je schoolleiding om steun vragen: die leest dan je plan tot nu toe en kan het "
    "steunen, teruggeven met opmerkingen, of afwijzen. Jij gaat intussen gewoon verder; wachten "
    "hoeft niet."
)
SUPPORTED_ALREADY = "{who} steunt je idee al. Je kunt het nog iemand vragen."
SUPPORTED_BEFORE = (
    "{who} steunde je idee, maar daarna heb je het veranderd. Je kunt opnieuw om steun vragen."
)
NOTHING_TO_ASK = "Er staat nu geen plan open om steun voor te vragen."
NEEDS_IDEA = (
    "Vertel eerst kort wat je idee is. Dan kan je schoolleiding het lezen en vraag ik om steun."
)
TOO_LATE = (
    "Dit plan is al verstuurd, met nummer {reference}. Je schoolleiding kan er hier niet meer op "
    "reageren."
)
FORWARD_THIS = (
    "Stuur het bericht hierboven door aan je schoolleiding. Is er antwoord, dan hoor je dat meteen."
)
WHICH_ADDRESS = (
    "Naar welk e-mailadres zal ik het sturen? Typ het adres van je schoolleiding, bijvoorbeeld "
    "naam@school.nl. Zij leest dan je naam (als je die gaf) en je plan tot nu toe."
)
NOT_AN_ADDRESS = (
    "Dat lees ik niet als één volledig e-mailadres. Typ het als naam@school.nl, of kies "
    "“Laat maar” om verder te gaan."
)
OWN_ADDRESS = (
    "Dat is je eigen e-mailadres. Typ het adres van je schoolleiding, of kies “Laat maar”."
)
LEFT = "Goed, dan mail ik niet."
MAILED = (
    "Ik mail {email} nu, met een link naar je plan. Komt er niets terug, dan herinner ik over vijf "
    "dagen één keer. Is er antwoord, dan hoor je dat meteen."
)
MAILED_AGAIN = "Ik vraag {email} opnieuw te kijken. Is er antwoord, dan hoor je dat meteen."
MAILED_BEFORE = (
    "{email} kreeg hierover al een mail van mij; ik stuur er geen tweede. Komt er niets terug, dan "
    "volgt één herinnering. Met “Maak een bericht” kun je het ook zelf doorsturen."
)
TOO_MANY_FOR_PLAN = (
    "Voor dit plan heb ik al {limit} adressen gemaild; meer doe ik er niet. "
    "Met “Maak een bericht” kun je het zelf aan iemand anders doorsturen."
)
TOO_MANY_TODAY = (
    "Ik heb vandaag al {limit} adressen voor je gemaild; meer doe ik er niet op een dag. "
    "Met “Maak een bericht” kun je het zelf doorsturen."
)
TOO_MANY_TO_ADDRESS = (
    "Naar {email} mail ik vandaag niet meer, zodat niemand te veel post van mij krijgt. "
    "Met “Maak een bericht” kun je het zelf doorsturen."
)
TOO_MANY_FOR_ALL = (
    "Ik heb net voor heel veel mensen gemaild; nu mail ik even niet. "
    "Met “Maak een bericht” kun je het meteen zelf doorsturen."
)

#: What is asked of the management, in three lines.
ASKED = (
    "Lees het plan tot nu toe. Het is nog niet af; de docent schrijft intussen verder.",
    "Zeg of je het steunt, geef het terug met opmerkingen, of zeg dat je het niet steunt.",
    "Je kunt van mening veranderen tot het plan naar de regio is. De regio bepaalt wat doorgaat.",
)
#: Said before anything is filled in.
WHO_READS = (
    "De docent leest wat je schrijft. Je naam, je functie en je keuze komen ook in het plan dat "
    "de regio leest."
)
_HEARD = {
    Action.ENDORSE: "{who} steunt je idee “{title}”.{said}\n\nVerder schrijven kan meteen.",
    Action.RETURN: (
        "{who} heeft je idee “{title}” gelezen en geeft het terug met opmerkingen.{said}\n\n"
        "Je kunt je antwoorden veranderen en daarna opnieuw om steun vragen. Verdergaan of stoppen "
        "mag ook."
    ),
    Action.DECLINE: (
        "{who} steunt je idee “{title}” op dit moment niet.{said}\n\n"
        "Je kunt je antwoorden veranderen, er samen over praten, of stoppen. Verdergaan mag ook: "
        "dan ziet de regio wat je schoolleiding vindt."
    ),
}


def heard_text(plan: Plan, event: PlanEvent, titles: Mapping[str, str]) -> str:
    """Tell the teacher what the management said; `titles` names the answers by their keys."""
    said = f"\n\n“{event.text}”" if event.text else ""
    remarks = [
        f"• {titles.get(step, step)}: “{remark}”"
        for step, remark in event.data.get("remarks", {}).items()
    ]
    if remarks:
        said += "\n\nBij je antwoorden:\n" + "\n".join(remarks)
    return _HEARD[event.action].format(who=capital(event.name), title=title_of(plan), said=said)


NAME_LACKS = "Vul je naam in; de docent en de regio lezen wie dit zegt."
FUNCTION_LACKS = "Vul je functie op school in, bijvoorbeeld teamleider onderbouw."
NAME_TOO_LONG = "Dat is te lang: je naam mag {limit} tekens lang zijn."
FUNCTION_TOO_LONG = "Dat is te lang: je functie mag {limit} tekens lang zijn."
REMARKS_LACK = "Schrijf minstens één opmerking op; de docent leest hem precies zo."
REASON_LACKS = "Schrijf op waarom je het idee niet steunt; de docent leest het precies zo."
UNKNOWN_ANSWER = "Een van je opmerkingen hoort bij een vraag die er niet (meer) is."
HANDED_OVER = (
    "Dit plan is al naar de regio verstuurd, met nummer {reference}. Je reactie kan niet meer "
    "veranderen. Wil je er nog iets over zeggen? Doe dat dan met de docent."
)
TOO_MANY_WORDS = (
    "Je reageerde vandaag al {limit} keer op dit plan; meer kan niet op een dag. Wil je nog iets "
    "veranderen? Probeer het morgen weer, of zeg het tegen de docent."
)
WITHDRAWN = "De docent heeft dit plan ingetrokken. Je hoeft niets meer te doen."

#: The buttons in Telegram, and what was said as it reads back.
BUTTONS = {
    Action.ENDORSE: "Steunen",
    Action.RETURN: "Terug met opmerkingen",
    Action.DECLINE: "Steun ik niet",
}
SAID = {
    Action.ENDORSE: "steunt het idee",
    Action.RETURN: "gaf het idee terug met opmerkingen",
    Action.DECLINE: "steunt het idee niet",
}
LAST_WORD = "Laatste reactie: {who} {said}, op {date}."
OWN_PLAN = (
    "Dit is de link voor je schoolleiding. Stuur het bericht aan haar door; zelf kun je je eigen "
    "plan niet steunen."
)
WHICH_NAME = "Hoe heet je en wat is je functie? Bijvoorbeeld: “mevrouw X, teamleider onderbouw”."
WHICH_FUNCTION = "En wat is je functie op school? Bijvoorbeeld: teamleider onderbouw."
WHICH_TEXT = {
    Action.RETURN: "Wat wil je de docent meegeven? Schrijf het in één bericht.",
    Action.DECLINE: "Waarom steun je het idee nu niet? Schrijf het in één bericht.",
}
NOT_SAID = "Goed, er is niets doorgegeven. Je kunt later alsnog kiezen."
PASSED_ON = (
    "Dank je wel. De docent hoort nu: {who} {said}. Tot het plan naar de regio is, kun je nog iets "
    "anders kiezen."
)


def closed_text(plan: Plan) -> str | None:
    """Say why the management can say nothing (more) about a plan; None while it can."""
    if plan.is_open:
        return None
    if plan.status is PlanStatus.WITHDRAWN:
        return WITHDRAWN
    return HANDED_OVER.format(reference=plan.reference)


def last_word(who: str, action: Action, date: str) -> str:
    """Say what the management said last; `date` is the day in Dutch words."""
    return LAST_WORD.format(who=who, said=SAID[action], date=date)
