/// The sign-in form and the page for requests that cannot be answered by redirect.
enum LoginPage {
    static func form(_ request: AuthorizeRequest, fields: FormFields, users: [DemoUser], notice: String?) -> String {
        let hidden = fields.pairs.filter { $0.name != "user" && $0.name != "decision" }
            .map { "<input type=\"hidden\" name=\"\(escaped($0.name))\" value=\"\(escaped($0.value))\">" }
        let options = users.map { option($0, selected: $0.name == request.loginHint) }
        return page(
            title: "Sign in to the simulated workspace",
            """
            \(notice.map { "<p role=\"alert\">\(escaped($0))</p>" } ?? "")
            <p>The application <b>\(escaped(request.client))</b> asks for: \
            \(escaped(request.scopes.sorted().joined(separator: ", "))).</p>
            <form method="post" action="/oidc/v1/authorize">
            \(hidden.joined(separator: "\n"))
            <p><label for="user">Who are you?</label>
            <select id="user" name="user">\(options.joined())</select></p>
            <p><button type="submit" name="decision" value="allow" id="allow">Sign in</button>
            <button type="submit" name="decision" value="deny" id="deny">Cancel</button></p>
            </form>
            """)
    }

    static func refusal(_ reason: String) -> String {
        page(title: "This sign-in cannot go on", "<p role=\"alert\">\(escaped(reason))</p>")
    }

    private static func option(_ user: DemoUser, selected: Bool) -> String {
        let mark = selected ? " selected" : ""
        return "<option value=\"\(escaped(user.name))\"\(mark)>\(escaped(user.displayName)) "
            + "(\(escaped(user.name)))</option>"
    }

    private static func page(title: String, _ content: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>\(escaped(title))</title>
        <meta name="viewport" content="width=device-width">
        <style>body{font:1rem/1.5 sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}\
        button,select{font:inherit;padding:.3rem .8rem}</style></head>
        <body><h1>\(escaped(title))</h1>
        \(content)
        </body></html>
        """
    }

    static func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "'": "&#39;"
            default: String(character)
            }
        }.joined()
    }
}
