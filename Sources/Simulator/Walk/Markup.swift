/// One start tag of an HTML page.
struct MarkupTag: Sendable, Equatable {
    var name: String
    var attributes: [String: String]
    /// Whether it ends an element.
    var isEnd: Bool
}

/// The tags of a page, in order: enough of HTML to fill in a form, and no more.
enum Markup {
    static func tags(in page: String) -> [MarkupTag] {
        var tags: [MarkupTag] = []
        var rest = Array(page.unicodeScalars)[...]
        while let start = rest.firstIndex(of: "<") {
            rest = rest[(start + 1)...]
            guard let first = rest.first, first == "/" || isLetter(first) else { continue }
            tags.append(tag(&rest))
        }
        return tags
    }

    private static func tag(_ rest: inout ArraySlice<Unicode.Scalar>) -> MarkupTag {
        let isEnd = rest.first == "/"
        if isEnd { rest.removeFirst() }
        let name = taken(&rest) { !isSpace($0) && $0 != ">" && $0 != "/" }
        var attributes: [String: String] = [:]
        while let next = rest.first, next != ">" {
            guard !isSpace(next), next != "/", next != "=" else {
                rest.removeFirst()
                continue
            }
            let name = taken(&rest) { !isSpace($0) && $0 != ">" && $0 != "=" && $0 != "/" }
            if attributes[name.lowercased()] == nil { attributes[name.lowercased()] = value(&rest) }
        }
        return MarkupTag(name: name.lowercased(), attributes: attributes, isEnd: isEnd)
    }

    private static func value(_ rest: inout ArraySlice<Unicode.Scalar>) -> String {
        _ = taken(&rest, while: isSpace)
        guard rest.first == "=" else { return "" }
        rest.removeFirst()
        _ = taken(&rest, while: isSpace)
        guard let quote = rest.first, quote == "\"" || quote == "'" else {
            return unescaped(taken(&rest) { !isSpace($0) && $0 != ">" })
        }
        rest.removeFirst()
        let text = taken(&rest) { $0 != quote }
        _ = rest.popFirst()
        return unescaped(text)
    }

    private static func taken(
        _ rest: inout ArraySlice<Unicode.Scalar>, while belongs: (Unicode.Scalar) -> Bool
    ) -> String {
        let text = rest.prefix(while: belongs)
        rest = rest[text.endIndex...]
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text)
        return String(view)
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }

    /// Undoes character references, the named ones of XML and numbers.
    static func unescaped(_ text: String) -> String {
        var pieces = text.split(separator: "&", omittingEmptySubsequences: false).map(String.init)
        for index in pieces.indices.dropFirst() {
            guard let end = pieces[index].firstIndex(of: ";"), let scalar = character(pieces[index][..<end]) else {
                pieces[index] = "&" + pieces[index]
                continue
            }
            pieces[index] = String(scalar) + pieces[index][pieces[index].index(after: end)...]
        }
        return pieces.joined()
    }

    private static func character(_ name: Substring) -> Unicode.Scalar? {
        switch name.lowercased() {
        case "amp": "&"
        case "lt": "<"
        case "gt": ">"
        case "quot": "\""
        case "apos": "'"
        case let code where code.hasPrefix("#x"): UInt32(code.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
        case let code where code.hasPrefix("#"): UInt32(code.dropFirst()).flatMap(Unicode.Scalar.init)
        default: nil
        }
    }
}
