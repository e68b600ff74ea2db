"""Ten thousand guessed or altered links and button keys: none opens or presses anything."""

from __future__ import annotations

import random
import string
from collections import Counter

from sqlalchemy import select

from bot.chat.turn_taker import pressed_choice
from bot.domain.inbox import Channel, Incoming, Kind
from bot.storage.database import Database
from bot.storage.tables import choice
from tests.clocks import SteppingClock
from tests.desk_pages import make_desk
from tests.person import Person, make_services
from tests.reviews import add_contacts, handed_over

ALPHABET = string.ascii_letters + string.digits + "-_"
EACH = 5_000


def guesses(real: str, chance: random.Random) -> list[str]:
    """Give half guessed from nothing, half with one letter of a real one changed."""
    made = ["".join(chance.choices(ALPHABET, k=len(real))) for _ in range(EACH)]
    for _ in range(EACH):
        place = chance.randrange(len(real))
        other = chance.choice([letter for letter in ALPHABET if letter != real[place]])
        made.append(real[:place] + other + real[place + 1 :])
    return made


async def test_no_guessed_link_opens_and_guessing_slows_down(
    database: Database, clock: SteppingClock
) -> None:
    if not database.is_sqlite:
        # What refuses a word never asks the database.
        assert make_desk(database, clock).signer.link_id("A" * 54) is None
        return
    desk = make_desk(database, clock)
    await add_contacts(database)
    plan = await handed_over(Person(database, desk.services, clock))
    link = await desk.review_link(plan.id)
    before = await desk.everything()

    answers: Counter[int] = Counter()
    async with desk.browser() as browser:
        for word in guesses(desk.signer.word(link.id), random.Random(1)):
            answer = await browser.client.get(f"/l/{word}")
            assert "set-cookie" not in answer.headers
            answers[answer.status_code] += 1

    assert set(answers) == {404, 429}
    assert answers[429] > 2 * EACH * 0.99
    assert await desk.everything() == before


async def test_no_guessed_key_presses_a_button(database: Database, clock: SteppingClock) -> None:
    person = Person(database, make_services(database, clock), clock)
    await person.do(person.services.welcome.greet, "hallo")
    other = Person(database, person.services, clock, address="2002")
    await other.do(other.services.welcome.greet, "hallo")
    async with database.write() as uow:
        talk = await uow.conversations.of(Channel.TELEGRAM, person.address)
        own = await uow.inbox.last_choices(talk.id)
        turn = await uow.inbox.add(
            talk, Incoming(Channel.TELEGRAM, person.address, "k", Kind.PRESS, ""), clock.now()
        )
        assert own
        assert turn
    async with database.engine.connect() as connection:
        rows = (await connection.execute(select(choice.c.key, choice.c.conversation_id))).all()
    mine = next(row.key for row in rows if row.conversation_id == talk.id)
    not_mine = [row.key for row in rows if row.conversation_id != talk.id]

    async with database.read() as uow:
        tried = [*guesses(mine, random.Random(2)), *not_mine]
        found = [key for key in tried if await uow.inbox.choice_by_key(talk.id, key)]
        row = await uow.inbox.get(turn)
        pressed = await pressed_choice(uow, row)
        right = await uow.inbox.choice_by_key(talk.id, mine)

    assert not_mine
    assert found == []
    assert pressed is None
    assert right in own


async def test_forged_key_is_no_press_and_no_label(
    database: Database, clock: SteppingClock
) -> None:
    person = Person(database, make_services(database, clock), clock)
    await person.do(person.services.welcome.greet, "hallo")

    async with database.write() as uow:
        talk = await uow.conversations.of(Channel.TELEGRAM, person.address)
        forged = Incoming(Channel.TELEGRAM, person.address, "k", Kind.PRESS, "A" * 16)
        turn = await uow.inbox.add(talk, forged, clock.now())
        assert turn
        pressed = await pressed_choice(uow, await uow.inbox.get(turn))

    assert pressed is None
