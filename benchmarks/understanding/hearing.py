"""Keeps what a pipeline heard in each text, and judges that again with other thresholds."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.understanding.lines import ROOT, Line
from bot.chat.rasa_client import RasaClient
from bot.chat.understanding import Understanding, Understood
from bot.domain.pasted_plan import is_whole_plan
from bot.domain.turn import Open
from bot.services.content import Content


def judgement() -> Any:
    """Give the module by which Rasa judges: it stands beside Rasa, not in our own packages."""
    folder = str(ROOT / "nlu")
    if folder not in sys.path:
        sys.path.append(folder)
    return importlib.import_module("wegwijzer_rasa.judgement")


@dataclass(frozen=True)
class Heard:
    """The ranking of one text, and the two likelihoods; the shares where there are none."""

    guesses: tuple[Any, ...]
    sure: float
    answer: float


def heard_in(parsed: Mapping[str, Any]) -> Heard:
    """Read what the judge in Rasa had before it."""
    rules = judgement()
    guesses = tuple(
        rules.Guess(line["name"], float(line["confidence"])) for line in parsed["intent_ranking"]
    )
    likely = parsed.get("likelihoods") or {}
    return Heard(
        guesses,
        likely.get("sure", rules.likely_right(guesses)),
        likely.get("answer", rules.likely_answer(guesses)),
    )


class Hearing(RasaClient):
    """Remembers what Rasa gave for each text."""

    def __init__(self, url: str, token: str, timeout: float) -> None:
        """Reach Rasa as the app does."""
        super().__init__(url, token, timeout)
        self.heard: dict[str, Heard] = {}

    async def understand(self, text: str, open_: Open) -> dict[str, Any]:
        """Ask Rasa, and remember its ranking."""
        parsed = await super().understand(text, open_)
        self.heard[text] = heard_in(parsed)
        return parsed


class Rejudging(RasaClient):
    """Answers from what was heard before, with thresholds that can be set."""

    def __init__(self, heard: Mapping[str, Heard]) -> None:
        """Judge what was heard; there is nothing to connect to."""
        self._heard = heard
        self._rules = judgement()
        self.at = self._rules.CHOSEN

    async def understand(self, text: str, open_: Open) -> dict[str, Any]:
        """Judge a text as the plan judge in Rasa does, without Rasa."""
        heard = self._heard[text]
        before = self._rules.Heard(
            text,
            heard.guesses,
            heard.sure,
            heard.answer,
            is_choice=open_.is_choice,
            only_choices=open_.only_choices,
            whole_plan=is_whole_plan(text),
        )
        verdict = self._rules.judge(before, open_.kind.value, open_.step, self.at)
        intent = {"name": verdict.intent, "confidence": verdict.confidence}
        return {"intent": intent, "suggestions": list(verdict.suggestions)}


def make_understanding(rasa: RasaClient, content: Content) -> Understanding:
    """Understand with `rasa`, along the road that a message of the chat takes."""
    return Understanding(rasa, content.faq.entries, content.questions)


async def understand_all(
    understanding: Understanding, lines: Iterable[Line]
) -> dict[Line, Understood]:
    """Understand every line but those of schools."""
    return {
        line: await understanding.of(line.text, line.during)
        for line in lines
        if line.kind != "school"
    }
