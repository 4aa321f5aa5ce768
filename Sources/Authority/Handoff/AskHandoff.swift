import Basics
import Gate
import OAuth
import Sessions

extension Authority {
    /// A machine client asks for a session of a person's, who will confirm it in a browser.
    func askHandoff(_ request: LocalRequest, at workspace: AuthorityWorkspace) async -> LocalResponse {
        switch await programAsking(request, at: workspace) {
        case .refused(let failure): return answers.failure(failure, to: request)
        case .unclear(let error): return unclear(error, request)
        case .program(let program):
            guard let wish = HandoffWish(request) else {
                return answers.failure(.badForm(HandoffWish.remedy), to: request)
            }
            return await begin(wish.question(of: program.name, at: request.workspace, longest: lifetime), request)
        }
    }

    private func begin(_ question: HandoffQuestion, _ request: LocalRequest) async -> LocalResponse {
        guard mayAsk(question.client) else { return answers.failure(.tooMany, to: request) }
        do {
            let begun = try await handoffs.begin(question)
            note("hand-off asked for", request, of: begun.handoff)
            return answers.json(AskedHandoff(begun, at: request.authority), status: 201)
        } catch { return unclear(error, request) }
    }

    /// Whether one more question of a program is in bounds, and counts it.
    func mayAsk(_ client: String) -> Bool {
        let now = outside.clock.now()
        guard questions.allows(client, at: now) else { return false }
        questions.count(client, at: now)
        return true
    }
}

/// What a machine client says about the session it asks for.
struct HandoffWish: Decodable {
    var expectedUser: String?
    var label: String?
    /// Seconds.
    var lifetime: Int?

    static let remedy =
        "Send JSON or a form with, if you like, for (a user name), label (a text) and lifetime (seconds)."

    enum CodingKeys: String, CodingKey {
        case expectedUser = "for"
        case label, lifetime
    }

    /// An empty body asks for nothing in particular; `nil` if it can't be read.
    init?(_ request: LocalRequest) {
        if request.body.isEmpty { return }
        switch request.mediaType {
        case "application/json":
            guard let wish = BoundedJSON.decode(HandoffWish.self, from: request.body) else { return nil }
            self = wish
        case "application/x-www-form-urlencoded":
            guard let form = FormCoding.decode(request.body) else { return nil }
            (expectedUser, label) = (form.only("for"), form.only("label"))
            guard let text = form.only("lifetime") else { break }
            guard let seconds = Int(text) else { return nil }
            lifetime = seconds
        default: return nil
        }
        guard lifetime.map({ $0 > 0 }) ?? true else { return nil }
    }

    func question(of client: String, at workspace: String, longest: Duration) -> HandoffQuestion {
        let expected = expectedUser.map { SafeText.visible($0, longest: 200) }.flatMap { $0.isEmpty ? nil : $0 }
        let seconds = min(Int64(lifetime ?? .max), longest.components.seconds)
        return HandoffQuestion(
            purpose: .handle, workspace: workspace, client: client, label: SafeText.visible(label ?? "", longest: 60),
            expectedUser: expected, lifetime: .seconds(seconds))
    }
}

extension LocalRequest {
    /// Of the body, in lower case and without parameters; empty when there is none.
    var mediaType: String {
        String(field("content-type")?.prefix { $0 != ";" } ?? "").trimmed.lowercased()
    }
}
