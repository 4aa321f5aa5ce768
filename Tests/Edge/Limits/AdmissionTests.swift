import Testing

@testable import Edge

@Suite struct AdmissionTests {
    private func network(_ bytes: UInt8...) -> ClientNetwork { ClientNetwork(bytes) }
    private let documentation: [UInt8] = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 1]

    @Test("an IPv4 address is a client, however it is written; of IPv6 a /64")
    func networks() {
        #expect(network(192, 0, 2, 1) != network(192, 0, 2, 2))
        let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff, 192, 0, 2, 1]
        #expect(ClientNetwork(mapped) == network(192, 0, 2, 1))
        let one = ClientNetwork(documentation + [0, 0, 0, 0, 0, 0, 0, 1])
        #expect(one == ClientNetwork(documentation + [9, 9, 9, 9, 9, 9, 9, 9]))
        #expect(one != ClientNetwork(documentation.dropLast() + [2, 0, 0, 0, 0, 0, 0, 0, 1]))
        #expect(network() == network())
        for (text, other) in [("192.0.2.1", "::ffff:192.0.2.1"), ("2001:db8::1:1", "2001:DB8::9:9"), ("", "x")] {
            #expect(ClientNetwork(text: Array(text.utf8)) == ClientNetwork(text: Array(other.utf8)))
        }
        #expect(ClientNetwork(text: Array("192.0.2.1".utf8)).key != ClientNetwork(text: Array("192.0.2.2".utf8)).key)
        #expect(ClientNetwork(text: Array("192.0.2.1".utf8)) == network(192, 0, 2, 1))
    }

    @Test("each client has its share, and what leaves makes room")
    func shares() {
        let admission = Admission(most: 9, mostOfEach: 1)
        #expect(admission.enter(network(1)) && !admission.enter(network(1)) && admission.enter(network(2)))
        admission.leave(network(1))
        #expect(admission.enter(network(1)))
        let open = Admission(most: 9, mostOfEach: 0)
        #expect((0..<5).allSatisfy { _ in open.enter(network(1)) })
    }

    @Test("the listener is told once there is room again")
    func room() async {
        let admission = Admission(most: 2, mostOfEach: 0)
        await confirmation(expectedCount: 1) { told in
            admission.whenRoom { told() }
            for number in UInt8(0)..<3 { _ = admission.enter(network(number)) }
            #expect(admission.isFull)
            admission.leave(network(0))
            #expect(admission.isFull)
            admission.leave(network(1))
            admission.leave(network(2))
        }
        #expect(!admission.isFull)
    }

    @Test("gRPC may be silent, everything else for so long")
    func silence() {
        let rule = SilenceRule(ordinary: .seconds(900))
        #expect(rule.limit(for: .ordinary) == .seconds(900))
        #expect(rule.limit(for: .gRPC) == nil)
    }
}
