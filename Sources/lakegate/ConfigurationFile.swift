import Basics
import Foundation
import Settings

/// Reads a configuration file and the environment into settings, passwords in files included.
enum ConfigurationFile {
    /// The same settings ready for use, the password of Redis read from its file.
    static func complete(_ settings: Settings) throws(SettingsMistakes) -> Settings {
        var settings = settings
        if case .redis(var redis) = settings.store, let file = redis.passwordPath {
            redis.password = try password(file)
            settings.store = .redis(redis)
        }
        return settings
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

    /// The first line, so that an editor's line feed at the end does no harm.
    static func password(_ path: String) throws(SettingsMistakes) -> Secret<String> {
        let name = "LAKEGATE_STORE_PASSWORD_FILE"
        switch FileAccess.firstBytes(of: path, limit: 4096) {
        case .failure(let fault):
            throw one(name, "\(path) \(fault.text)", "create it, or let the user that runs Lakegate read it")
        case .success(let bytes):
            let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
            guard !line.isEmpty, let text = String(validating: line, as: UTF8.self) else {
                throw one(name, "\(path) has no password in its first line", "write the password into it")
            }
            return Secret(text)
        }
    }

    private static func one(_ key: String, _ problem: String, _ remedy: String) -> SettingsMistakes {
        SettingsMistakes([SettingsMistake(.init(key: key, line: nil), problem, remedy: remedy)])
    }
}
