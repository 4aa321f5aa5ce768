import Basics
import Sessions

/// Who a connection says it is.
public struct RedisLogin: Sendable {
    /// `nil`: the user `default`.
    public var username: String?
    /// `nil`: says nothing.
    public var password: RedisPassword?

    public init(username: String? = nil, password: RedisPassword? = nil) {
        self.username = username
        self.password = password
    }
}

/// A password, read for each connection.
public struct RedisPassword: Sendable {
    /// Where it is kept, for messages and the watch over it; `nil` for one that does not change.
    let origin: String?
    let read: @Sendable () -> Result<Secret<String>, StoreError>

    public static func fixed(_ password: Secret<String>) -> RedisPassword {
        RedisPassword(origin: nil) { .success(password) }
    }

    /// - Parameters:
    ///   - path: For messages.
    ///   - read: May block.
    public static func file(
        _ path: String, read: @escaping @Sendable () -> Result<Secret<String>, StoreError>
    ) -> RedisPassword {
        RedisPassword(origin: path, read: read)
    }
}

/// A login as it was at one moment.
struct RedisCredentials: Equatable {
    let username: String?
    let password: Secret<String>
    /// Where the password is kept.
    let origin: String?

    var command: RedisCommand {
        RedisCommand((["AUTH"] + (username.map { [$0] } ?? []) + [password.reveal()]).map { Array($0.utf8) })
    }

    /// What a server means that refuses them.
    func error(_ text: String) -> StoreError {
        let error = RedisErrorText(text)
        guard let origin, !error.isPassing else { return error.storeError }
        return .refused("the server answers \(error.code) to the password in \(origin)")
    }
}
