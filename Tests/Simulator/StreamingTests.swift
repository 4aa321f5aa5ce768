import Foundation
import Testing

@testable import Simulator

@Suite struct StreamingTests {
    @Test func uploadsComeBackUnchanged() async throws {
        try await RunningSimulator.use { running in
            let token = try await running.login().accessToken
            let made = running.folder.path + "/made"
            let back = running.folder.path + "/back"
            _ = try await running.curl(
                "/api/2.0/fs/files/Volumes/demo/random-20000003-bytes", ["-o", made], token: token)
            let path = "/api/2.0/fs/files/Volumes/demo/a%20file"
            let put = try await running.curl(path, ["-T", made], token: token)
            #expect(put.status == 204)
            #expect(put.head.contains("100 Continue"))
            #expect(try await running.curl(path, ["-T", made], token: token).status == 409)
            let chunked = ["-T", made, "-H", "Transfer-Encoding: chunked"]
            let again = try await running.curl(path + "?overwrite=true", chunked, token: token)
            #expect(again.status == 204)
            #expect(try await running.curl(path, ["-o", back], token: token).status == 200)
            #expect(try Data(contentsOf: URL(fileURLWithPath: made)) == Data(contentsOf: URL(fileURLWithPath: back)))
            let head = try await running.curl(path, ["-I"], token: token)
            #expect(head.field("content-length") == "20000003")
            let part = try await running.curl(path, ["-r", "1048570-1048585", "-o", back], token: token)
            #expect(part.status == 206)
            #expect(part.field("content-range") == "bytes 1048570-1048585/20000003")
            let whole = try Data(contentsOf: URL(fileURLWithPath: made))
            #expect(try Data(contentsOf: URL(fileURLWithPath: back)) == whole[1_048_570...1_048_585])
            #expect(try await running.curl(path, ["-X", "DELETE"], token: token).status == 204)
            #expect(try await running.curl(path, token: token).status == 404)
        }
    }

    @Test func fullShelfSaysSo() async throws {
        try await RunningSimulator.use({ $0.fileCapacity = 1000 }) { running in
            let token = try await running.login().accessToken
            let body = ["-X", "PUT", "--data-binary", String(repeating: "x", count: 1001)]
            #expect(try await running.curl("/api/2.0/fs/files/big", body, token: token).status == 413)
            let small = ["-X", "PUT", "--data-binary", String(repeating: "x", count: 1000)]
            #expect(try await running.curl("/api/2.0/fs/files/small", small, token: token).status == 204)
        }
    }

    @Test func echoShowsWhatCameButNoBearer() async throws {
        try await RunningSimulator.use { running in
            let token = try await running.login().accessToken ?? ""
            let arguments = ["-d", "hello", "-H", "X-Odd: a  b"]
            let echo = try await running.curl(TestRoutes.prefix + "echo?x=%20", arguments, token: token)
            #expect(!echo.body.contains(token))
            #expect(echo.body.contains(#"["Authorization","Bearer of ada@example.com"]"#))
            #expect(echo.body.contains(#""target":"/api/2.0/lakegate-simulator/echo?x=%20""#))
            #expect(echo.body.contains(#""bodyLength":5"#))
            #expect(echo.body.contains("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"))
        }
    }

    @Test func streamIsChunkedAndWhole() async throws {
        try await RunningSimulator.use { running in
            let token = try await running.login().accessToken
            let file = running.folder.path + "/stream"
            let path = TestRoutes.prefix + "stream?bytes=1000001&chunk=7000"
            let answer = try await running.curl(path, ["-o", file], token: token)
            #expect(answer.field("transfer-encoding") == "chunked")
            let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
            #expect(Array(bytes) == Array(GeneratedBytes.chunk(0..<1_000_001).readableBytesView))
        }
    }

    @Test(arguments: ["", "?chunked=1", "?before=head"])
    func cutConnectionsAreSeenAsSuch(query: String) async throws {
        try await RunningSimulator.use { running in
            let token = try await running.login().accessToken
            let answer = try await running.curl(TestRoutes.prefix + "abort" + query, ["-o", "/dev/null"], token: token)
            #expect([18, 52, 56].contains(answer.exit))
        }
    }

    @Test func connectionsAreKeptAlive() async throws {
        try await RunningSimulator.use { running in
            let token = try await running.login().accessToken ?? ""
            let url = running.simulator.url + "/api/2.1/clusters/list"
            let command = try await Command.run(
                "/usr/bin/curl",
                [
                    "-sS", "--cacert", running.folder.path + "/ca.pem", "-o", "/dev/null", "-o", "/dev/null",
                    "-w", "%{num_connects}", "-H", "Authorization: Bearer \(token)", url, url,
                ])
            #expect(command.output == "10")
        }
    }
}
