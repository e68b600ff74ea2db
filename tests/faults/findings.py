"""What checks find: sentences about what is wrong, and figures."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Findings:
    """What was wrong, in sentences, and the figures of the run."""

    violations: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    def expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.violations.append(otherwise)


def from_json(value: Any) -> Any:
    """Give a stored JSON value; SQLite gives it as text."""
    return json.loads(value) if isinstance(value, str) else value
