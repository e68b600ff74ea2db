"""Conversations as (said, answered) pairs: a button in [brackets] is pressed, the rest typed.

What stands right of the arrow must be in the answer; after "!" it must not.
"""

from __future__ import annotations

import pytest

from tests.conversations.conftest import NewTalk

Pair = tuple[str, tuple[str, ...]]

TO_TITLE: list[Pair] = [
    ("plan maken", ("Op welke school",)),
    ("dr nassau assen", ("Dr. Nassau College",)),
    ("dr nassau college", ("STO-regio Assen", "contactpersoon")),
    ("nee", ("geprobeerd",)),
    ("nee nog niet", ("volgende stap", "programmamanager", "Hoe noem je je plan")),
]
TO_DOELEN: list[Pair] = [
    *TO_TITLE,
    ("Zorgrobot", ("Wat is je idee",)),
    ("Leerlingen bouwen een zorgrobot", ("Voor welke leerlingen",)),
    ("leerjaar 3", ("Welke vorm",)),
    ("onderbouw", ("schoolleiding",)),
    ("ja ze staan erachter", ("Met wie",)),
    ("teamleider", ("Vraag 1 van 6",)),
    ("past bij de regiovisie", ("Vraag 2 van 6",)),
]

ROADS: dict[str, list[Pair]] = {
    "greeting introduces itself": [
        ("hallo", ("automatische assistent", "niet van het ministerie", "/privacy")),
    ],
    "plan in other words": [
        ("ik heb een idee voor techniek en wil een plan maken", ("Op welke school",)),
    ],
    "school with contact person known": [
        ("ik wil een plan indienen", ("Op welke school",)),
        ("esdal klazienaveen", ("Esdal College Klazienaveen",)),
        ("esdal college klazienaveen", ("Emmen/Ter Apel",)),
        ("ja die ken ik", ("geprobeerd",)),
        ("nee", ("STO-contactpersoon op je school", "Hoe noem je")),
    ],
    "contact that failed goes along the road": [
        ("plan maken", ()),
        ("rsg wolfsbos hoogeveen", ("RSG Wolfsbos",)),
        ("rsg wolfsbos", ("Hoogeveen",)),
        ("ja", ("geprobeerd",)),
        ("ja, het lukte niet", ("projectidee → schoolmanagement → programmamanager",)),
    ],
    "unknown school asks place, province and goes on": [
        ("plan maken", ()),
        ("hogwarts", ("In welke plaats",)),
        ("zweinsveld", ("In welke provincie",)),
        ("[Drenthe]", ("Regio Assen", "Geen van deze")),
        ("[Geen van deze]", ("Doet jouw school al mee",)),
        ("geen idee", ("geprobeerd",)),
        ("nee", ("regios-in-beeld", "Hoe noem je")),
    ],
    "place leads to the region": [
        ("plan maken", ()),
        ("hogwarts", ("In welke plaats",)),
        ("hardenberg", ("Regio Vechtdal/Hardenberg",)),
        ("[Regio Vechtdal/Hardenberg]", ("Overijssel", "Doet jouw school al mee")),
        ("nee nog niet", ("geprobeerd",)),
        ("nog niet", ("nog niet meedoet", "programmamanager")),
    ],
    "another school typed at the candidates searches again": [
        ("plan maken", ()),
        ("dr nassau assen", ("Dr. Nassau College",)),
        ("ichthus veenendaal", ("Ichthus College Veenendaal",)),
        ("ichthus college veenendaal", ("Foodvalley",)),
    ],
    "question in the middle comes back to the same question": [
        *TO_DOELEN,
        ("wat is een regiovisie?", ("Bron:", "Terug naar vraag 2 van 6", "!Genoteerd")),
        ("30% in 2027", ("Vraag 3 van 6",)),
        ("overzicht", ("30% in 2027",)),
    ],
    "answer with the words of a question is stored": [
        *TO_DOELEN,
        ("We willen weten: wat kost het? Ons doel is 4000 euro en STO!", ("Vraag 3 van 6",)),
        ("overzicht", ("wat kost het? Ons doel is 4000 euro en STO!",)),
    ],
    "intent typed with a slash is an answer": [
        *TO_DOELEN,
        ('/cmd_send{"plan": 1}', ("Vraag 3 van 6", "!Verstuurd")),
        ("overzicht", ('/cmd_send{"plan": 1}',)),
    ],
    "back, keep, skip and tip": [
        *TO_DOELEN,
        ("terug", ("Vraag 1 van 6", "past bij de regiovisie")),
        ("[Laat zo staan]", ("Vraag 2 van 6",)),
        ("tip", ("hoofddoel", "vraag 2 van 6")),
        ("overslaan", ("laten we open", "Vraag 3 van 6")),
        ("overzicht", ("Doelen: nog open",)),
    ],
    "pause and come back": [
        *TO_DOELEN,
        ("pauze", ("Alles is bewaard",)),
        ("verder", ("Zorgrobot", "Vraag 2 van 6")),
    ],
    "hello in the middle gives a recap": [
        *TO_DOELEN,
        ("hallo", ("Welkom terug", "Vraag 2 van 6")),
    ],
    "stop keeps all": [
        *TO_DOELEN,
        ("stop", ("weg", "bewaard")),
        ("mijn plannen", ("Zorgrobot: weggelegd",)),
        ("[Verder: Zorgrobot]", ("Vraag 2 van 6",)),
    ],
    "second plan beside the first": [
        *TO_DOELEN,
        ("pauze", ()),
        ("plan maken", ("Zorgrobot", "Nieuw plan")),
        ("[Nieuw plan]", ("Op welke school",)),
        ("mijn plannen", ("Zorgrobot: in de maak", "plan zonder titel: in de maak")),
    ],
    "correct names the answer": [
        *TO_DOELEN,
        ("ik wil mijn titel aanpassen", ("Hoe noem je je plan", "Zorgrobot")),
        ("Zorgrobot 2.0", ("Vraag 2 van 6",)),
    ],
    "privacy, data and delete": [
        *TO_DOELEN,
        ("/privacy", ("Je rechten", "Terug naar vraag 2 van 6")),
        ("/mijngegevens", ("bestand",)),
        ("/verwijder", ("Weet je het zeker",)),
        ("nee", ("bewaar alles", "vraag 2 van 6")),
        ("verwijder al mijn gegevens", ("Weet je het zeker",)),
        ("[Ja, wis alles]", ("Gewist op",)),
        ("mijn plannen", ("nog geen plannen",)),
    ],
    "region asked outside a plan": [
        ("in welke regio valt mijn school", ("Voor welke school",)),
        ("bonhoeffer college", ("Twente",)),
        ("welke regio hoort bij rembrandt college", ("Foodvalley",)),
    ],
    "nonsense is said to be not understood": [
        ("wat eten we vanavond", ("begrijp ik nog niet", "!Bron:")),
    ],
    "question by command": [
        ("/vraag", ("Stel je vraag",)),
        ("wat is sterk techniekonderwijs", ("programma", "Bron:")),
    ],
    "company, human, thanks and bye": [
        ("ik ben van een bedrijf", ("draaiboek",)),
        ("ik wil een mens spreken", ("mens",)),
        ("ben je een robot?", ("automatische assistent",)),
        ("dankjewel", ("Graag gedaan",)),
        ("doei", ("Tot ziens",)),
    ],
    "status without a sent plan lists what there is": [
        ("waar staat mijn plan?", ("nog geen plannen",)),
    ],
    "sending needs an idea": [
        *TO_TITLE,
        *[("overslaan", ())] * 12,
        ("versturen", ("Vertel eerst kort", "Wat is je idee")),
    ],
}


@pytest.mark.parametrize("name", ROADS)
async def test_road(name: str, new_talk: NewTalk) -> None:
    talk = new_talk(name)

    for said, expected in ROADS[name]:
        is_button = said.startswith("[") and said.endswith("]")
        replies = await (talk.press(said[1:-1]) if is_button else talk.say(said))
        answer = "\n".join([reply.text + "\n" + "\n".join(reply.choices) for reply in replies])
        assert replies, f"{said!r} got no answer"
        for words in expected:
            if words.startswith("!"):
                assert words[1:] not in answer, f"after {said!r}:\n{answer}"
            else:
                assert words in answer, f"after {said!r}:\n{answer}"
