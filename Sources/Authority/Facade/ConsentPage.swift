import Gate
import Sessions

extension Authority {
    /// Says which program wants what, and where the answer goes. Without it a stranger's link could log his program in.
    func consentPage(_ ask: AuthorizeAsk, _ visitor: SignedIn, _ request: LocalRequest) -> Page {
        Page(
            title: "Let a program work as you?", workspace: request.workspace, requestID: request.requestID,
            content: [
                .paragraph(warning(ask)),
                .facts([
                    ("Program", ask.client.id), ("Works as", visitor.session.person.userName),
                    ("Workspace", request.workspace), ("At most until", visitor.session.endsAt.reading),
                    ("Answer goes to", ask.redirectURI),
                ]),
                .element(
                    "div", ["class": "row"], button("Allow", "allow", .loud, visitor, request),
                    button("Deny", "deny", .quiet, visitor, request)),
                .paragraph("You can end its login at any time on the page of your session."),
            ])
    }

    private func warning(_ ask: AuthorizeAsk) -> String {
        switch ask.client {
        case .native, .command: "Allow this only if you have just begun to log in with this program, on this computer."
        case .machine: "Allow this only if you have just begun to log in there."
        }
    }

    private func button(
        _ label: String, _ decision: String, _ look: ButtonLook, _ visitor: SignedIn, _ request: LocalRequest
    ) -> HTML {
        .form(
            to: FacadeRoute.consent.path, token: formToken(for: visitor), look: look, button: label,
            [.hidden("request", request.query), .hidden("decision", decision)])
    }
}
