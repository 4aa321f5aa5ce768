import Basics
import NIOCore
import Sessions

/// What a connection and its server know of each other.
struct RedisAcquaintance {
    /// Those that the server has accepted.
    var credentials: RedisCredentials?
    /// Digests of the scripts; none where the server does not let us load them.
    var shas: [RedisScript: String] = [:]
}

/// What a new connection says first: who we are, which database, and the scripts. All of it in one go.
struct RedisIntroduction {
    typealias Done = (Result<RedisAcquaintance, StoreError>) -> Void

    let login: RedisLogin
    var database = 0
    var scripts: [RedisScript] = []
    /// Whether a server that is not the master is left.
    var needsMaster = false

    func run(on channel: RedisChannel, loop: any EventLoop, deadline: NIODeadline, done: @escaping Done) {
        login.read(on: loop) { result in
            switch result {
            case .success(let credentials): greet(channel, credentials, deadline, done)
            case .failure(let error): done(.failure(error))
            }
        }
    }

    private func greet(
        _ channel: RedisChannel, _ credentials: RedisCredentials?, _ deadline: NIODeadline, _ done: @escaping Done
    ) {
        let progress = Progress(credentials, done)
        if let credentials {
            channel.send(credentials.command, deadline: deadline) { progress.heard($0, about: credentials) }
        }
        if database != 0 {
            channel.send(RedisCommand("SELECT", String(database)), deadline: deadline) { progress.heard($0) }
        }
        for script in scripts {
            channel.send(RedisCommand("SCRIPT", "LOAD", script.text), deadline: deadline) { answer in
                if case .success(.bulk(let sha)) = answer { progress.know(script, as: sha) }
            }
        }
        if needsMaster {
            channel.send(RedisCommand("ROLE"), deadline: deadline) { progress.heardRole($0) }
        }
        // The last, and the one that fails where a password is missing, or while the server loads its data.
        channel.send(RedisCommand("PING"), deadline: deadline) { answer in
            progress.heard(answer)
            progress.finish()
        }
    }

    private final class Progress {
        private var acquaintance: RedisAcquaintance
        private var problem: StoreError?
        private let done: Done

        init(_ credentials: RedisCredentials?, _ done: @escaping Done) {
            acquaintance = RedisAcquaintance(credentials: credentials)
            self.done = done
        }

        func know(_ script: RedisScript, as sha: [UInt8]) {
            acquaintance.shas[script] = String(decoding: sha, as: UTF8.self)
        }

        func heard(_ answer: Result<RESPValue, StoreError>, about credentials: RedisCredentials? = nil) {
            guard problem == nil else { return }
            switch answer {
            case .success(.error(let text)): problem = credentials?.error(text) ?? RedisErrorText(text).storeError
            case .success: break
            case .failure(let error): problem = error
            }
        }

        func heardRole(_ answer: Result<RESPValue, StoreError>) {
            heard(answer)
            guard problem == nil, case .success(.array(let parts)) = answer, parts.first?.text != "master" else {
                return
            }
            problem = .unavailable("the server is not the master")
        }

        func finish() {
            done(problem.map { .failure($0) } ?? .success(acquaintance))
        }
    }
}
