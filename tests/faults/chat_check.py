"""What must hold of messages in and out after connections broke, in the app of the test itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from bot.delivery.text_parts import split_text
from bot.storage.tables import inbox, outbox
from tests.botapi import User
from tests.integration.running_chat import Chat, stored


async def wrong_messages(chat: Chat, users: Sequence[User], *, cuts: int) -> list[str]:
    """Say what is wrong, in sentences; each of `cuts` may have brought one message twice."""
    found = await _wrong_inbox(chat)
    queued: dict[str, list[str]] = defaultdict(list)
    for row in await stored(chat.database, outbox):
        if row.channel == "telegram":
            queued[row.address] += split_text(row.payload["text"])
            if row.state != "sent":
                found.append(f"{row.key} is {row.state}")
    twice = 0
    for user in users:
        wanted = queued[str(user.id)]
        arrived = [shown.text for shown in user.received]
        if missing := Counter(wanted) - Counter(arrived):
            found.append(f"{list(missing)} never arrived")
        if _without_repeats(arrived) != _without_repeats(wanted):
            found.append(f"another order: {arrived}")
        twice += len(arrived) - len(wanted)
    return found if twice <= cuts else [*found, f"{twice} messages twice in {cuts} cuts"]


async def _wrong_inbox(chat: Chat) -> list[str]:
    kept: dict[int, list[str]] = defaultdict(list)
    for row in await stored(chat.database, inbox):
        kept[int(row.key.split(":")[1])].append(row.text)
    found = []
    for update in chat.world.updates:
        texts = kept.pop(update.update_id, [])
        said = update.content.get("text")
        if update.confirmed and said and texts != [said]:
            found.append(f"{said!r} is stored as {texts}")
        if not update.confirmed:
            found.append(f"{update.update_id} was never confirmed")
    return found


def _without_repeats(said: Sequence[str]) -> list[str]:
    return [words for number, words in enumerate(said) if said[number - 1 : number] != [words]]
