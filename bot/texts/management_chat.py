"""A plan as the school's management reads it in a chat."""

from __future__ import annotations

from collections.abc import Sequence

_HEAD = "Lees het idee “{title}” en zeg of je het steunt"


def shown(
    *,
    title: str,
    who: Sequence[str | None],
    asked: Sequence[str],
    answers: Sequence[tuple[str, str]],
    still_open: Sequence[str],
    last: str | None,
    closed: str | None,
) -> str:
    """Give all in one message: who asks, what is asked, then the answers (title and text).

    `who` is teacher, school and region, as far as they are known; `closed` replaces what is asked.
    """
    known = [one for one in who if one]
    blocks = [
        _HEAD.format(title=title),
        f"Van: {', '.join(known)}" if known else "",
        closed or "\n".join(f"{number}. {line}" for number, line in enumerate(asked, 1)),
        *(f"{name}:\n{text}" for name, text in answers),
        f"Nog open: {', '.join(still_open)}." if still_open else "",
        last or "",
    ]
    return "\n\n".join(filter(None, blocks))
