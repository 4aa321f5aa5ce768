"""An unmodified databricks-connect, Lakegate, and a real Spark Connect server beside the warehouse's REST.

Too big for every run: LAKEGATE_HEAVY=1 with the environments that `Tests/EndToEnd/install.sh heavy` makes.
"""

import pytest
from at_cluster import CLUSTER
from at_warehouse import heavy, play
from login import log_in, make_session_token
from test_oauth_clients import walker  # noqa: F401
from test_sql_connector import in_provider, newest_token, repeated
from test_tools import people

UNKNOWN = "lkg_" + "A" * 43


@pytest.fixture(scope="module")
def before_warehouse(before_cluster):
    """Where a browser goes."""
    return before_cluster


@pytest.fixture(scope="module")
def connect():
    return heavy("connect")


def scene(connect, lakegate, what, way, **more):
    seen = play("connect_client.py", what, lakegate, python=connect, timeout=240, way=way, **more)
    print(seen)
    return seen


def test_it_works_as_the_person(before_cluster, connect, warehouse):
    token, noted = make_session_token(before_cluster, log_in(before_cluster, "hedy")[0], "connect"), len(warehouse.notes())
    worked(scene(connect, before_cluster, "works", "token", token=token))
    notes = warehouse.notes()[noted:]
    assert {note["user"] for note in notes} == {"hedy"}
    calls = [dict((name.lower(), value) for name, value in note["headers"]) for note in notes if note["path"] == "/allowed"]
    assert calls and {call["x-databricks-cluster-id"] for call in calls} == {CLUSTER}
    paths = [note["path"] for note in notes]
    assert any("clusters/get" in path for path in paths[:paths.index("/allowed")]), paths[:5]


def worked(seen):
    assert (seen.get("rows"), seen.get("sum")) == (300_000, sum(range(300_000))), seen
    assert "nope" in seen["error"], seen


def test_a_program_works_as_its_principal_on_its_cluster(before_cluster, connect, warehouse, program_key):
    noted = len(warehouse.notes())
    worked(scene(connect, before_cluster, "works", "key", name="scheduler", key=program_key[1]))
    assert people(warehouse, noted) == {"nightly-principal"}


def test_a_program_is_told_at_once_that_another_cluster_is_not_for_it(before_cluster, connect, warehouse, program_key):
    noted = len(warehouse.notes())
    seen = scene(connect, before_cluster, "works", "key", name="scheduler", key=program_key[1], cluster="0202-other")
    assert "No rule of this proxy" in seen["text"] and seen["seconds"] < 30, seen
    assert not warehouse.notes()[noted:]


def test_a_person_logs_in_by_a_browser(before_cluster, connect, warehouse, walker):  # noqa: F811
    noted = len(warehouse.notes())
    worked(scene(connect, before_cluster, "works", "browser"))
    assert people(warehouse, noted) == {"ada"}


def test_a_token_that_ends_in_the_middle_of_a_query_goes_unnoticed(before_cluster, connect, warehouse, provider):
    """Spark ends its streams every 3 s, and each that follows asks the workspace anew: one of them is refused there."""
    token = make_session_token(before_cluster, log_in(before_cluster, "hedy")[0], "waits")
    newest = newest_token(provider, "hedy")
    noted, spent = len(warehouse.notes()), len(provider.refreshes())

    def end_token():
        asked = sum(note["path"] == "/allowed" for note in warehouse.notes()[noted:])
        return asked >= 6 and in_provider(provider, f"UPDATE oauth2_provider_accesstoken SET expires = '2000-01-01' WHERE id = {newest}")

    with repeated(end_token):
        seen = scene(connect, before_cluster, "waits", "token", token=token, seconds=15)
    assert seen["after"] == 10 and seen["seconds"] > 15, seen
    notes = warehouse.notes()[noted:]
    refused = [note for note in notes if note["user"] is None]
    print(f"{len(notes)} requests, {len(refused)} refused by the workspace")
    assert refused and len(provider.refreshes()) > spent
    assert people(warehouse, noted) == {"hedy"} and notes[-1]["user"] == "hedy"


def test_without_a_session_it_is_told_at_once(before_cluster, connect):
    seen = scene(connect, before_cluster, "works", "token", token=UNKNOWN)
    assert f"{before_cluster.url}/.lakegate/login" in seen["text"] and seen["seconds"] < 30, seen


def test_who_is_refused_by_a_rule_is_told_at_once(before_cluster, connect):
    token = make_session_token(before_cluster, log_in(before_cluster, "grace")[0], "refused")
    seen = scene(connect, before_cluster, "works", "token", token=token)
    assert "identities" in seen["text"] and seen["seconds"] < 30, seen
