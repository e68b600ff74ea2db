"""The PDF of a summary, read back with another program's eyes."""

from __future__ import annotations

import asyncio
import io
import re
import unicodedata

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from bot.delivery import pdf as pdf_module
from bot.delivery.pdf import PdfFailedError, render_pdf
from bot.delivery.pdf_glyphs import _RANGES, is_printable
from bot.domain.plan_states import Action
from bot.texts.summary import CLOSING, NOT_FILLED
from tests.summaries import make_answer, make_summary, make_word, summaries

#: Letters and signs of a keyboard; what the pages are stripped of below is no part of them.
PLAIN = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=300)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def shown(pdf: bytes) -> str:
    """Give the text without headers and footers, and without any white space."""
    pages = (page.extract_text() for page in read(pdf).pages)
    bodies = (re.sub(r".* pagina \d+ van \d+$", "", page.partition("\n")[2]) for page in pages)
    return squeezed("".join(bodies))


def squeezed(text: str) -> str:
    return re.sub("[\\s\u200b]", "", text)


def tags(node: object) -> list[str]:
    """List the kinds of the document's structure elements, in reading order."""
    if isinstance(node, ArrayObject):
        return [kind for child in node for kind in tags(child.get_object())]
    if not isinstance(node, DictionaryObject):
        return []
    own = [node["/S"]] if "/S" in node else []
    return own + (tags(node["/K"].get_object()) if "/K" in node else [])


def test_pdf_shows_every_answer_verbatim() -> None:
    summary = make_summary()

    text = shown(render_pdf(summary))

    for answer in summary.idea + summary.answers:
        assert squeezed(answer.title) in text
        assert squeezed(answer.text or NOT_FILLED) in text
    assert squeezed("Nog open: Mijlpalen.") in text
    assert text.endswith(squeezed(CLOSING))
    assert squeezed("Steunt het idee, gemeld door de docent (teamleider bovenbouw)") in text


def test_pdf_shows_what_management_said_before_what_was_reported() -> None:
    word = make_word(verdict=Action.DECLINE)

    text = shown(render_pdf(make_summary(management=word)))

    said = squeezed("Steunt het idee niet: Mevrouw X, teamleider onderbouw, bevestigd op")
    reported = squeezed("Volgens de docent")
    assert said in text
    assert text.index(said) < text.index(reported)


def test_pdf_is_tagged_for_screen_readers() -> None:
    document = read(render_pdf(make_summary()))

    root = document.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    kinds = tags(root["/StructTreeRoot"]["/K"].get_object())
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert root["/Lang"] == "nl-NL"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert document.metadata.title == "STO-2026-0001 - Robots in de zorg"
    assert [kind for kind in kinds if kind in ("/H1", "/H2", "/H3")] == (
        ["/H1", "/H2", "/H2", *["/H3"] * 2, "/H2", *["/H3"] * 6]
    )
    assert kinds.count("/Lbl") == kinds.count("/LBody") == 8


def test_typical_plan_takes_two_pages() -> None:
    answer = "Een antwoord van een gewone lengte, met een paar zinnen over wat en wie. " * 5
    summary = make_summary(answers=tuple(make_answer(answer) for _ in range(6)))

    document = read(render_pdf(summary))

    texts = [page.extract_text() for page in document.pages]
    assert len(texts) == 2
    assert texts[0].endswith("pagina 1 van 2")
    assert texts[1].startswith("Plan voor Sterk Techniekonderwijs STO-2026-0001")
    assert [float(side) for side in document.pages[0].mediabox[2:]] == pytest.approx(
        [595.28, 841.89], abs=0.1
    )


@pytest.mark.parametrize(
    "typed",
    [
        '#image("x.png") #eval("1+1") #read("/etc/passwd")',
        "*vet* _schuin_ `code` $x^2$ = kop - lijst <label> @bron // niets /* ook */",
        "<b>vet</b> <script>alert(1)</script> &amp; \\ \\n \\u{41} ~ -- --- ... \"a\" 'b'",
        "{{ 7*7 }} {% raw %} %s {0}",
    ],
)
def test_markup_is_shown_literally(typed) -> None:
    text = shown(render_pdf(make_summary(title=typed, answers=(make_answer(typed),))))

    assert text.count(squeezed(typed)) == 2


