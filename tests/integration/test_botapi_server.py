"""The Bot API test server as a whole: outages, threads, people and control routes."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from telegram import Bot
from telegram.error import NetworkError

from tests.botapi import TOKEN, BotApiServer, TelegramWorld
from tests.botapi.clients import connect, keyboard, start_long_poll, texts
from tests.botapi.server import listen


@pytest.fixture
def server() -> Iterator[BotApiServer]:
    with BotApiServer(TelegramWorld()) as running:
        yield running


@pytest.fixture
async def bot(server: BotApiServer) -> AsyncIterator[Bot]:
    async with connect(server) as ready:
        yield ready


async def test_stopped_server_returns_on_its_port(bot: Bot, server: BotApiServer) -> None:
    poll = await start_long_poll(bot, server.world)
    url = server.url

    server.stop()
    with pytest.raises(NetworkError):
        await poll
    server.world.user().send_text("tijdens de storing")
    with pytest.raises(NetworkError):
        await bot.get_updates()
    server.start()

    assert server.url == url
    assert texts(await bot.get_updates()) == ["tijdens de storing"]


async def test_twenty_people_type_from_threads(bot: Bot, server: BotApiServer) -> None:
    users = [server.world.user() for _ in range(20)]
    threads = [
        threading.Thread(target=lambda who=user: [who.send_text(str(n)) for n in range(10)])
        for user in users
    ]

    for thread in threads:
        thread.start()
    offset = 0
    seen: list[tuple[int, str | None]] = []
    while len(seen) < 200:
        batch = await bot.get_updates(offset=offset, timeout=5)
        seen += [(said.chat.id, said.text) for update in batch if (said := update.message)]
        offset = batch[-1].update_id + 1
    for thread in threads:
        thread.join()

    for user in users:
        assert [text for chat, text in seen if chat == user.id] == [str(n) for n in range(10)]


async def test_person_asks_and_taps(bot: Bot, server: BotApiServer) -> None:
    user = server.world.user()

    async def answer_once(offset: int = 0) -> int:
        (update,) = await bot.get_updates(offset=offset, timeout=5)
        query, said = update.callback_query, update.message
        what = query.data if query else said and said.text
        await bot.send_message(user.id, f"Je zei {what}", reply_markup=keyboard("Verder"))
        return update.update_id + 1

    working = asyncio.create_task(answer_once())
    (first,) = await user.ask("hallo")
    pressing = asyncio.create_task(answer_once(await working))
    (second,) = await user.tap("Verder")
    await pressing

    assert (first.text, second.text) == ("Je zei hallo", "Je zei k:Verder")


def test_waiting_works_without_event_loop(server: BotApiServer) -> None:
    user = server.world.user()
    user.send_text("hallo")
    call = {"chat_id": user.id, "text": "dag"}
    url = f"{server.base_url}{TOKEN}/sendMessage"
    sending = threading.Thread(target=httpx.post, args=(url,), kwargs={"json": call})
    sending.start()

    (received,) = user.wait_for_blocking("dag")

    sending.join()
    assert received.text == "dag"


async def test_waiting_in_vain_tells_what_came(server: BotApiServer) -> None:
    user = server.world.user()

    with pytest.raises(TimeoutError, match=r"waited for 'hallo', got 0"):
        await user.wait_for("hallo", within=0.05)


async def test_control_routes_act_as_person(bot: Bot, server: BotApiServer) -> None:
    async with httpx.AsyncClient(base_url=f"{server.url}/control") as control:
        sent = await control.post("/send", json={"user_id": 7, "text": "hallo"})
        await control.post(
            "/edit", json={"user_id": 7, "message_id": sent.json()["message_id"], "text": "dag"}
        )
        waiting = asyncio.create_task(control.get("/received?user_id=7&wait=5"))
        await bot.send_message(7, "Kies", reply_markup=keyboard("Ja"))
        message = (await waiting).json()["messages"][0]
        pressed = await control.post("/press", json={"user_id": 7, "label": "Ja"})
        missed = await control.post("/press", json={"user_id": 7, "label": "Nee"})

    kinds = [update.kind for update in server.world.updates]
    assert kinds == ["message", "edited_message", "callback_query"]
    assert (message["text"], message["labels"]) == ("Kies", ["Ja"])
    assert pressed.json()["callback_query_id"] in server.world.callbacks
    assert missed.status_code == 400
    assert "no button 'Nee'" in missed.json()["error"]


def test_server_runs_by_itself() -> None:
    with listen() as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.botapi", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ}) as alone:
        try:
            assert alone.stdout
            lines = [alone.stdout.readline() for _ in range(5)]
            answer = httpx.get(f"http://127.0.0.1:{port}/bot{TOKEN}/getMe")
        finally:
            alone.terminate()

    assert lines[-1] == "Ready\n"
    assert answer.json()["result"]["username"] == "wegwijzer_bot"
