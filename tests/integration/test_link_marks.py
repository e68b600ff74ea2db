"""The address of a link stands in no row: it is written into a text when that is shown."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.chat.commands import read_text
from bot.chat.intake import Intake
from bot.chat.terminal import TerminalChat
from bot.domain.access import link_mark, telegram_mark
from bot.domain.inbox import Channel, Incoming, Kind
from bot.domain.turn import Choice, Reply
from bot.services.bell import Bell, Broadcast
from bot.services.links import LinkBook, LinkSigner
from bot.services.turns import Work
from bot.storage.database import Database
from bot.storage.tables import inbox, metadata
from bot.texts.links import HIDDEN_WORD
from bot.web.chat_view import Texts
from tests.clocks import SteppingClock
from tests.integration.running_chat import Chat, sqlite_only
from tests.person import Person, made_book, make_services

pytest_plugins = ["tests.integration.chat_fixtures"]

LINK = "AbCdEfGhIjK"


async def push(database: Database, channel: Channel, address: str, *replies: Reply) -> None:
    """Say something unasked in a conversation."""
    async with database.write() as uow:
        talk = await uow.conversations.find(channel, address)
        assert talk
        await uow.turns.push(talk, f"event:{replies[0].text[:20]}", list(replies))


async def everything_stored(database: Database) -> str:
    values = []
    for table in metadata.sorted_tables:
        async with database.engine.connect() as plain:
            connection = await plain.execution_options(sqlite_begin="DEFERRED")
            for row in (await connection.execute(table.select())).all():
                values += map(str, row)
    return "\n".join(values)


def book_of(chat: Chat) -> LinkBook:
    return chat.parts.services.book


async def test_telegram_gets_the_address_and_no_row_has_it(chat: Chat) -> None:
    user = chat.world.user()
    await user.ask("hallo")
    text = f"Open het plan: {link_mark(LINK)}\nHier: {telegram_mark(LINK)}"
    await push(chat.database, Channel.TELEGRAM, str(user.id), Reply(text))

    await user.ask("hallo", replies=2)

    book = book_of(chat)
    told = [message.text for message in user.received if "Open het plan" in message.text]
    assert told == [f"Open het plan: {book.url(LINK)}\nHier: {book.telegram_url(LINK)}"]
    kept = await everything_stored(chat.database)
    assert LINK in kept
    assert book.signer.word(LINK) not in kept


def pasted(book: LinkBook) -> list[str]:
    """Give the ways in which people bring a link of ours into the chat."""
    word = book.signer.word(LINK)
    return [
        book.url(LINK),
        f"werkt deze link nog? {book.url(LINK)}. Of {book.telegram_url(LINK)}!",
        f"/start l{word}",
        f"/start l{word} graag",
        f"/vraag wat is {word}",
        f"twee: {word}{word}_en_meer",
        f"l{word}",
    ]


async def test_what_people_paste_opens_nothing_for_who_reads_the_database(chat: Chat) -> None:
    user = chat.world.user()
    for typed in pasted(book_of(chat)):
        await user.ask(typed)
    message_id = user.send_text("zonder link")
    user.edit(message_id, f"met link: {book_of(chat).url(LINK)}")
    await user.ask("plan maken", replies=2)
    await user.ask(f"Ons idee staat op {book_of(chat).url(LINK)}")

    headers = {"Origin": chat.url, "Accept": "application/json"}
    async with httpx.AsyncClient(base_url=chat.url, headers=headers, timeout=40) as browser:
        await browser.get("/")
        for number, typed in enumerate(pasted(book_of(chat))):
            await browser.post("/chat/messages", data={"id": f"web-{number}", "text": typed})
        await until_answered(browser)

    kept = await everything_stored(chat.database)
    assert f"met link: {chat.url}/l/{HIDDEN_WORD}" in kept
    assert f"Ons idee staat op {chat.url}/l/{HIDDEN_WORD}" in kept
    assert book_of(chat).signer.word(LINK)[len(LINK) :] not in kept


@pytest.mark.parametrize("channel", list(Channel))
async def test_secret_is_gone_before_anything_is_stored(
    database: Database, clock: SteppingClock, channel: Channel
) -> None:
    book = made_book()
    intake = Intake(database, clock, Bell(), book.signer)
    for number, text in enumerate(pasted(book)):
        for kind, said in (read_text(text), (Kind.EDIT, text), (Kind.PRESS, text)):
            message = Incoming(channel, "1", f"{number}:{kind}", kind, said)
            assert await intake.store_one(message) is not None

    async with database.engine.connect() as connection:
        rows = (await connection.execute(select(inbox.c.kind, inbox.c.text))).all()

    texts = "\n".join(row.text for row in rows)
    assert book.signer.word(LINK)[len(LINK) :] not in texts
    assert f"twee: {HIDDEN_WORD}{HIDDEN_WORD}_en_meer" in texts
    assert {row.text for row in rows if row.kind == Kind.LINK} == {LINK}


async def test_words_that_are_not_ours_stay_as_they_were(
    database: Database, clock: SteppingClock
) -> None:
    word = made_book().signer.word(LINK)
    others = ["-" * 80, word[:-1], word[:20] + "x" + word[21:], LinkSigner("een ander").word(LINK)]
    intake = Intake(database, clock, Bell(), made_book().signer)
    for number, text in enumerate(others):
        await intake.store_one(Incoming(Channel.WEB, "1", str(number), Kind.TEXT, text))

    async with database.engine.connect() as connection:
        kept = list(await connection.scalars(select(inbox.c.text).order_by(inbox.c.id)))

    assert kept == others


@sqlite_only
async def test_no_part_of_a_long_text_breaks_an_address(chat: Chat) -> None:
    user = chat.world.user()
    await user.ask("hallo")
    # With the short mark it fits in one message; with the address it does not.
    text = "woord " * 670 + link_mark(LINK)
    await push(chat.database, Channel.TELEGRAM, str(user.id), Reply(text))

    await user.ask("hallo", replies=3)

    whole = [one.text for one in user.received if book_of(chat).url(LINK) in one.text]
    assert len(whole) == 1


async def test_open_page_gets_what_is_said_unasked(chat: Chat) -> None:
    headers = {"Origin": chat.url, "Accept": "application/json"}
    async with httpx.AsyncClient(base_url=chat.url, headers=headers, timeout=40) as browser:
        await browser.get("/")
        await browser.post("/chat/messages", data={"id": "first-id", "text": "hallo"})
        heard = await until_answered(browser)
        before = [button["label"] for button in heard["buttons"]]
        (talk,) = await talks(chat.database)
        choice = Choice("Antwoord aanpassen", "revise", "plan-1")
        waiting = asyncio.create_task(news(browser, heard["cursor"]))

        told = Reply(f"Er is nieuws: {link_mark(LINK)}.", (choice,))
        await push(chat.database, Channel.WEB, talk, told, Reply("En nog iets."))
        got = await waiting
        page = (await browser.get("/", headers={"Accept": "text/html"})).text

    url = book_of(chat).url(LINK)
    assert [line["parts"] for line in got["lines"]] == [
        [{"text": "Er is nieuws: ", "url": None}, {"text": url, "url": url}, dot()],
        [{"text": "En nog iets.", "url": None}],
    ]
    assert [button["label"] for button in got["buttons"]] == [*before, "Antwoord aanpassen"]
    assert f'<a href="{url}"' in page
    assert page.index("Er is nieuws") < page.index("En nog iets.")
    assert book_of(chat).signer.word(LINK) not in await everything_stored(chat.database)


def dot() -> dict[str, str | None]:
    return {"text": ".", "url": None}


async def news(browser: httpx.AsyncClient, cursor: str) -> dict[str, Any]:
    response = await browser.get("/chat/messages", params={"after": cursor})
    heard: dict[str, Any] = response.json()
    return heard


async def until_answered(browser: httpx.AsyncClient) -> dict[str, Any]:
    cursor = ""
    while True:
        heard = await news(browser, cursor)
        if heard["buttons"]:
            return heard
        cursor = heard["cursor"]


async def talks(database: Database) -> list[str]:
    found = re.findall(r"\b[0-9a-f]{64}\b", await everything_stored(database))
    return sorted(set(found))


async def test_terminal_shows_addresses_and_what_was_said_unasked(
    database: Database, clock: SteppingClock, tmp_path: Path
) -> None:
    person = Person(database, make_services(database, clock), clock, "t1", Channel.TERMINAL)
    bell, said = Bell(), Broadcast()
    talk = TerminalChat(
        database,
        Intake(database, clock, bell, made_book().signer),
        said,
        no_file,
        made_book().fill,
        tmp_path,
        "t1",
    )
    answering = asyncio.create_task(answer_all(person, bell))

    first = await talk.say("hallo")
    await push(database, Channel.TERMINAL, "t1", Reply(f"Nieuws: {link_mark(LINK)}"))
    second = await talk.say("en verder")
    answering.cancel()

    assert [reply.text for reply in first] == ["hallo gehoord"]
    assert [reply.text for reply in second] == [
        f"Nieuws: {made_book().url(LINK)}",
        "en verder gehoord",
    ]
    assert made_book().signer.word(LINK) not in await everything_stored(database)


async def no_file(_kind: Any, _subject: str) -> bytes | None:
    return None


async def answer_all(person: Person, bell: Bell) -> None:
    """Answer each message of the terminal as the worker does."""

    async def hear(work: Work) -> list[Reply]:
        return [Reply(f"{work.turn.text} gehoord")]

    while True:
        async with person.database.read() as uow:
            talk = await uow.conversations.find(person.channel, person.address)
            found = await uow.inbox.first_open(talk.id, person.clock.now()) if talk else None
        if found is None:
            await bell.wait(1.0)
            continue
        attempt = await person.attempt(found)
        await person.services.runner.run(found, attempt, hear)


OWN = "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("Lees https://school.example/plan.", ["https://school.example/plan"]),
        ("Lees http://school.example/plan.", []),
        (f"Lees {OWN}/l/abc, graag", [f"{OWN}/l/abc"]),
        ("Lees http://127.0.0.1:80001/l/abc", []),
        ("Lees http://127.0.0.1:8000.school.example/l/abc", []),
        (
            f"Lees {link_mark(LINK)}",
            [f"https://wegwijzer.example/l/{made_book().signer.word(LINK)}"],
        ),
        ("javascript:alert(1)", []),
    ],
)
def test_only_safe_addresses_can_be_clicked(text: str, urls: list[str]) -> None:
    parts = Texts(made_book().fill, f"{OWN}/").parts(text)

    assert [part["url"] for part in parts if part["url"]] == urls
    assert "".join(part["text"] or "" for part in parts) == made_book().fill(text)
