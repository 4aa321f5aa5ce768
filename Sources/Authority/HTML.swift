/// A piece of a page. Text and attribute values are escaped when it is rendered; there is no way around that.
///
/// Names of elements and attributes are static strings, so nothing from outside can become markup.
enum HTML {
    case text(String)
    /// An element of its name, attributes and children.
    indirect case tree(StaticString, KeyValuePairs<StaticString, String>, [HTML])
    /// Markup of ours that stands in the source, such as the style sheet.
    case fixed(StaticString)

    static func element(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:], _ children: HTML...
    ) -> HTML {
        .tree(name, attributes, children)
    }

    static func element(_ name: StaticString, _ text: String) -> HTML {
        .tree(name, [:], [.text(text)])
    }

    /// A whole document.
    static func document(_ root: HTML) -> [UInt8] {
        var bytes = Array("<!doctype html>\n".utf8)
        root.render(into: &bytes)
        return bytes
    }

    private func render(into bytes: inout [UInt8]) {
        switch self {
        case .text(let text): Self.escape(text, into: &bytes)
        case .fixed(let markup): bytes.append(contentsOf: markup.description.utf8)
        case .tree(let name, let attributes, let children):
            bytes.append(contentsOf: "<\(name)".utf8)
            for (name, value) in attributes {
                bytes.append(contentsOf: " \(name)=\"".utf8)
                Self.escape(value, into: &bytes)
                bytes.append(UInt8(ascii: "\""))
            }
            bytes.append(UInt8(ascii: ">"))
            guard !Self.void.contains(name.description) else { return }
            for child in children { child.render(into: &bytes) }
            bytes.append(contentsOf: "</\(name)>".utf8)
        }
    }

    private static func escape(_ text: String, into bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): bytes.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): bytes.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "\""): bytes.append(contentsOf: "&quot;".utf8)
            case UInt8(ascii: "'"): bytes.append(contentsOf: "&#39;".utf8)
            case 0: break
            default: bytes.append(byte)
            }
        }
    }

    /// Elements without an end tag.
    private static let void: Set<String> = ["meta", "input", "br", "hr"]
}
