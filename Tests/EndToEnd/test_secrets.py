"""Runs last: no token may be in anything that Lakegate wrote, nor readable in Redis."""

import base64
import subprocess
from urllib.parse import quote

import pytest
from services import CONFIDENTIAL_SECRET


def spellings(secret):
    """The secret as it stands, and as it would look encoded; base64 at each of the three alignments."""
    raw = secret.encode()
    yield raw
    yield raw.hex().encode()
    yield quote(secret, safe="").encode()
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(b"\0" * shift + raw)
            yield whole[4 if shift else 0 : len(whole) // 4 * 4 - 4]


def found_in(haystack, secrets):
    return [secret[:6] + "…" for secret in secrets if any(word in haystack for word in spellings(secret))]


@pytest.fixture(scope="module")
def secrets(lakegate, session_token, confidential_lakegate, provider):
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
    for each in (lakegate, confidential_lakegate):
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
