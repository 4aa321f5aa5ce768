"""Starts the warehouse, and runs scenes of unmodified clients against a Lakegate before it, in the environment `clients`."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from ground import free_port
from services import CONFIDENTIAL_SECRET, NotingWorkspace

HERE = Path(__file__).resolve().parent
ROOM = HERE.parents[1] / ".build-e2e"


def clients_python():
    """The Python of the environment `clients` that Tests/EndToEnd/install.sh makes; LAKEGATE_CLIENTS names another."""
    return python_of("clients", os.environ.get("LAKEGATE_CLIENTS"))


def heavy(name):
    """The Python of an environment that `Tests/EndToEnd/install.sh heavy` makes, where LAKEGATE_HEAVY is set."""
    if "LAKEGATE_HEAVY" not in os.environ:
        pytest.skip("too big for every run: LAKEGATE_HEAVY is not set")
    return python_of(name)


def python_of(name, other=None):
    python = Path(other or ROOM / name / "bin" / "python")
    if not python.exists():
        pytest.skip(f"the environment `{name}` is not installed")
    return python


def start_warehouse(ground, certificates, provider, name="warehouse"):
    port, journal = free_port(), ground.folder / f"{name}.jsonl"
    introspect = f"http://127.0.0.1:{provider.port}/o/introspect/"
    argv = [clients_python(), "-m", "warehouse", port, certificates.certificate, certificates.key, journal, introspect,
            f"confidential-client:{CONFIDENTIAL_SECRET}"]
    program = ground.start(name, argv, port=port, env={"PYTHONPATH": str(HERE)}, patience=40)
    return NotingWorkspace(port, journal, program)


def before(workspace, url):
    """What makes a configuration's text stand before `url` in the place of the trial's workspace."""
    return lambda text: text.replace(f"    url: {workspace.url}\n", f"    url: {url}\n")


def clean_environment():
    """Without proxies and without what Databricks' clients would take for their configuration."""
    return {name: value for name, value in os.environ.items()
            if not name.startswith("DATABRICKS_") and not name.lower().endswith("_proxy")}


def play(script, scene, lakegate, **more):
    """What a scene before a Lakegate tells."""
    return run(script, lakegate.authority, scene=scene, port=lakegate.port, authority=str(lakegate.authority), **more)


def run(script, trusted, timeout=120, python=None, **job):
    """What a client's script makes of a job, as JSON on its last line; it trusts `trusted`."""
    trust = {name: str(trusted) for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH")}
    argv = [python or clients_python(), HERE / script]
    try:
        done = subprocess.run(argv, input=json.dumps(job), capture_output=True, text=True, timeout=timeout,
                              env=clean_environment() | trust)
    except subprocess.TimeoutExpired as late:
        raise AssertionError(f"{script} is not done after {timeout} s:\n{(late.stderr or b'').decode()[-6000:]}") from None
    if done.returncode != 0:
        raise AssertionError(f"{script} failed:\n{done.stdout[-2000:]}\n{done.stderr[-6000:]}")
    return json.loads(done.stdout.splitlines()[-1])


