"""Makes a PDF without letting a typesetter that hangs hold up what it belongs to."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable

from bot.delivery.pdf import PdfFailedError

#: A PDF takes milliseconds; a very busy machine may take seconds.
MOST_SECONDS = 30.0


async def in_time(render: Callable[[], bytes]) -> bytes:
    """Give what `render` makes; raises `PdfFailedError` when that takes too long.

    The thread is not one of the event loop's: one that hangs takes no place there, and the program
    can end without it.
    """
    loop = asyncio.get_running_loop()
    made: asyncio.Future[bytes] = loop.create_future()

    def settle(content: bytes | None, error: BaseException | None) -> None:
        if made.done():
            return
        if error:
            made.set_exception(error)
        else:
            made.set_result(content or b"")

    def work() -> None:
        content: bytes | None = None
        failed: BaseException | None = None
        try:
            content = render()
        except BaseException as error:
            # It is raised where the PDF is waited for.
            failed = error
        # Once the loop is closed nobody waits any more.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, content, failed)

    threading.Thread(target=work, name="pdf", daemon=True).start()
    try:
        async with asyncio.timeout(MOST_SECONDS):
            return await made
    except TimeoutError:
        raise PdfFailedError from None
