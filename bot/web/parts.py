"""What the pages are given to work with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.domain.inbox import Incoming, Kind
from bot.domain.turn import DocumentKind
from bot.services.bell import Broadcast
from bot.services.clock import Clock
from bot.services.use_cases import UseCases
from bot.services.welcome import Operator
from bot.storage.database import Database
from bot.web.limits import BEGINNINGS_PER_MINUTE, Limiter


class Heading(Protocol):
    """One mail as a list shows it; `key` opens it."""

    @property
    def key(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def to(self) -> str: ...
    @property
    def date(self) -> datetime | None: ...


class Attachment(Protocol):
    """A file that came with a mail."""

    @property
    def name(self) -> str: ...
    @property
    def content_type(self) -> str: ...
    @property
    def content(self) -> bytes: ...


class Mail(Protocol):
    """A whole mail."""

    @property
    def heading(self) -> Heading: ...
    @property
    def text(self) -> str: ...
    @property
    def html(self) -> str | None: ...
    @property
    def attachments(self) -> Sequence[Attachment]: ...


class Postvak(Protocol):
    """The local mailbox; each call reads the disk."""

    def list_mails(self) -> Sequence[Heading]:
        """Give all mails, the newest first."""
        ...

    def read_mail(self, key: str) -> Mail | None:
        """Give the mail with this key, None if there is none."""
        ...

    def attachment(self, key: str, name: str) -> Attachment | None:
        """Give one attachment by its name, None if mail or file is not there."""
        ...


@dataclass(frozen=True)
class WebParts:
    """Everything that the chat and the mailbox need from the rest of the program."""

    store: Database
    #: Stores and commits a message; gives its id, None when it was stored before. Raises
    #: TooFastError when it is not stored, because too much of this conversation waits.
    receive: Callable[[Incoming], Awaitable[int | None]]
    #: Tells a command from plain text.
    read_text: Callable[[str], tuple[Kind, str]]
    #: Rings when something was said in any conversation.
    said: Broadcast
    #: Makes a file about a plan or person; None when it is gone.
    make_document: Callable[[DocumentKind, str], Awaitable[bytes | None]]
    #: Says whether Rasa can answer now.
    is_ready: Callable[[], bool]
    #: Says whether something could be stored when that was last tried.
    can_store: Callable[[], bool]
    operator: Operator
    #: None when mail goes out for real: then there is no mailbox to show.
    postvak: Postvak | None
    #: Gives a stored text as it is shown, with the addresses of links in it.
    fill: Callable[[str], str]
    #: Where these pages are; what lies below it can be clicked, also without https.
    public_url: str
    #: Counts conversations that begin, by network address.
    beginnings: Limiter = field(default_factory=lambda: Limiter(per_minute=BEGINNINGS_PER_MINUTE))


@dataclass(frozen=True)
class DeskParts:
    """Everything that the pages behind a link need."""

    store: Database
    clock: Clock
    services: UseCases
    #: Makes a file about a plan or person; None when it is gone.
    make_document: Callable[[DocumentKind, str], Awaitable[bytes | None]]
    #: Counts what fails at the door.
    limiter: Limiter
