"""How much a test of faults does: little at every change, much in `make faults`."""

from __future__ import annotations

import os

IS_LONG = os.environ.get("WEGWIJZER_LONG") == "1"


def size(short: int, long: int) -> int:
    """Give how many there are to be in this run."""
    return long if IS_LONG else short
