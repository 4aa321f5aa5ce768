"""What the faults have cost: which logins are lost, and whether any process still had what would have saved them."""

import time

import requests
from lakegate import COOKIE

from .door import ME


def settle(setting, logins, patience=90):
    """Gives what was left alone its time; the logins that every replica refuses, while all others work everywhere."""
    pending, lost, deadline = set(logins), set(), time.monotonic() + patience
    clients = [each.lakegate.client() for each in setting.replicas]
    while pending and time.monotonic() < deadline:
        for login in sorted(pending, key=lambda each: each.family):
            statuses = {ask(replica, client, login) for replica, client in zip(setting.replicas, clients)}
            if statuses in ({200}, {401}):
                pending.discard(login)
                lost |= {login} if statuses == {401} else set()
        time.sleep(0.3)
    assert not pending, f"{len(pending)} logins neither work nor are lost"
    return lost


def ask(replica, client, login):
    try:
        return client.get(replica.lakegate.url + ME, headers={"Cookie": f"{COOKIE}={login.cookie}"}, timeout=30).status_code
    except requests.RequestException:
        return 0


def cause(setting, family):
    """Why nobody has the newest grant of a family; `None` if somebody must have it."""
    newest = setting.ledger.last(family)
    return fate(setting, newest)


def fate(setting, grant):
    """How a grant came to be nobody's: the answer was lost, or it died with the one process that had it."""
    if grant.first_use:
        return None
    replica = setting.replicas[grant.holder.replica]
    kept = (grant.holder.killed_at or float("inf")) - grant.at
    if kept < 0:
        return f"replica {replica.number} died {-kept * 1000:.0f} ms before the answer came"
    if kept < setting.patience:
        return f"died with replica {replica.number}, {kept * 1000:.0f} ms after the answer"
    if any(grant in each.door.lost for each in setting.replicas):
        return "the answer was lost on its way"
    if f"did not answer in time session={setting.names[grant.family]}" in replica.lakegate.program.text():
        return f"the answer took {grant.took:.1f} s, too long for replica {replica.number}"
    for begun, ended in replica.away:
        if begun - 0.1 < grant.at < ended and ended - grant.at + grant.took > 0.9 * setting.answer_time:
            return f"replica {replica.number} was stopped until {ended - grant.at + grant.took:.1f} s after it had asked"
    return None


def judge(setting, load, since):
    """Asserts that nothing went wrong that a fault does not explain, and tells the figures. Others take the place of the lost."""
    lost = settle(setting, load.logins)
    good = [call for call in load.calls if call.failed_though_good and call.login not in lost]
    told = {login.family: cause(setting, login.family) for login in lost}
    repeated = setting.ledger.repeated(since)
    twice = [(spend, grant) for spend, grant in repeated if not setting.grace and not fate(setting, grant)]
    for family, reason in sorted(told.items()):
        print(f"    login {family} is lost: {reason}")
    for spend, grant in twice:
        print(f"    a token of login {grant.family}, spent by replica {grant.holder.replica} at {clock(grant.at)} and used from "
              f"{clock(grant.first_use)}, was spent again by replica {spend.holder.replica} at {clock(spend.at)}")
    figures = {
        "calls": load.counts(), "tokens spent": len(setting.ledger.granted(since)),
        "tokens spent twice": len(twice), "tokens tried again whose grant was lost": len(repeated) - len(twice),
        "logins lost": len(lost), "of these without a cause": sum(reason is None for reason in told.values()),
        "calls that failed with a good token": len(good),
        "other wrong answers": len(load.wrong()), "longest time without any good answer": load.longest_outage(),
        "access tokens used after their time": [f"{seconds * 1000:.0f} ms" for _, seconds in setting.ledger.too_late],
    }
    for name, figure in figures.items():
        print(f"    {name}: {figure}")
    refusals = [call for call in load.calls if call.status == 401 and call.login not in lost]
    strangers = sum(not call.good_until for call in refusals)
    print(f"    calls refused by a replica that had not had the session, while Redis had lost it: {strangers}")
    for call in [*good, *refusals, *load.wrong()][:20]:
        print(f"    {call}")
    assert twice == [] and None not in told.values()
    assert good == [] and load.wrong() == [] and load.crossed == [] and refusals == []
    setting.logins = [login for login in setting.logins if login not in lost]
    setting.log_in(len(lost))
    return lost


def clock(moment):
    return time.strftime("%X", time.localtime(moment)) + f"{moment % 1:.3f}"[1:]
