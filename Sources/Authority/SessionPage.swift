import Basics
import Gate
import Sessions

/// The page that says who is signed in, and lets them make session tokens and sign out.
struct SessionPage {
    let session: Session
    let request: LocalRequest
    let formToken: String
    let now: Timestamp
    /// How long ahead the end is told.
    let notice: Duration

    var page: Page {
        Page(
            title: "Signed in as \(session.person.displayName)", workspace: request.workspace,
            requestID: request.requestID, content: standing + ending + [facts] + programs + tokens + making + leaving)
    }

    private var standing: [HTML] {
        guard case .loginNeeded(let reason) = session.standing else { return [] }
        return [
            .element(
                "div", ["class": "problem", "role": "alert"],
                .paragraph("Databricks wants you to sign in again: \(reason)"),
                .action("Sign in again", to: Route.login.path))
        ]
    }

    /// The page's own way of what answers say in a field.
    private var ending: [HTML] {
        guard session.endsAt.since(now) <= notice else { return [] }
        return [
            .element(
                "div", ["class": "problem", "role": "alert"],
                .paragraph("This session ends at \(session.endsAt.reading), and its session tokens with it."),
                .action("Sign in anew", to: Route.login.path))
        ]
    }

    private var facts: HTML {
        .facts(
            [("User", session.person.userName), ("Workspace", request.workspace)] + request.wholeAccount + [
                ("Since", session.createdAt.reading), ("Ends", session.endsAt.reading),
                ("Next renewal", "before \(session.grant.expiresAt.reading)"),
            ])
    }

    private var tokens: [HTML] {
        let heading: HTML = .element("h2", ["id": "tokens"], .text("Session tokens"))
        guard !session.tokenKeys.isEmpty else {
            return [heading, .paragraph("None yet. A session token lets an SDK or driver work as you.")]
        }
        return [heading, table("tokens", ["Label", "Made", "Ends", "Revoke"], session.tokenKeys)]
    }

    /// What a program holds to work as the person; nothing is said where there is none.
    private var programs: [HTML] {
        let keys = session.handleKeys + session.loginKeys
        guard !keys.isEmpty else { return [] }
        return [
            .element("h2", ["id": "programs"], .text("Programs that work as you")),
            table("programs", ["Program", "Allowed", "Ends", "End"], keys),
        ]
    }

    private func table(_ id: String, _ names: [String], _ keys: [SessionKey]) -> HTML {
        .table(["aria-labelledby": id], names, keys.map { row($0, names) })
    }

    private func row(_ key: SessionKey, _ names: [String]) -> HTML {
        let form: HTML = .rowForm(
            to: Route.revokeToken.path, token: formToken, "key", key.publicID, button: names[3],
            spoken: "\(names[3]) \(key.label)")
        return .element(
            "tr", [:], .cell(names[0], key.label), .cell(names[1], key.createdAt.reading),
            .cell(names[2], key.endsAt.reading), .element("td", [:], form))
    }

    private var making: [HTML] {
        let days = TokenLife.allCases.map { (life) -> HTML in
            life == .month
                ? .element("option", ["value": life.rawValue, "selected": "selected"], .text(life.label))
                : .element("option", ["value": life.rawValue], .text(life.label))
        }
        return [
            .element("h2", "Make a session token"),
            .form(
                to: Route.makeToken.path, token: formToken, button: "Make session token",
                [
                    .element("label", ["for": "label"], .text("Label, such as the tool that will use it")),
                    .element(
                        "input",
                        [
                            "id": "label", "name": "label", "required": "required", "maxlength": "80",
                            "autocomplete": "off",
                        ]),
                    .element("label", ["for": "life"], .text("Valid for, at most until this session ends")),
                    .tree("select", ["id": "life", "name": "life"], days),
                ]),
        ]
    }

    private var leaving: [HTML] {
        [
            .element("h2", "Sign out"),
            .element(
                "div", ["class": "row"],
                .form(to: Route.logout.path, token: formToken, look: .quiet, button: "Sign out of this browser", []),
                .form(
                    to: Route.logout.path, token: formToken, look: .grave, button: "Sign out and revoke all tokens",
                    [.hidden("everywhere", SignOutReach.session.rawValue)]),
                .form(
                    to: Route.logout.path, token: formToken, look: .grave, button: "Sign out everywhere",
                    [.hidden("everywhere", SignOutReach.person.rawValue)])),
            .paragraph(
                "“Sign out everywhere” ends all your sessions at this workspace, on other devices too, with all their session tokens."
            ),
            .action("Where you are signed in", to: Route.sessions.path),
        ]
    }
}

/// How long a session token may live.
enum TokenLife: String, CaseIterable {
    case day = "1"
    case week = "7"
    case month = "30"
    case quarter = "90"

    var label: String {
        self == .day ? "1 day" : "\(rawValue) days"
    }

    var duration: Duration {
        switch self {
        case .day: .seconds(86400)
        case .week: .seconds(7 * 86400)
        case .month: .seconds(30 * 86400)
        case .quarter: .seconds(90 * 86400)
        }
    }
}

extension LocalRequest {
    /// A line for pages that show what a session, or a key of it, opens.
    var wholeAccount: [(String, String)] {
        account.map { [("Opens", "every workspace of the account “\($0)” that you may enter")] } ?? []
    }
}
