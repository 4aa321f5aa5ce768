import ArgumentParser
import Foundation
import Settings
import Testing

@testable import lakegate

/// What the README says, held against the program.
@Suite("The README is true")
struct ReadmeTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The contents of the fenced blocks in one language.
    private static func blocks(_ language: String, in text: String) -> [String] {
        text.components(separatedBy: "\n```\(language)\n").dropFirst().map { rest in
            String(rest.components(separatedBy: "\n```")[0])
        }
    }

    @Test("the table of keys is the one that the settings make")
    func table() throws {
        let parts = try Self.text("README.md").components(separatedBy: "<!-- settings -->\n")
        try #require(parts.count == 3, "the table stands between two lines <!-- settings -->")
        #expect(parts[1] == SettingsReference.markdown(), "replace the table with SettingsReference.markdown()")
    }

    @Test("every configuration shown is right")
    func configurations() throws {
        let shown = Self.blocks("yaml", in: try Self.text("README.md"))
        try #require(!shown.isEmpty)
        for text in shown + [try Self.text("Config/lakegate.yaml")] {
            _ = try SettingsParser.parse(text: text, environment: [:], baseDirectory: "/etc/lakegate")
        }
    }

    @Test("every command shown exists")
    func commands() throws {
        let text = try Self.text("README.md")
        let lines = text.matches(of: /`lakegate ([^`]+)`/).map { String($0.1) } + Self.commandLines(text)
        #expect(lines.count > 3)
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            #expect(Self.isCommand(words), "lakegate \(line)")
        }
    }

    /// Lines of shell blocks that run Lakegate, without its name.
    private static func commandLines(_ text: String) -> [String] {
        blocks("sh", in: text).flatMap { $0.split(separator: "\n") }.compactMap { line in
            line.firstMatch(of: /(?:^|[ \/])lakegate ((?:serve|check|demo|keys|[a-z]+)\b[^#&|\\]*)/).map {
                String($0.1)
            }
        }
    }

    /// Names of commands alone may leave options out; with options, all of it must be understood.
    private static func isCommand(_ words: [String]) -> Bool {
        var command: any ParsableCommand.Type = Lakegate.self
        for word in words {
            let next = command.configuration.subcommands.first { name(of: $0) == word }
            guard let next else { return (try? Lakegate.parseAsRoot(words)) != nil }
            command = next
        }
        return !words.isEmpty
    }

    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)".lowercased()
    }

    @Test("every file of the project that is named exists")
    func files() throws {
        let named = try Self.text("README.md").matches(of: /`((?:Sources|Tests|Config|Docker)\/[A-Za-z0-9_+.\/-]+)`/)
        try #require(!named.isEmpty)
        for path in named.map({ String($0.1) }) {
            #expect(FileManager.default.fileExists(atPath: Self.root.appending(path: path).path), "\(path)")
        }
    }
}
