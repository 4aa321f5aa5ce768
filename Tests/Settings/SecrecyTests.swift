import Basics
import Testing

@testable import Settings

@Suite("Secrets and messages")
struct SecrecyTests {
    private static let canary = "c4n4ry"

    @Test(
        "no message repeats what may be a secret",
        arguments: [
            sample("store: redis://127.0.0.1:6379/0", becomes: "store: redis://user:c4n4ry@h:x"),
            sample("store: redis://127.0.0.1:6379/0", becomes: "store: c4n4ry"),
            sample("store: redis://127.0.0.1:6379/0", becomes: "store: [c4n4ry]"),
            sample("clientID: 0123", becomes: "clientID: 0123\n      clientSecret: c4n4ry"),
            sample("clientID: 0123", becomes: "clientID: 0123\n      clientSecretFile: dosec4n4ry"),
            sample("clientID: 0123", becomes: "clientID: 0123\n      clientSecretFile: {c4n4ry: c4n4ry}"),
            sample("clientID: 0123", becomes: "clientID: 'dapi c4n4ry'"),
            sample("clientID: 0123", becomes: "clientID: 0123\n      tokenURL: http://h?secret=c4n4ry"),
            sample("url: https://dbc-1234.cloud.databricks.com", becomes: "url: https://me:c4n4ry@h"),
            sample("  oauth:", becomes: "  egressProxy: http://me:c4n4ry@h:1\n    oauth:"),
            sample("  oauth:", becomes: "  egressProxyLoginFile: me:c4n4ry\n    oauth:"),
            sample("listen: 0.0.0.0:8443", becomes: "listen: c4n4ry@h"),
            sample("listen: 0.0.0.0:8443", becomes: "listen: 'c4n4ry"),
        ])
    func file(_ text: String) {
        let found = mistakes(text)
        #expect(!found.isEmpty)
        #expect(!SettingsMistakes(found).description.contains(Self.canary))
    }

    @Test("nor what the environment has")
    func environment() {
        let found = mistakes(
            sample,
            [
                "LAKEGATE_STORE": "c4n4ry", "LAKEGATE_STORE_PASSWORD": "c4n4ry", "LAKEGATE_STORE_PASSWORD_FILE": "f",
                "LAKEGATE_SECRET": "c4n4ry",
            ])
        #expect(found.map(\.place.key) == ["LAKEGATE_STORE", "LAKEGATE_STORE_PASSWORD_FILE", "LAKEGATE_SECRET"])
        #expect(!SettingsMistakes(found).description.contains(Self.canary))
    }

    @Test("settings themselves do not print a password")
    func settings() throws {
        let settings = try parse(sample("store: redis://127.0.0.1:6379/0", becomes: "store: redis://:c4n4ry@h"))
        var dumped = "\(settings)"
        dump(settings, to: &dumped)
        #expect(!dumped.contains(Self.canary))
    }

    @Test("what a message repeats cannot reach the terminal's control functions")
    func escapes() {
        let found = mistakes(sample("listen: 0.0.0.0:8443", becomes: "listen: \"a\\e[31m\\nb\""))
        #expect(found.first?.found == #""a\u{1B}[31m\nb""#)
    }
}
