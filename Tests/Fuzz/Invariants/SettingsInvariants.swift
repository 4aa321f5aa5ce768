import Basics
import Settings

func brokenSettingsRule(_ bytes: [UInt8]) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    do throws(SettingsMistakes) {
        return brokenSettings(try SettingsParser.parse(text: text, environment: [:], baseDirectory: "/etc/lakegate"))
    } catch {
        guard !error.mistakes.isEmpty else { return "a refusal names a mistake" }
        let lines = error.description.unicodeScalars.split(separator: "\n")
        guard lines.joined().allSatisfy({ $0.properties.generalCategory != .control }) else {
            return "mistakes can be printed"
        }
        let count = bytes.count { $0 == 10 || $0 == 13 } + text.unicodeScalars.count { $0.value > 0x7F } + 2
        let isWithin = error.mistakes.allSatisfy { (0...count).contains($0.place.line ?? 1) }
        return isWithin ? nil : "mistakes lie within the file"
    }
}

private func brokenSettings(_ settings: Settings) -> String? {
    let endpoints = [settings.listen, settings.admin.listen] + settings.workspaces.map(\.upstream)
    guard endpoints.allSatisfy(isUsable) else { return "endpoints are usable" }
    if case .redis(let redis) = settings.store {
        guard ([redis.endpoint] + redis.sentinels + redis.cluster).allSatisfy(isUsable),
            (0..<10_000).contains(redis.database)
        else { return "Redis is usable" }
    }
    guard settings.sessions.lifetime > .zero, settings.sessions.lifetime <= .seconds(400 * 86400) else {
        return "logins end"
    }
    guard (1...256).contains(settings.eventLoops ?? 1) else { return "event loops are few" }
    let hosts = settings.workspaces.flatMap(\.hosts)
    let names = settings.workspaces.map(\.name)
    guard !hosts.isEmpty, Set(hosts).count == hosts.count, Set(names).count == names.count else {
        return "every host and name is there once"
    }
    return settings.workspaces.lazy.compactMap(brokenWorkspace).first
}

private func brokenWorkspace(_ workspace: WorkspaceSettings) -> String? {
    guard !workspace.hosts.isEmpty, workspace.hosts.allSatisfy({ isVisibleASCII($0) && $0 == $0.lowercased() }) else {
        return "hosts are lower-case ASCII"
    }
    let oauth = workspace.oauth
    guard [oauth.issuer, oauth.authorizeURL, oauth.tokenURL].allSatisfy(isWebAddress) else { return "URLs are https" }
    guard !oauth.scopes.isEmpty, (oauth.scopes + [oauth.clientID]).allSatisfy(isVisibleASCII) else {
        return "OAuth words are words"
    }
    return nil
}

private func isUsable(_ endpoint: Endpoint) -> Bool {
    (0...65535).contains(endpoint.port) && isVisibleASCII(endpoint.host) && endpoint.host == endpoint.host.lowercased()
}

private func isWebAddress(_ text: String) -> Bool {
    isVisibleASCII(text) && text.lowercased().hasPrefix("https://") && !text.contains("#") && !text.contains("@")
}
