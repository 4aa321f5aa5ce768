"""The load generator: wrk over HTTPS keep-alive, one thread, the same request bytes for every peer."""

import json
import os
import subprocess
from pathlib import Path

from ground import settle

SCRIPT = Path(__file__).with_name("load.lua")

# wrk has no option for cipher suites; OpenSSL's configuration file has one. It binds every peer to the same suite.
SUITES = """
openssl_conf = start
[start]
ssl_conf = ssl
[ssl]
system_default = defaults
[defaults]
Ciphersuites = {suite}
"""


class LoadFailure(Exception):
    """The load generator could not connect, or answers were not all good."""


class Load:
    def __init__(self, ground, suite, credential, core, connections=32):
        self.conf = ground.write("suites.cnf", SUITES.format(suite=suite))
        self.core, self.connections, self.niceness = core, connections, ground.niceness
        name, value = credential
        self.environment = {**os.environ, "OPENSSL_CONF": str(self.conf), "TRIAL_FIELD": name, "TRIAL_VALUE": value}

    def run(self, port, path, seconds):
        """Keeps `connections` requests in flight for a while; returns counts and latencies."""
        argv = [
            "wrk", "-t1", f"-c{self.connections}", f"-d{seconds}s", "--timeout", "10s", "-s", SCRIPT,
            f"https://localhost:{port}{path}",
        ]
        done = subprocess.run(
            argv, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            start_new_session=True, preexec_fn=lambda: settle(self.core, self.niceness),
        )
        line = next((each for each in done.stdout.splitlines() if each.startswith("@{")), None)
        if line is None:
            raise LoadFailure(done.stdout + done.stderr)
        result = json.loads(line[1:])
        if result["bad"]:
            raise LoadFailure(f"{result['bad']} bad answers of {result['requests']} on port {port}:\n{done.stdout}")
        return result


def negotiated(port, authority, suite):
    """Protocol and suite that a client restricted like the load generator gets, as openssl names them."""
    argv = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", "localhost", "-CAfile", authority,
            "-ciphersuites", suite, "-brief"]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    words = {line.partition(":")[0]: line.partition(":")[2].strip() for line in done.stderr.splitlines() if ":" in line}
    return f"{words.get('Protocol version', '?')} {words.get('Ciphersuite', '?')}"
