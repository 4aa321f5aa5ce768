import Admin
import Basics
import Logging

/// The file with the token of the admin API. It is read for each request, so that another token needs no restart.
struct AdminTokenFile {
    let path: String

    /// The first line: 32 characters or more, visible ASCII, in a file that only its owner and group can read.
    ///
    /// - Throws: What is wrong, without the file's name: who wrote the token in place of a path would see it.
    func read() throws(PrivateFile.Fault) -> Secret<[UInt8]> {
        let line = try PrivateFile.read(path, limit: 4096).prefix {
            $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r")
        }
        guard line.count >= Self.shortest, line.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw PrivateFile.Fault(
                text: "has no token of \(Self.shortest) visible characters or more in its first line")
        }
        return Secret(Array(line))
    }

    private static let shortest = 32
}

extension AdminToken {
    /// As the file has it this moment.
    static func read(_ path: String?, _ logger: Logger) -> AdminToken {
        guard let path else { return .none }
        do throws(PrivateFile.Fault) {
            return .token(try AdminTokenFile(path: path).read())
        } catch {
            logger.error("the token of the admin API can't be used", metadata: ["reason": "its file \(error.text)"])
            return .unusable
        }
    }
}
