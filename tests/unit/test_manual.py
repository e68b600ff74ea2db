"""The manuals show what there is: the words on buttons and pages, and pictures of them."""

from __future__ import annotations

import ast
import html
import re
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs/manual"
MANUALS = [ROOT / f"docs/handleiding-{who}.md" for who in ("docent", "schoolleiding", "regio")]
#: So that the manual opens quickly, in bytes.
MOST = 2_500_000
WIDTHS = {390, 1200}
#: What stands in italics without being in our texts: what people type, and examples.
EXAMPLES = {
    "Gevraagd: lees plan STO-2026-0001 - Drones in de zorg",
    "di 24 november, 15:30",
    "hallo",
    "ik wil mijn doelen aanpassen",
    "pauze",
    "stop",
    "tip",
    "verder",
    "waar staat mijn plan",
}

pytestmark = pytest.mark.house


def shown(page: Path) -> list[tuple[str, str]]:
    """Give the file and the alternative text of each picture on a page."""
    text = page.read_text()
    tags = re.findall(r'<img src="([^"]+)"[^>]* alt="([^"]*)"', text)
    marks = [(file, alt) for alt, file in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text)]
    return [*tags, *marks]


def italics(page: Path) -> list[str]:
    """Give what a page says in italics: with us that is what people see, word for word."""
    text = re.sub(r"```.*?```|`[^`\n]+`|<img [^>]*>", " ", page.read_text(), flags=re.DOTALL)
    found = re.findall(r"(?<!\*)\*(?![*\s])([^*]+?)(?<!\s)\*(?!\*)", text.replace("**", ""))
    return [" ".join(phrase.split()) for phrase in found]


@cache
def said() -> tuple[str, ...]:
    """Give everything that our code and content say to people, each on one line."""
    texts: list[str] = []
    for path in (ROOT / "bot").rglob("*.py"):
        texts += constants(ast.parse(path.read_text()))
    for path in (ROOT / "bot").rglob("*.html"):
        texts.append(html.unescape(re.sub(r"<[^>]*>", "", path.read_text())))
    texts += [path.read_text() for path in (ROOT / "content").rglob("*.yml")]
    return tuple(" ".join(text.split()) for text in texts)


def constants(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def is_said(phrase: str) -> bool:
    """Say whether we say this somewhere; what we fill in may be anything."""
    if any(phrase.lower() in text.lower() for text in said()):
        return True
    words = phrase.replace("“…”", "…")
    filled = (text for text in said() if re.search(r"\{\w*\}", text))
    return any(re.search(pattern(text), words, flags=re.IGNORECASE) for text in filled)


def pattern(text: str) -> str:
    """Give what matches a text with anything filled in, if enough of it is said by us."""
    parts = re.split(r"“?\{\w*\}”?", text)
    if len("".join(parts)) < 8:
        return r"(?!)"
    return r"\A" + ".{1,80}?".join(re.escape(part) for part in parts)


@pytest.mark.parametrize("page", MANUALS, ids=lambda page: page.stem)
def test_manual_names_what_people_see(page: Path) -> None:
    phrases = set(italics(page)) - EXAMPLES

    assert phrases
    assert sorted(phrase for phrase in phrases if not is_said(phrase)) == []


def test_no_word_for_word_that_nobody_says() -> None:
    assert not is_said("Stuur de vraag op")
    assert not is_said("Versturen maar")


@pytest.mark.parametrize("page", MANUALS, ids=lambda page: page.stem)
def test_every_picture_has_words_for_who_cannot_see(page: Path) -> None:
    short = [file for file, alt in shown(page) if len(alt.split()) < 8]

    assert shown(page)
    assert short == []


def test_every_picture_is_in_a_manual() -> None:
    pages = [*MANUALS, PICTURES / "gesprek.md"]
    named = {
        Path(name).name for page in pages for name in re.findall(r"[\w/-]+\.png", page.read_text())
    }
    kept = {path.name for path in PICTURES.glob("*.png")}

    assert kept
    assert kept == named


def test_pictures_are_small_and_of_two_widths() -> None:
    files = list(PICTURES.iterdir())

    widths = {struct.unpack(">I", one.read_bytes()[16:20])[0] for one in PICTURES.glob("*.png")}

    assert sum(file.stat().st_size for file in files) < MOST
    assert widths == WIDTHS


def test_transcript_names_no_machine_and_no_secret() -> None:
    text = (PICTURES / "gesprek.md").read_text()

    assert not re.search(r"127\.0\.0\.1|localhost|(?:/l/|start=)[A-Za-z0-9_-]{8}", text)
