/// Who is asking, as far as the form of the answer depends on it.
public enum Asker: Sendable, Equatable {
    /// A browser that navigates: it follows a redirect and shows a page.
    case browser
    /// Any other client: it reads a status, a JSON body and perhaps a header, and must never see HTML.
    case program

    /// Only a GET or HEAD that prefers HTML and is a top-level navigation counts as a browser.
    ///
    /// - Parameters:
    ///   - isSafeMethod: GET or HEAD.
    ///   - acceptsHTML: Whether `Accept` names `text/html`.
    ///   - fetchMode: Value of `Sec-Fetch-Mode`, where the client sends it (W3C Fetch Metadata).
    public init(isSafeMethod: Bool, acceptsHTML: Bool, fetchMode: FetchMode) {
        let navigates = fetchMode == .navigate || fetchMode == .absent
        self = isSafeMethod && acceptsHTML && navigates ? .browser : .program
    }
}

/// What `Sec-Fetch-Mode` said.
public enum FetchMode: Sendable, Equatable {
    case absent, navigate, other
}
