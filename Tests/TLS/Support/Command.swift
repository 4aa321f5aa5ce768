import Foundation

/// A program of the system as a foreign peer. It is killed with the value.
final class Command: @unchecked Sendable {
    private let process = Process()
    private let input = Pipe()
    private let lock = NSLock()
    private var collected = Data()

    /// Standard output and standard error so far.
    var output: String {
        lock.withLock { String(decoding: collected, as: UTF8.self) }
    }

    convenience init(_ arguments: String...) throws {
        try self.init(arguments: arguments)
    }

    init(arguments: [String]) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        output.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            guard !data.isEmpty else {
                handle.readabilityHandler = nil
                return
            }
            self?.lock.withLock { self?.collected.append(data) }
        }
        try process.run()
    }

    deinit {
        if process.isRunning { process.terminate() }
    }

    func type(_ text: String) {
        input.fileHandleForWriting.write(Data(text.utf8))
    }

    func endInput() {
        try? input.fileHandleForWriting.close()
    }

    func stop() {
        process.terminate()
    }

    var isRunning: Bool { process.isRunning }

    func waitForExit(seconds: Int = 20) async throws {
        guard try await eventually(seconds: seconds, { !self.isRunning }) else { throw Overdue() }
        try await Task.sleep(for: .milliseconds(20))
    }

    /// Starts `openssl s_server` on a port of the system's choice.
    static func opensslServer(_ files: TestAuthority.Files, _ more: String...) async throws -> (Command, port: Int) {
        let command = try Command(
            arguments: ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", files.certificate, "-key", files.key]
                + more)
        guard try await eventually({ command.port != nil }), let port = command.port else { throw Overdue() }
        return (command, port)
    }

    private var port: Int? {
        guard let line = output.split(separator: "\n").first(where: { $0.hasPrefix("ACCEPT ") }) else { return nil }
        return line.split(separator: ":").last.flatMap { Int($0) }
    }
}
