import Basics
import Foundation
import Sessions
import Settings

/// Secrets of service principals and keys of programs.
extension FilesCheck {
    func identities(_ workspace: WorkspaceSettings, _ place: String) -> [SettingsMistake] {
        let secrets = workspace.servicePrincipals.enumerated().flatMap { index, principal in
            secret(principal.clientSecretPath, "\(place).servicePrincipals[\(index)].clientSecretFile")
        }
        return secrets + keys(workspace.clients, place)
    }

    /// Two clients with one key could not be told apart.
    private func keys(_ clients: [MachineClientSettings], _ place: String) -> [SettingsMistake] {
        var owners: [(digest: KeyDigest, name: String)] = []
        return clients.enumerated().flatMap { index, client -> [SettingsMistake] in
            guard let path = client.keyPath else { return [] }
            let key = "\(place).clients[\(index)].keyFile"
            switch Self.digest(ofKeyAt: path) {
            case .failure(let fault): return [mistake(key, fault.text, Self.makeOne)]
            case .success(let digest):
                if let owner = owners.first(where: { $0.digest == digest }) {
                    return [mistake(key, "names a file with the key of client \(owner.name)", Self.makeOne)]
                }
                owners.append((digest, client.name))
                return []
            }
        }
    }

    /// Names the folder only, as with every secret.
    private static func digest(ofKeyAt path: String) -> Result<KeyDigest, FileAccess.Fault> {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        return FileAccess.firstBytes(of: path, limit: 4096)
            .mapError { FileAccess.Fault(text: "names a file that \($0.text), in \(folder)") }
            .flatMap { bytes in
                let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
                guard let digest = ClientKey.digest(of: String(decoding: line, as: UTF8.self)) else {
                    return .failure(
                        FileAccess.Fault(text: "names a file whose first line is not a whole `lkc_…` key, in \(folder)")
                    )
                }
                return .success(digest)
            }
    }

    private static let makeOne = "make one: lakegate keys client --output FILE"
}
