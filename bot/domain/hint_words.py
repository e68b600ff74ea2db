"""The words by which hints know numbers, moments, costs, partners and contributions in Dutch text.

The patterns read what `plain` gives. Every repeat in them is bounded, so a long text takes time in
proportion to its length and no more.
"""

from __future__ import annotations

import re
import unicodedata

#: Its accents are all that tells the number from the article.
_ONE = re.compile(r"\b(?:é[ée]n|eén)\b")
_SIGNS = str.maketrans({"‘": "'", "’": "'", "\u2010": "-", "\u2011": "-", "–": "-", "—": "-"})


def plain(text: str) -> str:
    """Give `text` for matching: lower case, no accents, "één" as 1, single spaces, same lines."""
    told = _ONE.sub("1", unicodedata.normalize("NFC", text.casefold()))
    bare = "".join(
        character
        for character in unicodedata.normalize("NFKD", told)
        if unicodedata.category(character) != "Mn"
    )
    quotes = bare.translate(_SIGNS)
    return "\n".join(" ".join(line.split()) for line in quotes.strip().splitlines())


def words(text: str) -> list[str]:
    """Give the words of a plain text, without numbers, signs and pictures."""
    return re.findall(r"[^\W\d_]+", text)


def _any(listed: str) -> str:
    return "|".join(listed.split())


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.MULTILINE)


#: The answer stands in another document, which nobody here has read.
ELSEWHERE = _pattern(
    r"\b(?:bijlagen?|bijgevoegd)\b|\.(?:docx?|pdf|xlsx?|pptx?)\b|https?://",
    r"\bzie (?:(?:de|het|ons|mijn|onze) )?(?:blz|bladzijde|pagina|document|bestand|lesplan|link)\b",
)

# --- Numbers

_COUNTED_NOUNS = _any(r"""
    lln leerling les uur uren min\b dag week weken wk maand jaar keer maal x\b % pct procent stuk
    st\b bedrij docent collega groepen klassen scho basisscho kinderen meisjes meiden
    jongens ouders mensen vakken keuzevakken partners opdrachten werkstuk project excursie machine
    drone laptop middag ochtend gastles stage plek eur bezoek workshop activiteit
""")
_NOT_COUNTED = rf"(?! ?(?:{_COUNTED_NOUNS}))"
_SMALL = "twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf"
_NUMBER_WORDS = (
    rf"\b(?:{_SMALL}|nul|dertien|veertien|anderhalve?|beiden?|allebei|driekwart|dubbele?|dozijn)\b",
    r"\b\w{0,20}(?:tien|twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig|honderd"
    r"|honderden|duizend|duizenden|mille|miljoen)\b",
    r"\b(?:tien|twaalf|vijf|acht|twintig|dertig|veertig|vijftig)(?:tal|tallen)\b",
)
#: Not an ordinal ("2e klas", "21e eeuw") and not a dimension ("3D-printen").
_DIGITS = (
    r"(?<![a-wyz\d_])(?<!\d[.,])\d{1,9}(?:[.,]\d{1,9}){0,4}(?!\d)(?![ -]?d\b)(?!(?:e|de|ste)\b)",
)
NUMBER = _pattern(*_DIGITS, *_NUMBER_WORDS)

_MEASURE_WORDS = (
    r"%|\bpct\b|procent|\bhelft\b|\bkwart\b|\b\w{0,8} ?(?:derde|vierde|vijfde) (?:deel|van)\b",
    r"\b\w{0,6}derde van\b|\bhalver|\bgehalveerd|verdubbel|verdrievoud|keer zo\b",
    r"\b(?:alle|elke|elk|iedere|ieder|iedereen|allemaal|niemand|geen enkele?|(?:de )?meesten?"
    r"|meerderheid|merendeel|maximaal|minimaal|minstens|tenminste)\b"
    r"(?! (?:jaar|schooljaar|maand|week|dag|kwartaal|periode|geval)\b)",
    # Other ways to see that it worked: what is measured, or there.
    r"\b(?:meten|meet|gemeten|nulmeting|eindmeting|enquetes?|vragenlijst|tellen|volle?|pta)\b",
    r"\b(?:geslaagd|tevreden) (?:als|wanneer)\b|certificaat|certificaten|diploma|zonder hulp",
    r"\bvaste? onderdeel\b",
)
MEASURE = _pattern(*_DIGITS, *_NUMBER_WORDS, *_MEASURE_WORDS)
#: With a moment beside it, this too can be seen: a room that is open in May.
DELIVERED = _pattern(
    r"\b(?:staat|staan|af|klaar|ingericht|opgeleverd|geopend|in gebruik"
    r"|erbij|(?:is|zijn|komt|komen) er)\b"
)

