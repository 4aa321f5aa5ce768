/// What a store tells of records that others changed.
public enum StoreChange: Sendable, Equatable {
    case written(RecordName, generation: UInt64)
    case ended(RecordName)
    /// Changes may have passed unheard, since the store could not be listened to.
    case mayHaveMissed
}

extension StoreChange {
    /// Whether others are to be told.
    public var isAnnounced: Bool {
        switch self {
        case .written(let name, _), .ended(let name): name.isAnnounced
        case .mayHaveMissed: true
        }
    }
}
