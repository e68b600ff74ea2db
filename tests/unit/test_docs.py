"""README, manuals and example settings say what the code does."""

from __future__ import annotations

import ast
import re
import stat
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from typer.main import get_command

from bot.chat.commands import ALSO, DESCRIPTIONS
from bot.cli import app
from bot.config import Settings, made_secret, secret_file
from bot.texts.backup import DUMP_RECIPE, RESTORE_RECIPE

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
MANUAL = ROOT / "docs/handleiding-beheerder.md"
PAGES = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
FIELDS = Settings.model_fields
#: Log lines of which an operator need not know, and why.
ONLY_FOR_DEVELOPERS = {
    "lease_not_released": "the chat stays with the process that has it, which can go on",
    "other_backup_runs": "files of a backup that is still being made are left alone",
    "retention_tried": "the command with --dry-run says on the screen what it counted",
    "telegram_side_step_failed": "a courtesy at a button or in a group; nothing waits for it",
    "typing_not_shown": "the answer comes all the same",
}

pytestmark = pytest.mark.house


def table_under(page: Path, heading: str) -> list[list[str]]:
    """Give the cells of the first table under a heading, without its head."""
    section = page.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def settings_row(name: str, field: FieldInfo) -> list[str]:
    default = "leeg" if field.default is None else f"`{field.default}`"
    if field.default is PydanticUndefined:
        default = "de map van het project"
    return [f"`WEGWIJZER_{name.upper()}`", default, field.description or ""]


def command_names(command: Any, name: str = "wegwijzer") -> Iterator[str]:
    commands = getattr(command, "commands", None)
    if commands is None:
        yield name
    else:
        for part, below in commands.items():
            yield from command_names(below, f"{name} {part}")


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))


def typed(page: Path) -> str:
    """Give what the page shows as code, one piece a line."""
    code = re.findall(r"```\w*\n(.*?)```|`([^`\n]+)`", page.read_text(), flags=re.DOTALL)
    return "\n".join(block or inline for block, inline in code)


def links(page: Path) -> list[str]:
    """Give the relative links of a page, images among them."""
    found = re.findall(r"\]\(([^)\s]+)\)|\ssrc=\"([^\"]+)\"", page.read_text())
    return [link for link in map("".join, found) if not re.match(r"[a-z]+:", link)]


def anchors(page: Path) -> set[str]:
    """Give the anchors of a page's headings as Git hosts make them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def resolved(dotted: str) -> object:
    """Find what a dotted name names; raises when it names nothing."""
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found: object = import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            found = getattr(found, part)
        return found
    raise LookupError(dotted)


def test_settings_table_says_what_code_does() -> None:
    rows = table_under(README, "Instellingen")

    assert rows == [settings_row(name, field) for name, field in FIELDS.items()]


def test_example_names_only_real_settings() -> None:
    text = (ROOT / ".env.example").read_text()

    names = set(re.findall(r"\b(?:WEGWIJZER|POSTGRES)_[A-Z_]+", text))

    assert names - {f"WEGWIJZER_{name.upper()}" for name in FIELDS} == {"POSTGRES_PASSWORD"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_names_only_real_settings(page: Path) -> None:
    # Two name interpreters, for setting up; the last makes the pictures of the manuals.
    known = {*(name.upper() for name in FIELDS), "PYTHON", "PYTHON310", "SCREENSHOTS"}

    assert set(re.findall(r"\bWEGWIJZER_([A-Z0-9_]+)", page.read_text())) - known == set()


def test_readme_names_both_first_commands() -> None:
    lines = README.read_text().splitlines()

    assert "make run" in lines
    assert "make test" in lines


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_named_exists(page: Path) -> None:
    named = set(re.findall(r"(?<!\S)make ([a-z-]+)", typed(page)))

    assert named - targets() == set()


def test_beheerder_manual_names_every_command() -> None:
    first_cells = " ".join(row[0] for row in table_under(MANUAL, "Alle opdrachten"))
    listed = re.findall(r"`(wegwijzer(?: [a-z]+)+)", first_cells)

    assert listed == list(command_names(get_command(app)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_names_only_true_commands(page: Path) -> None:
    known = set(command_names(get_command(app)))
    known |= {name.rpartition(" ")[0] for name in known}
    named = set(re.findall(r"(?<!\S)wegwijzer [a-z]+(?: [a-z]+)?", typed(page)))

    assert named - known == set()


def test_docent_manual_names_every_slash_command() -> None:
    page = ROOT / "docs/handleiding-docent.md"
    listed = [row[0] for row in table_under(page, "De opdrachten")]

    assert listed == [f"`/{name}`" for name in DESCRIPTIONS]
    assert all(f"`/{name}`" in page.read_text() for name in ALSO)


def events_in_manual() -> list[str]:
    rows = table_under(MANUAL, "Het logboek")
    return [event for row in rows for event in re.findall(r"`([a-z_]+)`", row[0])]


def modules() -> list[ast.Module]:
    return [ast.parse(path.read_text()) for path in sorted((ROOT / "bot").rglob("*.py"))]


def event_arguments(trees: list[ast.Module]) -> Iterator[ast.expr]:
    """Give what names the event: in each call of a logger, or of what logs a given name."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    passing_on = {
        node.name
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.args.args
        and node.args.args[-1].arg == "failed"
    }
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="log")), args=[event, *_]):
                yield event
            case ast.Call(func=ast.Name(id=name), args=[*_, event]) if name in passing_on:
                yield event


