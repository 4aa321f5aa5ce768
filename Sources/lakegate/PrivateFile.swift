import Foundation

/// Files with secrets. Made ones are new, and readable by their owner only.
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

    /// The whole content of a file that others than its owner and group can neither read nor change.
    static func read(_ path: String, limit: Int) throws(Fault) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Fault(text: "cannot be read: \(String(cString: strerror(errno)))") }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Fault(text: "is no ordinary file")
        }
        guard status.st_mode & 0o007 == 0 else {
            throw Fault(text: "can be read or changed by every user of this machine; run chmod 600 on it")
        }
        guard let content = try? handle.read(upToCount: limit + 1) ?? Data(), content.count <= limit else {
            throw Fault(text: "cannot be read, or is longer than \(limit) bytes")
        }
        return Array(content)
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
