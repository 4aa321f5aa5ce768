import Testing

@testable import lakegate

@Suite("The command line")
struct CommandLineTests {
    private func complaint(about words: [String]) -> String? {
        do {
            _ = try Lakegate.parseAsRoot(words)
            return nil
        } catch {
            return Lakegate.fullMessage(for: error)
        }
    }

    @Test(
        "an option that is misspelt is named, and the one that was meant",
        arguments: [
            (["serve", "--confg", "x"], "--confg", "--config"), (["check", "--conifg=x"], "--conifg", "--config"),
            (["keys", "generate", "--outptu", "x"], "--outptu", "--output"),
        ])
    func misspelt(words: [String], wrong: String, right: String) throws {
        let text = try #require(complaint(about: words))
        #expect(text.contains("Unknown option '\(wrong)'. Did you mean '\(right)'?"))
        #expect(text.contains("Usage: lakegate \(words[0])"))
    }

    @Test(
        "who ends sessions says whose, and nothing that can be misread",
        arguments: [
            (["--user", ""], "leave the option out"), (["--user", "a", "--workspace", ""], "leave the option out"),
            (["--session", "abc"], "not the id of a session"),
            (["--session", "AAAAAAAAAAAAAAAAAAAAAA", "--user", "a"], "by its id alone"),
        ])
    func ends(options: [String], text: String) throws {
        let words = ["sessions", "end", "--config", "x"]
        #expect(try #require(complaint(about: words + options)).contains(text))
        #expect(complaint(about: words + ["--workspace", "prod"]) == nil)
    }

    @Test("an option that is missing is named, with the usage")
    func missing() {
        #expect(
            NeededOption.complaint("keys generate --output <file>") == """
                Error: Missing expected argument '--output <file>'
                Usage: lakegate keys generate --output <file>
                  See 'lakegate keys generate --help' for more information.

                """)
    }
}
