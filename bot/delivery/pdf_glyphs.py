"""Text made printable with the fonts that typst carries: what they lack becomes a visible □.

PDF/UA-1 allows no missing glyph, so typst refuses a whole document for one emoji; and typst 0.15
panics on some right-to-left texts. So only what was tried gets through: the ranges below are those
parts of the embedded fonts that are covered without a gap in regular and in bold (not in italic,
so the template has none); a test compiles every character.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: What stands for a character that cannot be printed.
BOX = "\u25a1"

_RANGES = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x00AC),  # Latin-1, without the soft hyphen
    (0x00AE, 0x03FF),  # Latin, phonetic, combining marks, Greek
    (0x0400, 0x04FF),  # Cyrillic
    (0x1E00, 0x1FFE),  # Latin and Greek with more marks
    (0x2010, 0x2027),  # dashes, quotes, bullets
    (0x2030, 0x2037),  # per mille, primes
    (0x2039, 0x2040),  # more quotes
    (0x2070, 0x209C),  # superscripts and subscripts
    (0x20A0, 0x20BF),  # currencies
    (0x2113, 0x2113),  # litre
    (0x2116, 0x2117),  # numero
    (0x2122, 0x2122),  # trade mark
    (0x2153, 0x2184),  # fractions, Roman numerals
    (0x2190, 0x2220),  # arrows, mathematics
    (0x2222, 0x222D),  # more mathematics
    (0x2241, 0x226B),  # comparisons
    (0x2460, 0x262F),  # numbers in circles, boxes, shapes, symbols
    (0x2638, 0x268B),  # more symbols
    (0x26A0, 0x26A5),  # warning sign and others
    (0x2701, 0x2704),  # scissors
    (0x2706, 0x2709),  # telephone, envelope
    (0x270C, 0x2727),  # hands, pencils, ticks and crosses
    (0x2758, 0x275E),  # ornamental quotes
    (0x2761, 0x277F),  # hearts, numbers in circles
    (0x2794, 0x2794),  # arrow
    (0x2798, 0x27AF),  # arrows
    (0xFB00, 0xFB06),  # ligatures
    (0xFFFD, 0xFFFD),  # replacement character
)
_LINE_BREAKS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_TOO_MANY_BREAKS = re.compile("\n{4,}")
_MARKS = "\u0300-\u036f"
#: More marks than this on one letter run over the lines above and below.
_STACKED_MARKS = re.compile(f"([{_MARKS}]{{4}})[{_MARKS}]+")
#: What changes the look of the character before it: variations, keycap, skin tones, tags.
_TAIL = "[\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"
#: What a reader sees as one sign: a flag, or characters tied by joiners, skin tones, variations.
_SIGN = re.compile(f"\n|[\U0001f1e6-\U0001f1ff]{{2}}|[^\n]{_TAIL}(?:\u200d[^\n]{_TAIL})*")
_TAILS = re.compile(_TAIL)
#: Directions that change how other text reads: shown, so that nobody is misled.
_OVERRIDES = "\u202d\u202e"


def printable(text: str) -> str:
    """Give `text` as the PDF can show it, with its line breaks.

    Characters without a glyph, control characters, lone surrogates and direction overrides become
    □, one for each sign that a reader sees; invisible format characters are left out.
    """
    lines = _LINE_BREAKS.sub("\n", unicodedata.normalize("NFC", text)).replace("\t", "    ")
    short = _TOO_MANY_BREAKS.sub("\n\n\n", lines)
    shown = "".join(_shown(match.group()) for match in _SIGN.finditer(short))
    return _STACKED_MARKS.sub(r"\1", shown)


@lru_cache(maxsize=4096)
def is_printable(character: str) -> bool:
    """Say whether the embedded fonts are known to show `character`."""
    code = ord(character)
    return (
        any(first <= code <= last for first, last in _RANGES)
        and unicodedata.category(character) != "Cn"
    )


def _shown(sign: str) -> str:
    if sign == "\n" or (len(sign) == 1 and is_printable(sign)):
        return sign
    bare = sign[0] + _TAILS.sub("", sign[1:])
    kept = [character for character in bare if not _is_invisible(character)]
    boxed = "".join(character if is_printable(character) else BOX for character in kept)
    return re.sub(f"{BOX}+", BOX, boxed)


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) == "Cf" and character not in _OVERRIDES
