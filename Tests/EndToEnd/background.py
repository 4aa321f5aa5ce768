"""One loop in one thread of its own, so that a test itself may wait."""

import asyncio
import threading


class Background:
    def __init__(self):
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def run(self, work, patience=120):
        """What a coroutine gives, run on the loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(patience)

    def call(self, function, *arguments):
        """What a function gives, called on the loop."""
        async def work():
            return function(*arguments)
        return self.run(work())

    def end(self):
        async def work():
            rest = asyncio.all_tasks() - {asyncio.current_task()}
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)
        self.run(work())
        self.loop.call_soon_threadsafe(self.loop.stop)
