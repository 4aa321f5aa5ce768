import Basics
import Gate
import OAuth
import Sessions

extension Authority {
    /// Lets a form through that this very site gave to this very session, and nothing else.
    func changing(
        _ request: LocalRequest,
        _ act: (LocalRequest, SignedIn, [FormCoding.Field]) async -> LocalResponse
    ) async -> LocalResponse {
        guard SameOrigin.isCertain(request) else { return answers.failure(.foreignForm, to: request) }
        switch await visitor(of: request, by: .browser) {
        case .nobody: return answers.failure(.loginNeeded, to: request)
        case .unclear(let error): return unclear(error, request)
        case .session(let visitor):
            guard request.isForm, let form = FormCoding.decode(request.body) else {
                return answers.failure(.badForm("The form could not be read."), to: request)
            }
            guard isOurs(form, visitor) else { return answers.failure(.foreignForm, to: request) }
            return await act(request, visitor, form)
        }
    }

    func unclear(_ error: SessionError, _ request: LocalRequest) -> LocalResponse {
        log("session not available", request, error)
        return answers.failure(.passing, to: request)
    }

    /// Follows from the cookie's secret and does not give it away.
    func formToken(for visitor: SignedIn) -> String {
        Base64URL.encode(outside.sha256(Array("lakegate form\0\(visitor.token.reveal())".utf8)))
    }

    private func isOurs(_ form: [FormCoding.Field], _ visitor: SignedIn) -> Bool {
        form.only("form_token").map { constantTimeEqual(Array($0.utf8), Array(formToken(for: visitor).utf8)) } ?? false
    }
}

extension LocalRequest {
    var isForm: Bool {
        mediaType == "application/x-www-form-urlencoded"
    }
}
