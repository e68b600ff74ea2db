"""Hints about a plan's answers: given where something lacks, and silent where a teacher said it."""

from __future__ import annotations

import re
from re import _parser as shapes
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import hint_words
from bot.domain.hints import Found, Hint, hints
from bot.texts.hints import CLOSING, MANAGER, TEACHER, manager_hints, teacher_hints
from tests.plans import QUESTIONS

SIX = ("regiovisie", "doelen", "activiteiten", "mijlpalen", "samenwerking", "middelen")
EXAMPLES = {key: QUESTIONS[key].example for key in SIX}

#: Per hint: the question, answers that get it, and answers that do not. "|" divides, "/n" is a
#: new line; the answers are as teachers type them.
TABLE = {
    Hint.GOAL_WITHOUT_MEASURE: ("doelen", """
        Dat kinderen het leuk vinden | bekendheid. instroom. doorstroom.
        | meer meisjes in de techniek | Leerlingen leren dat techniek meer is dan vieze handen.
        | techniek op de kaart zetten | meer leerlingen in pie
        | betere aansluiting op het mbo in 2028 | weet ik nog niet
        | Onze leerlingen van klas 2 kiezen bewuster een profiel | leuker onderwijs :-)
        | Aan het eind van schooljaar 26/27 zijn leerlingen enthousiaster over techniek.
        | 1. meer instroom/n2. betere samenwerking/n3. trotse leerlingen
        | Ik hoop vooral dat ze zelfvertrouwen krijgen en iets maken waar ze trots op zijn
        | leerlingen van groep 7 en 8 kennismaken met techniek | meer interesse in 3D-printen
        | minder uitval op mbo niveau 2 | In juni 2027 weten ouders beter wat techniek inhoudt.
        | doelen: 21e-eeuwse vaardigheden en samenwerken | docenten bijscholen
        | binnen 2 jaar meer techniekleerlingen dan nu
        | Een doorlopende leerlijn van leerjaar 1 t/m 4 | doorstroom mbo 4
        | We willen laten zien dat techniek overal is, ook in de zorg, en dat het niet eng is.
        | dat er een paar meer voor techniek kiezen zou mooi zijn
        | samenwerken met het bedrijfsleven | vanaf 1 september 2027 meer techniek in de onderbouw
        | beter zicht op beroepen bij bb en kb
        """, """
        In 2027 kiest 30% van onze tweedeklassers techniek | meer meisjes in pie, van 2 naar 10
        | dertig procent meer instroom | de helft van klas 2 kiest techniek | een kwart doet mee
        | twee keer zo veel leerlingen in BWI | verdubbeling van het aantal techniekleerlingen
        | minimaal 15 lln kiezen BWI | de uitval in het eerste jaar mbo halveren | 10 pct. meer
        | alle leerlingen van leerjaar 2 hebben een techniekbedrijf gezien | 12 leerlingen extra
        | Elke brugklasser maakt een werkstuk | iedereen doet een techniekles voor de kerst
        | niemand verlaat klas 2 zonder techniek gezien te hebben | van 9% naar 4% verzuim
        | vijfentwintig leerlingen per jaar naar het techlab | minstens één nieuw keuzevak
        | Keuzevak domotica staat vanaf augustus 2027 in het pta | driekwart kan het navertellen
        | 2 docenten bijgeschoold | 1/3 van de meiden kiest techniek | cijfer stijgt van 6,1 naar 7
        | tweederde van de ouders komt kijken
        | in 2027 een keuzevak erbij | er doen 3x zoveel basisscholen mee als nu
        | ieder kind een keer in de werkplaats | het techlab is in mei 2028 klaar en in gebruik
        | we gaan naar een tiental bedrijven | een docent durft de les te geven zonder hulp
        | ik vind het geslaagd als de basisschool zelf belt | we meten het met een enquête
        """),
    Hint.GOAL_WITHOUT_MOMENT: ("doelen", """
        meer meisjes in pie, van 2 naar 10 | 10% meer techniek | 30 procent kiest techniek
        | Dat kinderen het leuk vinden | alle 90 leerlingen van klas 2 hebben 3 bedrijven gezien
        | bekendheid, instroom, doorstroom | weten we nog niet | minimaal 15 leerlingen kiezen BWI
        | de helft van de basisscholen doet mee
        | twee keer zo veel leerlingen bij installatietechniek
        | Docenten zorg durven zelf een les met de zorgrobot te geven | techniek in leerjaar 2
        | leerlingen van groep 7 en 8 zien dat techniek leuk is | van 17 switchers naar max 5
        | verzuim bij techniek van 9% naar 4% | meer leerlingen naar mbo niveau 4 | nog onduidelijk
        | minimaal 6 vaste bedrijven | tweede machinelijn vol krijgen | 2 docenten bijgeschoold
        | Onze leerlingen kiezen bewuster, omdat ze meer gezien hebben. | zelfvertrouwen
        | 80% kan vertellen wat een technicus doet | 1. meer instroom/n2. minder uitval
        | techniek gewoon maken in de onderbouw | kennis van de 7 werelden van techniek
        | augmented reality en talenten
        | dat leerlingen 2-3 lessen per profiel zien
        | iedereen maakt iets van hout en iets van metaal
        """, """
        In 2027 kiest 30% techniek | over drie jaar doet de helft mee
        | in 2 jr van 1 naar 3 groepen | eind schooljaar 2027-2028 een kwart
        | volgend jaar tien meisjes meer | voor de zomer af | vanaf aug 2027 in het pta
        | 30 leerlingen per jaar | schooljaar 26/27 alle brugklassers
        | einde klas 2 hebben ze drie bedrijven gezien | na de kerst zijn 4 docenten geschoold
        | in juni staat de leerlijn | Q4: 20 inschrijvingen | eind blok 2 heeft elke groep geprint
        | alle leerlingen hebben 3 bedrijven gezien voor ze kiezen | week 12: eerste 20 leerlingen
        | per 1-8-2027 een nieuw keuzevak | binnen een half jaar 5 partners | 20% meer in '28
        | na afloop kan 80% vertellen wat een technicus doet | komend schooljaar 15 lln
        | op 01-02-2027 zijn er 6 bedrijven | tegen Pasen hebben we 12 stageplekken
        | in het voorjaar 2 groepen | medio 2027 doorstroom +5% | Aan het eind van het project 10%
        | septmber 2027 start met 15 leerlingen
        | in 2027 starten we | in periode 3 heeft iedereen een robot gebouwd
        """),
    Hint.ACTIVITY_WITHOUT_DATE: ("activiteiten", """
        Zes lessen drones, één bedrijfsbezoek en een middag voor groep 8. | gastlessen
        | lessenreeks maken, docenten scholen, uitproberen in 2 klassen | bedrijfsbezoek 3x
        | 1) werkgroep starten/n2) lasersnijder kopen/n3) docenten trainen/n4) open dag
        | speeddate met bedrijven | onderzoeken, ontwerpen, maken, testen | weet ik nog niet
        | drone vliegen (6 lessen) / data verwerken (4 lessen) | hulp vragen aan het mbo
        | Excursie naar de scheepswerf 🚢 + lasworkshop | scholing vr voor 4 docenten
        | ouderavond organiseren want ouders houden het vaak tegen | lessen voor groep 7/8
        | een oud lokaal leegruimen, schilderen en dan openen met de wethouder | 2-3 lessen lassen
        | We laten leerlingen een dag meelopen met een monteur. De decaan plant.
        | techniekcarrousel | lesbrief "Slim huis" aanpassen, 12 lessen van 90 min
        | keuzevak ontwikkelen en draaien
        | we gaan eerst kijken bij een andere school en daarna schrijven we zelf de modules
        | klas 3 en 4 gaan samen een tiny house bouwen | projectweek techniek | filmpje maken
        | 3D-printen met leerjaar 1 | terugkomdag oud-leerlingen | robots bouwen met z&w leerlingen
        """, """
        Elke vrijdagmiddag techniekatelier | groep 8 op bezoek in februari
        | terugkomdag, 2x per jaar | - Sept: kick-off/n- Okt t/m jan: lessen/n- Feb: printen
        | in de herfst een startmiddag | De eerste maand machines installeren, daarna lessen
        | per periode een wereld van techniek | wekelijks blokuur met twee docenten
        | volgend schooljaar zes gastlessen | week 12 excursie
        | voor de zomer een lesbrief, na de zomer zes lessen | lessen op dinsdag | start 1/9
        | eind blok 2 een markt voor ouders | in Q1 scholing, in Q2 lessen | na de meivakantie
        | 12 maart bedrijfsbezoek | schooljaar 26/27: ontwikkelen | elke maand een gastles
        | tijdens de open dag workshops | vanaf 2027 draaien in klas 2 | elk kwartaal overleg
        | in blok 3 lassen | het tweede semester naar het techlab | jaarlijks een techniekmarkt
        | 15-01-2027 scholing, daarna de lessen | na de herfstvakantie starten we met zes lessen
        | in het najr bezoek aan het mbo | novmber gastlessen | dagelijks een kwartier sleutelen
        """),
    Hint.MILESTONE_WITHOUT_MOMENT: ("mijlpalen", """
        weten we nog niet, hangt af van wanneer we akkoord krijgen | nog geen data | geen idee
        | mijlpaal 1: projectplan goedgekeurd/nmijlpaal 2: 5 bedrijven/nmijlpaal 3: 100 leerlingen
        | lesbrief klaar, eerste lessen, terugblik | 20 leerlingen ingeschreven | start keuzevak
        | eerst de werkgroep, dan de machines, dan de lessen | lokaal ingericht | zo snel mogelijk
        | 1. plan klaar 2. materiaal binnen 3. lessen gegeven 4. evaluatie
        | moet nog bepaald worden
        | Contract met het mbo getekend, docenten geschoold, keuzevak van start. | n.v.t.
        | als de machines er zijn beginnen we | binnenkort de eerste les
        | fase 1 voorbereiden, fase 2 uitvoeren, fase 3 evalueren | alle tweedeklassers geweest
        | leerjaar 2 en 3 doen mee | zodra we akkoord hebben starten we met de aanschaf
        | 3 bedrijven, 4 basisscholen, 1 mbo | de eerste groep geslaagd
        | eerste klas klaar, tweede klas klaar | pilot, bijstellen, uitrollen
        | we willen vooral rustig opbouwen en tussendoor met het team evalueren
        | overleg met bedrijf | keuzevak in het pta | groep 7/8 op bezoek geweest | techlab open
        | nog plannen
        """, """
        okt 2026 werkgroep rond, jan 2027 lokaal klaar | voor de kerst de machines binnen
        | 1/9/2027 start | Maart: proefles. Juni: evaluatie.
        | in het najaar beginnen en in de zomer klaar
        | Eerste periode voorbereiden, tweede periode draaien | wk 40 kickoff, wk 6 tussentijds
        | over een half jaar de aanschaf | Q1 inkoop, Q2 pilot, Q3 bijstellen | septmber lokaal
        | schooljaar 26/27 ontwikkelen, 27/28 draaien | eind blok 2 | open dag januari 2027
        | Contract getekend (dec), start keuzevak (aug) | volgend jaar om deze tijd
        | febr eerste klas | na de meivakantie de eerste gastles | 15-01: materiaal klaar | 2027
        | half maart lesbrief
        | 24-09 start | binnen drie maanden een plan | kwartaal 1 voorbereiden
        | voor de open dag staat alles | zodra de verbouwing klaar is, verwacht eind maart
        | 12.03.2027 presentatie | begin 2027 | volgende week overleg met de teamleider | week 12
        | na de examens evalueren | aan het einde van dit schooljaar | vóór carnaval
        | dinsdag overleg met het mbo | eind volgend cursusjaar
        """),
    Hint.COSTS_WITHOUT_PRICE_AND_NUMBER: ("middelen", """
        weet ik nog niet, moet offertes opvragen | zo min mogelijk | uren uren uren | drones | geld
        | gereedschap en materiaal | 3D-printers en filament | een lasersnijder
        | vervanging docenten | materiaal voor klas 3 | vr-brillen, laptops en een lokaal
        | wat tijd en een budget | Vooral tijd voor docenten om samen lessen te maken.
        | hangt af van de regio | busvervoer | lesmateriaal voor groep 7 en 8 | scholing
        | een instructeur die ons kan helpen
        | werkbanken, afzuiging, een boormachine en gereedschapswanden | geen idee wat het kost
        | in 2027 nieuwe machines | hout, schroeven en zaagjes | technisch onderwijsassistent
        | - drones/n- laptops/n- licenties | uitzoeken met de administratie | subsidie sto
        | 1. drones/n2. scholing | moet ik nog uitrekenen | uren voor ontwikkelen en een ruimte
        """, """
        8 drones van 450 euro, 40 uur voor een docent | € 12.500 | 450 euro | 4k | 1.250,- | €450
        | 10 vr brillen (400 p/st) | 10 x lasbril | twee setjes lego spike | 40 uur | 0,1 fte
        | een paar duizend euro voor materiaal | tussen de 5 en 8 duizend | ik zou zeggen 15 mille
        | vijf laptops | werkbanken 8x, afzuiging | lease 300/mnd
        | een dag in de week een instructeur | geen geld, wel toestemming | het kost niks
        | vervanging, zes dagen | ong 1100 eu | Geen extra kosten, we hebben alles al
        | anderhalf uur per week | één lasersnijder | een licentie (25 stuks) | twintig uur docent
        | zo rond de drieduizend euro | niets extra | dertig veiligheidsbrillen | ca.30 overalls
        | 2u per week voor twee docenten | gratis | niks, alleen toestemming
        | een container van de aannemer, in bruikleen
        """),
    Hint.NO_PARTNER: ("samenwerking", """
        geen | nog geen partner | niemand | nog niemand | alleen onze school | nog niet | n.v.t.
        | geen, wij doen het intern met de sectie techniek en de sectie zorg | weet ik nog niet
        | nog geen partners gevonden | we doen het zelf | alleen met collega's | nee | met niemand
        | Nog niet bekend. | binnen onze eigen school | nog geen bedrijf of mbo gevonden
        | We werken nog met niemand samen in de regio. | geen idee | de docenten van onze school
        | Alleen binnen de school, met het team onderbouw. | (nog) geen samenwerking | nvt
        | dat moeten we nog uitzoeken | wij hebben nog geen partners in de regio | geen bedrijven
        | Op dit moment nog niet, dit doen we met onze eigen docenten | nog te bepalen
        | moet nog bekeken worden | zonder partners | intern
        | met de vakgroep techniek en de teamleider
        """, """
        Het mbo leent een simulator uit. | roc en 2 installatiebedrijven | technolab, bibliotheek
        | nog niemand, ik zou graag een bouwbedrijf en de woningcorporatie vragen
        | samen met het mbo | een installateur uit het dorp | basisscholen | de bassischool ernaast
        | po en vo | gemeente | Dijkstra Draisma | Ouders! Veel ouders komen graag vertellen
        | de kaasmakerij hiernaast | nog geen bedrijf, wel het mbo | Alfa-college en Terra
        | verpleeghuis | school 20 km verderop | de andere vmbo-school in de stad
        | waterschap + loonbedrijf | TechniekNL, Bouwend Nederland
        | praktijkonderwijs in hetzelfde gebouw | hogeschool | ASML | de lokale ondernemers
        | Nog geen partner. We denken aan de scheepswerf. | met een garage en een fietsenmaker
        | niet alleen met het mbo maar ook met drie bedrijven | techlab van de regio | Noorderpoort
        | Weten we nog niet precies. Wie zouden we willen? Een drukkerij. | jansen installatie bv
        | Geen vaste partner, maar 2 bedrijven geven gastlessen | geen idee, misschien het roc
        | een brancheorganisatie | de boer waar we altijd komen | het dr. nassau college
        """),
    Hint.NO_LINK_WITH_VISION: ("regiovisie", """
        weet ik niet | ken ik niet | geen idee | nog uitzoeken | Weten we nog niet | n.v.t. | nee
        | Weten we nog niet, ik heb de visie niet gelezen.
        | wordt nog afgestemd met de contactpersoon | Ik ken de regiovisie niet.
        | geen idee, nooit gezien | dat moet ik nog navragen | niet | onbekend
        | we weten niet wat de regiovisie is | Die ken ik eerlijk gezegd niet. | weet niet
        | Ik weet niet of het aansluit bij de regiovisie. | nog niet bekend | regiovisie onbekend
        | wat is de regiovisie? geen flauw idee | moet nog besproken worden met de programmamanager
        | nog opzoeken | kan ik nergens vinden | zou ik niet weten
        | Ik heb geen regiovisie gevonden. | niet gelezen | hier moet ik nog induiken | geen
        | dat weet de teamleider, ik niet
        """, """
        De regio wil meer meisjes in de techniek. Ons keuzevak is juist voor hen. | goed, denk ik
        | regio zet in op zorgtechnologie, wij ook | past bij programmalijn 2 (po-vo) | krimpregio
        | Nog niet besproken met de programmamanager, maar ik denk dat het bij meer instroom hoort.
        | doorlopende leerlijn po vmbo mbo | duurzaamheid / energietransitie | meer instroom
        | weet ik niet precies, maar de regio heeft veel tuinbouw | sluit aan op hoofdstuk 3
        | In onze regio is een tekort aan monteurs. | meisjes | wij leiden straks installateurs op
        | Leerlingen weten niet wat techniek is, daar wil de regio iets aan doen.
        | hybride docenten | er is geen techniek in de onderbouw, de regio wil dat wel
        | aansluiting mbo | Niet alleen harde techniek maar ook zorg, dat staat in de visie
        | brede techniek | Geen losse projecten meer, dat wil de regio ook niet
        | de stuurgroep wil dit
        | leerlingen kennen de bedrijven in de buurt niet; de visie noemt dat als probleem
        | ik ken de visie niet helemaal, maar techniek in de zorg staat erin | arbeidsmarkt
        | Jongeren hebben geen idee wat er te doen is in de haven. De regio wil dat veranderen.
        | techniek voor iedereen | Het regioplan noemt de onderbouw | tekort aan installateurs
        """),
    Hint.NO_CO_FUNDING: ("middelen", """
        € 12.500 | 10 vr brillen (400 p/st), 1 docent 0,1 fte | 8 drones van 450 euro | 40 uur
        | busvervoer, 8 ritten van 450 euro | tussen de 5 en 8 duizend | 4k | 15 mille
        | Een lasersnijder van ongeveer 7000 euro incl. afzuiging. | 2 uur per week voor een docent
        | hulp van een onderwijsassistent, 8 uur p/w
        | Een licentie (25 stuks), prijs nog niet bekend
        | veiligheidsbrillen en overalls voor 30 lln, ong 1100 eu | vijf laptops | twee setjes lego
        | 6 dagen vervanging | sorteerrobot (lease 300/mnd) | 3 printers: 2.400, filament: 300
        | 3000 euro, nog geen cofinanciering | 500 euro, geen bijdrage van bedrijven | 10 x lasbril
        | 2 drones x 900 = 1800 euro/n40 uur x 65 euro = 2600 euro | dertig helmen
        | 1.250,- per stuk | 20 uur voor ontwikkelen en 600 euro voor materiaal
        | anderhalve dag scholing, 800 euro
        | leerlingen bouwen hun eigen robot, 30 pakketten van 25 euro | zes werkbanken, vier zagen
        | cofinanciering: nog niet, kosten 2000 euro | 1 lasersnijder, moet betaalbaar blijven
        """, """
        40 uur voor een docent. Het bedrijf brengt 20 uur in. | 3000 euro, 10% cofinanciering
        | Bedrijf levert hout gratis, wij vragen 4500 | 60 uur en 15 uur van het bedrijf
        | geen geld | sto budget + 10% van bedrijven + bijdrage school 2000
        | sponsor betaalt 500 euro | 7000 euro, het onderhoud betaalt de school zelf
        | het mbo leent 2 robots uit, 300 euro
        | 5 laptops, de installateur stelt zijn werkplaats beschikbaar | zo min mogelijk | drones
        | 4 lasapparaten, krijgen we van een bedrijf te leen
        | 20 uur eigen uren van school, 800 euro | hout wordt gedoneerd, gereedschap 450 euro
        | 2000 euro, waarvan 500 van de gemeente | twee bedrijven geven gastlessen, bus 400 euro
        | de rotary legt 250 euro bij | gratis | 1000 euro; de leverancier geeft 20% korting
        | 6 helmen in natura | weet ik nog niet | wij doen zelf 30 uur, materiaal 200 euro
        | 300 euro, monteurs komen kosteloos | co-financiering van 2 bedrijven
        | 100 uur, de helft voor rekening van de school | bedrijven dragen 1500 euro bij
        | een fonds geeft 1000 euro | 8 tablets in bruikleen
        | machines 8000 euro, Bouwbedrijf Jansen sponsort | 500 euro uit het schoolbudget
        | geen kosten | het verschil van 800 past de ouderraad bij
        | 60 procent regio, 25 procent school | wij krijgen van de houthandel voor 300 euro hout
        """),
}  # fmt: skip


