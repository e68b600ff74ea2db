"""Log lines: a fixed event name with ids and codes, never a text, a name or an address."""

from __future__ import annotations

import contextlib
import copy
import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import structlog

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def set_up_logs(level: str) -> None:
    """Write log lines to standard error, as JSON where that is no terminal."""
    number = logging.getLevelNamesMapping()[level]
    handler = _StandardError()
    is_terminal = sys.stderr.isatty()
    handler.setFormatter(_NoMessages(logging.BASIC_FORMAT) if is_terminal else _JsonLines())
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)
    # These log whole addresses, and Telegram's address holds the token.
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # It calls each answer of Telegram that is no JSON an error; what failed for it we tell.
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)
    renderer = (
        structlog.dev.ConsoleRenderer() if is_terminal else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(number),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(_where),
            renderer,
        ],
        # Looked up at each line: what standard error is can change meanwhile.
        logger_factory=lambda *_: _Line(sys.stderr),
    )


class _Line(structlog.PrintLogger):
    """Writes our own lines; a log that takes no more, on a full disk, stops nothing else."""

    def msg(self, message: str) -> None:
        with contextlib.suppress(OSError):
            super().msg(message)

    debug = info = warning = error = exception = critical = msg


class _StandardError(logging.Handler):
    """Writes to what standard error is at that moment, as our own lines do."""

    def emit(self, record: logging.LogRecord) -> None:
        # A line that cannot be written is lost: what logging prints instead holds messages.
        with contextlib.suppress(Exception):
            print(self.format(record), file=sys.stderr, flush=True)


class _NoMessages(logging.Formatter):
    """Writes the lines of libraries, which log errors of ours too, by the same rule as our own.

    Of what is said only the fixed words are written: the rest can be what came in from outside.
    """

    def format(self, record: logging.LogRecord) -> str:
        return super().format(_with_fixed_words(record))

    def formatException(self, ei: Any) -> str:
        return _where(ei)


class _JsonLines(_NoMessages):
    """Writes each line of a library as one JSON object, with the keys of our own lines."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat()
        said = {
            "event": "library_says",
            "logger": record.name,
            "said": _with_fixed_words(record).getMessage(),
            "level": record.levelname.lower(),
            "timestamp": moment.replace("+00:00", "Z"),
        }
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said)


def _with_fixed_words(record: logging.LogRecord) -> logging.LogRecord:
    """Give a record with the first line of its message alone, without what is filled in."""
    fixed = copy.copy(record)
    fixed.msg, fixed.args = str(record.msg).partition("\n")[0], None
    return fixed


def _where(exc_info: ExcInfo) -> str:
    """Give where an error came from, but not its message: that can quote what a person typed."""
    kind, _, trace = exc_info
    return "".join(traceback.format_tb(trace)) + kind.__name__
