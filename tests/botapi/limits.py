"""What Telegram accepts as text and buttons, and what it makes of them."""

from __future__ import annotations

from typing import Any

from tests.botapi.errors import bad_request

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_TEXT_BYTES = 1 << 15
MAX_CALLBACK_DATA_BYTES = 64
MAX_INLINE_BUTTONS = 100
BUTTON_ACTIONS = ("url", "callback_data", "web_app", "login_url", "copy_text")
PARSE_MODES = {"markdown", "markdownv2", "html"}
INVISIBLE = " \n\u00a0\u1680\u180e\u202f\u205f\u2800\u3000\ufffc\ufeff" + "".join(
    chr(code) for code in range(0x2000, 0x2010)
)
# As TDLib's clean_input_string: control characters become spaces, a few code points vanish.
CLEANED = (
    {code: " " for code in range(32) if code not in (10, 13)}
    | {13: None}
    | dict.fromkeys(range(0x2028, 0x202F))
    | dict.fromkeys((0x333, 0x33F, 0x30A))
)


def utf16_units(text: str) -> int:
    """Count a text as Telegram does: an emoji is two units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def checked_text(text: str, parse_mode: str) -> str:
    """Give the text as the reader will see it, or refuse it."""
    if not text:
        raise bad_request("message text is empty")
    cleaned = _cleaned(text, parse_mode)
    if not cleaned.strip(INVISIBLE):
        raise bad_request("text must be non-empty")
    if utf16_units(cleaned) > MAX_TEXT:
        raise bad_request("message is too long")
    return cleaned


def checked_caption(text: str, parse_mode: str) -> str:
    """Give the caption as the reader will see it (it may be empty), or refuse it."""
    cleaned = _cleaned(text, parse_mode)
    if utf16_units(cleaned) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return cleaned


def checked_markup(markup: Any) -> dict[str, Any] | None:
    """Give the inline keyboard, None for any other or no markup, or refuse it."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if not rows:
        return None
    if not all(isinstance(row, list) for row in rows):
        raise bad_request(
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        )
    buttons = [button for row in rows for button in row]
    for button in buttons:
        _check_button(button)
    if len(buttons) > MAX_INLINE_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": [row for row in rows if row]}


def _check_button(button: Any) -> None:
    prefix = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(f"{prefix}InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request(f'{prefix}Field "text" must be of type String')
    if not any(button.get(action) for action in BUTTON_ACTIONS):
        raise bad_request(f"{prefix}Text buttons are unallowed in the inline keyboard")
    if not button["text"].strip(INVISIBLE):
        raise bad_request("inline keyboard button text must be non-empty")
    data = button.get("callback_data", "")
    if not isinstance(data, str):
        raise bad_request(f'{prefix}Field "callback_data" must be of type String')
    if len(data.encode()) > MAX_CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")


def _cleaned(text: str, parse_mode: str) -> str:
    if len(text.encode("utf-8", "replace")) > MAX_TEXT_BYTES:
        raise bad_request("text is too long")
    mode = parse_mode.lower()
    if mode in PARSE_MODES:
        raise bad_request("can't parse entities: this test server reads plain text only")
    if mode not in ("", "none"):
        raise bad_request("unsupported parse_mode")
    return text.translate(CLEANED).strip(" \n")
