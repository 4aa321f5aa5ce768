import Foundation
import Invariants
import Testing

/// The inputs that are kept in Tests/Fuzz/Corpus: seeds of the fuzzer, and inputs that once failed.
private func keptInputs(of reader: FuzzedReader) throws -> [(name: String, bytes: [UInt8])] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Corpus").appending(path: reader.rawValue)
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        .sorted { $0.path < $1.path }
        .map { ($0.lastPathComponent, Array(try Data(contentsOf: $0))) }
}

@Suite struct ReplayTests {
    @Test(arguments: FuzzedReader.allCases)
    func keptInputsBreakNoRule(_ reader: FuzzedReader) throws {
        let inputs = try keptInputs(of: reader)
        #expect(inputs.count >= 4)
        for (name, bytes) in inputs {
            #expect(reader.brokenRule(for: bytes) == nil, "\(name)")
        }
    }

    @Test(arguments: FuzzedReader.allCases)
    func changedInputsBreakNoRule(_ reader: FuzzedReader) throws {
        let seed = UInt64(ProcessInfo.processInfo.environment["LAKEGATE_FUZZ_SEED"] ?? "") ?? 1
        print("\(reader.rawValue): LAKEGATE_FUZZ_SEED=\(seed)")
        var mutation = Mutation(seed: seed, inputs: try keptInputs(of: reader).map(\.bytes))
        for _ in 0..<reader.rounds {
            let input = mutation.nextInput()
            let broken = reader.brokenRule(for: input)
            #expect(broken == nil, "\(Data(input).base64EncodedString())")
            if broken != nil { return }
        }
    }
}

extension FuzzedReader {
    /// How many inputs a second or two are enough for.
    fileprivate var rounds: Int {
        switch self {
        case .heads: 20_000
        case .settings: 2000
        case .answers: 4000
        case .server, .client: 500
        case .chunks, .transcripts, .resp, .callbacks, .cookies, .envelopes, .records, .keyring, .paths, .tokens: 10_000
        }
    }
}
