"""What contacts read in a coupled chat: about the coupling, and at every step of an action."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.contacts import Contact
from bot.domain.moment_reading import Unclear
from bot.domain.moments import Unread
from bot.domain.plan_states import Action
from bot.domain.text import shortened
from bot.texts import review as words
from bot.texts.review_page import DONE
from bot.texts.summary import role_name

RECEIVE = "Ontvangen"
#: Not "Vraag stellen": that button of the menu asks the wegwijzer something.
ASK = "Vraag aan docent"
TAKE_BACK = "Vraag intrekken"
INVITE = "Uitnodigen"
FORWARD = "Doorsturen"
DECIDE = "Besluit"
UNDO = "Ongedaan maken"
NOTE = "Notitie"
VIEW = "Bekijk het plan"
BOARD = "Plannen die wachten"
UNCOUPLE = "Ontkoppel"

APPROVE = "Goedgekeurd"
WITH_CONDITIONS = "Met voorwaarden"
NOT_NOW = "Niet nu"
SEND = "Versturen"
OTHER_TEXT = "Andere tekst"
OTHER_MOMENTS = "Andere momenten"
SKIP = "Overslaan"
LEAVE = "Laat maar"
REALLY_NOT = "Toch niet"
#: What ends a step, besides its button.
LEAVING = frozenset({"stop", "laat maar", "annuleer", "annuleren", "toch niet"})

GONE = "Dit plan is er niet (meer)."
STALE = "Deze knop hoort bij een eerdere vraag en werkt niet meer. Er is niets veranderd."
NOTHING_WAITS = "Waar je mee bezig was, is er niet meer. Er is niets gedaan."
NOTHING_DONE = "Er is niets gedaan."
STILL_AT_DESK = "Je was nog ergens mee bezig: antwoord op de vraag hierboven, of typ stop."
CHOOSE = "Kies een van de knoppen, of typ over wat erop staat."
NOBODY_TO_SEND_TO = "Er is niemand anders in de lijst aan wie je dit plan kunt doorsturen."
_YOU_TYPED = "Dit had je getypt:\n“{text}”"
MEANWHILE = "Intussen:"
NOT_YET = "Nog niet ingevuld"

WHICH_ANSWER = "Over welk antwoord gaat je vraag?"
YOUR_QUESTION = (
    "Het antwoord bij “{title}” is nu:\n“{answer}”\n\n"
    "Typ je vraag in één bericht. De docent leest hem precies zo."
)
YOUR_NOTE = "Typ je notitie. Wie dit plan beoordeelt, leest hem; de docent niet."
YOUR_MOMENTS = (
    "Typ één tot drie momenten voor een gesprek, elk met dag en tijd. Bijvoorbeeld:\n{one}\n{other}"
)
YOUR_PLACE = (
    "Ik lees:\n{moments}\n\n"
    "Waar is het gesprek? Typ de plaats, of kies Overslaan. "
    "Daarna gaat de uitnodiging naar de docent."
)
_TO_WHOM = "Naar wie stuur je dit plan door?"
_MORE_TARGETS = "De andere scholen ({number}) staan op de pagina van het plan."
WHICH_DECISION = "Wat is je besluit?"
YOUR_REASON = {
    Action.APPROVE: (
        "Wil je er iets bij zeggen? Typ het; de docent leest het precies zo. Of kies Overslaan."
    ),
    Action.APPROVE_WITH_CONDITIONS: words.CONDITIONS_LACK,
    Action.NOT_NOW: words.REASON_LACKS,
}
CONFIRM = "Dit leest de docent:\n\n{text}\n\nIs het zo goed? Kies dan Versturen."
LEAVES = (
    "Je besluit is genoteerd: {decision}. Om {until} gaat het naar de docent. "
    "Tot dan kun je het ongedaan maken."
)

_WHY_UNREAD = {
    Unclear.UNREADABLE: "dit kan ik niet lezen",
    Unclear.NO_DATE: "hier ontbreekt de dag",
    Unclear.NO_TIME: "hier ontbreekt een tijd",
    Unclear.NO_SUCH_DAY: "deze dag bestaat niet",
    Unclear.OTHER_WEEKDAY: "die datum valt op een andere dag van de week",
    Unclear.NEEDS_YEAR: "die dag is al geweest; zet anders het jaar erbij",
}

LOOK_AT = "Bekijk {reference}"
BOARD_EMPTY = "Er wacht nu geen plan op jou."
BOARD_HEAD = "Dit wacht op jou, het langste bovenaan:"
BOARD_MORE = "Er wachten nog {number} andere plannen. Je ziet ze op de pagina van je regio."
NOT_COUPLED = (
    "Deze chat is niet gekoppeld aan een adres van de regio. Krijg je plannen per e-mail? "
    "Open dan de link in zo'n mail en kies onder aan de pagina “Koppel Telegram”."
)

ONLY_TELEGRAM = "Deze link koppelt een chat in Telegram. Open hem daar."
_COUPLED = (
    "Deze chat is nu gekoppeld als {name}. Nieuwe plannen komen ook hier binnen; "
    "de e-mail blijft gewoon komen.\n\n"
    "Met /bord zie je welke plannen op jou wachten."
)
_UNCOUPLED = (
    "Deze chat is niet meer gekoppeld als {name}. Plannen komen vanaf nu alleen nog per e-mail."
)
_TAKEN_OVER = (
    "Deze chat is niet meer gekoppeld als {name}: er is nu een andere chat gekoppeld. "
    "Was jij dat niet? Kijk in je mail hoe je dat ongedaan maakt."
)
NOT_COUPLED_ANY_MORE = "Deze chat was al niet meer gekoppeld."
COUPLED_SUBJECT = "Controleer: er is een Telegram-chat gekoppeld aan dit adres"
COUPLED_PARAGRAPHS = (
    "Vanaf nu komen plannen voor {email} ook binnen in een chat van Telegram. "
    "Wie die chat heeft, kan namens jou reageren op plannen.",
    "Was jij dit? Dan hoef je niets te doen.",
    "Was jij dit niet? Open dan je gegevens en maak de chat los. "
    "Laat het daarna de beheerder weten, door deze mail te beantwoorden.",
)
COUPLED_LABEL = "Open je gegevens"


def capacity(contact: Contact, region: str | None) -> str:
    """Name as what a contact acts: `programmamanager van de regio Assen`."""
    if contact.school:
        return f"{role_name(contact.role)} ({contact.school})"
    name = role_name(contact.role)
    if not region:
        return name
    return f"{name} {region}" if name.endswith("regio") else f"{name} in regio {region}"


def coupled_text(name: str) -> str:
    """Say that this chat is coupled."""
    return _COUPLED.format(name=name)


def uncoupled_text(name: str) -> str:
    """Say that this chat is coupled no more."""
    return _UNCOUPLED.format(name=name)


def taken_over_text(name: str) -> str:
    """Say the same to a chat that another one came instead of."""
    return _TAKEN_OVER.format(name=name)


def coupled_paragraphs(contact: Contact) -> tuple[str, ...]:
    """Give the mail that tells a contact's own address of the coupling."""
    return tuple(text.format(email=contact.email) for text in COUPLED_PARAGRAPHS)


