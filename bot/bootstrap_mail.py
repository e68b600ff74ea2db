"""Makes what sends e-mail, as the settings say: a mail server, or a local mailbox."""

from __future__ import annotations

from bot.config import Settings
from bot.delivery.email_message import is_mailbox
from bot.delivery.mail import Mailer
from bot.delivery.maildir import MaildirMailer
from bot.delivery.smtp import SmtpMailer, SmtpServer
from bot.domain.errors import SettingsError


def make_mailer(settings: Settings) -> tuple[Mailer, MaildirMailer | None]:
    check_mail(settings)
    if settings.smtp_url:
        return SmtpMailer(settings.smtp_url.get_secret_value()), None
    maildir = MaildirMailer(settings.maildir)
    return maildir, maildir


def check_mail(settings: Settings) -> None:
    """Raise SettingsError where a setting for e-mail cannot be right."""
    named = (("MAIL_FROM", settings.mail_from), ("OPERATOR_EMAIL", settings.operator_email))
    for name, address in named:
        if address and not is_mailbox(address):
            raise SettingsError(f"WEGWIJZER_{name} is geen e-mailadres.")
    if settings.smtp_url:
        SmtpServer.from_url(settings.smtp_url.get_secret_value())
