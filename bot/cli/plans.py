"""`wegwijzer plans`: the plans, for the beheerder."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.database import with_database
from bot.cli.plan_history import history
from bot.cli.tables import show_table
from bot.cli.writing import writing
from bot.domain.errors import SettingsError
from bot.domain.summary import PlanSummary
from bot.services.clock import dutch_date
from bot.services.overview_ports import ListedPlan
from bot.services.spreadsheets import Cell, as_csv, as_xlsx
from bot.storage.database import Database
from bot.texts.overview import SHEET, holder_text, stage_text
from bot.texts.plan_intake import WITHOUT_TITLE
from bot.texts.summary import summary_text

_HEADS = ("nummer", "stand", "ligt bij", "begonnen", "verstuurd", "regio", "titel")

plans = typer.Typer(help="Bekijk en exporteer de plannen.", no_args_is_help=True)


class Format(StrEnum):
    """The formats of an export."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


async def _summaries(database: Database) -> list[dict[str, Any]]:
    async with database.read() as uow:
        return await uow.overview.summaries()


@plans.command("list")
def list_plans() -> None:
    """Laat alle plannen zien, zonder hun inhoud."""

    async def read(database: Database) -> list[ListedPlan]:
        async with database.read() as uow:
            return await uow.overview.listed()

    show_table(_HEADS, map(_row, with_database(read)), whole=("nummer",))


def _row(plan: ListedPlan) -> tuple[str, ...]:
    is_sent = plan.reference is not None
    return (
        plan.reference or "",
        stage_text(plan.status, is_held_back=plan.is_held_back),
        holder_text(plan.holder_role, plan.holder_name, is_own=False) if is_sent else "",
        dutch_date(plan.created_at),
        dutch_date(plan.submitted_at) if plan.submitted_at else "",
        plan.region or "",
        plan.title or WITHOUT_TITLE if is_sent else "(nog niet verstuurd)",
    )


@plans.command()
def show(
    reference: Annotated[str, typer.Argument(help="Het nummer, bijvoorbeeld STO-2026-0001.")],
) -> None:
    """Laat een verstuurd plan zien."""
    for summary in with_database(_summaries):
        if summary["reference"] == reference.strip().upper():
            print(summary_text(PlanSummary.from_dict(summary)))
            return
    raise SettingsError(f"Er is geen verstuurd plan met nummer {reference}.")


plans.command()(history)


@plans.command()
def export(
    format_: Annotated[Format, typer.Option("--format", help="csv, xlsx of json.")] = Format.CSV,
    output: Annotated[
        Path | None, typer.Option("--output", help="Het bestand; zonder dit naar het scherm.")
    ] = None,
) -> None:
    """Exporteer alle verstuurde plannen."""
    summaries = with_database(_summaries)
    makers: Mapping[Format, Callable[[], bytes]] = {
        Format.JSON: lambda: json.dumps(summaries, ensure_ascii=False, indent=2).encode(),
        Format.CSV: lambda: as_csv(table_of(summaries)),
        Format.XLSX: lambda: as_xlsx(table_of(summaries), SHEET),
    }
    content = makers[format_]()
    if output:
        with writing(output):
            output.write_bytes(content)
        print(f"{len(summaries)} plannen in {output}")
    elif format_ is Format.XLSX and sys.stdout.isatty():
        raise SettingsError("Een xlsx-bestand past niet op het scherm; noem --output.")
    else:
        sys.stdout.buffer.write(content)


def table_of(summaries: list[dict[str, Any]]) -> list[list[Cell]]:
    """Give the plans as rows under a head: one column a field, one a question."""
    fields = [
        "reference",
        "submitted_on",
        "region",
        "school",
        "title",
        "teacher_name",
        "teacher_email",
        "support",
    ]
    keys = list(
        dict.fromkeys(
            answer["key"] for item in summaries for answer in (*item["idea"], *item["answers"])
        )
    )
    rows: list[list[Cell]] = [[*fields, *keys]]
    for item in summaries:
        answers = {answer["key"]: answer["text"] for answer in (*item["idea"], *item["answers"])}
        values = [item.get(field) for field in fields] + [answers.get(key) for key in keys]
        rows.append([str(value or "") for value in values])
    return rows
