import Basics

/// The two cookies that Lakegate sets. The prefix `__Host-` keeps other hosts of the domain from planting them.
package enum Cookie: String {
    case session = "__Host-lakegate"
    /// Ties a login to the browser that began it.
    case login = "__Host-lakegate-login"

    /// The one value a request carries; `nil` when there is none or more than one, which no browser sends.
    package func value(in request: [(name: String, value: String)]) -> String? {
        let values = request.filter { $0.name == "cookie" }.flatMap {
            $0.value.utf8.split(separator: UInt8(ascii: ";"))
        }
        .compactMap(valueOfPair)
        return values.count == 1 ? values[0] : nil
    }

    private func valueOfPair(_ pair: Substring.UTF8View) -> String? {
        let pair = pair.drop(while: isBlank)
        guard pair.starts(with: rawValue.utf8) else { return nil }
        // Blanks before the sign are not in the grammar, but the edge cuts them off, and so do servers.
        let rest = pair.dropFirst(rawValue.utf8.count).drop(while: isBlank)
        guard rest.first == UInt8(ascii: "=") else { return nil }
        return String(decoding: rest.dropFirst(), as: UTF8.self).trimmed
    }

    private func isBlank(_ octet: UInt8) -> Bool { octet == 0x20 || octet == 0x09 }

    /// A Set-Cookie value. Lax, not Strict: the way back from the provider is a navigation from another site.
    func setting(_ value: String, for life: Duration) -> String {
        // RFC 6265bis, section 5.5: browsers keep nothing longer than 400 days.
        let seconds = min(max(life.milliseconds / 1000, 1), 400 * 86400)
        return "\(rawValue)=\(value); Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=\(seconds)"
    }

    /// Takes the cookie away; the attributes have to be those it was set with.
    var clearing: String {
        "\(rawValue)=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"
    }
}

extension String {
    /// Without blanks at both ends, also those that an accent follows.
    var trimmed: String {
        let isBlank = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\t" }
        let end = unicodeScalars.lastIndex { !isBlank($0) }
        return end.map { String(unicodeScalars[...$0].drop(while: isBlank)) } ?? ""
    }
}
