import Basics
import FoundationEssentials

/// The file that holds a client secret. It is read for each token request, so a rotated secret needs no restart.
struct ClientSecretFile: Sendable {
    let path: String

    func read() throws(ClientSecretFault) -> Secret<String> {
        guard let contents = FileManager.default.contents(atPath: path) else { throw .unreadable }
        guard contents.count <= 4096 else { throw .tooLong }
        guard let text = String(validating: contents, as: UTF8.self) else { throw .notText }
        // Editors and `echo` leave a line end behind.
        let line = text.drop { $0.isNewline }.prefix { !$0.isNewline }
        guard !line.isEmpty else { throw .empty }
        return Secret(String(line))
    }
}

/// Why there is no client secret to use.
public enum ClientSecretFault: Error, Sendable, Equatable {
    case unreadable, empty, tooLong, notText
}
