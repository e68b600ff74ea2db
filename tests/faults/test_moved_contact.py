"""An address is corrected, or a contact removed, while mails wait: they go to who is meant now."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from bot.delivery.mail_errors import MailUnavailable
from bot.domain.access import Purpose
from bot.domain.contacts import OPERATOR_ID, Contact
from bot.domain.notices import Notice
from bot.domain.plan_states import Action
from bot.services.clock_worker import ClockWorker
from bot.services.contact_care import Absence, Changes, ContactCare
from bot.services.notices import Notices
from bot.services.review_input import Order
from bot.services.use_cases import make_use_cases
from bot.services.welcome import Operator
from bot.storage.database import Database
from bot.storage.tables import outbox
from tests.clocks import SteppingClock
from tests.faults.mail_office import OPERATOR, MailOffice
from tests.harness import free_port
from tests.integration.running_chat import ChatMaker
from tests.integration.smtp_server import Received, SmtpTestServer
from tests.mails import content
from tests.person import content as product_content
from tests.person import made_book
from tests.reviews import CONTACTS, act, actor, add_contacts

pytest_plugins = ["tests.integration.chat_fixtures"]

OLD, NEW = CONTACTS["manager"].email, "goed@assen.example"
SUPPORT = CONTACTS["support"].email
HAND_OVER = "Gevraagd: lees plan STO-2026-0001 - Drones 0"


@pytest.fixture
async def office(database: Database, clock: SteppingClock) -> MailOffice:
    await add_contacts(database, "manager", "support")
    return MailOffice(database, clock, free_port())


def care(office: MailOffice) -> ContactCare:
    return ContactCare(office.services.access, Notices())


async def change(office: MailOffice, contact_id: str, email: str) -> None:
    async with office.database.write() as uow:
        now = office.clock.now()
        await care(office).change(uow, contact_id, Changes(email=email), now)


async def remove(office: MailOffice, contact_id: str) -> None:
    async with office.database.write() as uow:
        await care(office).remove(uow, contact_id, is_forced=True)


async def tried_in_vain(office: MailOffice) -> None:
    """Let what waits be tried while there is no mail server."""
    async with office.open():
        await office.leap(seconds=1)


async def arrived(office: MailOffice) -> list[tuple[str, str]]:
    """Give the address and subject of what comes within a day, once there is a mail server."""
    return [(mail.recipients[0], subject(mail.message)) for mail in await mails(office)]


async def mails(office: MailOffice) -> list[Received]:
    with SmtpTestServer(port=office.port) as server:
        async with office.open():
            for _ in range(4):
                await office.leap(hours=6)
        return server.received


def subject(message: EmailMessage) -> str:
    return str(message["Subject"])


async def opens_for(office: MailOffice, mail: Received) -> str | None:
    """Give the contact that the link in a mail lets in."""
    text = content(mail.message, "plain")
    word = text.partition("/l/")[2].split()[0]
    async with office.database.read() as uow:
        link = await office.services.book.read(uow, word)
        assert link
        visit = await office.services.access.visit(uow, link.id, office.clock.now())
    return visit.actor.contact_id if visit else None


async def states(office: MailOffice, prefix: str) -> list[str]:
    async with office.database.engine.connect() as connection:
        query = select(outbox.c.state).where(outbox.c.key.startswith(prefix))
        return list((await connection.execute(query.order_by(outbox.c.id))).scalars())


async def test_plan_goes_to_the_corrected_address(office: MailOffice) -> None:
    await office.hand_over(1)
    await tried_in_vain(office)

    await change(office, "manager", NEW)

    [mail] = await mails(office)
    assert (mail.recipients, subject(mail.message)) == ((NEW,), HAND_OVER)
    assert mail.message["To"] == NEW
    assert await opens_for(office, mail) == "manager"


async def test_plan_of_removed_contact_goes_to_the_operator(office: MailOffice) -> None:
    await office.hand_over(1)
    await tried_in_vain(office)

    await remove(office, "manager")

    [mail] = await mails(office)
    assert (mail.recipients, subject(mail.message)) == ((OPERATOR,), HAND_OVER)
    assert await opens_for(office, mail) == OPERATOR_ID
    told = await office.where_is(0)
    assert "Nu bij: de beheerder" in told
    assert "de e-mail is bezorgd" in told


async def test_operator_who_got_it_instead_hears_of_withdrawal(office: MailOffice) -> None:
    await office.hand_over(1)
    await remove(office, "manager")
    await mails(office)

    teacher, services = office.teacher(0), office.services
    await teacher.do(services.my_plans.status, "waar staat mijn plan")
    await teacher.press(services.withdrawal.ask, "Trek dit plan in")
    await teacher.press(services.withdrawal.confirm, teacher.labels[0])

    assert [to for to, _ in await arrived(office)] == [OPERATOR]


async def test_plan_follows_the_stand_in_who_got_it(office: MailOffice) -> None:
    async with office.database.write() as uow:
        today = office.clock.now().date()
        away = Absence(today, stand_in_id="support")
        await care(office).send_away(uow, "manager", away, today)
    await office.hand_over(1)

    await change(office, "manager", "weg@assen.example")
    await change(office, "support", NEW)

    assert await arrived(office) == [(NEW, HAND_OVER)]


async def test_corrected_twice_and_removed_it_goes_once(office: MailOffice) -> None:
    await office.hand_over(1)
    await change(office, "manager", NEW)
    await tried_in_vain(office)
    await change(office, "manager", OLD)
    await tried_in_vain(office)
    await remove(office, "manager")

    assert await arrived(office) == [(OPERATOR, HAND_OVER)]


async def test_plan_that_was_passed_on_goes_once(office: MailOffice) -> None:
    await office.hand_over(1)
    forward = Order(Action.FORWARD, to="support")
    await act(office.teacher(0), actor("manager"), office.plans[0].id, forward)

    await remove(office, "manager")

    assert [to for to, _ in await arrived(office) if to != "docent@school.example"] == [SUPPORT]
    assert await states(office, "hand_over:") == ["cancelled"]


async def test_given_up_mail_is_sent_again_to_the_new_address(office: MailOffice) -> None:
    await office.hand_over(1)
    with SmtpTestServer(port=office.port) as server:
        server.script("RCPT", "550 no such user")
        async with office.open():
            await office.leap(seconds=1)
    assert await states(office, "hand_over:") == ["given_up"]

    await change(office, "manager", NEW)
    await resend(office)

    assert HAND_OVER in [text for to, text in await arrived(office) if to == NEW]


async def resend(office: MailOffice, to: str | None = None) -> None:
    async with office.database.write() as uow:
        [row] = await uow.set_aside.deliveries("given_up")
        assert await uow.set_aside.resend(row.id, office.clock.now(), to)


async def test_mail_sent_elsewhere_on_purpose_goes_there(office: MailOffice) -> None:
    await office.hand_over(1)
    async with office.database.write() as uow:
        [row] = await uow.outbox.claim(["email"], office.clock.now(), limit=9, seconds=1)
        await uow.outbox.give_up(row.id, office.clock.now(), "rejected_550")

    await change(office, "manager", NEW)
    await resend(office, "elders@assen.example")

    assert await arrived(office) == [("elders@assen.example", HAND_OVER)]


@dataclass
class HeldMailer:
    """Holds the first mail until it is let go, which is when it fails, or arrives after all."""

    fails: bool
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    sent: list[str] = field(default_factory=list)

    async def send(self, message: EmailMessage) -> None:
        is_first = not self.begun.is_set()
        self.begun.set()
        await self.go.wait()
        if is_first and self.fails:
            raise MailUnavailable
        self.sent.append(str(message["To"]))


@pytest.mark.parametrize(("fails", "sent"), [(False, [OLD]), (True, [NEW])])
async def test_mail_that_is_under_way_leaves_once(
    office: MailOffice, fails: bool, sent: list[str]
) -> None:
    office.mailer = mailer = HeldMailer(fails)
    await office.hand_over(1)
    async with office.open():
        await mailer.begun.wait()
        await change(office, "manager", NEW)
        mailer.go.set()
        for _ in range(4):
            await office.leap(hours=6)

    assert mailer.sent == sent


async def test_reminder_of_several_plans_is_taken_apart(office: MailOffice) -> None:
    """One person was two contacts; one of the addresses turns out to be somebody else's."""
    await office.hand_over(2)
    await mails(office)
    await change(office, "support", OLD)
    async with office.database.write() as uow:
        review = await uow.reviews.get(office.plans[1].id)
        assert review
        await uow.reviews.save(replace(review, holder_id="support"))
    office.clock.step(days=7)
    await ClockWorker(office.database, office.services.clockwork, office.clock).look()
    assert await states(office, "remind:") == ["due"]

    await change(office, "support", NEW)

    kept, apart = await mails(office)
    first, second = (str(plan.reference) for plan in office.plans)
    assert (kept.recipients, apart.recipients) == ((OLD,), (NEW,))
    assert first in content(kept.message, "plain")
    assert second not in content(kept.message, "plain")
    assert subject(apart.message).startswith(f"Lees plan {second} “Drones 1” en laat weten")
    assert first not in content(apart.message, "plain")
    assert "⟦" not in content(apart.message, "plain")
    assert await opens_for(office, apart) == "support"


