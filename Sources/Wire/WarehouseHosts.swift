/// A host and a port, as a workspace names them in what it says of its warehouses.
public struct NamedHost: Sendable {
    public var host: [UInt8]
    public var port: Int

    public init(host: [UInt8], port: Int) {
        self.host = host
        self.port = port
    }
}

/// Puts another host into what a workspace says of its SQL warehouses: `hostname` and the `port` beside it, and `jdbc_url`.
/// All other bytes stay as they are.
///
/// A client that copies them from the API would go around the proxy (databricks-sdk: `odbc_params`, `jdbc_url`).
public enum WarehouseHosts {
    public static func replace(_ old: NamedHost, by new: NamedHost, in body: [UInt8]) -> [UInt8] {
        var scan = Scan(body: body, old: old, new: new)
        scan.run()
        return scan.result
    }

    private struct Edit {
        var range: Range<Int>
        var text: [UInt8]
    }

    private struct Scan {
        let body: [UInt8]
        let old: NamedHost
        let new: NamedHost
        var position = 0
        var key: Range<Int>?
        var edits: [Edit] = []
        /// For each object that is open: whether its hostname was replaced, and where its port stands.
        var objects: [(isOurs: Bool, port: Range<Int>?)] = []

        mutating func run() {
            while position < body.count {
                switch body[position] {
                case UInt8(ascii: "{"):
                    objects.append((false, nil))
                    key = nil
                    position += 1
                case UInt8(ascii: "}"):
                    closeObject()
                    position += 1
                case UInt8(ascii: "\""): string()
                case UInt8(ascii: "0")...UInt8(ascii: "9"): number()
                case UInt8(ascii: ","), UInt8(ascii: "["):
                    key = nil
                    position += 1
                default: position += 1
                }
            }
        }

        var result: [UInt8] {
            var result: [UInt8] = []
            var start = 0
            for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
                result += body[start..<edit.range.lowerBound] + edit.text
                start = edit.range.upperBound
            }
            return result + body[start...]
        }

        private mutating func closeObject() {
            key = nil
            guard let object = objects.popLast(), object.isOurs, let port = object.port else { return }
            edits.append(Edit(range: port, text: Array(String(new.port).utf8)))
        }

        /// A name, if a colon follows, or a value.
        private mutating func string() {
            let start = position + 1
            position = start
            while position < body.count, body[position] != UInt8(ascii: "\"") {
                position += body[position] == UInt8(ascii: "\\") ? 2 : 1
            }
            let text = start..<min(position, body.count)
            position = text.upperBound + 1
            if isName() { key = text } else { value(text) }
        }

        private func isName() -> Bool {
            let rest = body[min(position, body.count)...]
            return rest.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: ":")
        }

        private mutating func value(_ text: Range<Int>) {
            if isKey("hostname"), body[text].elementsEqual(old.host), !objects.isEmpty {
                edits.append(Edit(range: text, text: new.host))
                objects[objects.count - 1].isOurs = true
            }
            if isKey("port"), !objects.isEmpty, body[text].elementsEqual(String(old.port).utf8) {
                objects[objects.count - 1].port = text
            }
            if isKey("jdbc_url") { replaceHost(in: text) }
            key = nil
        }

        private mutating func number() {
            let start = position
            while position < body.count, body[position] >= 0x30, body[position] <= 0x39 { position += 1 }
            if isKey("port"), !objects.isEmpty, body[start..<position].elementsEqual(String(old.port).utf8) {
                objects[objects.count - 1].port = start..<position
            }
            key = nil
        }

        /// The authority behind `//`, with its port if it has one.
        private mutating func replaceHost(in text: Range<Int>) {
            let written = [Array("//".utf8), Array("\\/\\/".utf8)]
            for mark in written {
                let name = mark + old.host
                guard let start = body[text].indices.first(where: { body[$0..<text.upperBound].starts(with: name) })
                else {
                    continue
                }
                var end = start + name.count
                let port = Array(":\(old.port)".utf8)
                if body[end..<text.upperBound].starts(with: port) { end += port.count }
                guard end == text.upperBound || [0x2F, 0x3B, 0x3F, 0x5C].contains(body[end]) else { return }
                return edits.append(
                    Edit(range: start + mark.count..<end, text: new.host + Array(":\(new.port)".utf8)))
            }
        }

        private func isKey(_ name: String) -> Bool {
            key.map { body[$0].elementsEqual(name.utf8) } ?? false
        }
    }
}
