import Basics
import Sessions

// Going over all sessions. One server has one cursor; its place is the cursor's number.
extension RedisStore {
    public func sessionNames(from place: ListingPlace?) async throws(StoreError) -> NamePage {
        let command = RedisCommand(
            "SCAN", place?.text ?? Self.firstPlace, "MATCH", RecordName.sessionPattern, "COUNT", Self.namesLookedAt)
        return try checked(try await run(command), Self.page)
    }

    private static func page(_ value: RESPValue) throws(StoreError) -> NamePage {
        guard case .array(let parts) = value, parts.count == 2, let cursor = parts[0].text, UInt64(cursor) != nil,
            case .array(let names) = parts[1]
        else { throw nonsense }
        return NamePage(
            names: names.compactMap { $0.text.flatMap { RecordName(ofSession: $0) } },
            next: cursor == firstPlace ? nil : ListingPlace(cursor))
    }

    /// Where a walk begins, and what says that it is over.
    private static let firstPlace = "0"
    /// In one step. Redis may give some more, what shares a bucket with the last one; ``RESPReader`` takes twice as many.
    private static let namesLookedAt = "32"
}
