import Foundation

extension RedisServer {
    /// The user of the README, as options of a server: what an operator is told to allow is what the tests get.
    public static func rights(password: String) throws -> [String] {
        let readme = URL(filePath: #filePath).appending(path: "../../../README.md").standardized
        let text = try String(contentsOf: readme, encoding: .utf8)
        guard let line = text.split(separator: "\n").first(where: { $0.contains("ACL SETUSER lakegate") }) else {
            throw Trouble("the README has no ACL SETUSER lakegate")
        }
        let words = line.split(separator: " ").drop { $0 != "lakegate" }
        return ["--user"] + words.map { $0 == ">PASSWORD" ? ">\(password)" : String($0) }
    }
}
