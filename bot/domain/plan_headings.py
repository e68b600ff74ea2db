"""Finds the headings of a whole plan that was pasted as one text.

What is found goes with the message to Rasa, so that the judge knows; the app divides the text.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

#: The plan's six questions, in the order of a numbered list without headings.
SIX = ("regiovisie", "doelen", "activiteiten", "mijlpalen", "samenwerking", "middelen")
#: What makes a text a plan. A school or a name above an answer does not.
PARTS = ("titel", "idee", "doelgroep", *SIX)

_WHO = "(?:ik|je|jij|jullie|u|we|wij)"
_HEBBEN = "(?:is er|heb|hebt|hebben|heeft)"
#: How each part is called; a space stands for anything but a letter or a new line.
PHRASES = {
    "titel": "titel, werktitel, projecttitel, projectnaam, naam project, naam plan, naam van het "
    "(?:project|plan), titel (?:project|plan), hoe noem je je plan(?: een paar woorden is genoeg)?",
    "idee": "idee, projectidee, omschrijving, projectomschrijving, beschrijving, samenvatting, "
    "inleiding, aanleiding, korte (?:omschrijving|beschrijving|samenvatting), waar gaat het over, "
    "wat is (?:je|jullie|het|ons|mijn) idee(?: vertel het in een paar zinnen)?",
    "doelgroep": "doelgroep, doelgroepen, voor wie, voor wie is het, voor wie is het bedoeld, "
    "voor welke leerlingen, voor welke leerlingen is het",
    "vorm": "vorm, welke vorm, welke vorm past het best bij je idee",
    "management": "schoolleiding, schoolmanagement, steun van de schoolleiding, "
    "heb je je idee al besproken met je schoolleiding",
    "regiovisie": "regiovisie, aansluiting, (?:aansluiting|relatie) (?:(?:op|bij|met) )?(?:de )?"
    "regiovisie, hoe sluit (?:je|jullie|het|ons|dit|mijn)(?: plan| project| idee)? aan (?:op|bij) "
    "de regiovisie",
    "doelen": "doel, doelen, doelstelling, doelstellingen, hoofddoel, specifieke doelen, beoogde "
    f"resultaten, beoogd resultaat, wat wil(?:len|t)? {_WHO} bereiken, "
    f"welke doelen wil(?:len|t)? {_WHO} bereiken, wat zijn (?:de|onze|jullie|je|mijn)"
    "(?: specifieke)? doelen(?: van (?:je|het|ons|dit|mijn) (?:plan|project))?"
    "(?: maak ze zo concreet als je kunt)?",
    "activiteiten": "activiteiten, aanpak, plan van aanpak, uitvoering, werkwijze, "
    f"wat ga(?:an|at)? {_WHO} doen, wat doen {_WHO}, welke activiteiten, "
    f"welke activiteiten (?:ga(?:an|at)? {_WHO} doen|worden ondernomen)"
    "(?: om (?:die|deze|de) doelen te (?:halen|bereiken))?, "
    f"welke activiteiten onderneemt {_WHO} daar als school voor",
    "mijlpalen": "mijlpaal, mijlpalen, planning, tijdpad, tijdlijn, tijdsplanning, fasering, "
    f"wanneer, wanneer doen {_WHO} (?:het|wat), wanneer ga(?:an|at)? {_WHO} (?:het|wat) doen, "
    f"wanneer worden (?:de )?mijlpalen bereikt, welke mijlpalen ga(?:an|at)? {_WHO} bereiken, "
    f"welke mijlpalen wil(?:len|t)? {_WHO} halen(?: en wanneer)?",
    "samenwerking": "samenwerking, samenwerkingspartners, partners, betrokkenen, betrokken "
    f"partijen, met wie, met wie en hoe, met wie werk(?:en|t)? {_WHO} samen"
    f"(?: in de regio)?(?: en hoe)?, hoe en met wie werk(?:en|t)? {_WHO}(?: in de regio)? samen, "
    "met wie en hoe wordt er samengewerkt(?: in de regio)?(?: bijv met basisscholen andere "
    "middelbare scholen bedrijven of het mbo)?",
    "middelen": "middelen, benodigde middelen, begroting, kosten, budget, benodigdheden, "
    f"financiën, financien, wat is er nodig, wat {_HEBBEN} {_WHO} nodig"
    "(?: om (?:je|jullie|het|ons|mijn|dit) plan uit te voeren)?, "
    "welke middelen zijn(?: er)? nodig(?: om het plan uit te voeren)?",
    "school": "school, schoolnaam, naam school, naam van de school",
    "naam": "naam, je naam, mijn naam, naam docent, naam indiener, indiener, ingediend door",
    "email": "mail, e mail, email, mailadres, e mailadres, emailadres",
}


def _any_of(phrases: str) -> str:
    return phrases.replace(", ", "|").replace(" ", r"[^\w\n]{1,4}")


_NAMED = "|".join(f"(?P<{key}>{_any_of(phrases)})" for key, phrases in PHRASES.items())
_EVERY = "|".join(_any_of(phrases) for phrases in PHRASES.values())
_MARK = r"(?:[^\w\n]|_)"
_OF_SIX = r"(?:vraag|onderdeel|deel|punt)[ \t]{1,3}\d{1,2}(?:[ \t]van[ \t]\d)?"
# Without a mark behind it a number counts something: "2 partners: …".
_NUMBER = rf"(?:{_OF_SIX}|\d{{1,2}}\.\d{{1,2}}|\d{{1,2}}(?=[.):\t]|[ ]?[–-])|[a-j](?=[.)]))"
_LINE = rf"^{_MARK}{{0,12}}(?:{_NUMBER}{_MARK}{{1,8}})?"
_SENTENCE = r"(?<=[.!?;][ \n])"
_OWN = r"(?:(?:de|het|ons|onze|mijn|je|jouw|jullie)[ \t]+)?"
_ALSO = rf"(?:(?:[^\w\n]{{1,3}}en[^\w\n]{{1,3}}|[ \t]?[&/+,][ \t]?)(?:{_EVERY}))?"
_OF = r"(?:[ \t]+(?:van|voor)[ \t]+(?:het|dit|ons|mijn|je)[ \t]+(?:plan|project|idee))?"
_ALONE = r"(?:[^\w\n(€$]|_){0,12}$"
_COLON = r"[ \t*_]{0,4}(?:[:=\t]|\?(?=[ \t:])|[–—]|[ \t]-(?=[ \t]))[:*_]{0,4}"
# What stands between brackets is kept: the heading ends before it.
_BRACKETS = r"[ \t]{0,3}(?=\([^()\n]{0,120}\)[ \t*_]{0,4}(?:[:?=–—]|$))"
_HEADING = f"{_OWN}(?:{_NAMED}){_ALSO}{_OF}(?:{_ALONE}|{_BRACKETS}|{_COLON})"
_AT_LINES = re.compile(_LINE + _HEADING, re.IGNORECASE | re.MULTILINE)
_ANYWHERE = re.compile(f"(?:{_LINE}|{_SENTENCE}){_HEADING}", re.IGNORECASE | re.MULTILINE)
_BULLET = re.compile(r"[ \t]*[-–—•·‣▪◦*+][ \t]")
_ITEM = re.compile(r"^[ \t]*(\d{1,2})[.)][ \t]+", re.MULTILINE)
_ANNOUNCED = re.compile(
    r"\b(?:hier|hierbij|hieronder|dit|ziehier|bijgaand|hele|gehele|volledige|complete)\b"
    r"[^\n]{0,80}\b\w{0,20}plan\W*\Z",
    re.IGNORECASE,
)


class Heading(NamedTuple):
    """Where a heading stands in the text, and which question it names."""

    key: str
    start: int
    end: int


def headings(text: str) -> list[Heading]:
    """Give the headings of a whole plan in order; none when the text is not a whole plan.

    Lines that begin with a heading count first. Items of a list and sentences that begin with one
    are more often part of one answer, so those must name more parts.
    """
    at_lines = [match for match in _AT_LINES.finditer(text) if not _is_item(match)]
    for matches, at_least in ((at_lines, 3), (_ANYWHERE.finditer(text), 4)):
        found = _without_repeats(text, list(matches))
        if len(_filled(text, found) & set(PARTS)) >= at_least:
            return found
    return _numbered(text)


def is_announcement(text: str) -> bool:
    """Tell if a text only says that a plan follows ("hoi, hier is mijn plan:")."""
    text = text.strip()
    return "\n" not in text and len(text.split()) <= 15 and _ANNOUNCED.search(text) is not None


def _is_item(match: re.Match[str]) -> bool:
    rest = match.string[match.end() :].partition("\n")[0]
    return _BULLET.match(match.group()) is not None and bool(rest.strip())


def _without_repeats(text: str, matches: list[re.Match[str]]) -> list[Heading]:
    """Leave out what comes back ("Doel: … Wanneer: …" for each lesson): that divides one part."""
    found = [Heading(str(match.lastgroup), match.start(), match.end()) for match in matches]
    names = [_name(match) for match in matches]
    filled = zip(names, bodies(text, found), strict=True)
    said = Counter(name for name, body in filled if body)
    return [heading for name, heading in zip(names, found, strict=True) if said[name] < 2]


def _name(match: re.Match[str]) -> str:
    return " ".join(match[str(match.lastgroup)].lower().split())


def bodies(text: str, found: list[Heading]) -> list[str]:
    """Give the text under each heading, without the white space around it."""
    ends = [*(heading.start for heading in found), len(text)][1:]
    return [text[one.end : end].strip() for one, end in zip(found, ends, strict=True)]


def _filled(text: str, found: list[Heading]) -> set[str]:
    return {
        heading.key
        for heading, body in zip(found, bodies(text, found), strict=True)
        if any(character.isalnum() for character in body)
    }


def _numbered(text: str) -> list[Heading]:
    items = list(_ITEM.finditer(text))
    if [item.group(1) for item in items] != [str(number) for number in range(1, len(SIX) + 1)]:
        return []
    before = text[: items[0].start()].strip().rpartition("\n")[2]
    found = [Heading(key, item.start(), item.end()) for key, item in zip(SIX, items, strict=True)]
    complete = len(_filled(text, found)) == len(SIX)
    return found if complete and is_announcement(before) else []
