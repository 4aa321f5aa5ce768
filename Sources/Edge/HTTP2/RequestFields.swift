import HTTP2
import Wire

/// A request's head as HTTP/2 says it (RFC 9113, section 8.3.1).
enum RequestFields {
    static func tell(
        _ request: borrowing RequestHead, from head: RawSpan, as forwarding: borrowing Forwarding,
        in fields: inout HTTP2Fields
    ) {
        fields.reset()
        fields.add(name: ":method", value: head.extracting(request.methodSlice.range))
        fields.add(name: ":scheme", value: https.span.bytes)
        fields.add(name: ":authority", value: forwarding.host.span.bytes)
        fields.add(name: ":path", value: head.extracting(request.target.range))
        request.forEachForwardedField(from: head, as: forwarding) { fields.add(name: $0, value: $1) }
        if case .length(let length) = request.framing { fields.add(name: "content-length", number: Int(length)) }
        if request.takesTrailers(in: head) { fields.add(name: "te", value: trailers.span.bytes) }
        tellOwn(request, from: head, as: forwarding, in: &fields)
    }

    /// What the proxy says in the client's place.
    private static func tellOwn(
        _ request: borrowing RequestHead, from head: RawSpan, as forwarding: borrowing Forwarding,
        in fields: inout HTTP2Fields
    ) {
        if case .set(let value) = forwarding.authorization {
            fields.add(name: "authorization", value: value.span.bytes)
        }
        add("x-databricks-azure-sp-management-token", forwarding.azureToken, in: &fields)
        add("x-databricks-azure-workspace-resource-id", forwarding.azureResourceID, in: &fields)
        add("x-forwarded-for", forwarding.forwardedFor, in: &fields)
        add("x-forwarded-host", forwarding.forwardedHost, in: &fields)
        fields.add(name: "x-forwarded-proto", value: https.span.bytes)
        if !request.keepsRequestID(from: head, as: forwarding) {
            add("x-request-id", forwarding.requestID, in: &fields)
        }
    }

    private static func add(_ name: StaticString, _ value: [UInt8], in fields: inout HTTP2Fields) {
        if !value.isEmpty { fields.add(name: name, value: value.span.bytes) }
    }

    private static let https = Array("https".utf8)
    private static let trailers = Array("trailers".utf8)
}
