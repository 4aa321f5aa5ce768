import Foundation

/// Files with secrets: new ones only, readable by their owner only.
enum PrivateFile {
    /// Continues "the file …".
    struct Fault: Error {
        let text: String
    }

    /// Makes the file with mode 0600 and the content in it, on disk when this returns. Overwrites nothing.
    static func create(_ path: String, content: String) throws(Fault) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw Fault(
                text: errno == EEXIST
                    ? "exists already and was left as it is; choose another name, or move it away first"
                    : "cannot be made: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0, write(content, to: descriptor), fsync(descriptor) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(path)
            throw Fault(text: "cannot be written: \(reason)")
        }
    }

    private static func write(_ content: String, to descriptor: Int32) -> Bool {
        var rest = Array(content.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { return false }
            rest = rest.dropFirst(written)
        }
        return true
    }
}
