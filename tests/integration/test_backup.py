"""Copies of the database: whole, checked, and put back without loss and without sending twice."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import stat
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.bootstrap import make_parts
from bot.config import Settings
from bot.delivery.mail_sender import EmailSender
from bot.delivery.outcomes import Outcome, Sent
from bot.delivery.smtp import SmtpMailer
from bot.delivery.worker import DeliveryWorker
from bot.domain.inbox import Channel, Incoming, Kind
from bot.domain.plan_states import Action
from bot.domain.troubles import Trouble
from bot.running import running
from bot.services.alarms import Alarms
from bot.services.bell import Bell
from bot.services.clock_worker import ClockWorker
from bot.services.review_input import Order
from bot.storage.backup import Manifest
from bot.storage.database import Database
from bot.storage.in_use import BeingRestoredError, alone, in_use
from bot.storage.migrate import config, versions
from bot.storage.outbox import OutboxRow
from bot.storage.restore import SKIPPED_ROWS
from bot.storage.review_tables import due
from bot.storage.soundness import DamagedError
from bot.storage.tables import inbox, metadata, outbox, plan
from tests.clocks import SteppingClock
from tests.harness import ROOT, RunningApp, free_port
from tests.integration.operator_cli import OperatorCli
from tests.integration.running_chat import sqlite_only, stored
from tests.integration.smtp_server import SmtpTestServer
from tests.person import PLAN_ANSWERS, Person, made_book, make_services
from tests.reviews import act, actor, add_contacts, handed_over, only_plan

pytest_plugins = ["tests.integration.mail_fixtures", "tests.integration.cli_fixtures"]

MANAGER = "regio@assen.example"


@pytest.fixture
def file(database: Database) -> Path:
    """The file of an SQLite database."""
    return Path(database.url.removeprefix("sqlite+aiosqlite:///"))


async def acknowledge(database: Database, number: int, address: str = "9") -> str:
    """Take a message in as a door does; when this returns it is confirmed."""
    key = f"told:{address}:{number}"
    async with database.write() as uow:
        talk = await uow.conversations.of(Channel.WEB, address)
        message = Incoming(Channel.WEB, address, key, Kind.TEXT, f"tekst {number}")
        await uow.inbox.add(talk, message, database.clock.now())
    return key


async def back_up(cli: OperatorCli) -> Path:
    """Make a copy; give it."""
    await cli.says("backup", "kopie")
    (found,) = (
        path for path in (cli.folder / "kopie").iterdir() if path.suffix in (".db", ".dump")
    )
    return found


def content(file: Path) -> bytes:
    return file.read_bytes()


def rows_in(file: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()


# Making a copy


@sqlite_only
async def test_copy_is_whole_private_and_described(database: Database, cli: OperatorCli) -> None:
    for number in range(3):
        await acknowledge(database, number)

    copy = await back_up(cli)

    manifest = Manifest.beside(copy)
    assert manifest.rows["inbox"] == 3
    assert manifest.rows.keys() == {*metadata.tables, "alembic_version"}
    assert (manifest.version, manifest.size) == (
        (await versions(database))[1],
        copy.stat().st_size,
    )
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in copy.parent.iterdir()}
    assert modes == {copy.name: 0o600, copy.with_suffix(".json").name: 0o600}
    assert rows_in(copy, "PRAGMA journal_mode") == [("delete",)]


@sqlite_only
async def test_secret_of_links_goes_along(database: Database, cli: OperatorCli) -> None:
    secret = cli.folder / "var/geheim/links"
    secret.parent.mkdir(parents=True)
    secret.write_text("het geheim van de links, lang genoeg")

    copy = await back_up(cli)

    beside = copy.with_suffix(".geheim")
    assert beside.read_text() == secret.read_text()
    assert stat.S_IMODE(beside.stat().st_mode) == 0o600


@sqlite_only
async def test_secret_that_is_set_is_not_copied(
    database: Database, cli: OperatorCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEGWIJZER_LINK_SECRET", "x" * 40)

    said = await cli.says("backup", "kopie")

    assert "WEGWIJZER_LINK_SECRET" in said
    assert "x" * 40 not in said
    assert list((cli.folder / "kopie").glob("*.geheim")) == []


@sqlite_only
async def test_copy_waits_for_nobody_and_has_no_half_turn(
    database: Database, cli: OperatorCli
) -> None:
    await acknowledge(database, 1)
    async with database.write() as uow:
        talk = await uow.conversations.of(Channel.WEB, "9")
        half = Incoming(Channel.WEB, "9", "half", Kind.TEXT, "nog niet bewaard")
        await uow.inbox.add(talk, half, database.clock.now())
        async with asyncio.timeout(20):
            copy = await back_up(cli)

    assert rows_in(copy, "SELECT key FROM inbox") == [("told:9:1",)]


@sqlite_only
async def test_copy_while_people_type_has_all_that_was_confirmed(
    database: Database, cli: OperatorCli
) -> None:
    confirmed: list[str] = []
    stop = asyncio.Event()

    async def people(address: str) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            confirmed.append(await acknowledge(database, number, address))

    typing = [asyncio.create_task(people(address)) for address in ("1", "2", "3")]
    await asyncio.sleep(0.2)
    before = list(confirmed)
    copy = await back_up(cli)
    stop.set()
    await asyncio.gather(*typing)

    kept = {key for (key,) in rows_in(copy, "SELECT key FROM inbox")}
    assert before
    assert len(confirmed) > len(before)
    assert set(before) <= kept <= set(confirmed)


@sqlite_only
@pytest.mark.parametrize("folder", ["/proc/kopie", "bestand"])
async def test_folder_that_cannot_be_written_is_named(
    database: Database, cli: OperatorCli, folder: str
) -> None:
    (cli.folder / "bestand").write_text("geen map")

    assert folder in await cli.refuses("backup", folder)


@sqlite_only
async def test_damaged_database_gives_no_copy(
    database: Database, cli: OperatorCli, file: Path
) -> None:
    await database.close()
    damage(file)

    await cli.refuses("backup", "kopie")

    assert list((cli.folder / "kopie").iterdir()) == []


def damage(file: Path) -> None:
    """Overwrite the second half of a database, as a torn write does."""
    whole = content(file)
    half = len(whole) // 2
    file.write_bytes(whole[:half] + b"\xa5" * (len(whole) - half))


# Putting it back


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-4096])


def forge(file: Path) -> None:
    """Change what somebody typed: a sound database, but not the one that was copied."""
    file.write_bytes(content(file).replace(b"tekst 1", b"tekst 7"))


def lose_manifest(file: Path) -> None:
    file.with_suffix(".json").unlink()


def garble_manifest(file: Path) -> None:
    file.with_suffix(".json").write_text('{"sha256": ')


def lose_secret(file: Path) -> None:
    file.with_suffix(".geheim").unlink()


def make_newer(file: Path) -> None:
    manifest = file.with_suffix(".json")
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"version": "9999"}))


@sqlite_only
@pytest.mark.parametrize(
    ("harm", "word"),
    [
        (cut, "beschadigd"),
        (forge, "beschadigd"),
        (lose_manifest, ".json"),
        (garble_manifest, ".json"),
        (lose_secret, ".geheim"),
        (make_newer, "nieuwere versie"),
        (Path.unlink, "bestaat niet"),
    ],
)
async def test_copy_that_is_not_whole_is_refused(
    database: Database,
    cli: OperatorCli,
    file: Path,
    harm: Callable[[Path], None],
    word: str,
) -> None:
    secret = cli.folder / "var/geheim/links"
    secret.parent.mkdir(parents=True)
    secret.write_text("het geheim van de links, lang genoeg")
    await acknowledge(database, 1)
    copy = await back_up(cli)
    await acknowledge(database, 2)
    await database.close()
    before = content(file)

    harm(copy)
    refusal = await cli.refuses("restore", str(copy))

    assert word in refusal
    assert content(file) == before
    assert [path.name for path in file.parent.glob(f"*{file.name}*")
            if path.suffix != ".lock"] == [file.name]  # fmt: skip


@sqlite_only
async def test_present_database_is_kept_with_its_log(
    database: Database, cli: OperatorCli, file: Path, tmp_path: Path
) -> None:
    copy = await back_up(cli)
    await acknowledge(database, 1)
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for path in file.parent.glob(f"{file.name}*"):
        shutil.copy(path, crashed)
    await database.close()
    for path in crashed.iterdir():
        # As `kill -9` leaves it: the last commits are in the log alone.
        shutil.copy(path, file.parent)
    assert file.with_name(f"{file.name}-wal").stat().st_size

    await cli.says("restore", str(copy))

    (kept,) = (path for path in file.parent.glob("*.voor-*") if "-wal" not in path.name
               and "-shm" not in path.name)  # fmt: skip
    assert rows_in(file, "SELECT count(*) FROM inbox") == [(0,)]
    assert rows_in(kept, "SELECT key FROM inbox") == [("told:9:1",)]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert not file.with_name(f"{file.name}-wal").exists()


@sqlite_only
async def test_damaged_database_is_replaced_and_kept(
    database: Database, cli: OperatorCli, file: Path
) -> None:
    await acknowledge(database, 1)
    copy = await back_up(cli)
    await database.close()
    damage(file)
    torn = content(file)

    await cli.says("restore", str(copy))

    assert rows_in(file, "SELECT key FROM inbox") == [("told:9:1",)]
    (kept,) = file.parent.glob("*.voor-*")
    assert content(kept) == torn


@sqlite_only
async def test_copy_itself_is_only_read(database: Database, cli: OperatorCli, file: Path) -> None:
    copy = await back_up(cli)
    await database.close()
    before = {path.name: path.read_bytes() for path in copy.parent.iterdir()}

    await cli.says("restore", str(copy))

    assert {path.name: path.read_bytes() for path in copy.parent.iterdir()} == before


@sqlite_only
async def test_older_copy_is_brought_to_this_version(
    cli: OperatorCli, clock: SteppingClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'old.db'}"
    monkeypatch.setenv("WEGWIJZER_DATABASE_URL", url)
    old = Database(url, clock)

    def upgrade(connection: Connection) -> None:
        command.upgrade(config(connection), "0003")

    await old.run_sync(upgrade)
    copy = await back_up(cli)
    await old.close()

    await cli.says("restore", str(copy))

    assert Manifest.beside(copy).version == "0003"
    current, expected = await versions(old)
    await old.close()
    assert current == expected


@sqlite_only
async def test_app_that_runs_keeps_its_database(
    database: Database, cli: OperatorCli, file: Path
) -> None:
    copy = await back_up(cli)

    with in_use(database.url):
        refusal = await cli.refuses("restore", str(copy))

    assert "stop eerst de wegwijzer" in refusal
    assert list(file.parent.glob("*.voor-*")) == []


@sqlite_only
async def test_nobody_starts_while_a_copy_is_put_back(
    database: Database, cli: OperatorCli, tmp_path: Path
) -> None:
    parts = make_parts(settings_of(database, tmp_path), (Channel.WEB,), 0)

    with alone(database.url):
        with pytest.raises(BeingRestoredError):
            async with running(parts):
                pass
        refusal = await cli.refuses("contacts", "list")
    parts.listening.close()

    assert "teruggezet" in refusal


def settings_of(database: Database, folder: Path) -> Settings:
    return Settings(
        _env_file=None,
        home=ROOT,
        data_dir=folder / "var",
        database_url=database.url,
        rasa_url="http://127.0.0.1:9",
        rasa_token="x",
    )


@sqlite_only
@pytest.mark.parametrize("command", ["restore", "hold"])
async def test_contacts_of_before_are_warned_about(
    database: Database, cli: OperatorCli, command: str
) -> None:
    await add_contacts(database, "manager")
    copy = await back_up(cli)
    await cli.says("contacts", "remove", "manager")
    await database.close()

    said = await cli.says(
        *(["restore", str(copy)] if command == "restore" else ["deliveries", "hold"])
    )

    assert "contacten en links zijn weer zoals in de kopie" in said
    assert "opnieuw, vóór je start, met `wegwijzer contacts change`, `contacts remove`" in said


@sqlite_only
async def test_secret_is_put_back_and_the_other_kept(database: Database, cli: OperatorCli) -> None:
    secret = cli.folder / "var/geheim/links"
    secret.parent.mkdir(parents=True)
    secret.write_text("het geheim van toen, lang genoeg")
    copy = await back_up(cli)
    await database.close()
    secret.write_text("een ander geheim, ook lang genoeg")

    await cli.says("restore", str(copy))

    assert secret.read_text() == "het geheim van toen, lang genoeg"
    assert [path.read_text() for path in secret.parent.glob("links.voor-*")] == [
        "een ander geheim, ook lang genoeg"
    ]


async def test_copy_of_the_other_kind_is_refused(
    database: Database, cli: OperatorCli, tmp_path: Path
) -> None:
    wrong = ".dump" if database.is_sqlite else ".db"

    assert wrong not in await cli.refuses("restore", str(tmp_path / f"kopie{wrong}"))


# What may have happened since


async def test_everything_that_waits_is_set_aside(
    database: Database, clock: SteppingClock, cli: OperatorCli
) -> None:
    await add_contacts(database, "manager")
    person = person_of(database, "1001")
    handed = await handed_over(person)
    await act(person, actor("manager"), handed.id, Order(Action.APPROVE))
    await person.arrive("nog een vraag")
    async with database.write() as uow:
        await Alarms("beheer@example.org").tell(uow, clock.now(), Trouble.PARKED)
    clock.step(minutes=30)

    said = await cli.says("deliveries", "hold")

    rows = await stored(database, outbox)
    assert {row.state for row in rows if not row.key.startswith("alarm:")} == {"held"}
    assert [row.state for row in rows if row.key.startswith("alarm:")] == ["cancelled"]
    assert [row.state for row in await stored(database, inbox)][-1] == "parked"
    moments = await stored(database, due)
    assert [row.kind for row in moments if row.state == "held"] == ["release"]
    assert all(row.state == "held" for row in moments if row.due_at <= clock.now())
    assert "1 momenten" in said
    listed = await cli.says("deliveries", "held")
    assert "het besluit gaat naar de docent" in listed
    assert "plan naar de regio" in listed


async def test_held_moment_happens_when_it_is_released(
    database: Database, clock: SteppingClock, cli: OperatorCli
) -> None:
    await add_contacts(database, "manager")
    person = person_of(database, "1001")
    handed = await handed_over(person)
    await act(person, actor("manager"), handed.id, Order(Action.APPROVE))
    clock.step(minutes=30)
    await cli.says("deliveries", "hold")
    worker = ClockWorker(database, person.services.clockwork, clock)
    (held,) = [row for row in await stored(database, due) if row.state == "held"]

    await worker.look()
    before = len(await stored(database, outbox))
    await cli.says("deliveries", "resend", f"m{held.id}")
    await worker.look()

    assert [row.state for row in await stored(database, due) if row.id == held.id] == ["done"]
    assert len(await stored(database, outbox)) > before


async def test_held_reminder_lapses_when_somebody_acts(
    database: Database, clock: SteppingClock, cli: OperatorCli
) -> None:
    await add_contacts(database, "manager")
    person = person_of(database, "1001")
    handed = await handed_over(person)
    clock.step(days=8)
    await cli.says("deliveries", "hold")

    await act(person, actor("manager"), handed.id, Order(Action.RECEIVE))

    assert [row for row in await stored(database, due) if row.state == "held"] == []


async def test_numbers_are_never_given_out_again(database: Database, cli: OperatorCli) -> None:
    before = await handed_over(person_of(database, "1001"))
    last = max(row.id for row in await stored(database, inbox))
    await cli.says("deliveries", "hold")

    after = await handed_over(person_of(database, "1002"))

    assert (before.reference, after.reference) == ("STO-2026-0001", "STO-2026-0102")
    newer = [row.id for row in await stored(database, inbox) if row.id > last]
    assert min(newer) > SKIPPED_ROWS
    await acknowledge(database, 1)


@sqlite_only
async def test_teacher_reads_that_the_mail_is_looked_at(
    database: Database, cli: OperatorCli
) -> None:
    person = person_of(database, "1001")
    await handed_over(person)
    await cli.says("deliveries", "hold")

    said = await person.do(person.services.my_plans.status, "waar staat mijn plan")

    assert "de beheerder kijkt of de e-mail al bezorgd is" in said


# The drill


@dataclass
class Phone:
    """A sender for Telegram that notes what arrives."""

    got: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, row: OutboxRow) -> Outcome:
        self.got.append((row.address, row.payload["text"]))
        return Sent()


@dataclass
class World:
    """What lies outside the app and stays when its database goes: mail server, phones, clock."""

    server: SmtpTestServer
    clock: SteppingClock
    phone: Phone = field(default_factory=Phone)

    @asynccontextmanager
    async def app(self, database: Database) -> AsyncIterator[DeliveryWorker]:
        """Deliver and keep the clock while the body runs."""
        mailer = SmtpMailer(f"smtp://localhost:{self.server.port}")
        email = EmailSender(database, mailer, "wegwijzer@sto.example", self.clock, made_book())
        worker = DeliveryWorker(
            database, self.clock, {"email": email, "telegram": self.phone}, Bell()
        )
        clockwork = make_services(database, self.clock).clockwork
        tasks = [
            asyncio.create_task(worker.run()),
            asyncio.create_task(ClockWorker(database, clockwork, self.clock).run()),
        ]
        try:
            yield worker
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def settle(self, database: Database) -> None:
        """Let the app answer, deliver and do all that waits now."""
        person = person_of(database, "any")
        for row in await stored(database, inbox):
            if row.state == "new" and row.key.startswith("test:"):
                attempt = await person.attempt(row.id)
                greet = person.services.welcome.greet
                await person.services.runner.run(row.id, attempt, greet)
        async with self.app(database) as worker:
            await ClockWorker(database, person.services.clockwork, self.clock).look()
            for channel in ("email", "telegram"):
                assert await worker.drain(channel, 20)

    @property
    def mails(self) -> Counter[tuple[str, str]]:
        """Count each mail that arrived, by its Message-ID and recipient."""
        return Counter(
            (mail.message["Message-ID"], mail.recipients[0]) for mail in self.server.received
        )


def person_of(database: Database, address: str) -> Person:
    return Person(database, make_services(database, database.clock), database.clock, address)


async def test_restore_drill_loses_nothing_and_sends_nothing_twice(
    database: Database,
    clock: SteppingClock,
    cli: OperatorCli,
    smtp_server: SmtpTestServer,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(smtp_server, clock)
    await add_contacts(database, "manager")
    first = person_of(database, "1001")
    decided = await handed_over(first)
    await world.settle(database)
    await act(first, actor("manager"), decided.id, Order(Action.APPROVE))
    # Sent after the copy was made, and waiting in it: a mail, an answer and a decision.
    waiting = await handed_over(person_of(database, "1002"))
    asking = person_of(database, "1003")
    await asking.arrive("hallo")

    confirmed: list[str] = []
    stop = asyncio.Event()

    many = asyncio.Event()

    async def keep_typing() -> None:
        while not stop.is_set():
            confirmed.append(await acknowledge(database, len(confirmed)))
            if len(confirmed) > 20:
                many.set()

    typing = asyncio.create_task(keep_typing())
    await many.wait()
    before = list(confirmed)
    copy = await back_up(cli)
    stop.set()
    await typing

    clock.step(minutes=11)
    await world.settle(database)
    lost = await handed_over(person_of(database, "1004"))
    await world.settle(database)
    mails, said = world.mails, list(world.phone.got)
    assert (f"<hand_over.{waiting.id}@sto.example>", MANAGER) in mails
    assert [text for address, text in said if address == "1001" and "goedgekeurd" in text]
    assert "1003" in [address for address, _ in said]
    await database.close()

    clock.step(minutes=30)
    restored = await put_back(copy, database, cli, postgres_url, monkeypatch)
    try:
        await world.settle(restored)
        clock.step(hours=2)
        await world.settle(restored)

        # Nothing that was confirmed before the copy was made is missing ...
        kept = {row.key for row in await stored(restored, inbox)}
        assert set(before) <= kept
        plans = {row.id: row for row in await stored(restored, plan)}
        assert {decided.id, waiting.id} <= plans.keys()
        assert lost.id not in plans
        again = await only_plan(person_of(restored, "1001"))
        assert again.text("doelen") == PLAN_ANSWERS["doelen"]
        # ... and nothing has left twice.
        assert world.mails == mails
        assert world.phone.got == said

        await check_the_rest(world, restored, cli, waiting.id, lost.reference)
    finally:
        await restored.close()


async def check_the_rest(
    world: World, restored: Database, cli: OperatorCli, waiting_id: str, used: str | None
) -> None:
    """The operator lets go what was held, and life goes on."""
    before, said = world.mails, len(world.phone.got)
    listed = await cli.says("deliveries", "held")
    assert "plan naar de regio" in listed
    assert "het besluit gaat naar de docent" in listed

    (row,) = [one for one in await stored(restored, outbox) if one.key == f"hand_over:{waiting_id}"]
    await cli.says("deliveries", "resend", str(row.id))
    await cli.says("deliveries", "drop", "--all")
    await cli.says("inbox", "retry", "--all")
    await world.settle(restored)

    mail_id = f"<hand_over.{waiting_id}@sto.example>"
    assert world.mails - before == Counter([(mail_id, MANAGER)])
    answered = world.phone.got[said:]
    assert [address for address, _ in answered] == ["1003", "1003"]
    assert "lag nog bij de beheerder" in answered[0][1]
    assert await cli.says("deliveries", "held") == "Er wordt niets vastgehouden."
    assert {one.state for one in await stored(restored, inbox)} <= {"done", "new"}

    new = await handed_over(person_of(restored, "1005"))
    await world.settle(restored)
    assert new.reference != used
    assert all(count <= 2 for count in world.mails.values())


async def put_back(
    copy: Path,
    database: Database,
    cli: OperatorCli,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Database:
    """Put a copy back as the manual says; give the database that the app goes on with."""
    url = database.url
    if not database.is_sqlite:
        url = await empty_database(postgres_url, f"{database.url.rpartition('/')[2]}_new")
        monkeypatch.setenv("WEGWIJZER_DATABASE_URL", url)
    said = await cli.says("restore", str(copy))
    assert "Vastgehouden" in said
    return Database(url, database.clock)


async def empty_database(server: str, name: str) -> str:
    engine = create_async_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    return f"{server}/{name}"


# PostgreSQL

postgres_only = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@postgres_only
async def test_manifest_counts_what_is_in_the_dump(database: Database, cli: OperatorCli) -> None:
    for number in range(3):
        await acknowledge(database, number)

    copy = await back_up(cli)

    assert Manifest.beside(copy).rows["inbox"] == 3
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [path.name for path in copy.parent.iterdir() if path.name.startswith(".")] == []


@postgres_only
async def test_database_with_tables_is_never_overwritten(
    database: Database, cli: OperatorCli
) -> None:
    await acknowledge(database, 1)
    copy = await back_up(cli)

    assert "staat al iets" in await cli.refuses("restore", str(copy))

    assert len(await stored(database, inbox)) == 1


@postgres_only
async def test_recipe_of_the_manual_holds_what_waited(
    database: Database, cli: OperatorCli, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = await handed_over(person_of(database, "1001"))
    server, name = postgres_url.replace("+psycopg", ""), database.url.rpartition("/")[2]
    dump = cli.folder / "wegwijzer.dump"
    await shell("pg_dump", "--format=custom", f"--file={dump}", f"{server}/{name}")
    await database.close()

    rename = f"ALTER DATABASE {name} RENAME TO {name}_oud"
    await shell("psql", f"{server}/postgres", f"--command={rename}")
    await shell("createdb", f"--maintenance-db={server}/postgres", name)
    await shell(
        "pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={server}/{name}", dump
    )
    await cli.says("deliveries", "hold")

    assert (await only_plan(person_of(database, "1001"))).reference == handed.reference
    assert {row.state for row in await stored(database, outbox)} == {"held"}


async def shell(*arguments: str | Path) -> None:
    program = await asyncio.create_subprocess_exec(
        *arguments, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, said = await program.communicate()
    assert program.returncode == 0, said.decode()


@postgres_only
async def test_recipe_is_told_without_the_programs(
    database: Database, cli: OperatorCli, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = await back_up(cli)
    monkeypatch.setenv("PATH", "")

    backup = await cli.run("backup", "elders")
    monkeypatch.setenv("WEGWIJZER_DATABASE_URL", f"{database.url}_none")
    restore = await cli.run("restore", str(copy))

    assert (backup.exit_code, "pg_dump --format=custom" in backup.stdout) == (1, True)
    assert list((cli.folder / "elders").glob("*")) == []
    assert restore.exit_code == 1


@postgres_only
async def test_password_is_no_argument_of_a_program(
    database: Database, cli: OperatorCli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spy = tmp_path / "bin/pg_dump"
    spy.parent.mkdir()
    spy.write_text('#!/bin/sh\necho "$@" > "$SEEN"\necho "$PGPASSWORD" >> "$SEEN"\nexit 1\n')
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", str(spy.parent))
    monkeypatch.setenv("SEEN", str(tmp_path / "seen"))
    secret = database.url.replace("wegwijzer@", "wegwijzer:GEHEIM@")
    monkeypatch.setenv("WEGWIJZER_DATABASE_URL", secret)

    refusal = await cli.refuses("backup", "kopie")

    arguments, password = (tmp_path / "seen").read_text().splitlines()
    assert "GEHEIM" not in arguments
    assert "GEHEIM" not in refusal
    assert password == "GEHEIM"


# A start on what is damaged


@sqlite_only
@pytest.mark.parametrize("harm", [cut, damage, lambda file: file.write_bytes(b"")])
async def test_app_refuses_a_damaged_database(
    database: Database, file: Path, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    await acknowledge(database, 1)
    await database.close()
    harm(file)
    harmed = content(file)
    parts = make_parts(settings_of(database, tmp_path), (Channel.WEB,), 0)

    with pytest.raises(DamagedError) as refused:
        async with running(parts):
            pass
    parts.listening.close()

    assert "wegwijzer restore" in str(refused.value)
    assert str(file) in str(refused.value)
    assert content(file) == harmed


def test_process_says_in_one_line_what_is_wrong(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "wegwijzer.db").write_bytes(b"SQLite format 3\0" + b"\0" * 5000)
    app = RunningApp(
        folder,
        free_port(),
        {"WEGWIJZER_RASA_URL": "http://127.0.0.1:9", "WEGWIJZER_RASA_TOKEN": "x"},
    )

    app.start(wait=False)
    assert app.process
    status = app.process.wait(timeout=60)

    assert status == 1
    assert "is beschadigd, dus ik start niet" in " ".join(app.log.split())
    assert "Traceback" not in app.log


@sqlite_only
async def test_older_program_refuses_a_newer_database(database: Database, cli: OperatorCli) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    assert "nieuwere wegwijzer" in await cli.refuses("plans", "list")
