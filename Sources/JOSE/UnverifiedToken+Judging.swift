import Basics
import JWTKit

extension UnverifiedToken {
    /// Whether its time has come and is not over; clocks may differ by a minute.
    func isTimely(at now: Timestamp) -> Bool {
        guard let end = claims.expiresAt else { return false }
        let second = now.milliseconds / 1000
        return second < end + Self.leeway && (claims.notBefore ?? .min) <= second + Self.leeway
    }

    /// Whether the signature is of this key; the caller has seen to it that the key is for the algorithm that the token names.
    func isSigned(by key: any JWTAlgorithm) -> Bool {
        let parts = text.reveal().utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let signature = Base64URL.decode(parts[2]) else { return false }
        let signed = Array(parts[0]) + [UInt8(ascii: ".")] + Array(parts[1])
        return (try? key.verify(signature, signs: signed)) ?? false
    }

    /// Seconds.
    private static let leeway: Int64 = 60
}
