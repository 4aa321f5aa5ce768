/// Tables as all pages have them.
extension HTML {
    static func table(_ attributes: KeyValuePairs<StaticString, String>, _ names: [String], _ rows: [HTML]) -> HTML {
        let head: HTML = .tree("tr", [:], names.map { .element("th", ["scope": "col"], .text($0)) })
        return .element("table", attributes, .element("thead", [:], head), .tree("tbody", [:], rows))
    }

    /// A narrow window shows the heading beside the value.
    static func cell(_ heading: String, _ text: String) -> HTML {
        .cell(heading, .text(text))
    }

    static func cell(_ heading: String, _ content: HTML) -> HTML {
        .element("td", ["data-head": heading], content)
    }

    /// A small form with one button, for what one row is about; screen readers say it in full.
    static func rowForm(
        to path: String, token: String, _ name: String, _ value: String, button: String, spoken: String
    ) -> HTML {
        .element(
            "form", ["method": "post", "action": path], .hidden("form_token", token), .hidden(name, value),
            .element("button", ["type": "submit", "class": "quiet", "aria-label": spoken], .text(button)))
    }
}
