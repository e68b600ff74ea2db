"""Nothing that was confirmed or acknowledged is lost, and nothing is stored twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from tests.botapi import TelegramWorld
from tests.faults.findings import Findings
from tests.faults.stored import Rows, Stored
from tests.faults.teachers import Given, Teacher


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
        for given in that_count(acknowledged):
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


def that_count(acknowledged: Sequence[Given]) -> Iterator[Given]:
    """Give the last answer to each question of each plan."""
    return iter({(given.plan, given.step): given for given in acknowledged}.values())