def answers_of(block: str) -> list[str]:
    parts = " ".join(block.split()).split("|")
    return [part.strip().replace("/n", "\n") for part in parts]


GETS = [
    pytest.param(hint, step, text, id=f"{hint}: {text}")
    for hint, (step, yes, _) in TABLE.items()
    for text in answers_of(yes)
]
GETS_NOT = [
    pytest.param(hint, step, text, id=f"{hint}: {text}")
    for hint, (step, _, no) in TABLE.items()
    for text in answers_of(no)
]


def given_hints(answers: dict[str, str | None]) -> set[Hint]:
    return {found.hint for found in hints(answers)}


@pytest.mark.parametrize(("hint", "step", "text"), GETS)
def test_hint_where_something_lacks(hint: Hint, step: str, text: str) -> None:
    assert Found(hint, step) in hints({step: text})


@pytest.mark.parametrize(("hint", "step", "text"), GETS_NOT)
def test_silence_where_it_is_said(hint: Hint, step: str, text: str) -> None:
    assert Found(hint, step) not in hints({step: text})


def test_example_of_a_question_gets_no_hint() -> None:
    # The example for the activities tells what and how often; when is asked in the next question.
    for step in SIX:
        expected = {Hint.ACTIVITY_WITHOUT_DATE} if step == "activiteiten" else set()
        assert given_hints({step: EXAMPLES[step]}) == expected


