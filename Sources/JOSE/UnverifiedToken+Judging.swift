import Basics

extension UnverifiedToken {
    /// Whether its time has come and is not over; clocks may differ by a minute.
    func isTimely(at now: Timestamp) -> Bool {
        guard let end = claims.expiresAt else { return false }
        let second = now.milliseconds / 1000
        return second < end + Self.leeway && (claims.notBefore ?? .min) <= second + Self.leeway
    }

    /// Whether the signature is of this key, by the algorithm that both name.
    func isSigned(by key: VerifyingKey) -> Bool {
        guard header.algorithm == key.algorithm.rawValue, let signature = Base64URL.decode(parts[2]) else {
            return false
        }
        return key.verifies(signature, of: Array(parts[0]) + [UInt8(ascii: ".")] + Array(parts[1]))
    }

    /// What is claimed, as bytes.
    var payload: [UInt8]? { Base64URL.decode(parts[1]) }

    /// Three: there is no token with more or fewer.
    private var parts: [Substring.UTF8View] {
        text.reveal().split(separator: ".", omittingEmptySubsequences: false).map(\.utf8)
    }

    /// Seconds.
    private static let leeway: Int64 = 60
}
