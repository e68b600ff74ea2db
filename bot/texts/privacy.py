"""What people read about their data: in the chat, on the page about privacy and in the receipt."""

from __future__ import annotations

from bot.domain.keeping import Keep

PRIVACY = (
    "Privacy in het kort:\n"
    "• Verantwoordelijk: {operator}.\n"
    "• Ik bewaar: het nummer van deze chat, wat je typt, je antwoorden en wanneer je ze gaf.\n"
    "• Doel: je plan bij de juiste persoon in de regio krijgen.\n"
    "• Wie leest mee: tot je op Versturen drukt niemand in de regio; alleen de beheerder kan "
    "erbij. Vraag je je schoolleiding om steun, dan leest die mee. "
    "Na Versturen: wie het krijgt of doorgestuurd krijgt, de programmamanager van je regio en de "
    "STO-contactpersoon van je school. Chat je via Telegram, dan kan Telegram meelezen.\n"
    "• Noem geen namen of gezondheid van leerlingen.\n"
    "• Je rechten: /mijngegevens geeft je een kopie, en zegt wat er niet bij zit. /verwijder wist "
    "je plannen, antwoorden en berichten."
)
KEPT_HEAD = "Hoelang blijft het bewaard?"
_KEPT = (
    "Een plan in de maak of weggelegd: {drafts} na de laatste wijziging. Je hoort het eerst, als "
    "je te bereiken bent.",
    "Een verstuurd plan: {plans} na de laatste wijziging. Een ingetrokken plan: {withdrawn}.",
    "Berichten in de chat: {messages}. Een vraag zonder antwoord: {questions}, zonder wie hem "
    "stelde.",
)
_KEPT_THEN = "Daarna wordt het vanzelf gewist."
_COMPLAIN = (
    "Een vraag of klacht? {ask}Ga naar de functionaris gegevensbescherming van je school, of naar "
    "de Autoriteit Persoonsgegevens (autoriteitpersoonsgegevens.nl)."
)
_ASK = "Mail {email}. "

NO_SUCH_PLAN = "Er is geen verstuurd plan met nummer {reference}."

#: Where the page about privacy is, below our own address.
PAGE = "/privacy"
#: How a mail calls it.
MAIL_LABEL = "Hoe de STO-wegwijzer met gegevens omgaat"
PAGE_FACTS = (
    (
        "Wat wordt bewaard?",
        (
            "Van de chat: een code van je browser, of het nummer van je Telegram-chat. Wat je "
            "typt en kiest, en wanneer. Je naam en e-mailadres alleen als je ze geeft.",
            "Van een plan: de antwoorden met hun eerdere versies, wie het kreeg, wat er is "
            "gevraagd en besloten, door wie en wanneer.",
            "Van wie plannen leest: het e-mailadres, de rol en soms een naam, waar dat adres "
            "vandaan komt, en wat diegene met een plan deed.",
        ),
    ),
    (
        "Waarvoor?",
        (
            "Om een plan voor techniekonderwijs bij de juiste persoon in de regio te krijgen, en "
            "om vragen over Sterk Techniekonderwijs te beantwoorden. Er zijn geen advertenties of "
            "volgers, en wat je typt wordt niet gebruikt om de wegwijzer te trainen.",
        ),
    ),
    (
        "Wie leest het?",
        (
            "Tot een docent op Versturen drukt: niemand in de regio. De schoolleiding leest mee "
            "als de docent om steun vraagt. Na Versturen ook: wie het plan krijgt, de "
            "programmamanager van de regio, de STO-contactpersoon van de school, en naar wie het "
            "wordt doorgestuurd.",
            "De beheerder kan bij de gegevens om alles te laten werken. Wie via Telegram chat, "
            "deelt zijn berichten ook met Telegram.",
        ),
    ),
)
PAGE_RIGHTS = (
    "Docent? Typ in de chat /mijngegevens voor een kopie van wat er van je is, of /verwijder om "
    "het te wissen. Een antwoord verbeter je in de chat zelf.",
    "Lees je plannen, of kun je niet meer bij je chat? Vraag het aan {who}: die kan gegevens "
    "laten zien, verbeteren en wissen.",
)
RIGHTS_HEAD = "Wat kun je zelf?"
COMPLAIN_HEAD = "Waar kun je terecht met een vraag of klacht?"
RESPONSIBLE = (
    "Verantwoordelijk: {operator}. De STO-wegwijzer is een automatische assistent, en niet van het "
    "ministerie van OCW of van DUS-I."
)
_WHO = "de beheerder"
_WHO_AT = "de beheerder ({email})"


def duration(days: int) -> str:
    """Give a number of days as people say it: whole years in years."""
    years, rest = divmod(days, 365)
    if years and not rest:
        return "een jaar" if years == 1 else f"{years} jaar"
    return "1 dag" if days == 1 else f"{days} dagen"


def privacy(operator: str) -> str:
    """Say in short what is stored, why, who reads it and which rights there are."""
    return PRIVACY.format(operator=operator)


def kept_lines(keep: Keep) -> tuple[str, ...]:
    """Say how long each thing is kept."""
    names = ("drafts", "plans", "withdrawn", "messages", "questions")
    terms = {name: duration(getattr(keep, name)) for name in names}
    return (*(line.format(**terms) for line in _KEPT), _KEPT_THEN)


def complain(email: str | None) -> str:
    """Say where to go with a question or complaint."""
    return _COMPLAIN.format(ask=_ASK.format(email=email) if email else "")


def kept(keep: Keep, email: str | None) -> str:
    """Say in the chat how long everything is kept, and where to complain."""
    *lines, then = kept_lines(keep)
    return "\n".join((KEPT_HEAD, *(f"• {line}" for line in lines), then, complain(email)))


def page_rights(email: str | None) -> tuple[str, ...]:
    """Say what people can do themselves, and whom they ask for the rest."""
    who = _WHO_AT.format(email=email) if email else _WHO
    return tuple(line.format(who=who) for line in PAGE_RIGHTS)
