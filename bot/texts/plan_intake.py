"""What is said along the plan's questions."""

from __future__ import annotations

from bot.domain.plan import Plan
from bot.domain.plan_questions import Question
from bot.domain.text import shortened

TIP = "Tip"
SKIP = "Overslaan"
BACK = "Terug"
PAUSE = "Pauze"
KEEP = "Laat zo staan"
CLEAR = "Leegmaken"
CHANGE_NOTHING = "Niets veranderen"
SEND = "Versturen"
CHANGE = "Antwoord veranderen"
NONE_OF_THESE = "Geen van deze"
NEW_PLAN = "Nieuw plan"
GO_ON = "Verder met mijn plan"

NOTED = "Genoteerd."
NOTED_CHOICE = "Genoteerd: {label}"
CLEARED = "Ik heb je antwoord weggehaald. Deze vraag staat weer open."
NOTHING_CHOSEN = "Je hebt nog niets gekozen, dus er is niets veranderd."
ON_PAUSE = "Je plan “{title}” staat op pauze."
NO_EMAIL = "Je e-mailadres ontbreekt. De contactpersoon bereikt je dan alleen via deze chat."
NOTED_AFTER_A_PAUSE = (
    "Welkom terug bij “{plan}”. Ik heb dit bewaard als je antwoord op “{question}”. "
    'Was dat niet de bedoeling? Typ "terug".'
)
SKIPPED = "Dat laten we open. Je kunt het later nog invullen."
KEPT = "Goed, dat blijft zo."
AT_THE_START = "Dit is de eerste vraag."
NO_TIP = "Schrijf het gewoon op zoals je het zou vertellen. Je kunt alles later nog veranderen."
PAUSED = (
    "Prima, we stoppen even. Alles is bewaard.\n"
    'Typ "verder" als je verder wilt; ook over een paar weken weet ik nog waar we waren.'
)
STOPPED = (
    "Ik leg dit plan weg. Er is niets verstuurd en je antwoorden blijven bewaard.\n"
    'Typ "mijn plannen" als je er later toch mee verder wilt.'
)
NO_PLAN_OPEN = "Er staat nu geen plan open."
NO_DRAFT = "Je hebt nog geen plan om mee verder te gaan. Zullen we er een maken?"
EMPTY = "Ik zie nog geen antwoord dat ik kan bewaren. Wil je het in een paar woorden opschrijven?"
TOO_LONG = (
    "Dat is te lang voor één antwoord: het zijn {length} tekens, en het mogen er {limit} zijn. "
    "Kort het in tot de kern, of stuur het als bijlage mee in je gesprek met de regio."
)
NOT_AN_OPTION = "Dat past niet bij de mogelijkheden. Kies er een, of typ hem over."
REJECTED_AGAIN = (
    "Het lukt nog niet, en dat geeft niet. Weet je het niet zeker? Kies dan Overslaan; je kunt het "
    "later nog invullen. Of vraag een mens."
)
TOO_LONG_FOR_A_NAME = (
    "Dat is te lang voor deze vraag: het mogen {limit} tekens zijn. Houd het hier kort; "
    "de rest kun je kwijt bij de vragen hierna."
)
NOT_AN_EMAIL = "Dat lijkt geen volledig e-mailadres. Typ het als naam@school.nl, of kies Overslaan."
NEEDS_IDEA = "Vertel eerst kort wat je idee is. Zonder idee kan ik het plan niet versturen."
WHICH_ANSWER = "Welk antwoord wil je veranderen?"
EXPIRED = "Deze knop hoort bij een eerdere vraag en werkt niet meer. Er is niets veranderd."
ALREADY_SENT = "Dit plan is al verstuurd, met nummer {reference}. Er is niets veranderd."
EDIT_AFTER_SENDING = (
    "Je plan {reference} is al verstuurd, dus je aanpassing is daar niet in verwerkt. "
    "Geef hem door aan de contactpersoon in je regio."
)
EDIT_WHILE_ASKED = (
    "Je aanpassing van dat eerdere bericht is niet verwerkt. Typ je nieuwe antwoord als een nieuw "
    "bericht; dat is genoeg."
)
EDIT_BY_BUTTON = (
    "Je aanpassing van dat eerdere bericht is niet verwerkt. Kies “Antwoord aanpassen” en typ je "
    "nieuwe antwoord; dat is genoeg."
)
CORRECT_AFTER_SENDING = (
    "Je plan {reference} is al verstuurd. Geef je wijziging door aan de ontvanger van je plan."
)
EDITED = "Ik heb je antwoord op “{title}” aangepast."
ADDED = "Dit hoort nog bij je antwoord op “{title}”. Ik heb het erbij gezet."
EDIT_IS_NO_ANSWER = (
    "Ik zie dat je een eerder bericht hebt aangepast. Dat bericht was geen antwoord in je plan, "
    'dus er is niets veranderd. Typ "antwoord veranderen" als je een antwoord wilt aanpassen.'
)
DRAFT_WAITS = "Je hebt nog een plan lopen: “{title}”. Kies: daarmee verder, of een nieuw plan."
WITHOUT_TITLE = "plan zonder titel"
FIRST_WORDS = (
    "Leuk, dan maken we samen je plan. Eerst zoeken we je regio, dan je idee, dan zes vragen. "
    "Je kunt altijd stoppen en later verdergaan."
)
CONFIRM_ASK = "Klopt het zo? Kies Versturen, of verander nog een antwoord."
STILL_OPEN = "Nog open: {titles}. Dat mag, maar een compleet plan komt sterker binnen."


#: A title is repeated in lists and greetings; the whole of it stands in the plan.
_LONGEST_TITLE = 80


def title_of(plan: Plan) -> str:
    """Give the plan's title, or words for a plan that has none yet."""
    return shortened(plan.text("titel") or WITHOUT_TITLE, _LONGEST_TITLE)


def question_text(question: Question, position: tuple[int, int] | None, now: str | None) -> str:
    """Ask a question in full: where we are, what, why, an example and what stands there now."""
    head = f"Vraag {position[0]} van {position[1]}: {question.title}\n" if position else ""
    lines = [head + question.wording]
    if question.why:
        lines.append(f"Waarom ik dit vraag: {_lower_first(question.why)}")
    if question.example:
        lines.append(f"Bijvoorbeeld: {question.example}")
    if now is not None:
        lines.append(f"Je antwoord is nu: {now}\nTyp een nieuw antwoord, of kies {KEEP}.")
    return "\n\n".join(lines)


def question_again(question: Question, position: tuple[int, int] | None) -> str:
    """Ask the same question again, shortly."""
    place = f"vraag {position[0]} van {position[1]}" if position else "je plan"
    return f"Terug naar {place}: {question.wording}"


def overview(rows: list[tuple[str, str | None, bool]]) -> str:
    """List what is answered: (title, answer or None, is open now) per question."""
    lines = ["Dit staat er nu:"]
    for title, text, is_here in rows:
        mark = "  ← hier zijn we" if is_here else ""
        lines.append(f"• {title}: {text or 'nog open'}{mark}")
    return "\n".join(lines)


def recap(title: str, answered: int, total: int) -> str:
    """Say where a plan was left."""
    return (
        f"Welkom terug bij “{title}”. Van de {total} vragen over je plan heb je er "
        f"{answered} beantwoord. We gaan verder waar je was."
    )


def _lower_first(sentence: str) -> str:
    first, rest = sentence[:1], sentence[1:]
    is_name = sentence.split(" ", 1)[0].isupper()
    return sentence if is_name else first.lower() + rest
