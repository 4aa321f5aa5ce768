import Basics
import COpenSSL

/// What an operator wants to know of a certificate.
public struct CertificateSummary: Sendable, Equatable {
    /// DNS names and addresses it is for; its common name if it lists none.
    public var names: [String]
    public var issuer: String
    public var notBefore: Timestamp
    public var notAfter: Timestamp
}

/// Reads facts out of an `X509`. The pointers are borrowed for the call.
enum CertificateFacts {
    static func summary(of certificate: OpaquePointer) -> CertificateSummary {
        CertificateSummary(
            names: names(of: certificate),
            issuer: commonName(X509_get_issuer_name(certificate)) ?? "an unnamed authority",
            notBefore: timestamp(X509_get0_notBefore(certificate)),
            notAfter: timestamp(X509_get0_notAfter(certificate))
        )
    }

    static func names(of certificate: OpaquePointer) -> [String] {
        let alternatives = alternativeNames(of: certificate) { kind, bytes in
            switch kind {
            case GEN_DNS: printable(bytes)
            case GEN_IPADD: address(bytes)
            default: nil
            }
        }
        guard alternatives.isEmpty else { return alternatives }
        return commonName(X509_get_subject_name(certificate)).map { [$0] } ?? []
    }

    /// DNS names, e-mail addresses and URIs of a client, exactly as they are. One with characters that no such name has is left
    /// out: it is compared with what an operator wrote, and must not be made to look like it.
    static func clientNames(of certificate: OpaquePointer) -> [String] {
        alternativeNames(of: certificate) { kind, bytes in
            guard [GEN_DNS, GEN_EMAIL, GEN_URI].contains(kind), bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else {
                return nil
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    static func commonName(_ name: OpaquePointer?) -> String? {
        let index = X509_NAME_get_index_by_NID(name, NID_commonName, -1)
        guard let entry = X509_NAME_get_entry(name, index), let text = X509_NAME_ENTRY_get_data(entry) else {
            return nil
        }
        let bytes = UnsafeBufferPointer(start: ASN1_STRING_get0_data(text), count: Int(ASN1_STRING_length(text)))
        return printable(bytes)
    }

    /// SHA-256 over the certificates' own digests, in their order. Takes the objects: bare pointers keep nothing alive.
    static func digest(of certificates: [Certificate]) -> [UInt8] {
        var all: [UInt8] = []
        for certificate in certificates {
            var digest = [UInt8](repeating: 0, count: 32)
            X509_digest(certificate.raw, EVP_sha256(), &digest, nil)
            all += digest
        }
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_Digest(all, all.count, &digest, nil, EVP_sha256(), nil)
        return digest
    }

    /// As in "2026-11-23 10:00:00 UTC".
    static func text(_ time: UnsafePointer<ASN1_TIME>?) -> String {
        guard let bio = BIO_new(BIO_s_mem()) else { return "an unreadable date" }
        defer { BIO_free(bio) }
        guard ASN1_TIME_print_ex(bio, time, UInt(ASN1_DTFLGS_ISO8601)) == 1 else { return "an unreadable date" }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { room in
            let count = BIO_read(bio, room.baseAddress, 64)
            return String(decoding: room.prefix(Int(max(count, 0))), as: UTF8.self)
        }
    }

    private static func alternativeNames(
        of certificate: OpaquePointer, _ read: (_ kind: Int32, UnsafeBufferPointer<UInt8>) -> String?
    ) -> [String] {
        guard let names = lakegate_alternative_names(certificate) else { return [] }
        defer { GENERAL_NAMES_free(names) }
        return (0..<lakegate_alternative_name_count(names)).compactMap { index in
            var kind: Int32 = 0
            var count: Int32 = 0
            guard let start = lakegate_alternative_name(names, index, &kind, &count) else { return nil }
            let bytes = UnsafeBufferPointer(start: start, count: Int(count))
            return read(kind, bytes)
        }
    }

    private static func address(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard bytes.count == 16 else { return bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2)
            .map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }
            .joined(separator: ":")
    }

    /// A name from a peer's certificate may end up in a log: no control characters, and not without end.
    private static func printable(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        String(decoding: bytes.prefix(253).map { (0x20...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }

    private static func timestamp(_ time: UnsafePointer<ASN1_TIME>?) -> Timestamp {
        guard let epoch = ASN1_TIME_set(nil, 0) else { return Timestamp(milliseconds: 0) }
        defer { ASN1_TIME_free(epoch) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        ASN1_TIME_diff(&days, &seconds, epoch, time)
        return Timestamp(milliseconds: (Int64(days) * 86400 + Int64(seconds)) * 1000)
    }
}
