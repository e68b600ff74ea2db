"""The JSON of messages and of what people send, with the fields that Telegram always gives."""

from __future__ import annotations

import itertools
import re
from typing import Any

JSON = dict[str, Any]
COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]+)?(?!\S)")
ADMIN_RIGHTS = dict.fromkeys(
    (
        "can_be_edited",
        "is_anonymous",
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_messages",
        "can_edit_messages",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
    ),
    False,
)
STATUS_FIELDS: dict[str, JSON] = {"kicked": {"until_date": 0}, "administrator": ADMIN_RIGHTS}
_file_numbers = itertools.count(1)


def file_fields(size: int = 1000) -> JSON:
    """Give the fields of a file that Telegram keeps."""
    number = next(_file_numbers)
    return {
        "file_id": f"BQACAgQAAxkBAAI{number:06d}",
        "file_unique_id": f"AgAD{number:06d}",
        "file_size": size,
    }


def text_content(text: str) -> JSON:
    """Give a text, with its commands marked."""
    entities = [
        {
            "type": "bot_command",
            "offset": len(text[: found.start()].encode("utf-16-le", "surrogatepass")) // 2,
            "length": len(found.group()),
        }
        for found in COMMAND.finditer(text)
    ]
    return {"text": text, "entities": entities} if entities else {"text": text}


def sticker_content(emoji: str = "👍") -> JSON:
    """Give a sticker."""
    shape = {"type": "regular", "width": 512, "height": 512, "emoji": emoji}
    return {"sticker": shape | {"is_animated": False, "is_video": False} | file_fields()}


def voice_content(seconds: int = 3) -> JSON:
    """Give a voice message."""
    return {"voice": {"duration": seconds, "mime_type": "audio/ogg"} | file_fields()}


def photo_content(caption: str = "") -> JSON:
    """Give a photo in two sizes."""
    sizes = [{"width": side, "height": side} | file_fields() for side in (90, 1280)]
    return {"photo": sizes} | ({"caption": caption} if caption else {})


def contact_content(phone_number: str = "+31600000000", first_name: str = "Collega") -> JSON:
    """Give a contact."""
    return {"contact": {"phone_number": phone_number, "first_name": first_name}}


def location_content(latitude: float = 52.09, longitude: float = 5.12) -> JSON:
    """Give a place on the map."""
    return {"location": {"latitude": latitude, "longitude": longitude}}


def document_content(name: str, size: int, mime_type: str, caption: str = "") -> JSON:
    """Give a file."""
    document = {"file_name": name, "mime_type": mime_type} | file_fields(size)
    return {"document": document} | ({"caption": caption} if caption else {})


def poll_content(question: str = "Wat vind je?", options: tuple[str, ...] = ("Ja", "Nee")) -> JSON:
    """Give a poll without votes."""
    return {
        "poll": {
            "id": str(5_400_000_000_000_000_000 + next(_file_numbers)),
            "question": question,
            "options": [
                {"persistent_id": str(place), "text": text, "voter_count": 0}
                for place, text in enumerate(options)
            ],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": True,
            "members_only": False,
        }
    }


def dice_content(emoji: str = "🎲", value: int = 4) -> JSON:
    """Give a thrown die."""
    return {"dice": {"emoji": emoji, "value": value}}


def membership_content(bot: JSON, old: str, new: str) -> JSON:
    """Give how the bot's place in a chat changed."""

    def member(status: str) -> JSON:
        extra = STATUS_FIELDS.get(status, {})
        return {"user": bot, "status": status} | extra

    return {"old_chat_member": member(old), "new_chat_member": member(new)}
