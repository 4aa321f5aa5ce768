"""Fixtures: one Lakegate in front of a workspace that keeps every byte."""

import json
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "parts")]

from lakegate import start_lakegate  # noqa: E402
from login import log_in, make_session_token  # noqa: E402
from recorder import Recorder  # noqa: E402

@pytest.fixture(scope="session")
def recorder(certificates):
    recorder = Recorder(certificates)
    yield recorder
    recorder.close()


@pytest.fixture(scope="session")
def yard(ground, binary, certificates, redis, workspace, ports, recorder):
    """Lakegate in front of the recorder."""
    def change(text):
        return text.replace(f"    url: {workspace.url}\n", f"    url: {recorder.url}\n")

    return start_lakegate(ground, binary, certificates, redis[1], workspace, ports["hostile"], name="hostile", change=change)


@pytest.fixture(scope="session")
def ada(yard):
    return log_in(yard)[0]


@pytest.fixture(scope="session")
def ada_token(yard, ada):
    return make_session_token(yard, ada)


class Log:
    """The access log from a moment on."""

    def __init__(self, path):
        self.path, self.start = path, path.stat().st_size if path.exists() else 0

    def lines(self):
        """Every line so far, once the log has been quiet for longer than Lakegate holds lines back."""
        size = -1
        while (now := self.path.stat().st_size) != size:
            size = now
            time.sleep(0.5)
        with open(self.path, "rb") as file:
            file.seek(self.start)
            return [json.loads(line) for line in file.read().splitlines()]


@pytest.fixture
def log(yard):
    return Log(yard.access_log)
