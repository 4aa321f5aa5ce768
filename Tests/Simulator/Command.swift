import Foundation
import Testing

/// A program of the machine's, run to its end.
struct Command: Sendable {
    var status: Int32
    var output: String
    var errors: String

    /// Output goes through files: a full pipe would stop the program.
    static func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) async throws
        -> Command
    {
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try folder.file("output")
        process.standardError = try folder.file("errors")
        try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in ended.resume() }
            do { try process.run() } catch { ended.resume(throwing: error) }
        }
        return Command(
            status: process.terminationStatus, output: try folder.text("output"), errors: try folder.text("errors"))
    }
}

/// A folder that goes away with its owner.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "lakegate-simulator-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: "\(path)/\(name)", contents: nil)
        return try FileHandle(forWritingTo: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")), as: UTF8.self)
    }
}
