"""Who asks is known by the connection; a header says so only behind a proxy on this machine."""

from __future__ import annotations

import httpx
import pytest

from tests.integration.running_chat import ChatMaker

pytest_plugins = ["tests.integration.chat_fixtures"]


@pytest.mark.parametrize(("peer", "expected"), [("127.0.0.1", 200), ("127.0.0.2", 429)])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_only_a_proxy_on_this_machine_names_the_visitor(
    chats: ChatMaker, peer: str, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.parts.BEGINNINGS_PER_MINUTE", 2)
    async with chats.run() as chat:
        host, port = chat.parts.listening.getsockname()[:2]
        statuses = []
        for number in range(3):
            async with httpx.AsyncClient(
                base_url=f"http://{host}:{port}",
                transport=httpx.AsyncHTTPTransport(local_address=peer),
                headers={"X-Forwarded-For": f"203.0.113.{number}", "Accept": "application/json"},
            ) as browser:
                await browser.get("/", headers={"Accept": "text/html"})
                answer = await browser.post(
                    "/chat/messages",
                    data={"text": "hallo"},
                    headers={"Origin": str(browser.base_url)},
                )
            statuses.append(answer.status_code)

    assert statuses == [200, 200, expected]
