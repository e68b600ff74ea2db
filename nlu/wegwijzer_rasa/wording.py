"""The words that make a short text a command, and those that make a sentence a question.

Standard library only: the app's tests read this module on their own Python.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """How one command sounds: one of `keys` must occur, its words in order; `also` may.

    None of `never` may occur, although they are fillers elsewhere.
    """

    keys: tuple[str, ...]
    also: frozenset[str]
    never: frozenset[str] = frozenset()


def _wording(keys: str, also: str = "", never: str = "") -> Wording:
    phrases = tuple(key.strip() for key in keys.split(","))
    return Wording(phrases, frozenset(also.split()), frozenset(never.split()))


#: Words that say nothing about what is asked. No prepositions but "naar" and "te": "in de pauze"
#: and "na de stop" are answers.
FILLERS = frozenset(
    "ik wil wou graag even nu maar aub alsjeblieft svp het de een deze dit die dat mijn mn me mij "
    "je jij kun kan kunnen mag mogen we weer nog toch eens hoor naar te ga gaan doe doen geef laat "
    "zien oke ok ja nee oeps sorry wacht please i want to can the a this it my".split()
)
_NOT_YET = "nee neen niet nog wacht oeps sorry eerst"
_SECTIONS = (
    "doel doelen titel idee activiteit activiteiten mijlpaal mijlpalen samenwerking middelen "
    "regiovisie school regio plan antwoord antwoorden vraag naam email mail e mailadres adres vorm "
    "doelgroep leerlingen schoolleiding management contactpersoon plaats provincie het over"
)
#: A command needs one of its keys, and no word beyond its own and the fillers. A word that could be
#: a whole answer by itself ("tijd", "morgen", "medewerker") is never a key alone.
COMMANDS: dict[str, Wording] = {
    "cmd_back": _wording("terug, vorige, hiervoor, back, previous", "stap vraag 1 go question"),
    "cmd_skip": _wording(
        "overslaan, sla over, skip, skippen, volgende, doe later, vul later in, kom later op terug,"
        "laat open, open laten, next",
        "vraag in wel hier question",
    ),
    "cmd_keep": _wording(
        "zo, staan, houden, houd, hou, blijven, behouden, ongewijzigd, verder, niets veranderen,"
        "niet aanpassen, keep, leave as is",
        "laten goed antwoord prima niets niet veranderen aanpassen gewoon is",
    ),
    "cmd_example": _wording(
        "voorbeeld, voorbeelden, vb, snap niet, begrijp niet, bedoel, uitleggen, leg uit,"
        "waarom vraag, moet ik invullen, goed voorbeeld, example",
        "vraag niet hier hiermee met goed wat geven heb moet eerst van hoe give",
    ),
    "cmd_pause": _wording(
        "pauze, pauzeren, later verder, morgen verder, straks verder, verder later, later afmaken,"
        "straks afmaken, maak later af, kom later terug, bewaar, opslaan, geen tijd, moet weg,"
        "pause, take break",
        "later morgen straks neem nemen en op zet heb meer stop stoppen",
    ),
    "cmd_stop": _wording(
        "stop, stoppen, afbreken, annuleren, annuleer, kappen, kap mee, hou op, houd op,"
        "laat zitten, zie af, niet verder met plan, cancel, quit",
        "niet meer met wordt niks ermee mee plan helemaal ervan er",
    ),
    "cmd_overview": _wording(
        "overzicht, samenvatting, tot nu toe, al ingevuld, heb ingevuld, hoe ver, hoever,"
        "hoeveel vragen, teruglezen, mijn plan zien, toon mijn plan, mijn antwoorden,"
        "laat alles zien, zien wat heb, staat open, overview, show my plan",
        "van plan geven heb wat al ben met alles hele komen er invullen",
    ),
    "cmd_correct": _wording(
        "aanpassen, wijzigen, wijzig, veranderen, verander, corrigeren, fout, foutje, verkeerd,"
        "vergist, klopt niet, kloppen niet, pas aan, iets toevoegen, change",
        _SECTIONS
        + " eerder eerdere vorige iets heb gemaakt ingevuld bij van is niet klopt kloppen "
        "eerst pas aan answer answers goals",
    ),
    "cmd_restart": _wording(
        "opnieuw, overnieuw, reset, restart, van voren af aan, vanaf begin, start over",
        "beginnen begin starten start helemaal alles weg en plan",
    ),
    "cmd_send": _wording(
        "versturen, verstuur, verstuurd, verzenden, opsturen, insturen, indienen, dien in,"
        "stuur op, stuur door, send, submit",
        "plan klaar is worden alles klopt programmamanager",
        never=_NOT_YET + " naar mij mezelf laat later",
    ),
    "cmd_help": _wording(
        "help, hulp, menu, opties, uitleg, mogelijkheden, wat kun je, wat kan je, hoe werkt dit,"
        "hoe werkt deze, kom er niet uit, snap niet hoe werkt, what can you do,"
        "how does this work",
        "heb nodig wat zijn allemaal hier chat bot",
    ),
    "start_plan": _wording(
        "plan maken, nieuw plan, plan starten, plan beginnen, nieuw idee, ander plan, start plan,"
        "begin plan, new plan, make plan",
        "nieuw ander maken starten beginnen met start new make",
    ),
    "resume_plan": _wording(
        "verder met, doorgaan met, door met, hervat, hervatten, was ik gebleven,"
        "waren we gebleven, plan afmaken, resume, continue",
        "plan waar",
    ),
    "my_plans": _wording(
        "mijn plannen, alle plannen, welke plannen, mn plannen, my plans",
        "heb al toon lijst met show",
    ),
    "status": _wording("status, waar staat plan, hoe staat plan", "plan van is wat met"),
    "human": _wording(
        "mens, helpdesk, iemand spreken, medewerker spreken, persoon spreken, echt persoon,"
        "echte persoon, iemand bellen, bel mij, bel me, geen robot, human",
        "spreken praten met echte talk speak",
    ),
    "privacy": _wording(
        "privacy, privacyverklaring, avg, mijn gegevens",
        "wat gebeurt er met hoe zit",
    ),
    "export_data": _wording(
        "mijn gegevens, gegevens opvragen, gegevens downloaden, inzageverzoek, my data",
        "al gegevens download downloaden opvragen inzien kopie van stuur exporteer",
    ),
    "delete_data": _wording(
        "verwijder, verwijderen, wis, wissen, delete",
        "al gegevens alles account data plannen en over van",
        never="dit dat die deze",
    ),
    "find_region": _wording("zoek regio, regio zoeken, zoek school, school zoeken"),
    "ask_question": _wording(
        "heb een vraag, een vraag, vraagje, vraag stellen, iets vragen, question",
        "heb tussendoor over sto have hier",
    ),
    "greet": _wording(
        "hallo, hoi, hey, hee, hi, hello, moin, goededag, goedemorgen, goedemiddag, goedenavond,"
        "goeiemorgen, good morning",
        "daar wegwijzer there",
    ),
    "thanks": _wording(
        "bedankt, dank, dankjewel, dankuwel, thanks, thx, merci, thank you",
        "wel voor hulp super top hartelijk helder fijn uitleg tof",
    ),
    "bye": _wording(
        "doei, tot ziens, tot later, tot morgen, tot de volgende keer, fijne dag, fijn weekend,"
        "fijne avond, groetjes, ciao, bye",
        "dag",
    ),
    "affirm": _wording(
        "ja, jaa, jazeker, zeker, klopt, prima, oke, ok, oké, akkoord, graag, top, is goed,"
        "doe maar, helemaal goed, yes",
        "hoor dat is goed helemaal alles",
        never=_NOT_YET,
    ),
    "deny": _wording(
        "nee, neen, niet, no, not yet",
        "dank neen niet liever absoluut zeker klopt goed is yet",
    ),
}

#: A plain yes, word for word.
YES = frozenset(
    phrase.strip()
    for phrase in (
        "ja, jaa, ja hoor, ja graag, ja zeker, jazeker, zeker, klopt, ja klopt, dat klopt,"
        "ja dat klopt, het klopt, ja het klopt, klopt zo, klopt helemaal, ja klopt helemaal,"
        "helemaal goed, ja helemaal goed, akkoord, ja akkoord, ja doe maar, ja is goed, ja prima,"
        "ja oke, ja oké, yes, ja wis alles, wis alles, ja verwijder alles"
    ).split(",")
)

#: Words that ask, wherever they stand; and verbs that ask where they stand in front.
QUESTION_WORDS = frozenset(
    "wat wie waar wanneer waarom wrm hoe hoeveel hoev hoelang welke welk waarvoor waaraan waarmee "
    "waaruit waarin what who where when why how which".split()
)
QUESTION_STARTS = QUESTION_WORDS | frozenset(
    "is zijn mag mogen moet moeten kan kun kunnen heb hebt hebben heeft krijg krijgt krijgen doet "
    "telt tellen geldt wordt worden ben zal zou loopt valt bestaat zit zitten gaat hoort horen "
    "kost komt komen duurt weet can is are do does may will".split()
)
#: Words before a question that do not make it anything else ("hoi, nog een vraagje: ...").
RUN_UPS = frozenset(
    "hoi hallo hey hi ok oke maar en eh uh uhm vraag vraagje even trouwens wacht sorry dus nog een "
    "tussendoor oja ja".split()
)
#: Words by which people tell somebody what to do, or what they want of him.
ADDRESSING = frozenset(
    "ik mij me mijn mn je jij jou jouw jullie wil wou kan kun mag ga gaan laat laten geef stuur "
    "toon zet zoek wis verwijder verander pas breek sla doe doen gooi haal maak open begin "
    "bewaar "
    "leg help stop noem vertel i me my you want can show give send delete please let go "
    "skip".split()
)
#: What people call what we keep of them.
OWN_DATA = frozenset(
    "gegevens gegevns data account info informatie privacygegevens persoonsgegevens chat "
    "gesprek mij me everything".split()
)
#: Short questions about the open plan question itself, word for word, and the intent they are.
SAID_HERE = {
    **dict.fromkeys(
        (
            "waarom",
            "waarom dat",
            "waarom vraag je dat",
            "wat is dat",
            "wat is dit",
            "wat betekent dat",
            "wat bedoel je",
            "wat bedoel je daarmee",
            "hoe bedoel je",
            "waar is dat voor",
            "why",
            "what is that",
        ),
        "cmd_example",
    ),
    **dict.fromkeys(
        (
            "hoe lang nog",
            "hoelang nog",
            "hoe lang duurt dit nog",
            "hoelang duurt dit nog",
            "hoe lang duurt het nog",
            "hoeveel nog",
        ),
        "cmd_overview",
    ),
    **dict.fromkeys(
        (
            "is dat verplicht",
            "is dit verplicht",
            "is dat nodig",
            "is dit nodig",
            "moet dat",
            "moet dit",
            "moet dat echt",
            "moet ik dat invullen",
            "moet ik dit invullen",
            "is that required",
            "do i have to",
        ),
        "faq_bot_alles_invullen",
    ),
}
