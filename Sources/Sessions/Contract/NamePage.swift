/// Where a walk over the records of a store goes on. What it says is the store's affair.
public struct ListingPlace: Sendable, Equatable {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }
}

/// A piece of a walk over the names in a store; it may have none and yet not be the last.
public struct NamePage: Sendable, Equatable {
    public let names: [RecordName]
    /// `nil` behind the last piece.
    public let next: ListingPlace?

    public init(names: [RecordName], next: ListingPlace?) {
        self.names = names
        self.next = next
    }
}
