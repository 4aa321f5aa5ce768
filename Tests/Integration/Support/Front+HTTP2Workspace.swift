import Edge
import Foundation
import Simulator
import TLS

extension Front {
    /// A Lakegate before an HTTP/2 workspace under `script.test`, and a client that speaks HTTP/2.
    static func useHTTP2(
        _ options: Options, _ body: (Front, HTTP2Workspace, HTTP2Peer) async throws -> Void
    ) async throws {
        let certificates = try DemoCertificates()
        let folder = FileManager.default.temporaryDirectory.appending(path: "lakegate-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let leaf = try certificates.leaf(for: ["localhost"]).write(to: folder, name: "workspace")
        let workspace = try await HTTP2Workspace(
            try TLSContext.server(
                certificateChainPath: leaf.certificate, privateKeyPath: leaf.privateKey,
                applicationProtocols: ["h2", "http/1.1"]))
        try FileManager.default.removeItem(atPath: folder)
        var options = options
        (options.scriptPort, options.certificates) = (workspace.port, certificates)
        try await use(options) { front in
            let client = try await front.connectHTTP2()
            try await body(front, workspace, client)
            client.cut()
        }
        try await workspace.stop()
    }
}
