"""Runs last: no token may be in anything that Lakegate wrote, nor readable in Redis."""

import base64
import subprocess
import time

import pytest
from ground import free_port, start_redis
from lakegate import start_beside, start_lakegate
from login import log_in
from search import found_in
from services import CONFIDENTIAL_SECRET


@pytest.fixture(scope="module")
def secrets(lakegate, session_token, confidential_lakegate, provider):
    log_in(confidential_lakegate, user="grace")
    known = {*lakegate.secrets, *confidential_lakegate.secrets, *provider.issued(), CONFIDENTIAL_SECRET} - {None}
    assert len(known) >= 5
    return sorted(known)


def redis_dump(redis):
    """The whole database as Redis would write it to disk, uncompressed."""
    program, port = redis
    for words in (["CONFIG", "SET", "rdbcompression", "no"], ["SAVE"]):
        subprocess.run(["redis-cli", "-p", str(port), *words], check=True, capture_output=True)
    return (program.output.parent / f"redis-{port}" / "dump.rdb").read_bytes()


def test_nothing_secret_is_written_down(lakegate, confidential_lakegate, secrets):
    """CVE-2024-39315: not in logs, not in metrics."""
    for each in (lakegate, confidential_lakegate):
        time.sleep(0.5)  # lines are written a few times a second
        log = each.access_log.read_bytes()
        assert log.count(b"\n") > 0, "the access log is empty: nothing was searched"
        assert found_in(log, secrets) == []
        assert found_in(each.program.output.read_bytes(), secrets) == []
        metrics = each.client().get(f"http://127.0.0.1:{each.admin_port}/metrics").content
        assert found_in(metrics, secrets) == []


def test_redis_alone_is_worthless(redis, lakegate, secrets):
    dump = redis_dump(redis)
    assert len(dump) > 500, "Redis holds nothing: nothing was searched"
    assert found_in(dump, secrets) == []


def test_the_search_finds_a_planted_secret(redis, lakegate, secrets):
    planted = secrets[0]
    for number, spelling in enumerate({planted.encode(), base64.b64encode(b'{"t":"' + planted.encode() + b'"}')}):
        subprocess.run(["redis-cli", "-p", str(redis[1]), "-x", "SET", f"planted-{number}"], input=spelling, check=True,
                       capture_output=True)
        assert found_in(redis_dump(redis), secrets) == [planted[:6] + "…"]
        subprocess.run(["redis-cli", "-p", str(redis[1]), "DEL", f"planted-{number}"], check=True, capture_output=True)


def ask(lakegate, token):
    return lakegate.client(token).get(lakegate.url + "/api/2.0/preview/scim/v2/Me", timeout=20)


def test_a_token_opens_nothing_without_redis(ground, binary, certificates, workspace, lakegate, session_token):
    """S3: a stolen token or cookie holds no credential of Databricks, whoever has the keyring."""
    empty = start_redis(ground)[1]
    thief = start_beside(ground, binary, certificates, empty, workspace, lakegate, "token-thief", workspace.url)
    assert ask(thief, session_token).status_code == 401
    thief.program.end()


def test_redis_and_a_token_open_nothing_without_the_keyring(ground, binary, certificates, redis, workspace, session_token):
    """S3: whoever runs a Lakegate on stolen records gets an error, and the workspace nothing."""
    thief = start_lakegate(ground, binary, certificates, redis[1], workspace, free_port(), name="record-thief")
    answer = ask(thief, session_token)
    assert answer.status_code == 503, answer.text
    thief.program.end()
    assert '"outcome":"session_unreadable"' in thief.access_log.read_text()
