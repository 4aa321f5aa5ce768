/// The groups that a person is in, by name, as far as they are known. One piece of memory, however many there are.
public struct GroupNames: Sendable, Equatable {
    public static let unknown = GroupNames(lines: nil)
    /// More names than that, or longer ones (bytes), or more bytes in all: then they are not known.
    public static let most = 500, longest = 256, mostBytes = 16_384

    /// Of each name its bytes and a line feed.
    private let lines: [UInt8]?

    private init(lines: [UInt8]?) {
        self.lines = lines
    }

    /// Never a part of them: one that is no name, or too much, makes them unknown.
    public init(_ names: [String]) {
        let lines = names.prefix(Self.most).flatMap { Array($0.utf8) + [UInt8(ascii: "\n")] }
        let areNames = names.count <= Self.most && names.allSatisfy(Self.isName)
        self.init(lines: areNames && lines.count <= Self.mostBytes ? lines : nil)
    }

    /// `nil` where they are not known.
    public var names: [String]? {
        lines?.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    public var areKnown: Bool { lines != nil }

    /// Byte for byte. `false` where they are not known.
    public func contains(_ name: [UInt8]) -> Bool {
        guard let lines, !name.isEmpty else { return false }
        return lines.split(separator: UInt8(ascii: "\n")).contains { $0.elementsEqual(name) }
    }

    /// Whether a text can be the name of a group: one line that is neither empty nor too long.
    public static func isName(_ text: String) -> Bool {
        (1...longest).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
}
