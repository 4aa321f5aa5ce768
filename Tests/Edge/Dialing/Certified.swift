import Foundation
import Simulator
import TLS

/// Certificates for `workspace.test`, made once for the whole run.
enum Certified {
    struct Kit {
        let client: TLSContext
        let server: TLSContext
        /// Signed by an authority that the client does not know.
        let stranger: TLSContext
    }

    static let kit = Result { try make() }

    private static func make() throws -> Kit {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lakegate-\(UUID())").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let known = try DemoCertificates()
        let ca = try known.writeCA(to: folder)
        return Kit(
            client: try TLSContext.client(caPath: ca, applicationProtocols: ["h2", "http/1.1"]),
            server: try server(known, in: folder), stranger: try server(DemoCertificates(), in: folder))
    }

    private static func server(_ certificates: DemoCertificates, in folder: String) throws -> TLSContext {
        let files = try certificates.leaf(for: ["workspace.test"]).write(to: folder, name: "server")
        return try TLSContext.server(
            certificateChainPath: files.certificate, privateKeyPath: files.privateKey,
            applicationProtocols: ["http/1.1"])
    }
}
