"""A steady load: every login through every replica by turns, so many calls a second, whatever becomes of them."""

import asyncio
import ssl
import time
from collections import Counter
from dataclasses import dataclass, field

import aiohttp
from lakegate import COOKIE

from .door import ME


@dataclass
class Call:
    login: object
    replica: object
    begun: float
    """How long the newest access token was good that this replica had used for this login before."""
    good_until: float
    ended: float = 0
    status: int = 0
    reason: str = ""
    is_waiting: bool = False

    def __str__(self):
        moment = time.strftime("%X", time.localtime(self.begun))
        return f"login {self.login.family} by replica {self.replica.number} at {moment}: {self.status} {self.reason}"

    @property
    def failed(self):
        return self.status != 200

    @property
    def failed_though_good(self):
        """It had a good token, and was not killed or stopped."""
        is_good = self.good_until > self.ended + 1  # on a busy machine neither side sees the other's moment
        return self.failed and is_good and not self.replica.was_away(self.begun, self.ended)

    @property
    def is_wrong(self):
        """Neither an answer, nor 503 with Retry-After, nor a replica that was away. 401 is judged with the login."""
        if self.status == 0:
            return not self.replica.was_away(self.begun, self.ended)
        return self.failed and self.status != 401 and not (self.status == 503 and self.is_waiting)


@dataclass
class Load:
    setting: object
    logins: list
    rate: float
    calls: list = field(default_factory=list)
    """(login, body) of answers that were for somebody else."""
    crossed: list = field(default_factory=list)

    def __enter__(self):
        self.over, self.tasks = False, set()
        self.running = asyncio.run_coroutine_threadsafe(self._run(), self.setting.background.loop)
        return self

    def __exit__(self, *_):
        self.over = True
        self.running.result(90)

    async def _run(self):
        context = ssl.create_default_context(cafile=str(self.setting.certificates.authority))
        connector = aiohttp.TCPConnector(ssl=context, limit=0)
        async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as client:
            turn, begun = 0, time.monotonic()
            while not self.over:
                lap, place = divmod(turn, len(self.logins))
                login, replica = self.logins[place], self.setting.replicas[(place + lap) % 3]
                self._start(self._call(client, login, replica))
                turn += 1
                if turn % 10 == 0:
                    self._start(self._leave(client, login, replica))
                await asyncio.sleep(max(0, begun + turn / self.rate - time.monotonic()))
            if self.tasks:
                await asyncio.wait(self.tasks, timeout=60)

    def _start(self, work):
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _leave(self, client, login, replica):
        """F5: a client that does not wait for its answer."""
        fields, patience = {"Cookie": f"{COOKIE}={login.cookie}"}, aiohttp.ClientTimeout(0.003)
        try:
            await client.get(f"https://localhost:{replica.port}{ME}", headers=fields, timeout=patience)
        except (OSError, aiohttp.ClientError, asyncio.TimeoutError):
            pass

    async def _call(self, client, login, replica):
        call = Call(login, replica, time.time(), replica.holder.good_until.get(login.family, 0))
        self.calls.append(call)
        fields = {"Cookie": f"{COOKIE}={login.cookie}"}
        try:
            url = f"https://localhost:{replica.port}{ME}"
            async with client.get(url, headers=fields, timeout=aiohttp.ClientTimeout(40)) as answer:
                body = await answer.json(content_type=None)
                call.status, call.is_waiting = answer.status, answer.headers.get("Retry-After", "").isdigit()
                if call.failed:
                    self.setting.seen += (str(answer.headers) + str(body)).encode()
                call.reason = str(body.get("message", ""))[:120]
                if answer.status == 200 and body["id"] != str(login.family):
                    self.crossed.append((login, body))
        except (OSError, aiohttp.ClientError, asyncio.TimeoutError) as error:
            call.reason = f"{type(error).__name__} {error}"[:120]
        call.ended = time.time()

    def counts(self):
        return dict(Counter(call.status for call in self.calls).most_common())

    def wrong(self):
        return [call for call in self.calls if call.is_wrong]

    def last_failure(self, begun, ended):
        """Seconds from `begun` to the end of the last call that failed before `ended`."""
        late = [call.ended - begun for call in self.calls if call.failed and begun < call.ended < ended]
        return max(late, default=0)

    def longest_outage(self):
        """(seconds, login, reason) of the longest time in which a login got no answer from any replica."""
        worst, since = (0, None, ""), {}
        for call in sorted(self.calls, key=lambda each: each.ended):
            if not call.failed:
                since.pop(call.login, None)
                continue
            begun = since.setdefault(call.login, call.begun)
            worst = max(worst, (call.ended - begun, call.login.family, call.reason))
        return worst
