/// A form on a page, with the values it would send as it stands.
struct WebForm: Sendable, Equatable {
    /// `nil` for the page's own address.
    var action: String?
    var isPost: Bool
    var inputs: FormFields
    /// Names of all fields, those without a value too.
    var names: Set<String> = []
    /// The menu that the next options belong to.
    private var menu: String?

    /// All forms of a page.
    static func all(in page: String) -> [WebForm] {
        var forms: [WebForm] = []
        var open: WebForm?
        for tag in Markup.tags(in: page) {
            if tag.name == "form" {
                if let done = open { forms.append(done) }
                open = tag.isEnd ? nil : WebForm(tag)
            } else if !tag.isEnd {
                open?.add(tag)
            }
        }
        return forms + (open.map { [$0] } ?? [])
    }

    private init(_ tag: MarkupTag) {
        action = tag.attributes["action"].flatMap { $0.isEmpty ? nil : $0 }
        isPost = tag.attributes["method"]?.lowercased() == "post"
        inputs = FormFields([])
    }

    private mutating func add(_ tag: MarkupTag) {
        if tag.name == "option" { return choose(tag) }
        guard ["input", "select", "button", "textarea"].contains(tag.name), let name = tag.attributes["name"] else {
            return
        }
        names.insert(name)
        menu = tag.name == "select" ? name : nil
        let type = tag.attributes["type"]?.lowercased() ?? "text"
        guard tag.name == "input", ["hidden", "text", "number", "email"].contains(type) else { return }
        inputs.pairs.append((name: name, value: tag.attributes["value"] ?? ""))
    }

    /// A menu sends its selected option, or its first.
    private mutating func choose(_ option: MarkupTag) {
        guard let menu, let value = option.attributes["value"] else { return }
        guard inputs[menu] == nil || option.attributes["selected"] != nil else { return }
        self = filled(menu, with: value)
    }

    /// Fills in a field.
    func filled(_ name: String, with value: String) -> WebForm {
        var copy = self
        copy.inputs.pairs.removeAll { $0.name == name }
        copy.inputs.pairs.append((name: name, value: value))
        return copy
    }
}
