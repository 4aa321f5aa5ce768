"""What can be measured, by name. A mode has `about` (one line), `run(scene, say)` (plain values for JSON) and
`table(results)` (text)."""

from modes import check, latency, loops, memory, neighbour, redis_commands, sessions, throughput, tls

MODES = {
    "check": check, "h1-small": throughput.H1_SMALL, "h1-64k": throughput.H1_64K, "h2-small": throughput.H2_SMALL,
    "h2-64k": throughput.H2_64K, "grpc-unary": throughput.GRPC_UNARY, "grpc-stream": throughput.GRPC_STREAM,
    "tls-new": tls.NEW, "tls-resumed": tls.RESUMED, "idle": memory.IDLE, "stalled": memory.STALLED,
    "latency-h1": latency.H1, "latency-h2": latency.H2, "neighbour": neighbour, "loops": loops, "sessions": sessions,
    "redis": redis_commands,
}
