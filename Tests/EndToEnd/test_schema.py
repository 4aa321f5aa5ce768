"""O4: whatever is asked of Lakegate's own pages, they answer as schema/openapi.yaml says, and never with a fault of their own.

LAKEGATE_SCHEMA_CASES is how many requests schemathesis makes at least, 1,000 unless said; LAKEGATE_SEED which.
"""

import json
import os
import random
import re
import shlex
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from lakegate import COOKIE, start_lakegate
from login import log_in, session_page

HERE = Path(__file__).resolve().parent
SCHEMATHESIS = HERE.parents[1] / ".build-e2e" / "schema" / "bin" / "schemathesis"
CASES = int(os.environ.get("LAKEGATE_SCHEMA_CASES", "1000"))
SEED = int(os.environ.get("LAKEGATE_SEED", str(random.randrange(1 << 30))))
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
          "response_schema_conformance", "unsupported_method", "allow_header_conformance", "ignored_auth",
          "missing_required_header")
"""A method that nobody knows is 501 (RFC 9110, section 15.6.2), which is no fault: those that are known are tried. Nobody waits for an
answer that is held back."""
CONFIG = """\
[parameters]
"query.wait" = 0
[phases.coverage]
unexpected-methods = ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE"]
[auth.openapi.session]
api_key = "{cookie}"
[auth.openapi.program]
bearer = "{key}"
"""
CLIENT = "    clients:\n      - {{name: scheduler, keyFile: {key}, mayAskForSessions: true}}\n"


@pytest.fixture(scope="module")
def client_key(ground, binary):
    path = ground.folder / "schema.key"
    subprocess.run([*shlex.split(binary), "keys", "client", "--output", str(path)], capture_output=True, check=True, timeout=30)
    return path


@pytest.fixture(scope="module")
def described(ground, binary, certificates, redis, workspace, ports, client_key):
    """One of its own: the logins that are begun here are nobody else's."""
    def change(text):
        return text.rstrip("\n") + "\n" + CLIENT.format(key=client_key)

    return start_lakegate(ground, binary, certificates, redis[1], workspace, ports["schema"], name="described", change=change)


@pytest.fixture(scope="module")
def room(ground, described, client_key):
    """A folder with the schema and the configuration of schemathesis: with a session, its form token, and a program's key."""
    folder = ground.folder / "schema"
    folder.mkdir()
    browser = log_in(described, "hedy")[0]
    form_token = re.search(r'name="form_token" value="([^"]+)"', session_page(described, browser).text).group(1)
    key = client_key.read_text().split()[0]
    text = (HERE / "schema" / "openapi.yaml").read_text()
    (folder / "openapi.yaml").write_text(text.replace("@FORM_TOKEN@", form_token).replace("@CLIENT_KEY@", key))
    (folder / "schemathesis.toml").write_text(
        CONFIG.format(cookie=browser.cookies.get(COOKIE), key=key))
    return folder


def run(room, lakegate, per_operation, seed):
    argv = [SCHEMATHESIS, "--config-file", "schemathesis.toml", "run", "openapi.yaml", "--url", lakegate.url, "--tls-verify", lakegate.authority,
            "--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing", "--max-examples", per_operation, "--seed", seed,
            "--max-redirects", 0, "--continue-on-failure", "--generation-database", "none", "--no-color",
            "--suppress-health-check", "all", "--warnings", "off", "--report", "ndjson", "--report-ndjson-path", f"report-{seed}"]
    done = subprocess.run([str(word) for word in argv], cwd=room, capture_output=True, text=True, timeout=3000)
    return done, [json.loads(line) for line in (room / f"report-{seed}").read_text().splitlines()]


def test_own_pages_answer_as_described(described, room, ground):
    """Round by round, until there were enough requests."""
    before, rounds = described.access_log.stat().st_size, 0
    statuses = Counter()
    while sum(statuses.values()) < CASES:
        done, _ = run(room, described, max(CASES // 60, 10), SEED + rounds)
        assert done.returncode == 0, f"LAKEGATE_SEED={SEED + rounds}\n{done.stdout[-20000:]}{done.stderr[-2000:]}"
        rounds += 1
        with described.access_log.open() as log:
            log.seek(before)
            statuses = Counter(json.loads(line)["status"] for line in log)
    print(f"\n    LAKEGATE_SEED={SEED}: {sum(statuses.values())} requests in {rounds} rounds: {dict(sorted(statuses.items()))}")
    assert not [status for status in statuses if status >= 500]
    assert min(statuses[status] for status in (200, 201, 303, 400, 401, 403, 404, 405)) > 0, statuses
