"""Says what became of an answer: noted, as which choice, not found, refused, or where it went."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.plan import Answer, Plan
from bot.domain.plan_questions import Question
from bot.domain.turn import Choice, Reply
from bot.services.asking import SEARCHED, Asker
from bot.services.turns import Work
from bot.texts import escalation as route_words
from bot.texts import faq as faq_words
from bot.texts import plan_intake as words

#: After a pause like this it is said to which question a message was the answer.
LONG_PAUSE = timedelta(hours=8)


async def noted(work: Work, *, plan: Plan, question: Question, given: Answer) -> str:
    """Give the words for an answer that was just stored."""
    if question.key in SEARCHED.values() and not question.options and not given.value:
        return route_words.NOT_FOUND[question.key]
    if given.step != work.turn.open.step:
        return route_words.SEARCHED_AGAIN
    if await _was_away(work):
        return words.NOTED_AFTER_A_PAUSE.format(plan=words.title_of(plan), question=question.title)
    if question.options and not question.free and given.text:
        return words.NOTED_CHOICE.format(label=given.text)
    return words.NOTED if given.text else words.SKIPPED


async def refused(work: Work, asker: Asker, why: str) -> list[Reply]:
    """Say why an answer cannot be stored; the second time in a row offer somebody to speak to."""
    if not work.missed_again():
        return await asker.again(work, first=why)
    human = (Choice(faq_words.HUMAN, "human"),)
    return await asker.again(work, first=words.REJECTED_AGAIN, after=human)


async def _was_away(work: Work) -> bool:
    before = await work.uow.inbox.previous_at(work.turn.id)
    return before is not None and work.now - before >= LONG_PAUSE
