"""What the operator reads when something went wrong: how much, and the commands to look."""

from __future__ import annotations

from datetime import datetime

from bot.domain.dutch_time import AMSTERDAM
from bot.domain.troubles import Counts, Trouble
from bot.texts.review import moment_label

_SUBJECT = "Kijk wat er misging in de wegwijzer: {what}"
_PARKED = ("1 bericht bleef liggen", "{count} berichten bleven liggen")
_GIVEN_UP = ("1 bezorging is opgegeven", "{count} bezorgingen zijn opgegeven")
_LATE = (
    "1 e-mail kwam een uur lang niet weg",
    "{count} e-mails kwamen een uur lang niet weg",
)
_REFUSED = "Telegram weigert het token"
_TAKEN = "een tweede programma haalt berichten op met ons token"

_FIRST = "Sinds de vorige melding:"
_LOOK_PARKED = (
    "Een bericht blijft liggen als het vijf keer mislukt. De docent weet dat. Bekijk het met:\n"
    "wegwijzer inbox parked\n"
    "Is de oorzaak weg? Bied het dan opnieuw aan:\n"
    "wegwijzer inbox retry NUMMER"
)
_LOOK_GIVEN_UP = (
    "Een bezorging wordt opgegeven als de mailserver of Telegram haar weigert, of als het ongeveer "
    "vijf dagen niet lukt. Bekijk ze met:\n"
    "wegwijzer deliveries failed\n"
    "Is de oorzaak weg? Verstuur ze dan opnieuw:\n"
    "wegwijzer deliveries resend NUMMER"
)
_LOOK_LATE = (
    "De mailserver was niet te bereiken, of liet de wegwijzer niet binnen: kijk naar het "
    "wachtwoord, het certificaat en de versleuteling. De wegwijzer probeert het vijf dagen lang "
    "vanzelf opnieuw."
)
_LOOK_TELEGRAM = (
    "De bot op Telegram ligt stil; de webchat werkt nog. Controleer het token bij @BotFather, zet "
    "het in WEGWIJZER_TELEGRAM_TOKEN en start de wegwijzer opnieuw."
)
_LOOK_TAKEN = (
    "Wat het andere programma ophaalt, ziet de wegwijzer niet: berichten van docenten kunnen zo "
    "kwijt zijn. Stop dat programma. Vind je het niet, maak dan bij @BotFather een nieuw token, "
    "zet het in WEGWIJZER_TELEGRAM_TOKEN en start de wegwijzer opnieuw."
)
_NOTHING_STORED = (
    "Grijp in: de wegwijzer kan niets opslaan",
    (
        "Sinds {since} kan de wegwijzer niets opslaan. Wat al was bewaard, is er nog. Wie nu iets "
        "stuurt, hoort dat het nog niet is bewaard, of krijgt pas later antwoord.",
        "Meestal is de schijf vol, of draait de database niet. Maak ruimte of start de database. "
        "Daarna gaat de wegwijzer vanzelf verder. Kijk of alles weer goed is met:\n"
        "wegwijzer doctor",
        "Duurt het langer dan een uur, dan krijg je weer een mail.",
    ),
)
_LAST = "Je krijgt hoogstens één melding per uur. Wat intussen misgaat, staat in de volgende."


def alarm(counts: Counts) -> tuple[str, tuple[str, ...]]:
    """Give subject and paragraphs of an alarm; numbers only, nothing about anybody."""
    found = [
        (kind, said, look)
        for kind, said, look in (
            (Trouble.PARKED, _number(counts, Trouble.PARKED, _PARKED), _LOOK_PARKED),
            (Trouble.GIVEN_UP, _number(counts, Trouble.GIVEN_UP, _GIVEN_UP), _LOOK_GIVEN_UP),
            (Trouble.LATE, _number(counts, Trouble.LATE, _LATE), _LOOK_LATE),
            (Trouble.TOKEN_REFUSED, _REFUSED, _LOOK_TELEGRAM),
            (Trouble.TAKEN, _TAKEN, _LOOK_TAKEN),
        )
        if counts.get(kind)
    ]
    listed = "\n".join((_FIRST, *(f"• {said}" for _, said, _ in found)))
    subject = _SUBJECT.format(what=", ".join(said for _, said, _ in found))
    return subject, (listed, *(look for _, _, look in found), _LAST)


def nothing_stored(since: datetime) -> tuple[str, tuple[str, ...]]:
    """Give subject and paragraphs of the mail that says since when nothing can be stored."""
    subject, paragraphs = _NOTHING_STORED
    moment = moment_label(since.astimezone(AMSTERDAM))
    return subject, tuple(text.format(since=moment) for text in paragraphs)


def _number(counts: Counts, kind: Trouble, forms: tuple[str, str]) -> str:
    count = counts.get(kind, 0)
    return forms[0] if count == 1 else forms[1].format(count=count)
