"""The keyring is rotated under load, on two replicas that are not in step."""

import re
import shlex
import subprocess
import threading
import time

from ground import free_port
from lakegate import start_lakegate
from login import log_in, make_session_token

ME = "/api/2.0/preview/scim/v2/Me"


def keys(binary, *words):
    done = subprocess.run([*shlex.split(binary), "keys", *[str(word) for word in words]], capture_output=True, text=True, timeout=20)
    return done.returncode, done.stdout + done.stderr


def fingerprint(lakegate):
    page = lakegate.client().get(f"http://127.0.0.1:{lakegate.admin_port}/metrics", timeout=5).text
    return re.search(r'lakegate_keyring_info{active="[^"]+",fingerprint="([0-9a-f]{16})"} 1', page)[1]


def wait_for_agreement(lakegates, path, binary):
    wanted = re.search(r"fingerprint ([0-9a-f]{16})", keys(binary, "show", "--keyring", path)[1])[1]
    deadline = time.monotonic() + 20
    while {fingerprint(each) for each in lakegates} != {wanted}:
        assert time.monotonic() < deadline, "the keyring was not taken up"
        time.sleep(0.1)


def test_rotations_under_load_sign_nobody_out(ground, binary, certificates, redis, workspace, ports):
    """K1: five rotations while calls go on and tokens are renewed: 0 answers but 200, and the retired keys open nothing."""
    first = start_lakegate(ground, binary, certificates, redis[1], workspace, ports["nobody"], name="rotating")
    path, other = ground.folder / "rotating-keyring.json", ground.folder / "rotated-keyring.json"
    other.write_bytes(path.read_bytes())
    other.chmod(0o600)

    def change(text):
        return text.replace("follower-keyring.json", other.name)

    second = start_lakegate(ground, binary, certificates, redis[1], workspace, free_port(), name="follower", change=change)
    token = make_session_token(first, log_in(first)[0], "rotating")
    answers, over = [], threading.Event()

    def call():
        while not over.is_set():
            for each in (first, second):
                answers.append(each.client(token).get(each.url + ME, timeout=30).status_code)

    caller = threading.Thread(target=call)
    caller.start()
    try:
        for _ in range(5):
            for words in (["--prepare"], []):
                code, said = keys(binary, "rotate", "--keyring", path, *words)
                assert code == 0, said
                wait_for_agreement([first], path, binary)
                time.sleep(0.5)  # one replica is ahead of the other
                other.write_bytes(path.read_bytes())
                wait_for_agreement([first, second], path, binary)
    finally:
        over.set()
        caller.join(60)
    assert len(answers) > 100 and set(answers) == {200}
    ids = re.findall(r"(\S+)  opens\n", keys(binary, "show", "--keyring", path)[1])
    assert len(ids) == 5
    for key in ids[:4]:
        code, said = keys(binary, "retire", "--keyring", path, "--key", key)
        assert code == 0 and key in said
    first.program.end()
    second.program.end()


def test_a_keyring_that_cannot_be_used_changes_nothing(ground, binary, certificates, redis, workspace, ports):
    lakegate = start_lakegate(ground, binary, certificates, redis[1], workspace, ports["nobody"], name="keeping")
    path = ground.folder / "keeping-keyring.json"
    before = fingerprint(lakegate)
    whole = path.read_text()
    path.write_text(whole[: len(whole) // 2])
    deadline = time.monotonic() + 20
    while "keyring not replaced, the former one stays" not in lakegate.program.text():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert fingerprint(lakegate) == before
    code, said = keys(binary, "rotate", "--keyring", path)
    assert code == 1 and "not a JSON object" in said
    lakegate.program.end()
