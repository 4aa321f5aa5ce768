import Foundation

/// Heads that the fuzzer keeps, of files named `request-…` or `response-…`, without the letter that is for the fuzzer.
func keptHeads(of kind: String) throws -> [(name: String, bytes: [UInt8])] {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let url = tests.appending(path: "Fuzz/Corpus/heads")
    return try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
        .filter { $0.lastPathComponent.hasPrefix(kind) }
        .sorted { $0.path < $1.path }
        .map { ($0.lastPathComponent, Array(try Data(contentsOf: $0).dropFirst())) }
}
