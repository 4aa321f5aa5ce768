"""An unmodified databricks-sql-connector: before a warehouse by Thrift, by statements (`sea`) or by statements in Rust (`kernel`),
and before a cluster by Thrift."""

import sqlite3
import threading
from contextlib import contextmanager

import pytest
from at_warehouse import play
from login import log_in, make_session_token

ROWS = 300_000
WAYS = [("thrift", True), ("thrift", False), ("cluster", True), ("sea", True), ("sea", False), ("kernel", True)]


@pytest.fixture(scope="module")
def tokens(before_warehouse):
    """Of two people; Ada's access tokens last eight seconds."""
    return {name: make_session_token(before_warehouse, log_in(before_warehouse, name)[0], "sql") for name in ("ada", "hedy")}


def since(warehouse, count):
    return warehouse.notes()[count:]


def people(notes):
    """Whose bearers came; without those that had been replaced meanwhile, which is between the workspace and Lakegate."""
    return {note["user"] for note in notes} - {None}


@pytest.mark.parametrize("way, linked", WAYS)
def test_everything_works_as_the_person(before_warehouse, warehouse, tokens, way, linked):
    before = len(warehouse.notes())
    seen = play("sql_client.py", "works", before_warehouse, way=way, linked=linked, token=tokens["ada"])
    assert seen["me"] == [["ada@example.com"]]
    assert seen["rows"] == {"names": ["id", "name"], "count": ROWS, "sum": sum(range(ROWS)), "ordered": True}
    assert seen["named"][0][0] == "ada" and int(seen["named"][0][1]) == 42
    assert "nope" in seen["error"], seen["error"]
    print(way, linked, seen["types"], seen["error"][:200])
    if way != "sea":
        assert seen["placed"] == [["x", 7]] and seen["types"]["right"] is True, seen
    if way in ("thrift", "cluster"):
        assert seen["metadata"] == [["main"], ["default"], ["lakes"], ["id", "name"]]
    notes = since(warehouse, before)
    links = [note for note in notes if note["path"].startswith("/_bucket/")]
    assert bool(links) == linked and all(note["user"] is None and "Authorization" not in dict(note["headers"]) for note in links)
    assert people(notes) == {"ada"}


@pytest.mark.parametrize("way", ["thrift", "sea"])
def test_a_statement_is_cancelled(before_warehouse, tokens, way):
    seen = play("sql_client.py", "cancels", before_warehouse, way=way, linked=False, token=tokens["ada"])
    print(way, seen)
    assert seen["ended"] and seen["ended"] != ["done"], seen
    assert int(seen["after"][0][0]) == 1


@pytest.mark.parametrize("way", ["thrift", "sea", "kernel"])
def test_two_people_at_once_see_themselves_only(before_warehouse, warehouse, tokens, way):
    before = len(warehouse.notes())
    told = play("sql_client.py", "together", before_warehouse, way=way, linked=False, tokens=tokens, times=10)
    assert told == [[name, [f"{name}@example.com"], 10] for name in (*tokens, *tokens)]
    notes = since(warehouse, before)
    for name in tokens:
        assert people(note for note in notes if f"({name})" in dict(note["headers"])["User-Agent"]) == {name}


@pytest.mark.parametrize("linked", [True, False])
def test_a_token_that_ends_in_the_middle_of_a_fetch_goes_unnoticed(before_warehouse, warehouse, provider, linked):
    """Half way an access token ends before its time: the workspace's 403 stays between it and Lakegate."""
    token = make_session_token(before_warehouse, log_in(before_warehouse, "hedy")[0], "fetch")
    newest = newest_token(provider, "hedy")
    before, spent = len(warehouse.notes()), len(provider.refreshes())

    def end_token():
        asked = sum(note["method"] == "POST" for note in since(warehouse, before))
        return asked >= 3 and in_provider(provider, f"UPDATE oauth2_provider_accesstoken SET expires = '2000-01-01' WHERE id = {newest}")

    with repeated(end_token):
        seen = play("sql_client.py", "fetches_slowly", before_warehouse, way="thrift", linked=linked, token=token, pause=0.15)
    assert (seen["count"], seen["sum"]) == (ROWS, sum(range(ROWS)))
    notes = [note for note in since(warehouse, before) if not note["path"].startswith("/_bucket/")]
    refused = [note for note in notes if note["user"] is None]
    print(f"{len(notes)} requests, {len(refused)} refused by the workspace, {len(provider.refreshes()) - spent} renewals")
    assert len(refused) == 1 and people(notes) == {"hedy"}
    assert len(provider.refreshes()) > spent


def newest_token(provider, user):
    """Of that person: others' are renewed all the time."""
    return in_provider(provider, "SELECT max(token.id) FROM oauth2_provider_accesstoken AS token JOIN auth_user ON auth_user.id = user_id "
                                 f"WHERE username = '{user}'")[0][0]


def in_provider(provider, words):
    with sqlite3.connect(provider.folder / "provider.sqlite", timeout=20) as database:
        return database.execute(words).fetchall() or True


@contextmanager
def repeated(work):
    """Does the work beside, again and again until it says that it is done."""
    over = threading.Event()

    def run():
        while not over.wait(0.05) and not work():
            pass

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
