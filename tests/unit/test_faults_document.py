"""The document about faults is made from its table, and leaves no fault out."""

from __future__ import annotations

import pytest
from documents import FAULTS, FAULTS_ROWS, ROOT, faults_page
from proofs import missing_tests, read_rows, unproved

ROWS = read_rows(FAULTS_ROWS)["faults"]

pytestmark = pytest.mark.house


def test_document_is_made_from_the_table() -> None:
    assert FAULTS.read_text() == faults_page()


def test_every_fault_has_a_row_once() -> None:
    assert [int(row.id) for row in ROWS] == list(range(1, 66))


def test_every_named_test_exists() -> None:
    assert missing_tests(ROWS, ROOT) == []


def test_every_row_has_a_test_or_a_reason() -> None:
    assert unproved(ROWS) == []
