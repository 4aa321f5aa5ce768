import Testing

/// Many requests at once on one connection.
@Suite(.timeLimit(.minutes(2)))
struct PipelineTests {
    /// Forwarded, refused and served ones; the answers tell which request they are for.
    private func request(_ number: Int, _ cookie: String) -> (text: String, status: Int) {
        switch number % 4 {
        case 0: ("GET /.lakegate/nothing-\(number) HTTP/1.1\r\nhost: sim.test\r\n\r\n", 404)
        case 1: ("GET /x HTTP/1.1\r\nhost: sim.test\r\n\r\n", 401)
        case 2: ("GET /x HTTP/1.1\r\nhost: other.test\r\n\r\n", 400)
        default:
            (
                "POST /api/2.0/lakegate-simulator/echo?n=\(number) HTTP/1.1\r\nhost: sim.test\r\n\(cookie)"
                    + "content-length: 3\r\n\r\nabc", 200
            )
        }
    }

    @Test func answersAllInOrder() async throws {
        try await Front.use { front in
            let key = try await front.logIn()
            let client = try await front.connect()
            let requests = (0..<200).map { request($0, key.cookie) }
            client.send(requests.map(\.text).joined())
            for (number, request) in requests.enumerated() {
                let answer = try await client.takeAnswer()
                #expect(answer.status == request.status, "request \(number)")
                if request.status == 200 { #expect(answer.text.contains("echo?n=\(number)\"")) }
            }
            #expect(!client.isOver && client.pending.isEmpty)
        }
    }

    @Test func answersInOrderHoweverTheBytesArrive() async throws {
        try await Front.use { front in
            let key = try await front.logIn()
            let client = try await front.connect()
            let requests = (0..<16).map { request($0, key.cookie) }
            for byte in requests.map(\.text).joined().utf8 { client.send([byte]) }
            for request in requests { #expect(try await client.takeAnswer().status == request.status) }
        }
    }

    /// Ten thousand requests that are answered at once: no recursion, and no answer is forgotten.
    @Test func refusesTenThousandInARow() async throws {
        try await Front.use { front in
            let client = try await front.connect()
            let batch = String(repeating: "GET / HTTP/1.1\r\nhost: o\r\n\r\n", count: 500)
            for _ in 0..<20 { client.send(batch) }
            for _ in 0..<10_000 { #expect(try await client.takeAnswer().status == 400) }
        }
    }

    /// A client that asks and asks and never reads what it is told is not read from for ever.
    @Test func stopsReadingFromAClientThatDoesNotRead() async throws {
        try await Front.use { front in
            let client = try await front.connect()
            client.stopReading()
            let batch = Array(String(repeating: "GET / HTTP/1.1\r\nhost: o\r\n\r\n", count: 2000).utf8)
            var sent = 0
            while sent < 400, try await client.isWritable {
                client.send(batch)
                sent += 1
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(sent < 400)
            client.readOn()
            client.onlyCount()
            try await eventually("that the client is read from again") { try await client.isWritable }
        }
    }
}
