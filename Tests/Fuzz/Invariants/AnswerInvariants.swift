import Basics
import Foundation
import OAuth

func brokenAnswerRule(_ body: [UInt8]) -> String? {
    brokenTokenRule(body) ?? brokenTokenErrorRule(body) ?? brokenPersonRule(body) ?? brokenRejectionRule(body)
}

private func brokenTokenRule(_ body: [UInt8]) -> String? {
    guard let tokens = try? TokenResponse.parse(body) else { return nil }
    let secrets = [tokens.accessToken, tokens.refreshToken].compactMap { $0?.reveal() }
    guard secrets.allSatisfy({ isVisibleASCII($0) && (1...32768).contains($0.utf8.count) }) else {
        return "tokens fit a header field"
    }
    guard (Duration.seconds(1)...Duration.seconds(400 * 86400)).contains(tokens.lifetime) else {
        return "a lifetime has its bounds"
    }
    let fields: [String: Any?] = [
        "access_token": secrets[0], "token_type": "bearer", "expires_in": tokens.lifetime.components.seconds,
        "refresh_token": secrets.count > 1 ? secrets[1] : nil, "scope": tokens.scope,
    ]
    guard let written = try? JSONSerialization.data(withJSONObject: fields.compactMapValues { $0 }),
        let again = try? TokenResponse.parse(Array(written))
    else { return "what is written is read" }
    let isSame =
        again.accessToken == tokens.accessToken && again.refreshToken?.reveal() == tokens.refreshToken?.reveal()
        && again.lifetime == tokens.lifetime && again.scope == tokens.scope
    return isSame ? nil : "what is written is read"
}

private func brokenTokenErrorRule(_ body: [UInt8]) -> String? {
    let field = String(decoding: body.prefix(cut(body, salt: 5)), as: UTF8.self)
    for status in [400, 401, 408, 429, 500, 503] {
        let reason: String
        switch TokenError.classify(status: status, retryAfter: field, body: body) {
        case .deadGrant(let said), .badClient(let said):
            guard status == 400 || status == 401 else { return "only a refusal ends a grant, or is about the client" }
            reason = said
        case .passing(let said, let delay):
            guard (Duration.zero...Duration.seconds(86400)).contains(delay ?? .zero) else {
                return "a delay is bounded"
            }
            reason = said
        }
        guard isSafe(reason), reason.count <= 360 else { return "a reason is safe to show" }
    }
    let text = String(decoding: body, as: UTF8.self)
    let clean = SafeText.clean(text, longest: 160)
    let visible = SafeText.visible(text, longest: 80)
    guard isSafe(clean), isSafe(visible, longestWord: 80) else { return "text is safe to show" }
    return clean.count <= 160 && visible.count <= 80 ? nil : "text is cut"
}

/// One line, and no word so long that it may be a token. A colon may have been put behind a word.
private func isSafe(_ text: String, longestWord: Int = 41) -> Bool {
    text.unicodeScalars.allSatisfy { !isControl($0) }
        && text.unicodeScalars.split(separator: " ").allSatisfy { String($0).count <= longestWord }
}

private func isControl(_ scalar: Unicode.Scalar) -> Bool {
    let category = scalar.properties.generalCategory
    return category == .control || category == .format || category == .lineSeparator || category == .paragraphSeparator
}

private func brokenPersonRule(_ body: [UInt8]) -> String? {
    guard let person = ScimMe.parse(body) else { return nil }
    let names = [person.id, person.userName, person.displayName]
    let isPlain = names.allSatisfy { name in
        (1...512).contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
    guard isPlain else { return "names are one line" }
    let groups = person.groups.names.map { $0.map { ["display": $0] } }
    let fields: [String: Any] = [
        "id": names[0], "userName": names[1], "displayName": names[2], "active": person.isActive,
        "groups": groups ?? NSNull(),
    ]
    let written = try? JSONSerialization.data(withJSONObject: fields)
    return written.flatMap { ScimMe.parse(Array($0)) } == person ? nil : "what is written is read"
}
