"""Strict clients: a request has failed if no whole 200 came for it, unless the server had said before it was sent that the
connection is over. Nothing is sent twice."""

import asyncio
import random
import ssl
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    counts: Counter = field(default_factory=Counter)
    failures: list = field(default_factory=list)
    serials: dict = field(default_factory=dict)

    def fail(self, what):
        self.failures.append(what)

    def saw(self, writer, now):
        """Notes when each certificate was seen first."""
        certificate = writer.get_extra_info("peercert")
        self.counts["connections"] += 1
        self.serials.setdefault(certificate["serialNumber"], now)


@dataclass
class Target:
    port: int
    authority: str
    fields: list
    path: str = "/small"
    stopping: bool = False
    tally: Tally = field(default_factory=Tally)

    async def connect(self, protocol):
        context = ssl.create_default_context(cafile=str(self.authority))
        context.set_alpn_protocols([protocol])
        connecting = asyncio.open_connection("127.0.0.1", self.port, ssl=context, server_hostname="localhost")
        reader, writer = await asyncio.wait_for(connecting, 20)
        self.tally.saw(writer, asyncio.get_running_loop().time())
        return reader, writer


async def pause():
    """Mostly at once, sometimes long enough to be idle when something happens."""
    await asyncio.sleep(random.choice([0, 0, 0, 0, 0.005, 0.02, 0.05, 0.2, 1.5 if random.random() < 0.2 else 0.1]))


async def keep_on(target, visit, kind):
    """Connection after connection until it is enough; whatever goes wrong has cost a request."""
    while not target.stopping:
        try:
            await visit(target)
        except (OSError, EOFError, asyncio.TimeoutError, AssertionError) as error:
            target.tally.fail(f"{kind}: {type(error).__name__} {error}")
