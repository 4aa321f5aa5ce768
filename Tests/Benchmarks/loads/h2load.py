"""HTTP/2 and gRPC load: h2load, one thread, latencies of every request from its log."""

import re
import subprocess
from statistics import quantiles

from ground import settle
from loads.failure import LoadFailure


class H2Load:
    """Keeps `streams` requests in flight on each of `clients` connections; POST if there is a `body`."""

    def __init__(self, scene, path, clients, streams, fields=(), body=None):
        self.scene, self.path, self.fields = scene, path, fields
        self.options = ["-t1", f"-c{clients}", f"-m{streams}", "--npn-list=h2",
                        f"--tls13-ciphers={scene.options.suite}"]
        self.options += ["-d", scene.ground.write("h2load.body", body)] if body else []
        self.log = scene.ground.folder / "h2load.log"

    def run(self, port, credential, seconds):
        """Counts and latencies, as of `Wrk`."""
        fields = [*self.fields, credential, ("user-agent", "trial"), ("accept", "*/*")]
        argv = ["h2load", *self.options, f"-D{seconds}", f"--log-file={self.log}", f"--connect-to=127.0.0.1:{port}",
                *(f"-H{name.lower()}: {value}" for name, value in fields), f"https://localhost:{port}{self.path}"]
        self.log.unlink(missing_ok=True)
        done = subprocess.run(
            [str(word) for word in argv], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            start_new_session=True, preexec_fn=lambda: settle(self.scene.other_core, self.scene.ground.niceness),
        )
        return self._result(done, port)

    def _result(self, done, port):
        good = re.search(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", done.stdout)
        lost = re.search(r"(\d+) failed, (\d+) errored, (\d+) timeout", done.stdout)
        if not good or not lost or not int(good[1]):
            raise LoadFailure(f"port {port}:\n{done.stdout}{done.stderr}")
        bad = sum(map(int, good.groups()[1:])) + sum(map(int, lost.groups()))
        if bad:
            raise LoadFailure(f"{bad} bad answers on port {port}:\n{done.stdout}")
        return self._latencies()

    def _latencies(self):
        """h2load's log has a line for each request: start in microseconds, status, duration in microseconds."""
        rows = [line.split("\t") for line in self.log.read_text().splitlines()]
        starts, times = [int(row[0]) for row in rows], [int(row[2]) for row in rows]
        points = quantiles(times, n=100)
        ended = max(start + time for start, time in zip(starts, times))
        return {"requests": len(rows), "seconds": (ended - min(starts)) / 1e6, "bad": 0,
                "p50us": points[49], "p99us": points[98]}
