"""The proxy itself: bytes pass unchanged, and each way to break a connection is what it says."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator

import pytest

from tests.faults.proxy import LOOPBACK, TcpProxy, Way


class Echo:
    """Gives back what it hears, and remembers it."""

    def __init__(self) -> None:
        self.heard = b""
        self.ended = asyncio.Event()
        self.broken = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(65_536):
                self.heard += piece
                writer.write(piece)
                await writer.drain()
            self.ended.set()
        except ConnectionError:
            self.broken.set()
        finally:
            writer.close()


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
async def proxy(echo: Echo) -> AsyncIterator[TcpProxy]:
    server = await asyncio.start_server(echo.serve, LOOPBACK, 0)
    async with TcpProxy(LOOPBACK, server.sockets[0].getsockname()[1]) as made:
        yield made
    server.close()


async def connect(proxy: TcpProxy) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(LOOPBACK, proxy.port)


async def said_back(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, said: bytes
) -> bytes:
    writer.write(said)
    async with asyncio.timeout(5):
        return await reader.readexactly(len(said))


async def test_bytes_pass_unchanged_both_ways(proxy: TcpProxy, echo: Echo) -> None:
    said = random.Random(1).randbytes(3_000_000)
    reader, writer = await connect(proxy)

    async with asyncio.timeout(20):
        answer = asyncio.create_task(reader.readexactly(len(said)))
        writer.write(said)
        assert await answer == said
        writer.write_eof()
        assert await reader.read() == b""

    assert echo.heard == said
    assert proxy.passed == {Way.UP: len(said), Way.DOWN: len(said)}
    await proxy.until(lambda: proxy.open_connections == 0)
    writer.close()


async def test_cut_loses_what_comes_behind_it(proxy: TcpProxy, echo: Echo) -> None:
    reader, writer = await connect(proxy)
    cut = proxy.cut_after(4, Way.UP)

    writer.write(b"half of it")
    with pytest.raises(ConnectionResetError):
        await reader.read()

    assert cut.is_done
    async with asyncio.timeout(5):
        await echo.broken.wait()
    assert echo.heard in (b"half", b"")
    reader, writer = await connect(proxy)
    assert await said_back(reader, writer, b"and on") == b"and on"
    writer.close()


async def test_cut_before_an_answer_comes_after_the_deed(proxy: TcpProxy, echo: Echo) -> None:
    reader, writer = await connect(proxy)
    other_reader, other = await connect(proxy)
    cut = proxy.cut_after(0, Way.DOWN, having=b"deed")

    assert await said_back(other_reader, other, b"something else") == b"something else"
    writer.write(b"a deed")
    with pytest.raises(ConnectionResetError):
        await reader.read()

    assert cut.is_done
    assert b"a deed" in echo.heard
    assert await said_back(other_reader, other, b"a deed") == b"a deed"
    other.close()


async def test_cut_counts_over_the_pieces_of_an_answer(proxy: TcpProxy) -> None:
    reader, writer = await connect(proxy)
    proxy.cut_after(150_000, Way.DOWN, having=b"x")

    writer.write(b"x" * 400_000)
    with pytest.raises(ConnectionResetError):
        await reader.readexactly(400_000)

    assert proxy.passed[Way.DOWN] == 150_000


async def test_half_closed_connection_still_brings_what_is_sent(
    proxy: TcpProxy, echo: Echo
) -> None:
    reader, writer = await connect(proxy)
    assert await said_back(reader, writer, b"first") == b"first"

    proxy.half_close()
    assert await reader.read() == b""
    writer.write(b"second")
    await proxy.until(lambda: proxy.passed[Way.UP] == len(b"firstsecond"))
    writer.close()

    async with asyncio.timeout(5):
        await echo.ended.wait()
    assert echo.heard == b"firstsecond"


async def test_reset_is_heard_on_both_sides(proxy: TcpProxy, echo: Echo) -> None:
    reader, writer = await connect(proxy)
    assert await said_back(reader, writer, b"first") == b"first"

    proxy.reset_all()

    with pytest.raises(ConnectionResetError):
        await reader.read()
    async with asyncio.timeout(5):
        await echo.broken.wait()
    assert proxy.open_connections == 0
    writer.close()


async def test_delay_holds_bytes_and_keeps_their_order(proxy: TcpProxy) -> None:
    reader, writer = await connect(proxy)
    clock = asyncio.get_running_loop().time
    proxy.delay(0.1)

    began = clock()
    assert await said_back(reader, writer, b"late") == b"late"
    assert clock() - began >= 0.2
    proxy.delay(0)

    began = clock()
    assert await said_back(reader, writer, b"soon") == b"soon"
    assert clock() - began < 0.1
    writer.close()


async def test_frozen_connection_goes_on_when_thawed(proxy: TcpProxy, echo: Echo) -> None:
    reader, writer = await connect(proxy)
    assert await said_back(reader, writer, b"first") == b"first"

    proxy.freeze()
    writer.write(b"second")
    waiting = asyncio.create_task(reader.readexactly(6))
    # Nothing can announce that nothing comes.
    _, still = await asyncio.wait([waiting], timeout=0.1)
    assert still
    assert echo.heard == b"first"
    proxy.thaw()

    assert await waiting == b"second"
    writer.close()


async def test_refused_port_takes_callers_again(proxy: TcpProxy) -> None:
    port = proxy.port
    reader, writer = await connect(proxy)
    assert await said_back(reader, writer, b"before") == b"before"

    proxy.refuse()
    with pytest.raises(ConnectionRefusedError):
        await connect(proxy)
    assert await said_back(reader, writer, b"open") == b"open"
    proxy.accept()

    assert proxy.port == port
    new_reader, new_writer = await connect(proxy)
    assert await said_back(new_reader, new_writer, b"after") == b"after"
    writer.close()
    new_writer.close()
    assert proxy.taken == 2


async def test_server_that_is_gone_resets_the_caller() -> None:
    async def call(port: int) -> bytes:
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        try:
            return await reader.read()
        finally:
            writer.close()

    async with TcpProxy(LOOPBACK, 1) as proxy:
        with pytest.raises(ConnectionResetError):
            await call(proxy.port)
