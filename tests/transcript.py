"""A teacher's conversation in Telegram, kept so that people can read it in the manual."""

from __future__ import annotations

import re
import time

from tests.botapi import User
from tests.botapi.chats import Received
from tests.manual import PICTURES, TAKES_PICTURES

TEACHER, BOT = "De docent", "De wegwijzer"
_HEAD = """# Eén plan, drie mensen

Zo gaat een plan van idee tot besluit. Je ziet het gesprek van de docent in Telegram. Wat de
schoolleiding en de programmamanager intussen doen, staat *schuin*. De mensen zijn verzonnen.
Uitleg en voorbeelden bij de vragen zijn soms weggelaten (…). Een test heeft dit gesprek echt
gevoerd en opgeschreven; verander het dus niet met de hand.
"""
_LINK = re.compile(r"https?://\S+/l/[A-Za-z0-9_-]{54}|(https://t\.me/)\S+")
#: Said with every question; once is enough.
_EXPLAINS = ("Waarom ik dit vraag:", "Bijvoorbeeld:")


class Talk:
    """The teacher's side; knows how long an answer took at most, in seconds."""

    def __init__(self, user: User, within: float) -> None:
        """Wait for each answer at most `within` seconds."""
        self.user = user
        self.slowest = 0.0
        self._within = within
        self._parts = [_HEAD]
        self._kept = 0

    async def say(self, text: str, heard: str) -> str:
        self._told(TEACHER, text)
        self.user.send_text(text)
        return await self.hear(heard)

    async def press(self, label: str, heard: str) -> str:
        self._told(TEACHER, f"[{label}]")
        self.user.press(label)
        return await self.hear(heard)

    async def hear(self, text: str) -> str:
        """Wait for a new message with this text, or on a button or file; give all of it."""
        begun = time.monotonic()
        kept = self._kept
        await self.user.wait_for(
            lambda all_: any(text in _whole(one) for one in all_[kept:]), self._within
        )
        self.slowest = max(self.slowest, time.monotonic() - begun)
        new = self.user.received[kept:]
        self._kept += len(new)
        for one in new:
            self._told(BOT, _read(one))
        return next(_whole(one) for one in reversed(new) if text in _whole(one))

    def meanwhile(self, text: str, **shown: str) -> None:
        """Tell what somebody else did; `shown` gives the picture of each thing that was seen."""
        links = " · ".join(f"[{what}]({name}.png)" for what, name in shown.items())
        self._parts.append(f"*{text}* ({links})\n")

    def keep(self) -> None:
        """Write it into the manual, when asked to."""
        if TAKES_PICTURES:
            PICTURES.mkdir(parents=True, exist_ok=True)
            (PICTURES / "gesprek.md").write_text("\n".join(self._parts))

    def _told(self, who: str, text: str) -> None:
        self._parts.append(f"**{who}**\n\n{_quoted(text)}\n")


def _whole(message: Received) -> str:
    files = [message.document.name] if message.document else []
    return "\n".join((message.text, *message.labels, *files))


def _read(message: Received) -> str:
    file = f"[bestand: {message.document.name}]" if message.document else ""
    text = "\n\n".join(part for part in (message.text, file) if part)
    buttons = " ".join(f"[{label}]" for label in message.labels)
    return "\n\n".join(part for part in (_shortened(text), buttons) if part)


def _shortened(text: str) -> str:
    """Leave out what explains a question, but with the first of the six."""
    if "Vraag 1 van 6" in text:
        return text
    paragraphs: list[str] = []
    for paragraph in text.split("\n\n"):
        said = "…" if paragraph.startswith(_EXPLAINS) else paragraph
        if said != "…" or paragraphs[-1:] != ["…"]:
            paragraphs.append(said)
    return "\n\n".join(paragraphs)


def _quoted(text: str) -> str:
    """Give text as a quotation in Markdown that keeps its lines; links are cut short."""
    short = _LINK.sub(lambda match: f"{match[1] or 'https://…/l/'}…", text)
    plain = re.sub(r"^(\d+)\. ", r"\1\\. ", short, flags=re.MULTILINE)
    ended = re.sub(r"(?<=[^\n])\n(?=[^\n])", "\\\\\n", plain)
    return "\n".join(f"> {line}".rstrip() for line in ended.split("\n"))
