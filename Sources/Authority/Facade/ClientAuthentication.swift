import Basics
import Gate
import OAuth
import Sessions
import Settings

extension Authority {
    /// Who asks the token endpoint (RFC 6749, sections 2.3 and 3.2.1): by Basic, or in the body. A machine client has proved
    /// it when this returns; a native one is only named.
    func client(
        _ form: TokenForm, _ request: LocalRequest, of workspace: WorkspaceSettings
    ) throws(OAuthFault) -> FacadeClient {
        guard let client = try clientIfNamed(form, request, of: workspace) else {
            throw .request("The parameter client_id is missing.")
        }
        return client
    }

    /// `nil` if the request names no client.
    func clientIfNamed(
        _ form: TokenForm, _ request: LocalRequest, of workspace: WorkspaceSettings
    ) throws(OAuthFault) -> FacadeClient? {
        guard let presented = try PresentedClient(form, request) else { return nil }
        let refusal = OAuthFault.client(
            "The client is not known here, or its secret is wrong.", challenges: presented.byHeader)
        guard let client = FacadeClient(presented.id, of: workspace) else { throw refusal }
        switch client {
        case .native, .command: if presented.secret != nil { throw refusal }
        case .machine(let settings):
            guard let secret = presented.secret, let digest = ClientKey.digest(of: secret.reveal()),
                let path = settings.keyPath, facade.clientKeys.digest(path) == digest
            else { throw refusal }
        }
        return client
    }
}

/// A client as a request names it.
private struct PresentedClient {
    var id: String
    var secret: Secret<String>?
    var byHeader = false

    /// `nil` if none is named.
    init?(_ form: TokenForm, _ request: LocalRequest) throws(OAuthFault) {
        guard let field = request.field("authorization") else {
            guard let id = form["client_id"] else {
                if form["client_secret"] != nil { throw .request("The parameter client_id is missing.") }
                return nil
            }
            (self.id, secret) = (id, form["client_secret"].map { Secret($0) })
            return
        }
        guard let pair = Self.basic(field) else {
            throw .client("The field Authorization could not be read.", challenges: true)
        }
        guard form["client_secret"] == nil, form["client_id"].map({ $0.isSameText(pair.id) }) ?? true else {
            throw .request("The client authenticates in two ways.")
        }
        (id, secret, byHeader) = (pair.id, pair.secret.isEmpty ? nil : Secret(pair.secret), true)
    }

    /// RFC 7617, with both halves encoded as in forms (RFC 6749, section 2.3.1).
    private static func basic(_ field: String) -> (id: String, secret: String)? {
        guard field.utf8.count <= 4096, field.lowercased().hasPrefix("basic "),
            let bytes = PlainBase64.decode(String(field.dropFirst(6)).trimmed),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        guard let id = plain(bytes[..<colon]), let secret = plain(bytes[(colon + 1)...]), !id.isEmpty else {
            return nil
        }
        return (id, secret)
    }

    private static func plain(_ encoded: ArraySlice<UInt8>) -> String? {
        let fields = FormCoding.decode([UInt8(ascii: "=")] + encoded)
        return fields?.count == 1 ? fields?[0].value : nil
    }
}

/// Base 64 with padding (RFC 4648, section 4).
private enum PlainBase64 {
    static func decode(_ text: String) -> [UInt8]? {
        guard text.utf8.count % 4 == 0, !text.contains(where: { $0 == "-" || $0 == "_" }) else { return nil }
        let padding = text.reversed().prefix { $0 == "=" }.count
        guard padding <= 2 else { return nil }
        let urlSafe = text.dropLast(padding).replacing("+", with: "-").replacing("/", with: "_")
        return Base64URL.decode(String(urlSafe))
    }
}
