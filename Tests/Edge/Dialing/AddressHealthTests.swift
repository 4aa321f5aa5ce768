import NIOCore
import Testing

@testable import Edge

@Suite("Which address comes first")
struct AddressHealthTests {
    private enum Event {
        case fails(String), works(String), nothing
    }

    /// At each second something happens, and then the order of a, b and c is as written.
    private func play(_ transcript: [(second: Int64, Event, order: String)]) throws {
        var health = AddressHealth()
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
        for (second, event, order) in transcript {
            let now = start + .seconds(second)
            switch event {
            case .fails(let name): health.failed(try address(name), at: now)
            case .works(let name): health.succeeded(try address(name))
            case .nothing: break
            }
            let ordered = health.ordered(try "abc".map { try address(String($0)) }, at: now)
            #expect(ordered == (try order.map { try address(String($0)) }), "second \(second)")
        }
    }

    private func address(_ name: String) throws -> SocketAddress {
        try SocketAddress(ipAddress: ["a": "192.0.2.1", "b": "192.0.2.2", "c": "192.0.2.3"][name] ?? "", port: 443)
    }

    @Test("an address that failed is last for 10 s, then twice as long, up to 60 s")
    func doubles() throws {
        try play([
            (0, .nothing, "abc"), (0, .fails("a"), "bca"), (9, .nothing, "bca"), (10, .nothing, "abc"),
            (11, .fails("a"), "bca"), (30, .nothing, "bca"), (31, .nothing, "abc"), (40, .fails("a"), "bca"),
            (79, .nothing, "bca"), (80, .nothing, "abc"), (80, .fails("a"), "bca"), (139, .nothing, "bca"),
            (140, .nothing, "abc"), (140, .fails("a"), "bca"), (199, .nothing, "bca"), (200, .nothing, "abc"),
        ])
    }

    @Test("failures at the same time count once")
    func once() throws {
        try play([
            (0, .fails("a"), "bca"), (0, .fails("a"), "bca"), (5, .fails("a"), "bca"), (10, .nothing, "abc"),
            (10, .fails("a"), "bca"), (29, .nothing, "bca"), (30, .nothing, "abc"),
        ])
    }

    @Test("what worked is good at once, and begins again with 10 s")
    func forgives() throws {
        try play([
            (0, .fails("a"), "bca"), (12, .fails("a"), "bca"), (13, .works("a"), "abc"), (14, .fails("a"), "bca"),
            (24, .nothing, "abc"),
        ])
    }

    @Test("among those that failed, the soonest forgiven comes first")
    func amongFailed() throws {
        try play([
            (0, .fails("b"), "acb"), (1, .fails("a"), "cba"), (2, .fails("c"), "bac"), (10, .nothing, "bac"),
            (11, .nothing, "abc"),
        ])
    }

    @Test("a fault long past is forgotten, and so are addresses nobody uses any more")
    func forgets() throws {
        try play([
            (0, .fails("a"), "bca"), (20, .fails("a"), "bca"), (700, .fails("a"), "bca"), (710, .nothing, "abc"),
        ])
        var health = AddressHealth()
        for hour in 0..<100 {
            let old = try SocketAddress(ipAddress: "192.0.2.\(hour)", port: 443)
            health.failed(old, at: NIODeadline.uptimeNanoseconds(0) + .hours(Int64(hour)))
        }
        #expect(health.count == 1)
    }

    @Test(
        "families take turns, beginning with the one the system prefers, and each address is there once",
        arguments: [
            ("::1 ::2 ::3 192.0.2.1", "::1 192.0.2.1 ::2 ::3"), ("192.0.2.1 192.0.2.2 ::1", "192.0.2.1 ::1 192.0.2.2"),
            ("192.0.2.1 192.0.2.1 ::1 ::1", "192.0.2.1 ::1"), ("::1", "::1"), ("", ""),
        ])
    func interleaves(addresses: String, order: String) throws {
        func list(_ text: String) throws -> [SocketAddress] {
            try text.split(separator: " ").map { try SocketAddress(ipAddress: String($0), port: 443) }
        }
        #expect(AddressOrder.interleaved(try list(addresses)) == (try list(order)))
    }
}
