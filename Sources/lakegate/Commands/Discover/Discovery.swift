import OAuth
import Provider

/// Asks a workspace about itself.
struct Discovery {
    let host: HTTPSHost
    let client: ProviderClient

    /// - Throws: ``CommandFailure`` if the workspace can't be reached.
    func run() async throws(CommandFailure) -> DiscoveredWorkspace {
        let facts = try await get("/.well-known/databricks-config")
        // Drivers ask for this place, and are sent on to whoever logs people in.
        let login = try await get("/oidc/oauth2/v2.0/authorize")
        return DiscoveredWorkspace(
            url: host.url, facts: facts.status == 200 ? HostFactsDocument.parse(facts.body) : nil,
            entra: login.location.flatMap { EntraEndpoints(location: $0) })
    }

    private func get(_ path: String) async throws(CommandFailure) -> ProviderResponse {
        do throws(ProviderError) {
            return try await client.send(ProviderRequest(.get, url: host.url + path, authorization: nil))
        } catch {
            throw CommandFailure("\(host.url) gives no answer: \(error)")
        }
    }
}
