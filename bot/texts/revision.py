"""What is said around the one answer that a question from the region opened again."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.plan import Plan
from bot.domain.plan_events import PlanEvent
from bot.domain.plan_states import Action
from bot.domain.text import shortened
from bot.texts.personal_data import remark_for
from bot.texts.plan_intake import KEEP
from bot.texts.review import NOTHING_YET, named

SEND = "Versturen"
NOT_YET = "Nog niet"
LATER = "Later"

#: An answer as it stands, in a chat.
_LONGEST_ANSWER = 600
#: A question that is asked again; the whole of it stands above.
_LONGEST_QUESTION = 300

ASK = (
    "{who} vraagt over “{title}”, in {plan}:\n\n“{text}”\n\n"
    "Je antwoord is nu:\n{answer}\n\n"
    "Typ je nieuwe antwoord; het komt in de plaats van dit hele antwoord. De rest van je plan ligt "
    f"vast. Is er niets te veranderen? Kies dan {KEEP}."
)
AGAIN = "Terug naar de vraag over “{title}”: “{text}”\nTyp je nieuwe antwoord."
PROPOSAL = (
    "Dit wordt je nieuwe antwoord bij “{title}”:\n\n{answer}\n\n{remark}"
    "Zal ik het versturen naar {who}? Typ anders gerust een beter antwoord."
)
INSTEAD = "Dit komt in de plaats van wat je net typte."
SENT = (
    "Verstuurd! {who} krijgt je nieuwe antwoord bij “{title}” en ziet wat er veranderd is. "
    "De rest van je plan is zoals het was."
)
STAYS = (
    "Doorgegeven: {who} hoort dat je antwoord bij “{title}” zo blijft. "
    "Er is niets veranderd aan je plan."
)
#: The remark with the new version, as the one who asked reads it.
REMARK_STAYS = "Het antwoord blijft zoals het is."
NOT_SENT = "Goed, er is niets verstuurd."
PAUSED = "Prima, je kunt later antwoorden; alles is bewaard en er is niets verstuurd."
TYPE_FIRST = "Typ eerst je nieuwe antwoord. Daarna vraag ik of ik het mag versturen."
HOW_TO_WITHDRAW = (
    "Er staat nu geen plan open. Wil je een plan intrekken dat al verstuurd is? "
    'Typ "waar staat mijn plan"; daar staat een knop.'
)
ONLY_THIS = (
    "Alleen dit antwoord staat open; de rest van je plan ligt vast. Wil je iets anders veranderen? "
    "Neem dan contact op met {who}."
)
OTHER_QUESTION = (
    "Let op: er is intussen een andere vraag. Wat je typte heb ik nergens voor gebruikt:\n\n{text}"
)
#: Which question was shown last is forgotten after a very long silence.
STILL_OPEN = "Deze vraag staat nog open. Wat je typte heb ik nergens voor gebruikt:\n\n{text}"
_WAITS = "Er wacht ook nog een vraag op je, over plan {references}."

_CLOSED = {
    Action.REVISE: "Op deze vraag heb je al geantwoord.",
    Action.TAKE_BACK: "{who} heeft de vraag ingetrokken; je hoeft niets te doen.",
    Action.LAPSE: "De vraag is gesloten, omdat er lang geen antwoord kwam.",
    Action.WITHDRAW: "Je hebt dit plan ingetrokken.",
}
_NO_LONGER_OPEN = "Dit antwoord staat niet (meer) open."
_NOTHING_CHANGED = "Er is niets veranderd en niets verstuurd."
_TYPED = "Dit typte je; zo kun je het nog ergens anders gebruiken:"


def shown_answer(text: str | None) -> str:
    """Give an answer as it is read back in a chat: its lines, cut where it is very long."""
    if text is None:
        return NOTHING_YET
    return text if len(text) <= _LONGEST_ANSWER else text[: _LONGEST_ANSWER - 1].rstrip() + "…"


def ask_text(plan: Plan, question: PlanEvent, title: str) -> str:
    """Ask for a new version of the answer that a question is about."""
    answer = shown_answer(plan.text(question.step or ""))
    asked = ASK.format(
        who=question.name, title=title, plan=named(plan), text=question.text, answer=answer
    )
    return asked[:1].upper() + asked[1:]


def waiting_text(plans: Sequence[Plan]) -> str:
    """Say that questions about these plans wait for the teacher."""
    return _WAITS.format(references=" en ".join(str(plan.reference) for plan in plans))


def proposal_text(who: str, title: str, answer: str | None, *, step: str, is_instead: bool) -> str:
    """Ask whether a new answer may leave for `who`, perhaps instead of one typed before.

    Where it seems to name a pupil, say, that is pointed out; `step` is the question it is for.
    """
    remark = remark_for(step, answer or "")
    said = PROPOSAL.format(
        title=title, answer=shown_answer(answer), who=who, remark=f"{remark}\n\n" if remark else ""
    )
    return f"{INSTEAD}\n\n{said}" if is_instead else said


def sent_text(who: str, title: str, *, stays: bool) -> str:
    """Say to whom the new answer went, or the word that the old one stays."""
    said = STAYS.format(who=who, title=title)
    return said if stays else SENT.format(who=who[:1].upper() + who[1:], title=title)


def again_text(question: PlanEvent, title: str) -> str:
    """Ask the same again, shortly."""
    return AGAIN.format(title=title, text=shortened(question.text, _LONGEST_QUESTION))


def closed_text(last: PlanEvent | None, typed: str = "") -> str:
    """Say why the answer is not open; what was `typed` is said back, so that it is not lost."""
    why = _CLOSED[last.action].format(who=last.name) if last else _NO_LONGER_OPEN
    said = f"{why[:1].upper()}{why[1:]} {_NOTHING_CHANGED}"
    return f"{said}\n\n{_TYPED}\n\n{typed}" if typed else said