def logged_events() -> set[str]:
    """Give every event that the code can log; a name that cannot be known here is an error."""
    found = set()
    for argument in event_arguments(modules()):
        either = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
        for event in either:
            if isinstance(event, ast.Constant):
                found.add(str(event.value))
            else:
                assert isinstance(event, ast.Name), ast.unparse(event)
                assert event.id == "failed"
    return found


def test_every_log_line_named_exists() -> None:
    named = events_in_manual()
    code = "".join(path.read_text() for path in (ROOT / "bot").rglob("*.py"))

    assert named
    assert [event for event in named if f'"{event}"' not in code] == []


def test_every_log_line_is_explained() -> None:
    logged, named = logged_events(), set(events_in_manual())

    assert logged - named - ONLY_FOR_DEVELOPERS.keys() == set()
    assert ONLY_FOR_DEVELOPERS.keys() - logged == set()
    assert ONLY_FOR_DEVELOPERS.keys() & named == set()


def test_every_logger_is_called_log() -> None:
    """Without this the events of another would not be found."""
    code = "".join(path.read_text() for path in sorted((ROOT / "bot").rglob("*.py")))

    assert set(re.findall(r"(.*)structlog\.get_logger", code)) == {"log = "}


def test_secret_comes_back_so_that_the_app_can_read_it(tmp_path: Path) -> None:
    manual = MANUAL.read_text()
    take_out = re.findall(r"app (cat /app/var/\S+) > wegwijzer\.geheim", manual + DUMP_RECIPE)
    put_back = re.findall(r"run --rm -T app sh -c '(.+)' < wegwijzer\.geheim", manual)
    old, new = tmp_path / "old", tmp_path / "new"
    secret = made_secret(old, "links")

    copy = in_container(take_out[0], old)
    in_container(put_back[0], new, copy)

    assert len(put_back) == 1
    assert len(take_out) == 2
    assert len(set(take_out)) == 1
    assert made_secret(new, "links") == secret
    assert stat.S_IMODE(secret_file(new, "links").stat().st_mode) == 0o600
    # It gives the file to the user of the host, and the app runs as another.
    assert "compose cp" not in manual + DUMP_RECIPE + RESTORE_RECIPE


def in_container(command: str, data_dir: Path, given: bytes = b"") -> bytes:
    """Run a command of a recipe with its data in a folder here, and give what it says."""
    here = command.replace("/app/var", str(data_dir))
    done = subprocess.run(["/bin/sh", "-c", here], input=given, capture_output=True, check=True)
    return done.stdout


def test_compose_recipe_starts_the_app_last() -> None:
    recipe = MANUAL.read_text().split("docker compose stop app\n")[1]
    steps = ["pg_restore", "/geheim/links", "deliveries hold", "contacts change", "links end"]
    places = [recipe.index(step) for step in [*steps, "docker compose up"]]

    assert places == sorted(places)


def test_every_glossary_name_is_in_code() -> None:
    rows = table_under(README, "Woorden van school, namen in de code")

    assert rows
    for _, name in rows:
        assert resolved(name.strip("`")) is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    lost = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)

    assert lost == []
