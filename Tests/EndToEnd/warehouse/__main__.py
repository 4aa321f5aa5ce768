"""The server. Usage: python -m warehouse PORT CERTIFICATE KEY JOURNAL INTROSPECT_URL CLIENT:SECRET

One JSON line in JOURNAL for each request: method, path, header fields, and whose bearer it was.
"""

import asyncio
import json
import ssl
import sys

import aiohttp
from aiohttp import web

from . import dialect, rest, statements
from .bucket import Bucket
from .engine import Engine

REASON = "x-databricks-reason-phrase"
OPEN = ("/.well-known/databricks-config", "/telemetry-unauth", "/_bucket/")


class Warehouse:
    def __init__(self, port, journal, introspect, client):
        self.engine, self.bucket, self.port = Engine(), Bucket(port), port
        self.journal = open(journal, "a", buffering=1)
        self.introspect, self.login, self.session = introspect, aiohttp.BasicAuth(*client.split(":")), None

    async def whose(self, token):
        """Who the provider says the bearer is of, at this moment."""
        self.session = self.session or aiohttp.ClientSession()
        async with self.session.post(self.introspect, data={"token": token}, auth=self.login) as answer:
            found = await answer.json()
        return (found.get("username") or found.get("client_id")) if found.get("active") else None

    @web.middleware
    async def check(self, request, handler):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        user = await self.whose(token) if scheme.lower() == "bearer" and token else None
        self.note(request, user)
        request["user"] = user
        if user is None and not request.path.startswith(OPEN):
            return refusal(403, "Invalid access token.") if token else refusal(
                401, "Credential was not sent or was of an unsupported type for this API.")
        answer = await handler(request)
        if not answer.prepared:
            answer.headers["x-databricks-org-id"] = "4711"
        return answer

    def note(self, request, user):
        line = {"method": request.method, "path": request.path_qs, "user": user, "headers": list(request.headers.items())}
        self.journal.write(json.dumps(line) + "\n")

    async def thrift(self, request):
        if request.content_type != "application/x-thrift":
            return web.json_response({"error_code": "BAD_REQUEST", "message": "not Thrift"}, status=400)
        body = await request.read()
        data = await asyncio.to_thread(dialect.answer, body, dialect.Handler(self, request["user"]))
        return web.Response(body=data, content_type="application/x-thrift")


def refusal(status, message):
    """Databricks' shape for failed authentication: the error code is a number."""
    fields = {REASON: message} | ({"WWW-Authenticate": 'Bearer realm="DatabricksRealm"'} if status == 401 else {})
    return web.json_response({"error_code": status, "message": f"{message} [ReqId: trial]"}, status=status, headers=fields)


def main(port, certificate, key, journal, introspect, client):
    warehouse = Warehouse(int(port), journal, introspect, client)
    app = web.Application(middlewares=[warehouse.check], client_max_size=64 << 20)
    for path in ("/sql/1.0/warehouses/{id}", "/sql/protocolv1/o/{workspace}/{cluster}"):
        app.router.add_post(path, warehouse.thrift)
    app.router.add_get("/_bucket/{name}", warehouse.bucket.serve)
    statements.add_routes(app.router, warehouse)
    rest.add_routes(app.router, warehouse)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    asyncio.set_event_loop(asyncio.new_event_loop())
    web.run_app(app, host="127.0.0.1", port=int(port), ssl_context=context, print=None, access_log=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
