"""The composition root: makes every part and hands each one what it needs."""

from __future__ import annotations

import os
import socket
import uuid
from dataclasses import dataclass
from typing import Any

from rasa_sdk.executor import ActionExecutor
from starlette.applications import Starlette
from telegram import Bot

from actions import all_actions
from bot.bootstrap_mail import make_mailer
from bot.bootstrap_operator import operator_of
from bot.bootstrap_secrets import link_secret, rasa_token, webhook_secret
from bot.bootstrap_telegram import make_bot
from bot.chat.commands import command_table, read_text
from bot.chat.intake import Intake
from bot.chat.presses import press_table
from bot.chat.rasa_client import RasaClient
from bot.chat.rasa_model import Address
from bot.chat.rasa_server import RasaServer, RasaWatch
from bot.chat.telegram import Poller, TelegramDoor
from bot.chat.turn_taker import Bells, Desk, TurnTaker
from bot.chat.worker import ConversationWorker, WorkerOptions
from bot.config import Settings, keep_of
from bot.delivery.documents import DocumentMaker
from bot.delivery.mail_sender import EmailSender
from bot.delivery.pace import Pace
from bot.delivery.present_address import PresentAddressSender
from bot.delivery.telegram import TelegramSender, noting_parts
from bot.delivery.urgent_mail import UrgentMail
from bot.delivery.worker import DeliveryWorker, Sender
from bot.domain.conversation import Conversation
from bot.domain.inbox import Channel, Incoming
from bot.domain.troubles import Trouble
from bot.services.bell import Bell, Broadcast
from bot.services.clock import Clock, SystemClock
from bot.services.clock_worker import ClockWorker
from bot.services.content import read_content
from bot.services.directory_refresh import DirectoryRefresh
from bot.services.heartbeat import Heartbeat
from bot.services.links import Addresses, LinkBook, LinkSigner
from bot.services.retention import Retention
from bot.services.storage_watch import StorageWatch
from bot.services.use_cases import UseCases, make_use_cases
from bot.services.wiping import Wiper
from bot.storage.database import Database
from bot.storage.only_one import OnlyOne
from bot.web.app import make_web_app
from bot.web.limits import Limiter
from bot.web.listening import action_url, free_port, listen, public_url
from bot.web.parts import DeskParts, WebParts


@dataclass
class Parts:
    """Everything that runs, wired; `bot.running` starts and stops it."""

    settings: Settings
    clock: Clock
    database: Database
    services: UseCases
    addresses: Addresses
    schools: DirectoryRefresh
    retention: Retention
    wiper: Wiper
    channels: tuple[Channel, ...]
    intake: Intake
    inbox_bell: Bell
    said: Broadcast
    rasa: RasaClient
    watch: RasaWatch
    rasa_server: RasaServer | None
    worker: ConversationWorker
    delivery: DeliveryWorker
    clock_worker: ClockWorker
    documents: DocumentMaker
    bot: Bot | None
    door: TelegramDoor | None
    poller: Poller | None
    heartbeat: Heartbeat
    storage_watch: StorageWatch
    webhook_secret: str
    web: Starlette
    listening: socket.socket


def make_database(settings: Settings, clock: Clock | None = None) -> Database:
    """Give the database that the settings name."""
    return Database(settings.database, clock or SystemClock())


