"""Actions along the questions of a plan."""

from __future__ import annotations

from actions._support import TurnAction
from bot.services.answer_intake import AnswerIntake
from bot.services.plan_intake import PlanIntake
from bot.services.second_thoughts import SecondThoughts
from bot.services.turns import TurnRunner


def plan_intake_actions(
    intake: PlanIntake, answers: AnswerIntake, thoughts: SecondThoughts, run: TurnRunner
) -> list[TurnAction]:
    """Give the actions of this feature."""
    return [
        TurnAction("action_plan_start", intake.start, run),
        TurnAction("action_plan_answer", answers.answer, run),
        TurnAction("action_plan_back", intake.back, run),
        TurnAction("action_plan_skip", intake.skip, run),
        TurnAction("action_plan_keep", intake.keep, run),
        TurnAction("action_plan_example", intake.example, run),
        TurnAction("action_plan_pause", intake.pause, run),
        TurnAction("action_plan_stop", intake.stop, run),
        TurnAction("action_plan_overview", intake.overview, run),
        TurnAction("action_plan_correct", intake.correct, run),
        TurnAction("action_plan_resume", intake.resume, run),
        TurnAction("action_plan_restart", intake.start, run),
        TurnAction("action_was_answer", thoughts.was_answer, run),
        TurnAction("action_was_question", thoughts.was_question, run),
    ]
