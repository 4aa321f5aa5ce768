/// The HTTP client a walk is made with. It follows no redirects and keeps no cookies.
public protocol WalkClient: Sendable {
    func send(
        method: String, url: String, fields: [(name: String, value: String)], body: [UInt8]
    ) async throws -> WalkAnswer
}

/// What came back; field names in any case.
public struct WalkAnswer: Sendable {
    public var status: Int
    public var fields: [(name: String, value: String)]
    public var body: [UInt8]

    public init(status: Int, fields: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// The first field of that name.
    public func field(_ name: String) -> String? {
        fields.first { $0.name.lowercased() == name }?.value
    }

    var text: String { String(decoding: body, as: UTF8.self) }
}
