"""What is said to people who hear of something by e-mail."""

from __future__ import annotations

from bot.domain.plan import Plan
from bot.domain.text import shortened
from bot.texts.plan_intake import title_of

BACK_TO_CHAT = (
    "Open de chat van de STO-wegwijzer in de browser waarmee je begon, om verder te gaan."
)


def teacher_subject(plan: Plan) -> str:
    """Give the subject of a mail to the teacher about a plan."""
    number = f"{plan.reference} " if plan.reference else ""
    return f"Nieuws over je plan {number}“{shortened(title_of(plan), 60)}”"
