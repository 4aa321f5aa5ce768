import Basics

extension OAuthServer {
    /// RFC 6749 section 4.1.3 with RFC 7636 section 4.6; a code used again takes what it gave with it.
    mutating func exchange(_ fields: FormFields, client: String, now: Timestamp) throws(TokenRefusal) -> TokenAnswer {
        guard let code = fields["code"] else { throw .request("code is missing") }
        guard let pending = codes[code] else { throw .grant("Authorization code is invalid") }
        guard !pending.isSpent else {
            counters.codesReplayed += 1
            if let family = pending.family { kill(family) }
            throw .grant("Authorization code was used before")
        }
        codes[code]?.isSpent = true
        try check(pending, against: fields, client: client, now: now)
        let request = pending.request
        let family = open(GrantFamily(user: pending.user, client: client, scopes: request.scopes, expires: now))
        codes[code]?.family = family
        counters.codeExchanges += 1
        return issue(family, scopes: request.scopes, now: now)
    }

    private func check(
        _ pending: PendingCode, against fields: FormFields, client: String, now: Timestamp
    ) throws(TokenRefusal) {
        guard pending.expires > now else { throw .grant("Authorization code has expired") }
        guard pending.request.client == client else { throw .grant("Invalid Client") }
        guard fields["redirect_uri"] == pending.request.redirectURI else { throw .grant("redirect_uri differs") }
        guard let verifier = fields["code_verifier"], OAuthServer.isVerifier(verifier) else {
            throw .request("code_verifier is missing or malformed")
        }
        guard Base64URL.encode(Digest.sha256(verifier)) == pending.request.challenge else {
            throw .grant("code_verifier does not match code_challenge")
        }
    }

    private static func isVerifier(_ text: String) -> Bool {
        (43...128).contains(text.utf8.count) && text.utf8.allSatisfy(isUnreserved)
    }

    /// Tokens from nowhere, for tests.
    mutating func grant(to user: String, client: String, scopes: Set<String>, now: Timestamp) -> TokenAnswer {
        issue(
            open(GrantFamily(user: user, client: client, scopes: scopes, expires: now)), scopes: scopes, now: now)
    }

    private mutating func open(_ family: GrantFamily) -> Int {
        families.append(family)
        return families.count - 1
    }

    /// RFC 6749, section 6, with rotation: a spent token presented again kills its family (RFC 9700, section 4.14.2).
    mutating func refresh(_ fields: FormFields, client: String, now: Timestamp) throws(TokenRefusal) -> TokenAnswer {
        counters.refreshAttempts += 1
        guard let token = fields["refresh_token"] else { throw .request("refresh_token is missing") }
        let hash = Digest.sha256(token)
        guard let family = refreshTokens[hash] else { throw .deadRefreshToken }
        guard families[family].client == client else { throw .grant("Invalid Client") }
        guard families[family].current == hash else {
            counters.spentTwice += 1
            kill(family)
            throw .spentRefreshToken
        }
        guard !families[family].isDead, families[family].expires > now else { throw .deadRefreshToken }
        let scopes = try narrowed(families[family].scopes, to: fields["scope"])
        counters.refreshes += 1
        let reused = rules.rotatesRefreshTokens ? nil : token
        return issue(family, scopes: scopes, keeping: reused, now: now)
    }

    private func narrowed(_ granted: Set<String>, to asked: String?) throws(TokenRefusal) -> Set<String> {
        guard let asked, !asked.isEmpty else { return granted }
        let scopes = Set(asked.split(separator: " ").map(String.init))
        guard scopes.isSubset(of: granted) else { throw .scope }
        return scopes
    }

    private mutating func issue(
        _ family: Int, scopes: Set<String>, keeping reused: String? = nil, now: Timestamp
    ) -> TokenAnswer {
        let (user, client) = (families[family].user, families[family].client)
        let life = rules.accessTokenLife
        let token = form.token(for: user, client: client, issued: now, life: life, random: random)
        forgetExpired(now: now)
        accessTokens[token] = AccessToken(user: user, client: client, family: family, expires: now + life)
        let refresh = families[family].scopes.contains("offline_access") ? reused ?? rotate(family, now: now) : nil
        return TokenAnswer(
            accessToken: token, refreshToken: refresh, lifeSeconds: life.milliseconds / 1000, scopes: scopes,
            user: user)
    }

    private mutating func rotate(_ family: Int, now: Timestamp) -> String {
        let token = "doau" + Base64URL.encode(random.bytes(32))
        let hash = Digest.sha256(token)
        refreshTokens[hash] = family
        families[family].current = hash
        families[family].expires = now + rules.refreshTokenLife
        return token
    }

    private mutating func forgetExpired(now: Timestamp) {
        guard accessTokens.count > 4096 else { return }
        accessTokens = accessTokens.filter { $0.value.expires > now }
    }
}
