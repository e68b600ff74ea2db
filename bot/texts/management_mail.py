"""The message that asks the school's management for support: to forward, or by e-mail."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.access import link_mark, telegram_mark
from bot.domain.plan import Plan
from bot.domain.text import capital, shortened
from bot.texts.management import WHO_READS
from bot.texts.notices import without_addresses
from bot.texts.plan_intake import title_of

OPEN_PLAN = "Lees het plan"

_FORWARDED = (
    "Ik werk aan een plan voor Sterk Techniekonderwijs: {title}.\n\n"
    "{idea}\n\n"
    "Wil je het lezen en zeggen of je het steunt? Je kunt het ook teruggeven met opmerkingen. "
    "Het kost een paar minuten en je hebt geen account nodig:\n{link}\n"
    "Liever in Telegram? {telegram}\n\n"
    "De link is voor jou en werkt tot {until}."
)
_IDEA = "Het idee: “{idea}”"
_REQUEST = (
    "{who} vraagt of je dit plan voor Sterk Techniekonderwijs steunt: “{title}”.",
    _IDEA,
    "Lees het plan en kies: steunen, teruggeven met opmerkingen, of niet steunen. Dat kost een "
    "paar minuten. De link werkt tot {until}.",
    f"{WHO_READS} De regio bepaalt welke plannen doorgaan. Ken je deze docent niet? Dan hoef je "
    "niets te doen.",
)
_REMINDER = (
    "Op {asked} vroeg {who} of je dit plan voor Sterk Techniekonderwijs steunt: “{title}”. "
    "Er kwam nog geen antwoord.",
    _IDEA,
    "Lees het plan en kies: steunen, teruggeven met opmerkingen, of niet steunen. De link werkt "
    "tot {until}. Dit is de enige herinnering.",
)
_NO_IDEA = "(nog niet opgeschreven)"
#: As much of the idea as fits into a mail that is read in half a minute.
LONGEST_IDEA = 600
_LONGEST_SUBJECT_TITLE = 60
_LONGEST_NAME = 60


def quoted(text: str, limit: int) -> str:
    """Give what somebody typed on one line, cut, without links, to stand in a mail of ours."""
    return shortened(without_addresses(text[: 4 * limit]), limit)


def forwarded(plan: Plan, link_id: str, until: str) -> str:
    """Give the message that a teacher can forward; `until` is a day in Dutch words."""
    idea = shortened(plan.text("idee") or _NO_IDEA, LONGEST_IDEA)
    return _FORWARDED.format(
        title=title_of(plan),
        idea=idea,
        link=link_mark(link_id),
        telegram=telegram_mark(link_id),
        until=until,
    )


def teacher_name(plan: Plan, school: str | None) -> str:
    """Say who asks: the name, else the school; `school` as the directory knows it."""
    if name := plan.text("naam"):
        return quoted(name, _LONGEST_NAME)
    return f"een docent van {school}" if school else "een docent"


def request_mail(plan: Plan, who: str, until: str) -> tuple[str, tuple[str, ...]]:
    """Give subject and paragraphs of the mail that asks for support."""
    return f"Lees het idee {_titled(plan)} en zeg of je het steunt", _filled(
        _REQUEST, plan, who, until
    )


def reminder_mail(plan: Plan, who: str, until: str, asked: str) -> tuple[str, tuple[str, ...]]:
    """Give the same for the one reminder; `asked` is the day of the request in Dutch words."""
    subject = f"Herinnering: lees het idee {_titled(plan)} en zeg of je het steunt"
    return subject, _filled(_REMINDER, plan, who, until, asked)


def _filled(
    paragraphs: Sequence[str], plan: Plan, who: str, until: str, asked: str = ""
) -> tuple[str, ...]:
    title = quoted(title_of(plan), _LONGEST_SUBJECT_TITLE)
    idea = quoted(plan.text("idee") or _NO_IDEA, LONGEST_IDEA)
    return tuple(
        capital(one.format(who=who, title=title, idea=idea, until=until, asked=asked))
        for one in paragraphs
    )


def _titled(plan: Plan) -> str:
    return f"“{quoted(title_of(plan), _LONGEST_SUBJECT_TITLE)}”"
