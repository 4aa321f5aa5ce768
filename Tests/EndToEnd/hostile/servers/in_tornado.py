"""Tornado, on the port given; it takes any method, as a proxy must."""

import asyncio
import sys

from saying import seen
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPHeaders, ResponseStartLine


def say(request):
    said = seen(request.headers.get("X-Request-Id", "-"), request.method, request.uri)
    fields = HTTPHeaders({"X-Seen": said, "Content-Length": str(len(request.body))})
    request.connection.write_headers(ResponseStartLine("HTTP/1.1", 200, "OK"), fields,
                                     b"" if request.method == "HEAD" else request.body)
    request.connection.finish()


async def serve(port):
    HTTPServer(say).listen(port, "127.0.0.1")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
