import Basics
import Provider
import Sessions
import Settings

/// What a login needs of a provider.
public protocol LoginProvider: Sendable {
    func exchange(
        code: Secret<String>, redirectURI: String, verifier: Secret<String>
    ) async throws(LoginFailure) -> TokenGrant

    func whoAmI(_ accessToken: Secret<String>) async throws(LoginFailure) -> Person
}

extension WorkspaceProvider: LoginProvider {}

/// A workspace that people can log in to.
public struct AuthorityWorkspace: Sendable {
    public let settings: WorkspaceSettings
    public let provider: any LoginProvider

    public init(_ settings: WorkspaceSettings, provider: any LoginProvider) {
        self.settings = settings
        self.provider = provider
    }
}

/// A session token taken apart: which session, and the digest of its secret half.
public struct PresentedKey: Sendable {
    public let session: SessionID
    public let digest: KeyDigest

    public init(session: SessionID, digest: KeyDigest) {
        self.session = session
        self.digest = digest
    }
}

/// The outside that ``Authority`` sees: time, chance and what the crypto library does.
public struct AuthorityOutside: Sendable {
    public let clock: WallClock
    public let random: RandomSource
    public let sha256: @Sendable ([UInt8]) -> [UInt8]
    /// Takes a session token apart; `nil` for other text.
    public let read: @Sendable (_ token: String) -> PresentedKey?
    /// Returns early when the task is cancelled.
    public let sleep: @Sendable (Duration) async -> Void

    public init(
        clock: WallClock, random: RandomSource, sha256: @escaping @Sendable ([UInt8]) -> [UInt8],
        read: @escaping @Sendable (_ token: String) -> PresentedKey?,
        sleep: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
    ) {
        self.clock = clock
        self.random = random
        self.sha256 = sha256
        self.read = read
        self.sleep = sleep
    }
}
