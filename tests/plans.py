"""Plans for tests, with the real questions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.domain import plan_intake
from bot.domain.plan import Answer, Plan
from bot.services.plan_questions import read_questions

CONTENT = Path(__file__).parents[1] / "content"
QUESTIONS = read_questions(CONTENT / "plan_questions.yml")
BEGIN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def fresh_plan() -> Plan:
    return plan_intake.start("plan-1", "person-1", QUESTIONS, BEGIN)


def answered(plan: Plan, **answers: tuple[str, str | None]) -> Plan:
    """Answer steps in this order; each must be the open one."""
    for step, (text, value) in answers.items():
        assert plan.open_step == step
        plan = plan_intake.record(plan, QUESTIONS, Answer(step, text, value))
    return plan
