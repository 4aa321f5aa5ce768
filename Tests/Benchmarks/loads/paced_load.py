"""Runs paced.py as a load generator."""

import json
import os
import subprocess
import sys

from ground import settle
from loads.failure import LoadFailure
from loads.suites import suites_file
from workspace import BENCHMARKS


class Paced:
    """`kind` says what goes on beside the small requests: "alone", "separate" or "same" (see paced.py)."""

    def __init__(self, scene, rate, kind="alone"):
        self.scene, self.rate, self.kind = scene, rate, kind
        self.environment = {**os.environ, "OPENSSL_CONF": str(suites_file(scene.ground, scene.options.suite))}

    def run(self, port, credential, seconds):
        """Counts and latencies, as of `Wrk`, and `bulk_mb_per_s`."""
        argv = [sys.executable, BENCHMARKS / "loads/paced.py", port, self.scene.certificates.authority, seconds,
                self.rate, self.kind, *credential]
        done = subprocess.run(
            [str(word) for word in argv], env=self.environment, capture_output=True, text=True, start_new_session=True,
            preexec_fn=lambda: settle(self.scene.other_core, self.scene.ground.niceness),
        )
        if done.returncode:
            raise LoadFailure(done.stdout + done.stderr)
        return json.loads(done.stdout)
