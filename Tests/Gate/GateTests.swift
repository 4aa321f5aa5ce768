import Testing

@testable import Gate

/// A verdict as something that can be compared: `Verdict` itself holds a permit and can't be copied.
private enum Outcome: Equatable {
    case forward(Identity)
    case login
    case refuse(Refusal)

    init(_ verdict: consuming Verdict) {
        switch consume verdict {
        case .forward(let permit): self = .forward(permit.identity)
        case .login: self = .login
        case .refuse(let refusal): self = .refuse(refusal)
        }
    }
}

@Suite struct GateTests {
    @Test("a live session goes on as that person, whoever asks", arguments: [Asker.browser, .program])
    func liveSession(asker: Asker) {
        #expect(Outcome(Gate.decide(.liveSession, asker: asker, foreignBearers: .refuse)) == .forward(.session))
    }

    @Test(
        "what a login would cure sends a browser to the login page and tells a program so",
        arguments: [
            (Finding.noCredential, Refusal.notLoggedIn),
            (.unknownSession, .unknownSession),
            (.sessionEnded, .sessionEnded),
            (.loginExpired(reason: "revoked"), .loginExpired(reason: "revoked")),
        ])
    func needsLogin(finding: Finding, refusal: Refusal) {
        #expect(Outcome(Gate.decide(finding, asker: .browser, foreignBearers: .pass)) == .login)
        #expect(Outcome(Gate.decide(finding, asker: .program, foreignBearers: .pass)) == .refuse(refusal))
        #expect(refusal.status == 401)
    }

    @Test("a passing fault is never a login, not even for a browser")
    func passingFault() {
        let verdict = Gate.decide(.unavailable(.storeUnavailable), asker: .browser, foreignBearers: .pass)
        #expect(Outcome(verdict) == .refuse(.storeUnavailable))
        #expect(Refusal.storeUnavailable.status == 503)
        #expect(Refusal.storeUnavailable.retryAfter != nil)
    }

    @Test("a foreign bearer follows the workspace's rule")
    func foreignBearer() {
        #expect(Outcome(Gate.decide(.foreignBearer, asker: .program, foreignBearers: .pass)) == .forward(.client))
        let refused = Gate.decide(.foreignBearer, asker: .program, foreignBearers: .refuse)
        #expect(Outcome(refused) == .refuse(.foreignBearer))
    }

    @Test("only a navigation that wants HTML is a browser")
    func askers() {
        #expect(Asker(isSafeMethod: true, acceptsHTML: true, fetchMode: .navigate) == .browser)
        #expect(Asker(isSafeMethod: true, acceptsHTML: true, fetchMode: .absent) == .browser)
        #expect(Asker(isSafeMethod: true, acceptsHTML: true, fetchMode: .other) == .program)
        #expect(Asker(isSafeMethod: false, acceptsHTML: true, fetchMode: .navigate) == .program)
        #expect(Asker(isSafeMethod: true, acceptsHTML: false, fetchMode: .navigate) == .program)
    }

    @Test("an error body is one JSON object with the login URL, whatever the texts hold")
    func errorBody() {
        let refusal = Refusal.loginExpired(reason: "say \"no\"\\\n")
        let body = ErrorAnswer.body(of: refusal, loginURL: "https://a.example/.lakegate/login", requestID: "r1")
        #expect(body.contains(#"say \"no\"\\ "#))
        #expect(body.contains(#""metadata":{"login_url":"https://a.example/.lakegate/login"}"#))
        #expect(!body.contains("\n"))
    }

    @Test("fields of an answer can't be split by what a text holds")
    func errorFields() {
        let fields = ErrorAnswer.fields(of: .loginExpired(reason: "a\r\nset-cookie: x"), loginURL: "https://a")
        #expect(fields.allSatisfy { !$0.value.contains("\r") && !$0.value.contains("\n") })
        #expect(fields.contains { $0.name == "www-authenticate" })
        for name in ["x-databricks-reason-phrase", "x-thriftserver-error-message"] {
            #expect(fields.contains { $0.name == name && $0.value.hasSuffix("Log in at https://a") })
        }
    }

    @Test("who is refused learns which setting stands in the way")
    func settings() {
        let told: [(Refusal, String)] = [
            (.bodyTooLarge(limit: 7, setting: "limits.body"), "larger than 7 bytes"),
            (.bodyTooLarge(limit: 7, setting: "limits.body"), "(limits.body)"),
            (.bodyTooLarge(limit: 7, setting: nil), "(a fixed limit)"),
            (.clientTooSlow(.pace(bytesPerSecond: 240)), "(limits.uploadRate)"),
            (.overloaded(.queue(requests: 5, waiting: 6)), "5 requests"),
            (.overloaded(.memory), "(limits.memory)"),
            (.unknownHost("a.example:8443", isShared: false), "a.example:8443"),
            (.unknownHost("a", isShared: false), "workspaces[].hosts"), (.upstreamSilent, "limits.upstreamSilence"),
        ]
        for (refusal, text) in told { #expect(refusal.message.contains(text)) }
    }

    @Test("a host name of nobody's is 421 only where another connection may help")
    func unknownHost() {
        #expect(Refusal.unknownHost("a", isShared: false).status == 400)
        #expect(Refusal.unknownHost("a", isShared: true).status == 421)
    }

    @Test("only what is safe to send again says when to")
    func retryAfter() {
        #expect(Refusal.upstreamUnreachable.retryAfter == 2)
        #expect(Refusal.upstreamBroke.retryAfter == nil)
        #expect(Refusal.upstreamSilent.retryAfter == nil)
    }
}
