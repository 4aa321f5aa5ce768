import Foundation
import NIOHTTP1
import Testing
import Wire

/// How two verdicts on the same bytes relate.
private enum Relation {
    case same
    /// Ours refuses or waits, theirs does not; the word says why.
    case stricter(String)
    /// Ours accepts what theirs refuses or reads in another way. There must be none.
    case laxer
}

private func relation(_ ours: Verdict, _ theirs: Verdict) -> Relation {
    switch (ours, theirs) {
    case (.refused, .refused): .same
    case (.refused(let word), _): .stricter(word)
    case (.waiting, .waiting): .same
    // Nothing is accepted yet; what is missing may still be refused.
    case (.waiting, .refused): .stricter("(waits for the rest of the head)")
    case (.read(let reading), .refused) where !reading.isWhole: .stricter("(waits for the rest of the body)")
    default: ours == theirs ? .same : .laxer
    }
}

/// What came out of comparing many inputs.
private struct Tally {
    var inputs = 0
    var accepted = 0
    var bothRefuse = 0
    var stricter: [String: Int] = [:]
    var laxer: [(input: [UInt8], ours: Verdict, theirs: Verdict)] = []

    mutating func count(_ input: [UInt8], _ ours: Verdict, _ theirs: Verdict) {
        inputs += 1
        switch relation(ours, theirs) {
        case .same:
            if case .refused = ours { bothRefuse += 1 } else { accepted += 1 }
        case .stricter(let word): stricter[word, default: 0] += 1
        case .laxer: laxer.append((input, ours, theirs))
        }
    }

    func report(_ title: String) {
        let total = stricter.values.reduce(0, +)
        print("\(title): \(inputs) inputs, \(accepted) read alike, \(bothRefuse) refused by both,")
        print("  \(total) refused by ours only, \(laxer.count) accepted by ours only or read differently")
        for (word, count) in stricter.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            print("  \(count)\t\(word)")
        }
        for (input, ours, theirs) in laxer.prefix(10) {
            Issue.record("\(String(decoding: input, as: UTF8.self).debugDescription)\n ours \(ours)\n theirs \(theirs)")
        }
    }
}

private let requests = [
    "POST /api/2.0/sql/statements?o=1 HTTP/1.1\nHost: a\nAuthorization: Bearer x\nContent-Length: 3\n\nabc",
    "GET / HTTP/1.1\nHost: a\nAccept: */*\nCookie: a=b; c=d\nUser-Agent: x\n\nGET /2 HTTP/1.1\nHost: a\n\n",
    "PUT /a%2Fb HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nTrailer: t\n\n3\nabc\nA;x=y\n0123456789\n0\nt: 1\n\n",
    "PUT /a HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n0\n\nGET / HTTP/1.1\nHost: a\n\n",
    "GET http://b/c HTTP/1.1\nHost: a\nConnection: keep-alive\n\n", "OPTIONS * HTTP/1.1\nHost: a\n\n",
    "POST / HTTP/1.0\nHost: a\nContent-Length: 2\nConnection: keep-alive\n\nxyGET / HTTP/1.0\n\n",
    "DELETE /x HTTP/1.1\nHost: a:1\nContent-Length: 0\nExpect: 100-continue\nX-Request-Id: a\n\n",
    "HEAD / HTTP/1.1\nHost: [::1]\nConnection: upgrade\nUpgrade: websocket\n\n",
]

private let responses = [
    "HTTP/1.1 200 OK\nServer: x\nContent-Type: a/b\nContent-Length: 3\n\nabcHTTP/1.1 200 OK\n\n",
    "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nConnection: close\n\n3\nabc\n0\n\n",
    "HTTP/1.1 500 \nDate: now\nSet-Cookie: a=b\nSet-Cookie: c=d\n\nabc", "HTTP/1.0 200 OK\nContent-Length: 3\n\nabc",
    "HTTP/1.1 204 No Content\nX: y\n\n", "HTTP/1.1 304 Not Modified\nETag: \"x\"\nContent-Length: 5\n\n",
    "HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\nContent-Length: 0\n\n",
]

/// The inputs of a run: seeds as they are, then changed at random. LAKEGATE_MUTATIONS says how many, for a longer run
/// than the usual one, LAKEGATE_MUTATION_SEED which.
private func forEachInput(of seeds: [[UInt8]], usually: Int, _ compare: (Int, [UInt8]) throws -> Void) rethrows {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["LAKEGATE_MUTATIONS"].flatMap(Int.init) ?? usually
    var generator = Seeded(state: environment["LAKEGATE_MUTATION_SEED"].flatMap(UInt64.init) ?? 2)
    for round in 0..<count {
        let seed = seeds[round % seeds.count]
        try compare(round, round < seeds.count ? seed : mutated(seed, from: 0, using: &generator))
    }
}

/// Whatever NIOHTTP1 refuses or reads in another way, ours must refuse.
@Suite struct Differential {
    @Test func requestsAgainstNIOHTTP1() throws {
        var tally = Tally()
        try forEachInput(of: requests.map(octets) + keptHeads(of: "request").map(\.bytes), usually: 150_000) {
            _, input in
            tally.count(input, ourRequest(input), try theirRequest(input))
        }
        tally.report("Requests against NIOHTTP1")
        #expect(tally.accepted > tally.inputs / 20)
    }

    @Test func responsesAgainstNIOHTTP1() throws {
        var tally = Tally()
        try forEachInput(of: responses.map(octets) + keptHeads(of: "response").map(\.bytes), usually: 60_000) {
            round, input in
            let isHead = round % 5 == 4
            tally.count(
                input, ourResponse(input, to: isHead ? .head : .get),
                try theirResponse(input, to: isHead ? .HEAD : .GET))
        }
        tally.report("Responses against NIOHTTP1")
        #expect(tally.accepted > tally.inputs / 20)
    }
}
