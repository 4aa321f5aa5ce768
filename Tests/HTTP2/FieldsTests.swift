import HTTP2
import Testing

@Suite("A request, its answer and what goes wrong, between two sessions")
struct FieldsTests {
    @Test func aRequestArrivesAsItWasSent() {
        let pair = Pair()
        let call = pair.request([(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/x")])
        pair.settle()
        #expect(pair.server.calls.count == 1)
        #expect(pair.server.calls.first?.blocks.first?.map(\.0) == [":method", ":scheme", ":authority", ":path"])
        pair.server.calls.first?.stream?.submitHead(Pair.block([(":status", "204")]), endsStream: true)
        pair.settle()
        #expect(call?.blocks.first?.first?.1 == "204" && call?.hasEnded == true && call?.closed == .noError)
        #expect(pair.client.session.openStreams == 0 && pair.server.session.openStreams == 0)
    }

    @Test(arguments: ["connection", "transfer-encoding", "upgrade", "keep-alive"])
    func fieldsOfOneConnectionAreRefused(name: String) {
        let pair = Pair()
        let call = pair.request(
            [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/x"), (name, "x")])
        pair.settle()
        #expect(call?.closed == .protocolError && pair.server.calls.allSatisfy { $0.blocks.isEmpty })
    }

    @Test func whatIsNotConsumedStopsTheSender() {
        let pair = Pair()
        let call = pair.request(
            [(":method", "POST"), (":scheme", "https"), (":authority", "a"), (":path", "/x")], hasBody: true)
        pair.server.consumes = false
        let piece = [UInt8](repeating: 1, count: 1_000_000)
        call?.stream?.send(piece.span.bytes)
        pair.settle()
        let arrived = pair.server.calls.first?.bodyCount ?? 0
        #expect(arrived > 0 && arrived <= 262_144 && call?.stream?.isWritable == false)
        pair.server.calls.first?.stream?.consumed(arrived)
        pair.server.consumes = true
        pair.settle()
        #expect(pair.server.calls.first?.bodyCount == piece.count && call?.stream?.isWritable == true)
    }

    @Test func aBlockBeyondTheLimitsIsMarked() {
        let pair = Pair()
        let large = String(repeating: "a", count: 40_000)
        _ = pair.request([
            (":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/"), ("x", large), ("y", large),
        ])
        pair.settle()
        #expect(pair.server.calls.first?.wasTooLarge == true && pair.fault == nil)
    }

    @Test func framesThatBringNothingForwardEndTheConnection() {
        let pair = Pair()
        pair.settle()
        for _ in 0..<1_100 {
            pair.client.session.ping()
            pair.settle()
        }
        #expect(pair.fault == .idleFrames)
    }

    @Test func requestsMadeToBeResetEndTheConnection() {
        let pair = Pair()
        for _ in 0..<150 {
            _ = pair.request([
                (":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/"), ("te", "x"),
            ])
            pair.settle()
        }
        #expect(pair.fault == .resets)
    }

    @Test func afterAGoAwayTheRestIsKnownAsUnprocessed() {
        let pair = Pair()
        let first = pair.request([(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/1")])
        pair.settle()
        pair.server.session.goAway(.noError)
        let second = pair.request([(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/2")])
        pair.settle()
        #expect(first?.closed == nil)
        #expect(second?.closed != nil && second?.wasProcessed == false)
        #expect(pair.request([(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/3")]) == nil)
        pair.finish()
        #expect(first?.closed != nil && first?.wasProcessed == true)
    }
}
