"""Everything that was to leave has left, in order, and hardly anything twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import zip_longest

from bot.delivery.text_parts import split_text
from bot.texts.conversation import NOT_YET
from tests.botapi import Received
from tests.faults.findings import Findings, from_json
from tests.faults.stored import Stored
from tests.faults.teachers import Teacher


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
        payload = from_json(row["payload"])
        queued[row["address"]] += split_text(payload["text"])
        if payload["document"]:
            queued[row["address"]].append(f"file {payload['document']['name']}")
    twice = 0
    for teacher in teachers:
        # Said past the outbox, while nothing can be queued.
        heard = [message for message in teacher.user.received if message.text != NOT_YET]
        wanted, arrived = queued[str(teacher.user.id)], [_said(message) for message in heard]
        missing, again = Counter(wanted) - Counter(arrived), Counter(arrived) - Counter(wanted)
        findings.expect(not missing, f"{teacher.name} never got {list(missing)[:3]}")
        findings.expect(again.keys() <= set(wanted), f"{teacher.name} got what nobody queued")
        twice += again.total()
        swapped = _first_difference(_without_repeats(wanted), _without_repeats(arrived))
        findings.expect(not swapped, f"{teacher.name} got messages in another order: {swapped}")
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


def _first_difference(wanted: Sequence[str], arrived: Sequence[str]) -> list[tuple[str, str]]:
    """Give the first messages that differ, each with the one that came in its place."""
    pairs = zip_longest(wanted, arrived, fillvalue="")
    return [(one, other) for one, other in pairs if one != other][:3]


def _said(shown: Received) -> str:
    return f"file {shown.document.name}" if shown.document else shown.text
