"""A mail server that is dead for more than a day: every plan comes, once, soon after it lives."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from bot.delivery.mail_sender import MOST_TRIES
from bot.delivery.outcomes import wait_before_retry
from bot.services.alarms import APART
from bot.storage.database import Database
from bot.texts.my_plans import DELIVERY_STATES
from tests.clocks import SteppingClock
from tests.faults.kill_run import Report
from tests.faults.mail_office import OPERATOR, MailOffice, hours, wrongs
from tests.faults.sizes import size
from tests.harness import free_port
from tests.integration.running_chat import sqlite_only
from tests.integration.smtp_server import Received, SmtpTestServer
from tests.reviews import add_contacts

PLANS = size(40, 500)
#: So many of them in the first hour.
FIRST = size(3, 50)
AWAY = timedelta(hours=26)
SOON = timedelta(minutes=35)
#: The first hour in the steps in which is retried; after that only now and then is looked.
LEAPS = (*(timedelta(seconds=2**n) for n in range(11)), *[timedelta(minutes=30)] * 2)


@pytest.fixture
async def office(database: Database, clock: SteppingClock) -> MailOffice:
    await add_contacts(database, "manager")
    return MailOffice(database, clock, free_port())


async def outlive(office: MailOffice, count: int) -> None:
    """Hand plans over during the whole outage, a few of them in its first hour."""
    died_at = office.clock.now()
    await office.hand_over(FIRST)
    for leap in LEAPS:
        await office.leap(seconds=leap.total_seconds())
    late = count - FIRST
    for number in range(3):
        await office.hand_over(late * (number + 1) // 3 - late * number // 3)
        left = died_at + AWAY - office.clock.now()
        await office.leap(seconds=left.total_seconds() / (3 - number))
    assert office.clock.now() == died_at + AWAY


async def recover(office: MailOffice) -> tuple[list[Received], timedelta]:
    """Let the mail server live; give what it got by the time that is promised, and when."""
    alive_at = office.clock.now()
    with SmtpTestServer(port=office.port) as server:
        while office.clock.now() < alive_at + SOON:
            await office.leap(minutes=5)
        sent = await office.leave_moments("hand_over:")
        # A day more: nothing may come twice, and no alarm too many.
        for _ in range(4):
            await office.leap(hours=6)
        return server.received, max(sent, default=alive_at) - alive_at


@pytest.mark.timeout(size(300, 1800))
async def test_mail_server_that_was_dead_for_a_day_gets_all_once(
    office: MailOffice, report: Report
) -> None:
    with capture_logs():
        async with office.open():
            await outlive(office, PLANS)
            told = [await office.where_is(0), await office.where_is(PLANS - 1)]
            received, waited = await recover(office)

    assert len(office.plans) == PLANS
    assert wrongs(office.plans, received) == []
    assert waited <= SOON
    assert all(DELIVERY_STATES["retrying"] in said for said in told)
    alarms = await office.leave_moments("alarm:")
    assert alarms
    assert all(later - earlier >= APART for earlier, later in pairwise(alarms))
    mails = [mail.message for mail in received if mail.recipients == (OPERATOR,)]
    assert len(mails) == len(alarms)
    assert f"{FIRST} e-mails kwamen een uur lang niet weg" in mails[0]["Subject"]
    report(
        f"dead_smtp_{office.database.engine.dialect.name}",
        {
            "plans": PLANS,
            "hours_dead": hours(AWAY),
            "lost_or_twice": len(wrongs(office.plans, received)),
            "minutes_until_all_came": waited.total_seconds() / 60,
            "alarms": len(alarms),
        },
    )


@sqlite_only
async def test_delivery_that_forgets_after_a_failure_is_found(office: MailOffice) -> None:
    office.is_forgetful = True

    with capture_logs():
        async with office.open():
            await outlive(office, FIRST + 5)
            received, _ = await recover(office)

    assert len(wrongs(office.plans, received)) == FIRST + 5


def test_tries_last_five_days() -> None:
    waited = timedelta(seconds=sum(wait_before_retry(tries) for tries in range(1, MOST_TRIES)))

    assert timedelta(days=4, hours=23) < waited < timedelta(days=5, hours=1)


@sqlite_only
async def test_last_try_gives_up_and_is_told(office: MailOffice) -> None:
    with capture_logs():
        async with office.open():
            await office.hand_over(1)
            await office.leap(seconds=0)
            await office.skip_to_try(MOST_TRIES - 1)
            await office.leap(minutes=30)
            before = await office.where_is(0)
            await office.leap(minutes=30)
            after = await office.where_is(0)
            with SmtpTestServer(port=office.port) as server:
                await office.leap(minutes=35)
                received = server.received

    assert DELIVERY_STATES["retrying"] in before
    assert DELIVERY_STATES["given_up"] in after
    assert [mail.recipients for mail in received] == [(OPERATOR,)]
    assert "1 bezorging is opgegeven" in received[0].message["Subject"]
