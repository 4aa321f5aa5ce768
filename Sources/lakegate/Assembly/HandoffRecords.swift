import Authority
import Basics
import Sessions

/// Hand-offs, kept as sealed records of their own namespace.
struct HandoffRecords: HandoffStore {
    let records: SealedRecords

    func put(_ name: String, _ bytes: Secret<[UInt8]>, life: Duration) async throws(SessionError) {
        try await records.put(try record(name), bytes.reveal(), life: life)
    }

    func read(_ name: String) async throws(SessionError) -> KeptHandoff? {
        try await records.read(try record(name)).map { KeptHandoff(generation: $0.generation, bytes: $0.content) }
    }

    func replace(
        _ name: String, after generation: UInt64, _ bytes: Secret<[UInt8]>, life: Duration
    ) async throws(SessionError) -> Bool {
        try await records.write(try record(name), bytes.reveal(), generation: generation + 1, life: life) == .written
    }

    private func record(_ name: String) throws(SessionError) -> RecordName {
        guard let digest = Base64URL.decode(name) else { throw .unreadable("not the name of a hand-off") }
        return .handoff(digest)
    }
}
