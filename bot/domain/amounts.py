"""Finds the amount that a plan asks for in what the teacher wrote, or nothing where it is unsure.

A column with a wrong amount is worse than an empty one: whoever reads it may pass it on. So an
amount is given only where the text says it plainly: a total, one amount, or prices with quantities.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum, auto

#: Far above any plan; what is larger was not meant as an amount.
_MOST = 10_000_000
_YEARS = range(1990, 2101)
_WORDS = ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf")
_WORD_NUMBERS = {**{word: n for n, word in enumerate(_WORDS, 1)}, "één": 1, "twaalf": 12}
_TIMES = {"k": 1_000, "duizend": 1_000, "mille": 1_000, "mln": 1_000_000, "miljoen": 1_000_000}

#: `12.500`, `12.500,50`, `12500`, `12,5`; never a part of another number.
_NUMBER = r"(?:\d{1,3}(?:\.\d{3})+|\d{1,9})(?:[.,]\d{1,2})?(?![.,]?\d| \d{3})"
_MANY = r"(?:\s?(?:k|duizend|mille|miljoen|mln)(?![\w-]))"
_DASH = r"(?:,[-–—=]{1,2})"
_EURO = r"(?:€|euro'?s?(?![a-z])|eur(?![a-z]))"
_MONEY = re.compile(
    rf"{_EURO}\s{{0,2}}(?P<after>{_NUMBER}{_MANY}?){_DASH}?"
    rf"|(?<![a-wyz\d.,])(?<!\d )(?P<before>{_NUMBER})"
    rf"(?P<mark>{_MANY}?{_DASH}?\s?{_EURO}|{_MANY}?{_DASH}|{_MANY})"
)
_CURRENCY = re.compile(_EURO)
#: `4k` on a screen is no money.
_PICTURE = re.compile(r"\s(?:camera|video|scherm|beeld|tv|monitor|projector|resolutie|film)")
_CLAUSE = re.compile(r"[;\n]|[.!?](?=\s|$)")

_WORD = r"[^\W\d_][\w'’-]{0,30}"
_QUANTITY = rf"(?P<quantity>(?<![\d.,-]){_NUMBER}(?![a-wyz])|\b(?:{'|'.join(_WORD_NUMBERS)})\b)"
_TIMES_SIGN = r"(?:x|×|\*|à|a|ad|@|van|keer|maal|stuks|(?:[(,:]|\bvan)\s?)"
#: `8 drones van`, `4 ×`, `40 uur à`, right before a price.
_QUANTITY_BEFORE = re.compile(rf"{_QUANTITY}\s?(?:{_WORD}\s?){{0,3}}?{_TIMES_SIGN}\s?$")
#: `× 8` right behind a price.
_QUANTITY_BEHIND = re.compile(rf"\s?(?:x|×|\*|keer|maal)\s?{_QUANTITY}")
_EACH = re.compile(r"\s?(?:/|per\b|p\.?\s?p\b|p\.?\s?st|elk\b|ieder\b|stuk\b|p/)")
_PRICE_SIGN = re.compile(r"(?:\bvan|\bà|\ba|\bad|@|x|×|\*|\bkeer|\bmaal)\s?$")
_ONE_SUM = re.compile(r"(?:bedrag|budget|begroting|kosten|offerte|subsidie|investering)\s+van\s?$")
_RANGE = re.compile(r"\btussen\b[^€]{0,20}$|(?:\btot\b|\d\s?[-–]|%|\bprocent|\bhelft)[^\d€]{0,12}$")
_RANGE_BEHIND = re.compile(r"\s?(?:[-–]|tot|à)\s?(?:€\s?)?\d")
#: Before a number that is no quantity, only one of the factors, or the end of a range.
_NUMBERED = re.compile(
    r"(?:\b(?:klas|leerjaar|jaar|groep|fase|stap|blok|tot|of)|\bx|\dx|×|\*|\bkeer|\bmaal"
    r"|\d\s?[-–à])\s?$"
)
#: `10 laptops € 900`: each, or all of them?
_BARE_QUANTITY = re.compile(rf"{_QUANTITY}\s{_WORD}\s$")
_TOTAL_BEFORE = re.compile(r"\b(?:totaal|totale|opgeteld|bij elkaar|alles samen)\b[^€\d]{0,40}$")
_TOTAL_BEHIND = re.compile(r"\s?\(?(?:in )?totaal\b")
_RESULT = re.compile(r"(?:=|\bis|\bmaakt|\bdus|\bsamen)[^\w€]{0,3}$")
_LABEL = re.compile(r":\s*$")
_FOR = re.compile(r"\s?(?:voor|aan)\b")
_PART = re.compile(r"\b(?:waarvan|daarvan|inclusief|incl)\b[^€\d]{0,30}$")
#: Brought in by others; the region is not asked for it.
_GIVEN = re.compile(
    r"cofinancier|co-financier|sponsor|\bzelf\b|\beigen\b|bijdrage|draagt|dragen|bijgedragen"
    r"|\bbrengt|\bbrengen|\bbetaal|\bbetalen|\blegt|\bleggen|\bleent|\blevert|\bgeeft|gratis"
)
_ASKED = re.compile(r"\bvrag|\bvraag|gevraagd|nodig|\btotaal|\btotale|waarvan|daarvan")
#: A price without a currency beside prices that have one: it would be missed in the sum.
_BARE_PRICE = re.compile(
    rf"\d\s(?:{_WORD}\s){{0,3}}?(?:van|à|x|×|\*)\s?\d[\d.,]*(?=\s*(?:$|[,;)+]|en\b|per\b))"
)


class _Kind(Enum):
    TOTAL = auto()
    #: a price times a quantity
    PRODUCT = auto()
    #: one of a list: `Scholing: € 900`, `€ 900 voor scholing`
    ITEM = auto()
    #: an amount and no more
    LONE = auto()
    #: the outcome of what stands before it
    RESULT = auto()
    #: counted elsewhere, or not asked
    SKIPPED = auto()
    UNSURE = auto()


@dataclass(frozen=True)
class _Found:
    kind: _Kind
    value: Decimal = Decimal(0)


def asked_amount(text: str | None) -> int | None:
    """Give the amount in whole euros that a text asks for; None where it is not plainly said."""
    found = [item for clause in _CLAUSE.split((text or "").casefold()) for item in _read(clause)]
    totals = [item.value for item in found if item.kind is _Kind.TOTAL]
    value = max(totals) if totals else _sum(found)
    return int(value.quantize(Decimal(1), ROUND_HALF_UP)) if value and value <= _MOST else None


def _sum(found: list[_Found]) -> Decimal | None:
    total = Decimal(0)
    lone: list[Decimal] = []
    for item in found:
        match item.kind:
            case _Kind.UNSURE:
                return None
            case _Kind.PRODUCT | _Kind.ITEM:
                total += item.value
            case _Kind.LONE:
                lone.append(item.value)
            case _Kind.RESULT if not total:
                lone.append(item.value)
            case _Kind.RESULT if item.value not in (total, _last_product(found, item)):
                return None
    if not lone:
        return total
    # One amount beside a sum is the total of it, or something that we do not understand.
    return lone[0] if len(lone) == 1 and total in (0, lone[0]) else None


def _last_product(found: list[_Found], until: _Found) -> Decimal | None:
    before = found[: found.index(until)]
    return before[-1].value if before and before[-1].kind is _Kind.PRODUCT else None


def _read(clause: str) -> list[_Found]:
    matches = [
        match
        for match in _MONEY.finditer(clause)
        if not (match["mark"] == "k" and _PICTURE.match(clause, match.end()))
    ]
    marks = sum(1 for _ in _CURRENCY.finditer(clause))
    written = sum(len(_CURRENCY.findall(match[0])) for match in matches)
    if marks > written or (matches and _BARE_PRICE.search(_MONEY.sub("€", clause))):
        return [_Found(_Kind.UNSURE)]
    if matches and _GIVEN.search(clause):
        is_mixed = len(matches) > 1 or _ASKED.search(clause)
        return [_Found(_Kind.UNSURE if is_mixed else _Kind.SKIPPED)]
    edges = [0, *(match.end() for match in matches)]
    ends = [*(match.start() for match in matches[1:]), len(clause)]
    return [
        _kind(match, clause[start : match.start()], clause[match.end() : end])
        for match, start, end in zip(matches, edges, ends, strict=False)
    ]


def _kind(match: re.Match[str], before: str, behind: str) -> _Found:
    """Say what an amount is by the words around it, up to the amounts next to it."""
    value = _value(match)
    if value is None or _RANGE.search(before) or _RANGE_BEHIND.match(behind):
        return _Found(_Kind.UNSURE)
    if _PART.search(before):
        return _Found(_Kind.SKIPPED)
    if _TOTAL_BEFORE.search(before) or _TOTAL_BEHIND.match(behind):
        return _Found(_Kind.TOTAL, value)
    if _RESULT.search(before):
        return _Found(_Kind.RESULT, value)
    quantity = _quantity(before, behind)
    if quantity is not None:
        return _Found(_Kind.PRODUCT if quantity else _Kind.UNSURE, value * quantity)
    is_price = _EACH.match(behind) or (_PRICE_SIGN.search(before) and not _ONE_SUM.search(before))
    if is_price or _is_bare(before):
        return _Found(_Kind.UNSURE)
    is_item = _LABEL.search(before) or _FOR.match(behind)
    return _Found(_Kind.ITEM if is_item else _Kind.LONE, value)


def _is_bare(before: str) -> bool:
    found = _BARE_QUANTITY.search(before)
    number = _count(found["quantity"]) if found else None
    return number is not None and number != 1


def _quantity(before: str, behind: str) -> Decimal | None:
    """Give how many there are of a price; None when nothing says so, 0 when it is unsure."""
    found = _QUANTITY_BEHIND.match(behind)
    if not found:
        found = _nearest(before)
        # `8 drones, € 450` may be the price of all of them, unless it says "per stuk".
        is_loose = found and not _PRICE_SIGN.search(before)
        if not found or (is_loose and not _EACH.match(behind)):
            return None
        if _NUMBERED.search(before[: found.start()]):
            return Decimal(0)
    word = found["quantity"]
    if word in ("een", "één") and re.search(r"\d", before):
        return Decimal(0)
    return _count(word) or Decimal(0)


def _count(word: str) -> Decimal | None:
    """Read a quantity, in figures or as a word; None for what is rather a year."""
    number = _number(word) if word not in _WORD_NUMBERS else Decimal(_WORD_NUMBERS[word])
    return None if number in _YEARS else number


def _nearest(before: str) -> re.Match[str] | None:
    """Find the quantity closest to a price: of several fits the last."""
    last = None
    for match in re.finditer(_QUANTITY, before):
        last = _QUANTITY_BEFORE.match(before, match.start()) or last
    return last


def _value(match: re.Match[str]) -> Decimal | None:
    written = match["after"] or match["before"] + (match["mark"] or "")
    number = re.match(_NUMBER, written)
    times = re.search("|".join(_TIMES), written)
    value = _number(number[0]) if number else None
    return value * _TIMES[times[0]] if value is not None and times else value


def _number(written: str) -> Decimal | None:
    """Read a Dutch number; None for one that can be read in two ways."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?", written):
        return Decimal(written.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d+(?:[.,]\d{1,2})?", written):
        return Decimal(written.replace(",", "."))
    return None
