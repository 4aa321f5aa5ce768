import Basics
import FoundationEssentials
import Gate

/// Makes responses with the header fields that every page and every JSON answer carries.
struct Answers: Sendable {
    private let styleHash: String

    init(sha256: ([UInt8]) -> [UInt8]) {
        styleHash = Data(sha256(Array(Stylesheet.text.description.utf8))).base64EncodedString()
    }

    /// `forms` allows the page to send forms to us.
    func page(_ page: Page, status: Int = 200, forms: Bool, and more: [(name: String, value: String)] = [])
        -> LocalResponse
    {
        let policy =
            "default-src 'none'; style-src 'sha256-\(styleHash)'; form-action \(forms ? "'self'" : "'none'"); "
            + "base-uri 'none'; frame-ancestors 'none'"
        // With no-referrer, browsers send `Origin: null` along with forms, and we could not tell them from a stranger's.
        let fields = [
            (name: "Content-Type", value: "text/html; charset=utf-8"),
            (name: "Content-Security-Policy", value: policy),
            (name: "Referrer-Policy", value: forms ? "same-origin" : "no-referrer"),
        ]
        return LocalResponse(status: status, fields: fields + common + more, body: page.document)
    }

    func json(_ value: some Encodable, status: Int = 200, and more: [(name: String, value: String)] = [])
        -> LocalResponse
    {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = (try? encoder.encode(value)).map { Array($0) } ?? []
        let type = (name: "Content-Type", value: "application/json")
        return LocalResponse(status: status, fields: [type] + common + more, body: body)
    }

    /// 303: whatever brought the browser here, it goes on with GET.
    func seeOther(_ location: String, cookies: [String] = []) -> LocalResponse {
        let fields =
            [(name: "Location", value: location), (name: "Referrer-Policy", value: "no-referrer")]
            + cookies.map { (name: "Set-Cookie", value: $0) }
        return LocalResponse(status: 303, fields: fields + common, body: [])
    }

    /// A page for people, JSON for programs.
    func failure(_ failure: LocalFailure, to request: LocalRequest) -> LocalResponse {
        if request.wantsHTML {
            return page(failure.page(for: request), status: failure.status, forms: false, and: failure.fields)
        }
        return json(failure.databricksError(for: request), status: failure.status, and: failure.fields)
    }

    private var common: [(name: String, value: String)] {
        [
            (name: "Cache-Control", value: "no-store"),
            (name: "X-Content-Type-Options", value: "nosniff"),
            (name: "X-Frame-Options", value: "DENY"),
            (name: "Strict-Transport-Security", value: "max-age=31536000"),
        ]
    }
}
