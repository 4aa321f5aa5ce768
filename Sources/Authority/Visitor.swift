import Basics
import Gate
import Sessions

/// Who is asking for one of our pages.
enum Visitor {
    case session(SignedIn)
    case nobody
    /// The store cannot tell. Not the same as nobody.
    case unclear(SessionError)
}

/// A session, and the key that this request opened it with.
struct SignedIn: Sendable {
    var session: Session
    var key: SessionKey
    var token: Secret<String>
}

extension Authority {
    /// By `.browser`, only the cookie counts; by `.token`, only a bearer.
    func visitor(of request: LocalRequest, by kind: KeyKind) async -> Visitor {
        guard let token = token(in: request, kind), let presented = outside.read(token) else { return .nobody }
        do {
            guard let session = try await keeper.load(presented.session), session.workspace == request.realm,
                let key = session.keys.first(where: { $0.digest == presented.digest }), key.kind == kind
            else { return .nobody }
            let now = outside.clock.now()
            guard now < session.endsAt, now < key.endsAt else { return .nobody }
            return .session(SignedIn(session: session, key: key, token: Secret(token)))
        } catch .unknownSession {
            return .nobody
        } catch {
            return .unclear(error)
        }
    }

    private func token(in request: LocalRequest, _ kind: KeyKind) -> String? {
        switch kind {
        case .browser: Cookie.session.value(in: request.fields)
        case .login, .handle: nil
        case .token:
            request.bearer
        }
    }
}
