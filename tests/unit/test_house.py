"""The house rules that no other tool keeps: locks, containers, sizes, names and quiet imports."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.config import Settings

ROOT = Path(__file__).parents[2]
LOCKS = sorted(ROOT.glob("requirements/*.txt"))
HASHES = r"( --hash=sha256:[0-9a-f]{64})+"
PIN = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[\w.]+)( ; [^-]+?)?" + HASHES)
#: All that each image is made of: no history, no tests, no tools.
IMAGES = {
    "app": {
        "--from=build /app/.venv .venv",
        "LICENSE pyproject.toml ./",
        "actions actions",
        "bot bot",
        "content content",
    },
    "rasa": {
        "--from=training /app/.venv-nlu .venv-nlu",
        "--from=training --chown=wegwijzer:wegwijzer /app/var/models models",
        "nlu nlu",
    },
}

pytestmark = pytest.mark.house


def read_pins(lock: str) -> dict[str, str]:
    pins = {}
    for line in logical_lines((ROOT / "requirements" / lock).read_text()):
        pin = PIN.fullmatch(line)
        assert pin, line
        pins[pin["name"]] = pin["version"]
    return pins


def logical_lines(text: str) -> Iterator[str]:
    joined = re.sub(r" \\\n\s*", " ", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    return (line for line in joined.splitlines() if line.strip())


def modules() -> list[Path]:
    return sorted(path for folder in ("bot", "actions") for path in (ROOT / folder).rglob("*.py"))


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def named(paths: Iterator[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_holds_only_hashed_pins(lock: Path) -> None:
    lines = list(logical_lines(lock.read_text()))

    assert lines
    assert [line for line in lines if not PIN.fullmatch(line)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_names_no_address_or_machine(lock: Path) -> None:
    comments = re.findall(r"#.*", lock.read_text())

    assert [comment for comment in comments if re.search(r"://|\s~?/|--[a-z]+-", comment)] == []


@pytest.mark.parametrize(
    ("lock", "groups"),
    [("app.txt", []), ("dev.txt", ["test", "dev"]), ("nlu.txt", ["nlu"]), ("uv.txt", ["setup"])],
)
def test_lock_fits_what_pyproject_asks(lock: str, groups: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = [entry for group in groups for entry in project["dependency-groups"][group]]
    if lock in ("app.txt", "dev.txt"):
        asked += project["project"]["dependencies"]
    pins = read_pins(lock)

    for requirement in (Requirement(entry) for entry in asked if isinstance(entry, str)):
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)])


def test_tests_use_the_app_versions() -> None:
    app, dev = read_pins("app.txt"), read_pins("dev.txt")

    assert {name: dev.get(name) for name in app} == app


def test_rasa_and_database_are_unreachable() -> None:
    file = compose()

    for name in ("rasa", "postgres"):
        service = file["services"][name]
        assert not {"ports", "network_mode", "extra_hosts"} & service.keys()
        assert service["networks"]
        for network in service["networks"]:
            assert file["networks"][network] == {"internal": True}


def test_rasa_cannot_reach_the_database() -> None:
    services = compose()["services"]

    assert set(services["rasa"]["networks"]) & set(services["postgres"]["networks"]) == set()


def test_only_this_machine_reaches_the_app() -> None:
    assert all(port.startswith("127.0.0.1:") for port in compose()["services"]["app"]["ports"])


@pytest.mark.parametrize("name", ["app", "rasa", "postgres"])
def test_container_runs_caged_and_watched(name: str) -> None:
    service = compose()["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["stop_grace_period"] == "60s"
    assert service["healthcheck"]["test"][0] == "CMD"
    assert "privileged" not in service


def test_compose_passwords_have_no_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()

    for variable in re.findall(r"\$\{(.*?)\}", text):
        assert variable.endswith(":?see .env.example")
        assert variable.split(":")[0] in (ROOT / ".env.example").read_text()


def test_example_names_only_true_settings() -> None:
    names = re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    known = {f"WEGWIJZER_{field.upper()}" for field in Settings.model_fields}

    assert names
    assert set(names) - known == {"POSTGRES_PASSWORD"}


def test_image_gets_all_that_it_copies() -> None:
    allowed = re.findall(r"^!(.*)", (ROOT / ".dockerignore").read_text(), flags=re.MULTILINE)
    dockerfile = (ROOT / "Dockerfile").read_text()
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", dockerfile, flags=re.MULTILINE)
    sources = {source for line in copied for source in line.split()}

    assert sources == set(allowed)
    assert [source for source in sorted(sources) if not (ROOT / source).exists()] == []


@pytest.mark.parametrize("name", IMAGES)
def test_image_holds_only_what_it_runs(name: str) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    stages = re.split(r"^FROM ", dockerfile, flags=re.MULTILINE | re.IGNORECASE)
    base, stage = next(one for one in stages if f" AS {name}\n" in one).split(f" AS {name}\n")
    put_in = re.findall(r"^\s*(?:COPY|ADD) (.*)", stage, flags=re.MULTILINE | re.IGNORECASE)

    assert compose()["services"][name]["build"]["target"] == name
    # A stage of our own would bring all that was copied there.
    assert re.fullmatch(r"python:[\d.]+-slim-\w+", base)
    assert set(put_in) == IMAGES[name]
    # A mount could bring files as well.
    assert "--mount" not in stage


def test_images_do_not_run_as_root() -> None:
    stages = (ROOT / "Dockerfile").read_text().split("\nFROM ")
    started = [stage for stage in stages if "\nCMD " in stage]

    assert len(started) == 2
    assert all("\nUSER wegwijzer\n" in stage for stage in started)


def test_every_module_stays_small() -> None:
    too_long = (path for path in modules() if len(path.read_text().splitlines()) > 250)

    assert named(too_long) == []


def test_every_module_has_a_telling_name() -> None:
    vague = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "data"}

    assert named(path for path in modules() if path.stem.strip("_") in vague) == []


def test_importing_needs_and_does_nothing(tmp_path: Path) -> None:
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in modules()
        # Alembic runs these by itself, with a connection at hand.
        if "migrations" not in path.parts
    ]

    done = subprocess.run(
        [sys.executable, "-I", "-B", Path(__file__).with_name("import_quietly.py"), ROOT, *names],
        env={},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {}
    assert list(tmp_path.iterdir()) == []
