import Basics
import Foundation
import Sessions
import Settings
import Testing

@testable import lakegate

@Suite("Files around a configuration")
struct FilesCheckTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "lakegate-\(UUID())").path

    private struct Refused: Error, CustomStringConvertible {
        let description = "it says why"
    }

    private func withFolder(_ files: [String], _ body: () throws -> Void) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for file in files { try Data("content\n".utf8).write(to: URL(filePath: folder).appending(path: file)) }
        try body()
    }

    private func settings(_ environment: [String: String] = [:]) throws -> Settings {
        let text = """
            listen: a:1
            tls: {certificate: crt, privateKey: key}
            store: rediss://h
            storeTLS: {authorityFile: store.ca, clientCertificate: store.crt, clientKey: store.key}
            sealing: {keyring: ring}
            accessLog: nowhere/log
            workspaces:
            - name: w
              hosts: [h]
              url: https://u
              caFile: ca
              egressProxy: http://p:3128
              egressProxyLoginFile: canary.login
              oauth: {clientID: c, clientSecretFile: canary}
            """
        return try SettingsParser.parse(text: text, environment: environment, baseDirectory: folder)
    }

    private let refusing = FilesCheck.Openers(
        certificate: { _, _ in throw Refused() }, keyring: { _ in throw Refused() }, trust: { _ in throw Refused() },
        clientCertificate: { _, _ in throw Refused() })

    @Test("every missing file is named, a secret's without its name")
    func missing() throws {
        try withFolder([]) {
            let settings = try settings(["LAKEGATE_STORE_PASSWORD_FILE": "pw"])
            let found = FilesCheck(openers: refusing).mistakes(in: settings)
            #expect(
                found.map(\.place.key) == [
                    "tls.certificate", "tls.privateKey", "LAKEGATE_STORE_PASSWORD_FILE", "storeTLS.authorityFile",
                    "storeTLS.clientCertificate", "storeTLS.clientKey", "sealing.keyring", "accessLog",
                    "workspaces[0].oauth.clientSecretFile", "workspaces[0].caFile",
                    "workspaces[0].egressProxyLoginFile",
                ])
            #expect(!SettingsMistakes(found).description.contains("canary"))
        }
    }

    @Test("missing files are told together with mistakes of the configuration itself")
    func both() throws {
        try withFolder(["key"]) {
            let text = "listen: nowhere\ntls: {certificate: crt, privateKey: key}\nstore: memory\n"
            let mistakes = #expect(throws: SettingsMistakes.self) {
                try SettingsParser.parse(text: text, environment: [:], baseDirectory: folder)
            }
            let found = FilesCheck.unreadable(mistakes?.files ?? [])
            #expect(found.map { "\($0.place)" } == ["tls.certificate (line 2)"])
        }
    }

    @Test("what cannot be opened for good says why")
    func refused() throws {
        let all = ["crt", "key", "ring", "ca", "canary", "canary.login", "store.ca", "store.crt", "store.key"]
        try withFolder(all) {
            let found = FilesCheck(openers: refusing).mistakes(in: try settings(["LAKEGATE_ACCESS_LOG": "off"]))
            #expect(
                found.map(\.place.key) == [
                    "tls", "storeTLS.authorityFile", "storeTLS.clientCertificate", "sealing.keyring",
                    "workspaces[0].caFile", "workspaces[0].egressProxyLoginFile",
                ])
            #expect(found.prefix(5).allSatisfy { $0.problem == "cannot be used: it says why" })
            #expect(found.last?.problem.contains("is not user:password") == true)
        }
    }

    @Test("the doors of the store's TLS are those that a connection goes through")
    func storeTLS() throws {
        let all = ["crt", "key", "ring", "ca", "canary", "canary.login", "store.ca", "store.crt", "store.key"]
        try withFolder(all) {
            let found = FilesCheck(openers: .system).mistakes(in: try settings(["LAKEGATE_ACCESS_LOG": "off"]))
            let told = found.filter { $0.place.key.hasPrefix("storeTLS") }.map(\.problem)
            #expect(told.count == 2 && told.allSatisfy { $0.contains("holds no PEM certificate") }, "\(told)")
        }
    }

    @Test("a password comes from the first line of its file")
    func password() throws {
        try withFolder(["pw"]) {
            let password = try ConfigurationFile.password(folder + "/pw", .storePassword)
            #expect(password.reveal() == "content")
        }
    }

    @Test(
        "the login for a proxy is the first line, a user and a password",
        arguments: [
            ("me:secret\n", "me:secret"), ("me:a:b c\r\nrest", "me:a:b c"), ("me:", "me:"), ("me\n", nil), (":pw", nil),
            ("", nil), ("me:\u{7f}", nil),
        ])
    func proxyLogin(content: String, login: String?) throws {
        try withFolder([]) {
            let path = folder + "/login"
            try Data(content.utf8).write(to: URL(filePath: path))
            #expect((try? ConfigurationFile.proxyLogin(path, workspace: 0))?.reveal() == login)
        }
    }

    @Test("settings come complete, with the login for the proxy")
    func complete() throws {
        try withFolder(["pw"]) {
            try Data("me:secret\n".utf8).write(to: URL(filePath: folder + "/canary.login"))
            let settings = try settings()
            let proxy = try ConfigurationFile.complete(settings).workspaces.first?.egressProxy
            #expect(proxy?.login?.reveal() == "me:secret" && proxy?.endpoint == Endpoint(host: "p", port: 3128))
        }
    }

    private func withIdentities(_ files: [String: String], _ body: ([SettingsMistake]) throws -> Void) throws {
        try withFolder([]) {
            for (name, content) in files {
                try Data(content.utf8).write(to: URL(filePath: folder).appending(path: name))
            }
            let text = """
                listen: a:1
                tls: {certificate: crt, privateKey: key, clientAuthorityFile: clients.pem}
                store: memory
                accessLog: off
                workspaces:
                - name: w
                  hosts: [h]
                  url: https://u
                  oauth: {clientID: c}
                  servicePrincipals: [{name: sp, clientID: c, clientSecretFile: canary.secret}]
                  clients: [{name: one, keyFile: canary.1}, {name: two, keyFile: canary.2}, {name: three, certificateName: n}]
                """
            let settings = try SettingsParser.parse(text: text, environment: [:], baseDirectory: folder)
            let found = FilesCheck(openers: refusing).mistakes(in: settings)
            #expect(!SettingsMistakes(found).description.contains("canary"))
            try body(found.filter { !["tls.certificate", "tls.privateKey"].contains($0.place.key) })
        }
    }

    @Test("secrets of principals, keys of programs and their authorities are opened")
    func identities() throws {
        let keys = [UInt8(1), 2].map { seed in
            ClientKey.make(random: RandomSource { [UInt8](repeating: seed, count: $0) }).reveal()
        }
        try withIdentities([:]) {
            #expect(
                $0.map(\.place.key) == [
                    "tls.clientAuthorityFile", "workspaces[0].servicePrincipals[0].clientSecretFile",
                    "workspaces[0].clients[0].keyFile", "workspaces[0].clients[1].keyFile",
                ])
        }
        let rest = ["clients.pem": "x", "canary.secret": "s"]
        try withIdentities(rest.merging(["canary.1": keys[0] + "\nmore", "canary.2": keys[1]]) { $1 }) {
            #expect($0.map(\.place.key) == ["tls.clientAuthorityFile"], "it can't be opened for good")
        }
        try withIdentities(rest.merging(["canary.1": keys[0], "canary.2": keys[0] + "\n"]) { $1 }) {
            #expect($0.last?.place.key == "workspaces[0].clients[1].keyFile")
            #expect($0.last?.problem == "names a file with the key of client one")
        }
        for bad in [String(keys[1].dropLast()), keys[1] + "A", "lkg_" + keys[1].dropFirst(4), " " + keys[1]] {
            try withIdentities(rest.merging(["canary.1": keys[0], "canary.2": bad]) { $1 }) {
                #expect($0.last?.place.key == "workspaces[0].clients[1].keyFile", "\(bad)")
                #expect($0.last?.problem.contains("not a whole `lkc_…` key") == true)
            }
        }
    }

    @Test("a private file is made once, for its owner alone")
    func privateFile() throws {
        try withFolder([]) {
            let path = folder + "/ring"
            try PrivateFile.create(path, content: "first")
            #expect(throws: PrivateFile.Fault.self) { try PrivateFile.create(path, content: "second") }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "first")
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("the admin token is a long first line, in a file that others can't read")
    func adminToken() throws {
        try withFolder([]) {
            let path = folder + "/admin.token"
            let token = String(repeating: "t", count: 32)
            for (content, mode, isGood) in [
                (token + "\nrest", 0o600, true), (token, 0o640, true), (token, 0o644, false), (token, 0o602, false),
                (String(token.dropLast()), 0o600, false), ("", 0o600, false), (token + " x\n", 0o600, false),
                (token + "\u{e4}", 0o600, false), (String(repeating: "t", count: 5000), 0o600, false),
            ] {
                try Data(content.utf8).write(to: URL(filePath: path))
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
                let read = try? AdminTokenFile(path: path).read()
                #expect(read.map { String(decoding: $0.reveal(), as: UTF8.self) } == (isGood ? token : nil))
            }
            #expect(throws: PrivateFile.Fault.self) { try AdminTokenFile(path: path + ".none").read() }
            var settings = try settings(["LAKEGATE_ACCESS_LOG": "off"])
            settings.admin.tokenPath = folder + "/canary.token"
            let found = FilesCheck(openers: refusing).mistakes(in: settings)
            #expect(found.map(\.place.key).contains("admin.tokenFile"))
            #expect(!SettingsMistakes(found).description.contains("canary"))
        }
    }

    @Test("the example configuration has no mistakes")
    func example() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "Config/lakegate.yaml"), encoding: .utf8)
        let settings = try SettingsParser.parse(text: text, environment: [:], baseDirectory: "")
        #expect(settings.workspaces.count == 1)
    }
}
