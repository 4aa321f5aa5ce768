import Basics
import Gate
import Sessions
import Wire

/// Bearers that are no session tokens: signed tokens, keys of machine clients, handles.
extension Exchange {
    func lookUp(bearer token: RawSpan) -> Lookup {
        guard Self.mayBeKnown(token) else { return .settled(.foreignBearer) }
        guard loop.shared.bearers != nil, let digest = loop.hasher.digest(token) else {
            // Keys of ours are shown to no workspace.
            return .settled(token.starts(with: "eyJ") ? .foreignBearer : .unknownSession)
        }
        switch loop.bearers.find(digest, workspace: workspace, now: loop.shared.clock.now()) {
        case nil: return .mustResolve
        case .key(let presented, let kind):
            self.presented = presented
            presentedKind = kind
            return lookUp(presented, kind: kind)
        case .machine(let index):
            machineClient = index
            return .settled(.liveSession)
        case .foreign: return .settled(.foreignBearer)
        case .refused(let reason): return .settled(.badBearer(reason: reason))
        }
    }

    /// A program whose certificate was verified in the TLS handshake.
    func lookUpCertificate(_ head: RawSpan) -> Lookup {
        guard let index = certificateOwner else { return .settled(.noCredential) }
        // A browser shows a certificate to whatever page asks; programs name no origin.
        guard loop.requestHead.isSameOrigin(in: head) else { return .settled(.unavailable(.foreignOrigin)) }
        machineClient = index
        return .settled(.liveSession)
    }

    /// The program whose certificate says who asks for something of our own: nothing outranks it.
    func certifiedClient(_ head: RawSpan) -> String? {
        guard let index = certificateOwner, loop.requestHead.authorization == nil,
            loop.requestHead.cookie(named: "__Host-lakegate", in: head) == .none,
            loop.requestHead.isSameOrigin(in: head)
        else { return nil }
        return loop.shared.workspaces[workspace].clients[index]
    }

    /// By its place in the workspace's list.
    private var certificateOwner: Int? {
        let known = loop.shared.workspaces[workspace].certificateNames
        guard !known.isEmpty else { return nil }
        return client?.certificateNames.lazy.compactMap { known[$0] }.first
    }

    func resolveBearer() {
        guard let bearers = loop.shared.bearers, let token = bearerText, let digest = bearerDigest else {
            return refuse(.foreignBearer)
        }
        let name = loop.shared.workspaces[workspace].name
        ask(
            { () async throws(SessionError) -> ResolvedBearer in
                try await bearers.resolve(Secret(token), workspace: name)
            },
            then: { exchange, resolved in exchange.remember(resolved, of: digest) })
    }

    private func remember(_ resolved: ResolvedBearer, of digest: KeyDigest) {
        let now = loop.shared.clock.now()
        // For the look that follows at once, if for nothing else.
        let until = max(resolved.until, now + .seconds(1))
        loop.bearers.remember(meaning(of: resolved), of: digest, workspace: workspace, until: until, now: now)
    }

    private func meaning(of resolved: ResolvedBearer) -> BearerTable.Meaning {
        switch resolved.meaning {
        case .key(let id, let digest, let kind): return .key(PresentedToken(id: id, digest: digest), kind)
        case .foreign: return .foreign
        case .refused(let reason): return .refused(reason: reason)
        case .machine(let name):
            guard let index = loop.shared.workspaces[workspace].clients.firstIndex(of: name) else {
                return .refused(reason: "its client is not configured")
            }
            return .machine(index)
        }
    }

    /// Signed tokens (RFC 7519: a base64url object), keys and handles of ours.
    private static func mayBeKnown(_ token: RawSpan) -> Bool {
        token.starts(with: "eyJ") || token.starts(with: "lkc_") || token.starts(with: "lkh_")
    }

    private var bearerDigest: KeyDigest? {
        withBearer { loop.hasher.digest($0) }
    }

    private var bearerText: String? {
        withBearer { $0.text }
    }

    private func withBearer<Value>(_ use: (RawSpan) -> Value?) -> Value? {
        parseHeadAgain()
        guard let authorization = loop.requestHead.authorization, authorization.range.count > 7 else { return nil }
        let held = held
        let value = held.span.bytes.extracting(authorization.range)
        guard value.startsFolded(with: "bearer ") else {
            guard let basic = BasicCredentials(value), basic.isToken else { return nil }
            return use(basic.password.span.bytes)
        }
        return use(value.extracting(Self.tokenStart(value)..<value.byteCount))
    }
}
