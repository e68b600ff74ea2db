"""Tells when a text seems to name a pupil, a BSN, a telephone number or somebody's health.

It looks at the shape of what is said, without a list of names, and would rather miss something than
warn about a plan in which nobody is named.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Personal(StrEnum):
    """What a text seems to hold."""

    PUPIL = "pupil"
    BSN = "bsn"
    PHONE = "phone"
    HEALTH = "health"


#: Questions to which people name a school, themselves, or whom at school they talked to.
_NAMED_HERE = frozenset({"school", "place", "naam", "email", "management_who"})

#: Nine digits, perhaps in groups; whether it is a number of a citizen, the elfproef says.
_NINE = re.compile(r"(?<![\d.,€-])(?<!€ )\d(?:[ .-]?\d){8}(?![\d])(?!,-)")
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_PHONE = re.compile(
    r"(?<![\d.,/-])(?:(?:\+|00)31[ -]?(?:\(0\)[ -]?)?|0)[1-9](?:[ -]?\d){8}(?![\d/-]|[.,]\d)"
)
#: One pupil, and then what looks like a name.
_ONE_PUPIL = (
    r"(?:leerling|leerlinge|mentorleerling|pupil|jongen|jongetje|meisje|jongeman|stagiaire?)"
)
_NAME = r"[A-Z][a-zà-öø-ÿ'-]{1,24}"
_PUPIL = (
    re.compile(
        rf"\b(?i:{_ONE_PUPIL})\s*,?\s+(?:(?i:genaamd|met de naam|die)\s+)?(?:(?i:heet)\s+)?"
        rf"({_NAME})\b"
    ),
    re.compile(rf"\b(?i:{_ONE_PUPIL})\b[^.!?\n]{{0,40}}\b(?i:heet|genaamd)\s+({_NAME})\b"),
    re.compile(rf"\b(?i:{_ONE_PUPIL})\b[^.!?\n]{{0,40}}\b(?i:die)\s+({_NAME})\s+(?i:heet)\b"),
    # "Sanne uit 3B", "Youssef van klas 2": a first name with the class it is in.
    re.compile(rf"\b({_NAME})\s+(?i:uit|van)\s+(?i:klas\s+)?[1-6]\s?[A-Za-z]{{0,3}}\b(?![\d-])"),
)
#: Words with a capital that are no name of a person.
_CAPITALS = """
zorg welzijn groen economie ondernemen dienstverlening producten horeca bakkerij recreatie media
vormgeving ict techniek bouwen wonen interieur produceren installeren energie mobiliteit
transport maritiem vmbo mbo havo vwo pie bwi mt eo hbr zw dp pgp sto tl gl bb kb leerjaar klas
onderbouw bovenbouw school college lyceum januari februari maart april mei juni juli augustus
september oktober november december maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
nederland nederlandse engels engelse duitse friese groningen friesland drenthe overijssel
gelderland utrecht de het een en van voor met als die dat er wij we ik zij ze hij is zijn heeft
kan gaat moet bij op aan in naar om te ook deze dit onze mijn per elke iedere alle twee drie
vier samen technisch praktijkgericht groep team project plan vraag antwoord leerlingen lessen
les vak stage bedrijf meisjes jongens docenten ouders kinderen mentoren groepen teams studenten
iedereen dyslexie adhd autisme
"""
_NO_NAMES = frozenset(_CAPITALS.split())
_PRONOUNS = frozenset({"hij", "zij", "ze", "haar", "hem", "zijn"})
_SOMEBODY = (
    rf"(?:(?:mijn|een|één|onze|die|deze|de)\s+(?:\w{{1,15}}\s+)?{_ONE_PUPIL}|hij|zij|haar|hem|zijn"
    rf"|(?-i:{_NAME}))"
)
_ILLNESS = (
    r"(?:adhd|add|autis(?:me|tisch\w*)|asperger|pdd-?nos|dysle[ct]\w+|dyslexie|dyscalculie|"
    r"depress\w+|"
    r"epilep\w+|diabet\w+|suikerziekte|eetstoornis|anorexia|burn-?out|zwanger|kanker|leukemie|"
    r"psychose|angststoornis|trauma|hechtingsstoornis|verslaafd|zelfmoord\w*|su[iï]cid\w+|rolstoel|"
    r"verstandelijk beperkt|licht verstandelijk|lvb)"
)
_HEALTH = re.compile(
    rf"\b{_SOMEBODY}\s+(?:\w{{1,15}}\s+){{0,3}}(?:met|heeft|had|is|kreeg|lijdt aan|zit in een|"
    rf"gediagnosticeerd met)\s+(?:\w{{1,12}}\s+){{0,2}}{_ILLNESS}\b",
    re.IGNORECASE,
)


def personal_data_for(step: str, text: str) -> tuple[Personal, ...]:
    """Give what an answer to the question `step` seems to hold and a plan does not need."""
    return () if step in _NAMED_HERE else personal_data(text)


def personal_data(text: str) -> tuple[Personal, ...]:
    """Give what a text seems to hold, each once; usually nothing."""
    found = {
        Personal.PUPIL: _names_a_pupil(text),
        Personal.BSN: any(_is_bsn(match.group()) for match in _NINE.finditer(text)),
        Personal.PHONE: _PHONE.search(text) is not None,
        Personal.HEALTH: any(_is_somebody(match.group()) for match in _HEALTH.finditer(text)),
    }
    return tuple(kind for kind, is_there in found.items() if is_there)


def _names_a_pupil(text: str) -> bool:
    names = (match.group(1) for pattern in _PUPIL for match in pattern.finditer(text))
    return any(_may_be_a_name(name) for name in names)


def _may_be_a_name(word: str) -> bool:
    return word.lower() not in _NO_NAMES and not word.endswith("en")


def _is_somebody(said: str) -> bool:
    first = said.split()[0]
    return not first[0].isupper() or first.lower() in _PRONOUNS or _may_be_a_name(first)


def _is_bsn(text: str) -> bool:
    """Say whether nine digits pass the elfproef and are not one digit repeated."""
    digits = [int(character) for character in text if character.isdigit()]
    total = sum(weight * digit for weight, digit in zip(_WEIGHTS, digits, strict=True))
    return total % 11 == 0 and len(set(digits)) > 2
