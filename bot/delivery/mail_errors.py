"""Why an e-mail did not leave; no error here holds an address or a text of the message."""

from __future__ import annotations

from bot.domain.errors import WegwijzerError


class MailUnavailable(WegwijzerError):
    """De mailserver is nu niet bereikbaar."""


class MailRejected(WegwijzerError):
    """De mailserver neemt het bericht niet aan.

    `permanent` says that the same message will not pass later either, so that somebody must look;
    `code` is the SMTP reply (552: too large, so a message without attachments may pass).
    """

    def __init__(
        self, message: str | None = None, *, permanent: bool, code: int | None = None
    ) -> None:
        super().__init__(message or _with_code(code))
        self.permanent = permanent
        self.code = code


def _with_code(code: int | None) -> str:
    reply = f" (antwoord {code})" if code else ""
    return f"De mailserver neemt het bericht niet aan{reply}."
