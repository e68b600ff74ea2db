"""Plans that were handed over by the service itself, without the conversation before it."""

from __future__ import annotations

import uuid
from dataclasses import replace

from bot.domain.plan import CONFIRM, Answer, Plan
from bot.domain.turn import Open, OpenKind, Turn
from bot.services.turns import Work
from tests.person import Person
from tests.plans import QUESTIONS

_TEXTS = {
    "titel": "Drones in de zorg",
    "idee": "Wat als leerlingen zelf drones bouwen?",
    "doelen": "30% kiest techniek in 2027",
    "naam": "Docent Voorbeeld",
    "email": "docent@school.example",
}


async def send_at_once(
    person: Person,
    *,
    region: str | None = "assen",
    school: str = "Dr. Nassau College",
    knows_contact: bool = False,
    **texts: str,
) -> Plan:
    """Hand a plan over to whom the route gives; `knows_contact` makes that the one at school."""
    now = person.clock.now()
    answers = {step: Answer(step, text) for step, text in (_TEXTS | texts).items()}
    if region:
        answers["school_region"] = Answer("school_region", school, f"{region}|{school}")
        answers["contact_known"] = Answer("contact_known", "", "yes" if knows_contact else "no")
    async with person.database.write() as uow:
        talk = await uow.conversations.of(person.channel, person.address)
        await uow.questions.keep(QUESTIONS)
        empty = Plan(str(uuid.uuid4()), talk.person_id, QUESTIONS.version, CONFIRM, now)
        await uow.plans.add(empty)
        open_ = Open(OpenKind.CONFIRM, empty.id, CONFIRM)
        turn = Turn(0, 1, talk.person_id, talk.id, open=open_)
        await uow.plans.save(empty, replace(empty, answers=answers), turn, now)
        work = Work(uow, turn, replace(talk, plan_id=empty.id), now)
        await person.services.hand_over.send(work)
        return await uow.plans.get(empty.id)