def test_plan_of_examples_gets_no_hint() -> None:
    assert hints(EXAMPLES) == ()


@pytest.mark.parametrize("text", [None, "", " \n\t"])
def test_open_answer_gets_no_hint(text: str | None) -> None:
    assert hints(dict.fromkeys(SIX, text)) == ()
    assert hints({}) == ()


def test_hints_keep_the_order_of_questions() -> None:
    found = hints(dict.fromkeys(reversed(SIX), "weet ik niet"))

    assert [one.step for one in found] == [
        "regiovisie", "doelen", "mijlpalen", "samenwerking", "middelen"
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["zie bijlage", "staat in lesplan_v3_def.docx", "zie blz. 14"])
def test_answer_in_a_document_gets_no_hint(text: str) -> None:
    assert hints(dict.fromkeys(SIX, text)) == ()


@pytest.mark.parametrize("milestones", ["okt lokaal klaar", "nog geen data"])
def test_moment_is_asked_in_one_place(milestones: str) -> None:
    answers = {"doelen": "10% meer techniek", "activiteiten": "zes lessen", "mijlpalen": milestones}

    assert not given_hints(answers) & {Hint.GOAL_WITHOUT_MOMENT, Hint.ACTIVITY_WITHOUT_DATE}


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("samenwerking", "Het mbo leent een simulator uit."),
        ("samenwerking", "Twee bedrijven stellen elk een monteur beschikbaar"),
        ("activiteiten", "acht gastlessen door monteurs"),
    ],
)
def test_contribution_may_stand_elsewhere(step: str, text: str) -> None:
    assert hints({"middelen": "8 drones van 450 euro", step: text}) != hints(
        {"middelen": "8 drones van 450 euro"}
    )
    assert Hint.NO_CO_FUNDING not in given_hints({"middelen": "8 drones", step: text})


