import OAuth

/// Where a person goes after login: a path of the host they logged in at, and nothing else.
public struct ReturnPath: Sendable, Equatable {
    /// Path and query as they go into a Location field.
    public let text: String

    public static let home = ReturnPath(checked: "/")
    static let session = ReturnPath(checked: "/.lakegate/session")

    private init(checked: String) {
        text = checked
    }

    /// `nil` for anything that some browser or server could read as another host, or that leads back to the login.
    public init?(_ text: String) {
        guard (1...2048).contains(text.utf8.count), text.utf8.first == UInt8(ascii: "/"),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !text.utf8.contains(UInt8(ascii: "#"))
        else { return nil }
        let path = Array(text.utf8.prefix { $0 != UInt8(ascii: "?") })
        // Somebody on the way may decode once more than we do, so every reading has to be harmless.
        guard PercentCoding.decode(path) != nil, let readings = Self.readings(of: path),
            readings.allSatisfy(Self.isHarmless)
        else { return nil }
        self.text = text
    }

    /// The path as it stands and after each decoding, until that changes nothing.
    private static func readings(of path: [UInt8]) -> [[UInt8]]? {
        var readings = [path]
        for _ in 0..<4 {
            let last = readings[readings.count - 1]
            let decoded = PercentCoding.decodeLeniently(last)
            if decoded == last { return readings }
            readings.append(decoded)
        }
        return nil
    }

    private static func isHarmless(_ path: [UInt8]) -> Bool {
        guard !path.starts(with: "//".utf8), !path.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == 0x5C }) else {
            return false
        }
        let segments = path.split(separator: UInt8(ascii: "/"))
        guard !segments.contains(where: { $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) }) else {
            return false
        }
        guard let first = segments.first, ownPlaces.contains(where: { first.map(lowercase) == Array($0.utf8) }) else {
            return true
        }
        return ownPages.contains { path == Array($0.utf8) }
    }

    /// The first segments of paths that Lakegate answers itself.
    private static let ownPlaces = [".lakegate", ".well-known", "oidc"]
    /// Those of them that a person may come back to.
    package static let ownPages = [session.text, "/.lakegate/handoff"] + FacadeRoute.authorize.paths

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
