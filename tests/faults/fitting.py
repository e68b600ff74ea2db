"""Whom each thing that teachers do fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis.stateful import precondition

from tests.faults.model import FREE, Written

Fits = Callable[[Written], bool]


def has_no_plan(teacher: Written) -> bool:
    return teacher.plan_id is None


def is_asked(teacher: Written) -> bool:
    return teacher.step is not None


def has_free_answers(teacher: Written) -> bool:
    return any(said.step in FREE for said in teacher.said)


def is_at_read_back(teacher: Written) -> bool:
    return teacher.is_at_read_back


def is_with_region(teacher: Written) -> bool:
    return teacher.is_with_region


def has_read_back(teacher: Written) -> bool:
    """So that plans live long enough."""
    return teacher.is_at_read_back or teacher.is_with_region


def where(fits: Fits) -> Callable[[Any], Any]:
    """Make a rule possible while it fits some teacher."""
    return precondition(lambda machine: any(map(fits, machine.written)))
