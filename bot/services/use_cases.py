"""All services, made once and handed to whoever runs them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Purpose
from bot.services.absence import tell_of_absence
from bot.services.access import Access
from bot.services.alarms import Alarms
from bot.services.answer_intake import AnswerIntake
from bot.services.asking import Asker
from bot.services.clock import Clock
from bot.services.clockwork import Clockwork, by_plan_id
from bot.services.contacts import ContactDesk
from bot.services.content import Content
from bot.services.couple import Couple
from bot.services.desk_chat import Asides, DeskChat
from bot.services.directory import RegionFinder
from bot.services.draft_notices import DraftNotices
from bot.services.escalation_step import EscalationStep
from bot.services.faq import Faq
from bot.services.hand_over import HandOver
from bot.services.hand_over_summary import SummaryMaker
from bot.services.link_renewal import LinkRenewal
from bot.services.links import LinkBook
from bot.services.mail_limits import MailLimits
from bot.services.management import Management
from bot.services.management_asking import ADDRESS, AskSupport
from bot.services.management_chat import FUNCTION, NAME, TEXT, ManagementChat
from bot.services.management_request import SupportRequests
from bot.services.moments import Moments
from bot.services.my_plans import MyPlans
from bot.services.new_version import NewVersions
from bot.services.notices import Notices
from bot.services.nudges import Nudges
from bot.services.overview import RegionOverview
from bot.services.pasted_plan import PastedPlan
from bot.services.plan_answers import AnswerReader
from bot.services.plan_intake import PlanIntake
from bot.services.ports import Store
from bot.services.privacy import Privacy
from bot.services.release import Release
from bot.services.reminders import Reminders
from bot.services.reminding import Reminding
from bot.services.review import ReviewDesk
from bot.services.review_chat import ReviewChat
from bot.services.review_chat_board import ReviewBoard
from bot.services.review_chat_people import DeskPeople
from bot.services.review_chat_steps import KIND
from bot.services.review_effects import ReviewEffects
from bot.services.review_ports import DueKind
from bot.services.review_view import ReviewViews
from bot.services.revision import Revision
from bot.services.route_advice import RouteAdviser
from bot.services.second_thoughts import SecondThoughts
from bot.services.teacher_acts import TeacherActs
from bot.services.turns import TurnRunner
from bot.services.welcome import Operator, Welcome
from bot.services.whereabouts import Whereabouts
from bot.services.withdrawal import Withdrawal

#: Where a summary goes when the beheerder set no address: the local mailbox shows it.
NO_OPERATOR_EMAIL = "beheerder@localhost"


@dataclass(frozen=True)
class UseCases:
    """Every service, by feature, and the runner that gives each turn its transaction."""

    runner: TurnRunner
    answers: AnswerIntake
    intake: PlanIntake
    hand_over: HandOver
    my_plans: MyPlans
    finder: RegionFinder
    faq: Faq
    second_thoughts: SecondThoughts
    pasted_plan: PastedPlan
    welcome: Welcome
    revision: Revision
    moments: Moments
    withdrawal: Withdrawal
    privacy: Privacy
    book: LinkBook
    access: Access
    reminders: Reminders
    nudges: Nudges
    clockwork: Clockwork
    desk: ReviewDesk
    review_views: ReviewViews
    contacts: ContactDesk
    renewal: LinkRenewal
    overview: RegionOverview
    management: Management
    management_chat: ManagementChat
    support_requests: SupportRequests
    ask_support: AskSupport
    review_chat: ReviewChat
    review_board: ReviewBoard
    couple: Couple
    desk_chat: DeskChat
    alarms: Alarms


def make_use_cases(
    store: Store, clock: Clock, content: Content, operator: Operator, book: LinkBook
) -> UseCases:
    """Wire the services together."""
    access = Access(book, operator.email or NO_OPERATOR_EMAIL)
    notices = Notices()
    effects = ReviewEffects(access, notices)
    directory = content.directory
    reminders = Reminders(access, directory, content.school_days, content.rhythm)
    summaries = SummaryMaker(directory)
    asker = Asker(directory, summaries)
    reader = AnswerReader(directory, asker)
    adviser = RouteAdviser(directory)
    finder = RegionFinder(directory, asker)
    faq = Faq(content.faq, directory, asker, finder)
    acts = TeacherActs(effects, reminders)
    revision = Revision(asker, reader, faq, NewVersions(acts))
    intake = PlanIntake(content.questions, asker, reader, adviser, revision)
    welcome = Welcome(operator, asker, intake)
    answers = AnswerIntake(asker, reader, adviser, revision)
    thoughts = SecondThoughts(asker, answers, faq, revision)
    stays_here = operator.mail_stays_here
    whereabouts = Whereabouts(access, reminders, mail_stays_here=stays_here)
    limits = MailLimits(book.signer)
    management = Management(access, summaries, notices, limits)
    management_chat = ManagementChat(access, management, asker)
    support_requests = SupportRequests(book, notices, limits)
    ask_support = AskSupport(asker, support_requests)
    nudges = Nudges(asker, notices, reminders, limits)
    draft_notices = DraftNotices(notices, operator.keep, limits)
    clockwork = Clockwork(
        reminders,
        Reminding(notices, effects, reminders),
        EscalationStep(access, effects, reminders),
        others={
            DueKind.RELEASE: Release(effects).fire,
            DueKind.DRAFT_NUDGE: nudges.fire,
            DueKind.DRAFT_ENDS: draft_notices.fire,
            DueKind.MANAGEMENT_NUDGE: by_plan_id(support_requests.nudge),
            DueKind.ABSENCE: tell_of_absence,
        },
        at_any_hour=frozenset({DueKind.RELEASE}),
    )
    desk, views = ReviewDesk(access, effects, reminders), ReviewViews(access)
    review_chat = ReviewChat(DeskPeople(access, views), desk, asker)
    couple = Couple(access, notices, asker, directory)
    return UseCases(
        runner=TurnRunner(store, clock, expired=welcome.expired),
        answers=answers,
        intake=intake,
        hand_over=HandOver(asker, summaries, access, effects, reminders, revision),
        my_plans=MyPlans(asker, whereabouts),
        finder=finder,
        faq=faq,
        second_thoughts=thoughts,
        pasted_plan=PastedPlan(
            content.questions, asker, reader, adviser, intake, answers, thoughts
        ),
        welcome=welcome,
        revision=revision,
        moments=Moments(asker, acts),
        withdrawal=Withdrawal(asker, access, acts),
        privacy=Privacy(operator, asker, access),
        book=book,
        access=access,
        reminders=reminders,
        nudges=nudges,
        clockwork=clockwork,
        desk=desk,
        review_views=views,
        contacts=ContactDesk(access, notices, directory),
        renewal=LinkRenewal(access, notices),
        overview=RegionOverview(access, notices, directory, content.school_days),
        management=management,
        management_chat=management_chat,
        support_requests=support_requests,
        ask_support=ask_support,
        review_chat=review_chat,
        review_board=ReviewBoard(couple, asker),
        couple=couple,
        desk_chat=DeskChat(
            book,
            asker,
            links={Purpose.MANAGEMENT: management_chat.open, Purpose.COUPLE: couple.open},
            pending={
                ADDRESS: ask_support.address,
                NAME: management_chat.name,
                FUNCTION: management_chat.function,
                TEXT: management_chat.text,
                KIND: review_chat.typed,
            },
            asides=Asides(answers.edit, welcome.only_text),
        ),
        alarms=Alarms(operator.email),
    )
