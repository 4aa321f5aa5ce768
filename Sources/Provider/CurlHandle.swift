import Basics
import CCurl

/// One libcurl easy handle with the connections it keeps.
///
/// Unchecked because libcurl lets any thread use a handle, one at a time; ``HandleShelf`` gives each to one thread only.
final class CurlHandle: @unchecked Sendable {
    private let handle: OpaquePointerToCurl
    private let errorText: UnsafeMutablePointer<CChar>

    /// `nil` when memory is short.
    init?() {
        guard Self.isReady, let handle = curl_easy_init() else { return nil }
        self.handle = handle
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(handle)
        errorText.deallocate()
    }

    func set(_ option: CURLoption, _ value: Int) {
        lakegate_curl_set_number(handle, option, value)
    }

    func set(_ option: CURLoption, _ value: String) {
        lakegate_curl_set_text(handle, option, value)
    }

    func set(_ option: CURLoption, blob: [UInt8]) {
        lakegate_curl_set_blob(handle, option, blob, blob.count)
    }

    /// Believes no certificate that does not list the names it is for.
    func demandNames() {
        lakegate_curl_demand_names(handle)
    }

    func setBody(_ body: Secret<[UInt8]>) {
        lakegate_curl_set_body(handle, body.reveal(), body.reveal().count)
    }

    /// Sends the request that was set up and forgets all of it but the connection.
    func perform(fields: [Secret<String>], into sink: AnswerSink) -> (code: CURLcode, status: Int, detail: String) {
        var list: UnsafeMutablePointer<curl_slist>?
        for field in fields { list = curl_slist_append(list, field.reveal()) ?? list }
        defer {
            curl_easy_reset(handle)
            curl_slist_free_all(list)
        }
        errorText[0] = 0
        lakegate_curl_set_error_text(handle, errorText)
        lakegate_curl_set_fields(handle, list)
        connect(sink)
        let code = withExtendedLifetime(sink) { curl_easy_perform(handle) }
        return (code, lakegate_curl_status(handle), String(cString: errorText))
    }

    /// The sink outlives the call that uses the pointer, see ``perform(fields:into:)``.
    private func connect(_ sink: AnswerSink) {
        let pointer = Unmanaged.passUnretained(sink).toOpaque()
        lakegate_curl_set_sink(
            handle, CURLOPT_WRITEFUNCTION, CURLOPT_WRITEDATA,
            { bytes, size, count, sink in
                deliver(bytes, size * count, to: sink) { $0.takeBody($1) }
            }, pointer)
        lakegate_curl_set_sink(
            handle, CURLOPT_HEADERFUNCTION, CURLOPT_HEADERDATA,
            { bytes, size, count, sink in
                deliver(bytes, size * count, to: sink) { $0.takeHead($1) }
            }, pointer)
        lakegate_curl_ask_before_sending(
            handle,
            { sink, _, _, _, _ in
                guard let sink else { return CURL_PREREQFUNC_ABORT }
                let maySend = Unmanaged<AnswerSink>.fromOpaque(sink).takeUnretainedValue().maySend()
                return maySend ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
            }, pointer)
    }

    private static let isReady = lakegate_curl_global_init() == CURLE_OK
}

typealias OpaquePointerToCurl = UnsafeMutableRawPointer

/// Another count than was offered tells libcurl to stop.
private func deliver(
    _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, to sink: UnsafeMutableRawPointer?,
    _ take: (AnswerSink, UnsafeRawBufferPointer) -> Bool
) -> Int {
    guard let sink, let bytes else { return 0 }
    let taken = take(
        Unmanaged<AnswerSink>.fromOpaque(sink).takeUnretainedValue(), UnsafeRawBufferPointer(start: bytes, count: count)
    )
    return taken ? count : count &+ 1
}
