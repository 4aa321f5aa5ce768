import FoundationEssentials
import Provider

/// Where the keys of an issuer come from.
struct IssuerKeySource: Sendable {
    let issuer: String
    let keysURL: String?
    /// The body at a URL.
    let get: @Sendable (_ url: String) async throws(IssuerKeysFault) -> [UInt8]

    func fetch() async -> Result<IssuerKeySet, IssuerKeysFault> {
        do throws(IssuerKeysFault) {
            let url = if let keysURL { keysURL } else { try await discover() }
            guard let keys = IssuerKeySet(try await get(url)) else {
                throw IssuerKeysFault(reason: "\(url) has no set of keys")
            }
            return .success(keys)
        } catch { return .failure(error) }
    }

    /// OpenID Connect Discovery, section 4.3: a document that names another issuer counts for nothing.
    private func discover() async throws(IssuerKeysFault) -> String {
        let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
        let url = "\(base)/.well-known/openid-configuration"
        guard let document = try? JSONDecoder().decode(Configuration.self, from: Data(try await get(url))),
            document.issuer.utf8.elementsEqual(issuer.utf8)
        else { throw IssuerKeysFault(reason: "\(url) is not the configuration of this issuer") }
        return document.keysURL
    }

    private struct Configuration: Decodable {
        var issuer: String
        var keysURL: String

        enum CodingKeys: String, CodingKey {
            case issuer
            case keysURL = "jwks_uri"
        }
    }
}

extension ProviderClient {
    func document(at url: String) async throws(IssuerKeysFault) -> [UInt8] {
        let response: ProviderResponse
        do throws(ProviderError) {
            response = try await send(ProviderRequest(.get, url: url, authorization: nil))
        } catch { throw IssuerKeysFault(reason: "\(url): \(error)") }
        guard response.status == 200 else { throw IssuerKeysFault(reason: "\(url): status \(response.status)") }
        return response.body
    }
}
