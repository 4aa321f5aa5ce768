"""Without any fault: how long a grant is in one process alone, and how soon an end is known everywhere, heard of or not."""

import os
import threading
import time
from collections import Counter

from faults.load import Load
from faults.redis_group import cli
from faults.setting import Login
from faults.verdict import ask, judge
from faults.window import Monitor, percentiles, windows
from login import SIGN_OUT, press, session_page

ENDS = int(os.environ.get("LAKEGATE_FAULT_ENDS", "5"))


def test_every_token_is_spent_once_and_stored_at_once(hard_setting):
    """F1, and the window of F3."""
    setting, begun = hard_setting, time.time()
    with Monitor(setting.redis.master()) as monitor, Load(setting, setting.logins, 60) as load:
        time.sleep(setting.access_seconds)
    found = windows(setting, monitor, begun)
    print(f"\n    from the provider's commit to Redis: {percentiles(found)}")
    assert judge(setting, load, begun) == set()
    assert len(found) >= len(setting.logins) and set(load.counts()) == {200}


def sign_out(setting, login):
    browser = setting.replicas[0].lakegate.client()
    browser.headers.update({"Cookie": f"__Host-lakegate={login.cookie}", "Accept": "text/html"})
    press(browser, session_page(setting.replicas[0].lakegate, browser), SIGN_OUT)


def refusals(setting, login):
    """Milliseconds until each replica refuses, from the press of the button."""
    clients = [each.lakegate.client() for each in setting.replicas]
    assert [ask(replica, client, login) for replica, client in zip(setting.replicas, clients)] == [200] * 3
    ended = {}

    def watch(replica, client):
        deadline = time.monotonic() + 60
        while ask(replica, client, login) != 401 and time.monotonic() < deadline:
            time.sleep(0.002)
        ended[replica.number] = time.monotonic()

    threads = [threading.Thread(target=watch, args=pair) for pair in zip(setting.replicas, clients)]
    for thread in threads:
        thread.start()
    begun = time.monotonic()
    sign_out(setting, login)
    for thread in threads:
        thread.join()
    return [(ended[number] - begun) * 1000 for number in sorted(ended)]


def test_an_end_is_known_everywhere(hard_setting):
    found = [each for login in leaving(hard_setting) for each in refusals(hard_setting, login)]
    print(f"\n    from the button to the last refusal: {percentiles(found)}")
    assert max(found) < 30_000


def test_an_end_that_nobody_hears_of_is_found(hard_setting):
    """What Redis publishes gets lost: those who do not hear of it compare, every `sessions.staleness`."""
    relays = [relay for replica in hard_setting.replicas[1:] for relay in replica.nodes.values()]
    for relay in relays:
        relay.deafen(True)
    found = [each for login in leaving(hard_setting) for each in refusals(hard_setting, login)]
    swallowed = sum(relay.swallowed for relay in relays)
    for relay in relays:
        relay.deafen(False)
    print(f"\n    the same, {swallowed} messages lost, staleness {hard_setting.staleness} s: {percentiles(found)}")
    assert swallowed > 0 and max(found) < 30_000


def test_a_loss_is_not_taken_for_an_end(hard_setting):
    """Replicas that have never had a session ask for it when Redis has just lost all; a session that never was ends in 401."""
    fresh = hard_setting.log_in(10)
    strangers = [(replica, replica.lakegate.client()) for replica in hard_setting.replicas[1:]]
    assert cli(hard_setting.redis.master(), "FLUSHALL") == "OK"
    statuses = Counter(ask(replica, client, login) for login in fresh for replica, client in strangers)
    print(f"\n    strangers, asked at once after a loss: {dict(statuses)}")
    assert set(statuses) <= {200, 503}
    deadline, (replica, client) = time.monotonic() + 30, strangers[0]
    while not all(ask(replica, client, login) == 200 for login in fresh):
        assert time.monotonic() < deadline
    nobody = Login(fresh[0].cookie[:4] + "A" * (len(fresh[0].cookie) - 4), fresh[0].family)
    while ask(replica, client, nobody) != 401:
        assert time.monotonic() < deadline, "a session that never was is unclear for long"
        time.sleep(0.5)


def leaving(setting):
    """People who sign out: not those of the load."""
    logins = setting.log_in(ENDS)
    setting.logins = [login for login in setting.logins if login not in logins]
    return logins
