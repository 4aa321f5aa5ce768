"""A connection to the workspace that held back an answer serves the next request as if it had not."""

import asyncio

import pytest
from h2_client import Client
from recorder import answer

FIELDS = [(":scheme", "https"), (":authority", "localhost"), ("authorization", "Bearer dapi-hostile")]
"""From what the client's window takes to well beyond what Lakegate keeps for it: in one of these the last record is one too
many, and with it comes the end of the answer."""
SIZES = range(60_000, 400_000, 8000)


@pytest.fixture(autouse=True)
def large(recorder):
    recorder.behaviours["large"] = lambda connection, request: connection.send(answer(body=b"l" * int(request.target.split("/")[2])))


async def asked(client, path, **how):
    call = client.ask([(":method", "GET"), (":path", path), *FIELDS], **how)
    await asyncio.wait_for(call.headed.wait(), 10)
    return call


def test_an_answer_that_fills_the_client_at_its_end_pauses_nothing_else(yard):
    async def run():
        async with Client(yard) as client:
            for size in SIZES:
                call = await asked(client, f"/large/{size}", reads=False)
                await asyncio.sleep(0.05)
                call.reads = True
                client.h2.acknowledge_received_data(call.unread, call.number)
                client.flush()
                await call.done(10)
                assert (call.status, call.count) == (200, size)
                assert (await asked(client, "/api/x")).status == 200, f"behind {size}"

    asyncio.run(run())
