import Basics
import Foundation
import Sessions
import Settings
import TLS

/// Looks at every file that the settings name.
struct FilesCheck {
    /// Opens something for good and throws what an operator should read; `nil`: nothing is tried.
    struct Openers: Sendable {
        /// Certificate path and private key path.
        var certificate: (@Sendable (String, String) throws -> Void)?
        var keyring: (@Sendable (String) throws -> Void)?
        /// Trust anchors: extra ones of a workspace, or those of clients.
        var trust: (@Sendable (String) throws -> Void)?
        /// Certificate path and private key path of what is shown to servers.
        var clientCertificate: (@Sendable (String, String) throws -> Void)?
    }

    let openers: Openers

    func mistakes(in settings: Settings) -> [SettingsMistake] {
        let workspaces = settings.workspaces.enumerated().flatMap { index, settings in
            workspace(settings, "workspaces[\(index)]") + proxyLogin(settings.egressProxy, of: index)
        }
        return tls(settings.tls) + adminToken(settings.admin.tokenPath) + store(settings.store)
            + sealing(settings.sealing) + accessLog(settings.accessLog)
            + settings.accounts.enumerated().flatMap { account($0.element, "accounts[\($0.offset)]") } + workspaces
    }

    /// What can be said about files before the settings are right: whether each can be read.
    static func unreadable(_ files: [SettingsMistakes.NamedFile]) -> [SettingsMistake] {
        files.compactMap { file in
            FileAccess.fault(of: file.path).map {
                SettingsMistake(file.place, "names a file that \($0): \(file.path)", remedy: remedy)
            }
        }
    }

    static let remedy = "correct the path, or let this user read the file"

    private func tls(_ tls: TLSSettings) -> [SettingsMistake] {
        let unreadable =
            readable(tls.certificatePath, "tls.certificate") + readable(tls.privateKeyPath, "tls.privateKey")
        let clients = tls.clientAuthorityPath.map { trust($0, "tls.clientAuthorityFile") } ?? []
        guard unreadable.isEmpty, let open = openers.certificate else { return unreadable + clients }
        return opened("tls") { try open(tls.certificatePath, tls.privateKeyPath) } + clients
    }

    private func trust(_ path: String, _ key: String) -> [SettingsMistake] {
        let unreadable = readable(path, key)
        guard unreadable.isEmpty, let open = openers.trust else { return unreadable }
        return opened(key) { try open(path) }
    }

    private func adminToken(_ path: String?) -> [SettingsMistake] {
        guard let path else { return [] }
        do throws(PrivateFile.Fault) {
            _ = try AdminTokenFile(path: path).read()
            return []
        } catch {
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            return [
                mistake(
                    "admin.tokenFile", "names a file that \(error.text), in \(folder)",
                    "make one: (umask 077; openssl rand -hex 32 > admin.token)")
            ]
        }
    }

    private func proxyLogin(_ proxy: EgressProxySettings?, of index: Int) -> [SettingsMistake] {
        guard let path = proxy?.loginPath else { return [] }
        return read { () throws(SettingsMistakes) in try ConfigurationFile.proxyLogin(path, workspace: index) }
    }

    func read(_ read: () throws(SettingsMistakes) -> Secret<String>) -> [SettingsMistake] {
        do throws(SettingsMistakes) {
            _ = try read()
            return []
        } catch {
            return error.mistakes
        }
    }

    private func sealing(_ sealing: SealingSettings) -> [SettingsMistake] {
        guard let path = sealing.keyringPath else { return [] }
        let remedy = "make one: lakegate keys generate --output \(path)"
        let unreadable = readable(path, "sealing.keyring", remedy: remedy)
        guard unreadable.isEmpty, let open = openers.keyring else { return unreadable }
        return opened("sealing.keyring") { try open(path) }
    }

    private func accessLog(_ log: AccessLogSettings) -> [SettingsMistake] {
        guard case .file(let path) = log else { return [] }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard access(FileManager.default.fileExists(atPath: path) ? path : folder, W_OK) != 0 else { return [] }
        return [mistake("accessLog", "cannot be written: \(path)", "create its folder and let this user write there")]
    }

    private func account(_ account: AccountSettings, _ place: String) -> [SettingsMistake] {
        login(account.oauth, account.caPath, place)
    }

    private func workspace(_ workspace: WorkspaceSettings, _ place: String) -> [SettingsMistake] {
        guard workspace.account == nil else {
            return (workspace.caPath.map { trust($0, "\(place).caFile") } ?? []) + identities(workspace, place)
        }
        return login(workspace.oauth, workspace.caPath, place) + identities(workspace, place)
    }

    private func login(_ oauth: OAuthSettings, _ caPath: String?, _ place: String) -> [SettingsMistake] {
        let former = oauth.formerClients.enumerated().flatMap { index, client in
            client.clientSecretPath.map { secret($0, "\(place).oauth.formerClients[\(index)].clientSecretFile") } ?? []
        }
        return (oauth.clientSecretPath.map { secret($0, "\(place).oauth.clientSecretFile") } ?? []) + former
            + (caPath.map { trust($0, "\(place).caFile") } ?? [])
    }

    /// Names the folder only: who wrote the secret in place of a path would see it here.
    func secret(_ path: String, _ key: String) -> [SettingsMistake] {
        guard let fault = FileAccess.fault(of: path) else { return [] }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        return [
            mistake(key, "names a file that \(fault), in \(folder)", "put the client secret into a file of mode 0600")
        ]
    }

    func readable(
        _ path: String, _ key: String, remedy: String = Self.remedy
    ) -> [SettingsMistake] {
        FileAccess.fault(of: path).map { [mistake(key, "names a file that \($0): \(path)", remedy)] } ?? []
    }

    func opened(_ key: String, _ open: () throws -> Void) -> [SettingsMistake] {
        do {
            try open()
            return []
        } catch {
            return [mistake(key, "cannot be used: \(error)", nil)]
        }
    }

    func mistake(_ key: String, _ problem: String, _ remedy: String?) -> SettingsMistake {
        SettingsMistake(.init(key: key, line: nil), problem, remedy: remedy)
    }
}

extension FilesCheck.Openers {
    /// The same doors that `serve` goes through.
    static let system = FilesCheck.Openers(
        certificate: { chain, key in
            _ = try TLSContext.server(
                certificateChainPath: chain, privateKeyPath: key, applicationProtocols: ["http/1.1"])
        },
        keyring: { _ = try Keyring.load(path: $0) },
        trust: { _ = try TLSContext.client(caPath: $0, applicationProtocols: ["http/1.1"]) },
        clientCertificate: { chain, key in
            _ = try TLSContext.client(
                caPath: nil, applicationProtocols: [],
                certificate: CertificateFiles(chainPath: chain, privateKeyPath: key))
        })
}
