"""Greets, helps, and says what it is and what it cannot do."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.keeping import Keep
from bot.domain.plan import PlanStatus
from bot.domain.turn import Choice, OpenKind, Reply
from bot.services.asked_answer import revise_choices
from bot.services.asking import MENU, Asker
from bot.services.plan_intake import PlanIntake
from bot.services.turns import Work
from bot.texts import conversation as words
from bot.texts import plan_intake as plan_words
from bot.texts.revision import waiting_text


@dataclass(frozen=True)
class Operator:
    """Who runs the assistant: a name for people, an address if there is one, and its terms.

    `mail_stays_here` when no mail server is set: e-mail is kept in the local mailbox.
    """

    name: str
    email: str | None
    mail_stays_here: bool = False
    keep: Keep = field(default_factory=Keep)


class Welcome:
    """The use cases around the conversation itself."""

    def __init__(self, operator: Operator, asker: Asker, intake: PlanIntake) -> None:
        """Introduce the assistant as run by `operator`."""
        self._operator = operator
        self._asker = asker
        self._intake = intake

    async def greet(self, work: Work) -> list[Reply]:
        """Welcome a person; who has a draft gets a recap and the question where it was left.

        Who was asked about an answer hears so.
        """
        plans = await work.uow.plans.of(work.turn.person_id)
        drafts = [plan for plan in plans if plan.status is PlanStatus.DRAFT]
        asked = [plan for plan in plans if plan.status is PlanStatus.ASKED]
        in_hand = [plan for plan in (*drafts, *asked) if plan.id == work.conversation.plan_id]
        chosen = next(iter((*in_hand, *drafts, *asked)), None)
        if chosen and chosen.status is PlanStatus.ASKED:
            return await self._asker.ask(work, chosen)
        if chosen:
            waits = [Reply(waiting_text(asked), revise_choices(asked))] if asked else []
            return [*waits, *await self._intake.take_up(work, chosen)]
        text = words.WELCOME.format(operator=self._operator.name)
        return [Reply(text, (*MENU, Choice(words.COMPANY, "company_visit")))]

    async def help(self, work: Work) -> list[Reply]:
        """Tell how it works."""
        return await self._asker.again(work, first=words.HELP)

    async def human(self, work: Work) -> list[Reply]:
        """Tell how to reach a person."""
        email = self._operator.email
        contact = words.HUMAN_CONTACT.format(email=email) if email else words.HUMAN_NO_CONTACT
        return await self._asker.again(work, first=words.HUMAN.format(contact=contact))

    async def thanks(self, work: Work) -> list[Reply]:
        """Return a thank-you."""
        return await self._asker.again(work, first=words.THANKS)

    async def bye(self, work: Work) -> list[Reply]:
        """Say goodbye; a plan that is open goes on pause, so that no later word answers it."""
        work.open(OpenKind.NONE)
        plan = await work.plan_in_hand()
        go_on: tuple[Choice, ...] = ()
        if plan and plan.is_open:
            go_on = (Choice(plan_words.GO_ON, "pick_plan", plan.id),)
        if plan and plan.status is PlanStatus.ASKED:
            go_on = revise_choices([plan])
        return [Reply(words.BYE, go_on)]

    async def bot_challenge(self, work: Work) -> list[Reply]:
        """Say that this is an automatic assistant."""
        return await self._asker.again(work, first=words.BOT_CHALLENGE)

    async def company_visit(self, work: Work) -> list[Reply]:
        """Say that the part for companies is coming."""
        return await self._asker.again(work, first=words.COMPANY_VISIT)

    async def only_text(self, work: Work) -> list[Reply]:
        """Say that only text can be read, and ask the same again."""
        return await self._asker.again(work, first=words.ONLY_TEXT)

    async def expired(self, work: Work) -> list[Reply]:
        """Say that a button belongs to an earlier question; nothing changes."""
        at = work.turn.pressed.at if work.turn.pressed else None
        for plan in await work.uow.plans.of(work.turn.person_id):
            if at and at.startswith(plan.id) and plan.status is PlanStatus.ASKED:
                break
            if at and at.startswith(plan.id) and plan.reference:
                text = plan_words.ALREADY_SENT.format(reference=plan.reference)
                return await self._asker.again(work, first=text)
        return await self._asker.again(work, first=plan_words.EXPIRED)
