import Basics
import Foundation
import Sessions
import Settings

@testable import Authority

/// A folder with the keys of two machine clients: a scheduler, and a portal that people log in with.
final class ClientFolder: Sendable {
    static let portalRedirect = "https://portal.example/api/databricks/oauthredirect?from=db"
    let url = FileManager.default.temporaryDirectory.appending(path: "lakegate-clients-\(UUID().uuidString)")
    let scheduler = ClientKey.make(random: .system).reveal()
    let portal = ClientKey.make(random: .system).reveal()

    init() {
        try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        write(scheduler, "scheduler")
        write(portal, "portal")
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func write(_ text: String, _ name: String) {
        try? Data("\(text)\n".utf8).write(to: url.appending(path: name))
    }

    var clients: [MachineClientSettings] {
        [
            MachineClientSettings(name: "scheduler", keyPath: url.appending(path: "scheduler").path),
            MachineClientSettings(
                name: "portal", keyPath: url.appending(path: "portal").path, redirectURIs: [Self.portalRedirect]),
            MachineClientSettings(name: "keyless", certificateName: "keyless.example"),
        ]
    }
}
