import Foundation
import Testing

@testable import Simulator

@Suite struct TransportTests {
    @Test func plainIsThereForTests() async throws {
        try await RunningSimulator.use({ $0.transport = .plain }) { running in
            #expect(running.simulator.url.hasPrefix("http://"))
            let token = try await running.login().accessToken
            #expect(try await running.curl("/api/2.1/clusters/list", token: token).status == 200)
        }
    }

    @Test(arguments: ["localhost", "127.0.0.1", "::1", "ws.example.com"])
    func certificatesVerifyForTheirNames(name: String) async throws {
        let folder = try TemporaryFolder()
        let authority = try DemoCertificates()
        let ca = try authority.writeCA(to: folder.path)
        let files = try authority.leaf(for: ["localhost", "127.0.0.1", "::1", "ws.example.com"])
            .write(to: folder.path, name: "leaf")
        let check = name.contains(":") || name.first == "1" ? "-verify_ip" : "-verify_hostname"
        let arguments = ["verify", "-x509_strict", "-CAfile", ca, check, name, files.certificate]
        let verified = try await Command.run("/usr/bin/openssl", arguments)
        #expect(verified.status == 0, "\(verified.errors)")
        let mode = try FileManager.default.attributesOfItem(atPath: files.privateKey)[.posixPermissions]
        #expect(mode as? Int == 0o600)
    }

    @Test func strangersAreNotTrusted() async throws {
        try await RunningSimulator.use { running in
            let url = running.simulator.url + "/.well-known/databricks-config"
            let command = try await Command.run("/usr/bin/curl", ["-sS", url])
            #expect(command.status == 60)
        }
    }
}
