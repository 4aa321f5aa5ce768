import HTTP2
import Testing

@Suite("The head of a request, as it arrives on the other side")
struct RequestHeadTests {
    private func head(_ path: String, method: String = "GET") -> [(String, String)] {
        [(":method", method), (":scheme", "https"), (":authority", "a"), (":path", path)]
    }

    @Test(arguments: [0, 1, 126, 127, 128, 254, 255, 256, 16_254, 16_255, 16_256, 16_384, 20_000, 33_000, 60_000])
    func valuesOfAnyLengthArriveWhole(length: Int) {
        let pair = Pair()
        let sent = head("/") + [("authorization", String(repeating: "b", count: length)), ("x", "after")]
        _ = pair.request(sent)
        pair.settle()
        let received = pair.server.calls.first?.blocks.first
        #expect(received?.map(\.0) == sent.map(\.0) && received?.map(\.1) == sent.map(\.1) && pair.fault == nil)
    }

    @Test(arguments: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "GETS", "P"])
    func everyMethodArrives(method: String) {
        let pair = Pair()
        for number in 1...3 {
            _ = pair.request(head("/\(number)", method: method))
            pair.settle()
        }
        #expect(pair.server.calls.map { $0.blocks.first?.first?.1 } == [method, method, method])
        #expect(pair.fault == nil)
    }

    @Test func aRequestGivenUpInTheQueueTakesNobodysPlace() {
        let pair = Pair()
        let calls = ["/1", "/2", "/3"].map { pair.request(head($0)) }
        calls[1]?.stream?.reset(.cancel)
        pair.settle()
        #expect(pair.server.calls.compactMap { $0.blocks.first?.last?.1 } == ["/1", "/3"])
    }

    @Test func trailersAreReadBehindHeadsThatNobodyRemembers() {
        let pair = Pair()
        for number in 1...3 {
            let call = pair.request(head("/\(number)", method: "PUT") + [("x-kept", "no")], hasBody: true)
            call?.stream?.end(trailers: Pair.block([("x-sum", "\(number)"), ("x-kept", "no")]))
            pair.settle()
        }
        #expect(pair.server.calls.map { $0.blocks.last?.first?.1 } == ["1", "2", "3"] && pair.fault == nil)
    }

    /// A peer that keeps no table is told that we keep to it (RFC 7541, section 4.2).
    @Test func aPeerWithoutATableIsToldSo() {
        let pair = Pair()
        _ = pair.client.produce()
        let settings: [UInt8] = [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]
        #expect(pair.client.session.receive(settings.span.bytes) == .goesOn)
        _ = pair.client.produce()
        _ = pair.request(head("/"))
        let frame = pair.client.produce()
        #expect(frame[3] == 1 && frame[9] == 0x20 && frame[10] == 0x82)
    }
}
