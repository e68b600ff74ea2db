"""Delivers replies through Telegram: plain text, buttons under opaque keys, files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.delivery.documents import DocumentMaker
from bot.delivery.outcomes import (
    TOKEN_REFUSED,
    ChannelClosed,
    GiveUp,
    Outcome,
    Retry,
    Sent,
)
from bot.delivery.pace import Pace, QuietError
from bot.delivery.pdf import PdfFailedError
from bot.delivery.text_parts import split_text
from bot.domain.turn import DocumentKind
from bot.services.persistence import until_stored
from bot.storage.database import Database
from bot.storage.outbox import OutboxRow
from bot.texts.conversation import PDF_FAILED

log = structlog.get_logger()

#: Records how many parts of a row have left, so that a crash repeats at most the part in flight.
PartSent = Callable[[int, int], Awaitable[None]]
#: Gives a stored text as it is shown.
Fill = Callable[[str], str]


def noting_parts(database: Database) -> PartSent:
    """Give what records the parts in `database`, however long that is away."""

    async def part_sent(row_id: int, parts: int) -> None:
        async def store() -> None:
            async with database.write(first=True) as uow:
                await uow.outbox.part_sent(row_id, parts)

        await until_stored(store, "part_not_recorded")

    return part_sent


class TelegramSender:
    """Sends outbox rows to Telegram."""

    def __init__(
        self, bot: Bot, documents: DocumentMaker, pace: Pace, part_sent: PartSent, fill: Fill
    ) -> None:
        """Send with `bot`, at `pace`; `fill` writes the addresses of links into what is stored."""
        self._bot = bot
        self._documents = documents
        self._pace = pace
        self._part_sent = part_sent
        self._fill = fill

    async def send(self, row: OutboxRow) -> Outcome:
        """Send what is left of a row; user text is never read as markup."""
        try:
            await self._send_parts(row)
        except RetryAfter as error:
            after = error.retry_after
            seconds = float(after) if isinstance(after, int | float) else after.total_seconds()
            self._pace.pause(seconds)
            return Retry("too_many_requests", seconds)
        except QuietError as error:
            return Retry("too_many_requests", error.seconds)
        except Forbidden:
            return ChannelClosed("blocked")
        except BadRequest as error:
            if "chat not found" in str(error).lower():
                return ChannelClosed("chat_not_found")
            return GiveUp("bad_request")
        except InvalidToken:
            return Retry(TOKEN_REFUSED, 60.0)
        except NetworkError as error:
            return Retry(type(error).__name__)
        return Sent()

    async def _send_parts(self, row: OutboxRow) -> None:
        chat_id = int(row.address)
        # First the addresses: a part may not break off in one.
        parts = split_text(self._fill(row.payload["text"]))
        keyboard = _keyboard(row.payload["choices"])
        for number in range(row.parts_sent, len(parts)):
            await self._pace.wait()
            await self._bot.send_message(
                chat_id,
                parts[number],
                reply_markup=keyboard if number == len(parts) - 1 else None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
            await self._part_sent(row.id, number + 1)
        document = row.payload.get("document")
        if document and row.parts_sent <= len(parts):
            await self._send_document(chat_id, document)

    async def _send_document(self, chat_id: int, document: dict[str, Any]) -> None:
        kind = DocumentKind(document["kind"])
        try:
            content = await self._documents.make(kind, document["subject"])
        except PdfFailedError:
            # Its words have left; the rest of the chat may not wait for a file that cannot be made.
            log.exception("document_not_made", kind=kind.value)
            await self._pace.wait()
            await self._bot.send_message(chat_id, PDF_FAILED)
            return
        if content is None:
            return
        await self._pace.wait()
        await self._bot.send_document(chat_id, content, filename=document["name"])


def _keyboard(choices: list[dict[str, str]]) -> InlineKeyboardMarkup | None:
    """Lay buttons out for a phone: long labels on a line of their own, short ones two by two."""
    lines: list[list[InlineKeyboardButton]] = []
    for choice in choices:
        button = InlineKeyboardButton(choice["label"], callback_data=choice["key"])
        is_short = len(choice["label"]) <= 16
        last = lines[-1] if lines else []
        if is_short and len(last) == 1 and len(last[0].text) <= 16:
            last.append(button)
        else:
            lines.append([button])
    return InlineKeyboardMarkup(lines) if lines else None
