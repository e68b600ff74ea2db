"""Makes links that let somebody in, and knows its own again.

A link's word is its id with a keyed hash of it (HMAC-SHA-256 under a 256-bit secret of this
installation). So a guessed or altered word is refused without a look into the database, a copy of
the database opens nothing, and a mail that is sent again carries the same link.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.access import LIFETIMES, VISIT, Link, Purpose
from bot.services.ports import UnitOfWork
from bot.texts.links import HIDDEN_WORD
from bot.texts.privacy import PAGE

_ID_LENGTH = 11
_WORD_LENGTH = 54
_WORD = re.compile(rf"[A-Za-z0-9_-]{{{_WORD_LENGTH}}}")
_LONG_RUN = re.compile(rf"[A-Za-z0-9_-]{{{_WORD_LENGTH},}}")
_TICKET = re.compile(r"(?P<until>\d{10,12})\.(?P<proof>[A-Za-z0-9_-]{43})")
_MARK = re.compile(r"⟦(?P<kind>link|telegram):(?P<id>[A-Za-z0-9_-]{11})⟧")
#: A line that would carry a Telegram link is left out while there is no bot.
_TELEGRAM_LINE = re.compile(r"^.*⟦telegram:[^⟧]*⟧.*\n?", re.MULTILINE)
#: A link that lasts at least this much longer is given again instead of a new one.
_FRESH = timedelta(days=7)
#: What begins the word behind `t.me/<bot>?start=`.
START_WORD = "l"


@dataclass
class Addresses:
    """Where people reach us; `bot_name` is known once Telegram has told it."""

    public_url: str
    bot_name: str | None = None


class LinkSigner:
    """Signs what is given out: the words of links, and the tickets of browsers that came in."""

    def __init__(self, secret: str) -> None:
        """Sign under `secret`; another secret refuses everything that was given out before."""
        self._key = hashlib.sha256(secret.encode()).digest()

    def word(self, link_id: str) -> str:
        """Give the secret word of a link: its id and the proof of it, 54 safe characters."""
        return link_id + self._proof(f"link:{link_id}")

    def link_id(self, word: str) -> str | None:
        """Give the id in a word that is ours; None for any other text, in the same time."""
        if not _WORD.fullmatch(word):
            return None
        link_id, proof = word[:_ID_LENGTH], word[_ID_LENGTH:]
        is_ours = hmac.compare_digest(proof, self._proof(f"link:{link_id}"))
        return link_id if is_ours else None

    def without_words(self, text: str) -> str:
        """Give a text with a mark in the place of each word of ours, whatever stands around it."""
        return _LONG_RUN.sub(lambda run: self._without_words(run[0]), text)

    def _without_words(self, run: str) -> str:
        at = 0
        while len(run) - at >= _WORD_LENGTH:
            if self.link_id(run[at : at + _WORD_LENGTH]):
                run = run[:at] + HIDDEN_WORD + run[at + _WORD_LENGTH :]
                at += len(HIDDEN_WORD)
            else:
                at += 1
        return run

    def ticket(self, link_id: str, now: datetime) -> str:
        """Give what a browser keeps after opening a link; it holds for `VISIT`."""
        until = int((now + VISIT).timestamp())
        return f"{until}.{self._proof(f'ticket:{link_id}:{until}')}"

    def admits(self, ticket: str, link_id: str, now: datetime) -> bool:
        """Say whether a browser's ticket is ours, for this link, and not too old."""
        match = _TICKET.fullmatch(ticket)
        if not match:
            return False
        until = int(match["until"])
        is_ours = hmac.compare_digest(match["proof"], self._proof(f"ticket:{link_id}:{until}"))
        return is_ours and now < datetime.fromtimestamp(until, UTC)

    def form_proof(self, link_id: str) -> str:
        """Give what the forms behind a link carry, so that no other site can send them.

        Only who was let in by the link reads it. It does not change with the ticket: a page that
        stays open in another tab keeps working when the link is opened again.
        """
        return self._proof(f"form:{link_id}")

    def address_mark(self, email: str) -> str:
        """Give what tells an e-mail address from others, and does not say which it is."""
        return self._proof(f"address:{email.strip().casefold()}")

    def _proof(self, text: str) -> str:
        made = hmac.new(self._key, text.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(made).decode().rstrip("=")


class LinkBook:
    """Gives out links and writes their addresses into texts that are about to be shown."""

    def __init__(self, signer: LinkSigner, addresses: Addresses) -> None:
        """Sign with `signer`; people come in at `addresses`."""
        self.signer = signer
        self.addresses = addresses

    async def give(
        self,
        uow: UnitOfWork,
        now: datetime,
        purpose: Purpose,
        *,
        plan_id: str | None = None,
        contact_id: str | None = None,
        email: str | None = None,
    ) -> Link:
        """Give a link for exactly this; one that was given before and lasts is given again."""
        if purpose is not Purpose.COUPLE:
            for link in await uow.links.find(purpose, plan_id, contact_id, email):
                if link.is_valid(now) and link.expires_at - now > _FRESH:
                    return link
        link = Link(
            id=secrets.token_urlsafe(8),
            purpose=purpose,
            created_at=now,
            expires_at=now + LIFETIMES[purpose],
            plan_id=plan_id,
            contact_id=contact_id,
            email=email,
        )
        await uow.links.add(link)
        return link

    async def read(self, uow: UnitOfWork, word: str) -> Link | None:
        """Give the link that a word names, whatever its state; None for a word that is not ours."""
        link_id = self.signer.link_id(word)
        return await uow.links.get(link_id) if link_id else None

    def url(self, link_id: str) -> str:
        """Give the address of a link."""
        return f"{self.addresses.public_url}/l/{self.signer.word(link_id)}"

    @property
    def privacy_url(self) -> str:
        """Give the address of the page about privacy."""
        return f"{self.addresses.public_url}{PAGE}"

    def telegram_url(self, link_id: str) -> str | None:
        """Give the address that opens our Telegram chat with this link, None without a bot."""
        if not self.addresses.bot_name:
            return None
        word = START_WORD + self.signer.word(link_id)
        return f"https://t.me/{self.addresses.bot_name}?start={word}"

    def fill(self, text: str) -> str:
        """Write the addresses of links into a stored text; without a bot its lines fall away."""
        if "⟦" not in text:
            return text
        if not self.addresses.bot_name:
            text = _TELEGRAM_LINE.sub("", text)
        return _MARK.sub(self._address, text)

    def _address(self, match: re.Match[str]) -> str:
        if match["kind"] == "telegram":
            return self.telegram_url(match["id"]) or ""
        return self.url(match["id"])
