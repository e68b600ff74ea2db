"""A programme manager who decides about every plan that comes by mail, whatever the app does."""

from __future__ import annotations

import asyncio
import mailbox
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import httpx

from tests.desk_pages import Browser

_LINK = re.compile(r"(http://127\.0\.0\.1:\d+)(/l/[\w-]+)")
_PAUSE = 0.05


@dataclass
class Decision:
    """What the manager decided; acknowledged once the page has shown it."""

    text: str
    is_acknowledged: bool = False


@dataclass
class Manager:
    """Opens the link of each hand-over and decides; tries again for as long as the app is away."""

    maildir: Path
    patience: float
    decisions: list[Decision] = field(default_factory=list)

    async def decide_about_all(self, is_over: Callable[[], bool]) -> None:
        """Decide about each plan once, until it is over and every mail was seen."""
        seen: set[str] = set()
        while True:
            was_over = is_over()
            links = _links(self.maildir, seen)
            for host, path in links:
                await self._decide(host, path)
            if was_over and not links:
                return
            # Mails are files that another process writes; nothing tells when.
            await asyncio.sleep(_PAUSE)

    async def _decide(self, host: str, path: str) -> None:
        decision = Decision(f"Besluit {secrets.token_hex(6)}")
        self.decisions.append(decision)
        deadline = time.monotonic() + self.patience
        while not decision.is_acknowledged:
            assert time.monotonic() < deadline, "the manager could not decide"
            try:
                await self._try(host, path, decision)
            except httpx.TransportError:
                # The app is down just now: a person reloads the page.
                await asyncio.sleep(_PAUSE)

    async def _try(self, host: str, path: str, decision: Decision) -> None:
        headers = {"Origin": host}
        async with httpx.AsyncClient(base_url=host, headers=headers, trust_env=False) as client:
            opened = await client.get(path, follow_redirects=True)
            if opened.status_code == 200:
                browser = Browser(client, opened.url.path, opened.text)
                if browser.has_form("decide"):
                    await browser.send("decide", decision="not_now", text=decision.text)
                decision.is_acknowledged = decision.text in browser.said


def _links(maildir: Path, seen: set[str]) -> list[tuple[str, str]]:
    """Give the links of hand-overs that were not seen before."""
    # The last part of the mailbox that is made: until then it cannot be read.
    if not (maildir / "cur").is_dir():
        return []
    box = mailbox.Maildir(maildir, create=False)
    found = []
    for key in box.iterkeys():
        if key in seen:
            continue
        seen.add(key)
        mail = message_from_bytes(box.get_bytes(key), policy=default)
        body = mail.get_body(("plain",))
        link = _LINK.search(body.get_content()) if body else None
        if link and mail["Message-ID"].startswith("<hand_over."):
            found.append((link[1], link[2]))
    return found
