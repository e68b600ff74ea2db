"""The server itself: uvicorn on a loopback port, in a thread of its own or by itself."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any, Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.botapi.app import BotApi, make_app
from tests.botapi.world import TelegramWorld

LOOPBACK = "127.0.0.1"


class DroppableProtocol(H11Protocol):
    """Hands the connection to the application, so that it can break it as a network does."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Keep the transport where each request finds it."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class BreakableServer(uvicorn.Server):
    """Stops when told, at once and without goodbye to its clients."""

    def __init__(self, config: uvicorn.Config, on_broken: Callable[[], None]) -> None:
        super().__init__(config)
        self.is_up = threading.Event()
        self._on_broken = on_broken
        self._told = asyncio.Event()
        self._running_loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        """Serve until told to stop."""
        self._running_loop = asyncio.get_running_loop()
        self.is_up.set()
        await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Break every connection, and let the calls that were under way end unheard."""
        for listener in self.servers:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        self._on_broken()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=2)
        await self.lifespan.shutdown()

    def tell_to_stop(self) -> None:
        """Stop soon; may be called from any thread."""
        if self._running_loop:
            self._running_loop.call_soon_threadsafe(self._told.set)


class BotApiServer:
    """Serves a world over HTTP on a free loopback port; a context manager.

    After `stop` the same object may `start` again on the same port, with the world as it was.
    """

    def __init__(self, world: TelegramWorld, port: int = 0) -> None:
        self.world = world
        self.port = port
        self._api: BotApi | None = None
        self._server: BreakableServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The address of the server, to which a client adds /bot<token>/<method>."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def base_url(self) -> str:
        """What python-telegram-bot takes as `base_url`."""
        return f"{self.url}/bot"

    def start(self) -> Self:
        """Serve from now on."""
        listener = listen(self.port)
        self.port = listener.getsockname()[1]
        app = make_app(self.world)
        self._api = app.state.api
        self._server = BreakableServer(make_config(app), self._on_broken)
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="botapi", daemon=True
        )
        self._thread.start()
        if not self._server.is_up.wait(10):
            raise RuntimeError("the Bot API test server did not start")
        return self

    def stop(self) -> None:
        """Break all connections and serve no more; calls that are held go on unheard."""
        if self._server is None or self._thread is None:
            return
        self._server.tell_to_stop()
        self._thread.join(10)
        if self._thread.is_alive():
            raise RuntimeError("the Bot API test server did not stop")
        self._server = self._thread = None

    def _on_broken(self) -> None:
        if self._api:
            self._api.delivery.close()
        self.world.release_faults()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: Any) -> None:
        self.stop()


def serve_alone(world: TelegramWorld, port: int, on_ready: Callable[[], None]) -> None:
    """Serve in this process until it is interrupted; `on_ready` is called once it listens."""
    listener = listen(port)
    server = uvicorn.Server(make_config(make_app(world)))
    on_ready()
    server.run([listener])


def listen(port: int = 0) -> socket.socket:
    """Open a loopback port, a free one when none is given; callers may connect from now on."""
    # asyncio switches Nagle's delay (40 ms per answer) off only where the protocol is named.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((LOOPBACK, port))
    listener.listen()
    return listener


def make_config(app: Any) -> uvicorn.Config:
    """Give uvicorn's settings for an application whose listener is open already."""
    return uvicorn.Config(
        app,
        http=DroppableProtocol,
        ws="none",
        loop="asyncio",
        log_config=None,
        log_level=None,
        access_log=False,
    )
