"""Three replicas on one Redis, access tokens of eight seconds, a provider that ends a family whose token comes twice.

LAKEGATE_FAULTS is how many seconds the faults go on, 25 unless said; LAKEGATE_SEED fixes their order.
"""

import os
import random
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest
from ground import free_port, start_redis
from lakegate import start_lakegate
from login import SIGN_OUT_EVERYWHERE, log_in, make_session_token, press, session_page

README = Path(__file__).resolve().parents[2] / "README.md"
SECONDS = int(os.environ.get("LAKEGATE_FAULTS", "25"))
SEED = int(os.environ.get("LAKEGATE_SEED", str(random.randrange(1 << 30))))
SESSIONS, PASSWORD = 12, "trial-password"
ANSWER_TIME = 4
ME = "/api/2.0/preview/scim/v2/Me"


class Store:
    """A Redis that lets Lakegate do what the README says, and no more."""

    def __init__(self, ground):
        self.ground = ground
        self.program, self.port = start_redis(ground)
        self.admit()

    def admit(self):
        rule = re.search(r"ACL SETUSER (lakegate .*)", README.read_text())[1].replace("PASSWORD", PASSWORD)
        assert self.cli("ACL", "SETUSER", *rule.split()) == "OK"

    def cli(self, *words):
        argv = ["redis-cli", "-p", str(self.port), *words]
        return subprocess.run(argv, capture_output=True, text=True, timeout=20).stdout.strip()

    def restart_empty(self):
        os.killpg(self.program.pid, signal.SIGKILL)
        self.program.process.wait()
        time.sleep(1)
        self.program, _ = start_redis(self.ground, port=self.port)
        self.admit()

    def stop_for(self, seconds):
        os.killpg(self.program.pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.killpg(self.program.pid, signal.SIGCONT)


class Replicas:
    def __init__(self, start, first):
        self.start, self.all = start, {0: first, 1: start(1, free_port()), 2: start(2, free_port())}

    def stop_for(self, number, seconds):
        os.killpg(self.all[number].program.pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.killpg(self.all[number].program.pid, signal.SIGCONT)

    def crash(self, number):
        port = self.all[number].port
        os.killpg(self.all[number].program.pid, signal.SIGKILL)
        self.all[number].program.process.wait()
        self.all[number] = self.start(number, port)


@pytest.fixture(scope="module")
def store(ground):
    return Store(ground)


@pytest.fixture(scope="module")
def replicas(ground, binary, certificates, store, workspace, ports):
    starts = iter(range(10_000))

    def start(number, port):
        def change(text):
            text = text.replace(f"store: redis://127.0.0.1:{store.port}/0", f"store: redis://lakegate:{PASSWORD}@127.0.0.1:{store.port}/0")
            text = re.sub(r"keyring: \S+", f"keyring: {ground.folder}/replicas-keyring.json", text)
            return text.replace("accessLog:", f"sessions:\n  refreshAnswerTime: {ANSWER_TIME}s\naccessLog:")

        # Each start has a file of its own for what it says, and so a keyring; the first one's is everybody's.
        name = "replicas" if number == 0 and port == ports["replicas"] and not (ground.folder / "replicas.yaml").exists() \
            else f"replica-{number}-{next(starts)}"
        return start_lakegate(ground, binary, certificates, store.port, workspace, port, name=name, change=change)

    group = Replicas(start, start(0, ports["replicas"]))
    yield group
    for replica in group.all.values():
        replica.program.end()


@pytest.fixture(scope="module")
def tokens(replicas):
    first = replicas.all[0]
    return [make_session_token(first, log_in(first)[0], f"replica {number}") for number in range(SESSIONS)]


class Load:
    """Calls with every token through every replica in turn, until told to stop; keeps what was wrong."""

    def __init__(self, replicas, tokens):
        self.replicas, self.tokens, self.wrong, self.counts, self.over = replicas, tokens, [], {}, False
        self.threads = [threading.Thread(target=self.call, args=(number,), daemon=True) for number in range(3)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over = True
        for thread in self.threads:
            thread.join(60)

    def call(self, number):
        turn = number
        while not self.over:
            turn += 1
            token, replica = self.tokens[turn % len(self.tokens)], self.replicas.all[turn % 3]
            try:
                answer = replica.client(token).get(replica.url + ME, timeout=30)
            except OSError:
                self.count("no answer")
                continue
            self.count(answer.status_code)
            if answer.status_code not in (200, 503) or answer.status_code == 503 and "Retry-After" not in answer.headers:
                self.wrong.append((answer.status_code, answer.text[:200]))
            time.sleep(0.02)

    def count(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1


def ask(replica, token):
    return replica.client(token).get(replica.url + ME, timeout=30)


def replays(provider, since):
    return [each for each in provider.refreshes()[since:] if each["status"] == 400]


def test_replicas_spend_each_token_once(replicas, tokens, provider):
    """F1: three replicas use the same sessions all the time, whose tokens are always about to end; 0 spent twice, 0 wrong."""
    before = len(provider.refreshes())
    with Load(replicas, tokens) as load:
        time.sleep(20)
    spent = provider.refreshes()[before:]
    print(f"{len(spent)} tokens spent, answers {load.counts}")
    assert load.wrong == [] and replays(provider, before) == []
    assert len(spent) > SESSIONS, "nothing was renewed"
    assert load.counts[200] > 200 and load.counts.get("no answer", 0) == 0


def test_an_end_reaches_every_replica(replicas, provider):
    """A revoked token is refused by every replica, by those that use it all the time, too."""
    first = replicas.all[0]
    browser = log_in(first)[0]
    token = make_session_token(first, browser, "to be revoked")
    assert [ask(each, token).status_code for each in replicas.all.values()] == [200, 200, 200]
    press(browser, session_page(first, browser), SIGN_OUT_EVERYWHERE)
    begun, ended = time.monotonic(), {}
    while len(ended) < 3 and time.monotonic() < begun + 20:
        for number, each in replicas.all.items():
            if number not in ended and ask(each, token).status_code == 401:
                ended[number] = round((time.monotonic() - begun) * 1000)
    print(f"milliseconds until each replica refused: {ended}")
    assert len(ended) == 3


def test_faults_of_the_store_and_pauses_cost_no_login(replicas, store, tokens, provider):
    """R1, R2, R5, F4: Redis stopped, killed and empty, flushed; replicas stopped. 0 tokens spent twice, 0 logins lost."""
    generator, before, done = random.Random(SEED), len(provider.refreshes()), []
    faults = {
        "Redis stops": lambda: store.stop_for(generator.uniform(0.5, 4)),
        "Redis loses all": store.restart_empty,
        "Redis is flushed": lambda: store.cli("FLUSHALL"),
        "a replica stops": lambda: replicas.stop_for(generator.randrange(3), generator.uniform(0.5, 6)),
    }
    print(f"LAKEGATE_SEED={SEED}")
    with Load(replicas, tokens) as load:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            name = generator.choice(sorted(faults))
            done.append(name)
            faults[name]()
            time.sleep(generator.uniform(1, 4))
        time.sleep(8)
    settle(replicas, tokens)
    print(f"{done}: {len(provider.refreshes()) - before} tokens spent, answers {load.counts}")
    assert load.wrong == [] and replays(provider, before) == []


def test_crashes_cost_no_more_than_what_died_with_them(replicas, tokens, provider):
    """F3: replicas are killed under load. A login is lost only with a token whose answer died with the only one who had it."""
    generator, before, crashes = random.Random(SEED), len(provider.refreshes()), 0
    with Load(replicas, tokens) as load:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            replicas.crash(generator.randrange(3))
            crashes += 1
            time.sleep(generator.uniform(0.5, 3))
    lost = settle(replicas, tokens)
    spent_twice = len(replays(provider, before))
    print(f"{crashes} crashes: {len(lost)} logins lost, {spent_twice} tokens tried again, answers {load.counts}")
    assert len(lost) <= spent_twice <= crashes * SESSIONS // 3, "more was lost than died"
    assert all(status == 401 for status, _ in load.wrong) and len(lost) < SESSIONS


def settle(replicas, tokens):
    """Gives what was left alone its time, and returns the tokens whose login is lost; the others work everywhere."""
    pending, until = set(tokens), time.monotonic() + 60
    lost = set()
    while pending and time.monotonic() < until:
        for token in sorted(pending):
            statuses = {ask(each, token).status_code for each in replicas.all.values()}
            if statuses == {200}:
                pending.discard(token)
            elif statuses == {401}:
                lost.add(token)
                pending.discard(token)
        time.sleep(0.5)
    assert not pending, f"{len(pending)} sessions neither work nor are lost"
    return lost
