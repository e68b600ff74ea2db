"""A chat of Telegram is coupled to a contact by a link that works once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.access import Purpose
from bot.domain.contacts import OPERATOR_ID, Contact
from bot.domain.inbox import Channel
from bot.domain.turn import Choice
from bot.services.couple import uncouple
from bot.services.use_cases import UseCases
from bot.storage.database import Database
from bot.storage.tables import inbox, outbox
from bot.texts import review_chat as words
from bot.texts.conversation import DELETED
from bot.texts.review import LINK_IS_OVER
from tests.chat_user import ChatUser
from tests.clocks import SteppingClock
from tests.person import Person, make_services, write_plan
from tests.reviews import CONTACTS, add_contacts


@pytest.fixture
def services(database: Database, clock: SteppingClock) -> UseCases:
    return make_services(database, clock)


@pytest.fixture
async def manager(database: Database, services: UseCases, clock: SteppingClock) -> ChatUser:
    await add_contacts(database)
    return ChatUser(database, services, clock, "7001")


def another(user: ChatUser, address: str, channel: Channel = Channel.TELEGRAM) -> ChatUser:
    return ChatUser(user.database, user.services, user.clock, address, channel)


async def contact(user: ChatUser, name: str = "manager") -> Contact:
    async with user.database.read() as uow:
        return next(one for one in await uow.contacts.all() if one.id == name)


async def chat_of(user: ChatUser) -> str:
    async with user.database.read() as uow:
        talk = await uow.conversations.find(user.channel, user.address)
    assert talk
    return talk.id


async def stored(database: Database, table: Any) -> list[Any]:
    async with database.engine.connect() as connection:
        return list((await connection.execute(table.select())).all())


async def mails(database: Database) -> list[Any]:
    return [row for row in await stored(database, outbox) if row.channel == "email"]


async def test_link_couples_the_chat_by_name(manager: ChatUser) -> None:
    said = await manager.couple("manager")

    assert said.startswith("Deze chat is nu gekoppeld als programmamanager van de regio Assen.")
    assert manager.labels == ["Plannen die wachten", "Ontkoppel"]
    assert (await contact(manager)).conversation_id == await chat_of(manager)


async def test_coupling_is_mailed_to_the_known_address(manager: ChatUser) -> None:
    await manager.couple("manager")

    (mail,) = await mails(manager.database)
    assert mail.address == "regio@assen.example"
    assert mail.payload["subject"] == words.COUPLED_SUBJECT
    assert "Was jij dit niet?" in " ".join(mail.payload["paragraphs"])
    assert mail.payload["reply_to"] == "beheer@example.org"
    async with manager.database.read() as uow:
        link = await uow.links.get(mail.payload["link_id"])
    assert link
    assert (link.contact_id, link.email) == ("manager", "regio@assen.example")


async def test_word_of_the_link_is_not_kept(manager: ChatUser) -> None:
    await manager.couple("manager")

    assert [row.text for row in await stored(manager.database, inbox)] == [""]


async def give_link(user: ChatUser, contact_id: str = "manager") -> Any:
    async with user.database.write() as uow:
        return await user.services.book.give(
            uow, user.clock.now(), Purpose.COUPLE, contact_id=contact_id
        )


async def test_link_couples_only_once(manager: ChatUser) -> None:
    link, thief = await give_link(manager), another(manager, "7002")
    await manager.open(link)

    assert (await thief.open(link)).startswith(LINK_IS_OVER)
    assert (await contact(manager)).conversation_id == await chat_of(manager)
    assert len(await mails(manager.database)) == 1


async def test_of_two_at_once_one_is_coupled(manager: ChatUser) -> None:
    link = await give_link(manager)
    both = [manager, another(manager, "7002")]

    said = await asyncio.gather(*(user.open(link) for user in both))

    assert sorted(text.startswith(LINK_IS_OVER) for text in said) == [False, True]
    winner = both[0 if not said[0].startswith(LINK_IS_OVER) else 1]
    assert (await contact(manager)).conversation_id == await chat_of(winner)


async def test_link_ends_after_a_quarter(manager: ChatUser, clock: SteppingClock) -> None:
    link = await give_link(manager)
    clock.step(minutes=15)

    assert (await manager.open(link)).startswith(LINK_IS_OVER)
    assert (await contact(manager)).conversation_id is None


@pytest.mark.parametrize("gone", ["nobody", OPERATOR_ID])
async def test_link_of_no_contact_opens_nothing(manager: ChatUser, gone: str) -> None:
    assert (await manager.open(await give_link(manager, gone))).startswith(LINK_IS_OVER)
    assert await mails(manager.database) == []


async def test_made_up_word_opens_nothing(manager: ChatUser) -> None:
    assert (await manager.say(f"/start l{'A' * 54}")).startswith(LINK_IS_OVER)


async def test_web_chat_is_not_coupled(manager: ChatUser) -> None:
    link, web = await give_link(manager), another(manager, "browser", Channel.WEB)

    assert (await web.open(link)).startswith(words.ONLY_TELEGRAM)
    assert (await contact(manager)).conversation_id is None
    assert "gekoppeld als" in await manager.open(link)


async def test_newest_chat_wins_and_the_old_one_hears(manager: ChatUser) -> None:
    await manager.couple("manager")
    new = another(manager, "7002")

    await new.couple("manager")

    assert (await contact(manager)).conversation_id == await chat_of(new)
    assert "er is nu een andere chat gekoppeld" in (await manager.heard())[-1]
    assert "niet gekoppeld" in await manager.say("/bord")


async def test_same_chat_again_tells_nobody_of_another(manager: ChatUser) -> None:
    await manager.couple("manager")
    await manager.couple("manager")

    assert not any("andere chat" in text for text in await manager.heard())


async def test_chat_can_speak_for_several_contacts(manager: ChatUser) -> None:
    await manager.couple("manager")
    said = await manager.couple("at_school")

    assert "STO-contactpersoon op school (Dr. Nassau College)" in said
    here = await chat_of(manager)
    assert (await contact(manager)).conversation_id == here
    assert (await contact(manager, "at_school")).conversation_id == here
    await manager.say("/bord")
    assert manager.labels == [
        "Ontkoppel: programmamanager van de regio Assen",
        "Ontkoppel: STO-contactpersoon op school (Dr. Nassau College)",
    ]


async def test_button_uncouples_only_its_contact(manager: ChatUser) -> None:
    await manager.couple("manager")
    await manager.couple("support")

    said = await manager.press("Ontkoppel")

    assert "niet meer gekoppeld als ondersteuner vanuit STO" in said
    assert (await contact(manager, "support")).conversation_id is None
    assert (await contact(manager)).conversation_id == await chat_of(manager)
    assert await manager.press("Ontkoppel") == words.NOT_COUPLED_ANY_MORE


async def test_nobody_uncouples_the_chat_of_another(manager: ChatUser) -> None:
    await manager.couple("manager")
    other = another(manager, "7002")

    said = await other.press_made(Choice("Weg ermee", "uncouple", "manager"))

    assert said.startswith(words.NOT_COUPLED_ANY_MORE)
    assert (await contact(manager)).conversation_id == await chat_of(manager)


async def test_page_of_the_contact_uncouples_too(manager: ChatUser) -> None:
    await manager.couple("manager")
    coupled = await contact(manager)

    async with manager.database.write() as uow:
        await uncouple(uow, coupled)

    assert (await contact(manager)).conversation_id is None
    assert "niet meer gekoppeld als programmamanager" in (await manager.heard())[-1]


async def test_deleting_all_data_uncouples(manager: ChatUser) -> None:
    await manager.couple("manager")
    person = Person(manager.database, manager.services, manager.clock, manager.address)
    await person.do(person.services.privacy.ask_delete, "/verwijder")

    said = await person.press(person.services.privacy.delete, "Ja, wis alles")

    assert said.startswith(DELETED.partition(" ")[0])
    assert (await contact(manager)).conversation_id is None


async def test_teacher_goes_on_behind_the_coupling(manager: ChatUser) -> None:
    person = Person(manager.database, manager.services, manager.clock, manager.address)
    await write_plan(person, until="doelen")

    said = await manager.couple("manager")

    assert "gekoppeld als programmamanager" in manager.last[0].text
    assert "Terug naar vraag 2 van 6" in said


async def test_region_without_a_known_name_is_named_by_its_id(manager: ChatUser) -> None:
    async with manager.database.write() as uow:
        await uow.contacts.save(replace(CONTACTS["other_region"], region_id="elders"))

    assert "programmamanager van de regio elders" in await manager.couple("other_region")