def test_costs_are_one_remark_at_a_time() -> None:
    assert given_hints({"middelen": "drones"}) == {Hint.COSTS_WITHOUT_PRICE_AND_NUMBER}
    assert given_hints({"middelen": "8 drones"}) == {Hint.NO_CO_FUNDING}


PHRASES = st.sampled_from(
    [text for _, yes, no in TABLE.values() for block in (yes, no) for text in answers_of(block)]
)
TEXTS = st.text() | st.lists(PHRASES | st.text(max_size=5), max_size=6).map(" ".join)


@given(answers=st.dictionaries(st.sampled_from((*SIX, "titel")), st.none() | TEXTS))
@settings(max_examples=300, deadline=None)
def test_any_text_is_taken(answers: dict[str, str | None]) -> None:
    found = hints(answers)

    assert len(set(found)) == len(found)
    assert all(answers[one.step] for one in found)
    assert len(manager_hints(found)) == len(found)
    assert bool(teacher_hints(found)) == bool(found)


def patterns() -> list[re.Pattern[str]]:
    return [value for value in vars(hint_words).values() if isinstance(value, re.Pattern)]


def longest(parsed: Any) -> int:
    """Give how many characters a pattern can take at most."""
    return int(parsed.getwidth()[1])


@pytest.mark.parametrize("pattern", patterns(), ids=lambda pattern: pattern.pattern[:30])
def test_pattern_looks_no_further_than_a_line(pattern: re.Pattern[str]) -> None:
    # So each place in a text is tried in constant time, and a text in time that grows with it.
    assert longest(shapes.parse(pattern.pattern, pattern.flags)) <= 250


