import Basics
import Gate
import Sessions

/// The question whether a program may have a session, with all that the answer depends on.
struct ConfirmPage {
    let handoff: Handoff
    let session: Session
    let formToken: String
    let request: LocalRequest
    let now: Timestamp

    var page: Page {
        Page(
            title: "Let “\(handoff.client)” work as you?", workspace: request.workspace, requestID: request.requestID,
            content: [comparison, facts] + warning + [form])
    }

    /// Two screens that show the same are the only sign that it is the person's own program.
    private var comparison: HTML {
        .tree(
            "div", [:],
            [
                .tree("p", ["id": "compare"], [.text("The program must show you this code at this very moment:")]),
                .tree("p", ["class": "code", "aria-describedby": "compare"], [.text(handoff.code.text)]),
            ])
    }

    private var facts: HTML {
        .facts(
            [("Program", handoff.client)] + (handoff.label.isEmpty ? [] : [("It says", handoff.label)]) + [
                ("Works as", session.person.userName), ("In workspace", request.workspace),
            ] + reach + [("Until", end.reading)])
    }

    /// A session token opens what the session does; handles and logins of programs are for one workspace.
    private var reach: [(String, String)] {
        handoff.client.isSameText(FacadeClient.commandID) ? request.wholeAccount : []
    }

    private var end: Timestamp {
        min(session.endsAt, now + handoff.lifetime)
    }

    private var warning: [HTML] {
        [
            .paragraph(
                "It will be able to do there whatever you may do. You can take it back on the session page at any time."
            ),
            .tree(
                "p", ["class": "problem"],
                [.text("Deny if the program shows another code or none, or if somebody sent you here.")]),
        ]
    }

    private var form: HTML {
        .element(
            "form", ["method": "post", "action": Route.answerHandoff.path],
            .hidden("form_token", formToken), .hidden("code", handoff.code.text),
            .element(
                "div", ["class": "row"],
                .element("button", ["type": "submit", "name": "answer", "value": "allow"], .text("Allow")),
                .element(
                    "button", ["type": "submit", "name": "answer", "value": "deny", "class": "quiet"], .text("Deny"))))
    }
}

/// What the person's answer has done.
struct AnsweredPage {
    let handoff: Handoff
    let request: LocalRequest

    var page: Page {
        guard case .confirmed(let answer) = handoff.state else {
            return page(
                "Denied", "“\(handoff.client)” was given nothing. You can close this page.", "Your session")
        }
        return page(
            "“\(handoff.client)” can work as you",
            "Go back to it; this page can be closed. It works as \(answer.userName) until \(answer.endsAt.reading), "
                + "unless you take it back before.", "See who has sessions of yours")
    }

    private func page(_ title: String, _ text: String, _ next: String) -> Page {
        Page(
            title: title, workspace: request.workspace, requestID: request.requestID,
            content: [.paragraph(text), .action(next, to: Route.session.path)])
    }
}

/// Where a person types the code that a program without a browser shows (RFC 8628, section 3.3).
struct CodePage {
    let request: LocalRequest
    let isWrong: Bool

    var page: Page {
        Page(
            title: "Connect a program", workspace: request.workspace, requestID: request.requestID,
            content: problem + [
                .paragraph(
                    "A program on a machine without a browser shows you a code. You will see what it wants before you allow it."
                ),
                form,
            ])
    }

    private var problem: [HTML] {
        guard isWrong else { return [] }
        return [
            .element(
                "div", ["class": "problem", "role": "alert", "id": "wrong"],
                .paragraph("That is no code. A code has eight letters, like WDJB-MJHT, and no vowels."))
        ]
    }

    private var form: HTML {
        .element(
            "form", ["method": "get", "action": Route.handoffPage.path],
            .element("label", ["for": "code"], .text("Code that the program shows")),
            .element(
                "input",
                [
                    "id": "code", "name": "code", "class": "code", "required": "required", "maxlength": "20",
                    "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false",
                    "aria-describedby": isWrong ? "wrong" : "hint",
                ]),
            .tree("p", ["id": "hint", "class": "hint"], [.text("Eight letters; the dash does not matter.")]),
            .element("p", [:], .element("button", ["type": "submit"], .text("Go on"))))
    }
}
