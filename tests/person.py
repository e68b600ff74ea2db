"""A person who talks to the services themselves: real database, real use cases, no Rasa."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bot.chat.turn_taker import pressed_choice, what_is_open
from bot.domain.inbox import Channel, Incoming, Kind
from bot.domain.turn import Choice, Reply
from bot.services.clock import Clock
from bot.services.content import Content, read_content
from bot.services.links import Addresses, LinkBook, LinkSigner
from bot.services.turns import UseCase
from bot.services.use_cases import UseCases, make_use_cases
from bot.services.welcome import Operator
from bot.storage.database import Database
from tests.clocks import SteppingClock

ROOT = Path(__file__).parents[1]
_keys = itertools.count(1)


@cache
def content() -> Content:
    """Give the product's own content, read once: that takes longer than most tests do."""
    return read_content(ROOT / "content")


def make_services(database: Database, clock: Clock, *, mail_stays_here: bool = False) -> UseCases:
    operator = Operator("STO Test", "beheer@example.org", mail_stays_here)
    return make_use_cases(database, clock, content(), operator, made_book())


def made_book() -> LinkBook:
    """A book of links whose addresses no real server has."""
    addresses = Addresses("https://wegwijzer.example", "sto_test_bot")
    return LinkBook(LinkSigner("a secret of the tests, long enough to sign with"), addresses)


@dataclass
class Person:
    """Takes turns one by one; `do` names the use case that Rasa would have chosen."""

    database: Database
    services: UseCases
    clock: SteppingClock
    address: str = "1001"
    channel: Channel = Channel.TELEGRAM
    last: list[Reply] = field(default_factory=list)

    async def arrive(
        self,
        text: str,
        kind: Kind = Kind.TEXT,
        source: str | None = None,
        pressed: Choice | None = None,
    ) -> tuple[int, int]:
        """Store a message and begin an attempt; give the turn and the attempt.

        `pressed` is a button, whether or not it was ever shown.
        """
        number = next(_keys)
        message = Incoming(
            self.channel, self.address, f"test:{number}", kind, text, source or f"m{number}"
        )
        async with self.database.write() as uow:
            talk = await uow.conversations.of(self.channel, self.address)
            turn = await uow.inbox.add(talk, message, self.clock.now())
            assert turn is not None
        return turn, await self.attempt(turn, pressed)

    async def attempt(self, turn: int, pressed: Choice | None = None) -> int:
        async with self.database.write() as uow:
            row = await uow.inbox.get(turn)
            talk = await uow.conversations.get(row.conversation_id)
            pressed = pressed or await pressed_choice(uow, row)
            await uow.inbox.begin_attempt(turn, await what_is_open(uow, talk, row), pressed)
            return (await uow.inbox.get(turn)).attempt

    async def do(
        self,
        use_case: UseCase,
        text: str = "",
        *,
        kind: Kind = Kind.TEXT,
        source: str | None = None,
        near: tuple[str, ...] = (),
    ) -> str:
        """Take a turn with this use case, the text being `near` FAQ entries; give what is said."""
        turn, attempt = await self.arrive(text, kind, source)
        self.last = await self.services.runner.run(turn, attempt, use_case, suggestions=near)
        return self.said

    async def answer(self, text: str, **more: Any) -> str:
        return await self.do(self.services.answers.answer, text, **more)

    async def press(self, use_case: UseCase, label: str) -> str:
        """Press the button with this label among those that were shown last."""
        assert label in self.labels
        return await self.do(use_case, label, kind=Kind.PRESS)

    async def press_old(self, use_case: UseCase, choice: Choice) -> str:
        """Press a button that was shown before, or that somebody made himself."""
        turn, attempt = await self.arrive("", Kind.PRESS, pressed=choice)
        self.last = await self.services.runner.run(turn, attempt, use_case)
        return self.said

    @property
    def said(self) -> str:
        return "\n".join(reply.text for reply in self.last)

    @property
    def choices(self) -> list[Choice]:
        return [choice for reply in self.last for choice in reply.choices]

    @property
    def labels(self) -> list[str]:
        return [choice.label for choice in self.choices]


#: A whole plan in free text, in the order of the questions.
PLAN_ANSWERS = {
    "school": "dr nassau in assen",
    "school_region": "dr nassau college",
    "contact_known": "nee, geen idee",
    "contact_failed": "nog niet geprobeerd",
    "titel": "Drones in de zorg",
    "idee": "Wat als leerlingen Z&W zelf drones bouwen? Kost 4000 euro.\n\n- met het mbo\n- /samen",
    "doelgroep": "Leerjaar 2, 90 leerlingen",
    "vorm": "techniek in een niet-technisch profiel",
    "management": "ja, ze steunen het",
    "management_who": "de teamleider onderbouw",
    "regiovisie": "Past bij “meer meisjes in de techniek” 🚁",
    "doelen": "30% kiest techniek in 2027; nu 18%",
    "activiteiten": "zes lessen & één <b>bezoek</b>",
    "mijlpalen": "februari 2027: eerste les",
    "samenwerking": "Hoe? Samen met het Drenthe College",
    "middelen": "8 drones van € 450 = € 3.600",
    "naam": "Docent Voorbeeld",
    "email": "docent@school.example",
}
SIX = ("regiovisie", "doelen", "activiteiten", "mijlpalen", "samenwerking", "middelen")


async def write_plan(person: Person, until: str | None = None) -> None:
    """Start a plan and answer every question, up to `until`."""
    await person.do(person.services.intake.start, "ik wil een plan maken")
    for step, text in PLAN_ANSWERS.items():
        if step == until:
            return
        await person.answer(text)
