"""Reads the parts of a pasted plan as answers, and remembers in a button what was proposed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain.pasted_plan import NO_QUESTION, sections
from bot.domain.plan import Answer, Plan
from bot.domain.plan_questions import Part, QuestionSet
from bot.domain.turn import Choice, Turn
from bot.services.plan_answers import AnswerReader, Rejected
from bot.texts import pasted_plan as words


@dataclass(frozen=True)
class Portion:
    """One part of a pasted plan: its text and the answer that it gives, or why it gives none."""

    key: str
    title: str
    text: str
    answer: Answer | None = None
    problem: str = ""

    def changes(self, plan: Plan) -> bool:
        """Say whether storing this part changes the plan."""
        return self.answer is not None and plan.answers.get(self.key) != self.answer

    def replaces(self, plan: Plan) -> bool:
        """Say whether another answer stands where this part goes."""
        return self.changes(plan) and plan.text(self.key) is not None

    def line(self, plan: Plan) -> str:
        """Show this part in a proposal."""
        if self.key == NO_QUESTION:
            return words.left_out_line(self.text)
        remark = words.CANNOT.format(reason=self.problem) if self.problem else ""
        if self.answer and self.answer.text != self.text:
            remark = words.ONLY.format(answer=self.answer.text)
        return words.part_line(self.title, self.text, replaces=self.replaces(plan), remark=remark)


@dataclass(frozen=True)
class Paste:
    """What a button carries: which message, for which plan, and what stood there at that moment."""

    turn_id: int
    plan_id: str
    had_idea: bool
    stood: str

    def choice(self, label: str) -> Choice:
        """Give the button that stores this."""
        value = f"{self.turn_id}|{self.plan_id}|{int(self.had_idea)}|{self.stood}"
        return Choice(label, "paste_confirm", value)

    @classmethod
    def read(cls, value: str) -> Paste:
        """Read back what the button carries."""
        turn_id, plan_id, had_idea, stood = value.split("|")
        return cls(int(turn_id), plan_id, had_idea == "1", stood)


def what_stands(plan: Plan, portions: Iterable[Portion]) -> str:
    """Give a mark of the answers that these parts would replace: another one when they changed."""
    stands = [(portion.key, plan.text(portion.key)) for portion in portions]
    return hashlib.sha256(repr(stands).encode()).hexdigest()[:16]


class PortionReader:
    """Divides a pasted plan and reads each part under the rules of its question."""

    def __init__(self, reader: AnswerReader) -> None:
        """Read every part with `reader`, as if it was typed."""
        self._reader = reader

    def read(
        self, text: str, plan: Plan, questions: QuestionSet, turn: Turn, *, had_idea: bool
    ) -> list[Portion]:
        """Give the parts in order; empty when the text is not a whole plan."""
        return [
            self._portion(key, part, plan, questions, turn)
            for key, part in sections(text, has_idea=had_idea)
        ]

    def _portion(
        self, key: str, text: str, plan: Plan, questions: QuestionSet, turn: Turn
    ) -> Portion:
        if key not in questions:
            return Portion(key, key.capitalize(), text, problem=words.NO_QUESTION)
        question = questions[key]
        stands = plan.text(key)
        if question.part is Part.ROUTE and stands is not None:
            # The region was picked with it; a name in a document does not undo that.
            return Portion(key, question.title, text, problem=words.stays(stands))
        read = self._reader.read(plan, question, replace(turn, text=text, pressed=None))
        if isinstance(read, Rejected):
            return Portion(key, question.title, text, problem=read.words)
        return Portion(key, question.title, text, read)
