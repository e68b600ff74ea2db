"""The eight things that must hold after any fault, checked with plain SQL from outside the app."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.botapi import TelegramWorld
from tests.faults.check_answers import check_answers, check_inbox
from tests.faults.check_messages import check_messages
from tests.faults.check_plans import check_decisions, check_keys, check_plans
from tests.faults.findings import Findings
from tests.faults.managers import Decision
from tests.faults.stored import Stored
from tests.faults.teachers import Teacher


def check_invariants(
    stored: Stored,
    world: TelegramWorld,
    teachers: Sequence[Teacher],
    maildir: Path,
    *,
    kills: int,
    decisions: Sequence[Decision] = (),
    log: str = "",
    secrets: Iterable[str] = (),
) -> Findings:
    """Check a run that has come to rest; `kills` bounds what may have gone out twice.

    I1: each update that Telegram saw confirmed is stored once. I2: each acknowledged answer is
    there. I3: one record for each key, decision and version. I4: each plan that was sent has a
    delivery that arrived. I5: nobody decided who may not. I7: `log` holds no secret and nobody's
    words. I8: at most one message for each kill went out twice. I6, that the same updates once
    more change nothing, needs the app again: see `state_of`.
    """
    findings = Findings()
    check_inbox(findings, stored, world)
    check_answers(findings, stored, teachers)
    check_keys(findings, stored)
    check_plans(findings, stored, teachers, maildir)
    check_decisions(findings, stored, decisions)
    check_messages(findings, stored, teachers, kills)
    check_log(findings, log, teachers, secrets)
    return findings


def check_log(
    findings: Findings, log: str, teachers: Sequence[Teacher], secrets: Iterable[str]
) -> None:
    """I7: the log holds no secret, no number of a chat and nothing that anybody typed."""
    for secret in secrets:
        findings.expect(secret not in log, "a secret is in the log")
    for teacher in teachers:
        findings.expect(str(teacher.user.id) not in log, f"{teacher.name}: the chat is in the log")
        found = f"{teacher.name}." in log
        findings.expect(not found, f"words of {teacher.name} are in the log")


def state_of(stored: Stored) -> dict[str, list[str]]:
    """Give all that counts of what is stored: I6, the same after the same updates once more."""
    return {
        table: sorted(map(repr, stored.rows(f"SELECT {columns} FROM {table}")))
        for table, columns in {
            "answer": "id, plan_id, step, version, text, is_current, source",
            "plan": "id, person_id, status, reference, open_step",
            "turn": "id",
            "inbox": "id, key, state",
            "outbox": "id, key, address, state, parts_sent",
            "plan_event": "id, plan_id, action, before, after, version, text",
        }.items()
    }
