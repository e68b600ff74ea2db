"""Shows lists as tables, so that nothing that a command needs is cut."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

#: Who reads a pipe has no width; a table is no wider than what is in it.
_NO_LIMIT = 100_000


def show_table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], whole: Collection[str] = ()
) -> None:
    """Print rows under their heads; on a narrow screen cells fold, but the columns `whole` never.

    Nothing in a cell is markup, whatever brackets it holds.
    """
    lines = list(rows)
    table = Table()
    for number, head in enumerate(heads):
        is_whole = head in whole
        widest = max((len(text) for text in (head, *(line[number] for line in lines))), default=0)
        table.add_column(
            head, overflow="fold", no_wrap=is_whole, min_width=widest if is_whole else None
        )
    for line in lines:
        table.add_row(*map(Text, line))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _NO_LIMIT
    console.print(table, crop=False)
