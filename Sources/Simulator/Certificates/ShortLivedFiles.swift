import Foundation

/// A certificate and key as files, for an API that takes paths; they are gone when this is.
final class ShortLivedFiles {
    let certificate: String
    let privateKey: String
    private let folder: String

    init(_ leaf: DemoLeaf) throws {
        folder = NSTemporaryDirectory() + "lakegate-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        (certificate, privateKey) = try leaf.write(to: folder, name: "server")
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }
}
