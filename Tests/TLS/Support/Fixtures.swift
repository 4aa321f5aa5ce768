import COpenSSL

@testable import TLS

/// One authority and one certificate for the whole run, since making them takes time.
enum Fixtures {
    static let authority = Result { try TestAuthority() }
    static let localhost = Result { try authority.get().issue("DNS:localhost,DNS:*.example.com,IP:127.0.0.1") }

    static func server(_ protocols: [String] = []) throws -> TLSContext {
        let files = try localhost.get()
        return try TLSContext.server(
            certificateChainPath: files.certificate, privateKeyPath: files.key, applicationProtocols: protocols)
    }

    static func client(_ protocols: [String] = [], version: Int32? = nil) throws -> TLSContext {
        let context = try TLSContext.client(caPath: try authority.get().caPath, applicationProtocols: protocols)
        if let version { SSL_CTX_ctrl(context.raw, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(version), nil) }
        return context
    }
}
