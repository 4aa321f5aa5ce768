"""Unmodified clients that log in by OAuth, with Lakegate as their OAuth server: people in a browser, programs with a key.

Skipped as long as `/.well-known/databricks-config` does not name Lakegate's own host.
"""

import shlex
import sys
from pathlib import Path

import pytest
from at_warehouse import before, play
from ground import free_port
from lakegate import start_lakegate
from programs import with_program

HERE = Path(__file__).resolve().parent


def require_facade(lakegate):
    answer = lakegate.client().get(f"{lakegate.url}/.well-known/databricks-config", timeout=10)
    if answer.status_code != 200 or not answer.json().get("oidc_endpoint", "").startswith(lakegate.url):
        pytest.skip("this Lakegate is no OAuth server for clients")


@pytest.fixture(scope="module")
def with_programs(ground, binary, certificates, redis, workspace, warehouse, before_warehouse, program_key):
    """A Lakegate before the warehouse where the program `scheduler` acts as the principal `nightly`."""
    require_facade(before_warehouse)
    program = with_program(ground, workspace, program_key)
    lakegate = start_lakegate(ground, binary, certificates, redis[1], workspace, free_port(), name="with-programs",
                              change=lambda text: program(before(workspace, warehouse.url)(text)))
    yield lakegate
    lakegate.program.end()


@pytest.fixture
def walker(before_warehouse, tmp_path, monkeypatch):
    """A browser that signs Ada in, for whichever program opens one; and an empty home, which is what it gives."""
    require_facade(before_warehouse)
    walker = f"{shlex.quote(sys.executable)} {shlex.quote(str(HERE / 'walking_browser.py'))} %s &"
    for name, value in {"BROWSER": walker, "HOME": str(tmp_path), "LAKEGATE_USER": "ada",
                        "LAKEGATE_AUTHORITY": str(before_warehouse.authority)}.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def test_the_sdk_logs_in_by_a_browser(before_warehouse, warehouse, provider, walker, monkeypatch):
    noted = len(warehouse.notes())
    assert play("oauth_client.py", "external_browser", before_warehouse, timeout=40) == ["ada@example.com"] * 3
    monkeypatch.setenv("BROWSER", "false %s")
    assert play("oauth_client.py", "external_browser", before_warehouse, timeout=40) == ["ada@example.com"] * 3
    assert {note["user"] for note in warehouse.notes()[noted:]} - {None} == {"ada"}
    kept = "".join(path.read_text() for path in walker.rglob("*.json"))
    assert kept and not any(token in kept for token in provider.issued())


def test_the_connector_in_rust_logs_in_by_a_browser(before_warehouse, warehouse, walker):
    noted = len(warehouse.notes())
    assert play("oauth_client.py", "kernel_in_browser", before_warehouse, timeout=60) == ["ada@example.com"]
    assert {note["user"] for note in warehouse.notes()[noted:]} - {None} == {"ada"}


def test_the_connector_in_python_opens_no_browser_for_hosts_that_are_not_databricks(before_warehouse, walker):
    with pytest.raises(AssertionError) as told:
        play("oauth_client.py", "connector_in_browser", before_warehouse, timeout=60)
    assert "OAuth is not supported for host" in str(told.value)


@pytest.mark.parametrize("scene", ["service_principal", "connector", "sea", "cluster", "kernel"])
def test_a_program_logs_in_with_its_key(with_programs, warehouse, program_key, scene):
    noted = len(warehouse.notes())
    seen = play("oauth_client.py", scene, with_programs, name="scheduler", key=program_key[1])
    assert set(seen) == {"nightly-principal@example.com"}
    notes = warehouse.notes()[noted:]
    assert {note["user"] for note in notes} - {None} == {"nightly-principal"}
    assert not any(program_key[1] in value for note in notes for _, value in note["headers"])


@pytest.mark.parametrize("scene", ["service_principal", "connector", "sea", "cluster", "kernel"])
def test_a_wrong_key_is_said(with_programs, warehouse, program_key, scene):
    noted = len(warehouse.notes())
    wrong = program_key[1][:-4] + "AAAA"
    with pytest.raises(AssertionError) as told:
        play("oauth_client.py", scene, with_programs, name="scheduler", key=wrong)
    assert "invalid_client" in str(told.value), told.value
    assert not [note for note in warehouse.notes()[noted:] if note["user"]]
