"""The methods by which a bot speaks and tells about itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.botapi.chats import Access, Chat, Document
from tests.botapi.errors import ApiError, bad_request
from tests.botapi.limits import checked_caption, checked_markup, checked_text, utf16_units
from tests.botapi.params import Params
from tests.botapi.payloads import document_content
from tests.botapi.world import TelegramWorld

JSON = dict[str, Any]
Method = Callable[[TelegramWorld, Params], Any]
MAX_UPLOAD = 50 * 2**20
MAX_ALERT = 200
COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
CHAT_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def get_me(world: TelegramWorld, params: Params) -> JSON:
    """Answer getMe."""
    abilities = {"can_join_groups": True, "can_read_all_group_messages": False}
    return world.bot_json() | abilities | {"supports_inline_queries": False}


def send_message(world: TelegramWorld, params: Params) -> JSON:
    """Answer sendMessage."""
    text = checked_text(params.text("text"), params.text("parse_mode"))
    return _show(world, params, {"text": text})


def send_document(world: TelegramWorld, params: Params) -> JSON:
    """Answer sendDocument; only uploaded files are known here, no file ids or URLs."""
    upload = params.file("document")
    if upload is None and params.text("document"):
        raise bad_request("wrong file identifier/HTTP URL specified")
    if upload is None:
        raise bad_request("there is no document in the request")
    caption = checked_caption(params.text("caption"), params.text("parse_mode"))
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > MAX_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")
    content = document_content(upload.name, len(upload.content), upload.mime_type, caption)
    return _show(world, params, content, upload)


def send_chat_action(world: TelegramWorld, params: Params) -> bool:
    """Answer sendChatAction."""
    if params.text("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = _open_chat(world, params)
    chat.actions.append(params.text("action"))
    chat.changes.tell()
    return True


def answer_callback_query(world: TelegramWorld, params: Params) -> bool:
    """Answer answerCallbackQuery; a press can be answered once, while it is young."""
    press = world.callbacks.get(params.text("callback_query_id"))
    if press is None or press.answer is not None or press.is_expired:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if utf16_units(params.text("text")) > MAX_ALERT:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answer = params.text("text")
    world.chats[press.user_id].changes.tell()
    return True


def edit_message_reply_markup(world: TelegramWorld, params: Params) -> JSON:
    """Answer editMessageReplyMarkup; without a keyboard the buttons go."""
    message_id = params.integer("message_id", 0, 0, 2**31 - 1)
    if not message_id:
        raise bad_request("message identifier is not specified")
    markup = _markup(params)
    return _open_chat(world, params).change_markup(message_id, markup)


def leave_chat(world: TelegramWorld, params: Params) -> bool:
    """Answer leaveChat; the bot gets a my_chat_member update about itself."""
    chat = world.chat_for_bot(params.text("chat_id"))
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.refuse_if_closed()
    chat.access = Access.LEFT
    world.change_membership(chat, world.bot_json(), "member", "left")
    chat.changes.tell()
    return True


def set_my_commands(world: TelegramWorld, params: Params) -> bool:
    """Answer setMyCommands; scopes are accepted and not told apart."""
    commands = params.decoded("commands")
    if not isinstance(commands, list) or not all(isinstance(known, dict) for known in commands):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND_NAME.fullmatch(str(command.get("command", "")).removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", "")).strip()) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.profile.commands[params.text("language_code")] = commands
    return True


def set_my_description(world: TelegramWorld, params: Params) -> bool:
    """Answer setMyDescription."""
    return _describe(world.profile.description, params, "description", 512)


def set_my_short_description(world: TelegramWorld, params: Params) -> bool:
    """Answer setMyShortDescription."""
    return _describe(world.profile.short_description, params, "short_description", 120)


def _describe(texts: dict[str, str], params: Params, name: str, limit: int) -> bool:
    text = params.text(name)
    if utf16_units(text) > limit:
        raise bad_request("BOT_DESCRIPTION_TOO_LONG")
    texts[params.text("language_code")] = text
    return True


def _markup(params: Params) -> JSON | None:
    complaint = "can't parse reply keyboard markup JSON object"
    return checked_markup(params.decoded("reply_markup", complaint))


def _open_chat(world: TelegramWorld, params: Params) -> Chat:
    chat = world.chat_for_bot(params.text("chat_id"))
    chat.refuse_if_closed()
    return chat


def _show(
    world: TelegramWorld, params: Params, content: JSON, upload: Document | None = None
) -> JSON:
    markup = _markup(params)
    chat = _open_chat(world, params)
    raw = {
        "message_id": world.next_message_id(),
        "from": world.bot_json(),
        "chat": chat.to_json(),
        "date": world.now(),
    }
    raw |= _quoted(chat, params) | content | ({"reply_markup": markup} if markup else {})
    chat.show(raw, world.clock(), upload)
    return raw


def _quoted(chat: Chat, params: Params) -> JSON:
    reply = params.decoded("reply_parameters") or {}
    if not reply:
        return {}
    message = chat.messages.get(reply.get("message_id", 0))
    if message is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return {"reply_to_message": message} if message else {}


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "sendMessage": send_message,
    "sendDocument": send_document,
    "sendChatAction": send_chat_action,
    "answerCallbackQuery": answer_callback_query,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "leaveChat": leave_chat,
    "setMyCommands": set_my_commands,
    "setMyDescription": set_my_description,
    "setMyShortDescription": set_my_short_description,
}
