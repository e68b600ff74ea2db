"""What must hold after any number of kills, checked with plain SQL from outside the app."""

from __future__ import annotations

import json
import mailbox
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from bot.delivery.text_parts import split_text
from tests.botapi import Received, TelegramWorld
from tests.faults.stored import Rows, Stored
from tests.faults.teachers import Given, Teacher


@dataclass
class Findings:
    """What was wrong, in sentences, and the figures of the run."""

    violations: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    def expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.violations.append(otherwise)


def check_invariants(
    stored: Stored,
    world: TelegramWorld,
    teachers: Sequence[Teacher],
    maildir: Path,
    *,
    kills: int,
) -> Findings:
    """Check a run that has come to rest; `kills` bounds what may have gone out twice."""
    findings = Findings()
    check_inbox(findings, stored, world)
    check_answers(findings, stored, teachers)
    check_plans(findings, stored, teachers, maildir)
    check_messages(findings, stored, teachers, kills)
    return findings


def check_inbox(findings: Findings, stored: Stored, world: TelegramWorld) -> None:
    """I1: each update that Telegram saw confirmed is stored exactly once, as it was sent."""
    kept: dict[int, list[str]] = defaultdict(list)
    for row in stored.rows("SELECT key, text FROM inbox"):
        kept[int(row["key"].split(":")[1])].append(row["text"])
    lost = 0
    for update in world.updates:
        found = kept.pop(update.update_id, [])
        sent = update.content.get("text")
        if update.confirmed and not found:
            lost += 1
            findings.violations.append(f"update {update.update_id} was confirmed and is lost")
        findings.expect(len(found) <= 1, f"update {update.update_id} is stored {len(found)} times")
        if found and sent:
            findings.expect(found[0] == sent, f"update {update.update_id} is stored differently")
    findings.expect(not kept, f"updates that nobody sent: {sorted(kept)}")
    findings.figures |= {
        "updates_confirmed": len(world.confirmed),
        "updates_confirmed_and_lost": lost,
        "updates_fetched_again": sum(update.deliveries > 1 for update in world.updates),
    }


def check_answers(findings: Findings, stored: Stored, teachers: Sequence[Teacher]) -> None:
    """I2: each acknowledged answer is there once, verbatim, under its question and in order."""
    by_source: dict[str, Rows] = defaultdict(list)
    times: Counter[str] = Counter()
    for row in stored.rows(
        "SELECT answer.id, answer.plan_id, answer.step, answer.text, answer.source,"
        " answer.is_current, conversation.address FROM answer"
        " JOIN plan ON plan.id = answer.plan_id"
        " JOIN conversation ON conversation.person_id = plan.person_id"
    ):
        by_source[row["source"]].append(row)
        times[row["text"]] += 1
    for teacher in teachers:
        acknowledged = [given for given in teacher.given if given.is_acknowledged]
        plan_ids: dict[int, set[str]] = defaultdict(set)
        ids = []
        for given in acknowledged:
            found = _stored_for(given, by_source[given.source])
            findings.expect(len(found) == 1, f"{given} is stored {len(found)} times")
            for row in found:
                ids.append(row["id"])
                plan_ids[given.plan].add(row["plan_id"])
                findings.expect(row["step"] == given.step, f"{given} is under {row['step']}")
                findings.expect(row["address"] == str(given.chat_id), f"{given} is another's")
            if teacher.name in (given.text or ""):
                findings.expect(times[given.text or ""] == 1, f"{given} is stored elsewhere too")
        findings.expect(ids == sorted(ids), f"the answers of {teacher.name} changed places")
        for plan, found_ids in plan_ids.items():
            findings.expect(len(found_ids) == 1, f"plan {plan} of {teacher.name} fell apart")
        for given in _that_count(acknowledged):
            is_current = any(
                row["is_current"] for row in _stored_for(given, by_source[given.source])
            )
            findings.expect(is_current, f"{given} no longer counts")
    sent = [given for teacher in teachers for given in teacher.given]
    count = sum(map(len, by_source.values()))
    findings.expect(count <= len(sent), f"{count} answers are stored of {len(sent)} given")
    findings.figures |= {
        "answers_sent": len(sent),
        "answers_acknowledged": sum(given.is_acknowledged for given in sent),
        "answers_stored": count,
        "turns_begun_again": stored.number("SELECT count(*) FROM inbox WHERE attempt > 1"),
    }


def _stored_for(given: Given, rows: Rows) -> Rows:
    """Give the rows of one message: an edited message gave two answers, each with its text."""
    return [row for row in rows if given.text is None or row["text"] == given.text]


