"""Plays the cloud storage that links lead to: whoever has the link has the file, and a bearer has no business here."""

import secrets

from aiohttp import web

from . import engine


class Bucket:
    def __init__(self, port):
        self.url, self.files = f"https://localhost:{port}/_bucket/", {}

    def put(self, rows, compressed):
        """(link, size before compression) of a file of rows."""
        name = secrets.token_hex(8)
        self.files[name] = engine.stream(rows, compressed)
        return f"{self.url}{name}?signature={secrets.token_hex(8)}", len(engine.stream(rows, False))

    async def serve(self, request):
        if "Authorization" in request.headers:
            return web.Response(status=400, text="Only one auth mechanism allowed")
        data = self.files.get(request.match_info["name"])
        return web.Response(body=data) if data is not None else web.Response(status=404)
