import ArgumentParser
import Basics
import Foundation
import Sessions

extension KeysCommand {
    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate",
            abstract: "Let another key seal; the old ones still open.",
            usage: "lakegate keys rotate --keyring <file> [--prepare]",
            discussion: """
                With one process, one step: a key is added and seals from then on. With several, first --prepare and copy the
                file to every replica, so that each can open what the others are going to seal; then once more without, and
                copy again. A running Lakegate takes the file up within two seconds.

                Exit code 0: written. 1: the file cannot be read or written. 64: wrong use of this command.
                """
        )

        @Option(name: .shortAndLong, help: ArgumentHelp("The keyring's file.", valueName: "file"))
        var keyring: String?
        @Flag(help: "Add a key that opens and does not seal yet.")
        var prepare = false

        func run() throws {
            let path = try NeededOption.value(keyring, usage: "keys rotate --keyring <file> [--prepare]")
            let file = KeyringEditing(path: path)
            let before = try file.read()
            let isPrepared = try file.explaining { () throws(KeyringError) in try Keyring.isPrepared(before) }
            guard !(prepare && isPrepared) else {
                throw CommandFailure(
                    "\(path) has a key that waits already; run: lakegate keys rotate --keyring \(path)")
            }
            let after = try file.explaining { () throws(KeyringError) in
                let text = isPrepared ? before : try add(to: before)
                return prepare ? text : Array(try Keyring.activateLast(text).utf8)
            }
            try file.write(after)
            print(prepare ? "Added a key that opens and does not seal yet." : "Another key seals from here on.")
            try file.tell(after)
            print(prepare ? Self.afterPreparing(path) : Self.afterRotating)
        }

        private func add(to text: [UInt8]) throws(KeyringError) -> [UInt8] {
            Array(try Keyring.prepare(text, random: .system, now: WallClock.system.now()).utf8)
        }

        private static func afterPreparing(_ path: String) -> String {
            """

            Next:
              1. Copy the file to every replica; each logs "keyring replaced" with the fingerprint above.
              2. lakegate keys rotate --keyring \(path), and copy it again.
            """
        }

        private static let afterRotating = """

            Records are sealed anew when they are next written, at their next refresh. Keep the old key for one
            `sessions.lifetime`, then run: lakegate keys retire
            """
    }

    struct Retire: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retire",
            abstract: "Take a key out; what it has sealed opens no more.",
            usage: "lakegate keys retire --keyring <file> --key <id>",
            discussion: """
                Sessions that were not written since the key stopped sealing are lost: their owners log in again.

                Exit code 0: written. 1: the file cannot be read or written, or has no such key. 64: wrong use of this command.
                """
        )

        @Option(name: .shortAndLong, help: ArgumentHelp("The keyring's file.", valueName: "file"))
        var keyring: String?
        @Option(help: ArgumentHelp("The key's id, as `lakegate keys show` has it.", valueName: "id"))
        var key: String?

        func run() throws {
            let usage = "keys retire --keyring <file> --key <id>"
            let file = KeyringEditing(path: try NeededOption.value(keyring, usage: usage))
            let id = try NeededOption.value(key, usage: usage)
            let before = try file.read()
            let after = try file.explaining { () throws(KeyringError) in
                Array(try Keyring.retire(id, from: before).utf8)
            }
            try file.write(after)
            print("Took the key \(id) out.")
            try file.tell(after)
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Say which keys a keyring has, and its fingerprint; shows no key.",
            usage: "lakegate keys show --keyring <file>",
            discussion: """
                Replicas with the same fingerprint open each other's records: compare it with `lakegate_keyring_info` in the
                metrics of each.

                Exit code 0: shown. 1: the file cannot be read. 64: wrong use of this command.
                """
        )

        @Option(name: .shortAndLong, help: ArgumentHelp("The keyring's file.", valueName: "file"))
        var keyring: String?

        func run() throws {
            let file = KeyringEditing(path: try NeededOption.value(keyring, usage: "keys show --keyring <file>"))
            try file.tell(try file.read())
        }
    }
}

/// The file of a keyring that a command reads and writes.
struct KeyringEditing {
    let path: String

    /// Checked as `serve` does it: nobody else may read the file.
    func read() throws -> [UInt8] {
        try explaining { () throws(KeyringError) in try Keyring.text(path: path) }
    }

    /// The file is whole at any moment: another one takes its name.
    func write(_ text: [UInt8]) throws {
        let beside = path + ".new"
        do {
            try PrivateFile.create(beside, content: String(decoding: text, as: UTF8.self))
        } catch {
            throw CommandFailure("\(beside) \(error.text)")
        }
        guard rename(beside, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(beside)
            throw CommandFailure("\(path) cannot be replaced: \(reason)")
        }
    }

    func tell(_ text: [UInt8]) throws {
        let keyring = try explaining { () throws(KeyringError) in try Keyring.parse(text) }
        for id in keyring.ids { print("  \(id)  \(id == keyring.activeID ? "seals and opens" : "opens")") }
        print("  fingerprint \(keyring.fingerprint)")
    }

    func explaining<Answer>(_ step: () throws(KeyringError) -> Answer) throws -> Answer {
        do throws(KeyringError) { return try step() } catch { throw CommandFailure("\(error)") }
    }
}