def _that_count(acknowledged: Sequence[Given]) -> Iterator[Given]:
    return iter({(given.plan, given.step): given for given in acknowledged}.values())


def check_plans(
    findings: Findings, stored: Stored, teachers: Sequence[Teacher], maildir: Path
) -> None:
    """I3: each plan is handed over once: one reference, one delivery, one e-mail with its words."""
    plans = stored.rows(
        "SELECT plan.id, plan.status, plan.reference, plan.summary, conversation.address FROM plan"
        " JOIN conversation ON conversation.person_id = plan.person_id"
    )
    submitted = {plan["reference"]: plan for plan in plans if plan["status"] == "submitted"}
    asked = [sending for teacher in teachers for sending in teacher.sendings]
    findings.expect(len(plans) == len(asked), f"{len(plans)} plans for {len(asked)} begun")
    told = [sending.reference for sending in asked if sending.reference]
    findings.expect(len(set(told)) == len(told), "a reference was given twice")
    findings.expect(sorted(told) == sorted(submitted), "told references differ from the stored")
    for sending in asked:
        plan = submitted.get(sending.reference)
        is_own = plan is not None and plan["address"] == str(sending.chat_id)
        findings.expect(is_own, f"{sending} is not with its teacher")
    deliveries = stored.rows("SELECT key, plan_id, state FROM outbox WHERE channel = 'email'")
    by_plan = Counter(row["plan_id"] for row in deliveries)
    findings.expect(
        by_plan == Counter(plan["id"] for plan in submitted.values()), "not one hand-over per plan"
    )
    mails = list(_mails(maildir))
    wanted = {f"<hand_over.{plan['id']}@localhost>": plan for plan in submitted.values()}
    findings.expect(
        sorted(mail["Message-ID"] for mail in mails) == sorted(wanted), "not one e-mail per plan"
    )
    words = _words_handed_over(teachers)
    for mail in mails:
        plan = wanted.get(mail["Message-ID"])
        if plan is None:
            continue
        summary = json.dumps(_json(plan["summary"]), ensure_ascii=False)
        body = _plain(mail)
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
                given.text for given in _that_count(of_plan) if teacher.name in (given.text or "")
            ]
    return words


def check_messages(
    findings: Findings, stored: Stored, teachers: Sequence[Teacher], kills: int
) -> None:
    """I4 and I8: everything queued arrived, in order, and at most one message a kill twice."""
    stuck = stored.rows(
        "SELECT state, count(*) AS n FROM outbox WHERE state <> 'sent' GROUP BY state"
    ) + stored.rows("SELECT state, count(*) AS n FROM inbox WHERE state <> 'done' GROUP BY state")
    findings.expect(not stuck, f"did not come to an end: {stuck}")
    queued: dict[str, list[str]] = defaultdict(list)
    for row in stored.rows(
        "SELECT address, payload FROM outbox WHERE channel = 'telegram' ORDER BY id"
    ):
        payload = _json(row["payload"])
        queued[row["address"]] += split_text(payload["text"])
        if payload["document"]:
            queued[row["address"]].append(f"file {payload['document']['name']}")
    twice = 0
    for teacher in teachers:
        wanted, arrived = queued[str(teacher.user.id)], [_said(m) for m in teacher.user.received]
        missing, again = Counter(wanted) - Counter(arrived), Counter(arrived) - Counter(wanted)
        findings.expect(not missing, f"{teacher.name} never got {list(missing)[:3]}")
        findings.expect(again.keys() <= set(wanted), f"{teacher.name} got what nobody queued")
        twice += again.total()
        findings.expect(
            _without_repeats(arrived) == _without_repeats(wanted),
            f"{teacher.name} got messages in another order",
        )
    findings.expect(twice <= kills, f"{twice} messages went out twice in {kills} kills")
    findings.figures |= {
        "messages_out": sum(map(len, queued.values())),
        "messages_out_twice": twice,
        "messages_tried_again": stored.number(
            "SELECT count(*) FROM outbox WHERE channel = 'telegram' AND tries > 1"
        ),
    }


def _without_repeats(said: Sequence[str]) -> list[str]:
    return [words for number, words in enumerate(said) if said[number - 1 : number] != [words]]


def _said(shown: Received) -> str:
    return f"file {shown.document.name}" if shown.document else shown.text


def _mails(maildir: Path) -> Iterator[EmailMessage]:
    box = mailbox.Maildir(maildir, create=False)
    for key in box.iterkeys():
        yield message_from_bytes(box.get_bytes(key), _class=EmailMessage, policy=default)


def _plain(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
