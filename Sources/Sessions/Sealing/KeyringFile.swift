import Foundation

extension Keyring {
    /// Reads a keyring file of at most 64 KiB that other users of the machine can neither read nor write.
    ///
    /// Reading by the group is allowed: that is how Kubernetes mounts secrets for a non-root process.
    public static func load(path: String) throws(KeyringError) -> Keyring {
        var text = try text(path: path)
        defer { wipe(&text) }
        return try parse(text)
    }

    /// The text of such a file, whatever is in it. Holds keys.
    public static func text(path: String) throws(KeyringError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .cannotRead(path: path, reason: errorText(errno)) }
        defer { close(file) }
        try checkPermissions(file, path: path)
        var text = [UInt8](repeating: 0, count: 65_536)
        defer { wipe(&text) }
        var count = 0
        while count < text.count {
            let start = count
            let got = text.withUnsafeMutableBytes { read(file, $0.baseAddress?.advanced(by: start), $0.count - start) }
            guard got >= 0 else { throw .cannotRead(path: path, reason: errorText(errno)) }
            guard got > 0 else { break }
            count += got
        }
        guard count < text.count else { throw .cannotRead(path: path, reason: "it is larger than 64 KiB") }
        return Array(text[..<count])
    }

    private static func checkPermissions(_ file: Int32, path: String) throws(KeyringError) {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .cannotRead(path: path, reason: errorText(errno)) }
        guard status.st_mode & 0o007 == 0 else { throw .readableByOthers(path: path) }
    }

    private static func errorText(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}
