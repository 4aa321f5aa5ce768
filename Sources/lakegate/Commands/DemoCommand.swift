import ArgumentParser
import Foundation
import Logging
import NIOPosix
import ServiceLifecycle
import Settings
import Simulator

/// `lakegate demo`: the main job in one process, with a simulated workspace behind the proxy.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Show the main job: a simulated Databricks workspace, Lakegate before it, and a login.",
        discussion: """
            Everything listens on loopback, certificates are made at start, sessions are kept in memory, and nothing
            outside is contacted. At start the demo logs in as a browser would and makes a first call; then it stays
            up for you to try, until SIGINT (Ctrl-C).

            Exit code 0: stopped as told. 1: a step failed; the reason is on standard error. 64: wrong use.
            """
    )

    @Option(name: .shortAndLong, help: "Port to serve on; 0 takes a free one.")
    var port = 8443

    @Flag(help: "Stop after the walk instead of staying up.")
    var once = false

    func run() async throws {
        CrashSilence.keep()
        let folder = try DemoFolder()
        defer { folder.remove() }
        let demo = try await Demo.start(port: port, folder: folder)
        try await demo.walk()
        guard !once else { return try await demo.end() }
        demo.explain()
        try await demo.stayUp()
    }
}

/// A folder of its own for certificates, gone when the demo ends.
struct DemoFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("lakegate-demo-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
