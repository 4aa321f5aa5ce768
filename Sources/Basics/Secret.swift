/// A value that must not reach a log, an error, a metric or a debugger's description.
///
/// Printing, interpolating, dumping or reflecting it yields a fixed word. Reading it takes a
/// call to ``reveal()``, so every place that touches a secret can be found by that name.
public struct Secret<Value: Sendable>: Sendable {
    private let value: Value

    public init(_ value: Value) {
        self.value = value
    }

    /// The value itself. Hand it on; do not keep it in anything that can be printed.
    public func reveal() -> Value {
        value
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "<secret>" }
    public var debugDescription: String { "<secret>" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret: Equatable where Value == String {
    /// Compares in a time that depends on the lengths only.
    public static func == (left: Secret, right: Secret) -> Bool {
        constantTimeEqual(Array(left.value.utf8), Array(right.value.utf8))
    }
}
