"""gRPC by grpcio at both ends: every kind of call, errors, deadlines, cancelling, sizes, numbers, logins."""

import asyncio
import json
import os
import time
import uuid

# Programs are started while channels are open; gRPC's own doings at a fork would break them.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

import grpc  # noqa: E402
import pytest  # noqa: E402
from lakegate import start_beside
from login import SIGN_OUT_EVERYWHERE, log_in, make_session_token, press, session_page
from parts.grpc_workspace import DETAILS
from services import start_grpc_workspace

CALLS = int(os.environ.get("LAKEGATE_CALLS", "5000"))
CODES = {code.value[0]: code for code in grpc.StatusCode}
OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1), ("grpc.enable_http_proxy", 0),
           ("grpc.use_local_subchannel_pool", 1), ("grpc.enable_retries", 0)]


class Channel:
    """A channel with a session token on every call."""

    def __init__(self, lakegate, token, *options):
        credentials = grpc.ssl_channel_credentials(lakegate.authority.read_bytes())
        self.channel = grpc.aio.secure_channel(f"localhost:{lakegate.port}", credentials, [*OPTIONS, *options])
        self.metadata = [("authorization", f"Bearer {token}")] if token else []

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await self.channel.close()

    def more(self, how):
        return {"timeout": 120, **how, "metadata": [*self.metadata, *how.get("metadata", [])]}

    def unary(self, name, message, **how):
        return self.channel.unary_unary(f"/trial.Trial/{name}")(message, **self.more(how))

    def down(self, name, message, **how):
        return self.channel.unary_stream(f"/trial.Trial/{name}")(message, **self.more(how))

    def up(self, name, messages, **how):
        return self.channel.stream_unary(f"/trial.Trial/{name}")(messages, **self.more(how))

    def both(self, name, messages=None, **how):
        return self.channel.stream_stream(f"/trial.Trial/{name}")(messages, **self.more(how))


@pytest.fixture(scope="module")
def session_token(lasting_token):
    return lasting_token


@pytest.fixture(scope="module")
def service(ground, certificates):
    return start_grpc_workspace(ground, certificates)


@pytest.fixture(scope="module")
def before_grpc(ground, binary, certificates, redis, workspace, lakegate, session_token, service):
    return start_beside(ground, binary, certificates, redis[1], workspace, lakegate, "grpc", service.url)


@pytest.fixture
def trial(before_grpc, session_token):
    """Runs a coroutine with a channel."""
    def run(body, *options):
        async def inside():
            async with Channel(before_grpc, session_token, *options) as channel:
                await body(channel)
        asyncio.run(inside())
    return run


async def failure(call):
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call if not hasattr(call, "read") else [message async for message in call]
    return caught.value


async def rest(call):
    """What is left of an answer whose beginning was read."""
    while await call.read() is not grpc.aio.EOF:
        pass


def test_the_four_kinds_of_call(trial):
    async def body(channel):
        assert await channel.unary("Unary", b"abc") == b"abc"
        assert await channel.unary("Unary", b"") == b""
        got = [message async for message in channel.down("Download", b"1000 1000")]
        assert [int.from_bytes(message[:4]) for message in got] == list(range(1000)) and len(got[0]) == 1004
        assert [message async for message in channel.down("Download", b"0 0")] == []

        async def messages():
            for _ in range(1000):
                yield b"u" * 1000
        assert await channel.up("Upload", messages()) == b"1000 1000000"
        chat = channel.both("Chat")
        for number in range(200):
            await chat.write(b"message %d" % number)
            assert await chat.read() == (b"message %d" % number)[::-1]
        await chat.done_writing()
        assert await chat.read() is grpc.aio.EOF and await chat.code() is grpc.StatusCode.OK

    trial(body)


