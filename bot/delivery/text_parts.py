"""Splits a long text into messages that Telegram takes, without breaking a character."""

from __future__ import annotations

#: Telegram counts UTF-16 code units: an emoji is two of them.
TELEGRAM_LIMIT = 4096


def utf16_length(text: str) -> int:
    """Give the length of `text` as Telegram counts it."""
    return len(text) + sum(ord(character) > 0xFFFF for character in text)


def split_text(text: str, limit: int = TELEGRAM_LIMIT) -> list[str]:
    """Split `text` into parts of at most `limit` UTF-16 units.

    It is cut at a blank line, a line break or a space where there is one in the last half of a
    part; the parts joined together hold every character but the white space at the cuts.
    """
    parts = []
    rest = text
    while utf16_length(rest) > limit:
        end = _fitting(rest, limit)
        cut = _good_cut(rest, end)
        parts.append(rest[:cut].rstrip() or rest[:cut])
        rest = rest[cut:].lstrip()
    if rest or not parts:
        parts.append(rest)
    return parts


def _fitting(text: str, limit: int) -> int:
    units = 0
    for index, character in enumerate(text):
        units += 2 if ord(character) > 0xFFFF else 1
        if units > limit:
            return index
    return len(text)


def _good_cut(text: str, end: int) -> int:
    for mark in ("\n\n", "\n", " "):
        at = text.rfind(mark, end // 2, end)
        if at > 0:
            return at + len(mark)
    # Never between a character and what joins it (accent, skin tone, zero-width joiner).
    cut = end
    while cut > end // 2 and (text[cut - 1] == "\u200d" or _joins(text[cut : cut + 1])):
        cut -= 1
    return cut


def _joins(character: str) -> bool:
    if not character:
        return False
    code = ord(character)
    return character in ("\u200d", "\ufe0f") or 0x300 <= code <= 0x36F or 0x1F3FB <= code <= 0x1F3FF
