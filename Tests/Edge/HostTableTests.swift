import Testing

@testable import Edge

@Suite struct HostTableTests {
    private let table = HostTable([
        .named("one", hosts: ["one.example.com", "uno.example.com"]), .named("two", hosts: ["two.example.com"]),
    ])

    private func workspace(_ authority: String) -> Int? {
        let bytes = Array(authority.utf8)
        return table.workspace(of: bytes.span.bytes)
    }

    @Test(
        "a host belongs to its workspace, in any case and with any port",
        arguments: [
            ("one.example.com", 0), ("uno.example.com:8443", 0), ("TWO.Example.COM", 1), ("two.example.com:", 1),
        ])
    func known(authority: String, index: Int) {
        #expect(workspace(authority) == index)
    }

    @Test(
        "anything else belongs to none",
        arguments: [
            "", ":443", "example.com", "one.example.com.", "xone.example.com", "one.example.co", "one.example.com:a",
            "one_example.com", "12345",
        ])
    func unknown(authority: String) {
        #expect(workspace(authority) == nil)
    }
}
