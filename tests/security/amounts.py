"""How many cases of each kind the tests of security try, counted from what they go through."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from tests.integration import test_ten_thousand_guesses as guessing
from tests.security import test_doors, test_injection, test_schemathesis
from tests.security.cases import number_of_cases

Test = Callable[..., Any]
#: Of the tests of doors, those about what opens one: links, tickets, cookies, secrets.
TOKENS = (
    test_doors.test_altered_ticket_opens_nothing,
    test_doors.test_ticket_of_another_link_opens_nothing,
    test_doors.test_altered_session_opens_nothing,
    test_doors.test_forged_action_call_is_refused_unread,
    test_doors.test_forged_webhook_is_refused_unread,
    test_doors.test_secret_in_the_address_opens_nothing,
)
#: Those that send what is made from the description of a door.
MADE = (
    test_schemathesis.test_stranger_gets_proper_answers_and_changes_nothing,
    test_schemathesis.test_who_may_come_in_gets_proper_answers,
)
#: A list of guesses is half of words from nothing and half of altered ones.
GUESSED = 2 * guessing.EACH


def amounts() -> dict[str, int]:
    """Give how many cases there are by kind; each once, however many databases it runs on."""
    doors = set(tests_of(test_doors)) - set(TOKENS)
    return {
        "injection: hostile texts, at each place where one comes out": sum(
            map(number_of_cases, tests_of(test_injection))
        ),
        "tokens: altered tickets, sessions and secrets, at each door": sum(
            map(number_of_cases, TOKENS)
        ),
        "tokens: guessed and altered links": GUESSED,
        "callbacks: guessed and altered keys of buttons": GUESSED,
        "web: strangers, methods, bodies, headers and paths, at each door": sum(
            map(number_of_cases, doors)
        ),
        "web: requests made from the description, at most": test_schemathesis.EXAMPLES_SHORT
        * sum(map(number_of_cases, MADE)),
    }


def tests_of(module: ModuleType) -> list[Test]:
    """Give the tests that a module has itself."""
    return [
        one
        for name, one in vars(module).items()
        if name.startswith("test_") and callable(one) and one.__module__ == module.__name__
    ]


def amount_lines() -> list[str]:
    """Give the amounts as a table."""
    rows = [f"| {kind} | {number:,} |" for kind, number in amounts().items()]
    return ["| Kind | Cases |", "|---|---:|", *rows]