@pytest.mark.parametrize("name", ["Fail", "FailLate"])
def test_errors_come_with_message_and_details(trial, name):
    """Without a message before it the status is in the head ("Trailers-Only"), else in the trailers."""
    async def body(channel):
        for code in range(1, 17):
            ask = channel.unary if name == "Fail" else channel.down
            error = await failure(ask(name, str(code).encode()))
            assert (error.code(), error.details()) == (CODES[code], "Ä 100%\n")
            trailing = dict(error.trailing_metadata())
            assert (trailing["grpc-status-details-bin"], trailing["why"]) == (DETAILS, "asked")
        error = await failure(channel.unary("Nothing", b""))
        assert error.code() is grpc.StatusCode.UNIMPLEMENTED

    trial(body)


def test_metadata_goes_both_ways(trial, session_token):
    async def body(channel):
        sent = [("x-one", "1"), ("x-two", "a"), ("x-two", "b"), ("x-any-bin", bytes(range(256))), ("x-empty", "")]
        call = channel.unary("Metadata", b"", metadata=sent, timeout=50)
        found = json.loads(await call)
        seen = [tuple(pair) for pair in found["sent"]]
        assert {("x-one", "1"), ("x-two", "a"), ("x-two", "b"), ("x-any-bin", bytes(range(256)).hex())} <= set(seen)
        assert dict(seen)["x-empty"] == "" and 30 < found["left"] <= 50
        assert not any(session_token in value for _, value in seen)
        initial, trailing = await call.initial_metadata(), await call.trailing_metadata()
        assert (initial["first"], initial["first-bin"]) == ("1", bytes(range(256)))
        assert trailing["last"] == "2" and trailing.get_all("last-bin") == [b"\x00\xff", b"again"]

    trial(body)


def test_a_deadline_ends_the_call_at_both_ends(trial, service):
    async def body(channel):
        key = uuid.uuid4().hex
        error = await failure(channel.unary("Hang", key.encode(), timeout=0.7))
        assert error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        note = await service.eventually(lambda note: note["what"] == "began" and note["key"] == key)
        assert note["left"] < 0.7
        await service.eventually(lambda note: note["what"] == "cancelled" and note["key"] == key)

    trial(body)


def test_cancelling_reaches_the_workspace(trial, service):
    async def body(channel):
        slowest = 0
        for name, ask in (("Hang", channel.unary), ("Forever", channel.down)) * 10:
            key = uuid.uuid4().hex
            call = ask(name, key.encode())
            if name == "Hang":
                await service.eventually(lambda note: note["what"] == "began" and note["key"] == key)
            else:
                await call.read()
            began = time.monotonic()
            call.cancel()
            await service.eventually(lambda note: note["what"] == "cancelled" and note["key"] == key)
            slowest = max(slowest, time.monotonic() - began)
        print(f"20 cancels were noted at the workspace within {slowest * 1000:.0f} ms")

    trial(body)


@pytest.mark.parametrize("size", [16 << 20, 128 << 20])
def test_big_messages(trial, size):
    async def body(channel):
        message = os.urandom(1 << 20) * (size >> 20)
        assert await channel.unary("Unary", message) == message

    trial(body)


def test_a_thousand_streams_at_once(before_grpc, session_token):
    """Eight connections, each with all the streams that Lakegate lets it have open."""
    async def run():
        channels = [Channel(before_grpc, session_token) for _ in range(8)]
        chats = [channels[number % 8].both("Chat") for number in range(1000)]
        for number, chat in enumerate(chats):
            await chat.write(b"%d" % number)
        for number, chat in enumerate(chats):
            assert await chat.read() == (b"%d" % number)[::-1]
        for chat in chats:
            await chat.done_writing()
        for chat in chats:
            assert await chat.read() is grpc.aio.EOF and await chat.code() is grpc.StatusCode.OK
        for channel in channels:
            await channel.channel.close()

    asyncio.run(run())


def test_a_thousand_calls_on_one_connection_wait_their_turn(trial):
    async def body(channel):
        async def one(number):
            got = [message async for message in channel.down("Download", b"20 2000")]
            assert len(got) == 20
        await asyncio.gather(*map(one, range(1000)))

    trial(body)


