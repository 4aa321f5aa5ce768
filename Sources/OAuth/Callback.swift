import Basics

/// What the provider sent back through the browser (RFC 6749, section 4.1.2; RFC 9207).
public enum Callback: Sendable, Equatable {
    /// A code to redeem. The state is still to be matched with a login that this browser began.
    case granted(code: Secret<String>, state: Secret<String>)
    /// The provider says no. The text comes from outside: escape it.
    case denied(error: String, description: String?, state: Secret<String>)
    /// Not an answer to a login.
    case refused(CallbackFault)

    /// Reads the query of a callback. `expectedIssuer` counts when the answer names its issuer.
    public static func read(query: String, expectedIssuer: String) -> Callback {
        guard query.utf8.count <= longestQuery else { return .refused(.tooLong) }
        guard let fields = FormCoding.decode(query) else { return .refused(.badEncoding) }
        var values: [String: String] = [:]
        for field in fields where values.updateValue(field.value, forKey: field.name) != nil {
            return .refused(.duplicateParameter)
        }
        if let issuer = values["iss"], issuer != expectedIssuer { return .refused(.foreignIssuer) }
        guard let state = values["state"], !state.isEmpty else { return .refused(.missingState) }
        return answer(values, state: Secret(state))
    }

    private static func answer(_ values: [String: String], state: Secret<String>) -> Callback {
        switch (values["code"], values["error"]) {
        case (.some, .some): .refused(.codeAndError)
        case (let code?, nil) where !code.isEmpty: .granted(code: Secret(code), state: state)
        case (nil, let error?) where !error.isEmpty:
            .denied(error: error, description: values["error_description"], state: state)
        default: .refused(.missingCode)
        }
    }

    private static let longestQuery = 16 * 1024
}

/// What is wrong with a callback.
public enum CallbackFault: Sendable, Equatable {
    case tooLong
    case badEncoding
    /// Parameters must not be repeated (RFC 6749, section 3.1).
    case duplicateParameter
    case missingState
    case missingCode
    case codeAndError
    /// `iss` is not the provider that the person was sent to: a mix-up (RFC 9207, section 2.4).
    case foreignIssuer
}
