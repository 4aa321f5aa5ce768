import Basics
import OAuth

private let issuer = "https://dbc-1.example/oidc"

func brokenCallbackRule(_ bytes: [UInt8]) -> String? {
    brokenFormRule(bytes) ?? brokenPercentRule(bytes)
        ?? brokenQueryRule(String(decoding: bytes, as: UTF8.self))
}

private func brokenQueryRule(_ query: String) -> String? {
    let callback = Callback.read(query: query, expectedIssuer: issuer)
    switch callback {
    case .granted(let code, let state):
        guard !code.reveal().isEmpty, !state.reveal().isEmpty else { return "code and state are there" }
        return isRead(callback, from: [.init("code", code.reveal()), .init("state", state.reveal())])
    case .denied(let error, let description, let state):
        guard !error.isEmpty, !state.reveal().isEmpty else { return "error and state are there" }
        let more = description.map { [FormCoding.Field("error_description", $0)] } ?? []
        return isRead(callback, from: [.init("error", error), .init("state", state.reveal())] + more)
    case .refused(let fault):
        return fault == .tooLong && query.utf8.count <= 16 * 1024 ? "only long queries are too long" : nil
    }
}

private func isRead(_ callback: Callback, from fields: [FormCoding.Field]) -> String? {
    let query = FormCoding.encode(fields)
    // Encoding can make a query longer than one that is still read.
    guard query.utf8.count <= 16 * 1024 else { return nil }
    return Callback.read(query: query, expectedIssuer: issuer) == callback ? nil : "what is written is read"
}

private func brokenFormRule(_ bytes: [UInt8]) -> String? {
    guard let fields = FormCoding.decode(bytes) else { return nil }
    guard fields.count <= 64, fields.reduce(0, { $0 + $1.name.utf8.count + $1.value.utf8.count }) <= bytes.count else {
        return "no more than was given"
    }
    guard FormCoding.decode(FormCoding.encode(fields)) == fields else { return "what is encoded is decoded" }
    for field in fields {
        let isOne = fields.filter { $0.name == field.name }.count == 1
        guard fields.only(field.name) == (isOne ? field.value : nil) else { return "only means exactly one" }
    }
    return nil
}

private func brokenPercentRule(_ bytes: [UInt8]) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    let encoded = PercentCoding.encode(text)
    guard PercentCoding.decode(encoded.utf8) == Array(text.utf8) else { return "what is encoded is decoded" }
    guard encoded.utf8.allSatisfy({ isUnreserved($0) || $0 == UInt8(ascii: "%") }) else { return "it fits any URL" }
    guard let decoded = PercentCoding.decode(bytes) else { return nil }
    let signs = bytes.count { $0 == UInt8(ascii: "%") }
    return decoded.count == bytes.count - 2 * signs ? nil : "three bytes become one"
}

private func isUnreserved(_ octet: UInt8) -> Bool {
    isVisibleASCII([octet]) && Character(Unicode.Scalar(octet)).isUnreserved
}

extension Character {
    fileprivate var isUnreserved: Bool { isLetter || isNumber || "-._~".contains(self) }
}
