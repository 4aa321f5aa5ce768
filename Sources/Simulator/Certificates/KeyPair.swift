import Basics
import COpenSSL

/// A fresh P-256 key.
///
/// `@unchecked Sendable`: the handle is set once and OpenSSL only reads a finished key, counting references atomically.
final class KeyPair: @unchecked Sendable {
    let handle: OpaquePointer

    init() throws(CertificateFailure) {
        guard let maker = EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else { throw CertificateFailure(step: "key") }
        defer { EVP_PKEY_CTX_free(maker) }
        var made: OpaquePointer?
        guard EVP_PKEY_keygen_init(maker) == 1, EVP_PKEY_CTX_set_group_name(maker, "P-256") == 1,
            EVP_PKEY_generate(maker, &made) == 1, let made
        else { throw CertificateFailure(step: "key") }
        handle = made
    }

    deinit {
        EVP_PKEY_free(handle)
    }

    func pem() throws(CertificateFailure) -> Secret<String> {
        Secret(try written { PEM_write_bio_PrivateKey($0, handle, nil, nil, 0, nil, nil) })
    }
}

/// What an OpenSSL function writes into a memory BIO, as text.
func written(_ write: (OpaquePointer) -> Int32) throws(CertificateFailure) -> String {
    guard let bio = BIO_new(BIO_s_mem()) else { throw CertificateFailure(step: "memory") }
    defer { BIO_free(bio) }
    guard write(bio) == 1 else { throw CertificateFailure(step: "PEM") }
    var text: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while case let count = BIO_read(bio, &block, Int32(block.count)), count > 0 {
        text.append(contentsOf: block[..<Int(count)])
    }
    return String(decoding: text, as: UTF8.self)
}
