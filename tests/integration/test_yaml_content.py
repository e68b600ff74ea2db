"""The YAML files of content/: a fault in one is named in plain Dutch, with the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.errors import ContentError
from bot.services.faq_content import read_faq
from bot.services.plan_questions import read_questions

NOT_UTF_8 = "- id: coördinatie\n".encode("latin-1")


def fault_of_faq(folder: Path, content: bytes) -> str:
    """Read a file of the FAQ that cannot be used, and give what the beheerder is told."""
    (folder / "geld.yml").write_bytes(content)
    with pytest.raises(ContentError) as told:
        read_faq(folder)
    return str(told.value)


def test_questions_in_another_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan_questions.yml"
    path.write_bytes(NOT_UTF_8)

    with pytest.raises(ContentError, match=r"^plan_questions\.yml is niet te lezen: .* als UTF-8"):
        read_questions(path)


def test_faq_in_another_encoding_is_refused(tmp_path: Path) -> None:
    assert fault_of_faq(tmp_path, NOT_UTF_8) == (
        "geld.yml is niet te lezen: sla het bestand op als UTF-8."
    )


def test_fault_in_the_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    fault = fault_of_faq(tmp_path, b"- id: 'een\n- id: twee\n")

    assert fault.startswith("geld.yml is niet te lezen: ")
    assert "line 1" in fault


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"^plan_questions\.yml is niet te lezen"):
        read_questions(tmp_path / "plan_questions.yml")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("then: vind_regio", "then vind_regio ken ik niet; kies uit find_region."),
        ("then: [find_region]", "then ['find_region'] ken ik niet; kies uit find_region."),
        ("status: nieuw", "status nieuw ken ik niet; kies uit current, old, derived."),
    ],
)
def test_value_that_means_nothing_is_named(tmp_path: Path, line: str, fault: str) -> None:
    entry = f"- id: ja\n  question: a\n  short: b\n  answer: c\n  sources: [flyer]\n  {line}\n"
    status = "" if line.startswith("status") else "  status: current\n"

    assert fault_of_faq(tmp_path, (entry + status).encode()) == f"geld.yml, vraag ja: {fault}"


def test_text_stays_text(tmp_path: Path) -> None:
    (tmp_path / "geld.yml").write_text(
        "- {id: ja, question: yes, short: no, answer: 2029, status: current, sources: [flyer]}\n",
        encoding="utf-8",
    )

    entry = read_faq(tmp_path).entries["ja"]

    assert (entry.question, entry.short, entry.answer) == ("yes", "no", "2029")
