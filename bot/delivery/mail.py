"""What the delivery worker needs of a way to send e-mail."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Protocol


class Mailer(Protocol):
    """Sends one message to its one recipient."""

    async def send(self, message: EmailMessage) -> None:
        """Hand `message` over for good.

        Raises `MailUnavailable` when a later try may help, and `MailRejected` when the server
        answered no, for now or permanently.
        """
        ...
