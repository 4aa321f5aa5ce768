/// A whole answer that fits in memory.
struct Reply: Sendable {
    var status: Int
    var fields: [(name: String, value: String)]
    var body: [UInt8]

    init(status: Int, fields: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    static func json(_ value: JSON, status: Int = 200) -> Reply {
        Reply(status: status, fields: [("content-type", "application/json")], body: value.bytes)
    }

    static func html(_ page: String, status: Int = 200) -> Reply {
        let fields = [("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store")]
        return Reply(status: status, fields: fields.map { (name: $0.0, value: $0.1) }, body: Array(page.utf8))
    }

    static func redirect(to location: String) -> Reply {
        Reply(status: 302, fields: [("location", location), ("cache-control", "no-store")])
    }

    func adding(_ name: String, _ value: String) -> Reply {
        var copy = self
        copy.fields.append((name, value))
        return copy
    }
}
