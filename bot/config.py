"""Settings: environment variables with the prefix `WEGWIJZER_`, or lines in `.env`."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.domain.errors import SettingsError
from bot.domain.keeping import Keep


class Settings(BaseSettings):
    """Everything that can be set; every default works without any account."""

    model_config = SettingsConfigDict(
        env_prefix="WEGWIJZER_", env_file=".env", extra="ignore", env_ignore_empty=True
    )

    home: Path = Field(
        default_factory=lambda: Path(__file__).resolve().parent.parent,
        description="De map met content/, nlu/ en stories/",
    )
    data_dir: Path = Field(
        default=Path("var"), description="De map voor alles wat tijdens het draaien ontstaat"
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="PostgreSQL: postgresql+psycopg://…; leeg is SQLite in de datamap",
    )
    host: str = Field(default="127.0.0.1", description="Het adres waarop de webchat luistert")
    port: int = Field(default=8000, ge=0, le=65535, description="De poort van de webchat")
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/?#]+$",
        description="Het openbare adres van deze app, voor links in e-mails; leeg is deze computer",
    )
    link_secret: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Het geheim achter de links in e-mails; leeg is zelf gemaakt",
    )
    operator_name: str = Field(
        default="een proefopstelling",
        description="Wie de wegwijzer beheert, zoals mensen het lezen",
    )
    operator_email: str | None = Field(
        default=None,
        description="Het adres van de beheerder: voor plannen zonder contact, en voor meldingen",
    )
    telegram_token: SecretStr | None = Field(
        default=None, description="Het token van BotFather; leeg is geen Telegram"
    )
    telegram_api_url: str = Field(
        default="https://api.telegram.org", description="Een andere Bot API-server"
    )
    telegram_mode: Literal["polling", "webhook"] = Field(
        default="polling", description="polling (ophalen) of webhook (laten brengen)"
    )
    telegram_webhook_url: str | None = Field(
        default=None, description="Het openbare adres van deze app, voor de webhook"
    )
    telegram_webhook_secret: SecretStr | None = Field(
        default=None, description="Het geheim in de webhook-header; leeg is zelf gemaakt"
    )
    rasa_url: str | None = Field(
        default=None, description="Een Rasa die al draait; leeg is er zelf een starten"
    )
    rasa_token: SecretStr | None = Field(
        default=None, description="Het token tussen app en Rasa; nodig bij RASA_URL"
    )
    rasa_python: Path = Field(
        default=Path(".venv-nlu/bin/python"), description="De Python 3.10 met Rasa"
    )
    rasa_timeout: float = Field(
        default=10.0, gt=0, description="Na zoveel seconden wordt een beurt opnieuw geprobeerd"
    )
    smtp_url: SecretStr | None = Field(
        default=None, description="smtp://naam:wachtwoord@server:587; leeg is een lokale postbus"
    )
    mail_from: str = Field(
        default="sto-wegwijzer@localhost", description="De afzender van de e-mails"
    )
    keep_drafts_days: int = Field(
        default=365, ge=1, description="Zoveel dagen na de laatste wijziging blijft een concept"
    )
    keep_plans_days: int = Field(
        default=730, ge=1, description="Zoveel dagen na de laatste wijziging blijft een plan"
    )
    keep_withdrawn_days: int = Field(
        default=90, ge=1, description="Zoveel dagen blijft een ingetrokken plan"
    )
    keep_messages_days: int = Field(
        default=180, ge=1, description="Zoveel dagen blijven berichten en verstuurde e-mails"
    )
    keep_questions_days: int = Field(
        default=365, ge=1, description="Zoveel dagen blijven vragen zonder antwoord"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Hoeveel er in het logboek komt"
    )

    @property
    def database(self) -> str:
        """Give the database URL, SQLite in the data folder when none is set."""
        if self.database_url:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.data_dir / 'wegwijzer.db'}"

    @property
    def content(self) -> Path:
        """Give the folder of what the assistant knows and asks."""
        return self.home / "content"

    @property
    def maildir(self) -> Path:
        """Give the folder of the local mailbox."""
        return self.data_dir / "postvak"


def read_settings() -> Settings:
    """Read the settings; raises SettingsError that names what to mend, without its value."""
    try:
        return Settings()
    except ValidationError as error:
        names = ", ".join(
            "WEGWIJZER_" + "_".join(str(part) for part in item["loc"]).upper()
            for item in error.errors()
        )
        raise SettingsError(f"Deze instelling klopt niet: {names}. Kijk in de README.") from None


def keep_of(settings: Settings) -> Keep:
    """Give how long everything is kept."""
    return Keep(
        drafts=settings.keep_drafts_days,
        plans=settings.keep_plans_days,
        withdrawn=settings.keep_withdrawn_days,
        messages=settings.keep_messages_days,
        questions=settings.keep_questions_days,
    )


def local_url(host: str, port: int) -> str:
    """Give the address of what listens on `host` and `port`, as this machine reaches it."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 (compared, not bound)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"


def secret_file(folder: Path, name: str) -> Path:
    """Give where a secret that we made ourselves is kept."""
    return folder / "geheim" / name


def made_secret(folder: Path, name: str) -> str:
    """Give a secret that is made once and kept in `folder`, readable by its owner only."""
    path = secret_file(folder, name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Whole or not at all: half a secret would be used, and refuse everything that was given.
        made = path.with_name(f"{name}.{secrets.token_hex(4)}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(32), encoding="utf-8")
        made.replace(path)
    return path.read_text(encoding="utf-8").strip()
