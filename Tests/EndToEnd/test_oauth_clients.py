"""Unmodified clients that log in by OAuth, with Lakegate as their OAuth server: people in a browser, programs with a key.

Skipped as long as `/.well-known/databricks-config` does not name Lakegate's own host.
"""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from at_warehouse import before, play
from ground import free_port
from lakegate import start_lakegate
from services import CONFIDENTIAL_SECRET

HERE = Path(__file__).resolve().parent
ACTS_AS = """\
    servicePrincipals:
      - {{name: nightly, clientID: nightly-principal, clientSecretFile: {secret}, tokenURL: {token_url}, scopes: [all-apis]}}
    clients:
      - {{name: scheduler, keyFile: {key}}}
    identities:
      - match: {{client: scheduler}}
        actAs: nightly
"""


def require_facade(lakegate):
    answer = lakegate.client().get(f"{lakegate.url}/.well-known/databricks-config", timeout=10)
    if answer.status_code != 200 or not answer.json().get("oidc_endpoint", "").startswith(lakegate.url):
        pytest.skip("this Lakegate is no OAuth server for clients")


@pytest.fixture(scope="module")
def key(ground, binary):
    """(file, key) of a program."""
    path = ground.folder / "scheduler.key"
    done = subprocess.run([*shlex.split(binary), "keys", "client", "--output", str(path)], capture_output=True, text=True, timeout=30)
    if done.returncode != 0:
        pytest.skip("this Lakegate has no keys for programs")
    return path, path.read_text().split()[0]


@pytest.fixture(scope="module")
def with_programs(ground, binary, certificates, redis, workspace, warehouse, before_warehouse, key):
    """A Lakegate before the warehouse where the program `scheduler` acts as the principal `nightly`."""
    require_facade(before_warehouse)
    secret = ground.write("nightly.secret", CONFIDENTIAL_SECRET + "\n", mode=0o600)

    def change(text):
        more = ACTS_AS.format(secret=secret, key=key[0], token_url=workspace.token_url)
        return before(workspace, warehouse.url)(text).rstrip("\n") + "\n" + more

    lakegate = start_lakegate(ground, binary, certificates, redis[1], workspace, free_port(), name="with-programs", change=change)
    yield lakegate
    lakegate.program.end()


def test_the_sdk_logs_in_by_a_browser(before_warehouse, warehouse, provider, tmp_path, monkeypatch):
    require_facade(before_warehouse)
    walker = f"{shlex.quote(sys.executable)} {shlex.quote(str(HERE / 'walking_browser.py'))} %s &"
    for name, value in {"BROWSER": walker, "HOME": str(tmp_path), "LAKEGATE_USER": "ada",
                        "LAKEGATE_AUTHORITY": str(before_warehouse.authority)}.items():
        monkeypatch.setenv(name, value)
    noted = len(warehouse.notes())
    assert play("oauth_client.py", "external_browser", before_warehouse, timeout=40) == ["ada@example.com"] * 3
    monkeypatch.setenv("BROWSER", "false %s")
    assert play("oauth_client.py", "external_browser", before_warehouse, timeout=40) == ["ada@example.com"] * 3
    assert {note["user"] for note in warehouse.notes()[noted:]} - {None} == {"ada"}
    kept = "".join(path.read_text() for path in tmp_path.rglob("*.json"))
    assert kept and not any(token in kept for token in provider.issued())


@pytest.mark.parametrize("scene", ["service_principal", "connector", "kernel"])
def test_a_program_logs_in_with_its_key(with_programs, warehouse, key, scene):
    noted = len(warehouse.notes())
    seen = play("oauth_client.py", scene, with_programs, name="scheduler", key=key[1])
    assert set(seen) == {"nightly-principal@example.com"}
    notes = warehouse.notes()[noted:]
    assert {note["user"] for note in notes} - {None} == {"nightly-principal"}
    assert not any(key[1] in value for note in notes for _, value in note["headers"])


@pytest.mark.parametrize("scene", ["service_principal", "connector", "kernel"])
def test_a_wrong_key_is_said(with_programs, warehouse, key, scene):
    noted = len(warehouse.notes())
    wrong = key[1][:-4] + "AAAA"
    with pytest.raises(AssertionError) as told:
        play("oauth_client.py", scene, with_programs, name="scheduler", key=wrong)
    assert "invalid_client" in str(told.value), told.value
    assert not [note for note in warehouse.notes()[noted:] if note["user"]]
