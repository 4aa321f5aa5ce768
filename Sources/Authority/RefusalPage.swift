import Gate

extension Authority {
    /// A page that says what is wrong. Where it passes, the browser asks again by itself.
    public func page(about refusal: Refusal, workspace: String?, requestID: String) -> LocalResponse? {
        var page = Page(
            title: refusal.retryAfter == nil ? "This can’t be shown" : "Not available just now", workspace: workspace,
            requestID: requestID, content: [.element("p", ["class": "problem"], .text(refusal.message))])
        if let seconds = refusal.retryAfter {
            page.reloadsAfter = max(seconds, Self.leastPause)
            page.content.append(.paragraph("This page tries again by itself. Nobody is signed out."))
        }
        let retry = refusal.retryAfter.map { [(name: "Retry-After", value: String($0))] } ?? []
        return answers.page(page, status: refusal.status, forms: false, and: retry)
    }

    /// Seconds.
    private static let leastPause = 5
}
