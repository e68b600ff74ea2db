"""Reads what a person typed or pressed as the answer to a question."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.directory import Match
from bot.domain.escalation import REGION_STEPS, Pick
from bot.domain.plan import Answer, Plan
from bot.domain.plan_intake import road
from bot.domain.plan_questions import Question, QuestionSet
from bot.domain.text import folded, is_blank
from bot.domain.turn import Turn
from bot.services.asking import SEARCHED, Asker
from bot.services.directory_search import DirectorySearch
from bot.texts import plan_intake as words

#: One answer; far above what anybody types, far below what a mail or PDF cannot carry.
MAX_LENGTH = 10_000
#: Names and titles; longer is an answer to another question.
MAX_NAME = 300
_NAMES = frozenset({"school", "place", "titel", "naam", "email", "management_who"})
_NONE = ("geen", "geen van die", "geen van allen", "nee", "niet", "anders", "geen idee")
#: What people also call a question, beside its key and title.
_ALSO_NAMED = {"email": ("mail", "mailadres", "e mailadres"), "management": ("schoolmanagement",)}
_DONT_KNOW = ("weet ik niet", "weet niet", "geen idee", "weet ik niet zeker")
_YES = ("ja", "klopt", "dat klopt", "ja klopt", "die", "ja die")
_EMAIL = re.compile(r"[^@\s<>\"(),:;]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True)
class Rejected:
    """An answer that cannot be stored, with the words that say what to do."""

    words: str


class AnswerReader:
    """Turns a message into an answer: verbatim text, and the value that the rules read."""

    def __init__(self, directory: DirectorySearch, asker: Asker) -> None:
        """Search schools and places in `directory`."""
        self._directory = directory
        self._asker = asker

    def read(self, plan: Plan, question: Question, turn: Turn) -> Answer | Rejected:
        """Read the answer to `question`, or say why it cannot be one."""
        text = turn.pressed.label if turn.pressed else turn.text.strip()
        if is_blank(text):
            return Rejected(words.EMPTY)
        if len(text) > MAX_LENGTH:
            return Rejected(words.TOO_LONG.format(length=len(text), limit=MAX_LENGTH))
        if question.key in _NAMES and len(text) > MAX_NAME:
            return Rejected(words.TOO_LONG_FOR_A_NAME.format(limit=MAX_NAME))
        if question.key in REGION_STEPS:
            return self._region(plan, question.key, text, turn.value)
        if question.key in SEARCHED.values():
            return self._searched(question, text, turn.value)
        if question.key == "email":
            return _email(text)
        if question.options:
            return _option(question, text, turn.value)
        return Answer(question.key, text if turn.pressed else turn.text)

    def step_named(self, plan: Plan, questions: QuestionSet, text: str) -> str | None:
        """Find the step that a sentence names ("ik wil mijn doelen aanpassen"), or None."""
        said = f" {folded(text)} "
        number = re.search(r" vraag (\d) ", said)
        for key in road(questions, plan.answers):
            position = questions.position(key)
            if number and position and position[0] == int(number.group(1)):
                return key
        for key in road(questions, plan.answers):
            names = _names(key, questions[key].title)
            if any(f" {name} " in said for name in names):
                return key
        return None

    def _searched(self, question: Question, text: str, value: str | None) -> Answer | Rejected:
        if question.options:
            option = question.option_by_value(value) or question.option_for(text)
            if not option and folded(text) in _DONT_KNOW:
                return Answer(question.key, None)
            if not option:
                return Rejected(words.NOT_AN_OPTION)
            regions = self._directory.in_province(option.value)
            found = [Pick(region.id).encode() for region in regions]
            return Answer(question.key, option.label, "\n".join(found) or None)
        matches = self._directory.find(text)
        return Answer(question.key, text, "\n".join(map(_encode, matches)) or None)

    def _region(self, plan: Plan, step: str, text: str, value: str | None) -> Answer | Rejected:
        options = self._asker.region_options(plan, step)
        said = folded(text)
        picked = [option for option in options if option[0] == value or folded(option[1]) == said]
        if not picked and said in _NONE:
            picked = options[-1:]
        if not picked and said in _YES and len(options) == 2:
            picked = options[:1]
        if not picked:
            picked = [option for option in options if f" {said} " in f" {folded(option[1])} "]
        if len(picked) == 1:
            return Answer(step, picked[0][1], picked[0][0])
        # Something else was typed: search with it, as the answer to the step that was searched.
        matches = self._directory.find(text)
        if not matches:
            return Rejected(words.NOT_AN_OPTION)
        again = "school" if step == "school_region" else "place"
        return Answer(again, text, "\n".join(map(_encode, matches)))


def _names(key: str, title: str) -> set[str]:
    bare = folded(title).removeprefix("je ").removeprefix("het ").removeprefix("welke ")
    return {folded(key), folded(title), bare, *_ALSO_NAMED.get(key, ())}


def _encode(match: Match) -> str:
    return Pick(match.region.id, match.school).encode()


def _option(question: Question, text: str, value: str | None) -> Answer | Rejected:
    option = question.option_by_value(value) or question.option_for(text)
    if option and (value or not question.free or folded(option.label) == folded(text)):
        return Answer(question.key, option.label, option.value)
    if question.free:
        return Answer(question.key, text, option.value if option else None)
    return Rejected(words.NOT_AN_OPTION)


def _email(text: str) -> Answer | Rejected:
    found = _EMAIL.search(text)
    if not found:
        return Rejected(words.NOT_AN_EMAIL)
    return Answer("email", found.group(0))
