import Foundation
import OAuth

/// The fields of an error body, read by a whole JSON parser.
private struct ErrorBody: Decodable {
    enum Code: Decodable {
        case number(UInt32)
        case name(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            self = try (try? .number(container.decode(UInt32.self))) ?? .name(container.decode(String.self))
        }
    }

    // Spelt as on the wire.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    var error_code: Code?
}

func brokenRejectionRule(_ body: [UInt8]) -> String? {
    let phrase = String(decoding: body.prefix(cut(body, salt: 6)), as: UTF8.self)
    for status in [200, 400, 401, 403, 500] {
        for part in [body, Array(body.prefix(cut(body, salt: 7)))] {
            let verdict = RejectedTokenClassifier.classify(status: status, reasonPhrase: phrase, bodyPrefix: part)
            if status == 401, verdict != .rejected { return "401 is a rejected token" }
            guard verdict == .other || RejectedTokenClassifier.couldBeRejection(status: status) else {
                return "only some statuses can be a rejection"
            }
        }
    }
    return brokenCodeRule(body)
}

/// Where a body leaves no room for two readings, a number means the token and a name the permission.
private func brokenCodeRule(_ body: [UInt8]) -> String? {
    guard body.first == UInt8(ascii: "{"), !body.contains(UInt8(ascii: "\\")),
        body.ranges(of: Array("error_code".utf8)).count == 1,
        let document = try? JSONDecoder().decode(ErrorBody.self, from: Data(body)), let code = document.error_code
    else { return nil }
    let verdict = RejectedTokenClassifier.classify(status: 403, reasonPhrase: nil, bodyPrefix: body)
    switch code {
    case .number: return verdict == .rejected ? nil : "a numbered error is a rejection"
    case .name("PERMISSION_DENIED"): return verdict == .other ? nil : "a missing permission is none"
    case .name: return nil
    }
}
