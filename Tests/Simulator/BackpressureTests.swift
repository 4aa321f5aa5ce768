import Foundation
import Testing

@testable import Simulator

@Suite struct BackpressureTests {
    /// Clients that ask for a lot and read next to nothing must not make the simulator keep it for them.
    @Test func unreadDownloadsStayUnmade() async throws {
        try await RunningSimulator.use { running in
            let token = try await running.login().accessToken
            let before = try residentMegabytes()
            try await withThrowingTaskGroup(of: Int32.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let path = "/api/2.0/fs/files/random-2000000000-bytes"
                        let slow = ["--limit-rate", "1000", "-m", "3", "-o", "/dev/null"]
                        return try await running.curl(path, slow, token: token).exit
                    }
                }
                try await Task.sleep(for: .seconds(2))
                let grown = try residentMegabytes() - before
                #expect(grown < 200, "grew by \(grown) MB")
                for try await exit in group { #expect(exit == 28) }
            }
        }
    }

    /// A handler that does not read lets the sender wait: the client cannot get rid of its body.
    @Test func unreadUploadsAreHeldBack() async throws {
        try await RunningSimulator.use { running in
            let token = try await running.login().accessToken
            let body = running.folder.path + "/zeros"
            _ = FileManager.default.createFile(atPath: body, contents: Data(count: 100 << 20))
            let held = ["-T", body, "-H", "Expect:", "-m", "2", "-w", "%{size_upload}"]
            let answer = try await running.curl(TestRoutes.prefix + "slow?ms=5000", held, token: token)
            #expect(answer.exit == 28)
            #expect((1..<(20 << 20)).contains(answer.status), "curl got rid of \(answer.status) bytes")
        }
    }

    private func residentMegabytes() throws -> Int {
        let words = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return (Int(words[1]) ?? 0) * 4096 >> 20
    }
}
