/// How a callback ended, for those who count.
public enum LoginEnding: String, Sendable, CaseIterable {
    case completed
    /// The provider said no to the person.
    case denied
    /// Not the end of a login that this browser began here.
    case unknown
    /// The provider, the store or the configuration failed.
    case failed

    /// Every ending of a callback has a status of its own kind.
    init(status: Int) {
        self =
            switch status {
            case 303: .completed
            case 403: .denied
            case 400: .unknown
            default: .failed
            }
    }
}
