"""A plan that was handed over to a manager whose chat is coupled, for tests."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.contacts import Contact
from bot.domain.plan import Plan
from bot.domain.plan_events import PlanEvent, Review
from bot.domain.turn import Choice
from bot.services.use_cases import UseCases
from bot.storage.database import Database
from tests.chat_user import ChatUser
from tests.clocks import SteppingClock
from tests.person import Person, make_services
from tests.reviews import CONTACTS, add_contacts, current, handed_over


@dataclass
class DeskChat:
    """A teacher whose plan was sent, and the manager of the region in a chat of Telegram."""

    database: Database
    services: UseCases
    clock: SteppingClock
    teacher: Person
    manager: ChatUser
    plan_id: str

    def user(self, address: str) -> ChatUser:
        return ChatUser(self.database, self.services, self.clock, address)

    async def plan(self) -> Plan:
        async with self.database.read() as uow:
            return await uow.plans.get(self.plan_id)

    async def review(self) -> Review:
        async with self.database.read() as uow:
            review = await uow.reviews.get(self.plan_id)
        assert review
        return review

    async def events(self) -> tuple[PlanEvent, ...]:
        async with self.database.read() as uow:
            return await uow.reviews.events(self.plan_id)

    async def contact(self, name: str = "manager") -> Contact:
        async with self.database.read() as uow:
            return next(one for one in await uow.contacts.all() if one.id == name)

    async def button(self, intent: str, label: str = "een knop") -> Choice:
        """Give a button as it would be shown now."""
        async with self.database.read() as uow:
            seen, version = await current(uow, self.plan_id)
        return Choice(label, intent, f"{self.plan_id}|{version}|{seen}")

    async def teacher_heard(self) -> list[str]:
        return await self.user(self.teacher.address).heard()


async def made_desk_chat(database: Database, clock: SteppingClock) -> DeskChat:
    """Couple the manager's chat, and let a teacher hand a plan over; a colleague comes later."""
    services = make_services(database, clock)
    await add_contacts(database, *(name for name in CONTACTS if name != "colleague"))
    manager = ChatUser(database, services, clock, "7001")
    await manager.couple("manager")
    teacher = Person(database, services, clock)
    plan = await handed_over(teacher)
    await add_contacts(database, "colleague")
    return DeskChat(database, services, clock, teacher, manager, plan.id)
