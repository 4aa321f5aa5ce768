import Gate
import OAuth
import Provider

/// Why a login came to nothing, as a person is told. All text in it may be shown.
enum LoginProblem: Error, Equatable {
    case unknownLogin
    case notAnAnswer
    /// The provider's own words, which are escaped like all text.
    case denied(error: String, description: String)
    case refused(reason: String)
    case unreachable(reason: String)
    case misconfigured
    case storeAway
    case tooMany
    case tooManyOfThisClient

    init(_ failure: LoginFailure) {
        self =
            switch failure {
            case .unreachable(let error): .unreachable(reason: "\(error)")
            case .refused(let reason), .unusable(let reason): .refused(reason: reason)
            case .clientSecret: .misconfigured
            }
    }

    var status: Int {
        switch self {
        case .unknownLogin, .notAnAnswer: 400
        case .denied: 403
        case .refused: 502
        case .misconfigured: 500
        case .tooManyOfThisClient: 429
        case .unreachable, .storeAway, .tooMany: 503
        }
    }

    /// Seconds, where trying again helps.
    fileprivate var retryAfter: Int? {
        switch status {
        case 429: 60
        case 503: 5
        default: nil
        }
    }

    var explanation: [HTML] {
        switch self {
        case .unknownLogin:
            [
                .paragraph(
                    "This sign-in is not known here. It may have taken longer than ten minutes, be finished already, "
                        + "or have begun in another browser."),
                .paragraph("Nothing is lost: start again."),
            ]
        case .notAnAnswer: [.paragraph("This address only makes sense on the way back from Databricks. Start again.")]
        case .denied(let error, let description):
            [
                .paragraph(
                    error == "access_denied"
                        ? "The sign-in was cancelled, or Databricks does not let you use this site."
                        : "Databricks did not sign you in."),
                .facts([("Error", error)] + (description.isEmpty ? [] : [("Description", description)])),
            ]
        case .refused(let reason):
            [.paragraph("Databricks did not complete the sign-in."), .facts([("Reason", reason)])]
        case .unreachable(let reason):
            [.paragraph("Databricks could not be reached to complete the sign-in."), .facts([("Reason", reason)])]
        case .misconfigured:
            [.paragraph("The sign-in is not set up correctly here. Please tell whoever runs this site.")]
        case .storeAway: [.paragraph("The sign-in could not be saved for the moment. Try again shortly.")]
        case .tooMany: [.paragraph("Too many people are signing in at this moment. Try again shortly.")]
        case .tooManyOfThisClient:
            [.paragraph("Too many sign-ins began at your network address lately. Try again in some minutes.")]
        }
    }
}

extension Authority {
    /// The page that says what went wrong and leads back to the start.
    func problem(_ problem: LoginProblem, _ request: LocalRequest, _ path: ReturnPath) -> LocalResponse {
        let again = "\(Route.login.path)?return_to=\(PercentCoding.encode(path.text))"
        let page = Page(
            title: "You are not signed in", workspace: request.workspace, requestID: request.requestID,
            content: [.tree("div", ["class": "problem", "role": "alert"], problem.explanation)]
                + [.action("Try again", to: again)])
        let retry = problem.retryAfter.map { [(name: "Retry-After", value: "\($0)")] } ?? []
        return answers.page(page, status: problem.status, forms: false, and: retry)
    }
}
