"""A TCP relay under the trial's control: it cuts, it holds bytes back in either direction, it swallows what is published."""

import asyncio

UP, DOWN = "up", "down"


class Relay:
    def __init__(self, background, behind, translate=lambda piece: piece):
        """`translate` rewrites what comes down, without a change of its length."""
        self.background, self.behind, self.translate = background, behind, translate
        self.is_cut, self.is_deaf, self.swallowed, self.pairs = False, False, 0, set()
        self.ways = {}
        background.run(self._listen())

    async def _listen(self):
        for way in (UP, DOWN):
            self.ways[way] = asyncio.Event()
            self.ways[way].set()
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]

    def cut(self):
        """Connections end, and further ones end at once."""
        self.background.call(self._cut)

    def hold(self, *ways):
        """What is under way in these directions arrives later, as in a network whose parts have lost each other."""
        self.background.call(lambda: [self.ways[way].clear() for way in ways])

    def mend(self):
        self.background.call(self._mend)

    def deafen(self, is_deaf):
        """Whether a connection that subscribes hears of nothing, though it is answered."""
        self.is_deaf = is_deaf

    def _cut(self):
        self.is_cut = True
        for writer in list(self.pairs):
            writer.transport.abort()

    def _mend(self):
        self.is_cut = False
        for way in self.ways.values():
            way.set()

    async def _serve(self, reader, writer):
        if self.is_cut:
            return writer.transport.abort()
        try:
            behind, onward = await asyncio.open_connection("127.0.0.1", self.behind)
        except OSError:
            return writer.transport.abort()
        pair = {writer, onward}
        self.pairs |= pair
        subscribed = []
        tasks = [asyncio.create_task(self._pass(UP, reader, onward, subscribed)),
                 asyncio.create_task(self._pass(DOWN, behind, writer, subscribed))]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for each in [*tasks, *pair]:
            each.cancel() if isinstance(each, asyncio.Task) else each.transport.abort()
        self.pairs -= pair

    async def _pass(self, way, reader, writer, subscribed):
        try:
            while piece := await reader.read(65536):
                if way is UP and b"SUBSCRIBE" in piece:
                    subscribed.append(True)
                await self.ways[way].wait()
                if way is DOWN:
                    piece = self.translate(piece)
                    if subscribed and self.is_deaf:
                        piece = self._unpublished(piece)
                writer.write(piece)
                await writer.drain()
        except OSError:
            pass

    def _unpublished(self, piece):
        """Without the messages (RESP2 arrays of three that begin with `message`), which come whole on a loopback."""
        start = b"*3\r\n$7\r\nmessage\r\n"
        parts = piece.split(start)
        self.swallowed += len(parts) - 1
        # Of a message three lengths and two words are left to take away; what follows it stands.
        return parts[0] + b"".join(part.split(b"\r\n", 4)[4] for part in parts[1:])
