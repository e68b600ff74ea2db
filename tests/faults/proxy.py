"""A TCP proxy that breaks connections as a bad network does.

    async with TcpProxy("127.0.0.1", server.port) as proxy:
        url = f"http://127.0.0.1:{proxy.port}"
        cut = proxy.cut_after(0, Way.DOWN, having=b"/sendMessage")
        ...
        await proxy.until(lambda: cut.is_done)

It works in a thread of its own, so that it goes on while a test blocks; `with` does as well as
`async with`, and every method may be called from any thread and has happened when it returns.
Bytes pass unchanged unless one of these says otherwise:

- `cut_after(bytes_count, way)`: reset the connection on which this many bytes more have passed;
  what comes behind them is lost. With 0 DOWN the server has acted and its answer gets lost.
- `delay(seconds)`: hold each piece of bytes this long, both ways; 0 ends that.
- `half_close()`: the client sees the end of what comes; what it sends still arrives.
- `freeze()` / `thaw()`: connections stay open and nothing passes.
- `reset_all()`: every open connection is reset (RST) on both sides.
- `refuse()` / `accept()`: new connections are refused; open ones go on until `reset_all()`.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self, TypeVar

from tests.botapi.changes import Changes

T = TypeVar("T")
LOOPBACK = "127.0.0.1"
_PIECE = 65_536
#: On, and for no seconds: closing sends RST and forgets what was not sent yet.
_RESET = struct.pack("ii", 1, 0)


class Way(StrEnum):
    """Which way bytes go."""

    #: from the client to the server
    UP = "up"
    #: from the server to the client
    DOWN = "down"


@dataclass
class Cut:
    """Resets a connection once `bytes_left` more bytes have passed; see `TcpProxy.cut_after`."""

    way: Way
    bytes_left: int
    having: bytes
    times: int
    each: int
    done: int = 0

    @property
    def is_done(self) -> bool:
        return self.done >= self.times

    def stop(self) -> None:
        """Cut nothing further."""
        self.times = self.done


@dataclass(eq=False)
class _Connection:
    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    #: What the client sent since it last heard something: its request.
    request: bytes = b""
    is_answered: bool = False
    is_half_closed: bool = False


class TcpProxy:
    """Listens on a free loopback port, `port`, and passes everything to one target."""

    def __init__(
        self, target_host: str, target_port: int, tls: ssl.SSLContext | None = None
    ) -> None:
        """Pass on to this target, which need not speak TLS: with `tls` the proxy does."""
        self._target = (target_host, target_port)
        self._tls = tls
        self.port = 0
        #: How many connections were taken so far.
        self.taken = 0
        #: How many bytes went each way so far.
        self.passed = {Way.UP: 0, Way.DOWN: 0}
        self._changes = Changes(threading.RLock())
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._listener: asyncio.Server | None = None
        self._reserved: socket.socket | None = None
        self._open: set[_Connection] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._cuts: list[Cut] = []
        self._delay = 0.0
        self._flows = asyncio.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        self._flows.set()
        self._do(self._listen())
        return self

    def __exit__(self, *error: object) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(self, *error: object) -> None:
        self.__exit__(*error)

    @property
    def open_connections(self) -> int:
        """How many connections are open now."""
        return len(self._open)

    def cut_after(
        self, bytes_count: int, way: Way = Way.DOWN, *, having: bytes = b"", times: int = 1
    ) -> Cut:
        """Reset a connection once `bytes_count` bytes more have passed `way`, `times` times over.

        Only bytes of connections whose last request holds `having` count. With 0 the first bytes
        are not passed on.
        """
        cut = Cut(way, bytes_count, having, times, each=bytes_count)
        self._do(self._now(lambda: self._cuts.append(cut)))
        return cut

    def delay(self, seconds: float) -> None:
        """Hold each piece of bytes for this long."""
        self._delay = seconds

    def half_close(self) -> None:
        """End what the clients of open connections hear; what they send still arrives."""
        self._do(self._now(self._half_close))

    def freeze(self) -> None:
        """Let nothing pass, and close nothing."""
        self._do(self._now(self._flows.clear))

    def thaw(self) -> None:
        """Let everything pass again, what waited first."""
        self._do(self._now(self._flows.set))

    def reset_all(self) -> None:
        """Reset every open connection."""
        self._do(self._now(self._reset_all))

    def refuse(self) -> None:
        """Refuse new connections until `accept`; the port stays ours."""
        self._do(self._refuse())

    def accept(self) -> None:
        """Take new connections again."""
        self._do(self._listen())

    async def until(self, check: Callable[[], bool], within: float = 5.0) -> None:
        """Return once `check` holds; it looks again at each connection, cut and piece of bytes."""
        if await self._changes.until(lambda: check() or None, within) is None:
            raise TimeoutError("the connections did not become as wanted")

    def _do(self, step: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(step, self._loop).result(10)

    async def _now(self, step: Callable[[], T]) -> T:
        return step()

    async def _listen(self) -> None:
        if self._listener:
            return
        listening = self._reserved or _bound(self.port)
        self._reserved = None
        self.port = listening.getsockname()[1]
        self._listener = await asyncio.start_server(self._take, sock=listening, ssl=self._tls)

    async def _refuse(self) -> None:
        if self._listener is None:
            return
        self._listener.close()
        self._listener = None
        # A bound port on which nobody listens refuses, and no one else can get it meanwhile.
        self._reserved = _bound(self.port)

    async def _end(self) -> None:
        if self._listener:
            self._listener.close()
        if self._reserved:
            self._reserved.close()
        self._reset_all()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            from_server, server = await asyncio.open_connection(*self._target)
        except OSError:
            _reset(writer)
            return
        connection = _Connection(writer, server)
        self._open.add(connection)
        self.taken += 1
        self._changes.tell()
        try:
            await _both(
                self._pump(connection, reader, server, Way.UP),
                self._pump(connection, from_server, writer, Way.DOWN),
            )
        except ConnectionError:
            # One side broke off; so does the other.
            self._reset(connection)
        finally:
            self._open.discard(connection)
            writer.close()
            server.close()
            self._changes.tell()

    async def _pump(
        self,
        connection: _Connection,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        way: Way,
    ) -> None:
        loop = asyncio.get_running_loop()
        pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def read() -> None:
            while piece := await reader.read(_PIECE):
                pieces.put_nowait((loop.time() + self._delay, piece))
            pieces.put_nowait((loop.time() + self._delay, b""))

        async def write() -> None:
            while True:
                due, piece = await pieces.get()
                await asyncio.sleep(max(0.0, due - loop.time()))
                await self._flows.wait()
                if not piece:
                    break
                await self._pass(connection, writer, way, piece)
            if not (way is Way.DOWN and connection.is_half_closed) and writer.can_write_eof():
                writer.write_eof()

        await _both(read(), write())

    async def _pass(
        self, connection: _Connection, writer: asyncio.StreamWriter, way: Way, piece: bytes
    ) -> None:
        if way is Way.UP:
            before = b"" if connection.is_answered else connection.request
            connection.request = (before + piece)[-_PIECE:]
        connection.is_answered = way is Way.DOWN
        allowed, cut = self._allowed(connection, way, len(piece))
        if allowed and not (way is Way.DOWN and connection.is_half_closed):
            writer.write(piece[:allowed])
            await writer.drain()
            self.passed[way] += allowed
        if cut:
            cut.done += 1
            cut.bytes_left = cut.each
            # What was let through shall arrive, before everything ends.
            await _flushed(writer)
            self._reset(connection)
            self._changes.tell()
            raise ConnectionResetError
        self._changes.tell()

    def _allowed(self, connection: _Connection, way: Way, count: int) -> tuple[int, Cut | None]:
        for cut in self._cuts:
            if cut.is_done or cut.way is not way or cut.having not in connection.request:
                continue
            if count >= cut.bytes_left:
                return cut.bytes_left, cut
            cut.bytes_left -= count
        return count, None

    def _half_close(self) -> None:
        for connection in self._open:
            if not connection.is_half_closed:
                connection.is_half_closed = True
                connection.client.write_eof()

    def _reset_all(self) -> None:
        for connection in list(self._open):
            self._reset(connection)

    def _reset(self, connection: _Connection) -> None:
        _reset(connection.client)
        _reset(connection.server)
        self._open.discard(connection)


async def _both(first: Awaitable[None], second: Awaitable[None]) -> None:
    """Run both; when one fails the other ends too."""
    tasks = [asyncio.ensure_future(first), asyncio.ensure_future(second)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _flushed(writer: asyncio.StreamWriter) -> None:
    writer.transport.set_write_buffer_limits(high=0)
    with suppress(ConnectionError):
        await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    connection: socket.socket | None = writer.get_extra_info("socket")
    if connection is not None and connection.fileno() != -1:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()


def _bound(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((LOOPBACK, port))
    return made
