"""The way of one replica to its provider and to its workspace: sees every token call, and lets it fail as the trial wishes."""

import asyncio
import json
import ssl
import time
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web

ME = "/api/2.0/preview/scim/v2/Me"
LEFT_OUT = {"transfer-encoding", "connection", "content-length", "content-encoding", "host", "keep-alive"}


class Door:
    def __init__(self, background, certificates, provider_port, ledger):
        self.background, self.ledger, self.provider = background, ledger, f"http://127.0.0.1:{provider_port}"
        """Which start of the replica is behind it."""
        self.holder = None
        """Seconds that pass before the provider is asked."""
        self.delay = 0
        """Whether the provider is asked even if the replica has given up."""
        self.takes_late_requests = False
        """(status, fields, text) of what the provider answers without looking at anything, or `None`."""
        self.refusal = None
        self.loses_answers = False
        """Called once, with the grant, when the provider has answered; `False` loses the answer."""
        self.at_answer = None
        """Called once, with the grant of the refresh token that is on its way; `False` loses the request."""
        self.at_request = None
        self.lost, self.refused, self.forced = [], 0, 0
        background.run(self._open(certificates))

    async def _open(self, certificates):
        connector = aiohttp.TCPConnector(force_close=True)  # no request meets a connection that gunicorn is about to close
        self.client = aiohttp.ClientSession(connector=connector, auto_decompress=False, timeout=aiohttp.ClientTimeout(60))
        app = web.Application()
        app.router.add_post("/o/token/", self._token)
        app.router.add_route("*", "/{path:.*}", self._other)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.certificate, certificates.key)
        self.runner = web.AppRunner(app, access_log=None)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0, ssl_context=context)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]

    def close(self):
        async def work():
            await self.client.close()
            await self.runner.cleanup()
        self.background.run(work())

    @property
    def url(self):
        return f"https://localhost:{self.port}"

    async def _token(self, request):
        body, holder, begun = await request.read(), self.holder, time.monotonic()
        asked = dict(parse_qsl(body.decode()))
        is_refresh = asked.get("grant_type") == "refresh_token"
        if is_refresh and self.refusal:
            self.refused += 1
            status, fields, text = self.refusal
            return web.Response(status=status, headers=fields, text=text, content_type="application/json")
        if is_refresh and self._take("at_request", self.ledger.by_refresh[asked["refresh_token"]]) is False:
            return lose(request)
        await asyncio.sleep(self.delay if is_refresh else 0)
        if request.transport is None and not self.takes_late_requests:
            return web.Response(status=408)
        status, fields, answer = await self._ask(request, body)
        told = json.loads(answer) if status == 200 else {}
        grant = self.ledger.note(asked, status, told, holder, time.monotonic() - begun)
        if is_refresh and grant and (self._take("at_answer", grant) is False or self.loses_answers):
            self.lost.append(grant)
            return lose(request)
        return web.Response(status=status, headers=fields, body=answer)

    def _take(self, name, subject):
        hook = getattr(self, name)
        setattr(self, name, None)
        return hook(subject) if hook else True

    async def _other(self, request):
        if request.path.startswith(("/o/", "/accounts/")):
            status, fields, answer = await self._ask(request, await request.read())
            return web.Response(status=status, headers=fields, body=answer)
        family = self.ledger.use(request.headers.get("Authorization", "").removeprefix("Bearer "), self.holder)
        if family is None:
            self.forced += 1
            return web.json_response({"error_code": 403, "message": "Invalid access token."}, status=403)
        return web.json_response({"id": str(family), "userName": f"ada-{family}@example.com", "active": True})

    async def _ask(self, request, body):
        """The provider, which takes itself to be behind TLS."""
        fields = {name: value for name, value in request.headers.items() if name.lower() not in LEFT_OUT}
        fields |= {"Host": request.host, "X-Forwarded-Proto": "https"}
        url = self.provider + request.path_qs
        async with self.client.request(request.method, url, data=body, headers=fields, allow_redirects=False) as answer:
            kept = [(name, value) for name, value in answer.headers.items() if name.lower() not in LEFT_OUT]
            from_provider = aiohttp.web.Response(headers=kept).headers
            return answer.status, from_provider, await answer.read()


def lose(request):
    """Ends the connection in place of an answer."""
    if request.transport:
        request.transport.abort()
    return web.Response(status=502)