def test_line_breaks_are_kept() -> None:
    pdf = render_pdf(make_summary(idea=(), answers=(make_answer("een\ntwee\n\ndrie"),)))

    lines = [line.strip() for line in read(pdf).pages[0].extract_text().splitlines()]
    assert [line for line in lines if line in ("een", "twee", "drie")] == ["een", "twee", "drie"]


def test_long_words_stay_on_page() -> None:
    words = [sign * 400 for sign in "Wxé"]
    summary = make_summary(title=words[0], school=words[0], answers=(make_answer(" ".join(words)),))
    right_edge = 595 - 60
    beyond = []

    def note(text, _, matrix, *rest) -> None:
        if text.strip() and matrix[4] > right_edge:
            beyond.append(text)

    pdf = render_pdf(summary)

    for page in read(pdf).pages:
        page.extract_text(visitor_text=note)
        beyond = [text for text in beyond if "pagina" not in text and "STO-" not in text]
    assert beyond == []
    assert all(word in shown(pdf) for word in words)


def test_words_that_fit_are_copied_whole() -> None:
    address = "https://www.voorbeeldcollege-noord.example/techniek"

    pdf = render_pdf(make_summary(answers=(make_answer(address),)))

    assert any(address in page.extract_text() for page in read(pdf).pages)


def test_region_page_can_be_opened() -> None:
    page = read(render_pdf(make_summary())).pages[0]

    links = [note.get_object()["/A"]["/URI"] for note in page["/Annots"]]
    assert links == ["https://www.sterktechniekonderwijs.nl/regio/assen"]


def test_title_of_invisible_characters_gets_words() -> None:
    pdf = render_pdf(make_summary(title="\u00ad\ufe0f", answers=(make_answer("ja", title=""),)))

    assert "Planzondertitel" in shown(pdf)


def test_same_summary_gives_same_bytes() -> None:
    assert render_pdf(make_summary()) == render_pdf(make_summary())


async def test_threads_do_not_disturb_each_other() -> None:
    many = [make_summary(title=f"Plan nummer {number}") for number in range(16)]
    expected = [render_pdf(summary) for summary in many]

    made = await asyncio.gather(*(asyncio.to_thread(render_pdf, summary) for summary in many))

    assert made == expected


@settings(max_examples=60, deadline=None)
@given(summaries(st.text()))
def test_any_text_gives_a_pdf(summary) -> None:
    assert len(read(render_pdf(summary)).pages) >= 1


@settings(max_examples=60, deadline=None)
@given(st.lists(PLAIN, min_size=1, max_size=6))
def test_plain_answers_are_read_back(texts) -> None:
    summary = make_summary(answers=tuple(make_answer(text) for text in texts))

    page = shown(render_pdf(summary))

    assert all(squeezed(text) in page for text in texts)


@pytest.mark.parametrize("weight", ["regular", "bold"])
def test_fonts_have_every_known_character(weight) -> None:
    codes = (code for first, last in _RANGES for code in range(first, last + 1))
    signs = [chr(code) for code in codes if is_printable(chr(code))]
    # A mark stands on a letter, as it does in a text.
    known = " ".join(f"o{sign}" if unicodedata.combining(sign) else sign for sign in signs)

    pdf = typst.compile(
        b'#set document(title: "x")\n'
        b'#set text(lang: "nl", fallback: false, weight: sys.inputs.weight,'
        b' font: ("Libertinus Serif", "DejaVu Sans Mono", "New Computer Modern"))\n'
        b"#sys.inputs.known",
        sys_inputs={"known": known, "weight": weight},
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards="ua-1",
    )

    assert pdf.startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("\U0001f600", id="missing glyph: an error"),
        pytest.param(" ".join(map(chr, range(0x600, 0x700))), id="right to left: a panic"),
    ],
)
def test_failure_of_typst_has_one_name(typed, monkeypatch) -> None:
    monkeypatch.setattr(pdf_module, "printable", lambda text: text)

    with pytest.raises(PdfFailedError, match=r"^De PDF kon niet worden gemaakt\.$"):
        render_pdf(make_summary(title=typed))
    monkeypatch.undo()
    assert render_pdf(make_summary()).startswith(b"%PDF")
