"""Makes the summary of a plan, as a preview to read back or as it is handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.contacts import Recipient, choose_recipient
from bot.domain.directory import Region
from bot.domain.escalation import Pick, advise, picked, situation
from bot.domain.plan import Plan
from bot.domain.plan_events import PlanEvent, is_overtaken, management_word
from bot.domain.plan_questions import Part, QuestionSet
from bot.domain.summary import ManagementWord, PlanSummary, SummaryAnswer, SupportStatus, Via
from bot.services.clock import dutch_date
from bot.services.directory_search import DirectorySearch
from bot.services.ports import UnitOfWork
from bot.texts import escalation as route_words
from bot.texts.plan_intake import WITHOUT_TITLE
from bot.texts.read_back import read_back

#: Asked in the idea part, but shown elsewhere in the summary.
_SHOWN_APART = ("titel",)


@dataclass(frozen=True)
class Draft:
    """A summary with whom it is for and the region that the teacher picked."""

    summary: PlanSummary
    recipient: Recipient
    region: Region | None

    @property
    def text(self) -> str:
        """Give the read-back as one message."""
        return read_back(self.summary)


class SummaryMaker:
    """Reads a plan's answers into a summary."""

    def __init__(self, directory: DirectorySearch) -> None:
        """Name regions from `directory`."""
        self._directory = directory

    async def preview(
        self, uow: UnitOfWork, plan: Plan, questions: QuestionSet, now: datetime
    ) -> Draft:
        """Make the summary as it would be handed over now."""
        return await self.make(uow, plan, questions, now, reference="")

    async def make(
        self, uow: UnitOfWork, plan: Plan, questions: QuestionSet, now: datetime, reference: str
    ) -> Draft:
        """Make the summary under its reference, with the recipient that the route gives."""
        pick = picked(plan.answers)
        region = self._directory.region_of(pick)
        advice = advise(situation(plan.answers))
        school = _school(plan, pick)
        recipient = choose_recipient(
            await uow.contacts.all(), advice, region.id if region else None, school
        )
        management = plan.value("management")
        word = management_word(await uow.reviews.events(plan.id))
        summary = PlanSummary(
            reference=reference,
            title=plan.text("titel") or WITHOUT_TITLE,
            teacher_name=plan.text("naam"),
            teacher_email=plan.text("email"),
            school=school,
            region=region.name if region else None,
            region_id=region.id if region else None,
            region_page=region.page if region else None,
            route=route_words.route_text(advice),
            support=SupportStatus(management) if management else SupportStatus.UNKNOWN,
            support_by=plan.text("management_who"),
            idea=_answers(plan, questions, Part.IDEA),
            answers=_answers(plan, questions, Part.PLAN),
            recipient_role=recipient.role,
            recipient_gap=route_words.gap_text(recipient, region),
            created_on=dutch_date(plan.created_at),
            submitted_on=dutch_date(now),
            management=_said(word, plan) if word else None,
        )
        return Draft(summary, recipient, region)


def _school(plan: Plan, pick: Pick | None) -> str | None:
    return pick.school if pick and pick.school else plan.text("school")


def _said(word: PlanEvent, plan: Plan) -> ManagementWord:
    return ManagementWord(
        verdict=word.action,
        name=word.data["name"],
        function=word.data["function"],
        said_on=dutch_date(word.at),
        via=Via(word.data["via"]),
        is_overtaken=is_overtaken(word, plan),
    )


def _answers(plan: Plan, questions: QuestionSet, part: Part) -> tuple[SummaryAnswer, ...]:
    return tuple(
        SummaryAnswer(question.key, question.title, question.wording, plan.text(question.key))
        for question in questions.of(part)
        if question.key not in _SHOWN_APART
    )
