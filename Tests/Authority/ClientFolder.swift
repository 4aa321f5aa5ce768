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

    let ide = ClientKey.make(random: .system).reveal()
    let notebooks = ClientKey.make(random: .system).reveal()

    init() {
        try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        write(scheduler, "scheduler")
        write(portal, "portal")
        write(ide, "ide-backend")
        write(notebooks, "notebooks")
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func write(_ text: String, _ name: String) {
        try? Data("\(text)\n".utf8).write(to: url.appending(path: name))
    }

    /// Those that may ask people for sessions, at the workspace `dev` too.
    var otherClients: [MachineClientSettings] {
        ["ide-backend", "notebooks"].map {
            MachineClientSettings(name: $0, keyPath: url.appending(path: $0).path, mayAskForSessions: true)
        }
    }

    var clients: [MachineClientSettings] {
        otherClients + [
            MachineClientSettings(name: "scheduler", keyPath: url.appending(path: "scheduler").path),
            MachineClientSettings(
                name: "portal", keyPath: url.appending(path: "portal").path, redirectURIs: [Self.portalRedirect]),
            MachineClientSettings(name: "keyless", certificateName: "keyless.example"),
        ]
    }
}
