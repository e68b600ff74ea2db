"""A network for the library of Telegram that keeps what would be sent."""

from __future__ import annotations

import json
from typing import Any

from telegram.request import BaseRequest, RequestData


class Recorded(BaseRequest):
    """Takes what the library would send, in place of the network."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        """Open nothing."""

    async def shutdown(self) -> None:
        """Close nothing."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, **_timeouts: Any
    ) -> tuple[int, bytes]:
        assert request_data
        self.sent.append(dict(request_data.parameters))
        chat = {"id": 1, "type": "private"}
        return 200, json.dumps(
            {"ok": True, "result": {"message_id": 1, "date": 1, "chat": chat}}
        ).encode()
