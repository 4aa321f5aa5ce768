import Basics

/// An access token that lives, and whose it is.
struct AccessToken: Sendable {
    var user: String
    var client: String
    var family: Int
    var expires: Timestamp
}

/// Makes access tokens that look like Databricks' JSON web tokens; nothing ever verifies the signature.
struct AccessTokenForm: Sendable {
    var issuer: String

    func token(for user: String, client: String, issued: Timestamp, life: Duration, random: RandomSource) -> String {
        let claims: JSON = [
            "iss": .string(issuer), "sub": .string(user), "client_id": .string(client),
            "iat": .number(issued.milliseconds / 1000), "exp": .number((issued + life).milliseconds / 1000),
            "jti": .string(hexadecimal(random.bytes(16))),
        ]
        let header: JSON = ["typ": "at+jwt", "alg": "RS256", "kid": "simulator"]
        return [header.bytes, claims.bytes, random.bytes(64)].map(Base64URL.encode).joined(separator: ".")
    }
}
