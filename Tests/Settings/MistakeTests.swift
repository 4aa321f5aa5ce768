import Testing

@testable import Settings

@Suite("Mistakes in a configuration")
struct MistakeTests {
    @Test("five mistakes are named in one run, in the order of the file")
    func fiveAtOnce() throws {
        let text = """
            listen: 0.0.0.0
            tls:
              certificate: tls.crt
            sesions:
              lifetime: 30d
            store: redis://:hunter2@127.0.0.1:notaport
            sealing:
              keyring: keyring.json
            workspaces:
              - name: prod
                hosts: [prod.lakegate.example.com]
                url: http://dbc-1234.cloud.databricks.com
                oauth:
                  clientID: 0123-app
            """
        let error = #expect(throws: SettingsMistakes.self) { try parse(text) }
        #expect(try #require(error).description == fiveMistakes)
    }

    @Test("one mistake has its key, line and reason", arguments: single)
    func oneMistake(_ row: Row) {
        let found = mistakes(row.text, row.environment)
        #expect(found.map(\.place.key) == [row.key])
        #expect(found.first?.place.line == row.line)
        #expect(found.first?.problem.contains(row.problem) == true, "\(found)")
        #expect(found.first?.remedy != nil)
    }

    @Test("nothing at all")
    func empty() {
        for text in ["", "# nothing", "~", "- a", "text"] {
            #expect(mistakes(text).map(\.place.key) == [""])
        }
    }

    @Test("an empty mapping lacks every required key")
    func emptyMapping() {
        let keys = mistakes("{}").map(\.place.key)
        #expect(keys == ["listen", "tls.certificate", "tls.privateKey", "store", "workspaces"])
    }

    @Test("text that is not YAML is located and not repeated")
    func notYAML() throws {
        let text = "listen: 0.0.0.0:1\nstore: \"redis://:hunter2@h\nbearer"
        let found = mistakes(text)
        #expect(found.count == 1)
        #expect(found.first?.place.line == 3)
        #expect(!SettingsMistakes(found).description.contains("hunter2"))
        #expect(mistakes("listen: a\n\tstore: memory").first?.place.line == 2)
    }
}

private let fiveMistakes = """
    1. listen (line 1): has no port
       found:    "0.0.0.0"
       expected: an address or name and a port, like 0.0.0.0:8443 or [::]:8443 (port 0...65535, 0 takes a free one)
       remedy:   write for example `listen: 0.0.0.0:8443`

    2. tls.privateKey (line 3): is missing
       expected: the path of a file; a relative one starts at the configuration's folder
       remedy:   add `privateKey: tls.key` under `tls:`

    3. sesions (line 4): is not a key of Lakegate
       remedy:   did you mean `sessions`?

    4. store (line 6): has a port that is not a number from 0 to 65535
       found:    (not shown, it may hold a secret)
       expected: `memory`, redis://[user[:password]@]host[:port][/database], redis+sentinel://[user[:password]@]host[:port],host[:port],…/master[/database], or redis+cluster://[user[:password]@]host[:port],host[:port],…; `rediss` for TLS
       remedy:   write for example `store: redis://127.0.0.1:6379/0`

    5. workspaces[0].url (line 12): starts with http://; tokens travel over https only
       found:    "http://dbc-1234.cloud.databricks.com"
       expected: https://, a host name and at most a port: no user, path or query
       remedy:   write for example `url: https://dbc-1234.cloud.databricks.com`

    """
