"""Teachers who write one plan after another, and remember which answers were acknowledged."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.services.content import read_content
from bot.texts.plan_intake import CONFIRM_ASK, EDITED, SEND
from tests.botapi import Received, TelegramWorld
from tests.harness import ROOT

_QUESTIONS = read_content(ROOT / "content").questions
#: What is typed at the questions with choices, and what must be stored for it.
_CHOICES = {
    "school": ("dr nassau in assen", "dr nassau in assen"),
    "school_region": ("dr nassau college", None),
    "contact_known": ("nee, geen idee", "Nee, die ken ik niet"),
    "contact_failed": ("nog niet geprobeerd", "Nee, nog niet geprobeerd"),
    "vorm": ("Technisch keuzevak", "Technisch keuzevak"),
    "management": ("ja, ze steunen het", "Ja, ze steunen het"),
}
#: The road of such a plan, with the words by which each question is known.
ROAD = (
    "school", "school_region", "contact_known", "contact_failed", "titel", "idee", "doelgroep",
    "vorm", "management", "management_who", "regiovisie", "doelen", "activiteiten", "mijlpalen",
    "samenwerking", "middelen", "naam", "email",
)  # fmt: skip
_ASKED = {step: _QUESTIONS[step].wording for step in ROAD} | {"confirm": CONFIRM_ASK}
_SENT = "Verstuurd! Je plan heeft nummer "
#: So long that the read-back needs two messages.
_LONG = "\n\nLeerlingen ontwerpen, bouwen en testen samen." * 80


@dataclass
class Given:
    """An answer that was sent; `text` None when only its question matters."""

    chat_id: int
    plan: int
    step: str
    source: str
    text: str | None
    is_acknowledged: bool = False


@dataclass
class Sending:
    """A plan for which Versturen was said; `reference` is what the teacher was told."""

    chat_id: int
    plan: int
    reference: str | None = None


class Progress:
    """Counts what teachers send and hear, and wakes who waits for that."""

    def __init__(self) -> None:
        self.sent_at: list[float] = []
        self.answered: list[tuple[float, float]] = []
        self._changed = asyncio.Event()

    def sent(self) -> float:
        self.sent_at.append(time.time())
        self._tell()
        return self.sent_at[-1]

    def heard(self, sent_at: float) -> None:
        self.answered.append((sent_at, time.time()))
        self._tell()

    def answered_since(self, moment: float) -> int:
        """Give how many messages were both sent and answered after `moment`."""
        found = 0
        for sent_at, heard_at in reversed(self.answered):
            if heard_at < moment:
                break
            found += sent_at > moment
        return found

    async def until(self, check: Callable[[], bool], within: float) -> None:
        async with asyncio.timeout(within):
            while not check():
                await self._changed.wait()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


@dataclass
class Teacher:
    """A person in Telegram; `number` decides how this one works, `patience` how long it waits."""

    world: TelegramWorld
    number: int
    progress: Progress
    patience: float
    seed: int
    given: list[Given] = field(default_factory=list)
    sendings: list[Sending] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.user = self.world.user()
        self._random = random.Random(f"{self.seed}-{self.number}")

    @property
    def name(self) -> str:
        return f"docent{self.number}"

    async def write_plans(self, is_enough: Callable[[], bool]) -> None:
        """Write whole plans until it is enough; the last one is finished too."""
        await self._say("hallo", "STO-wegwijzer")
        while not is_enough():
            await self._write_plan(len(self.sendings))

    async def _write_plan(self, plan: int) -> None:
        await self._say("ik wil graag een plan maken", _ASKED["school"])
        for steps in self._portions():
            if steps == ("mijlpalen",) and self.number % 4 == 1:
                await self._say("terug", _ASKED["activiteiten"])
                await self._answer(plan, "activiteiten", then="mijlpalen")
            await self._answer_together(plan, steps)
            if steps == ("regiovisie",) and self.number % 4 == 3:
                await self._edit(plan, "doelgroep")
        if self.number % 4 == 3:
            await self._say("ik wil mijn doelen aanpassen", _ASKED["doelen"])
            await self._answer(plan, "doelen", then="confirm")
        await self._send(plan)

    def _portions(self) -> Iterator[tuple[str, ...]]:
        """Give the steps that are answered without waiting for what is said in between."""
        if self.number % 4 != 2:
            yield from ((step,) for step in ROAD)
            return
        start = ROAD.index("regiovisie")
        yield from ((step,) for step in ROAD[:start])
        yield ROAD[start : start + 3]
        yield ROAD[start + 3 : start + 6]
        yield from ((step,) for step in ROAD[start + 6 :])

    async def _answer_together(self, plan: int, steps: Sequence[str]) -> None:
        following = [*ROAD, "confirm"]
        async with asyncio.TaskGroup() as sent:
            for step in steps:
                then = following[following.index(step) + 1]
                sent.create_task(self._answer(plan, step, then))

    async def _answer(self, plan: int, step: str, then: str) -> None:
        typed, stored = self._words_for(plan, step)
        before = len(self.user.received)
        if step == "vorm" and self.number % 2:
            source = f"press:{self.user.press(typed)}"
        else:
            source = f"{self.user.id}:{self.user.send_text(typed)}"
        given = Given(self.user.id, plan, step, source, stored)
        self.given.append(given)
        await self._hear(_ASKED[then], before)
        given.is_acknowledged = True

    def _words_for(self, plan: int, step: str) -> tuple[str, str | None]:
        if step in _CHOICES:
            return _CHOICES[step]
        mark = f"{self.name}.{plan}.{step}.{self._random.randrange(10**9)}"
        if step == "email":
            return f"{mark}@school.example", f"{mark}@school.example"
        text = f"Wij gaan hiervoor aan de slag 🚁 <b>{mark}</b> & meer"
        if step == "idee" and self.number % 4 == 0:
            text += _LONG
        return text, text

    async def _edit(self, plan: int, step: str) -> None:
        old = next(given for given in reversed(self.given) if given.step == step)
        _, text = self._words_for(plan, step)
        given = Given(self.user.id, plan, step, old.source, text)
        before = len(self.user.received)
        self.user.edit(int(old.source.rpartition(":")[2]), text or "")
        self.given.append(given)
        await self._hear(EDITED.format(title=_QUESTIONS[step].title), before)
        given.is_acknowledged = True

    async def _send(self, plan: int) -> None:
        sending = Sending(self.user.id, plan)
        self.sendings.append(sending)
        before = len(self.user.received)
        if self.number % 2:
            self.user.press(SEND)
        else:
            self.user.send_text("versturen")
        said = await self._hear(_SENT, before)
        sending.reference = said.text.removeprefix(_SENT).partition(".")[0]

    async def _say(self, text: str, reply: str) -> None:
        before = len(self.user.received)
        self.user.send_text(text)
        await self._hear(reply, before)

    async def _hear(self, reply: str, before: int) -> Received:
        """Wait for the message that can only be the answer: a repeated older one says other words.

        So "I am starting" and repetitions of what was sent before a crash acknowledge nothing.
        """
        sent_at = self.progress.sent()

        def answer(messages: Sequence[Received]) -> Received | None:
            return next((shown for shown in messages[before:] if reply in shown.text), None)

        messages = await self.user.wait_for(
            lambda messages: answer(messages) is not None, within=self.patience
        )
        self.progress.heard(sent_at)
        found = answer(messages)
        assert found
        return found
