"""Short interleaved rounds, so that a noisy machine disturbs every subject alike, and what is made of them."""

from statistics import median

from loads.failure import LoadFailure
from processes import cpu_seconds

NO_SESSION = ("Cookie", "__Host-lakegate=" + "a" * 43)


def interleave(subjects, rounds, turn, say, label, shown="us"):
    """Calls `turn(name)` for every subject in every round, the order rotated, after a round that does not count.

    Returns samples by name, and why others are not among them: a subject that fails once is left out.
    """
    samples, failed = {name: [] for name in subjects}, {}
    for number in range(rounds + 1):
        for name in rotated(list(samples), number):
            try:
                sample = turn(name)
                samples[name] += [sample] if number else []
            except LoadFailure as reason:
                del samples[name]
                failed[name] = str(reason)
                say(f"{label}: without {name}: {reason}")
        if number:
            say(f"{label} round {number}/{rounds}: "
                + "  ".join(f"{name} {rows[-1][shown]:.1f}" for name, rows in samples.items()))
    return samples, failed


def rotated(names, number):
    start = number % len(names) if names else 0
    return names[start:] + names[:start]


def costed(peer, work):
    """Runs `work()`, whose result has `requests` and `seconds`; adds the microseconds of CPU for each request."""
    pids = {"self": peer.pid, **peer.beside}
    before = {name: cpu_seconds(pid) for name, pid in pids.items()}
    result = work()
    spent = {name: cpu_seconds(pid) - before[name] for name, pid in pids.items()}
    each = 1e6 / result["requests"]
    return {
        **result, "us": spent["self"] * each, "busy": spent["self"] / result["seconds"],
        "rps": result["requests"] / result["seconds"],
        "beside_us": {name: spent[name] * each for name in peer.beside},
    }


def summarize(samples, reference):
    """By name: medians, spread, and the median of the ratios to the reference (if it is there) in the same round."""
    return {name: _summary(rows, samples.get(reference)) for name, rows in samples.items()}


def _summary(rows, reference):
    costs = [row["us"] for row in rows]
    numbers = [key for key, value in rows[0].items() if isinstance(value, (int, float))]
    summary = {key: median(row[key] for row in rows) for key in numbers}
    summary |= {"low": min(costs), "high": max(costs), "rounds": rows, "ratio": None}
    summary["beside_us"] = {name: median(row["beside_us"][name] for row in rows) for name in rows[0]["beside_us"]}
    if reference:
        ratios = sorted(row["us"] / base["us"] for row, base in zip(rows, reference))
        summary |= {"ratio": median(ratios), "ratio_low": ratios[0], "ratio_high": ratios[-1]}
    return summary


def credentials(peers):
    """The session field each peer is sent; those without sessions get Lakegate's bytes, and replace them."""
    shared = next((peer.credential for peer in peers if peer.credential and "lakegate" in peer.name), NO_SESSION)
    return {peer.name: peer.credential or shared for peer in peers}