def make_parts(settings: Settings, channels: tuple[Channel, ...], port: int) -> Parts:
    """Make everything for serving `channels`, listening on `port` (0: any free one)."""
    clock = SystemClock()
    database = make_database(settings, clock)
    operator = operator_of(settings)
    content = read_content(settings.content)
    listening = listen(settings.host, port)
    addresses = Addresses(settings.public_url or public_url(listening))
    book = LinkBook(LinkSigner(link_secret(settings)), addresses)
    services = make_use_cases(database, clock, content, operator, book)
    inbox_bell, outbox_bell, said = Bell(), Bell(), Broadcast()
    intake = Intake(database, clock, inbox_bell, book.signer)
    heartbeat = Heartbeat(database, clock)
    documents = DocumentMaker(database, clock)
    bot = make_bot(settings) if Channel.TELEGRAM in channels else None
    door = TelegramDoor(bot, intake, database) if bot else None

    token = rasa_token(settings)
    address = Address(free_port(), action_url(listening), token)
    rasa = RasaClient(settings.rasa_url or address.url, token, settings.rasa_timeout)

    async def show_typing(talk: Conversation) -> None:
        if door:
            await door.show_typing(talk)

    taker = TurnTaker(
        database,
        clock,
        rasa,
        services.runner,
        Desk(
            commands=command_table(services),
            presses=press_table(services),
            link=services.desk_chat.open_link,
            at_desk=services.desk_chat.typed,
            edit=services.desk_chat.edited,
            go_on=services.answers.go_on,
            only_text=services.desk_chat.only_text,
            expired=services.welcome.expired,
        ),
        Bells(outbox_bell, said),
        show_typing,
        services.alarms,
    )

    def rasa_changed(is_ready: bool) -> None:
        taker.rasa_is_ready = is_ready
        inbox_bell.ring()
        # The pages show whether we can think.
        said.ring()

    watch = RasaWatch(rasa, rasa_changed)
    mailer, postvak = make_mailer(settings)
    urgent = UrgentMail(mailer, settings.mail_from, settings.operator_email, clock, book)
    storage_watch = StorageWatch(database, clock, urgent.send)
    email = EmailSender(database, mailer, settings.mail_from, clock, book)
    senders: dict[str, Sender] = {
        "email": PresentAddressSender(database, email, services.access, clock)
    }
    if bot:
        senders["telegram"] = TelegramSender(
            bot, documents, Pace(), noting_parts(database), book.fill
        )
    owner = f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"

    async def receive_update(update: dict[str, Any]) -> None:
        if door:
            await door.receive([update])

    async def tell_taken() -> None:
        async with database.write() as uow:
            await services.alarms.tell(uow, clock.now(), Trouble.TAKEN)

    async def receive(message: Incoming) -> int | None:
        return await intake.store_one(message)

    web_parts = WebParts(
        store=database,
        receive=receive,
        read_text=read_text,
        said=said,
        make_document=documents.make,
        is_ready=lambda: watch.is_ready,
        can_store=lambda: storage_watch.can_store,
        operator=operator,
        postvak=postvak,
        fill=book.fill,
        public_url=addresses.public_url,
    )
    secret = webhook_secret(settings)
    return Parts(
        settings=settings,
        clock=clock,
        database=database,
        services=services,
        addresses=addresses,
        schools=DirectoryRefresh(database, content.directory),
        retention=Retention(database, clock, keep_of(settings)),
        wiper=Wiper(database, clock),
        channels=channels,
        intake=intake,
        inbox_bell=inbox_bell,
        said=said,
        rasa=rasa,
        watch=watch,
        rasa_server=None if settings.rasa_url else RasaServer(settings, address, watch),
        worker=ConversationWorker(database, taker, inbox_bell, WorkerOptions(owner, channels)),
        delivery=DeliveryWorker(database, clock, senders, outbox_bell, services.alarms),
        clock_worker=ClockWorker(database, services.clockwork, clock),
        documents=documents,
        bot=bot,
        door=door,
        poller=Poller(bot, door, heartbeat.reached, tell_taken, OnlyOne(database))
        if bot and door
        else None,
        heartbeat=heartbeat,
        storage_watch=storage_watch,
        webhook_secret=secret,
        web=make_web_app(
            web_parts,
            DeskParts(database, clock, services, documents.make, Limiter()),
            run_action=_action_runner(services),
            token=token,
            webhook=(receive_update, secret)
            if door and settings.telegram_mode == "webhook"
            else None,
        ),
        listening=listening,
    )


def _action_runner(services: UseCases) -> Any:
    executor = ActionExecutor()
    for action in all_actions(services):
        executor.register_action(action)

    async def run_action(call: dict[str, Any]) -> dict[str, Any] | None:
        result = await executor.run(call)
        return result.model_dump() if result else None

    return run_action