async def notice(
    office: MailOffice, contact: Contact, key: str, link: Purpose | None = None
) -> None:
    """Queue a notice about the first plan, perhaps with a link."""
    async with office.database.write() as uow:
        now, plan_id = office.clock.now(), office.plans[0].id
        given = link and await office.services.book.give(
            uow, now, link, contact_id=contact.id, email=contact.email
        )
        written = Notice(key, ("Er is nieuws.",), given.id if given else None, "Open")
        await Notices().to_contact(uow, now, contact, key, written, plan_id=plan_id)


async def test_news_without_a_link_follows_too(office: MailOffice) -> None:
    await office.hand_over(1)
    await mails(office)
    await notice(office, CONTACTS["manager"], "event:7:holder")

    await change(office, "manager", NEW)

    assert await arrived(office) == [(NEW, "event:7:holder")]


async def test_operator_hears_of_an_event_once(office: MailOffice) -> None:
    await office.hand_over(1)
    await mails(office)
    await notice(office, CONTACTS["manager"], "event:7:holder")
    await notice(office, office.services.access.operator, "event:7:asker")

    await remove(office, "manager")

    assert await arrived(office) == [(OPERATOR, "event:7:asker")]


async def test_nobody_is_asked_about_an_address_that_is_not_theirs(office: MailOffice) -> None:
    await office.hand_over(1)
    await mails(office)
    await notice(office, CONTACTS["manager"], "confirm:manager", Purpose.CONFIRM)
    await notice(office, CONTACTS["manager"], "overview:manager", Purpose.REGION)

    await change(office, "manager", NEW)

    assert await arrived(office) == [(NEW, "overview:manager")]
    assert await states(office, "confirm:") == ["cancelled"]


async def test_plan_goes_to_the_operator_of_now(office: MailOffice) -> None:
    await remove(office, "manager")
    await remove(office, "support")
    await office.hand_over(1)
    await tried_in_vain(office)

    now = Operator("STO Test", "nieuw@example.org", False)
    office.services = make_use_cases(
        office.database, office.clock, product_content(), now, made_book()
    )

    [mail] = await mails(office)
    assert mail.recipients == ("nieuw@example.org",)
    assert await opens_for(office, mail) == OPERATOR_ID


async def test_running_app_does_so_too(chats: ChatMaker, office: MailOffice) -> None:
    await office.hand_over(1)
    await change(office, "manager", NEW)

    with SmtpTestServer(port=office.port) as server:
        async with chats.start(smtp_url=f"smtp://localhost:{server.port}"):
            [mail] = await asyncio.to_thread(server.wait_for, 1)

    assert mail.recipients == (NEW,)
