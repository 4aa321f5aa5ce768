import NIOCore
import NIOPosix
import Sessions

extension RedisLogin {
    /// Gives the credentials of this moment on the loop, `nil` for none. A file is read on another thread, for it may block.
    func read(on loop: any EventLoop, _ done: @escaping (Result<RedisCredentials?, StoreError>) -> Void) {
        guard let password else { return done(.success(nil)) }
        guard password.origin != nil else { return done(credentials(password)) }
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) { credentials(password) }
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let credentials): done(credentials)
                case .failure: done(.failure(.unavailable("the password could not be read in time")))
                }
            }
    }

    private func credentials(_ password: RedisPassword) -> Result<RedisCredentials?, StoreError> {
        password.read().map { RedisCredentials(username: username, password: $0, origin: password.origin) }
    }
}
