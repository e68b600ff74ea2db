"""The app as a process: what it logs, writes and does when it is asked to stop."""

from __future__ import annotations

import stat
from pathlib import Path

import httpx

from tests.botapi import BotApiServer, TelegramWorld
from tests.harness import RunningApp

WRONG_TOKEN = "999:VERKEERDGEHEIM"


def test_refused_token_is_logged_without_the_token(app: RunningApp) -> None:
    with BotApiServer(TelegramWorld()) as server:
        app.environment |= {
            "WEGWIJZER_TELEGRAM_TOKEN": WRONG_TOKEN,
            "WEGWIJZER_TELEGRAM_API_URL": server.url,
        }
        app.start()
        status = app.stop()

    assert status == 0
    assert "telegram_token_refused" in app.log
    assert "VERKEERDGEHEIM" not in app.log


def test_web_goes_on_without_telegram(app: RunningApp) -> None:
    app.environment |= {
        "WEGWIJZER_TELEGRAM_TOKEN": WRONG_TOKEN,
        "WEGWIJZER_TELEGRAM_API_URL": "http://127.0.0.1:9",
    }
    app.start()

    assert httpx.get(app.base_url + "/", trust_env=False).status_code == 200
    assert app.stop() == 0


def test_what_it_writes_is_for_its_own_user_alone(running_app: RunningApp) -> None:
    written = [path for path in running_app.folder.rglob("*") if path.name != "app.log"]

    assert {path.name for path in written} >= {"wegwijzer.db", "wegwijzer.db.web.lock"}
    for path in written:
        assert not _others_may(path), path


def _others_may(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def test_second_app_on_the_same_data_is_refused_in_one_sentence(running_app: RunningApp) -> None:
    second = RunningApp(running_app.folder, 0, running_app.environment)
    second.start(wait=False)
    assert second.process

    assert second.process.wait(timeout=60) == 1
    assert "draait hier al" in " ".join(running_app.log.split())
    assert "Traceback" not in running_app.log


def test_taken_port_is_refused_in_one_sentence(running_app: RunningApp, tmp_path: Path) -> None:
    second = RunningApp(tmp_path / "other", running_app.port, running_app.environment)
    second.start(wait=False)
    assert second.process

    assert second.process.wait(timeout=60) == 1
    assert "WEGWIJZER_PORT" in second.log
