import Basics
import Foundation
import Settings

/// Reads a configuration file and the environment into settings, passwords and logins in files included.
enum ConfigurationFile {
    /// The same settings ready for use: the password of Redis and logins for proxies read from their files.
    static func complete(_ settings: Settings) throws(SettingsMistakes) -> Settings {
        var settings = settings
        if case .redis(var redis) = settings.store, let file = redis.passwordPath {
            redis.password = try password(file, .storePassword)
            settings.store = .redis(redis)
        }
        for index in settings.workspaces.indices {
            guard let path = settings.workspaces[index].egressProxy?.loginPath else { continue }
            settings.workspaces[index].egressProxy?.login = try proxyLogin(path, workspace: index)
        }
        return settings
    }

    /// The first line, `user:password` (RFC 7617, section 2). Names no path: it may be the login itself.
    static func proxyLogin(_ path: String, workspace index: Int) throws(SettingsMistakes) -> Secret<String> {
        let key = "workspaces[\(index)].egressProxyLoginFile"
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        switch FileAccess.firstBytes(of: path, limit: 4096) {
        case .failure(let fault):
            throw one(key, "names a file that \(fault.text), in \(folder)", "put the login into a file of mode 0600")
        case .success(let bytes):
            let line = firstLine(bytes)
            let isPlain = line.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
            guard let text = String(validating: line, as: UTF8.self), isPlain, text.dropFirst().contains(":") else {
                throw one(key, "names a file whose first line is not user:password", "write the login into it")
            }
            return Secret(text)
        }
    }

    /// Without an editor's line feed at the end.
    private static func firstLine(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    }

    /// Settings as the file and the environment have them; no other file is read.
    static func parse(path: String, environment: [String: String]) throws(SettingsMistakes) -> Settings {
        let text = try text(path)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        return try SettingsParser.parse(text: text, environment: environment, baseDirectory: folder)
    }

    private static func text(_ path: String) throws(SettingsMistakes) -> String {
        switch FileAccess.firstBytes(of: path, limit: 1 << 20) {
        case .failure(let fault):
            throw one("", "\(path) \(fault.text)", "name the file with --config; Config/lakegate.yaml is an example")
        case .success(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw one("", "\(path) is not UTF-8 text", "save it as UTF-8")
            }
            return text
        }
    }

    /// What a file with a password is named by.
    enum PasswordKey: String {
        case storePassword = "LAKEGATE_STORE_PASSWORD_FILE"
        case sentinelPassword = "storeSentinel.passwordFile"
    }

    /// The first line.
    static func password(_ path: String, _ key: PasswordKey) throws(SettingsMistakes) -> Secret<String> {
        switch FileAccess.firstBytes(of: path, limit: 4096) {
        case .failure(let fault):
            throw one(key.rawValue, "\(path) \(fault.text)", "create it, or let the user that runs Lakegate read it")
        case .success(let bytes):
            let line = firstLine(bytes)
            guard !line.isEmpty, let text = String(validating: line, as: UTF8.self) else {
                throw one(key.rawValue, "\(path) has no password in its first line", "write the password into it")
            }
            return Secret(text)
        }
    }

    private static func one(_ key: String, _ problem: String, _ remedy: String) -> SettingsMistakes {
        SettingsMistakes([SettingsMistake(.init(key: key, line: nil), problem, remedy: remedy)])
    }
}
