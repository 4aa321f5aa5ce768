import CCurl
import FoundationEssentials

/// Whom to believe: what the system trusts, and one file of extra certificates.
///
/// libcurl knows one bundle file and one folder. The extra file takes the place of the bundle and the system's folder
/// stays; where libcurl was built without a folder, both bundles are given to it as one.
struct TrustAnchors: Sendable {
    private let extraPath: String?

    init(extraPath: String?) {
        self.extraPath = extraPath
    }

    /// Reads the files anew with each call, so that a renewed file counts from the next connection on.
    func apply(to handle: CurlHandle) throws(ProviderError) {
        handle.demandNames()
        guard let extraPath else { return }
        guard let extra = FileManager.default.contents(atPath: extraPath), !extra.isEmpty else {
            throw .trustFileUnusable
        }
        if let folder = Self.system.folder {
            handle.set(CURLOPT_CAPATH, folder)
            handle.set(CURLOPT_CAINFO, extraPath)
        } else {
            let bundle = Self.system.bundle.flatMap { FileManager.default.contents(atPath: $0) } ?? Data()
            handle.set(CURLOPT_CAINFO_BLOB, blob: Array(bundle + Data("\n".utf8) + extra))
        }
    }

    private static let system: (bundle: String?, folder: String?) = {
        guard let info = lakegate_curl_version()?.pointee, info.age.rawValue >= CURLVERSION_SEVENTH.rawValue else {
            return (nil, nil)
        }
        return (info.cainfo.map { String(cString: $0) }, info.capath.map { String(cString: $0) })
    }()
}
