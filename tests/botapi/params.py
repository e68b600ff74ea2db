"""The parameters of a call, read from form, multipart, JSON or query as Telegram allows."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from tests.botapi.chats import Document
from tests.botapi.errors import bad_request

JSON_PARAMETERS = {
    "allowed_updates",
    "caption_entities",
    "commands",
    "entities",
    "link_preview_options",
    "reply_markup",
    "reply_parameters",
    "scope",
}


@dataclass
class Params:
    """The values of a call as text, and its files."""

    values: dict[str, str] = field(default_factory=dict)
    files: dict[str, Document] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Give a value, empty when absent: Telegram sees no difference."""
        return self.values.get(name, "")

    def flag(self, name: str) -> bool:
        """Tell whether a value says yes."""
        return self.text(name).strip().lower() in ("true", "yes", "1")

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        """Give a number between bounds; what is no number counts as 0, as Telegram does it."""
        text = self.text(name).strip()
        if not text:
            return max(low, min(default, high))
        number = int(text) if text.lstrip("-").isdecimal() else 0
        return max(low, min(number, high))

    def decoded(self, name: str, complaint: str = "") -> Any:
        """Give a value that is written as JSON, None when absent, or refuse it."""
        text = self.text(name)
        if not text:
            return None
        try:
            return json.loads(text)
        except ValueError as error:
            raise bad_request(complaint or f"can't parse {name} JSON object") from error

    def file(self, name: str) -> Document | None:
        """Give the file under a name, also when it is named by attach://."""
        reference = self.text(name)
        return self.files.get(reference.removeprefix("attach://") if reference else name)

    def to_log(self) -> dict[str, Any]:
        """Give the values as a test wants to read them: JSON decoded, files by name."""
        shown: dict[str, Any] = dict(self.values)
        for name in JSON_PARAMETERS & shown.keys():
            try:
                shown[name] = json.loads(shown[name])
            except ValueError:
                continue
        return shown | {name: upload.name for name, upload in self.files.items()}


async def read_params(request: Request) -> Params:
    """Read what came with a call; the last value of a name counts."""
    params = Params(dict(request.query_params))
    if request.headers.get("content-type", "").startswith("application/json"):
        body = await request.json()
        for name, value in body.items():
            params.values[name] = value if isinstance(value, str) else json.dumps(value)
        return params
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                mime_type = value.content_type or "application/octet-stream"
                params.files[name] = Document(value.filename or "", await value.read(), mime_type)
            else:
                params.values[name] = value
    return params
