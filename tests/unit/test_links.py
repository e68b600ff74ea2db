"""The words of links: ours are known again, everything else is refused."""

from __future__ import annotations

import random
import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.commands import read_text
from bot.domain.access import VISIT, Link, Purpose, link_mark, telegram_mark
from bot.domain.inbox import Kind
from bot.services.links import Addresses, LinkBook, LinkSigner

ALPHABET = string.ascii_letters + string.digits + "-_"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ID = "abcDEF123-_"
signer = LinkSigner("one secret of this installation, long enough")


def altered(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word))
    other = chance.choice([letter for letter in ALPHABET if letter != word[place]])
    return word[:place] + other + word[place + 1 :]


def test_word_leads_back_to_its_link() -> None:
    word = signer.word(ID)

    assert len(word) == 54
    assert signer.link_id(word) == ID
    assert word == signer.word(ID)


def test_each_altered_letter_is_refused() -> None:
    word = signer.word(ID)
    others = [
        word[:place] + letter + word[place + 1 :]
        for place in range(len(word))
        for letter in ALPHABET
        if letter != word[place]
    ]

    assert len(others) == 54 * 63
    assert [other for other in others if signer.link_id(other)] == []


def test_ten_thousand_guesses_are_refused() -> None:
    chance = random.Random(4)
    guesses = ["".join(chance.choices(ALPHABET, k=54)) for _ in range(5_000)]
    guesses += [altered(signer.word(ID), chance) for _ in range(5_000)]

    assert [guess for guess in guesses if signer.link_id(guess)] == []


@given(st.text())
def test_any_text_is_refused_without_an_error(text: str) -> None:
    assert signer.link_id(text) is None
    assert not signer.admits(text, ID, NOW)


def test_another_secret_refuses_what_was_given_out() -> None:
    other = LinkSigner("another secret, after the first one leaked")

    assert other.link_id(signer.word(ID)) is None
    assert not other.admits(signer.ticket(ID, NOW), ID, NOW)


def test_ticket_is_for_one_link_and_two_hours() -> None:
    ticket = signer.ticket(ID, NOW)

    assert signer.admits(ticket, ID, NOW + VISIT - timedelta(seconds=1))
    assert not signer.admits(ticket, ID, NOW + VISIT)
    assert not signer.admits(ticket, "another-id1", NOW)


def test_ticket_cannot_be_made_to_last_longer() -> None:
    until, proof = signer.ticket(ID, NOW).split(".")

    assert not signer.admits(f"{int(until) + 60}.{proof}", ID, NOW)


def test_word_is_no_ticket_and_no_proof_of_a_form() -> None:
    ticket = signer.ticket(ID, NOW)
    proofs = {signer.word(ID)[11:], ticket.split(".")[1], signer.form_proof(ID)}

    assert len(proofs) == 3


def test_proof_of_a_form_is_secret_and_for_one_link() -> None:
    others = {signer.form_proof("another-id1"), LinkSigner("another").form_proof(ID)}

    assert signer.form_proof(ID) not in others


@pytest.mark.parametrize("purpose", Purpose)
def test_link_opens_until_it_expires_or_is_revoked(purpose: Purpose) -> None:
    def link(**more: object) -> Link:
        return Link(ID, purpose, NOW, NOW + timedelta(days=1), **more)

    assert link().is_valid(NOW)
    assert not link().is_valid(NOW + timedelta(days=1))
    assert not link(is_revoked=True).is_valid(NOW)
    assert link(used_at=NOW).is_valid(NOW) is (purpose is not Purpose.COUPLE)


def book(bot_name: str | None = "sto_bot") -> LinkBook:
    return LinkBook(signer, Addresses("https://sto.example", bot_name))


def test_marks_become_addresses_when_a_text_is_shown() -> None:
    text = f"Kijk hier: {link_mark(ID)}\nOf in Telegram: {telegram_mark(ID)}\nDag!"

    assert book().fill(text) == (
        f"Kijk hier: https://sto.example/l/{signer.word(ID)}\n"
        f"Of in Telegram: https://t.me/sto_bot?start=l{signer.word(ID)}\nDag!"
    )


def test_line_with_a_telegram_link_falls_away_without_a_bot() -> None:
    text = f"Kijk hier: {link_mark(ID)}\nOf in Telegram: {telegram_mark(ID)}\nDag!"

    filled = book(bot_name=None).fill(text)

    assert filled == f"Kijk hier: https://sto.example/l/{signer.word(ID)}\nDag!"


@pytest.mark.parametrize("text", ["⟦link:kort⟧", "⟦link:" + "a" * 54 + "⟧", "⟦other:abcDEF123-_⟧"])
def test_text_that_only_looks_like_a_mark_stays(text: str) -> None:
    assert book().fill(text) == text


def test_start_with_a_word_is_a_link_and_fits_telegrams_limit() -> None:
    address = book().telegram_url(ID)
    assert address
    word = address.partition("?start=")[2]

    assert len(word) <= 64
    assert read_text(f"/start {word}") == (Kind.LINK, signer.word(ID))
    assert read_text(f"/start@sto_bot {word}") == (Kind.LINK, signer.word(ID))


@pytest.mark.parametrize("behind", ["", " hallo", " l", " lkort", " x" + "a" * 54])
def test_other_words_behind_start_greet(behind: str) -> None:
    assert read_text(f"/start{behind}") == (Kind.COMMAND, "start")
