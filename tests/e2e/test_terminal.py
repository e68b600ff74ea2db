"""The conversation for scripts: one line in, one JSON object out, with a Rasa of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bot.delivery.maildir import MaildirMailer
from tests.harness import ROOT
from tests.person import PLAN_ANSWERS, SIX


def test_plan_through_the_terminal_ends_in_the_local_mailbox(model: Path, tmp_path: Path) -> None:
    (tmp_path / "models").symlink_to(model.parent)
    lines = [
        {"text": "hallo"},
        {"press": "Plan maken"},
        *({"text": text} for text in PLAN_ANSWERS.values()),
        {"press": "Versturen"},
        {"text": "waar staat mijn plan?"},
    ]
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat", "--json"],
        input="\n".join(json.dumps(line) for line in lines),
        cwd=tmp_path,
        env={
            "WEGWIJZER_DATA_DIR": str(tmp_path),
            "WEGWIJZER_HOME": str(ROOT),
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr

    turns = [json.loads(line)["replies"] for line in done.stdout.splitlines()]

    assert len(turns) == len(lines)
    assert turns[0][0]["choices"][:2] == ["Plan maken", "Vraag stellen"]
    receipt = turns[-2][0]
    assert receipt["document"]["name"].startswith("STO-")
    assert Path(receipt["document"]["path"]).read_bytes().startswith(b"%PDF")
    (heading,) = MaildirMailer(tmp_path / "postvak").list_mails()
    mail = MaildirMailer(tmp_path / "postvak").read_mail(heading.key)
    assert mail
    for step in SIX:
        assert PLAN_ANSWERS[step] in mail.text


def test_wrong_line_is_explained_and_the_next_one_answered(model: Path, tmp_path: Path) -> None:
    (tmp_path / "models").symlink_to(model.parent)

    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat", "--json"],
        input='geen json\n{"text": "hallo"}\n',
        env={
            "WEGWIJZER_DATA_DIR": str(tmp_path),
            "WEGWIJZER_HOME": str(ROOT),
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip

    wrong, right = (json.loads(line) for line in done.stdout.splitlines())
    assert '{"text": "…"}' in wrong["error"]
    assert "wegwijzer" in right["replies"][0]["text"]
    assert done.returncode == 0
