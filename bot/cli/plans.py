"""`wegwijzer plans`: the plans, for the beheerder."""

from __future__ import annotations

import csv
import io
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from openpyxl import Workbook
from rich.console import Console
from rich.table import Table

from bot.cli.database import with_database
from bot.domain.errors import SettingsError
from bot.domain.plan import Plan
from bot.domain.summary import PlanSummary
from bot.services.clock import dutch_date
from bot.storage.database import Database
from bot.texts.conversation import PLAN_STATES
from bot.texts.plan_intake import title_of
from bot.texts.summary import summary_text

plans = typer.Typer(help="Bekijk en exporteer de plannen.", no_args_is_help=True)


class Format(StrEnum):
    """The formats of an export."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


#: A cell that starts with one of these could be taken for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


async def _all(database: Database) -> list[tuple[Plan, dict[str, Any] | None]]:
    async with database.read() as uow:
        return [(plan, await uow.plans.summary(plan.id)) for plan in await uow.plans.all()]


@plans.command("list")
def list_plans() -> None:
    """Laat alle plannen zien, zonder hun inhoud."""
    table = Table("nummer", "stand", "begonnen", "verstuurd", "regio", "titel")
    for plan, summary in with_database(_all):
        table.add_row(
            plan.reference or "",
            PLAN_STATES[plan.status.value],
            dutch_date(plan.created_at),
            dutch_date(plan.submitted_at) if plan.submitted_at else "",
            (summary or {}).get("region") or "",
            title_of(plan) if plan.reference else "(nog niet verstuurd)",
        )
    Console().print(table)


@plans.command()
def show(
    reference: Annotated[str, typer.Argument(help="Het nummer, bijvoorbeeld STO-2026-0001.")],
) -> None:
    """Laat een verstuurd plan zien."""
    for plan, summary in with_database(_all):
        if summary and plan.reference == reference.strip().upper():
            print(summary_text(PlanSummary.from_dict(summary)))
            return
    raise SettingsError(f"Er is geen verstuurd plan met nummer {reference}.")


@plans.command()
def export(
    format_: Annotated[Format, typer.Option("--format", help="csv, xlsx of json.")] = Format.CSV,
    output: Annotated[
        Path | None, typer.Option("--output", help="Het bestand; zonder dit naar het scherm.")
    ] = None,
) -> None:
    """Exporteer alle verstuurde plannen."""
    summaries = [summary for _, summary in with_database(_all) if summary]
    content = {
        Format.JSON: lambda: json.dumps(summaries, ensure_ascii=False, indent=2).encode(),
        Format.CSV: lambda: as_csv(summaries),
        Format.XLSX: lambda: as_xlsx(summaries),
    }[format_]()
    if output:
        output.write_bytes(content)
        print(f"{len(summaries)} plannen in {output}")
    elif format_ is Format.XLSX and sys.stdout.isatty():
        raise SettingsError("Een xlsx-bestand past niet op het scherm; noem --output.")
    else:
        sys.stdout.buffer.write(content)


def table_of(summaries: list[dict[str, Any]]) -> list[list[str]]:
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
    rows = [[*fields, *keys]]
    for item in summaries:
        answers = {answer["key"]: answer["text"] for answer in (*item["idea"], *item["answers"])}
        values = [item.get(field) for field in fields] + [answers.get(key) for key in keys]
        rows.append([str(value or "") for value in values])
    return rows


def as_csv(summaries: list[dict[str, Any]]) -> bytes:
    """Give the plans as CSV (UTF-8 with mark, semicolons: Dutch Excel), without formulas."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([[_safe(cell) for cell in row] for row in table_of(summaries)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(summaries: list[dict[str, Any]]) -> bytes:
    """Give the plans as a workbook in which every cell is text."""
    book = Workbook()
    sheet = book.create_sheet("Plannen", 0)
    for number, row in enumerate(table_of(summaries), start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.value = value
            cell.data_type = "s"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