def test_many_calls_and_no_wrong_status(trial):
    async def body(channel):
        async def some(first):
            wrong = 0
            for number in range(first, CALLS, 100):
                code = number % 17
                if code:
                    wrong += (await failure(channel.unary("Fail", b"%d" % code))).code() is not CODES[code]
                else:
                    wrong += await channel.unary("Unary", b"%d" % number) != b"%d" % number
            return wrong
        began = time.monotonic()
        wrong = sum(await asyncio.gather(*map(some, range(100))))
        print(f"{CALLS} calls in {time.monotonic() - began:.1f} s, {wrong} with a wrong status")
        assert wrong == 0

    trial(body)


def test_keepalive_without_calls_is_no_fault(trial):
    pings = [("grpc.keepalive_time_ms", 1000), ("grpc.keepalive_timeout_ms", 3000), ("grpc.http2.max_pings_without_data", 0),
             ("grpc.keepalive_permit_without_calls", 1)]

    async def body(channel):
        states = []
        assert await channel.unary("Unary", b"1") == b"1"

        async def watch():
            state = channel.channel.get_state()
            while True:
                await channel.channel.wait_for_state_change(state)
                state = channel.channel.get_state()
                states.append(state)
        watching = asyncio.create_task(watch())
        await asyncio.sleep(4)
        watching.cancel()
        assert states == []
        assert await channel.unary("Unary", b"2") == b"2"

    trial(body, *pings)


def test_without_a_session_the_answer_is_unauthenticated(before_grpc):
    async def run():
        for token in (None, "lkg_", "lkg_" + "A" * 43, "lkg_" + "A" * 5000):
            async with Channel(before_grpc, token) as channel:
                # A message on a stream that is refused meanwhile would make grpcio say INTERNAL, so the last sends none.
                for call in (channel.unary("Unary", b""), channel.down("Download", b"1 1"), channel.both("Chat")):
                    error = await failure(call)
                    assert error.code() is grpc.StatusCode.UNAUTHENTICATED
                    assert f"Log in at https://localhost:{before_grpc.port}/.lakegate/login" in error.details()

    asyncio.run(run())


def test_a_session_that_was_ended_is_unauthenticated(lakegate, before_grpc):
    browser, _ = log_in(lakegate, "grace")
    token = make_session_token(lakegate, browser, "grpc")

    async def ask():
        async with Channel(before_grpc, token) as channel:
            return await channel.unary("Unary", b"x")

    async def until_refused():
        async with Channel(before_grpc, token) as channel:
            deadline = time.monotonic() + 20
            while True:
                try:
                    await channel.unary("Unary", b"x")
                except grpc.aio.AioRpcError as error:
                    return error
                assert time.monotonic() < deadline, "the ended session still works"
                await asyncio.sleep(0.2)

    assert asyncio.run(ask()) == b"x"
    press(browser, session_page(lakegate, browser), SIGN_OUT_EVERYWHERE)
    error = asyncio.run(until_refused())
    assert error.code() is grpc.StatusCode.UNAUTHENTICATED and "/.lakegate/login" in error.details()


def test_a_workspace_that_dies_is_unavailable(ground, binary, certificates, redis, workspace, lakegate, session_token):
    """In the middle of an answer, and before one: as grpcio says it of a server that it reaches without a proxy."""
    service = start_grpc_workspace(ground, certificates, "mortal-workspace")
    before = start_beside(ground, binary, certificates, redis[1], workspace, lakegate, "mortal", service.url)

    async def run():
        async with Channel(before, session_token) as channel:
            stream = channel.down("Forever", b"mortal")
            waiting = asyncio.create_task(failure(channel.unary("Hang", b"mortal")))
            await stream.read()
            await service.eventually(lambda note: note["what"] == "began")
            service.program.process.kill()
            for error in (await failure(rest(stream)), await waiting, await failure(channel.unary("Unary", b""))):
                assert error.code() is grpc.StatusCode.UNAVAILABLE, error

    asyncio.run(run())
