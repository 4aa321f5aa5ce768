"""Runs unmodified clients in a process of their own, trusting the trial's authority through the environment."""

import json
import os
import subprocess
import sys
from pathlib import Path

TRUST = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


def run_sdk(host, token, authority, megabytes, timeout=120):
    """databricks-sdk: who am I, clusters, a statement, a file up and down; returns what it saw."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABRICKS_")}
    environment |= {name: str(authority) for name in TRUST}
    argv = [sys.executable, Path(__file__).with_name("sdk_client.py"), host, str(megabytes)]
    done = subprocess.run(argv, input=token, env=environment, capture_output=True, text=True, timeout=timeout)
    if done.returncode != 0:
        raise AssertionError(f"the SDK failed:\n{done.stdout[-2000:]}\n{done.stderr[-6000:]}")
    return json.loads(done.stdout.splitlines()[-1])
