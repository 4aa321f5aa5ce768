import COpenSSL
import Foundation
import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import TLS

@Suite("A certificate that is replaced while the server runs")
struct ServerIdentityReplacementTests {
    private let authority: TestAuthority
    private let files: TestAuthority.Files

    init() throws {
        authority = try Fixtures.authority.get()
        files = try authority.issue("DNS:localhost")
    }

    private func identity(_ keys: TicketKeys = TicketKeys()) throws -> ServerIdentity {
        try ServerIdentity(
            certificateChainPath: files.certificate, privateKeyPath: files.key, applicationProtocols: [],
            ticketKeys: keys)
    }

    /// Puts another file in a file's place.
    private func put(_ path: String, over place: String) {
        #expect(rename(path, place) == 0)
    }

    private func meet(_ identity: ServerIdentity, _ client: TLSContext) throws -> Peer.Notes {
        let pair = try EmbeddedPair(
            client: Peer(), server: Peer(), clientContext: client, serverContext: identity.current)
        try pair.settle()
        return pair.clientPeer.notes
    }

    @Test("the pair is taken up when both files are there; untouched files are not read again")
    func replaced() throws {
        let identity = try identity()
        let first = identity.current
        #expect(identity.look() == .unchanged && identity.current === first)
        let next = try authority.issue("DNS:localhost,DNS:other.test")
        put(next.key, over: files.key)
        #expect(identity.look() == .unchanged && identity.current === first, "only half of it is there")
        put(next.certificate, over: files.certificate)
        guard case .replaced(let summary) = identity.look() else {
            Issue.record("not replaced")
            return
        }
        #expect(summary.names == ["localhost", "other.test"])
        #expect(identity.current.certificateSummary == summary && identity.look() == .unchanged)
        #expect(try meet(identity, try Fixtures.client()).ready == 1)
    }

    @Test("a bad file is told once and changes nothing")
    func unusable() throws {
        let identity = try identity()
        let first = identity.current
        put(try authority.file(UUID().uuidString, "no certificate"), over: files.certificate)
        #expect(identity.look() == .unchanged, "the next look may find it whole")
        #expect(identity.look() == .unusable(.noCertificate(path: files.certificate)))
        #expect(identity.look() == .unchanged && identity.current === first)
        try FileManager.default.removeItem(atPath: files.certificate)
        _ = identity.look()
        guard case .unusable(.unreadable) = identity.look() else {
            Issue.record("another problem is told, too")
            return
        }
        #expect(try meet(identity, try Fixtures.client()).ready == 1)
    }

    @Test("sessions are taken up behind it", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func resumes(version: Int32) throws {
        let identity = try identity()
        let client = try Fixtures.client(version: version)
        #expect(try !meet(identity, client).isResumed)
        let next = try authority.issue("DNS:localhost")
        put(next.certificate, over: files.certificate)
        put(next.key, over: files.key)
        guard case .replaced = identity.look() else {
            Issue.record("not replaced")
            return
        }
        #expect(try meet(identity, client).isResumed)
    }

    @Test("a ticket key seals for a day, opens for two, and is forgotten", arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func rotation(version: Int32) throws {
        let hours = NIOLockedValueBox<Int64>(0)
        let keys = TicketKeys { .uptimeNanoseconds(1) + .hours(hours.withLockedValue { $0 }) }
        let identity = try identity(keys)
        let (early, late) = (try Fixtures.client(version: version), try Fixtures.client(version: version))
        let first = try #require(keys.sealing())
        #expect(try !meet(identity, early).isResumed && !meet(identity, late).isResumed)
        hours.withLockedValue { $0 = 25 }
        #expect(try #require(keys.sealing()).name != first.name)
        #expect(try meet(identity, early).isResumed)
        hours.withLockedValue { $0 = 49 }
        #expect(try !meet(identity, late).isResumed)
        // It was given a ticket under the newer key. OpenSSL's client drops one that comes with a resumption in TLS 1.2.
        #expect(try meet(identity, early).isResumed == (version == TLS1_3_VERSION))
    }
}
