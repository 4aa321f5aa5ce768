import Testing

@testable import Authority

/// The edge reads the same fields in its own way; Tests/Fuzz holds the two against each other.
@Suite struct CookieTests {
    @Test(arguments: [
        ("__Host-lakegate=x", "x"), ("a=b; __Host-lakegate = x ;c", "x"), ("__Host-lakegate\t=x", "x"),
        ("__Host-lakegate=", ""), ("__Host-lakegate= \u{301}x", "\u{301}x"),
        ("__Host-lakegate=x; __Host-lakegate=y", nil),
        ("__Host-lakegate=x; __Host-lakegate =y", nil), ("__Host-lakegate-login=x", nil), ("__host-lakegate=x", nil),
        ("__Host-lakegate", nil),
    ])
    func theOneValueCounts(field: String, value: String?) {
        #expect(Cookie.session.value(in: [("cookie", field)]) == value)
    }
}
