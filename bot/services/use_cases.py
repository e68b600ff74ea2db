"""All services, made once and handed to whoever runs them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.access import Access
from bot.services.asking import Asker
from bot.services.clock import Clock
from bot.services.content import Content
from bot.services.desk_chat import DeskChat
from bot.services.directory import RegionFinder
from bot.services.faq import Faq
from bot.services.hand_over import HandOver
from bot.services.hand_over_summary import SummaryMaker
from bot.services.links import LinkBook
from bot.services.my_plans import MyPlans
from bot.services.notices import Notices
from bot.services.pasted_plan import PastedPlan
from bot.services.plan_answers import AnswerReader
from bot.services.plan_intake import PlanIntake
from bot.services.ports import Store
from bot.services.privacy import Privacy
from bot.services.reminders import Reminders
from bot.services.review import ReviewDesk
from bot.services.review_effects import ReviewEffects
from bot.services.route_advice import RouteAdviser
from bot.services.second_thoughts import SecondThoughts
from bot.services.turns import TurnRunner
from bot.services.welcome import Operator, Welcome

#: Where a summary goes when the beheerder set no address: the local mailbox shows it.
NO_OPERATOR_EMAIL = "beheerder@localhost"


@dataclass(frozen=True)
class UseCases:
    """Every service, by feature, and the runner that gives each turn its transaction."""

    runner: TurnRunner
    intake: PlanIntake
    hand_over: HandOver
    my_plans: MyPlans
    finder: RegionFinder
    faq: Faq
    second_thoughts: SecondThoughts
    pasted_plan: PastedPlan
    welcome: Welcome
    privacy: Privacy
    book: LinkBook
    access: Access
    reminders: Reminders
    desk: ReviewDesk
    desk_chat: DeskChat


def make_use_cases(
    store: Store, clock: Clock, content: Content, operator: Operator, book: LinkBook
) -> UseCases:
    """Wire the services together."""
    access = Access(book, operator.email or NO_OPERATOR_EMAIL)
    notices = Notices()
    reminders = Reminders()
    effects = ReviewEffects(access, notices)
    directory = content.directory
    summaries = SummaryMaker(directory)
    asker = Asker(directory, summaries)
    reader = AnswerReader(directory, asker)
    adviser = RouteAdviser(directory)
    intake = PlanIntake(content.questions, asker, reader, adviser)
    welcome = Welcome(operator, asker, intake)
    finder = RegionFinder(directory, asker)
    faq = Faq(content.faq, directory, asker, finder)
    thoughts = SecondThoughts(asker, intake, faq)
    return UseCases(
        runner=TurnRunner(store, clock, expired=welcome.expired),
        intake=intake,
        hand_over=HandOver(asker, summaries, access, effects, reminders),
        my_plans=MyPlans(asker, mail_stays_here=operator.mail_stays_here),
        finder=finder,
        faq=faq,
        second_thoughts=thoughts,
        pasted_plan=PastedPlan(content.questions, asker, reader, adviser, intake, thoughts),
        welcome=welcome,
        privacy=Privacy(operator, asker),
        book=book,
        access=access,
        reminders=reminders,
        desk=ReviewDesk(access, effects, reminders),
        desk_chat=DeskChat(book, asker, links={}, pending={}),
    )
