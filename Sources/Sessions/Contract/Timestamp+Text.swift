import Basics
import FoundationEssentials

extension Timestamp {
    /// ISO 8601, whole seconds, UTC; held within the years 1970 to 9999.
    public var text: String {
        Date(timeIntervalSince1970: Double(min(max(milliseconds / 1000, 0), 253_402_300_799))).ISO8601Format()
    }
}
