"""Access tokens live eight seconds: calls go on for half a minute, and nobody notices."""

import threading
import time

SECONDS, CALLERS = 30, 3


def call_steadily(lakegate, token, until, failures, counts):
    client = lakegate.client(token)
    while time.monotonic() < until:
        answer = client.get(f"{lakegate.url}/api/2.0/preview/scim/v2/Me")
        if (answer.status_code, answer.json().get("userName")) != (200, "ada@example.com"):
            failures.append((answer.status_code, answer.text[:300]))
        counts.append(1)
        time.sleep(0.1)


def test_refresh_and_rotation_go_unnoticed(lakegate, session_token, provider):
    before, families = len(provider.refreshes()), provider.families()
    until, failures, counts = time.monotonic() + SECONDS, [], []
    arguments = (lakegate, session_token, until, failures, counts)
    callers = [threading.Thread(target=call_steadily, args=arguments) for _ in range(CALLERS)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert failures == [] and len(counts) > 100
    spent = provider.refreshes()[before:]
    assert len(spent) >= 3, "access tokens of 8 s were not refreshed"
    assert [each for each in spent if each["status"] != 200] == []
    check_families(families, provider.families())


def check_families(before, after):
    """Rotation happened, in no storm, and no family that was alive has died (a replayed token kills its family)."""
    rotated = [family for family, (count, _) in after.items() if count > before.get(family, (0, 0))[0]]
    assert rotated, "no refresh token was rotated"
    for family in rotated:
        spent = after[family][0] - before.get(family, (0, 0))[0]
        assert spent <= SECONDS // 2, f"{spent} refreshes of one session in {SECONDS} s: a storm"
        assert after[family][1] == 1, f"family {family}: {after[family]} (issued, alive)"