# --- Moments

_MONTH = (
    r"(?:januari|janu\w{0,6}|feb\w{0,8}|maart|mrt|april|apr|mei|juni|jun|juli|jul|aug(?:us\w{0,5})?"
    r"|sep|sept\w{0,8}|okt\w{0,8}|oct\w{0,8}|nov|nove?m\w{0,6}|dec|dece?m\w{0,6}|jan)"
)
_SCHOOL_YEARS = "|".join(rf"{year}/{year + 1}|{year}-{year + 1}" for year in range(24, 40))
_YEAR = (
    rf"(?:(?<!€)(?<!€ )\b20[2-4]\d\b(?![.,]\d|,-| ?eur)|(?<!\w)'[23]\d\b|\b(?:{_SCHOOL_YEARS})\b)"
)
_FULL_DATE = r"\b[0-3]?\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:20)?[2-4]\d\b"
_DAY = r"[0-3]?\d[-/](?:0?[1-9]|1[0-2])(?!\d)"
_DATE = rf"\b{_DAY}{_NOT_COUNTED}|\b(?:op|vanaf|per|voor|na|tot|uiterlijk|start) {_DAY}"
_HOW_MANY = rf"(?:\d{{1,2}}|{_SMALL})"
_SPAN = r"(?:jaar|jaren|jr|schooljaar|schooljaren|maanden|mnd|weken|wk)"
_NUMBERED_TIME = rf"\b(?:week|wk|periode|blok|kwartaal|kw|semester) ?\d{{1,2}}\b{_NOT_COUNTED}"
_EVENT = (
    r"(?:examens?|eindexamens?|cse|toetsweek|toetsen|open dag(?:en)?|profielkeuze|ouderavond"
    r"|diploma-?uitreiking|rapport\w{0,12})"
)
MOMENT = _pattern(
    rf"\b{_MONTH}\b",
    _YEAR,
    _FULL_DATE,
    _DATE,
    r"\b(?:maan|dins|woens|donder|vrij|zater|zon)dag\w{0,10}\b",
    # "leerjaar 2" and "jaarlaag" tell who, not when.
    r"\b(?!leer)\w{0,14}(?:jaar|jaren|najr|voorjr)\b|\b(?:school)?jr\b|\bhalfjaar\w{0,4}\b",
    r"\b\w{0,10}(?:zomer|herfst|winter)\w{0,12}\b|\blente\w{0,8}\b|\bkerst\w{0,10}\b|\bpasen\b|\bcarnaval\b",
    r"\b\w{0,10}(?:vakantie|vak?antie)s?\b|\b(?:pinksteren|hemelvaart|koningsdag|sinterklaas)\b",
    r"\bdag van de techniek\b",
    r"\b(?:week|weken|wk|wkn|weekend|maand|maanden|mnd|kwartaal|kwartalen|semesters?|trimesters?)\b",
    r"\b(?:\w{0,8}periodes?|perioden|blok|blokken|q[1-4]|[pt][1-4]|kw ?[1-4]|girls ?day)\b",
    r"\b(?:dagelijks|wekelijks|twee-?wekelijks|maandelijks|jaarlijks|morgen|na afloop)\b",
    r"\b(?:elke|iedere|per) (?:dag|middag|ochtend)\b",
    r"\b(?:begin|eind|einde) (?:van )?(?:de |het )?(?:klas|leerjaar|brugklas|onderbouw|project)\b",
    rf"\b(?:voor|na|tijdens|op|rond|bij) (?:de |het )?{_EVENT}\b",
    r"\bvoor(?:dat)? (?:ze|zij|leerlingen) (?:hun profiel |een profiel )?(?:gaan )?kiezen\b",
)

