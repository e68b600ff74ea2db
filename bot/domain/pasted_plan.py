"""Divides a whole plan that was pasted as one text over the questions of a plan."""

from __future__ import annotations

from bot.domain.plan_headings import bodies, headings, is_announcement

#: Stands before what belongs to no question: the words that only say that a plan follows.
NO_QUESTION = ""
#: One line each: no place for what stands above the first heading.
_SHORT = ("titel", "school", "naam", "email")


def sections(text: str, *, has_idea: bool = False) -> list[tuple[str, str]]:
    """Divide a whole plan: the question and its text, verbatim; empty when it is not one.

    What stands above the first heading is the idea, unless the text names one or the plan
    `has_idea` already: then it goes with the first part. No word is lost but those of the headings.
    """
    found = headings(text)
    divided: dict[str, str] = {}
    for heading, body in zip(found, bodies(text, found), strict=True):
        if body:
            divided[heading.key] = _joined(divided.get(heading.key, ""), body)
    above = text[: found[0].start].strip() if found else ""
    return list((_with_above(above, divided, has_idea) if above else divided).items())


def is_whole_plan(text: str) -> bool:
    """Tell if a text is a whole plan; an answer with a heading or two in it is not."""
    return bool(sections(text))


def _with_above(above: str, divided: dict[str, str], has_idea: bool) -> dict[str, str]:
    if is_announcement(above):
        return {NO_QUESTION: above, **divided}
    if not has_idea and "idee" not in divided:
        return {"idee": above, **divided}
    first = next(key for key in divided if key not in _SHORT)
    return {**divided, first: _joined(above, divided[first])}


def _joined(above: str, below: str) -> str:
    return f"{above}\n\n{below}" if above else below
