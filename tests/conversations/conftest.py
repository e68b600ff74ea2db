"""A person at a terminal, talking to the whole app in this process, with real Rasa."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.bootstrap import make_parts
from bot.chat.terminal import TerminalChat
from bot.config import Settings
from bot.domain.inbox import Channel
from bot.running import running
from tests.harness import ROOT, SharedRasa

NewTalk = Callable[[str], TerminalChat]


@pytest.fixture
async def new_talk(rasa: SharedRasa, tmp_path: Path) -> AsyncIterator[NewTalk]:
    """Begin conversations by name; the same name goes on where it was."""
    settings = Settings(
        _env_file=None,
        home=ROOT,
        data_dir=tmp_path,
        rasa_url=rasa.url,
        rasa_token=rasa.token,
        port=rasa.app_port,
    )
    parts = make_parts(settings, (Channel.TERMINAL,), rasa.app_port)
    async with running(parts):
        await parts.watch.ready.wait()
        yield lambda name: TerminalChat(
            parts.database,
            parts.intake,
            parts.said,
            parts.documents.make,
            parts.services.book.fill,
            tmp_path,
            name,
        )
