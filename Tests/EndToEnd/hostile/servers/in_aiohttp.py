"""aiohttp without a router, on the port given."""

import asyncio
import sys

from aiohttp import web
from saying import seen


async def say(request):
    said = seen(request.headers.get("X-Request-Id", "-"), request.method, request.raw_path)
    return web.Response(body=await request.read(), headers={"X-Seen": said})


async def serve(port):
    runner = web.ServerRunner(web.Server(say))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=512).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
