extension Knob {
    static let limits = [
        limitsConnections, limitsConnectionsPerAddress, limitsClientIdle, limitsUploadRate, limitsDownloadRate,
        limitsBody, limitsUpstreamSilence, limitsRequests, limitsQueue, limitsQueueTime, limitsMemory,
    ]

    static let limitsConnections = Knob(
        "limits.connections", "Client connections at once; at that number no more are accepted until some end.",
        shape: "a whole number from 1 to 1000000", example: "20000",
        .optional("half of the limit of open files, less 32"))
    static let limitsConnectionsPerAddress = Knob(
        "limits.connectionsPerAddress",
        "Of these, from one IPv4 address or one /64 network of IPv6; others are closed. 0 for any number, as behind a"
            + " load balancer that shows its own address.",
        shape: "a whole number from 0 to 1000000", example: "1024", .standard("1024"))
    static let limitsClientIdle = Knob(
        "limits.clientIdle", "How long a client's connection stays open without a request.",
        shape: "a duration from 1s to 1h: a whole number and one of s, m, h, d", example: "75s", .standard("75s"))
    static let limitsUploadRate = Knob(
        "limits.uploadRate",
        "Bytes a second that a client must bring of a body that is waited for, over 30 s; 0 asks for none, gRPC is free.",
        shape: Shape.rate, example: "240", .standard("240"))
    static let limitsDownloadRate = Knob(
        "limits.downloadRate",
        "Bytes a second that a client must take of an answer that waits for it, over 240 s; 0 asks for none.",
        shape: Shape.rate, example: "240", .standard("240"))
    static let limitsBody = Knob(
        "limits.body", "Largest body of a request to a workspace.", shape: Shape.size, example: "5GiB",
        .optional("any"))
    static let limitsUpstreamSilence = Knob(
        "limits.upstreamSilence", "How long a workspace may be silent; gRPC and WebSockets may be for longer.",
        shape: "a duration from 1s to 1d: a whole number and one of s, m, h, d", example: "15m", .standard("15m"))
    static let limitsRequests = Knob(
        "limits.requests", "Requests under way at once to one workspace; WebSockets do not count.",
        shape: "a whole number from 1 to 1000000", example: "4096", .standard("4096"))
    static let limitsQueue = Knob(
        "limits.queue", "Requests beyond `limits.requests` that wait for one to end.",
        shape: "a whole number from 0 to 1000000", example: "1024", .standard("1024"))
    static let limitsQueueTime = Knob(
        "limits.queueTime", "How long they wait.",
        shape: "a duration from 1s to 10m: a whole number and one of s, m, h, d", example: "5s", .standard("5s"))
    static let limitsMemory = Knob(
        "limits.memory", "Memory of the process beyond which requests and connections are turned away.",
        shape: "a share of the container's or machine's memory from 10% to 100%, a size like 2GiB, or `off`",
        example: "80%", .standard("80%"))
}
