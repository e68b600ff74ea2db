"""Each plan is handed over once, and decided by nobody but who may."""

from __future__ import annotations

import json
import mailbox
from collections import Counter
from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from tests.faults.check_answers import that_count
from tests.faults.findings import Findings, from_json
from tests.faults.managers import Decision
from tests.faults.stored import Stored
from tests.faults.teachers import Teacher


def check_plans(
    findings: Findings, stored: Stored, teachers: Sequence[Teacher], maildir: Path
) -> None:
    """I3: each plan is handed over once: one reference, one delivery, one e-mail with its words."""
    plans = stored.rows(
        "SELECT plan.id, plan.submitted_at, plan.reference, plan.summary, conversation.address"
        " FROM plan JOIN conversation ON conversation.person_id = plan.person_id"
    )
    submitted = {plan["reference"]: plan for plan in plans if plan["submitted_at"]}
    asked = [sending for teacher in teachers for sending in teacher.sendings]
    findings.expect(len(plans) == len(asked), f"{len(plans)} plans for {len(asked)} begun")
    told = [sending.reference for sending in asked if sending.reference]
    findings.expect(len(set(told)) == len(told), "a reference was given twice")
    findings.expect(sorted(told) == sorted(submitted), "told references differ from the stored")
    for sending in asked:
        plan = submitted.get(sending.reference)
        is_own = plan is not None and plan["address"] == str(sending.chat_id)
        findings.expect(is_own, f"{sending} is not with its teacher")
    deliveries = stored.rows("SELECT plan_id FROM outbox WHERE key LIKE 'hand_over:%'")
    by_plan = Counter(row["plan_id"] for row in deliveries)
    findings.expect(
        by_plan == Counter(plan["id"] for plan in submitted.values()), "not one hand-over per plan"
    )
    mails = list(mails_in(maildir))
    wanted = {f"<hand_over.{plan['id']}@localhost>": plan for plan in submitted.values()}
    findings.expect(
        sorted(mail["Message-ID"] for mail in mails) == sorted(wanted), "not one e-mail per plan"
    )
    words = _words_handed_over(teachers)
    for mail in mails:
        plan = wanted.get(mail["Message-ID"])
        if plan is None:
            continue
        summary = json.dumps(from_json(plan["summary"]), ensure_ascii=False)
        body = plain_text(mail)
        for said in words.get(plan["reference"], []):
            is_there = json.dumps(said, ensure_ascii=False)[1:-1] in summary and said in body
            findings.expect(is_there, f"{plan['reference']} misses {said!r}")
    findings.figures |= {
        "plans_handed_over": len(submitted),
        "emails": len(mails),
        "emails_tried_again": stored.number(
            "SELECT count(*) FROM outbox WHERE channel = 'email' AND tries > 1"
        ),
    }


def _words_handed_over(teachers: Sequence[Teacher]) -> dict[str | None, list[str]]:
    words: dict[str | None, list[str]] = {}
    for teacher in teachers:
        for sending in teacher.sendings:
            of_plan = [given for given in teacher.given if given.plan == sending.plan]
            words[sending.reference] = [
                given.text for given in that_count(of_plan) if teacher.name in (given.text or "")
            ]
    return words


def check_decisions(findings: Findings, stored: Stored, decisions: Sequence[Decision]) -> None:
    """I3 and I5: what was seen to be decided is stored once, by one who may, in their region."""
    rows = stored.rows(
        "SELECT plan_event.text, plan_event.plan_id, plan_event.role, contact.role AS known_role,"
        " contact.region_id, review.region_id AS plan_region FROM plan_event"
        " JOIN review ON review.plan_id = plan_event.plan_id"
        " LEFT JOIN contact ON contact.id = plan_event.contact_id"
        " WHERE plan_event.action IN ('approve', 'approve_with_conditions', 'not_now')"
    )
    texts = Counter(row["text"] for row in rows)
    for decision in decisions:
        if decision.is_acknowledged:
            times = texts[decision.text]
            findings.expect(times == 1, f"{decision} is stored {times} times")
    for plan_id, times in Counter(row["plan_id"] for row in rows).items():
        findings.expect(times == 1, f"plan {plan_id} was decided {times} times")
    for row in rows:
        may = row["role"] == row["known_role"] == "programme_manager"
        is_own = row["region_id"] is not None and row["region_id"] == row["plan_region"]
        findings.expect(may and is_own, f"decided by one who may not: {row}")
    waiting = stored.number("SELECT count(*) FROM due WHERE kind = 'release' AND state = 'due'")
    gone = stored.number("SELECT count(*) FROM plan_event WHERE action = 'release'")
    findings.expect(
        waiting + gone == len(rows), f"{waiting} + {gone} decisions of {len(rows)} leave"
    )
    findings.figures |= {
        "decisions_acknowledged": sum(one.is_acknowledged for one in decisions),
        "decisions_stored": len(rows),
    }


def check_keys(findings: Findings, stored: Stored) -> None:
    """I3: there is one record for each key, number and version."""
    for table, key in {
        "inbox": "key",
        "outbox": "key",
        "due": "key",
        "turn": "id",
        "plan_version": "plan_id, number",
        "plan WHERE reference IS NOT NULL": "reference",
    }.items():
        twice = stored.rows(f"SELECT {key} FROM {table} GROUP BY {key} HAVING count(*) > 1")
        findings.expect(not twice, f"{table} has the same twice: {twice[:3]}")


def mails_in(maildir: Path) -> Iterator[EmailMessage]:
    box = mailbox.Maildir(maildir, create=False)
    for key in box.iterkeys():
        yield message_from_bytes(box.get_bytes(key), _class=EmailMessage, policy=default)


def plain_text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""
