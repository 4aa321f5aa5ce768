import Foundation

/// Reads small files, and says in words why one cannot be read.
enum FileAccess {
    /// Continues "the file …".
    struct Fault: Error {
        let text: String
    }

    /// The whole file, or a fault; also for one that is longer than the limit.
    static func firstBytes(of path: String, limit: Int) -> Result<[UInt8], Fault> {
        var status = stat()
        guard stat(path, &status) == 0 else { return .failure(lastFault()) }
        guard status.st_mode & S_IFMT != S_IFDIR else { return .failure(Fault(text: "is a folder")) }
        guard let handle = FileHandle(forReadingAtPath: path) else { return .failure(lastFault()) }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: limit + 1) else { return .failure(lastFault()) }
        return data.count > limit
            ? .failure(Fault(text: "is longer than \(limit) bytes")) : .success(Array(data))
    }

    /// Why a file cannot be read, or `nil` if it can and has something in it.
    static func fault(of path: String) -> String? {
        switch firstBytes(of: path, limit: 1 << 20) {
        case .failure(let fault): fault.text
        case .success(let bytes): bytes.isEmpty ? "is empty" : nil
        }
    }

    private static func lastFault() -> Fault {
        switch errno {
        case ENOENT: Fault(text: "does not exist")
        case EACCES: Fault(text: "cannot be read by this user")
        default: Fault(text: "cannot be read: \(String(cString: strerror(errno)))")
        }
    }
}