@pytest.mark.parametrize(
    "part", ["1", "a ", "1,", "geen ", "van de ", "eigen", "é", "\n", "klas 1, "]
)
def test_long_text_is_taken(part: str) -> None:
    assert isinstance(hints(dict.fromkeys(SIX, part * (100_000 // len(part)))), tuple)


def test_teacher_reads_at_most_three() -> None:
    found = tuple(Found(hint, "doelen") for hint in Hint)

    lines = teacher_hints(found).splitlines()

    assert len(lines) == 4
    assert lines[0].endswith(TEACHER[Hint.GOAL_WITHOUT_MEASURE])
    assert lines[-1] == CLOSING
    assert len(manager_hints(found)) == len(Hint)


def test_teacher_reads_nothing_without_hints() -> None:
    assert teacher_hints(()) == ""
    assert manager_hints(()) == ()


def test_every_hint_is_worded_kindly() -> None:
    judging = r"\b(?:moet|fout|slecht|onvoldoende|onduidelijk|verplicht|te weinig|score|u|uw)\b"

    assert set(TEACHER) == set(MANAGER) == set(Hint)
    assert not re.search(judging, " ".join([*TEACHER.values(), *MANAGER.values()]).lower())


def test_hints_call_questions_by_their_titles() -> None:
    titles = {step: QUESTIONS[step].title for step in SIX}

    for hint, (step, _, _) in TABLE.items():
        assert f"Bij {titles[step]} " in TEACHER[hint]
        assert MANAGER[hint].startswith(f"{titles[step]}: ")


def test_co_funding_is_not_asked_of_a_plan() -> None:
    for worded in (TEACHER, MANAGER):
        assert "10%" in worded[Hint.NO_CO_FUNDING]
        assert "hele regio" in worded[Hint.NO_CO_FUNDING]
