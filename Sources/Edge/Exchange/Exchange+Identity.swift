import Basics
import Gate
import NIOCore
import Sessions
import Wire

/// Who is asking.
extension Exchange {
    /// Asks the gate about the request whose head is `head`, and does what it says.
    func decide(_ head: RawSpan) {
        let rule = loop.shared.workspaces[workspace].foreignBearers
        machine = RequestMachine(asker: machine.asker, foreignBearers: rule)
        if loop.requestHead.isLakegates {
            beginLocal()
        } else if let answer = asideAnswer(head) {
            answerAside(answer)
        } else if rulesWaitForBody(head) {
            awaitBody()
        } else {
            perform(machine.headReceived(lookUp(head)))
        }
    }

    /// Does what the machine says. `head` is that of the workspace's answer, for what speaks of one.
    func perform(_ action: consuming RequestAction, answer head: RawSpan = RawSpan()) {
        switch consume action {
        case .forward(let permit): forward(permit)
        case .loadSession: loadSession()
        case .renewSession: renewSession()
        case .resolveBearer: resolveBearer()
        case .obtainToken(let holder): obtainToken(of: holder)
        case .redirectToLogin: redirectToLogin()
        case .refuse(let refusal): refuse(refusal)
        case .judgeAnswer: holdBack(head)
        case .passAnswer: pass(head)
        case .passAnswerAndRenew(let identity):
            renewForNextTime(identity)
            pass(head)
        }
    }

    func asker(_ head: RawSpan) -> Asker {
        let isSafe = method == .get || method == .head
        let accepts =
            loop.requestHead.value(of: .accept).map { head.extracting($0.range).containsFolded("text/html") } ?? false
        let mode: FetchMode =
            switch loop.requestHead.value(of: .secFetchMode) {
            case nil: .absent
            case .some(let value): head.extracting(value.range).startsFolded(with: "navigate") ? .navigate : .other
            }
        return Asker(isSafeMethod: isSafe, acceptsHTML: accepts, fetchMode: mode)
    }

    /// Who asks, and, where rules have a say, as whom.
    func lookUp(_ head: RawSpan) -> Lookup {
        let lookup = lookUpCaller(head)
        guard lookup == .settled(.liveSession), !rules.isEmpty || machineClient != nil || exchangesTokens else {
            return lookup
        }
        return choose(head)
    }

    /// The head is looked at anew: what was missing has been found meanwhile.
    func lookUpAgain() -> Lookup {
        parseHeadAgain()
        rule = nil
        let held = held
        return lookUp(held.span.bytes.extracting(0..<headLength))
    }

    /// An explicit Authorization field outranks the cookie that a browser adds by itself, and both outrank a certificate.
    private func lookUpCaller(_ head: RawSpan) -> Lookup {
        // Whoever was found stays who asks: what a bearer means may be forgotten while a token is waited for.
        if machineClient != nil { return .settled(.liveSession) }
        if let presented { return lookUp(presented, kind: presentedKind) }
        if let authorization = loop.requestHead.authorization {
            return lookUpAuthorization(head.extracting(authorization.range))
        }
        switch loop.requestHead.cookie(named: "__Host-lakegate", in: head) {
        case .none: return lookUpCertificate(head)
        case .several: return .settled(.unavailable(.conflictingCredentials))
        case .one(let value):
            if isUpgrade, !loop.requestHead.isSameOrigin(in: head) { return .settled(.unavailable(.foreignOrigin)) }
            return lookUp(token: head.extracting(value.range), kind: .browser)
        }
    }

    private func lookUpAuthorization(_ value: RawSpan) -> Lookup {
        guard value.startsFolded(with: "bearer ") else { return lookUpBasic(value) }
        return lookUp(shown: value.extracting(Self.tokenStart(value)..<value.byteCount))
    }

    /// Databricks takes a token as the password of the user `token`, too. Ours are shown to no workspace, whoever the user is.
    private func lookUpBasic(_ value: RawSpan) -> Lookup {
        guard let basic = BasicCredentials(value) else { return .settled(.foreignBearer) }
        let password = basic.password
        if basic.isToken { return lookUp(shown: password.span.bytes) }
        let isOurs = ["lkg_", "lkc_", "lkh_"].contains { password.starts(with: $0.utf8) }
        return .settled(isOurs ? .unknownSession : .foreignBearer)
    }

    private func lookUp(shown token: RawSpan) -> Lookup {
        if token.starts(with: "lkg_") { return lookUp(token: token, kind: .token) }
        return lookUp(bearer: token)
    }

    /// Behind the word and its spaces: with two of them a token of ours is no stranger.
    static func tokenStart(_ value: RawSpan) -> Int {
        var start = min(7, value.byteCount)
        while start < value.byteCount, value.unsafeLoad(fromByteOffset: start, as: UInt8.self) == 0x20 { start += 1 }
        return start
    }

    private func lookUp(token: RawSpan, kind: KeyKind) -> Lookup {
        guard let presented = PresentedToken.parse(token, hasher: loop.hasher) else {
            return .settled(.unknownSession)
        }
        self.presented = presented
        presentedKind = kind
        return lookUp(presented, kind: kind)
    }

    /// Looks into the hot cache. A session of another workspace is as good as none here, unless both are of one account.
    func lookUp(_ presented: PresentedToken, kind: KeyKind) -> Lookup {
        let now = loop.shared.clock.now()
        switch loop.sessions.find(presented, kind: kind, now: now) {
        case .live(let session):
            guard session.workspace == loop.shared.workspaces[workspace].realm else {
                return .settled(.unknownSession)
            }
            self.session = session
            spentGeneration = session.generation
            endsSoon = now >= session.noticeFrom
            reportUse(of: session, at: now)
            return .settled(.liveSession)
        case .needsRenewal(_, let generation):
            spentGeneration = generation
            return .mustRenew
        case .ended: return .settled(.sessionEnded)
        case .loginNeeded(let reason): return .settled(.loginExpired(reason: reason))
        case .absent, .unknownKey: return .mustLoad
        }
    }

    /// Once a minute: what nobody uses is not kept fresh for ever.
    private func reportUse(of session: LiveSession, at now: Timestamp) {
        guard session.isUseReportDue(at: now) else { return }
        loop.shared.keeper.touch(session.id)
    }
}