#: Numbers that name or date something and count nothing.
_CLASSES = _any("""
    klas klassen groep leerjaar leerjaren lj jaarlaag niveau niveaus mbo vmbo havo mavo kader basis
    bb kb gl tl gt hoofdstuk programmalijn bijlage fase stap doel mijlpaal punt industrie versie
""")
_LABEL = (
    rf"\b(?P<label>{_CLASSES})[ -]?[1-9](?!\d)[a-h]?"
    rf"(?:(?: ?[-/&+,] ?| en | of | t/m | tot en met )[1-9](?!\d)){{0,5}}(?![.,]?\d){_NOT_COUNTED}"
)
LABEL = _pattern(_LABEL)
NAMING = _pattern(
    r"^[ ]?\d{1,2}[.)](?!\d)",
    # A list that was typed on one line: "1. plan 2. lessen".
    r"(?<= )\d{1,2}[.)](?= [a-z])",
    _LABEL,
    _FULL_DATE,
    rf"\b\d{{1,2}} {_MONTH}\b",
    _YEAR + _NOT_COUNTED,
    _NUMBERED_TIME,
    rf"\b(?:binnen|over|in|na|komende) {_HOW_MANY} {_SPAN}\b",
)

# --- Costs and contributions

AMOUNT = _pattern(
    r"\b(?:\w{0,12}euro'?s?|eur|eu|fte|paar|tientallen|setjes?|dagdeel|dagdelen|halve?|helft)\b",
    r"\b(?:een|per) (?:uur|dag|middag|ochtend|week|maand|jaar)\b|\bper stuk\b|%|procent",
)
NO_COSTS = _pattern(
    r"\bgeen (?:\w{1,12} )?(?:geld|kosten|middelen|budget|uitgaven)\b|\bgratis\b|\bkosteloos\b",
    r"\bkost(?:en)? (?:\w{1,12} ){0,2}(?:niks|niets)\b|\b(?:verder|anders) (?:niks|niets)\b",
    r"\b(?:niks|niets) (?:extra|nodig|bijzonders)\b",
    r"\A(?:niks|niets)\b|\bnul euro\b|\balles (?:is|hebben|staat|al)\b|\b(?:al alles|alles al)\b",
)
_GIVERS = _any("""
    bedrijf bedrijven bedrijfsleven gemeente mbo roc provincie ondernemers? ouders ouderraad
    installateurs? aannemers? dealer leverancier school schoolleiding schoolbestuur bestuur
    partners?
""")
GIVER = _pattern(rf"\b\w{{0,20}}(?:{_GIVERS})\b")
#: "De bus naar het bedrijf": a giver's name where nothing is given.
DESTINATION = _pattern(
    r"\b(?:naar|voor|bij|op|in|aan) (?:(?:het|de|een|elk|elke|onze|twee|drie) )?"
    rf"\w{{0,20}}(?:{_GIVERS})\b",
)
_OWN = _any("""
    uren tijd bijdrage budget geld begroting middelen materiaal materialen spullen lokaal werkplaats
    gereedschap inzet rekening kosten personeel
""")
CONTRIBUTION = _pattern(
    r"\bco-? ?financ|\bcofin\b|\bbijdrage|\bbij ?dragen\b|spons[oe]r|\bgratis\b|kosteloos",
    r"\bin natura\b|\bkrijg(?:en|t)? (?:(?:we|wij|ik) )?van\b|\bbijleggen\b",
    r"donatie|doneer|doneren|schenk|fonds\b|fondsen\b|rotary|\bkorting|vrijwillig|fifty|om niet\b",
    r"\bte leen\b|leent\b|lenen\b|geleend|bruikleen|beschikbaar|inbreng|vergoed|gastles|gastdocent",
    r"\bbetaa?l(?:t|en)\b|\blever(?:t|en|de)\b|\bdelen we\b|\bop kosten van\b|\bvoor rekening\b",
    r"\b(?:draagt|dragen|legt|leggen|past) [^\n.;]{1,40}\bbij\b",
    r"\bbreng(?:t|en) [^\n.;]{1,60}\bin\b",
    rf"\beigen (?:{_OWN})\b|\bschool(?:budget|begroting)\b|\bschool (?:doet|neemt|zorgt)\b",
    r"\b(?:doen|regelen|doe|regel) (?:(?:we|wij|ik|dat) )?zelf\b",
    r"\b(?:al aanwezig|in huis|(?:is|zijn|staat|staan) er al|hebben (?:we|wij)(?: \w{1,12})? al)\b",
)
NO_CONTRIBUTION = _pattern(
    r"\b(?:geen|zonder) (?:\w{1,15} ){0,2}(?:co-? ?financiering|bijdragen?|sponsors?|inbreng)\b"
    r"(?: (?:van|door) (?:\w{1,15} )?\w{1,25}\b)?",
    r"\bco-? ?financiering[ :=-]{1,4}(?:nog )?(?:geen|niet|niets|onbekend)\b",
)
#: Of the activities only this is a company's own time for certain; a visit may cost it nothing.
GUEST_LESSON = _pattern(r"gastles|gastdocent|gast-les|kosteloos|\bgratis\b")

