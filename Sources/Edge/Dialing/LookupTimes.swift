import NIOCore

/// How long the answer of a name lookup is good for.
struct LookupTimes {
    /// An answer this young saves asking.
    var fresh = TimeAmount.seconds(5)
    /// After this long without an answer the last one is used.
    var patience = TimeAmount.seconds(2)
    /// The last answer is used up to this age.
    var kept = TimeAmount.hours(1)
}
