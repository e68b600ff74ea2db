"""Question sets, kept as long as a plan refers to them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.plan_questions import Option, Part, Question, QuestionSet
from bot.storage.insert_once import insert_once
from bot.storage.tables import question_set


class SqlQuestions:
    """The question sets in the database."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work on `connection`."""
        self._connection = connection

    async def keep(self, questions: QuestionSet) -> None:
        """Store a set under its version, once."""
        await insert_once(
            self._connection,
            question_set,
            "version",
            version=questions.version,
            content=[_to_dict(question) for question in questions.questions],
        )

    async def get(self, version: str) -> QuestionSet:
        """Give the set of a version."""
        query = select(question_set.c.content).where(question_set.c.version == version)
        content = (await self._connection.execute(query)).scalar_one()
        return QuestionSet(version, tuple(_from_dict(item) for item in content))


def _to_dict(question: Question) -> dict[str, Any]:
    return {
        **vars(question),
        "part": question.part.value,
        "options": [[option.value, option.label, list(option.also)] for option in question.options],
    }


def _from_dict(item: dict[str, Any]) -> Question:
    options = tuple(Option(value, label, tuple(also)) for value, label, also in item["options"])
    return Question(**{**item, "part": Part(item["part"]), "options": options})
