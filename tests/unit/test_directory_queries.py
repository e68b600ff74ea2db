"""What teachers type when they are asked for their school or region, and what must be found."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.services.directory_content import read_other_places, read_regions
from bot.services.directory_search import DirectorySearch

CONTENT = Path(__file__).parents[2] / "content"

# (typed, region that must come first without a doubt, school that must be named or None)
CLEAR: list[tuple[str, str, str | None]] = [
    # School with place, as asked
    ("dr nassau assen", "assen", "Dr. Nassau College"),
    ("ichthus veenendaal", "foodvalley", "Ichthus College Veenendaal"),
    ("ichthus kampen", "kampen", "Ichthus College"),
    ("ichthus dronten", "dronten", "Ichthus College vmbo basis/kader"),
    ("carmel in emmen", "emmenterapel", "Carmelcollege Emmen"),
    ("carmel gouda", "gouda-techniek-talent-gouda", "Carmelcollege Gouda"),
    ("terra winsum", "noord-groningen", "Terra Winsum"),
    ("aeres almere", "almere", "Aeres VMBO Almere"),
    ("aeres ede", "foodvalley", "Aeres VMBO Ede"),
    ("globe utrecht", "utrecht", "Globe College"),
    ("reggesteyn rijssen", "twente", "CSG Reggesteyn"),
    ("lek en linge culemborg", "riverlandtechexplorers", "O.R.S. Lek en Linge (Culemborg)"),
    ("praktijkonderwijs assen", "assen", "Praktijkonderwijs Assen"),
    ("haarlem college", "ijmond-en-zuid-kennemerland", "Haarlem College"),
    ("teylingen college kts", "leidenduinenbollenstreek", "Teylingen College KTS"),
    ("vincent van gogh assen", "assen", "CS Vincent van Gogh"),
    # School alone
    ("bonhoeffer college", "twente", "Bonhoeffer College"),
    ("esdal klazienaveen", "emmenterapel", "Esdal College Klazienaveen"),
    ("x11", "utrecht", "X11 Media en Vormgeving"),
    ("kts", "leidenduinenbollenstreek", "Teylingen College KTS"),
    ("pieter zandt", "kampen", "Pieter Zandt Scholengemeenschap"),
    ("werkman", "groningenstad", "H.N. Werkman College (Stadslyceum)"),
    ("hn werkman college", "groningenstad", "H.N. Werkman College (Stadslyceum)"),
    ("oranje nassau", "zoetermeer", "Oranje Nassau College (Clauslaan)"),
    ("mill hill", "midden-brabant", "Mill Hill College"),
    ("were di", "zuidoostbrabant", "Scholengemeenschap Were Di"),
    ("HVS", "haarlemmermeer-duin-en-bollenstreek-noord", "HVS"),
    ("volt", "utrecht", "VOLT!"),
    ("mavo zeist", "debiltwijkbijduurstedeenzeist", None),
    # Abbreviations and punctuation
    ("Dr. Nassau-college, Assen.", "assen", "Dr. Nassau College"),
    ("rsg de borgen", "westerkwartier-noordenveld", "RSG de Borgen"),
    ("R.S.G. Wolfsbos", "hoogeveen", "RSG Wolfsbos"),
    ("c.s.g. kluiverboom", "groningenstad", "CSG Kluiverboom"),
    ("csg liudger", "zuidoost-friesland", "CSG Liudger"),
    ("o.r.s. lek en linge culemborg", "riverlandtechexplorers", "O.R.S. Lek en Linge (Culemborg)"),
    ("osg singelland", "zuidoost-friesland", "OSG Singelland"),
    ("s.g. were di", "zuidoostbrabant", "Scholengemeenschap Were Di"),
    ("sg newton", "techniekpactwestfriesland", "SG Newton"),
    ("tabor college dampte", "techniekpactwestfriesland", "Tabor College d'Ampte"),
    ("vo best oirschot", "gemertdekempen", "VO Best-Oirschot"),
    ("pius x", "gemertdekempen", "Pius X-College"),
    # Typos and spelling by ear
    ("dr nasau asen", "assen", "Dr. Nassau College"),
    ("ichtus veenendal", "foodvalley", "Ichthus College Veenendaal"),
    ("karmel emmen", "emmenterapel", "Carmelcollege Emmen"),
    ("klazinaveen", "emmenterapel", None),
    ("bonhoefer", "twente", "Bonhoeffer College"),
    ("roelof van egten", "hoogeveen", "Roelof van Echten College"),
    ("hardenburg", "vechtdal-hardenberg", None),
    ("zoetemeer", "zoetermeer", None),
    ("dokum", "noordoostfriesland", None),
    ("vechdal college", "vechtdal-hardenberg", "Vechtdal College"),
    ("gomares scholengemeenschap", "gorinchem-altena-sto-goal", "Gomarus Scholengemeenschap"),
    ("kalsbeeck college woerde", "woerdenmontfoortijsselsteinennieuwegein", "Kalsbeek College"),
    ("ijselstein", "woerdenmontfoortijsselsteinennieuwegein", None),
    ("berechia college", "noordoostpolderenurk", "Berechja College"),
    ("zuiderzeecolege zaanstad", "zaanstreek", "Zuiderzee College"),
    ("merlet colege kuijk", "land-van-cuijk-en-noord-limburg", "Merletcollege"),
    ("etty hilesum deventer", "deventertwello", "Etty Hillesum Lyceum De Marke Noord"),
    ("bergen op zom", "brabantse-wal", None),
    # Written together or apart
    ("esdalcollege klazienaveen", "emmenterapel", "Esdal College Klazienaveen"),
    ("food valley", "foodvalley", None),
    ("terapel", "emmenterapel", None),
    ("zuid oost brabant", "zuidoostbrabant", None),
    ("merlet college", "land-van-cuijk-en-noord-limburg", "Merletcollege"),
    ("griende college", "noordelijke-drechtsteden", "Griendencollege"),
    ("nassaucollege assen", "assen", "Dr. Nassau College"),
    # In a sentence
    (
        "ik geef les op het esdal in klazienaveen",
        "emmenterapel",
        "Esdal College Klazienaveen",
    ),
    ("ik werk bij rsg wolfsbos hoogeveen als docent D&P", "hoogeveen", "RSG Wolfsbos"),
    (
        "hoi, ik ben docent techniek op het dockinga college",
        "noordoostfriesland",
        "Dockinga College",
    ),
    (
        "wij zitten in houten met onze school, yuverta",
        "utrecht|debiltwijkbijduurstedeenzeist",
        None,
    ),
    ("mijn school is het Sondervick in Veldhoven", "zuidoostbrabant", "Sondervick College"),
    ("Ik ben teamleider vmbo van het Farel... nee het Corlaer in Nijkerk", "amersfoort-eo", None),
    ("welke regio hoort bij het varendonck in asten?", "helmonddepeel", "Varendonck College"),
    ("bij wie moet ik zijn als ik in hilversum werk", "gooi-en-vechtstreek", None),
    ("ik geef PIE en BWI op het willem de zwijger", "noordelijke-drechtsteden", None),
    ("we werken met drie collega's van scholen aan zee", "kopvannoordholland", "Scholen aan Zee"),
    ("mn school is t bornego in heerenveen", "zuidfriesland", "Bornego College"),
    (
        "goedemiddag, ik wil graag weten onder welke regio het christelijk college in zeist valt",
        "debiltwijkbijduurstedeenzeist",
        "Christelijk College Zeist",
    ),
    ("i teach at the saba comprehensive school", "stobes", "Saba Comprehensive School"),
    # A name of everyday words, and a place that outweighs a school of that name elsewhere
    ("vonk onderwijs hoorn", "techniekpactwestfriesland", "Vonk onderwijs"),
    ("baken stad college almere", "almere", "Baken Stad College"),
    ("de triade hoorn", "techniekpactwestfriesland", None),
    ("kollege de brink in laren", "gooi-en-vechtstreek", "College De Brink"),
    # Place or region only
    ("Hardenberg", "vechtdal-hardenberg", None),
    ("'s-Hertogenbosch", "noordoost-brabant-het-techniek-loket", None),
    ("den haag", "haaglanden-stoha", None),
    ("Culemborg", "riverlandtechexplorers", None),
    ("texel", "kopvannoordholland", None),
    ("ede", "foodvalley", None),
    ("oss", "noordoost-brabant-het-techniek-loket", None),
    ("wijk bij duurstede", "debiltwijkbijduurstedeenzeist", None),
    ("alphen aan de rijn", "alphen-aan-den-rijn", None),
    ("ik werk in houten", "utrecht|debiltwijkbijduurstedeenzeist", None),
    ("foodvalley", "foodvalley", None),
    ("regio twente", "twente", None),
    ("stoha", "haaglanden-stoha", None),
    ("sto goal", "gorinchem-altena-sto-goal", None),
    ("tech op zuid", "rotterdamzuid", None),
    ("rotterdam zuid", "rotterdamzuid", None),
    ("brabantse wal", "brabantse-wal", None),
    ("de kop van noord-holland", "kopvannoordholland", None),
    ("zuid limburg", "zuid-limburg", None),
    ("Zeeland", "stozeeland", None),
    ("Énschedé", "twente", None),
    ("sint eustatius", "stobes", None),
    ("hogwarts emmen", "emmenterapel", None),
]

# (typed, regions that must all be among the matches, with a doubt between the first two)
AMBIGUOUS: list[tuple[str, set[str]]] = [
    ("ichthus college", {"foodvalley", "kampen", "dronten"}),
    ("ik werk op het ichtus", {"foodvalley", "kampen", "dronten"}),
    ("pantarijn", {"riverlandtechexplorers", "foodvalley"}),
    ("sg pantarijn", {"riverlandtechexplorers", "foodvalley"}),
    ("ik zit op de pantarein", {"riverlandtechexplorers", "foodvalley"}),
    ("wageningen", {"riverlandtechexplorers", "foodvalley"}),
    ("ergens in wageninge", {"riverlandtechexplorers", "foodvalley"}),
    ("rotterdam", {"rotterdam-noord", "rotterdamzuid"}),
    ("een school in roterdam", {"rotterdam-noord", "rotterdamzuid"}),
    ("houten", {"utrecht", "debiltwijkbijduurstedeenzeist"}),
    ("yuverta houten", {"utrecht", "debiltwijkbijduurstedeenzeist"}),
    ("groningen", {"groningenstad", "noord-groningen", "zuidoost-groningen"}),
    ("jacobus fruytier", {"twente", "apeldoorneo"}),
    (
        "fioretti",
        {"haarlemmermeer-duin-en-bollenstreek-noord", "noordoost-brabant-het-techniek-loket"},
    ),
    (
        "duin- en bollenstreek",
        {"haarlemmermeer-duin-en-bollenstreek-noord", "leidenduinenbollenstreek"},
    ),
    ("van lodenstein", {"riverlandtechexplorers", "amersfoort-eo"}),
    ("dollard", {"noord-groningen", "zuidoost-groningen"}),
    ("carmel", {"emmenterapel", "gouda-techniek-talent-gouda"}),
    ("limburg", {"noord-en-midden-limburg", "zuid-limburg"}),
    ("flevoland", {"noordoostpolderenurk", "lelystad"}),
    ("da vinci college leiden", {"roosendaal", "leidenduinenbollenstreek"}),
    ("techniek loket", {"noordoost-brabant-het-techniek-loket", "noordelijke-drechtsteden"}),
    ("alphen", {"alphen-aan-den-rijn", "breda"}),
]

# (typed, region that only its name leads to)
DERIVED: list[tuple[str, str]] = [
    ("nieuw-amsterdam", "emmenterapel"),
    ("ik werk in smilde", "assen"),
    ("sneek", "zuidwest-friesland"),
    ("leeuwarde", "noordwest-friesland"),
    ("ommen", "vechtdal-hardenberg"),
    ("een school in berkel en rodenrijs", "capelle-en-oostland"),
    ("wijk aan zee", "ijmond-en-zuid-kennemerland"),
    ("capelle a/d ijssel", "capelle-en-oostland"),
    ("mook en middelaar", "rijk-van-nijmegen|land-van-cuijk-en-noord-limburg"),
    ("schouwen duiveland", "stozeeland"),
    ("sittard-geleen", "zuid-limburg"),
    ("spijkenise", "voorne-putten-en-rozenburg"),
    ("heerhugowaard", "techniekpactnoordkennemerland"),
    ("veghel", "noordoost-brabant-het-techniek-loket"),
    ("wij zitten in winterswijk", "achterhoekoost"),
]

# Nothing fits: never a guess.
NOTHING: list[str] = [
    "",
    "   ",
    "?!",
    "🙂🙂",
    "hogwarts",
    "hogwarts college",
    "wat eten we vanavond",
    "school",
    "college",
    "vmbo",
    "de middelbare school",
    "ik ben docent techniek op het vmbo",
    "mijn college",
    "noord",
    "in het zuiden",
    "rsg",
    "csg",
    "ik wil een plan maken",
    "asdf",
    "qwertyuiop",
    "weet ik niet",
    "geen idee",
    "dat zeg ik liever niet",
    "een houten brug bouwen met de leerlingen",
    "we kampen met een tekort aan techniekdocenten",
    "ik weet niet wat het best is",
    "wie gaat het project leiden?",
    "lassen en frezen",
    "een wagen met twee assen",
    "ik ben pieter",
    "doetinchem",
    "zutphen",
    "doetichem",
    "ik werk in een school in Zutphen, in Gelderland",
    "meppen",
    "ik geef les in essen",
    "gent",
    "amstelveen",
    "ik weet het echt niet",
    "echt wel",
    "de lente komt eraan in het land",
    "waar zetten we dat op in",
    "delfzijl",
    "lyceum voor toverkunst",
    "gymnasium haganum",
    "mogen havo-leerlingen ook meedoen?",
    "de scope is te breed",
    "opdrachten van bedrijven",
    "paris saint-germain",
    "hoeveel geld is er",
    "12345",
    "a b c d e f g",
    "drones in het vmbo",
    "maandag",
    "x" * 5000,
    "esdal college " * 400,
]


@pytest.fixture(scope="module")
def search() -> DirectorySearch:
    return DirectorySearch(
        read_regions(CONTENT / "regions.csv"), read_other_places(CONTENT / "other_places.csv")
    )


@pytest.mark.parametrize(("typed", "region", "school"), CLEAR)
def test_names_the_one_region_meant(
    search: DirectorySearch, typed: str, region: str, school: str | None
) -> None:
    matches = search.find(typed)

    assert matches, "nothing found"
    assert matches[0].region.id in region.split("|")
    if "|" not in region:
        assert not search.is_ambiguous(matches)
    if school:
        assert matches[0].school == school


@pytest.mark.parametrize(("typed", "regions"), AMBIGUOUS)
def test_offers_all_regions_in_doubt(
    search: DirectorySearch, typed: str, regions: set[str]
) -> None:
    matches = search.find(typed)

    assert search.is_ambiguous(matches)
    assert regions <= {match.region.id for match in matches}


@pytest.mark.parametrize("typed", NOTHING)
def test_finds_nothing_where_nothing_fits(search: DirectorySearch, typed: str) -> None:
    assert search.find(typed) == []


@pytest.mark.parametrize(("typed", "region"), DERIVED)
def test_says_when_a_place_is_derived(search: DirectorySearch, typed: str, region: str) -> None:
    matches = search.find(typed)

    assert matches[0].region.id in region.split("|")
    assert matches[0].is_derived


@pytest.mark.parametrize("typed", ["dr nassau assen", "emmen", "groningen", "drenthe", "texel"])
def test_says_nothing_of_derived_where_listed(search: DirectorySearch, typed: str) -> None:
    assert not search.find(typed)[0].is_derived


@pytest.mark.parametrize(
    ("typed", "is_sure"),
    [
        ("dr nassau assen", True),
        ("ik geef les op het esdal in klazienaveen", True),
        ("nieuw-amsterdam", True),
        ("houten", False),
        ("oosterwijk", False),
        ("dr nassau doetinchem", False),
        ("hogwarts", False),
    ],
)
def test_is_sure_only_of_a_clear_find(search: DirectorySearch, typed: str, is_sure: bool) -> None:
    assert search.is_sure(search.find(typed)) is is_sure


def test_initials_name_a_school(search: DirectorySearch) -> None:
    (match,) = search.find("ik zit op het kwc")

    assert match.school == "Koningin Wilhelmina College"
