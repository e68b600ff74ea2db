"""Keeps what people type out of the log: Rasa writes user texts at several levels, and its
exceptions carry them in their messages and, as JSON, in the local variables of each frame.

Every log record of the process is made by one factory. This one lets the message through only for
loggers that never see a text; of all others it keeps where the record came from and, of an
exception, its types and places.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from pathlib import Path
from typing import Any

#: Loggers that speak before the first message or only about files and ports.
TEXT_FREE = ("wegwijzer_rasa", "rasa.core.run", "rasa.core.agent", "sanic.root")
_EVENT_NAME = re.compile(r"[a-z0-9_.]{1,80}")


def install() -> None:
    """Make every log record from now on through `scrub`."""
    make = logging.getLogRecordFactory()

    def factory(*args: Any, **kwargs: Any) -> logging.LogRecord:
        return scrub(make(*args, **kwargs))

    logging.setLogRecordFactory(factory)


def scrub(record: logging.LogRecord) -> logging.LogRecord:
    """Take out of a record whatever could hold a person's words."""
    if not is_text_free(record.name):
        record.msg = _event(record.msg) or f"{record.name}.{record.funcName}:{record.lineno}"
        record.args = None
    if record.exc_info and record.exc_info[1] is not None:
        record.msg = f"{record.getMessage()} {_places(record.exc_info[1])}"
        record.args = None
    record.exc_info = None
    record.exc_text = None
    record.stack_info = None
    return record


def is_text_free(name: str) -> bool:
    """Tell if a logger may speak in its own words."""
    return any(name == free or name.startswith(f"{free}.") for free in TEXT_FREE)


def _event(message: Any) -> str | None:
    """Find the fixed event name in what structlog rendered as JSON."""
    if not (isinstance(message, str) and message.startswith("{")):
        return None
    try:
        event = json.loads(message).get("event")
    except ValueError:
        return None
    return event if isinstance(event, str) and _EVENT_NAME.fullmatch(event) else None


def _places(error: BaseException | None) -> str:
    chain = []
    while error is not None and len(chain) < 5:
        frames = traceback.extract_tb(error.__traceback__)[-6:]
        places = " > ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames)
        chain.append(f"{type(error).__name__} at {places}")
        error = error.__cause__ or error.__context__
    return "; caused by ".join(chain)
