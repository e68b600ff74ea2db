"""Why an e-mail did not leave; no error here holds an address or a text of the message."""

from __future__ import annotations

from bot.domain.errors import WegwijzerError


class MailUnavailable(WegwijzerError):
    """De mailserver is nu niet bereikbaar."""


class MailRejected(WegwijzerError):
    """De mailserver neemt het bericht niet aan.

    `permanent` says that the same message will not pass later either, so that somebody must look;
    `code` is the SMTP reply (552: too large, so a message without attachments may pass). With
    `at_the_door` nothing of the message was looked at: encryption, certificate or login is wrong.
    Once somebody mended that, it passes.
    """

    def __init__(
        self,
        message: str | None = None,
        *,
        permanent: bool,
        code: int | None = None,
        at_the_door: bool = False,
    ) -> None:
        super().__init__(message or _with_code(code))
        self.permanent = permanent
        self.code = code
        self.at_the_door = at_the_door


def _with_code(code: int | None) -> str:
    reply = f" (antwoord {code})" if code else ""
    return f"De mailserver neemt het bericht niet aan{reply}."
