"""A crowd of HTTP/1.1 clients before a workspace that offers HTTP/2: their small requests go out together."""

import asyncio
from collections import Counter

from h2_client import tls_context

CLIENTS, ROUNDS = 32, 60


async def ask(reader, writer, lakegate, token):
    """What protocol the workspace was asked in."""
    head = f"GET /protocol HTTP/1.1\r\nHost: localhost:{lakegate.port}\r\nAuthorization: Bearer {token}\r\n\r\n"
    writer.write(head.encode())
    answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    assert answer.startswith("http/1.1 200 "), answer
    length = int(answer.split("content-length: ")[1].split("\r\n")[0])
    return (await reader.readexactly(length)).decode()


async def crowd(lakegate, token):
    context = tls_context(lakegate.authority)
    context.set_alpn_protocols(["http/1.1"])
    clients = [await asyncio.open_connection("localhost", lakegate.port, ssl=context) for _ in range(CLIENTS)]
    alone = await ask(*clients[0], lakegate, token)
    asked = Counter()
    for _ in range(ROUNDS):
        asked.update(await asyncio.gather(*(ask(*client, lakegate, token) for client in clients)))
    for _, writer in clients:
        writer.close()
    return alone, asked


def test_a_crowd_shares_and_one_alone_does_not(before_nginx, lasting_token):
    alone, asked = asyncio.run(crowd(before_nginx, lasting_token))
    assert alone == "HTTP/1.1"
    assert asked["HTTP/2.0"] > 0, asked
    assert sum(asked.values()) == CLIENTS * ROUNDS