def new_plan_text(reference: str, title: str, school: str | None) -> str:
    """Say in the chat what the mail says at length: there is a plan to read."""
    where = f"\nSchool: {school}" if school else ""
    return f"Nieuw plan: {about(reference, title)}{where}\nLees het, en kies wat je ermee doet."


def about(reference: str | None, title: str) -> str:
    """Name a plan on one line."""
    return f"{reference} “{shortened(title, 60)}”"


def stand(state: str, version: int, ask: str, deadline: str = "") -> str:
    """Say where a plan stands and what is asked of who reads it."""
    return " ".join(part for part in (f"Stand: {state}, versie {version}.", ask, deadline) if part)


def history_line(who: str, what: str, said: str) -> str:
    """Tell of one thing that happened."""
    return f"• {who}: {what}" + (f"\n“{shortened(said, 300)}”" if said else "")


def view_text(summary: str, stand: str, changed: Sequence[str], lines: Sequence[str]) -> str:
    """Give a whole plan: its text, what is new in it, what happened last and where it stands."""
    blocks = [summary]
    if changed:
        blocks.append(f"Nieuw in deze versie: {', '.join(changed)}.")
    if lines:
        blocks.append("\n".join(("Wat er gebeurde:", *lines)))
    return "\n\n".join((*blocks, stand))


def changed_text(name: str, said: str, lines: Sequence[str]) -> str:
    """Say that something happened since the button was shown, and what."""
    told = "\n".join((MEANWHILE, *lines)) if lines else ""
    return "\n\n".join(part for part in (name, said, told) if part)


def you_typed(texts: Sequence[str]) -> str:
    """Give back what was typed for something that did not happen."""
    return _YOU_TYPED.format(text="\n".join(texts))


def done_text(action: Action, decision: str, until: str) -> str:
    """Say what an action came to; a decision leaves at the time of day `until`."""
    return LEAVES.format(decision=decision, until=until) if until else DONE[action]


def board_line(reference: str, title: str, school: str | None, since: str) -> str:
    """Name a plan that waits."""
    where = f", {school}" if school else ""
    return f"• {about(reference, title)}{where}: wacht sinds {since}"


def board_text(lines: Sequence[str], more: int) -> str:
    """List the plans that wait; `more` is how many are not in the list."""
    if not lines:
        return BOARD_EMPTY
    rest = (BOARD_MORE.format(number=more),) if more else ()
    return "\n".join((BOARD_HEAD, *lines, *rest))


def moment_line(moment: datetime, today: date) -> str:
    """Give a moment in Dutch time on a line of its own, with its year when that is another."""
    label = words.moment_label(moment)
    if moment.year != today.year:
        day, _, at = label.rpartition(", ")
        label = f"{day} {moment.year}, {at}"
    return f"• {label}"


def moments_prompt(examples: Sequence[datetime]) -> str:
    """Ask for moments, with two that lie ahead as examples."""
    one, other = (words.moment_label(moment) for moment in examples)
    return YOUR_MOMENTS.format(one=one, other=other)


def target_prompt(more: int) -> str:
    """Ask to whom a plan goes; `more` is how many have no button."""
    return f"{_TO_WHOM} {_MORE_TARGETS.format(number=more)}" if more > 0 else _TO_WHOM


def unread_text(unread: Sequence[Unread]) -> str:
    """Say of each line that was not read why."""
    lines = [f"• “{shortened(one.text, 80)}”: {_WHY_UNREAD[one.why]}." for one in unread]
    return "\n".join(("Niet alles is een moment dat ik begrijp:", *lines))
