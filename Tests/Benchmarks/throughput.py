"""CPU per request: short interleaved rounds, so that a noisy machine disturbs every peer alike."""

from statistics import median

from processes import cpu_seconds

PATHS = {"h1-small": "/small", "h1-64k": "/64k"}


def measure_throughput(mode, peers, load, rounds, seconds, say):
    """Microseconds of CPU per request by peer and round; the order of peers rotates from round to round."""
    path = PATHS[mode]
    for peer in peers:
        load.run(peer.port, path, 1)
    samples = {peer.name: [] for peer in peers}
    for number in range(rounds):
        turn = number % len(peers)
        for peer in peers[turn:] + peers[:turn]:
            samples[peer.name].append(_round(peer, load, path, seconds))
        say(f"{mode} round {number + 1}/{rounds}: " + "  ".join(
            f"{name} {rows[-1]['us']:.1f}" for name, rows in samples.items()
        ))
    return {name: summarize(rows, samples.get("nginx")) for name, rows in samples.items()}


def _round(peer, load, path, seconds):
    pids = {"self": peer.pid, **peer.beside}
    before = {name: cpu_seconds(pid) for name, pid in pids.items()}
    result = load.run(peer.port, path, seconds)
    spent = {name: cpu_seconds(pid) - before[name] for name, pid in pids.items()}
    each = 1e6 / result["requests"]
    return {
        "us": spent["self"] * each, "busy": spent["self"] / result["seconds"],
        "beside_us": {name: spent[name] * each for name in peer.beside},
        "rps": result["requests"] / result["seconds"], "requests": result["requests"],
        "p50us": result["p50us"], "p99us": result["p99us"],
    }


def summarize(rows, reference):
    """Medians, spread, and the median of the ratios to nginx in the same round."""
    costs = [row["us"] for row in rows]
    summary = {key: median(row[key] for row in rows) for key in ("us", "rps", "busy", "p50us", "p99us")}
    summary |= {"low": min(costs), "high": max(costs), "rounds": rows, "ratio": None}
    summary["beside_us"] = {name: median(row["beside_us"][name] for row in rows) for name in rows[0]["beside_us"]}
    if reference:
        ratios = sorted(row["us"] / base["us"] for row, base in zip(rows, reference))
        summary |= {"ratio": median(ratios), "ratio_low": ratios[0], "ratio_high": ratios[-1]}
    return summary
