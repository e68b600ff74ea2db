"""The words of the directory: how texts become words, and which words carry no weight."""

from __future__ import annotations

import re
import unicodedata
from itertools import chain, groupby


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_FILLER = _set_of(
    """
    a aan aanvragen aardig achter actie af al alle alleen allemaal alles als alsjeblieft altijd am
    an and anders are at avond beetje begeleider begin beginnen bel ben bent beste bij blij bouw
    bouwen brug bus bwi cq d daar daarna dag dan dank dankjewel dat de deel den denk der des deze
    dit docent docente docenten doe doen doet doorgeven dp drie dt du dus e een eens eerst
    eigenlijk elke en enige er ergens ermee et eten even find for ga gaan gaat geef geeft geen geld
    geleden geloof gemeente geval geven gewoon goed goede goedemiddag goedemorgen goedenavond graag
    groep groot haal had haha hallo heb hebben heeft heel hello help het hi hier hij hoe hoeveel
    hoi hoor hoort horen hulp hun i idee iemand iets ik im in info ingevuld is it ja jaar je jij
    jou jouw jullie juni kan ken kennen klas klein klopt kom komen komt kun kunnen kunt laatste
    laten leer leerling leerlingen leraar lerares les lesgeef lesgeven lessen lieve locatie maak
    maar maart maken man me mee meer mensen met mij mijn mn moet moeten mvi my naam naar naast
    nabij name named namelijk nee net niet niks nl nog nou nu of oh ok oke om omgeving omstreken
    onder ons onze ook op opleiding over pie plaats plaatsje plan programma project regel regio
    regionaal regionale rond rondom s samen schooltje second sectie sinds soms sorry staat stad
    sterk sto straat subsidie t te teach teacher teamleider techniek techniekdocent technisch
    technische tegen ter terecht the thuis tijd toch toe tot tussen twee u uit uur va valt van
    vanaf vanavond vandaag vanuit vanwege vast veel vestiging via vind vinden vlakbij voor voorheen
    vraag vragen vroeg vroeger waar waarom wanneer want was wat we week weer weet weg wel welk
    welke werk werken werkt werkzaam wie wij wil willen with wonen woon word worden wordt work ze
    zeg zelf zijn zit zitten zo zoek zoeken zou
    """
)

# Everyday words that would pass for a slip of a name in the directory ("mogen", Morgen College).
_LOOKALIKE = _set_of(
    """
    aandeel adres ander andere arbeid ateliers banen basic bedrijf bedrijven bellen bestaat
    besteden betaal beter bezig brede breder bredere breed bring broek buiten bundel dachten
    december deelnemen deelnemers delen denken deuren dienen dienst dingen doel doelen dongel door
    dromen drone drones duidelijk echte eerder eigen elektra elkaar extra gelden gemengde goud
    gouden green groet groeten grond grootte grote hal halen header heen heldere hele helft hoog
    hoogte houden houdt hout kamer keuze key kosten kunst laden lager langer large laser lassen
    leden leider leiding lekker lente leren letten leven lijn lijst line linnen loopt maand maandag
    make mark marker materiaal median meedoen meedoet melden metaal meten middelen mijlpalen mogen
    mvg natuur nieuws opdrachten opleiden ouders praktijk prijs regios rijden robot ruimte scale
    schermen schools schriftelijk see sharing snel stands starting stays steden steen stemmen
    stenen storing stroom thema tien tiener trade vaker vakken vallen vbo veranderen verder
    verhalen vloer volgen volgt wagen waren water weken wensen werelden werkplaats weten where
    wilde winter woensdag woorden zaken zeker zeven zomer zorgen
    """
)

#: Words that say nothing about which school or region is meant; they are not looked at.
FILLER = _FILLER | _LOOKALIKE

#: Words for kinds of school: they tell two schools apart, and never name one.
KIND = _set_of(
    """
    academie afdeling agora basis basisschool beroeps beroepsacademie beroepscampus
    beroepscollege beroepsonderwijs bovenbouw bs campus chr christelijk christelijke college
    colleges cs csg dr drs gl groen gsg gymnasium havo hogeschool internationaal ir islamitisch
    kader katholiek katholieke lwoo lyceum mavo mbo media middelbaar middelbare mr onderbouw
    onderwijs onderwijsgroep open openbaar openbare ors osg pcc praktijkonderwijs praktijkschool
    pro prof protestants rkg roc rsg scholen scholengemeenschap scholengroep school
    schoolgemeenschap schoolgroep sg sint so speciaal stedelijk stichting talent tech technasium
    techniekpact technischcollege theoretisch theoretische tl vakcollege vaklyceum vakschool
    vmbo vo voortgezet vso vwo
    """
)

