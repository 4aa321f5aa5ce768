import Basics
import Foundation
import Testing

@testable import lakegate

@Suite("The profile that `lakegate login` writes")
struct DatabricksProfileTests {
    private let profile = DatabricksProfile(name: "prod", host: "https://prod.gate.example", token: Secret("lkg_x"))
    private static let written = "[prod]\nhost = https://prod.gate.example\ntoken = lkg_x\n"

    @Test(
        "is added where there is none of its name",
        arguments: [
            ("", written), ("[a]\nhost = x\n", "[a]\nhost = x\n\n" + written),
            ("[a]\nhost = x", "[a]\nhost = x\n\n" + written),
            ("; [prod]\n", "; [prod]\n\n" + written),
        ])
    func added(before: String, after: String) {
        #expect(profile.placed(in: before).reveal() == after)
    }

    @Test("takes the place of the credentials of one with its name, and leaves the rest")
    func replaced() {
        let before = """
            # mine
            [DEFAULT]
            host = https://a.example
            token = dapi1

            [ prod ]
            Host=https://old.example
            auth_type : databricks-cli
            azure_client_id = x
            token = dapi2
              and more
            cluster_id = 0123-abc
            ; note

            [other]
            token = dapi3\r
            """
        #expect(
            profile.placed(in: before).reveal() == """
                # mine
                [DEFAULT]
                host = https://a.example
                token = dapi1

                [ prod ]
                host = https://prod.gate.example
                token = lkg_x
                cluster_id = 0123-abc
                ; note

                [other]
                token = dapi3\r
                """)
    }

    @Test("is written twice as once")
    func twice() {
        let once = profile.placed(in: "[a]\nx = 1\n").reveal()
        #expect(profile.placed(in: once).reveal() == once)
    }

    @Test("goes to a file for its owner alone, through a link, and leaves no draft")
    func file() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lakegate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (kept, link) = (folder.appending(path: "kept"), folder.appending(path: "link"))
        try Data("[a]\nx = 1\n".utf8).write(to: kept)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: kept.path())
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: kept)
        try DatabricksFile(path: link.path()).write(profile)
        #expect(try String(contentsOf: kept, encoding: .utf8) == "[a]\nx = 1\n\n" + Self.written)
        let mode = try FileManager.default.attributesOfItem(atPath: kept.path())[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted() == ["kept", "link"])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path()) == kept.path())
    }

    @Test(
        "is found where Databricks' clients look",
        arguments: [
            (["HOME": "/h"], "/h/.databrickscfg"), (["HOME": "/h", "DATABRICKS_CONFIG_FILE": "/x"], "/x"),
            (["HOME": "/h", "DATABRICKS_CONFIG_FILE": "~/x"], "/h/x"),
            (["HOME": "/h", "DATABRICKS_CONFIG_FILE": ""], "/h/.databrickscfg"),
        ])
    func place(environment: [String: String], path: String) {
        #expect(DatabricksFile(environment: environment).path == path)
    }

    @Test(
        "hosts are https and a name",
        arguments: [
            ("https://prod.gate.example", "prod"), ("https://prod.gate.example:8443/", "prod"),
            ("https://localhost:1", "localhost"), ("https://127.0.0.1:1", "lakegate"), ("http://a.example", nil),
            ("https://a.example/x", nil), ("https://u@a.example", nil), ("a.example", nil),
            ("https://a.example?x", nil),
            ("https://", nil),
        ])
    func hosts(text: String, name: String?) {
        #expect(HTTPSHost(text)?.profileName == name)
    }
}
