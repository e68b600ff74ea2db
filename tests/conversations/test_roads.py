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

TO_READ_BACK: list[Pair] = [
    *TO_DOELEN,
    ("30% in 2027", ()),
    ("zes lessen", ()),
    ("februari 2027", ()),
    ("het mbo", ()),
    ("8 drones", ()),
    ("Docent Voorbeeld", ()),
    ("docent@school.example", ("Versturen",)),
]
NOT_SENT: Pair = ("mijn plannen", ("Zorgrobot: in de maak", "!STO-2"))

ROADS: dict[str, list[Pair]] = {
    **{
        f"half a yes does not send: {words}": [*TO_READ_BACK, (words, ("!Verstuurd",)), NOT_SENT]
        for words in ("ja maar", "ok laat maar", "versturen naar mij", "oke?", "top")
    },
    **{
        f"yes to something else does not send: {first}": [
            *TO_READ_BACK,
            (first, ()),
            (yes, ("!Verstuurd",)),
            NOT_SENT,
        ]
        for first, yes in (
            ("nieuw plan", "ja"),
            ("antwoord veranderen", "ja"),
            ("mijn plannen", "ja"),
            ("/vraag", "ja"),
            ("tot ziens", "ja"),
            ("wie is de programmamanager?", "ja"),
        )
    },
    "a plain yes at the read-back sends": [*TO_READ_BACK, ("ja, dat klopt", ("Verstuurd!",))],
    "old delete button does not send or wipe": [
        *TO_READ_BACK,
        ("verwijder mijn gegevens", ("Weet je het zeker",)),
        ("[Nee, bewaar alles]", ("bewaar alles", "Klopt het zo")),
        ("[Ja, wis alles]", ("!Gewist", "!Verstuurd")),
        NOT_SENT,
    ],
    **{
        f"only a plain yes wipes: {words}": [
            *TO_DOELEN,
            ("/verwijder", ("Weet je het zeker",)),
            (words, ("!Gewist",)),
            ("ok", ("!Gewist",)),
            ("mijn plannen", ("Zorgrobot",)),
        ]
        for words in ("ok laat maar", "ja maar", "waar staat mijn plan?")
    },
    **{
        f"no from management is never support: {words}": [
            *TO_TITLE,
            ("Zorgrobot", ()),
            ("een robot", ()),
            ("leerjaar 3", ()),
            ("onderbouw", ("schoolleiding",)),
            (words, ("!Genoteerd: Ja",)),
        ]
        for words in (
            "nee ze steunen het niet",
            "Nee, ze zijn er niet enthousiast over",
            "de directie gaat niet akkoord",
            "moet akkoord nog vragen",
            "teamleider staat erachter maar de directie weet van niets",
        )
    },
    "contact that worked is not contact that failed": [
        *TO_TITLE[:4],
        ("ja dat lukte wel, ik heb een afspraak", ("past niet bij de mogelijkheden",)),
    ],
    "question by command inside a plan is no answer": [
        *TO_DOELEN,
        ("/vraag", ("Stel je vraag",)),
        ("Mogen ict-docenten ook meedoen met een project", ("vraag 2 van 6", "!Genoteerd")),
        ("30% in 2027", ("Vraag 3 van 6",)),
    ],
    "region asked inside a plan is no answer": [
        *TO_DOELEN,
        ("wie is de programmamanager van mijn regio?", ("Voor welke school",)),
        ("Emmen", ("Emmen/Ter Apel", "vraag 2 van 6")),
        ("overzicht", ("Doelen: nog open",)),
    ],
    "choice in other words is no answer": [
        *TO_DOELEN,
        ("antwoord veranderen", ("Welk antwoord",)),
        ("de titel", ("Hoe noem je je plan",)),
        ("Zorgrobot 3", ("Vraag 2 van 6",)),
        ("antwoord veranderen", ("Welk antwoord",)),
        ("laat maar", ("niets gekozen", "vraag 2 van 6")),
        ("overzicht", ("Titel: Zorgrobot 3", "Doelen: nog open")),
    ],
    **{
        f"named answer can be changed: {name}": [
            *TO_READ_BACK,
            (f"ik wil mijn {name} aanpassen", (asked,)),
        ]
        for name, asked in (
            ("naam", "Hoe heet je"),
            ("e-mail", "e-mailadres"),
            ("vorm", "Welke vorm"),
            ("doelgroep", "Voor welke leerlingen"),
            ("middelen", "Vraag 6 van 6"),
            ("schoolleiding", "schoolleiding"),
        )
    },
    "long wish to go back is a command": [
        *TO_DOELEN,
        ("ik wil graag even terug naar de vorige vraag", ("Vraag 1 van 6",)),
    ],
    "answer can be emptied, not by skipping": [
        *TO_READ_BACK,
        ("ik wil mijn e-mail aanpassen", ("docent@school.example",)),
        ("overslaan", ("dat blijft zo",)),
        ("ik wil mijn e-mail aanpassen", ("docent@school.example",)),
        ("[Leegmaken]", ("weggehaald", "Je e-mailadres ontbreekt")),
    ],
    "plan on pause is named": [
        *TO_DOELEN,
        ("pauze", ()),
        ("30% in 2027 kiest techniek", ("“Zorgrobot” staat op pauze", "Verder met mijn plan")),
        ("verder", ("Vraag 2 van 6",)),
    ],
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
    "sure answer comes with more to choose": [
        ("wat is een programmamanager voor iemand", ("Bron: ", "👍", "👎")),
        ("[👎 Niet nuttig]", ("Dank je", "met andere woorden")),
    ],
    "doubt offers what may be meant": [
        ("hoeveel geld zit erin", ("Bedoel je een van deze vragen?", "Geen van deze")),
        ("[Geen van deze]", ("nog geen antwoord", "zonder jouw naam", "Een mens spreken")),
    ],
    "picked question is answered": [
        ("hoeveel geld zit erin", ("Budget van STO",)),
        ("[Budget van STO]", ("100 miljoen", "Bron: ")),
    ],
    "twice not understood offers a way out": [
        ("wat eten we vanavond", ("begrijp ik nog niet",)),
        ("qwertyuiop", ("lukt me niet", "Een mens spreken")),
        ("[Een mens spreken]", ("een mens",)),
    ],
    "question by command is always a question": [
        *TO_DOELEN,
        ("/vraag moet een bedrijf meebetalen", ("vraag 2 van 6", "Bron: ")),
    ],
    "question without its mark is a question": [
        *TO_DOELEN,
        ("hoeveel procent moeten bedrijven eigenlijk meebetalen", ("Bron: ", "vraag 2 van 6")),
        ("[Dit was mijn antwoord]", ("Genoteerd", "Vraag 3 van 6")),
        ("overzicht", ("hoeveel procent moeten bedrijven eigenlijk meebetalen",)),
    ],
    "answer that was a question is taken back": [
        *TO_DOELEN,
        ("Wat als leerlingen zelf les geven?", ("Vraag 3 van 6", "Dit was een vraag")),
        ("[Dit was een vraag]", ("vraag 2 van 6",)),
        ("overzicht", ("Doelen: nog open",)),
    ],
    "plan is pasted as a whole": [
        *TO_DOELEN,
        (
            "Doelen: 30% kiest techniek\nActiviteiten: zes lessen\nPlanning: mei 2027\n"
            "Kosten: 4000 euro",
            ("Doelen", "Mijlpalen", "Zo opslaan", "!Genoteerd"),
        ),
        ("[Zo opslaan]", ("Vraag 5 van 6",)),
        ("overzicht", ("30% kiest techniek", "mei 2027", "4000 euro")),
    ],
    "village leads to its region": [
        ("bij welke sto regio hoort klazienaveen", ("Emmen/Ter Apel",)),
    ],
    "question in english is understood": [
        ("who decides about my plan?", ("regio", "Bron: ")),
    ],
    "plain yes wipes nothing": [
        *TO_DOELEN,
        ("verwijder mijn gegevens", ("Weet je het zeker",)),
        ("ja", ("Ja, wis alles", "!Gewist")),
        ("[Ja, wis alles]", ("Gewist op",)),
    ],
    **{
        f"wiping an answer is not wiping everything: {words}": [
            *TO_DOELEN,
            (words, ("!Weet je het zeker",)),
        ]
        for words in ("wis dit", "Mag alles?", "verwijder dit antwoord", "kan alles weg?")
    },
    **{
        f"answer is no wish to leave the plan: {words}": [*TO_DOELEN, (words, ("Vraag 3 van 6",))]
        for words in (
            "sluit goed aan",
            "een bezoek aan een bedrijf",
            "dag bij een bedrijf",
        )
    },
    "guess in a plan offers to take the answer instead": [
        *TO_DOELEN,
        ("dat moet ik navragen", ("Dit was mijn antwoord",)),
        ("[Dit was mijn antwoord]", ("Vraag 3 van 6",)),
    ],
    "region asked with a plan in hand is its own": [
        *TO_DOELEN,
        ("in welke regio zit ik ook alweer?", ("STO-regio Assen", "vraag 2 van 6")),
    ],
    "short question is about the open question": [
        *TO_DOELEN,
        ("wat is dat", ("Bijvoorbeeld: ", "vraag 2 van 6")),
        ("is dat verplicht?", ("overslaan", "vraag 2 van 6")),
        ("hoe lang nog?", ("Dit staat er nu",)),
    ],
    "yes to a proposal stores it": [
        *TO_DOELEN,
        ("Doelen: a\nActiviteiten: b\nPlanning: c\nKosten: d", ("Zo opslaan",)),
        ("eh", ("nog niets opgeslagen", "Zo opslaan")),
        ("ja", ("Vraag 5 van 6",)),
    ],
    "almost a yes at the read-back says what to do": [
        *TO_READ_BACK,
        ("ziet er goed uit", ("nog niets verstuurd", "Versturen")),
    ],
    "new plan goes on with an empty one": [
        ("plan maken", ("Op welke school",)),
        ("plan maken", ("Op welke school", "!plan zonder titel")),
    ],
    "fixed choice that is missed twice shows a way on": [
        *TO_TITLE[:3],
        ("blauw", ("past niet",)),
        ("groen", ("Overslaan", "Een mens spreken")),
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
