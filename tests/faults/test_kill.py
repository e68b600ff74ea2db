"""`kill -9` at any moment loses nothing: 20 teachers type while the app is killed over and over."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.botapi import TelegramWorld
from tests.faults.check_answers import check_inbox
from tests.faults.databases import new_database, sqlite_of
from tests.faults.findings import Findings
from tests.faults.invariants import check_invariants, check_log
from tests.faults.kill_run import KillRun, Report
from tests.faults.sizes import size
from tests.faults.stored import Stored
from tests.faults.teachers import Progress, Teacher
from tests.harness import RunningApp, add_contact


def assert_nothing_lost(findings: Findings, kills: int) -> None:
    assert findings.violations == []
    figures = findings.figures
    assert figures["kills"] == kills
    # Killing what has done nothing yet proves nothing.
    assert figures["progress_between_kills"]["turns_saved"]["least"] >= 1
    assert figures["progress_between_kills"]["updates_stored"]["least"] >= 1


@pytest.mark.timeout(size(600, 6 * 3600))
async def test_kills_lose_no_acknowledged_answer(
    telegram_app: RunningApp, world: TelegramWorld, report: Report
) -> None:
    kills = size(50, 1000)
    add_contact(telegram_app)
    run = KillRun(telegram_app, world, sqlite_of(telegram_app))

    findings = await run.kill(kills)

    report("kill_sqlite", findings.figures)
    assert_nothing_lost(findings, kills)
    # The kills struck where it hurts: before confirming, in a turn, and while sending.
    assert findings.figures["updates_fetched_again"] > 0
    assert findings.figures["turns_begun_again"] > 0
    assert findings.figures["messages_tried_again"] > 0


@pytest.mark.timeout(size(600, 6 * 3600))
async def test_kills_lose_nothing_on_postgresql(
    telegram_app: RunningApp, world: TelegramWorld, report: Report, postgres_url: str
) -> None:
    url = new_database(postgres_url)
    telegram_app.environment["WEGWIJZER_DATABASE_URL"] = url
    kills = size(16, 1000)
    add_contact(telegram_app)
    # On a server what a dead process held is free after a while: the others go on meanwhile.
    run = KillRun(telegram_app, world, Stored(url), teachers=size(20, 60))

    findings = await run.kill(kills)

    report("kill_postgresql", findings.figures)
    assert_nothing_lost(findings, kills)


@pytest.mark.timeout(180)
async def test_confirming_first_loses_answers(
    telegram_app: RunningApp, world: TelegramWorld, report: Report
) -> None:
    telegram_app.command = ("-m", "tests.faults.confirm_first", "run")
    stored = sqlite_of(telegram_app)
    run = KillRun(telegram_app, world, stored)

    def inbox() -> Findings:
        findings = Findings()
        check_inbox(findings, stored, world)
        return findings

    await run.kill_until(lambda: bool(inbox().violations), at_most=25)

    findings = inbox()
    report("kill_control", {"kills": len(run.lives), "seed": run.seed, **findings.figures})
    assert findings.figures["updates_confirmed_and_lost"] > 0


#: What is done behind the app's back, and a word of what the checks must say of it.
TAMPERINGS = {
    "DELETE FROM inbox WHERE id = 7": "is lost",
    "UPDATE inbox SET text = 'anders' WHERE kind = 'text'": "stored differently",
    "DELETE FROM answer WHERE id = 7": "stored 0 times",
    "UPDATE answer SET text = text || '.' WHERE step = 'doelen'": "stored 0 times",
    "UPDATE answer SET step = 'idee', version = version + 9 WHERE step = 'doelen'": "is under idee",
    "UPDATE answer SET is_current = false WHERE step = 'doelen'": "no longer counts",
    "UPDATE answer SET id = -id": "changed places",
    "INSERT INTO answer SELECT id + 9999, plan_id, step, version + 9, text, value, is_current,"
    " turn_id, source, given_at FROM answer WHERE step = 'doelen'": "stored 2 times",
    "UPDATE plan SET reference = reference || '0'": "told references differ",
    "DELETE FROM outbox WHERE channel = 'email'": "not one hand-over per plan",
    "UPDATE plan SET summary = '{}'": "misses",
    "UPDATE plan SET id = id || '0'": "not one e-mail per plan",
    "UPDATE outbox SET state = 'due' WHERE channel = 'telegram'": "did not come to an end",
    "UPDATE plan_event SET text = 'anders' WHERE action = 'not_now'": "is stored 0 times",
    "UPDATE plan_event SET role = 'school_contact' WHERE action = 'not_now'": "who may not",
    "UPDATE review SET region_id = 'breda'": "who may not",
    "DELETE FROM due WHERE kind = 'release'": "decisions of",
    "INSERT INTO outbox SELECT id + 9999, key || '+', channel, address, conversation_id, plan_id,"
    " turn_id, payload, state, due_at, tries, parts_sent, lease_until, sent_at, problem"
    " FROM outbox WHERE channel = 'telegram'": "never got",
}


async def test_checks_notice_what_is_wrong(
    telegram_app: RunningApp, world: TelegramWorld, tmp_path: Path
) -> None:
    add_contact(telegram_app)
    run = KillRun(telegram_app, world, sqlite_of(telegram_app), teachers=4)
    findings = await run.kill(1)
    assert findings.violations == []

    for number, (statement, noticed) in enumerate(TAMPERINGS.items()):
        copy = tmp_path / f"{number}.db"
        shutil.copy(telegram_app.folder / "wegwijzer.db", copy)
        with sqlite3.connect(copy) as connection:
            connection.execute(statement)
        connection.close()

        wrong = check_invariants(
            Stored(f"sqlite:///{copy}"),
            world,
            run.teachers,
            telegram_app.maildir,
            kills=2,
            decisions=run.manager.decisions,
        )

        assert [said for said in wrong.violations if noticed in said], (statement, wrong.violations)


def test_words_and_secrets_in_a_log_are_noticed(world: TelegramWorld) -> None:
    teacher = Teacher(world, 3, Progress(), patience=1, seed=1)
    for line in ("https://api/bot12:ab/getMe", f"chat {teacher.user.id}", "docent3.0.idee.17"):
        findings = Findings()
        check_log(findings, f'{{"event": "{line}"}}', [teacher], ["12:ab"])
        assert len(findings.violations) == 1
