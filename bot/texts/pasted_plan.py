"""What is said around a whole plan that was pasted in one message."""

from __future__ import annotations

from bot.domain.text import shortened

STORE = "Zo opslaan"
STORE_AS_NEW = "Opslaan als nieuw plan"
REFUSE = "Nee, niets bewaren"
CHOOSE_FIRST = "Er is nog niets opgeslagen. Kies hieronder wat je met je tekst wilt doen."

IN_HAND = "Dit lijkt op een heel plan. Ik kan het zo over de vragen van je plan “{title}” verdelen:"
NEW = "Dit lijkt op een heel plan. Ik kan er een nieuw plan mee beginnen en het zo verdelen:"
CLOSING = "Er is nog niets bewaard. Klopt deze verdeling? Alles mag je later nog veranderen."
REPLACES = " (vervangt wat er stond)"
CANNOT = "Dit kan ik niet opslaan. {reason}"
ONLY = "Hiervan bewaar ik alleen: {answer}"
STAYS = "In je plan staat al: {answer}. Dat laat ik staan."
LEFT_OUT = "Dit is geen antwoord, dus dat laat ik weg"
NO_QUESTION = "Daar heeft je plan geen vraag over."
CHANGED_MEANWHILE = "Je plan is intussen veranderd. Kijk daarom nog even mee."
STORED = "Opgeslagen: {titles}."
NOTHING_STORED = "Ik heb niets kunnen opslaan."
NOT_STORED = "Niet opgeslagen: {title}. {reason} Je tekst staat nog in je bericht."
STORED_BEFORE = "Dit staat al zo in je plan. Er is niets veranderd."
REFUSED = "Goed, ik heb er niets van bewaard."

#: Enough to recognise a part by.
_BEGINNING = 100


def part_line(title: str, text: str, *, replaces: bool, remark: str) -> str:
    """Show one part: its title and how it begins, with what there is to say about it."""
    mark = REPLACES if replaces else ""
    line = f"• {title}{mark}: {shortened(text, _BEGINNING)}"
    return f"{line}\n  {remark}" if remark else line


def left_out_line(text: str) -> str:
    """Show what belongs to no question."""
    return f"• {LEFT_OUT}: {shortened(text, _BEGINNING)}"


def stays(answer: str) -> str:
    """Say which answer is not replaced."""
    return STAYS.format(answer=shortened(answer, _BEGINNING))
