"""The time that people in the Netherlands read; everything that is stored is UTC."""

from __future__ import annotations

from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
