import Basics
import Foundation

extension DemoCertificates {
    /// Writes `ca.pem` into a folder that exists, and returns its path.
    public func writeCA(to folder: String) throws -> String {
        try DemoFiles.write(caPEM, to: folder + "/ca.pem", mode: 0o644)
    }
}

extension DemoLeaf {
    /// Writes `<name>.crt`, and `<name>.key` readable by the owner only.
    public func write(to folder: String, name: String) throws -> (certificate: String, privateKey: String) {
        let certificate = try DemoFiles.write(certificatePEM, to: "\(folder)/\(name).crt", mode: 0o644)
        return (certificate, try DemoFiles.write(privateKeyPEM.reveal(), to: "\(folder)/\(name).key", mode: 0o600))
    }
}

enum DemoFiles {
    /// Creates the file with its mode from the first moment; an older one of that name is replaced.
    static func write(_ text: String, to path: String, mode: Int) throws -> String {
        let beside = path + ".new"
        try? FileManager.default.removeItem(atPath: beside)
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: mode]
        guard FileManager.default.createFile(atPath: beside, contents: nil, attributes: attributes) else {
            throw CocoaError(.fileWriteUnknown)
        }
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: beside))
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
        guard rename(beside, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        return path
    }
}
