"""HTTP/1.1 load: wrk over HTTPS keep-alive, one thread, the same request bytes for every peer."""

import json
import os
import subprocess
from pathlib import Path

from ground import settle
from loads.failure import LoadFailure
from loads.suites import suites_file

SCRIPT = Path(__file__).with_name("wrk.lua")


class Wrk:
    """Keeps `connections` requests in flight, or sends about `rate` a second over them at random moments.

    `credentials` is a file of header values, one a line, used in turn.
    """

    def __init__(self, scene, path, connections, credentials=None, rate=None):
        self.path, self.connections = path, connections
        self.core, self.niceness = scene.other_core, scene.ground.niceness
        self.environment = {**os.environ, "OPENSSL_CONF": str(suites_file(scene.ground, scene.options.suite))}
        if credentials:
            self.environment["TRIAL_VALUES"] = str(credentials)
        if rate:
            self.environment["TRIAL_PAUSE"] = str(1000 * connections / rate)

    def run(self, port, credential, seconds, first=None):
        """Counts and latencies; `credential` is the header field (name, value) of every request.

        Of a file of credentials the one behind `first` comes first; without it, any.
        """
        name, value = credential
        environment = {**self.environment, "TRIAL_FIELD": name, "TRIAL_VALUE": value}
        if first is not None:
            environment["TRIAL_FIRST"] = str(first)
        argv = ["wrk", "-t1", f"-c{self.connections}", f"-d{seconds}s", "--timeout", "10s", "-s", SCRIPT,
                f"https://localhost:{port}{self.path}"]
        done = subprocess.run(
            argv, env=environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, start_new_session=True, preexec_fn=lambda: settle(self.core, self.niceness),
        )
        line = next((each for each in done.stdout.splitlines() if each.startswith("@{")), None)
        if line is None:
            raise LoadFailure(done.stdout + done.stderr)
        result = json.loads(line[1:])
        if result["bad"]:
            raise LoadFailure(f"{result['bad']} bad answers of {result['requests']} on port {port}:\n{done.stdout}")
        return result
