import ArgumentParser
import Basics
import Foundation
import OAuth
import Provider

/// `lakegate login`: a session token for a machine without a browser.
struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Sign in through a Lakegate, from a machine that needs no browser.",
        usage: "lakegate login --host <url> [--profile <name>] [--print] [--ca <file>]",
        discussion: """
            Shows an address and a code. Open the address in any browser, on any machine, sign in, and compare the code. Then
            a session token is written as a profile to ~/.databrickscfg, or the file that DATABRICKS_CONFIG_FILE names, for
            the Databricks CLI, SDKs and drivers; other profiles stay as they are. It works until the session ends, and you
            can revoke it before on the session page of the host.

            HTTPS_PROXY and NO_PROXY count, and SSL_CERT_FILE in place of --ca.

            Exit code 0: signed in. 1: denied, not confirmed in time, or the host or the file can't be used. 64: wrong use.
            """
    )

    @Option(help: ArgumentHelp("The Lakegate, as https://prod.lakegate.example.com.", valueName: "url"))
    var host: String?
    @Option(help: ArgumentHelp("The profile to write; the first word of the host name otherwise.", valueName: "name"))
    var profile: String?
    @Flag(name: .customLong("print"), help: "Print the token, and write no file.")
    var isPrinted = false
    @Option(help: ArgumentHelp("Extra trust anchors, PEM.", valueName: "file"))
    var ca: String?

    func validate() throws {
        if let host, HTTPSHost(host) == nil {
            throw ValidationError(
                "The host is https:// and a name, and perhaps a port: https://prod.lakegate.example.com")
        }
        if let profile, !DatabricksProfile.isName(profile) {
            throw ValidationError("A profile's name is a word of letters, digits, '-', '_' and '.'.")
        }
    }

    func run() async throws {
        let text = try NeededOption.value(host, usage: "login --host <url>")
        guard let host = HTTPSHost(text) else { throw ExitCode.validationFailure }
        let environment = ProcessInfo.processInfo.environment
        let client = ProviderClient(extraTrust: ca ?? environment["SSL_CERT_FILE"], threads: 1)
        let token = try await DeviceLogin(host: host, client: client).run { Self.say($0) }
        if isPrinted { return print(token.reveal()) }
        let profile = DatabricksProfile(name: profile ?? host.profileName, host: host.url, token: token)
        let file = DatabricksFile(environment: environment)
        do throws(PrivateFile.Fault) {
            try file.write(profile)
        } catch { throw CommandFailure("\(file.path) \(error.text); `lakegate login --print` needs no file") }
        Self.say(
            "Profile \(profile.name) is in \(file.path). Try: databricks --profile \(profile.name) current-user me")
    }

    /// Not on standard output, which may be for the token.
    private static func say(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }
}
