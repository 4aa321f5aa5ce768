/// One page: a heading and what stands under it, in the frame that all pages share.
struct Page {
    var title: String
    /// `nil` where the host name belongs to none.
    var workspace: String?
    var requestID: String
    var content: [HTML]
    /// Where the browser goes from here by itself.
    var next: String?
    /// Seconds after which the browser asks for the same page again.
    var reloadsAfter: Int?

    var document: [UInt8] {
        HTML.document(
            .element(
                "html", ["lang": "en"],
                .tree("head", [:], head),
                .element(
                    "body", [:],
                    .element("header", "Lakegate"),
                    .tree("main", [:], [.element("h1", title)] + content),
                    .element("footer", footer))))
    }

    private var footer: String {
        (workspace.map { "Workspace \($0) · " } ?? "") + "Request \(requestID)"
    }
}

extension Page {
    private var head: [HTML] {
        let refresh = next.map { "0;url=\($0)" } ?? reloadsAfter.map { "\($0)" }
        let going = refresh.map { [HTML.element("meta", ["http-equiv": "refresh", "content": $0])] } ?? []
        return [
            .element("meta", ["charset": "utf-8"]),
            .element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
            .element("meta", ["name": "robots", "content": "noindex"]),
            .element("title", "\(title) – Lakegate"),
            .element("style", [:], .fixed(Stylesheet.text)),
        ] + going
    }
}

extension HTML {
    static func paragraph(_ text: String) -> HTML {
        .element("p", text)
    }

    /// A link that looks like a button: going somewhere, not changing something.
    static func action(_ label: String, to path: String) -> HTML {
        .element("p", [:], .element("a", ["class": "action", "href": path], .text(label)))
    }

    /// Pairs of a term and what it stands for.
    static func facts(_ pairs: [(String, String)]) -> HTML {
        .tree("dl", [:], pairs.flatMap { [.element("dt", $0.0), .element("dd", $0.1)] })
    }

    /// A form that changes something; `token` shows that the page was ours.
    static func form(
        to path: String, token: String, look: ButtonLook = .loud, button: String, _ fields: [HTML]
    ) -> HTML {
        let hidden: HTML = .element("input", ["type": "hidden", "name": "form_token", "value": token])
        let send: HTML = .tree("button", ["type": "submit", "class": look.rawValue], [.text(button)])
        return .tree("form", ["method": "post", "action": path], [hidden] + fields + [.element("p", [:], send)])
    }

    /// A hidden value of a form.
    static func hidden(_ name: String, _ value: String) -> HTML {
        .element("input", ["type": "hidden", "name": name, "value": value])
    }
}

/// How much a button asks to be pressed: the one thing a page is for, something else, something that cannot be undone.
enum ButtonLook: String {
    case loud, quiet, grave
}
