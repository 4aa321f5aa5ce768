import Basics
import CCurl
import NIOPosix
import Synchronization

/// Sends requests to providers by libcurl, on threads of its own: proxies and CA files work as curl's users expect.
///
/// A request runs to its end or its deadline even when the task that waits for it is cancelled: a token that is being
/// spent must not be lost half-way.
public final class ProviderClient: Sendable {
    private let threads: NIOThreadPool
    private let shelf: HandleShelf
    private let trust: TrustAnchors
    private let limits: ProviderLimits
    private let pending = Atomic<Int>(0)

    /// `extraTrust` is a PEM file believed besides what the system trusts. `threads` is how many requests run at a time.
    public init(extraTrust: String?, limits: ProviderLimits = ProviderLimits(), threads: Int = 4) {
        self.threads = NIOThreadPool(numberOfThreads: threads)
        shelf = HandleShelf(keptPerOrigin: threads)
        trust = TrustAnchors(extraPath: extraTrust)
        self.limits = limits
        self.threads.start()
    }

    deinit {
        threads.shutdownGracefully { _ in }
    }

    public func send(_ request: ProviderRequest) async throws(ProviderError) -> ProviderResponse {
        guard request.url.hasPrefix("https://") else { throw .badURL }
        defer { pending.subtract(1, ordering: .relaxed) }
        guard pending.add(1, ordering: .relaxed).newValue <= limits.pending else { throw .busy }
        let asked = ContinuousClock.now
        return try await onThread { () throws(ProviderError) in
            let (waited, time) = (asked.duration(to: .now), request.time ?? self.limits.total)
            // The rest may be too short for an answer, and with it a token would be lost.
            guard waited < time / 2 else { throw .notSentInTime(origin: String(request.origin)) }
            var response = try self.perform(request, by: asked + time)
            response.waited = waited
            return response
        }.get()
    }

    private func onThread(
        _ work: @escaping @Sendable () throws(ProviderError) -> ProviderResponse
    ) async -> Result<ProviderResponse, ProviderError> {
        await withCheckedContinuation { continuation in
            threads.submit { state in
                guard case .active = state else { return continuation.resume(returning: .failure(.busy)) }
                continuation.resume(returning: Result(catching: work))
            }
        }
    }

    private func perform(
        _ request: ProviderRequest, by deadline: ContinuousClock.Instant
    ) throws(ProviderError) -> ProviderResponse {
        let origin = String(request.origin)
        let left = (deadline - .now).milliseconds
        guard left > 0 else { throw .notSentInTime(origin: origin) }
        return try shelf.lend(for: origin) { (handle) throws(ProviderError) in
            set(up: handle, for: request, milliseconds: Int(left))
            try trust.apply(to: handle)
            return try exchange(request, on: handle, by: deadline, origin: origin)
        }
    }

    private func set(up handle: CurlHandle, for request: ProviderRequest, milliseconds: Int) {
        handle.set(CURLOPT_URL, request.url)
        handle.set(CURLOPT_PROTOCOLS_STR, "https")
        handle.set(CURLOPT_NOSIGNAL, 1)
        handle.set(CURLOPT_FOLLOWLOCATION, 0)
        handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        handle.set(CURLOPT_CONNECTTIMEOUT_MS, Int(limits.connecting.milliseconds))
        handle.set(CURLOPT_TIMEOUT_MS, milliseconds)
        handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // Our Authorization is for the provider, not for a proxy on the way.
        handle.set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
        guard case .post(let body) = request.method else { return }
        handle.setBody(body)
        // On a kept connection that turns out dead, libcurl sends again by itself: a refresh token would be spent twice.
        handle.set(CURLOPT_FRESH_CONNECT, 1)
    }

    private func exchange(
        _ request: ProviderRequest, on handle: CurlHandle, by deadline: ContinuousClock.Instant, origin: String
    ) throws(ProviderError) -> ProviderResponse {
        let sink = AnswerSink(longest: limits.longestAnswer, sendBefore: deadline)
        let (code, status, detail) = handle.perform(fields: fields(of: request), into: sink)
        guard !sink.isTooLarge else { throw .answerTooLarge(origin: origin) }
        guard code == CURLE_OK else {
            throw ProviderError(code, origin: origin, detail: detail, wasSent: sink.wasSent)
        }
        return ProviderResponse(status: status, retryAfter: sink.retryAfter, location: sink.location, body: sink.body)
    }

    private func fields(of request: ProviderRequest) -> [Secret<String>] {
        let common = [Secret("Accept: application/json"), Secret("Expect:"), Secret("User-Agent: lakegate")]
        return common + (request.authorization.map { [Secret("Authorization: \($0.reveal())")] } ?? [])
    }
}
