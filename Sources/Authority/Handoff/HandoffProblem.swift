import Gate
import OAuth
import Sessions

/// Why a person can't answer a program's question.
enum HandoffProblem {
    case unknownCode
    /// Answered already, or withdrawn.
    case tooLate
    case otherPerson(Handoff, Person)
    case tooManyGuesses

    var status: Int {
        switch self {
        case .unknownCode: 404
        case .tooLate: 410
        case .otherPerson: 403
        case .tooManyGuesses: 429
        }
    }

    func page(for request: LocalRequest) -> Page {
        Page(
            title: title, workspace: request.workspace, requestID: request.requestID,
            content: [.tree("div", ["class": "problem", "role": "alert"], explanation)] + next)
    }

    private var title: String {
        switch self {
        case .unknownCode: "No program shows this code"
        case .tooLate: "This code has been used"
        case .otherPerson: "This is meant for somebody else"
        case .tooManyGuesses: "Too many wrong codes"
        }
    }

    private var explanation: [HTML] {
        switch self {
        case .unknownCode:
            [.paragraph("It may be mistyped, older than ten minutes, or of another workspace. Nothing was given away.")]
        case .tooLate:
            [.paragraph("A code is good for one answer within ten minutes. Have the program show you another one.")]
        case .otherPerson(let handoff, let person):
            [
                .paragraph(
                    "“\(handoff.client)” asks for a session of \(handoff.expectedUser ?? ""), and you are signed in as "
                        + "\(person.userName). Nothing was given away."),
                .paragraph(
                    "If you are both, sign in as the other one. If Databricks does not ask who you are, sign out there first."
                ),
            ]
        case .tooManyGuesses: [.paragraph("For your safety, no more codes are taken from you for ten minutes.")]
        }
    }

    private var next: [HTML] {
        switch self {
        case .unknownCode: [.action("Type another code", to: Route.devicePage.path)]
        case .otherPerson(let handoff, _):
            [
                .action(
                    "Sign in as somebody else",
                    to: "\(Route.login.path)?return_to=\(PercentCoding.encode(ReturnPath.handoff(handoff.code).text))")
            ]
        case .tooLate, .tooManyGuesses: [.action("See who has sessions of yours", to: Route.session.path)]
        }
    }
}
