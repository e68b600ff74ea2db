"""A teacher deletes everything while the e-mail with the plan is under way."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.storage.database import Database
from bot.storage.tables import outbox, plan
from tests.clocks import SteppingClock
from tests.faults.mail_office import MailOffice
from tests.faults.proxy import LOOPBACK, TcpProxy
from tests.integration.running_chat import stored
from tests.integration.smtp_server import SmtpTestServer
from tests.person import Person
from tests.reviews import add_contacts


async def delete_all(person: Person) -> None:
    await person.do(person.services.privacy.ask_delete, "/verwijder")
    await person.press(person.services.privacy.delete, "Ja, wis alles")


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("is_cut", "arrive"), [(True, 0), (False, 1)])
async def test_deleted_plan_is_not_sent_again(
    database: Database, clock: SteppingClock, *, is_cut: bool, arrive: int
) -> None:
    """What the mail server is hearing already cannot be called back; nothing comes after it."""
    await add_contacts(database, "manager")
    with SmtpTestServer() as server, capture_logs() as logs:
        async with TcpProxy(LOOPBACK, server.port) as network:
            office = MailOffice(database, clock, network.port)
            network.freeze()
            async with office.open():
                await office.hand_over(1)
                office.bell.ring()
                await network.until(lambda: network.taken == 1, 20)

                await asyncio.wait_for(delete_all(office.teacher(0)), 20)
                if is_cut:
                    network.reset_all()
                network.thaw()
                for _ in range(8):
                    await office.leap(hours=3)

    assert len(server.received) == arrive
    assert [row.plan_id for row in await stored(database, outbox) if row.plan_id] == []
    assert await stored(database, plan) == []
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == []
