"""The beheerder's commands for contacts and plans, as they are typed."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import select, update
from typer.testing import CliRunner

from bot.cli import app, contacts_change, main
from bot.domain.access import Purpose
from bot.domain.conversation import Delivery
from bot.domain.dutch_time import AMSTERDAM
from bot.domain.inbox import Channel
from bot.domain.plan import PlanStatus
from bot.domain.plan_states import Action
from bot.domain.roles import Role
from bot.services.clock import SystemClock
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.review_tables import link
from bot.storage.tables import contact, outbox
from bot.storage.unit_of_work import SqlUnitOfWork
from tests.harness import ROOT
from tests.person import make_services
from tests.reviews import add_contacts
from tests.sent_plans import Sent, store

Result = TypeVar("Result")
PM = Role.PROGRAMME_MANAGER


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEGWIJZER_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("WEGWIJZER_HOME", str(ROOT))
    monkeypatch.setenv("WEGWIJZER_OPERATOR_EMAIL", "beheer@example.org")
    # Tables fold at the width of the screen.
    monkeypatch.setenv("COLUMNS", "250")
    return tmp_path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Run a command that cannot be done; give the sentence that says why."""

    def failing(*arguments: str) -> str:
        monkeypatch.setattr("sys.argv", ["wegwijzer", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 1
        return " ".join(capsys.readouterr().err.split())

    return failing


def in_database(work: Callable[[Database], Awaitable[Result]]) -> Result:
    async def opened() -> Result:
        database = Database("sqlite+aiosqlite:///var/wegwijzer.db", SystemClock())
        try:
            await migrate(database)
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(opened())


def fill(*plans: Sent) -> None:
    """Store the contacts of the tests, and plans."""

    async def work(database: Database) -> None:
        await add_contacts(database)
        async with database.write() as uow:
            await store(uow, datetime.now(UTC), *plans)

    in_database(work)


def listed() -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in json.loads(run("contacts", "list", "--json"))}


def rows_of(table: Any) -> list[Any]:
    async def work(database: Database) -> list[Any]:
        async with database.engine.connect() as connection:
            return list((await connection.execute(select(table))).all())

    return in_database(work)


def set_contact(contact_id: str, **values: Any) -> None:
    async def work(database: Database) -> None:
        async with database.engine.begin() as connection:
            await connection.execute(
                update(contact).where(contact.c.id == contact_id).values(**values)
            )

    in_database(work)


def day(days: int) -> str:
    return (datetime.now(AMSTERDAM) + timedelta(days=days)).date().isoformat()


def test_absence_is_noted_with_its_stand_in() -> None:
    fill()

    said = run(
        "contacts", "away", "manager", "--from", day(1), "--until", day(9),
        "--stand-in", "colleague",
    )  # fmt: skip

    after = listed()["manager"]
    assert (after["absent_from"], after["absent_until"]) == (day(1), day(9))
    assert after["stand_in_id"] == "colleague"
    assert said == (
        f"Afwezig vanaf {day(1)} tot en met {day(9)}.\n"
        "In die tijd gaan plannen naar Stand-in (colleague).\n"
    )
    table = run("contacts", "list")
    assert f"afwezig vanaf {day(1)}" in table
    assert f"tot en met {day(9)}" in table
    assert "vervanger: colleague" in table


def test_absence_begins_today_and_ends_when_back() -> None:
    fill()
    run("contacts", "away", "manager", "--stand-in", "beheerder")
    away = listed()["manager"]

    said = run("contacts", "back", "manager")

    back = listed()["manager"]
    assert (away["absent_from"], away["absent_until"]) == (day(0), None)
    assert (back["absent_from"], back["absent_until"]) == (None, None)
    assert away["stand_in_id"] == back["stand_in_id"] == "operator"
    assert "Er weer." in said


def test_absence_without_stand_in_is_warned_about() -> None:
    fill()

    said = run("contacts", "away", "manager")

    assert "er is geen vervanger" in said


def test_stand_in_who_cannot_decide_is_warned_about() -> None:
    fill()

    said = run("contacts", "away", "manager", "--stand-in", "support")

    assert "kan geen besluit nemen" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("manager", "--from", "morgen"), "JJJJ-MM-DD"),
        (("manager", "--until", "2027-02-30"), "JJJJ-MM-DD"),
        (("manager", "--from", day(5), "--until", day(4)), "ligt vóór de eerste"),
        (("manager", "--from", day(-9), "--until", day(-1)), "al voorbij"),
        (("manager", "--stand-in", "niemand"), "geen vervanger met id niemand"),
        (("manager", "--stand-in", "manager"), "zichzelf"),
        (("manager", "--stand-in", "other_region"), "andere regio"),
        (("support", "--stand-in", "manager"), "andere regio"),
        (("manager", "--stand-in", "colleague"), "kring"),
        (("manager", "--stand-in", "at_school"), "zelf weg"),
        (("niemand",), "geen adres met id niemand"),
        (("operator",), "WEGWIJZER_OPERATOR_EMAIL"),
    ],
)
def test_wrong_absence_is_explained_in_dutch(
    fails: Callable[..., str], arguments: tuple[str, ...], words: str
) -> None:
    fill()
    set_contact("colleague", stand_in_id="other_school")
    set_contact("other_school", stand_in_id="manager")
    set_contact("at_school", absent_from=day(-1))
    before = listed()

    said = fails("contacts", "away", *arguments)

    assert words in said
    assert listed() == before


def test_new_address_ends_links_and_the_chat() -> None:
    fill()

    async def give(database: Database) -> None:
        async with database.write() as uow:
            talk = await uow.conversations.of(Channel.TELEGRAM, "77")
            await couple(uow, talk.id)

    async def couple(uow: SqlUnitOfWork, conversation_id: str) -> None:
        (manager,) = [one for one in await uow.contacts.all() if one.id == "manager"]
        await uow.contacts.save(
            type(manager)(**{**vars(manager), "conversation_id": conversation_id})
        )

    in_database(give)
    run("contacts", "link", "manager")
    assert "gekoppeld" in run("contacts", "list")

    said = run("contacts", "change", "manager", "--email", "nieuw@assen.example")

    after = listed()["manager"]
    assert (after["email"], after["conversation_id"]) == ("nieuw@assen.example", None)
    assert after["checked_on"] == day(0)
    assert [row.is_revoked for row in rows_of(link)] == [True]
    assert "werken niet meer" in said
    assert "losgemaakt" in said


# What was set aside after a restore waits too, until the beheerder sends it.
@pytest.mark.parametrize("state", ["due", "sending", "given_up", "held"])
def test_links_to_a_wrong_address_are_ended(fails: Callable[..., str], state: str) -> None:
    fill()
    wrong, right = "verkeerd@school.example", "directie@school.example"

    async def mail(database: Database) -> None:
        services = make_services(database, database.clock)
        async with database.write() as uow:
            for email in (wrong, right):
                given = await services.book.give(
                    uow, database.clock.now(), Purpose.MANAGEMENT, email=email
                )
                notice = {"subject": "Steun gevraagd", "link_id": given.id}
                request = Delivery(f"management:{given.id}:0", "email", email, notice)
                await uow.outbox.add(request, database.clock.now())
        async with database.engine.begin() as connection:
            await connection.execute(update(outbox).values(state=state))

    in_database(mail)

    said = run("links", "end", " Verkeerd@School.example")

    assert said.splitlines() == [
        "Beëindigd: 1. Wie nog een pagina open heeft, kan er niets meer mee.",
        "E-mails die nog wachtten en niet meer vertrekken: 1.",
    ]
    assert {row.address: row.state for row in rows_of(outbox)} == {wrong: "cancelled", right: state}
    assert {row.email: row.is_revoked for row in rows_of(link)} == {wrong: True, right: False}
    assert "ging geen link die nog werkt" in fails("links", "end", wrong)
    assert "geen e-mailadres" in fails("links", "end", "verkeerd")


def test_other_changes_leave_links_alone() -> None:
    fill()
    run("contacts", "link", "at_school")

    said = run(
        "contacts", "change", "at_school", "--name", "Kernteam techniek", "--school",
        "Nassau", "--source", "gebeld",
    )  # fmt: skip
    run("contacts", "change", "manager", "--name", "")

    after = listed()
    assert (after["at_school"]["name"], after["at_school"]["school"]) == (
        "Kernteam techniek",
        "Nassau",
    )
    assert after["at_school"]["source"] == "gebeld"
    assert after["manager"]["name"] is None
    assert [row.is_revoked for row in rows_of(link)] == [False]
    assert said == "Veranderd.\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("manager",), "Noem wat er verandert"),
        (("manager", "--email", "geen adres"), "naam@organisatie.nl"),
        (("manager", "--email", ""), "naam@organisatie.nl"),
        (("manager", "--school", "Nassau"), "Alleen een contactpersoon"),
        (("at_school", "--school", " "), "--school"),
        (("niemand", "--name", "x"), "geen adres met id niemand"),
        (("operator", "--name", "x"), "staat niet in de lijst"),
    ],
)
def test_wrong_change_is_explained_in_dutch(
    fails: Callable[..., str], arguments: tuple[str, ...], words: str
) -> None:
    fill()
    before = listed()

    assert words in fails("contacts", "change", *arguments)
    assert listed() == before


def test_contact_with_plans_is_only_removed_by_force(fails: Callable[..., str]) -> None:
    fill(Sent(1), Sent(2, status=PlanStatus.NOT_NOW), Sent(3, holder="colleague"))
    run("contacts", "away", "colleague", "--stand-in", "manager")
    run("contacts", "link", "manager")

    refused = fails("contacts", "remove", "manager")
    was_there = "manager" in listed()
    said = run("contacts", "remove", "manager", "--force")

    assert "STO-2026-0001. Stuur dat eerst door, of gebruik --force" in refused
    assert was_there
    assert said == (
        "Weggehaald.\nNu bij de beheerder: STO-2026-0001.\n"
        "Wat daarover nog niet verstuurd was, gaat ook naar de beheerder.\n"
        "Let op: zonder vervanger is nu colleague.\n"
    )
    after = listed()
    assert "manager" not in after
    assert after["colleague"]["stand_in_id"] is None
    assert [row.is_revoked for row in rows_of(link)] == [True]


def test_link_is_mailed_and_only_shown_on_request() -> None:
    fill()

    said = run("contacts", "link", "manager")
    again = run("contacts", "link", "manager", "--show")

    (row,) = rows_of(outbox)
    (given,) = rows_of(link)
    assert (row.address, row.payload["link_id"]) == ("regio@assen.example", given.id)
    assert (given.purpose, given.contact_id) == (Purpose.REGION.value, "manager")
    assert "http" not in said
    assert given.id not in said
    assert "al gemaild" in again
    assert f"http://127.0.0.1:8000/l/{given.id}" in again


def test_operator_gets_a_link_too() -> None:
    run("contacts", "link", "beheerder")

    (row,) = rows_of(outbox)
    assert row.address == "beheer@example.org"
    assert row.payload["subject"] == "Open je overzicht: alle plannen"


def test_old_addresses_are_asked_once_a_month() -> None:
    fill()
    set_contact("at_school", checked_on=day(-181))
    set_contact("other_school", checked_on=day(-10))
    for known in ("manager", "colleague", "other_region", "support"):
        set_contact(known, checked_on=day(0))

    said = run("contacts", "confirm")
    again = run("contacts", "confirm")
    sooner = run("contacts", "confirm", "--older-than", "5")

    assert said.startswith("Gevraagd aan 1: at_school.")
    assert again.startswith("Niemand hoeft nu iets te horen")
    assert sooner.startswith("Gevraagd aan 1: other_school.")
    assert [row.address for row in rows_of(outbox)] == ["sto@nassau.example", "sto@ander.example"]
    assert {row.purpose for row in rows_of(link)} == {Purpose.CONFIRM.value}


def test_old_addresses_are_asked_once_in_each_calendar_month(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill()
    set_contact("at_school", checked_on=day(-181))
    for known in ("manager", "colleague", "other_region", "support", "other_school"):
        set_contact(known, checked_on="2050-01-01")

    def asked(moment: datetime) -> str:
        monkeypatch.setattr(contacts_change, "_now", lambda: moment)
        return run("contacts", "confirm")

    last_day = asked(datetime(2040, 1, 31, 10, tzinfo=UTC))
    next_day = asked(datetime(2040, 2, 1, 10, tzinfo=UTC))
    weeks_later = asked(datetime(2040, 2, 28, 10, tzinfo=UTC))

    assert last_day.startswith("Gevraagd aan 1: at_school.")
    assert next_day.startswith("Gevraagd aan 1: at_school.")
    assert "of deze kalendermaand al gevraagd" in weeks_later


def test_address_that_was_never_checked_is_asked() -> None:
    fill()

    assert run("contacts", "confirm").startswith("Gevraagd aan 6: ")


def test_list_of_plans_tells_stage_and_holder() -> None:
    fill(
        Sent(1, title="Drones"),
        Sent(2, status=PlanStatus.APPROVED, holder="at_school"),
        Sent(3, status=PlanStatus.WITHDRAWN, holder="gone"),
    )

    lines = run("plans", "list").splitlines()

    def line(number: str) -> str:
        return next(one for one in lines if number in one)

    assert "verstuurd" in line("0001")
    assert "Regio Assen" in line("0001")
    assert "Drones" in line("0001")
    assert "goedgekeurd (nog niet verstuurd)" in line("0002")
    assert "STO-contactpersoon op school" in line("0002")
    assert "ingetrokken" in line("0003")
    assert "beheerder van de STO-wegwijzer" in line("0003")


def test_history_tells_who_did_what_when() -> None:
    fill(
        Sent(
            1,
            status=PlanStatus.RECEIVED,
            events=(
                (0, PM, Action.NOTE, "manager"),
                (0, PM, Action.FORWARD, "at_school"),
                (0, Role.CLOCK, Action.REMIND, None),
            ),
        )
    )

    said = run("plans", "history", " sto-2026-0001 ")

    today = day(0)
    assert said.startswith("STO-2026-0001 ")
    assert "Stand: ontvangen, versie 1\nLigt bij: Regio Assen\n" in said
    assert f"\n{today} " in said
    assert "iemand, docent: plan verstuurd [verstuurd, versie 1]" in said
    assert "iemand, programmamanager van de regio (manager): notitie [" in said
    assert "\n    geheime notitie\n" in said
    assert "plan doorgestuurd naar sto@nassau.example (at_school)" in said
    assert "iemand, automatisch: herinnering gestuurd" in said


@pytest.mark.parametrize("command", ["history", "show"])
def test_unknown_plan_is_explained_in_dutch(fails: Callable[..., str], command: str) -> None:
    assert "geen verstuurd plan met nummer STO-2026-0099" in fails(
        "plans", command, "STO-2026-0099"
    )


def test_exported_plans_hold_no_formulas(home: Path) -> None:
    fill(Sent(1, title="=1+1"), Sent(2, title="Robots"))

    said = run("plans", "export", "--output", "plannen.csv")

    text = io.StringIO((home / "plannen.csv").read_text("utf-8-sig"), newline="")
    rows = list(csv.DictReader(text, delimiter=";"))
    assert said == "2 plannen in plannen.csv\n"
    assert {row["reference"]: row["title"] for row in rows} == {
        "STO-2026-0001": "'=1+1",
        "STO-2026-0002": "Robots",
    }
