"""Whose fault a failed turn is: the message's, or that of a Rasa that handles nothing."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat import rasa_doubt
from bot.chat.rasa_client import RasaFailedError, RasaUnavailableError
from bot.chat.rasa_doubt import RasaDoubt

ROW: Any = object()


class ScriptedRasa:
    """Ends turns as told, and says as told whether it understands anything."""

    def __init__(self, turns: list[Exception | None], able: list[bool]) -> None:
        self._turns = turns
        self._able = able
        self.sent = 0
        self.asked = 0

    async def turn(self, row: Any) -> None:
        assert row is ROW
        self.sent += 1
        if error := self._turns.pop(0):
            raise error

    async def is_able(self) -> bool:
        self.asked += 1
        return self._able.pop(0)


@pytest.fixture
def asks_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa_doubt, "_ASK_AGAIN", 0.0)


def doubting(*turns: Exception | None, able: list[bool]) -> tuple[ScriptedRasa, RasaDoubt]:
    scripted: Any = ScriptedRasa(list(turns), able)
    return scripted, RasaDoubt(scripted)


async def test_turn_that_goes_well_asks_nothing() -> None:
    rasa, doubt = doubting(None, able=[])

    await doubt.turn(ROW)

    assert (rasa.sent, rasa.asked) == (1, 0)


async def test_message_is_to_blame_when_others_go_well() -> None:
    rasa, doubt = doubting(RasaFailedError("status_502"), None, able=[True])

    with pytest.raises(RasaFailedError):
        await doubt.turn(ROW)
    await doubt.turn(ROW)

    assert (rasa.sent, rasa.asked) == (2, 1)


@pytest.mark.usefixtures("asks_each_time")
async def test_nothing_is_sent_to_a_rasa_in_doubt() -> None:
    rasa, doubt = doubting(RasaFailedError("no_json"), None, able=[False, False, True])

    for _ in range(2):
        with pytest.raises(RasaUnavailableError):
            await doubt.turn(ROW)
    sent_before = rasa.sent
    await doubt.turn(ROW)

    assert (sent_before, rasa.sent, rasa.asked) == (1, 2, 3)


@pytest.mark.usefixtures("asks_each_time")
async def test_message_that_breaks_a_sound_rasa_is_to_blame() -> None:
    failed = [RasaFailedError("ReadTimeout") for _ in range(3)]
    rasa, doubt = doubting(*failed, able=[False, True, False, True, False])

    errors: list[type[Exception]] = []
    for _ in range(3):
        with pytest.raises((RasaUnavailableError, RasaFailedError)) as raised:
            await doubt.turn(ROW)
        errors.append(raised.type)

    assert errors == [RasaUnavailableError, RasaFailedError, RasaFailedError]
    assert rasa.sent == 3


async def test_rasa_in_doubt_is_asked_now_and_then() -> None:
    rasa, doubt = doubting(RasaFailedError("no_json"), able=[False])

    for _ in range(5):
        with pytest.raises(RasaUnavailableError):
            await doubt.turn(ROW)

    assert (rasa.sent, rasa.asked) == (1, 1)


async def test_rasa_that_cannot_be_reached_blames_nobody() -> None:
    rasa, doubt = doubting(RasaUnavailableError(), able=[])

    with pytest.raises(RasaUnavailableError):
        await doubt.turn(ROW)

    assert rasa.asked == 0