#: Points of the compass and the like: they need the name of a place beside them.
DIRECTION = _set_of(
    """
    centrum eo kop land midden nederland nederlandse nieuw nieuwe noord noordelijk noordelijke oost
    oostelijk oostelijke oud rijk stads west westelijk westelijke wijk zuid zuidelijk zuidelijke
    zuiden
    """
)

#: Names that are also everyday words; they count only where the sentence uses them as a name.
EVERYDAY = _set_of(
    """
    actief aken assen axel baken balk bant beatrix beek beesel bergen best borgen borger borne
    brink bunde buren burg capelle dalen deest dieren doorn duiven duizel echt element ens enter
    erica erp essen focus gent gerrit gilde globe goes goor grave halfweg ham hank hans haps harde
    haren heeg heerde helden herten hill hoeven holten hoogland hoorn horst houten huizen hulst
    johannes joost kampen kapelle kei kessel kleef krimpen laren leek leiden lent lier linne loket
    luik maarten marken mill monster morgen motion muiden nes newton oever oranje orden ospel
    petten philippine pieter prins putten rekken rijen roden roelof rolde ronduit ruinen rutten
    scala schagen schans sluis soest stein streek strijen thorn tuil veere velden vincent volt vonk
    vries vuren waard waarden weert wierden wilhelmina willem wilp wouw zee zetten zwaag zwaai
    """
)

_NAME_CUES = _set_of("in te uit bij regio gemeente plaats omgeving nabij rond near at")
_SCHOOL_CUES = _set_of("op bij")  # before an article: "ik werk op het Element"
#: Little words that stand before a name as well as before anything else.
LINKS = _set_of("het de t aan van der den")

#: What people write for a word that the directory spells otherwise.
_SAME = {
    "hertogenbosch": "bosch",
    "gravenhage": "haag",
    "fryslan": "friesland",
    "st": "sint",
    "statia": "eustatius",
    "chr": "christelijk",
    "christelijke": "christelijk",
    "openbare": "openbaar",
    "noordelijke": "noordelijk",
    "colege": "college",
    "kollege": "college",
}
_ENDINGS = ("scholengemeenschap", "college", "colege", "kollege", "lyceum", "school", "mavo")
_COMPASS = re.compile(r"(noord|zuid)-?(oost|west)")
_WORD = re.compile(r"[a-z0-9]+")
_BY_EAR = (
    ("ij", "y"), ("ei", "y"), ("ey", "y"), ("sch", "sg"), ("ch", "g"), ("gh", "g"), ("ph", "f"),
    ("th", "t"), ("ck", "k"), ("ce", "se"), ("ci", "si"), ("c", "k"), ("q", "k"), ("x", "ks"),
    ("z", "s"), ("v", "f"), ("ae", "a"), ("ou", "au"), ("dt", "t"), ("j", "i"),
)  # fmt: skip


def words_of(text: str) -> tuple[str, ...]:
    """Split a text into plain lower-case words; case, accents and punctuation do not matter."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("a/d", "aan de"))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    words: list[str] = []
    for is_letter, run in groupby(_WORD.findall(plain), key=lambda word: len(word) == 1):
        # Single letters in a row are an abbreviation: "o.r.s." and "O R S" are both "ors".
        found = list(run)
        words += chain.from_iterable(map(_parts, ["".join(found)] if is_letter else found))
    return tuple(words)


def _parts(word: str) -> list[str]:
    word = _SAME.get(word, word)
    if word in KIND or word in FILLER:
        return [word]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending):
            return [word.removesuffix(ending), _SAME.get(ending, ending)]
    compass = _COMPASS.fullmatch(word)
    return list(compass.groups()) if compass else [word]


def is_name_here(words: tuple[str, ...], index: int) -> bool:
    """Tell whether an everyday word stands where people put the name of a place or school."""
    if len(words) <= 2:
        others = FILLER - LINKS - _NAME_CUES - _SCHOOL_CUES
        return not any(word in others for word in words)
    before = [word for word in words[max(0, index - 3) : index] if word not in LINKS]
    if KIND & {*words[index + 1 : index + 2], *before[-1:]}:
        return True
    cues = _NAME_CUES if words[index - 1] not in LINKS else _SCHOOL_CUES
    return bool(before) and before[-1] in cues


def by_ear(word: str) -> str:
    """Spell a word as it sounds, so that "karmel" and "carmel", "asen" and "assen" are equal."""
    for written, heard in _BY_EAR:
        word = word.replace(written, heard)
    return "".join(letter for letter, _ in groupby(word))


def is_strong(word: str) -> bool:
    """Tell whether a word can prove something by itself."""
    return not (word in KIND or word in DIRECTION or word in FILLER or word.isdigit())
