"""Databases of their own for runs of faults."""

from __future__ import annotations

import secrets

from sqlalchemy import create_engine, text

from tests.faults.stored import Stored
from tests.harness import RunningApp


def sqlite_of(app: RunningApp) -> Stored:
    return Stored(f"sqlite:///{app.folder / 'wegwijzer.db'}")


def new_database(server: str) -> str:
    name = f"faults_{secrets.token_hex(6)}"
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return f"{server}/{name}"
