"""Writes the documents that are made from the code; run it with the app's own Python."""

from __future__ import annotations

from pathlib import Path

from bot.texts.plan_states import states_page

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Write each document anew."""
    (ROOT / "docs" / "plan-states.md").write_text(states_page())


if __name__ == "__main__":
    main()