# --- Partners and the vision. Names cannot be listed, so what is listed is all that names nobody:
# any other word may be a partner, or a link with the vision.

#: What is no partner, though its words may be: the school itself and its own teams.
OWN_SCHOOL = _pattern(
    r"\b(?:onze|eigen|mijn|deze|hele|binnen de|binnen|op|in de|de) (?:eigen )?school\b",
    r"\b(?:secties?|vakgroep|afdeling|team|profiel|docenten?) (?:techniek|zorg|welzijn|groen|pie"
    r"|bwi|economie|horeca|nask|onderbouw|bovenbouw)\b|\bin (?:de|onze) regio\b",
)
#: "Geen bedrijf of mbo": what is said not to be there.
DENIED = _pattern(
    r"\b(?:geen|zonder|niet met) (?:(?:enkele?|vaste|echte|andere?|externe|concrete) )?(?!idee\b)"
    r"\w{1,30}(?: (?:of|en) (?:geen )?\w{1,30})?",
)
#: "Of het past bij de visie": what is said not to be known, or to come.
DOUBTED = _pattern(r"\bof (?:\w{1,12} ){1,4}(?:past|aansluit|sluit aan)\b|\bvolgt (?:nog|later)\b")

_COMMON = """
    af al alle alleen allemaal als b bekeken bekend bekijken ben bepaald bepalen beslissen
    bespreken besproken bij bijv concreets contact daar dan dat de deze die dit door duidelijk
    echt een eens eerlijk eerst eigenlijk en er erg even ga gaan geen gepraat gesprek gevonden
    gewoon gezegd haar had heb hebben heel helaas helemaal het hier hierover hoe hopelijk idee
    ik in invullen is ja je kan komt kunnen later ligt maar mbt me mee met mij mijn misschien
    moet moeten moment momenteel n na nadenken nader nakijken navragen nee niemand niet niets
    niks nnb nodig nog nooit nou ntb nu nvt of om onbekend onduidelijk ons onze ook op open over
    overleg overleggen plan precies snel sorry spreken sto t tbd te team teamleider toch tot uit
    uitzoeken v vaag van vanuit vast verder voor vooralsnog vraag vragen vullen waar wat we weet
    wel welke weten wie wij wil willen word worden wordt zal ze zeggen zeker zelf zich zijn zo
    zoek zoeken zou zover zullen
"""
NO_PARTNER_WORDS = frozenset(
    (_COMMON + """
    afdeling afgesproken ander andere anderen benaderd binnen bovenbouw collega collegas
    directie docent docenten doe doen doet eigen elkaar gaat gevraagd goed iedereen intern
    interne later leerlingen leraren meer onderbouw onderling organiseren partijen partner
    partners profiel profielen s samen samenwerken samenwerking samenwerkingen
    schoolintern schoolleiding sectie secties staan techniekdocent techniekdocenten techniekteam
    uitvoeren vakgroep vakgroepen vaksectie veel volgt weinig werk werken zorgdocent
    """).split()
)  # fmt: skip
NO_LINK_WORDS = frozenset(
    (_COMMON + """
    aan aangesloten aansluiting afgestemd afstemmen bespreken besproken bestaat bestudeerd
    contactpersoon doorlezen duiken erin flauw gehad gehoord gekeken gelezen gezien induiken
    inhoud inhoudt inlezen kaders ken kennen kent kijken leidinggevende lezen nagaan nagevraagd
    nergens opgezocht opvragen opzoeken programmamanager regio regiovise regiovisie
    schoolleiding uitgezocht verdiepen vinden visie weer
    """).split()
)  # fmt: skip
#: A denial of some kind; without one an answer of common words is just a short answer.
DENIAL = _pattern(
    r"\b(?:niet|geen|nee|niks|niets|nooit|nergens|niemand|onbekend|onduidelijk|nvt|n\.v\.t|nog"
    r"|uitzoeken|opzoeken|nakijken|navragen|opvragen|nagaan|tbd|ntb|nnb|n\.[tn]\.b)\b",
)
